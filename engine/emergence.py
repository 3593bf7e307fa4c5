"""When the line that led in the end took the lead of a finished campaign, and since when that was hardly chance."""

from typing import Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.beliefs import chance_to_be_best

Whole = NDArray[np.int64]

LOOKS: Final = 1_000
"""How often along the campaign the lines are compared, at most."""
_APART: Final = 5
"""The chance to be best takes an integral, so that it is worked out at every fifth look."""
SURE: Final = 0.95
"""Chance to be best above which a line is hardly first by chance."""
EARLY: Final = 0.1
"""Share of the sends after which the early leader is asked for."""


class Emergence(TypedDict):
    """How the final leader came to the front, in plain JSON types."""

    leader: int  # the line with the highest rate in the end
    since: int  # sends after which it had that for good
    early: int | None  # who led after a tenth of the sends; null where some line had not been sent by then
    sure_since: int | None  # sends after which its chance to be best stayed at 95% or more; null: never
    sends: int


def emergence(variant: NDArray[np.integer], converted: NDArray[np.integer], lines: int) -> Emergence:
    """Return when the leader emerged.

    Args:
        variant: (n,) places of the lines, in the order in which they were sent.
        converted: (n,) 0 or 1, whenever the conversion came.
        lines: K.

    A line leads where no other has a higher rate among the sends so far; looks at the campaign up to a thousand times, so
    that a lead of less than a thousandth of it may be missed.

    >>> found = emergence(np.array([0, 1] * 50), np.array([1, 0] * 10 + [0, 1] * 40), 2)
    >>> found["leader"], found["since"], found["early"]
    (1, 40, 0)
    """
    ends, sends, conversions = _along(variant, converted, lines)
    with np.errstate(invalid="ignore"):
        rates = np.where(sends > 0, conversions / sends, -1.0)
    leader = int(np.argmax(rates[-1]))
    is_known: NDArray[np.bool_] = np.all(sends > 0, axis=1)
    early = int(np.searchsorted(ends, EARLY * ends[-1]))
    return {
        "leader": leader,
        "since": int(ends[_kept_from(is_known & (rates[:, leader] >= rates.max(axis=1)))]),
        "early": int(np.argmax(rates[early])) if is_known[early] else None,
        "sure_since": _sure_since(ends, sends, conversions, leader),
        "sends": int(ends[-1]),
    }


def _along(variant: NDArray[np.integer], converted: NDArray[np.integer], K: int) -> tuple[Whole, Whole, Whole]:
    """Return the looks (C,) in sends, and sends and conversions up to each, (C, K)."""
    n = len(variant)
    looks = min(LOOKS, n)
    of = np.arange(n) * looks // n * K + variant
    sends = np.bincount(of, minlength=looks * K).reshape(looks, K).cumsum(axis=0)
    won = np.bincount(of[converted > 0], minlength=looks * K).reshape(looks, K).cumsum(axis=0)
    return sends.sum(axis=1), sends, won


def _kept_from(holds: NDArray[np.bool_]) -> int:
    """Return the first place from which something holds to the end; the last place at least."""
    broken = np.flatnonzero(~holds)
    return min(int(broken[-1]) + 1, len(holds) - 1) if len(broken) else 0


def _sure_since(ends: Whole, sends: Whole, conversions: Whole, leader: int) -> int | None:
    """Go back from the end as long as the leader is surely the best."""
    since = None
    for look in range(len(ends) - 1, -1, -_APART):
        if chance_to_be_best(conversions[look], sends[look])[leader] < SURE:
            return since
        since = int(ends[look])
    return since
