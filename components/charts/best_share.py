"""One stress along the campaign: the share of sends that goes to the line that is best at the time, a line a policy."""

from collections.abc import Mapping
from typing import Any, Final

from components import wording_stress as words
from components.charts.figure import (
    LABEL_GAP,
    LABEL_SIZE,
    PHONE,
    Figure,
    annotation,
    base_layout,
    plain,
    push_apart,
    send_axis,
)
from components.charts.marks import policy_hue, policy_symbol, policy_text_hue
from components.stress import StressTest, cell, column, contender, ranking, recommended, slots
from components.theme import arm_letter, token
from engine.stresses import STRESSES

HEIGHT: Final = 300
_TOP, _BOTTOM = 26, 34
_PALE: Final = 0.35
_LETTERS: Final = 24
"""The longest name of a policy."""
_EDGE: Final = 0.2
"""Words over a change nearer than this part of the campaign to an end would not fit around it."""
Measured = Mapping[str, Any]
"""What `engine.stress.measure` told of the stress."""


def told_apart(test: StressTest, stress: str, place: int) -> list[int]:
    """The policies in full colour: the chosen one, and the best of the column beside it."""
    found = column(test, stress)
    others = [other for other in ranking(test) if other != place]
    if recommended(test) in others and cell(found, place)["is_best"]:
        return [place, recommended(test) or others[0]]
    best = max(others, key=lambda other: cell(found, other)["extra"]["mean"], default=None)
    return [place] if best is None else [place, best]


def title(test: StressTest, measured: Measured, stress: str, place: int) -> str:
    """The finding about the chosen policy."""
    who = contender(test, place)
    notice = measured["notice"][0][place] if measured["turns"] else None
    share, turned = measured["top_share"][place], bool(measured["turns"])
    return words.along_title(
        STRESSES[stress],
        who.label,
        share,
        notice,
        turned=turned,
        is_even=who.is_even_split,
        segmented=measured["is_segmented"],
    )


def deck(measured: Measured) -> str:
    """The measure."""
    return words.along_deck(measured["campaigns"], turned=bool(measured["turns"]), segmented=measured["is_segmented"])


def summary(test: StressTest, measured: Measured, stress: str) -> str:
    """Every policy's share over the whole campaign."""
    shown = [*ranking(test), test["baseline"]]
    shares = [(contender(test, place).label, measured["top_share"][place]) for place in shown]
    return words.along_summary(STRESSES[stress], shares, segmented=measured["is_segmented"])


def records(test: StressTest, measured: Measured, stress: str) -> list[dict[str, Any]]:
    """A row a policy and window."""
    return [
        {
            "stress": STRESSES[stress].title,
            "policy": contender(test, place).label,
            "sends": at,
            "share to the best line at the time": share,
        }
        for place in [*ranking(test), test["baseline"]]
        for at, share in zip(measured["at"], measured["along"][place], strict=True)
    ]


def figure(test: StressTest, measured: Measured, stress: str, place: int) -> Figure:
    """Lines, the change if there is one, and names at the ends."""
    strong = told_apart(test, stress, place)
    pale = [other for other in ranking(test) if other not in strong]
    data = [
        *(_line(test, measured, other, opacity=_PALE, width=1.25) for other in [test["baseline"], *pale]),
        *(_line(test, measured, other, width=3 if other == place else 2.25) for other in reversed(strong)),
        _ends(test, measured, strong),
    ]
    return {"data": data, "layout": _layout(test, measured, strong)}


def _line(test: StressTest, measured: Measured, place: int, *, width: float, opacity: float | None = None) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": plain(contender(test, place).label, 30),
        "x": measured["at"],
        "y": measured["along"][place],
        "line": {"color": policy_hue(slots(test)[place], opacity), "width": width},
        "hovertemplate": "%{y:.0%}",
        "cliponaxis": False,
    }


def _ends(test: StressTest, measured: Measured, places: list[int]) -> Figure:
    worn = slots(test)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [measured["at"][-1]] * len(places),
        "y": [measured["along"][place][-1] for place in places],
        "marker": {
            "symbol": [policy_symbol(worn[place]) for place in places],
            "size": 10,
            "color": [policy_hue(worn[place]) for place in places],
            "line": {"width": 1.5, "color": token("bs-body-bg")},
        },
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _layout(test: StressTest, measured: Measured, strong: list[int]) -> Figure:
    sends = test["sends"]
    left, right = 44, _right(test, measured, strong)
    notes = _names(test, measured, strong)
    turns = [_turn(turn, sends) for turn in measured["turns"]]
    return base_layout(
        margin={"l": left, "r": right, "t": _TOP, "b": _BOTTOM},
        xaxis=send_axis(sends, 2, PHONE - left - right),
        yaxis={"range": [0, 1], "tickvals": [0, 0.5, 1], "tickformat": ".0%"},
        annotations=[*notes, *turns],
        shapes=[_stroke(turn["at"]) for turn in measured["turns"]],
    )


def _texts(test: StressTest, measured: Measured, places: list[int]) -> list[str]:
    """What stands at the lines' ends: a name, and below it how long a policy took to notice."""
    lines = [contender(test, place).label[:_LETTERS] for place in places]
    return [*lines, *[_noticed(measured, place) for place in places]]


def _right(test: StressTest, measured: Measured, places: list[int]) -> int:
    """The margin that the longest text needs; names are bold."""
    return 20 + round(7.3 * max(map(len, _texts(test, measured, places))))


def _noticed(measured: Measured, place: int) -> str:
    return words.to_notice(measured["notice"][0][place]) if measured["turns"] else ""


def _names(test: StressTest, measured: Measured, places: list[int]) -> list[Figure]:
    unit = 1 / (HEIGHT - _TOP - _BOTTOM)
    gap = (2.3 if measured["turns"] else 1) * LABEL_GAP * unit
    ends = [measured["along"][place][-1] for place in places]
    heights = push_apart(ends, gap, 14 * unit, 1.0)
    notes = []
    for place, height in zip(places, heights, strict=True):
        name = f"<b>{plain(contender(test, place).label, _LETTERS)}</b>"
        below = f"<br>{_noticed(measured, place)}" if measured["turns"] else ""
        notes.append(
            annotation(
                name + below,
                x=1,
                xref="paper",
                y=round(height, 4),
                xshift=12,
                font={"size": LABEL_SIZE, "color": policy_text_hue(slots(test)[place])},
            )
        )
    return notes


def _turn(turn: Mapping[str, Any], sends: int) -> Figure:
    letters = [[arm_letter(line) for line in turn[when]] for when in ("before", "after")]
    place = turn["at"] / sends
    anchor = "left" if place < _EDGE else "right" if place > 1 - _EDGE else "center"
    return annotation(
        words.turn(*letters),
        x=turn["at"],
        y=1,
        yanchor="bottom",
        yshift=4,
        xanchor=anchor,
        font={"size": 12, "color": token("bs-body-color")},
    )


def _stroke(at: int) -> Figure:
    return {
        "type": "line",
        "x0": at,
        "x1": at,
        "yref": "paper",
        "y0": 0,
        "y1": 1.02,
        "line": {"color": token("bs-body-color"), "width": 1, "dash": "2px,3px"},
    }
