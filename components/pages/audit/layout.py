"""What stands where on the Audit page; content arrives by callbacks."""

import uuid
from typing import Any, Final

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from components import ids, wording
from components import wording_audit as words
from components.controls.editing import Rules
from components.controls.question import question, question_page
from components.notices import skeleton
from components.pages.audit.grid import SCRIPT
from components.pages.audit.work import from_address
from components.report import door
from components.shell import icon, page_style
from engine import Scenario
from engine.presets import PRESETS
from engine.scenario import MOST_POLICIES

NAME: Final = "audit"
STYLE: Final = "pages/audit.css"
CELLS: Final = "pages/audit-grid.js"
"""Either is loaded with this page alone, so that the first page stays light."""
STORES: Final = {"shown": ids.AUDIT_SHOWN}
"""What a report is made from."""
TICK_MS: Final = 500
SENDS: Final = 10_000
CAMPAIGNS: Final = 100
UPDATE_EVERY: Final = 50


def _opening() -> Scenario:
    guarded = PRESETS["guardrails_on"].scenario
    policies = [{"name": "thompson"}, {"name": "epsilon_greedy"}, {"name": "ab_split"}]
    return guarded.with_changes(policies=policies, sends=SENDS, replications=CAMPAIGNS, update_every=UPDATE_EVERY)


def _summary(scenario: Scenario) -> tuple[str, str]:
    name, _ = wording.summary_of(scenario)
    return name, words.summary(len(scenario.arms), scenario.sends, scenario.labels, scenario.seed)


RULES: Final = Rules(
    NAME,
    most_policies=MOST_POLICIES,
    run_words=lambda scenario: words.run_button(scenario.sends),
    summary=_summary,
    between=" / ",
    opening=_opening(),
    has_campaigns=True,
)


def layout(**query: Any) -> Component:
    """Lay out the page for the scenario in its address, and the policy and campaign that it names."""
    answer = [*_answer(), *_stores(from_address(query))]
    return question_page(question(query, RULES), RULES, answer, style=page_style(STYLE))


def _answer() -> list[Component]:
    polite: Any = {"aria-live": "polite"}
    jobs: Any = {"data-jobs": ids.AUDIT_JOB}
    return [
        html.Div(
            [
                html.Div(
                    [
                        html.Div(skeleton(words.WAITING), id=ids.AUDIT_HERO, **polite),
                        html.Div(
                            [
                                door.place(NAME, STORES, has_charts=False),
                                html.Div(id=ids.AUDIT_FILES, className="audit-files"),
                            ],
                            className="audit-taken",
                        ),
                        _choice(),
                    ]
                ),
                html.Div(
                    [html.Div(id=ids.AUDIT_PROGRESS, className="progress-place", **jobs), _digest()],
                    className="audit-aside",
                ),
            ],
            className="hero hero-compare hero-audit",
        ),
        html.Div(
            [
                html.Div([_log(), _why()], className="columns-audit section"),
                html.Div([_rates(), _actions()], className="columns-audit section"),
                html.Footer(id=ids.AUDIT_FOOT, className="page-foot"),
            ],
            id=ids.AUDIT_BODY,
            style={"display": "none"},
        ),
        html.Section(id=ids.AUDIT_SHEET, className="audit-sheet"),
    ]


def _choice() -> html.Div:
    return html.Div(
        [
            _field(words.POLICY, html.Div(dbc.Select(id=ids.AUDIT_POLICY, options=[]), className="select")),
            _field(
                words.CAMPAIGN,
                dbc.Input(id=ids.AUDIT_CAMPAIGN, type="number", debounce=True, autocomplete="off", step="any"),
            ),
        ],
        className="audit-choice",
    )


def _digest() -> html.Div:
    polite: Any = {"aria-live": "polite"}
    button = html.Button([icon("refresh"), words.RERUN], id=ids.AUDIT_RERUN, type="button", className="btn btn-primary")
    return html.Div(
        [
            html.Div(id=ids.AUDIT_DIGEST),
            html.Div(
                [button, html.Div(id=ids.AUDIT_RERUN_WORDS, className="rerun-words", **polite)], className="rerun"
            ),
        ],
        id=f"{ids.AUDIT_DIGEST}-box",
        className="audit-digest",
        style={"display": "none"},
    )


