"""Choosing by chance: arms weighted by the exponential of a score, and a draw by these weights.

The largest score counts as 0, so no weight is above 1, at least one is 1, and nothing overflows whatever the scores.
"""

import numpy as np

from engine.arithmetic import exp
from engine.choosing import may_send
from engine.native import native
from engine.rng import unit


@native
def weigh(state: np.ndarray, scores: int, weights: int, K: int, eligible: np.uint64, sharpness: float) -> float:
    """Write exp(sharpness (score - largest)) into the row at `weights`, 0 for arms that may not be sent.

    Return the sum of the weights.
    """
    largest = -np.inf
    for arm in range(K):
        if state[scores + arm] > largest and may_send(eligible, arm):
            largest = state[scores + arm]
    total = 0.0
    for arm in range(K):
        weight = exp(sharpness * (state[scores + arm] - largest)) if may_send(eligible, arm) else 0.0
        state[weights + arm] = weight
        total += weight
    return total


@native
def draw_by_weight(state: np.ndarray, weights: int, K: int, total: float, bits: np.uint64) -> int:
    """Return an arm with a chance of its weight over the total, never one without weight."""
    left = unit(bits) * total
    drawn = -1
    for arm in range(K):
        if state[weights + arm] > 0.0:
            drawn = arm
            left -= state[weights + arm]
            if left < 0.0:
                break
    return drawn
