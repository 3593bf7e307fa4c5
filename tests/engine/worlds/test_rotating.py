"""Lines that come and go."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.world import Course
from tests.engine.worlds.courses import case, each_send, schedules

BASE = (0.1, 0.4, 0.2, 0.3)


def stay(arm: int, joins: int = 0, leaves: int | None = None) -> dict[str, Any]:
    return {"arm": f"line {arm}", "joins": joins, "leaves": leaves}


def there(course: Course, lines: int) -> np.ndarray:
    """Which lines are there at each send, bool (sends, K)."""
    assert course.present is not None
    masks = course.present[each_send(course)]
    found: np.ndarray = (masks[:, np.newaxis] >> np.arange(lines, dtype=np.uint64)) & np.uint64(1) == 1
    return found


@given(schedules(4, 200).filter(bool))
def test_lines_are_there_when_the_schedule_says(schedule: list[dict[str, Any]]) -> None:
    found = there(case("rotating", [*BASE], 200, schedule=schedule).course(), 4)
    for arm in range(4):
        stays = [one for one in schedule if one["arm"] == f"line {arm}"]
        for send in range(200):
            expected = any(one["joins"] <= send < (one["leaves"] or 200) for one in stays) or not stays
            assert found[send, arm] == expected


@given(st.integers(2, 64).flatmap(lambda K: st.tuples(st.just(K), st.integers(0, K - 1))), st.integers(64, 10_000))
def test_newcomers_join_one_by_one_and_the_oldest_leave(lines: tuple[int, int], sends: int) -> None:
    K, newcomers = lines
    found = there(case("rotating", [0.5] * K, sends, newcomers=newcomers).course(), K)
    assert (found.sum(axis=1) == K - newcomers).all()
    assert found.any(axis=0).all()
    moments = np.flatnonzero((found[1:] != found[:-1]).any(axis=1)) + 1
    assert moments.tolist() == [sends * number // (newcomers + 1) for number in range(1, newcomers + 1)]
    assert (found[-1] == (np.arange(K) >= newcomers)).all()


def test_newcomers_may_join_without_anybody_leaving() -> None:
    found = there(case("rotating", [*BASE], 300, newcomers=2, oldest_leaves=False).course(), 4)
    assert found.sum(axis=1).tolist() == [2] * 100 + [3] * 100 + [4] * 100
    assert found[:, :2].all()


def test_rates_stay() -> None:
    course = case("rotating", [*BASE], 300, newcomers=3).course()
    assert (course.rates == np.array(BASE)).all()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"schedule": [{"arm": "nobody"}]},
            (
                "world.schedule.0.arm: got 'nobody'; must be one of the campaign's lines. "
                "Write its name as the line has it."
            ),
        ),
        (
            {"schedule": [stay(0), stay(1, 100)]},
            (
                "world.schedule.1.joins: got 100; with sends = 100 the line would never be sent. "
                "Enter fewer, or raise sends."
            ),
        ),
        (
            {"schedule": [stay(1, 5, 100)]},
            (
                "world.schedule.0.leaves: got 100; with sends = 100 the campaign is over by then. "
                "Enter fewer, or leave it out."
            ),
        ),
        (
            {"schedule": [stay(0, 0, 30), stay(1, 10, 40), stay(2, 60), stay(3, 0, 5)]},
            (
                "world.schedule: got no line after 40 sends until 60; at least one must always be there. "
                "Let one leave later or join earlier."
            ),
        ),
        (
            {"schedule": [stay(arm, 20) for arm in range(4)]},
            (
                "world.schedule: got no line after 0 sends until 20; at least one must always be there. "
                "Let one leave later or join earlier."
            ),
        ),
        (
            {"newcomers": 4},
            (
                "world.newcomers: got 4; of 4 lines at most 3 can join later, as one must be there from the start. "
                "Enter 3 or fewer, or add lines."
            ),
        ),
        ({"newcomers": 3}, None),
        ({"schedule": [stay(0, 0, 40), stay(0, 40)]}, None),
        ({"newcomers": 60, "schedule": [stay(0, 0, 40), stay(0, 60)]}, None),
    ],
)
def test_the_schedule_must_go_with_the_campaign(settings: dict[str, Any], sentence: str | None) -> None:
    assert case("rotating", [*BASE], 100, **settings).problem() == sentence


def test_newcomers_need_sends() -> None:
    sentence = "world.newcomers: got 2; with sends = 2 at most 1 can join. Enter 1 or fewer."
    assert case("rotating", [*BASE], 2, newcomers=2).problem() == sentence
    assert case("rotating", [*BASE], 2, newcomers=1).problem() is None


@pytest.mark.parametrize(("joins", "leaves"), [(50, 50), (50, 20)])
def test_a_line_leaves_after_it_has_joined(joins: int, leaves: int) -> None:
    with pytest.raises(ValidationError, match=rf"leaves: got {leaves}, with joins = {joins}; a line must join before"):
        case("rotating", [*BASE], 100, schedule=[stay(0, joins, leaves)])


@pytest.mark.parametrize("first", [stay(1, 0, 60), stay(1, 0)])
def test_stays_of_a_line_do_not_overlap(first: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"schedule: got 'line 1' joining after 50 sends while it is still there"):
        case("rotating", [*BASE], 100, schedule=[stay(1, 50), first])
