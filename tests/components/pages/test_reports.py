"""What every page with a result offers to take away: the same words and numbers, valid files, and nothing worked out anew."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import Conflict

from app import create_app
from components import address, own, running
from components.budget import BUDGET
from components.cards.campaign_verdict import campaign_verdict
from components.cards.recommendation import recommendation
from components.cards.stress_verdict import stress_verdict
from components.comparing import said, work_of
from components.door.rates import Rates
from components.pages import PAGES
from components.pages.audit import work as audit_work
from components.pages.audit.callbacks import hero
from components.pages.audit.work import audited
from components.pages.audit.work import said as said_of_log
from components.pages.compare.prices import prices_work
from components.pages.compare.strips import strips_work
from components.pages.plan.drawing import drawn
from components.pages.plan.records import plan_of
from components.pages.plan.work import grid_for, grid_work, plan_work, question_of
from components.pages.stress.menu import menu_for, menu_work
from components.pages.stress.subject import known_test
from components.pages.stress.work import work_of as stress_work_of
from components.pages.time_machine import answers
from components.report import door
from components.report.content import Section
from components.report.markup import words
from components.stress import recommended
from components.wording_report import GONE, NOTHING_YET
from engine import Scenario, shelf
from engine.board import MemoryBoard
from engine.cache import AnswerCache
from engine.evaluation.work import StudyWork
from engine.executor import ThreadExecutor
from engine.jobs import AnyWork, Jobs, State
from engine.presets import PRESETS
from engine.reading import log_told_of, told_of
from engine.settings import settings
from engine.shelf import Shelf
from tests.components.comparisons import question
from tests.components.report.reports import report
from tests.components.report.test_document import MOST_BYTES, parsed, text
from tests.components.report.test_tables import expect_alike

SERVER = create_app().server
TOKEN = "t" * 43
TODAY = "2026-11-28"
SMALL = question().with_changes(guardrails=[{"name": "minimum_share", "share": 0.05}])
NAMES = ("change", "late")
COUNTS = b"Variant,Sent,Orders,Revenue\nPlain,400,12,$120\nPlayful,400,40,$420\n"
LOG = b"line,converted,propensity\n" + b"".join(
    b"%s,%d,0.5\n" % (b"AB"[n % 2 : n % 2 + 1], n % 7 == n % 2) for n in range(200)
)


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    """Jobs, answers and files of this test alone."""
    found, executor = AnswerCache(tmp_path / "answers"), ThreadExecutor(2)
    jobs, files = Jobs(MemoryBoard(), executor, found), Shelf(tmp_path / "files")
    monkeypatch.setattr(running, "shared_jobs", lambda: jobs)
    for module in (audit_work, answers):
        monkeypatch.setattr(module, "shared", lambda: found)
    for module in (own, address):
        monkeypatch.setattr(module, "shelf", lambda: files)
    monkeypatch.setattr(shelf, "read_apart", lambda path, name, roles=None: told_of(path.read_bytes(), name, roles))
    monkeypatch.setattr(
        shelf,
        "read_log_apart",
        lambda path, name, roles=None, even=False: log_told_of(path.read_bytes(), name, roles, even=even),
    )
    yield jobs
    executor.close()
    files.close()


def files() -> Shelf:
    """Where this test's files lie."""
    return address.shelf()  # type: ignore[attr-defined]  # as the fixture put it there


def finish(work: AnyWork) -> bytes:
    """Do a job to its end."""
    now = running.jobs().start(work, "ann")
    while now.state is State.RUNNING:
        now = running.jobs().follow(work, "ann")
    assert now.state is State.FINISHED, now.error
    return now.content


def job(scenario: Scenario, **more: Any) -> dict[str, Any]:
    return {"scenario": scenario.to_dict(), "key": "k", "counted": 0, "goes_on": False, **more}


Case = tuple[dict[str, Any], str]
"""What the page's stores hold, and the words of its verdict."""


def of_compare() -> Case:
    finish(work_of(SMALL))
    found = said_now(SMALL)
    finish(strips_work(SMALL, found["verdict"]["leader"]))
    finish(prices_work(SMALL))
    return {"job": job(SMALL)}, words(recommendation(found, running=False))


def said_now(scenario: Scenario) -> Any:
    known = running.jobs().look(work_of(scenario))
    spoken = said(known) if known else None
    assert spoken is not None
    return spoken["comparison"]


def of_time_machine() -> Case:
    scenario = PRESETS["simpsons_paradox"].scenario.with_changes(sends=600, replications=20)
    shown = answers.shown_run(scenario).content["race"]
    answers.repeated(scenario)
    return {"shown": {"scenario": scenario.to_dict()}}, f"{shown['policies'][1]['label']}"


