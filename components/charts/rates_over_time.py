"""How the lines' observed rates ran along the campaign, one panel a policy, with the true rates and the changes noticed."""

from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from components import race as run
from components import wording_drift as wording
from components.charts.figure import Figure, base_layout, nice_top, plain, push_apart
from components.charts.marks import arm_hue, axis_labels, heading, letter_chip
from components.formats import count
from components.race import Race
from components.theme import arm_letter, arm_slot, token

Drift = dict[str, Any]
"""What shows of changing rates, as the page stores it."""

_LEFT, _RIGHT = 48, 34
_HEADING, _PLOT, _AXIS, _BETWEEN = 32, 150, 26, 14
_LETTER_GAP = 17
_MANY_SENDS = 30
"""A stretch with fewer sends of a line does not set the scale."""
_MOST_MARKS = 6
_MOST_POINTS = 120
_ONE_PERCENT = 0.01


class Panel(NamedTuple):
    """One policy's curves: the place of its axes and the band of the figure that they take, from 0 to 1."""

    policy: int
    bottom: float
    top: float

    @property
    def suffix(self) -> str:
        """What Plotly calls its axes."""
        return "" if self.policy == 0 else str(self.policy + 1)


def is_shown(race: Race, drift: Drift) -> bool:
    """Whether there is anything to see: rates that move, or that seemed to."""
    return race["rates"] is not None or bool(drift["findings"])


def real(drift: Drift) -> list[dict[str, Any]]:
    """The findings that the true rates bear out, the largest change first."""
    findings = [finding for finding in drift["findings"] if finding["is_real"]]
    return sorted(findings, key=lambda finding: -abs(finding["after"] - finding["before"]))


def height(race: Race) -> int:
    """Pixels that the figure needs for all its panels."""
    panels = len(race["policies"])
    return panels * (_HEADING + _PLOT + _AXIS) + _BETWEEN * (panels - 1)


def figure(race: Race, drift: Drift) -> Figure:
    """One panel a policy in scenario order, the same scale in all; nothing where no rate moves or seemed to."""
    if not is_shown(race, drift):
        hidden = {"visible": False}
        return {"data": [], "layout": base_layout(xaxis=hidden, yaxis=hidden)}
    top, step = _highest(race, drift)
    panels = _panels(race)
    curves = [curve for panel in panels for curve in _panel_curves(race, drift, panel)]
    axes: Figure = {}
    shapes: list[Figure] = []
    notes: list[Figure] = []
    for panel in panels:
        axes |= _axes(race, panel, top, step)
        y = panel.top + (_HEADING - 14) / height(race)
        mark, text = heading(run.slots(race)[panel.policy], race["policies"][panel.policy]["label"], y, -_LEFT)
        ticks = axis_labels([0, race["sends"]], ["0", f"{count(race['sends'])} sends"], panel.suffix)
        shapes += [mark, *_verticals(drift, panel, top)]
        notes += [text, *ticks, *_ends(race, drift, panel, top)]
    margin = {"l": _LEFT, "r": _RIGHT, "t": 0, "b": 0}
    return {"data": curves, "layout": base_layout(margin=margin, shapes=shapes, annotations=notes, **axes)}


def summary(drift: Drift) -> str:
    """The changes in words, for those who cannot see them."""
    found = [
        wording.moved(
            finding["line"],
            finding["before"],
            finding["after"],
            (finding["true_before"], finding["true_after"]),
            finding["around"],
        )
        for finding in real(drift)[:_MOST_MARKS]
    ]
    return " ".join(found) or wording.UNSEEN


def records(race: Race, drift: Drift) -> list[dict[str, Any]]:
    """A row a policy, stretch and line."""
    lines = run.line_count(race)
    return [
        {
            "policy": policy["label"],
            "from_send": start + 1,
            "to_send": end,
            "line": arm["name"],
            **{name: policy[name][stretch * lines + line] for name in ("sends", "conversions", "rate", "low", "high")},
            "mean_true_rate": policy["true"][stretch * lines + line],
        }
        for policy in drift["policies"]
        for stretch, (start, end) in enumerate(pairwise(drift["edges"]))
        for line, arm in enumerate(race["arms"])
    ]


