"""What the two line charts of the race share: the traces that the replay moves, and where it finds them."""

from typing import Any

from components.charts.figure import LABEL_INDENT, LABEL_SIZE, plain
from components.charts.marks import policy_hue, policy_symbol, policy_text_hue
from components.formats import in_money
from components.race import Race, focus, racing_order, slots, told_apart
from components.theme import POLICY_SHAPES, token
from components.wording_goals import goal_of

HEIGHT = 274
TOP, BOTTOM = 14, 34
PLOT_HEIGHT = HEIGHT - TOP - BOTTOM
LINE_WIDTH = 2.25
AIR = 1.08
"""What `nice_top` leaves above the highest value."""
_AIR_BELOW = 0.06
END_LABEL_GAP = 37
"""Pixels from one label of two lines to the next."""
END_LABEL_DROP = 6
"""The name stands at its line's height, the number below it."""


def trace_places(race: Race) -> dict[str, Any]:
    """Where the replay finds what it moves; `order` says which policy each trace of a group is."""
    order = racing_order(race)
    count = len(order)
    return {
        "key": race["key"],
        "order": order,
        "challenger": focus(race),
        "rows": sorted(told_apart(race)),
        "slots": slots(race),
        "shapes": list(POLICY_SHAPES),
        "future": list(range(count)),
        "past": list(range(count, 2 * count)),
        "cursor": 2 * count,
        "marks": 2 * count + 1,
        "notes": 2 * count + 2,
    }


def line_style(slot: int | None, opacity: str | None = None) -> dict[str, Any]:
    """A policy's line; the oracle's is thin and dashed, because it is a ceiling and not a choice."""
    if slot is None:
        return {"color": policy_hue(slot, opacity), "width": 1.25, "dash": "2px,3.5px"}
    return {"color": policy_hue(slot, opacity), "width": LINE_WIDTH}


def future_trace(race: Race, index: int, line: list[int] | list[float]) -> dict[str, Any]:
    """The whole run of one policy, pale, as the ground that the past is drawn upon."""
    slot = slots(race)[index]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": plain(race["policies"][index]["label"]),
        "x": race["at"],
        "y": line,
        "line": line_style(slot, "btm-future"),
        "hovertemplate": in_unit(race, "%{y:,.0f}"),
        "cliponaxis": False,
    }


def in_unit(race: Race, number: str) -> str:
    """A number that Plotly writes, in the unit of the goal."""
    return in_money(number) if goal_of(race).is_money else number


def past_trace(race: Race, index: int, line: list[int] | list[float]) -> dict[str, Any]:
    """The run of one policy up to the position."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": race["at"],
        "y": line,
        "line": line_style(slots(race)[index]),
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def below_zero(lowest: float, top: float) -> float:
    """The low end of an axis whose lowest value is below zero, with a little air; 0 where none is."""
    return 0.0 if lowest == 0 else lowest - _AIR_BELOW * (top - lowest)


def zero_line(low: float) -> dict[str, Any]:
    """When the axis goes below zero, zero itself is the baseline."""
    return {} if low == 0 else {"zeroline": True, "zerolinecolor": token("btm-axis"), "zerolinewidth": 1}


def cursor_trace(sends: int, span: tuple[float, float]) -> dict[str, Any]:
    """The dotted vertical at the position of the replay."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [sends, sends],
        "y": list(span),
        "line": {"color": token("bs-body-color"), "width": 1, "dash": "2px,3px"},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def marks_trace(race: Race, heights: list[int] | list[float]) -> dict[str, Any]:
    """The shapes of the policies at the position, in racing order."""
    worn = slots(race)
    ordered = [worn[index] for index in racing_order(race)]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [race["sends"]] * len(heights),
        "y": heights,
        "marker": {
            "symbol": [policy_symbol(slot) for slot in ordered],
            "size": 10,
            "color": [policy_hue(slot) for slot in ordered],
            "line": {
                "width": 1.5,
                "color": [policy_hue(slot) if slot is None else token("btm-raised") for slot in ordered],
            },
        },
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def named_end(label: str, number: str) -> str:
    """A name at a line's end, and the number that it ends at below."""
    grey = token("bs-secondary-color")
    return f'<b>{plain(label)}</b><br><span style="color:{grey}">{number}</span>'


def end_labels_trace(race: Race, texts: list[str], heights: list[float], span: tuple[float, float]) -> dict[str, Any]:
    """The names at the lines' ends, at heights in pixels, in scenario order.

    One trace of texts and not an annotation a policy: Plotly goes over all in every frame of the replay.
    """
    low, high = span
    return {
        "type": "scatter",
        "mode": "text",
        "x": [race["sends"]] * len(texts),
        "y": [low + height / PLOT_HEIGHT * (high - low) for height in heights],
        "text": [LABEL_INDENT + text.replace("<br>", f"<br>{LABEL_INDENT}") for text in texts],
        "textposition": "middle right",
        "textfont": {"size": LABEL_SIZE, "color": [policy_text_hue(slot) for slot in slots(race)]},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
