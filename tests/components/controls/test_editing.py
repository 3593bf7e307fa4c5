"""What typing and pressing change, without a server: the draft, the question, the panel, and what is told."""

from typing import Any

import pytest
from dash import no_update

from components.controls.draft import Draft, draft_of
from components.controls.editing import Places, Rules, edited, first_draft
from components.controls.panel import panel
from components.controls.question import question, question_page
from components.controls.view import View
from engine import Scenario, from_link, to_link
from engine.presets import PRESETS
from tests.components.results import having_class, text_of, walk

RULES = Rules("somewhere", most_policies=4, run_words=lambda scenario: f"Go with {scenario.sends}")
CLASSIC = PRESETS["classic"].scenario.with_changes(sends=400)
DRAFT = draft_of(CLASSIC)
HELD = first_draft(CLASSIC, RULES)


def typed(path: str, value: Any) -> dict[str, Any]:
    return {"field": path, "value": value}


def pressed(what: str, at: Any = None) -> dict[str, Any]:
    return {"press": what, "at": at}


def places_of(held: dict[str, Any]) -> Places:
    found = list(walk(panel(View(held["scenario"], RULES.most_policies, held["editing"]))))
    identities = [part.id for part in found if isinstance(getattr(part, "id", None), dict)]

    def named(kind: str, key: str) -> list[str]:
        return [identity[key] for identity in identities if identity["type"] == kind]

    return Places(
        named("section", "of"),
        named("field", "path"),
        named("error", "path"),
        named("text", "of"),
        named("pick", "what"),
    )


def change(*events: dict[str, Any], held: dict[str, Any] = HELD) -> dict[str, Any]:
    """Make one step; the outputs that come as lists are returned by the names of their places."""
    numbered = [{"n": held["handled"] + number, **event} for number, event in enumerate(events, 1)]
    places = places_of(held)
    told = edited(held, numbered, RULES, places)
    for name, keys in (("sections", places.sections), ("values", places.fields), ("errors", places.errors),
                       ("texts", places.texts), ("picks", places.picks)):  # fmt: skip
        told[name] = {key: new for key, new in zip(keys, told[name], strict=True) if new is not no_update}
    return told


def errors_of(told: dict[str, Any]) -> dict[str, str]:
    return {path: text_of(error) for path, error in told["errors"].items() if error}


def held_with(draft: Draft) -> dict[str, Any]:
    return first_draft(Scenario.from_dict(draft), RULES)


# The question


def test_a_valid_change_asks_for_another_scenario() -> None:
    told = change(typed("sends", 500))
    assert told["asked"] == {"scenario": DRAFT | {"sends": 500}, "pressed": False, "n": 1}
    assert told["draft"]["scenario"] == DRAFT | {"sends": 500}
    assert told["draft"]["key"] == CLASSIC.with_changes(sends=500).digest()
    assert told["button"] == "Go with 500"
    assert "500 sends" in text_of(told["summary"])
    assert from_link(told["address"].removeprefix("?s=")) == CLASSIC.with_changes(sends=500)
    assert "Simulating" in text_of(told["status"])
    assert told["notice"] is None


def test_no_change_asks_for_nothing_and_leaves_what_is_told() -> None:
    told = change(typed("sends", 400))
    for part in ("asked", "status", "notice", "address_notice"):
        assert told[part] is no_update
    assert told["values"] == told["errors"] == told["texts"] == told["sections"] == {}


def test_going_back_to_what_was_asked_for_asks_for_nothing() -> None:
    wrong = change(typed("sends", 0))["draft"]
    back = change(typed("sends", 400), held=wrong)
    assert back["asked"] is no_update
    assert back["draft"]["key"] == CLASSIC.digest()


@pytest.mark.parametrize(("what", "by_hand"), [("run", True), ("retry", False)])
def test_pressing_the_button_asks_even_for_the_same(what: str, by_hand: bool) -> None:
    assert change(pressed(what))["asked"] == {"scenario": DRAFT, "pressed": by_hand, "n": 1}


