"""What happens on Plan: a question starts or joins a job, ticks bring what comes out of it, the grid follows in another.

`register` connects plain functions to ids; the functions can be called without a server.
"""

from typing import Any, Final

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components import ids, planned, wording
from components import wording_plan as words
from components.cards import plan_grid, plan_proofs, plan_spreads, plan_table
from components.cards.plan_verdict import plan_verdict
from components.cards.progress import cancel_button, card, is_broken_off, run_again_button
from components.charts import chances
from components.downloads import csv_file
from components.following import Following, answered
from components.following import told as job_told
from components.formats import compact, prose, seconds
from components.notices import not_run, notice, status
from components.pages.plan import bar
from components.pages.plan.layout import NAME, SECTIONS, SUREST
from components.pages.plan.work import (
    GRID,
    found_so_far,
    grid_for,
    grid_name,
    grid_work,
    looks_of,
    plan_work,
    question_of,
    stored,
)
from components.planned import Outlook
from components.press import pressing, was_pressed
from components.running import jobs, seconds_needed, start
from components.shell import icon
from components.terms import explained
from components.wording_compare import too_much
from components.wording_goals import goal_of
from engine.errors import BusyError, WorkError
from engine.jobs import State as JobState
from engine.jobs import Status
from engine.planning.grid import Grid
from engine.planning.outlook import Found, SpreadRow, proof_rows, put_together, spread_rows
from engine.planning.question import Question
from engine.planning.spreads import SLOW, SPREADS, USUAL
from engine.presets import DEFAULT

USUAL_SPREAD: Final = SPREADS.index(USUAL)


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
        {name: Output(*place) for name, place in _GRID_PLACES.items()},
        inputs={
            "complete": Input(ids.PLANNED, "data"),
            "name": Input(ids.PLAN_GRID_NAME, "value"),
            "by": Input(ids.PLAN_GRID_BY, "value"),
            "_tick": Input(ids.PLAN_GRID_TICK, "n_intervals"),
        },
        state={"job": State(ids.PLAN_GRID_JOB, "data"), "visitor": State(ids.VISITOR, "data")},
    )(fill_grid)
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


def drawn(question: Question, found: Found, *, running: bool) -> dict[str, Any]:
    """Everything that is known so far."""
    plan: Outlook = put_together(question, found)
    worth = question.aims.worth
    if plan["at_list"] is None:
        return {"hero": plan_verdict(plan, worth, running=running), "body": {"display": "none"}}
    place = planned.shown(plan)
    spread, proof = spread_rows(question, found, place), proof_rows(question, found, place)
    usual = spread[USUAL_SPREAD]
    slot, goal = planned.slots(plan)[place], goal_of(plan)
    return {
        "hero": plan_verdict(plan, worth, running=running),
        "ready": _ready(usual),
        "body": {},
        **_headings(question, plan, place, usual),
        "figure": chances.figure(plan),
        "summary": chances.summary(plan),
        "spreads": plan_spreads.spreads(spread, slot, goal, USUAL_SPREAD),
        "notes": _notes(question, plan, usual),
        "proofs": [
            plan_proofs.proofs(proof, goal, worth),
            *([html.P(advice, className="hint")] if (advice := plan_proofs.advice(proof, goal)) else []),
        ],
        "table": plan_table.plan_table(plan, worth),
        "schedule": [plan_spreads.schedule(usual), html.P(words.SCHEDULE_FOOT, className="hint")]
        if usual["schedule"]
        else html.P(words.SCHEDULE_LATER, className="hint"),
        "foot": _foot(question, plan, worth),
    }


