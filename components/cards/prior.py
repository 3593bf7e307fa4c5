"""Policies that start from an earlier campaign: whether it would mislead them, and what starting from it was worth."""

from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from components import wording_prior as words
from components.comparison import Comparison
from components.shell import icon
from components.terms import explained
from components.theme import arm_chip
from components.wording_goals import goal_of
from engine.priors import PriorCheck, prior_check, prior_worths
from engine.scenario import Scenario

_MISLEADING: Final = frozenset({"leader", "new", "rates"})


def prior(scenario: Scenario, comparison: Comparison) -> list[Component]:
    """The section's content; nothing where every policy starts from nothing."""
    found = [check for place in range(len(scenario.policies)) if (check := prior_check(scenario, place)) is not None]
    if not found:
        return []
    first = found[0]
    return [
        html.H2(words.title(first), className="h2"),
        html.P([html.Span(words.counted(first)), *_worths(comparison)], className="deck"),
        *[_warning(check) for check in found if check["misleads"] in _MISLEADING],
        *(
            []
            if first["misleads"] in _MISLEADING
            else [html.P(explained(words.warning(first)), className="hint prior-said")]
        ),
        _table(first),
        html.P(words.small_print(first), className="small-note"),
    ]


def _worths(comparison: Comparison) -> list[html.Span]:
    """What history brought each policy that is compared with the same one without it."""
    return [
        html.Span(f" {words.worth(one, comparison['policies'][one['policy']]['label'], goal_of(comparison))}")
        for one in prior_worths(comparison)  # type: ignore[arg-type]  # as the page stores it
    ]


def _warning(check: PriorCheck) -> html.Div:
    body = [html.Strong(words.title(check)), html.P(words.warning(check))]
    return html.Div([icon("warning"), html.Div(body)], className="note note-warn prior-said")


def _table(check: PriorCheck) -> html.Div:
    named: Any = {"aria-label": words.TABLE}
    heads = [words.LINE, words.THEN, words.LEFT_OPEN, words.NOW]
    rows = [
        html.Tr(
            [
                html.Th(html.Div([arm_chip(place), line["name"]], className="campaign-line"), scope="row"),
                html.Td(words.then(line)),
                html.Td(words.left_open(line)),
                html.Td(words.now(line)),
            ]
        )
        for place, line in enumerate(check["lines"])
    ]
    table = html.Table(
        [
            html.Caption(words.TABLE, className="visually-hidden"),
            html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
            html.Tbody(rows),
        ],
        className="small-table",
    )
    return html.Div(table, className="small-table-box", tabIndex=0, role="region", **named)
