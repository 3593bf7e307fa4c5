"""What softmax alone promises; how its regret compares with another program stands in test_against_theory.py."""

import math

import numpy as np
import pytest
from scipy import special, stats

from engine.simulation import trace
from tests.engine.contract import Player
from tests.engine.histories import Chances, Steps, check_every_history
from tests.engine.scenarios import scenario


def by_rate(tau: float, decay: float, arms: int) -> Chances:
    """Chances in proportion to exp(rate / temperature), rates starting at 0, written down once more."""

    def chances(steps: Steps, t: int | None = None) -> list[float]:
        temperature = tau / (len(steps) + 1 if t is None else t) ** decay
        answers = [[answer for sent, answer in steps if sent == arm] for arm in range(arms)]
        weights = [math.exp((sum(mine) / len(mine) if mine else 0.0) / temperature) for mine in answers]
        return [weight / sum(weights) for weight in weights]

    return chances


@pytest.mark.parametrize("tau", [0.1, 0.5, 10.0])
def test_every_history(tau: float) -> None:
    check_every_history({"name": "softmax", "tau": tau}, (0.3, 0.6, 0.6), 3, by_rate(tau, 0.0, 3))


@pytest.mark.parametrize("decay", [0.3, 1.0])
def test_every_history_while_it_cools(decay: float) -> None:
    policy: dict[str, object] = {"name": "softmax", "tau": 0.8, "decay": decay}
    check_every_history(policy, (0.2, 0.7), 5, by_rate(0.8, decay, 2))


@pytest.mark.parametrize("update_every", [2, 3])
def test_every_history_when_it_learns_in_batches(update_every: int) -> None:
    check_every_history({"name": "softmax", "tau": 0.5}, (0.2, 0.7), 5, by_rate(0.5, 0.0, 2), update_every)


@pytest.mark.parametrize("eligible", [0b1111, 0b1010, 0b0111])
@pytest.mark.parametrize(("decay", "t"), [(0.0, 5_000), (0.5, 16)])
def test_sends_among_those_that_may_be_sent_by_their_rates(eligible: int, decay: float, t: int) -> None:
    """Chi-square over 50,000 choices from one state; fails once in a million seeds."""
    rates, may = np.array([0.1, 0.2, 0.05, 0.3]), np.array([bool(eligible >> arm & 1) for arm in range(4)])
    player = Player("softmax", 4, tau=0.2, decay=decay)
    for arm in range(4):
        player.learn(0, arm, 100, 100 * rates[arm])
    counts = np.bincount(player.choices_afresh(50_000, t=t - 1, eligible=eligible), minlength=4)
    expected = special.softmax(rates[may] / (0.2 / t**decay))
    assert counts[~may].sum() == 0
    assert stats.chisquare(counts[may], 50_000 * expected).pvalue > 1e-6


def test_the_coldest_is_greedy() -> None:
    """A rate 0.1 behind has a chance of exp(-100 million) at the last of a million sends."""
    player = Player("softmax", 3, tau=0.001, decay=1.0)
    for arm, won in enumerate((5, 6, 6)):
        player.learn(0, arm, 10, won)
    counts = np.bincount(player.choices_afresh(10_000, t=999_999), minlength=3)
    assert counts[0] == 0
    assert stats.binomtest(int(counts[1]), 10_000).pvalue > 1e-6


def test_cooling_ends_on_one_line() -> None:
    asked = scenario({"name": "softmax", "tau": 0.2, "decay": 0.6}, rates=(0.2, 0.6), sends=5_000)
    assert (trace(asked, 0).arms[-1_000:] == 1).mean() > 0.99
