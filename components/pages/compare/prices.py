"""What guardrails cost on Compare: a job of its own once all campaigns are in, and what the page makes of it."""

from typing import Any, Final

import orjson
from dash import Dash, Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from components import comparison as told
from components import ids
from components import wording_prices as words
from components.cards import price_list
from components.comparing import said, work_of
from components.formats import prose
from components.running import jobs, source_version, start
from engine import Scenario, ScenarioError
from engine.errors import BusyError, WorkError
from engine.jobs import State as JobState
from engine.jobs import Status
from engine.prices import PriceList, Prices, are_priced, prices_in, put_together
from engine.result import Result
from engine.work import Work

PRICES: Final = "prices"
"""The kind of these jobs, and the name of their section."""


def register(app: Dash) -> None:
    """Connect the section to its ids."""
    app.callback(
        {name: Output(*place) for name, place in _PLACES.items()},
        inputs={"compared": Input(ids.COMPARED, "data"), "_tick": Input(ids.PRICES_TICK, "n_intervals")},
        state={
            "job": State(ids.JOB, "data"),
            "prices": State(ids.PRICES, "data"),
            "visitor": State(ids.VISITOR, "data"),
        },
        prevent_initial_call=True,
    )(price)


_PLACES: Final[dict[str, tuple[Any, str]]] = {
    "place": (ids.place(PRICES), "style"),
    "heading": (ids.heading(PRICES), "children"),
    "progress": (ids.PRICES_PROGRESS, "children"),
    "body": (ids.PRICES_BODY, "children"),
    "prices": (ids.PRICES, "data"),
    "resting": (ids.PRICES_TICK, "disabled"),
}


def prices_work(scenario: Scenario) -> Work:
    """The job: the scenario with all guardrails, without each of them, and with none."""
    listed = PriceList(scenario, prices_in(scenario))

    def summarise(place: int, result: Result) -> bytes:
        if result.scenario.replications < listed.scenarios[place].replications:
            return b"null"
        return orjson.dumps(listed.price(place, result))

    return Work(PRICES, source_version(), listed.scenarios, summarise, range(len(listed.scenarios)))


def price(compared: Any, _tick: Any, job: Any, prices: Any, visitor: str) -> dict[str, Any]:
    """Once all campaigns are in, price the guardrails in another job, and show what is there of it."""
    scenario = _scenario_of(compared or job)
    if not compared or not are_priced(scenario):
        if prices and prices["goes_on"]:
            jobs().leave(PRICES, visitor)
        return _awaited(scenario, words.LATER) if are_priced(scenario) else _nowhere()
    known = jobs().look(work_of(scenario))
    spoken = said(known) if known else None
    if spoken is None:  # the answer has gone from the cache; the next question brings it back
        return _awaited(scenario, words.LATER)
    work = prices_work(scenario)
    is_new = not prices or prices["key"] != work.key
    try:
        now = start(work, visitor) if is_new else jobs().follow(work, visitor)
    except BusyError as busy:
        return _awaited(scenario, prose(str(busy)))
    except WorkError:
        return _awaited(scenario, words.TOO_MUCH)
    found = put_together(scenario, work.scenarios[0].replications, orjson.loads(now.content)[1:])
    goes_on = now.state is JobState.RUNNING
    return _shown(found, told.focus(spoken["comparison"]), _words(now)) | {
        "prices": {"key": work.key, "goes_on": goes_on, "records": price_list.records(found)},
        "resting": not goes_on,
    }


def _scenario_of(stored: Any) -> Scenario:
    try:
        return Scenario.from_dict(stored["scenario"])
    except (ScenarioError, KeyError, TypeError) as error:
        raise PreventUpdate from error


def _words(now: Status) -> str | None:
    if now.state is JobState.FAILED:
        return now.error
    if now.state is JobState.STOPPED:
        return words.STOPPED
    return words.working(now.share) if now.state is JobState.RUNNING else None


def _nowhere() -> dict[str, Any]:
    hidden = {"place": {"display": "none"}, "prices": None, "resting": True}
    return dict.fromkeys(_PLACES, no_update) | hidden


def _awaited(scenario: Scenario, why: str) -> dict[str, Any]:
    """The list without its prices, and why."""
    found = put_together(scenario, prices_in(scenario), [])
    return _shown(found, None, why) | {"prices": None, "resting": True}


def _shown(found: Prices, wanted: int | None, progress: str | None) -> dict[str, Any]:
    return {"place": {}, **price_list.content(found, wanted, progress)}
