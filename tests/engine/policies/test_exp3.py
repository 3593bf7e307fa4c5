"""What Exp3 alone promises."""

import math

import numpy as np
import pytest
from scipy import stats

from engine import simulate
from engine.policies.exp3 import LOG_WEIGHTS
from tests.engine.contract import Player
from tests.engine.histories import Chances, Steps, check_every_history
from tests.engine.scenarios import FIVE_RATES, scenario

RARE = stats.norm.isf(0.5e-5)
"""Two-sided 1 in 100,000: how often each z-test would fail a correct engine, over random seeds."""


def by_weight(gamma: float, arms: int, update_every: int = 1) -> Chances:
    """Auer, Cesa-Bianchi, Freund and Schapire (2002), figure 1, written down once more; sends decided together share chances."""

    def chances(steps: Steps) -> list[float]:
        weights = [1.0] * arms
        now = then = [1 / arms] * arms
        for place, (arm, answer) in enumerate(steps):
            if place % update_every == 0:
                then = now
            weights[arm] *= math.exp(gamma / arms * answer / then[arm])
            now = [(1 - gamma) * weight / sum(weights) + gamma / arms for weight in weights]
        return now

    return chances


@pytest.mark.parametrize("gamma", [0.05, 0.5, 1.0])
def test_every_history(gamma: float) -> None:
    check_every_history({"name": "exp3", "gamma": gamma}, (0.2, 0.7), 5, by_weight(gamma, 2))


def test_every_history_of_three_lines() -> None:
    check_every_history({"name": "exp3", "gamma": 0.7}, (0.3, 0.6, 0.9), 4, by_weight(0.7, 3))


@pytest.mark.parametrize("update_every", [2, 3])
def test_every_history_when_it_learns_in_batches(update_every: int) -> None:
    """The chance in the update is that of the choice, though other answers of the batch come before it."""
    check_every_history({"name": "exp3", "gamma": 0.8}, (0.4, 0.9), 5, by_weight(0.8, 2, update_every), update_every)


def test_a_late_conversion_counts_with_the_chance_of_its_own_send() -> None:
    player = Player("exp3", 2, gamma=0.5)
    arm = player.choose(t=0)
    player.learn(0, arm, 1, 0)
    for t in range(1, 30):
        player.choose(t=t, key=t)
        player.learn(t, 1 - arm, 1, 1)
    before = player.state[LOG_WEIGHTS + arm]
    player.learn(0, arm, 0, 1, t=30)
    assert player.state[LOG_WEIGHTS + arm] - before == pytest.approx(0.5 / 2 / 0.5, rel=1e-12)


def test_a_line_that_others_chose_counts_with_its_chance_of_now() -> None:
    """Nothing was chosen at this send: weights 1 and exp(1/4), chance (1 - gamma) w / W + gamma / 2."""
    player = Player("exp3", 2, gamma=0.25)
    player.learn(0, 1, 1, 1)
    assert player.state[LOG_WEIGHTS + 1] == pytest.approx(0.25, rel=1e-12)
    chance = 0.75 / (1 + math.exp(0.25)) + 0.125
    player.learn(1, 0, 1, 1)
    assert player.state[LOG_WEIGHTS] == pytest.approx(0.125 / chance, rel=1e-12)


def test_chances_are_shared_by_those_that_may_be_sent() -> None:
    """Chi-square over 50,000 choices; fails once in a million seeds."""
    player = Player("exp3", 4, gamma=0.4)
    player.learn(0, 2, 1, 1)
    player.learn(1, 0, 1, 1)
    weights = np.exp(player.state[LOG_WEIGHTS : LOG_WEIGHTS + 4])[[1, 2, 3]]
    counts = np.bincount(player.choices_afresh(50_000, t=2, eligible=0b1110), minlength=4)
    assert counts[0] == 0
    assert stats.chisquare(counts[1:], 50_000 * (0.6 * weights / weights.sum() + 0.4 / 3)).pvalue > 1e-6


@pytest.mark.parametrize("gamma", [0.001, 0.5])
def test_nothing_overflows_in_a_million_sends(gamma: float) -> None:
    """Every send converts: the logarithm of the weights' sum passes 709, where exp ends, hundreds of times."""
    asked = scenario({"name": "exp3", "gamma": gamma}, rates=(1.0, 0.0), sends=1_000_000, replications=1)
    result = simulate(asked)
    assert result.sends[0, 0, -1, 1] < 1_000_000 * gamma / 2 + RARE * math.sqrt(1_000_000 * gamma / 2) + 40 / gamma
    assert result.sends[0, 0, -1, 1] > 1_000_000 * gamma / 2 - RARE * math.sqrt(1_000_000 * gamma / 2)


@pytest.mark.parametrize("gamma", [0.02, 0.1, 0.5])
@pytest.mark.parametrize("rates", [(0.1, 0.9), (0.3, 0.2, 0.9)])
def test_regret_keeps_to_the_theorem(rates: tuple[float, ...], gamma: float) -> None:
    """Auer et al. (2002), theorem 3.1, whose best line in hindsight earns at least what the best line expects."""
    sends, K = 5_000, len(rates)
    result = simulate(scenario({"name": "exp3", "gamma": gamma}, rates=rates, sends=sends, replications=400))
    most = (math.e - 1) * gamma * sends * max(rates) + K * math.log(K) / gamma
    least = gamma * sends * (max(rates) - np.mean(rates))  # what exploring alone costs
    regret = result.regret[0, :, -1]
    assert least - RARE * regret.std() / 20 < regret.mean() < most


def test_regret_agrees_with_a_library() -> None:
    """SMPyBandits 0.9.7, Exp3(gamma=0.1, unbiased=True), its forced first visits left out; 300 campaigns of 2,000 sends, z-test."""
    theirs, their_error = 45.5199, 0.2627
    asked = scenario({"name": "exp3", "gamma": 0.1}, rates=FIVE_RATES, sends=2_000, replications=5_000)
    regret = simulate(asked).regret[0, :, -1]
    assert abs(regret.mean() - theirs) < RARE * math.hypot(their_error, regret.std() / np.sqrt(len(regret)))


def test_the_chance_that_it_remembers_is_the_one_that_it_tells() -> None:
    player = Player("exp3", 3, gamma=0.3)
    for t in range(40):
        chances = player.chances(t)
        arm = player.choose(t, key=t + 1)
        assert player.state[LOG_WEIGHTS + 2 * 3 + t] == pytest.approx(chances[arm], rel=1e-12)
        player.learn(t, arm, 1, t % 2)
