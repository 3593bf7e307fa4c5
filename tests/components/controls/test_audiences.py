"""Splits of the recipients: what is added and removed, what follows, and that it is never the wrong group."""

from typing import Any

import pytest

from components.controls.audiences import dimensions_of, free_dimensions
from components.controls.draft import Draft, draft_of, follow, overlay, shown_value
from components.controls.view import View
from engine import Scenario
from engine.presets import PRESETS
from engine.segments import DIMENSIONS, MOST_GROUPS, MOST_SEGMENTS

MOST = 4
CLASSIC = draft_of(PRESETS["classic"].scenario)
LINES = len(CLASSIC["arms"])


def after(draft: Draft, *events: dict[str, Any]) -> Draft:
    return follow(draft, events, MOST)


def picked(dimension: Any) -> dict[str, Any]:
    return {"press": "pick-dimension", "at": dimension}


def pressed(do: str, at: Any = None) -> dict[str, Any]:
    return {"press": do, "at": at}


def typed(path: str, value: Any) -> dict[str, Any]:
    return {"field": f"segments.{path}", "value": value}


def shares(draft: Draft, dimension: str = "audience") -> list[Any]:
    return [group["share"] for group in draft["segments"][dimension]]


def names(draft: Draft, dimension: str = "time_of_day") -> list[str]:
    return [group["name"] for group in draft["segments"][dimension]]


def errors(draft: Draft) -> dict[str, str]:
    return View(draft, MOST).errors


TWO = after(CLASSIC, picked("audience"))
THREE = after(CLASSIC, picked("time_of_day"))


# Splits


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_split_can_be_run_at_once_and_taken_away_again(dimension: str) -> None:
    split = after(CLASSIC, picked(dimension), picked(dimension))
    assert Scenario.from_dict(split).is_segmented
    assert (Scenario.from_dict(split).segmentation.times == 1).all(), "all groups convert alike at first"
    assert dimension not in free_dimensions(split)
    assert after(split, pressed("remove-dimension", dimension)) == CLASSIC


def test_usual_groups_have_usual_shares() -> None:
    every = after(CLASSIC, *(picked(dimension) for dimension in DIMENSIONS))
    assert {name: list(zip(names(every, name), shares(every, name), strict=True)) for name in DIMENSIONS} == {
        "audience": [("New subscribers", 0.5), ("Loyal customers", 0.5)],
        "device": [("Mobile", 0.6), ("Desktop", 0.4)],
        "time_of_day": [("Morning", 0.4), ("Afternoon", 0.35), ("Evening", 0.25)],
    }
    assert free_dimensions(every) == []


def test_the_last_split_takes_the_guardrail_along_that_needs_one() -> None:
    guarded = after(
        TWO, picked("device"), pressed("pick-guardrail", "segment_fairness"), pressed("pick-guardrail", "holdout")
    )
    one = after(guarded, pressed("remove-dimension", "audience"))
    assert [rail["name"] for rail in one["guardrails"]] == ["segment_fairness", "holdout"]
    none = after(one, pressed("remove-dimension", "device"))
    assert [rail["name"] for rail in none["guardrails"]] == ["holdout"]
    Scenario.from_dict(none)


# The last share is the rest


def test_the_last_share_follows_what_is_typed() -> None:
    assert shares(after(TWO, typed("audience.0.share", 70))) == [0.7, 0.3]
    assert shares(after(THREE, typed("time_of_day.1.share", 33.3)), "time_of_day") == [0.4, 0.333, 0.267]
    assert shown_value(0.267, "segments.time_of_day.2.share") == 26.7


@pytest.mark.parametrize("wrong", [None, 0, -3, 110, "x"])
def test_the_last_share_waits_while_what_is_typed_is_no_share(wrong: Any) -> None:
    draft = after(TWO, typed("audience.0.share", wrong))
    assert shares(draft)[1] == 0.5
    assert set(errors(draft)) == {"segments.audience.0.share"}
    assert "%" in errors(draft)["segments.audience.0.share"]
    assert shares(after(draft, typed("audience.0.share", 80))) == [0.8, 0.2]


def test_where_nothing_is_left_the_split_says_so() -> None:
    draft = after(THREE, typed("time_of_day.0.share", 70))
    assert errors(draft) == {
        "segments.time_of_day": 'The others take 105%; nothing is left for "Evening". Make one of them smaller.'
    }
    assert errors(after(draft, typed("time_of_day.0.share", 60))) == {}


def test_a_share_that_stays_changes_nothing() -> None:
    exact = TWO | {"segments": TWO["segments"] | {"audience": [
        group | {"share": share} for group, share in zip(TWO["segments"]["audience"], (1 / 3, 2 / 3), strict=True)
    ]}}  # fmt: skip
    assert overlay(exact, [("segments.audience.0.share", shown_value(1 / 3, "segments.audience.0.share"))]) == exact


# Groups


def test_a_new_group_gets_half_of_the_last_one() -> None:
    more = after(TWO, pressed("add-group", "audience"), pressed("add-group", "audience"))
    assert shares(more) == [0.5, 0.25, 0.12, 0.13]
    assert names(more, "audience")[2:] == ["Group 3", "Group 4"]
    Scenario.from_dict(more)


def test_a_group_that_goes_leaves_its_share_to_the_last() -> None:
    assert shares(after(THREE, pressed("remove-group", "time_of_day.0")), "time_of_day") == [0.35, 0.65]
    assert shares(after(THREE, pressed("remove-group", "time_of_day.2")), "time_of_day") == [0.4, 0.6]