def _panels(race: Race) -> list[Panel]:
    whole, step = height(race), _HEADING + _PLOT + _AXIS + _BETWEEN
    tops = [policy * step + _HEADING for policy in range(len(race["policies"]))]
    return [Panel(policy, 1 - (top + _PLOT) / whole, 1 - top / whole) for policy, top in enumerate(tops)]


def _highest(race: Race, drift: Drift) -> tuple[float, float]:
    """The end of the shared scale and its step: true rates and what was well observed."""
    rates = [rate for rate in race["rates"] or run.rates_at(race) if rate is not None]
    for policy in drift["policies"]:
        pairs = zip(policy["rate"], policy["sends"], strict=True)
        rates += [rate for rate, sends in pairs if rate is not None and sends >= _MANY_SENDS]
    top, step = nice_top(max(rates), lines=4)
    return min(top, 1.04), step


def _panel_curves(race: Race, drift: Drift, panel: Panel) -> list[Figure]:
    pointed = _pointed(drift, panel.policy)
    band = [] if pointed is None else list(_band(drift, panel, pointed))
    named = list(reversed(run.told_apart(race)))
    dotted = [_true_curve(race, drift, panel, line) for line in named]
    return [*band, *dotted, *(_observed_curve(race, drift, panel, line, is_pointed=line == pointed) for line in named)]


def _pointed(drift: Drift, policy: int) -> int | None:
    """The line with the largest change that this policy's answers showed first, or any policy's."""
    findings = real(drift)
    own = [finding for finding in findings if finding["policy"] == policy]
    return next((int(finding["line"]) for finding in (*own, *findings)), None)


def _column(drift: Drift, policy: int, name: str, line: int) -> list[float | None]:
    observed = drift["policies"][policy]
    return list(observed[name][line :: len(observed[name]) // (len(drift["edges"]) - 1)])


def _middles(drift: Drift) -> list[float]:
    return [(start + end) / 2 for start, end in pairwise(drift["edges"])]


def _observed_curve(race: Race, drift: Drift, panel: Panel, line: int, *, is_pointed: bool) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": f"{arm_letter(line)} {plain(race['arms'][line]['name'], 32)}",
        "x": _middles(drift),
        "y": _column(drift, panel.policy, "rate", line),
        "xaxis": f"x{panel.suffix}",
        "yaxis": f"y{panel.suffix}",
        "line": {"color": arm_hue(line), "width": 2.5 if is_pointed else 1.75},
        "hovertemplate": "%{y:.1%}",
        "connectgaps": False,
    }


def _true_curve(race: Race, drift: Drift, panel: Panel, line: int) -> Figure:
    x, y = _true_points(race, drift, panel.policy, line)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "xaxis": f"x{panel.suffix}",
        "yaxis": f"y{panel.suffix}",
        "line": {"color": arm_hue(line), "width": 1.25, "dash": "1.5px,3px"},
        "hoverinfo": "skip",
        "connectgaps": False,
    }


