"""KL-UCB against a slow program that works out every bound anew by halving."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import optimize, special, stats

from engine import simulate
from engine.simulation import trace
from tests.engine.contract import Player
from tests.engine.histories import check_every_history, optimistic
from tests.engine.scenarios import FIVE_RATES, scenario

RARE = stats.norm.isf(0.5e-5)
"""Two-sided 1 in 100,000: how often the z-test would fail a correct engine, over random seeds."""


def level(t: float, c: float) -> float:
    """What n times the divergence may reach at send t, counted from 1: Garivier and Cappe (2011), algorithm 1."""
    return max(0.0, math.log(t) + (c * math.log(math.log(t)) if c else 0.0))


def bounds_by_halving(rate: NDArray[Any], reach: NDArray[Any]) -> NDArray[Any]:
    """The largest q whose divergence from the rate is within reach, by 60 halvings of [rate, 1]."""
    low, high = rate.copy(), np.ones_like(rate)
    for _ in range(60):
        middle = (low + high) / 2
        within = special.rel_entr(rate, middle) + special.rel_entr(1 - rate, 1 - middle) <= reach
        low, high = np.where(within, middle, low), np.where(within, high, middle)
    return low


def assert_always_highest(arms: NDArray[Any], answers: NDArray[Any], K: int, every: int, c: float) -> None:
    """At every send the line has the highest bound of all, or had no send yet."""
    one_hot = (arms[:, np.newaxis] == np.arange(K)).astype(float)
    known = np.arange(len(arms)) // every * every
    before = np.zeros((1, K))
    sent = np.concatenate([before, one_hot.cumsum(axis=0)])[known]
    won = np.concatenate([before, (one_hot * answers[:, np.newaxis]).cumsum(axis=0)])[known]
    reach = np.array([level(t + 1, c) if t else 0.0 for t in known.tolist()])[:, np.newaxis]
    n = np.maximum(sent, 1)
    bounds = np.where(sent > 0, bounds_by_halving(won / n, reach / n), np.inf)
    mine = bounds[np.arange(len(arms)), arms]
    best = bounds.max(axis=1)
    assert ((mine == best) | (mine >= best - 1e-10)).all()


@pytest.mark.parametrize("c", [0.0, 3.0])
@pytest.mark.parametrize("every", [1, 7, 500])
@pytest.mark.parametrize(
    "rates", [FIVE_RATES, (0.001, 0.002), (0.9, 0.999, 1.0), tuple(np.linspace(0, 0.4, 64))], ids=len
)
def test_always_sends_the_highest_bound(rates: tuple[float, ...], every: int, c: float) -> None:
    asked = scenario({"name": "kl_ucb", "c": c}, rates=rates, sends=4_000, update_every=every)
    ran = trace(asked, 0)
    assert_always_highest(ran.arms, ran.answers, len(rates), every, c)


@given(
    K=st.integers(2, 5),
    c=st.sampled_from([0.0, 1.0, 10.0]),
    steps=st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.booleans(), st.integers(1, 31)), max_size=60),
)
def test_whatever_was_sent_and_may_be_sent(K: int, c: float, steps: list[tuple[int, bool, bool, int]]) -> None:
    """Sends that others decided, choices without learning, lines that come and go: the highest eligible bound is sent."""
    player, sent, won = Player("kl_ucb", K, c=c), np.zeros(K), np.zeros(K)
    for t, (arm, answer, learns, mask) in enumerate(steps):
        eligible = mask % (2**K - 1) + 1
        may = np.array([bool(eligible >> line & 1) for line in range(K)])
        reach = level(sent.sum() + 1, c) if sent.sum() else 0.0
        n = np.maximum(sent, 1)
        bounds = np.where(sent > 0, bounds_by_halving(won / n, reach / n), np.inf)
        chosen = player.choose(t, eligible, t + 1)
        assert may[chosen]
        assert bounds[chosen] == bounds[may].max() or bounds[chosen] >= bounds[may].max() - 1e-10
        if learns:
            player.learn(t, arm % K, 1, answer)
            sent[arm % K] += 1
            won[arm % K] += answer


def bound(c: float, t: int, n: int, won: int) -> float:
    """By root finding."""
    rate, reach = won / n, level(t + 1, c) / n
    if rate == 1 or reach == 0:
        return rate
    return float(
        optimize.brentq(
            lambda q: special.rel_entr(rate, q) + special.rel_entr(1 - rate, 1 - q) - reach, rate, 1 - 1e-15, xtol=1e-14
        )
    )


@pytest.mark.parametrize("c", [0.0, 3.0])
@pytest.mark.parametrize(("rates", "sends"), [((0.2, 0.7), 6), ((0.3, 0.6, 0.6), 4)])
def test_every_history(rates: tuple[float, ...], sends: int, c: float) -> None:
    rule = optimistic(lambda t, n, won: bound(c, t, n, won), len(rates))
    check_every_history({"name": "kl_ucb", "c": c}, rates, sends, rule)


def test_every_history_when_it_learns_in_batches() -> None:
    rule = optimistic(lambda t, n, won: bound(0.0, t, n, won), 2)
    check_every_history({"name": "kl_ucb"}, (0.2, 0.7), 5, rule, update_every=2)


@pytest.mark.parametrize("leaders", [(1, 3), (0, 2, 4)])
def test_ties_are_broken_evenly(leaders: tuple[int, ...]) -> None:
    """Lines with the same counts, worked out at different times; chi-square, fails once in a million seeds."""
    player = Player("kl_ucb", 5)
    for arm in range(5):
        player.learn(0, arm, 50, 20 if arm in leaders else 3)
        player.choose(50 * arm)
    counts = np.bincount(player.choices_afresh(30_000, t=250), minlength=5)
    assert set(np.flatnonzero(counts).tolist()) == set(leaders)
    assert stats.chisquare(counts[list(leaders)]).pvalue > 1e-6


def test_regret_agrees_with_a_library() -> None:
    """SMPyBandits 0.9.7, klUCB(c=1, tolerance=1e-9), the same rates, 2,000 sends; mean of 300 campaigns, z-test.

    It counts t from the sends before this one, which changes the regret by far less than its error.
    """
    theirs, their_error = 32.9710, 0.4201
    regret = simulate(scenario("kl_ucb", rates=FIVE_RATES, sends=2_000, replications=5_000)).regret[0, :, -1]
    assert abs(regret.mean() - theirs) < RARE * math.hypot(their_error, regret.std() / np.sqrt(len(regret)))
