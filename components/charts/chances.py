"""The chance of ending on the right line by how many e-mails are sent: a curve a policy, the target, the list, A/B's power."""

from typing import Any, Final

from components import planned as told
from components import wording_plan as wording
from components.charts.figure import (
    AXIS_SIZE,
    FONT,
    LABEL_GAP,
    LABEL_INDENT,
    LABEL_SIZE,
    PHONE,
    Figure,
    annotation,
    base_layout,
    label_room,
    plain,
    push_apart,
    send_axis,
)
from components.charts.marks import policy_hue, policy_symbol, policy_text_hue
from components.formats import count, percent
from components.planned import Outlook
from components.theme import token

HEIGHT: Final = 400
_TOP, _BOTTOM = 26, 34
_HOVER_LETTERS: Final = 30
_NEAR_THE_END: Final = 0.8
"""A label further to the right than this share of the axis stands at the left of its line."""
_NARROWEST_BAND: Final = 0.06
_WIDE_BAND: Final = 0.35
"""From this part of the axis on, a band is wider than its words on a phone as well; in others they begin at the axis."""
_BOLD: Final = 34
"""Pixels that a bold name and its number take beyond plain letters."""


def figure(plan: Outlook) -> Figure:
    """Curves with their ends named; empty without sizes."""
    if not plan["sizes"]:
        return {"data": [], "layout": base_layout(xaxis={"visible": False}, yaxis={"visible": False})}
    order = sorted(range(len(plan["policies"])), key=lambda place: place == told.shown(plan))
    data = [*_power(plan), *(_curve(plan, place) for place in order), *_arrival(plan), _ends(plan)]
    return {"data": data, "layout": _layout(plan)}


def title(plan: Outlook) -> str:
    """Which policy gets to the target first, or that none does."""
    place = _first(plan)
    largest = max(plan["sizes"], default=plan["sends"])
    if place is None:
        return wording.chances_title(None, plan["target"], None, largest, from_start=False)
    needed = plan["curves"][place]["needed"]
    return wording.chances_title(
        told.contender(plan, place).short,
        plan["target"],
        needed["sends"],
        largest,
        from_start=needed["from_the_start"],
    )


def deck(plan: Outlook) -> str:
    """The measure, its Monte Carlo error, and what is dashed."""
    errors = [right["high"] - right["mean"] for curve in plan["curves"] for right in curve["right"]]
    return wording.chances_deck(
        plan["campaigns"], max(errors, default=0.0), has_power=plan["power"] is not None, level=plan["level"]
    )


def summary(plan: Outlook) -> str:
    """Every policy's chance with the list, and what it needs."""
    if plan["at_list"] is None:
        return ""
    rows = [
        (
            plan["policies"][place]["label"],
            told.at_list(plan, place)["right"]["mean"],
            plan["curves"][place]["needed"]["sends"],
        )
        for place in told.ranked(plan)
    ]
    return wording.chances_summary(plan["target"], rows, plan["sends"])


def records(plan: Outlook) -> list[dict[str, Any]]:
    """A row a policy and size."""
    powers = dict(zip(plan["power"]["sizes"], plan["power"]["power"], strict=True)) if plan["power"] else {}
    return [
        {
            "policy": plan["policies"][curve["policy"]]["label"],
            "sends": size,
            "right": right["mean"],
            "right_low": right["low"],
            "right_high": right["high"],
            "extra_mean": extra,
            "ab_test_power": powers.get(size) if curve["policy"] == plan["baseline"] else None,
        }
        for curve in plan["curves"]
        for size, right, extra in zip(plan["sizes"], curve["right"], curve["extra"], strict=True)
    ]


def _first(plan: Outlook) -> int | None:
    """The policy to use if it gets there, else the one that needs the fewest sends."""
    there = {
        curve["policy"]: curve["needed"]["sends"] for curve in plan["curves"] if curve["needed"]["sends"] is not None
    }
    chosen = plan["verdict"]["policy"]
    if chosen in there:
        return int(chosen)
    return min(there, key=lambda place: there[place], default=None)


def _curve(plan: Outlook, place: int) -> Figure:
    curve, slot = plan["curves"][place], told.slots(plan)[place]
    style: Figure = {"color": policy_hue(slot), "width": 3 if place == plan["verdict"]["policy"] else 2.25}
    if slot is None:
        style |= {"width": 1.25, "dash": "2px,3.5px"}
    return {
        "type": "scatter",
        "mode": "lines",
        "name": plain(plan["policies"][place]["label"], _HOVER_LETTERS),
        "x": plan["sizes"],
        "y": [right["mean"] for right in curve["right"]],
        "line": style,
        "hovertemplate": "%{y:.0%}",
        "cliponaxis": False,
    }


def _power(plan: Outlook) -> list[Figure]:
    if plan["power"] is None:
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": wording.PROVES,
            "x": plan["power"]["sizes"],
            "y": plan["power"]["power"],
            "line": {"color": policy_hue(0), "width": 1.75, "dash": "6px,4px"},
            "hovertemplate": "%{y:.0%}",
            "cliponaxis": False,
        }
    ]


