"""What happens on the campaign page: its file is confirmed, read again, shared or deleted, and policies are run on it.

`register` connects plain functions to ids; the functions can be called without a server.
"""

from typing import Any, Final

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update
from dash.exceptions import PreventUpdate

from components import comparison as told
from components import ids, own, uploads, wording
from components import wording_campaign as words
from components.address import LOG_PLACE, PLACE, QUERY
from components.cards import campaign_lines, estimates, leaderboard
from components.cards.campaign_verdict import campaign_verdict, policies_deck, policies_title
from components.cards.progress import cancel_button, card, is_broken_off, run_again_button
from components.comparing import said, work_of
from components.downloads import csv_file
from components.following import Following, answered, scenario_of, stored_scenario
from components.following import told as job_told
from components.formats import prose
from components.notices import notice, status
from components.pages.campaign import study
from components.pages.campaign.layout import NAME, seen
from components.press import pressing, was_pressed
from components.running import seconds_needed
from components.terms import explained
from components.wording_compare import asks_first, failed, too_much
from engine import LinkError, Scenario, to_link
from engine.errors import BusyError, DataError, WorkError
from engine.jobs import State as JobState
from engine.jobs import Status
from engine.reading import Column
from engine.shelf import Brought, shelf


def register(app: Dash) -> None:
    """Connect the page's functions to its ids, and open the door for files."""
    uploads.register(app)
    app.callback(
        {name: Output(*place) for name, place in _PLACES.items()},
        inputs={
            "asked": Input(ids.ASKED, "data"),
            "_tick": Input(ids.CAMPAIGN_JOB_TICK, "n_intervals"),
            "cancelled": Input(ids.CAMPAIGN_JOB_CANCELLED, "data"),
        },
        state={"job": State(ids.CAMPAIGN_JOB, "data"), "visitor": State(ids.VISITOR, "data")},
    )(_advance)
    app.callback(
        Output(ids.CAMPAIGN_GO, "data", allow_duplicate=True),
        Output(ids.CAMPAIGN_ERROR, "children"),
        Input(ids.COLUMNS_READ, "n_clicks"),
        State(ids.column_role(ALL), "value"),
        State(ids.CAMPAIGN_PLACE, "data"),
        prevent_initial_call=True,
    )(_read_again)
    app.callback(
        Output(ids.COLUMNS_STATE, "children"),
        Input(ids.COLUMNS_CONFIRM, "n_clicks"),
        State(ids.CAMPAIGN_PLACE, "data"),
        prevent_initial_call=True,
    )(_confirm)
    app.callback(
        Output(ids.CAMPAIGN_GO, "data", allow_duplicate=True),
        Output(ids.CAMPAIGN_ERROR, "children", allow_duplicate=True),
        Input(ids.CAMPAIGN_SHARE, "n_clicks"),
        State(ids.CAMPAIGN_PLACE, "data"),
        State(ids.ASKED, "data"),
        prevent_initial_call=True,
    )(_share)
    app.callback(
        Output(ids.CAMPAIGN_GO, "data", allow_duplicate=True),
        Output(ids.CAMPAIGN_ERROR, "children", allow_duplicate=True),
        Input(ids.CAMPAIGN_DELETE, "n_clicks"),
        State(ids.CAMPAIGN_PLACE, "data"),
        prevent_initial_call=True,
    )(_delete)
    app.callback(
        Output(ids.DOWNLOAD, "data", allow_duplicate=True),
        Input(ids.campaign_csv(ALL), "n_clicks"),
        State(ids.CAMPAIGN_COMPARISON, "data"),
        State(ids.ASKED, "data"),
        State(ids.CAMPAIGN_PLACE, "data"),
        State(ids.STUDY, "data"),
        prevent_initial_call=True,
    )(_download)
    app.callback(
        Output(ids.DOWNLOAD, "data", allow_duplicate=True),
        Input(ids.log_csv(ALL), "n_clicks"),
        State(ids.CAMPAIGN_PLACE, "data"),
        prevent_initial_call=True,
    )(_download_log)
    app.callback(
        Output(ids.CAMPAIGN_GO, "data", allow_duplicate=True),
        Output(ids.CAMPAIGN_ERROR, "children", allow_duplicate=True),
        Input(ids.LOG_EVEN, "n_clicks"),
        State(ids.CAMPAIGN_PLACE, "data"),
        prevent_initial_call=True,
    )(_say_even)
    study.register(app)
    app.clientside_callback(ClientsideFunction("btm_campaign", "go"), Input(ids.CAMPAIGN_GO, "data"))
    app.clientside_callback(
        ClientsideFunction("btm_compare", "watch"), Input(ids.CAMPAIGN_JOB, "data"), State(ids.VISITOR, "data")
    )


