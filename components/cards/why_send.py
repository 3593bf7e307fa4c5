"""Why one send got its line: what was believed, how the chance came about by steps, and what the recipient would have done."""

import math
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from components import wording_audit as words
from components.formats import decimal, percent
from components.terms import explained
from components.theme import arm_chip, arm_slot
from components.whiskers import Axis, axis_over
from engine.logs.why import Believed, Why
from engine.rails import BY_RANK

MOST_LINES: Final = 12
"""Of more lines, those with the highest beliefs and the one that was sent are shown."""


def why_send(why: Why, label: str, *, is_late: bool) -> list[Component]:
    """The panel's content."""
    row, believed = why["row"], why["believed"]
    by = BY_RANK[row.by].name if row.by >= 0 else ""
    parts: list[Component] = [
        html.H2(words.why_title(row.send, row.arm), className="h2"),
        html.P(
            words.why_words(label, by, row.arm, dict(believed) if believed else None, why["eligible"]), className="deck"
        ),
    ]
    if believed is not None:
        parts += _beliefs(why, believed, is_own=not by)
    return [*parts, *_steps(why, label, by), *_would(why, is_late=is_late)]


def _beliefs(why: Why, believed: Believed, *, is_own: bool) -> list[Component]:
    shown = _shown(why, believed)
    numbers = [believed["chosen_by"][arm] if is_own else believed["middle"][arm] for arm in shown]
    known = [
        value
        for arm in shown
        for value in (believed["low"][arm], believed["high"][arm], believed["middle"][arm], believed["chosen_by"][arm])
        if value is not None
    ]
    if not known:
        return []
    axis = axis_over(known, 0.0001)
    best = believed["chosen_by"][why["row"].arm]
    rows = [_belief(believed, arm, number, axis, best) for arm, number in zip(shown, numbers, strict=True)]
    has_bands = any(low is not None for low in believed["low"])
    note = words.belief_note(believed["by"], why["decided_after"], has_bands=has_bands, is_own=is_own)
    ticks = [
        html.Span(_tick(axis, tick, is_rate=believed["by"] != "score"), className="belief-tick", style=axis.at(tick))
        for tick in axis.ticks
    ]
    return [
        html.Div([html.Div(ticks, className="belief-ticks"), *rows], className="beliefs"),
        html.P(explained(note), className="hint"),
    ]


def _tick(axis: Axis, tick: float, *, is_rate: bool) -> str:
    step = 100 * (axis.ticks[1] - axis.ticks[0]) if len(axis.ticks) > 1 else 1.0
    highest_rate = 2  # bounds go above 1
    if not is_rate or max(abs(axis.low), axis.high) > highest_rate:
        return decimal(tick, 1)
    return percent(tick, 0 if math.isclose(step, round(step)) else 1)


def _shown(why: Why, believed: Believed) -> list[int]:
    """Lines by what is believed of them, best first."""
    value = believed["middle"] if believed["by"] != "score" else believed["chosen_by"]
    known = [-math.inf if one is None else one for one in value]
    lines = sorted(range(len(known)), key=lambda arm: -known[arm])
    some = lines[:MOST_LINES]
    return some if why["row"].arm in some else [*some[:-1], why["row"].arm]


def _belief(believed: Believed, arm: int, number: float | None, axis: Axis, best: float | None) -> html.Div:
    low, high, middle, drawn = (believed[part][arm] for part in ("low", "high", "middle", "chosen_by"))
    marks: list[Component] = [html.Span(className="belief-grid", style=axis.at(tick)) for tick in axis.ticks]
    if best is not None and believed["by"] != "rate":
        marks.append(html.Span(className="belief-best", style=axis.at(best)))
    if low is not None and high is not None:
        left, right = axis.place(low), axis.place(high)
        style = {"left": f"{left:.2f}%", "width": f"{right - left:.2f}%"}
        marks.append(html.Span(className="belief-band", style=style))
    elif middle is not None:
        marks.append(html.Span(className="belief-dot", style=axis.at(middle)))
    if drawn is not None and believed["by"] != "rate":
        marks.append(html.Span(className="belief-draw", style=axis.at(drawn)))
    hidden: Any = {"aria-hidden": "true"}
    told = decimal(number, 3) if number is not None else "–"
    value: Component = html.Strong(told) if best is not None and number == best else html.Span(told)
    return html.Div(
        [arm_chip(arm), html.Div(marks, className="belief-track", **hidden), value],
        className=f"belief belief-a{arm_slot(arm)}",
    )


def _steps(why: Why, label: str, by: str) -> list[Component]:
    row, steps = why["row"], why["steps"]
    lines = len(row.chances)
    items = []
    for place, step in enumerate(steps):
        name = BY_RANK[step["by"]].name if step["by"] >= 0 else ""
        title = words.guard_step(name) if name else words.own_step(label, len(why["eligible"]), lines)
        chance = percent(step["chances"][row.arm])
        items.append((title, html.Strong(chance) if place == len(steps) - 1 else chance))
    items += [
        (words.ACTING, words.guardrail(by) or words.NONE),
        (words.LEARNT, words.learnt(why["learnt_sends"], why["learnt_conversions"])),
    ]
    listed = [html.Div([html.Dt(title), html.Dd(value)]) for title, value in items]
    return [
        html.H3(words.chance_title(row.chances[row.arm]), className="why-head"),
        html.Dl(listed, className="why-steps"),
    ]


def _would(why: Why, *, is_late: bool) -> list[Component]:
    told = {True: words.YES, False: words.NO, None: words.AWAY}
    answers = [
        html.Li([arm_chip(arm), html.Span(told[answer])], className="would-yes" if answer else None)
        for arm, answer in enumerate(why["would_convert"])
    ]
    return [
        html.H3(words.WOULD, className="why-head"),
        html.Ul(answers, className="would"),
        html.P(words.ONLY_HERE_LATE if is_late else words.ONLY_HERE, className="hint"),
    ]
