"""How lucky the shown run was: one dot for each 1% of the repeat campaigns, and this run among them."""

from typing import Any, NamedTuple

from components import wording
from components.charts.dots import DOT, signed_ticks, stacked
from components.charts.figure import FONT, Figure, annotation, base_layout, plain
from components.charts.marks import policy_hue
from components.formats import signed
from components.race import Luck, contender, gain_of, slots
from components.theme import token
from components.wording_goals import Goal, goal_of

HEIGHT = 194
_TOP, _BOTTOM = 30, 46
_PLOT = HEIGHT - _TOP - _BOTTOM
_WIDTH = 400.0
"""The card's width on a desktop, in pixels; dots are sized for it and touch a little on narrow phones."""
_COLUMN_CHOICES = (40, 52, 68, 88)
_LABEL_LEFT_FROM, _LABEL_EDGE = 0.3, 0.98
"""Past this part of the axis the run's label stands left of its leader; past the second it is at the edge."""
_USED = 0.8
"""The part of the axis that the campaigns span; the rest is air."""


class Dots(NamedTuple):
    """Where each dot goes: x in extra conversions, y in rows from the axis, one entry a dot."""

    x: list[float]
    y: list[int]
    column: float
    columns: int
    rows: int


def figure(luck: Luck, policy: int) -> Figure:
    """Stacked dots of the policy's extra conversions over the baseline; empty without percentiles."""
    entry = luck["policies"][policy]
    if not entry["extra_percentiles"]:
        return _empty()
    slot = slots(luck)[policy]
    dots = arrange([*entry["extra_percentiles"], entry["shown_extra"]])
    axis = _span(dots, entry)
    return {
        "data": [_campaigns(entry, dots, slot, goal_of(luck)), _run(entry, dots, goal_of(luck))],
        "layout": _layout(luck, entry, dots, axis),
    }


def summary(luck: Luck, policy: int) -> str:
    """What the dots say."""
    entry = luck["policies"][policy]
    named, baseline = contender(luck, policy), contender(luck, luck["baseline"])
    return wording.luck_summary(
        named, baseline, gain_of(luck, policy), entry["shown_extra"], entry["shown_rank"], goal_of(luck)
    )


def arrange(values: list[float]) -> Dots:
    """Stack a dot a value in columns; the last value is the shown run and lies on top of its stack.

    Narrower columns are tried while the tallest stack does not fit.
    """
    choices = [_stack(values, columns) for columns in _COLUMN_CHOICES]
    return next((dots for dots in choices if dots.rows <= _room(dots.columns)), choices[-1])


def _room(columns: int) -> int:
    """Rows that fit above the axis without overlap."""
    return int(_PLOT * columns / _WIDTH)


def _stack(values: list[float], columns: int) -> Dots:
    low, high = min(values), max(values)
    column = (high - low) / (columns * _USED) or max(1.0, abs(low) / 50) / columns
    x, y = stacked(values, column, columns, _room(columns))
    return Dots(x, y, column, columns, max(y) + 1)


def _span(dots: Dots, entry: dict[str, Any]) -> tuple[float, float]:
    """The axis: as many columns as planned, around everything that is drawn."""
    low, high = min(*dots.x, entry["extra_low"]), max(*dots.x, entry["extra_high"])
    air = max(dots.column * dots.columns - (high - low), dots.column * 4) / 2
    return low - air, high + air


def _size(dots: Dots) -> float:
    return round(DOT * _WIDTH / dots.columns, 1)


def _campaigns(entry: dict[str, Any], dots: Dots, slot: int | None, goal: Goal) -> Figure:
    values = entry["extra_percentiles"]
    solid, pale = policy_hue(slot), policy_hue(slot, opacity=0.4)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": dots.x[:-1],
        "y": dots.y[:-1],
        "marker": {
            "size": _size(dots),
            "color": [solid if entry["extra_low"] <= value <= entry["extra_high"] else pale for value in values],
            "line": {"width": 0},
        },
        "customdata": [goal.difference(value) for value in values],
        "hovertemplate": "1% of campaigns: about %{customdata}<extra></extra>",
        "cliponaxis": False,
    }


