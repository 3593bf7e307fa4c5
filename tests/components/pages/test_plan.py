"""Plan without a server: the bar, what the page says of a job, the grid, files, and what nobody should send."""

import csv
import io
from itertools import pairwise
from typing import Any

import pytest
from dash import no_update
from dash.exceptions import PreventUpdate

from app import create_app
from components import ids
from components import wording_plan as words
from components.charts import chances
from components.charts.figure import PHONE
from components.pages.plan.bar import FIELDS, read, show
from components.pages.plan.callbacks import FOLLOWING, download
from components.pages.plan.drawing import drawn
from components.pages.plan.grid import fill_grid
from components.pages.plan.layout import RULES, SECTIONS, layout
from components.pages.plan.records import plan_records
from components.pages.plan.work import (
    USUAL,
    aims_from_address,
    found_so_far,
    grid_for,
    in_address,
    plan_work,
    question_of,
)
from components.running import jobs
from engine import Scenario
from engine.planning.aims import Aims
from engine.planning.grid import NAMES
from engine.planning.outlook import put_together
from engine.presets import PRESETS
from tests.components.charts.figures import check_figure
from tests.components.results import text_of, walk

SERVER = create_app().server
DIGIT_PIXELS = 6.6
SMALL = Scenario.from_dict(
    {
        "arms": [{"name": "Usual", "rate": 0.1}, {"name": "Better", "rate": 0.3}, {"name": "Other", "rate": 0.1}],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}, {"name": "epsilon_greedy"}],
        "sends": 600,
        "replications": 40,
    }
)
LEVEL = SMALL.with_changes(arms=[{"name": name, "rate": 0.1} for name in "AB"])
AIMS = Aims(worth=10.0).model_dump()
TYPED: dict[str, Any] = {
    "lines": 3, "usual": 10, "difference": 20, "sends": 600, "worth": 10, "right": 90, "favourite": 50,
}  # fmt: skip


def finished(scenario: Scenario, aims: dict[str, Any], visitor: str = "ann") -> dict[str, Any]:
    """The page once the job is done."""
    page = FOLLOWING.advance({"scenario": scenario.to_dict(), "n": 0}, None, None, visitor, aims)
    while page["job"]["goes_on"]:
        page |= {name: part for name, part in FOLLOWING.follow(page["job"], visitor).items() if part is not no_update}
    return page


@pytest.fixture(scope="module")
def done() -> dict[str, Any]:
    return finished(SMALL, AIMS)


# The page


def test_the_page_says_what_to_use_and_what_it_earns(done: dict[str, Any]) -> None:
    hero = text_of(done["hero"])
    assert hero.startswith("With 600 sends use Thompson sampling")
    assert "worth +" in hero
    assert "Export schedule" in text_of(done["ready"])
    assert "3 days in 12 batches keep" in text_of(done["notes"])
    assert "at a day" not in text_of(done["notes"])
    assert done["planned"]["aims"] == AIMS


def test_every_part_agrees_with_the_plan(done: dict[str, Any]) -> None:
    question = question_of(done["job"], done["job"])
    now = jobs().look(plan_work(question))
    assert now is not None
    plan = put_together(question, found_so_far(question, now))
    assert plan["at_list"] is not None
    table = text_of(done["table"])
    for place, policy in enumerate(plan["at_list"]["policies"]):
        assert plan["policies"][place]["label"] in table
        assert words.whole(policy["right"]["mean"]) in table
    check_figure(done["figure"])
    assert any(words.PROVES in text for text in done["figure"]["data"][-1]["text"])
    assert "3 lines" not in done["summary"]
    assert done["summary"].startswith("With 600 sends the line chosen at the end is the right one: ")
    assert chances.title(plan) == text_of(done["heading of chances"]).split("Chance that")[0].strip()


def test_on_a_phone_no_two_numbers_under_the_chart_touch(done: dict[str, Any]) -> None:
    axis, margin = done["figure"]["layout"]["xaxis"], done["figure"]["layout"]["margin"]
    pixels = (PHONE - margin["l"] - margin["r"]) / axis["range"][1]
    ticks = list(zip(axis["tickvals"], axis["ticktext"], strict=True))
    assert len(ticks) > 2
    for (tick, text), (following, its_text) in pairwise(ticks):
        assert (following - tick) * pixels > DIGIT_PIXELS * (len(text) + len(its_text)) / 2


