"""Where a policy sends the mail: the share of each line along the campaign, stacked, one small figure a policy."""

from textwrap import wrap
from typing import Any, NamedTuple

from dash import html

from components import comparison as compared
from components import wording_compare as wording
from components.charts.figure import FONT, LABEL_SIZE, Figure, annotation, base_layout, plain
from components.charts.marks import arm_hue, arm_ink
from components.comparison import Comparison, are_all_alike
from components.theme import arm_chip, arm_letter, policy_mark, token
from components.wording_goals import goal_of

HEIGHT = 174
_CAPTION = 42
_CAPTION_LETTERS = 26
"""A line of the caption; on a phone two figures stand side by side."""
_PLOT = HEIGHT - _CAPTION
_LETTER_SIZE = 11
_LETTER_ROOM = 15
"""A band needs this many pixels of height for its letter."""
_LETTER_PLACES = {0.88: 0.04, 0.5: 0.04, 0.12: 0.04}
_GROUP_PLACES = {0.94: 0.6}
"""Where along the campaign a text may stand, the first that fits, and how far it reaches to the left."""


class Band(NamedTuple):
    """One line's part of the stack, or that of all the lines that are not told apart."""

    lines: list[int]
    name: str
    letter: str
    colour: str
    ink: str


def figure(comparison: Comparison, place: int) -> Figure:
    """The stack of the policy at `place`, best line at the bottom, and below it what went to the best line."""
    if not comparison["curves"]["windows"]:
        return _empty()
    bands = _bands(comparison)
    return {
        "data": [_area(comparison, place, band) for band in bands],
        "layout": _layout(comparison, place, bands),
    }


def heading(comparison: Comparison, place: int) -> html.Div:
    """The policy's mark and name, to stand above its figure."""
    label = comparison["policies"][place]["label"]
    mark = policy_mark(compared.slots(comparison)[place])
    return html.Div([mark, html.Span(label, title=label)], className="allocation-heading")


def legend(comparison: Comparison) -> html.Div:
    """The key of the stacks, in their order from below: letter and name of each line."""
    named = compared.told_apart(comparison)
    keys = [html.Li([arm_chip(line), html.Span(comparison["lines"][line]["name"])]) for line in named]
    others = len(comparison["lines"]) - len(named)
    if others:
        hidden: Any = {"aria-hidden": "true"}
        chip = html.Span(className="arm-chip arm-chip-others", **hidden)
        keys.append(html.Li([chip, html.Span(wording.other_lines(others))]))
    return html.Div(html.Ul(keys), className="legend")


def title(comparison: Comparison) -> str:
    """Whose mail went to the best line most."""
    if are_all_alike(comparison):
        return wording.nothing_to_find(goal_of(comparison))
    policies = comparison["policies"]
    usable = compared.usable(comparison) or list(range(len(policies)))
    first = max(usable, key=lambda place: policies[place]["top_share_mean"])
    return wording.allocation_title(
        compared.called(comparison, first),
        policies[first]["top_share_mean"],
        comparison["best_lines"],
        moves=compared.moves(comparison),
        segmented=comparison["is_segmented"],
    )


def deck(comparison: Comparison) -> str:
    """What the height, the width and the order of a stack are."""
    others = len(comparison["lines"]) - len(compared.told_apart(comparison))
    alike = are_all_alike(comparison)
    best, moves, segmented = len(comparison["best_lines"]), compared.moves(comparison), comparison["is_segmented"]
    return wording.allocation_deck(
        comparison["replications"], best, others, alike=alike, moves=moves, segmented=segmented
    )


def summary(comparison: Comparison, place: int) -> str:
    """What went to the best line, and the shares of the last sends."""
    if not comparison["curves"]["windows"]:
        return wording.ALLOCATION_EMPTY
    last = [(band.name, _shares(comparison, place, band)[-1]) for band in _bands(comparison)]
    label = comparison["policies"][place]["label"]
    return wording.allocation_summary(label, last, _caption(comparison, place))


def records(comparison: Comparison) -> list[dict[str, Any]]:
    """A row a policy, stretch of sends and line: the mean share of the stretch's sends."""
    curves = comparison["curves"]
    return [
        {
            "policy": policy["label"],
            "sends_from": start + 1,
            "sends_to": end,
            "line": comparison["lines"][line]["name"],
            "share": share,
        }
        for policy, stretches in zip(comparison["policies"], curves["traffic"], strict=True)
        for (start, end), shares in zip(_windows(comparison), stretches, strict=True)
        for line, share in enumerate(shares)
    ]


def _windows(comparison: Comparison) -> list[tuple[int, int]]:
    ends = comparison["curves"]["windows"]
    return list(zip([0, *ends[:-1]], ends, strict=True))


