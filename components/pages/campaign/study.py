"""Judging a log of the campaign: a job of its own once all campaigns are in, and what the page makes of it."""

from typing import Any, Final

import orjson
from dash import Dash, Input, Output, State, dcc, no_update
from dash.exceptions import PreventUpdate

from components import ids
from components import wording_campaign as words
from components.address import query_of
from components.cards.estimates import estimates
from components.following import scenario_of
from components.formats import prose
from components.running import jobs, start
from engine import LinkError, Scenario, ScenarioError
from engine.errors import BusyError
from engine.evaluation.work import STUDY, StudyWork
from engine.jobs import State as JobState
from engine.jobs import Status

_FLOOR: Final = 0.02
"""The minimum share that the page advises where a line is hardly known."""


def register(app: Dash) -> None:
    """Connect the section to its ids."""
    app.callback(
        {name: Output(*place) for name, place in _PLACES.items()},
        inputs={"compared": Input(ids.CAMPAIGN_COMPARED, "data"), "_tick": Input(ids.STUDY_TICK, "n_intervals")},
        state={"study": State(ids.STUDY, "data"), "visitor": State(ids.VISITOR, "data")},
        prevent_initial_call=True,
    )(judge)


_PLACES: Final[dict[str, tuple[Any, str]]] = {
    "progress": (ids.STUDY_PROGRESS, "children"),
    "body": (ids.STUDY_BODY, "children"),
    "study": (ids.STUDY, "data"),
    "resting": (ids.STUDY_TICK, "disabled"),
}


def judge(compared: Any, _tick: Any, study: Any, visitor: str) -> dict[str, Any]:
    """Once all campaigns are in, judge a log of the policy that leads, in another job."""
    if not compared:
        if study and study["goes_on"]:
            jobs().leave(STUDY, visitor)
        return _page(words.STUDY_LATER, None, None)
    scenario = scenario_of(compared)
    work = StudyWork(scenario, _policy_of(compared, scenario))
    is_new = not study or study["key"] != work.key
    try:
        now = start(work, visitor) if is_new else jobs().follow(work, visitor)
    except BusyError as busy:
        return _page(prose(str(busy)), None, None)
    found = orjson.loads(now.content)[0] if now.counted else None
    goes_on = now.state is JobState.RUNNING
    record = {"key": work.key, "goes_on": goes_on, "found": found}
    return _page(_words(now), None if found is None else estimates(found, _remedy(scenario)), record)


def _policy_of(compared: Any, scenario: Scenario) -> int:
    """The place of the policy that leads; a page that names another place was not made by us."""
    place = compared.get("policy")
    if type(place) is not int or not 0 <= place < len(scenario.policies):
        raise PreventUpdate
    return place


def _page(progress: str | None, body: Any, study: Any) -> dict[str, Any]:
    goes_on = bool(study and study["goes_on"])
    return {
        "progress": progress,
        "body": no_update if body is None and goes_on else body,
        "study": study,
        "resting": not goes_on,
    }


def _words(now: Status) -> str | None:
    if now.state is JobState.FAILED:
        return prose(now.error)
    if now.state is JobState.STOPPED:
        return words.STUDY_STOPPED
    return words.STUDYING if now.state is JobState.RUNNING else None


def _remedy(scenario: Scenario) -> dcc.Link | None:
    """The same campaign with a minimum share, where it has none and an address can hold it."""
    if scenario.guardrail("minimum_share") is not None:
        return None
    floor = {"name": "minimum_share", "share": _FLOOR}
    try:
        query = query_of(scenario.with_changes(guardrails=[*scenario.to_dict()["guardrails"], floor]))
    except (ScenarioError, LinkError):
        return None
    return dcc.Link(words.MINIMUM_SHARE, href=f"/campaign{query}")
