"""What a finished campaign says by its counts alone: rates, who may be best, whether they differ, whether the split held."""

from typing import Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.beliefs import chance_to_be_best, expected_loss
from engine.errors import CountsError
from engine.inference import LEVEL, difference_interval, wilson_interval

Whole = NDArray[np.int64]

SUSPICIOUS: Final = 0.01
"""A split that is as uneven as this or more in one of a hundred fair ones was hardly fair."""
FEWEST_EXPECTED: Final = 5.0
"""With fewer expected conversions or misses in a cell, the chi-square law does not hold."""


class ObservedLine(TypedDict):
    """One line of the campaign."""

    name: str
    sends: int
    conversions: int
    rate: float
    low: float  # 90% Wilson interval
    high: float
    best: float  # chance that its true rate is the highest
    loss: float  # what choosing it is expected to cost, as a difference of rates


class Lead(TypedDict):
    """What the rate of one line is above that of another."""

    first: int
    second: int
    mean: float  # as a difference of rates
    low: float  # 90% hybrid score interval
    high: float


class Observed(TypedDict):
    """The whole campaign."""

    level: float
    lines: list[ObservedLine]
    leader: int  # the line with the highest chance to be best
    lead: Lead  # of the highest rate over the next
    differ: float | None  # p-value that rates differ at least as much though all are alike; null: too few to tell
    split: float | None  # p-value that the sends split at least as unevenly though that was left to fair chance
    is_split_suspicious: bool


def observed(names: list[str], sends: Whole, conversions: Whole, shares: NDArray[np.float64] | None = None) -> Observed:
    """Return what counts of K lines say, in plain JSON types.

    Args:
        names: of the lines.
        sends: (K,), above 0.
        conversions: (K,), at most the sends.
        shares: how the sends were meant to be split, (K,) adding up to 1; evenly if left out.

    Rates are compared by Pearson's chi-square test, as is the split with what was meant (the sample-ratio check).

    Sources: Pearson (1900), Philosophical Magazine 50; Fabijan et al. (2019), Diagnosing sample ratio mismatch in online
    controlled experiments, KDD.

    Raises:
        CountsError: counts that no campaign can have.

    >>> found = observed(["A", "B"], np.array([1000, 1000]), np.array([40, 70]))
    >>> found["leader"], round(found["lines"][1]["best"], 3), round(found["differ"], 4), round(found["split"], 3)
    (1, 0.998, 0.0033, 1.0)
    """
    if not len(names) == len(sends) == len(conversions):
        raise CountsError(f"sends: got {len(sends)} counts for {len(names)} lines. Give one for each.")
    if (sends == 0).any():
        raise CountsError(
            f"sends: got 0 for line {names[int(np.argmin(sends))]!r}; must be 1 or more. Leave the line out."
        )
    best, loss = chance_to_be_best(conversions, sends), expected_loss(conversions, sends)
    low, high = wilson_interval(conversions, sends)
    split = _chi_square(sends, sends.sum() * (np.full(len(sends), 1 / len(sends)) if shares is None else shares))
    lines: list[ObservedLine] = [
        {
            "name": name,
            "sends": int(sends[line]),
            "conversions": int(conversions[line]),
            "rate": float(conversions[line] / sends[line]),
            "low": float(low[line]),
            "high": float(high[line]),
            "best": float(best[line]),
            "loss": float(loss[line]),
        }
        for line, name in enumerate(names)
    ]
    return {
        "level": LEVEL,
        "lines": lines,
        "leader": int(np.argmax(best)),
        "lead": _lead(sends, conversions),
        "differ": _alike(sends, conversions),
        "split": split,
        "is_split_suspicious": split is not None and split < SUSPICIOUS,
    }


def _lead(sends: Whole, conversions: Whole) -> Lead:
    rates = conversions / sends
    first, second = (int(line) for line in np.argsort(-rates, kind="stable")[:2])
    pair = [first, second]
    low, high = difference_interval(tuple(conversions[pair].tolist()), tuple(sends[pair].tolist()))
    return {"first": first, "second": second, "mean": float(rates[first] - rates[second]), "low": low, "high": high}


def _alike(sends: Whole, conversions: Whole) -> float | None:
    """Return the p-value of all rates being alike; None where too few converted, or too few did not."""
    rate = conversions.sum() / sends.sum()
    expected = np.concatenate([sends * rate, sends * (1.0 - rate)])
    return _chi_square(np.concatenate([conversions, sends - conversions]), expected, fitted=len(sends) + 1)


def _chi_square(counts: Whole, expected: NDArray[np.float64], fitted: int = 1) -> float | None:
    """Return the p-value of counts by chance; `fitted` are the numbers that they had to give."""
    from scipy.special import chdtrc

    if (expected < FEWEST_EXPECTED).any():
        return None
    statistic = float(((counts - expected) ** 2 / expected).sum())
    return float(chdtrc(len(counts) - fitted, statistic))
