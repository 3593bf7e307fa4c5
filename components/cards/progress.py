"""How far a comparison is: a counted bar, the time left, a way to stop it, and a way to ask for more."""

from typing import Any

from dash import html

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
    """The card of a comparison; `compared` policies are ranked, `more` campaigns could be asked for."""
    title = words.progress_title(status.counted, status.total, stopped=is_broken_off(status))
    if status.state is State.RUNNING:
        text = words.progress_text(status.seconds_left, status.counted, stable_since, compared)
        return card(status, title, text, cancel_button())
    if is_broken_off(status):
        text = words.STOPPED_TEXT if status.state is State.STOPPED else words.FAILED_TEXT
        return card(status, title, text, run_again_button())
    text = words.finished_text(status.seconds, stable_since, compared, was_cached=was_cached)
    return card(status, title, text, _more(more))


def card(status: Status, title: str, text: str, button: html.Button | None) -> html.Div:
    """A counted bar under its title, a button beside it and a hint below."""
    head = html.Div([html.Strong(title), *([button] if button else [])], className="progress-head")
    is_running = " is-running" if status.state is State.RUNNING else ""
    hint = words.waits(status.waits) if status.waits else text
    return html.Div([head, _bar(status, title), html.P(hint, className="hint")], className=f"progress-card{is_running}")


def is_broken_off(status: Status) -> bool:
    """Whether a job ended before all was done."""
    return status.state in (State.STOPPED, State.FAILED)


def cancel_button() -> html.Button:
    """The button that leaves the job."""
    cancels: Any = {"data-job": "cancel"}
    return html.Button(words.CANCEL, type="button", className="btn btn-secondary", **cancels)


def run_again_button() -> html.Button:
    """The button that runs what was left out."""
    return html.Button(words.RUN_AGAIN, type="button", className="btn btn-secondary", **pressing("run"))


def _more(more: int | None) -> html.Button | None:
    if more is None:
        return None
    press = pressing("set-campaigns", more)
    return html.Button(words.add_more(more), type="button", className="btn btn-secondary", **press)


def _bar(status: Status, title: str) -> html.Div:
    share = round(100 * status.counted / max(1, status.total))
    described: Any = {"aria-label": title, "aria-valuenow": str(share), "aria-valuemin": "0", "aria-valuemax": "100"}
    return html.Div(
        html.Div(className="progress-fill", style={"width": f"{share}%"}),
        id=ids.PROGRESS_BAR,
        className="progress-track",
        role="progressbar",
        **described,
    )
