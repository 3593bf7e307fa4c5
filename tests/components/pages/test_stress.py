"""The stress test without a server: asking, following, choosing, cancelling, refusing, telling a cell's story, prices."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from dash import no_update
from dash.exceptions import PreventUpdate

from components import running
from components.budget import charge
from components.pages.stress import choice, menu
from components.pages.stress.callbacks import along, download, following
from components.pages.stress.choice import Choice, from_address, from_ticks, key_of, store
from components.pages.stress.drawing import cell_link
from components.pages.stress.layout import RULES, layout
from components.pages.stress.work import EVERY, work_of
from engine import Scenario, from_link
from engine.board import DiskBoard
from engine.cache import AnswerCache
from engine.executor import ThreadExecutor
from engine.jobs import Jobs
from engine.stress import columns_of
from tests.components.door.asking import server
from tests.components.results import having_class, text_of
from tests.components.stresses import question

SMALL = question()
LARGE = question(sends=100_000, campaigns=2_000)
PAGE = following(None)
FEW = {"stresses": ["change"], "rows": None, "of": key_of(SMALL)}


@pytest.fixture(autouse=True)
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    """The jobs of this test alone."""
    executor = ThreadExecutor(2)
    own = Jobs(DiskBoard(tmp_path), executor, AnswerCache(tmp_path))
    monkeypatch.setattr(running, "shared_jobs", lambda: own)
    yield own
    executor.close()


def asked(scenario: Scenario, *, pressed: bool = False) -> dict[str, Any]:
    return {"scenario": scenario.to_dict(), "pressed": pressed, "n": 0}


def ask(question: dict[str, Any], chosen: Any = None, job: Any = None) -> dict[str, Any]:
    return PAGE.advance(question, None, job, "ann", chosen)


def to_the_end(page: dict[str, Any]) -> dict[str, Any]:
    """Look until the job is over; return the last page that was drawn."""
    while page["job"]["goes_on"]:
        record = page["job"]
        new = PAGE.advance({"n": record["asked"]}, record["cancelled"], record, "ann", record["chosen"])
        page = page | {name: part for name, part in new.items() if part is not no_update}
    return page


def answered(scenario: Scenario = SMALL, chosen: Any = FEW) -> dict[str, Any]:
    return to_the_end(ask(asked(scenario), chosen))


def cells(page: dict[str, Any]) -> list[Any]:
    return [one for one in having_class(page["table"], "heat-cell") if one._type == "Button"]


def test_a_small_question_is_answered_to_the_end() -> None:
    page = answered(chosen=None)
    assert len(cells(page)) == 2 * len(EVERY)
    assert page["resting"] is True
    assert page["stressed"]["scenario"] == SMALL.to_dict()
    assert "The page shows this scenario" in text_of(page["answered"]["status"])
    assert text_of(page["hero"]).startswith(("Thompson sampling", "Test, then winner"))
    assert f"{len(EVERY)} columns" in text_of(page["progress"])


def test_only_what_is_ticked_is_simulated_and_shown() -> None:
    page = answered()
    assert page["job"]["names"] == ["none", "change"]
    assert {getattr(cell, "data-stress") for cell in cells(page)} == {"none", "change"}
    assert page["shown"] == FEW | {"rows": None}


def test_fewer_stresses_of_a_complete_table_are_shown_at_once() -> None:
    answered(chosen=None)
    page = ask(asked(SMALL), FEW)
    assert page["job"]["goes_on"] is False
    assert tuple(page["job"]["names"]) == EVERY
    assert {getattr(cell, "data-stress") for cell in cells(page)} == {"none", "change"}


def test_only_rows_that_are_ticked_are_judged() -> None:
    page = answered(chosen=FEW | {"rows": [2]})
    assert {getattr(cell, "data-policy") for cell in cells(page)} == {"2"}
    assert page["stressed"]["policy"] == 2
    none = ask(asked(SMALL), FEW | {"rows": []})
    assert text_of(none["hero"]).startswith("Choose a policy to stress")


def test_rows_of_other_policies_are_forgotten() -> None:
    others = SMALL.with_changes(policies=[{"name": "ab_split"}, {"name": "ucb1"}, {"name": "softmax"}])
    assert from_ticks(FEW | {"rows": [2]}, others).rows is None


def test_a_large_question_waits_for_the_button() -> None:
    page = ask(asked(LARGE))
    assert not page["job"]["key"]
    assert page["body"] == {"display": "none"}
    assert "Nothing runs until you say so." in text_of(page["answered"]["notice"])


def test_a_run_that_is_left_stops_and_shows_what_it_has() -> None:
    page = ask(asked(LARGE, pressed=True))
    while not page["job"]["counted"]:
        page = PAGE.follow(page["job"], "ann")
    stopped = PAGE.cancel(page["job"], "ann")
    assert "Stopped at" in text_of(stopped["progress"])
    assert stopped["job"]["goes_on"] is False
    assert stopped["stressed"] is None
    assert cells(stopped)


def test_more_than_the_server_does_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.work.MOST_WORK", 1)
    page = ask(asked(SMALL))
    assert "more than is simulated at once" in text_of(page["answered"]["notice"])


def test_nothing_new_is_drawn_when_nothing_goes_on() -> None:
    page = answered()
    with pytest.raises(PreventUpdate):
        PAGE.follow(page["job"], "ann")
    with pytest.raises(PreventUpdate):
        PAGE.cancel(page["job"], "ann")
    with pytest.raises(PreventUpdate):
        ask({"scenario": {}})


def test_what_is_due_is_done() -> None:
    """Question, choice, cancel, look: the page's own record says which."""
    page = ask(asked(SMALL), FEW)
    assert page["job"]["chosen"] == FEW
    record = to_the_end(page)["job"]
    least: dict[str, Any] = {"stresses": [], "rows": None, "of": ""}
    fewer = to_the_end(ask(asked(SMALL), least, record))
    assert {getattr(cell, "data-stress") for cell in cells(fewer)} == {"none"}
    with pytest.raises(PreventUpdate):
        ask(asked(SMALL), FEW, record)


