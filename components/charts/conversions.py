"""What each policy got so far, conversions or money.

One line a policy, the past solid, the future pale, the difference beside the position.

`figure(race)` is the picture at the end of the run. `assets/js/replay/charts.js` moves it and finds its traces
in `layout.meta`, written by `figure` alone, in this order (P policies):

    future   P traces   the whole line, pale; the only ones that answer to the pointer
    past     P traces   the line up to the position, baseline first, so that the next one fills down to it
    cursor   1 trace    the dotted vertical at the position
    marks    1 trace    P points: where each policy is
    notes    1 trace    P + 1 texts: each policy's number, then the difference to the baseline

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
    marks_trace,
    named_end,
    past_trace,
    trace_places,
    zero_line,
)
from components.race import Race, gained_by_frame, racing_order, slots
from components.theme import token
from components.wording_goals import goal_of

__all__ = ["HEIGHT", "figure"]

PAIR = 2
# Plotly takes the element of an empty text away for good, so that it could never be filled; a space keeps it.
BLANK = "\N{NO-BREAK SPACE}"


def figure(race: Race) -> Figure:
    """The race at the end of the run, for both themes."""
    policies = race["policies"]
    order = racing_order(race)
    totals = [gained_by_frame(race, index) for index in range(len(policies))]
    low, top, step = _span(totals)
    traces = [future_trace(race, index, totals[index]) for index in order]
    traces += [_past_trace(race, index, totals[index], filled=_fills(race, index)) for index in order]
    traces += [cursor_trace(race["sends"], (low, top))]
    traces += [marks_trace(race, [totals[index][-1] for index in order])]
    traces += [_notes_trace(race, totals)]
    traces += [_end_labels(race, [line[-1] for line in totals], low, top)]
    labels = [plain(policy["label"]) for policy in policies]
    layout = base_layout(
        margin={"l": tick_room(top), "r": label_room(labels), "t": TOP, "b": BOTTOM},
        xaxis={**send_axis(race["sends"], 4), "showline": low == 0},
        yaxis={"range": [low, top], "tick0": 0, "dtick": step, "tickformat": ",", **zero_line(low)},
        meta=_meta(race, low, top),
    )
    return {"data": traces, "layout": layout}


def _meta(race: Race, low: float, top: float) -> dict[str, Any]:
    """Where the replay finds what moves, and the words above the chart."""
    title = replay.so_far(goal_of(race))
    return {**trace_places(race), "height": PLOT_HEIGHT, "low": low, "high": top, "title": title}


def _span(totals: list[list[float]]) -> tuple[float, float, float]:
    """Low and high end of the axis and its step; a net value may be below zero."""
    lowest = min(0.0, *(min(line) for line in totals))
    top, _ = nice_top(max(0.0, *(max(line) for line in totals)))
    _, step = nice_top((top - lowest) / AIR)
    return below_zero(lowest, top), top, max(1.0, step)


def _past_trace(race: Race, index: int, line: list[float], *, filled: bool) -> dict[str, Any]:
    trace = past_trace(race, index, line)
    slot = slots(race)[index]
    return {**trace, "fill": "tonexty", "fillcolor": policy_hue(slot, "0.13")} if filled else trace


def _fills(race: Race, index: int) -> bool:
    """Only a race of two shows its gap as a band: more bands would hide each other."""
    return len(race["policies"]) == PAIR and index != race["baseline"]


def _notes_trace(race: Race, totals: list[list[float]]) -> dict[str, Any]:
    """At the end the labels beside the lines say the numbers, so only the difference is left to say here."""
    worn = slots(race)
    order = racing_order(race)
    base, other = totals[order[0]][-1], max(totals[index][-1] for index in order[1:])
    return {
        "type": "scatter",
        "mode": "text",
        "x": [race["sends"]] * (len(order) + 1),
        "y": [totals[index][-1] for index in order] + [(base + other) / 2],
        "text": [BLANK] * len(order) + [goal_of(race).difference(other - base) + " "],
        "textposition": ["top left"] * len(order) + ["middle left"],
        "textfont": {
            "size": LABEL_SIZE,
            "weight": 600,
            "color": [policy_text_hue(worn[index]) for index in order] + [token("bs-body-color")],
        },
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _end_labels(race: Race, ends: list[float], low: float, top: float) -> dict[str, Any]:
    places = push_apart([(end - low) / (top - low) * PLOT_HEIGHT for end in ends], END_LABEL_GAP, 8, PLOT_HEIGHT)
    number = goal_of(race).number
    texts = [named_end(policy["label"], number(end)) for policy, end in zip(race["policies"], ends, strict=True)]
    return end_labels_trace(race, texts, [place - END_LABEL_DROP for place in places], (low, top))
