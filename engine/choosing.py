"""Steps that many policies share: who may be sent, one at random, an even split, the best of a row with random ties."""

import numpy as np

from engine.native import native
from engine.rng import below, mix

_ONE = np.uint64(1)


@native
def may_send(eligible: np.uint64, arm: int) -> bool:
    """Tell whether bit `arm` of the mask is set."""
    return bool((eligible >> np.uint64(arm)) & _ONE == _ONE)


@native
def all_may(K: int) -> np.uint64:
    """Return the mask in which each of K arms (1 to 64) may be sent."""
    return np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(64 - K)


@native
def how_many(eligible: np.uint64, K: int) -> int:
    """Return how many arms may be sent."""
    if eligible == all_may(K):
        return K
    count = 0
    for arm in range(K):
        count += may_send(eligible, arm)
    return count


@native
def nth_eligible(eligible: np.uint64, K: int, n: int) -> int:
    """Return the n-th (from 0) arm that may be sent."""
    for arm in range(K):
        if may_send(eligible, arm):
            if n == 0:
                return arm
            n -= 1
    return -1


@native
def random_arm(eligible: np.uint64, K: int, key: np.uint64) -> int:
    """Return an arm that may be sent, each with the same chance."""
    if eligible == all_may(K):
        return below(mix(key), K)
    return nth_eligible(eligible, K, below(mix(key), how_many(eligible, K)))


@native
def best_of_row(state: np.ndarray, start: int, K: int, eligible: np.uint64, key: np.uint64) -> int:
    """Return the eligible arm with the largest of state[start : start + K], ties at random."""
    if eligible != all_may(K):
        return best_of_some(state, start, K, eligible, key)
    best = -np.inf
    leader = 0
    ties = 0
    for arm in range(K):
        value = state[start + arm]
        if value > best:
            best = value
            leader = arm
            ties = 1
        elif value == best:
            ties += 1
    if ties == 1:
        return leader
    return nth_equal(state, start, K, eligible, best, below(mix(key), ties))


@native
def best_of_some(state: np.ndarray, start: int, K: int, eligible: np.uint64, key: np.uint64) -> int:
    """Do the same when some arms may not be sent."""
    best = -np.inf
    ties = 0
    for arm in range(K):
        value = state[start + arm]
        if value >= best and may_send(eligible, arm):
            ties = ties + 1 if value == best else 1
            best = value
    return nth_equal(state, start, K, eligible, best, below(mix(key), ties))


@native
def nth_equal(state: np.ndarray, start: int, K: int, eligible: np.uint64, value: float, n: int) -> int:
    """Return the n-th (from 0) eligible arm with exactly this value."""
    for arm in range(K):
        if state[start + arm] == value and may_send(eligible, arm):
            if n == 0:
                return arm
            n -= 1
    return -1


@native
def deal_evenly(state: np.ndarray, left_slot: int, pool: int, K: int, eligible: np.uint64, key: np.uint64) -> int:
    """Return an arm such that each block of K sends holds every arm once, in random order.

    The first `state[left_slot]` slots of the row at `pool` hold the arms of this block that are still to be sent;
    zeros to begin with. An arm that may not be sent when it is drawn misses the block.
    """
    for _ in range(2 * K + 1):
        left = int(state[left_slot])
        if left == 0:
            for arm in range(K):
                state[pool + arm] = arm
            left = K
        place = below(mix(key), left)
        arm = int(state[pool + place])
        left -= 1
        state[pool + place] = state[pool + left]
        state[left_slot] = left
        if may_send(eligible, arm):
            return arm
        key += _ONE
    return -1
