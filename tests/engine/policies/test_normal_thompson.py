"""Thompson sampling for amounts: posteriors on a trace that can be checked by hand, and noise that it measures."""

import numpy as np
import pytest
from scipy import stats

from engine import Scenario, simulate
from engine.policies.normal_thompson import BASE, WIDEST
from tests.engine.contract import Player
from tests.engine.scenarios import scenario

RARE = 1e-6
"""How often each statistical check would fail a correct engine, over random seeds."""

TRACE = [(0, 0.0), (1, 0.4), (0, 0.2), (1, 0.0), (0, 0.0), (1, 0.6), (1, 0.2)]
"""Lines and rewards: A 0, 0.2, 0; B 0.4, 0, 0.6, 0.2."""


def taught(shrinkage: float = 2.0) -> Player:
    player = Player("normal_thompson", 2, shrinkage=shrinkage)
    for sent, (arm, reward) in enumerate(TRACE):
        player.learn(sent, arm, 1.0, reward)
    return player


def test_the_posterior_is_that_of_the_trace() -> None:
    """By hand: mean of all 0.2; squared deviations 0.0267 and 0.2; each line as if sent once more with that mean."""
    first, second = 0.04 - 0.2**2 / 3, 0.56 - 1.2**2 / 4
    variance = (WIDEST + first + second) / 8
    means = np.array([(0.2 + 0.2) / 4, (1.2 + 0.2) / 5])
    spreads = np.sqrt([(2 * variance + first) / 5 / 4, (2 * variance + second) / 6 / 5])
    ahead = stats.norm.cdf((means[1] - means[0]) / np.hypot(*spreads))
    assert taught().chances()[1] == pytest.approx(ahead, abs=1e-6)
    choices = taught().choices_afresh(200_000)
    assert stats.binomtest(int(choices.sum()), len(choices), ahead).pvalue > RARE


def test_with_much_shrinkage_all_lines_are_as_noisy() -> None:
    variance = (WIDEST + 0.04 - 0.2**2 / 3 + 0.56 - 1.2**2 / 4) / 8
    ahead = stats.norm.cdf((1.4 / 5 - 0.4 / 4) / np.sqrt(variance / 4 + variance / 5))
    assert taught(shrinkage=1e6).chances()[1] == pytest.approx(ahead, abs=1e-4)


def test_before_the_first_send_all_lines_are_alike() -> None:
    assert Player("normal_thompson", 4).chances() == pytest.approx([0.25] * 4, abs=1e-6)


def test_what_becomes_known_later_is_part_of_the_same_reward() -> None:
    """Where complaints cost money, a send that nothing comes of has a reward; an order adds to it, at once or late."""
    late, whole = Player("normal_thompson", 2), Player("normal_thompson", 2)
    late.state[BASE] = whole.state[BASE] = 0.3
    more = np.random.default_rng(1).random(200) < 0.3
    for sent in range(200):
        late.learn(sent, 0, 1.0, 0.3)
        whole.learn(sent, 0, 1.0, 0.3 + 0.2 * float(more[sent]))
    for order in np.flatnonzero(more).tolist():
        late.learn(order, 0, 0.0, 0.2, t=200)
    np.testing.assert_allclose(late.state, whole.state, rtol=1e-9)
    assert late.chances() == pytest.approx(whole.chances())


def test_where_rewards_are_yes_or_no_it_does_about_as_well_as_thompson_sampling() -> None:
    result = simulate(
        scenario("thompson", "normal_thompson", rates=(0.1, 0.14, 0.12, 0.05), sends=10_000, replications=200)
    )
    plain, amounts = result.regret[:, :, -1].mean(axis=1)
    assert amounts == pytest.approx(plain, rel=0.15)


def test_where_complaints_cost_money_it_finds_the_best_line_far_sooner() -> None:
    lines = [{"name": "A", "rate": 0.06, "order_value": 14.0}, {"name": "B", "rate": 0.04, "order_value": 32.0}]
    asked = Scenario.from_dict(
        {
            "arms": [*lines, {"name": "C", "rate": 0.055, "order_value": 26.0, "complaint_rate": 0.006}],
            "money": {"unsubscribe_cost": 60.0, "spread": 0.6},
            "goal": "net_value",
            "policies": [{"name": "thompson"}, {"name": "normal_thompson"}, {"name": "epsilon_greedy"}],
            "sends": 20_000,
            "replications": 100,
        }
    )
    plain, amounts, greedy = simulate(asked).regret[:, :, -1].mean(axis=1)
    assert amounts < 0.5 * plain
    assert amounts < greedy