def _bands(comparison: Comparison) -> list[Band]:
    named = compared.told_apart(comparison)
    bands = [
        Band([line], _full_name(comparison, line), arm_letter(line), arm_hue(line), arm_ink(line)) for line in named
    ]
    others = [line for line in range(len(comparison["lines"])) if line not in named]
    if others:
        name = wording.other_lines(len(others))
        bands.append(Band(others, name, name, token("btm-line-strong"), token("bs-emphasis-color")))
    return bands


def _full_name(comparison: Comparison, line: int) -> str:
    return f"{arm_letter(line)} {comparison['lines'][line]['name']}"


def _shares(comparison: Comparison, place: int, band: Band) -> list[float]:
    """The band's share of each window, and at both ends of the campaign."""
    shares = [round(sum(window[line] for line in band.lines), 4) for window in comparison["curves"]["traffic"][place]]
    return [shares[0], *shares, shares[-1]]


def _area(comparison: Comparison, place: int, band: Band) -> Figure:
    """A window's share stands in its middle; the first and the last reach to the ends."""
    windows = _windows(comparison)
    stretches = [windows[0], *windows, windows[-1]]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": plain(band.name, 40),
        "x": [0, *((start + end) / 2 for start, end in windows), comparison["sends"]],
        "y": _shares(comparison, place, band),
        "stackgroup": "lines",
        "fillcolor": band.colour,
        # The outline in the page's colour is the gap between bands.
        "line": {"color": token("bs-body-bg"), "width": 1},
        "customdata": [wording.allocation_stretch(start + 1, end) for start, end in stretches],
        # The name is not written into the template, which would read a "%" in it as its own.
        "hovertemplate": "<b>%{fullData.name}</b><br>%{y:.0%} of %{customdata}<extra></extra>",
    }


def _layout(comparison: Comparison, place: int, bands: list[Band]) -> Figure:
    return base_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": _CAPTION},
        hovermode="closest",
        xaxis={"range": [0, comparison["sends"]], "visible": False},
        yaxis={"range": [0, 1], "visible": False, "showgrid": False},
        annotations=[*_letters(comparison, place, bands), _below(_caption(comparison, place))],
    )


def _caption(comparison: Comparison, place: int) -> str:
    if are_all_alike(comparison):
        return wording.ALL_LINES_ALIKE
    share, best = comparison["policies"][place]["top_share_mean"], len(comparison["best_lines"])
    moves, segmented = compared.moves(comparison), comparison["is_segmented"]
    return wording.allocation_caption(share, best, moves=moves, segmented=segmented)


def _below(text: str) -> Figure:
    font = {"family": FONT, "size": LABEL_SIZE, "color": token("bs-secondary-color")}
    lines = "<br>".join(wrap(text, _CAPTION_LETTERS))
    return annotation(
        lines, align="left", x=0, y=0, xref="paper", yref="paper", yanchor="top", yshift=-6, xshift=-1, font=font
    )


def _letters(comparison: Comparison, place: int, bands: list[Band]) -> list[Figure]:
    """A letter in each band, at the first place along the campaign where it fits; words in the grey part."""
    heights = [_shares(comparison, place, band) for band in bands]
    notes = []
    for number, band in enumerate(bands):
        is_group = len(band.lines) > 1
        along = _room_for(heights[number], _GROUP_PLACES if is_group else _LETTER_PLACES)
        if along is not None:
            step = _step(along, heights[number])
            below = sum(row[step] for row in heights[:number])
            middle = below + heights[number][step] / 2
            notes.append(_letter(band, along, middle, "right" if is_group else "center"))
    return notes


def _room_for(shares: list[float], places: dict[float, float]) -> float | None:
    """The first place along the campaign where a band is high enough over the whole width of its text."""
    for along, width in places.items():
        first, last = _step(along - width, shares), _step(along + 0.02, shares)
        if min(shares[first : last + 1]) * _PLOT >= _LETTER_ROOM:
            return along
    return None


def _step(along: float, shares: list[float]) -> int:
    return min(len(shares) - 1, max(0, round(along * (len(shares) - 1))))


def _letter(band: Band, along: float, y: float, anchor: str) -> Figure:
    return annotation(
        f"<b>{band.letter}</b>",
        x=along,
        y=round(y, 4),
        xref="paper",
        xanchor=anchor,
        align="center",
        font={"family": FONT, "size": _LETTER_SIZE, "color": band.ink},
    )


def _empty() -> Figure:
    note = annotation(wording.ALLOCATION_EMPTY, x=0.5, y=0.5, xref="paper", yref="paper", xanchor="center")
    hidden = {"visible": False}
    return {"data": [], "layout": base_layout(xaxis=hidden, yaxis=hidden, annotations=[note])}
