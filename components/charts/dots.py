"""Dot plots: a hundred dots, each one per cent of campaigns, stacked where they fall."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

DOT = 0.85
"""A dot's diameter, in column widths."""


def stacked(values: Sequence[float], column: float, columns: int, room: int) -> tuple[list[float], list[int]]:
    """Place a dot a value in columns: x in the values' unit, y in rows from the axis; later values lie on top.

    Values that are few and far apart (small campaigns) get stacks several dots wide instead of one tall pole.
    `columns` is how many there are in all, `room` how many rows fit; a tall stack may still be higher.
    """
    distinct = sorted(set(values))
    gap = min((later - earlier for earlier, later in pairwise(distinct)), default=column * columns)
    heaps = gap >= 2 * column
    wide = min(int(gap / column) - 1, math.ceil(len(values) / room)) if heaps else 1
    centres = values if heaps else [(math.floor(value / column) + 0.5) * column for value in values]
    sizes, filled, x, y = Counter(centres), Counter[float](), [], []
    for centre in centres:
        row, place = divmod(filled[centre], wide)
        filled[centre] += 1
        x.append(centre + (place - (min(wide, sizes[centre]) - 1) / 2) * column)
        y.append(row)
    return x, y


def signed_ticks(low: float, high: float, at_most: int = 5, least_step: float = 1.0) -> list[float]:
    """Round numbers inside an axis of differences; zero is one of them when it is in range."""
    power: float = 10.0 ** math.floor(math.log10((high - low) / 4))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if (high - low) / (power * factor) <= at_most)
    step = max(least_step, step)
    # A label at the very edge would be cut off.
    edge = 0.04 * (high - low)
    first, last = math.ceil((low + edge) / step), math.floor((high - edge) / step)
    return [place * step for place in range(first, last + 1)]
