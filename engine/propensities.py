"""Chances with which a policy would send each line next: what its `choice_probabilities` is made of.

Plain NumPy, outside the simulation: a campaign's record asks for them, the loop over sends does not.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.beliefs import Floats, Posteriors, highest, highest_two, panels

DRAWN_AS_0 = -709.0
"""Draws with log-odds below this are exactly 0: `engine.rng.beta` divides by 1 + exp(709), which is infinite."""
DRAWN_AS_1 = 53.0 * math.log(2.0)
"""Draws with log-odds above this are exactly 1: 1 + exp(-log-odds) rounds to 1."""


FAR = 7.0
"""Standard deviations beyond which a normal draw has a chance below 1e-11."""


def may_be_sent(K: int, eligible: int) -> NDArray[np.bool_]:
    """Return for each of K arms (1 to 64) whether its bit is set, (K,)."""
    bits: NDArray[np.bool_] = (np.uint64(eligible) >> np.arange(K, dtype=np.uint64)) & np.uint64(1) == 1
    return bits


def certain(K: int, arm: int) -> Floats:
    """Return chances (K,) of which one arm has all."""
    chances = np.zeros(K)
    chances[arm] = 1.0
    return chances


def even(K: int, eligible: int) -> Floats:
    """Return the same chance for each eligible arm, (K,)."""
    return _shared(may_be_sent(K, eligible))


def best_of(values: ArrayLike, eligible: int) -> Floats:
    """Return the chances (K,) of the eligible arms with the largest of K values: exact ties share evenly."""
    given = np.asarray(values, np.float64)
    may = may_be_sent(len(given), eligible)
    return _shared(may & (given == given[may].max()))


def by_score(scores: ArrayLike, eligible: int, sharpness: float = 1.0) -> Floats:
    """Return chances (K,) in proportion to exp(sharpness score) of the eligible arms; nothing overflows."""
    given = np.asarray(scores, np.float64)
    may = may_be_sent(len(given), eligible)
    weights = np.zeros(len(given))
    weights[may] = np.exp(sharpness * (given[may] - given[may].max()))
    return _adding_up(weights)


def largest_beta_draw(alpha: Floats, beta: Floats, eligible: int) -> Floats:
    """Return each eligible arm's chance that its draw of Beta(alpha, beta) is the largest, (K,), to 1e-6."""
    may = may_be_sent(len(alpha), eligible)
    chances = np.zeros(len(may))
    chances[may] = highest(*_draws(alpha[may], beta[may], rank=1))
    return _adding_up(chances)


def largest_normal_draw(mean: Floats, deviation: Floats, eligible: int) -> Floats:
    """Return each eligible arm's chance that its draw of N(mean, deviation^2) is the largest, (K,), to 1e-6.

    Deviations are above 0.
    """
    from scipy.special import ndtr

    may = may_be_sent(len(mean), eligible)
    centre, width = mean[may], deviation[may]
    # where the largest may be: it is hardly ever below the lower end of the arm whose lower end is highest
    low, high = float((centre - FAR * width).max()), float((centre + FAR * width).max())
    # the panels are meant for a scale on which 2 is wide
    scale = float(width.max())
    x, weight = panels(low / scale, high / scale, centre / scale, width / scale)
    away = (x - (centre / scale)[:, np.newaxis]) / (width / scale)[:, np.newaxis]
    density = np.exp(-0.5 * away**2) / (math.sqrt(2.0 * math.pi) * (width / scale)[:, np.newaxis])
    chances = np.zeros(len(may))
    chances[may] = highest(density * weight, ndtr(away))
    return _adding_up(chances)


def two_largest_beta_draws(alpha: Floats, beta: Floats, eligible: int) -> Floats:
    """Return the chance that the row's arm has the largest draw and the column's the second largest, (K, K), to 1e-6.

    At least two arms must be eligible.
    """
    may = may_be_sent(len(alpha), eligible)
    pairs = np.zeros((len(may), len(may)))
    pairs[np.ix_(may, may)] = highest_two(*_draws(alpha[may], beta[may], rank=2))
    return _adding_up(pairs)


def _draws(alpha: Floats, beta: Floats, rank: int) -> tuple[Floats, Floats]:
    return Posteriors(alpha, beta).steps(rank, DRAWN_AS_0, DRAWN_AS_1)


def _shared(among: NDArray[np.bool_]) -> Floats:
    return _adding_up(among.astype(np.float64))


def _adding_up(weights: Floats) -> Floats:
    chances: Floats = weights / weights.sum()
    return chances
