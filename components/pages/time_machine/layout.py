"""What stands where on the page; content arrives by callbacks."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from components import ids, wording
from components.address import visit
from components.cards import stage
from components.charts import luck
from components.charts.figure import graph
from components.controls.draft import Draft, draft_of, shape_of, shown_policies
from components.controls.panel import panel
from components.shell import icon, page_with_panel
from engine import Scenario

# What a policy's panel takes before the run says exactly, so that little moves when it arrives.
TRAFFIC_HEIGHT = 170
LINES_HEIGHT = 190


def layout(**query: Any) -> Component:
    """Lay out the page for the scenario in its address."""
    found = visit(query)
    scenario = shown_policies(found.scenario)
    problem = notice(wording.bad_link(found.problem), "warn") if found.problem else None
    if len(found.scenario.policies) > len(scenario.policies):
        problem = notice(wording.too_many_policies(len(found.scenario.policies)), "warn")
    draft = draft_of(scenario)
    page = page_with_panel(
        html.Div(summary(scenario), id=ids.SUMMARY, className="summary-words"),
        [html.Div(panel_for(draft, scenario, editing=False), id=ids.PANEL_BODY), _run(scenario)],
        [_notices(problem), *_answer(scenario)],
    )
    return html.Div([page, *_stores(draft)])


def panel_for(draft: Draft, scenario: Scenario | None, *, editing: bool) -> list[Component]:
    """The panel's controls; without a valid scenario its rates are unknown and its labels plain."""
    return panel(draft, rates_of(scenario), labels_of(draft, scenario), editing=editing)


def rates_of(scenario: Scenario | None) -> list[float]:
    """The true rates of the shown campaign, as far as they are known."""
    return [] if scenario is None else [float(rate) for rate in scenario.rates()[0]]


def labels_of(draft: Draft, scenario: Scenario | None) -> list[str]:
    """The policies' names."""
    return (
        list(scenario.labels)
        if scenario is not None
        else [wording.policy_title(policy["name"]) for policy in draft["policies"]]
    )


def summary(scenario: Scenario) -> list[Component]:
    """The scenario in one line, for the bar that stands in for the panel on small screens."""
    name, words = wording.summary_of(scenario)
    return [html.Strong(name), html.Div(words)]


def notice(message: wording.Notice, tone: str, actions: list[Component] | None = None) -> html.Div:
    """Something the visitor should know, above the verdict."""
    picture = icon("refresh" if tone == "warn" and actions else "warning")
    body: list[Component] = [html.Strong(message.title), html.P(message.text)]
    if actions:
        body.append(html.Div(actions, className="btn-row"))
    return html.Div([picture, html.Div(body)], className=f"note note-{tone}")


def _notices(problem: Component | None) -> html.Div:
    polite: Any = {"aria-live": "polite"}
    return html.Div([html.Div(problem, id=ids.ADDRESS_NOTICE), html.Div(id=ids.NOTICE)], className="notices", **polite)


def _run(scenario: Scenario) -> html.Div:
    polite: Any = {"aria-live": "polite"}
    return html.Div(
        [
            html.Button(
                wording.run_button(scenario.sends),
                id=ids.RUN,
                type="button",
                className="btn btn-primary btn-wide",
            ),
            html.Div(id=ids.STATUS, className="run-status", **polite),
        ],
        className="panel-run",
    )


def _answer(scenario: Scenario) -> list[Component]:
    policies, arms = len(scenario.policies), len(scenario.arms)
    polite: Any = {"aria-live": "polite"}
    return [
        html.Div(
            [html.Div(_waiting(), id=ids.HERO, **polite), html.Div(luck_graph(), id=ids.LUCK)],
            className="hero",
        ),
        html.Div(id=ids.KPI, className=f"kpi-place kpi-place-{policies}"),
        html.Div(stage.stage(policies, arms), className="section"),
        html.Div([_traffic(policies), stage.dynamics()], className="columns-2 section"),
        html.Section(
            [
                html.Div(id=ids.LINES_HEAD),
                graph(ids.graph("line-conversions"), LINES_HEIGHT * policies, wording.LINE_CONVERSIONS_TITLE),
            ],
            className="section",
        ),
        _table(),
        html.Footer(id=ids.FOOT, className="page-foot"),
    ]


def _waiting() -> list[Component]:
    return [
        html.H1(wording.WAITING, className="visually-hidden"),
        html.Div(
            [html.Div(className=f"skeleton skeleton-{size}") for size in ("title", "title", "title-short")],
            className="hero-skeleton",
        ),
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


def _table() -> html.Section:
    button = html.Button(
        [icon("download"), wording.DOWNLOAD_CSV],
        id=ids.TABLE_CSV,
        type="button",
        className="btn btn-quiet btn-small",
    )
    head = html.Div([html.H2(wording.TABLE_TITLE, className="h2"), button], className="section-head")
    return html.Section([head, html.Div(id=ids.TABLE)], className="section")


def _stores(draft: Draft) -> list[Component]:
    return [
        *stage.stores(),
        *[dcc.Store(id=ids.store(chart)) for chart in ids.DRAWN],
        dcc.Store(id=ids.DRAFT, data=draft),
        dcc.Store(id=ids.SHAPE, data=shape_of(draft, editing=False)),
        dcc.Store(id=ids.ASKED, data={"scenario": draft, "pressed": False}),
        dcc.Store(id=ids.SHOWN),
        dcc.Store(id=ids.ADDRESS),
        dcc.Download(id=ids.DOWNLOAD),
    ]
