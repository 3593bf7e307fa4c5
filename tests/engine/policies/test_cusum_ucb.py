"""CUSUM-UCB against the paper's algorithms, worked out from the whole history at every send."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.bounds import CONVERSIONS, KNOWN, SENDS
from engine.policies.cusum_ucb import START
from tests.engine.changing import History, campaign, regrets, responses_to, surely_less, two_switches
from tests.engine.contract import Player
from tests.engine.detection import cusum_has_changed

RARE = stats.norm.isf(1e-5)
BASE, DRIFT, THRESHOLD = 40, 0.05, 6.03


def kept_answers(history: History, K: int) -> list[list[int]]:
    """Liu, Lee and Shroff (2018), algorithm 1: answers of each line since its last start."""
    kept: list[list[int]] = [[] for _ in range(K)]
    for arm, answer in history:
        kept[arm].append(answer)
        if cusum_has_changed(kept[arm], BASE, DRIFT, THRESHOLD):
            kept[arm] = []
    return kept


def bounds(kept: list[list[int]], xi: float) -> list[float]:
    """The same paper, equations 2 to 4."""
    known = sum(len(answers) for answers in kept)
    return [
        sum(answers) / len(answers) + math.sqrt(xi * math.log(known) / len(answers)) if answers else math.inf
        for answers in kept
    ]


def player_of(K: int, **settings: Any) -> Player:
    return Player("cusum_ucb", K, base=BASE, drift=DRIFT, threshold=THRESHOLD, **{"alpha": 0, **settings})


def after(history: History, K: int = 2, **settings: Any) -> Player:
    player = player_of(K, **settings)
    for sent, (arm, answer) in enumerate(history):
        player.learn(sent, arm, 1, answer)
    return player


def sums(player: Player) -> tuple[list[float], list[float]]:
    rows = player.state[START:-1].reshape(-1, player.K)
    return rows[SENDS].tolist(), rows[CONVERSIONS].tolist()


@pytest.mark.parametrize("xi", [0.1, 0.5, 2.0])
def test_always_sends_the_highest_bound(xi: float) -> None:
    answers = responses_to(two_switches(1_200), seed=3)
    history = campaign(player_of(3, xi=xi), answers)
    kept: list[list[int]] = [[] for _ in range(3)]
    restarts = 0
    for arm, answer in history:
        now = bounds(kept, xi)
        assert now[arm] == max(now) or now[arm] >= max(now) - 1e-12
        kept[arm].append(answer)
        if cusum_has_changed(kept[arm], BASE, DRIFT, THRESHOLD):
            kept[arm] = []
            restarts += 1
    assert restarts >= 2


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.integers(1, 40)), max_size=12), st.integers(1, 6))
def test_whatever_was_sent_and_may_be_sent(runs: list[tuple[int, bool, int]], mask: int) -> None:
    """Runs of equal answers, so that alarms ring."""
    history = [(arm, int(answer)) for arm, answer, times in runs for _ in range(times)]
    player, now = after(history, 3), bounds(kept_answers(history, 3), 0.5)
    chosen = player.choose(len(history), mask)
    may = [arm for arm in range(3) if mask >> arm & 1]
    assert now[chosen] == max(now[arm] for arm in may) or now[chosen] >= max(now[arm] for arm in may) - 1e-12
    assert sums(player)[0] == [len(answers) for answers in kept_answers(history, 3)]
    assert player.state[KNOWN] == sum(sums(player)[0])


CHANGED: History = [(1, 1)] * 5 + [(0, 0)] * 40 + [(0, 1)] * 7
"""By hand: line 0 is usually at 0; seven conversions lift it by 7 (1 - 0.05) = 6.65, above 6.03; six would not."""


def test_the_line_that_changed_is_the_only_one_started_anew() -> None:
    player = after(CHANGED)
    assert set(player.choices_afresh(50).tolist()) == {0}
    player.choose()
    assert sums(player) == ([0, 5], [0, 5])
    calm = after(CHANGED[:-1])
    calm.choose()
    assert sums(calm) == ([46, 5], [6, 5])


def test_a_late_conversion_from_before_the_start_is_ignored() -> None:
    player = after(CHANGED)
    player.choose()
    before = player.state.copy()
    player.learn(20, 0, 0, 1, t=52)
    np.testing.assert_array_equal(player.state, before)
    player.learn(2, 1, 0, 1, t=52)
    assert sums(player) == ([0, 5], [0, 6])
    player.learn(52, 0, 1, 0)
    player.learn(52, 0, 0, 1, t=53)
    assert sums(player) == ([1, 5], [1, 6])


def test_a_conversion_told_right_after_its_send_can_still_ring_or_hush() -> None:
    late = after([*CHANGED[:-1], (0, 0)])
    late.learn(len(CHANGED) - 1, 0, 0, 1, t=len(CHANGED))
    late.choose()
    assert sums(late)[0] == [0, 5]
    hushed = after([(1, 1)] * 5 + [(0, 1)] * 40 + [(0, 0)] * 7)  # down by 6.65, before the last answer is corrected
    hushed.learn(51, 0, 0, 1, t=52)
    hushed.choose()
    assert sums(hushed)[0] == [47, 5]


def test_between_decisions_answers_are_looked_at_one_by_one() -> None:
    """An alarm in the middle of a batch starts the line anew there."""
    player = after([*CHANGED, (0, 0), (0, 0), (0, 1)])
    player.choose()
    assert sums(player) == ([3, 5], [1, 5])


@pytest.mark.parametrize("alpha", [0.3, 1.0])
def test_the_exploration_share_goes_to_all_lines_evenly(alpha: float) -> None:
    """Chi-square; fails once in 100,000 seeds."""
    player = after([(0, 1)] * 500 + [(1, 0)] * 500 + [(2, 0)] * 500, 3, alpha=alpha, xi=0.01)
    counts = np.bincount(player.choices_afresh(30_000), minlength=3)
    shares = np.array([1 - alpha + alpha / 3, alpha / 3, alpha / 3])
    assert stats.chisquare(counts, 30_000 * shares).pvalue > 1e-5


def test_finds_the_line_that_became_better() -> None:
    """Liu, Lee and Shroff (2018), section 5: less regret than D-UCB, SW-UCB, Exp3; fails once in 100,000 seeds.

    On Garivier and Moulines' two switches, with the windows of their rule; the paper has environments of its own.
    """
    rates = two_switches()
    mine = regrets("cusum_ucb", rates, 400)
    others: dict[str, dict[str, Any]] = {
        "discounted_ucb": {"gamma": 1 - math.sqrt(2 / 10_000) / 4},
        "sliding_window_ucb": {"window": round(2 * math.sqrt(10_000 * math.log(10_000) / 2))},
        "exp3": {},
        "ucb1": {},
    }
    for other, settings in others.items():
        assert surely_less(mine, regrets(other, rates, 400, **settings), RARE)
