"""Less over the wire, and nothing of it stale."""

from typing import Any

import pytest
from dash import Dash, Input, Output, dcc, html
from werkzeug.test import Client, TestResponse

import app as application
from components.lean import UNTIL_THE_PROGRAM_CHANGES, ids_alone

PATHS = sorted(UNTIL_THE_PROGRAM_CHANGES)


@pytest.fixture(scope="module")
def app() -> Dash:
    return application.create_app()


def ask(app: Dash, path: str, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client(app.server.wsgi_app, TestResponse).get(path, headers=named, buffered=True)


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
@pytest.mark.parametrize("path", PATHS)
def test_what_the_browser_has_is_not_sent_again(app: Dash, path: str, coding: str) -> None:
    first = ask(app, path, accept_encoding=coding)
    again = ask(app, path, accept_encoding=coding, if_none_match=first.headers["ETag"])
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize("path", PATHS)
def test_it_is_asked_for_each_time_and_kept_by_nobody_in_between(app: Dash, path: str) -> None:
    for headers in ({}, {"if_none_match": ask(app, path, accept_encoding="br").headers["ETag"]}):
        assert ask(app, path, accept_encoding="br", **headers).headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("coding", ["br", "identity"])
def test_another_program_sends_its_own(app: Dash, coding: str) -> None:
    """What a browser has of the version before is never taken for what this one says."""
    other = application.create_app()
    other.layout = html.Div(id="another")
    other.clientside_callback("text => text", Output("another", "title"), Input("another", "lang"))
    for path in PATHS:
        before = ask(app, path, accept_encoding=coding)
        now = ask(other, path, accept_encoding=coding, if_none_match=before.headers["ETag"])
        assert now.status_code == 200
        assert now.headers["ETag"] != before.headers["ETag"]


@pytest.mark.parametrize("path", ["/", "/compare", "/no-such-page"])
def test_a_page_is_never_told_by_what_it_was(app: Dash, path: str) -> None:
    """It names the scripts of this version, and a mark of its own."""
    page = ask(app, path)
    assert "ETag" not in page.headers
    assert page.headers["Cache-Control"] == "no-cache"


def test_what_a_callback_answers_is_not_kept(app: Dash) -> None:
    answer = Client(app.server.wsgi_app, TestResponse).post("/_dash-update-component", json={})
    assert "ETag" not in answer.headers


def test_the_browser_still_knows_every_id_and_its_kind(app: Dash) -> None:
    ask(app, "/")
    whole: Any = app.validation_layout
    told = [part for part in parts_of(whole.to_plotly_json()) if "id" in part["props"]]
    assert len(told) > 100
    assert [one["props"]["id"] for one in ids_alone(whole).children] == [part["props"]["id"] for part in told]
    assert [one["type"] for one in ids_alone(whole).children] == [part["type"] for part in told]


def test_ids_are_found_wherever_components_stand() -> None:
    layout = html.Div(
        [
            html.P(html.B("deep", id="b"), id={"kind": "p", "of": 1}),
            dcc.Checklist(options=[{"label": html.I("label", id="i"), "value": 1}], id="list"),
            html.Div(["text", None, 3]),
        ]
    )
    told = {str(one["props"]): one["type"] for one in ids_alone(layout).children}
    ids: list[Any] = [{"kind": "p", "of": 1}, "b", "i", "list"]
    assert told == {str({"id": name}): kind for name, kind in zip(ids, ("P", "B", "I", "Checklist"), strict=True)}


def parts_of(value: Any) -> Any:
    if hasattr(value, "to_plotly_json"):
        value = value.to_plotly_json()
    if isinstance(value, dict):
        if {"type", "namespace", "props"} <= value.keys():
            yield value
        for part in value.values():
            yield from parts_of(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from parts_of(part)
