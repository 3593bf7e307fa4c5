"""What stands where beside two saved scenarios; what came of them arrives by callbacks."""

import uuid
from typing import Any, Final

from dash import dcc, html
from dash.development.base_component import Component

from components import ids
from components import wording_saved as words
from components.address import Visit, visit
from components.controls.draft import shown_policies
from components.notices import notice
from components.press import opener
from components.shell import page_style
from components.terms import explained
from engine import Scenario
from engine.scenario import MOST_POLICIES

SIDES: Final = ("a", "b")
STYLE: Final = "pages/visit.css"
TICK_MS: Final = 500
LONGEST_NAME: Final = 80


def layout(**query: Any) -> Component:
    """Lay out the page for the two scenarios in its address: `a` and `b`, or `ac` and `bc` for places on the shelf."""
    found = [_found(query, side) for side in SIDES]
    names = [_name(query, side) for side in SIDES]
    if None in found:
        return _page([html.P(explained(words.CHOOSE), className="lead"), html.P(opener(words.CHOOSE_BUTTON, "saved"))])
    visits = [one for one in found if one is not None]
    problems = [
        notice(words.side_problem(name, one.problem), "warn")
        for name, one in zip(names, visits, strict=True)
        if one.problem
    ]
    if problems:
        return _page([html.Div(problems, className="notices"), html.P(opener(words.CHOOSE_BUTTON, "saved"))])
    scenarios = [shown_policies(one.scenario, MOST_POLICIES) for one in visits]
    return _page([_differences(scenarios, names), *_answer(scenarios, names)])


def other_part() -> Component:
    """What is there only with two scenarios."""
    return html.Div(_answer([], []))


def _found(query: dict[str, Any], side: str) -> Visit | None:
    if side in query:
        return visit({"s": query[side]})
    return visit({"c": query[f"{side}c"]}) if f"{side}c" in query else None


def _name(query: dict[str, Any], side: str) -> str:
    return str(query.get(f"{side}n", ""))[:LONGEST_NAME].strip() or words.NAMES[side]


def _page(content: list[Component]) -> html.Main:
    title = html.H1(words.SIDE_BY_SIDE, className="verdict")
    return html.Main([page_style(STYLE), title, *content], id="main", className="page page-saved", tabIndex=-1)


def _differences(scenarios: list[Scenario], names: list[str]) -> html.Section:
    found = words.differences(*scenarios)
    head = html.Thead(html.Tr([html.Td(), *[html.Th(name, scope="col") for name in names]]))
    rows = [html.Tr([html.Th(one.what, scope="row"), html.Td(one.first), html.Td(one.second)]) for one in found]
    content = html.Table([head, html.Tbody(rows)], className="table-plain") if found else html.P(words.NOTHING_DIFFERS)
    named: Any = {"aria-label": words.DIFFERS}
    box = html.Div(content, className="table-box", tabIndex=0, role="region", **named)
    return html.Section([html.H2(words.DIFFERS, className="h2"), box], className="section")


def _answer(scenarios: list[Scenario], names: list[str]) -> list[Component]:
    polite: Any = {"aria-live": "polite"}
    jobs: Any = {"data-jobs": ids.SAVED_JOB}
    run = html.Button(words.RUN, id=ids.SAVED_RUN, type="button", className="btn btn-primary", hidden=True)
    pair = {
        side: {"scenario": scenario.to_dict(), "name": name}
        for side, scenario, name in zip(SIDES, scenarios, names, strict=False)
    }
    return [
        html.Section(
            [html.Div(id=ids.SAVED_NOTICE, **polite), html.Div(id=ids.SAVED_PROGRESS, **jobs), run],
            className="section saved-work",
        ),
        html.Section(html.Div(id=ids.SAVED_SIDES, className="columns-2 saved-sides"), className="section"),
        dcc.Store(id=ids.SAVED_PAIR, data=pair),
        dcc.Store(id=ids.VISITOR, data=uuid.uuid4().hex),
        dcc.Store(id=ids.SAVED_JOB),
        dcc.Store(id=ids.SAVED_JOB_CANCELLED),
        dcc.Interval(id=ids.SAVED_JOB_TICK, interval=TICK_MS, disabled=True),
    ]
