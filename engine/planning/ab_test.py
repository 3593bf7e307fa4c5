"""The classical question: how many sends an A/B test needs, how likely it proves a difference, and how long it takes.

The test is that of two proportions with a pooled variance, two-sided, without correction. Sample sizes are the textbook's,
by the normal law; powers are exact: summed over all outcomes of two binomial counts.

Source: Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, 3rd edition, chapter 4.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

LEVEL: Final = 0.05
"""Chance of a false alarm, two-sided."""
POWER: Final = 0.8
DEVIATIONS: Final = 9.0
"""Outcomes further from their mean than so many standard deviations are left out: less than 1e-18 of them."""
HOURS_A_DAY: Final = 24

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Classical:
    """What an A/B test of two rates needs."""

    a_line: int  # sends
    in_all: int
    days: float | None  # at the pace of the send; None without a pace


def sends_a_line(first: float, second: float, power: float = POWER, level: float = LEVEL) -> int | None:
    """Return how many sends each line needs for the test to prove the difference with this power; None where none do.

    Args:
        first: rate of one line, 0 to 1.
        second: rate of the other.
        power: chance that the test reaches significance, between `level` and 1.
        level: chance of a false alarm, two-sided, above 0.

    >>> sends_a_line(0.10, 0.12), sends_a_line(0.04, 0.05, power=0.95), sends_a_line(0.1, 0.1)
    (3841, 11166, None)
    """
    from scipy.special import ndtri

    difference = abs(first - second)
    if difference == 0.0:
        return None
    middle = (first + second) / 2
    by_chance = float(ndtri(1.0 - level / 2)) * math.sqrt(2 * middle * (1 - middle))
    by_power = float(ndtri(power)) * math.sqrt(first * (1 - first) + second * (1 - second))
    return max(1, math.ceil(((by_chance + by_power) / difference) ** 2))


def classical(first: float, second: float, lines: int, sends_per_hour: int | None = None) -> Classical | None:
    """Return what a test of the difference needs with so many lines at the same share; None without a difference.

    >>> classical(0.10, 0.12, lines=4, sends_per_hour=111)
    Classical(a_line=3841, in_all=15364, days=5.767267267267267)
    """
    a_line = sends_a_line(first, second)
    if a_line is None:
        return None
    in_all = a_line * lines
    return Classical(a_line, in_all, None if sends_per_hour is None else in_all / (HOURS_A_DAY * sends_per_hour))


def power(first: float, second: float, a_line: int, level: float = LEVEL) -> float:
    """Return the exact chance that the test of two lines with so many sends each reaches significance.

    >>> round(power(0.10, 0.12, 3841), 4), round(power(0.1, 0.1, 2000), 4), power(0.0, 0.0, 100)
    (0.8006, 0.05, 0.0)
    """
    from scipy.special import ndtri
    from scipy.stats import binom

    if a_line < 1:
        return 0.0
    quantile = float(ndtri(1.0 - level / 2))
    outcomes = _likely(first, a_line)
    low, high = _bounds(outcomes, a_line, quantile)
    rejected = binom.cdf(low, a_line, second) + binom.sf(high - 1, a_line, second)
    return float(min(1.0, (binom.pmf(outcomes, a_line, first) * rejected).sum()))


def _likely(rate: float, sends: int) -> Floats:
    """Return the outcomes of a binomial count that matter."""
    reach = DEVIATIONS * math.sqrt(sends * rate * (1 - rate)) + DEVIATIONS**2
    low, high = max(0, math.floor(sends * rate - reach)), min(sends, math.ceil(sends * rate + reach))
    return np.arange(low, high + 1, dtype=np.float64)


def _bounds(outcomes: Floats, sends: int, quantile: float) -> tuple[Floats, Floats]:
    """Return the largest count below, and the smallest above, each outcome from which the test is significant.

    Significance is (x - y)^2 >= q^2 s (2n - s) / (2n) with s = x + y, a quadratic in y that is at most 0 at y = x; so the
    significant counts are those beyond its two roots. None is -1 or n + 1.
    """
    share = quantile**2 / (2.0 * sends)
    # (1 + share) y^2 + linear y + rest = 0
    linear = -2.0 * outcomes + share * (2.0 * outcomes - 2.0 * sends)
    rest = outcomes**2 - share * outcomes * (2.0 * sends - outcomes)
    root = np.sqrt(np.maximum(linear**2 - 4.0 * (1.0 + share) * rest, 0.0))
    low = np.floor((-linear - root) / (2.0 * (1.0 + share)) + 1.0)
    high = np.ceil((-linear + root) / (2.0 * (1.0 + share)) - 1.0)
    # One count further in than the roots say, then out again as long as the test itself says no: rounding decides nothing.
    for _ in range(2):
        low = np.where(_is_significant(outcomes, low, sends, quantile), low, low - 1.0)
        high = np.where(_is_significant(outcomes, high, sends, quantile), high, high + 1.0)
    return np.clip(low, -1.0, None), np.clip(high, None, sends + 1.0)


def _is_significant(first: Floats, second: Floats, sends: int, quantile: float) -> NDArray[np.bool_]:
    both = first + second
    # Of equal counts, also of two times nothing, none proves anything.
    significant: NDArray[np.bool_] = (first != second) & (
        (first - second) ** 2 >= quantile**2 * both * (2.0 * sends - both) / (2.0 * sends)
    )
    return significant
