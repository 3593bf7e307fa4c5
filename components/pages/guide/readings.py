"""How to read each chart, page by page."""

from itertools import groupby
from typing import Final

from dash import dcc, html
from dash.development.base_component import Component

from components import wording, wording_audit, wording_campaign, wording_compare, wording_plan, wording_stress
from components import wording_guide as words
from components.formats import prose
from components.guide.readings import READINGS, Reading
from components.terms import explained

PAGES: Final = {
    "/": wording.TIME_MACHINE,
    "/compare": wording_compare.COMPARE,
    "/stress": wording_stress.STRESS,
    "/plan": wording_plan.PLAN,
    "/campaign": wording_campaign.CAMPAIGN,
    "/audit": wording_audit.AUDIT,
}


def readings() -> list[Component]:
    """A part for each page, in the order in which its charts stand there."""
    return [_page(page, list(found)) for page, found in groupby(READINGS.values(), key=lambda one: one.page)]


def _page(page: str, found: list[Reading]) -> html.Section:
    head = html.H3(dcc.Link(PAGES[page], href=page), className="guide-subtitle")
    return html.Section([head, html.Div([_reading(one) for one in found], className="guide-items")])


def _reading(one: Reading) -> html.Article:
    return html.Article(
        [
            html.H4(one.title),
            html.P(explained(prose(one.read))),
            html.P([html.Strong(words.CAREFUL), prose(one.careful)], className="hint"),
        ],
        id=f"reading-{one.name}",
        className="guide-item",
    )