def _headings(question: Question, plan: Outlook, place: int, usual: SpreadRow) -> dict[str, Any]:
    scenario, label = question.scenario, planned.contender(plan, place).label
    spreads_deck = words.spreads_deck(
        label,
        plan["sends"],
        goal_of(plan),
        plan["level"],
        f"{compact(SLOW['median_hours'])} hours",
        is_own=scenario.is_delayed,
    )
    return {
        "heading of chances": _heading(chances.title(plan), chances.deck(plan)),
        "heading of spreads": _heading(words.SPREADS, spreads_deck),
        "heading of proofs": _heading(words.PROOFS, words.proofs_deck(label)),
        "heading of plan": _heading(words.table_title(plan["sends"]), ""),
        "heading of schedule": _heading(
            words.SCHEDULE, words.schedule_deck(len(usual["schedule"]), label) if usual["schedule"] else ""
        ),
    }


def _heading(title: str, deck: str) -> list[Component]:
    return [html.H2(title, className="h2"), *([html.P(explained(deck), className="deck")] if deck else [])]


def _ready(usual: SpreadRow) -> Component | None:
    """What to take away: the schedule."""
    if not usual["schedule"] or usual["hours"] is None:
        return None
    batches = usual["schedule"]
    return html.Div(
        [
            html.Strong(words.READY),
            html.P(words.ready(len(batches), usual["hours"], batches[0]["sends"]), className="hint"),
            html.Button(
                [icon("download"), words.EXPORT],
                id=ids.plan_csv(ids.PLAN_EXPORT),
                type="button",
                className="btn btn-primary",
            ),
        ],
        className="plan-ready",
    )


def _notes(question: Question, plan: Outlook, usual: SpreadRow) -> list[Component]:
    reality = words.reality_check(usual["kept"], usual["batches"], usual["hours"] or 0.0)
    notes: list[Component] = [plan_spreads.note(words.REALITY, reality)]
    test = plan["classical"]
    if test is not None:
        pace = question.scenario.sends_per_hour
        a_day = None if pace is None else 24.0 * pace
        told = words.classical(plan["best"] - plan["next"], test.a_line, test.in_all, test.days, a_day)
        notes.append(plan_spreads.note(words.CLASSICAL, told))
    return notes


def _foot(question: Question, plan: Outlook, worth: float | None) -> list[Component]:
    notes = words.notes(plan["campaigns"], worth, has_money=plan["has_money"])
    return [html.Span(explained(text)) for text in (*notes, words.digest(question.scenario.digest()))]


FOLLOWING: Final = Following(_PLACES, question_of, stored, plan_work, _shown, _asks_first, _refused)


# The grid

_GRID_PLACES: Final[dict[str, tuple[Any, str]]] = {
    "heading": (ids.heading("grid"), "children"),
    "progress": (ids.PLAN_GRID_PROGRESS, "children"),
    "body": (ids.PLAN_GRID_BODY, "children"),
    "job": (ids.PLAN_GRID_JOB, "data"),
    "resting": (ids.PLAN_GRID_TICK, "disabled"),
}


def fill_grid(complete: Any, name: Any, by: Any, _tick: Any, job: Any, visitor: str) -> dict[str, Any]:
    """Once the plan is complete, fill the grid in another job, and draw what is there of it."""
    if not complete:
        jobs().leave(GRID, visitor)
        return _no_grid(words.GRID_LATER)
    question = question_of(complete, complete)
    chosen = grid_name(question, name)
    grid = grid_for(question.scenario, chosen)
    if all(cell.scenario is None for cell in grid.cells):
        return _no_grid(words.NO_GRID)
    work = grid_work(grid)
    kept = {"key": work.key, "name": chosen, "by": by} | {part: complete[part] for part in ("scenario", "aims")}
    is_known = isinstance(job, dict) and job.get("key") == work.key
    try:
        now = jobs().follow(work, visitor) if is_known else start(work, visitor)
    except BusyError as busy:
        return _no_grid(prose(str(busy)))
    except WorkError as error:
        return _no_grid(prose(str(error)))
    return {
        **_grid_parts(question, grid, now, surest=by == SUREST),
        "progress": _grid_progress(now),
        "job": kept,
        "resting": now.state is not JobState.RUNNING,
    }


