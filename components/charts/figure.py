"""What every chart shares: the axis style, the graph element and how labels keep their distance.

Figures are plain dicts, made once for both themes. Where a colour goes they hold `token:<name>` or
`token:<name>/<opacity>`; `assets/js/charts.js` puts in the colours of the theme that is on.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from components import conventions
from components.formats import count

Figure = dict[str, Any]

FONT = "Inter Variable, Inter, system-ui, sans-serif"
AXIS_SIZE = 12
LABEL_SIZE = 12.5
PHONE = 358
"""Pixels that a chart has on a phone, with its margins."""
_DIGIT, _APART = 6.6, 8
"""Pixels of a letter of a tick, and between two ticks."""
LABEL_GAP = 16
LABEL_LETTERS = 20
# Between the end of a line and its label.
LABEL_INDENT = "\N{EN SPACE}\N{THIN SPACE}"

GRAPH_CONFIG: Any = {
    "responsive": True,
    "displaylogo": False,
    "displayModeBar": "hover",
    "showSendToCloud": False,
    "plotlyServerURL": "",
    # The share button uploads the chart to a third party; the rest are tools for exploring, not for reading.
    "modeBarButtonsToRemove": [
        "sendChartToCloud",
        "sendDataToCloud",
        "select2d",
        "lasso2d",
        "autoScale2d",
        "zoomIn2d",
        "zoomOut2d",
        "toggleSpikelines",
    ],
}

_AXIS: dict[str, Any] = {
    "zeroline": False,
    "showgrid": False,
    "showline": False,
    "ticks": "",
    "ticklabelstandoff": 6,
    "tickangle": 0,
    "automargin": False,
    "tickfont": {"size": AXIS_SIZE, "color": "token:bs-secondary-color"},
}


def base_layout(**overrides: Any) -> dict[str, Any]:
    """The layout every chart starts from; an override that is a dict is merged into the default."""
    layout: dict[str, Any] = {
        "autosize": True,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 44, "r": 16, "t": 12, "b": 32, "pad": 0},
        "font": {"family": FONT, "size": AXIS_SIZE, "color": "token:bs-secondary-color"},
        "showlegend": False,
        "hovermode": "x unified",
        "hoverlabel": {
            "bgcolor": "token:btm-raised",
            "bordercolor": "token:bs-border-color",
            "font": {"family": FONT, "size": 12.5, "color": "token:bs-body-color"},
        },
        "modebar": {
            "bgcolor": "rgba(0,0,0,0)",
            "color": "token:bs-tertiary-color",
            "activecolor": "token:bs-body-color",
        },
        "dragmode": False,
        "separators": conventions.now().separators,
        "xaxis": {**_AXIS, "fixedrange": True, "showline": True, "linecolor": "token:btm-axis"},
        "yaxis": {
            **_AXIS,
            "fixedrange": True,
            "showgrid": True,
            "gridcolor": "token:btm-grid",
            "gridwidth": 1,
            "griddash": "solid",
            "nticks": 5,
        },
        "annotations": [],
        "shapes": [],
    }
    return _merged(layout, overrides)


def graph(graph_id: str, height: int, label: str, summary: str = "") -> html.Div:
    """A chart whose height is kept before it is drawn; `<id>-summary` holds what the chart says, in words.

    The role is "figure", not "img": an image may not hold the buttons that Plotly puts inside.
    """
    described: Any = {"aria-label": label, "aria-describedby": f"{graph_id}-summary"}
    return html.Div(
        [
            dcc.Graph(
                id=graph_id,
                figure={"data": [], "layout": _blank_layout()},
                config=GRAPH_CONFIG,
                responsive=True,
                style={"height": f"{height}px"},
            ),
            html.P(summary, id=f"{graph_id}-summary", className="visually-hidden"),
        ],
        id=f"{graph_id}-frame",
        className="graph",
        role="figure",
        style={"minHeight": f"{height}px"},
        **described,
    )


def annotation(text: str, **settings: Any) -> dict[str, Any]:
    """A text without arrow; x and y are in the axes' units unless a reference says otherwise."""
    return {
        "text": text,
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "middle",
        "align": "left",
        "font": {"family": FONT, "size": LABEL_SIZE, "color": "token:bs-body-color"},
        **settings,
    }


