"""Refusals as sentences: a small page for those who open an address, JSON for scripts; what went wrong inside is told to the log."""

from html import escape
from typing import Any, Final

import orjson
from flask import Flask, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, HTTPException

from components import wording_door as words
from components.door import plain

LEAST_ERROR: Final = 400


def register(server: Flask) -> None:
    """Answer every error of the server in the same way."""
    server.register_error_handler(HTTPException, answer)
    # A body in pieces is read where it is needed: only then does it show that the pieces are none.
    server.register_error_handler(ParseException, lambda _error: answer(BadRequest()))


def answer(error: HTTPException) -> Any:
    """Return the answer to a request that is refused; the headers of the error stay, such as when to come again."""
    if error.code is None or error.code < LEAST_ERROR or error.response is not None:
        return error
    response = error.get_response()
    said = words.REFUSALS.get(error.code, words.OTHER_REFUSAL)
    sentence = said.text if error.description == type(error).description else str(error.description)
    if is_navigation():
        told = plain.page(said.title, _body(sentence), error.code)
        response.set_data(told.get_data())
        response.mimetype = "text/html"
    else:
        response.set_data(orjson.dumps({"error": sentence}))
        response.mimetype = "application/json"
    response.headers["Cache-Control"] = "no-store"
    return response


def is_navigation() -> bool:
    """Whether somebody opens this address in a window, rather than a script that asks for it."""
    mode = request.headers.get("Sec-Fetch-Mode")
    return mode == "navigate" if mode else "text/html" in request.headers.get("Accept", "")


def _body(sentence: str) -> str:
    return (
        f'<p class="lead">{escape(sentence)}</p><a class="btn btn-secondary" href="/">{escape(words.TO_FIRST_PAGE)}</a>'
    )
