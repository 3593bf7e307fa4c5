"""The door for what visitors take away: a button with a menu on the page, and a route that answers with the file.

A file is asked for by a request of its own and not by a callback: what callbacks answer is JSON, in which a workbook would be
a third larger and lie in memory several times. The browser sends what the page keeps, the server looks up what it has
worked out for that, and says so in a sentence where it no longer has it. Nothing is worked out anew.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dash import ClientsideFunction, Dash, Input, State, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate
from flask import Response, request
from werkzeug.exceptions import BadRequest, Conflict, HTTPException, NotFound

from components import ids
from components import wording_report as words
from components.budget import charge
from components.callback_door import REFUSED
from components.formats import prose
from components.report.content import Given, NothingToReport, Report
from components.report.document import document
from components.report.tables import csv_files, workbook
from components.report.text import text
from components.shell import icon
from engine.errors import BusyError

log = logging.getLogger(__name__)

PATH: Final = "/report/<page>.<kind>"
SCRIPT: Final = "pages/report.js"
"""Loaded when the menu opens for the first time, so that the first page stays light."""
CHARTS: Final = "png"
"""The browser makes these by itself."""
TEXT: Final = "txt"

CELL_SECONDS: Final = 1e-5
"""That a cell of a workbook takes, roughly."""
FREE_SECONDS: Final = 0.5
"""A workbook that takes less is not taken from the visitor's budget; one with twenty lines and eight policies is not."""

