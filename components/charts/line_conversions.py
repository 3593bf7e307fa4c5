"""Where the conversions came from: cumulative conversions of every line, one panel a policy, one scale."""

from typing import Any, NamedTuple

from components import race as run
from components import wording
from components.charts.figure import Figure, annotation, base_layout, nice_top, plain, push_apart
from components.charts.marks import arm_hue, axis_labels, heading, label, letter_chip
from components.formats import count
from components.race import Race
from components.theme import arm_letter, token

_LEFT, _RIGHT = 48, 76
_HEADING, _PLOT, _AXIS, _BETWEEN = 32, 150, 26, 14
_GREY_POINTS = 30
_LETTER_GAP = 17
"""Pixels between the centres of two letters at the ends of curves."""


class Panel(NamedTuple):
    """One policy's curves: the place of its axes and the band of the figure that they take, from 0 to 1."""

    policy: int
    bottom: float
    top: float

    @property
    def suffix(self) -> str:
        """What Plotly calls its axes."""
        return "" if self.policy == 0 else str(self.policy + 1)


def height(race: Race) -> int:
    """Pixels that the figure needs for all its panels."""
    panels = len(race["policies"])
    return panels * (_HEADING + _PLOT + _AXIS) + _BETWEEN * (panels - 1)


def figure(race: Race) -> Figure:
    """One panel a policy in scenario order, the same scale in all."""
    if len(race["at"]) == 1 or race["sends"] == 0:
        return _empty()
    panels = _panels(race)
    return {
        "data": [curve for panel in panels for curve in _curves(race, panel)],
        "layout": _layout(race, panels),
    }


def title(race: Race) -> str:
    """The finding, about the policy that the verdict is about."""
    return _finding(race, run.focus(race))


def deck(race: Race) -> str:
    """What a curve is."""
    return wording.line_conversions_deck(len(run.told_apart(race)), run.line_count(race))


def summary(race: Race) -> str:
    """The finding for every policy, then the final conversions of the lines."""
    return " ".join(_policy_summary(race, policy) for policy in range(len(race["policies"])))


def _policy_summary(race: Race, policy: int) -> str:
    counts = run.row(race, policy, "conversions")
    parts = ", ".join(f"{arm_letter(line)} {count(counts[line])}" for line in run.told_apart(race))
    return f"{race['policies'][policy]['label']}: {wording.total_conversions(sum(counts))} ({parts})."


def _finding(race: Race, policy: int) -> str:
    counts = run.row(race, policy, "conversions")
    most = max(range(len(counts)), key=counts.__getitem__)
    share = counts[most] / sum(counts) if counts[most] else None
    return wording.line_conversions_title(race["policies"][policy]["label"], share, arm_letter(most))


def _panels(race: Race) -> list[Panel]:
    whole = height(race)
    step = _HEADING + _PLOT + _AXIS + _BETWEEN
    tops = [policy * step + _HEADING for policy in range(len(race["policies"]))]
    return [Panel(policy, 1 - (top + _PLOT) / whole, 1 - top / whole) for policy, top in enumerate(tops)]


def _highest(race: Race) -> tuple[float, float]:
    """The end of the shared scale and its step."""
    policies = range(len(race["policies"]))
    return nice_top(max(max(run.row(race, policy, "conversions")) for policy in policies), lines=4)


def _curves(race: Race, panel: Panel) -> list[Figure]:
    """Grey curves first, so that the named ones lie above."""
    named = run.told_apart(race)
    others = [line for line in range(run.line_count(race)) if line not in named]
    return [_curve(race, panel, line, is_named=line in named) for line in [*others, *reversed(named)]]


