"""Only the last sends are believed, and they exactly."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import simulate
from engine.policy import HEADER
from tests.engine.contract import Player
from tests.engine.scenarios import scenario

K = 3
sends = st.lists(st.tuples(st.integers(0, K - 1), st.booleans()), min_size=1, max_size=60)


def beliefs(player: Player) -> np.ndarray:
    """Both shapes of every line."""
    return player.state[HEADER : HEADER + 2 * K]


def window_of(history: list[tuple[int, bool]], window: int, **prior: Any) -> Player:
    player = Player("sliding_window_thompson", K, window=window, **prior)
    for sent, (arm, answer) in enumerate(history):
        player.learn(sent, arm, 1, answer)
    return player


@given(sends, st.integers(1, 30), st.sampled_from([0.01, 0.3, 1.0, 1e6]))
def test_what_left_the_window_is_forgotten(history: list[tuple[int, bool]], window: int, prior: float) -> None:
    recent = window_of(history[-window:], 1_000, alpha=prior, beta=prior)
    np.testing.assert_allclose(beliefs(window_of(history, window, alpha=prior, beta=prior)), beliefs(recent), rtol=1e-9)


@given(sends, st.integers(1, 30))
def test_draws_follow_the_window(history: list[tuple[int, bool]], window: int) -> None:
    forgetful, short = window_of(history, window), Player("thompson", K)
    for sent, (arm, answer) in enumerate(history[-window:]):
        short.learn(sent, arm, 1, answer)
    np.testing.assert_array_equal(forgetful.choices_afresh(100), short.choices_afresh(100))


@given(sends, st.integers(1, 30), st.integers(0, 59))
def test_a_late_conversion_counts_only_inside_the_window(
    history: list[tuple[int, bool]], window: int, sent: int
) -> None:
    sent %= len(history)
    history = [(arm, answer and place != sent) for place, (arm, answer) in enumerate(history)]
    late = window_of(history, window)
    late.learn(sent, history[sent][0], 0, 1, t=len(history))
    if sent >= len(history) - window:
        history[sent] = (history[sent][0], True)
    np.testing.assert_allclose(beliefs(late), beliefs(window_of(history, window)))


@pytest.mark.parametrize("window", [900, 1_000, 1_000_000])
def test_window_as_long_as_the_campaign_is_plain_thompson(window: int) -> None:
    asked = scenario("thompson", {"name": "sliding_window_thompson", "window": window}, sends=900, replications=20)
    plain, windowed = simulate(asked).sends
    np.testing.assert_array_equal(plain, windowed)


def test_a_window_one_short_of_the_campaign_changes_nothing_before_the_last_send() -> None:
    asked = scenario("thompson", {"name": "sliding_window_thompson", "window": 99}, sends=100, replications=50)
    plain, windowed = simulate(asked).sends
    np.testing.assert_array_equal(plain, windowed)


def test_a_million_sends_through_a_window_of_a_million() -> None:
    asked = scenario({"name": "sliding_window_thompson", "window": 1_000_000}, sends=1_000_000, replications=1)
    assert simulate(asked).sends[0, 0, -1].sum() == 1_000_000


def test_a_long_campaign_through_a_narrow_window_does_not_drift() -> None:
    """Shapes are added to and taken from 200,000 times; what is left is still the prior and at most ten sends."""
    player = Player("sliding_window_thompson", 2, window=10, alpha=0.01, beta=0.01)
    random = np.random.default_rng(1)
    for sent in range(20_000):
        player.learn(sent, int(random.integers(2)), 1, int(random.integers(2)))
    shapes = player.state[HEADER : HEADER + 4]
    assert (shapes > 0.0099).all()
    assert shapes.sum() == pytest.approx(10.04, abs=1e-9)
