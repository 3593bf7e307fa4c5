"""What stands where on Compare; content arrives by callbacks."""

import uuid
from typing import Any, Final

from dash import dcc, html
from dash.development.base_component import Component

from components import ids, wording
from components import wording_compare as words
from components.charts.figure import graph
from components.controls.draft import USUAL
from components.controls.editing import Rules
from components.controls.question import question, question_page
from components.notices import skeleton
from components.pages.compare import drawing
from components.report import door
from components.shell import icon
from engine import POLICIES, Scenario
from engine.presets import PRESETS
from engine.scenario import MOST_POLICIES

NAME: Final = "compare"
CAMPAIGNS: Final = 1_000
TICK_MS: Final = 400
STRIPS_TICK_MS: Final = 1_000
STORES: Final = {"job": ids.JOB}
"""What a report is made from."""


def _opening() -> Scenario:
    contestants = [{"name": name} for name in USUAL if name in POLICIES]
    return PRESETS["classic"].scenario.with_changes(policies=contestants, replications=CAMPAIGNS)


def _summary(scenario: Scenario) -> tuple[str, str]:
    name, _ = wording.summary_of(scenario)
    return name, words.summary(
        len(scenario.arms),
        scenario.sends,
        getattr(scenario.world, "world_seed", None) if any(arm.rate is None for arm in scenario.arms) else None,
        scenario.seed,
        len(scenario.policies),
    )


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
    """Lay out the page for the scenario in its address."""
    asked = question(query, RULES)
    return question_page(asked, RULES, [*_answer(asked.scenario), *_stores()])


def _answer(scenario: Scenario) -> list[Component]:
    polite: Any = {"aria-live": "polite"}
    return [
        html.Div(
            [
                html.Div(
                    [html.Div(skeleton(words.WAITING), id=ids.RECOMMENDATION, **polite), door.place(NAME, STORES)]
                ),
                html.Div(id=ids.PROGRESS, className="progress-place"),
            ],
            className="hero hero-compare",
        ),
        _leaderboard(len(scenario.policies)),
        html.Section(id=ids.PRIOR, className="section section-prior"),
        html.Div([_regret(), _strips()], className="columns-compare section"),
        _prices(),
        _section("spread", [_graph(drawing.SPREAD, words.SPREAD_CHART)], png=drawing.SPREAD),
        _section(
            "allocation", [html.Div([_allocation(place) for place in range(MOST_POLICIES)], className="allocations")]
        ),
        html.Footer(id=ids.COMPARE_FOOT, className="page-foot"),
    ]


def _leaderboard(rows: int) -> html.Section:
    named: Any = {"aria-label": words.LEADERBOARD}
    table = html.Table(
        [html.Thead(id=ids.LEADERBOARD_HEAD), html.Tbody(id=ids.LEADERBOARD_BODY)], className="leaderboard"
    )
    room = {"--rows": str(rows)}  # for the policies, before they stand there
    box = html.Div(table, className="leaderboard-box", style=room, tabIndex=0, role="region", **named)
    return _section("leaderboard", [box, html.Div(id=ids.USUAL)])


def _regret() -> html.Section:
    return _section("regret", [_graph(drawing.REGRET, words.REGRET)], png=drawing.REGRET)


def _strips() -> html.Section:
    places = [
        html.Div(_graph(name, words.STRIPS), id=ids.place(name), style={"display": "none"}) for name in drawing.STRIPS
    ]
    return _section("strips", [html.Div(id=ids.STRIPS_PROGRESS, className="hint"), *places])


def _prices() -> html.Div:
    """Nothing is shown, not even a heading, as long as no guardrail is on."""
    polite: Any = {"aria-live": "polite"}
    content = [html.P(id=ids.PRICES_PROGRESS, className="hint", **polite), html.Div(id=ids.PRICES_BODY)]
    return html.Div(_section("prices", content), id=ids.place("prices"), className="section", style={"display": "none"})


def _allocation(place: int) -> html.Div:
    name = drawing.ALLOCATIONS[place]
    return html.Div(
        [html.Div(id=ids.heading(name)), _graph(name, words.ALLOCATION)],
        id=ids.place(name),
        className="allocation",
        style={"display": "none"},
    )


def _section(of: str, content: list[Component], png: str | None = None) -> html.Section:
    buttons = [csv_button(of), *([_png_button(of, png)] if png else [])]
    head = html.Div(
        [html.Div(id=ids.heading(of), className="section-words"), html.Div(buttons, className="section-actions")],
        className="section-head",
    )
    return html.Section([head, *content], className=f"section section-{of}")


def _graph(name: str, label: str) -> html.Div:
    return graph(ids.graph(name), drawing.HEIGHTS[name], label)


def _png_button(of: str, name: str) -> html.Button:
    saves: Any = {"data-png": ids.graph(name), "data-name": of}
    return html.Button(
        [icon("download"), words.PNG],
        type="button",
        className="btn btn-quiet btn-small",
        title=words.PNG_OF[of],
        **saves,
    )


def csv_button(of: str) -> html.Button:
    """The button that downloads what is shown as a file."""
    return html.Button(
        [icon("download"), wording.DOWNLOAD_CSV],
        id=ids.csv(of),
        type="button",
        className="btn btn-quiet btn-small",
        title=words.CSV_OF[of],
    )


def _stores() -> list[Component]:
    return [
        dcc.Store(id=ids.answered(NAME)),
        dcc.Store(id=ids.completed(NAME)),
        dcc.Store(id=ids.VISITOR, data=uuid.uuid4().hex),
        dcc.Store(id=ids.JOB),
        dcc.Store(id=ids.JOB_CANCELLED),
        dcc.Store(id=ids.COMPARISON),
        dcc.Store(id=ids.COMPARED),
        dcc.Store(id=ids.STRIPS),
        dcc.Interval(id=ids.STRIPS_TICK, interval=STRIPS_TICK_MS, disabled=True),
        dcc.Store(id=ids.PRICES),
        dcc.Interval(id=ids.PRICES_TICK, interval=STRIPS_TICK_MS, disabled=True),
        *[dcc.Store(id=ids.store(name)) for name in (*drawing.CHARTS, *drawing.STRIPS)],
        dcc.Store(id=ids.LEADERBOARD_ROWS),
        dcc.Store(id=ids.LEADERBOARD_SORT, data={"by": "extra", "descending": True}),
        dcc.Interval(id=ids.JOB_TICK, interval=TICK_MS, disabled=True),
        dcc.Download(id=ids.DOWNLOAD),
    ]