def test_level_lines_are_nothing_to_find() -> None:
    hero = text_of(finished(LEVEL, AIMS)["hero"])
    assert hero.startswith(words.NOTHING_TO_FIND)


def test_no_worth_no_money_column(done: dict[str, Any]) -> None:
    assert "Money" in text_of(done["table"])
    without = finished(SMALL, Aims().model_dump())
    assert "Money" not in text_of(without["table"])
    assert "worth" not in text_of(without["hero"])


def test_a_scenario_with_money_brings_its_own(done: dict[str, Any]) -> None:
    scenario = SMALL.with_changes(money={"order_value": 20.0, "spread": 0.0}, goal="revenue")
    own = finished(scenario, AIMS)
    assert "of revenue" in text_of(own["hero"])
    assert "Money is conversions" not in text_of(own["foot"])
    assert "Money is conversions × 10" in text_of(done["foot"])


def test_before_the_list_is_simulated_there_is_only_a_sentence() -> None:
    question = question_of({"scenario": SMALL.to_dict()}, AIMS)
    early = drawn(question, {}, running=True)
    assert set(early) == {"hero", "body"}
    assert "Planning your campaign" in text_of(early["hero"])


def test_a_plan_that_takes_long_asks_first() -> None:
    large = SMALL.with_changes(sends=1_000_000, replications=1_000)
    asked = FOLLOWING.advance({"scenario": large.to_dict(), "n": 0}, None, None, "bob", AIMS)
    assert "This plan takes a while." in text_of(asked["answered"]["notice"])
    assert asked["job"]["key"] == ""


def test_a_scenario_without_an_even_split_is_answered_as_it_was_asked() -> None:
    """The panel knows its own scenario only: another key would leave its status at work for ever."""
    bare = SMALL.with_changes(policies=[{"name": "thompson"}, {"name": "epsilon_greedy"}])
    done = finished(bare, AIMS)
    assert done["answered"]["key"] == bare.digest()
    assert done["planned"]["scenario"] == bare.to_dict()
    assert "A/B split" in text_of(done["table"])
    large = FOLLOWING.advance(
        {"scenario": bare.with_changes(sends=10**6, replications=10**3).to_dict(), "n": 0}, None, None, "bob", AIMS
    )
    assert large["answered"]["key"] == bare.with_changes(sends=10**6, replications=10**3).digest()


def test_a_grid_without_a_possible_cell_says_so() -> None:
    policies = [{"name": "ab_split"}, {"name": "sliding_window_thompson", "window": 1}]
    planned = {"scenario": SMALL.with_changes(policies=policies).to_dict(), "aims": AIMS}
    assert fill_grid(planned, "delay_batches", "most", 0, None, "ann")["progress"] == words.NO_GRID


def test_means_carry_their_simulation_error(done: dict[str, Any]) -> None:
    assert text_of(done["table"]).count("±") >= 5


def test_the_schedule_and_every_section_are_files(done: dict[str, Any]) -> None:
    for of in (ids.PLAN_EXPORT, *(name for name in SECTIONS if name != "grid")):
        rows = list(csv.DictReader(io.StringIO(download(of, done["job"], None)["content"])))
        assert rows, of
    schedule = list(csv.DictReader(io.StringIO(download(ids.PLAN_EXPORT, done["job"], None)["content"])))
    assert sum(int(row["sends"]) for row in schedule) == 600
    for row in schedule:
        assert sum(float(row[f"line_{place}_share"]) for place in (1, 2, 3)) == pytest.approx(1.0, abs=2e-4)


def test_a_plan_that_the_cache_no_longer_has_is_no_file() -> None:
    job = {"scenario": SMALL.with_changes(seed=99).to_dict(), "aims": AIMS}
    assert plan_records("plan", job) == []
    with pytest.raises(PreventUpdate):
        download("plan", job, None)


# The grid


@pytest.mark.parametrize("name", NAMES)
def test_the_grid_is_filled_once_the_plan_is_complete(done: dict[str, Any], name: str) -> None:
    assert fill_grid(None, name, "most", 0, None, "ann")["progress"] == words.GRID_LATER
    now = fill_grid(done["planned"], name, "most", 0, None, "ann")
    while not now["resting"]:
        now = fill_grid(done["planned"], name, "surest", 0, now["job"], "ann")
    grid = grid_for(SMALL, name)
    cells = [part for part in walk(now["body"]) if "grid-cell" in (getattr(part, "className", "") or "")]
    assert len(cells) == len(grid.cells)
    assert not any("is-waiting" in cell.className for cell in cells)
    assert text_of(now["heading"]).startswith(words.GRID_TITLES[name])
    rows = list(csv.DictReader(io.StringIO(download("grid", None, now["job"])["content"])))
    assert {row["policy"] for row in rows} >= {"A/B split", "ε-greedy"}


