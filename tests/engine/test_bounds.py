"""Rows that policies with upper confidence bounds keep."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bounds import CONVERSIONS, INVERSE_ROOTS, KNOWN, RATES, SENDS, learn_rate, log_known, untried_state
from engine.policy import HEADER
from tests.engine.contract import Player

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


@pytest.mark.parametrize("name", ["ucb1", "ucb1_tuned", "kl_ucb"])
def test_lines_with_equal_bounds_share_the_chances(name: str) -> None:
    """Exactly, as the bounds are those that choosing compares; the third line was sent more often and won less."""
    player = Player(name, 3)
    for sent in range(90):
        player.learn(sent, sent % 3, 1, sent % 3 < 2 and sent % 9 < 5)
    for sent in range(90, 900):
        player.learn(sent, 2, 1, 0)
    assert player.chances(t=900).tolist() == [0.5, 0.5, 0]
    assert set(player.choices_afresh(100, t=900).tolist()) == {0, 1}
    assert player.chances(t=900, eligible=0b110).tolist() == [0, 1, 0]
