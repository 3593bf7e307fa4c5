"""What the gradient bandit alone promises."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from engine import simulate
from engine.policies.gradient import PREFERENCES
from tests.engine.contract import Player
from tests.engine.histories import Chances, Steps, check_every_history
from tests.engine.scenarios import FIVE_RATES, scenario

RARE = stats.norm.isf(0.5e-5)
"""Two-sided 1 in 100,000: how often the z-test would fail a correct engine, over random seeds."""


def by_preference(alpha: float, arms: int, update_every: int = 1) -> Chances:
    """Sutton and Barto (2018), equations 2.11 and 2.12, written down once more.

    The average is that of the answers before, with the first answer as its own. Sends decided together share their chances.
    """

    def chances(steps: Steps) -> list[float]:
        preferences, before = np.zeros(arms), np.zeros(arms)
        for place, (arm, answer) in enumerate(steps):
            if place % update_every == 0:
                before = special.softmax(preferences)
            average = np.mean([known for _, known in steps[: max(place, 1)]])
            preferences = preferences + alpha * (answer - average) * (np.eye(arms)[arm] - before)
        found: list[float] = special.softmax(preferences).tolist()
        return found

    return chances


@pytest.mark.parametrize("alpha", [0.1, 1.0, 10.0])
def test_every_history(alpha: float) -> None:
    check_every_history({"name": "gradient", "alpha": alpha}, (0.2, 0.7), 5, by_preference(alpha, 2))


def test_every_history_of_three_lines() -> None:
    check_every_history({"name": "gradient", "alpha": 2.0}, (0.3, 0.6, 0.6), 4, by_preference(2.0, 3))


@pytest.mark.parametrize("update_every", [2, 3])
def test_every_history_when_it_learns_in_batches(update_every: int) -> None:
    rule = by_preference(2.0, 2, update_every)
    check_every_history({"name": "gradient", "alpha": 2.0}, (0.2, 0.7), 5, rule, update_every)


def test_the_first_answer_moves_nothing_even_when_it_comes_late() -> None:
    """It is its own average."""
    at_once, late = Player("gradient", 3, alpha=1.0), Player("gradient", 3, alpha=1.0)
    at_once.learn(0, 1, 1, 1)
    late.learn(0, 1, 1, 0)
    late.learn(1, 2, 1, 0)
    late.learn(0, 1, 0, 1, t=1)
    for player in (at_once, late):
        assert player.state[PREFERENCES : PREFERENCES + 3].tolist() == [0, 0, 0]


def test_two_answers_by_hand() -> None:
    """A miss of the first line, then a conversion of the second: alpha (1 - 0) (1 - 1/2) up and as much down."""
    player = Player("gradient", 2, alpha=0.4)
    player.learn(0, 0, 1, 0)
    player.choose(t=1)
    player.learn(1, 1, 1, 1)
    np.testing.assert_allclose(player.state[PREFERENCES : PREFERENCES + 2], [-0.2, 0.2], rtol=1e-12)
    share = (player.choices_afresh(100_000, t=2) == 1).mean()
    exact = 1 / (1 + math.exp(-0.4))
    assert abs(share - exact) < RARE * math.sqrt(exact * (1 - exact) / 100_000)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 15)), max_size=40))
def test_preferences_always_sum_to_nothing(history: list[tuple[bool, int]]) -> None:
    """Whatever goes up takes from the others, only from those that could have been sent."""
    player = Player("gradient", 4, alpha=3.0)
    for t, (answer, eligible) in enumerate(history):
        chosen = player.choose(t, eligible, key=t)
        before = player.state[PREFERENCES : PREFERENCES + 4].copy()
        player.learn(t, chosen, 1, answer)
        moved = player.state[PREFERENCES : PREFERENCES + 4] - before
        assert abs(moved.sum()) < 1e-12
        assert all(eligible >> line & 1 for line in np.flatnonzero(moved))


def test_regret_agrees_with_another_program() -> None:
    """All campaigns at once on NumPy's own generator; two-sample z-test of mean regret, 2,000 sends."""
    random, rates, campaigns = np.random.default_rng(3), np.array(FIVE_RATES), 1_500
    rows, preferences = np.arange(campaigns), np.zeros((campaigns, 5))
    won, missed = np.zeros(campaigns), np.zeros(campaigns)
    for t in range(2_000):
        chances = special.softmax(preferences, axis=1)
        arm = (chances.cumsum(axis=1) < random.random((campaigns, 1))).sum(axis=1).clip(max=4)
        answer = (random.random(campaigns) < rates[arm]).astype(float)
        average = won / t if t else answer
        step = 0.5 * (answer - average)
        preferences -= step[:, np.newaxis] * chances
        preferences[rows, arm] += step
        won += answer
        missed += rates.max() - rates[arm]
    asked = scenario({"name": "gradient", "alpha": 0.5}, sends=2_000, replications=10_000)
    ours = simulate(asked).regret[0, :, -1]
    error = math.sqrt(missed.var(ddof=1) / campaigns + ours.var(ddof=1) / len(ours))
    assert abs(ours.mean() - missed.mean()) < RARE * error


def test_the_chances_of_its_latest_choice_are_those_that_it_told() -> None:
    player = Player("gradient", 3, alpha=2.0)
    for t in range(40):
        chances = player.chances(t)
        arm = player.choose(t, key=t + 1)
        np.testing.assert_allclose(player.state[PREFERENCES + 3 :], chances, rtol=1e-12, atol=1e-300)
        player.learn(t, arm, 1, t % 2)
