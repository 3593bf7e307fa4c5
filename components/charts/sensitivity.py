"""Would another scenario change the answer? The leader's lead over its best rival, a strip a changed quantity."""

from typing import Any, Literal, TypedDict

from components import comparison as compared
from components import wording_compare as wording
from components.charts.figure import AXIS_SIZE, FONT, LABEL_SIZE, Figure, annotation, base_layout, plain
from components.charts.marks import policy_hue, policy_symbol, policy_text_hue
from components.comparison import Comparison
from components.formats import compact, signed_short
from components.theme import token
from components.wording_compare import Lead
from components.wording_goals import Goal, goal_of

HEIGHT = 180
_TOP, _BOTTOM = 34, 44
_RIGHT = 20
"""Room for the last column's number on a phone."""
_LEADER_LETTERS = 12
_NUMBER_LETTERS = 6
"""A longer number would reach into the next column on a phone."""
_CLEAR_OF_ZERO = 9
"""Pixels between the middle of a number and the zero line."""


class Point(TypedDict):
    """Who leads in one scenario, by how much in the unit of the goal; mean over campaigns."""

    leader: int  # place among the comparison's policies
    name: str
    label: str
    rival_label: str
    lead: float
    low: float  # interval of the mean lead
    high: float
    is_tie: bool


class Strip(TypedDict):
    """One quantity at several values, everything else as in the present scenario."""

    what: Literal["sends", "gap", "setting"]  # of "setting", the lead is the policy's own extra over an even split
    label: str
    values: list[float]
    present: int  # place of the present scenario among the values
    points: list[Point | None]  # null: not simulated yet
    unit: str
    campaigns: int  # at each value
    level: float  # of each interval, so that those of all strips hold together


def figure(comparison: Comparison, strip: Strip) -> Figure:
    """A column a value; columns that are not simulated yet stay empty."""
    known = _known(strip)
    low, high = _span([point for _, point in known])
    return {
        "data": [_whiskers(comparison, place, point) for place, point in known] + _marks(comparison, strip),
        "layout": _layout(comparison, strip, low, high),
    }


def title(comparison: Comparison, strips: list[Strip]) -> str:
    """Whether the same policy leads in every scenario so far; a policy's own settings say nothing about that."""
    points = _scenarios(strips)
    present = compared.focus(comparison)
    decided = sorted((point for point in points if not point["is_tie"]), key=lambda point: point["leader"] != present)
    leaders = [compared.called(comparison, place) for place in dict.fromkeys(point["leader"] for point in decided)]
    return wording.sensitivity_title(leaders, len(points) - len(decided), len(points))


def deck(comparison: Comparison, strips: list[Strip]) -> str:
    """The measure, its interval and the marks; why there are fewer strips, or none."""
    has_rivals = len(compared.usable(comparison)) > 1
    if not strips:
        return wording.NOTHING_VARIED if has_rivals else wording.NO_RIVAL
    told = wording.sensitivity_deck(
        {strip["what"] == "setting" for strip in strips},
        strips[0]["campaigns"],
        strips[0]["level"],
        goal_of(comparison),
        together=comparison["level"],
        is_short=strips[0]["campaigns"] < comparison["replications"],
    )
    return told if has_rivals else f"{wording.NO_RIVAL} {told}"


def summary(strip: Strip, goal: Goal) -> str:
    """Every value of a strip with its leader and lead."""
    told = [
        (_value(strip, place), wording.NOT_SIMULATED if point is None else _in_words(point, goal))
        for place, point in enumerate(strip["points"])
    ]
    return wording.sensitivity_summary(strip["label"], strip["level"], told)


def records(strips: list[Strip]) -> list[dict[str, Any]]:
    """A row a simulated scenario."""
    return [
        {
            "changed": strip["label"],
            "value": strip["values"][place],
            "unit": strip["unit"],
            "leader": point["label"],
            "rival": point["rival_label"],
            "lead": point["lead"],
            "lead_low": point["low"],
            "lead_high": point["high"],
            "level": strip["level"],
            "campaigns": strip["campaigns"],
            "is_tie": point["is_tie"],
            "is_present": place == strip["present"],
        }
        for strip in strips
        for place, point in _known(strip)
    ]


def _known(strip: Strip) -> list[tuple[int, Point]]:
    return [(place, point) for place, point in enumerate(strip["points"]) if point is not None]


def _scenarios(strips: list[Strip]) -> list[Point]:
    """The points of all different scenarios: the present one is in every strip, and counts once."""
    found: list[Point] = []
    present: list[Point] = []
    for strip in strips:
        if strip["what"] != "setting":
            found += [point for place, point in _known(strip) if place != strip["present"]]
            present = present or [point for place, point in _known(strip) if place == strip["present"]]
    return present + found


def _in_words(point: Point, goal: Goal) -> str:
    lead = Lead(point["lead"], point["low"], point["high"])
    return wording.sensitivity_point(point["label"], point["rival_label"], lead, goal, is_tie=point["is_tie"])


def _value(strip: Strip, place: int) -> str:
    return compact(strip["values"][place])


def _span(points: list[Point]) -> tuple[float, float]:
    """Around every whisker and zero, with a little air."""
    low = min([0.0, *(point["low"] for point in points)])
    high = max([0.0, *(point["high"] for point in points)])
    air = 0.08 * (high - low) or 1.0
    return low - air, high + air


def _hue(comparison: Comparison, point: Point) -> str:
    return token("btm-line-strong") if point["is_tie"] else policy_hue(compared.slots(comparison)[point["leader"]])


