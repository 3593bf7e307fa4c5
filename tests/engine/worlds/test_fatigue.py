"""How lines wear out."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.world import Course
from tests.engine.worlds.courses import case

FRESH = np.array([0.1, 0.06])


def rates_after(course: Course, own_sends: float) -> Any:
    return course.rates[0, 0] * (course.lowest + (1 - course.lowest) * course.kept**own_sends)


@given(st.integers(1, 1_000_000), st.floats(0, 1))
def test_half_of_what_can_be_lost_is_lost_after_the_half_life(half_life: int, lowest: float) -> None:
    course = case("fatigue", [*FRESH], 100, half_life=half_life, lowest=lowest).course()
    np.testing.assert_allclose(rates_after(course, 0), FRESH)
    np.testing.assert_allclose(rates_after(course, half_life), FRESH * (1 + lowest) / 2, rtol=1e-9)
    np.testing.assert_allclose(rates_after(course, 2 * half_life), FRESH * (1 + 3 * lowest) / 4, rtol=1e-9)
    np.testing.assert_allclose(rates_after(course, 1000 * half_life), FRESH * lowest, atol=1e-300)


def test_each_send_leaves_the_half_lifes_root_of_a_half() -> None:
    for half_life in (1, 2, 7, 5_000, 100_000_000):
        kept = case("fatigue", [*FRESH], 10, half_life=half_life).course().kept
        assert kept == pytest.approx(0.5 ** (1 / half_life), rel=1e-15)


def test_nothing_happens_by_itself() -> None:
    course = case("fatigue", [*FRESH], 1_000_000).course(5, 10)
    assert (course.ends.tolist(), course.rows.tolist()) == ([1_000_000], [0])
    np.testing.assert_array_equal(course.rates, [[FRESH]])
