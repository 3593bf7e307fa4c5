"""Which campaigns end with a line that looks like the winner, and how often that is a mistake.

Chances to be best for thousands of campaigns at once: one short integral a campaign instead of the careful ones of
`engine.beliefs`, over the posterior of the only line that can have a large chance.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.beliefs import Floats, log_density

CROWNED = 0.95
"""A line is crowned when its chance to be best is at least this."""

OWN_DROPS = np.array([0.3, 1.5, 4.0, 11.0])
"""Panel edges of the quick integral: where the leader's log-density has fallen by so much, on either side."""
RIVAL_EDGES = np.array([-2.2, 0.0, 2.2])
"""And edges around rivals, in widths from their peaks: they may be far narrower than the leader."""
RIVALS = 2
QUICK_NODES = 3
FAR_DROP = 12.0
"""A line whose log-density has fallen by so much is taken to be certainly below, or certainly above."""


def crowns(conversions: ArrayLike, sends: ArrayLike, best: NDArray[np.bool_]) -> tuple[float, float]:
    """Return the share of campaigns that end with a crowned line, and with one that is a false winner.

    A false winner is not one of the best lines, or no line is better than another; `best` (N, K) tells which are best
    in each campaign, `conversions` and `sends` (N, K) are its counts.

    >>> crowns([[40, 155], [155, 40], [50, 50]], [[1000, 1000]] * 3, np.array([[False, True]] * 3))
    (0.6666666666666666, 0.3333333333333333)
    """
    leader, chance = leader_chances(conversions, sends)
    crowned = chance >= CROWNED
    true = best[np.arange(len(leader)), leader] & ~best.all(axis=1)
    return float(crowned.mean()), float((crowned & ~true).mean())


def leader_chances(conversions: ArrayLike, sends: ArrayLike) -> tuple[NDArray[np.int64], Floats]:
    """Return, for many campaigns at once, the line with the highest posterior mean and its chance to be best.

    Both are (N,), from counts (N, K), when every rate is equally believed beforehand. The chance is right to about
    1e-4; to some thousandths where one line had a handful of sends and another many thousands.

    Any line with a chance above 1 - 1/e is the one with the highest mean: posteriors with shapes of at least 1 are
    log-concave, so is the difference of two rates, and it is above 0 with at most that chance if its mean is below 0.

    Source: Grünbaum (1960), Partitions of mass-distributions and of convex bodies by hyperplanes.

    >>> leader, chance = leader_chances([[40, 55], [155, 40]], [[1000, 1000], [1000, 1000]])
    >>> leader.tolist(), chance.round(3).tolist()
    ([1, 0], [0.942, 1.0])
    """
    won, sent = np.asarray(conversions, np.float64), np.asarray(sends, np.float64)
    alpha, beta = won + 1.0, sent - won + 1.0
    leader = (alpha / (alpha + beta)).argmax(axis=1)
    return leader, _chances_of(leader, alpha, beta)


def _chances_of(leader: NDArray[np.int64], alpha: Floats, beta: Floats) -> Floats:
    """Return the chance (N,) that each campaign's leader is best, from posteriors (N, K)."""
    rows = np.arange(len(leader))
    z, weight = _quick_nodes(leader, alpha, beta)
    density = weight * np.exp(log_density(alpha[rows, leader, np.newaxis], beta[rows, leader, np.newaxis], z))
    density /= density.sum(axis=1, keepdims=True)
    for line in range(alpha.shape[1]):
        density *= _quick_below(alpha[:, line], beta[:, line], z, needed=np.not_equal(leader, line))
    chances: Floats = density.sum(axis=1)
    return chances


def _quick_nodes(leader: NDArray[np.int64], alpha: Floats, beta: Floats) -> tuple[Floats, Floats]:
    """Return nodes and weights (N, M) over each leader's posterior, denser where a rival's changes quickly."""
    edges = _quick_edges(leader, alpha, beta)
    places, weights = np.polynomial.legendre.leggauss(QUICK_NODES)
    middle, half = (edges[:, 1:] + edges[:, :-1]) / 2.0, np.diff(edges, axis=1) / 2.0
    z = middle[..., np.newaxis] + half[..., np.newaxis] * places
    return z.reshape(len(edges), -1), (half[..., np.newaxis] * weights).reshape(len(edges), -1)


def _quick_edges(leader: NDArray[np.int64], alpha: Floats, beta: Floats) -> Floats:
    """Return the panels' edges: by the leader's own density, and around the highest rivals that peak within it."""
    rows = np.arange(len(leader))
    centre, width = np.log(alpha / beta), np.sqrt(1.0 / alpha + 1.0 / beta)
    a, b, z, normal = (values[rows, leader, np.newaxis] for values in (alpha, beta, centre, width))
    normal = normal * np.sqrt(2.0 * OWN_DROPS)
    below, above = z - normal - OWN_DROPS / a, z + normal + OWN_DROPS / b
    low, high = below[:, -1:], above[:, -1:]
    edges = [below, z, above]
    inside = (centre > low) & (centre < high)
    inside[rows, leader] = False
    for _ in range(RIVALS):
        rival = np.where(inside, centre, -np.inf).argmax(axis=1)[:, np.newaxis]
        around = np.take_along_axis(centre, rival, 1) + np.take_along_axis(width, rival, 1) * RIVAL_EDGES
        edges.append(np.clip(around, low, high))
        np.put_along_axis(inside, rival, values=False, axis=1)
    return np.sort(np.hstack(edges), axis=1)


def _quick_below(alpha: Floats, beta: Floats, z: Floats, needed: NDArray[np.bool_]) -> Floats:
    """Return one line's chance to be below z (N, M) in each campaign where it is needed, else 1."""
    from scipy.special import betainc, expit

    alpha, beta = alpha[:, np.newaxis], beta[:, np.newaxis]
    centre, normal = np.log(alpha / beta), np.sqrt(2.0 * FAR_DROP * (1.0 / alpha + 1.0 / beta))
    below = np.where(z > centre, 1.0, 0.0)
    below[~needed] = 1.0
    near = (z > centre - normal - FAR_DROP / alpha) & (z < centre + normal + FAR_DROP / beta) & needed[:, np.newaxis]
    shapes = np.broadcast_to(alpha, z.shape)[near], np.broadcast_to(beta, z.shape)[near]
    below[near] = betainc(*shapes, expit(z[near]))
    return below
