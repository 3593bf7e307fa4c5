"""One setting becomes one control: kind, bounds, step, unit and help come from its declaration."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from components import ids, wording
from components.controls.draft import shown_value
from components.formats import prose
from components.shell import icon
from components.terms import explained
from engine.fields import Knob


def field(
    knob: Knob,
    path: str,
    value: Any,
    *,
    label: Any = None,
    now: Component | None = None,
    error: str | None = None,
    extra: Component | None = None,
) -> html.Div:
    """Label, control, hint and error of one setting.

    Args:
        knob: the setting's declaration.
        path: its dotted path in the scenario.
        value: what it is set to.
        label: what to call it, when its title is not enough.
        now: the value beside the label of a slider.
        error: what is wrong with it.
        extra: a button inside the control.
    """
    control = _control(knob, path, value)
    return html.Div(
        [
            _head(path, label or knob.title, now),
            control if extra is None else html.Div([control, extra], className="field-inside"),
            *([html.Div(explained(prose(knob.help)), className="field-hint")] if is_slider(knob) else []),
            error_place(path, error),
        ],
        className="field",
        title=None if is_slider(knob) else prose(knob.help),
    )


def error_place(path: str, problem: str | None = None) -> html.Div:
    """Where the error of a setting appears; announced when it does."""
    polite: Any = {"aria-live": "polite"}
    return html.Div(error_text(problem), id=ids.error(path), className="field-error", **polite)


def error_text(problem: str | None) -> list[Any]:
    """The error of a setting, or nothing."""
    return [] if problem is None else [icon("warning"), html.Span(problem)]


def is_slider(knob: Knob) -> bool:
    """Whether a setting is a share between 0 and 1 that exploring by hand makes sense for."""
    return knob.kind == "number" and (knob.low, knob.high) == (0, 1) and bool(knob.symbol)


def _head(path: str, label: Any, now: Component | None) -> Component:
    name = html.Label(label, htmlFor=ids.in_html(ids.field(path)), className="form-label")
    return name if now is None else html.Div([name, now], className="field-head")


def _control(knob: Knob, path: str, value: Any) -> Component:
    control: Component
    if knob.kind == "choice":
        options = [{"label": wording.choice(choice), "value": choice} for choice in knob.choices]
        control = html.Div(dbc.Select(id=ids.field(path), options=options, value=value), className="select")
    elif knob.kind == "switch":
        control = dbc.Switch(id=ids.field(path), value=bool(value), label=wording.YES)
    else:
        control = typed_in(path, value, _type_of(knob), **_bounds(knob))
    return control


def typed_in(path: str, value: Any, kind: str, **more: Any) -> Component:
    """An input for text, a number or a range.

    While somebody types, `controls.js` alone reads it; Dash hears of it when the input is left (`debounce`), so that
    nothing is written into it meanwhile.
    """
    control: Component = dbc.Input(
        id=ids.field(path), type=kind, value=shown_value(value, path), debounce=True, autocomplete="off", **more
    )
    return control


def _type_of(knob: Knob) -> str:
    return "text" if knob.kind == "text" else "range" if is_slider(knob) else "number"


def _bounds(knob: Knob) -> dict[str, Any]:
    if is_slider(knob):
        return {"min": knob.low, "max": knob.high, "step": knob.step}
    # No bounds on typed numbers: the browser would keep a wrong one to itself, and the visitor would not be told why.
    return {"maxlength": knob.high} if knob.kind == "text" else {"step": "any"}