def of_stress() -> Case:
    asked = SMALL.with_changes(policies=[{"name": "ab_split"}, {"name": "thompson"}], replications=40)
    stored = job(asked, names=list(NAMES), chosen={"stresses": list(NAMES), "rows": None, "of": ""})
    finish(stress_work_of(asked, NAMES))
    known = known_test(stored)
    assert known is not None
    _, test, _ = known
    place = recommended(test)
    finish(menu_work(menu_for(asked, test["rows"][0] if place is None else place)))
    return {"job": stored, "cell": None}, words(stress_verdict(test, running=False))


def of_campaign() -> Case:
    file = files().bring(TOKEN, io.BytesIO(COUNTS), "spring.csv")
    assert file.scenario is not None
    scenario = file.scenario.with_changes(replications=20)
    finish(work_of(scenario))
    found = said_now(scenario)
    finish(StudyWork(scenario, 1))
    return {"job": job(scenario), "place": file.identity}, words(campaign_verdict(found, running=False))


def of_log() -> Case:
    file = files().bring(TOKEN, io.BytesIO(LOG), "decisions.csv", is_log=True)
    return {"place": file.identity}, "B"


def of_audit() -> Case:
    one = audited(SMALL, {"policy": 1, "campaign": 0})
    finish(one.work)
    summary = said_of_log(running.jobs().look(one.work))
    assert summary is not None
    return {"shown": one.stored()}, words(hero(one, summary))


def of_plan() -> Case:
    stored = {"scenario": SMALL.to_dict(), "aims": {"right": 0.9, "favourite": 0.5, "worth": 12.0}}
    question = question_of(stored, stored)
    finish(plan_work(question))
    known = plan_of(stored)
    assert known is not None
    finish(grid_work(grid_for(question.scenario, "epsilon_sends")))
    grid = stored | {"name": "epsilon_sends", "by": "most"}
    return {"job": stored, "grid": grid}, words(drawn(question, known.found, running=False)["hero"])


CASES: dict[str, Callable[[], Case]] = {
    "compare": of_compare,
    "time-machine": of_time_machine,
    "stress": of_stress,
    "campaign": of_campaign,
    "log": of_log,
    "audit": of_audit,
    "plan": of_plan,
}


def visitor(token: str = TOKEN) -> FlaskClient:
    client: FlaskClient = SERVER.test_client()
    client.set_cookie(own.COOKIE, token)
    return client


def asked(page: str, kind: str, stores: Any, client: FlaskClient | None = None) -> Any:
    return (client or visitor()).post(f"/report/{page}.{kind}", json={"stores": stores, "today": TODAY})


def test_every_page_with_jobs_or_a_run_offers_something() -> None:
    assert {offer.page for page in PAGES for offer in page.offers} == set(CASES)


@pytest.mark.parametrize("which", CASES)
def test_a_report_says_what_the_page_says_and_its_tables_agree(which: str) -> None:
    with SERVER.test_request_context(headers={"Cookie": f"{own.COOKIE}={TOKEN}"}):
        stores, verdict = CASES[which]()
    answer = asked(which, "html", stores)
    assert answer.status_code == 200, answer.data
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{which}-{TODAY}.html"'
    assert len(answer.data) < MOST_BYTES
    tree = parsed(answer.data)
    said_there = text(tree)
    assert verdict.split(". ")[0] in said_there
    ids = [part.get("id") for part in tree.iter() if part.get("id")]
    assert len(ids) == len(set(ids))
    assert all(part.text for part in tree.iter("figcaption"))
    style = answer.data.decode().split("</style>")[0]
    assert not re.findall(r"url\((?!\"?(?:data:|#))[^)]{0,60}", style)
    book, files = asked(which, "xlsx", stores).data, asked(which, "zip", stores).data
    expect_alike(book, files)
    sheets = openpyxl.load_workbook(io.BytesIO(book)).sheetnames
    assert sheets[0] == "report"
    assert len(sheets) > 1
    lines = asked(which, "txt", stores).get_data(as_text=True).splitlines()
    assert lines[0] in said_there
    assert len(lines) in (3, 4)


@pytest.mark.parametrize("which", CASES)
@pytest.mark.parametrize("kind", ["html", "xlsx", "zip", "txt"])
def test_what_the_server_no_longer_keeps_is_a_sentence_and_is_not_worked_out(which: str, kind: str) -> None:
    scenario = SMALL.with_changes(seed=77).to_dict()
    record = {"scenario": scenario, "key": "k", "names": list(NAMES), "policy": 1, "campaign": 0}
    answer = asked(which, kind, {"job": record, "shown": record, "place": "0" * 20})
    assert answer.status_code == 409
    expected = GONE if which != "log" else "This file is no longer kept. Bring it again"
    assert expected in answer.json["error"]
    assert answers.kept(Scenario.from_dict(scenario)) == (None, None, None)