def test_two_groups_stay() -> None:
    assert after(TWO, pressed("remove-group", "audience.0")) == TWO
    twice = after(THREE, pressed("remove-group", "time_of_day.0"), pressed("remove-group", "time_of_day.1"))
    assert names(twice) == ["Afternoon", "Evening"]


def test_the_group_that_goes_is_the_one_that_was_seen() -> None:
    four = after(THREE, pressed("add-group", "time_of_day"))
    first = pressed("remove-group", "time_of_day.0")
    assert names(after(four, first, first)) == ["Afternoon", "Evening", "Group 4"]
    assert names(after(four, first, pressed("remove-group", "time_of_day.2"))) == ["Afternoon", "Group 4"]


def test_what_is_typed_reaches_the_group_that_was_seen() -> None:
    first = pressed("remove-group", "time_of_day.0")
    assert names(after(THREE, first, typed("time_of_day.2.name", "Night"))) == ["Afternoon", "Night"]
    assert names(after(THREE, first, typed("time_of_day.0.name", "Night"))) == ["Afternoon", "Evening"]
    again = (pressed("remove-dimension", "time_of_day"), picked("time_of_day"))
    assert after(THREE, *again, typed("time_of_day.0.name", "Night")) == THREE, "these are other groups"


def test_there_is_an_end_to_groups() -> None:
    many = after(TWO, *[pressed("add-group", "audience")] * 40)
    assert len(names(many, "audience")) == MOST_GROUPS
    Scenario.from_dict(many)
    full = after(many, picked("device"), *[pressed("add-group", "device")] * 9)
    assert len(names(full, "device")) == MOST_SEGMENTS // MOST_GROUPS
    assert free_dimensions(full) == []
    assert dimensions_of(after(full, picked("time_of_day"))) == dimensions_of(full)


def test_a_group_is_added_where_there_is_nothing_to_give() -> None:
    nothing = after(TWO, typed("audience.0.share", 100))
    more = after(nothing, pressed("add-group", "audience"), typed("audience.0.share", 40))
    assert View(more, MOST).scenario is None
    mended = after(more, typed("audience.1.share", 20))
    assert shares(mended) == [0.4, 0.2, 0.4]
    Scenario.from_dict(mended)


@pytest.mark.parametrize("do", ["pick-dimension", "remove-dimension", "add-group", "remove-group"])
@pytest.mark.parametrize("at", [None, "x", "audience.", "audience.9", "audience.-1", "x.0", -1, 3, [], {}])
def test_a_press_that_means_nothing_changes_nothing(do: str, at: Any) -> None:
    assert after(THREE, pressed(do, at)) == THREE


@pytest.mark.parametrize(
    "path", ["", "audience", "audience.0", "audience.7.share", "audience.0.multipliers", "audience.0.multipliers.9", "x.0.share",
             "audience.x.share", "device.0.share", "audience.0.multipliers.x", "audience.0.nonsense"],
)  # fmt: skip
def test_a_control_that_has_gone_changes_nothing(path: str) -> None:
    assert after(TWO, typed(path, 7)) == TWO


# Line by line


LIKES = [1.0, 2.0, 0.5, 1.0, 1.0]


def by_line(draft: Draft, place: int = 0) -> list[Any]:
    numbers: list[Any] = draft["segments"]["audience"][place]["multipliers"]
    return numbers


OPPOSITE = after(TWO, typed("audience.0.multipliers.1", 2), typed("audience.0.multipliers.2", 0.5))


def test_a_number_for_one_line_makes_the_list_whole() -> None:
    assert by_line(OPPOSITE) == LIKES
    assert by_line(OPPOSITE, 1) == []
    Scenario.from_dict(OPPOSITE)


def test_all_ones_are_no_list() -> None:
    assert after(OPPOSITE, typed("audience.0.multipliers.1", 1), typed("audience.0.multipliers.2", 1)) == TWO
    assert after(TWO, typed("audience.0.multipliers.1", 1)) == TWO


def test_what_is_wrong_with_a_line_is_told_there() -> None:
    wrong = after(OPPOSITE, typed("audience.0.multipliers.3", None), typed("audience.0.multipliers.1", 50))
    assert set(errors(wrong)) == {"segments.audience.0.multipliers.3", "segments.audience.0.multipliers.1"}


def test_numbers_by_line_follow_the_lines() -> None:
    more = after(OPPOSITE, pressed("add-arm"))
    assert by_line(more) == [*LIKES, 1.0]
    assert by_line(more, 1) == []
    Scenario.from_dict(more)
    less = after(OPPOSITE, pressed("remove-arm", 0), pressed("remove-arm", 1))
    assert by_line(less) == [0.5, 1.0, 1.0]
    Scenario.from_dict(less)
    assert by_line(after(OPPOSITE, pressed("remove-arm", 1), pressed("remove-arm", 2))) == [], "only ones are left"


def test_a_number_reaches_the_line_that_was_seen() -> None:
    moved = after(OPPOSITE, pressed("remove-arm", 0), typed("audience.0.multipliers.4", 3))
    assert by_line(moved) == [2.0, 0.5, 1.0, 3]
    gone = after(OPPOSITE, pressed("remove-arm", 4), typed("audience.0.multipliers.4", 3))
    assert by_line(gone) == LIKES[:4]
