"""What UCB1 alone promises."""

import math

import numpy as np
import pytest
from scipy import stats

from engine import simulate
from engine.simulation import trace
from tests.engine.contract import Player
from tests.engine.histories import check_every_history, optimistic
from tests.engine.scenarios import FIVE_RATES, scenario

RARE = stats.norm.isf(0.5e-5)
"""Two-sided 1 in 100,000: how often each z-test would fail a correct engine, over random seeds."""


def bound(t: int, n: int, won: int) -> float:
    """Auer, Cesa-Bianchi and Fischer (2002), figure 1."""
    return won / n + math.sqrt(2 * math.log(t) / n)


@pytest.mark.parametrize(("rates", "sends"), [((0.2, 0.7), 6), ((0.3, 0.6, 0.6), 4)])
def test_every_history(rates: tuple[float, ...], sends: int) -> None:
    check_every_history({"name": "ucb1"}, rates, sends, optimistic(bound, len(rates)))


@pytest.mark.parametrize("update_every", [2, 3])
def test_every_history_when_it_learns_in_batches(update_every: int) -> None:
    """Between decisions nothing moves, not even t."""
    check_every_history({"name": "ucb1"}, (0.2, 0.7), 5, optimistic(bound, 2), update_every)


def test_every_line_is_sent_once_before_any_is_sent_twice() -> None:
    arms = trace(scenario("ucb1", rates=(0.5,) * 64, sends=64), 0).arms
    assert sorted(arms.tolist()) == list(range(64))


def test_a_line_that_may_not_be_sent_keeps_its_first_send_for_later() -> None:
    player = Player("ucb1", 3)
    player.learn(0, 0, 1, 1)
    player.learn(1, 1, 1, 1)
    assert set(player.choices_afresh(100, t=2, eligible=0b011).tolist()) == {0, 1}
    assert set(player.choices_afresh(100, t=2).tolist()) == {2}


def test_few_sends_outweigh_a_better_rate() -> None:
    """By hand at t = 6: 3/4 + sqrt(2 ln 6 / 4) = 1.697 against 1/2 + sqrt(2 ln 6 / 2) = 1.839."""
    player = Player("ucb1", 2)
    for sent, (arm, answer) in enumerate([(0, 1), (0, 1), (0, 1), (0, 0), (1, 1), (1, 0)]):
        player.learn(sent, arm, 1, answer)
    assert set(player.choices_afresh(100, t=6).tolist()) == {1}


@pytest.mark.parametrize("sends", [100, 1_000, 10_000])
@pytest.mark.parametrize("rates", [(0.1, 0.9), (0.3, 0.9, 0.2), (0.05, 0.1, 0.15, 0.9)])
def test_regret_keeps_to_the_theorem(rates: tuple[float, ...], sends: int) -> None:
    """Auer, Cesa-Bianchi and Fischer (2002), theorem 1, on the expectation; the mean of 400 campaigns is far below it."""
    gaps = [max(rates) - rate for rate in rates if rate < max(rates)]
    most = sum(8 * math.log(sends) / gap for gap in gaps) + (1 + math.pi**2 / 3) * sum(gaps)
    regret = simulate(scenario("ucb1", rates=rates, sends=sends, replications=400)).regret[0, :, -1]
    assert regret.mean() < most
    assert regret.mean() > max(gaps)  # each line has been sent


def test_regret_agrees_with_a_library() -> None:
    """SMPyBandits 0.9.7, UCBalpha(alpha=4), the same rates, 2,000 sends; mean of 300 campaigns, z-test."""
    theirs, their_error = 49.7266, 0.1254
    regret = simulate(scenario("ucb1", rates=FIVE_RATES, sends=2_000, replications=5_000)).regret[0, :, -1]
    assert abs(regret.mean() - theirs) < RARE * math.hypot(their_error, regret.std() / np.sqrt(len(regret)))
