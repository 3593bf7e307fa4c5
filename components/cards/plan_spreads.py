"""What is left of the gain when replies are slow and the send is spread over time; the schedule that comes of it."""

from collections.abc import Sequence
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from components import wording_plan as words
from components.formats import tick_texts
from components.terms import explained
from components.whiskers import Axis, axis_over, ticks, whisker
from components.wording_goals import Goal
from components.words import hue
from engine.planning.outlook import SpreadRow

LEADER_FIRST: Final = ("place-1", "place-2", "place-3", "place-rest")
BAR_TEXT: Final = 0.12
"""A smaller share has no room for its number."""


def spreads(rows: Sequence[SpreadRow], slot: int | None, goal: Goal, usual: int) -> html.Table:
    """A row a spread, on one axis; the usual one stands out."""
    ends = [end for row in rows for end in (row["low"], row["high"]) if end is not None]
    axis = axis_over(ends, goal.least_step)
    head = html.Tr(
        [
            html.Th(html.Span(words.SPREADS, className="visually-hidden"), scope="col"),
            html.Th(ticks(axis, tick_texts(axis.ticks)), scope="col", className="whisker-head"),
            html.Th(html.Span(goal.named, className="visually-hidden"), scope="col"),
        ]
    )
    body = [_row(row, slot, axis, goal, is_usual=place == usual) for place, row in enumerate(rows)]
    return html.Table([html.Thead(head), html.Tbody(body)], className="table spread-table")


def _row(row: SpreadRow, slot: int | None, axis: Axis, goal: Goal, *, is_usual: bool) -> html.Tr:
    name = html.Th(words.spread_name(row["hours"], row["batches"]), scope="row")
    kind = f"{hue(slot)}{' is-usual' if is_usual else ''}"
    extra = row["extra"]
    if extra is None:
        why = words.NO_SPREAD if row["reason"] else ""
        return html.Tr([name, html.Td(why, colSpan=2, className="hint")], className=kind)
    is_sure = extra["low"] is not None and not extra["low"] <= 0.0 <= (extra["high"] or 0.0)
    ends = None if row["low"] is None or row["high"] is None else (row["low"], row["high"])
    drawn = whisker(axis, slot, extra["mean"], ends)
    said = html.Span(goal.between(*ends), className="visually-hidden") if ends else None
    return html.Tr(
        [
            name,
            html.Td([drawn, said]),
            html.Td(goal.mean_difference(extra["mean"]), className="decided" if is_sure else "undecided"),
        ],
        className=kind if is_sure else f"{kind} is-undecided",
    )


def schedule(row: SpreadRow) -> html.Div:
    """A bar a batch, the line in the lead at the bottom."""
    batches = row["schedule"]
    bars = [
        html.Li(
            [html.Div(_parts(batch["shares"]), className="batch-bar"), html.Span(str(batch["number"]))],
            className="batch",
        )
        for batch in batches
    ]
    hidden: Any = {"aria-hidden": "true"}
    told = html.P(words.schedule_summary([batch["shares"][0] for batch in batches]), className="visually-hidden")
    return html.Div([html.Ol(bars, className="batches", **hidden), told])


def _parts(shares: Sequence[float]) -> list[Component]:
    parts: list[Component] = []
    for place, share in reversed(list(enumerate(shares))):
        kind = LEADER_FIRST[min(place, len(LEADER_FIRST) - 1)]
        text = words.whole(share) if place == 0 and share >= BAR_TEXT else None
        parts.append(html.Div(text, className=f"batch-part {kind}", style={"flexGrow": f"{share:.4f}"}))
    return parts


def schedule_records(row: SpreadRow, label: str) -> list[dict[str, Any]]:
    """The schedule as data: a row a batch, the share of the line in the lead, of the second, and so on."""
    return [
        {
            "batch": batch["number"],
            "hours_after_start": round((row["hours"] or 0.0) * (batch["number"] - 1) / max(1, len(row["schedule"])), 2),
            "sends": batch["sends"],
            **{f"line_{place}_share": round(share, 4) for place, share in enumerate(batch["shares"], 1)},
            "rule": f"{label}: even split first, then lines ordered by what is known after the batch before",
        }
        for batch in row["schedule"]
    ]


def records(rows: Sequence[SpreadRow], label: str) -> list[dict[str, Any]]:
    """The spreads as data: a row each."""
    return [
        {
            "policy": label,
            "hours": row["hours"],
            "batches": row["batches"],
            "extra_mean": row["extra"]["mean"] if row["extra"] else None,
            "extra_mean_low": row["extra"]["low"] if row["extra"] else None,
            "extra_mean_high": row["extra"]["high"] if row["extra"] else None,
            "extra_p5": row["low"],
            "extra_p95": row["high"],
            "share_kept": row["kept"],
        }
        for row in rows
    ]


def note(title: str, text: str) -> html.Div:
    """Advice in a grey box."""
    return html.Div([html.Strong(title), html.P(explained(text))], className="plan-note")
