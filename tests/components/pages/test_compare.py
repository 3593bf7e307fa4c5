"""Compare without a server: asking, following, cancelling, refusing, taking away."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import no_update
from dash.exceptions import PreventUpdate

from app import create_app
from components import running
from components.address import time_machine_link
from components.controls.draft import USUAL
from components.pages import PAGES
from components.pages.compare import callbacks, drawing
from components.pages.compare.callbacks import advance, ask, cancel, download, follow, vary
from components.pages.compare.layout import RULES
from components.pages.compare.strips import sweeps_of
from engine import POLICIES, Scenario, from_link, simulate
from engine.board import DiskBoard
from engine.cache import AnswerCache
from engine.comparison import compare
from engine.executor import ThreadExecutor
from engine.jobs import Jobs
from engine.presets import PRESETS
from engine.sensitivity import lead, over_even_split
from tests.components.comparisons import question
from tests.components.results import having_class, text_of

SMALL = question()
LARGE = question(sends=100_000, campaigns=20_000)


@pytest.fixture(autouse=True)
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    """The jobs of this test alone."""
    executor = ThreadExecutor(2)
    own = Jobs(DiskBoard(tmp_path), executor, AnswerCache(tmp_path))
    monkeypatch.setattr(running, "shared_jobs", lambda: own)
    yield own
    executor.close()


def asked(scenario: Scenario, *, pressed: bool = False) -> dict[str, Any]:
    return {"scenario": scenario.to_dict(), "pressed": pressed}


def to_the_end(page: dict[str, Any]) -> dict[str, Any]:
    """Look until the job is over; return the last page that was drawn."""
    while page["job"]["goes_on"]:
        page = page | {name: part for name, part in follow(page["job"], "ann").items() if part is not no_update}
    return page


def test_a_small_question_is_answered_to_the_end() -> None:
    page = to_the_end(ask(asked(SMALL), None, "ann"))
    assert page["comparison"]["replications"] == SMALL.replications
    assert page["comparison"]["policies"] == compare(simulate(SMALL))["policies"]
    assert page["resting"] is True
    assert "The page shows this scenario" in text_of(page["answered"]["status"])
    assert simulate(SMALL).digest()[:4] in "".join(map(text_of, page["foot"]))


def test_asked_again_it_is_there_at_once() -> None:
    to_the_end(ask(asked(SMALL), None, "ann"))
    again = ask(asked(SMALL), None, "ben")
    assert again["job"]["goes_on"] is False
    assert "From the cache" in text_of(again["progress"])


def test_a_large_question_waits_for_the_button() -> None:
    page = ask(asked(LARGE), None, "ann")
    assert page["job"] is no_update
    assert page["resting"] is True
    assert "Nothing runs until you say so." in text_of(page["answered"]["notice"])


def test_a_run_that_is_left_stops_and_shows_what_it_has() -> None:
    page = ask(asked(LARGE, pressed=True), None, "ann")
    while not page["job"]["counted"]:
        page = follow(page["job"], "ann")
    left = cancel(page["job"], "ann")
    assert left["job"]["goes_on"] is False
    assert left["resting"] is True
    assert "Stopped at" in text_of(left["progress"])
    assert left["comparison"]["replications"] == left["job"]["counted"] < LARGE.replications
    with pytest.raises(PreventUpdate):
        follow(left["job"], "ann")


def test_another_question_leaves_the_job_of_the_one_before(jobs: Jobs) -> None:
    page = ask(asked(LARGE, pressed=True), None, "ann")
    ask(asked(SMALL), page["job"], "ann")
    assert not jobs._board.wants(page["job"]["key"], "ann")


def new_question(number: int, scenario: Scenario) -> dict[str, Any]:
    return asked(scenario) | {"n": number}


def test_whatever_sets_it_off_a_new_question_is_answered() -> None:
    """Dash merges a tick with a change, and drops the answer to the change when a tick comes after it."""
    first = advance(new_question(0, SMALL), None, None, "ann")
    second = SMALL.with_changes(seed=4)
    merged = advance(new_question(1, second), None, first["job"], "ann")
    assert Scenario.from_dict(merged["job"]["scenario"]) == second
    again = advance(new_question(1, second), None, first["job"], "ann")
    assert again["job"]["key"] == merged["job"]["key"]


def test_a_cancel_is_heard_though_a_tick_came_with_it() -> None:
    page = advance(asked(LARGE, pressed=True) | {"n": 0}, None, None, "ann")
    while not page["job"]["counted"]:
        page = advance(asked(LARGE, pressed=True) | {"n": 0}, None, page["job"], "ann")
    left = advance(asked(LARGE, pressed=True) | {"n": 0}, 123, page["job"], "ann")
    assert left["job"]["goes_on"] is False
    with pytest.raises(PreventUpdate):
        advance(asked(LARGE, pressed=True) | {"n": 0}, 123, left["job"], "ann")


def test_a_question_that_waits_stops_the_run_before_it_on_the_page() -> None:
    page = advance(asked(LARGE, pressed=True) | {"n": 0}, None, None, "ann")
    waiting = advance(new_question(1, LARGE.with_changes(seed=2)), None, page["job"], "ann")
    assert waiting["job"]["goes_on"] is False
    assert "Stopped at" in text_of(waiting["progress"])
    assert "Nothing runs until you say so." in text_of(waiting["answered"]["notice"])


def test_more_than_is_done_at_once_is_refused_with_what_fits() -> None:
    huge = question(sends=1_000_000, campaigns=20_000)
    page = ask(asked(huge, pressed=True), None, "ann")
    assert page["job"] is no_update
    told = text_of(page["answered"]["notice"])
    assert "This is more than is simulated at once." in told
    assert "Enter 3,333 or fewer" in told


def test_a_preset_explains_itself_under_the_recommendation() -> None:
    preset = PRESETS["wrong_season"]
    page = to_the_end(ask(asked(preset.scenario.with_changes(replications=20)), None, "ann"))
    assert text_of(page["recommendation"]).endswith(preset.explanation)
    other = to_the_end(ask(asked(SMALL), None, "ann"))
    assert not having_class(other["recommendation"], "hero-note")


def test_nonsense_changes_nothing() -> None:
    nonsense: Any
    for nonsense in ({}, {"scenario": None}, {"scenario": {"arms": []}}):
        with pytest.raises(PreventUpdate):
            ask(nonsense, None, "ann")


def test_a_policy_opens_beside_the_baseline() -> None:
    link = time_machine_link(SMALL, 2)
    assert link is not None
    opened = from_link(link.removeprefix("/?s="))
    assert [policy.name for policy in opened.policies] == ["ab_split", "epsilon_greedy"]
    assert opened.arms == SMALL.arms


def test_the_leaderboard_can_be_taken_away() -> None:
    page = to_the_end(ask(asked(SMALL), None, "ann"))
    file = download("leaderboard", page["comparison"])
    rows = list(csv.DictReader(io.StringIO(file["content"])))
    assert file["filename"] == "leaderboard.csv"
    assert {row["policy"] for row in rows} == set(SMALL.labels)


def test_a_page_that_is_closed_gives_its_leases_back(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[tuple[str, str]] = []
    monkeypatch.setattr(jobs, "leave", lambda kind, visitor: left.append((kind, visitor)))
    client = create_app().server.test_client()
    nonsense: Any
    for nonsense in ({}, [], {"visitor": 1}, {"visitor": "v" * 1000}, {"visitor": "../x"}):
        assert client.post(running.LEAVE_PATH, json=nonsense).status_code == 204
    assert client.post(running.LEAVE_PATH, data=b"\xff").status_code == 204
    assert left == []
    assert client.post(running.LEAVE_PATH, json={"visitor": "ann"}).status_code == 204
    assert left == [(kind, "ann") for page in PAGES for kind in page.jobs]
    assert ("compare", "ann") in left


def test_the_page_opens_with_the_usual_policies() -> None:
    assert RULES.opening.policies[0].name == "ab_split"
    assert len(RULES.opening.policies) >= 3
    assert RULES.opening.replications == 1_000


def test_every_chart_is_drawn_and_told_in_words() -> None:
    page = to_the_end(ask(asked(SMALL), None, "ann"))
    shown = [drawing.REGRET, drawing.SPREAD, *drawing.ALLOCATIONS[:3]]
    for name in shown:
        assert page[f"figure of {name}"]["data"], name
        assert page[f"summary of {name}"], name
    assert [page[f"place of {name}"] == {} for name in drawing.ALLOCATIONS] == [True] * 3 + [False] * 5
    for of in drawing.RECORDS:
        assert text_of(page[f"heading of {of}"][0])
        assert download(of, page["comparison"])["content"].count("\n") > 3


def test_policies_that_go_take_their_charts_along() -> None:
    ask(asked(SMALL), None, "ann")
    fewer = to_the_end(ask(asked(question(policies=("ab_split", "thompson"))), None, "ann"))
    assert fewer[f"place of {drawing.ALLOCATIONS[2]}"] == {"display": "none"}


def varied(compared: dict[str, Any]) -> dict[str, Any]:
    """Look at the other scenarios until all are tried."""
    page = vary(compared, None, None, "ann")
    while page["strips"] and page["strips"]["goes_on"]:
        page = vary(compared, None, page["strips"], "ann")
    return page


def test_other_scenarios_are_tried_once_all_campaigns_are_in() -> None:
    page = to_the_end(ask(asked(SMALL), None, "ann"))
    strips = varied(page["compared"])
    records = strips["strips"]["records"]
    assert {record["changed"] for record in records} == {
        "Number of sends",
        "Gap between the two best lines, percentage points",
        "α of Thompson sampling",
    }
    assert all(strips[f"place of {name}"] == {} for name in drawing.STRIPS)
    assert {record["level"] for record in records} == {1 - 0.1 / (9 * 3 + 5)}
    present = [record for record in records if record["is_present"] and record["changed"] == "Number of sends"]
    assert present[0]["value"] == SMALL.sends
    assert download("strips", page["comparison"], strips=strips["strips"])["content"].count("\n") == len(records) + 1


def test_every_whisker_has_the_level_that_is_written() -> None:
    page = to_the_end(ask(asked(SMALL), None, "ann"))
    records = iter(varied(page["compared"])["strips"]["records"])
    for sweep in sweeps_of(SMALL, page["comparison"]["verdict"]["leader"]):
        tell = over_even_split if sweep.what == "knob" else lead
        for place in sweep.scenarios:
            record = next(records)
            told = tell(compare(simulate(place), crowned_in=0), record["level"])
            assert told is not None
            assert [record["lead"], record["lead_low"], record["lead_high"]] == [
                told["mean"],
                told["low"],
                told["high"],
            ]
            assert record["is_tie"] == told["tie"]
            assert record["campaigns"] == place.replications


def test_a_setting_is_measured_against_an_even_split_though_the_scenario_has_none() -> None:
    page = to_the_end(ask(asked(question(policies=("oracle", "thompson", "epsilon_greedy"))), None, "ann"))
    strips = varied(page["compared"])
    settings = [record for record in strips["strips"]["records"] if record["changed"].startswith(("α", "ε"))]
    others = [record for record in strips["strips"]["records"] if record not in settings]
    assert {record["rival"] for record in settings} == {"an even split"}
    assert {record["rival"] for record in others} <= {"Thompson sampling", "ε-greedy"}
    assert all(record["lead"] > 0 for record in settings)


def test_where_nobody_could_lead_the_section_says_why_and_rests() -> None:
    page = to_the_end(ask(asked(question(policies=("ab_split", "oracle"))), None, "ann"))
    strips = varied(page["compared"])
    assert "two policies that can be used" in "".join(map(text_of, strips["heading"]))
    assert all(strips[f"place of {name}"] == {"display": "none"} for name in drawing.STRIPS)
    assert (strips["resting"], strips["progress"], strips["strips"]) == (True, None, None)


def test_other_scenarios_wait_for_the_comparison() -> None:
    begun = ask(asked(LARGE, pressed=True), None, "ann")
    assert begun["compared"] is None
    assert follow(begun["job"], "ann")["compared"] is no_update
    assert cancel(begun["job"], "ann")["compared"] is None
    waiting = vary(None, None, None, "ann")
    assert (waiting["resting"], waiting["strips"]) == (True, None)
    whole = to_the_end(ask(asked(SMALL), None, "ann"))
    assert whole["compared"]["leader"] == whole["comparison"]["verdict"]["leader"]
    with pytest.raises(PreventUpdate):
        download("strips", whole["comparison"], strips=waiting["strips"])


def test_a_comparison_that_has_gone_from_the_cache_is_not_varied() -> None:
    compared = {"scenario": SMALL.with_changes(seed=77).to_dict(), "leader": 1}
    assert vary(compared, None, None, "ann")["strips"] is None


def test_a_new_question_leaves_the_other_scenarios_of_the_one_before(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[tuple[str, str]] = []
    monkeypatch.setattr(jobs, "leave", lambda kind, visitor: left.append((kind, visitor)))
    vary(None, None, {"key": "strips-key", "goes_on": True, "records": []}, "ann")
    assert left == [("strips", "ann")]


def test_usual_policies_are_offered_while_there_is_room() -> None:
    page = to_the_end(ask(asked(SMALL), None, "ann"))
    present = {policy.name for policy in SMALL.policies}
    assert (page["usual"] is None) == (set(USUAL) & set(POLICIES) <= present)


def test_no_more_is_offered_than_fits_in_memory() -> None:
    many = question(rates=(0.1,) * 64, policies=("ab_split",) + (("epsilon_greedy"),) * 7, sends=10, campaigns=20_000)
    assert callbacks._affordable_more(many) is None
    assert callbacks._affordable_more(SMALL) == 100


def test_other_scenarios_that_are_too_much_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    page = to_the_end(ask(asked(SMALL), None, "ann"))
    monkeypatch.setattr("engine.work.MOST_WORK", 1)
    told = vary(page["compared"], None, None, "ann")
    assert "more work than is done at once" in told["progress"]
    assert told["strips"] is None