# The bar


def draft(scenario: Scenario = SMALL) -> dict[str, Any]:
    return {"scenario": scenario.to_dict()}


def test_what_is_typed_presses_the_panel() -> None:
    out = read(TYPED | {"difference": 5, "lines": 4}, draft(), AIMS)
    assert out["presses"] == [["set-lines", "4"], ["set-difference", "0.05"]]
    assert out["aims"] is no_update


def test_aims_belong_to_the_page() -> None:
    out = read(TYPED | {"right": 95, "worth": None}, draft(), AIMS)
    assert out["presses"] is no_update
    assert (out["aims"]["right"], out["aims"]["worth"], out["aims"]["favourite"]) == (0.95, None, 0.5)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("lines", 1, "Lines: got 1; must be a whole number from 2 to 64."),
        ("lines", 2.5, "got 2.5; must be a whole number"),
        ("usual", 120, "Usual rate: got 120; must be a number from 0.01 to 99.99."),
        ("difference", 95, "got 95; must be 90 or less."),
        ("difference", None, "got nothing; must be a number"),
        ("sends", 10**9, "List: got 1,000,000,000; must be a whole number from 1 to 1,000,000."),
        ("worth", -3, "got −3; must be a number from 0.01"),
        ("right", 10, "Be right in: got 10; must be a number from 50 to 99.9."),
        ("favourite", "x", "got no number"),
        ("usual", True, "got no number"),
        ("usual", [1], "got no number"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_changes_nothing(name: str, value: Any, told: str) -> None:
    out = read(TYPED | {name: value}, draft(), AIMS)
    assert told in text_of(out["errors"][name])
    assert out["presses"] is no_update
    assert {of for of in FIELDS if out["errors"][of]} == {name}


def test_the_bar_shows_what_the_panel_holds() -> None:
    shown = show(draft(SMALL.with_changes(sends=900)), TYPED)
    assert shown["sends"] == 900
    assert all(shown[name] is no_update for name in FIELDS if name != "sends")
    with pytest.raises(PreventUpdate):
        show({"scenario": {"arms": 3}}, TYPED)


def test_what_the_bar_shows_presses_nothing() -> None:
    for preset in PRESETS.values():
        shown = show(draft(preset.scenario), dict.fromkeys(FIELDS))
        out = read(
            TYPED | {name: value for name, value in shown.items() if value is not no_update},
            draft(preset.scenario),
            AIMS,
        )
        assert out["presses"] is no_update


# The address


def test_aims_survive_their_address() -> None:
    for aims in (USUAL, Aims(), Aims(right=0.999, favourite=0.0, worth=0.25)):
        assert aims_from_address({"s": "x"} | in_address(aims)).aims == aims


@pytest.mark.parametrize(
    "query", [{"right": "x"}, {"right": "nan"}, {"worth": "-1"}, {"favourite": "9" * 50}, {"worth": "inf"}]
)
def test_aims_that_nobody_can_have_are_told(query: dict[str, str]) -> None:
    asked = aims_from_address(query)
    assert asked.aims == Aims()
    assert asked.problem
    with SERVER.test_request_context():
        assert "no plan can aim at" in text_of(layout(**query))


@pytest.mark.parametrize("name", list(PRESETS))
def test_every_preset_can_be_planned(name: str) -> None:
    question = question_of({"scenario": PRESETS[name].scenario.to_dict()}, AIMS)
    parts = [place.part for place, _ in question.scenarios]
    assert parts.count("size") == len(question.sizes) > 3
    assert plan_work(question).total > 0


@pytest.mark.parametrize("chosen", [None, 3, "x", [], {"right": 7}, {"aims": [1]}, {"aims": {"right": "a"}}])
def test_whatever_a_page_keeps_there_are_aims(chosen: Any) -> None:
    assert question_of({"scenario": SMALL.to_dict()}, chosen).aims == Aims()


def test_the_opening_scenario_is_its_own() -> None:
    assert RULES.opening.replications == 1_000
    assert len(RULES.opening.arms) == 4