def _true_points(race: Race, drift: Drift, policy: int, line: int) -> tuple[list[float], list[float | None]]:
    """Where the true rate bends; of lines that wear out, each policy's own."""
    if race["wears_out"]:
        return _middles(drift), _column(drift, policy, "true", line)
    frames = range(len(race["at"]))
    rates = [run.rates_at(race, frame)[line] for frame in frames] if race["rates"] else [race["arms"][line]["rate"]] * 2
    if not race["rates"]:
        return [0, race["sends"]], rates
    last = len(rates) - 1
    bends = [at for at in frames if at in (0, last) or rates[at - 1] != rates[at] or rates[at] != rates[at + 1]]
    if len(bends) > _MOST_POINTS:
        bends = bends[:: -(-len(bends) // _MOST_POINTS)]
    return [race["at"][at] for at in bends], [rates[at] for at in bends]


def _band(drift: Drift, panel: Panel, line: int) -> Iterator[Figure]:
    """The interval of the line pointed at, as one closed shape a stretch without gaps."""
    ends = zip(
        _middles(drift),
        _column(drift, panel.policy, "low", line),
        _column(drift, panel.policy, "high", line),
        strict=True,
    )
    for is_known, group in groupby(ends, key=lambda end: end[1] is not None):
        if is_known:
            x, low, high = (list(column) for column in zip(*group, strict=True))
            yield {
                "type": "scatter",
                "mode": "lines",
                "x": [*x, *reversed(x)],
                "y": [*low, *reversed(high)],
                "xaxis": f"x{panel.suffix}",
                "yaxis": f"y{panel.suffix}",
                "fill": "toself",
                "fillcolor": token(f"a{arm_slot(line)}/0.18"),
                "line": {"width": 0},
                "hoverinfo": "skip",
            }


def _verticals(drift: Drift, panel: Panel, top: float) -> list[Figure]:
    """Dotted where a rate moved, solid where that first showed, in the panel of the policy whose answers showed it."""
    ink = token("bs-body-color")
    across = {"type": "line", "xref": f"x{panel.suffix}", "yref": f"y{panel.suffix}", "y0": 0, "y1": top}
    marks = []
    for finding in real(drift)[:_MOST_MARKS]:
        places = {"x0": finding["around"], "x1": finding["around"]}
        marks.append({**across, **places, "line": {"color": ink, "width": 1, "dash": "2px,3px"}})
        if finding["policy"] == panel.policy:
            places = {"x0": finding["noticed"], "x1": finding["noticed"]}
            marks.append({**across, **places, "line": {"color": ink, "width": 1}})
    return marks


def _ends(race: Race, drift: Drift, panel: Panel, top: float) -> list[Figure]:
    """The letter of each line that is still there at its true rate, and at the foot of its own marks."""
    lasts = {line: _last(race, drift, panel.policy, line) for line in run.told_apart(race)}
    known = {line: last for line, last in lasts.items() if last is not None}
    named = list(known)
    places = push_apart(list(known.values()), _LETTER_GAP * top / _PLOT, 0, top)
    axes = {"xref": f"x{panel.suffix}", "yref": f"y{panel.suffix}"}
    letters = [
        letter_chip(line, x=race["sends"], y=round(place, 5), xshift=15, **axes)
        for line, place in zip(named, places, strict=True)
    ]
    marks = [
        letter_chip(finding["line"], x=finding["around"], y=0, yshift=9, **axes)
        for finding in real(drift)[:_MOST_MARKS]
    ]
    return [*letters, *marks]


def _last(race: Race, drift: Drift, policy: int, line: int) -> float | None:
    _, rates = _true_points(race, drift, policy, line)
    if race["wears_out"]:
        return next((rate for rate in reversed(rates) if rate is not None), None)
    return rates[-1]


def _axes(race: Race, panel: Panel, top: float, step: float) -> dict[str, Any]:
    base = base_layout()
    across = {
        **base["xaxis"],
        "domain": [0, 1],
        "anchor": f"y{panel.suffix}",
        "range": [0, race["sends"]],
        "showticklabels": False,
        "unifiedhovertitle": {"text": "around send %{x:,.0f}"},
    }
    upwards = {
        **base["yaxis"],
        "domain": [panel.bottom, panel.top],
        "anchor": f"x{panel.suffix}",
        "range": [0, top],
        "dtick": step,
        "tickformat": ".0%" if step >= _ONE_PERCENT else ".1%",
        "ticklabelstandoff": 6,
    }
    return {f"xaxis{panel.suffix}": across, f"yaxis{panel.suffix}": upwards}
