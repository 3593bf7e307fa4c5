"""The grid of Plan: once the plan is complete, another job fills it, cell by cell."""

from typing import Any, Final

from dash import html, no_update

from components import ids
from components import wording_plan as words
from components.cards import plan_grid
from components.formats import prose
from components.pages.plan.drawing import heading_of
from components.pages.plan.layout import SUREST
from components.pages.plan.work import GRID, grid_for, grid_name, grid_work, looks_of, question_of
from components.running import jobs, start
from components.wording_goals import goal_of
from engine.errors import WorkError
from engine.jobs import State as JobState
from engine.jobs import Status
from engine.planning.grid import Grid
from engine.planning.question import Question

PLACES: Final[dict[str, tuple[Any, str]]] = {
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
        "heading": heading_of(words.GRID_TITLES[grid.name], words.grid_deck(goal, campaigns)),
        "body": [
            plan_grid.plan_grid(grid, looks, favourite, goal, surest=surest),
            plan_grid.legend(grid, looks, favourite, surest=surest),
        ],
    }


def drawn_grid(job: Any) -> dict[str, Any] | None:
    """The grid that a page keeps, as far as it is filled; None where there is none."""
    known = _known(job)
    return None if known is None else _grid_parts(*known, surest=job.get("by") == SUREST)


def grid_records(job: Any) -> list[dict[str, Any]]:
    """The same as data."""
    known = _known(job)
    if known is None:
        return []
    question, grid, now = known
    return plan_grid.records(grid, looks_of(grid, now), question.aims.favourite)


def _known(job: Any) -> tuple[Question, Grid, Status] | None:
    if not isinstance(job, dict):
        return None
    question = question_of(job, job)
    grid = grid_for(question.scenario, grid_name(question, job.get("name")))
    now = jobs().look(grid_work(grid))
    return None if now is None else (question, grid, now)


def _grid_progress(now: Status) -> str | None:
    if now.state is JobState.FAILED:
        return prose(now.error)
    if now.state is JobState.STOPPED:
        return words.GRID_STOPPED
    return words.grid_working(now.share) if now.state is JobState.RUNNING else None


def _no_grid(why: str) -> dict[str, Any]:
    heading = [html.H2(words.GRID, className="h2")]
    empty = {"heading": heading, "progress": why, "body": None, "job": None, "resting": True}
    return dict.fromkeys(PLACES, no_update) | empty