def _run(entry: dict[str, Any], dots: Dots, goal: Goal) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [dots.x[-1]],
        "y": [dots.y[-1]],
        "marker": {"size": _size(dots), "color": token("bs-body-color"), "line": {"width": 0}},
        "hovertemplate": wording.luck_run(entry["shown_extra"], goal) + "<extra></extra>",
        "cliponaxis": False,
    }


def _layout(luck: Luck, entry: dict[str, Any], dots: Dots, axis: tuple[float, float]) -> Figure:
    rows = max(_room(dots.columns), dots.rows)
    return base_layout(
        margin={"l": 0, "r": 0, "t": _TOP, "b": _BOTTOM},
        hovermode="closest",
        xaxis={
            "range": list(axis),
            "tickvals": (ticks := signed_ticks(*axis)),
            "ticktext": [signed(tick) for tick in ticks],
            "ticklabelstandoff": 3,
        },
        yaxis={"range": [-0.85, rows], "visible": False, "showgrid": False},
        shapes=[*_zero(axis), _thick(entry), _leader(dots, rows)],
        annotations=[_run_label(entry, dots, axis, goal_of(luck)), *_captions(luck)],
    )


def _zero(axis: tuple[float, float]) -> list[Figure]:
    if not axis[0] < 0 < axis[1]:
        return []
    line = {"color": token("bs-body-color"), "width": 1, "dash": "2px 3px"}
    return [{"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1, "line": line, "layer": "below"}]


def _thick(entry: dict[str, Any]) -> Figure:
    """The baseline between the 5th and the 95th percentile of the campaigns."""
    line = {"color": token("bs-body-color"), "width": 3}
    return {
        "type": "line",
        "x0": entry["extra_low"],
        "x1": entry["extra_high"],
        "yref": "paper",
        "y0": 0,
        "y1": 0,
        "line": line,
    }


def _leader(dots: Dots, rows: int) -> Figure:
    line = {"color": token("bs-body-color"), "width": 1.5}
    x = dots.x[-1]
    return {
        "type": "line",
        "x0": x,
        "x1": x,
        "y0": dots.y[-1] + 0.6,
        "y1": max(rows + 0.4, dots.y[-1] + 1.2),
        "line": line,
    }


def _run_label(entry: dict[str, Any], dots: Dots, axis: tuple[float, float], goal: Goal) -> Figure:
    """Above the leader, towards the side with more room."""
    place = (dots.x[-1] - axis[0]) / (axis[1] - axis[0])
    text = f"<b>{wording.luck_run(entry['shown_extra'], goal)}</b>"
    anchor = "right" if place > _LABEL_LEFT_FROM else "left"
    shift = (4 if anchor == "right" else -4) if place < _LABEL_EDGE else 0
    return annotation(text, x=dots.x[-1], yref="paper", y=1, yanchor="bottom", xanchor=anchor, xshift=shift, yshift=4)


def _captions(luck: Luck) -> list[Figure]:
    """What the axis measures, and what its thick part is."""
    font = {"family": FONT, "size": 12, "color": token("bs-secondary-color")}
    low: Figure = {"xref": "paper", "yref": "paper", "y": 0, "yanchor": "top", "yshift": -26, "font": font}
    measure = plain(wording.luck_axis(contender(luck, luck["baseline"]), goal_of(luck)), 48)
    return [
        annotation(measure, x=0, xshift=-2, **low),
        annotation(wording.LUCK_SPREAD, **{**low, "x": 1, "xanchor": "right", "xshift": 2}),
    ]


def _empty() -> Figure:
    note = annotation(wording.LUCK_EMPTY, x=0.5, y=0.5, xref="paper", yref="paper", xanchor="center")
    hidden = {"visible": False}
    return {"data": [], "layout": base_layout(xaxis=hidden, yaxis=hidden, annotations=[note])}
