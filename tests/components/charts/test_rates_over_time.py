"""Observed and true rates along the campaign: what is drawn for changes, and nothing where none is seen."""

from typing import Any

from components.charts import rates_over_time
from engine import Scenario
from engine.drift import drift
from engine.race import race
from tests.components.charts.figures import check_figure
from tests.engine.scenarios import scenario

POLICIES = ("ab_split", "thompson")
CHANGE = {"name": "change_point", "changes": [{"arm": "line 0", "at": 4_000, "rate": 0.2}]}
RATES = (0.5, 0.3, 0.4)


def shown(asked: Scenario) -> tuple[dict[str, Any], dict[str, Any]]:
    one: Any = race(asked)
    moved: Any = drift(asked)
    return one, moved


def traces_of(figure: dict[str, Any], dash: str | None, panel: str = "x") -> list[dict[str, Any]]:
    return [
        trace
        for trace in figure["data"]
        if trace["xaxis"] == panel and trace["line"].get("dash") == dash and "fill" not in trace
    ]


def test_each_policy_has_observed_rates_true_rates_and_a_band() -> None:
    one, moved = shown(scenario(*POLICIES, rates=RATES, world=CHANGE))
    figure = rates_over_time.figure(one, moved)
    check_figure(figure)
    assert rates_over_time.is_shown(one, moved)
    for panel in ("x", "x2"):
        assert len(traces_of(figure, None, panel)) == len(traces_of(figure, "1.5px,3px", panel)) == 3
    assert sum("fill" in trace for trace in figure["data"]) >= 2


def test_the_true_rate_bends_where_it_changes() -> None:
    one, moved = shown(scenario(*POLICIES, rates=RATES, world=CHANGE))
    curve = next(
        trace for trace in traces_of(rates_over_time.figure(one, moved), "1.5px,3px") if trace["y"][0] == RATES[0]
    )
    assert curve["y"] == [0.5, 0.5, 0.2, 0.2]
    assert curve["x"][1] <= 4_000 < curve["x"][2]


def test_changes_are_marked_in_every_panel_and_the_first_notice_in_its_own() -> None:
    one, moved = shown(scenario(*POLICIES, rates=RATES, world=CHANGE))
    (finding,) = moved["findings"]
    lines = [shape for shape in rates_over_time.figure(one, moved)["layout"]["shapes"] if shape["type"] == "line"]
    dotted = [shape for shape in lines if shape["line"].get("dash")]
    solid = [shape for shape in lines if not shape["line"].get("dash")]
    assert [shape["x0"] for shape in dotted] == [finding["around"]] * 2
    assert [(shape["x0"], shape["xref"]) for shape in solid] == [
        (finding["noticed"], "x" if finding["policy"] == 0 else "x2")
    ]
    assert "Line A fell from about" in rates_over_time.summary(moved)


def test_a_steady_world_without_alarm_shows_nothing() -> None:
    one, moved = shown(scenario(*POLICIES, rates=RATES, sends=1_000))
    assert not rates_over_time.is_shown(one, moved)
    assert rates_over_time.figure(one, moved)["data"] == []


def test_lines_that_left_have_no_letter_at_the_end() -> None:
    stays = [{"arm": "line 0", "leaves": 2_000}]
    one, moved = shown(scenario(*POLICIES, rates=RATES, world={"name": "rotating", "schedule": stays}))
    notes = rates_over_time.figure(one, moved)["layout"]["annotations"]
    ends = [note["text"] for note in notes if note.get("x") == one["sends"] and note["text"].startswith("<b>")]
    assert sorted(set(ends)) == ["<b>B</b>", "<b>C</b>"]


def test_each_policys_own_wear_is_its_true_rate() -> None:
    one, moved = shown(scenario("ab_split", "oracle", rates=RATES, world={"name": "fatigue", "half_life": 1_000}))
    figure = rates_over_time.figure(one, moved)
    even, always = (traces_of(figure, "1.5px,3px", panel)[-1]["y"] for panel in ("x", "x2"))
    assert even[-1] < even[0]
    assert even != always


def test_the_file_has_a_row_for_every_policy_stretch_and_line() -> None:
    one, moved = shown(scenario(*POLICIES, rates=RATES, world=CHANGE))
    records = rates_over_time.records(one, moved)
    assert len(records) == 2 * 3 * (len(moved["edges"]) - 1)
    assert sum(record["sends"] for record in records) == 2 * one["sends"]
    first = records[0]
    assert (first["policy"], first["from_send"], first["line"]) == ("A/B split", 1, "line 0")
    assert (
        first["rate"] == first["conversions"] / first["sends"]
        or abs(first["rate"] - first["conversions"] / first["sends"]) < 1e-4
    )
