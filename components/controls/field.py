"""One setting becomes one control: kind, bounds, step, unit and help come from its declaration."""

from typing import Any, Final

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from components import ids, wording
from components.controls.draft import shown_value
from components.formats import compact
from components.shell import icon
from engine.fields import Knob

SETTLE_MS: Final = 300
"""Typing counts once it has paused this long."""


def dom_id(path: str) -> dict[str, Any]:
    """The id of a setting's control."""
    return ids.field(path)


def field(knob: Knob, path: str, value: Any, label: str | None = None, extra: Component | None = None) -> html.Div:
    """Label, control, hint and a place for the error of one setting; `extra` is a button inside the control."""
    control = _control(knob, path, value)
    return html.Div(
        [
            _head(knob, path, value, label or knob.title),
            control if extra is None else html.Div([control, extra], className="field-inside"),
            *([html.Div(knob.help, className="field-hint")] if is_slider(knob) else []),
            error_place(path),
        ],
        className="field",
        title=None if is_slider(knob) else knob.help,
    )


def error_place(path: str) -> html.Div:
    """Where the error of a setting appears; announced when it does."""
    polite: Any = {"aria-live": "polite"}
    return html.Div(id=ids.error(path), className="field-error", **polite)


def error_text(problem: str | None) -> list[Any]:
    """The error of a setting, or nothing."""
    return [] if problem is None else [icon("warning"), html.Span(problem)]


def is_slider(knob: Knob) -> bool:
    """Whether a setting is a share between 0 and 1 that exploring by hand makes sense for."""
    return knob.kind == "number" and (knob.low, knob.high) == (0, 1) and bool(knob.symbol)


def _head(knob: Knob, path: str, value: Any, label: str) -> Component:
    name = html.Label(label, htmlFor=ids.in_html(dom_id(path)), className="form-label")
    if not is_slider(knob):
        return name
    return html.Div([name, html.Span(compact(value), className="field-value")], className="field-head")


def _control(knob: Knob, path: str, value: Any) -> Component:
    control: Component
    if knob.kind == "choice":
        options = [{"label": choice.replace("_", " ").capitalize(), "value": choice} for choice in knob.choices]
        control = html.Div(dbc.Select(id=dom_id(path), options=options, value=value), className="select")
    elif knob.kind == "switch":
        control = dbc.Switch(id=dom_id(path), value=bool(value), label=wording.YES)
    elif knob.kind == "text":
        control = dbc.Input(id=dom_id(path), type="text", value=value, debounce=SETTLE_MS, maxlength=knob.high)
    else:
        control = _number(knob, path, value)
    return control


def _number(knob: Knob, path: str, value: Any) -> Component:
    # No bounds on typed numbers: the browser would keep a wrong one to itself, and the visitor would not be told why.
    control: Component = dbc.Input(
        id=dom_id(path),
        type="range" if is_slider(knob) else "number",
        value=shown_value(value, path),
        min=knob.low if is_slider(knob) else None,
        max=knob.high if is_slider(knob) else None,
        step=knob.step if is_slider(knob) else "any",
        debounce=SETTLE_MS if not is_slider(knob) else SETTLE_MS // 3,
    )
    return control
