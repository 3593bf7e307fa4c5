"""Rows that add up the others: they are no variants."""

import re
from typing import Final

_CERTAIN: Final = frozenset(
    {"total", "totals", "grand total", "sum", "sums", "subtotal", "overall", "average", "averages", "avg", "mean", "Σ"}
)
_POSSIBLE: Final = frozenset(
    {"", "all", "everyone", "everything", "both", "all variants", "all variations", "all recipients"}
)
_AROUND: Final = re.compile(r"^\W+|\W+$")


def is_total(name: str, *, adds_up: bool) -> bool:
    """Whether a row of this name adds up the others; a name that a variant could have does so only where the sends agree.

    >>> is_total("Grand total:", adds_up=False), is_total("All", adds_up=False), is_total("All", adds_up=True)
    (True, False, True)
    """
    bare = _AROUND.sub("", name.casefold()) or name.strip().casefold()
    return bare in _CERTAIN or (adds_up and bare in _POSSIBLE) or name == "Σ"
