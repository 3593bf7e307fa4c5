"""What policies got over the baseline, campaign by campaign: a row of a hundred dots a policy, one axis for all."""

from typing import Any, NamedTuple

from components import comparison as compared
from components import wording_compare as wording
from components.charts.dots import DOT, signed_ticks, stacked
from components.charts.figure import AXIS_SIZE, FONT, LABEL_SIZE, Figure, annotation, base_layout, plain
from components.charts.marks import heading, policy_hue, policy_symbol
from components.comparison import Comparison
from components.formats import tick_texts
from components.theme import token
from components.wording_goals import Goal, goal_of

_HEADING, _DOTS, _BELOW = 30, 54, 18
_BOTTOM = 48
_WIDTH = 520.0
"""Dots are sized for a chart this wide: on a phone they touch, on a desktop there is air between columns."""
_COLUMN_CHOICES = (64, 80, 100, 128, 160)
_AIR = 0.06
"""Air at both ends, as a share of the span: enough for the label of a tick at zero."""
_NAME_LETTERS = 24


class Row(NamedTuple):
    """One policy's dots: x in what it got extra, y in pixels from the bottom, and the row's baseline in pixels."""

    place: int
    base: float
    x: list[float]
    y: list[float]


class Rows(NamedTuple):
    """All rows on their shared axis."""

    rows: list[Row]
    low: float
    high: float
    size: float


def height(comparison: Comparison, order: list[int]) -> int:
    """Pixels that the figure needs for all its rows."""
    return _row(comparison) * max(1, len(_shown(comparison, order))) + _BOTTOM


def figure(comparison: Comparison, order: list[int]) -> Figure:
    """A row for each policy of `order` but the baseline, which is the zero line; empty without any."""
    shown = _shown(comparison, order)
    if not shown:
        return _empty()
    rows = _rows(comparison, shown)
    data = [_campaigns(comparison, row, rows.size) for row in rows.rows] if _has_spread(comparison) else []
    return {"data": [*data, _means(comparison, rows)], "layout": _layout(comparison, rows)}


def title(comparison: Comparison) -> str:
    """How often the policy that the page is about got more than the baseline."""
    focus = compared.focus(comparison)
    if focus is None:
        return wording.SPREAD_NOTHING
    policy = comparison["policies"][focus]
    record = (policy["wins"], policy["ties"], policy["losses"])
    return wording.spread_title(
        compared.called(comparison, focus),
        compared.baseline(comparison).short,
        record,
        policy["extra"]["mean"],
        goal_of(comparison),
    )


def deck(comparison: Comparison) -> str:
    """What a dot and the shape are."""
    short = compared.baseline(comparison).short
    return wording.spread_deck(short, comparison["replications"], comparison["level"], goal_of(comparison))


def summary(comparison: Comparison, order: list[int]) -> str:
    """Mean and spread of every row."""
    against, level, goal = compared.baseline(comparison).short, comparison["level"], goal_of(comparison)
    shown = [comparison["policies"][place] for place in _shown(comparison, order)]
    return " ".join(
        wording.spread_summary(policy["label"], against, policy["extra"]["mean"], _spread(policy), level, goal)
        for policy in shown
    )


def records(comparison: Comparison, order: list[int]) -> list[dict[str, Any]]:
    """A row a policy and percentile: 0.5, 1.5, ... 99.5."""
    extra = f"extra_{goal_of(comparison).name}"
    return [
        {"policy": comparison["policies"][place]["label"], "percentile": rank + 0.5, extra: value}
        for place in _shown(comparison, order)
        for rank, value in enumerate(comparison["policies"][place]["extra_percentiles"])
    ]


def _shown(comparison: Comparison, order: list[int]) -> list[int]:
    return [place for place in order if place != comparison["baseline"]]


def _row(comparison: Comparison) -> int:
    """A row's height in pixels; without dots there is no need for their room."""
    return _HEADING + (_DOTS if _has_spread(comparison) else 0) + _BELOW


def _has_spread(comparison: Comparison) -> bool:
    return bool(comparison["replications"] > 1)


def _spread(policy: dict[str, Any]) -> tuple[float, float]:
    low, high = policy["extra_spread"]
    return low, high


def _rows(comparison: Comparison, shown: list[int]) -> Rows:
    """Stack every row with the widest columns that let its tallest stack fit; the narrowest if none does."""
    (low, high), goal = _axis(comparison, shown), goal_of(comparison)
    for columns in _COLUMN_CHOICES:
        size = DOT * _WIDTH / columns
        room = int(_DOTS / (size + 0.5))
        column = (high - low) / columns
        stacks = [
            stacked(_counted(comparison["policies"][place]["extra_percentiles"], goal), column, columns, room)
            for place in shown
        ]
        if all(max(y) < room for _, y in stacks):
            break
    count = len(shown)
    bases = [_BOTTOM + _row(comparison) * (count - 1 - number) + _BELOW for number in range(count)]
    rows = [
        Row(place, base, x, _lifted(y, base, size)) for place, base, (x, y) in zip(shown, bases, stacks, strict=True)
    ]
    return Rows(rows, low, high, round(size, 1))


def _counted(percentiles: list[float], goal: Goal) -> list[float]:
    """Percentiles as whole conversions: between two campaigns they may fall on halves, which nobody got."""
    return percentiles if goal.is_money else [float(round(value)) for value in percentiles]


def _lifted(rows: list[int], base: float, size: float) -> list[float]:
    """Heights in pixels; where campaigns agree so much that a stack would be too tall, its dots overlap."""
    pitch = min(size + 0.5, _DOTS / (max(rows) + 1))
    return [round(base + 5 + size / 2 + row * pitch, 2) for row in rows]


