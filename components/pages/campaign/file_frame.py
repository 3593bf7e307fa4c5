"""What stands around any brought file: who can see it and how to take it back, and what its columns were taken for."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from components import ids
from components import wording_campaign as words
from components.cards import file_columns
from components.formats import prose
from components.pages.campaign.bringing import file_input
from components.shell import icon
from engine.shelf import Brought


def privacy(file: Brought | None) -> html.Div:
    """Who sees the file, how long, and what links carry; for counts from a link, where they are from."""
    if file is None:
        return html.Div([icon("lock"), html.P(words.FROM_A_LINK), file_input()], className="privacy")
    buttons = [
        file_input(is_log=file.campaign is None),
        *([] if file.campaign is None else [_share(file)]),
        html.Button(words.DELETE, id=ids.CAMPAIGN_DELETE, type="button", className="link-button"),
    ]
    return html.Div(
        [icon("lock"), html.P(_said(file)), html.Div(buttons, className="privacy-actions")], className="privacy"
    )


def _said(file: Brought) -> list[Any]:
    if file.is_shared and file.filename in words.SAMPLE_FILES:
        return [words.SAMPLE_NOTE]
    who, links = words.privacy(shared=file.is_shared, is_log=file.campaign is None)
    return [html.Strong(f"{who} "), links]


def _share(file: Brought) -> html.Button:
    text = words.UNSHARE if file.is_shared else words.SHARE
    return html.Button(text, id=ids.CAMPAIGN_SHARE, type="button", className="link-button")


def columns(file: Brought) -> html.Section:
    """What the columns were taken for, to confirm or to correct, and what was decided on the way."""
    if file.campaign is not None:
        told, roles, questions = file.campaign["columns"], words.ROLES, file.campaign["questions"]
        notes = [*file.campaign["notes"], *file.campaign["estimated"]]
    else:
        log = file.log
        told, roles, questions, notes = (
            (log["columns"] if log else []),
            words.LOG_ROLES,
            [],
            (log["notes"] if log else []),
        )
    title = words.TO_BE_SAID if questions else file_columns.title(told)
    state = html.Span([] if questions else _state(file), id=ids.COLUMNS_STATE)
    again = html.Button(words.CHANGE, id=ids.COLUMNS_READ, type="button", className="btn btn-secondary")
    words_over = [html.H2(title, className="h2"), html.P(words.COLUMNS_DECK, className="deck")]
    head = html.Div(
        [html.Div(words_over, className="section-words"), html.Div([state, again], className="section-actions")],
        className="section-head",
    )
    polite: Any = {"aria-live": "polite"}
    error = html.Div(id=ids.CAMPAIGN_ERROR, className="file-error", **polite)
    return html.Section(
        [head, error, file_columns.file_columns(told, roles), *_notes(notes)], className="section section-columns"
    )


def _state(file: Brought) -> list[Component]:
    if file.is_confirmed:
        return [html.Span([icon("check"), words.CONFIRMED], className="is-confirmed")]
    return [html.Button(words.CONFIRM, id=ids.COLUMNS_CONFIRM, type="button", className="btn btn-secondary")]


def _notes(notes: Sequence[str]) -> list[Component]:
    if not notes:
        return []
    listed = html.Ul([html.Li(prose(text)) for text in notes])
    return [html.Details([html.Summary(words.how_read(len(notes))), listed], className="file-notes")]


def file_stores(file: Brought | None) -> list[Component]:
    """What the page keeps of a file: its place, and where to go once something has changed."""
    return [dcc.Store(id=ids.CAMPAIGN_PLACE, data=file.identity if file else None), dcc.Store(id=ids.CAMPAIGN_GO)]
