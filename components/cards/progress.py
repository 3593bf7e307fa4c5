"""How far a comparison is: a counted bar, the time left, a way to stop it, and a way to ask for more."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from components import ids
from components import wording_compare as words
from components.press import pressing
from engine.jobs import State, Status

MORE = (20, 50, 100, 200, 400, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)


def more_than(campaigns: int) -> int | None:
    """The next round number of campaigns, if there is one.

    >>> more_than(400), more_than(1000), more_than(100_000)
    (1000, 2000, None)
    """
    return next((number for number in MORE if number > campaigns), None)


def progress(
    status: Status, stable_since: int | None, compared: int, *, was_cached: bool, more: int | None
) -> html.Div:
    """The card; `compared` policies are ranked, `more` campaigns could be asked for."""
    if status.state is State.RUNNING:
        return _running(status, stable_since, compared)
    button: html.Button | None
    if status.state in (State.STOPPED, State.FAILED):
        text = words.STOPPED_TEXT if status.state is State.STOPPED else words.FAILED_TEXT
        button = html.Button(words.RUN_AGAIN, type="button", className="btn btn-secondary", **pressing("run"))
    else:
        text = words.finished_text(status.seconds, stable_since, compared, was_cached=was_cached)
        button = _more(more)
    return html.Div([_head(status, button), _bar(status), html.P(text, className="hint")], className="progress-card")


def _running(status: Status, stable_since: int | None, compared: int) -> html.Div:
    cancels: Any = {"data-job": "cancel"}
    cancel = html.Button(words.CANCEL, type="button", className="btn btn-secondary", **cancels)
    text = words.progress_text(status.seconds_left, status.counted, stable_since, compared)
    return html.Div(
        [_head(status, cancel), _bar(status), html.P(text, className="hint")], className="progress-card is-running"
    )


def _head(status: Status, button: Component | None) -> html.Div:
    title = words.progress_title(status.counted, status.total, stopped=status.state in (State.STOPPED, State.FAILED))
    return html.Div([html.Strong(title), *([button] if button else [])], className="progress-head")


def _more(more: int | None) -> html.Button | None:
    if more is None:
        return None
    press = pressing("set-campaigns", more)
    return html.Button(words.add_more(more), type="button", className="btn btn-secondary", **press)


def _bar(status: Status) -> html.Div:
    share = round(100 * status.counted / max(1, status.total))
    described: Any = {
        "aria-label": words.progress_title(
            status.counted, status.total, stopped=status.state in (State.STOPPED, State.FAILED)
        ),
        "aria-valuenow": str(share),
        "aria-valuemin": "0",
        "aria-valuemax": "100",
    }
    return html.Div(
        html.Div(className="progress-fill", style={"width": f"{share}%"}),
        id=ids.PROGRESS_BAR,
        className="progress-track",
        role="progressbar",
        **described,
    )
