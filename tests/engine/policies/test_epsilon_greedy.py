"""What epsilon-greedy alone promises."""

import math

import numpy as np
import pytest
from scipy import stats

from engine import simulate
from engine.simulation import trace
from tests.engine.contract import Player
from tests.engine.scenarios import FIVE_RATES, scenario

RARE = stats.norm.isf(0.5e-5)
"""Two-sided 1 in 100,000: how often each z-test would fail a correct engine, over random seeds."""


def test_without_exploring_it_stays_with_the_first_line_that_converts() -> None:
    ran = trace(scenario({"name": "epsilon_greedy", "epsilon": 0}, sends=2_000), 0)
    first = int(np.argmax(ran.answers))
    assert ran.answers[first] == 1
    assert (ran.arms[first:] == ran.arms[first]).all()


def test_exploring_is_uniform_over_all_lines() -> None:
    """Best line known for sure (rates 1 and 0): the other four share epsilon (K - 1) / K of the sends, less those at the start."""
    asked = scenario({"name": "epsilon_greedy", "epsilon": 0.3}, rates=(0, 0, 1, 0, 0), sends=2_000, replications=500)
    result = simulate(asked)
    late = (result.sends[0, :, -1] - result.sends[0, :, 99]).sum(axis=0)  # from send 1,000 on
    n = 500 * 1_000
    for arm in (0, 1, 3, 4):
        assert abs(late[arm] - n * 0.06) < RARE * math.sqrt(n * 0.06 * 0.94)


def test_exploring_always_is_a_fair_lottery() -> None:
    """Each line's sends are Binomial(n, 1/K): mean and variance, ten z-tests."""
    asked = scenario({"name": "epsilon_greedy", "epsilon": 1.0}, sends=1_000, replications=20_000)
    counts = simulate(asked).sends[0, :, -1]
    variance = 1_000 * 0.2 * 0.8
    assert np.abs(counts.mean(axis=0) - 200).max() < RARE * math.sqrt(variance / 20_000)
    assert np.abs(counts.var(axis=0) / variance - 1).max() < RARE * math.sqrt(2 / 20_000) * 1.1


def test_exploring_always_misses_as_much_as_an_even_split() -> None:
    """280 in expectation on these rates; standard deviation of the mean from the multinomial."""
    asked = scenario({"name": "epsilon_greedy", "epsilon": 1.0}, sends=10_000, replications=2_000)
    gaps = 0.09 - np.array(FIVE_RATES)
    error = math.sqrt(10_000 * gaps.var() / 2_000)
    assert abs(simulate(asked).regret[0, :, -1].mean() - 280.0) < RARE * error


@pytest.mark.parametrize("leaders", [(0,), (1, 3), (0, 2, 4)])
def test_ties_are_broken_evenly(leaders: tuple[int, ...]) -> None:
    """Chi-square over the lines that share the best observed rate, 1/2 and 2/4 among them; fails once in a million seeds."""
    player = Player("epsilon_greedy", 5, epsilon=0)
    sent = 0
    for arm in range(5):
        wins, trials = (1, 2) if arm in leaders else (1, 3)
        scale = 1 + arm % 2
        for trial in range(trials * scale):
            player.learn(sent, arm, 1, trial < wins * scale)
            sent += 1
    counts = np.bincount(player.choices_afresh(30_000), minlength=5)
    assert set(np.flatnonzero(counts).tolist()) == set(leaders)
    assert len(leaders) == 1 or stats.chisquare(counts[list(leaders)]).pvalue > 1e-6


def test_a_leader_that_disappoints_is_left() -> None:
    player = Player("epsilon_greedy", 3, epsilon=0)
    player.learn(0, 1, 1, 1)
    player.learn(1, 2, 1, 1)
    player.learn(2, 2, 1, 0)
    assert set(player.choices_afresh(50).tolist()) == {1}
    for sent in range(3, 6):
        player.learn(sent, 1, 1, 0)
    assert set(player.choices_afresh(50).tolist()) == {2}
