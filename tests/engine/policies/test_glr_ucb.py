"""GLR-klUCB against the paper's algorithm, worked out from the whole history at every send."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from engine.bounds import CONVERSIONS, SENDS
from engine.detectors import GLR_EVERY, GROUPS_ALIKE
from engine.policies.glr_ucb import START
from tests.engine.changing import History, campaign, regrets, responses_to, surely_less, two_switches
from tests.engine.contract import Player
from tests.engine.detection import divergence, glr_has_changed

RARE = stats.norm.isf(1e-5)
DELTA = 0.01


class Reference:
    """Besson and Kaufmann (2019), algorithm 1 with local restarts, tests every ten answers."""

    def __init__(self, K: int) -> None:
        self.known = 0
        self.kept: list[list[int]] = [[] for _ in range(K)]
        self.clocks = [0] * K
        self.restarts = 0

    def learn(self, arm: int, answer: int) -> None:
        self.known += 1
        self.kept[arm].append(answer)
        if len(self.kept[arm]) % GLR_EVERY == 0 and self.has_changed(self.kept[arm]):
            self.kept[arm] = []
            self.clocks[arm] = self.known
            self.restarts += 1

    def has_changed(self, answers: list[int]) -> bool:
        groups = [answers[place : place + GLR_EVERY] for place in range(0, len(answers), GLR_EVERY)]
        return glr_has_changed([(len(group), sum(group)) for group in groups], DELTA, GROUPS_ALIKE)

    def bounds(self) -> list[float]:
        return [self.bound(arm) for arm in range(len(self.kept))]

    def bound(self, arm: int) -> float:
        answers = self.kept[arm]
        if not answers:
            return math.inf
        rate = sum(answers) / len(answers)
        reach = math.log(self.known - self.clocks[arm] + 1) / len(answers)
        if rate == 1 or reach == 0:
            return rate
        return float(optimize.brentq(lambda q: divergence(rate, q) - reach, rate or 1e-300, 1 - 1e-15, xtol=1e-13))


def player_of(K: int, **settings: Any) -> Player:
    return Player("glr_ucb", K, sends=5_000, **{"alpha": 0, "delta": DELTA, **settings})


def after(history: History, K: int = 2, **settings: Any) -> Player:
    player = player_of(K, **settings)
    for sent, (arm, answer) in enumerate(history):
        player.learn(sent, arm, 1, answer)
    return player


def sums(player: Player) -> tuple[list[float], list[float]]:
    K = player.K
    sends, won = (player.state[START + row * K : START + (row + 1) * K] for row in (SENDS, CONVERSIONS))
    return sends.tolist(), won.tolist()


@pytest.mark.parametrize("seed", [1, 2])
def test_always_sends_the_highest_bound(seed: int) -> None:
    answers = responses_to(two_switches(1_500), seed)
    reference = Reference(3)
    for arm, answer in campaign(player_of(3), answers):
        now = reference.bounds()
        assert now[arm] == max(now) or now[arm] >= max(now) - 1e-10
        reference.learn(arm, answer)
    assert reference.restarts >= 1


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.integers(1, 40)), max_size=10), st.integers(1, 6))
def test_whatever_was_sent_and_may_be_sent(runs: list[tuple[int, bool, int]], mask: int) -> None:
    """Runs of equal answers, so that alarms ring."""
    history = [(arm, int(answer)) for arm, answer, times in runs for _ in range(times)]
    player, reference = after(history, 3), Reference(3)
    for arm, answer in history:
        reference.learn(arm, answer)
    now, chosen = reference.bounds(), player.choose(len(history), mask)
    may = [arm for arm in range(3) if mask >> arm & 1]
    assert now[chosen] == max(now[arm] for arm in may) or now[chosen] >= max(now[arm] for arm in may) - 1e-10
    assert sums(player) == ([len(kept) for kept in reference.kept], [sum(kept) for kept in reference.kept])


CHANGED: History = [(1, 1)] * 5 + [(0, 0)] * 20 + [(0, 1)] * 10
"""By hand: 20 ln(3/2) + 10 ln 3 = 19.1, above ln(3 30^1.5 / 0.01) = 10.8."""


def test_the_line_that_changed_is_the_only_one_started_anew() -> None:
    player = after(CHANGED)
    assert set(player.choices_afresh(50).tolist()) == {0}
    player.choose()
    assert sums(player) == ([0, 5], [0, 5])
    calm = after(CHANGED[:-1])  # the next test is due
    calm.choose()
    assert sums(calm) == ([29, 5], [9, 5])


def test_a_late_conversion_from_before_the_start_is_ignored() -> None:
    player = after(CHANGED)
    player.choose()
    before = player.state.copy()
    player.learn(20, 0, 0, 1, t=35)
    np.testing.assert_array_equal(player.state, before)
    player.learn(35, 0, 1, 0)
    player.learn(35, 0, 0, 1, t=36)
    assert sums(player) == ([1, 5], [1, 5])


def test_a_late_conversion_counts_in_the_next_test() -> None:
    """The first ten were told as misses; corrected, 20 of 20 after 10 of 10 are no change."""
    history = [(0, 0)] * 10 + [(0, 1)] * 9
    player = after(history)
    for sent in range(10):
        player.learn(sent, 0, 0, 1, t=19)
    player.learn(19, 0, 1, 1)
    player.choose()
    assert sums(player) == ([20, 0], [20, 0])
    changed = after([*history, (0, 1)])
    changed.choose()
    assert sums(changed) == ([0, 0], [0, 0])


def test_between_decisions_answers_are_looked_at_one_by_one() -> None:
    player = after([*CHANGED, (0, 0), (0, 0), (0, 1)])
    player.choose()
    assert sums(player) == ([3, 5], [1, 5])


@pytest.mark.parametrize("alpha", [0.3, 1.0])
def test_the_exploration_share_goes_to_all_lines_evenly(alpha: float) -> None:
    """Chi-square; fails once in 100,000 seeds."""
    player = after([(0, 1)] * 300 + [(1, 0)] * 300 + [(2, 0)] * 300, 3, alpha=alpha)
    counts = np.bincount(player.choices_afresh(30_000), minlength=3)
    shares = np.array([1 - alpha + alpha / 3, alpha / 3, alpha / 3])
    assert stats.chisquare(counts, 30_000 * shares).pvalue > 1e-5


def test_finds_the_line_that_became_better() -> None:
    """Besson and Kaufmann (2019), abstract: less regret than policies that forget; fails once in 100,000 seeds.

    On Garivier and Moulines' two switches, with the windows of their rule; the paper has problems of its own.
    """
    rates = two_switches()
    mine = regrets("glr_ucb", rates, 400)
    others: dict[str, dict[str, Any]] = {
        "discounted_ucb": {"gamma": 1 - math.sqrt(2 / 10_000) / 4},
        "discounted_thompson": {},
        "sliding_window_ucb": {"window": round(2 * math.sqrt(10_000 * math.log(10_000) / 2))},
        "kl_ucb": {},
    }
    for other, settings in others.items():
        assert surely_less(mine, regrets(other, rates, 400, **settings), RARE)