def test_pressing_the_button_on_a_wrong_value_runs_nothing() -> None:
    told = change(typed("sends", 0), pressed("run"))
    assert told["asked"] is no_update
    assert "Got 0" in errors_of(told)["sends"]


def test_what_is_typed_counts_with_the_button_that_is_pressed() -> None:
    told = change(typed("sends", 500), typed("arms.0.rate", 25), pressed("add-arm"))
    assert told["draft"]["scenario"]["sends"] == 500
    assert told["draft"]["scenario"]["arms"][0]["rate"] == 0.25
    assert len(told["asked"]["scenario"]["arms"]) == 6


def test_a_log_that_comes_again_is_done_once() -> None:
    log = [{"n": 1, **pressed("add-arm")}, {"n": 2, **pressed("add-arm")}]
    places = Places([], [], [], [], [])
    once = edited(HELD, log[:1], RULES, places)["draft"]
    for held, again in ((once, log), (HELD, log), (once, log[1:])):
        assert len(edited(held, again, RULES, places)["draft"]["scenario"]["arms"]) == 7
    assert edited(once, log[:1], RULES, places)["draft"]["scenario"] == once["scenario"]


def test_whatever_is_pressed_leaves_a_draft_that_can_be_shown_and_edited() -> None:
    held = HELD
    for event in (pressed("remove-policy", 1), pressed("explode", 3), pressed("pick-policy", "x"), pressed("add-arm")):
        held = change(event, held=held)["draft"]
        assert len(held["scenario"]["policies"]) == 2
        Scenario.from_dict(held["scenario"])


# The panel


def test_only_what_is_made_of_something_else_is_made_anew() -> None:
    assert set(change(typed("sends", 500))["sections"]) == set()
    assert set(change(typed("world.low", 0.3))["sections"]) == {"arms"}
    assert set(change(pressed("add-arm"))["sections"]) == {"arms"}
    assert set(change(pressed("edit-arms"))["sections"]) == {"arms"}
    assert set(change(pressed("pick-policy", "thompson"))["sections"]) == {"policies", "sliders", "rows"}
    assert set(change(typed("world.draw", "beta"))["sections"]) == {"arms", "rates"}


def test_what_is_typed_is_never_written_over() -> None:
    for value in (500, 0, None, 1.5):
        assert change(typed("sends", value))["values"] == {}
    assert change(typed("policies.1.epsilon", 0.4))["values"] == {}


def test_a_button_writes_into_the_fields_that_it_changes() -> None:
    told = change(typed("seed", 7), pressed("new-seed", "seed"))
    assert list(told["values"]) == ["seed"]
    assert told["values"]["seed"] == told["draft"]["scenario"]["seed"]
    told = change(typed("sends", 500), typed("policies.1.epsilon", 0.5), pressed("pick-preset", "classic"))
    assert told["values"] == {"sends": 10_000, "policies.1.epsilon": 0.1}


def test_words_follow_the_settings() -> None:
    assert change(typed("policies.1.epsilon", 0.25))["texts"] == {"policies.1.epsilon:now": "0.25"}
    assert "seed 7" in change(typed("world.world_seed", 7))["texts"]["rates-now"]
    thompson = change(pressed("pick-policy", "thompson"))["draft"]
    assert "5" in change(typed("policies.2.alpha", 5), held=thompson)["texts"]["policies.2:now"]


def test_the_preset_follows_the_lines() -> None:
    assert change(typed("sends", 500))["picks"]["preset"] == "classic"
    told = change(typed("arms.0.rate", 5))
    assert told["picks"]["preset"] == "own"
    assert "of your own" in told["texts"]["preset-hint"]


