"""Regret: conversions or money missed by not sending the best line; expected solid, realised dotted beside it.

`figure(race)` is the picture at the end of the run. The replay finds its traces in `layout.meta`,
in this order (P policies): future, P; past, P; cursor, 1; marks, 1; notes, 1 with P texts; then

    realised  P traces   what the best line would have got from these recipients, minus what the policy got

and, standing still, one trace with the names at the lines' ends.
"""

from typing import Any

from components import wording_replay as replay
from components.charts.figure import (
    LABEL_SIZE,
    Figure,
    base_layout,
    label_room,
    nice_top,
    plain,
    push_apart,
    send_axis,
    tick_room,
)
from components.charts.marks import policy_hue, policy_text_hue
from components.charts.race_lines import (
    AIR,
    BOTTOM,
    END_LABEL_DROP,
    END_LABEL_GAP,
    HEIGHT,
    PLOT_HEIGHT,
    TOP,
    below_zero,
    cursor_trace,
    end_labels_trace,
    future_trace,
    in_unit,
    marks_trace,
    named_end,
    past_trace,
    trace_places,
    zero_line,
)
from components.race import Race, racing_order, slots
from components.wording_goals import goal_of

__all__ = ["HEIGHT", "figure"]

_LOWEST = 16
"""Pixels above the axis: the number under the lowest name stands above the ticks."""
_SMALL = 9.95
BLANK = "\N{NO-BREAK SPACE}"
"""Plotly takes the element of an empty text away for good, so that it could never be filled; a space keeps it."""


def figure(race: Race) -> Figure:
    """The race of regret at the end of the run, for both themes."""
    policies = race["policies"]
    order = racing_order(race)
    low, top, step = _span(policies)
    traces = [_future(race, index) for index in order]
    traces += [past_trace(race, index, policies[index]["regret"]) for index in order]
    traces += [cursor_trace(race["sends"], (low, top))]
    traces += [marks_trace(race, [policies[index]["regret"][-1] for index in order])]
    traces += [_notes_trace(race)]
    traces += [_realised_trace(race, index) for index in order]
    traces += [_end_labels(race, low, top)]
    labels = [plain(policy["label"]) for policy in policies]
    layout = base_layout(
        margin={"l": tick_room(top), "r": label_room(labels), "t": TOP, "b": BOTTOM},
        xaxis={**send_axis(race["sends"], 2), "showline": low == 0},
        yaxis={"range": [low, top], "tick0": 0, "dtick": step, "tickformat": ",", **zero_line(low)},
        meta=_meta(race, low, top),
    )
    return {"data": traces, "layout": layout}


def _meta(race: Race, low: float, top: float) -> dict[str, Any]:
    count = len(race["policies"])
    return {
        **trace_places(race),
        "realised": list(range(2 * count + 3, 3 * count + 3)),
        "height": PLOT_HEIGHT,
        "low": low,
        "high": top,
        "title": replay.regret_title(goal_of(race)),
        "deck": replay.regret_deck(
            moves=race["rates"] is not None, below_zero=low < 0, segmented=race["segments"] is not None
        ),
    }


def _span(policies: list[dict[str, Any]]) -> tuple[float, float, float]:
    """Low and high end of the axis and its step; realised regret may well be below zero."""
    values = [value for policy in policies for name in ("regret", "realised") for value in policy[name]]
    lowest = min(0.0, *values)
    top, _ = nice_top(max(0.0, *values))
    _, step = nice_top((top - lowest) / AIR)
    return below_zero(lowest, top), top, step


def _future(race: Race, index: int) -> dict[str, Any]:
    policy = race["policies"][index]
    return {
        **future_trace(race, index, policy["regret"]),
        "customdata": policy["realised"],
        "hovertemplate": f"{in_unit(race, '%{y:,.1f}')} expected, {in_unit(race, '%{customdata:,.0f}')} realised",
    }


def _realised_trace(race: Race, index: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": race["at"],
        "y": race["policies"][index]["realised"],
        "line": {"color": policy_hue(slots(race)[index]), "width": 1, "dash": "1px,2.5px"},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _notes_trace(race: Race) -> dict[str, Any]:
    """At the end the labels beside the lines say the numbers."""
    order = racing_order(race)
    ends = [race["policies"][index]["regret"][-1] for index in order]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [race["sends"]] * len(order),
        "y": ends,
        "text": [BLANK] * len(order),
        "textposition": ["top left"] * len(order),
        "textfont": {
            "size": LABEL_SIZE,
            "weight": 600,
            "color": [policy_text_hue(slots(race)[index]) for index in order],
        },
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _end_labels(race: Race, low: float, top: float) -> dict[str, Any]:
    ends = [policy["regret"][-1] for policy in race["policies"]]
    pixels = [(end - low) / (top - low) * PLOT_HEIGHT for end in ends]
    places = push_apart(pixels, END_LABEL_GAP, _LOWEST, PLOT_HEIGHT)
    written = goal_of(race).written
    texts = [
        named_end(policy["label"], written(end, 1 if abs(end) < _SMALL else 0))
        for policy, end in zip(race["policies"], ends, strict=True)
    ]
    return end_labels_trace(race, texts, [place - END_LABEL_DROP for place in places], (low, top))
