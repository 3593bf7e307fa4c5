"""What stands where on the stress test; content arrives by callbacks."""

import uuid
from typing import Any, Final

from dash import dcc, html
from dash.development.base_component import Component

from components import ids, wording
from components import wording_stress as words
from components.cards import stress_table
from components.charts import best_share
from components.charts.figure import graph
from components.controls.draft import USUAL
from components.controls.editing import Rules
from components.controls.question import Question, question, question_page
from components.notices import notice, skeleton
from components.pages.stress import choice
from components.pages.stress.work import EVERY, table
from components.report import door
from components.shell import icon
from engine import POLICIES, Scenario
from engine.presets import PRESETS
from engine.scenario import MOST_POLICIES
from engine.stress import contestants_of

NAME: Final = "stress"
CAMPAIGNS: Final = 300
TICK_MS: Final = 400
MENU_TICK_MS: Final = 700
ALONG: Final = "along"
STORES: Final = {"job": ids.STRESS_JOB, "cell": ids.STRESS_CELL}
"""What a report is made from."""
CONTESTANTS: Final = (*USUAL[:2], "segment_thompson", "discounted_thompson", *USUAL[2:5])
"""What it starts with: usual policies, one that tells recipients apart, and one that forgets."""


def _opening() -> Scenario:
    contestants = [{"name": name} for name in CONTESTANTS if name in POLICIES]
    return PRESETS["classic"].scenario.with_changes(policies=contestants, replications=CAMPAIGNS)


def _summary(scenario: Scenario) -> tuple[str, str]:
    name, _ = wording.summary_of(scenario)
    asked = contestants_of(scenario)
    is_open = any(arm.rate is None for arm in scenario.arms)
    even = asked.policies[asked.baseline].name == "ab_split"
    return name, words.summary(
        len(scenario.arms),
        scenario.sends,
        words.seeds(getattr(scenario.world, "world_seed", None) if is_open else None, scenario.seed),
        words.contestants(len(asked.policies) - even, has_even_split=even),
        scenario.replications,
    )


RULES: Final = Rules(
    NAME,
    most_policies=MOST_POLICIES,
    run_words=lambda scenario: words.run_button(scenario.replications, len(EVERY)),
    summary=_summary,
    between=" / ",
    opening=_opening(),
    has_campaigns=True,
)


def layout(**query: Any) -> Component:
    """Lay out the page for the scenario and the choice in its address."""
    asked = question(query, RULES)
    chosen = choice.from_address(query, asked.scenario)
    if chosen.unknown and asked.notice is None:
        asked = Question(asked.scenario, notice(words.bad_choice(chosen.unknown), "warn"))
    return question_page(asked, RULES, [*_answer(asked.scenario, chosen), *_stores(asked.scenario, chosen)])


def _answer(scenario: Scenario, chosen: choice.Choice) -> list[Component]:
    polite: Any = {"aria-live": "polite"}
    follows: Any = {"data-jobs": ids.STRESS_JOB}
    return [
        html.Div(
            [
                html.Div([html.Div(skeleton(words.WAITING), id=ids.STRESS_HERO, **polite), door.place(NAME, STORES)]),
                html.Div(id=ids.STRESS_PROGRESS, className="progress-place", **follows),
            ],
            className="hero hero-compare",
        ),
        html.Div(
            [
                html.Div([html.Div([_table(scenario, chosen), _along()]), _menu()], className="columns-stress section"),
                _foot(),
            ],
            id=ids.STRESS_BODY,
        ),
    ]


def _table(scenario: Scenario, chosen: choice.Choice) -> html.Section:
    """Headings and names stand there before the first figures."""
    empty = stress_table.stress_table(table(scenario, chosen.stresses, chosen.rows, {}), None)
    named: Any = {"aria-label": words.TABLE}
    box = html.Div(empty, id=ids.STRESS_TABLE, className="heat-box", tabIndex=0, role="region", **named)
    return _section(
        "table",
        [
            box,
            stress_table.legend(),
            html.Div(id=ids.STRESS_NOTES, className="heat-notes"),
            html.Details(
                [html.Summary(html.Span(words.CHOOSE)), html.Div(id=ids.STRESS_TICKS)], className="choose-shown"
            ),
        ],
        [csv_button("table")],
    )


def _along() -> html.Section:
    link = html.Span(id=ids.ALONG_LINK)
    chart = graph(ids.graph(ALONG), best_share.HEIGHT, words.CHART)
    return _section(ALONG, [chart], [link, csv_button(ALONG)])


def _menu() -> html.Aside:
    polite: Any = {"aria-live": "polite"}
    named: Any = {"aria-label": words.MENU}
    return html.Aside(
        [
            html.Div(
                [
                    html.Div(id=ids.heading(ids.MENU), className="section-words"),
                    html.Div(csv_button("menu"), className="section-actions"),
                ],
                className="section-head",
            ),
            html.P(id=ids.MENU_PROGRESS, className="hint", **polite),
            html.Div(id=ids.MENU_BODY),
            html.Div(id=ids.MENU_TOGETHER, **polite),
        ],
        className="section-menu",
        **named,
    )


def _foot() -> html.Footer:
    return html.Footer(
        [
            html.Span(words.SAME_RECIPIENTS),
            html.Span(id=ids.STRESS_PRINT),
            html.Details([html.Summary(words.DEFINED), html.Div(id=ids.STRESS_DEFINED)], className="defined"),
        ],
        className="page-foot",
    )


def _section(of: str, content: list[Component], actions: list[Component]) -> html.Section:
    head = html.Div(
        [html.Div(id=ids.heading(of), className="section-words"), html.Div(actions, className="section-actions")],
        className="section-head",
    )
    return html.Section([head, *content], className=f"section section-{of}")


def csv_button(of: str) -> html.Button:
    """The button that downloads what is shown as a file."""
    return html.Button(
        [icon("download"), wording.DOWNLOAD_CSV],
        id=ids.stress_csv(of),
        type="button",
        className="btn btn-quiet btn-small",
        title=words.CSV_OF[of],
    )


def _stores(scenario: Scenario, chosen: choice.Choice) -> list[Component]:
    return [
        dcc.Store(id=ids.answered(NAME)),
        dcc.Store(id=ids.completed(NAME)),
        dcc.Store(id=ids.VISITOR, data=uuid.uuid4().hex),
        dcc.Store(id=ids.STRESS_CHOICE, data=choice.store(chosen, scenario)),
        dcc.Store(id=ids.STRESS_SHOWN),
        dcc.Store(id=ids.STRESS_CELL),
        dcc.Store(id=ids.STRESS_JOB),
        dcc.Store(id=ids.STRESS_JOB_CANCELLED),
        dcc.Interval(id=ids.STRESS_JOB_TICK, interval=TICK_MS, disabled=True),
        dcc.Store(id=ids.STRESSED),
        dcc.Store(id=ids.store(ALONG)),
        dcc.Store(id=ids.MENU),
        dcc.Store(id=ids.MENU_TICKED),
        dcc.Interval(id=ids.MENU_TICK, interval=MENU_TICK_MS, disabled=True),
        dcc.Download(id=ids.DOWNLOAD),
    ]