def test_editing_lines_asks_for_nothing_and_shows_fields() -> None:
    told = change(pressed("edit-arms"))
    assert told["asked"] is no_update
    assert told["draft"]["editing"]
    fields = [part for part in walk(told["sections"]["arms"]) if getattr(part, "class_name", "") == "arm-name-input"]
    assert [field.value for field in fields] == [arm.name for arm in CLASSIC.arms]
    assert not change(pressed("edit-arms"), held=told["draft"])["draft"]["editing"]
    assert not change(pressed("edit-arms"), pressed("edit-arms"))["draft"]["editing"]


# What is told


def test_a_wrong_value_is_told_at_its_place_and_asks_for_nothing() -> None:
    told = change(typed("sends", 0))
    assert told["asked"] is no_update
    assert told["draft"]["key"] is None
    assert list(errors_of(told)) == ["sends"]
    assert "Got 0" in errors_of(told)["sends"]
    assert "cannot be run" in text_of(told["status"])
    for part in ("button", "address", "summary"):
        assert told[part] is no_update


def test_an_error_goes_when_it_is_mended_and_is_not_repeated_before() -> None:
    wrong = change(typed("sends", 0))["draft"]
    assert change(typed("seed", 9), held=wrong)["errors"] == {}
    assert change(typed("sends", 9), held=wrong)["errors"] == {"sends": []}


def test_several_wrong_values_are_told_each_at_its_place() -> None:
    told = change(typed("sends", 0), typed("seed", -1), typed("policies.1.epsilon", 2))
    assert set(errors_of(told)) == {"sends", "seed", "policies.1.epsilon"}


def test_an_empty_field_is_not_called_none() -> None:
    error = errors_of(change(typed("sends", None)))["sends"]
    assert "None" not in error
    assert "a whole number" in error


def test_controls_that_are_made_anew_bring_their_errors() -> None:
    wrong = change(pressed("edit-arms"), typed("arms.0.rate", 700))
    assert "from 0 to 100%" in text_of(wrong["sections"]["arms"])
    more = change(pressed("add-arm"), held=wrong["draft"])
    assert "from 0 to 100%" in text_of(more["sections"]["arms"])
    assert "arms.0.rate" not in more["errors"]


def test_too_few_lines_ask_for_another() -> None:
    two = held_with(draft_of(CLASSIC.with_changes(arms=[{"name": "A"}, {"name": "B"}])))
    told = change(pressed("remove-arm", 1), held=two)
    assert "Add a second subject line" in text_of(told["notice"])
    assert told["draft"]["notice"] is told["notice"]
    assert told["asked"] is no_update


def test_a_scenario_too_long_for_an_address_says_so() -> None:
    arms = [{"name": "".join(chr(0x4E00 + (n * 7919 + k * 104_729) % 20_000) for k in range(100))} for n in range(64)]
    held = held_with(draft_of(CLASSIC.with_changes(arms=arms)))
    told = change(typed("sends", 300), held=held)
    assert "too long" in text_of(told["address_notice"])
    assert told["address"] is None
    short = change(pressed("pick-preset", "classic"), held=told["draft"])
    assert short["address_notice"] is None
    assert short["address"] == ""


# Opening a page


def page_of(**query: Any) -> Any:
    return question_page(question(query, RULES), RULES, [])


def test_a_page_opens_with_the_scenario_of_its_address() -> None:
    asked = question({"s": to_link(CLASSIC)}, RULES)
    assert asked.scenario == CLASSIC
    assert asked.notice is None
    assert "Go with 400" in text_of(page_of(s=to_link(CLASSIC)))


def test_a_bad_address_is_told_and_gone_with_the_next_question() -> None:
    assert "could not be read" in text_of(page_of(s="garbage"))
    assert change(typed("sends", 500))["address_notice"] is None


def test_a_page_shows_as_many_policies_as_it_can() -> None:
    names = ("ab_split", "epsilon_greedy", "thompson", "epsilon_decay", "oracle")
    link = to_link(CLASSIC.with_changes(policies=[{"name": name} for name in names]))
    page = page_of(s=link)
    assert "five policies" in text_of(page)
    assert "at most four" in text_of(page)
    assert len(having_class(page, "chip")) == 4
