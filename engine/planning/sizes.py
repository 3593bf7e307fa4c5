"""At how many sends a plan looks, and where a curve over them reaches a target."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.errors import ScenarioError
from engine.scenario import MOST_SENDS, Scenario

LOOKS: Final = 10
"""Sizes beside the list's own."""
SMALLEST_SHARE: Final = 1 / 16
"""The smallest size, as a share of the list or of what an even split needs, whichever is less."""
LARGEST_TIMES: Final = 2.0
"""The largest size over the list."""
BEYOND: Final = 1.5
"""The largest size over what an even split needs to be right that often..."""
MOST_TIMES: Final = 4.0
"""...but no more than so many times the list: what a plan needs beyond that is not what it can have."""
FEWEST_A_LINE: Final = 5
RATES_LOOKED_AT: Final = 64

Floats = NDArray[np.float64]


def sizes_of(scenario: Scenario, target: float) -> tuple[int, ...]:
    """Return the numbers of sends at which a plan looks, ascending; the list's own is among them.

    They reach from where a test knows nothing to where it is right as often as wanted, if that is not too far from the list.

    >>> from engine.presets import PRESETS
    >>> sizes_of(PRESETS["small_differences"].scenario, 0.9)
    (180, 330, 600, 1100, 2100, 3800, 7100, 13000, 22330, 45000)
    """
    wanted = scenario.sends
    needed = even_split_needs(scenario, target) or wanted
    fewest = FEWEST_A_LINE * len(scenario.arms)
    low = max(fewest, SMALLEST_SHARE * min(wanted, needed))
    high = min(max(LARGEST_TIMES * wanted, BEYOND * needed), MOST_TIMES * wanted, MOST_SENDS)
    if high <= low:
        return (wanted,)
    steps = np.geomspace(low, high, LOOKS)
    rounded = {_round(step) for step in steps.tolist()} - {wanted}
    apart = {size for size in rounded if abs(math.log(size / wanted)) > math.log(high / low) / (3 * LOOKS)}
    return tuple(sorted(size for size in apart | {wanted} if _fits(scenario, size)))


def _fits(scenario: Scenario, sends: int) -> bool:
    """Whether the scenario can have so many sends: guardrails or changes along the way may need more."""
    try:
        scenario.with_changes(sends=sends)
    except ScenarioError:
        return False
    return True


def even_split_needs(scenario: Scenario, target: float) -> int | None:
    """Return roughly how many sends an even split needs to end on the right line that often; None without a difference.

    By the normal law, and as if each line beside the best were as good as the second. Only says where to look.

    >>> from engine.presets import PRESETS
    >>> even_split_needs(PRESETS["small_differences"].scenario, 0.9), even_split_needs(PRESETS["nothing_to_find"].scenario, 0.9)
    (2824, None)
    """
    from scipy.special import ndtri

    ranked = np.sort(scenario.rates(0, min(scenario.replications, RATES_LOOKED_AT)), axis=1)
    gap = float(np.median(ranked[:, -1] - ranked[:, -2]))
    if gap <= 0.0:
        return None
    middle = float(ranked[:, -2:].mean())
    lines = len(scenario.arms)
    quantile = float(ndtri(1.0 - (1.0 - target) / (lines - 1)))
    return max(1, math.ceil(lines * 2.0 * middle * (1.0 - middle) * (max(quantile, 0.1) / gap) ** 2))


def _round(value: float) -> int:
    digits = max(0, math.floor(math.log10(value)) - 1)
    return int(round(value / 10**digits) * 10**digits)


def reaches(sizes: NDArray[np.int64], values: Floats, target: float) -> float | None:
    """Return the size from which a curve is at its target or above, between two looks on a straight line over log sizes.

    The curve is first made to rise (isotonic least squares), as its looks carry the luck of simulation. None where it
    never gets there; the smallest size where it begins there.

    >>> sizes = np.array([100, 1000, 10000])
    >>> round(reaches(sizes, np.array([0.5, 0.8, 1.0]), 0.9)), reaches(sizes, np.array([0.5, 0.6, 0.55]), 0.9)
    (3162, None)
    """
    rising = rising_curve(values)
    above = np.flatnonzero(rising >= target)
    if not len(above):
        return None
    first = int(above[0])
    if first == 0:
        return float(sizes[0])
    share = (target - rising[first - 1]) / (rising[first] - rising[first - 1])
    low, high = math.log(sizes[first - 1]), math.log(sizes[first])
    return math.exp(low + float(share) * (high - low))


def rising_curve(values: Floats) -> Floats:
    """Return the closest curve, by least squares, that never falls.

    Source: Barlow, Bartholomew, Bremner and Brunk (1972), Statistical Inference under Order Restrictions.

    >>> rising_curve(np.array([0.5, 0.6, 0.55])).round(3).tolist()
    [0.5, 0.575, 0.575]
    """
    from scipy.optimize import isotonic_regression

    rising: Floats = isotonic_regression(values).x
    return rising
