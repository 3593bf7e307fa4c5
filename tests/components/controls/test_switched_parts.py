"""What counts, repeat sends and shared luck: what choosing changes, what is kept, and where errors are told."""

from typing import Any

import pytest

from components import wording_worlds as words
from components.controls.circumstances import on_now
from components.controls.draft import Draft, draft_of, explanation, follow, overlay, preset_name
from components.controls.panel import panel, shapes, texts
from components.controls.real_world import kind_of_luck, kind_of_sends
from components.controls.view import View
from engine import Scenario
from engine.money import Money
from engine.presets import PRESETS
from engine.recurring import CREDIT_RULES
from tests.components.results import text_of, walk

MOST = 4
CLASSIC = draft_of(PRESETS["classic"].scenario)
USUAL_MONEY = Money.model_validate({}).model_dump(mode="json")


def after(draft: Draft, *events: dict[str, Any]) -> Draft:
    return follow(draft, events, MOST)


def picked(what: str, at: Any) -> dict[str, Any]:
    return {"press": f"pick-{what}", "at": at}


def view(draft: Draft, *, editing: bool = False) -> View:
    return View(draft, MOST, editing=editing)


def told(draft: Draft, *, editing: bool = False) -> str:
    return text_of(panel(view(draft, editing=editing)))


def paths(draft: Draft, kind: str, *, editing: bool = False) -> set[str]:
    found = [getattr(part, "id", None) for part in walk(panel(view(draft, editing=editing)))]
    return {identity["path"] for identity in found if isinstance(identity, dict) and identity["type"] == kind}


LEAVE_OUT = {"press": "leave-money-out", "at": None}
REVENUE = after(CLASSIC, picked("goal", "revenue"))
NET = after(CLASSIC, picked("goal", "net_value"))


# What counts


@pytest.mark.parametrize("draft", [REVENUE, NET])
def test_a_goal_in_money_brings_usual_prices_and_their_fields(draft: Draft) -> None:
    assert draft["money"] == USUAL_MONEY
    Scenario.from_dict(draft)
    fields = {f"money.{name}" for name in USUAL_MONEY}
    assert fields <= paths(draft, "field")
    assert fields <= paths(draft, "error")
    assert paths(CLASSIC, "field").isdisjoint(fields)
    assert words.GOAL_HINTS[draft["goal"]] in told(draft)


def test_going_back_to_conversions_loses_nothing_that_was_typed() -> None:
    typed = overlay(REVENUE, [("money.order_value", 80), ("arms.1.order_value", 20)])
    back = after(typed, picked("goal", "conversions"))
    assert (back["goal"], back["money"], back["arms"]) == ("conversions", typed["money"], typed["arms"])
    assert after(back, picked("goal", "net_value"))["money"]["order_value"] == 80


def test_money_can_be_left_out_when_nothing_needs_it() -> None:
    typed = overlay(REVENUE, [("arms.1.order_value", 20)])
    assert words.LEAVE_MONEY_OUT not in told(typed)
    assert after(typed, LEAVE_OUT) == typed
    back = after(typed, picked("goal", "conversions"))
    assert words.LEAVE_MONEY_OUT in told(back)
    assert after(back, LEAVE_OUT) == CLASSIC


def test_every_line_can_have_an_order_value_of_its_own() -> None:
    path = "arms.1.order_value"
    assert path not in paths(CLASSIC, "field", editing=True)
    assert path in paths(REVENUE, "field", editing=True)
    field = next(part for part in walk(panel(view(overlay(REVENUE, [("money.order_value", 80)]), editing=True)))
                 if getattr(part, "id", None) == {"type": "field", "path": path})  # fmt: skip
    assert (field.value, field.placeholder) == (None, "80")
    wrong = overlay(REVENUE, [(path, -5)])
    assert set(view(wrong, editing=True).errors) == {path}
    new = after(REVENUE, {"press": "add-arm", "at": None}, {"press": "edit-arms", "at": None})
    assert overlay(new, [("arms.5.order_value", 9)])["arms"][5]["order_value"] == 9


def test_typing_prices_never_makes_their_fields_anew() -> None:
    for value in (0, None, 0.5, 700_000):
        for name in USUAL_MONEY:
            changed = overlay(REVENUE, [(f"money.{name}", value)])
            assert shapes(view(changed))["goal"] == shapes(view(REVENUE))["goal"]
            assert view(changed).errors.keys() <= {f"money.{name}"}


def test_complaints_can_be_typed_when_they_cost_money() -> None:
    path = "arms.1.complaint_rate"
    assert path not in paths(NET, "field", editing=True)
    costly = overlay(NET, [("money.unsubscribe_cost", 5)])
    assert path in paths(costly, "field", editing=True)
    assert texts(view(costly))["goal.complaints"] == words.NO_COMPLAINTS
    assert texts(view(overlay(costly, [(path, 0.4)])))["goal.complaints"] == ""
    assert texts(view(costly | {"goal": "revenue"}))["goal.complaints"] == ""
    assert path not in paths(overlay(costly, [("money.unsubscribe_cost", None)]), "field", editing=True)


def test_prices_that_are_missing_are_told_where_they_would_stand() -> None:
    assert set(view(CLASSIC | {"goal": "revenue"}).errors) == {"money"}


# Repeat sends


