"""The campaign page for a log of decisions: what each line, and other ways to send, would have earned."""

from typing import Any, Final

from dash import dcc, html
from dash.development.base_component import Component

from components import ids, wording
from components import wording_campaign as words
from components.cards.estimates import estimates
from components.cards.log_verdict import log_verdict
from components.notices import notice
from components.pages.campaign.bringing import bring
from components.pages.campaign.file_frame import columns, file_stores, privacy
from components.report import door
from components.shell import icon
from engine.evaluation.study import Estimates
from engine.shelf import Brought

LOG: Final = "log"
LOG_STORES: Final = {"place": ids.CAMPAIGN_PLACE}
"""What a report is made from."""
GUESSED: Final = "guessed"
"""What `engine.reading` says of a log without chances."""


def log_page(file: Brought | None) -> Component:
    """The page; the door where this browser has no such log."""
    if file is None or file.log is None:
        return bring(notice(words.NOT_HERE, "warn"))
    found = file.log["estimates"]
    main = html.Main(
        [
            privacy(file),
            log_verdict(found, file.filename),
            log_report(),
            *even_note(file.log["chances"]),
            columns(file),
            _estimates(found),
            html.Footer([html.Span(words.FOOT_LEVEL), html.Span(words.LOG_FOOT)], className="page-foot"),
        ],
        id="main",
        className="page page-campaign",
        tabIndex=-1,
    )
    return html.Div([main, *file_stores(file), dcc.Download(id=ids.DOWNLOAD)])


def log_report() -> Component:
    """What can be taken away of a log."""
    return door.place(LOG, LOG_STORES, has_charts=False)


def even_note(chances: str) -> list[Component]:
    """Of a log without chances: a way to say that luck alone decided."""
    if chances != GUESSED:
        return []
    button = html.Button(words.WAS_EVEN, id=ids.LOG_EVEN, type="button", className="btn btn-secondary")
    body = [html.Strong(words.NO_CHANCES), html.P(words.NO_CHANCES_TEXT), html.Div(button, className="btn-row")]
    return [html.Div([icon("warning"), html.Div(body)], className="note note-warn log-note")]


def _estimates(found: Estimates) -> html.Section:
    csv = html.Button(
        [icon("download"), wording.DOWNLOAD_CSV],
        id=ids.log_csv("log"),
        type="button",
        className="btn btn-quiet btn-small section-csv",
        title=words.DOWNLOAD_OF["log"],
    )
    body: Any = html.Div(estimates(found), className="optional")
    return html.Section([body, csv], className="section section-optional section-estimates")
