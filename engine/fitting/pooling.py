"""Partial pooling: how far parts differ from what is expected of them, drawn towards it as far as the data leave doubt.

Every part's rate (or mean) is what is expected times a factor of its own. Either all factors are 1, or they spread
around 1 with a standard deviation that is not known; both are held for equally likely beforehand. The factors come
back averaged over both cases and over all spreads, so nothing is invented where the data are few.

Sources: Gelman, Carlin, Stern, Dunson, Vehtari and Rubin (2013), Bayesian Data Analysis, 3rd edition, chapter 5
(partial pooling, and section 5.7 for the half-Cauchy prior of the spread); Kass and Raftery (1995), Bayes factors,
JASA 90.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SPREADS: Floats = np.geomspace(0.01, 2.0, 40)
"""Standard deviations of the factors that are tried."""
USUAL_SPREAD = 0.5
"""Half of the prior lies below: a group may well convert half as often again as another."""
FEWEST_BEHIND = 0.5
"""Least sends that an expected rate is worth, also where rates are so high that their factors cannot spread as far."""
NEARLY_NEVER = 1e-9
"""Expected rates keep this distance from 0 and 1."""


class Pooled(NamedTuple):
    """What came of it."""

    factors: Floats  # of every part, in the shape of the data
    evidence: float  # logarithm of how many times likelier the data are if the parts differ at all


def pooled_rates(conversions: Floats, sends: Floats, expected: Floats, fitted: int = 0) -> Pooled:
    """Return the factors by which rates differ from `expected`; all arrays have the same shape.

    Given the spread of the factors, a rate is Beta distributed around what is expected: counts are beta-binomial.
    Where numbers were fitted to the counts to know what is expected, as many parts are free to differ less.

    Args:
        conversions: of each part.
        sends: of each part.
        expected: the rate of each part, if it is like the others.
        fitted: how many independent numbers `expected` took from these conversions.

    >>> few = pooled_rates(np.array([6.0, 3.0]), np.array([100.0, 100.0]), np.array([0.045, 0.045]))
    >>> many = pooled_rates(np.array([600.0, 300.0]), np.array([1e4, 1e4]), np.array([0.045, 0.045]))
    >>> few.factors.round(2).tolist(), many.factors.round(2).tolist()  # 1.33 and 0.67 were seen in both
    ([1.04, 0.96], [1.33, 0.67])
    """
    from scipy.special import betaln

    mean = np.clip(expected, NEARLY_NEVER, 1.0 - NEARLY_NEVER)
    misses = sends - conversions
    alike = float((conversions * np.log(mean) + misses * np.log1p(-mean)).sum())
    spread = SPREADS.reshape(-1, *[1] * mean.ndim)
    behind = np.maximum((1.0 - mean) / (mean * spread**2) - 1.0, FEWEST_BEHIND)
    alpha, beta = behind * mean, behind * (1.0 - mean)
    parts = betaln(alpha + conversions, beta + misses) - betaln(alpha, beta)
    parts += fitted / mean.size * 0.5 * np.log1p(sends / (behind + 1.0))
    factors = (alpha + conversions) / (behind + sends) / mean
    return _averaged(parts.reshape(len(SPREADS), -1).sum(axis=1) - alike, factors)


def pooled_means(ratios: Floats, errors: Floats, fitted: int = 0) -> Pooled:
    """Return the factors by which means differ from what is expected, from ratios to it and their standard errors, (n,).

    `fitted` is that of `pooled_rates`.

    >>> pooled_means(np.array([1.2, 0.8]), np.array([0.2, 0.2])).factors.round(2).tolist()
    [1.03, 0.97]
    """
    spread = SPREADS[:, np.newaxis]
    noise, whole = errors**2, errors**2 + spread**2
    distance = (ratios - 1.0) ** 2
    parts = 0.5 * (distance / noise - distance / whole + (1.0 - fitted / len(ratios)) * np.log(noise / whole))
    return _averaged(parts.sum(axis=1), 1.0 + (ratios - 1.0) * spread**2 / whole)


def _averaged(likelihoods: Floats, factors: Floats) -> Pooled:
    """Return the factors averaged over spreads; `likelihoods` (S,) are logarithms in relation to no difference."""
    steps = SPREADS / (1.0 + (SPREADS / USUAL_SPREAD) ** 2)  # half-Cauchy density, times the width of a step
    steps[[0, -1]] /= 2.0  # trapezoidal rule
    logs = likelihoods + np.log(steps / steps.sum())
    weights = np.exp(logs - logs.max())
    evidence = float(logs.max() + np.log(weights.sum()))
    mean = np.tensordot(weights / weights.sum(), factors, axes=1)
    differ = 1.0 / (1.0 + np.exp(-np.clip(evidence, -700.0, 700.0)))
    return Pooled(1.0 + differ * (mean - 1.0), evidence)