def push_apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move places, as little as possible, until neighbours are `gap` apart, all inside [low, high].

    When there are too many for the room, the gap shrinks to what fits.
    """
    if not places:
        return []
    order = sorted(range(len(places)), key=lambda index: places[index])
    gap = min(gap, (high - low) / max(1, len(places) - 1))
    shifted = [places[index] - rank * gap for rank, index in enumerate(order)]
    top = high - (len(places) - 1) * gap
    levels = [min(max(level, low), top) for level in _rising(shifted)]
    moved = [0.0] * len(places)
    for rank, index in enumerate(order):
        moved[index] = levels[rank] + rank * gap
    return moved


def nice_top(value: float, lines: int = 5) -> tuple[float, float]:
    """The end of an axis that starts at 0, with a little air, and the step of at most `lines` gridlines."""
    if value <= 0:
        return 1.0, 1.0
    top = value * 1.08
    power = 10.0 ** math.floor(math.log10(top))
    factors = (0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5)
    return top, next((power * factor for factor in factors if top // (power * factor) <= lines), power * 10)


def send_axis(sends: int, steps: int, narrowest: float = math.inf) -> dict[str, Any]:
    """An axis of sends: round ticks, the last one is the end of the run and says the unit.

    Args:
        sends: the length of the run.
        steps: about how many ticks, besides the one at 0.
        narrowest: pixels to which the axis may shrink, where no two ticks may touch.
    """
    end = f"{count(sends)} sends"
    between = _between(sends, steps, narrowest, end) or _between(sends, 2 * steps, narrowest, end)
    return {
        "range": [0, sends],
        "tickvals": [0, *between, sends],
        "ticktext": [*map(count, [0, *between]), end],
        "ticklabeloverflow": "allow",
        "unifiedhovertitle": {"text": "%{x:,} sends"},
    }


def _between(sends: int, steps: int, narrowest: float, end: str) -> list[int]:
    """The round ticks that have room. The start and the end are always named: what would touch them gives way."""
    _, step = nice_top(sends / 1.08, steps)
    step = max(1.0, step)
    kept: list[int] = []
    place, text = sends, end
    for tick in (round(step * index) for index in range(int(sends // step), 0, -1)):
        free = min(tick / _width(count(tick), "0"), (place - tick) / _width(count(tick), text)) * narrowest / sends
        if sends - tick > 0.15 * sends and free > 1:
            kept.insert(0, tick)
            place, text = tick, count(tick)
    return kept


def _width(text: str, other: str) -> float:
    """Pixels from the middle of one tick's text to that of the next, with a gap between them."""
    return _DIGIT * (len(text) + len(other)) / 2 + _APART


def plain(text: str, most: int = LABEL_LETTERS) -> str:
    """A user's words for a chart: Plotly reads tags in texts, so they are escaped; long ones are cut."""
    short = text if len(text) <= most else text[: most - 1].rstrip() + "…"
    return short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def tick_room(top: float) -> int:
    """The left margin, in pixels, that the numbers of a count axis need."""
    return max(44, 16 + round(7.2 * len(count(top))))


def label_room(labels: Sequence[str], least: int = 60) -> int:
    """The right margin, in pixels, that the longest label at a line's end needs."""
    longest = max((len(label) for label in labels), default=0)
    return max(least, 14 + round(7.1 * min(longest, LABEL_LETTERS)))


def _rising(values: Sequence[float]) -> list[float]:
    """The closest non-decreasing values in least squares (pooling neighbours that are out of order)."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        total, count = value, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before, size = blocks.pop()
            total, count = total + before, count + size
        blocks.append((total, count))
    return [total / count for total, count in blocks for _ in range(count)]


def _merged(base: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in overrides.items():
        known = merged.get(key)
        both = isinstance(known, Mapping) and isinstance(value, Mapping)
        merged[key] = _merged(known, value) if both and known is not None else value
    return merged


def _blank_layout() -> dict[str, Any]:
    """Nothing to see: what stands in until the first figure arrives, in either theme."""
    clear = "rgba(0,0,0,0)"
    hidden = {"visible": False, "fixedrange": True}
    return {"paper_bgcolor": clear, "plot_bgcolor": clear, "xaxis": hidden, "yaxis": hidden, "autosize": True}
