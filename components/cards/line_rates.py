"""Rates of the lines as a log tells them, naive and corrected, beside the truth: a whisker each, on one axis."""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from components import wording_audit as words
from components.formats import count, percent
from components.terms import explained
from components.theme import arm_chip, arm_letter, arm_slot
from components.whiskers import Axis, axis_over
from engine.logs.checks import LineEstimate


def title(lines: Sequence[LineEstimate]) -> str:
    """What the intervals say against the truth."""
    told = [line for line in lines if line["low"] is not None]
    return words.rates_title(sum(map(covers, told)), len(told), len(lines))


def covers(line: LineEstimate) -> bool:
    """Whether the corrected interval holds the true rate."""
    low, high, truth = line["low"], line["high"], line["truth"]
    return low is not None and high is not None and truth is not None and low <= truth <= high


def line_rates(names: Sequence[str], lines: Sequence[LineEstimate], order: Sequence[int]) -> list[Component]:
    """The table, and what cannot be said."""
    axis = _axis(lines)
    rows = [_row(names[arm], arm, lines[arm], axis) for arm in order]
    heads = [html.Th(explained(name), scope="col") for name in words.RATES_HEADS]
    ticks = [
        html.Span(percent(tick, _digits(axis)), className="whisker-tick", style=axis.at(tick)) for tick in axis.ticks
    ]
    head = html.Th(
        [html.Span(words.RATES_AXIS, className="whisker-title"), html.Div(ticks, className="whisker-ticks")],
        scope="col",
        className="whisker-head",
    )
    named: Any = {"aria-label": words.RATES_AXIS}
    table = html.Table(
        [html.Thead(html.Tr([heads[0], head, *heads[1:]])), html.Tbody(rows)], className="small-table rates-table"
    )
    missing = [arm_letter(arm) for arm in order if lines[arm]["corrected"] is None]
    note = [html.P(explained(words.not_reached(missing)), className="hint")] if missing else []
    return [html.Div(table, className="small-table-box", tabIndex=0, role="region", **named), *note]


def records(names: Sequence[str], lines: Sequence[LineEstimate]) -> list[dict[str, Any]]:
    """The same as data, a row a line, for CSV."""
    return [{"line": arm_letter(arm), "subject_line": names[arm], **line} for arm, line in enumerate(lines)]


def _axis(lines: Sequence[LineEstimate]) -> Axis:
    ends = [value for line in lines for value in (line["naive_high"], line["high"], line["truth"]) if value is not None]
    return axis_over([0.0, *ends] if any(ends) else [0.0, 1.0], 0.0001)


def _digits(axis: Axis) -> int:
    step = axis.ticks[1] - axis.ticks[0] if len(axis.ticks) > 1 else 1.0
    whole, tenth = 0.01, 0.001
    return 0 if step >= whole else 1 if step >= tenth else 2


def _row(name: str, arm: int, line: LineEstimate, axis: Axis) -> html.Tr:
    numbers = [
        html.Td(count(line["sends"])),
        html.Td(percent(line["naive"]), className="is-quiet"),
        html.Td(html.Strong(percent(line["corrected"]))),
        html.Td(percent(line["truth"]), className="is-quiet"),
        html.Td(count(line["effective"])),
    ]
    heading = html.Th(
        html.Div([arm_chip(arm), html.Span(name, className="line-table-name")], className="line-table-line"),
        scope="row",
    )
    return html.Tr([heading, html.Td(_whiskers(arm, line, axis), className="whisker-cell"), *numbers])


def _whiskers(arm: int, line: LineEstimate, axis: Axis) -> html.Div:
    parts: list[Component] = [html.Span(className="whisker-grid", style=axis.at(tick)) for tick in axis.ticks]
    if line["truth"] is not None:
        parts.append(html.Span(className="rate-truth", style=axis.at(line["truth"])))
    parts += _bar(line["naive_low"], line["naive_high"], axis, "rate-naive-bar")
    if line["naive"] is not None:
        parts.append(html.Span(className="rate-naive", style=axis.at(line["naive"])))
    parts += _bar(line["low"], line["high"], axis, f"rate-bar belief-a{arm_slot(arm)}")
    if line["corrected"] is not None:
        parts.append(html.Span(arm_chip(arm), className="rate-mark", style=axis.at(line["corrected"])))
    hidden: Any = {"aria-hidden": "true"}
    return html.Div(parts, className="whisker rate-whiskers", **hidden)


def _bar(low: float | None, high: float | None, axis: Axis, name: str) -> list[Component]:
    if low is None or high is None:
        return []
    left, right = axis.place(low), axis.place(high)
    return [html.Span(className=name, style={"left": f"{left:.2f}%", "width": f"{right - left:.2f}%"})]
