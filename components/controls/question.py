"""What a page has around its answer: the panel, the bar that stands in for it on small screens, notices and stores."""

from typing import Any, NamedTuple

from dash import dcc, html
from dash.development.base_component import Component

from components import ids, wording
from components.address import visit
from components.controls.draft import draft_of, shown_policies
from components.controls.editing import Rules, addressed, first_draft, pace_notice, summary
from components.controls.panel import panel
from components.notices import notice, working
from components.press import pressing
from components.shell import page_with_panel
from engine import Scenario


class Question(NamedTuple):
    """The scenario that a page opens with, and what is to be told about the address that it came from."""

    scenario: Scenario
    notice: Component | None


def question(query: dict[str, Any], rules: Rules) -> Question:
    """The question in an address, as far as the page can show it."""
    found = visit(query, rules.opening)
    scenario = shown_policies(found.scenario, rules.most_policies)
    if found.problem:
        return Question(scenario, notice(wording.bad_link(found.problem), "warn"))
    if len(found.scenario.policies) > len(scenario.policies):
        cut = wording.too_many_policies(len(found.scenario.policies), rules.most_policies)
        return Question(scenario, notice(cut, "warn"))
    return Question(scenario, addressed(scenario, rules).notice)


def question_page(
    asked: Question,
    rules: Rules,
    answer: list[Component],
    bar: Component | None = None,
    style: html.Link | None = None,
) -> html.Div:
    """Lay out a page: its question at the left, what it answers at the right.

    Args:
        asked: The scenario, and what is wrong with the address.
        rules: What the panel lets one change.
        answer: What stands at the right.
        bar: Stands in for the summary.
        style: A style that only this page has.
    """
    scenario = asked.scenario
    view = rules.view(draft_of(scenario))
    page = page_with_panel(
        [
            *([] if bar is None else [bar]),
            html.Div(summary(scenario, rules), id=ids.SUMMARY, className="summary-words"),
        ],
        [html.Div(panel(view), id=ids.PANEL_BODY, className="panel-body"), _run(scenario, rules)],
        [_notices(asked.notice, pace_notice(scenario)), *answer],
        is_drawer=rules.has_campaigns,
    )
    return html.Div([*([] if style is None else [style]), page, *_stores(scenario, rules)])


def _notices(of_address: Component | None, of_pace: Component | None) -> html.Div:
    polite: Any = {"aria-live": "polite"}
    away = notice(wording.SERVICE_AWAY, "away", pressing("retry"))
    return html.Div(
        [
            html.Div(away, id=ids.AWAY_NOTICE, className="when-away"),
            html.Div(of_address, id=ids.ADDRESS_NOTICE),
            html.Div(of_pace, id=ids.PACE_NOTICE),
            html.Div(id=ids.NOTICE),
        ],
        className="notices",
        **polite,
    )


def _run(scenario: Scenario, rules: Rules) -> html.Div:
    polite: Any = {"aria-live": "polite"}
    return html.Div(
        [
            html.Button(
                rules.run_words(scenario),
                id=ids.RUN,
                type="button",
                className="btn btn-primary btn-wide",
                **pressing("run"),
            ),
            html.Div(working(), id=ids.STATUS, className="run-status", **polite),
            html.Div(wording.SERVICE_AWAY.title, className="notice notice-bad when-away"),
        ],
        className="panel-run",
    )


def _stores(scenario: Scenario, rules: Rules) -> list[Component]:
    return [
        dcc.Store(id=ids.EDITS),
        dcc.Store(id=ids.DRAFT, data=first_draft(scenario, rules)),
        dcc.Store(id=ids.ASKED, data={"scenario": draft_of(scenario), "pressed": False, "n": 0}),
        dcc.Store(id=ids.ADDRESS, data=addressed(scenario, rules).query),
    ]
