"""Upper confidence bounds of KL-UCB, worked out for no more arms than it takes to know the highest.

At `start` stand the rows of `engine.bounds`, then the ones here. Before it asks for the highest bound, a policy
writes into the row REACHES how far n times the divergence may go for each arm. BOUNDS holds the bounds of settled
arms, and what those of the others cannot exceed.
"""

import numpy as np

from engine.bounds import BOUNDS, SENDS, untried_state
from engine.bounds import ROWS as BOUND_ROWS
from engine.choosing import may_send
from engine.divergence import highest_within
from engine.native import native
from engine.policy import State

WIDTHS = BOUND_ROWS  # bound minus rate when the arm was settled, a guess after it has learnt more
SLOPES = BOUND_ROWS + 1  # how fast that bound grew with the reach; it grows ever more slowly
SETTLED_AT = BOUND_ROWS + 2  # the reach at which the arm was settled, or UNSETTLED
REACHES = BOUND_ROWS + 3
ROWS = BOUND_ROWS + 4

UNSETTLED = -1.0
SAME = 1e-11
"""Bounds this close are equal; they are computed ten times as exactly."""


def untried_kl_state(*parameters: float, start: int, arms: int, extra: int = 0) -> State:
    """Return a state in which no arm has a send, with `extra` slots of the policy's own at its end."""
    state = untried_state(*parameters, start=start, arms=arms, more_rows=ROWS - BOUND_ROWS, extra=extra)
    for arm in range(arms):
        state[start + SETTLED_AT * arms + arm] = UNSETTLED
    return state


@native
def unsettle(state: np.ndarray, start: int, K: int, arm: int) -> None:
    """Have an arm's bound worked out anew, because it has learnt something."""
    state[start + SETTLED_AT * K + arm] = UNSETTLED


@native
def set_ceilings(state: np.ndarray, start: int, K: int) -> None:
    """Write what no bound can exceed now: a bound is concave in its reach, so its tangent lies above."""
    for arm in range(K):
        then, reach = state[start + SETTLED_AT * K + arm], state[start + REACHES * K + arm]
        ceiling = state[start + arm] + state[start + WIDTHS * K + arm]
        if then == UNSETTLED:
            ceiling = np.inf
        elif then < reach:
            ceiling += state[start + SLOPES * K + arm] * (reach - then)
        state[start + BOUNDS * K + arm] = ceiling


@native
def is_settled(state: np.ndarray, start: int, K: int, arm: int) -> bool:
    """Tell whether the arm's bound is known for the reach of now."""
    return bool(state[start + SETTLED_AT * K + arm] == state[start + REACHES * K + arm])


@native
def highest_open(state: np.ndarray, start: int, K: int, eligible: np.uint64) -> int:
    """Return the eligible arm with the highest ceiling among those not settled, or -1."""
    found = -1
    for arm in range(K):
        higher = found < 0 or state[start + BOUNDS * K + arm] > state[start + BOUNDS * K + found]
        if higher and may_send(eligible, arm) and not is_settled(state, start, K, arm):
            found = arm
    return found


@native
def settle(state: np.ndarray, start: int, K: int, arm: int) -> float:
    """Work out an arm's bound; return it."""
    n, rate = float(state[start + SENDS * K + arm]), float(state[start + arm])
    reach = float(state[start + REACHES * K + arm])
    bound, slope = rate, 0.0
    if n > 0.0 and rate < 1.0:
        is_new = state[start + SETTLED_AT * K + arm] == UNSETTLED
        guess = rate + state[start + WIDTHS * K + arm] if is_new else state[start + BOUNDS * K + arm]
        bound = highest_within(rate, reach / n, guess)
        slope = bound * (1.0 - bound) / (n * (bound - rate)) if bound > rate else np.inf
    state[start + WIDTHS * K + arm] = bound - rate if n > 0.0 else 0.0
    state[start + SLOPES * K + arm] = slope
    state[start + SETTLED_AT * K + arm] = reach
    state[start + BOUNDS * K + arm] = bound
    return bound


@native
def highest_bound(state: np.ndarray, start: int, K: int, eligible: np.uint64) -> float:
    """Settle every eligible arm that may have the highest bound; return that bound."""
    set_ceilings(state, start, K)
    best = -np.inf
    for arm in range(K):
        if is_settled(state, start, K, arm) and may_send(eligible, arm):
            best = max(best, state[start + BOUNDS * K + arm])
    for _ in range(K):
        arm = highest_open(state, start, K, eligible)
        if arm < 0 or state[start + BOUNDS * K + arm] < best - SAME:
            break
        best = max(best, settle(state, start, K, arm))
    return best


@native
def set_highest(state: np.ndarray, start: int, K: int, eligible: np.uint64) -> None:
    """Write bounds of which the highest of eligible arms are right, and equal where they are the same."""
    best = highest_bound(state, start, K, eligible)
    bounds = start + BOUNDS * K
    for arm in range(K):
        if state[bounds + arm] >= best - SAME:
            state[bounds + arm] = best
