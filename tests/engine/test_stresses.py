"""A stress changes what it says it changes and nothing else, and refuses with a reason where there is no room for it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Scenario, from_link, to_link
from engine.presets import PRESETS
from engine.stress import turns_of
from engine.stresses import PLANNED, STRESSES, stressed
from tests.engine.scenarios import scenario, scenario_dicts

RATES = (0.04, 0.05, 0.06)


def asked(**fields: Any) -> Scenario:
    return scenario("ab_split", "thompson", rates=RATES, **{"sends": 1_000, "replications": 5} | fields)


def under(name: str, given_scenario: Scenario | None = None) -> Scenario:
    """The scenario under a stress that it has room for."""
    found = stressed(given_scenario or asked(), name).scenario
    assert found is not None
    return found


def test_as_planned_is_the_scenario_itself() -> None:
    assert under(PLANNED) == asked()


@pytest.mark.parametrize("name", [name for name in STRESSES if name != PLANNED])
def test_recipients_and_policies_stay(name: str) -> None:
    changed, before = under(name), asked(guardrails=[{"name": "holdout"}], update_every=10)
    changed = under(name, before)
    for field in ("policies", "sends", "replications", "seed", "guardrails", "update_every", "goal"):
        assert getattr(changed, field) == getattr(before, field)
    assert [arm.name for arm in changed.arms] == [arm.name for arm in before.arms]
    assert changed != before


@pytest.mark.parametrize("name", [name for name in STRESSES if name not in (PLANNED, "close")])
def test_lines_keep_their_rates_at_the_start(name: str) -> None:
    """Of a season the rates are those over the week, of misleading opens they are the opens."""
    open_rates = PRESETS["classic"].scenario
    assert under(name, open_rates).world.world_seed == open_rates.world.world_seed  # type: ignore[attr-defined]
    given_rates = [arm.rate for arm in under(name, open_rates).arms]
    assert given_rates == pytest.approx(open_rates.rates()[0]) or given_rates == [None] * 5


def test_the_best_line_and_one_from_the_middle_swap_half_way() -> None:
    course = under("change").course()
    assert course.ends.tolist() == [500, 1_000]
    assert course.rates[0].tolist() == [[0.04, 0.05, 0.06], [0.04, 0.06, 0.05]]


def test_of_two_lines_the_other_one_takes_over() -> None:
    course = under("change", scenario("thompson", "ab_split", rates=(0.5, 0.2), sends=11)).course()
    assert course.ends.tolist() == [5, 11]
    assert course.rates[0].tolist() == [[0.5, 0.2], [0.2, 0.5]]


def test_where_the_middle_of_the_field_is_as_good_another_line_takes_over() -> None:
    course = under("change", scenario("thompson", "ab_split", rates=(0.5, 0.5, 0.5, 0.1), sends=10)).course()
    assert course.rates[0, 1].tolist() == [0.1, 0.5, 0.5, 0.5]


def test_a_line_that_got_forty_percent_of_the_sends_converts_half_as_often() -> None:
    course = under("fatigue").course()
    assert course.lowest == 0.0
    assert course.kept**400 == pytest.approx(0.5)


def test_drift_is_sized_to_the_campaign() -> None:
    """Typically 0.4 on the logit by the end, whatever the number of sends; fails once in 100,000 seeds."""
    for sends in (1_000, 100_000):
        campaigns = 400
        course = under("drift", asked(sends=sends, replications=campaigns)).course(0, campaigns)
        logits = np.log(course.rates / (1 - course.rates))
        assert course.rates[:, 0] == pytest.approx(np.broadcast_to(RATES, (campaigns, 3)), rel=0.2)
        moved = (logits[:, -1] - np.log(np.divide(RATES, np.subtract(1, RATES)))).ravel()
        assert moved.std() == pytest.approx(0.4, rel=0.1)
        assert abs(moved.mean()) < 4.42 * 0.4 / np.sqrt(len(moved))


def test_close_rates_keep_their_mean_and_order_and_lead_by_a_ninth() -> None:
    for rates in (RATES, (0.1, 0.6, 0.3, 0.2), (0.9, 0.1)):
        close = np.array([arm.rate for arm in under("close", scenario("thompson", "ab_split", rates=rates)).arms])
        assert close.mean() == pytest.approx(np.mean(rates))
        assert close.max() / close.mean() == pytest.approx(10 / 9)
        assert (np.argsort(close) == np.argsort(rates)).all()


def test_close_rates_of_two_lines_are_as_four_to_five() -> None:
    low, high = sorted(arm.rate or 0.0 for arm in under("close", scenario("thompson", rates=(0.02, 0.07))).arms)
    assert [low, high] == pytest.approx([0.04, 0.05])


def test_late_replies_take_a_day() -> None:
    changed = under("late", asked(world={"name": "fatigue"}))
    assert changed.delay.model_dump()["mean_hours"] == 24.0
    assert changed.world.name == "fatigue"


@pytest.mark.parametrize("name", ["season", "late"])
def test_a_pace_is_chosen_where_there_is_none(name: str) -> None:
    found = stressed(asked(), name)
    assert found.pace == 6  # 1,000 sends in 168 hours
    assert found.scenario is not None
    assert found.scenario.sends_per_hour == 6
    paced = stressed(asked(sends_per_hour=100), name)
    assert paced.pace is None
    assert paced.scenario is not None
    assert paced.scenario.sends_per_hour == 100


def test_own_settings_that_give_way_are_named() -> None:
    two = {"audience": [{"name": "Odd", "share": 0.5}, {"name": "Even", "share": 0.5}]}
    moving = asked(world={"name": "fatigue"}, delay={"name": "exponential"}, sends_per_hour=10, segments=two)
    assert {name: stressed(moving, name).gives_way for name in STRESSES} == {
        "none": None,
        "late": "delay",
        "audiences": "segments",
        **dict.fromkeys(("drift", "change", "season", "fatigue", "close", "opens"), "world"),
    }
    assert not any(stressed(asked(), name).gives_way for name in STRESSES)


def test_two_audiences_like_opposite_lines_and_leave_all_recipients_alone() -> None:
    halves = under("audiences").segmentation
    rates = np.array(RATES)
    np.testing.assert_allclose(halves.rates(rates), [[0.056, 0.03, 0.084], [0.024, 0.07, 0.036]])
    np.testing.assert_allclose(halves.mean_rates(rates), rates)


def test_near_a_hundred_per_cent_audiences_are_less_far_apart() -> None:
    high = scenario("ab_split", rates=(0.8, 0.5))
    assert stressed(high, "audiences").size == "±25% by half"
    assert under("audiences", high).rates()[0] == pytest.approx([0.8, 0.5])
    assert "nearly everybody" in stressed(scenario("ab_split", rates=(0.99, 0.5)), "audiences").reason


def test_where_there_is_no_room_the_reason_is_told() -> None:
    alike = asked().with_changes(arms=[{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.1}])
    assert stressed(alike, "change").scenario is None
    assert stressed(alike, "change").reason == "All lines convert alike, so no winner can change."
    assert stressed(alike, "close").reason == "The lines are as close as that already."
    anew = asked().with_changes(arms=[{"name": "A"}, {"name": "B"}], world={"name": "stationary", "redraw": True})
    assert "drawn anew" in stressed(anew, "close").reason
    assert stressed(anew, "change").size == "at some moment"
    repeated = asked().with_changes(recurring={}, sends_per_hour=100)
    assert (
        stressed(repeated, "opens").reason == "An open belongs to its own e-mail: a credit rule has nothing to go by."
    )


@given(scenario_dicts())
def test_every_scenario_gets_every_stress_or_a_reason(raw: dict[str, Any]) -> None:
    given_scenario = Scenario.from_dict(raw)
    for name in STRESSES:
        found = stressed(given_scenario, name)
        if found.scenario is None:
            assert found.reason.endswith((".", ")"))
        else:
            assert found.size
            assert from_link(to_link(found.scenario)) == found.scenario


@given(st.sampled_from(sorted(STRESSES)), st.sampled_from(sorted(PRESETS)))
def test_presets_have_room_for_nearly_every_stress(name: str, preset: str) -> None:
    found = stressed(PRESETS[preset].scenario, name)
    repeats = PRESETS[preset].scenario.recurring is not None
    assert found.scenario is not None or name in ("change", "close") or (repeats and name == "opens")


def test_the_winner_that_changes_is_the_one_that_is_worth_most() -> None:
    """A converts most, but B's orders are dearer: B leads, and the line that takes its rate leads after it."""
    lines = [{"name": "A", "rate": 0.06, "order_value": 10.0}, {"name": "B", "rate": 0.05, "order_value": 30.0}]
    priced = asked().with_changes(
        arms=[*lines, {"name": "C", "rate": 0.02, "order_value": 40.0}], money={"spread": 0.0}, goal="revenue"
    )
    turned = stressed(priced, "change").scenario
    assert turned is not None
    assert turns_of(turned) == [{"at": priced.sends // 2, "before": [1], "after": [2]}]
    hopeless = priced.with_changes(arms=[lines[0] | {"order_value": 1.0}, lines[1]])
    assert stressed(hopeless, "change").reason == "Even with the rate of the best line no other one would lead."