# The file


def _read_again(clicks: Any, roles: list[str], place: str | None) -> tuple[Any, Any]:
    if not clicks:
        raise PreventUpdate
    return read_again(roles, place)


def read_again(roles: list[str], place: str | None) -> tuple[Any, Any]:
    """Read the file anew with what its owner says of its columns: where to go, or what is wrong."""
    file = _file(place)
    if file is None:
        return no_update, notice(words.GONE, "bad")
    titles = [column["title"] for column in _columns(file)]
    if len(titles) != len(roles):
        raise PreventUpdate
    return _read(file, dict(zip(titles, roles, strict=True)), is_even=file.is_even)


def _say_even(clicks: Any, place: str | None) -> tuple[Any, Any]:
    if not clicks:
        raise PreventUpdate
    file = _file(place)
    return (no_update, notice(words.GONE, "bad")) if file is None else _read(file, file.roles, is_even=True)


def _read(file: Brought, roles: dict[str, str], *, is_even: bool) -> tuple[Any, Any]:
    try:
        shelf().read_again(file, roles, is_even=is_even)
    except (DataError, BusyError) as error:
        return no_update, notice(wording.Notice(words.CANNOT_READ, prose(str(error))), "bad")
    key = LOG_PLACE if file.campaign is None else PLACE
    return _address(f"?{key}={file.identity}"), None


def _columns(file: Brought) -> list[Column]:
    if file.campaign is not None:
        return file.campaign["columns"]
    return file.log["columns"] if file.log is not None else []


def _confirm(clicks: Any, place: str | None) -> Any:
    if not clicks or (file := _file(place)) is None:
        raise PreventUpdate
    try:
        shelf().confirm(file)
    except DataError as error:
        raise PreventUpdate from error
    return html.Span(words.CONFIRMED, className="is-confirmed")


def _share(clicks: Any, place: str | None, asked: Any) -> tuple[Any, Any]:
    if not clicks or (file := _file(place)) is None:
        raise PreventUpdate
    return share(file, scenario_of(asked))


def share(file: Brought, scenario: Scenario) -> tuple[Any, Any]:
    """Let links carry names and totals, or no longer: where to go, since the page says so, or why it cannot be."""
    try:
        if file.is_shared:
            kept = shelf().share(file, is_shared=False)
            place = shelf().put_scenario(kept, scenario)
            return _address(f"?{PLACE}={place or file.identity}"), None
        token = to_link(scenario)
        shelf().share(file, is_shared=True)
    except LinkError as error:
        return no_update, notice(wording.no_link(str(error)), "bad")
    except DataError:
        return no_update, notice(words.GONE, "bad")
    return _address(f"?{QUERY}={token}&{PLACE}={file.identity}"), None


def _delete(clicks: Any, place: str | None) -> tuple[Any, Any]:
    if not clicks:
        raise PreventUpdate
    file = _file(place)
    if file is not None and not shelf().delete(file):
        return no_update, notice(words.NOT_DELETED, "bad")
    return _address(""), None


def _file(place: str | None) -> Brought | None:
    return own.brought(place) if place else None


def _address(query: str) -> str:
    return f"/{NAME}{query}"


# Policies

_PLACES: Final[dict[str, tuple[Any, str]]] = {
    "hero": (ids.CAMPAIGN_HERO, "children"),
    "progress": (ids.CAMPAIGN_PROGRESS, "children"),
    "heading": (ids.heading(NAME), "children"),
    "head": (ids.CAMPAIGN_HEAD, "children"),
    "body": (ids.CAMPAIGN_BODY, "children"),
    "comparison": (ids.CAMPAIGN_COMPARISON, "data"),
    "compared": (ids.CAMPAIGN_COMPARED, "data"),
    "answered": (ids.answered(NAME), "data"),
    "job": (ids.CAMPAIGN_JOB, "data"),
    "resting": (ids.CAMPAIGN_JOB_TICK, "disabled"),
}


