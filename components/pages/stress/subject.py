"""What a job of the stress test is about, as the page asks for it and keeps it."""

from typing import Any, NamedTuple

from components import stress as told
from components.following import Record, scenario_of
from components.pages.stress import choice
from components.pages.stress.work import found_so_far, names_to_run, table, work_of
from components.running import jobs
from engine import Scenario


class Subject(NamedTuple):
    """A scenario, the stresses that the job simulates, and what of them the page shows."""

    scenario: Scenario
    names: tuple[str, ...]
    shown: choice.Choice


def subject_of(record: Record, chosen: Any) -> Subject:
    """Return what a question and the visitor's ticks are about; a job's record, which is its own choice, holds both."""
    scenario = scenario_of(record)
    if chosen is record:
        return Subject(scenario, tuple(record["names"]), choice.from_ticks(record.get("chosen"), scenario))
    shown = choice.from_ticks(chosen, scenario)
    return Subject(scenario, names_to_run(scenario, shown.stresses), shown)


def stored(subject: Subject) -> Record:
    """The same as the page keeps it, beside the ticks."""
    return {"scenario": subject.scenario.to_dict(), "names": list(subject.names)}


def known_test(job: Any) -> tuple[Scenario, told.StressTest, Any] | None:
    """The table of a page's job as far as it is there; None where there is none, or it has gone from the cache."""
    if not job or not job.get("key"):
        return None
    scenario, names, shown = subject_of(job, job)
    now = jobs().look(work_of(scenario, names))
    if now is None:
        return None
    found = found_so_far(scenario, names, now)
    test = table(scenario, shown.stresses, shown.rows, found)
    return (scenario, test, found) if found and test["rows"] else None
