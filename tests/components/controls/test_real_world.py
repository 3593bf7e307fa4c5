"""How rates behave, late conversions, pace, cadence and guardrails: what choosing changes, and what it leaves alone."""

from typing import Any

import pytest
from dash import no_update

from components import wording_worlds as words
from components.controls.circumstances import on_now
from components.controls.draft import ACTIONS, Draft, draft_of, explanation, follow, overlay, preset_name, shown_value
from components.controls.editing import Places, Rules, edited, first_draft, pace_notice, summary
from components.controls.panel import panel
from components.controls.question import question, question_page
from components.controls.real_world import AT_ONCE, EVERY_N, cadence_of, defaults, free_guardrails
from components.controls.view import View
from engine import GUARDRAILS, WORLDS, Scenario, to_link
from engine.catalogue import DELAYS
from engine.presets import PRESETS
from engine.scenario import HOURS
from tests.components.results import text_of, walk

MOST = 4
CLASSIC = draft_of(PRESETS["classic"].scenario)
LATE = [name for name in DELAYS if name != "none"]
CHANGES = [{"arm": "Free Gift Waiting", "at": at, "rate": 0.6} for at in (100, 200, 300)]


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


# How rates behave


@pytest.mark.parametrize("name", WORLDS)
def test_another_world_keeps_what_both_have_and_can_be_run_at_once(name: str) -> None:
    before = overlay(CLASSIC, [("world.world_seed", 7), ("world.low", 0.2), ("arms.0.rate", 30)])
    changed = after(before, picked("world", name))
    assert Scenario.from_dict(changed).world.name == name
    for part in ("arms", "policies", "sends", "seed"):
        assert changed[part] == before[part]
    for setting in ("draw", "low", "high", "world_seed", "redraw"):
        assert changed["world"][setting] == before["world"][setting]


def test_a_wrong_number_stays_in_another_world() -> None:
    wrong = after(overlay(CLASSIC, [("world.low", 5)]), picked("world", "drifting"))
    assert wrong["world"]["low"] == 5
    assert set(view(wrong).errors) == {"world.low"}


def test_a_season_brings_the_pace_of_about_a_week_unless_there_is_one() -> None:
    changed = after(CLASSIC, picked("world", "seasonal"))
    assert changed["sends_per_hour"] == 60
    assert after(CLASSIC | {"sends_per_hour": 123}, picked("world", "seasonal"))["sends_per_hour"] == 123
    assert after(CLASSIC, picked("world", "fatigue"))["sends_per_hour"] is None


def test_lines_show_the_rates_that_they_were_given_whatever_the_hour() -> None:
    for name in WORLDS:
        assert view(after(CLASSIC, picked("world", name))).drawn == view(CLASSIC).drawn


@pytest.mark.parametrize("name", WORLDS)
def test_a_world_is_explained(name: str) -> None:
    assert WORLDS[name].plain in told(after(CLASSIC, picked("world", name)))


# Lists that links bring


def with_changes(changes: list[dict[str, Any]]) -> Draft:
    changed = after(CLASSIC, picked("world", "change_point"))
    return changed | {"world": changed["world"] | {"changes": changes}}


def test_a_list_is_told_in_one_line_and_left_alone() -> None:
    draft = with_changes(CHANGES)
    assert "3 changes are given by the link." in told(draft)
    assert "world.random_changes" not in paths(draft, "field"), "it does not matter beside a list"
    more = after(
        draft, {"field": "sends", "value": 5_000}, picked("delay", "log_normal"), picked("world", "change_point")
    )
    assert more["world"]["changes"] == CHANGES
    assert "world.random_changes" in paths(with_changes([]), "field")


def test_what_is_wrong_in_a_list_is_told_there_and_can_be_mended() -> None:
    wrong = after(with_changes(CHANGES), {"press": "remove-arm", "at": 4})
    assert set(view(wrong).errors) == {"world.changes"}
    mended = after(wrong, {"press": "clear-list", "at": "world.changes"})
    assert mended["world"]["changes"] == []
    assert view(mended).scenario is not None


