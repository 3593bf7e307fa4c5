"""Where the visitor ticks stresses and policies: buttons that stay pressed, read by the browser's own script."""

from typing import Any

from dash import html

from components import stress as told
from components import wording_stress as words
from components.pages.stress import choice
from components.pages.stress.work import EVERY
from components.theme import policy_mark
from engine.scenario import Scenario
from engine.stresses import PLANNED, STRESSES


def ticks(test: told.StressTest, scenario: Scenario, shown: choice.Choice) -> html.Div:
    """A row of stresses and one of policies; as planned and the baseline are always there."""
    places = choice.policies_of(scenario)
    rows = places if shown.rows is None else shown.rows
    stresses = [name for name in EVERY if name != PLANNED]
    of: Any = {"data-of": choice.key_of(scenario)}
    return html.Div(
        [
            _group(
                words.STRESSES_SHOWN,
                [_tick("stress", name, [STRESSES[name].title], is_on=name in shown.stresses) for name in stresses],
            ),
            _group(
                words.POLICIES_SHOWN,
                [_tick("row", str(place), _named(test, place), is_on=place in rows) for place in places],
            ),
        ],
        className="ticks",
        **of,
    )


def _named(test: told.StressTest, place: int) -> list[Any]:
    return [policy_mark(told.slots(test)[place]), html.Span(told.contender(test, place).label, className="chip-label")]


def _group(label: str, buttons: list[html.Button]) -> html.Div:
    named: Any = {"aria-label": label}
    return html.Div(
        [html.Div(label, className="field-label"), html.Div(buttons, className="chips", role="group", **named)],
        className="tick-group",
    )


def _tick(what: str, name: str, content: list[Any], *, is_on: bool) -> html.Button:
    told_by: Any = {"aria-pressed": "true" if is_on else "false", "data-tick": what, "data-name": name}
    return html.Button(content, type="button", className="chip tick", **told_by)