@pytest.mark.parametrize("place", [1, 2])
def test_every_cell_opens_its_very_scenario(place: int) -> None:
    for column in columns_of(SMALL):
        assert column.scenario is not None
        link = cell_link(SMALL, column.stress.name, place)
        assert link is not None
        opened = from_link(parse_qs(urlsplit(link).query)["s"][0])
        policies = column.scenario.policies
        assert opened.policies == (policies[0], policies[place])
        assert opened.with_changes(policies=column.scenario.to_dict()["policies"]) == column.scenario


def test_a_cell_tells_its_story() -> None:
    page = answered()
    story = along({"stress": "change", "policy": 2}, page["job"])
    assert "Winner changes: Test, then winner" in text_of(story["heading"][0])
    assert story["link"].href.startswith("/?s=")
    assert story["figure"]["data"]
    first = along(None, page["job"])
    assert "Winner changes" in text_of(first["heading"][0])
    gone = along({"stress": "late", "policy": 2}, page["job"])  # a cell that is not shown
    assert gone["heading"] is not None
    with pytest.raises(PreventUpdate):
        along(None, None)


def test_files() -> None:
    page = answered()
    table = list(csv.DictReader(io.StringIO(download("table", page["job"], None, None)["content"])))
    assert len(table) == 4
    story = download("along", page["job"], {"stress": "change", "policy": 1}, None)
    assert story["filename"] == "stress-change.csv"
    for of, prices in (("table", None), ("menu", None), ("menu", {"records": []})):
        with pytest.raises(PreventUpdate):
            download(of, None, None, prices)


