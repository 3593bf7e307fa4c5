"""What was missed (regret) along the campaign: a mean line a policy, bands for the first two.

A line that dwarfs the rest leaves the chart at the top and says so there, so that the others keep their room.
"""

from typing import Any, NamedTuple

from components import comparison as compared
from components import wording_compare as wording
from components.charts.figure import (
    LABEL_GAP,
    LABEL_LETTERS,
    LABEL_SIZE,
    PHONE,
    Figure,
    annotation,
    base_layout,
    nice_top,
    plain,
    push_apart,
    send_axis,
    tick_room,
)
from components.charts.marks import policy_hue, policy_symbol, policy_text_hue
from components.comparison import Comparison, recommended
from components.formats import in_money
from components.theme import token
from components.wording_goals import goal_of

HEIGHT = 390
_TOP, _BOTTOM = 14, 34
_BEYOND_ROW = 18
"""Pixels above the chart that the label of a line needs that leaves it."""
_DWARFS = 2.0
"""A line that ends this many times higher than all the others need leaves the chart."""
_MOST_BEYOND = 3
"""At most one in three policies may leave the chart; the others are the picture."""
_ROUNDED_TO_NOTHING = 0.005
_EARLY = 0.25
"""A policy stops missing early when at most this share of what it missed came in the second half of the sends."""
_LEARNT = 0.1
"""The part of the sends after which the slope of learning is worth a comparison."""
_THIN = 0.005
"""A band thinner than this part of the axis is not seen."""
_HOVER_LETTERS = 30


class Scale(NamedTuple):
    """The axis upwards: its end, the step of its gridlines, and the policies whose lines go on above it."""

    top: float
    step: float
    beyond: list[int]


def figure(comparison: Comparison) -> Figure:
    """Lines, bands and direct labels; empty without policies or campaigns."""
    if not comparison["curves"]["at"] or not comparison["policies"]:
        return _empty()
    scale = _scale(comparison)
    data = [
        *(trace for place in _banded(comparison, scale) for trace in _band(comparison, place)),
        *_slope(comparison, scale),
        *(_line(comparison, place) for place in _drawing_order(comparison)),
        _ends(comparison, scale),
        *_exits(comparison, scale),
    ]
    return {"data": data, "layout": _layout(comparison, scale)}


def title(comparison: Comparison) -> str:
    """Who missed the least, and whether that was early."""
    ends, goal = _final(comparison), goal_of(comparison)
    if max(ends) < _ROUNDED_TO_NOTHING:
        return wording.nothing_to_miss(goal)
    shown = _shown(comparison)
    first = _least(comparison)
    usable = compared.usable(comparison) or [first]
    level = [compared.called(comparison, place) for place in usable if shown[place] == shown[first]]
    return wording.regret_title(level, shown[first], goal, stops_early=_stops_early(comparison, first))


def deck(comparison: Comparison) -> str:
    """What a line, a band and the dotted line are."""
    scale = _scale(comparison)
    banded = [compared.called(comparison, place) for place in _banded(comparison, scale)]
    return wording.regret_deck(
        comparison["replications"],
        comparison["level"],
        banded,
        goal_of(comparison),
        best=wording.best_line(moves=compared.moves(comparison), segmented=comparison["is_segmented"]),
        has_slope=bool(_slope(comparison, scale)),
        is_clipped=bool(scale.beyond),
    )


def summary(comparison: Comparison) -> str:
    """What every policy missed, the least first."""
    ends, shown = _final(comparison), _shown(comparison)
    order = sorted(range(len(ends)), key=lambda place: ends[place])
    named = [(comparison["policies"][place]["label"], shown[place]) for place in order]
    return wording.regret_summary(comparison["sends"], comparison["replications"], named, goal_of(comparison))