@pytest.mark.parametrize("path", ["world.low", "world.nonsense", "shocks.lines", "arms.0", "changes", None, 3])
def test_only_lists_can_be_emptied(path: Any) -> None:
    assert after(CLASSIC, {"press": "clear-list", "at": path}) == CLASSIC


# Late conversions and the pace


@pytest.mark.parametrize("name", LATE)
def test_a_delay_brings_the_pace_of_about_a_day(name: str) -> None:
    changed = after(CLASSIC, picked("delay", name))
    assert view(changed).errors == {}
    assert changed["sends_per_hour"] == 400
    assert "10,000 sends at 400 an hour: 25 hours." in told(changed)
    assert DELAYS[name].plain in told(changed)
    assert {f"delay.{setting}" for setting in changed["delay"] if setting != "name"} <= paths(changed, "field")


def test_another_delay_keeps_the_window_and_the_pace() -> None:
    one = overlay(after(CLASSIC, picked("delay", "log_normal")), [("delay.window_hours", 48), ("sends_per_hour", 250)])
    other = after(one, picked("delay", "exponential"))
    assert other["delay"]["window_hours"] == 48
    assert other["sends_per_hour"] == 250
    assert after(other, picked("delay", "none"))["delay"] == {"name": "none"}


def test_a_pace_is_found_while_the_sends_are_wrong() -> None:
    assert after(overlay(CLASSIC, [("sends", None)]), picked("delay", "log_normal"))["sends_per_hour"] == 400


def test_a_pace_that_is_taken_away_is_asked_for_at_its_field() -> None:
    late = overlay(after(CLASSIC, picked("delay", "log_normal")), [("sends_per_hour", None)])
    assert "issing" in view(late).errors["sends_per_hour"]
    assert words.PACE_HINT in told(late)


# Cadence


@pytest.mark.parametrize("cadence", HOURS)
def test_a_cadence_by_the_clock_brings_a_pace(cadence: str) -> None:
    changed = after(CLASSIC, picked("cadence", cadence))
    assert changed["update_every"] == cadence == cadence_of(changed)
    assert view(changed).errors == {}
    assert "update_every" not in paths(changed, "field")
    back = after(changed, picked("cadence", AT_ONCE))
    assert back["update_every"] == 1


def test_every_so_many_sends_starts_with_a_twentieth_of_the_campaign() -> None:
    changed = after(CLASSIC, picked("cadence", EVERY_N))
    assert changed["update_every"] == 500
    typed = overlay(changed, [("update_every", 70)])
    assert after(typed, picked("cadence", EVERY_N))["update_every"] == 70


def test_the_field_stays_while_one_is_typed_on_the_way_to_a_hundred() -> None:
    one = overlay(after(CLASSIC, picked("cadence", EVERY_N)), [("update_every", 1)])
    assert cadence_of(one) == AT_ONCE
    assert "update_every" in paths(one, "field")


def test_a_memory_shorter_than_a_decision_is_told_at_the_policy() -> None:
    forgets = after(CLASSIC, picked("policy", "sliding_window_thompson"), picked("cadence", EVERY_N))
    wrong = overlay(forgets, [("policies.2.window", 100)])
    assert set(view(wrong).errors) == {"policies.2.window"}


# Guardrails


EVERYTHING = draft_of(
    PRESETS["classic"].scenario.with_changes(
        sends_per_hour=100,
        recurring={},
        segments={"audience": [{"name": "New", "share": 0.4}, {"name": "Loyal", "share": 0.6}]},
    )
)
"""A campaign in which every guardrail makes sense."""


@pytest.mark.parametrize("name", GUARDRAILS)
def test_a_guardrail_can_be_added_once_set_and_removed(name: str) -> None:
    changed = after(EVERYTHING, picked("guardrail", name), picked("guardrail", name))
    assert changed["guardrails"] == [defaults(GUARDRAILS, name)]
    assert GUARDRAILS[name].plain in told(changed)
    settings = {f"guardrails.0.{setting}" for setting in changed["guardrails"][0] if setting != "name"}
    assert settings <= paths(changed, "field")
    assert settings <= paths(changed, "error")
    assert after(changed, {"press": "remove-guardrail", "at": 0}) == EVERYTHING


