"""Whiskers drawn in the rows of a table, all on one axis that stands in the heading."""

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from dash import html
from dash.development.base_component import Component

from components.formats import tick_texts
from components.theme import policy_mark

LIKED_TICKS: Final = (1, 2, 2.5, 5, 10)
MOST_TICKS: Final = 5
AIR: Final = 0.06
_NARROW: Final = 9
"""Per cent of the axis; a shorter whisker hides its ends behind the mark."""


class Axis(NamedTuple):
    """The axis that all whiskers share, in what is more or less."""

    low: float
    high: float
    ticks: list[float]

    def place(self, value: float) -> float:
        """Where a value stands, in per cent of the width."""
        return 100 * (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)

    def at(self, value: float) -> dict[str, str]:
        """The same as a style."""
        return {"left": f"{self.place(value):.2f}%"}


def axis_over(ends: Sequence[float], least_step: float = 1.0) -> Axis:
    """An axis with zero and every end on it, and at most five round ticks."""
    low, high = min(0.0, *ends), max(0.0, *ends)
    span = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(span / MOST_TICKS))
    step = max(least_step, next(power * liked for liked in LIKED_TICKS if span / (power * liked) <= MOST_TICKS))
    low, high = low - AIR * span, high + AIR * span
    ticks = [step * number for number in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return Axis(low, high, ticks)


def axis_head(axis: Axis, title: str) -> html.Th:
    """The heading of the column: what is measured, and the ticks."""
    ticks = [
        html.Span(text, className="whisker-tick", style=axis.at(tick))
        for tick, text in zip(axis.ticks, tick_texts(axis.ticks), strict=True)
    ]
    return html.Th(
        [html.Span(title, className="whisker-title"), html.Div(ticks, className="whisker-ticks")],
        scope="col",
        className="whisker-head",
    )


def whisker(axis: Axis, slot: int | None, mean: float, ends: tuple[float, float] | None, note: str = "") -> html.Div:
    """A policy's mark at a mean, with its whisker if there is one, and words beside it; the row gives the hue."""
    grid = [html.Span(className="whisker-grid", style=axis.at(tick)) for tick in axis.ticks if tick]
    parts: list[Component] = [*grid, html.Span(className="whisker-zero", style=axis.at(0.0))]
    if ends is not None:
        low, high = (axis.place(end) for end in ends)
        style = {"left": f"{low:.2f}%", "width": f"{high - low:.2f}%"}
        name = "whisker-bar" if high - low >= _NARROW else "whisker-bar is-narrow"
        parts.append(html.Span(className=name, style=style))
    parts.append(html.Span(policy_mark(slot), className="whisker-mark", style=axis.at(mean)))
    if note:
        parts.append(html.Span(note, className="whisker-note", style=axis.at(mean)))
    hidden: Any = {"aria-hidden": "true"}
    return html.Div(parts, className="whisker", **hidden)
