"""Sections that are lists: ideas, when to test, questions, how to run it, the glossary, the references."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from components import wording_guide as words
from components.formats import prose
from components.guide import glossary as terms
from components.guide import references as sources
from components.guide.backing import Backing, Item, Seen
from components.guide.demonstrations import DEMONSTRATIONS
from components.guide.faq import FAQ, Question
from components.guide.governance import REPORTING, USE_A_BANDIT, USE_A_TEST
from components.guide.ideas import IDEAS, Idea
from components.guide.practice import LOOP, PRODUCTION
from components.pages.guide import items
from components.shell import icon
from components.terms import explained


def ideas() -> list[Component]:
    """The theory, and what it means for a campaign."""
    return [html.Div([_idea(one) for one in IDEAS], className="guide-items guide-ideas")]


def _idea(one: Idea) -> html.Article:
    return html.Article(
        [
            html.H3(one.idea.title),
            html.P(explained(prose(one.idea.text))),
            html.P([html.Strong(words.MEANS), prose(one.means)], className="guide-means"),
            items.backing(one.idea),
        ],
        id=f"idea-{one.slug}",
        className="guide-item",
    )


def governance() -> list[Component]:
    """When to use which, and how to report."""
    sides = [(words.USE_A_TEST, USE_A_TEST), (words.USE_A_BANDIT, USE_A_BANDIT)]
    columns = [
        html.Div([html.H3(title, className="guide-subtitle"), items.plain(found)], className="guide-side")
        for title, found in sides
    ]
    return [
        html.Div(columns, className="guide-sides"),
        html.H3(words.REPORTING, id="report-uplift", className="guide-subtitle"),
        items.numbered(REPORTING),
    ]


def questions() -> list[Component]:
    """What stakeholders ask."""
    return [html.Div([_question(one) for one in FAQ], className="guide-questions")]


def _question(one: Question) -> html.Article:
    shown, *others = one.answer.backed_by
    return html.Article(
        [html.H3(prose(one.asked)), html.P(explained(prose(one.answer.text))), *_watched(shown, others)],
        id=f"faq-{one.slug}",
        className="guide-item",
    )


def _watched(shown: Backing, others: Sequence[Backing]) -> list[Component]:
    """The demonstration that comes first, what to look at in it, and what else there is."""
    if not isinstance(shown, Seen):
        raise TypeError(f"guide: got {shown!r}; the first thing that backs an answer must be a demonstration.")
    one = DEMONSTRATIONS[shown.demonstration]
    link = dcc.Link([icon("play"), prose(one.title)], href=one.address, className="btn btn-secondary guide-watch")
    return [link, html.P([prose(f"{words.LOOK}{one.look}. "), *items.backings(others)], className="hint guide-backing")]


def production() -> list[Component]:
    """The loop, and what is around it."""
    steps = html.Ol([html.Li(_step(step), className="loop-step") for step in LOOP], className="loop")
    return [
        items.plain(PRODUCTION),
        html.H3(words.LOOP, id="decision-loop", className="guide-subtitle"),
        html.P(words.LOOP_LEAD, className="deck"),
        steps,
    ]


def _step(step: Item) -> list[Component]:
    return [html.Strong(step.title), html.P(explained(prose(step.text))), items.backing(step)]


def glossary() -> html.Dl:
    """Every term with its definition."""
    rows = [
        html.Div(
            [html.Dt(one.name), html.Dd(prose(f"{one.short} {one.more}"))], id=terms.anchor(one), className="guide-term"
        )
        for one in terms.TERMS.values()
    ]
    return html.Dl(rows, className="guide-glossary")


def references() -> html.Ul:
    """Every source with all that is needed to find it."""
    rows = [
        html.Li(
            [f"{one.authors} ({one.year}). ", html.Cite(one.title), prose(f". {one.where}. "), html.Span(one.found)],
            id=sources.anchor(one),
        )
        for one in sources.REFERENCES.values()
    ]
    return html.Ul(rows, className="guide-references")