def records(comparison: Comparison) -> list[dict[str, Any]]:
    """A row a policy and step; the 5th and 95th percentile of campaigns where they are known."""
    curves = comparison["curves"]
    rows = []
    for place, policy in enumerate(comparison["policies"]):
        bounds = zip(curves["regret_low"][place], curves["regret_high"][place], strict=True)
        bands = dict(zip(curves["band_at"], bounds, strict=True))
        for sends, mean in zip(curves["at"], curves["regret"][place], strict=True):
            low, high = bands.get(sends, (None, None))
            row = {"policy": policy["label"], "sends": sends, "regret_mean": mean}
            rows.append(row | {"regret_p5": low, "regret_p95": high})
    return rows


def _final(comparison: Comparison) -> list[float]:
    return [line[-1] for line in comparison["curves"]["regret"]]


def _shown(comparison: Comparison) -> list[str]:
    """The final numbers as the chart writes them."""
    ends = _final(comparison)
    return [wording.missed(end, max(ends), goal_of(comparison)) for end in ends]


def _least(comparison: Comparison) -> int:
    """The policy that missed the least, of those that somebody could use."""
    ends = _final(comparison)
    return min(compared.usable(comparison) or range(len(ends)), key=lambda place: ends[place])


def _stops_early(comparison: Comparison, place: int) -> bool:
    line, at = comparison["curves"]["regret"][place], comparison["curves"]["at"]
    half = next(step for step, sends in enumerate(at) if 2 * sends >= comparison["sends"])
    return bool(line[-1] - line[half] <= _EARLY * line[-1] and half < len(at) - 1)


def _scale(comparison: Comparison) -> Scale:
    beyond = _beyond(comparison)
    rest = [place for place in range(len(comparison["policies"])) if place not in beyond]
    top, step = nice_top(max(_needs(comparison, place) for place in rest), lines=4)
    return Scale(top, step, beyond)


def _beyond(comparison: Comparison) -> list[int]:
    """The steep lines: each ends far above all that the others need. Never the policy that the page is about."""
    ends = _final(comparison)
    order = sorted(range(len(ends)), key=lambda place: -ends[place])
    for amount in range(max(1, len(order) // _MOST_BEYOND), 0, -1):
        steep, rest = order[:amount], order[amount:]
        if not rest or compared.focus(comparison) in steep:
            continue
        needed = max(_needs(comparison, place) for place in rest)
        if needed > 0 and ends[steep[-1]] > _DWARFS * needed:
            return steep
    return []


def _needs(comparison: Comparison, place: int) -> float:
    """The height that a policy's line, and its band if it has one, takes."""
    curves = comparison["curves"]
    heights = list(curves["regret"][place])
    if place in _candidates(comparison):
        heights += curves["regret_high"][place]
    highest: float = max(heights)
    return highest


def _candidates(comparison: Comparison) -> list[int]:
    """The verdict's first two. One campaign has no band."""
    verdict = comparison["verdict"]
    if comparison["replications"] == 1:
        return []
    return [place for place in (verdict["leader"], verdict["runner_up"]) if place is not None]


def _banded(comparison: Comparison, scale: Scale) -> list[int]:
    """Who has a band to show: an even split misses as many in every campaign."""
    curves = comparison["curves"]
    widths = {
        place: curves["regret_high"][place][-1] - curves["regret_low"][place][-1] for place in _candidates(comparison)
    }
    return [place for place, width in widths.items() if place not in scale.beyond and width > _THIN * scale.top]


def _drawing_order(comparison: Comparison) -> list[int]:
    """The policy that the page is about is drawn last, above the others."""
    focus = compared.focus(comparison)
    return sorted(range(len(comparison["policies"])), key=lambda place: place == focus)


def _line(comparison: Comparison, place: int) -> Figure:
    curves, slot = comparison["curves"], compared.slots(comparison)[place]
    style: Figure = {"color": policy_hue(slot), "width": 3 if place == recommended(comparison) else 2.25}
    if slot is None:
        style |= {"width": 1.25, "dash": "2px,3.5px"}
    return {
        "type": "scatter",
        "mode": "lines",
        "name": plain(comparison["policies"][place]["label"], _HOVER_LETTERS),
        "x": [0, *curves["at"]],
        "y": [0, *curves["regret"][place]],
        "line": style,
        "hovertemplate": _hover(comparison),
    }


def _hover(comparison: Comparison) -> str:
    """Small amounts of money with their cents."""
    goal = goal_of(comparison)
    if not goal.is_money:
        return "%{y:,.0f}"
    return in_money(f"%{{y:,.{wording.missed_digits(max(_final(comparison)), goal)}f}}")


def _band(comparison: Comparison, place: int) -> list[Figure]:
    """From the 5th to the 95th percentile: the lower edge, then the upper one that fills down to it."""
    curves, slot = comparison["curves"], compared.slots(comparison)[place]
    edge: Figure = {
        "type": "scatter",
        "mode": "lines",
        "x": [0, *curves["band_at"]],
        "line": {"width": 0, "color": policy_hue(slot)},
        "hoverinfo": "skip",
    }
    opacity = 0.2 if place == comparison["verdict"]["leader"] else 0.1
    fill = {"fill": "tonexty", "fillcolor": policy_hue(slot, opacity)}
    return [{**edge, "y": [0, *curves["regret_low"][place]]}, {**edge, "y": [0, *curves["regret_high"][place]], **fill}]


def _slope(comparison: Comparison, scale: Scale) -> list[Figure]:
    """The dotted line; nothing where it is not defined, is flat or goes off the chart.

    Only its slope means something, so it starts on the line of the policy that missed least, when that has had
    its first sends to learn from.
    """
    curves = comparison["curves"]
    curve, at = curves["lai_robbins_regret"], curves["at"]
    start = next(step for step, sends in enumerate(at) if sends >= _LEARNT * comparison["sends"])
    if not curve or curve[-1] <= curve[start]:
        return []
    lift = curves["regret"][_least(comparison)][start] - curve[start]
    heights = [round(height + lift, 3) for height in curve[start:]]
    if heights[-1] > scale.top:
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": wording.BEST_SLOPE,
            "x": at[start:],
            "y": heights,
            "line": {"color": token("bs-body-color"), "width": 1.25, "dash": "1.5px,3px"},
            "hoverinfo": "skip",
        }
    ]