def _log() -> html.Section:
    polite: Any = {"aria-live": "polite"}
    named: Any = {"aria-label": words.FILTERS}
    told: Any = {"data-script": f"/assets/{SCRIPT}", "data-cells": f"/assets/{CELLS}", "data-none": words.NO_ROWS}
    earlier, later = (
        html.Button(
            [icon(f"chevron-{way}"), html.Span(label, className="visually-hidden")],
            type="button",
            className="btn btn-secondary btn-icon",
            **{"data-audit-page": way},  # type: ignore[arg-type]
        )
        for way, label in (("left", words.EARLIER), ("right", words.LATER))
    )
    go_to = dbc.Input(id=ids.AUDIT_GO_TO, type="number", debounce=True, autocomplete="off", step="any", min=0)
    return html.Section(
        [
            html.Div(
                [
                    html.Div(id=ids.heading(ids.AUDIT_LOG), className="section-words"),
                    html.Div(id=ids.AUDIT_ROWS, className="hint audit-rows", **polite),
                ],
                className="section-head",
            ),
            html.Div(id=ids.AUDIT_FILTERS, className="audit-filters", role="group", **named),
            html.Div(id=ids.AUDIT_GRID_PLACE, className="audit-grid-place", **told),
            html.Div(
                [
                    html.Span(words.SHOWING, className="hint"),
                    html.Label(words.GO_TO, htmlFor=ids.AUDIT_GO_TO, className="go-to-label"),
                    go_to,
                    earlier,
                    later,
                ],
                className="audit-paging",
            ),
        ],
        className="section section-log",
    )


def _why() -> html.Aside:
    polite: Any = {"aria-live": "polite"}
    return html.Aside(id=ids.AUDIT_WHY, className="audit-why", **polite)


def _rates() -> html.Section:
    button = html.Button(
        [icon("download"), wording.DOWNLOAD_CSV],
        id=ids.AUDIT_RATES_CSV,
        type="button",
        className="btn btn-quiet btn-small",
        title=words.RATES_CSV,
    )
    head = html.Div(
        [
            html.Div(id=ids.heading(ids.AUDIT_RATES), className="section-words"),
            html.Div(button, className="section-actions"),
        ],
        className="section-head",
    )
    return html.Section([head, html.Div(id=ids.AUDIT_RATES)], className="section section-rates")


def _actions() -> html.Section:
    return html.Section(id=ids.AUDIT_ACTIONS, className="section section-actions-taken")


def _field(label: str, control: Component) -> html.Div:
    inner = control.children if isinstance(control, html.Div) else control
    return html.Div(
        [html.Label(label, htmlFor=inner.id, className="form-label"), control],  # type: ignore[union-attr]
        className="field",
    )


def _stores(chosen: dict[str, int]) -> list[Component]:
    return [
        dcc.Store(id=ids.answered(NAME)),
        dcc.Store(id=ids.completed(NAME)),
        dcc.Store(id=ids.VISITOR, data=uuid.uuid4().hex),
        dcc.Store(id=ids.AUDIT_CHOICE, data=chosen),
        dcc.Store(id=ids.AUDIT_JOB),
        dcc.Store(id=ids.AUDIT_JOB_CANCELLED),
        dcc.Interval(id=ids.AUDIT_JOB_TICK, interval=TICK_MS, disabled=True),
        dcc.Store(id=ids.AUDIT_SHOWN),
        dcc.Store(id=ids.AUDIT_GRID_READY),
        dcc.Store(id=ids.AUDIT_SEND),
        dcc.Store(id=ids.AUDIT_FOUND),
        dcc.Store(id=ids.AUDIT_RERUN_FOUND),
        dcc.Download(id=ids.DOWNLOAD),
    ]