@pytest.mark.parametrize("which", [name for name in CASES if name != "log"])
def test_before_there_is_a_result_it_says_so(which: str) -> None:
    answer = asked(which, "html", {})
    assert (answer.status_code, answer.json["error"]) == (409, NOTHING_YET)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"today": "soon", "stores": {}},
        {"today": TODAY},
        {"today": TODAY, "stores": []},
        {"today": 7, "stores": {}},
    ],
)
def test_what_no_page_sends_is_refused(body: Any) -> None:
    assert visitor().post("/report/compare.html", json=body).status_code == 400


@pytest.mark.parametrize("which", CASES)
@pytest.mark.parametrize("store", [7, "x", [1], {"scenario": 3}, {"scenario": SMALL.to_dict(), "names": 5}])
def test_whatever_stores_hold_there_is_an_answer(which: str, store: Any) -> None:
    answer = asked(which, "txt", {"job": store, "shown": store, "place": store, "cell": store})
    assert answer.status_code in (400, 409)
    assert answer.json["error"]


@pytest.mark.parametrize("path", ["/report/nothing.html", "/report/compare.exe", "/report/compare.png"])
def test_other_files_are_not_there(path: str) -> None:
    assert visitor().post(path, json={}).status_code == 404


def test_a_file_of_somebody_else_is_in_nobodys_report() -> None:
    with SERVER.test_request_context(headers={"Cookie": f"{own.COOKIE}={TOKEN}"}):
        stores, _ = of_log()
    assert asked("log", "html", stores).status_code == 200
    assert asked("log", "html", stores, visitor("s" * 43)).status_code == 409


def test_a_campaign_that_is_not_shared_has_no_link() -> None:
    with SERVER.test_request_context(headers={"Cookie": f"{own.COOKIE}={TOKEN}"}):
        stores, _ = of_campaign()
    file = asked("campaign", "html", stores).get_data(as_text=True)
    assert "No link: the counts are from a file of your own" in file
    assert stores["place"] not in file
    assert "http" not in asked("campaign", "txt", stores).get_data(as_text=True)


def test_a_plan_is_proved_by_its_figures_once_all_are_in() -> None:
    stores, _ = of_plan()
    known = plan_of(stores["job"])
    assert known is not None
    assert known.digest is not None
    assert known.digest != known.question.scenario.digest()
    assert known.digest in asked("plan", "html", stores).get_data(as_text=True)


def test_the_link_leads_back_to_where_it_was_asked_from() -> None:
    with SERVER.test_request_context():
        stores, _ = of_audit()
    answer = visitor().post(
        "/report/audit.txt", json={"stores": stores, "today": TODAY}, base_url="https://bandits.example.test"
    )
    link = answer.get_data(as_text=True).split()[-1]
    assert re.fullmatch(r"https://bandits\.example\.test/audit\?s=[\w-]+&policy=2&campaign=1", link)
    assert address.visit({"s": link.split("s=")[1].split("&")[0]}).scenario == SMALL


def test_a_large_workbook_is_taken_from_the_visitors_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(door._KINDS, "xlsx", (lambda _report, given: given.today.encode(), "application/zip"))
    monkeypatch.setitem(SERVER.extensions, BUDGET, Rates(settings({"BTM_VISITOR_SECONDS": "10"})))

    def file_of(rows: int) -> Any:
        section = Section("rows", [], records=[{"line": "A", "sends": 1}] * rows)
        offer = door.Offer("compare", {}, lambda _: report(sections=(section,)))
        with SERVER.test_request_context("/report/compare.xlsx"):
            return door.file(offer, "xlsx", {"today": TODAY, "stores": {}})

    assert file_of(10).data == TODAY.encode()
    with pytest.raises(Conflict, match="your address may ask for"):
        file_of(600_000)
    assert file_of(10).data == TODAY.encode()


def test_files_in_the_zip_are_named_after_the_tables() -> None:
    with SERVER.test_request_context():
        stores, _ = of_compare()
    with zipfile.ZipFile(io.BytesIO(asked("compare", "zip", stores).data)) as files:
        names = files.namelist()
    assert names == [
        *("report.csv", "lines.csv", "leaderboard.csv", "regret.csv", "spread.csv", "allocation.csv"),
        *("strips.csv", "prices.csv"),
    ]
