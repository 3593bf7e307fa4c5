"""What the page answers to a change, without a server."""

from typing import Any

import pytest
from dash import no_update
from dash.exceptions import PreventUpdate

from components.controls.draft import draft_of, shape_of
from components.pages.time_machine import layout
from components.pages.time_machine.callbacks import check, edited, race_csv, show, table_csv
from engine import Scenario
from engine.presets import PRESETS
from tests.components.results import text_of as text
from tests.components.results import walk

CLASSIC = PRESETS["classic"].scenario.with_changes(sends=400)
DRAFT = draft_of(CLASSIC)
SHAPE = shape_of(DRAFT, editing=False)
ASKED = {"scenario": DRAFT, "pressed": False}
PLACES = ["arms", "policies", "policies.1.epsilon", "sends", "seed"]


def change(*typed: tuple[str, Any], pressed: tuple[str, Any] = ("field", None), draft: Any = DRAFT) -> dict[str, Any]:
    return edited(draft, SHAPE, ASKED, list(typed), pressed, PLACES)


def test_a_valid_change_asks_for_another_scenario() -> None:
    told = change(("sends", 500))
    assert told["asked"]["scenario"]["sends"] == 500
    assert told["button"] == "Run 500 sends"
    assert told["panel"] is no_update


def test_no_change_asks_for_nothing() -> None:
    assert change(("sends", 400))["asked"] is no_update


def test_a_wrong_value_is_told_at_its_place_and_asks_for_nothing() -> None:
    told = change(("sends", 0))
    assert told["asked"] is no_update
    assert "Got 0" in text(told["errors"][PLACES.index("sends")])
    assert [text(error) for place, error in zip(PLACES, told["errors"], strict=True) if place != "sends"] == [""] * 4


def test_a_wrong_value_without_a_place_is_told_above_the_verdict() -> None:
    told = change(("world.low", 5))
    assert "world.low" in text(told["notice"])


def test_pressing_the_button_asks_even_for_the_same() -> None:
    assert change(pressed=("run", None))["asked"]["pressed"] is True


def test_too_few_lines_ask_for_another() -> None:
    two = draft_of(CLASSIC.with_changes(arms=[{"name": "A"}, {"name": "B"}]))
    told = edited(two, shape_of(two, editing=True), {"scenario": two}, [], ("remove-arm", 1), PLACES)
    assert "Add a second subject line" in text(told["notice"])
    assert told["asked"] is no_update


def test_the_page_comes_in_two_steps_and_then_at_once() -> None:
    question = {"scenario": draft_of(CLASSIC.with_changes(seed=987_654)), "pressed": False}
    first = show(question, None)
    if not first["shown"]["checked"]:
        assert "Checking how typical" in text(first["hero"])
        assert "repeat campaigns" in text(check(first["shown"])["hero"])
    again = show(question, None)
    assert again["shown"]["checked"]
    assert "From the cache" in text(again["status"])
    with pytest.raises(PreventUpdate):
        check(again["shown"])


HEAVY = Scenario.from_dict(
    {
        "arms": [{"name": f"Line {n}"} for n in range(64)],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}],
        "sends": 1_000_000,
        "seed": 5,
    }
)


def test_heavy_work_waits_for_the_button() -> None:
    told = show({"scenario": draft_of(HEAVY), "pressed": False}, None)
    assert "Nothing runs until you say so" in text(told["notice"])
    assert told["race"] is no_update


@pytest.mark.parametrize("asked", [{}, {"scenario": 5}, {"scenario": DRAFT | {"sends": -1}}, {"scenario": None}])
def test_a_question_that_is_none_is_answered_kindly(asked: dict[str, Any]) -> None:
    assert show(asked, None)["notice"] is not no_update


def test_files_run_nothing_in_a_spreadsheet() -> None:
    arms = [{"name": "=cmd()", "rate": 0.2}, {"name": "@SUM(A1)", "rate": 0.1}]
    shown = {"scenario": draft_of(CLASSIC.with_changes(arms=arms))}
    for content in (table_csv(1, shown)["content"], race_csv(1, shown)["content"]):
        cells = [cell for line in content.splitlines() for cell in line.split(",")]
        assert "'=cmd()" in cells
        assert not [cell for cell in cells if cell.startswith(("=", "@"))]


@pytest.mark.parametrize("query", [{}, {"s": "garbage"}, {"s": ["a", "b"]}, {"s": "1" * 10_000_000}, {"other": "x"}])
def test_any_address_has_a_page(query: dict[str, Any]) -> None:
    found = text(layout(**query))
    assert ("could not be read" in found) == ("s" in query)
    assert len([part for part in walk(layout(**query)) if getattr(part, "id", None) == "main"]) == 1
