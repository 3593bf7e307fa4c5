"""What happens on the stress test: a question starts or joins a job, ticks bring its columns, cells tell their story.

`register` connects plain functions to ids; the functions can be called without a server.
"""

from typing import Any, Final

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components import ids, wording
from components import stress as told
from components import wording_stress as words
from components.address import time_machine_link
from components.cards import stress_table
from components.cards.progress import cancel_button, card, is_broken_off, run_again_button
from components.cards.stress_verdict import stress_verdict
from components.charts import best_share
from components.downloads import csv_file
from components.formats import seconds
from components.notices import not_run, notice, status
from components.pages.stress import choice, menu, ticks
from components.pages.stress.layout import ALONG, NAME
from components.pages.stress.work import columns, found_so_far, names_to_run, table, work_of
from components.press import pressing, was_pressed
from components.running import first_look, jobs, left, seconds_needed, start, waits_for_button
from components.shell import icon
from components.terms import explained
from components.wording_compare import too_much
from components.wording_goals import goal_of
from engine import Scenario, ScenarioError
from engine.errors import WorkError
from engine.jobs import State as JobState
from engine.jobs import Status
from engine.presets import DEFAULT
from engine.stress import contestants_of
from engine.stresses import STRESSES
from engine.work import Work


def register(app: Dash) -> None:
    """Connect the page's functions to its ids."""
    app.callback(
        {name: Output(*place) for name, place in _PLACES.items()},
        inputs={
            "asked": Input(ids.ASKED, "data"),
            "_tick": Input(ids.STRESS_JOB_TICK, "n_intervals"),
            "cancelled": Input(ids.STRESS_JOB_CANCELLED, "data"),
            "chosen": Input(ids.STRESS_CHOICE, "data"),
        },
        state={
            "job": State(ids.STRESS_JOB, "data"),
            "cell": State(ids.STRESS_CELL, "data"),
            "visitor": State(ids.VISITOR, "data"),
        },
    )(_advance)
    app.callback(
        {name: Output(*place) for name, place in _ALONG_PLACES.items()},
        inputs={"cell": Input(ids.STRESS_CELL, "data"), "job": Input(ids.STRESS_JOB, "data")},
        prevent_initial_call=True,
    )(along)
    app.callback(
        Output(ids.DOWNLOAD, "data", allow_duplicate=True),
        Input(ids.stress_csv(ALL), "n_clicks"),
        State(ids.STRESS_JOB, "data"),
        State(ids.STRESS_CELL, "data"),
        State(ids.MENU, "data"),
        prevent_initial_call=True,
    )(_download)
    menu.register(app)
    _register_browser(app)


def _register_browser(app: Dash) -> None:
    app.clientside_callback(
        ClientsideFunction("btm_compare", "watch"), Input(ids.STRESS_JOB, "data"), State(ids.VISITOR, "data")
    )
    app.clientside_callback(ClientsideFunction("btm_stress", "address"), Input(ids.STRESS_SHOWN, "data"))
    app.clientside_callback(
        ClientsideFunction("btm_charts", "draw"),
        Output(ids.graph(ALONG), "figure"),
        Input(ids.store(ALONG), "data"),
        Input("theme", "data"),
        prevent_initial_call=True,
    )


_PLACES: Final[dict[str, tuple[Any, str]]] = {
    "hero": (ids.STRESS_HERO, "children"),
    "progress": (ids.STRESS_PROGRESS, "children"),
    "body": (ids.STRESS_BODY, "style"),
    "heading": (ids.heading("table"), "children"),
    "table": (ids.STRESS_TABLE, "children"),
    "notes": (ids.STRESS_NOTES, "children"),
    "ticks": (ids.STRESS_TICKS, "children"),
    "print": (ids.STRESS_PRINT, "children"),
    "defined": (ids.STRESS_DEFINED, "children"),
    "shown": (ids.STRESS_SHOWN, "data"),
    "answered": (ids.answered(NAME), "data"),
    "stressed": (ids.STRESSED, "data"),
    "job": (ids.STRESS_JOB, "data"),
    "resting": (ids.STRESS_JOB_TICK, "disabled"),
}

