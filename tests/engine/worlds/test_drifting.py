"""Slow moves of the rates. Statistical checks fail a correct world once in a million seeds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import special, stats

from engine.world import Course
from tests.engine.worlds.courses import case

RARE = 1e-6
BASE = (0.05, 0.06, 0.5)


def logits(course: Course) -> NDArray[np.float64]:
    """How far each line is from where it began, (B, T, K)."""
    moved: NDArray[np.float64] = special.logit(course.rates) - special.logit(np.array(BASE))
    return moved


@given(st.floats(0, 6), st.integers(2, 100_000))
def test_a_linear_drift_ends_where_it_should(drift: float, sends: int) -> None:
    found = logits(case("drifting", [*BASE], sends, drift=drift).course())
    np.testing.assert_allclose(found[0, -1], [drift, -drift, drift], atol=1e-9)
    np.testing.assert_allclose(found[0, 0], 0, atol=1e-12)
    np.testing.assert_allclose(np.diff(found[0], n=2, axis=0), 0, atol=1e-9)


def test_one_send_has_no_time_to_drift() -> None:
    np.testing.assert_array_equal(case("drifting", [*BASE], 1, drift=3.0).course().rates, [[BASE]])


def test_drawn_directions_are_up_or_down_with_even_chances() -> None:
    course = case("drifting", [*BASE], 100, drift=1.0, directions="drawn", redraw=True).course(0, 4_000)
    last = logits(course)[:, -1]
    np.testing.assert_allclose(np.abs(last), 1, atol=1e-9)
    for arm in range(3):
        assert stats.binomtest(int((last[:, arm] > 0).sum()), 4_000).pvalue > RARE
    assert stats.binomtest(int((last[:, 0] * last[:, 1] > 0).sum()), 4_000).pvalue > RARE


@pytest.mark.parametrize("sends", [40, 1_000, 40_000])
def test_a_walk_wanders_with_the_root_of_the_sends(sends: int) -> None:
    """Normal, with the variance asked for: before the last spell, wander² per 10,000 sends."""
    course = case("drifting", [*BASE], sends, how="random_walk", wander=0.5, furthest=10.0, redraw=True).course(
        0, 4_000
    )
    for row in (1, len(course.ends) // 2, len(course.ends) - 1):
        spread = 0.5 * np.sqrt(course.ends[row - 1] / 10_000)
        for arm in range(3):
            assert stats.kstest(logits(course)[:, row, arm], stats.norm(0, spread).cdf).pvalue > RARE


def test_a_walk_has_independent_steps_and_lines() -> None:
    course = case("drifting", [*BASE], 10_000, how="random_walk", furthest=10.0, redraw=True).course(0, 4_000)
    steps = np.diff(logits(course), axis=1)
    assert stats.spearmanr(steps[:, 0, 0], steps[:, 1, 0]).pvalue > RARE
    assert stats.spearmanr(steps[:, 0, 0], steps[:, 0, 1]).pvalue > RARE


def test_a_walk_turns_back_at_its_bound() -> None:
    course = case("drifting", [*BASE], 1_000_000, how="random_walk", wander=10.0, furthest=0.5).course()
    found = np.abs(logits(course))
    assert found.max() <= 0.5 + 1e-9
    assert stats.kstest(found[0, 1:].ravel() / 0.5, "uniform").pvalue > RARE


def test_turning_back_is_no_jump_to_the_other_end() -> None:
    """Steps of 0.05, typically; at both bounds the walk goes on from where it turned."""
    course = case("drifting", [*BASE], 1_000_000, how="random_walk", wander=0.1, furthest=0.5, redraw=True).course(
        0, 50
    )
    found = logits(course)
    assert found.min() < -0.45
    assert found.max() > 0.45
    assert np.abs(np.diff(found, axis=1)).max() < 0.5


def test_a_walk_begins_at_the_base_rate_and_follows_the_world_seed() -> None:
    one, other = (case("drifting", [*BASE], 500, how="random_walk", world_seed=seed).course() for seed in (1, 2))
    np.testing.assert_array_equal(one.rates[0, 0], BASE)
    assert (one.rates[0, 1:] != other.rates[0, 1:]).all()


def test_a_line_wanders_its_way_whatever_lines_there_are() -> None:
    one, other = (case("drifting", [*lines], 500, how="random_walk").course() for lines in (BASE, BASE[:2]))
    np.testing.assert_array_equal(one.rates[:, :, :2], other.rates)


@pytest.mark.parametrize("how", ["linear", "random_walk"])
def test_what_nobody_or_everybody_converts_to_stays(how: str) -> None:
    course = case("drifting", [0.0, 1.0], 1_000, how=how, drift=10.0, wander=10.0).course()
    assert (course.rates == [0, 1]).all()