@pytest.mark.parametrize("credit", CREDIT_RULES)
def test_repeat_sends_bring_recipients_and_a_pace(credit: str) -> None:
    changed = after(CLASSIC, picked("recurring", credit))
    assert changed["recurring"] == {"recipients": 2_000, "credit": credit, "lookback_hours": 168.0}
    assert changed["sends_per_hour"] == 60
    assert after(CLASSIC | {"sends_per_hour": 7}, picked("recurring", credit))["sends_per_hour"] == 7
    Scenario.from_dict(changed)
    assert {"recurring.recipients", "recurring.lookback_hours"} <= paths(changed, "field")
    assert "On average 5 e-mails each." in told(changed)
    assert words.SENDS_HINTS[credit] in told(changed)


def test_another_credit_rule_keeps_the_recipients() -> None:
    last = overlay(after(CLASSIC, picked("recurring", "last_touch")), [("recurring.recipients", 77)])
    first = after(last, picked("recurring", "first_touch"))
    assert first["recurring"] == last["recurring"] | {"credit": "first_touch"}


def test_a_few_sends_have_somebody_to_go_to() -> None:
    assert after(CLASSIC | {"sends": 1}, picked("recurring", "linear"))["recurring"]["recipients"] == 1


def test_one_e_mail_each_takes_the_cap_away_that_makes_no_sense_then() -> None:
    capped = after(
        CLASSIC, picked("recurring", "linear"), picked("guardrail", "frequency_cap"), picked("guardrail", "holdout")
    )
    one_each = after(capped, picked("recurring", "one_each"))
    assert one_each["recurring"] is None
    assert [rail["name"] for rail in one_each["guardrails"]] == ["holdout"]
    Scenario.from_dict(one_each)


def test_opens_have_nothing_to_credit_and_the_section_says_so() -> None:
    for order in ([0, 1], [1, 0]):
        both = [picked("recurring", "linear"), picked("world", "inflated_opens")]
        wrong = after(CLASSIC, *(both[place] for place in order))
        assert view(wrong).errors == {"recurring": words.NOTHING_TO_CREDIT}


def test_errors_of_repeat_sends_are_told_at_their_fields() -> None:
    on = after(CLASSIC, picked("recurring", "linear"))
    wrong = overlay(on, [("recurring.recipients", 0), ("recurring.lookback_hours", None)])
    assert set(view(wrong).errors) == {"recurring.recipients", "recurring.lookback_hours"}
    assert texts(view(wrong))["recurring.each"] == ""


# Shared luck


def test_shared_luck_moves_the_lines_about_ten_times() -> None:
    shared = after(CLASSIC, picked("shocks", "shared"))
    assert shared["shocks"] == {"spread": 0.3, "lasts": 1_000, "lines": []}
    assert after(CLASSIC | {"sends": 3}, picked("shocks", "shared"))["shocks"]["lasts"] == 1
    Scenario.from_dict(shared)
    assert {"shocks.spread", "shocks.lasts"} <= paths(shared, "field")
    typed = overlay(shared, [("shocks.lasts", 500)])
    assert after(typed, picked("shocks", "shared")) == typed
    assert after(typed, picked("shocks", "independent")) == CLASSIC


def test_lines_that_a_link_brings_are_told_and_can_be_dropped() -> None:
    names = [arm["name"] for arm in CLASSIC["arms"]]
    shared = after(CLASSIC, picked("shocks", "shared"))
    given = shared | {"shocks": shared["shocks"] | {"lines": names[:2]}}
    assert "2 lines are given by the link." in told(given)
    wrong = after(given, {"press": "remove-arm", "at": 0})
    assert set(view(wrong).errors) == {"shocks.lines"}
    dropped = after(wrong, {"press": "clear-list", "at": "shocks.lines"})
    assert dropped["shocks"]["lines"] == []
    Scenario.from_dict(dropped)


def test_too_many_shocks_are_told_at_their_length() -> None:
    shared = overlay(after(CLASSIC, picked("shocks", "shared")), [("shocks.lasts", 3), ("shocks.spread", 9)])
    assert set(view(shared).errors) == {"shocks.spread"}
    assert set(view(overlay(shared, [("shocks.spread", 1)])).errors) == {"shocks.lasts"}


# All of them


@pytest.mark.parametrize("what", ["goal", "recurring", "shocks"])
@pytest.mark.parametrize("at", [None, "x", -1.5, 3, [], {}])
def test_a_choice_that_means_nothing_changes_nothing(what: str, at: Any) -> None:
    assert after(CLASSIC, picked(what, at)) == CLASSIC


def test_the_lists_show_what_is_on() -> None:
    assert (kind_of_sends(CLASSIC), kind_of_luck(CLASSIC)) == ("one_each", "independent")
    assert kind_of_sends(after(CLASSIC, picked("recurring", "linear"))) == "linear"


def test_the_closed_row_names_what_is_on() -> None:
    everything = after(
        CLASSIC,
        picked("dimension", "audience"),
        picked("goal", "revenue"),
        picked("recurring", "linear"),
        picked("shocks", "shared"),
    )
    assert on_now(everything) == "shared luck, two audiences, repeat sends, revenue"
    assert on_now(after(REVENUE, picked("goal", "conversions"))) == "prices"


def test_a_preset_s_explanation_goes_with_what_it_explains() -> None:
    season = draft_of(PRESETS["wrong_season"].scenario)
    for event in (picked("goal", "revenue"), picked("shocks", "shared"), picked("dimension", "device")):
        changed = after(season, event)
        assert preset_name(changed) == "wrong_season"
        assert explanation(Scenario.from_dict(changed)) == ""
