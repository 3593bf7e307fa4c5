"""What the page answers to a change, without a server."""

import csv
import io
from typing import Any

import pytest
from dash import no_update
from dash.exceptions import PreventUpdate

from components.controls.draft import draft_of
from components.pages.time_machine import layout
from components.pages.time_machine.callbacks import (
    check,
    credit_csv,
    drift_csv,
    race_csv,
    segments_csv,
    show,
    table_csv,
)
from engine import Scenario, to_link
from engine.presets import PRESETS
from tests.components.results import having_class, text_of, walk

CLASSIC = PRESETS["classic"].scenario.with_changes(sends=400)
DRAFT = draft_of(CLASSIC)
ASKED = {"scenario": DRAFT, "pressed": False}


# Showing


def test_the_page_comes_in_two_steps_and_then_at_once() -> None:
    question = {"scenario": draft_of(CLASSIC.with_changes(seed=987_654)), "pressed": False}
    first = show(question, None)
    if not first["shown"]["checked"]:
        assert "Checking how typical" in text_of(first["hero"])
        assert "repeat campaigns" in text_of(check(first["shown"])["hero"])
    again = show(question, None)
    assert again["shown"]["checked"]
    assert "From the cache" in text_of(again["answered"]["status"])
    assert again["answered"]["notice"] is None
    with pytest.raises(PreventUpdate):
        check(again["shown"])


def test_the_same_question_has_the_same_answer_to_the_digit() -> None:
    first = show(ASKED, None)
    check(first["shown"] | {"checked": False})
    one, two = show(ASKED, None), show(ASKED, one_of("shown"))
    for part in ("hero", "kpi", "table", "foot"):
        assert text_of(one[part]) == text_of(two[part])
    assert one["race"] == two["race"]


def one_of(part: str) -> Any:
    return show(ASKED, None)[part]


HEAVY = Scenario.from_dict(
    {
        "arms": [{"name": f"Line {n}"} for n in range(64)],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}],
        "sends": 1_000_000,
        "seed": 5,
    }
)


def test_a_heavy_link_waits_for_the_button() -> None:
    told = show({"scenario": draft_of(HEAVY), "pressed": False}, None)
    assert "This link asks for 2 million sends" in text_of(told["answered"]["notice"])
    assert "Nothing runs until you say so" in text_of(told["answered"]["notice"])
    assert "Nothing has been run yet" in text_of(told["hero"])
    assert "Not run yet" in text_of(told["answered"]["status"])
    for part in ("race", "kpi", "table", "shown"):
        assert told[part] is no_update


def test_a_heavy_change_waits_and_leaves_the_page() -> None:
    told = show({"scenario": draft_of(HEAVY), "pressed": False}, one_of("shown"))
    assert told["answered"]["key"] == HEAVY.digest()
    assert "You changed the scenario" in text_of(told["answered"]["notice"])
    assert told["hero"] is no_update


JUNK: list[Any] = [
    {},
    {"scenario": 5},
    {"scenario": None},
    {"scenario": []},
    {"scenario": {}},
    {"scenario": DRAFT | {"sends": -1}},
    {"scenario": DRAFT | {"sends": float("nan")}},
    {"scenario": DRAFT | {"junk": 1}},
    None,
    [],
    "text",
    5,
]


@pytest.mark.parametrize("asked", JUNK, ids=lambda asked: str(asked)[:30])
def test_a_question_that_is_none_has_no_answer(asked: Any) -> None:
    with pytest.raises(PreventUpdate):
        show(asked, None)


@pytest.mark.parametrize("shown", [None, {}, {"checked": False, "scenario": 5, "seconds": 0}])
def test_nothing_is_checked_when_nothing_is_shown(shown: Any) -> None:
    with pytest.raises(PreventUpdate):
        check(shown)


# Files


def records(told: dict[str, str]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(told["content"])))


def shown_with(**changes: Any) -> dict[str, Any]:
    return {"scenario": draft_of(CLASSIC.with_changes(**changes))}


def test_the_table_file_has_a_row_for_every_line() -> None:
    head, *lines = records(table_csv(1, {"scenario": DRAFT}))
    assert head[:3] == ["line", "subject_line", "true_rate"]
    assert sorted(line[0] for line in lines) == list("ABCDE")
    assert sum(int(line[head.index("ε-greedy sends")]) for line in lines) == 400


def test_the_race_file_ends_with_all_sends() -> None:
    head, *steps = records(race_csv(1, {"scenario": DRAFT}))
    assert head == ["sends", "policy", "line", "line_sends", "line_conversions"]
    last = [step for step in steps if step[0] == "400"]
    assert len(last) == 10
    assert sum(int(step[3]) for step in last) == 800


