"""What stands where on Plan; content arrives by callbacks."""

import uuid
from typing import Any, Final

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from components import ids, wording
from components import wording_plan as words
from components.charts import chances
from components.charts.figure import graph
from components.controls.editing import Rules
from components.controls.question import Question, question, question_page
from components.notices import notice, skeleton
from components.pages.plan.bar import bar
from components.pages.plan.work import USUAL, aims_from_address
from components.report import door
from components.shell import icon, page_style
from engine import Scenario
from engine.planning.aims import Aims
from engine.planning.grid import NAMES
from engine.scenario import MOST_POLICIES

NAME: Final = "plan"
STYLE: Final = "pages/plan.css"
"""Loaded with this page alone."""
TICK_MS: Final = 500
GRID_TICK_MS: Final = 900
SECTIONS: Final = ("chances", "spreads", "grid", "proofs", "plan", "schedule")
"""Those with a file to take away."""
STORES: Final = {"job": ids.PLAN_JOB, "grid": ids.PLAN_GRID_JOB}
"""What says what the page shows."""
EARN_MOST: Final = "most"
SUREST: Final = "surest"


def _opening() -> Scenario:
    lines = (("What you always send", 0.1), ("A question", 0.12), ("A number", 0.1), ("A joke", 0.1))
    policies = ("ab_split", "thompson", "epsilon_greedy", "ucb1", "test_then_winner")
    return Scenario.from_dict(
        {
            "arms": [{"name": name, "rate": rate} for name, rate in lines],
            "policies": [{"name": name} for name in policies],
            "sends": 8_000,
            "replications": 1_000,
        }
    )


def _summary(scenario: Scenario) -> tuple[str, str]:
    name, _ = wording.summary_of(scenario)
    return name, words.summary(scenario.sends, len(scenario.arms), scenario.seed)


RULES: Final = Rules(
    NAME,
    most_policies=MOST_POLICIES,
    run_words=lambda scenario: words.run_button(scenario.replications),
    summary=_summary,
    between=" / ",
    opening=_opening(),
    has_campaigns=True,
)


def layout(**query: Any) -> Component:
    """Lay out the page for the scenario and the aims in its address."""
    asked, wanted = question(query, RULES), aims_from_address(query)
    if wanted.problem and asked.notice is None:
        asked = Question(asked.scenario, notice(words.bad_aims(wanted.problem), "warn"))
    answer = [*_answer(), *_stores(wanted.aims)]
    return question_page(asked, RULES, answer, bar(asked.scenario, wanted.aims), page_style(STYLE))


def _answer() -> list[Component]:
    polite: Any = {"aria-live": "polite"}
    follows: Any = {"data-jobs": ids.PLAN_JOB}
    return [
        html.Div(
            [
                html.Div(skeleton(words.WAITING), id=ids.PLAN_HERO, **polite),
                html.Div(
                    [
                        html.Div(id=ids.PLAN_READY),
                        door.place(NAME, STORES),
                        html.Div(id=ids.PLAN_PROGRESS, className="progress-place", **follows),
                    ],
                    className="plan-aside",
                ),
            ],
            className="hero hero-compare",
        ),
        html.Div(
            [
                html.Div(
                    [_chances(), html.Div([_spreads(), html.Div(id=ids.PLAN_NOTES)])], className="columns-plan section"
                ),
                html.Div(
                    [_grid(), _section("proofs", [html.Div(id=ids.PLAN_PROOFS)])], className="columns-plan section"
                ),
                html.Div(
                    [
                        _section("plan", [_scrolls(ids.PLAN_TABLE, words.table_title(0))]),
                        _section("schedule", [html.Div(id=ids.PLAN_SCHEDULE)]),
                    ],
                    className="columns-plan section",
                ),
                html.Footer(id=ids.PLAN_FOOT, className="page-foot"),
            ],
            id=ids.PLAN_BODY,
            className="plan-body",
        ),
    ]


def _chances() -> html.Section:
    name = ids.PLAN_CHART
    return _section(name, [graph(ids.graph(name), chances.HEIGHT, words.CHART)], png=name)


def _spreads() -> html.Section:
    return _section("spreads", [html.Div(id=ids.PLAN_SPREADS)])


def _grid() -> html.Section:
    polite: Any = {"aria-live": "polite"}
    named: Any = {"aria-label": words.GRID}
    choose = html.Div(
        [
            html.Label(words.GRID, htmlFor=ids.PLAN_GRID_NAME, className="visually-hidden"),
            html.Div(
                dbc.Select(
                    id=ids.PLAN_GRID_NAME,
                    options=[{"label": words.GRIDS[name], "value": name} for name in NAMES],
                    value=NAMES[0],
                ),
                className="select",
            ),
            dbc.RadioItems(
                id=ids.PLAN_GRID_BY,
                options=[
                    {"label": words.EARN_MOST, "value": EARN_MOST},
                    {"label": words.SUREST, "value": SUREST},
                ],
                value=EARN_MOST,
                className="segmented",
                inputClassName="segment-input",
                labelClassName="segment",
                labelCheckedClassName="active",
            ),
        ],
        className="grid-choice",
    )
    return _section(
        "grid",
        [
            choose,
            html.P(id=ids.PLAN_GRID_PROGRESS, className="hint", **polite),
            html.Div(id=ids.PLAN_GRID_BODY, className="grid-box", tabIndex=0, role="region", **named),
        ],
    )


def _scrolls(identity: str, label: str) -> html.Div:
    named: Any = {"aria-label": label}
    return html.Div(id=identity, className="plan-table-box", tabIndex=0, role="region", **named)


def _section(of: str, content: list[Component], png: str | None = None) -> html.Section:
    buttons = [_csv_button(of), *([_png_button(of, png)] if png else [])]
    head = html.Div(
        [html.Div(id=ids.heading(of), className="section-words"), html.Div(buttons, className="section-actions")],
        className="section-head",
    )
    return html.Section([head, *content], className=f"section section-{of}")


def _csv_button(of: str) -> html.Button:
    return html.Button(
        [icon("download"), wording.DOWNLOAD_CSV],
        id=ids.plan_csv(of),
        type="button",
        className="btn btn-quiet btn-small",
        title=words.CSV_OF[of],
    )


def _png_button(of: str, name: str) -> html.Button:
    saves: Any = {"data-png": ids.graph(name), "data-name": of}
    return html.Button(
        [icon("download"), words.PNG],
        type="button",
        className="btn btn-quiet btn-small",
        title=words.PNG_OF_CHANCES,
        **saves,
    )


def _stores(aims: Aims) -> list[Component]:
    return [
        dcc.Store(id=ids.answered(NAME)),
        dcc.Store(id=ids.completed(NAME)),
        dcc.Store(id=ids.VISITOR, data=uuid.uuid4().hex),
        dcc.Store(id=ids.PLAN_AIMS, data=aims.model_dump()),
        dcc.Store(id=ids.PLAN_USUAL, data=USUAL.model_dump()),
        dcc.Store(id=ids.PLAN_PRESSES),
        dcc.Store(id=ids.PLAN_JOB),
        dcc.Store(id=ids.PLAN_JOB_CANCELLED),
        dcc.Store(id=ids.PLANNED),
        dcc.Store(id=ids.PLAN_GRID_JOB),
        dcc.Store(id=ids.store(ids.PLAN_CHART)),
        dcc.Interval(id=ids.PLAN_JOB_TICK, interval=TICK_MS, disabled=True),
        dcc.Interval(id=ids.PLAN_GRID_TICK, interval=GRID_TICK_MS, disabled=True),
        dcc.Download(id=ids.DOWNLOAD),
    ]