def _whiskers(comparison: Comparison, place: int, point: Point) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [place, place],
        "y": [point["low"], point["high"]],
        "line": {"color": _hue(comparison, point), "width": 3},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _marks(comparison: Comparison, strip: Strip) -> list[Figure]:
    """The leaders' shapes; a tie is a hollow circle, whoever is ahead."""
    known = _known(strip)
    if not known:
        return []
    slots, ground = compared.slots(comparison), token("bs-body-bg")
    points, goal = [point for _, point in known], goal_of(comparison)
    hollow = token("btm-line-strong")
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [place for place, _ in known],
            "y": [point["lead"] for point in points],
            "marker": {
                # Without it, marks of different sizes are drawn as pale bubbles.
                "opacity": 1,
                "symbol": ["circle" if point["is_tie"] else policy_symbol(slots[point["leader"]]) for point in points],
                "size": [10 if point["is_tie"] else 13 for point in points],
                "color": [ground if point["is_tie"] else _hue(comparison, point) for point in points],
                "line": {"width": 1.5, "color": [hollow if point["is_tie"] else ground for point in points]},
            },
            "hovertext": [
                plain(f"{_in_words(point, goal)} ({wording.at_level(strip['level'])})", 140) for point in points
            ],
            "hovertemplate": "%{hovertext}<extra></extra>",
            "cliponaxis": False,
        }
    ]


def _layout(comparison: Comparison, strip: Strip, low: float, high: float) -> Figure:
    known = _known(strip)
    axis = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0, "layer": "below"}
    shapes = [_present(strip), axis | {"line": {"color": token("btm-axis"), "width": 1}}]
    notes = [_heading(strip), *_values(strip), *_numbers(comparison, known, high - low)]
    notes += _other_leaders(comparison, strip)
    if not known:
        notes.append(annotation(wording.SENSITIVITY_WAITING, x=0, y=0.5, xref="paper", yref="paper", yshift=14))
    return base_layout(
        margin={"l": 0, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
        hovermode="closest",
        xaxis={"range": [-0.5, len(strip["values"]) - 0.5], "visible": False},
        yaxis={"range": [low, high], "visible": False, "showgrid": False},
        shapes=shapes,
        annotations=notes,
    )


def _present(strip: Strip) -> Figure:
    """The shaded column of the present scenario, from its values to the top."""
    whole = HEIGHT - _TOP - _BOTTOM
    return {
        "type": "rect",
        "x0": strip["present"] - 0.46,
        "x1": strip["present"] + 0.46,
        "yref": "paper",
        "y0": -_BOTTOM / whole,
        "y1": 1 + 8 / whole,
        "fillcolor": token("bs-secondary-bg"),
        "line": {"width": 0},
        "layer": "below",
    }


def _heading(strip: Strip) -> Figure:
    font = {"family": FONT, "size": 13, "color": token("bs-body-color")}
    text = f"<b>{plain(strip['label'], 56)}</b>"
    return annotation(text, x=0, y=1, xref="paper", yref="paper", yanchor="bottom", yshift=14, font=font)


def _values(strip: Strip) -> list[Figure]:
    notes = []
    for place in range(len(strip["values"])):
        is_present = place == strip["present"]
        text = f"<b>{_value(strip, place)}</b>" if is_present else _value(strip, place)
        ink = token("bs-body-color" if is_present else "bs-secondary-color")
        notes.append(_below(place, text, -4, AXIS_SIZE, ink))
    return notes


def _other_leaders(comparison: Comparison, strip: Strip) -> list[Figure]:
    """Names under the scenarios that somebody else leads than the policy that the page is about."""
    if strip["what"] == "setting":
        return []
    slots, present = compared.slots(comparison), compared.focus(comparison)
    names = compared.short_labels(comparison, _LEADER_LETTERS)
    return [
        _below(place, plain(names[point["leader"]]), -22, 11.5, policy_text_hue(slots[point["leader"]]))
        for place, point in _known(strip)
        if not point["is_tie"] and point["leader"] != present
    ]


def _below(place: int, text: str, shift: int, size: float, ink: str) -> Figure:
    font = {"family": FONT, "size": size, "color": ink}
    at: Figure = {"x": place, "y": 0, "yref": "paper", "yanchor": "top", "yshift": shift}
    return annotation(text, xanchor="center", align="center", font=font, **at)


def _numbers(comparison: Comparison, known: list[tuple[int, Point]], span: float) -> list[Figure]:
    goal = goal_of(comparison)
    return [_number(place, point, span, goal) for place, point in known]


def _number(place: int, point: Point, span: float, goal: Goal) -> Figure:
    """The lead beside its mark; near zero it makes way for the zero line."""
    room = _CLEAR_OF_ZERO * span / (HEIGHT - _TOP - _BOTTOM)
    lift = 0 if abs(point["lead"]) > room else _CLEAR_OF_ZERO if point["lead"] >= 0 else -_CLEAR_OF_ZERO
    tie = {"family": FONT, "size": LABEL_SIZE, "color": token("bs-secondary-color")}
    lead = tie | {"color": token("bs-body-color")}
    text = wording.TIE if point["is_tie"] else f"<b>{_lead(point['lead'], goal)}</b>"
    return annotation(text, x=place, y=point["lead"], xshift=9, yshift=lift, font=tie if point["is_tie"] else lead)


def _lead(lead: float, goal: Goal) -> str:
    text = goal.bare_difference(lead)
    return text if len(text) <= _NUMBER_LETTERS else signed_short(lead)