_NO_JOB: Final[dict[str, Any]] = {"key": "", "scenario": None, "names": [], "counted": 0, "goes_on": False}


def _advance(
    asked: Any, _tick: Any, cancelled: Any, chosen: Any, job: dict[str, Any] | None, cell: Any, visitor: str
) -> dict[str, Any]:
    return advance(asked, cancelled, chosen, job, cell, visitor)


def advance(
    asked: dict[str, Any], cancelled: Any, chosen: Any, job: dict[str, Any] | None, cell: Any, visitor: str
) -> dict[str, Any]:
    """Do what has not been done yet: answer a new question or choice, cancel, or look how far the job is.

    What set this off says nothing, as Dash merges changes: the page's own record of what it has answered does.
    """
    stamp = {"asked": asked.get("n", 0), "cancelled": cancelled, "chosen": chosen}
    if job is None or job["asked"] != stamp["asked"] or job["chosen"] != chosen:
        page = ask(asked, chosen, job, cell, visitor)
    elif job["cancelled"] != cancelled:
        page = cancel(job, chosen, cell, visitor)
    else:
        page = follow(job, chosen, cell, visitor)
    record = page["job"] if page["job"] is not no_update else job or _NO_JOB
    return page | {"job": record | stamp}


def ask(asked: dict[str, Any], chosen: Any, job: dict[str, Any] | None, cell: Any, visitor: str) -> dict[str, Any]:
    """Start or join the job for a question, unless it takes long and nobody pressed the button."""
    scenario = _scenario_of(asked)
    shown = choice.from_ticks(chosen, scenario)
    names = names_to_run(scenario, shown.stresses)
    work = work_of(scenario, names)
    has_run = bool(job and job["key"])
    try:
        work.refuse_too_much()  # before anybody is asked whether it shall run
        if not asked.get("pressed") and waits_for_button(work):
            return _left(job, chosen, cell, visitor) | _asks_first(scenario, work, has_run=has_run)
        begun = start(work, visitor)
    except WorkError as error:
        refused = _answered(scenario, status(wording.NOT_VALID), notice(too_much(error), "bad"))
        return _left(job, chosen, cell, visitor) | _asks_first(scenario, work, has_run=has_run) | {"answered": refused}
    page = _Page(scenario, names, shown, cell)
    out = page.drawn(work, first_look(work, begun), counted=-1, was_cached=begun.state is JobState.FINISHED)
    return out | ({"stressed": None} if out["job"]["goes_on"] else {})


def follow(job: dict[str, Any] | None, chosen: Any, cell: Any, visitor: str) -> dict[str, Any]:
    """Return what has come out of the job since the last look."""
    if not job or not job["goes_on"]:
        raise PreventUpdate
    page = _page_of(job, chosen, cell)
    work = work_of(page.scenario, page.names)
    return page.drawn(work, jobs().follow(work, visitor), job["counted"])


def cancel(job: dict[str, Any] | None, chosen: Any, cell: Any, visitor: str) -> dict[str, Any]:
    """Leave the job; the page keeps what it has. Others who watch the same job are not disturbed."""
    if not job or not job["goes_on"]:
        raise PreventUpdate
    page = _page_of(job, chosen, cell)
    work = work_of(page.scenario, page.names)
    stopped = left(work, visitor)
    if stopped is None:
        raise PreventUpdate
    return page.drawn(work, stopped, job["counted"])


def _left(job: dict[str, Any] | None, chosen: Any, cell: Any, visitor: str) -> dict[str, Any]:
    """The page as it is, with the job that it followed stopped."""
    if not job or not job["goes_on"]:
        return _nothing_new()
    return cancel(job, chosen, cell, visitor) | {"answered": no_update}


def _nothing_new() -> dict[str, Any]:
    return dict.fromkeys(_PLACES, no_update) | {"resting": True}


def _page_of(job: dict[str, Any], chosen: Any, cell: Any) -> "_Page":
    scenario = _scenario_of(job)
    return _Page(scenario, tuple(job["names"]), choice.from_ticks(chosen, scenario), cell)


