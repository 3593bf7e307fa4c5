"""What orders were worth: the mean of each line's, drawn together as far as their spread leaves doubt, and that spread."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.fields import knobs
from engine.fitting.pooling import pooled_means
from engine.money import HIGHEST_VALUE, Money

Floats = NDArray[np.float64]

FEWEST = 10
"""Orders that a spread and a mean need."""
NEARLY_NONE = 1e-9
"""Stands for no conversion where it is divided by."""
_WIDEST = knobs(Money)["spread"].high or 0.0


class Orders(NamedTuple):
    """K lines."""

    mean: float  # of all lines' orders
    by_line: Floats  # (K,) each line's mean


def fitted_orders(revenue: Floats, conversions: Floats, variation: float) -> Orders | str:
    """Return what a conversion of each line brings, or the reason why that is not known.

    Args:
        revenue: of each line's conversions together (K,).
        conversions: (K,); those that brought nothing count too.
        variation: standard deviation of what a conversion brings, in relation to its mean.

    >>> orders = fitted_orders(np.array([5_500.0, 4_500.0]), np.array([100.0, 100.0]), variation=1.0)
    >>> orders.mean, orders.by_line.round(1).tolist()  # 55 and 45 were seen
    (50.0, [51.4, 48.6])
    """
    if conversions.sum() < FEWEST:
        return f"it takes {FEWEST} conversions with a value, and there are {conversions.sum():,.0f}"
    mean = float(revenue.sum() / conversions.sum())
    if not 0.0 < mean <= HIGHEST_VALUE:
        return f"a conversion brings {mean:,.2f} on average, and must bring more than 0 and up to {HIGHEST_VALUE:,.0f}"
    counted = np.maximum(conversions, NEARLY_NONE)
    ratios = np.where(conversions > 0, revenue / counted / mean, 1.0)
    errors = variation / np.sqrt(counted)
    by_line = np.clip(mean * pooled_means(ratios, errors, fitted=1).factors, 0.01, HIGHEST_VALUE)
    return Orders(round(mean, 2), np.round(by_line, 2))


def spread_of(values: Floats) -> float | None:
    """Return the standard deviation of the logarithm of order values above 0, as far as a scenario allows; None of few.

    >>> spread_of(np.exp(np.linspace(-1.0, 1.0, 21))), spread_of(np.ones(3))
    (0.62, None)
    """
    if len(values) < FEWEST:
        return None
    return round(float(min(np.log(values).std(ddof=1), _WIDEST)), 3)
