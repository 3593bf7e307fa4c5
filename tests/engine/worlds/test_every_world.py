"""What every world promises, whatever its settings."""

import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.drawn_rates import DrawnRates
from tests.engine.worlds.courses import Case, campaign, case, cases, each_send

CHANGING = [name for name, spec in engine.WORLDS.items() if spec.course is not None]
MOST_ROWS = 513
any_case = st.sampled_from(CHANGING).flatmap(cases)


def redraws(world: Case) -> bool:
    assert isinstance(world.parameters, DrawnRates)
    return world.parameters.redraw


def test_all_changing_worlds_are_here() -> None:
    assert CHANGING == ["change_point", "drifting", "fatigue", "inflated_opens", "rotating", "seasonal"]


@given(any_case)
def test_a_course_is_of_the_declared_form(world: Case) -> None:
    count, K = 3, len(world.given)
    assert world.problem() is None
    course = world.course(2, count)
    spells = len(course.ends)
    assert (np.diff(course.ends, prepend=0) > 0).all()
    assert course.ends[-1] == world.campaign.sends
    assert course.rows.shape == (spells,)
    assert course.rates.shape == (count if redraws(world) else 1, course.rows.max() + 1, K)
    assert course.rates.shape[1] <= MOST_ROWS
    assert [str(array.dtype) for array in (course.ends, course.rows, course.rates)] == ["int64", "int64", "float64"]
    assert course.rates.flags.c_contiguous
    assert 0 <= course.kept <= 1
    assert 0 <= course.lowest <= 1


@given(any_case)
def test_every_rate_is_a_share_and_no_success_is_kept_from_the_policy(world: Case) -> None:
    course = world.course(count=3)
    assert ((course.rates >= 0) & (course.rates <= 1)).all()
    if course.seen is not None:
        assert course.seen.shape == course.rates.shape
        assert ((course.seen >= course.rates) & (course.seen <= 1)).all()


@given(any_case)
def test_a_line_is_always_there(world: Case) -> None:
    course, K = world.course(), len(world.given)
    if course.present is not None:
        assert course.present.shape == (course.rates.shape[1],)
        assert course.present.dtype == np.uint64
        assert all(0 < int(mask) < 2**K for mask in course.present)


@given(any_case, st.integers(0, 20), st.integers(1, 4))
def test_a_replication_has_its_course_whatever_else_is_asked_for(world: Case, first: int, count: int) -> None:
    together, apart = world.course(0, 24), world.course(first, count)
    chosen = slice(first, first + count) if redraws(world) else slice(None)
    np.testing.assert_array_equal(apart.rates, together.rates[chosen])
    if apart.seen is not None and together.seen is not None:
        np.testing.assert_array_equal(apart.seen, together.seen[chosen])
    np.testing.assert_array_equal(each_send(apart), each_send(together))


@given(any_case, st.integers(0, 20), st.integers(1, 4))
def test_a_course_starts_with_the_rates_of_the_first_send(world: Case, first: int, count: int) -> None:
    course = world.course(first, count)
    at_first = np.broadcast_to(course.rates[:, course.rows[0]], (count, len(world.given)))
    np.testing.assert_array_equal(world.rates(first, count), at_first)


@pytest.mark.parametrize("name", CHANGING)
def test_a_world_explains_itself(name: str) -> None:
    spec = engine.WORLDS[name]
    assert spec.title
    assert spec.plain.endswith(".")
    assert spec.parameters.__doc__


def test_default_settings_go_with_a_usual_campaign() -> None:
    for name in CHANGING:
        scenario = {"arms": [{"name": "A"}, {"name": "B"}], "policies": [{"name": "ab_split"}], "world": {"name": name}}
        world = engine.Scenario.from_dict(scenario | {"sends_per_hour": 100}).world
        assert Case(world, [None, None], campaign(10_000, sends_per_hour=100)).problem() is None


@given(any_case)
def test_a_scenario_keeps_its_world_as_text_and_in_a_link(world: Case) -> None:
    raw = {
        "arms": [{"name": name} for name in world.campaign.lines],
        "policies": [{"name": "ab_split"}],
        "world": world.parameters.model_dump(mode="json"),
        "sends": world.campaign.sends,
        "sends_per_hour": world.campaign.sends_per_hour,
    }
    scenario = engine.Scenario.from_dict(raw)
    assert scenario.world == world.parameters
    assert engine.Scenario.from_dict(scenario.to_dict()) == scenario
    assert engine.from_link(engine.to_link(scenario)).digest() == scenario.digest()


@pytest.mark.parametrize(
    ("name", "settings", "digest"),
    [
        ("change_point", {"random_changes": 9}, "d03f073f9aa2"),
        ("drifting", {"how": "linear", "directions": "drawn"}, "2d7ab06689ae"),
        ("drifting", {"how": "random_walk"}, "bc60c1586b42"),
        ("fatigue", {}, "1833e0b20317"),
        ("inflated_opens", {"how": "independent"}, "7f9f626847e1"),
        ("inflated_opens", {"how": "clickbait"}, "9051dbc1ce65"),
        ("rotating", {}, "5b111e7a5220"),
        ("seasonal", {"tastes": "by_place"}, "8040c24fd064"),
        ("seasonal", {"tastes": "drawn"}, "d7f9ae56c4f1"),
    ],
)
def test_courses_are_the_same_to_the_last_bit_on_every_machine(
    name: str, settings: dict[str, Any], digest: str
) -> None:
    """What links promise. Where a course is changed on purpose, `engine/version.py` changes with it."""
    found = hashlib.sha256()
    for redraw in (False, True):
        world = case(name, [None, None, 0.3, None, 0.05], 20_000, pace=50, redraw=redraw, draw="beta", **settings)
        course = world.course(0, 20)
        for array in (course.ends, course.rows, course.rates, course.seen, course.present):
            found.update(b"" if array is None else array.tobytes())
        found.update(repr((course.kept, course.lowest)).encode())
    assert found.hexdigest()[:12] == digest
