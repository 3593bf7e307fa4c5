"""Pieces of a stranger's file as they stand in sentences: short, and without what moves the cursor."""

from collections.abc import Sequence
from typing import Final

_LONGEST: Final = 40
_MOST: Final = 8


def shown(text: str) -> str:
    r"""Return a name or title at a length that fits a sentence.

    >>> shown("Sends\nper week"), len(shown("x" * 400))
    ('Sends\\nper week', 40)
    """
    plain = text if text.isprintable() else ascii(text)[1:-1]
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 3] + "..."


def quoted(text: str) -> str:
    """Return a cell in quotes."""
    return f"'{shown(text)}'"


def listed(titles: Sequence[str]) -> str:
    """Return the first few titles of a table."""
    return ", ".join(shown(title) for title in titles[:_MOST]) + (", ..." if len(titles) > _MOST else "")