@pytest.mark.parametrize("name", ["frequency_cap", "segment_fairness"])
def test_a_guardrail_without_sense_in_this_campaign_is_not_offered(name: str) -> None:
    assert after(CLASSIC, picked("guardrail", name)) == CLASSIC
    assert name not in free_guardrails(CLASSIC)
    assert name in free_guardrails(EVERYTHING)


def test_the_guardrail_that_goes_is_the_one_that_was_seen() -> None:
    three = after(CLASSIC, *(picked("guardrail", name) for name in ("holdout", "burn_in", "minimum_share")))
    typed = {"field": "guardrails.2.share", "value": 7}
    press = {"press": "remove-guardrail", "at": 0}
    left = after(three, press, press, typed)["guardrails"]
    assert [(rail["name"], rail.get("share")) for rail in left] == [("burn_in", None), ("minimum_share", 0.07)]


def test_shares_are_typed_and_told_in_per_cent() -> None:
    floor = overlay(after(CLASSIC, picked("guardrail", "minimum_share")), [("guardrails.0.share", 25)])
    assert floor["guardrails"][0]["share"] == 0.25
    assert shown_value(0.25, "guardrails.0.share") == 25
    assert view(floor).errors == {
        "guardrails.0.share": "Got 25%; 5 lines at 25% need 125% of the traffic. Enter 20% or less, or remove lines."
    }


def test_impossible_numbers_of_guardrails_keep_what_was_typed() -> None:
    rails = after(CLASSIC, picked("guardrail", "burn_in"), picked("guardrail", "maximum_share"))
    wrong = overlay(rails, [("guardrails.0.sends", 5_000), ("guardrails.1.share", None), ("sends", 900)])
    assert wrong["guardrails"][0]["sends"] == 5_000
    assert "no number" in view(wrong).errors["guardrails.1.share"]
    assert set(view(overlay(wrong, [("guardrails.1.share", 50)])).errors) == {"guardrails.0.sends"}


def test_complaints_can_be_typed_when_a_rule_looks_at_them() -> None:
    path = "arms.1.complaint_rate"
    assert path not in paths(CLASSIC, "field", editing=True)
    ruled = after(CLASSIC, picked("guardrail", "pause_rule"))
    assert path in paths(ruled, "field", editing=True)
    assert words.NO_COMPLAINTS in told(ruled)
    some = overlay(ruled, [(path, 0.4)])
    assert Scenario.from_dict(some).arms[1].complaint_rate == pytest.approx(0.004)
    assert words.NO_COMPLAINTS not in told(some)
    wrong = overlay(ruled, [(path, 400)])
    assert "Enter 0 if nobody complains" in view(wrong, editing=True).errors[path]
    assert set(view(wrong).errors) == {"arms"}
    new = after(ruled, {"press": "add-arm", "at": None}, {"press": "edit-arms", "at": None})
    assert "arms.5.complaint_rate" in paths(new, "field", editing=True)


@pytest.mark.parametrize(
    "do", ["pick-world", "pick-delay", "pick-cadence", "pick-guardrail", "remove-guardrail", "set-pace"]
)
@pytest.mark.parametrize("at", [None, "x", -1.5, [], {}])
def test_a_choice_that_means_nothing_changes_nothing(do: str, at: Any) -> None:
    assert after(CLASSIC, {"press": do, "at": at}) == CLASSIC


def test_a_pace_can_be_set_by_a_button() -> None:
    assert ACTIONS["set-pace"](CLASSIC, 250)["sends_per_hour"] == 250


# What a closed row and the bar say


