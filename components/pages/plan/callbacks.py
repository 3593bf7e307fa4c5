"""What happens on Plan: a question starts or joins a job, ticks bring what comes out of it, the grid follows in another.

`register` connects plain functions to ids; the functions can be called without a server.
"""

from typing import Any, Final

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update
from dash.exceptions import PreventUpdate

from components import ids, wording
from components import wording_plan as words
from components.cards.progress import cancel_button, card, is_broken_off, run_again_button
from components.downloads import csv_file
from components.following import Following, answered
from components.following import told as job_told
from components.formats import seconds
from components.notices import not_run, notice, status
from components.pages.plan import bar, grid
from components.pages.plan.drawing import drawn
from components.pages.plan.layout import NAME, SECTIONS
from components.pages.plan.records import plan_records
from components.pages.plan.work import (
    found_so_far,
    plan_work,
    question_of,
    stored,
)
from components.press import pressing, was_pressed
from components.running import seconds_needed
from components.wording_compare import too_much
from engine.errors import WorkError
from engine.jobs import State as JobState
from engine.jobs import Status
from engine.planning.question import Question
from engine.presets import DEFAULT


def register(app: Dash) -> None:
    """Connect the page's functions to its ids."""
    app.callback(
        {name: Output(*place) for name, place in _PLACES.items()},
        inputs={
            "asked": Input(ids.ASKED, "data"),
            "_tick": Input(ids.PLAN_JOB_TICK, "n_intervals"),
            "cancelled": Input(ids.PLAN_JOB_CANCELLED, "data"),
            "aims": Input(ids.PLAN_AIMS, "data"),
        },
        state={"job": State(ids.PLAN_JOB, "data"), "visitor": State(ids.VISITOR, "data")},
    )(_advance)
    app.callback(
        {name: Output(*place) for name, place in grid.PLACES.items()},
        inputs={
            "complete": Input(ids.PLANNED, "data"),
            "name": Input(ids.PLAN_GRID_NAME, "value"),
            "by": Input(ids.PLAN_GRID_BY, "value"),
            "_tick": Input(ids.PLAN_GRID_TICK, "n_intervals"),
        },
        state={"job": State(ids.PLAN_GRID_JOB, "data"), "visitor": State(ids.VISITOR, "data")},
    )(grid.fill_grid)
    app.callback(
        Output(ids.DOWNLOAD, "data", allow_duplicate=True),
        Input(ids.plan_csv(ALL), "n_clicks"),
        State(ids.PLAN_JOB, "data"),
        State(ids.PLAN_GRID_JOB, "data"),
        prevent_initial_call=True,
    )(_download)
    bar.register(app)
    app.clientside_callback(
        ClientsideFunction("btm_compare", "watch"), Input(ids.PLAN_JOB, "data"), State(ids.VISITOR, "data")
    )
    app.clientside_callback(
        ClientsideFunction("btm_plan", "address"),
        Input(ids.PLAN_AIMS, "data"),
        Input(ids.PLAN_JOB, "data"),  # every page has an address; only this one has these
        State(ids.ADDRESS, "data"),
        State(ids.PLAN_USUAL, "data"),
    )
    app.clientside_callback(
        ClientsideFunction("btm_charts", "draw"),
        Output(ids.graph(ids.PLAN_CHART), "figure"),
        Input(ids.store(ids.PLAN_CHART), "data"),
        Input("theme", "data"),
        prevent_initial_call=True,
    )


_PLACES: Final[dict[str, tuple[Any, str]]] = {
    "hero": (ids.PLAN_HERO, "children"),
    "progress": (ids.PLAN_PROGRESS, "children"),
    "ready": (ids.PLAN_READY, "children"),
    "body": (ids.PLAN_BODY, "style"),
    **{f"heading of {of}": (ids.heading(of), "children") for of in SECTIONS if of != "grid"},
    "figure": (ids.store(ids.PLAN_CHART), "data"),
    "summary": (ids.summary(ids.PLAN_CHART), "children"),
    "spreads": (ids.PLAN_SPREADS, "children"),
    "notes": (ids.PLAN_NOTES, "children"),
    "proofs": (ids.PLAN_PROOFS, "children"),
    "table": (ids.PLAN_TABLE, "children"),
    "schedule": (ids.PLAN_SCHEDULE, "children"),
    "foot": (ids.PLAN_FOOT, "children"),
    "planned": (ids.PLANNED, "data"),
    "answered": (ids.answered(NAME), "data"),
    "job": (ids.PLAN_JOB, "data"),
    "resting": (ids.PLAN_JOB_TICK, "disabled"),
}


def _advance(asked: Any, _tick: Any, cancelled: Any, aims: Any, job: Any, visitor: str) -> dict[str, Any]:
    return FOLLOWING.advance(asked, cancelled, job, visitor, aims)


def _asks_first(question: Question, has_run: bool) -> dict[str, Any]:  # noqa: FBT001  # as `Following` asks
    scenario, needed = question.scenario, seconds_needed(plan_work(question))
    hero = not_run(words.EMPTY_TEXT)
    message = words.asks_first(
        len(question.sizes), len(scenario.policies), scenario.replications, wording.about(needed)
    )
    return {
        "hero": no_update if has_run else hero,
        "body": no_update if has_run else {"display": "none"},
        "answered": answered(
            question.asked,
            status(wording.not_run(needed)),
            notice(message, "warn", pressing("run"), pressing("pick-preset", DEFAULT)),
        ),
    }


def _refused(question: Question, error: WorkError) -> dict[str, Any]:
    message = notice(too_much(error), "bad")
    return {"answered": answered(question.asked, status(wording.NOT_VALID), message)}


def _shown(question: Question, now: Status, counted: int | None, was_cached: bool) -> dict[str, Any]:  # noqa: FBT001
    """The page for the state of a job; it is drawn anew when more campaigns are counted."""
    goes_on = now.state is JobState.RUNNING
    found = found_so_far(question, now) if now.counted else {}
    is_drawn = bool(found) and (now.counted != counted or not goes_on)
    complete = now.state is JobState.FINISHED
    waits = None if counted is None else no_update
    return {
        **(drawn(question, found, running=goes_on) if is_drawn else {}),
        "progress": _progress(now, was_cached=was_cached),
        "answered": answered(
            question.asked, *job_told(now, words.STOPPED, words.failed(now.error), was_cached=was_cached)
        ),
        "planned": stored(question) if complete else waits,
    }


def _progress(now: Status, *, was_cached: bool) -> html.Div:
    title = words.progress_title(now.counted, now.total, stopped=is_broken_off(now))
    if now.state is JobState.RUNNING:
        return card(now, title, words.progress_text(now.seconds_left), cancel_button())
    if is_broken_off(now):
        return card(now, title, words.STOPPED, run_again_button())
    return html.Div(html.P(words.finished(seconds(now.seconds), was_cached=was_cached), className="hint"))


FOLLOWING: Final = Following(_PLACES, question_of, stored, plan_work, _shown, _asks_first, _refused)


# Files


def _download(clicks: Any, job: Any, filled: Any) -> dict[str, str]:
    if not was_pressed(clicks):
        raise PreventUpdate
    return download(ctx.triggered_id["of"], job, filled)


def download(of: str, job: Any, filled: Any) -> dict[str, str]:
    """What is shown, as a file."""
    records = grid.grid_records(filled) if of == "grid" else plan_records(of, job)
    if not records:
        raise PreventUpdate
    name = "schedule" if of == ids.PLAN_EXPORT else of
    return csv_file(f"{name}.csv", records)
