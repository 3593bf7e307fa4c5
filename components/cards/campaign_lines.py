"""What happened in a campaign, a row a line: its rate with its interval, and how likely it is the best."""

from collections.abc import Sequence
from typing import Any

from dash import html

from components import wording_campaign as words
from components.formats import count, money, percent
from components.theme import arm_chip, arm_slot
from components.whiskers import Axis, axis_around, axis_head, line_whisker
from engine.observed import Observed


def title(found: Observed) -> str:
    """The finding."""
    leader = found["lines"][found["lead"]["first"]]
    return words.happened_title(leader["name"], leader["best"])


def campaign_lines(found: Observed, revenue: Sequence[float] | None) -> html.Div:
    """The table, best first; in a box of its own to scroll in, reachable by keyboard."""
    axis = axis_around([end for line in found["lines"] for end in (line["low"], line["high"])])
    order = sorted(range(len(found["lines"])), key=lambda line: -found["lines"][line]["rate"])
    heads = [
        words.RATE,
        words.INTERVAL,
        words.CONVERTED,
        words.RECIPIENTS,
        *([words.REVENUE] if revenue else []),
        words.BEST,
    ]
    head = html.Tr(
        [
            html.Th(words.LINE, scope="col"),
            axis_head(axis, words.RATE_AXIS, as_percent=True),
            *[html.Th(text, scope="col") for text in heads],
        ]
    )
    body = [_row(found, line, axis, revenue) for line in order]
    named: Any = {"aria-label": words.HAPPENED_DECK}
    return html.Div(
        html.Table([html.Thead(head), html.Tbody(body)], className="leaderboard campaign-lines"),
        className="leaderboard-box",
        tabIndex=0,
        role="region",
        **named,
    )


def records(found: Observed, revenue: Sequence[float] | None) -> list[dict[str, Any]]:
    """The same as data, in the file's order."""
    return [
        {
            "line": line["name"],
            "sends": line["sends"],
            "conversions": line["conversions"],
            "rate": line["rate"],
            "rate 90% low": line["low"],
            "rate 90% high": line["high"],
            "chance to be best": line["best"],
            "expected loss": line["loss"],
            **({"revenue": revenue[place]} if revenue else {}),
        }
        for place, line in enumerate(found["lines"])
    ]


def _row(found: Observed, place: int, axis: Axis, revenue: Sequence[float] | None) -> html.Tr:
    line = found["lines"][place]
    digits = 2 if axis.high - axis.low < 0.2 else 1  # noqa: PLR2004
    name = html.Div([arm_chip(place), html.Span(line["name"])], className="campaign-line")
    cells = [
        html.Td(percent(line["rate"], digits), className="column-extra"),
        html.Td(f"{percent(line['low'], 1)} to {percent(line['high'], 1)}", className="column-spread"),
        html.Td(count(line["conversions"])),
        html.Td(count(line["sends"])),
        *([html.Td(money(revenue[place], 0 if max(revenue) >= 1_000 else 2))] if revenue else []),  # noqa: PLR2004
        html.Td(words.chance(line["best"])),
    ]
    drawn = html.Td(line_whisker(axis, place, line["rate"], (line["low"], line["high"])), className="whisker-cell")
    return html.Tr([html.Th(name, scope="row"), drawn, *cells], className=f"line-hue-{arm_slot(place)}")