def _ends(comparison: Comparison, scale: Scale) -> Figure:
    """The policies' shapes where their lines end."""
    places = [place for place in _drawing_order(comparison) if place not in scale.beyond]
    ends, slots = _final(comparison), compared.slots(comparison)
    return _marks([slots[place] for place in places], [comparison["sends"]] * len(places), [ends[p] for p in places])


def _exits(comparison: Comparison, scale: Scale) -> list[Figure]:
    """The shapes of the steep policies where their lines leave the chart."""
    if not scale.beyond:
        return []
    slots = compared.slots(comparison)
    across = [_exit(comparison, place, scale.top) for place in scale.beyond]
    return [_marks([slots[place] for place in scale.beyond], across, [scale.top] * len(across))]


def _marks(slots: list[int | None], x: list[Any], y: list[float]) -> Figure:
    outline = [policy_hue(slot) if slot is None else token("bs-body-bg") for slot in slots]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": x,
        "y": y,
        "marker": {
            "symbol": [policy_symbol(slot) for slot in slots],
            "size": 12,
            "color": [policy_hue(slot) for slot in slots],
            "line": {"width": 1.5, "color": outline},
        },
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _exit(comparison: Comparison, place: int, top: float) -> float:
    """After how many sends a line crosses the top of the chart."""
    before = (0.0, 0.0)
    for sends, missed in zip(comparison["curves"]["at"], comparison["curves"]["regret"][place], strict=True):
        if missed >= top:
            part = (top - before[1]) / (missed - before[1])
            return float(round(before[0] + (sends - before[0]) * part, 1))
        before = (sends, missed)
    return float(comparison["sends"])


def _layout(comparison: Comparison, scale: Scale) -> Figure:
    top_margin = _TOP + _BEYOND_ROW * len(scale.beyond)
    notes, connectors = _end_labels(comparison, scale, HEIGHT - top_margin - _BOTTOM)
    return base_layout(
        margin={"l": tick_room(scale.top), "r": _right(comparison, scale), "t": top_margin, "b": _BOTTOM},
        xaxis=send_axis(comparison["sends"], 2, PHONE - tick_room(scale.top) - _right(comparison, scale)),
        yaxis={"range": [0, scale.top], "tick0": 0, "dtick": scale.step, "tickformat": ",~r"},
        annotations=[*notes, *_exit_labels(comparison, scale)],
        shapes=connectors,
    )


