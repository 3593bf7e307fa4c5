"""Observed rates as rows of a policy's state, with the leader kept up to date so that choosing takes no search.

Header slots LEADER and SECOND, then at `start` three rows of K: rates (0 before the first send), sends,
conversions. The leader changes rarely, so a send costs the same for 5 lines as for 64.
"""

import numpy as np

from engine.choosing import all_may, best_of_row
from engine.native import native
from engine.policy import Earlier

ROWS = 3
LEADER = 5  # header slot: the arm with the largest rate, or -1 when several share it
SECOND = 6  # header slot: the largest rate among the others


@native
def rank(state: np.ndarray, start: int, K: int) -> None:
    """Find the leader and the largest rate among the others."""
    best, second, leader = -np.inf, -np.inf, 0
    for arm in range(K):
        rate = state[start + arm]
        if rate > best:
            second = best
            best = rate
            leader = arm
        elif rate > second:
            second = rate
    state[LEADER] = leader if best > second else -1.0
    state[SECOND] = second


def recall_means(state: np.ndarray, start: int, earlier: Earlier) -> None:
    """Start with what was learnt in an earlier campaign; a line that it did not send stays as it is."""
    K = len(earlier.sends)
    sent = np.flatnonzero(earlier.sends > 0.0)
    state[start + sent] = earlier.rewards[sent] / earlier.sends[sent]
    state[start + K + sent] = earlier.sends[sent]
    state[start + 2 * K + sent] = earlier.rewards[sent]
    if len(sent) > 0:
        rank.function(state, start, K)


@native
def learn_mean(state: np.ndarray, start: int, K: int, arm: int, trials: float, reward: float) -> None:
    """Add trials and reward to one arm's rows and work out its rate and the leader anew."""
    n = state[start + K + arm] + trials
    total = state[start + 2 * K + arm] + reward
    before = state[start + arm]
    rate = total / n if n > 0.0 else 0.0
    state[start + K + arm] = n
    state[start + 2 * K + arm] = total
    state[start + arm] = rate
    leader = int(state[LEADER])
    leads_on = leader == arm and rate > state[SECOND]
    changes_nothing = leader >= 0 and leader != arm and rate < state[SECOND] and before < state[SECOND]
    if not (leads_on or changes_nothing):
        rank(state, start, K)


@native
def best_mean(state: np.ndarray, start: int, K: int, eligible: np.uint64, key: np.uint64) -> int:
    """Return the eligible arm with the largest observed rate, ties at random."""
    leader = int(state[LEADER])
    if leader >= 0 and eligible == all_may(K):
        return leader
    return best_of_row(state, start, K, eligible, key)