def test_nothing_shown_is_no_file() -> None:
    for content in (table_csv, race_csv):
        with pytest.raises(PreventUpdate):
            content(1, None)


DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@pytest.mark.parametrize("name", ["=cmd()", "+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x","y")'])
def test_files_run_no_name_in_a_spreadsheet(name: str) -> None:
    shown = shown_with(arms=[{"name": name, "rate": 0.2}, {"name": "B", "rate": 0.1}])
    for content in (table_csv, race_csv):
        cells = [cell for record in records(content(1, shown)) for cell in record]
        assert f"'{name}" in cells
        assert not [cell for cell in cells if cell.startswith(DANGEROUS)]


def test_files_run_no_label_in_a_spreadsheet() -> None:
    shown = shown_with(policies=[{"name": "ab_split"}, {"name": "thompson", "label": "=cmd()"}])
    cells = [cell for content in (table_csv, race_csv) for record in records(content(1, shown)) for cell in record]
    assert not [cell for cell in cells if cell.startswith(DANGEROUS)]


# Layout


@pytest.mark.parametrize("query", [{}, {"s": "garbage"}, {"s": ["a", "b"]}, {"s": "1" * 10_000_000}, {"other": "x"}])
def test_any_address_has_a_page(query: dict[str, Any]) -> None:
    page = layout(**query)
    assert ("could not be read" in text_of(page)) == ("s" in query)
    assert len([part for part in walk(page) if getattr(part, "id", None) == "main"]) == 1


def test_every_id_of_the_page_is_there_once() -> None:
    found = [str(part.id) for part in walk(layout()) if getattr(part, "id", None)]
    assert len(found) == len(set(found))


def test_more_than_four_policies_are_cut_and_it_is_said() -> None:
    names = ("ab_split", "epsilon_greedy", "thompson", "epsilon_decay", "oracle")
    page = layout(s=to_link(CLASSIC.with_changes(policies=[{"name": n} for n in names])))
    assert "five policies" in text_of(page)
    assert len(having_class(page, "chip")) == 4


CHANGING = CLASSIC.with_changes(
    sends=4_000, world={"name": "change_point", "changes": [{"arm": CLASSIC.arms[2].name, "at": 2_000, "rate": 0.1}]}
)


def test_a_changing_world_shows_the_drift_monitor_and_a_steady_one_a_line() -> None:
    moving, steady = show({"scenario": CHANGING.to_dict(), "pressed": True}, None), show(ASKED, None)
    assert (moving["drift_place"], steady["drift_place"]) == (False, True)
    assert "Line C’s rate moved" in text_of(moving["drift_head"])
    assert moving["drift_still"] == []
    assert moving["figures"]["drift"]["data"]
    assert "No line’s rate moved" in text_of(steady["drift_still"])
    assert steady["figures"]["drift"]["data"] == []
    file = drift_csv(1, moving["shown"])
    lines = list(csv.DictReader(io.StringIO(file["content"])))
    assert sum(int(line["sends"]) for line in lines) == 2 * 4_000


def test_guardrails_have_a_card_only_when_they_are_on() -> None:
    assert one_of("guards") == []
    guarded = CLASSIC.with_changes(guardrails=[{"name": "holdout"}])
    assert "What the guardrails did" in text_of(show({"scenario": guarded.to_dict(), "pressed": True}, None)["guards"])


def test_conversions_that_came_too_late_are_in_the_small_print() -> None:
    late = CLASSIC.with_changes(delay={"name": "log_normal", "window_hours": 2}, sends_per_hour=100)
    foot = text_of(show({"scenario": late.to_dict(), "pressed": True}, None)["foot"])
    assert "Came too late to count: " in foot
    assert "too late" not in text_of(one_of("foot"))


def test_files_of_what_a_scenario_does_not_have_are_not_made() -> None:
    for content in (segments_csv, credit_csv):
        with pytest.raises(PreventUpdate):
            content(1, {"scenario": DRAFT})


def test_segments_and_credit_can_be_downloaded() -> None:
    both = PRESETS["whose_conversion"].scenario.with_changes(
        sends=600, segments=PRESETS["different_audiences"].scenario.to_dict()["segments"]
    )
    shown = {"scenario": both.to_dict()}
    segments = list(csv.DictReader(io.StringIO(segments_csv(1, shown)["content"])))
    assert len(segments) == 6
    assert sum(float(row["A/B split sends"]) for row in segments) == 600
    credit = list(csv.DictReader(io.StringIO(credit_csv(1, shown)["content"])))
    assert [row["line"] for row in credit] == [arm.name for arm in both.arms]
