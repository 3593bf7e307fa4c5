"""What happens on Compare: a question starts or joins a job, ticks bring what comes out of it, Cancel leaves it.

`register` connects plain functions to ids; the functions can be called without a server.
"""

from typing import Any, Final

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components import comparison as told
from components import ids, wording
from components import wording_compare as words
from components.address import time_machine_link
from components.cards import leaderboard
from components.cards.preset_notes import preset_notes
from components.cards.prior import prior
from components.cards.progress import more_than, progress
from components.cards.recommendation import recommendation
from components.charts import sensitivity
from components.comparing import said, work_of
from components.controls.draft import USUAL, notes
from components.downloads import csv_file
from components.following import Following, answered, scenario_of, stored_scenario
from components.following import told as job_told
from components.formats import prose
from components.notices import not_run, notice, status
from components.pages.compare import drawing, prices
from components.pages.compare.layout import NAME
from components.pages.compare.strips import STRIPS, strips_of, strips_work
from components.press import pressing, was_pressed
from components.running import is_affordable, jobs, seconds_needed, start
from components.shell import icon
from engine import POLICIES, Scenario, ScenarioError
from engine.errors import BusyError, WorkError
from engine.jobs import State as JobState
from engine.jobs import Status
from engine.presets import DEFAULT
from engine.scenario import MOST_POLICIES


