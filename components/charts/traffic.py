"""Where the sends went: stacked shares of each stretch of the run, one panel a policy."""

from typing import Any, NamedTuple

from dash import html

from components import race as run
from components import wording
from components import wording_changes as changes
from components import wording_segments as segments
from components.charts.figure import FONT, Figure, annotation, base_layout, plain
from components.charts.marks import arm_hue, arm_ink, axis_labels, heading
from components.formats import count
from components.race import Race, Window
from components.theme import arm_chip, arm_letter, token

_LEFT, _RIGHT = 42, 2
_HEADING, _AXIS, _BETWEEN = 36, 26, 14
_TALL, _LOW = 130, 76
"""Heights of a challenger's and of the baseline's bars, in pixels: what is new gets the room."""
_LETTER_SIZE = 11
_LETTER_ROOM = 15
"""A bar needs this many pixels of height for its letter."""
_WIDE_BARS = 12
"""Up to this many bars, each is wide enough for two letters."""
_NEARLY_ALL, _MOST = 0.95, 0.5
_NO_MIDDLE = 2
"""A run of so few sends has no whole middle that is worth a label."""


class Panel(NamedTuple):
    """One policy's bars: the place of its axes and the band of the figure that they take, from 0 to 1."""

    policy: int
    number: int
    bottom: float
    top: float
    pixels: int

    @property
    def suffix(self) -> str:
        """What Plotly calls its axes."""
        return "" if self.number == 0 else str(self.number + 1)


def height(race: Race) -> int:
    """Pixels that the figure needs for all its panels."""
    shown = _order(race)
    return sum(_HEADING + _pixels(race, policy) + _AXIS for policy in shown) + _BETWEEN * (len(shown) - 1)


def figure(race: Race) -> Figure:
    """Stacked bars for every policy, the challengers first, the best line at the bottom."""
    if len(race["at"]) == 1 or race["sends"] == 0:
        return _empty()
    panels = _panels(race)
    return {
        "data": [bar for panel in panels for bar in _bars(race, panel)],
        "layout": _layout(race, panels),
    }


def legend(race: Race) -> html.Div:
    """The key of the stacks, in their order from below: letter and name of each line."""
    named = run.told_apart(race)
    keys = [html.Li([arm_chip(line), html.Span(race["arms"][line]["name"])]) for line in named]
    if len(named) < run.line_count(race):
        hidden: Any = {"aria-hidden": "true"}
        others = html.Span(className="arm-chip arm-chip-others", **hidden)
        keys.append(html.Li([others, html.Span(wording.OTHER_LINES)]))
    return html.Div(html.Ul(keys), className="legend")


def title(race: Race) -> str:
    """The finding, about the policy that the verdict is about."""
    return _finding(race, run.focus(race))


def deck(race: Race) -> str:
    """What a bar is."""
    return wording.traffic_deck(run.window_sends(race), len(run.windows(race, race["baseline"])))


def summary(race: Race) -> str:
    """The finding for every policy."""
    return ". ".join(_finding(race, policy) for policy in range(len(race["policies"]))) + "."


def _finding(race: Race, policy: int) -> str:
    label, best = race["policies"][policy]["label"], run.best_lines(race)
    if race["segments"] is not None:
        return segments.best_for_each(label, run.to_best(race, policy) / max(1, run.emails(race, policy)))
    if race["rates"] is not None:
        return changes.followed_title(label, run.to_best(race, policy) / max(1, run.emails(race, policy)))
    if len(best) == run.line_count(race):
        return wording.TRAFFIC_NOTHING_TO_FIND
    favourite, after = run.favourite(race, policy), run.majority_from(race, policy, best)
    mostly = run.to_best(race, policy) / max(1, run.emails(race, policy))
    if after is None and favourite is None and mostly > _MOST:
        return wording.traffic_mostly(label, mostly, [arm_letter(line) for line in best])
    return wording.traffic_title(
        label,
        [arm_letter(line) for line in best],
        after,
        None if favourite is None else arm_letter(favourite),
        _within(race, policy, best),
    )


def _within(race: Race, policy: int, best: list[int]) -> int | None:
    """Sends of the first bar, unless nearly all of them went to the best lines already."""
    first = run.windows(race, policy)[0]
    return None if _share(first, best) >= _NEARLY_ALL else first.end


def _order(race: Race) -> list[int]:
    return [*run.challengers(race), race["baseline"]]


def _pixels(race: Race, policy: int) -> int:
    return _LOW if policy == race["baseline"] else _TALL


def _panels(race: Race) -> list[Panel]:
    whole = height(race)
    panels, used = [], 0
    for number, policy in enumerate(_order(race)):
        pixels = _pixels(race, policy)
        top = used + _HEADING
        panels.append(Panel(policy, number, 1 - (top + pixels) / whole, 1 - top / whole, pixels))
        used = top + pixels + _AXIS + _BETWEEN
    return panels


