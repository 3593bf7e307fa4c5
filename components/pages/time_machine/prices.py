"""What guardrails cost in the Time Machine, worked out after the run and its repeats are shown, and kept."""

from typing import Any, Final

from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components import ids, wording
from components import wording_prices as words
from components.cards import price_list
from components.downloads import csv_file
from components.following import scenario_of
from components.pages.time_machine import answers
from components.shell import icon
from engine.prices import are_priced, prices_beside, put_together

NAME: Final = "prices"
_SECTION: Final = ("place", "heading", "progress", "body")


def section() -> html.Section:
    """The place of the list; nothing is shown, not even a heading, as long as no guardrail is on."""
    polite: Any = {"aria-live": "polite"}
    button = html.Button(
        [icon("download"), wording.DOWNLOAD_CSV],
        id=ids.PRICES_CSV,
        type="button",
        className="btn btn-quiet btn-small",
        title=words.CSV,
    )
    head = html.Div([html.Div(id=ids.heading(NAME), className="section-words"), button], className="section-head")
    content = [head, html.P(id=ids.PRICES_PROGRESS, className="hint", **polite), html.Div(id=ids.PRICES_BODY)]
    return html.Section(content, id=ids.place(NAME), className="section section-prices", style={"display": "none"})


def stores() -> list[Component]:
    """What the section keeps in the page."""
    return [dcc.Store(id=ids.PRICES_WANTED)]


def register(app: Dash) -> None:
    """Connect the section to its ids."""
    places = {
        "place": (ids.place(NAME), "style"),
        "heading": (ids.heading(NAME), "children"),
        "progress": (ids.PRICES_PROGRESS, "children"),
        "body": (ids.PRICES_BODY, "children"),
    }
    app.callback(
        {name: Output(*place) for name, place in places.items()} | {"wanted": Output(ids.PRICES_WANTED, "data")},
        inputs={"shown": Input(ids.SHOWN, "data"), "_completed": Input(ids.completed("time-machine"), "data")},
        prevent_initial_call=True,
    )(await_prices)
    app.callback(
        {name: Output(*place, allow_duplicate=True) for name, place in places.items()},
        inputs={"wanted": Input(ids.PRICES_WANTED, "data")},
        prevent_initial_call=True,
    )(price)
    app.callback(
        Output(ids.DOWNLOAD, "data", allow_duplicate=True),
        Input(ids.PRICES_CSV, "n_clicks"),
        State(ids.SHOWN, "data"),
        prevent_initial_call=True,
    )(prices_csv)


def await_prices(shown: Any, _completed: Any) -> dict[str, Any]:
    """Show the prices that are known, else the list without them, and ask for them once the repeats are in.

    What is asked for is told each time, also when it is nothing: an answer to an earlier question is then dropped.
    """
    if not shown:
        raise PreventUpdate
    scenario = scenario_of(shown)
    if not are_priced(scenario):
        return dict.fromkeys(_SECTION, no_update) | {"place": {"display": "none"}, "wanted": None}
    if answers.are_prices_known(scenario):
        return _shown(answers.priced(scenario).content, None) | {"wanted": None}
    found = put_together(scenario, prices_beside(scenario), [])
    if not answers.are_repeats_known(scenario):
        return _shown(found, words.LATER_HERE) | {"wanted": None}
    return _shown(found, words.WORKING) | {"wanted": scenario.to_dict()}


def price(wanted: Any) -> dict[str, Any]:
    """Work the prices out."""
    if not wanted:
        raise PreventUpdate
    scenario = scenario_of({"scenario": wanted})
    return _shown(answers.priced(scenario).content, None)


def prices_csv(_clicks: int | None, shown: Any) -> dict[str, str]:
    """Return the price list as a file."""
    if not shown:
        raise PreventUpdate
    scenario = scenario_of(shown)
    if not are_priced(scenario) or not answers.are_prices_known(scenario):
        raise PreventUpdate
    return csv_file("prices.csv", price_list.records(answers.priced(scenario).content))


def _shown(found: Any, progress: str | None) -> dict[str, Any]:
    return {"place": {}, **price_list.content(found, None, progress)}
