"""Parts of a scenario that are there or not: money with what counts, repeat sends, shared luck."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from components import wording_worlds as words
from components.controls.field import error_place, field
from components.controls.parts import choice, given_by_link, link_button, pairs, text_place
from components.controls.real_world import kind_of_luck, kind_of_sends
from components.controls.view import View
from engine.fields import Knob, knobs
from engine.money import Money
from engine.recurring import Recurring
from engine.shocks import SharedShocks

SECTION_OF = {"money": "goal"}
"""The sections of settings that stand elsewhere than under their own name."""


def shapes(view: View) -> dict[str, Any]:
    """What the controls of each section depend on, apart from their values."""
    draft = view.draft
    return {
        "goal": [draft["goal"], view.has_money],
        "recurring": kind_of_sends(draft),
        "shocks": [kind_of_luck(draft), _moved_lines(view)],
    }


def texts(view: View) -> dict[str, str]:
    """The words that follow the settings."""
    draft, told = view.draft, {}
    if view.has_money:
        told["goal.complaints"] = words.NO_COMPLAINTS if _misses_complaints(view) else ""
    if draft["recurring"] is not None:
        told["recurring.each"] = words.e_mails_each(draft["sends"], draft["recurring"]["recipients"])
    return told


def picks(view: View) -> dict[str, str]:
    """What the lists to choose from should show."""
    draft = view.draft
    return {"goal": draft["goal"], "recurring": kind_of_sends(draft), "shocks": kind_of_luck(draft)}


def _misses_complaints(view: View) -> bool:
    return view.draft["goal"] == "net_value" and view.complaints_cost and not view.draws_complaints


def _goal(view: View) -> list[Component]:
    goal = view.draft["goal"]
    settings = _settings(view, "money", knobs(Money)) if view.has_money else []
    return [
        choice("goal", words.WHAT_COUNTS, words.GOALS, goal, words.GOAL_HINTS[goal]),
        _error(view, "goal"),
        _error(view, "money"),
        *pairs(settings),
        *([_hint(view, "goal.complaints")] if view.has_money else []),
        *([_leave_out()] if view.has_money and goal == "conversions" else []),
    ]


def _leave_out() -> html.Div:
    button = link_button("leave-money-out", words.LEAVE_MONEY_OUT)
    return html.Div([html.Span(words.MONEY_IS_COUNTED), button], className="given-by-link")


def _recurring(view: View) -> list[Component]:
    kind, on = kind_of_sends(view.draft), view.draft["recurring"] is not None
    found = {name: knob for name, knob in knobs(Recurring).items() if name != "credit"}
    return [
        choice("recurring", words.REPEAT_SENDS, words.KINDS_OF_SENDS, kind, words.SENDS_HINTS[kind]),
        _error(view, "recurring"),
        *(pairs(_settings(view, "recurring", found)) if on else []),
        *([_hint(view, "recurring.each")] if on else []),
    ]


def _shocks(view: View) -> list[Component]:
    kind, on = kind_of_luck(view.draft), view.draft["shocks"] is not None
    found = {name: knob for name, knob in knobs(SharedShocks).items() if knob.kind != "list"}
    return [
        choice("shocks", words.SHARED_LUCK, words.KINDS_OF_LUCK, kind, words.LUCK_HINTS[kind]),
        _error(view, "shocks"),
        *([_given_lines(view)] if _moved_lines(view) else []),
        *(pairs(_settings(view, "shocks", found)) if on else []),
    ]


def _moved_lines(view: View) -> int:
    shocks = view.draft["shocks"]
    return len(shocks["lines"]) if shocks is not None else 0


def _given_lines(view: View) -> html.Div:
    path = "shocks.lines"
    return given_by_link(path, _moved_lines(view), view.errors.get(path))


def _settings(view: View, part: str, found: dict[str, Knob]) -> list[Component]:
    return [
        field(knob, path, view.draft[part][name], label=words.part_label(path, knob), error=view.errors.get(path))
        for name, knob in found.items()
        for path in (f"{part}.{name}",)
    ]


def _hint(view: View, of: str) -> html.Div:
    return html.Div(text_place(of, texts(view)[of]), className="field-hint")


def _error(view: View, path: str) -> html.Div:
    return error_place(path, view.errors.get(path))


SECTIONS = {"goal": _goal, "recurring": _recurring, "shocks": _shocks}
