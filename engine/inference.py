"""What can be concluded from counts: intervals of rates, and how wide those of means are."""

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.90
"""Coverage of every interval unless another is named beside it."""

Z_90 = 1.6448536269514722
"""95th percentile of the standard normal distribution: two-sided 90%."""


def wilson_interval(
    conversions: NDArray[np.int64] | NDArray[np.float64], sends: NDArray[np.int64] | NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the bounds of the 90% score interval of each rate; NaN where nothing was sent. Counts may be fractions.

    Source: Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22.

    >>> low, high = wilson_interval(np.array([1, 0]), np.array([10, 0]))
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0226, nan], [0.3477, nan])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = conversions / sends
        shrink = 1.0 + Z_90**2 / sends
        middle = (rate + Z_90**2 / (2.0 * sends)) / shrink
        half = Z_90 * np.sqrt(rate * (1.0 - rate) / sends + Z_90**2 / (4.0 * sends.astype(np.float64) ** 2)) / shrink
    return np.clip(middle - half, 0.0, 1.0), np.clip(middle + half, 0.0, 1.0)


def difference_interval(conversions: tuple[float, float], sends: tuple[float, float]) -> tuple[float, float]:
    """Return the bounds of the 90% hybrid score interval of the first rate minus the second.

    Source: Newcombe (1998), Interval estimation for the difference between independent proportions, Statistics in
    Medicine 17, method 10.

    >>> low, high = difference_interval((56, 48), (70, 80))
    >>> round(low, 4), round(high, 4)
    (0.0766, 0.3136)
    """
    won, sent = np.array(conversions, np.float64), np.array(sends, np.float64)
    low, high = wilson_interval(won, sent)
    first, second = won / sent
    difference = first - second
    return (
        float(difference - np.hypot(first - low[0], high[1] - second)),
        float(difference + np.hypot(high[0] - first, second - low[1])),
    )


def t_quantile(count: int, level: float = LEVEL) -> float:
    """Return how many standard errors either side the interval of the mean of `count` values reaches, 2 or more.

    Source: "Student" (1908), The probable error of a mean, Biometrika 6.

    >>> round(t_quantile(2), 3), round(t_quantile(1000), 3)
    (6.314, 1.646)
    """
    from scipy.special import stdtrit

    return float(stdtrit(count - 1, (1.0 + level) / 2.0))