def _arrival(plan: Outlook) -> list[Figure]:
    """The mark where the first policy reaches the target."""
    place = _first(plan)
    if place is None:
        return []
    slot = told.slots(plan)[place]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [plan["curves"][place]["needed"]["sends"]],
            "y": [plan["target"]],
            "marker": {
                "symbol": policy_symbol(slot),
                "size": 11,
                "color": policy_hue(slot),
                "line": {"width": 1.5, "color": token("bs-body-bg")},
            },
            "hoverinfo": "skip",
            "cliponaxis": False,
        }
    ]


def _named(plan: Outlook) -> list[tuple[str, str, float]]:
    """What stands at the end of each line: its words, their colour and the height."""
    ends = [
        (told.contender(plan, curve["policy"]).short, policy_text_hue(told.slots(plan)[curve["policy"]]), right["mean"])
        for curve in plan["curves"]
        for right in curve["right"][-1:]
    ]
    power = [(wording.PROVES, policy_text_hue(0), plan["power"]["power"][-1])] if plan["power"] else []
    return [*ends, *power]


def _ends(plan: Outlook) -> Figure:
    named = _named(plan)
    height = HEIGHT - _TOP - _BOTTOM
    places = push_apart([y * height for _, _, y in named], LABEL_GAP, 0, height)
    largest = max(plan["sizes"])
    return {
        "type": "scatter",
        "mode": "text",
        "x": [largest] * len(named),
        "y": [place / height for place in places],
        "text": [f"{LABEL_INDENT}<b>{plain(label)}</b> {wording.whole(y)}" for label, _, y in named],
        "textposition": "middle right",
        "textfont": {"size": LABEL_SIZE, "color": [hue for _, hue, _ in named]},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _layout(plan: Outlook) -> Figure:
    largest = max(plan["sizes"])
    left, room = 44, _BOLD + label_room([f"{plain(label)} 99%+" for label, _, _ in _named(plan)])
    shapes, notes = _zone(plan, largest)
    return base_layout(
        margin={"l": left, "r": room, "t": _TOP, "b": _BOTTOM},
        xaxis=send_axis(largest, 2, PHONE - left - room),
        yaxis={"range": [0, 1], "tickvals": [0, 0.25, 0.5, 0.75, 1], "tickformat": ".0%"},
        shapes=[*shapes, _target(plan), *_verticals(plan)],
        annotations=[*notes, *_notes(plan, largest)],
    )


def _zone(plan: Outlook, largest: float) -> tuple[list[Figure], list[Figure]]:
    """The sizes at which testing is not worth it, with words where there is room."""
    verdict = plan["verdict"]
    end = largest if verdict["never"] else verdict["test_from"]
    if end is None or verdict["kind"] in ("early", "nothing"):
        return [], []
    band: Figure = {"type": "rect", "x0": 0, "x1": end, "y0": 0, "y1": 1, "layer": "below", "line": {"width": 0}}
    band |= {"fillcolor": token("bs-secondary-bg")}
    if end / largest < _NARROWEST_BAND:
        return [band], []
    is_wide = end / largest >= _WIDE_BAND
    words = annotation(
        wording.NOT_WORTH,
        x=end / 2 if is_wide else 0,
        y=0.26,
        xanchor="center" if is_wide else "left",
        bgcolor=token("bs-secondary-bg"),
        align="center",
        font={"family": FONT, "size": AXIS_SIZE, "color": token("bs-tertiary-color")},
    )
    return [band], [words]


def _target(plan: Outlook) -> Figure:
    ink = {"color": token("bs-body-color"), "width": 1.25}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": plan["target"], "y1": plan["target"], "line": ink}


def _verticals(plan: Outlook) -> list[Figure]:
    """The list, over the whole height, and where the target is reached, below it."""
    dotted = {"color": token("bs-body-color"), "width": 1, "dash": "2px,3px"}
    place = _first(plan)
    lines = [(plan["sends"], 1.0)]
    lines += [] if place is None else [(plan["curves"][place]["needed"]["sends"], plan["target"])]
    return [{"type": "line", "x0": x, "x1": x, "y0": 0, "y1": top, "line": dotted} for x, top in lines]


def _notes(plan: Outlook, largest: float) -> list[Figure]:
    ink = {"family": FONT, "size": AXIS_SIZE, "color": token("bs-body-color")}
    is_right = plan["sends"] > _NEAR_THE_END * largest
    return [
        annotation(
            f"{wording.YOUR_TARGET}, {percent(plan['target'], 0)}",
            x=0,
            y=plan["target"],
            xshift=8,
            yshift=9,
            font=ink,
        ),
        annotation(
            f"{wording.YOUR_LIST}, {count(plan['sends'])}",
            x=plan["sends"],
            y=0.03,
            xanchor="right" if is_right else "left",
            xshift=-7 if is_right else 7,
            font=ink,
        ),
    ]
