"""Whiskers drawn in the rows of a table, all on one axis that stands in the heading."""

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from dash import html
from dash.development.base_component import Component

from components.formats import percent, tick_texts
from components.theme import arm_chip, policy_mark

LIKED_TICKS: Final = (1, 2, 2.5, 5, 10)
MOST_TICKS: Final = 5
AIR: Final = 0.06
TELLS: Final = 1e-6
"""Two numbers of per cent that differ by less are written alike."""
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


def axis_over(ends: Sequence[float], least_step: float = 1.0, *, from_zero: bool = True) -> Axis:
    """An axis with every end on it, and zero unless told not to, and at most five round ticks."""
    zero = [0.0] if from_zero else []
    low, high = min([*zero, *ends]), max([*zero, *ends])
    span = (high - low) or (1.0 if from_zero else abs(high) / 10 or 1.0)
    power = 10.0 ** math.floor(math.log10(span / MOST_TICKS))
    step = max(least_step, next(power * liked for liked in LIKED_TICKS if span / (power * liked) <= MOST_TICKS))
    low, high = low - AIR * span, high + AIR * span
    ticks = [step * number for number in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return Axis(low, high, ticks)


def axis_around(ends: Sequence[float]) -> Axis:
    """An axis of shares just around their ends, and at most five round ticks.

    >>> axis = axis_around([0.105, 0.187])
    >>> [round(tick, 3) for tick in axis.ticks]
    [0.12, 0.14, 0.16, 0.18]
    """
    axis = axis_over(ends, 0.0, from_zero=False)
    low, high = max(0.0, axis.low), min(1.0, axis.high)
    return Axis(low, high, [tick for tick in axis.ticks if low <= tick <= high])


def ticks(axis: Axis, texts: Sequence[str]) -> html.Div:
    """The texts of an axis where its ticks are."""
    spans = [
        html.Span(text, className="whisker-tick", style=axis.at(tick))
        for tick, text in zip(axis.ticks, texts, strict=True)
    ]
    return html.Div(spans, className="whisker-ticks")


def axis_head(axis: Axis, title: str, *, as_percent: bool = False) -> html.Th:
    """The heading of the column: what is measured, and the ticks."""
    texts = percent_texts(axis.ticks) if as_percent else tick_texts(axis.ticks)
    return html.Th(
        [html.Span(title, className="whisker-title"), ticks(axis, texts)],
        scope="col",
        className="whisker-head",
    )


def percent_texts(places: Sequence[float]) -> list[str]:
    """Ticks as percentages, with as many decimals as tell them apart."""
    digits = next((n for n in range(4) if all(abs(round(100 * tick, n) - 100 * tick) < TELLS for tick in places)), 4)
    return [percent(tick, digits) for tick in places]


def line_whisker(axis: Axis, line: int, mean: float, ends: tuple[float, float]) -> html.Div:
    """A line's letter at its rate with its whisker, on an axis that need not hold zero; the row gives the hue."""
    grid = [html.Span(className="whisker-grid", style=axis.at(tick)) for tick in axis.ticks]
    parts: list[Component] = [*grid, _bar(axis, ends)]
    parts.append(html.Span(arm_chip(line), className="whisker-mark", style=axis.at(mean)))
    hidden: Any = {"aria-hidden": "true"}
    return html.Div(parts, className="whisker", **hidden)


def _bar(axis: Axis, ends: tuple[float, float]) -> html.Span:
    low, high = (axis.place(end) for end in ends)
    style = {"left": f"{low:.2f}%", "width": f"{high - low:.2f}%"}
    return html.Span(className="whisker-bar" if high - low >= _NARROW else "whisker-bar is-narrow", style=style)


def whisker(axis: Axis, slot: int | None, mean: float, ends: tuple[float, float] | None, note: str = "") -> html.Div:
    """A policy's mark at a mean, with its whisker if there is one, and words beside it; the row gives the hue."""
    parts: list[Component] = [*_grid(axis), html.Span(className="whisker-zero", style=axis.at(0.0))]
    parts += [] if ends is None else [_bar(axis, ends)]
    parts.append(html.Span(policy_mark(slot), className="whisker-mark", style=axis.at(mean)))
    if note:
        parts.append(html.Span(note, className="whisker-note", style=axis.at(mean)))
    hidden: Any = {"aria-hidden": "true"}
    return html.Div(parts, className="whisker", **hidden)


def dot_whisker(axis: Axis, mean: float | None, ends: tuple[float, float] | None, reference: float | None) -> html.Div:
    """A plain dot at a mean, with its whisker, and a dotted line at what it should be; each only where it is known."""
    parts: list[Component] = _grid(axis)
    parts += [] if reference is None else [html.Span(className="whisker-reference", style=axis.at(reference))]
    parts += [] if ends is None else [_bar(axis, ends)]
    parts += [] if mean is None else [html.Span(className="whisker-dot", style=axis.at(mean))]
    hidden: Any = {"aria-hidden": "true"}
    return html.Div(parts, className="whisker", **hidden)


def _grid(axis: Axis) -> list[Component]:
    return [html.Span(className="whisker-grid", style=axis.at(tick)) for tick in axis.ticks if tick]
