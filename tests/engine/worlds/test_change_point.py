"""Sudden changes, given or at random. Statistical checks fail a correct world once in a million seeds."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy import stats

from engine.world import Course
from tests.engine.worlds.courses import case, changes, each_send

RARE = 1e-6
BASE = (0.1, 0.4, 0.2, 0.3)


def change(arm: int, at: int, rate: float = 0.5) -> dict[str, Any]:
    return {"arm": f"line {arm}", "at": at, "rate": rate}


def swaps(course: Course) -> np.ndarray:
    """Whether rates change at the start of each row but the first, (B, T - 1)."""
    moved: np.ndarray = (np.diff(course.rates, axis=1) != 0).any(axis=2)
    return moved


def test_the_published_switching_problem() -> None:
    """Garivier and Moulines (2011): the third of three lines is best from 3,000 to 5,000 only."""
    world = case("change_point", [0.5, 0.3, 0.4], 10_000, changes=[change(2, 3000, 0.9), change(2, 5000, 0.4)])
    course = world.course()
    rates = course.rates[0, each_send(course)]
    assert len(rates) == 10_000
    assert (rates[:, :2] == [0.5, 0.3]).all()
    assert (rates[3000:5000, 2] == 0.9).all()
    assert (rates[:3000, 2] == 0.4).all()
    assert (rates[5000:, 2] == 0.4).all()


@given(changes(4, 200).filter(bool), st.randoms(use_true_random=False))
def test_each_send_has_the_rate_of_the_last_change_before(given_changes: list[dict[str, Any]], order: Any) -> None:
    shuffled = order.sample(given_changes, len(given_changes))
    course = case("change_point", [*BASE], 200, changes=shuffled).course()
    found = course.rates[0, each_send(course)]
    for send in range(200):
        expected = dict(enumerate(BASE))
        for one in sorted(given_changes, key=lambda one: one["at"]):
            if one["at"] <= send:
                expected[int(one["arm"][5:])] = one["rate"]
        assert found[send].tolist() == list(expected.values())


@pytest.mark.parametrize(("sends", "number"), [(2, 1), (50, 49), (50, 7), (10_000, 100), (10_000, 0)])
def test_as_many_random_changes_as_asked_for(sends: int, number: int) -> None:
    course = case("change_point", [*BASE], sends, random_changes=number, redraw=True).course(0, 50)
    assert (swaps(course).sum(axis=1) == number).all()


@given(st.integers(0, 2**53 - 1), st.lists(st.floats(0, 1), min_size=2, max_size=8, unique=True))
def test_random_changes_deal_the_same_rates_to_other_lines(seed: int, base: list[float]) -> None:
    course = case("change_point", [*base], 300, random_changes=20, world_seed=seed).course()
    assert (np.sort(course.rates) == np.sort(base)).all()
    best = course.rates[0].argmax(axis=1)
    assert ((np.diff(best) != 0) == swaps(course)[0]).all()


def test_moments_and_heirs_are_drawn_evenly() -> None:
    course = case("change_point", [*BASE], 101, random_changes=1, redraw=True).course(0, 5_000)
    moments = swaps(course).sum(axis=0)
    assert stats.chisquare(moments).pvalue > RARE
    last = course.rates[:, -1]
    # From line 1 the best rate goes to each other line alike; then the other rates are in any order.
    _, orders = np.unique(last, axis=0, return_counts=True)
    assert len(orders) == 18
    assert stats.chisquare(orders).pvalue > RARE


def test_the_world_seed_decides_the_changes() -> None:
    one, other = (case("change_point", [*BASE], 400, random_changes=9, world_seed=seed).course() for seed in (1, 2))
    assert (one.rates != other.rates).any()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"changes": [change(0, 50), {"arm": "Line 0", "at": 60, "rate": 0.5}]},
            "world.changes.1.arm: got 'Line 0'; must be one of the campaign's lines. Write its name as the line has it.",
        ),
        (
            {"changes": [change(0, 100)]},
            (
                "world.changes.0.at: got 100; with sends = 100 a change must leave sends to the new rate. "
                "Enter fewer, or raise sends."
            ),
        ),
        (
            {"random_changes": 100},
            "world.random_changes: got 100; with sends = 100 at most 99 are possible. Enter 99 or fewer.",
        ),
        ({"changes": [change(0, 99)], "random_changes": 100}, None),
        ({"random_changes": 99}, None),
    ],
)
def test_changes_must_go_with_the_campaign(settings: dict[str, Any], sentence: str | None) -> None:
    assert case("change_point", [*BASE], 100, **settings).problem() == sentence


def test_two_changes_of_a_line_at_once_are_refused() -> None:
    with pytest.raises(
        ValidationError,
        match=r"changes: got 2 of 'line 1' at 3,000; a line has one rate at a time\. Keep one of them\.",
    ):
        case("change_point", [*BASE], 9_000, changes=[change(1, 3000), change(0, 3000), change(1, 3000, 0.6)])


def test_names_are_tidied_as_those_of_lines_are() -> None:
    world = case("change_point", [*BASE], 100, changes=[{"arm": " line   1 ", "at": 5, "rate": 0.5}])
    assert world.problem() is None
