"""What Plan shows of a question whose answers are there, or come in."""

from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from components import ids, planned
from components import wording_plan as words
from components.cards import plan_proofs, plan_spreads, plan_table
from components.cards.plan_verdict import plan_verdict
from components.charts import chances
from components.formats import compact
from components.planned import Outlook
from components.shell import icon
from components.terms import explained
from components.wording_goals import goal_of
from engine.planning.outlook import Found, SpreadRow, proof_rows, put_together, spread_rows
from engine.planning.question import Question
from engine.planning.spreads import SLOW, SPREADS, USUAL

USUAL_SPREAD: Final = SPREADS.index(USUAL)


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
        "heading of chances": heading_of(chances.title(plan), chances.deck(plan)),
        "heading of spreads": heading_of(words.SPREADS, spreads_deck),
        "heading of proofs": heading_of(words.PROOFS, words.proofs_deck(label)),
        "heading of plan": heading_of(words.table_title(plan["sends"]), ""),
        "heading of schedule": heading_of(
            words.SCHEDULE, words.schedule_deck(len(usual["schedule"]), label) if usual["schedule"] else ""
        ),
    }


def heading_of(title: str, deck: str) -> list[Component]:
    """A section's title and what it says below it."""
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