def _advance(asked: Any, _tick: Any, cancelled: Any, job: Any, visitor: str) -> dict[str, Any]:
    return FOLLOWING.advance(asked, cancelled, job, visitor)


def _shown(scenario: Scenario, now: Status, counted: int | None, was_cached: bool) -> dict[str, Any]:  # noqa: FBT001  # as `Following` asks
    goes_on = now.state is JobState.RUNNING
    spoken = said(now) if now.counted else None
    is_drawn = spoken is not None and (now.counted != counted or not goes_on)
    return {
        **(_drawn(spoken["comparison"], running=goes_on) if spoken and is_drawn else {}),
        "progress": _progress(now),
        "compared": (None if counted is None else no_update) if goes_on else _compared(scenario, now, spoken),
        "answered": answered(scenario, *job_told(now, words.STOPPED, failed(now.error), was_cached=was_cached)),
    }


def _compared(scenario: Scenario, now: Status, spoken: Any) -> dict[str, Any] | None:
    """The campaign whose log can be judged, and the policy that writes it: the one that leads."""
    if now.state is not JobState.FINISHED or not spoken:
        return None
    leader = told.focus(spoken["comparison"])
    return {"scenario": scenario.to_dict(), "policy": 0 if leader is None else leader}


def _drawn(found: Any, *, running: bool) -> dict[str, Any]:
    return {
        "hero": campaign_verdict(found, running=running),
        "heading": [
            html.H2(policies_title(found), className="h2"),
            html.P(explained(policies_deck(found)), className="deck"),
        ],
        "head": leaderboard.head(found, sortable=False),
        "body": [entry["row"] for entry in leaderboard.rows(found, lambda _: None)],
        "comparison": found,
    }


def _progress(now: Status) -> Any:
    """A bar while campaigns come in; nothing once they are there."""
    if now.state is JobState.FINISHED:
        return None
    title = words.progress_title(now.counted, now.total)
    if is_broken_off(now):
        return card(now, title, words.STOPPED if now.state is JobState.STOPPED else words.BROKE_OFF, run_again_button())
    return card(now, title, words.progress_text(now.seconds_left), cancel_button())


def _asks_first(scenario: Scenario, has_run: bool) -> dict[str, Any]:  # noqa: FBT001  # likewise
    needed = seconds_needed(work_of(scenario))
    message = asks_first(len(scenario.policies), scenario.sends, scenario.replications, wording.about(needed))
    hero = [html.H1(words.LONG_TITLE, className="verdict"), html.P(words.LONG_TEXT, className="lead")]
    return {
        "hero": no_update if has_run else hero,
        "answered": answered(scenario, status(wording.not_run(needed)), notice(message, "warn", pressing("run"))),
    }


def _refused(scenario: Scenario, error: WorkError) -> dict[str, Any]:
    return {"answered": answered(scenario, status(wording.NOT_VALID), notice(too_much(error), "bad"))}


FOLLOWING: Final = Following(_PLACES, scenario_of, stored_scenario, work_of, _shown, _asks_first, _refused)


# Downloads


def _download(clicks: Any, found: Any, asked: Any, place: str | None, judged: Any) -> dict[str, str]:
    if not was_pressed(clicks):
        raise PreventUpdate
    return download(ctx.triggered_id["of"], found, scenario_of(asked), place, judged)


def download(of: str, found: Any, scenario: Scenario, place: str | None, judged: Any = None) -> dict[str, str]:
    """A table of the page as a file."""
    file = _file(place)
    if of == "happened" and (found_lines := seen(scenario, file)) is not None:
        counts = file.campaign["counts"] if file is not None and file.campaign is not None else None
        return csv_file("lines.csv", campaign_lines.records(found_lines, counts["revenue"] if counts else None))
    if of == "policies" and found:
        return csv_file("policies.csv", leaderboard.records(found))
    if of == "log" and judged and judged["found"]:
        return csv_file("estimates.csv", estimates.records(judged["found"]))
    raise PreventUpdate


def _download_log(clicks: Any, place: str | None) -> dict[str, str]:
    file = _file(place)
    if not was_pressed(clicks) or file is None or file.log is None:
        raise PreventUpdate
    return csv_file("estimates.csv", estimates.records(file.log["estimates"]))