def _bars(race: Race, panel: Panel) -> list[Figure]:
    """One trace a line; lines that are not told apart are added up in grey."""
    cut = run.windows(race, panel.policy)
    named = run.told_apart(race)
    traces = [_trace(panel, cut, [line], _full_name(race, line), arm_hue(line)) for line in named]
    others = [line for line in range(run.line_count(race)) if line not in named]
    if others:
        traces.append(_trace(panel, cut, others, wording.OTHER_LINES.capitalize(), token("btm-line-strong")))
    return traces


def _full_name(race: Race, line: int) -> str:
    return f"{arm_letter(line)} {plain(race['arms'][line]['name'], 40)}"


def _trace(panel: Panel, cut: list[Window], lines: list[int], name: str, colour: str) -> Figure:
    return {
        "type": "bar",
        "name": name,
        "x": [(window.start + window.end) / 2 for window in cut],
        "y": [_share(window, lines) for window in cut],
        "width": [window.end - window.start for window in cut],
        "xaxis": f"x{panel.suffix}",
        "yaxis": f"y{panel.suffix}",
        # The outline in the page's colour is the gap between bars.
        "marker": {"color": colour, "line": {"color": token("bs-body-bg"), "width": 1.5}},
        "hovertext": [_hover(window, lines, name) for window in cut],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "textposition": "none",
    }


def _share(window: Window, lines: list[int]) -> float:
    whole = sum(window.sends)
    return round(sum(window.sends[line] for line in lines) / whole, 5) if whole else 0.0


def _hover(window: Window, lines: list[int], name: str) -> str:
    sends = sum(window.sends[line] for line in lines)
    conversions = sum(window.conversions[line] for line in lines)
    return wording.traffic_hover(name, window.start + 1, window.end, _share(window, lines), sends, conversions)


def _layout(race: Race, panels: list[Panel]) -> Figure:
    slots = run.slots(race)
    whole = height(race)
    axes: Figure = {}
    shapes: list[Figure] = []
    notes: list[Figure] = []
    ticks = _ticks(race["sends"])
    for panel in panels:
        axes.update(_axes(race, panel))
        label = race["policies"][panel.policy]["label"]
        # The heading starts at the figure's left edge, left of the plot: the paper begins behind the margin.
        mark, text = heading(slots[panel.policy], label, panel.top + (_HEADING - 12) / whole, -_LEFT)
        shapes.append(mark)
        notes += [
            text,
            *axis_labels(ticks, [count(tick) for tick in ticks], panel.suffix),
            *_letters(race, panel),
        ]
    return base_layout(
        margin={"l": _LEFT, "r": _RIGHT, "t": 0, "b": 0},
        barmode="stack",
        bargap=0,
        hovermode="closest",
        shapes=shapes,
        annotations=notes,
        **axes,
    )


def _axes(race: Race, panel: Panel) -> dict[str, Any]:
    base = base_layout()
    across: Figure = {
        **base["xaxis"],
        "domain": [0, 1],
        "anchor": f"y{panel.suffix}",
        "range": [0, race["sends"]],
        "showline": False,
        "showticklabels": False,
    }
    upwards: Figure = {
        **base["yaxis"],
        "domain": [panel.bottom, panel.top],
        "anchor": f"x{panel.suffix}",
        "range": [0, 1],
        "tickvals": [0, 0.5, 1],
        "ticktext": ["0%", "50%", "100%"],
        "ticklabelstandoff": 6,
    }
    return {f"xaxis{panel.suffix}": across, f"yaxis{panel.suffix}": upwards}


def _ticks(sends: int) -> list[int]:
    """Start, middle and end; only start and end when there is no whole middle."""
    return [0, sends // 2, sends] if sends % 2 == 0 and sends > _NO_MIDDLE else [0, sends]


def _letters(race: Race, panel: Panel) -> list[Figure]:
    """Letters in the first, a middle and the last bar of a line, where they fit."""
    cut = run.windows(race, panel.policy)
    notes = []
    for place in sorted({0, len(cut) // 2, len(cut) - 1}):
        below = 0.0
        for line in run.told_apart(race):
            share = _share(cut[place], [line])
            if _fits(share * panel.pixels, place, line, len(cut)):
                notes.append(_letter(panel, line, (cut[place].start + cut[place].end) / 2, below + share / 2))
            below += share
    return notes


def _fits(pixels: float, place: int, line: int, bars: int) -> bool:
    """The first bar names what it can; later ones only what is large. Two letters need a wide bar."""
    if len(arm_letter(line)) > 1 and bars > _WIDE_BARS:
        return False
    return pixels >= (_LETTER_ROOM if place == 0 else 3 * _LETTER_ROOM)


def _letter(panel: Panel, line: int, x: float, y: float) -> Figure:
    return annotation(
        f"<b>{arm_letter(line)}</b>",
        x=x,
        y=round(y, 5),
        xref=f"x{panel.suffix}",
        yref=f"y{panel.suffix}",
        xanchor="center",
        font={"family": FONT, "size": _LETTER_SIZE, "color": arm_ink(line)},
    )


def _empty() -> Figure:
    note = annotation(wording.TRAFFIC_EMPTY, x=0.5, y=0.5, xref="paper", yref="paper", xanchor="center")
    hidden = {"visible": False}
    return {"data": [], "layout": base_layout(xaxis=hidden, yaxis=hidden, annotations=[note])}