def _scenario_of(stored: Any) -> Scenario:
    try:
        return Scenario.from_dict(stored["scenario"])
    except (ScenarioError, KeyError, TypeError) as error:
        # The panel asks for valid scenarios only, and says what is wrong with the others.
        raise PreventUpdate from error


def _asks_first(scenario: Scenario, work: Work, *, has_run: bool) -> dict[str, Any]:
    needed = seconds_needed(work)
    policies = len(contestants_of(scenario).policies)
    message = words.asks_first(
        len(work.scenarios), policies, scenario.sends, scenario.replications, wording.about(needed)
    )
    hero = not_run(wording.EMPTY_TEXT)
    return {
        "hero": no_update if has_run else hero,
        "body": no_update if has_run else {"display": "none"},
        "answered": _answered(
            scenario,
            status(wording.not_run(needed)),
            notice(message, "warn", pressing("run"), pressing("pick-preset", DEFAULT)),
        ),
    }


def _answered(scenario: Scenario, line: Component, message: Component | None = None) -> dict[str, Any]:
    """What is to be told as long as the panel holds this scenario."""
    return {"key": scenario.digest(), "status": line, "notice": message}


class _Page:
    """The page of one question and choice."""

    def __init__(self, scenario: Scenario, names: tuple[str, ...], shown: choice.Choice, cell: Any) -> None:
        self.scenario = scenario
        self.names = names  # stresses that the job simulates
        self.shown = shown
        self.cell = cell

    def drawn(self, work: Work, now: Status, counted: int, *, was_cached: bool = False) -> dict[str, Any]:
        """The page for the state of a job; it is drawn anew when more campaigns are counted."""
        goes_on = now.state is JobState.RUNNING
        test = table(self.scenario, self.shown.stresses, self.shown.rows, found_so_far(self.scenario, self.names, now))
        is_new = counted < 0 or now.counted != counted or not goes_on
        job = {
            "key": work.key,
            "scenario": self.scenario.to_dict(),
            "names": list(self.names),
            "counted": now.counted,
            "goes_on": goes_on,
        }
        return _nothing_new() | {
            **(self._table(test, now) if is_new else {}),
            **({"ticks": ticks.ticks(test, self.scenario, self.shown)} if counted < 0 else {}),
            "progress": _progress(test, now, was_cached=was_cached),
            "body": {},
            "shown": choice.store(self.shown, self.scenario),
            "answered": _answered(self.scenario, *_told(now, was_cached=was_cached)),
            "stressed": no_update if goes_on else self._stressed(test, now),
            "job": job,
            "resting": not goes_on,
        }

    def _table(self, test: told.StressTest, now: Status) -> dict[str, Any]:
        over = told.baseline(test)
        heading = [
            html.H2(words.table_title(over), className="h2"),
            html.P(explained(words.table_deck(over, goal_of(test))), className="deck"),
        ]
        out = {
            "heading": heading,
            "table": stress_table.stress_table(test, chosen_cell(test, self.cell)),
            "notes": stress_table.notes(test),
            "print": words.small_print(test["level_each"], test["comparisons"]),
            "defined": stress_table.definitions(test),
        }
        if not any(column["cells"] for column in test["columns"]) and test["rows"]:
            return out
        return out | {"hero": stress_verdict(test, running=now.state is JobState.RUNNING)}

    def _stressed(self, test: told.StressTest, now: Status) -> dict[str, Any] | None:
        """What the guardrails are priced for, once the table is complete."""
        place = told.recommended(test)
        if now.state is not JobState.FINISHED or not test["rows"]:
            return None
        return {"scenario": self.scenario.to_dict(), "policy": test["rows"][0] if place is None else place}


def chosen_cell(test: told.StressTest, cell: Any) -> tuple[str, int] | None:
    """The cell that the visitor chose, if it is there; else the one that is told first."""
    if isinstance(cell, dict):
        column = told.column(test, str(cell.get("stress")))
        if column is not None and told.cell(column, cell.get("policy", -1)) is not None:
            return column["stress"], cell["policy"]
    return told.first_cell(test)