def test_what_is_on_is_told_in_a_few_words() -> None:
    assert on_now(CLASSIC) == ""
    assert words.LEFT_OUT in told(CLASSIC)
    everything = after(
        CLASSIC,
        picked("world", "seasonal"),
        picked("delay", "log_normal"),
        picked("cadence", "daily"),
        picked("guardrail", "holdout"),
        picked("guardrail", "burn_in"),
    )
    assert on_now(everything) == "season, replies late, decides daily, 2 guardrails"
    rules = Rules("somewhere", most_policies=MOST, run_words=lambda _: "Go")
    assert text_of(summary(Scenario.from_dict(everything), rules)).endswith(f"seed 42, {on_now(everything)}")
    assert text_of(summary(Scenario.from_dict(CLASSIC), rules)).endswith("seed 42")


def test_a_scenario_about_guardrails_is_known_by_them() -> None:
    assert preset_name(after(CLASSIC, picked("guardrail", "holdout"))) == "classic", "which is not about them"
    assert preset_name(after(CLASSIC, picked("world", "drifting"))) == "own"


def test_a_scenario_about_late_conversions_or_guardrails_is_known_by_them() -> None:
    for name, change in (
        ("late_conversions", ("delay.window_hours", 9)),
        ("guardrails_on", ("guardrails.0.sends", 9)),
        ("wrong_season", ("world.contrast", 0.1)),
    ):
        draft = draft_of(PRESETS[name].scenario)
        assert preset_name(draft) == name
        assert preset_name(overlay(draft, [change])) == "own"


def test_an_explanation_goes_with_what_it_explains() -> None:
    scenario = PRESETS["wrong_season"].scenario
    assert explanation(scenario) == PRESETS["wrong_season"].explanation
    assert explanation(scenario.with_changes(seed=7)) == explanation(scenario)
    assert explanation(scenario.with_changes(sends=84_000)) == ""
    assert explanation(scenario.with_changes(sends_per_hour=900)) == ""
    assert explanation(PRESETS["classic"].scenario) == ""


# A send that is over too soon

RULES = Rules("somewhere", most_policies=MOST, run_words=lambda _: "Go")
FAST = PRESETS["late_conversions"].scenario.with_changes(sends_per_hour=60_000)
NOWHERE = Places([], [], [], [], [])


def edit(held: dict[str, Any], *events: dict[str, Any]) -> dict[str, Any]:
    numbered = [{"n": held["handled"] + number, **event} for number, event in enumerate(events, 1)]
    return edited(held, numbered, RULES, NOWHERE)


def test_a_send_that_ends_too_soon_is_told_with_a_button_that_paces_it() -> None:
    page = question_page(question({"s": to_link(FAST)}, RULES), RULES, [])
    assert "Your send ends after 20 minutes, before 80% of replies are in (10 hours)." in text_of(page)
    button = next(part for part in walk(page) if getattr(part, "data-press", None) == "set-pace")
    assert text_of(button) == "Pace it over 24 hours"
    told_then = edit(first_draft(FAST, RULES), {"press": "set-pace", "at": int(getattr(button, "data-at"))})
    assert told_then["pace_notice"] is None
    assert told_then["asked"]["scenario"]["sends_per_hour"] == 833
    assert "Your send ends" not in text_of(question_page(question({}, RULES), RULES, []))


def test_a_note_that_stands_already_is_not_told_again() -> None:
    held = first_draft(FAST, RULES)
    assert edit(held, {"field": "seed", "value": 5})["pace_notice"] is no_update
    wrong = edit(held, {"field": "sends_per_hour", "value": 0})
    assert wrong["pace_notice"] is no_update, "nothing is known of it"
    slow = edit(wrong["draft"], {"field": "sends_per_hour", "value": 500})
    assert slow["pace_notice"] is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sends": 5, "sends_per_hour": 100}, words.NO_PACE_HELPS),
        ({"update_every": "daily", "delay": {"name": "exponential", "mean_hours": 0.1}}, "before the first decision"),
    ],
)
def test_what_no_pace_mends_and_what_the_clock_does_are_told_too(changes: dict[str, Any], said: str) -> None:
    assert said in text_of(pace_notice(FAST.with_changes(**changes)))
