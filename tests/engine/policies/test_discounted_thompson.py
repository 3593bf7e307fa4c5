"""Discounted Thompson sampling against the paper's recursion, which multiplies every sum at every send."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine import simulate
from engine.policies.discounted_thompson import POSTERIOR
from tests.engine.changing import History, regrets, surely_less, two_switches
from tests.engine.contract import Player
from tests.engine.scenarios import scenario

RARE = stats.norm.isf(1e-5)
K = 3
histories = st.lists(st.tuples(st.integers(0, K - 1), st.integers(0, 1)), min_size=1, max_size=60)
gammas = st.sampled_from([0.5, 0.9, 0.9995, 1.0])


def shapes_by_recursion(history: History, gamma: float, alpha: float, beta: float) -> np.ndarray:
    """Raj and Kalyani (2017), discounted Thompson sampling: (2, K) of hits + alpha and misses + beta."""
    hits, misses = np.zeros(K), np.zeros(K)
    for arm, answer in history:
        hits, misses = hits * gamma, misses * gamma
        hits[arm] += answer
        misses[arm] += 1 - answer
    return np.stack([hits + alpha, misses + beta])


def shapes(player: Player) -> np.ndarray:
    """What the next draw is made from."""
    player.choose()
    return player.state[POSTERIOR : POSTERIOR + 2 * K].reshape(2, K)


def after(history: History, **settings: Any) -> Player:
    player = Player("discounted_thompson", K, **settings)
    for sent, (arm, answer) in enumerate(history):
        player.learn(sent, arm, 1, answer)
    return player


@given(histories, gammas, st.sampled_from([0.01, 1.0, 30.0]))
def test_posteriors_follow_the_recursion(history: History, gamma: float, prior: float) -> None:
    player = after(history, gamma=gamma, alpha=prior, beta=2 * prior)
    np.testing.assert_allclose(shapes(player), shapes_by_recursion(history, gamma, prior, 2 * prior), rtol=1e-12)


@pytest.mark.parametrize("gamma", [0.5, 0.97, 0.9995])
def test_posteriors_stay_exact_however_long_the_campaign(gamma: float) -> None:
    random = np.random.default_rng(4)
    history = [(int(arm), int(answer)) for arm, answer in zip(*random.integers(0, (K, 2), (5_000, 2)).T, strict=True)]
    player = after(history, gamma=gamma)
    np.testing.assert_allclose(shapes(player), shapes_by_recursion(history, gamma, 1, 1), rtol=1e-11)


@given(histories, gammas, st.integers(0, 59))
def test_a_late_conversion_has_the_weight_of_its_send(history: History, gamma: float, sent: int) -> None:
    sent %= len(history)
    arm = history[sent][0]
    history[sent] = (arm, 0)
    late = after(history, gamma=gamma)
    late.learn(sent, arm, 0, 1, t=len(history))
    history[sent] = (arm, 1)
    np.testing.assert_allclose(shapes(late), shapes_by_recursion(history, gamma, 1, 1), rtol=1e-12)


def test_sends_each_line_as_often_as_its_draw_is_the_largest() -> None:
    """Chi-square against the exact chance of two Beta draws, by integration; fails once in 100,000 seeds."""
    history = [(0, 1), (0, 0), (1, 1), (0, 0), (1, 1), (1, 0)]
    player = after(history, gamma=0.9)
    (a, b), (c, d) = shapes_by_recursion(history, 0.9, 1, 1).T[:2]
    first = stats.beta(a, b).expect(stats.beta(c, d).cdf)
    counts = np.bincount(player.choices_afresh(50_000, eligible=0b011), minlength=K)
    assert counts[2] == 0
    assert stats.chisquare(counts[:2], [50_000 * first, 50_000 * (1 - first)]).pvalue > 1e-5


@pytest.mark.parametrize("every", [1, 50])
def test_without_forgetting_it_is_thompson_sampling(every: int) -> None:
    asked = scenario(
        "thompson", {"name": "discounted_thompson", "gamma": 1}, sends=900, replications=20, update_every=every
    )
    plain, same = simulate(asked).sends
    np.testing.assert_array_equal(plain, same)


def test_finds_the_line_that_became_better() -> None:
    """On Garivier and Moulines' two switches it misses less than Thompson sampling; fails once in 100,000 seeds."""
    rates = two_switches()
    assert surely_less(regrets("discounted_thompson", rates, 200), regrets("thompson", rates, 200), RARE)
