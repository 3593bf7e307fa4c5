"""One of two scenarios side by side: the verdict, and a row a policy."""

from typing import Any

from dash import dcc, html

from components import comparison as told
from components import wording_compare as compare
from components import wording_saved as words
from components.comparison import Comparison, contender
from components.formats import count, percent
from components.terms import explained
from components.theme import policy_mark, policy_slots
from components.wording_goals import goal_of


def heading(name: str, link: str | None) -> html.Div:
    """The scenario's name and the way to all that is said of it."""
    way = [dcc.Link(words.ON_COMPARE, href=link, className="hint")] if link else []
    return html.Div([html.H2(name, className="h2"), *way], className="section-head")


def waiting(name: str, link: str | None) -> html.Section:
    """What stands there before the first campaign is in."""
    return html.Section([heading(name, link), html.P(words.NOT_STARTED, className="hint")])


def side(name: str, link: str | None, verdict: html.Div, comparison: Comparison) -> html.Section:
    """The whole side; `verdict` is what Compare says of it."""
    slots, goal = policy_slots(told.names(comparison)), goal_of(comparison)
    baseline = contender(comparison, comparison["baseline"])
    level = compare.at_level(comparison["level"])
    heads = [
        words.POLICY,
        goal.named,
        f"{words.EXTRA.format(baseline=baseline.short)} ({level})",
        words.PICKS,
        words.REGRET,
    ]
    rows = [_row(comparison, place, slots[place]) for place in told.ranking(comparison)]
    table = html.Table(
        [html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])), html.Tbody(rows)], className="table-plain"
    )
    named: Any = {"aria-label": f"{name}: {words.A_CAMPAIGN}"}
    note = f"{words.A_CAMPAIGN}, of {count(comparison['replications'])}."
    box = html.Div(table, className="table-box", tabIndex=0, role="region", **named)
    return html.Section([heading(name, link), verdict, html.P(explained(note), className="deck"), box])


def _row(comparison: Comparison, place: int, slot: int | None) -> html.Tr:
    policy, goal = comparison["policies"][place], goal_of(comparison)
    name = html.Th([policy_mark(slot), " ", policy["label"]], scope="row")
    cells = [goal.mean(policy["total_mean"]), _extra(comparison, place), percent(policy["picks_best"]["mean"])]
    return html.Tr([name, *[html.Td(cell) for cell in cells], html.Td(goal.mean(policy["regret"]["mean"]))])


def _extra(comparison: Comparison, place: int) -> str:
    if place == comparison["baseline"]:
        return ""
    goal, extra = goal_of(comparison), told.average(comparison, place)
    bounds = "" if extra.low is None or extra.high is None else f" ({goal.mean_between(extra.low, extra.high)})"
    return f"{goal.mean_difference(extra.mean)}{bounds}"
