"""What stands where in the guide. It is the same for all who write numbers alike, so it is put together once for them."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple

from dash import dcc, html
from dash.development.base_component import Component

from components import conventions, ids
from components import wording_guide as words
from components.guide.practice import GUIDANCE, LIMITS
from components.pages.guide import checklist, items, lists, policies, readings
from components.shell import page_style
from components.terms import explained

STYLE: Final = "pages/guide.css"
SCRIPT: Final = "pages/guide.js"
"""Either is loaded with this page alone, so that the first page stays light."""
_MOST_KEPT: Final = 8
"""Ways to write numbers: more than are common."""


class Section(NamedTuple):
    """A section: the id that links lead to, its heading, a sentence below it, and what it holds."""

    slug: str
    title: str
    lead: str
    content: list[Component]


def layout(**_query: Any) -> Component:
    """Lay out the page; its address asks for nothing but a place on it."""
    return _page(conventions.now().mark)


@lru_cache(maxsize=_MOST_KEPT)
def _page(_written: str) -> html.Div:
    sections = list(_sections())
    told: Any = {"data-script": f"/assets/{SCRIPT}", "data-counted": words.COUNTED}
    return html.Div(
        [
            page_style(STYLE),
            html.Main(
                [
                    html.Header(
                        [html.H1(words.TITLE, className="verdict"), html.P(words.LEAD, className="lead")],
                        className="guide-head",
                    ),
                    html.Div(
                        [_contents(sections), html.Div([_section(one) for one in sections], className="guide-text")],
                        className="guide-columns",
                    ),
                ],
                id="main",
                className="page page-guide",
                tabIndex=-1,
            ),
            dcc.Store(id=ids.GUIDE_READY),
            dcc.Download(id=ids.GUIDE_DOWNLOAD),
        ],
        id=ids.GUIDE,
        **told,
    )


def _sections() -> Iterator[Section]:
    yield Section("ideas", words.IDEAS, words.IDEAS_LEAD, lists.ideas())
    yield Section("policies", words.POLICIES, words.POLICIES_LEAD, policies.policies())
    yield Section("worlds", words.WORLDS, words.WORLDS_LEAD, policies.families())
    yield Section("ab-or-bandit", words.GOVERNANCE, words.GOVERNANCE_LEAD, lists.governance())
    yield Section("charts", words.READINGS, words.READINGS_LEAD, readings.readings())
    yield Section("practice", words.PRACTICE, words.PRACTICE_LEAD, [items.numbered(GUIDANCE)])
    yield Section("checklist", words.CHECKLIST, words.CHECKLIST_LEAD, checklist.checklist())
    yield Section("faq", words.FAQ, words.FAQ_LEAD, lists.questions())
    yield Section("production", words.PRODUCTION, words.PRODUCTION_LEAD, lists.production())
    yield Section("limits", words.LIMITS, words.LIMITS_LEAD, [items.plain(LIMITS)])
    yield Section("glossary", words.GLOSSARY, words.GLOSSARY_LEAD, [lists.glossary()])
    yield Section("references", words.REFERENCES, words.REFERENCES_LEAD, [lists.references()])


def _contents(sections: list[Section]) -> html.Nav:
    named: Any = {"aria-labelledby": "guide-contents"}
    links = [html.Li(html.A(one.title, href=f"#{one.slug}")) for one in sections]
    return html.Nav(
        [html.H2(words.CONTENTS, id="guide-contents", className="guide-contents-title"), html.Ol(links)],
        className="guide-contents",
        **named,
    )


def _section(one: Section) -> html.Section:
    named: Any = {"aria-labelledby": f"{one.slug}-title"}
    head = [
        html.H2(one.title, id=f"{one.slug}-title", className="guide-title"),
        html.P(explained(one.lead), className="guide-lead"),
    ]
    return html.Section([*head, *one.content], id=one.slug, className="guide-section", **named)
