"""Reward dynamics: what each policy saw of each line, against the share of sends that it gave to it.

`figure(race)` is the picture at the end of the run. The replay finds its traces in `layout.meta`,
in this order (P policies):

    truth    1 trace    the dotted true rates
    whiskers P traces   90% intervals of the observed rates, as (low, high, gap) a line
    points   P traces   one shaped mark a line, with its letter inside
    labels   1 trace    the true rates in words, standing still unless rates move
"""

import math
from typing import Any

from components import wording_replay as replay
from components.charts.figure import LABEL_GAP, LABEL_INDENT, Figure, annotation, base_layout, nice_top, push_apart
from components.charts.marks import policy_hue, policy_symbol
from components.formats import percent
from components.race import Race, moves, racing_order, rates_at, slots, told_apart
from components.theme import arm_letter, token

HEIGHT = 392
TOP, BOTTOM = 24, 50
PLOT_HEIGHT = HEIGHT - TOP - BOTTOM
MARK, SMALL_MARK = 18, 6
MOST_FAVOURED = 3
LIGHT_SLOTS = (4, 5)
FEW_SENDS = 30
ONE_PERCENT, TEN_PERCENT = 0.01, 0.1
# Plotly takes the element of an empty text away for good, so that it could never be filled; a space keeps it.
BLANK = "\N{NO-BREAK SPACE}"
OFF_CHART = -1
"""The share at which a line without sends waits, left of the picture: Plotly would make no mark for None."""


def figure(race: Race) -> Figure:
    """The observed rates at the end of the run, for both themes."""
    order = racing_order(race)
    lettered = [lettered_arms(race, index) for index in range(len(race["policies"]))]
    named = sorted({arm for arms in lettered for arm in arms})
    top, step = _rate_axis(race, lettered)
    traces = [_truth_trace(race, named)]
    traces += [_whisker_trace(race, index, lettered[index], top) for index in order]
    traces += [_point_trace(race, index, lettered[index], top) for index in order]
    traces += [_rate_labels(race, named, top)]
    ticks = (0, 0.05, 0.2, 0.5, 1)
    layout = base_layout(
        margin={"l": 44, "r": 128 if moves(race) else 74, "t": TOP, "b": BOTTOM},
        hovermode="closest",
        xaxis={
            "range": [0, 1],
            "tickvals": [math.sqrt(tick) for tick in ticks],
            "ticktext": [percent(tick, 0) for tick in ticks],
            "ticklabeloverflow": "allow",
        },
        yaxis={
            "range": [0, top],
            "tick0": 0,
            "dtick": step,
            "tickformat": ".0%" if step >= ONE_PERCENT else ".1%",
        },
        annotations=_titles(race),
        meta=_meta(race, lettered, top) | {"named": named, "digits": _digits(race, named), "height": PLOT_HEIGHT},
    )
    return {"data": traces, "layout": layout}


def lettered_arms(race: Race, policy: int) -> list[int]:
    """The lines that carry a letter and an interval: of many only the best and the favoured."""
    count = len(race["arms"])
    named = told_apart(race)
    if len(named) == count:
        return list(range(count))
    sends = race["policies"][policy]["sends"][-count:]
    favoured = sorted((arm for arm in named if sends[arm] * count > 2 * race["sends"]), key=lambda arm: -sends[arm])
    return sorted({race["best"], *favoured[:MOST_FAVOURED]})


def _meta(race: Race, lettered: list[list[int]], top: float) -> dict[str, Any]:
    count = len(race["policies"])
    return {
        "key": race["key"],
        "order": racing_order(race),
        "lettered": lettered,
        "whiskers": list(range(1, count + 1)),
        "points": list(range(count + 1, 2 * count + 1)),
        "high": top,
        "off": OFF_CHART,
        "truth": 0,
        "labels": 2 * count + 1,
        "moves": moves(race),
    }


def _rate_axis(race: Race, lettered: list[list[int]]) -> tuple[float, float]:
    """The fixed end of the rate axis: every true rate and every final interval of a lettered line fits."""
    count = len(race["arms"])
    highest = max(rate for rate in race["rates"] or rates_at(race) if rate is not None)
    for policy, arms in zip(race["policies"], lettered, strict=True):
        for arm in arms:
            sends, high = policy["sends"][-count:][arm], policy["high"][-count:][arm]
            # A line with a handful of sends has an interval up to anywhere: it must not set the scale.
            highest = max(highest, high if sends >= FEW_SENDS else 0)
    highest = highest or TEN_PERCENT
    _, step = nice_top(highest, 3)
    return min(1.04, max(math.ceil(highest / step - 0.05) * step, highest) * 1.02), step


def _truth_trace(race: Race, lettered: list[int]) -> dict[str, Any]:
    rates = rates_at(race)
    heights = [height for arm in lettered for height in (rates[arm],) * 2 + (None,)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1, None] * len(lettered),
        "y": heights,
        "line": {"color": token("bs-secondary-color"), "width": 1, "dash": "1.5px,3.5px"},
        "hoverinfo": "skip",
    }


