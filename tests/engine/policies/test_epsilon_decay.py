"""What decaying epsilon-greedy alone promises."""

import math

import numpy as np
from scipy import stats

from engine import simulate
from tests.engine.contract import Player
from tests.engine.scenarios import scenario

RARE = stats.norm.isf(0.5e-5)
"""Two-sided 1 in 100,000: how often each z-test would fail a correct engine, over random seeds."""

SETTINGS = {"name": "epsilon_decay", "c": 0.2, "d": 0.1}
"""Epsilon of send t is min(1, 0.2 K / (0.01 t)) = min(1, 100 / t) for five lines."""


def test_explores_always_at_first() -> None:
    """The first 100 sends are Binomial(100, 1/5) for every line, though one of them always converts."""
    counts = simulate(scenario(SETTINGS, rates=(0, 0, 1, 0, 0), sends=100, replications=20_000)).sends[0, :, -1]
    assert np.abs(counts.mean(axis=0) - 20).max() < RARE * math.sqrt(16 / 20_000)


def test_explores_less_and_less_as_published() -> None:
    """Best line known for sure: each other one gets the sum of epsilon_t / K over sends 101 to 2,000."""
    asked = scenario(SETTINGS, rates=(0, 0, 1, 0, 0), sends=2_000, replications=5_000)
    result = simulate(asked)
    at_100 = int(np.flatnonzero(result.checkpoints == 100)[0])
    counts = (result.sends[0, :, -1] - result.sends[0, :, at_100])[:, [0, 1, 3, 4]]
    chances = np.array([20 / t for t in range(101, 2_001)])
    error = math.sqrt((chances * (1 - chances)).sum() / 5_000)
    assert np.abs(counts.mean(axis=0) - chances.sum()).max() < RARE * error


def test_epsilon_at_one_send() -> None:
    """At t = 401 (index 400), epsilon is 100 / 401; counted over 100,000 keys from one state."""
    player = Player("epsilon_decay", 5, c=0.2, d=0.1)
    player.learn(0, 3, 1, 1)
    others = (player.choices_afresh(100_000, t=400) != 3).sum()
    chance = 100 / 401 * 4 / 5
    assert abs(others - 100_000 * chance) < RARE * math.sqrt(100_000 * chance * (1 - chance))