def _axis(comparison: Comparison, shown: list[int]) -> tuple[float, float]:
    """From the lowest to the highest campaign of any policy; zero is the baseline and always in sight."""
    values = [value for place in shown for value in comparison["policies"][place]["extra_percentiles"]]
    low, high = min(0.0, *values), max(0.0, *values)
    span = max(high - low, 10 * goal_of(comparison).least_step)
    return low - _AIR * span, high + _AIR * span


def _campaigns(comparison: Comparison, row: Row, size: float) -> Figure:
    policy, slot = comparison["policies"][row.place], compared.slots(comparison)[row.place]
    low, high = policy["extra_spread"]
    solid, pale = policy_hue(slot), policy_hue(slot, 0.4)
    values = policy["extra_percentiles"]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": plain(policy["label"], _NAME_LETTERS),
        "x": row.x,
        "y": row.y,
        "marker": {
            "size": size,
            "color": [solid if low <= value <= high else pale for value in values],
            "line": {"width": 0},
        },
        "hovertext": [wording.spread_dot(value, goal_of(comparison)) for value in values],
        "hovertemplate": "%{hovertext}",
        "cliponaxis": False,
    }


def _means(comparison: Comparison, rows: Rows) -> Figure:
    """Each policy's shape on its row's baseline, at its mean."""
    slots = compared.slots(comparison)
    worn = [slots[row.place] for row in rows.rows]
    means = [comparison["policies"][row.place]["extra"]["mean"] for row in rows.rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": means,
        "y": [row.base for row in rows.rows],
        "marker": {
            "symbol": [policy_symbol(slot) for slot in worn],
            "size": 13,
            "color": [policy_hue(slot) for slot in worn],
            "line": {
                "width": 1.5,
                "color": [policy_hue(slot) if slot is None else token("bs-body-bg") for slot in worn],
            },
        },
        "hovertext": [wording.spread_mean(mean, goal_of(comparison)) for mean in means],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }


def _layout(comparison: Comparison, rows: Rows) -> Figure:
    whole = _row(comparison) * len(rows.rows) + _BOTTOM
    ticks = signed_ticks(rows.low, rows.high, least_step=goal_of(comparison).least_step)
    marks, notes = [], []
    for row in rows.rows:
        mark, *texts = _heading(comparison, row, whole)
        marks.append(mark)
        notes += texts
    return base_layout(
        margin={"l": 2, "r": 2, "t": 0, "b": 0},
        hovermode="closest",
        xaxis={"range": [rows.low, rows.high], "visible": False},
        # A unit upwards is a pixel.
        yaxis={"range": [0, whole], "visible": False, "showgrid": False},
        shapes=[*_grid(ticks, whole), *_bases(rows), _zero(whole), *marks],
        annotations=[*notes, *_tick_labels(ticks), _caption(comparison)],
    )


def _heading(comparison: Comparison, row: Row, whole: int) -> tuple[Figure, ...]:
    """The policy at the left; its mean and, in grey, its spread at the right."""
    policy, goal = comparison["policies"][row.place], goal_of(comparison)
    y = (row.base + _row(comparison) - _BELOW - 12) / whole
    name = compared.short_labels(comparison, _NAME_LETTERS)[row.place]
    mark, title = heading(compared.slots(comparison)[row.place], name, y, 0)
    mean = goal.difference(policy["extra"]["mean"])
    right: Figure = {"x": 1, "y": y, "xref": "paper", "yref": "paper", "xanchor": "right"}
    ink = {"family": FONT, "size": LABEL_SIZE, "color": token("bs-body-color")}
    texts = [title, annotation(f"<b>{mean}</b>", font=ink, **right)]
    if _has_spread(comparison):
        grey = ink | {"color": token("bs-secondary-color")}
        texts.append(annotation(goal.between(*_spread(policy)), font=grey, xshift=-10 - 7.6 * len(mean), **right))
    ground: Figure = {"bgcolor": token("bs-body-bg"), "borderpad": 1}
    return mark, *(text | ground for text in texts)


def _grid(ticks: list[float], whole: int) -> list[Figure]:
    line = {"color": token("btm-grid"), "width": 1}
    return [_vertical(tick, whole, line) for tick in ticks if tick != 0]


def _zero(whole: int) -> Figure:
    return _vertical(0, whole, {"color": token("bs-body-color"), "width": 1, "dash": "2px 3px"})


def _vertical(x: float, whole: int, line: Figure) -> Figure:
    return {"type": "line", "x0": x, "x1": x, "y0": _BOTTOM, "y1": whole, "line": line, "layer": "below"}


def _bases(rows: Rows) -> list[Figure]:
    line = {"color": token("btm-axis"), "width": 1}
    return [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": row.base,
            "y1": row.base,
            "line": line,
            "layer": "below",
        }
        for row in rows.rows
    ]


def _tick_labels(ticks: list[float]) -> list[Figure]:
    font = {"family": FONT, "size": AXIS_SIZE, "color": token("bs-secondary-color")}
    return [
        annotation(text, x=tick, y=_BOTTOM - 11, xanchor="center", align="center", font=font)
        for tick, text in zip(ticks, tick_texts(ticks), strict=True)
    ]


def _caption(comparison: Comparison) -> Figure:
    font = {"family": FONT, "size": AXIS_SIZE, "color": token("bs-secondary-color")}
    text = plain(wording.spread_axis(compared.baseline(comparison).short, goal_of(comparison)), 48)
    return annotation(text, x=0, xref="paper", y=_BOTTOM - 34, font=font)


def _empty() -> Figure:
    note = annotation(wording.SPREAD_EMPTY, x=0.5, y=0.5, xref="paper", yref="paper", xanchor="center")
    hidden = {"visible": False}
    return {"data": [], "layout": base_layout(xaxis=hidden, yaxis=hidden, annotations=[note])}
