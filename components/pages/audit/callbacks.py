"""What happens on the Audit page: a question makes or joins a log, the grid asks for rows, a row tells why.

`register` connects plain functions to ids; the functions can be called without a server.
"""

import time
from typing import Any, Final

import dash_bootstrap_components as dbc
import numpy as np
from dash import ALL, MATCH, ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components import ids, wording
from components import wording_audit as words
from components.address import PLACE_ALONE, query_of
from components.cards import line_rates
from components.cards.audit_sheet import audit_sheet
from components.cards.progress import cancel_button, card, is_broken_off, run_again_button
from components.cards.why_send import why_send
from components.downloads import csv_file
from components.following import Following, answered, scenario_of
from components.following import told as job_told
from components.notices import not_run, notice, status
from components.pages.audit import files
from components.pages.audit.grid import PAGE_ROWS, deciders, filters_of, grid, order_in, order_of, rows_for
from components.pages.audit.layout import NAME, RULES
from components.pages.audit.work import CAMPAIGN, POLICY, Audited, audited, from_store, said
from components.press import pressing
from components.running import jobs, seconds_needed
from components.shell import icon
from components.terms import explained
from components.theme import arm_letter
from components.wording_compare import too_much
from components.wording_goals import goal_of
from components.words import explained_spans, spans
from engine import LinkError, to_link
from engine.errors import WorkError
from engine.jobs import State as JobState
from engine.jobs import Status
from engine.logs.paging import places
from engine.logs.why import why
from engine.logs.work import LogSummary, run_again
from engine.presets import DEFAULT
from engine.version import VERSION


def register(app: Dash) -> None:
    """Connect the page's functions to its ids."""
    app.callback(
        {name: Output(*place) for name, place in _PLACES.items()},
        inputs={
            "asked": Input(ids.ASKED, "data"),
            "_tick": Input(ids.AUDIT_JOB_TICK, "n_intervals"),
            "cancelled": Input(ids.AUDIT_JOB_CANCELLED, "data"),
            "chosen": Input(ids.AUDIT_CHOICE, "data"),
        },
        state={"job": State(ids.AUDIT_JOB, "data"), "visitor": State(ids.VISITOR, "data")},
    )(_advance)
    app.callback(
        Output(ids.AUDIT_CHOICE, "data"),
        Input(ids.AUDIT_POLICY, "value"),
        Input(ids.AUDIT_CAMPAIGN, "value"),
        State(ids.AUDIT_JOB, "data"),
        prevent_initial_call=True,
    )(choose)
    app.callback(
        {name: Output(*place) for name, place in _SHOWN_PLACES.items()},
        inputs={"shown": Input(ids.AUDIT_SHOWN, "data"), "ready": Input(ids.AUDIT_GRID_READY, "data")},
        prevent_initial_call=True,
    )(show)
    app.callback(
        Output(ids.audit_grid(MATCH), "getRowsResponse"),
        Input(ids.audit_grid(MATCH), "getRowsRequest"),
        State(ids.AUDIT_SHOWN, "data"),
        State(ids.audit_filter(ALL), "value"),
        State(ids.audit_filter(ALL), "id"),
        prevent_initial_call=True,
    )(rows)
    app.callback(Output(ids.AUDIT_WHY, "children"), Input(ids.AUDIT_SEND, "data"), Input(ids.AUDIT_SHOWN, "data"))(
        explain
    )
    app.callback(
        Output(ids.AUDIT_FOUND, "data"),
        Input(ids.AUDIT_GO_TO, "value"),
        State(ids.AUDIT_SHOWN, "data"),
        State(ids.audit_grid(ALL), "getRowsRequest"),
        State(ids.audit_filter(ALL), "value"),
        State(ids.audit_filter(ALL), "id"),
        prevent_initial_call=True,
    )(find)
    app.callback(
        Output(ids.AUDIT_RERUN_FOUND, "data"),
        Input(ids.AUDIT_RERUN, "n_clicks"),
        State(ids.AUDIT_SHOWN, "data"),
        prevent_initial_call=True,
        running=[(Output(ids.AUDIT_RERUN, "disabled"), True, False)],
    )(rerun)
    app.callback(
        Output(ids.DOWNLOAD, "data", allow_duplicate=True),
        Input(ids.AUDIT_RATES_CSV, "n_clicks"),
        State(ids.AUDIT_SHOWN, "data"),
        prevent_initial_call=True,
    )(download)
    files.register(app)
    _register_browser(app)