def _grid_parts(question: Question, grid: Grid, now: Status, *, surest: bool) -> dict[str, Any]:
    looks, favourite = looks_of(grid, now), question.aims.favourite
    goal = goal_of({"goal": question.scenario.goal})
    campaigns = next(cell.scenario.replications for cell in grid.cells if cell.scenario is not None)
    return {
        "heading": _heading(words.GRID_TITLES[grid.name], words.grid_deck(goal, campaigns)),
        "body": [
            plan_grid.plan_grid(grid, looks, favourite, goal, surest=surest),
            plan_grid.legend(grid, looks, favourite, surest=surest),
        ],
    }


def drawn_grid(job: Any) -> dict[str, Any] | None:
    """The grid that a page keeps, as far as it is filled; None where there is none."""
    if not isinstance(job, dict):
        return None
    question = question_of(job, job)
    grid = grid_for(question.scenario, grid_name(question, job.get("name")))
    now = jobs().look(grid_work(grid))
    return None if now is None else _grid_parts(question, grid, now, surest=job.get("by") == SUREST)


def _grid_progress(now: Status) -> str | None:
    if now.state is JobState.FAILED:
        return prose(now.error)
    if now.state is JobState.STOPPED:
        return words.GRID_STOPPED
    return words.grid_working(now.share) if now.state is JobState.RUNNING else None


def _no_grid(why: str) -> dict[str, Any]:
    heading = [html.H2(words.GRID, className="h2")]
    empty = {"heading": heading, "progress": why, "body": None, "job": None, "resting": True}
    return dict.fromkeys(_GRID_PLACES, no_update) | empty


# Files


def _download(clicks: Any, job: Any, grid: Any) -> dict[str, str]:
    if not was_pressed(clicks):
        raise PreventUpdate
    return download(ctx.triggered_id["of"], job, grid)


def download(of: str, job: Any, grid: Any) -> dict[str, str]:
    """What is shown, as a file."""
    records = grid_records(grid) if of == "grid" else plan_records(of, job)
    if not records:
        raise PreventUpdate
    name = "schedule" if of == ids.PLAN_EXPORT else of
    return csv_file(f"{name}.csv", records)


def plan_records(of: str, job: Any) -> list[dict[str, Any]]:
    """The data of a section; nothing where the answer has gone from the cache."""
    known = plan_of(job)
    return [] if known is None else section_records(of, known[0], known[1])


def plan_of(job: Any) -> tuple[Question, Found, bool] | None:
    """What a page shows, and whether all of it is there; None where nothing is, or the answer has gone from the cache."""
    question = question_of(job, job)
    now = jobs().look(plan_work(question))
    found = found_so_far(question, now) if now is not None and now.counted else {}
    is_there = put_together(question, found)["at_list"] is not None
    return (question, found, now is not None and now.state is JobState.FINISHED) if is_there else None


def section_records(of: str, question: Question, found: Found) -> list[dict[str, Any]]:
    """The data of a section."""
    plan: Outlook = put_together(question, found)
    place = planned.shown(plan)
    label = planned.contender(plan, place).label
    spread = spread_rows(question, found, place)
    if of in (ids.PLAN_EXPORT, "schedule"):
        return plan_spreads.schedule_records(spread[USUAL_SPREAD], label)
    if of == "spreads":
        return plan_spreads.records(spread, label)
    if of == "proofs":
        return plan_proofs.records(proof_rows(question, found, place), label)
    return plan_table.records(plan, question.aims.worth) if of == "plan" else chances.records(plan)


def grid_records(job: Any) -> list[dict[str, Any]]:
    """The grid as data."""
    if not isinstance(job, dict):
        return []
    question = question_of(job, job)
    grid = grid_for(question.scenario, grid_name(question, job.get("name")))
    now = jobs().look(grid_work(grid))
    return [] if now is None else plan_grid.records(grid, looks_of(grid, now), question.aims.favourite)