def register(app: Dash) -> None:
    """Connect the page's functions to its ids."""
    app.callback(
        {name: Output(*place) for name, place in _PLACES.items()},
        inputs={
            "asked": Input(ids.ASKED, "data"),
            "_tick": Input(ids.JOB_TICK, "n_intervals"),
            "cancelled": Input(ids.JOB_CANCELLED, "data"),
        },
        state={"job": State(ids.JOB, "data"), "visitor": State(ids.VISITOR, "data")},
    )(_advance)
    app.clientside_callback(
        ClientsideFunction("btm_compare", "order"),
        Output(ids.LEADERBOARD_BODY, "children"),
        Input(ids.LEADERBOARD_ROWS, "data"),
        Input(ids.LEADERBOARD_SORT, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("btm_compare", "watch"),
        Input(ids.JOB, "data"),
        State(ids.VISITOR, "data"),
    )
    app.callback(
        Output(ids.DOWNLOAD, "data", allow_duplicate=True),
        Input(ids.csv(ALL), "n_clicks"),
        State(ids.COMPARISON, "data"),
        State(ids.STRIPS, "data"),
        State(ids.PRICES, "data"),
        prevent_initial_call=True,
    )(_download)
    app.callback(
        {name: Output(*place) for name, place in _STRIP_PLACES.items()},
        inputs={"compared": Input(ids.COMPARED, "data"), "_tick": Input(ids.STRIPS_TICK, "n_intervals")},
        state={"strips": State(ids.STRIPS, "data"), "visitor": State(ids.VISITOR, "data")},
        prevent_initial_call=True,
    )(vary)
    prices.register(app)
    for name in (*drawing.CHARTS, *drawing.STRIPS):
        app.clientside_callback(
            ClientsideFunction("btm_charts", "draw"),
            Output(ids.graph(name), "figure"),
            Input(ids.store(name), "data"),
            Input("theme", "data"),
            prevent_initial_call=True,
        )


_PLACES: Final[dict[str, tuple[Any, str]]] = {
    "recommendation": (ids.RECOMMENDATION, "children"),
    "progress": (ids.PROGRESS, "children"),
    **{f"heading of {of}": (ids.heading(of), "children") for of in drawing.RECORDS},
    **{f"figure of {name}": (ids.store(name), "data") for name in drawing.CHARTS},
    **{f"summary of {name}": (ids.summary(name), "children") for name in drawing.CHARTS},
    "spread height": (ids.graph(drawing.SPREAD), "style"),
    "spread frame": (ids.frame(drawing.SPREAD), "style"),
    **{f"policy of {name}": (ids.heading(name), "children") for name in drawing.ALLOCATIONS},
    **{f"place of {name}": (ids.place(name), "style") for name in drawing.ALLOCATIONS},
    "usual": (ids.USUAL, "children"),
    "prior": (ids.PRIOR, "children"),
    "head": (ids.LEADERBOARD_HEAD, "children"),
    "rows": (ids.LEADERBOARD_ROWS, "data"),
    "foot": (ids.COMPARE_FOOT, "children"),
    "comparison": (ids.COMPARISON, "data"),
    "answered": (ids.answered(NAME), "data"),
    "compared": (ids.COMPARED, "data"),
    "job": (ids.JOB, "data"),
    "resting": (ids.JOB_TICK, "disabled"),
}


def _advance(asked: Any, _tick: Any, cancelled: Any, job: dict[str, Any] | None, visitor: str) -> dict[str, Any]:
    return advance(asked, cancelled, job, visitor)


def _asks_first(scenario: Scenario, has_run: bool) -> dict[str, Any]:  # noqa: FBT001  # as `Following` asks
    needed = seconds_needed(work_of(scenario))
    message = words.asks_first(len(scenario.policies), scenario.sends, scenario.replications, wording.about(needed))
    hero = not_run(words.EMPTY_TEXT)
    return {
        "recommendation": no_update if has_run else hero,
        "answered": answered(
            scenario,
            status(wording.not_run(needed)),
            notice(message, "warn", pressing("run"), pressing("pick-preset", DEFAULT)),
        ),
    }


def _refused(scenario: Scenario, error: WorkError) -> dict[str, Any]:
    message = notice(words.too_much(error), "bad")
    return {"answered": answered(scenario, status(wording.NOT_VALID), message)}


def _shown(scenario: Scenario, now: Status, counted: int | None, was_cached: bool) -> dict[str, Any]:  # noqa: FBT001  # likewise
    """The page for the state of a job; figures are drawn anew when more campaigns are counted."""
    goes_on = now.state is JobState.RUNNING
    spoken = said(now) if now.counted else None
    # A job that had to start anew counts fewer than before.
    is_drawn = spoken is not None and (now.counted != counted or not goes_on)
    found = spoken["comparison"] if spoken else None
    # What depends on a whole comparison waits for it.
    waits = None if counted is None else no_update
    return {
        **(_drawn(scenario, spoken, running=goes_on) if spoken and is_drawn else {}),
        "progress": progress(
            now,
            found["stable_since"] if found else None,
            sum(not spec.is_reference for spec in scenario.specs),
            was_cached=was_cached,
            more=_affordable_more(scenario),
        ),
        "answered": answered(
            scenario, *job_told(now, words.STOPPED_TEXT, words.failed(now.error), was_cached=was_cached)
        ),
        "compared": waits if goes_on else _compared(scenario, now, found),
    }


def _compared(scenario: Scenario, now: Status, found: Any) -> dict[str, Any] | None:
    """What other scenarios are measured against: a comparison that is complete."""
    if now.state is not JobState.FINISHED or not found:
        return None
    return {"scenario": scenario.to_dict(), "leader": found["verdict"]["leader"]}


def _affordable_more(scenario: Scenario) -> int | None:
    """The next round number of campaigns, if the server would do so many at once."""
    more = more_than(scenario.replications)
    if more is None:
        return None
    try:
        wanted = scenario.with_changes(replications=more)
    except ScenarioError:
        return None
    return more if is_affordable(work_of(wanted)) else None


def _drawn(scenario: Scenario, spoken: dict[str, Any], *, running: bool) -> dict[str, Any]:
    found = spoken["comparison"]

    def link(place: int) -> str | None:
        return time_machine_link(scenario, place)

    return {
        "recommendation": [recommendation(found, running=running), *preset_notes(*notes(scenario))],
        "head": leaderboard.head(found),
        "rows": leaderboard.rows(found, link),
        "usual": _usual(scenario),
        "prior": prior(scenario, found),
        "foot": [
            html.Span(words.SAME_RECIPIENTS),
            html.Span(words.LEVELS),
            *map(html.Span, drawing.too_late(found)),
            *([html.Span(words.digest(spoken["digest"]))] if spoken["digest"] else []),
        ],
        "comparison": found,
        **{f"heading of {of}": heading for of, heading in drawing.headings(found).items()},
        **_charts(found),
    }


def _charts(found: told.Comparison) -> dict[str, Any]:
    charts = drawing.drawn(found)
    spread = charts[drawing.SPREAD].height
    out: dict[str, Any] = {
        "spread height": {"height": f"{spread}px"},
        "spread frame": {"minHeight": f"{spread}px"},
    }
    for name, chart in charts.items():
        out |= {f"figure of {name}": chart.figure, f"summary of {name}": chart.summary}
    for name, heading in zip(drawing.ALLOCATIONS, drawing.allocation_headings(found), strict=True):
        out |= {f"policy of {name}": heading, f"place of {name}": {} if heading else {"display": "none"}}
    return out


def _usual(scenario: Scenario) -> Component | None:
    """A way to have the usual policies beside those that are there, while some are missing and there is room."""
    present = {policy.name for policy in scenario.policies}
    missing = [name for name in USUAL if name in POLICIES and name not in present]
    if not missing or len(scenario.policies) >= MOST_POLICIES:
        return None
    return html.Button([icon("plus"), words.ADD_USUAL], type="button", className="link-button", **pressing("add-usual"))


FOLLOWING: Final = Following(_PLACES, scenario_of, stored_scenario, work_of, _shown, _asks_first, _refused)
advance, ask, follow, cancel = FOLLOWING.advance, FOLLOWING.ask, FOLLOWING.follow, FOLLOWING.cancel


# Other scenarios

_STRIP_PLACES: Final[dict[str, tuple[Any, str]]] = {
    "heading": (ids.heading("strips"), "children"),
    "progress": (ids.STRIPS_PROGRESS, "children"),
    "strips": (ids.STRIPS, "data"),
    "resting": (ids.STRIPS_TICK, "disabled"),
    **{f"figure of {name}": (ids.store(name), "data") for name in drawing.STRIPS},
    **{f"summary of {name}": (ids.summary(name), "children") for name in drawing.STRIPS},
    **{f"place of {name}": (ids.place(name), "style") for name in drawing.STRIPS},
}


def vary(compared: Any, _tick: Any, strips: Any, visitor: str) -> dict[str, Any]:
    """Once all campaigns are in, vary the scenario in another job, and draw what is there of it."""
    if not compared:
        if strips and strips["goes_on"]:
            jobs().leave(STRIPS, visitor)
        return _no_strips(words.STRIPS_LATER)
    scenario, leader = scenario_of(compared), compared["leader"]
    known = jobs().look(work_of(scenario))
    spoken = said(known) if known else None
    if spoken is None:  # the answer has gone from the cache; the next question brings it back
        return _no_strips(words.STRIPS_LATER)
    found = spoken["comparison"]
    work = strips_work(scenario, leader)
    if not work.scenarios:
        return _strips_page(found, []) | {"progress": None, "strips": None, "resting": True}
    is_new = not strips or strips["key"] != work.key
    try:
        now = start(work, visitor) if is_new else jobs().follow(work, visitor)
    except BusyError as busy:
        return _no_strips(prose(str(busy)))
    except WorkError:
        return _no_strips(words.STRIPS_TOO_MUCH)
    shown = strips_of(scenario, leader, found, now)
    goes_on = now.state is JobState.RUNNING
    return _strips_page(found, shown) | {
        "progress": _strips_words(now),
        "strips": {"key": work.key, "goes_on": goes_on, "records": sensitivity.records(shown)},
        "resting": not goes_on,
    }


def _strips_words(now: Status) -> str | None:
    if now.state is JobState.FAILED:
        return prose(now.error)
    if now.state is JobState.STOPPED:
        return words.STRIPS_STOPPED
    return words.strips_progress(now.share) if now.state is JobState.RUNNING else None


def _no_strips(why: str) -> dict[str, Any]:
    out = dict.fromkeys(_STRIP_PLACES, no_update)
    hidden = {f"place of {name}": {"display": "none"} for name in drawing.STRIPS}
    heading = [html.H2(words.STRIPS, className="h2")]
    return out | hidden | {"heading": heading, "progress": why, "strips": None, "resting": True}


def _strips_page(found: told.Comparison, strips: list[sensitivity.Strip]) -> dict[str, Any]:
    charts = drawing.drawn_strips(found, strips)
    out: dict[str, Any] = {"heading": drawing.strip_heading(found, strips)}
    for name in drawing.STRIPS:
        chart = charts.get(name)
        out |= {
            f"figure of {name}": chart.figure if chart else no_update,
            f"summary of {name}": chart.summary if chart else no_update,
            f"place of {name}": {} if chart else {"display": "none"},
        }
    return out


# Downloads


def _download(_clicks: Any, found: Any, strips: Any, priced: Any) -> dict[str, str]:
    if not found or not was_pressed(_clicks):
        raise PreventUpdate
    return download(ctx.triggered_id["of"], found, strips=strips, prices=priced)


def download(of: str, found: told.Comparison, **others: Any) -> dict[str, str]:
    """What is shown, as a file; `others` are the stores of what other jobs found, by section."""
    if of in (STRIPS, prices.PRICES):
        other = others.get(of)
        if not other or not other["records"]:
            raise PreventUpdate
        return csv_file(f"{of}.csv", other["records"])
    return csv_file(f"{of}.csv", drawing.RECORDS[of](found))