def _progress(test: told.StressTest, now: Status, *, was_cached: bool) -> html.Div:
    title = words.progress_title(told.done(test), told.possible(test), stopped=is_broken_off(now))
    if now.state is JobState.RUNNING:
        return card(now, title, words.progress_text(now.seconds_left), cancel_button())
    if is_broken_off(now):
        text = words.STOPPED_TEXT if now.state is JobState.STOPPED else words.FAILED_TEXT
        return card(now, title, text, run_again_button())
    return card(now, title, words.finished_text(now.seconds, test["campaigns"], was_cached=was_cached), None)


def _told(now: Status, *, was_cached: bool) -> tuple[Component, Component | None]:
    if now.state is JobState.FAILED:
        return status(wording.NOT_VALID), notice(words.failed(now.error), "bad", pressing("run"))
    if now.state is JobState.STOPPED:
        return status(words.STOPPED_TEXT), None
    if now.state is JobState.RUNNING:
        return status(wording.WORKING), None
    return status(wording.up_to_date(seconds(now.seconds), from_cache=was_cached), is_shown=True), None


# One cell's story

_ALONG_PLACES: Final[dict[str, tuple[Any, str]]] = {
    "heading": (ids.heading(ALONG), "children"),
    "figure": (ids.store(ALONG), "data"),
    "summary": (ids.summary(ALONG), "children"),
    "link": (ids.ALONG_LINK, "children"),
}


def along(cell: Any, job: Any) -> dict[str, Any]:
    """Draw the chosen cell's stress along the campaign, and link to its scenario."""
    known = known_test(job)
    if known is None:
        raise PreventUpdate
    scenario, test, found = known
    chosen = chosen_cell(test, cell)
    if chosen is None:
        raise PreventUpdate
    stress, place = chosen
    measured = found[stress]
    return {
        "heading": [
            html.H2(best_share.title(test, measured, stress, place), className="h2"),
            html.P(explained(f"{best_share.deck(measured)} {words.ANY_CELL}"), className="deck"),
        ],
        "figure": best_share.figure(test, measured, stress, place),
        "summary": best_share.summary(test, measured, stress),
        "link": _open(scenario, test, stress, place),
    }


def cell_link(scenario: Scenario, stress: str, place: int) -> str | None:
    """The address that opens a cell's scenario in the Time Machine, if one can hold it."""
    under = columns(scenario, (stress,))[-1].scenario
    return None if under is None else time_machine_link(under, place)


def _open(scenario: Scenario, test: told.StressTest, stress: str, place: int) -> Component | None:
    href = cell_link(scenario, stress, place)
    which = words.open_words(told.contender(test, place).label, STRESSES[stress])
    content: Any = [icon("play"), words.OPEN, html.Span(which, className="visually-hidden")]
    return None if href is None else dcc.Link(content, href=href, className="btn btn-quiet btn-small")


def known_test(job: Any) -> tuple[Scenario, told.StressTest, Any] | None:
    """The table of a page's job as far as it is there; None where there is none, or it has gone from the cache."""
    if not job or not job.get("key"):
        return None
    scenario, names = _scenario_of(job), tuple(job["names"])
    now = jobs().look(work_of(scenario, names))
    if now is None:
        return None
    found = found_so_far(scenario, names, now)
    shown = choice.from_ticks(job.get("chosen"), scenario)
    test = table(scenario, shown.stresses, shown.rows, found)
    return (scenario, test, found) if found and test["rows"] else None


# Files


def _download(clicks: list[int | None], job: Any, cell: Any, prices: Any) -> dict[str, str]:
    if not was_pressed(clicks) or not isinstance(ctx.triggered_id, dict):
        raise PreventUpdate
    return download(ctx.triggered_id["of"], job, cell, prices)


def download(of: str, job: Any, cell: Any, prices: Any) -> dict[str, str]:
    """The data of a section as a file."""
    if of == "menu":
        if not prices or not prices.get("records"):
            raise PreventUpdate
        return csv_file("guardrails.csv", prices["records"])
    known = known_test(job)
    chosen = chosen_cell(known[1], cell) if known else None
    if known is None or chosen is None:
        raise PreventUpdate
    _, test, found = known
    if of == "table":
        return csv_file("stress-test.csv", stress_table.records(test))
    return csv_file(f"stress-{chosen[0]}.csv", best_share.records(test, found[chosen[0]], chosen[0]))
