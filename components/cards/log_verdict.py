"""The verdict on a brought log of decisions: the line that would have earned most, and how sure that is."""

from collections.abc import Mapping
from typing import Any

from dash import html

from components import wording_campaign as words
from components import wording_estimates as said
from components.words import spans
from engine.evaluation.study import Estimates

_METHODS = ("dr", "snips", "dm", "replay")
"""What a figure is taken from, the first that has one."""


def log_verdict(found: Estimates, filename: str) -> html.Div:
    """The hero sentence and its deck."""
    is_rate = found["is_rate"]
    lines = [
        (target["line"], told)
        for target in found["targets"]
        if target["line"] is not None and (told := _told(target)) is not None
    ]
    if not lines:
        sentence, deck = words.log_unclear(found["sends"]), words.log_unclear_deck(filename)
    else:
        line, told = max(lines, key=lambda one: one[1]["value"])
        name = found["arms"][line]
        value, earned = (said.value(one, is_rate=is_rate) for one in (told["value"], found["earned"]))
        interval = said.between(told["low"], told["high"], is_rate=is_rate)
        is_above = told["low"] > found["earned"]
        sentence = words.log_best(name, value, earned, is_rate=is_rate)
        deck = words.log_best_deck(interval, filename, found["sends"], is_above=is_above)
    return html.Div(
        html.Div(
            [html.H1(spans(sentence), className="verdict"), html.P(spans(deck), className="lead")],
            className="hero-verdict",
        ),
        className="hero hero-log",
    )


def _told(target: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the best method with an interval says of a target, if any does."""
    return next((told for method in _METHODS if (told := target["methods"][method])["low"] is not None), None)
