"""Prices of guardrails on both pages, without a server: when they are asked for, awaited, there, and taken away."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import no_update
from dash.exceptions import PreventUpdate

from components import running
from components import wording_prices as words
from components.pages.compare import prices as on_compare
from components.pages.compare.callbacks import ask, download, follow
from components.pages.time_machine import prices as in_time_machine
from components.pages.time_machine.callbacks import check, show
from engine import Scenario
from engine.board import DiskBoard
from engine.cache import AnswerCache
from engine.executor import ThreadExecutor
from engine.jobs import Jobs
from tests.components.comparisons import question
from tests.components.results import text_of

BARE = question()
GUARDED = BARE.with_changes(guardrails=[{"name": "holdout", "share": 0.2}, {"name": "burn_in", "sends": 20}])
HIDDEN = {"display": "none"}


@pytest.fixture(autouse=True)
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    """The jobs of this test alone."""
    executor = ThreadExecutor(2)
    own = Jobs(DiskBoard(tmp_path), executor, AnswerCache(tmp_path))
    monkeypatch.setattr(running, "shared_jobs", lambda: own)
    yield own
    executor.close()


def compared(scenario: Scenario) -> dict[str, Any]:
    """Compare's page once all campaigns are in."""
    page = ask({"scenario": scenario.to_dict()}, None, "ann")
    while page["job"]["goes_on"]:
        page = page | {name: part for name, part in follow(page["job"], "ann").items() if part is not no_update}
    return page


def priced(page: dict[str, Any]) -> dict[str, Any]:
    """The section once all prices are in."""
    section = on_compare.price(page["compared"], None, page["job"], None, "ann")
    while not section["resting"]:
        section = on_compare.price(page["compared"], None, page["job"], section["prices"], "ann")
    return section


def test_compare_prices_guardrails_once_all_campaigns_are_in() -> None:
    page = compared(GUARDED)
    waiting = on_compare.price(None, None, page["job"], None, "ann")
    assert (waiting["place"], waiting["progress"], waiting["resting"]) == ({}, words.LATER, True)
    section = priced(page)
    records = section["prices"]["records"]
    assert len(records) == 3 * 2  # two guardrails and both together, two policies that learn
    assert section["progress"] is None
    assert "Thompson sampling" in text_of(section["heading"])
    assert download("prices", page["comparison"], prices=section["prices"])["content"].count("\n") == len(records) + 1


def test_without_guardrails_there_is_no_list_and_no_file() -> None:
    page = compared(BARE)
    section = on_compare.price(page["compared"], None, page["job"], None, "ann")
    assert (section["place"], section["prices"], section["resting"]) == (HIDDEN, None, True)
    with pytest.raises(PreventUpdate):
        download("prices", page["comparison"], prices=section["prices"])


def test_another_question_leaves_the_prices_of_the_one_before(jobs: Jobs) -> None:
    page = compared(GUARDED)
    before = on_compare.prices_work(GUARDED.with_changes(sends=100_000))
    jobs.start(before, "ann")
    assert jobs._board.wants(before.key, "ann")
    on_compare.price(None, None, page["job"], {"key": before.key, "goes_on": True, "records": []}, "ann")
    assert not jobs._board.wants(before.key, "ann")


def test_before_the_first_question_nothing_happens() -> None:
    with pytest.raises(PreventUpdate):
        on_compare.price(None, None, None, None, "ann")


def test_the_time_machine_prices_guardrails_after_the_repeats() -> None:
    shown = show({"scenario": GUARDED.with_changes(seed=123_456).to_dict(), "pressed": False}, None)["shown"]
    if not shown["checked"]:
        first = in_time_machine.await_prices(shown, None)
        assert (first["place"], first["progress"], first["wanted"]) == ({}, words.LATER_HERE, None)
        check(shown)
    second = in_time_machine.await_prices(shown, {"key": "done"})
    if second["wanted"]:
        assert second["progress"] == words.WORKING
        there = in_time_machine.price(second["wanted"])
        assert there["progress"] is None
        assert "together" in text_of(there["heading"])
    at_once = in_time_machine.await_prices(shown, None)
    assert (at_once["wanted"], at_once["progress"]) == (None, None)
    assert in_time_machine.prices_csv(1, shown)["content"].count("\n") == 3 * 2 + 1


def test_the_time_machine_hides_the_list_without_guardrails() -> None:
    section = in_time_machine.await_prices({"scenario": BARE.to_dict()}, None)
    assert (section["place"], section["wanted"]) == (HIDDEN, None)
    with pytest.raises(PreventUpdate):
        in_time_machine.prices_csv(1, {"scenario": BARE.to_dict()})


def test_nothing_is_priced_that_nobody_asked_for() -> None:
    with pytest.raises(PreventUpdate):
        in_time_machine.price(None)
    with pytest.raises(PreventUpdate):
        in_time_machine.await_prices(None, None)
