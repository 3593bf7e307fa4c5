"""What stands where on the page; content arrives by callbacks."""

import json
from typing import Any, Final

from dash import dcc, html
from dash.development.base_component import Component

from components import ids, wording, wording_drift
from components import wording_visit as visit
from components.cards import stage
from components.charts import luck
from components.charts.figure import graph
from components.controls.editing import Rules
from components.controls.question import question, question_page
from components.notices import skeleton
from components.pages.time_machine import prices
from components.report import door
from components.shell import icon
from engine import Scenario

NAME: Final = "time-machine"
RULES: Final = Rules(NAME, most_policies=4, run_words=lambda scenario: wording.run_button(scenario.sends))
STORES: Final = {"shown": ids.SHOWN}
"""What a report is made from."""

# What a policy's panel takes before the run says exactly, so that little moves when it arrives.
TRAFFIC_HEIGHT: Final = 170
LINES_HEIGHT: Final = 190


def layout(**query: Any) -> Component:
    """Lay out the page for the scenario in its address."""
    asked = question(query, RULES)
    return question_page(asked, RULES, [*_answer(asked.scenario), *_stores(), _invitation()])


def _invitation() -> html.Div:
    """What offers the tour; `assets/js/visit.js` shows it to those who come for the first time."""
    told: Any = {"data-words": json.dumps(visit.TOUR, ensure_ascii=False), "aria-label": visit.INVITE_LABEL}
    takes: Any = {"data-visit": "tour"}
    dismisses: Any = {"data-dismiss": "tour"}
    return html.Div(
        [
            html.Span(visit.INVITE),
            html.Button(visit.TAKE_TOUR, type="button", className="btn btn-primary", **takes),
            html.Button(
                [icon("close"), html.Span(visit.NO_TOUR, className="visually-hidden")],
                type="button",
                className="btn btn-quiet btn-icon",
                **dismisses,
            ),
        ],
        id="invitation",
        className="invitation",
        role="region",
        hidden=True,
        **told,
    )


def _answer(scenario: Scenario) -> list[Component]:
    policies, arms = len(scenario.policies), len(scenario.arms)
    polite: Any = {"aria-live": "polite"}
    return [
        html.Div(
            [
                html.Div([html.Div(skeleton(wording.WAITING), id=ids.HERO, **polite), door.place(NAME, STORES)]),
                html.Div(luck_graph(), id=ids.LUCK),
            ],
            className="hero",
        ),
        html.Div(id=ids.KPI, className=f"kpi-place kpi-place-{policies}"),
        html.Div(stage.stage(policies, arms), className="section section-stage"),
        html.Div([_traffic(policies), stage.dynamics()], className="columns-2 section"),
        _optional("segments", ids.SEGMENTS, ids.SEGMENTS_CSV),
        _optional("credit", ids.CREDIT, ids.CREDIT_CSV),
        *_drift(policies),
        html.Section(id=ids.GUARDS, className="guards"),
        html.Section(
            [
                html.Div(id=ids.LINES_HEAD),
                graph(ids.graph("line-conversions"), LINES_HEIGHT * policies, wording.LINE_CONVERSIONS_TITLE),
            ],
            className="section",
        ),
        prices.section(),
        _table(),
        html.Footer(id=ids.FOOT, className="page-foot"),
    ]


def luck_graph() -> Component:
    """The place of the luck dots."""
    return graph(ids.graph("luck"), luck.HEIGHT, wording.LUCK_TITLE_CHECKING)


def _traffic(policies: int) -> html.Section:
    return html.Section(
        [
            html.Div(id=ids.TRAFFIC_HEAD),
            graph(ids.graph("traffic"), TRAFFIC_HEIGHT * policies, wording.TRAFFIC),
        ]
    )


def _optional(name: str, content: str, csv: str) -> html.Section:
    """A section that is there only where the scenario has what it tells of."""
    button = html.Button(
        [icon("download"), wording.DOWNLOAD_CSV], id=csv, type="button", className="btn btn-quiet btn-small section-csv"
    )
    return html.Section(
        [html.Div(id=content, className="optional"), button],
        id=ids.place(name),
        className="section section-optional",
        hidden=True,
    )


def _drift(policies: int) -> list[Component]:
    button = html.Button(
        [icon("download"), wording.DOWNLOAD_CSV], id=ids.DRIFT_CSV, type="button", className="btn btn-quiet btn-small"
    )
    return [
        html.Section(
            [
                html.Div([html.Div(id=ids.heading("drift")), button], className="section-head"),
                graph(ids.graph("drift"), LINES_HEIGHT * policies, wording_drift.CHART),
                html.Div(id=ids.DRIFT_WORDS, className="drift-words"),
            ],
            id=ids.place("drift"),
            className="section section-drift",
            hidden=True,
        ),
        html.Div(id=ids.DRIFT_STILL, className="section"),
    ]


def _table() -> html.Section:
    button = html.Button(
        [icon("download"), wording.DOWNLOAD_CSV],
        id=ids.TABLE_CSV,
        type="button",
        className="btn btn-quiet btn-small",
    )
    head = html.Div([html.H2(wording.TABLE_TITLE, className="h2"), button], className="section-head")
    return html.Section([head, html.Div(id=ids.TABLE)], className="section")


def _stores() -> list[Component]:
    return [
        *stage.stores(),
        *[dcc.Store(id=ids.store(chart)) for chart in ids.DRAWN],
        dcc.Store(id=ids.answered(NAME)),
        dcc.Store(id=ids.completed(NAME)),
        dcc.Store(id=ids.SHOWN),
        *prices.stores(),
        dcc.Download(id=ids.DOWNLOAD),
    ]
