"""What the stress test shows: the table as far as it is there, and the story of one of its cells."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from components import stress as told
from components import wording_stress as words
from components.address import time_machine_link
from components.cards import stress_table
from components.cards.stress_verdict import stress_verdict
from components.charts import best_share
from components.pages.stress.work import columns
from components.shell import icon
from components.terms import explained
from components.wording_goals import goal_of
from engine import Scenario
from engine.stresses import STRESSES


def drawn(test: told.StressTest, chosen: tuple[str, int] | None, *, running: bool) -> dict[str, Any]:
    """The table with its heading and notes, and the verdict once a column has come in."""
    over = told.baseline(test)
    heading = [
        html.H2(words.table_title(over), className="h2"),
        html.P(explained(words.table_deck(over, goal_of(test))), className="deck"),
    ]
    out = {
        "heading": heading,
        "table": stress_table.stress_table(test, chosen),
        "notes": stress_table.notes(test),
        "print": words.small_print(test["level_each"], test["comparisons"]),
        "defined": stress_table.definitions(test),
    }
    if not any(column["cells"] for column in test["columns"]) and test["rows"]:
        return out
    return out | {"hero": stress_verdict(test, running=running)}


def chosen_cell(test: told.StressTest, cell: Any) -> tuple[str, int] | None:
    """The cell that the visitor chose, if it is there; else the one that is told first."""
    if isinstance(cell, dict):
        column = told.column(test, str(cell.get("stress")))
        if column is not None and told.cell(column, cell.get("policy", -1)) is not None:
            return column["stress"], cell["policy"]
    return told.first_cell(test)


def told_cell(scenario: Scenario, test: told.StressTest, found: Any, chosen: tuple[str, int]) -> dict[str, Any]:
    """A cell's stress along the campaign, and a link to its scenario."""
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
