"""What guardrails cost on the stress test: two jobs of their own once the table is complete, and what the page makes of them."""

from functools import lru_cache
from typing import Any, Final

import orjson
from dash import Dash, Input, Output, State, html, no_update
from dash.exceptions import PreventUpdate

from components import ids
from components import wording_stress as words
from components.address import query_of
from components.cards import guardrail_menu
from components.formats import prose
from components.pages.stress.layout import RULES
from components.running import jobs, source_version, start
from components.terms import explained
from components.wording_goals import goal_of
from engine import LinkError, Scenario, ScenarioError
from engine.errors import BusyError, WorkError
from engine.jobs import State as JobState
from engine.jobs import Status
from engine.menu import (
    Menu,
    MenuPrices,
    measure_menu,
    menu_of,
    priced_together,
    put_menu_together,
    put_on,
    together_scenarios,
)
from engine.result import Result
from engine.stress import contestants_of
from engine.work import Work

MENU: Final = "menu"
TOGETHER: Final = "together"
"""The kinds of these jobs."""


def register(app: Dash) -> None:
    """Connect the menu to its ids."""
    app.callback(
        {name: Output(*place) for name, place in _PLACES.items()},
        inputs={
            "stressed": Input(ids.STRESSED, "data"),
            "_tick": Input(ids.MENU_TICK, "n_intervals"),
            "ticked": Input(ids.MENU_TICKED, "data"),
        },
        state={"menu": State(ids.MENU, "data"), "visitor": State(ids.VISITOR, "data")},
    )(price)


_PLACES: Final[dict[str, tuple[Any, str]]] = {
    "heading": (ids.heading(ids.MENU), "children"),
    "progress": (ids.MENU_PROGRESS, "children"),
    "body": (ids.MENU_BODY, "children"),
    "together": (ids.MENU_TOGETHER, "children"),
    "menu": (ids.MENU, "data"),
    "resting": (ids.MENU_TICK, "disabled"),
}


@lru_cache(maxsize=32)
def menu_for(scenario: Scenario, policy: int) -> Menu:
    """The menu for a policy; kept, because the page looks again and again."""
    return menu_of(contestants_of(scenario), policy)


def menu_work(menu: Menu) -> Work:
    """The job: the policy with each guardrail in turn, and without."""
    return _work(MENU, menu.scenarios)


def _work(kind: str, scenarios: tuple[Scenario, ...]) -> Work:
    wanted = scenarios[0].replications

    def summarise(_place: int, result: Result) -> bytes:
        return orjson.dumps(measure_menu(result)) if result.scenario.replications == wanted else b"null"

    return Work(kind, source_version(), scenarios, summarise, range(len(scenarios)))


def price(stressed: Any, _tick: Any, ticked: Any, menu: Any, visitor: str) -> dict[str, Any]:
    """Once the table is complete, price the guardrails for the policy that it recommends."""
    if not stressed:
        for kind in (MENU, TOGETHER):
            jobs().leave(kind, visitor)
        return _waiting(words.MENU_LATER)
    scenario, place = _scenario_of(stressed), stressed["policy"]
    listed = menu_for(scenario, place)
    work = menu_work(listed)
    try:
        now = _look(work, menu, "key", visitor)
    except BusyError as busy:
        return _waiting(prose(str(busy)))
    except WorkError:
        return _waiting(words.MENU_TOO_MUCH)
    label = contestants_of(scenario).labels[place]
    prices = put_menu_together(listed, label, orjson.loads(now.content))
    names = _ticked(ticked, listed, work.key)
    note, together_key, waits = _together(scenario, listed, prices, names, menu, visitor)
    goes_on = now.state is JobState.RUNNING or waits
    return {
        "heading": menu_heading(prices),
        "progress": _progress(now, prices),
        "body": guardrail_menu.menu_table(prices, names, work.key),
        "together": note,
        "menu": {
            "key": work.key,
            "together": together_key,
            "names": names,
            "records": guardrail_menu.records(prices),
        },
        "resting": not goes_on,
    }


def _look(work: Work, stored: Any, part: str, visitor: str) -> Status:
    is_known = bool(stored) and stored.get(part) == work.key
    return jobs().follow(work, visitor) if is_known else start(work, visitor)


def _scenario_of(stored: Any) -> Scenario:
    try:
        return Scenario.from_dict(stored["scenario"])
    except (ScenarioError, KeyError, TypeError) as error:
        raise PreventUpdate from error


def _ticked(ticked: Any, menu: Menu, key: str) -> list[str]:
    """What the visitor ticked in this very menu, else what is usual; of a kind, the last one."""
    if not isinstance(ticked, dict) or ticked.get("key") != key:
        return menu.usual_choice
    return [item.name for item in menu.chosen([str(name) for name in ticked["names"]])]


def _together(
    scenario: Scenario, menu: Menu, prices: MenuPrices, names: list[str], stored: Any, visitor: str
) -> tuple[html.Div, str, bool]:
    """The note, the key of its job, and whether that goes on."""
    pair = together_scenarios(menu, names)
    if pair is None:
        return _note(None, prices, None, why=words.NO_MIX if names else words.TICK_SOME), "", False
    work = _work(TOGETHER, pair)
    try:
        now = _look(work, stored, "together", visitor)
    except WorkError as error:
        return _note(None, prices, None, why=prose(str(error))), "", False
    found = [one for one in orjson.loads(now.content) if one]
    if len(found) < len(pair):
        why = now.error or words.NOT_THERE
        return _note(None, prices, None, why=why), work.key, now.state is JobState.RUNNING
    told = priced_together(menu, prices, names, found)
    wanted = put_on(scenario, menu, names)
    return _note(told, prices, _link(wanted), is_on=wanted == scenario), work.key, False


def _note(told: Any, prices: MenuPrices, link: str | None, *, is_on: bool = False, why: str = "") -> html.Div:
    return guardrail_menu.together(told, prices, link, is_on=is_on, why=why)


def _link(scenario: Scenario) -> str | None:
    try:
        return f"/stress{query_of(scenario, RULES.opening)}"
    except LinkError:
        return None


def menu_heading(prices: MenuPrices) -> list[Any]:
    """What is priced, and for whom."""
    return [
        html.H2(words.MENU, className="h2"),
        html.P(explained(words.menu_deck(prices["sends"], prices["policy"], goal_of(prices))), className="deck"),
    ]


def _progress(now: Status, prices: MenuPrices) -> str | None:
    if now.state is JobState.FAILED:
        return now.error
    if now.state is JobState.STOPPED:
        return words.MENU_STOPPED
    if now.state is JobState.RUNNING:
        return words.menu_working(now.share)
    uses_clock = any(item["kind"] == guardrail_menu.CADENCE and item["change"] for item in prices["items"])
    return words.paced_menu(prices["pace"]) if prices["pace"] and uses_clock else None


def _waiting(why: str) -> dict[str, Any]:
    """The aside without prices, and why."""
    heading = [html.H2(words.MENU, className="h2")]
    empty = {"heading": heading, "progress": why, "body": None, "together": None, "menu": None}
    return dict.fromkeys(_PLACES, no_update) | empty | {"resting": True}