def _register_browser(app: Dash) -> None:
    app.clientside_callback(
        ClientsideFunction("btm_compare", "watch"), Input(ids.AUDIT_JOB, "data"), State(ids.VISITOR, "data")
    )
    app.clientside_callback(ClientsideFunction("btm_audit", "address"), Input(ids.AUDIT_JOB, "data"))
    app.clientside_callback(
        ClientsideFunction("btm_audit", "load"), Output(ids.AUDIT_GRID_READY, "data"), Input(ids.AUDIT_HERO, "id")
    )
    app.clientside_callback(
        ClientsideFunction("btm_audit", "refresh"),
        Input(ids.audit_filter(ALL), "value"),
        Input(ids.AUDIT_SHOWN, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("btm_audit", "chosen"),
        Output(ids.AUDIT_SEND, "data", allow_duplicate=True),
        Input(ids.audit_grid(ALL), "selectedRows"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("btm_audit", "found"),
        Output(ids.AUDIT_SEND, "data", allow_duplicate=True),
        Input(ids.AUDIT_FOUND, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("btm_audit", "stamp"),
        Output(ids.AUDIT_RERUN_WORDS, "children"),
        Input(ids.AUDIT_RERUN_FOUND, "data"),
        prevent_initial_call=True,
    )


_PLACES: Final[dict[str, tuple[Any, str]]] = {
    "hero": (ids.AUDIT_HERO, "children"),
    "progress": (ids.AUDIT_PROGRESS, "children"),
    "policies": (ids.AUDIT_POLICY, "options"),
    "policy": (ids.AUDIT_POLICY, "value"),
    "campaign": (ids.AUDIT_CAMPAIGN, "value"),
    "shown": (ids.AUDIT_SHOWN, "data"),
    "answered": (ids.answered(NAME), "data"),
    "job": (ids.AUDIT_JOB, "data"),
    "resting": (ids.AUDIT_JOB_TICK, "disabled"),
}


def _advance(asked: Any, _tick: Any, cancelled: Any, chosen: Any, job: Any, visitor: str) -> dict[str, Any]:
    return FOLLOWING.advance(asked, cancelled, job, visitor, chosen)


def choose(policy: Any, campaign: Any, job: Any) -> dict[str, Any]:
    """Take in which policy and campaign the visitor chose; what is no number, or not there, chooses nothing new."""
    one = from_store(job)
    if one is None:
        raise PreventUpdate
    chosen = {POLICY: _counted(policy, one.policy, len(one.scenario.policies))}
    chosen[CAMPAIGN] = _counted(campaign, one.campaign, one.scenario.replications)
    if chosen == {POLICY: one.policy, CAMPAIGN: one.campaign}:
        raise PreventUpdate
    return chosen


def _counted(value: Any, now: int, there: int) -> int:
    """A number from 1 as a place, no further than there is."""
    try:
        return min(max(int(float(value)), 1), there) - 1
    except (TypeError, ValueError, OverflowError):
        return now


def _choices(one: Audited) -> dict[str, Any]:
    options = [{"label": label, "value": str(place + 1)} for place, label in enumerate(one.scenario.labels)]
    return {"policies": options, "policy": str(one.policy + 1), "campaign": one.campaign + 1}


def _asks_first(one: Audited, has_run: bool) -> dict[str, Any]:  # noqa: FBT001  # as `Following` asks
    needed = seconds_needed(one.work)
    hero = not_run(wording.EMPTY_TEXT)
    message = notice(
        words.asks_first(one.scenario.sends, needed), "warn", pressing("run"), pressing("pick-preset", DEFAULT)
    )
    return _choices(one) | {
        "hero": no_update if has_run else hero,
        "answered": answered(one.scenario, status(wording.not_run(needed)), message),
    }


def _refused(one: Audited, error: WorkError) -> dict[str, Any]:
    message = notice(too_much(error), "bad")
    return _choices(one) | {"answered": answered(one.scenario, status(wording.NOT_VALID), message)}


def _shown(one: Audited, now: Status, counted: int | None, was_cached: bool) -> dict[str, Any]:  # noqa: FBT001  # likewise
    summary = said(now)
    return (_choices(one) if counted is None else {}) | {
        "hero": _hero(one, now, summary),
        "progress": _progress(now),
        "shown": one.stored() if summary else no_update,
        "answered": answered(
            one.scenario, *job_told(now, words.STOPPED_TEXT, words.failed(now.error), was_cached=was_cached)
        ),
    }


def _hero(one: Audited, now: Status, summary: LogSummary | None) -> Any:
    if summary:
        return hero(one, summary)
    if now.state is JobState.RUNNING:
        title = html.H1(words.writing(one.scenario.sends), className="verdict not-run")
        return html.Div([title, html.P(explained(words.WRITING_LEAD), className="lead")], className="hero-verdict")
    return no_update


def hero(one: Audited, summary: LogSummary) -> html.Div:
    """The verdict and who decided."""
    decided = [(decision["name"], decision["sends"]) for decision in summary["decided"]]
    lead = explained_spans([*words.followed(one.label, decided), " ", words.checked(summary["check"])])
    return html.Div(
        [
            html.H1(spans(words.verdict(summary["sends"])), className="verdict"),
            html.P(lead, className="lead"),
        ],
        className="hero-verdict",
    )


def _progress(now: Status) -> html.Div | None:
    """How far the log is; nothing once it is there."""
    title = words.progress_title(now.done, now.total, stopped=is_broken_off(now))
    if now.state is JobState.RUNNING:
        return card(now, title, words.progress_text(now.seconds_left), cancel_button())
    if is_broken_off(now):
        text = words.STOPPED_TEXT if now.state is JobState.STOPPED else words.FAILED_TEXT
        return card(now, title, text, run_again_button())
    return None


FOLLOWING: Final = Following(
    _PLACES,
    lambda record, chosen: audited(scenario_of(record), chosen),
    Audited.stored,
    lambda one: one.work,
    _shown,
    _asks_first,
    _refused,
)


# What is shown of a log that is there

_SHOWN_PLACES: Final[dict[str, tuple[Any, str]]] = {
    "body": (ids.AUDIT_BODY, "style"),
    "box": (f"{ids.AUDIT_DIGEST}-box", "style"),
    "heading": (ids.heading(ids.AUDIT_LOG), "children"),
    "filters": (ids.AUDIT_FILTERS, "children"),
    "grid": (ids.AUDIT_GRID_PLACE, "children"),
    "files": (ids.AUDIT_FILES, "children"),
    "digest": (ids.AUDIT_DIGEST, "children"),
    "rerun": (ids.AUDIT_RERUN_FOUND, "data"),
    "rates_heading": (ids.heading(ids.AUDIT_RATES), "children"),
    "rates": (ids.AUDIT_RATES, "children"),
    "actions": (ids.AUDIT_ACTIONS, "children"),
    "sheet": (ids.AUDIT_SHEET, "children"),
    "foot": (ids.AUDIT_FOOT, "children"),
    "go_to": (ids.AUDIT_GO_TO, "value"),
}


def shown_log(shown: Any) -> tuple[Audited, LogSummary]:
    """The log that the page shows.

    Raises:
        PreventUpdate: it shows none, or what was said of it is no longer kept.
    """
    one = from_store(shown)
    summary = said(jobs().look(one.work)) if one else None
    if one is None or summary is None:
        raise PreventUpdate
    return one, summary


def show(shown: Any, ready: Any) -> dict[str, Any]:
    """Put up all that a log has, the grid once its script is there."""
    one, summary = shown_log(shown)
    names, order = [arm.name for arm in one.scenario.arms], order_of(summary)
    return {
        "body": {},
        "box": {},
        "heading": [html.H2(words.LOG, className="h2"), html.P(explained(words.deck(order)), className="deck")],
        "filters": _filters(one),
        "grid": grid(one, summary) if ready else no_update,
        "files": _files(one),
        "digest": _digest(summary),
        "rerun": {"words": words.NOT_RUN_AGAIN},
        "rates_heading": [
            html.H2(line_rates.title(summary["lines"]), className="h2"),
            html.P(explained(words.RATES_DECK), className="deck"),
        ],
        "rates": line_rates.line_rates(names, summary["lines"], order),
        "actions": [
            html.H2(words.ACTIONS, className="h2"),
            html.Ul([html.Li(text) for text in events(one, summary)], className="guard-events"),
        ],
        "sheet": _sheet(one, summary),
        "foot": [html.Span(words.MARGINAL), html.Span(words.NEUTRAL), html.Span(words.check_print(summary["check"]))],
        "go_to": _opening_send(one),
    }


def events(one: Audited, summary: LogSummary) -> list[str]:
    """What the guardrails did, a sentence each."""
    if not one.scenario.guardrails:
        return [words.NO_GUARDRAIL]
    told = [
        words.acted(decision["name"], decision["sends"], summary["sends"])
        for decision in summary["decided"]
        if decision["name"]
    ]
    if summary["contacts"] > summary["sends"]:
        told.append(words.left_out(summary["contacts"], summary["sends"]))
    found = summary["events"]
    told += [words.paused(arm, after) for arm, after in found["paused"]]
    if found["winner"] is not None and found["stopped_at"] is not None:
        told.append(words.stopped(found["winner"], found["stopped_at"]))
    return told or [words.NEVER_ACTED]


def _opening_send(one: Audited) -> int:
    """The send that is explained first: the policy's own, near the middle, where it has learnt something."""
    sends = one.store.sends()
    middle = len(one.store) // 2
    own = np.flatnonzero(sends["by"][middle:] < 0)
    return int(sends["send"][middle + (int(own[0]) if len(own) else 0)]) if len(one.store) else 0


def _filters(one: Audited) -> list[Component]:
    scenario = one.scenario
    parts = [_typed("first", words.FROM), _typed("last", words.TO)]
    if scenario.is_segmented:
        parts.append(
            _listed("segment", words.SEGMENT, [(str(n), name) for n, name in enumerate(scenario.segmentation.names)])
        )
    lines = [(str(arm), f"{arm_letter(arm)}  {one.name}") for arm, one in enumerate(scenario.arms)]
    return [
        *parts,
        _listed("arm", words.LINE, lines),
        _listed("by", words.DECIDED_BY, deciders(one)),
        _listed("answer", words.OUTCOME, [("1", words.CONVERTED), ("0", words.NO_REPLY)]),
    ]


def _typed(of: str, label: str) -> html.Div:
    identity = ids.audit_filter(of)
    control = dbc.Input(
        id=identity, type="number", min=0, step="any", debounce=True, placeholder=words.ANY, autocomplete="off"
    )
    return _labelled(identity, label, control)


def _listed(of: str, label: str, options: list[tuple[str, str]]) -> html.Div:
    identity = ids.audit_filter(of)
    listed = [{"value": words.ANY, "label": words.ANY}, *({"value": value, "label": name} for value, name in options)]
    return _labelled(
        identity, label, html.Div(dbc.Select(id=identity, options=listed, value=words.ANY), className="select")
    )


def _labelled(identity: dict[str, Any], label: str, control: Component) -> html.Div:
    return html.Div(
        [html.Label(label, htmlFor=ids.in_html(identity), className="form-label"), control], className="field"
    )


def _files(one: Audited) -> list[Component]:
    names = {"csv": words.LOG_CSV, "parquet": words.LOG_PARQUET}
    parts: list[Component] = []
    for kind in files.kinds():
        href = files.address(one, kind)
        if href is None:
            parts.append(html.Span(words.NO_FILES, className="hint"))
            break
        parts.append(html.A([icon("download"), names[kind]], href=href, download="", className="btn btn-secondary"))
    prints: Any = {"data-print": "true"}
    return [*parts, html.Button(words.SHEET, type="button", className="btn btn-secondary", **prints)]


def _digest(summary: LogSummary) -> list[Component]:
    return [
        html.Div(
            [html.H2(words.DIGEST, className="digest-head"), html.Span(words.digest_note(VERSION), className="hint")],
            className="digest-title",
        ),
        html.Div([html.Div(line) for line in words.grouped(summary["digest"])], className="digest-text"),
    ]


def _sheet(one: Audited, summary: LogSummary) -> list[Component]:
    goal = goal_of({"goal": one.scenario.goal})
    facts = words.sheet_facts(
        one.label, one.campaign + 1, summary["sends"], summary["conversions"], goal, summary["value"]
    )
    world_seed = getattr(one.scenario.world, "world_seed", None)
    seeds = f"luck {one.scenario.seed}" + ("" if world_seed is None else f", world {world_seed}")
    versions = f"engine {VERSION}, source {one.log.key.split('-')[1]}"
    facts += [
        ("Seeds", seeds),
        ("Versions", versions),
        ("Scenario digest", one.scenario.digest()),
        ("Log digest", summary["digest"]),
    ]
    try:
        link = f"/{NAME}{query_of(one.scenario, RULES.opening)}"
        # What somebody brought is named by its place alone: a call would spell out its names and counts.
        token = to_link(one.scenario) if PLACE_ALONE not in link else ""
    except LinkError:
        token, link = "", ""
    call = f'engine.decision_log(engine.from_link("{token}"), policy={one.policy}, replication={one.campaign})'
    return audit_sheet(
        facts,
        summary,
        one.scenario.to_dict(),
        call=call if token else "",
        link=link or None,
        events=events(one, summary),
    )


# The grid


def rows(request: Any, shown: Any, values: list[Any], names: list[Any]) -> dict[str, Any]:
    """Answer the grid's question for rows."""
    one = from_store(shown)
    if one is None or not isinstance(request, dict) or said(jobs().look(one.work)) is None:
        return {"rowData": [], "rowCount": 0}
    return rows_for(one, request, filters_of(_by_name(values, names), one))


def find(send: Any, shown: Any, requests: Any, values: list[Any], names: list[Any]) -> dict[str, Any]:
    """Where among the rows shown a send stands; the nearest one after it where it has no row of its own."""
    one, _ = shown_log(shown)
    sends = one.store.sends()["send"]
    try:
        wanted = int(float(send))
    except (TypeError, ValueError, OverflowError) as error:
        raise PreventUpdate from error
    if not len(sends):
        raise PreventUpdate
    place = min(int(np.searchsorted(sends, max(wanted, 0))), len(sends) - 1)
    found = np.flatnonzero(
        places(one.store, filters_of(_by_name(values, names), one), order_in(requests[0] if requests else None))
        == place
    )
    index = int(found[0]) if len(found) else None
    return {"send": int(sends[place]), "index": index, "page": None if index is None else index // PAGE_ROWS}


def _by_name(values: list[Any], names: list[Any]) -> dict[str, Any]:
    return {str(name.get("of")): value for name, value in zip(names, values, strict=False) if isinstance(name, dict)}


def explain(send: Any, shown: Any) -> list[Component]:
    """Tell why a send went as it did."""
    one, _ = shown_log(shown)
    sends = one.store.sends()["send"]
    if not isinstance(send, int) or not len(sends):
        raise PreventUpdate
    place = min(int(np.searchsorted(sends, max(send, 0))), len(sends) - 1)
    return why_send(why(one.store, place), one.label, is_late=one.scenario.is_delayed)


def rerun(clicks: Any, shown: Any) -> dict[str, Any]:
    """Make the campaign again, without a look at what is kept, and compare."""
    if not clicks:
        raise PreventUpdate
    one, summary = shown_log(shown)
    begun = time.perf_counter()
    found = run_again(one.store, summary["digest"])
    title, text = words.same(time.perf_counter() - begun, found["chances"], is_same=found["is_same"])
    return {"title": title, "text": text, "same": found["is_same"]}


def download(clicks: Any, shown: Any) -> dict[str, str]:
    """The corrected rates as a file."""
    if not clicks or ctx.triggered_id != ids.AUDIT_RATES_CSV:
        raise PreventUpdate
    one, summary = shown_log(shown)
    return csv_file(
        "corrected-rates.csv", line_rates.records([arm.name for arm in one.scenario.arms], summary["lines"])
    )
