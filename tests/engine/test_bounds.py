"""Rows that policies with upper confidence bounds keep."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.bounds import CONVERSIONS, INVERSE_ROOTS, KNOWN, RATES, SENDS, learn_rate, log_known, untried_state
from engine.policy import HEADER

K = 4


@given(st.lists(st.tuples(st.integers(0, K - 1), st.booleans()), max_size=40))
def test_rows_agree_with_what_was_learnt(history: list[tuple[int, bool]]) -> None:
    state = untried_state(start=HEADER, arms=K)
    for arm, answer in history:
        learn_rate(state, HEADER, K, arm, 1.0, float(answer))
    rows = state[HEADER:].reshape(-1, K)
    for arm in range(K):
        mine = [answer for sent, answer in history if sent == arm]
        assert (rows[SENDS, arm], rows[CONVERSIONS, arm]) == (len(mine), sum(mine))
        assert rows[RATES, arm] == (sum(mine) / len(mine) if mine else math.inf)
        assert rows[INVERSE_ROOTS, arm] == (1 / math.sqrt(len(mine)) if mine else 0)
    assert state[KNOWN] == len(history)
    np.testing.assert_allclose(log_known(state), math.log(max(1, len(history))), rtol=1e-15)


def test_rows_of_a_policy_s_own_come_after() -> None:
    plain, more = untried_state(start=HEADER, arms=K), untried_state(2.5, start=HEADER, arms=K, more_rows=3)
    assert len(more) == len(plain) + 3 * K
    assert more[0] == 2.5