def _whisker_trace(race: Race, index: int, lettered: list[int], top: float) -> dict[str, Any]:
    policy, count = race["policies"][index], len(race["arms"])
    low, high, sends = (policy[name][-count:] for name in ("low", "high", "sends"))
    across: list[float | None] = []
    up: list[float | None] = []
    for arm in lettered:
        across += [_place(sends[arm], sum(sends)), _place(sends[arm], sum(sends)), None]
        up += [min(low[arm], top), min(high[arm], top), None] if sends[arm] else [0, 0, None]
    few = len(lettered) == len(race["arms"])
    return {
        "type": "scatter",
        "mode": "lines",
        "x": across,
        "y": up,
        "line": {"color": policy_hue(slots(race)[index]), "width": 3 if few else 2},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _point_trace(race: Race, index: int, lettered: list[int], top: float) -> dict[str, Any]:
    policy, count = race["policies"][index], len(race["arms"])
    sends, conversions = policy["sends"][-count:], policy["conversions"][-count:]
    rates = [min(won / sent, top) if sent else 0 for won, sent in zip(conversions, sends, strict=True)]
    slot = slots(race)[index]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": policy["label"],
        "x": [_place(sent, sum(sends)) for sent in sends],
        "y": rates,
        "text": [arm_letter(arm) if arm in lettered else "" for arm in range(count)],
        "textposition": "middle center",
        "textfont": {
            "size": [11 if len(arm_letter(arm)) == 1 else 9 for arm in range(count)],
            "weight": 650,
            "color": _ink(slot),
        },
        "marker": {
            "symbol": "circle-open" if slot is None else policy_symbol(slot),
            "size": [_mark_size(slot) if arm in lettered else SMALL_MARK for arm in range(count)],
            "color": policy_hue(slot),
            "opacity": [1 if arm in lettered else 0.6 for arm in range(count)],
            "line": {
                "width": [1.5 if arm in lettered else 0 for arm in range(count)],
                "color": policy_hue(slot) if slot is None else token("bs-body-bg"),
            },
        },
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _place(sends: int, whole: int) -> float:
    """Where a line with these of all sends of a policy stands on the square-root scale."""
    return math.sqrt(sends / whole) if sends else OFF_CHART


def _ink(slot: int | None) -> str:
    """The colour of a letter on a mark: the page's, but dark on the two light hues."""
    if slot is None:
        return token("oracle")
    return token("a1o" if slot in LIGHT_SLOTS else "btm-raised")


def _mark_size(slot: int | None) -> int:
    """Shapes with little room in the middle are drawn larger, so that the letter fits."""
    return MARK if slot in (None, 0, 1, 7) else MARK + 6


def _titles(race: Race) -> list[dict[str, Any]]:
    truth = replay.TRUE_RATE_NOW if moves(race) else replay.FRESH_RATE if race["wears_out"] else replay.TRUE_RATE
    grey = {"size": 12, "color": token("bs-secondary-color")}
    below = {"xref": "paper", "yref": "paper", "x": 0, "y": 0, "yshift": -40}
    above = {"xref": "paper", "yref": "paper", "x": 1, "y": 1, "xshift": 8, "yshift": 12}
    return [annotation(replay.DYNAMICS_AXIS, font=grey, **below), annotation(truth, font=grey, **above)]


def _digits(race: Race, lettered: list[int]) -> int:
    """Decimals of the rates in words: small ones need more."""
    rates = rates_at(race)
    return 1 if max(rates[arm] or 0.0 for arm in lettered) >= 2 * ONE_PERCENT else 2


def _rate_labels(race: Race, lettered: list[int], top: float) -> dict[str, Any]:
    rates = [rates_at(race)[arm] or 0.0 for arm in lettered]
    places = push_apart([rate / top * PLOT_HEIGHT for rate in rates], LABEL_GAP, 4, PLOT_HEIGHT - 6)
    return {
        "type": "scatter",
        "mode": "text",
        "x": [1] * len(rates),
        "y": [place / PLOT_HEIGHT * top for place in places],
        "text": _label_texts(race, lettered),
        "textposition": ["middle right"] * len(rates),
        "textfont": {"size": 12.5, "color": token("bs-body-color")},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _label_texts(race: Race, lettered: list[int]) -> list[str]:
    """Letter and rate; where rates move, in plain text, because the replay writes it anew."""
    rates, digits, grey = rates_at(race), _digits(race, lettered), token("bs-secondary-color")
    if not moves(race):
        return [
            f'{LABEL_INDENT}<b>{arm_letter(arm)}</b> <span style="color:{grey}">{percent(rates[arm], digits)}</span>'
            for arm in lettered
        ]
    best = race["best_now"][-1]
    return [
        BLANK
        if rates[arm] is None
        else f"{LABEL_INDENT}{arm_letter(arm)} {percent(rates[arm], digits)}{f' {replay.BEST_NOW}' if arm == best else ''}"
        for arm in lettered
    ]
