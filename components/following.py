"""A page that follows a job: starts or joins it for a question, looks at every tick, leaves it.

The page says what there is to see of a job; this says when to look.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from dash import no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components import wording
from components.formats import seconds
from components.notices import notice, status
from components.press import pressing
from components.running import first_look, jobs, left, start, waits_for_button
from engine import Scenario, ScenarioError
from engine.errors import WorkError
from engine.jobs import AnyWork, State, Status
from engine.journal import note_scenario

S = TypeVar("S")
"""What the job is about: a scenario, or a part of one that the visitor chose."""

Record = dict[str, Any]
"""A question as the panel asks it, or a job as the page keeps it; either holds a scenario."""
Shown = dict[str, Any]
"""What changes on the page, by the names of its places; among them "job", and "resting" for the clock."""

NO_JOB: Final = {"key": "", "scenario": None, "counted": 0, "goes_on": False}


@dataclass(frozen=True)
class Following(Generic[S]):
    """What a page does with the job of its question.

    `places` are the names of all that may change; `subject_of(record, chosen)` is what a record and the visitor's choice
    are about, and `stored(subject)` how the page keeps it: as a record that is its own choice. What changes is said by
    `shown(subject, status, counted, was_cached)` for a job of which the page has counted so much, None where it was
    asked for just now; by `asks_first(subject, has_run)` for one that takes long, and by `refused(subject, error)` for
    one that is too much.
    """

    places: Iterable[str]
    subject_of: Callable[[Record, Any], S]
    stored: Callable[[S], Record]
    work_of: Callable[[S], AnyWork]
    shown: Callable[[S, Status, int | None, bool], Shown]
    asks_first: Callable[[S, bool], Shown]
    refused: Callable[[S, WorkError], Shown]

    def advance(self, asked: Record, cancelled: Any, job: Record | None, visitor: str, chosen: Any = None) -> Shown:
        """Do what has not been done yet: answer a new question or choice, cancel, or look how far the job is.

        What set this off says nothing: Dash merges changes that come together, and drops an answer when a later question
        of the same kind is on its way. The page's own record of what it has answered cannot be mistaken.
        """
        stamp = {"asked": asked.get("n", 0), "cancelled": cancelled, "chosen": chosen}
        if job is None or job["asked"] != stamp["asked"] or job["chosen"] != chosen:
            page = self.ask(asked, job, visitor, chosen)
        elif job["cancelled"] != cancelled:
            page = self.cancel(job, visitor)
        else:
            page = self.follow(job, visitor)
        record = page["job"] if page["job"] is not no_update else job or NO_JOB
        return page | {"job": record | stamp}

    def ask(self, asked: Record, job: Record | None, visitor: str, chosen: Any = None) -> Shown:
        """Start or join the job for a question, unless it takes long and nobody pressed the button."""
        subject, has_run = self.subject_of(asked, chosen), bool(job and job["key"])
        work = self.work_of(subject)
        try:
            work.refuse_too_much()  # before anybody is asked whether it shall run
            if not asked.get("pressed") and waits_for_button(work):
                return self._left(job, visitor) | self.asks_first(subject, has_run)
            begun = start(work, visitor)
        except WorkError as error:
            return self._left(job, visitor) | self.asks_first(subject, has_run) | self.refused(subject, error)
        return self._page(subject, first_look(work, begun), None, was_cached=begun.state is State.FINISHED)

    def follow(self, job: Record | None, visitor: str) -> Shown:
        """Return what has come out of the job since the last look."""
        subject, counted = self._going(job)
        return self._page(subject, jobs().follow(self.work_of(subject), visitor), counted)

    def cancel(self, job: Record | None, visitor: str) -> Shown:
        """Leave the job; the page keeps what it has. Others who watch the same job are not disturbed."""
        subject, counted = self._going(job)
        stopped = left(self.work_of(subject), visitor)
        if stopped is None:
            raise PreventUpdate
        return self._page(subject, stopped, counted)

    def nothing_new(self) -> Shown:
        """The page as it is, with its clock stopped."""
        return dict.fromkeys(self.places, no_update) | {"resting": True}

    def _going(self, job: Record | None) -> tuple[S, int]:
        """What the job that goes on is about, and how much of it the page has counted."""
        if not job or not job["goes_on"]:
            raise PreventUpdate
        return self.subject_of(job, job), job["counted"]

    def _left(self, job: Record | None, visitor: str) -> Shown:
        """The page as it is, with the job that it followed stopped."""
        if not job or not job["goes_on"]:
            return self.nothing_new()
        return self.cancel(job, visitor) | {"answered": no_update}

    def _page(self, subject: S, now: Status, counted: int | None, *, was_cached: bool = False) -> Shown:
        goes_on = now.state is State.RUNNING
        record = {"key": self.work_of(subject).key, "counted": now.counted, "goes_on": goes_on}
        return (
            self.nothing_new()
            | self.shown(subject, now, counted, was_cached)
            | {"job": self.stored(subject) | record, "resting": not goes_on}
        )


def scenario_of(asked: Any, _chosen: Any = None) -> Scenario:
    """Return the scenario of a question or a job's record."""
    try:
        scenario = Scenario.from_dict(asked["scenario"])
    except (ScenarioError, KeyError, TypeError) as error:
        # The panel asks for valid scenarios only, and says what is wrong with the others.
        raise PreventUpdate from error
    note_scenario(scenario.digest())
    return scenario


def stored_scenario(scenario: Scenario) -> Record:
    """Return the scenario as a page keeps it."""
    return {"scenario": scenario.to_dict()}


def answered(scenario: Scenario, line: Component, message: Component | None = None) -> Record:
    """What is to be told as long as the panel holds this scenario."""
    return {"key": scenario.digest(), "status": line, "notice": message}


def told(now: Status, stopped: str, failed: wording.Notice, *, was_cached: bool) -> tuple[Component, Component | None]:
    """What the panel says of a job, and a notice where it failed; `stopped` and `failed` are the page's own words."""
    if now.state is State.FAILED:
        return status(wording.NOT_VALID), notice(failed, "bad", pressing("run"))
    if now.state is State.STOPPED:
        return status(stopped), None
    if now.state is State.RUNNING:
        return status(wording.WORKING), None
    return status(wording.up_to_date(seconds(now.seconds), from_cache=was_cached), is_shown=True), None
