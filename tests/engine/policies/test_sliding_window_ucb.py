"""Sliding-window UCB against the paper's formula, worked out from the whole history at every send."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine import simulate
from engine.bounds import KNOWN
from engine.policies.sliding_window_ucb import START
from tests.engine.changing import History, campaign, regrets, responses_to, surely_less, two_switches
from tests.engine.contract import Player
from tests.engine.scenarios import scenario

RARE = stats.norm.isf(1e-5)
K = 3
histories = st.lists(st.tuples(st.integers(0, K - 1), st.integers(0, 1)), min_size=1, max_size=60)


def bounds(history: History, arms: int, window: int, xi: float) -> list[float]:
    """Garivier and Moulines (2011), section 2, with B = 1."""
    recent = history[-window:]
    out = []
    for arm in range(arms):
        mine = [answer for sent, answer in recent if sent == arm]
        known = min(len(history), window)
        out.append(sum(mine) / len(mine) + math.sqrt(xi * math.log(known) / len(mine)) if mine else math.inf)
    return out


def after(history: History, **settings: Any) -> Player:
    player = Player("sliding_window_ucb", K, **settings)
    for sent, (arm, answer) in enumerate(history):
        player.learn(sent, arm, 1, answer)
    return player


@pytest.mark.parametrize(("window", "xi"), [(1, 0.5), (2, 0.5), (37, 0.1), (400, 0.5), (5_000, 2.0)])
def test_always_sends_the_highest_bound(window: int, xi: float) -> None:
    answers = responses_to(two_switches(1_500), seed=1)
    history = campaign(Player("sliding_window_ucb", 3, sends=1_500, window=window, xi=xi), answers)
    for t, (arm, _) in enumerate(history):
        now = bounds(history[:t], 3, window, xi)
        assert now[arm] == max(now) or now[arm] >= max(now) - 1e-12


@given(histories, st.integers(1, 30), st.integers(1, 6), st.integers(0, 99))
def test_whatever_was_sent_and_may_be_sent(history: History, window: int, mask: int, key: int) -> None:
    may = [arm for arm in range(K) if mask >> arm & 1]
    now = bounds(history, K, window, 0.5)
    chosen = after(history, window=window).choose(len(history), mask, key)
    assert now[chosen] >= max(now[arm] for arm in may) - 1e-12


@given(histories, st.integers(1, 30))
def test_what_left_the_window_is_forgotten_to_the_last_bit(history: History, window: int) -> None:
    old, new = after(history, window=window), after(history[-window:], window=1_000)
    rows = slice(START, START + 4 * K)
    np.testing.assert_array_equal(old.state[rows], new.state[rows])
    assert old.state[KNOWN] == new.state[KNOWN]


@given(histories, st.integers(1, 30), st.integers(0, 59))
def test_a_late_conversion_counts_only_inside_the_window(history: History, window: int, sent: int) -> None:
    sent %= len(history)
    history[sent] = (history[sent][0], 0)
    late = after(history, window=window)
    late.learn(sent, history[sent][0], 0, 1, t=len(history))
    if sent >= len(history) - window:
        history[sent] = (history[sent][0], 1)
    np.testing.assert_array_equal(late.state, after(history, window=window).state)


def test_lines_that_left_the_window_are_sent_first_in_random_order() -> None:
    """Chi-square, fails once in 100,000 seeds."""
    player = after([(0, 1), (1, 1), (2, 1), (2, 1), (2, 1)], window=3)
    counts = np.bincount(player.choices_afresh(20_000, t=5), minlength=3)
    assert counts[2] == 0
    assert stats.chisquare(counts[:2]).pvalue > 1e-5


@pytest.mark.parametrize("window", [700, 1_000_000])
@pytest.mark.parametrize("every", [1, 50])
def test_a_window_as_long_as_the_campaign_is_ucb1(window: int, every: int) -> None:
    """UCB1 is the same bound with xi = 2."""
    windowed = {"name": "sliding_window_ucb", "window": window, "xi": 2}
    plain, same = simulate(scenario("ucb1", windowed, sends=700, replications=20, update_every=every)).sends
    np.testing.assert_array_equal(plain, same)


def test_finds_the_line_that_became_better() -> None:
    """Garivier and Moulines (2011), abstract: better than methods like Exp3. Fails once in 100,000 seeds."""
    rates = two_switches()
    windowed = regrets("sliding_window_ucb", rates, 200, window=round(2 * math.sqrt(10_000 * math.log(10_000) / 2)))
    for other in ("exp3", "ucb1"):
        assert surely_less(windowed, regrets(other, rates, 200), RARE)