def test_an_address_may_choose_and_is_checked() -> None:
    assert from_address({}, SMALL) == Choice(EVERY, None)
    assert from_address({"stress": "late,drift", "rows": "2"}, SMALL) == Choice(("none", "drift", "late"), (2,))
    assert from_address({"stress": "none", "rows": "none"}, SMALL) == Choice(("none",), ())
    bad = from_address({"stress": "storm,late", "rows": "0,1,9"}, SMALL)
    assert bad == Choice(("none", "late"), (1,), ("storm", "policy 0", "policy 9"))
    assert from_address({"stress": ["x"], "rows": "-1"}, SMALL).unknown == ("policy -1",)


def test_the_choice_is_kept_only_where_something_is_left_out() -> None:
    everything = store(from_address({}, SMALL), SMALL)
    assert (everything["stresses"], everything["rows"]) == (None, None)
    some = store(from_address({"stress": "late", "rows": "2"}, SMALL), SMALL)
    assert (some["stresses"], some["rows"]) == (["late"], [2])
    assert from_ticks(some, SMALL) == Choice(("none", "late"), (2,))
    assert choice.policies_of(SMALL) == [1, 2]


def test_a_bad_address_gives_a_notice_and_the_page() -> None:
    page = text_of(layout(stress="storm"))
    assert "The address asks for storm" in page
    assert "Thompson sampling" in page
    assert "Part of this link" not in text_of(layout())
    assert RULES.opening.replications == 300


# Prices of guardrails


def priced(page: dict[str, Any], ticked: Any = None) -> dict[str, Any]:
    found = menu.price(page["stressed"], None, ticked, None, "ann")
    while not found["resting"]:
        found = menu.price(page["stressed"], None, ticked, found["menu"], "ann")
    return found


def test_guardrails_are_priced_once_the_table_is_complete() -> None:
    waiting = menu.price(None, None, None, None, "ann")
    assert waiting["progress"] == "Guardrails are priced when the table is complete."
    found = priced(answered())
    assert len(found["body"].children[1].children) == 8
    assert "…" not in text_of(found["body"])
    assert "Burn-in (100 sends a line), holdout" in text_of(found["together"])
    assert download("menu", None, None, found["menu"])["filename"] == "guardrails.csv"


def test_what_is_ticked_is_priced_together_and_can_be_added() -> None:
    page = answered()
    key = priced(page)["menu"]["key"]
    found = priced(page, {"key": key, "names": ["holdout", "minimum_share-0.02", "minimum_share-0.05"]})
    assert found["menu"]["names"] == ["holdout", "minimum_share-0.05"]
    link = having_class(found["together"], "btn")[0].href
    added = from_link(parse_qs(urlsplit(link).query)["s"][0])
    assert [rail.name for rail in added.guardrails] == ["holdout", "minimum_share"]
    assert added.policies == SMALL.policies
    nothing = priced(page, {"key": key, "names": []})
    assert "Tick guardrails above" in text_of(nothing["together"])


def test_an_address_that_has_spent_its_work_keeps_the_menu_and_is_told_why_nothing_is_added_up() -> None:
    page = answered()
    key = priced(page)["menu"]["key"]
    with server(BTM_VISITOR_SECONDS="10").test_request_context():
        charge(10.0)
        found = priced(page, {"key": key, "names": ["minimum_share-0.02"]})
    assert "your address may ask for" in text_of(found["together"])
    assert len(found["body"].children[1].children) == 8


def test_own_guardrails_are_ticked_at_first() -> None:
    guarded = SMALL.with_changes(guardrails=[{"name": "holdout", "share": 0.2}])
    found = priced(answered(guarded, {**FEW, "of": key_of(guarded)}))
    assert found["menu"]["names"] == ["own-holdout"]
    assert "in your scenario already" in text_of(found["together"])


def test_prices_that_are_too_much_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    page = answered()
    monkeypatch.setattr("engine.work.MOST_WORK", 1)
    assert menu.price(page["stressed"], None, None, None, "ann")["progress"].startswith(
        "Pricing the guardrails would be"
    )


def test_the_opening_runs_at_once_and_has_a_policy_that_tells_recipients_apart() -> None:
    assert not running.waits_for_button(work_of(RULES.opening))
    assert "Thompson by segment" in RULES.opening.labels
