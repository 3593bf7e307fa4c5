"""The numbers of Plan as tables: for files and for the report."""

import hashlib
from typing import Any, NamedTuple

from components import ids, planned
from components.cards import plan_proofs, plan_spreads, plan_table
from components.charts import chances
from components.pages.plan.drawing import USUAL_SPREAD
from components.pages.plan.work import found_so_far, plan_work, question_of
from components.planned import Outlook
from components.running import jobs
from engine.jobs import State as JobState
from engine.planning.outlook import Found, proof_rows, put_together, spread_rows
from engine.planning.question import Question


def plan_records(of: str, job: Any) -> list[dict[str, Any]]:
    """The data of a section; nothing where the answer has gone from the cache."""
    known = plan_of(job)
    return [] if known is None else section_records(of, known.question, known.found)


class Known(NamedTuple):
    """What is known of a plan."""

    question: Question
    found: Found
    digest: str | None
    """Of all its figures; None as long as some are on their way."""


def plan_of(job: Any) -> Known | None:
    """What a page shows; None where nothing is there, or the answer has gone from the cache."""
    question = question_of(job, job)
    now = jobs().look(plan_work(question))
    if now is None or not now.counted:
        return None
    found = found_so_far(question, now)
    if put_together(question, found)["at_list"] is None:
        return None
    is_whole = now.state is JobState.FINISHED
    return Known(question, found, hashlib.sha256(now.content).hexdigest() if is_whole else None)


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