def _curve(race: Race, panel: Panel, line: int, *, is_named: bool) -> Figure:
    lines = run.line_count(race)
    # With 64 lines the grey ones would be most of the figure's weight: they get fewer points.
    step = 1 if is_named else max(1, len(race["at"]) // _GREY_POINTS)
    conversions = race["policies"][panel.policy]["conversions"][line::lines]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": f"{arm_letter(line)} {plain(race['arms'][line]['name'], 32)}",
        "x": _thinned(race["at"], step),
        "y": _thinned(conversions, step),
        "xaxis": f"x{panel.suffix}",
        "yaxis": f"y{panel.suffix}",
        "line": {
            "color": arm_hue(line) if is_named else token("btm-axis"),
            "width": 2.25 if line == race["best"] else 2 if is_named else 1,
        },
        "hovertemplate": "%{y:,d}",
        "hoverinfo": "all" if is_named else "skip",
        "cliponaxis": False,
    }


def _thinned(values: list[int], step: int) -> list[int]:
    """Every `step`-th value counted from the end, so that the last is always there."""
    return values[::-step][::-1]


def _layout(race: Race, panels: list[Panel]) -> Figure:
    axes: Figure = {}
    shapes: list[Figure] = []
    notes: list[Figure] = []
    for panel in panels:
        axes.update(_axes(race, panel))
        mark, *texts = _heading(race, panel)
        shapes.append(mark)
        ticks = axis_labels([0, race["sends"]], ["0", f"{count(race['sends'])} sends"], panel.suffix)
        notes += [*texts, *ticks, *_ends(race, panel)]
    return base_layout(margin={"l": _LEFT, "r": _RIGHT, "t": 0, "b": 0}, shapes=shapes, annotations=notes, **axes)


def _axes(race: Race, panel: Panel) -> dict[str, Any]:
    base = base_layout()
    top, step = _highest(race)
    across: Figure = {
        **base["xaxis"],
        "domain": [0, 1],
        "anchor": f"y{panel.suffix}",
        "range": [0, race["sends"]],
        "showticklabels": False,
        "hoverformat": ",d",
    }
    upwards: Figure = {
        **base["yaxis"],
        "domain": [panel.bottom, panel.top],
        "anchor": f"x{panel.suffix}",
        "range": [0, top],
        "dtick": step,
        "tickformat": ",d",
        "ticklabelstandoff": 6,
    }
    return {f"xaxis{panel.suffix}": across, f"yaxis{panel.suffix}": upwards}


def _heading(race: Race, panel: Panel) -> tuple[Figure, ...]:
    """The policy at the left, its total at the right."""
    y = panel.top + (_HEADING - 14) / height(race)
    entry = race["policies"][panel.policy]
    slot = run.slots(race)[panel.policy]
    total = wording.total_conversions(run.conversions(race, panel.policy))
    right = annotation(
        total, x=1, y=y, xref="paper", yref="paper", xanchor="right", xshift=_RIGHT - 4, font={"size": 13}
    )
    return (*heading(slot, entry["label"], y, -_LEFT), right)


def _ends(race: Race, panel: Panel) -> list[Figure]:
    """Letter and final count at the end of each named curve, pushed apart."""
    named = run.told_apart(race)
    counts = run.row(race, panel.policy, "conversions")
    top, _ = _highest(race)
    unit = top / _PLOT
    places = push_apart([counts[line] for line in named], _LETTER_GAP * unit, 0, top)
    notes: list[Figure] = []
    for line, place in zip(named, places, strict=True):
        at: Figure = {
            "x": race["sends"],
            "y": round(place, 3),
            "xref": f"x{panel.suffix}",
            "yref": f"y{panel.suffix}",
        }
        notes += [letter_chip(line, xshift=15, **at), label(count(counts[line]), xshift=27, **at)]
    return notes


def _empty() -> Figure:
    note = annotation(wording.LINE_CONVERSIONS_EMPTY, x=0.5, y=0.5, xref="paper", yref="paper", xanchor="center")
    hidden = {"visible": False}
    return {"data": [], "layout": base_layout(xaxis=hidden, yaxis=hidden, annotations=[note])}
