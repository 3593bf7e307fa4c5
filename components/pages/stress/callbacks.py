"""What happens on the stress test: a question starts or joins a job, ticks bring its columns, cells tell their story.

`register` connects plain functions to ids; the functions can be called without a server.
"""

from functools import partial
from typing import Any, Final

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update
from dash.exceptions import PreventUpdate

from components import ids, wording
from components import stress as told
from components import wording_stress as words
from components.cards import stress_table
from components.cards.progress import cancel_button, card, is_broken_off, run_again_button
from components.charts import best_share
from components.downloads import csv_file
from components.following import Following, answered
from components.following import told as job_told
from components.notices import not_run, notice, status
from components.pages.stress import choice, menu, ticks
from components.pages.stress.drawing import chosen_cell, drawn, told_cell
from components.pages.stress.layout import ALONG, NAME
from components.pages.stress.subject import Subject, known_test, stored, subject_of
from components.pages.stress.work import found_so_far, table, work_of
from components.press import pressing, was_pressed
from components.running import seconds_needed
from components.wording_compare import too_much
from engine import Scenario
from engine.errors import WorkError
from engine.jobs import State as JobState
from engine.jobs import Status
from engine.presets import DEFAULT
from engine.stress import contestants_of
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


def _advance(
    asked: Any, _tick: Any, cancelled: Any, chosen: Any, job: dict[str, Any] | None, cell: Any, visitor: str
) -> dict[str, Any]:
    return following(cell).advance(asked, cancelled, job, visitor, chosen)


def following(cell: Any) -> Following[Subject]:
    """How the page follows its job, while the visitor has chosen this cell of the table."""
    return Following(_PLACES, subject_of, stored, _work_of, partial(_shown, cell), _asks_first, _refused)


def _work_of(subject: Subject) -> Work:
    return work_of(subject.scenario, subject.names)


def _asks_first(subject: Subject, has_run: bool) -> dict[str, Any]:  # noqa: FBT001  # as `Following` asks
    scenario, work = subject.scenario, _work_of(subject)
    needed = seconds_needed(work)
    policies = len(contestants_of(scenario).policies)
    message = words.asks_first(
        len(work.scenarios), policies, scenario.sends, scenario.replications, wording.about(needed)
    )
    return {
        "hero": no_update if has_run else not_run(wording.EMPTY_TEXT),
        "body": no_update if has_run else {"display": "none"},
        "answered": answered(
            scenario,
            status(wording.not_run(needed)),
            notice(message, "warn", pressing("run"), pressing("pick-preset", DEFAULT)),
        ),
    }


def _refused(subject: Subject, error: WorkError) -> dict[str, Any]:
    message = notice(too_much(error), "bad")
    return {"answered": answered(subject.scenario, status(wording.NOT_VALID), message)}


def _shown(cell: Any, subject: Subject, now: Status, counted: int | None, was_cached: bool) -> dict[str, Any]:  # noqa: FBT001
    """The page for the state of a job; it is drawn anew when more campaigns are counted."""
    scenario, _, shown = subject
    test = table(scenario, shown.stresses, shown.rows, found_so_far(scenario, subject.names, now))
    goes_on, is_asked = now.state is JobState.RUNNING, counted is None
    is_new = now.counted != counted or not goes_on
    waits = None if is_asked else no_update
    return {
        **(drawn(test, chosen_cell(test, cell), running=goes_on) if is_new else {}),
        **({"ticks": ticks.ticks(test, scenario, shown)} if is_asked else {}),
        "progress": _progress(test, now, was_cached=was_cached),
        "body": {},
        "shown": choice.store(shown, scenario),
        "answered": answered(
            scenario, *job_told(now, words.STOPPED_TEXT, words.failed(now.error), was_cached=was_cached)
        ),
        "stressed": waits if goes_on else _stressed(scenario, test, now),
    }


def _stressed(scenario: Scenario, test: told.StressTest, now: Status) -> dict[str, Any] | None:
    """What the guardrails are priced for, once the table is complete."""
    place = told.recommended(test)
    if now.state is not JobState.FINISHED or not test["rows"]:
        return None
    return {"scenario": scenario.to_dict(), "policy": test["rows"][0] if place is None else place}


def _progress(test: told.StressTest, now: Status, *, was_cached: bool) -> html.Div:
    title = words.progress_title(told.done(test), told.possible(test), stopped=is_broken_off(now))
    if now.state is JobState.RUNNING:
        return card(now, title, words.progress_text(now.seconds_left), cancel_button())
    if is_broken_off(now):
        text = words.STOPPED_TEXT if now.state is JobState.STOPPED else words.FAILED_TEXT
        return card(now, title, text, run_again_button())
    return card(now, title, words.finished_text(now.seconds, test["campaigns"], was_cached=was_cached), None)


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
    chosen = chosen_cell(known[1], cell) if known else None
    if known is None or chosen is None:
        raise PreventUpdate
    return told_cell(*known, chosen)


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