Write = Callable[[Report, Given], bytes]
_KINDS: Final[dict[str, tuple[Write, str]]] = {
    "html": (document, "text/html; charset=utf-8"),
    "xlsx": (workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "zip": (csv_files, "application/zip"),
    TEXT: (lambda report, given: text(report, given).encode(), "text/plain; charset=utf-8"),
}


@dataclass(frozen=True)
class Offer:
    """What a page offers: its name in addresses, the stores that say what it shows, and how a report is made of these.

    `gather` gets what the stores hold, by their names here; it may be anything that somebody sent.
    """

    page: str
    stores: Mapping[str, str]
    gather: Callable[[Mapping[str, Any]], Report]
    has_charts: bool = True


def place(page: str, stores: Mapping[str, str], *, has_charts: bool = True) -> Component:
    """The button of a page's offer, with its menu; not every page has charts."""
    menu, title = f"report-menu-{page}", f"report-button-{page}"
    closed: Any = {"aria-expanded": "false", "aria-controls": menu}
    named: Any = {"aria-labelledby": title}
    told: Any = {
        "data-report": page,
        "data-script": f"/assets/{SCRIPT}",
        "data-stores": json.dumps(list(stores)),
        "data-words": json.dumps(_script_words(), ensure_ascii=False),
    }
    button = html.Button(
        [icon("download"), words.REPORT, icon("chevron-down")],
        id=title,
        type="button",
        className="btn btn-secondary report-button",
        **closed,
    )
    content = [*_entries(page, has_charts=has_charts), *_result()]
    return html.Div(
        [button, html.Div(content, id=menu, className="report-menu", role="group", hidden=True, **named)],
        className="report-place",
        **told,
    )


def register(app: Dash, offers: Sequence[Offer]) -> None:
    """Connect the menus, and open the route."""
    known = {offer.page: offer for offer in offers}
    for offer in offers:
        app.clientside_callback(
            ClientsideFunction("btm_report", "take"),
            *(Input(ids.report(offer.page, kind), "n_clicks") for kind in _kinds(offer)),
            *(State(store, "data") for store in offer.stores.values()),
            prevent_initial_call=True,
        )

    def answer(page: str, kind: str) -> Response:
        if page not in known or kind not in _KINDS:
            raise NotFound
        return file(known[page], kind, request.get_json(silent=True))

    app.server.add_url_rule(PATH, endpoint="report", view_func=answer, methods=["POST"])


def _kinds(offer: Offer) -> list[str]:
    return [*_KINDS, *([CHARTS] if offer.has_charts else [])]


def file(offer: Offer, kind: str, body: Any) -> Response:
    """Answer with a file of what the page shows, as the body of the request tells it."""
    write, mimetype = _KINDS[kind]
    given, stores = _asked(body)
    try:
        report = offer.gather({name: stores.get(name) for name in offer.stores})
        _charge(report, kind)
        content = write(report, given)
    except BusyError as busy:
        raise Conflict(prose(str(busy))) from busy
    except NothingToReport as nothing:
        raise Conflict(str(nothing)) from nothing
    except PreventUpdate as nothing:
        raise Conflict(words.NOTHING_YET) from nothing
    except (HTTPException, OSError, MemoryError):
        raise
    except Exception as error:
        # As at the door of callbacks: what was sent is of another kind than pages keep, or there is a fault.
        log.exception("A report could not be made: %s", type(error).__name__)
        raise BadRequest(REFUSED) from error
    name = f"{offer.page}-{given.today}{'-tables' if kind == 'zip' else ''}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, mimetype=mimetype, headers=headers)


def _asked(body: Any) -> tuple[Given, dict[str, Any]]:
    """Return what a page tells of itself: the visitor's day, and what it keeps."""
    try:
        today, stores = date.fromisoformat(body["today"]), body["stores"]
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest(REFUSED) from error
    if not isinstance(stores, dict):
        raise BadRequest(REFUSED)
    return Given(today.isoformat(), request.host_url.rstrip("/")), stores


def _charge(report: Report, kind: str) -> None:
    """Take a large workbook from the visitor's budget.

    Raises:
        BusyError: so much is not left.
    """
    seconds = CELL_SECONDS * sum(len(records) * len(records[0]) for _, records in report.tables)
    if kind == "xlsx" and seconds > FREE_SECONDS:
        charge(seconds)


def _entries(page: str, *, has_charts: bool) -> list[Component]:
    return [
        _entry(words.HTML, words.HTML_TEXT, _button(page, "html", words.HTML)),
        _entry(
            words.TABLES,
            words.TABLES_TEXT,
            _button(page, "xlsx", words.XLSX, words.XLSX_TITLE),
            _button(page, "zip", words.CSV, words.CSV_TITLE),
        ),
        *([_entry(words.CHARTS, words.CHARTS_TEXT, _button(page, CHARTS, words.CHARTS))] if has_charts else []),
        _entry(words.TEXT, words.TEXT_TEXT, _button(page, TEXT, words.TEXT)),
    ]


def _entry(title: str, hint: str, *buttons: Component) -> Component:
    """One thing to take: a button that is the whole line, or a line with several."""
    if len(buttons) == 1:
        return html.Div([*buttons, html.Span(hint, className="hint")], className="report-entry")
    head = [html.Span(title, className="report-name"), *buttons]
    return html.Div(
        [html.Div(head, className="report-several"), html.Span(hint, className="hint")], className="report-entry"
    )


def _button(page: str, kind: str, label: str, title: str | None = None) -> html.Button:
    named: Any = {"aria-label": title} if title else {}
    return html.Button(label, id=ids.report(page, kind), type="button", className=f"report-take report-{kind}", **named)


def _result() -> list[Component]:
    """Where the menu says what came of it, and shows the words to paste."""
    polite: Any = {"aria-live": "polite"}
    named: Any = {"aria-label": words.TEXT_LABEL}
    copy = html.Button([html.Span(words.COPY)], type="button", className="btn btn-primary report-copy")
    words_box = html.Div(
        [html.Textarea(readOnly="readOnly", rows=8, className="report-words", **named), copy],
        className="report-text",
        hidden=True,
    )
    return [words_box, html.P(className="report-status hint", role="status", **polite)]


def _script_words() -> dict[str, str]:
    return {
        "working": words.WORKING,
        "saved": words.SAVED,
        "none": words.NO_CHARTS,
        "away": words.AWAY,
        "copy": words.COPY,
        "copied": words.COPIED,
        "uncopied": words.NOT_COPIED,
    }
