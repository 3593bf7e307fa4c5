"""What UCB1-tuned alone promises; how its regret compares with another program stands in test_against_theory.py."""

import math

import pytest

from engine import simulate
from engine.simulation import trace
from tests.engine.contract import Player
from tests.engine.histories import check_every_history, optimistic
from tests.engine.scenarios import scenario


def bound(t: int, n: int, won: int) -> float:
    """Auer, Cesa-Bianchi and Fischer (2002), section 4: the mean of squares less the square of the mean, and its bound."""
    mean, squares = won / n, won / n
    variance = squares - mean**2 + math.sqrt(2 * math.log(t) / n)
    return mean + math.sqrt(math.log(t) / n * min(1 / 4, variance))


@pytest.mark.parametrize(("rates", "sends"), [((0.2, 0.7), 6), ((0.3, 0.6, 0.6), 4)])
def test_every_history(rates: tuple[float, ...], sends: int) -> None:
    check_every_history({"name": "ucb1_tuned"}, rates, sends, optimistic(bound, len(rates)))


@pytest.mark.parametrize("update_every", [2, 3])
def test_every_history_when_it_learns_in_batches(update_every: int) -> None:
    check_every_history({"name": "ucb1_tuned"}, (0.2, 0.7), 5, optimistic(bound, 2), update_every)


def test_every_line_is_sent_once_before_any_is_sent_twice() -> None:
    arms = trace(scenario("ucb1_tuned", rates=(0.5,) * 64, sends=64), 0).arms
    assert sorted(arms.tolist()) == list(range(64))


@pytest.mark.parametrize(("won", "sends"), [((0, 1), (200, 260)), ((30, 1), (300, 40)), ((90, 250), (100, 260))])
def test_the_smaller_bound_loses(won: tuple[int, int], sends: tuple[int, int]) -> None:
    """Counts at which the variance is below 1/4, where short histories never get."""
    player = Player("ucb1_tuned", 2)
    for arm in (0, 1):
        player.learn(0, arm, sends[arm], won[arm])
    bounds = [bound(sum(sends), sends[arm], won[arm]) for arm in (0, 1)]
    assert abs(bounds[0] - bounds[1]) > 1e-6
    assert set(player.choices_afresh(50, t=sum(sends)).tolist()) == {int(bounds[1] > bounds[0])}


def test_low_rates_are_told_apart_with_less_than_ucb1_needs() -> None:
    """The paper's finding, on rates of e-mail: it does substantially better than UCB1 in all its experiments."""
    result = simulate(scenario("ucb1", "ucb1_tuned", sends=5_000, replications=200))
    plain, tuned = result.regret[:, :, -1].mean(axis=1)
    assert tuned < 0.75 * plain