def _right(comparison: Comparison, scale: Scale) -> int:
    """The margin that the longest name and the longest number need."""
    names = [comparison["policies"][place]["label"] for place in _named(comparison, scale)]
    names += [wording.BEST_SLOPE] if _slope(comparison, scale) else []
    longest = max(min(len(name), LABEL_LETTERS) for name in names)
    digits = max(len(_shown(comparison)[place]) for place in _named(comparison, scale))
    return round(14 + 7.3 * longest + 10 + 7.2 * digits)


def _named(comparison: Comparison, scale: Scale) -> list[int]:
    return [place for place in range(len(comparison["policies"])) if place not in scale.beyond]


def _end_labels(comparison: Comparison, scale: Scale, pixels: int) -> tuple[list[Figure], list[Figure]]:
    """Names and numbers at the lines' ends, pushed apart, and short strokes from the ends to moved names."""
    slots, ends, shown = compared.slots(comparison), _final(comparison), _shown(comparison)
    grey = token("bs-secondary-color")
    names = compared.short_labels(comparison, LABEL_LETTERS)
    rows = [
        (ends[p], f"<b>{plain(names[p])}</b>", policy_text_hue(slots[p]), shown[p]) for p in _named(comparison, scale)
    ]
    rows += [(slope["y"][-1], wording.BEST_SLOPE, grey, "") for slope in _slope(comparison, scale)]
    unit = scale.top / pixels
    heights = push_apart([row[0] for row in rows], LABEL_GAP * unit, 6 * unit, scale.top)
    right = _right(comparison, scale)
    notes, strokes = [], []
    for (end, name, hue, number), height in zip(rows, heights, strict=True):
        at: Figure = {"x": 1, "xref": "paper", "y": round(height, 3), "yref": "y"}
        notes.append(annotation(name, xshift=14, font={"size": LABEL_SIZE, "color": hue}, **at))
        if number:
            font = {"size": LABEL_SIZE, "color": grey}
            notes.append(annotation(number, **at, xanchor="right", xshift=right - 2, font=font))
        if abs(end - height) > LABEL_GAP / 2 * unit:
            strokes.append(_stroke(end, height, hue))
    return notes, strokes


def _stroke(end: float, height: float, hue: str) -> Figure:
    return {
        "type": "line",
        "xref": "paper",
        "xsizemode": "pixel",
        "xanchor": 1,
        "x0": 6,
        "x1": 13,
        "yref": "y",
        "y0": end,
        "y1": round(height, 3),
        "line": {"color": hue, "width": 1},
    }


def _exit_labels(comparison: Comparison, scale: Scale) -> list[Figure]:
    """Above the chart, from where each steep line leaves it; the first to leave stands highest."""
    slots, shown = compared.slots(comparison), _shown(comparison)
    names = compared.short_labels(comparison, LABEL_LETTERS)
    exits = sorted((_exit(comparison, place, scale.top), place) for place in scale.beyond)
    return [
        annotation(
            f"<b>{wording.regret_beyond(plain(names[place]), shown[place])}</b>",
            x=across,
            y=1,
            yref="paper",
            yanchor="bottom",
            xshift=-6,
            yshift=7 + _BEYOND_ROW * (len(exits) - 1 - rank),
            font={"size": LABEL_SIZE, "color": policy_text_hue(slots[place])},
        )
        for rank, (across, place) in enumerate(exits)
    ]


def _empty() -> Figure:
    note = annotation(wording.REGRET_EMPTY, x=0.5, y=0.5, xref="paper", yref="paper", xanchor="center")
    hidden = {"visible": False}
    return {"data": [], "layout": base_layout(xaxis=hidden, yaxis=hidden, annotations=[note])}
