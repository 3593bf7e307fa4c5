"""A page that follows a job: starts or joins it for a question, looks at every tick, leaves it.

The page says what there is to see of a job; this says when to look.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from dash import no_update
from dash.exceptions import PreventUpdate

from components.running import first_look, jobs, left, waits_for_button
from engine import Scenario, ScenarioError
from engine.errors import WorkError
from engine.jobs import State, Status, Work

Shown = dict[str, Any]
"""What changes on the page, by the names of its places; among them "job", and "resting" for the clock."""

NO_JOB: Final = {"key": "", "scenario": None, "counted": 0, "goes_on": False}


@dataclass(frozen=True)
class Following:
    """What a page does with the job of its question; scenarios that it is given are valid.

    `places` are the names of all that may change. What does change is said by `shown(work, status, counted, was_cached)`
    for a job of which the page has counted so many campaigns, None where it was asked for just now; by
    `asks_first(scenario, has_run)` for one that takes long, and by `refused(scenario, error)` for one that is too much.
    """

    places: Iterable[str]
    work_of: Callable[[Scenario], Work]
    shown: Callable[[Work, Status, int | None, bool], Shown]
    asks_first: Callable[[Scenario, bool], Shown]
    refused: Callable[[Scenario, WorkError], Shown]

    def advance(self, asked: dict[str, Any], cancelled: Any, job: dict[str, Any] | None, visitor: str) -> Shown:
        """Do what has not been done yet: answer a new question, cancel, or look how far the job is.

        What set this off says nothing: Dash merges changes that come together, and drops an answer when a later question
        of the same kind is on its way. The page's own record of what it has answered cannot be mistaken.
        """
        stamp = {"asked": asked.get("n", 0), "cancelled": cancelled}
        if job is None or job["asked"] != stamp["asked"]:
            page = self.ask(asked, job, visitor)
        elif job["cancelled"] != cancelled:
            page = self.cancel(job, visitor)
        else:
            page = self.follow(job, visitor)
        record = page["job"] if page["job"] is not no_update else job or NO_JOB
        return page | {"job": record | stamp}

    def ask(self, asked: dict[str, Any], job: dict[str, Any] | None, visitor: str) -> Shown:
        """Start or join the job for a question, unless it takes long and nobody pressed the button."""
        scenario = scenario_of(asked)
        work = self.work_of(scenario)
        if not asked.get("pressed") and waits_for_button(work):
            return self._left(job, visitor) | self.asks_first(scenario, bool(job and job["key"]))
        try:
            begun = jobs().start(work, visitor)
        except WorkError as error:
            return self._left(job, visitor) | self.refused(scenario, error)
        return self._page(work, first_look(work, begun), None, was_cached=begun.state is State.FINISHED)

    def follow(self, job: dict[str, Any] | None, visitor: str) -> Shown:
        """Return what has come out of the job since the last look."""
        work, counted = self._going(job)
        return self._page(work, jobs().follow(work, visitor), counted)

    def cancel(self, job: dict[str, Any] | None, visitor: str) -> Shown:
        """Leave the job; the page keeps what it has. Others who watch the same job are not disturbed."""
        work, counted = self._going(job)
        stopped = left(work, visitor)
        if stopped is None:
            raise PreventUpdate
        return self._page(work, stopped, counted)

    def nothing_new(self) -> Shown:
        """The page as it is, with its clock stopped."""
        return dict.fromkeys(self.places, no_update) | {"resting": True}

    def _going(self, job: dict[str, Any] | None) -> tuple[Work, int]:
        """The job that goes on, and how many of its campaigns the page has counted."""
        if not job or not job["goes_on"]:
            raise PreventUpdate
        return self.work_of(scenario_of(job)), job["counted"]

    def _left(self, job: dict[str, Any] | None, visitor: str) -> Shown:
        """The page as it is, with the job that it followed stopped."""
        if not job or not job["goes_on"]:
            return self.nothing_new()
        return self.cancel(job, visitor) | {"answered": no_update}

    def _page(self, work: Work, now: Status, counted: int | None, *, was_cached: bool = False) -> Shown:
        goes_on = now.state is State.RUNNING
        record = {
            "key": work.key,
            "scenario": work.scenarios[0].to_dict(),
            "counted": now.counted,
            "goes_on": goes_on,
        }
        return self.nothing_new() | self.shown(work, now, counted, was_cached) | {"job": record, "resting": not goes_on}


def scenario_of(asked: Any) -> Scenario:
    """Return the scenario of a question or a job's record."""
    try:
        return Scenario.from_dict(asked["scenario"])
    except (ScenarioError, KeyError, TypeError) as error:
        # The panel asks for valid scenarios only, and says what is wrong with the others.
        raise PreventUpdate from error
