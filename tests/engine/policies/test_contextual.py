"""The policies that tell recipients apart, step by step."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from engine import POLICIES, Scenario
from engine.blocks import template_of
from engine.linear import estimates
from engine.policy import choose_signature, update_signature
from engine.propensities import largest_normal_draw
from tests.engine.contract import Player, ask, ask_afresh, tell
from tests.engine.scenarios import scenario

SEGMENTS: dict[str, Any] = {
    "audience": [{"name": "New", "share": 0.5}, {"name": "Loyal", "share": 0.5}],
    "device": [{"name": "Mobile", "share": 0.6}, {"name": "Desktop", "share": 0.4}],
}
X = np.array([[1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]], np.float64)
"""Features of the four segments: a constant, loyal, desktop."""
TRACE = [(0, 0, 1.0), (3, 1, 0.0), (1, 0, 0.0), (2, 1, 1.0), (3, 0, 1.0), (0, 1, 0.0), (1, 1, 1.0), (2, 0, 0.0)]
"""Segment, line, reward."""


class Reference:
    """Ridge regression for one line, solved from all that it has seen."""

    def __init__(self, seen: list[tuple[int, int, float]], arm: int) -> None:
        mine = [(X[segment], reward) for segment, line, reward in seen if line == arm]
        self.A = np.eye(3) + sum((np.outer(x, x) for x, _ in mine), np.zeros((3, 3)))
        self.b = sum((reward * x for x, reward in mine), np.zeros(3))

    def estimate(self, segment: int) -> tuple[float, float]:
        x = X[segment]
        return float(x @ np.linalg.solve(self.A, self.b)), float(np.sqrt(x @ np.linalg.solve(self.A, x)))


def state_of(name: str, **settings: Any) -> tuple[Scenario, NDArray[np.float64]]:
    asked = scenario({"name": name, **settings}, rates=(0.1, 0.2), segments=SEGMENTS, sends=100)
    return asked, template_of(asked, 0).copy()


def learnt(name: str, seen: list[tuple[int, int, float]], **settings: Any) -> NDArray[np.float64]:
    _, state = state_of(name, **settings)
    update = POLICIES[name].update.function
    for sent, (segment, arm, reward) in enumerate(seen):
        update(state, 2, sent, sent, segment, arm, 1.0, reward)
    return state


def by_hand(seen: list[tuple[int, int, float]], segment: int) -> NDArray[np.float64]:
    """Estimates and deviations of both lines, (2, 2)."""
    return np.array([Reference(seen, arm).estimate(segment) for arm in range(2)]).T


@pytest.mark.parametrize("length", range(len(TRACE) + 1))
def test_estimates_are_those_of_ridge_regression(length: int) -> None:
    state = learnt("lin_ucb", TRACE[:length])
    for segment in range(4):
        np.testing.assert_allclose(estimates(state, 2, segment), by_hand(TRACE[:length], segment), atol=1e-12)


def test_the_first_steps_can_be_checked_in_the_head() -> None:
    """One conversion of line 0 in segment 0: A = diag(2, 1, 1), so x' A^-1 b = 1/2 and x' A^-1 x = 1/2 there."""
    state = learnt("lin_ucb", [(0, 0, 1.0)])
    np.testing.assert_allclose(estimates(state, 2, 0), [[0.5, 0.0], [np.sqrt(0.5), 1.0]])
    np.testing.assert_allclose(estimates(state, 2, 3), [[0.5, 0.0], [np.sqrt(2.5), np.sqrt(3.0)]])


def test_lin_ucb_sends_the_highest_score() -> None:
    """Before anything is known, both scores are 0.7 |x| and tie."""
    _, state = state_of("lin_ucb", exploration=0.7)
    assert POLICIES["lin_ucb"].choice_probabilities(state, 2, 0, 3, 0b11).tolist() == [0.5, 0.5]
    for length in range(len(TRACE) + 1):
        state = learnt("lin_ucb", TRACE[:length], exploration=0.7)
        for segment in range(4):
            mean, deviation = by_hand(TRACE[:length], segment)
            scores = mean + 0.7 * deviation
            chances = POLICIES["lin_ucb"].choice_probabilities(state, 2, length, segment, 0b11)
            if abs(scores[0] - scores[1]) > 1e-9:
                assert chances[np.argmax(scores)] == 1.0


def test_the_compiled_functions_are_those_of_the_text() -> None:
    """The same trace through machine code, with conversions that come later."""
    for name in ("lin_ucb", "lin_thompson"):
        _, state = state_of(name)
        _, slow = state_of(name)
        spec = POLICIES[name]
        player = Player(name, 2)
        assert player.choose() in (0, 1)
        compiled = spec.update.compiled(update_signature())
        for sent, (_, arm, reward) in enumerate(TRACE):
            tell(compiled, state, 2, sent, sent, arm, 1.0, 0.0)
            tell(compiled, state, 2, sent, sent, arm, 0.0, reward)
            spec.update.function(slow, 2, sent, sent, 0, arm, 1.0, reward)
        np.testing.assert_allclose(state[8:], slow[8:], atol=1e-12)
        key = np.uint64(7)
        assert ask(spec.choose.compiled(choose_signature()), state, 2, 9, np.uint64(0b10), key) == 1


def test_linear_thompson_has_the_chances_that_it_tells() -> None:
    """On a hand-checkable trace: exactly of two normal draws, and in 40,000 choices; once in a million seeds."""
    state = learnt("lin_thompson", TRACE, spread=0.4)
    mean, deviation = by_hand(TRACE, 0)
    exact = stats.norm.sf(0, mean[0] - mean[1], 0.4 * np.hypot(*deviation))
    chances = POLICIES["lin_thompson"].choice_probabilities(state, 2, 9, 0, 0b11)
    np.testing.assert_allclose(chances, [exact, 1 - exact], atol=1e-9)
    out = np.zeros(40_000, np.int64)
    ask_afresh(POLICIES["lin_thompson"].choose.compiled(choose_signature()), state, 2, 9, np.uint64(0b11), out)
    assert stats.binomtest(int((out == 0).sum()), len(out), exact).pvalue > 1e-6


def test_the_largest_of_many_normal_draws() -> None:
    """Alike: the same chance each; far apart and of very different widths: by adaptive integration."""
    np.testing.assert_allclose(largest_normal_draw(np.zeros(7), np.full(7, 0.3), 0b1111111), np.full(7, 1 / 7))
    mean, deviation = np.array([0.05, 0.06, 0.2]), np.array([0.002, 0.0001, 0.3])
    from scipy.integrate import quad

    def density(x: float, arm: int) -> float:
        rest = [stats.norm.cdf(x, mean[i], deviation[i]) for i in range(3) if i != arm]
        return float(stats.norm.pdf(x, mean[arm], deviation[arm]) * np.prod(rest))

    expected = [
        quad(density, 0.0, 3.0, args=(arm,), points=[0.05, 0.0597, 0.06, 0.0603, 0.2], limit=400)[0] for arm in range(3)
    ]
    found = largest_normal_draw(mean, deviation, 0b111)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert largest_normal_draw(mean, deviation, 0b011)[2] == 0.0


def test_segments_share_nothing_where_thompson_is_kept_for_each() -> None:
    state = learnt("segment_thompson", [(2, 0, 1.0)] * 50 + [(2, 1, 0.0)] * 50)
    spec = POLICIES["segment_thompson"]
    assert spec.choice_probabilities(state, 2, 100, 2, 0b11)[0] > 1 - 1e-9
    for other in (0, 1, 3):
        np.testing.assert_allclose(spec.choice_probabilities(state, 2, 100, other, 0b11), [0.5, 0.5])
