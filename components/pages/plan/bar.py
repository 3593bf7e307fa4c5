"""The bar of Plan: what is expected and wanted, in a few labelled fields, beside the panel that holds the whole scenario.

Lines, usual rate, difference and list are views of the scenario: what is typed presses the panel's own buttons, and what
changes in the panel is shown here. What a conversion is worth and what the plan aims at belong to the page alone.
"""

from collections.abc import Mapping
from typing import Any, Final

import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, State, html, no_update
from dash.exceptions import PreventUpdate

from components import conventions, ids
from components import wording_plan as words
from components.controls.expected_rates import expected_of
from components.formats import compact
from components.pages.plan.work import aims_of
from components.shell import icon
from engine import Scenario, ScenarioError
from engine.money import HIGHEST_VALUE
from engine.planning.aims import Aims
from engine.scenario import FEWEST_ARMS, MOST_ARMS, MOST_SENDS

OF_SCENARIO: Final[Mapping[str, str]] = {
    "lines": "set-lines",
    "usual": "set-usual",
    "difference": "set-difference",
    "sends": "set-list",
}
"""Fields that are views of the scenario, and what they press."""
OF_AIMS: Final = ("worth", "right", "favourite")
FIELDS: Final = tuple(words.FIELDS)
WHOLE: Final = ("lines", "sends")
IN_PER_CENT: Final = ("usual", "difference", "right", "favourite")
BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "lines": (FEWEST_ARMS, MOST_ARMS),
    "usual": (0.01, 99.99),
    "difference": (0.001, 99.99),
    "sends": (1, MOST_SENDS),
    "worth": (0.01, HIGHEST_VALUE),
    "right": (50.0, 99.9),
    "favourite": (0.0, 100.0),
}
DIGITS: Final = 4
ALL: Final = 100.0
Values = dict[str, Any]


def register(app: Dash) -> None:
    """Connect the bar to its ids."""
    fields = {name: ids.plan_field(name) for name in FIELDS}
    app.callback(
        {
            "errors": {name: Output(ids.plan_error(name), "children") for name in FIELDS},
            "aims": Output(ids.PLAN_AIMS, "data"),
            "presses": Output(ids.PLAN_PRESSES, "data"),
        },
        inputs={"typed": {name: Input(place, "value") for name, place in fields.items()}},
        state={"draft": State(ids.DRAFT, "data"), "aims": State(ids.PLAN_AIMS, "data")},
        prevent_initial_call=True,
    )(read)
    app.callback(
        {name: Output(place, "value", allow_duplicate=True) for name, place in fields.items()},
        inputs={"draft": Input(ids.DRAFT, "data")},
        state={"typed": {name: State(place, "value") for name, place in fields.items()}},
        prevent_initial_call=True,
    )(show)
    app.clientside_callback(
        ClientsideFunction("btm_plan", "press"), Input(ids.PLAN_PRESSES, "data"), prevent_initial_call=True
    )


def bar(scenario: Scenario, aims: Aims) -> html.Div:
    """The fields, filled."""
    values = _of_scenario(scenario) | _of_aims(aims)
    named: Any = {"aria-label": words.BAR}
    return html.Div([_field(name, values[name]) for name in FIELDS], className="plan-bar", role="group", **named)


def _field(name: str, value: Any) -> html.Div:
    label, unit = words.FIELDS[name]
    unit = conventions.now().amounts.symbol if name == "worth" else unit
    place = ids.plan_field(name)
    hint: Any = {"aria-describedby": ids.in_html(ids.plan_error(name))}
    control = dbc.Input(id=place, type="number", value=value, debounce=True, autocomplete="off", step="any")
    polite: Any = {"aria-live": "polite"}
    return html.Div(
        [
            html.Label(label, htmlFor=ids.in_html(place), className="form-label"),
            html.Div(
                [control, *([html.Span(unit, className="plan-unit")] if unit else [])], className="plan-input", **hint
            ),
            html.Div(id=ids.plan_error(name), className="field-error", **polite),
        ],
        className=f"plan-field plan-field-{name}",
        title=words.HINTS[name],
    )


def read(typed: Values, draft: Any, aims: Any) -> dict[str, Any]:
    """What was typed: what is wrong with it, the aims, and what the panel is to do."""
    scenario = _scenario_of(draft)
    if scenario is None:
        raise PreventUpdate
    problems = {name: problem for name in FIELDS if (problem := _problem(name, typed.get(name)))}
    if not problems and float(typed["usual"]) + float(typed["difference"]) > ALL:
        allowed = compact(round(ALL - float(typed["usual"]), DIGITS))
        problems["difference"] = words.field_problem("difference", compact(typed["difference"]), f"{allowed} or less")
    shown = _of_scenario(scenario)
    presses = [
        [do, _written(name, typed[name])]
        for name, do in OF_SCENARIO.items()
        if name not in problems and typed[name] != shown[name]
    ]
    wanted = aims_of(aims)
    changed = {name: _aim(name, typed[name]) for name in OF_AIMS if name not in problems}
    found = wanted.model_copy(update=changed)
    return {
        "errors": {name: _error(problems.get(name)) for name in FIELDS},
        "aims": found.model_dump() if found != wanted else no_update,
        "presses": presses if presses and not problems else no_update,
    }


def show(draft: Any, typed: Values) -> Values:
    """What the scenario expects, where the bar shows something else."""
    scenario = _scenario_of(draft)
    if scenario is None:
        raise PreventUpdate
    shown = _of_scenario(scenario)
    return {name: shown[name] if name in shown and shown[name] != typed.get(name) else no_update for name in FIELDS}


def _scenario_of(draft: Any) -> Scenario | None:
    try:
        return Scenario.from_dict(draft["scenario"])
    except (ScenarioError, KeyError, TypeError):
        return None


def _of_scenario(scenario: Scenario) -> Values:
    lines, usual, difference = expected_of(scenario)
    shown = {"usual": round(100 * usual, DIGITS), "difference": round(100 * difference, DIGITS)}
    return {"lines": lines, "sends": scenario.sends} | {name: _plain(value) for name, value in shown.items()}


def _of_aims(aims: Aims) -> Values:
    return {
        "worth": None if aims.worth is None else _plain(aims.worth),
        "right": _plain(round(100 * aims.right, DIGITS)),
        "favourite": _plain(round(100 * aims.favourite, DIGITS)),
    }


def _plain(value: float) -> float | int:
    """A whole number without its point, as a field shows it."""
    return int(value) if value == int(value) else value


def _problem(name: str, value: Any) -> str | None:
    if value in (None, "") and name == "worth":
        return None
    low, high = BOUNDS[name]
    whole = "a whole number" if name in WHOLE else "a number"
    allowed = f"{whole} from {compact(low)} to {compact(high)}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return words.field_problem(name, "nothing" if value in (None, "") else "no number", allowed)
    if not low <= value <= high or (name in WHOLE and value != int(value)):
        return words.field_problem(name, compact(value), allowed)
    return None


def _written(name: str, value: float) -> str:
    return repr(round(value / 100, DIGITS + 2)) if name in IN_PER_CENT else repr(int(value))


def _aim(name: str, value: Any) -> float | None:
    if value in (None, ""):
        return None
    return round(float(value) / 100, DIGITS + 2) if name in IN_PER_CENT else float(value)


def _error(problem: str | None) -> list[Any]:
    return [] if problem is None else [icon("warning"), html.Span(problem)]
