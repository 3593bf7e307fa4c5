"""What happens beside two saved scenarios: each follows its job, the one that Compare would follow too."""

from typing import Any, Final

from dash import ClientsideFunction, Dash, Input, Output, State, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components import ids
from components import wording_compare as compare
from components import wording_saved as words
from components.address import query_of
from components.cards.progress import cancel_button, card
from components.cards.recommendation import recommendation
from components.cards.saved_side import side, waiting
from components.comparing import said, work_of
from components.following import Following, scenario_of, stored_scenario
from components.notices import notice
from components.pages.saved.layout import SIDES
from components.running import jobs, seconds_needed
from components.wording import about
from engine import LinkError, Scenario
from engine.errors import WorkError
from engine.jobs import State as JobState
from engine.jobs import Status

_PLACES: Final[dict[str, tuple[str, str]]] = {
    "notice": (ids.SAVED_NOTICE, "children"),
    "progress": (ids.SAVED_PROGRESS, "children"),
    "runs": (ids.SAVED_RUN, "hidden"),
    "sides": (ids.SAVED_SIDES, "children"),
    "job": (ids.SAVED_JOB, "data"),
    "resting": (ids.SAVED_JOB_TICK, "disabled"),
}


def register(app: Dash) -> None:
    """Connect the page's functions to its ids."""
    app.callback(
        {name: Output(*place) for name, place in _PLACES.items()},
        inputs={
            "pair": Input(ids.SAVED_PAIR, "data"),
            "_tick": Input(ids.SAVED_JOB_TICK, "n_intervals"),
            "clicks": Input(ids.SAVED_RUN, "n_clicks"),
            "cancelled": Input(ids.SAVED_JOB_CANCELLED, "data"),
        },
        state={"job": State(ids.SAVED_JOB, "data"), "visitor": State(ids.VISITOR, "data")},
    )(_advance)
    app.clientside_callback(
        ClientsideFunction("btm_compare", "watch_pair"), Input(ids.SAVED_JOB, "data"), State(ids.VISITOR, "data")
    )


def _advance(pair: Any, _tick: Any, clicks: Any, cancelled: Any, job: Any, visitor: Any) -> dict[str, Any]:
    return advance(pair, clicks, cancelled, job, visitor)


def advance(pair: Any, clicks: int | None, cancelled: Any, job: Any, visitor: str) -> dict[str, Any]:
    """Do for each side what has not been done yet, and show both.

    Raises:
        PreventUpdate: nothing is new.
    """
    if not isinstance(pair, dict) or not set(SIDES) <= set(pair):
        raise PreventUpdate
    news = {one: _side(pair[one], clicks, cancelled, (job or {}).get(one), f"{visitor}{one}") for one in SIDES}
    if not any(news.values()):
        raise PreventUpdate
    records = {one: news[one].get("job") or job[one] for one in SIDES}
    states = [_now(scenario_of(pair[one]), news[one]) for one in SIDES]
    is_waiting = any(news[one].get("asks") for one in SIDES)
    broken = [now for now in states if now and now.state in (JobState.STOPPED, JobState.FAILED)]
    return {
        "notice": _notices(pair, news, states, is_waiting=is_waiting),
        "progress": _progress([now for now in states if now]),
        "runs": not (is_waiting or broken),
        "sides": [_shown(pair[one], now) for one, now in zip(SIDES, states, strict=True)],
        "job": records,
        "resting": not any(record["goes_on"] for record in records.values()),
    }


def _side(told: Any, clicks: int | None, cancelled: Any, job: Any, visitor: str) -> dict[str, Any]:
    """What is new on one side; nothing where its job rests."""
    asked = {"scenario": told.get("scenario"), "pressed": bool(clicks), "n": clicks or 0}
    try:
        return FOLLOWING.advance(asked, cancelled, job, visitor)
    except PreventUpdate:
        if job is None:
            raise
        return {}


def _now(scenario: Scenario, news: dict[str, Any]) -> Status | None:
    now: Status | None = news.get("now")
    return now or jobs().look(work_of(scenario))


def _news_of(_scenario: Scenario, now: Status, _counted: int | None, _was_cached: bool) -> dict[str, Any]:  # noqa: FBT001  # as `Following` asks
    return {"now": now}


def _asks_first(scenario: Scenario, _has_run: bool) -> dict[str, Any]:  # noqa: FBT001  # likewise
    return {"asks": scenario}


def _refused(_scenario: Scenario, error: WorkError) -> dict[str, Any]:
    return {"refused": error, "asks": None}


FOLLOWING: Final = Following(("job",), scenario_of, stored_scenario, work_of, _news_of, _asks_first, _refused)


def _notices(pair: Any, news: Any, states: list[Status | None], *, is_waiting: bool) -> list[Component]:
    out: list[Component] = [
        notice(compare.too_much(told["refused"]), "bad") for told in news.values() if "refused" in told
    ]
    out += [notice(compare.failed(now.error), "bad") for now in states if now and now.state is JobState.FAILED]
    if is_waiting:
        scenarios = [scenario_of(pair[one]) for one in SIDES if news[one].get("asks")]
        needed = sum(seconds_needed(work_of(scenario)) for scenario in scenarios)
        out.append(notice(words.asks_first(sum(one.replications for one in scenarios), about(needed)), "warn"))
    return out


def _progress(states: list[Status]) -> Component | None:
    """Both jobs as one; nothing where both are done."""
    if not states or all(now.state is JobState.FINISHED for now in states):
        return None
    slowest = next((now for now in states if now.state is JobState.RUNNING), states[0])
    counted, total = sum(now.counted for now in states), sum(now.total for now in states)
    both = Status(**{**vars(slowest), "counted": counted, "total": total})
    is_running = slowest.state is JobState.RUNNING
    title = compare.progress_title(counted, total, stopped=not is_running)
    text = compare.progress_text(slowest.seconds_left, counted, None, 0) if is_running else compare.STOPPED_TEXT
    return card(both, title, text, cancel_button() if is_running else None)


def _shown(told: Any, now: Status | None) -> html.Section:
    scenario = scenario_of(told)
    name, link, spoken = str(told.get("name")), _link(scenario), said(now) if now else None
    if now is None or spoken is None:
        return waiting(name, link)
    found = spoken["comparison"]
    return side(name, link, recommendation(found, running=now.state is JobState.RUNNING, is_whole_page=False), found)


def _link(scenario: Scenario) -> str | None:
    try:
        return f"/compare{query_of(scenario, None)}"
    except LinkError:
        return None
