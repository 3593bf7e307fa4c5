"""The kept leader is always the one that a search would find."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.choosing import all_may
from engine.means import LEADER, ROWS, SECOND, best_mean, learn_mean
from engine.policy import HEADER, blank_state

answers = st.lists(st.tuples(st.integers(0, 7), st.sampled_from([0.0, 1.0])), max_size=60)


def learnt(K: int, history: list[tuple[int, float]]) -> np.ndarray:
    state = blank_state(rows=ROWS, arms=K)
    state[LEADER] = -1
    for arm, answer in history:
        learn_mean(state, HEADER, K, arm % K, 1.0, answer)
    return state


@given(st.integers(2, 8), answers)
def test_rates_are_conversions_over_sends(K: int, history: list[tuple[int, float]]) -> None:
    state = learnt(K, history)
    for arm in range(K):
        mine = [answer for sent, answer in history if sent % K == arm]
        assert state[HEADER + arm] == (sum(mine) / len(mine) if mine else 0.0)


@given(st.integers(2, 8), answers)
def test_the_leader_is_the_only_largest_or_nobody(K: int, history: list[tuple[int, float]]) -> None:
    state = learnt(K, history)
    rates = state[HEADER : HEADER + K]
    largest = np.flatnonzero(rates == rates.max())
    if len(history) == 0 or len(largest) > 1:
        assert state[LEADER] == -1
    else:
        assert state[LEADER] == largest[0]
        assert state[SECOND] == np.delete(rates, largest[0]).max()


@given(st.integers(2, 8), answers, st.integers(0, 2**64 - 1))
def test_the_best_is_one_of_the_largest(K: int, history: list[tuple[int, float]], key: int) -> None:
    state = learnt(K, history)
    rates = state[HEADER : HEADER + K]
    best = best_mean(state, HEADER, K, np.uint64(all_may(K)), np.uint64(key))
    assert rates[best] == rates.max()
