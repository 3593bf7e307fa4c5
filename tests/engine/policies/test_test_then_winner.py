"""What testing first and sending the winner promises."""

import math

import numpy as np
import pytest
from scipy import stats

from engine import simulate
from engine.simulation import trace
from tests.engine.contract import Player
from tests.engine.histories import Steps, check_every_history
from tests.engine.scenarios import FIVE_RATES, scenario

RARE = stats.norm.isf(0.5e-5)
"""Two-sided 1 in 100,000: how often each z-test would fail a correct engine, over random seeds."""


def chance_second_wins(rates: tuple[float, float], each: int) -> float:
    """From two binomials: the second line has more conversions, or as many and the toss."""
    counts = np.arange(each + 1)
    first, second = (stats.binom.pmf(counts, each, rate) for rate in rates)
    chances = np.outer(first, second)
    return float(np.triu(chances, 1).sum() + np.trace(chances) / 2)


@pytest.mark.parametrize(("share", "test_sends"), [(0.01, 10), (0.2, 200), (0.333, 333), (1.0, 1_000)])
def test_the_test_is_even_and_as_long_as_asked(share: float, test_sends: int) -> None:
    policy = {"name": "test_then_winner", "test_share": share}
    arms = trace(scenario(policy, rates=FIVE_RATES, sends=1_000), 0).arms
    counts = np.bincount(arms[:test_sends], minlength=5)
    assert counts.max() - counts.min() <= 1
    assert (arms[test_sends:] == arms[-1]).all()


@pytest.mark.parametrize(("rates", "each"), [((0.2, 0.3), 20), ((0.04, 0.05), 100), ((0.5, 0.5), 7)])
def test_sends_and_conversions_as_two_binomials_say(rates: tuple[float, float], each: int) -> None:
    """Chance to crown the better line, and expected conversions, in closed form: two z-tests."""
    sends, campaigns = 10 * each, 20_000
    result = simulate(scenario("test_then_winner", rates=rates, sends=sends, replications=campaigns))
    second = chance_second_wins(rates, each)
    wins = (result.sends[0, :, -1, 1] > each).mean()
    assert abs(wins - second) < RARE * math.sqrt(second * (1 - second) / campaigns)
    expected = each * sum(rates) + 8 * each * (second * rates[1] + (1 - second) * rates[0])
    converted = result.conversions[0, :, -1].sum(axis=-1)
    assert abs(converted.mean() - expected) < RARE * converted.std() / math.sqrt(campaigns)


def test_every_history() -> None:
    """Two sends test two lines in random order; the winner then stays, whatever it does."""

    def chances(steps: Steps) -> list[float]:
        if len(steps) < 2:
            left = {0, 1} - {arm for arm, _ in steps}
            return [(arm in left) / len(left) for arm in (0, 1)]
        if len(steps) > 2:
            return [float(arm == steps[2][0]) for arm in (0, 1)]
        won = [sum(answer for sent, answer in steps if sent == arm) for arm in (0, 1)]
        return [(won[arm] == max(won)) / won.count(max(won)) for arm in (0, 1)]

    check_every_history({"name": "test_then_winner", "test_share": 0.4}, (0.3, 0.6), 5, chances)


def test_a_draw_is_tossed_once_for_the_whole_campaign() -> None:
    """Nobody converts: one line gets all the rest, each as often; chi-square, fails once in a million seeds."""
    counts = simulate(scenario("test_then_winner", rates=(0.0,) * 4, sends=100, replications=4_000)).sends[0, :, -1]
    assert (np.sort(counts, axis=1) == [5, 5, 5, 85]).all()
    assert stats.chisquare(np.bincount(counts.argmax(axis=1))).pvalue > 1e-6


@pytest.mark.parametrize(("every", "until"), [(1, 200), (150, 300), (200, 200), (999, 999), (5_000, 1_000)])
def test_waits_for_the_answers_of_the_test(every: int, until: int) -> None:
    """Answers that come in batches: the even split goes on until those of all 200 sends are known."""
    asked = scenario("test_then_winner", rates=(0.0, 0.0, 1.0, 0.0), sends=1_000, update_every=every)
    arms = trace(asked, 0).arms
    counts = np.bincount(arms[:until], minlength=4)
    assert counts.max() - counts.min() <= 1
    assert (arms[until:] == 2).all()


def test_a_winner_that_may_not_be_sent_is_stood_in_for_and_comes_back() -> None:
    player = Player("test_then_winner", 3, sends=15)
    for sent, (arm, answer) in enumerate([(0, 1), (1, 1), (2, 0), (0, 0), (0, 1)]):
        player.learn(sent, arm, 1, answer)
    assert player.choose(t=5) == 1
    player.learn(5, 1, 1, 0)
    assert player.choose(t=6, eligible=0b101) == 0
    assert player.choose(t=7) == 1


def test_what_comes_after_the_winner_is_known_changes_nothing() -> None:
    player = Player("test_then_winner", 2, sends=10)
    player.learn(0, 0, 1, 1)
    player.learn(1, 1, 1, 0)
    assert player.choose(t=2) == 0
    for sent in range(2, 8):
        player.learn(sent, 0, 1, 0)
    player.learn(1, 1, 0, 1)
    assert player.choose(t=8) == 0


def test_chances_are_even_until_the_answers_of_the_test_are_in() -> None:
    player = Player("test_then_winner", 3, sends=10, test_share=0.4)
    player.learn(0, 0, 1, 1)
    assert player.chances(t=3).tolist() == [1 / 3] * 3
    assert player.chances(t=8, eligible=0b110).tolist() == [0, 1 / 2, 1 / 2]  # nothing is known of sends 1 to 3
    player.learn(3, 1, 1, 1)
    assert player.chances(t=4).tolist() == [1 / 2, 1 / 2, 0]


def test_chances_of_equal_leaders_end_with_the_toss() -> None:
    player = Player("test_then_winner", 3, sends=10, test_share=0.4)
    for sent, (arm, answer) in enumerate([(0, 1), (1, 1), (2, 0), (2, 0)]):
        player.learn(sent, arm, 1, answer)
    assert player.chances(t=4).tolist() == [1 / 2, 1 / 2, 0]
    winner = player.choose(t=4)
    assert player.chances(t=5).tolist() == [float(arm == winner) for arm in range(3)]
    assert player.chances(t=5, eligible=0b111 & ~(1 << winner)).tolist() == [
        float(arm == 1 - winner) for arm in range(3)
    ]
