"""The Audit page's functions, without a server: logs that are joined, rows that are asked for, files, re-runs."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from dash import html, no_update
from dash.exceptions import PreventUpdate
from flask import Flask

import app as application
from components import address, following
from components import own as visitors
from components.address import query_of
from components.pages.audit import callbacks, files
from components.pages.audit import work as audit_work
from components.pages.audit.callbacks import FOLLOWING, choose, explain, find, rerun, rows, show
from components.pages.audit.grid import PAGE_ROWS, SCRIPT, VERSION, filters_of
from components.pages.audit.layout import RULES, layout
from components.pages.audit.work import audited, from_address
from engine import LinkError, Scenario, decision_log
from engine.board import MemoryBoard
from engine.cache import AnswerCache
from engine.executor import ThreadExecutor
from engine.jobs import Jobs
from engine.logs.paging import Filters
from engine.rails import place_of
from engine.shelf import Shelf
from tests.components.results import walk
from tests.engine.logs.campaigns import CAMPAIGNS, small

ASKED = CAMPAIGNS["guarded"].with_changes(
    policies=[{"name": "ab_split"}, {"name": "epsilon_greedy"}, {"name": "ucb1"}], replications=5
)
SERVER = application.create_app().server
TOKEN = "t" * 43
NOTHING: dict[str, Any] = {"first": None, "last": None, "segment": None, "arm": "any", "by": "any", "answer": "any"}


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    """Jobs and answers of this test alone."""
    answers, executor = AnswerCache(tmp_path), ThreadExecutor(2)
    jobs = Jobs(MemoryBoard(), executor, answers)
    for module in (following, callbacks, files):
        monkeypatch.setattr(module, "jobs", lambda: jobs)
    monkeypatch.setattr("components.running.jobs", lambda: jobs)
    monkeypatch.setattr(audit_work, "shared", lambda: answers)
    yield jobs
    executor.close()


def question(scenario: Scenario, n: int = 1, *, pressed: bool = False) -> dict[str, Any]:
    return {"scenario": scenario.to_dict(), "n": n, "pressed": pressed}


def until_there(scenario: Scenario, chosen: Any = None) -> dict[str, Any]:
    """Ask, and follow until the log is there."""
    page = FOLLOWING.advance(question(scenario), None, None, "ann", chosen)
    told = {key: value for key, value in page.items() if value is not no_update}
    while page["job"]["goes_on"]:
        page = FOLLOWING.advance(question(scenario), None, page["job"], "ann", chosen)
        told |= {key: value for key, value in page.items() if value is not no_update}
    return told


def text(component: Any) -> str:
    """All words of a component."""
    if component is None:
        return ""
    if isinstance(component, (list, tuple)):
        return " ".join(map(text, component))
    return text(getattr(component, "children", None)) if hasattr(component, "to_plotly_json") else str(component)


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_every_kind_of_campaign_has_its_page(name: str) -> None:
    page = until_there(CAMPAIGNS[name])
    contacts = len(decision_log(CAMPAIGNS[name]))
    assert f"Each of the {contacts} sends has a reason on record" in text(page["hero"])
    shown = show(page["shown"], ready=True)
    assert all(value is not no_update for value in shown.values())
    assert "Why send" in text(explain(shown["go_to"], page["shown"]))
    assert rerun(1, page["shown"])["same"] is True
    answer = rows({"startRow": 0, "endRow": 10}, page["shown"], [], [])
    assert answer["rowCount"] == contacts
    assert len(answer["rowData"]) == 10
    assert "engine.decision_log" in text(shown["sheet"])


def test_the_verdict_counts_who_decided() -> None:
    words = text(until_there(ASKED, {"policy": 2, "campaign": 3})["hero"])
    log = decision_log(ASKED, 2, 3)
    for name, what in (("holdout", "were held out"), ("burn_in", "were burn-in"), ("policy", "sends followed UCB1")):
        assert f"{(log['guardrail'] == name).sum()} {what}".replace(" ", "") in words.replace(" ", "")
    assert "as often as their logged chances say".replace(" ", "") in words.replace(" ", "")


def test_the_first_policy_that_learns_is_audited_unless_one_is_chosen() -> None:
    assert audited(ASKED, None)[1:] == (1, 0)
    assert audited(ASKED, {"policy": 2, "campaign": 4})[1:] == (2, 4)
    assert audited(ASKED, {"policy": 9, "campaign": 5})[1:] == (1, 0)
    assert audited(ASKED, {"policy": True, "campaign": -1})[1:] == (1, 0)
    assert audited(small("ab_split"), None)[1:] == (0, 0)
    assert from_address({"policy": "3", "campaign": "2"}) == {"policy": 2, "campaign": 1}
    assert from_address({"policy": "0", "campaign": "x", "more": "1"}) == {}


def test_a_choice_is_taken_in_and_kept_within_what_there_is() -> None:
    job = audited(ASKED, None).stored()
    assert choose("3", 2, job) == {"policy": 2, "campaign": 1}
    assert choose("2", 99, job) == {"policy": 1, "campaign": 4}
    assert choose("1", "nonsense", job) == {"policy": 0, "campaign": 0}
    for policy, campaign in (("2", 1), (None, None), ("2", "1e999")):
        with pytest.raises(PreventUpdate):
            choose(policy, campaign, job)


def test_another_choice_is_another_log() -> None:
    first = until_there(ASKED, {"policy": 1, "campaign": 0})
    page = FOLLOWING.advance(question(ASKED), None, first["job"], "ann", {"policy": 2, "campaign": 1})
    assert page["job"]["policy"] == 2
    assert page["campaign"] == 2


def test_a_long_log_waits_for_the_button(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.running.ASK_ABOVE_SECONDS", 0.0)
    page = FOLLOWING.ask(question(ASKED), None, "ann")
    assert page["shown"] is no_update
    assert "exact chances of 600 sends" in text(page["answered"]["notice"])
    assert page["policy"] == "2"
    assert FOLLOWING.ask(question(ASKED, pressed=True), None, "ann")["job"]["scenario"] is not None


def test_too_large_a_log_is_refused_in_words() -> None:
    arms = [{"name": f"{arm}"} for arm in range(40)]
    page = FOLLOWING.ask(question(small(sends=1_000_000, arms=arms), pressed=True), None, "ann")
    assert "at most 16,000,000 are kept" in text(page["answered"]["notice"])


def test_a_log_can_be_cancelled_and_goes_on(own: Jobs) -> None:
    long = small("thompson", sends=200_000)
    page = FOLLOWING.advance(question(long, pressed=True), None, None, "ann", None)
    assert page["job"]["goes_on"]
    page = FOLLOWING.advance(question(long, pressed=True), 1, page["job"], "ann", None)
    assert not page["job"]["goes_on"]
    assert "Stopped at" in text(page["progress"])
    assert not own._board.holders(audited(long, None).work.key)


def test_rows_answer_the_grid_s_question() -> None:
    page, log = until_there(ASKED), decision_log(ASKED, 1)
    names = [{"type": "audit-filter", "of": of} for of in NOTHING]
    request = {"startRow": 0, "endRow": 600, "sortModel": [{"colId": "propensity", "sort": "desc"}]}
    answer = rows(request, page["shown"], list((NOTHING | {"by": "holdout", "answer": "1"}).values()), names)
    wanted = log[(log["guardrail"] == "holdout") & (log["reward"] == 1)]
    assert answer["rowCount"] == len(wanted)
    assert sorted(row["send"] for row in answer["rowData"]) == wanted["send"].tolist()
    told = [float(row["propensity"].rstrip("%")) for row in answer["rowData"]]
    assert told == sorted(told, reverse=True)
    first = answer["rowData"][0]
    assert (first["guardrail"], first["is_rail"], first["reward"]) == ("holdout", True, "converted")
    assert log.loc[first["send"], "arm"] == first["arm"]


@pytest.mark.parametrize(
    "request_", [None, [], {}, {"startRow": "x", "endRow": -4}, {"startRow": 10**30, "endRow": None, "sortModel": 7}]
)
def test_a_malformed_question_for_rows_is_no_error(request_: Any) -> None:
    page = until_there(small(sends=50))
    assert rows(request_, page["shown"], ["x"], [{}, 3])["rowData"] == [] or request_ == {}
    assert rows({"startRow": 0, "endRow": 5}, None, [], []) == {"rowData": [], "rowCount": 0}
    assert rows({"startRow": 0, "endRow": 5}, {"scenario": {}}, [], []) == {"rowData": [], "rowCount": 0}


def test_filters_that_cannot_be_read_ask_for_nothing() -> None:
    one = audited(CAMPAIGNS["contextual"], None)
    assert filters_of(NOTHING, one) == filters_of({}, one) == Filters()
    odd = {"first": "1e999", "last": -3, "segment": "7", "arm": "x", "by": "nobody", "answer": [1]}
    assert filters_of(odd, one) == Filters()
    full = {"first": "12.0", "last": 40, "segment": "1", "arm": "2", "by": "holdout", "answer": "0"}
    assert filters_of(full, one) == Filters(12, 40, 1, 2, place_of("holdout"), 0)
    assert filters_of({"by": "policy"}, one).by == -1


def test_a_send_is_found_in_whatever_order() -> None:
    page, names = until_there(ASKED), [{"of": of} for of in NOTHING]
    values = list(NOTHING.values())
    assert find(100, page["shown"], [], values, names) == {"send": 100, "index": 100, "page": 100 // PAGE_ROWS}
    down = {"sortModel": [{"colId": "send", "sort": "desc"}]}
    assert find("0", page["shown"], [down], values, names) == {"send": 0, "index": 599, "page": 599 // PAGE_ROWS}
    hidden = list((NOTHING | {"first": 300}).values())
    assert find(100, page["shown"], [], hidden, names) == {"send": 100, "index": None, "page": None}
    assert find(10_000, page["shown"], [], values, names)["send"] == 599
    for send in (None, "", "x", "1e999"):
        with pytest.raises(PreventUpdate):
            find(send, page["shown"], [], values, names)


def test_the_panel_tells_the_draw_the_steps_and_the_other_answers() -> None:
    asked = small("thompson", guardrails=[{"name": "holdout", "share": 0.1}])
    page, log = until_there(asked), decision_log(asked)
    send = int(log.index[(log["guardrail"] == "policy") & (log["send"] > 300)][0])
    words = text(explain(send, page["shown"]))
    assert "drew a believable rate for each line and sent the highest" in words
    assert f"How its chance was {100 * log['propensity'].to_numpy()[send]:.1f}%" in words
    assert "With the holdout" in words
    assert "Would this recipient have converted?" in words
    taken = int(log.index[log["guardrail"] == "holdout"][-1])
    assert "took this recipient out of the policy" in text(explain(taken, page["shown"]))


def test_what_is_no_longer_kept_changes_nothing() -> None:
    lost = audited(ASKED, {"policy": 0, "campaign": 4}).stored()
    for attempt in (lambda: show(lost, ready=True), lambda: explain(3, lost), lambda: rerun(1, lost)):
        with pytest.raises(PreventUpdate):
            attempt()


def test_the_log_comes_as_a_file_once_it_is_made() -> None:
    page = until_there(ASKED, {"policy": 2, "campaign": 3})
    one = audited(ASKED, {"policy": 2, "campaign": 3})
    served: Any = SimpleNamespace(server=Flask(__name__))
    files.register(served)
    client = served.server.test_client()
    address = files.address(one, "csv")
    assert address is not None
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="decision-log-ucb1-4.csv"'
    assert answer.text.splitlines()[0] == ",".join(decision_log(ASKED, 2, 3).columns)
    assert len(answer.text.splitlines()) == 601
    other = files.address(one._replace(campaign=1), "csv")
    assert other is not None
    assert client.get(other).status_code == 409
    assert client.get("/audit/log.csv?s=nonsense").status_code == 400
    assert page["job"]["campaign"] == 3


def test_without_pyarrow_there_is_no_parquet_button(monkeypatch: pytest.MonkeyPatch) -> None:
    page = until_there(small(sends=50))
    monkeypatch.setattr(files, "has_parquet", lambda: False)
    assert "Parquet" not in text(show(page["shown"], ready=True)["files"])
    monkeypatch.setattr(files, "has_parquet", lambda: True)
    assert "Parquet" in text(show(page["shown"], ready=True)["files"])


def test_names_too_long_for_a_link_leave_the_files_out(monkeypatch: pytest.MonkeyPatch) -> None:
    page = until_there(small(sends=50))

    def refuse(_scenario: Scenario, *_: Any, **__: Any) -> str:
        raise LinkError("link: too long.")

    for module in (callbacks, files):
        monkeypatch.setattr(module, "query_of", refuse)
    shown = show(page["shown"], ready=True)
    assert "too long for a link" in text(shown["files"])
    assert "too long for a link" in text(shown["sheet"])


def test_what_somebody_brought_is_named_by_its_place_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(tmp_path)
    for module in (visitors, address):
        monkeypatch.setattr(module, "shelf", lambda: shelf)
    with SERVER.test_request_context(headers={"Cookie": f"{visitors.COOKIE}={TOKEN}"}):
        found = shelf.bring(TOKEN, BytesIO(b"variant,sends,orders\nSecret A,90,9\nSecret B,80,3\n"), "x.csv")
        assert found.scenario is not None
        page = until_there(found.scenario.with_changes(sends=50))
        shown = show(page["shown"], ready=True)
        links = [part.href for part in walk(html.Div(shown["files"])) if getattr(part, "href", None)]
        assert links
        assert all("?c=" in link and "s=" not in link.partition("?c=")[2] for link in links)
        assert "from_link" not in text(shown["sheet"])
        answer = SERVER.test_client()
        answer.set_cookie(visitors.COOKIE, TOKEN)
        assert b"Secret A" in answer.get(links[0]).data
        assert SERVER.test_client().get(links[0]).status_code == 400
    shelf.close()


def test_the_grid_is_pinned_and_served_from_our_own_host_as_it_was_published() -> None:
    import dash_ag_grid

    published = Path(dash_ag_grid.__file__).parent
    vendored = Path(application.__file__).parent / "assets" / SCRIPT
    assert dash_ag_grid.__version__ == VERSION
    for name in ("dash_ag_grid.min.js", "async-community.js"):
        assert (vendored.parent / name).read_bytes() == (published / name).read_bytes()


def test_no_page_names_the_grid_s_script_itself() -> None:
    client = application.create_app().server.test_client()
    for path in ("/", "/audit"):
        assert not re.search("<script[^>]*ag_grid", client.get(path).text)


def test_the_page_opens_with_the_scenario_of_its_address() -> None:
    token = query_of(ASKED, RULES.opening).removeprefix("?s=")
    page = layout(s=token, policy="3", campaign="2")
    assert "line 2" in str(page)
    assert "'policy': 2" in str(page)
    assert "Guardrails on" in str(layout())


def test_corrected_rates_leave_as_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    page = until_there(ASKED)

    class Pressed:
        triggered_id = "audit-rates-csv"

    monkeypatch.setattr(callbacks, "ctx", Pressed)
    found = callbacks.download(1, page["shown"])
    assert found["filename"] == "corrected-rates.csv"
    from io import StringIO

    table = pd.read_csv(StringIO(found["content"]))
    assert table["sends"].sum() == 600
    with pytest.raises(PreventUpdate):
        callbacks.download(None, page["shown"])
