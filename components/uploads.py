"""The door for campaign files: a route that takes the bytes of one as they come, so that no page holds them twice."""

import io
from collections.abc import Mapping
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final
from urllib.parse import unquote

import orjson
from dash import Dash
from flask import Response, request
from gunicorn.http.errors import ParseException

from components import own
from components.address import LOG_PLACE, PLACE
from components.formats import prose
from components.unread import read_to_the_end
from engine.errors import BusyError, DataError
from engine.files.decoding import refuse_size
from engine.shelf import Brought, shelf

PATH: Final = "/campaign-files"
PAGE: Final = "/campaign"
"""Where files are shown."""
LOG: Final = "log"
"""The kind of file that is a log of decisions; others are campaigns."""
NAME_HEADER: Final = "X-File-Name"
SAMPLES: Final[Mapping[str, str]] = {
    name: f"{name}.csv" for name in ("two-e-mails-2008", "a-shop-recipient-by-recipient", "too-close-to-call")
}
_AT_ONCE: Final = BoundedSemaphore(3)
"""Files that come in at a time: the other threads of the server answer pages meanwhile."""
_FOLDER: Final = Path(__file__).resolve().parent.parent / "assets" / "samples"


def register(app: Dash) -> None:
    """Open the door."""
    app.server.add_url_rule(PATH, "bring_campaign_file", take, methods=["POST"])


def take() -> Response:
    """Answer a request that brings a file, or asks for a sample: its place, or what is wrong with it.

    The name comes in a header of our own, which no page of another site may send.
    """
    if not _AT_ONCE.acquire(blocking=False):
        return _answer({"error": "file: others are bringing files. Try again in a moment."}, 503)
    token = own.owner() or own.new_owner()
    try:
        found = _taken(token)
    except DataError as error:
        read_to_the_end()
        return _answer({"error": prose(str(error))}, 422)
    except BusyError as error:
        read_to_the_end()
        return _answer({"error": prose(str(error))}, 503)
    except (OSError, ParseException):  # the line broke, nothing came for long, or its pieces are none
        return _answer({"error": "file: it did not come in whole. Try again over a faster line."}, 400)
    finally:
        _AT_ONCE.release()
    key = LOG_PLACE if found.campaign is None else PLACE
    return own.remember(_answer({"place": found.identity, "go": f"{PAGE}?{key}={found.identity}"}, 201), token)


def _taken(token: str) -> Brought:
    sample = request.args.get("sample")
    if NAME_HEADER not in request.headers:
        raise DataError(f"{NAME_HEADER}: missing; a request that brings a file names it there. Use the page.")
    if sample is not None:
        return _sample(token, sample)
    filename = unquote(request.headers[NAME_HEADER])
    refuse_size(1 if request.content_length is None else request.content_length, filename)
    return shelf().bring(token, request.stream, filename, is_log=request.args.get("kind") == LOG)


def _sample(token: str, name: str) -> Brought:
    if name not in SAMPLES:
        raise DataError(f"sample: got {name!r}; must be one of {', '.join(SAMPLES)}.")
    content = (_FOLDER / SAMPLES[name]).read_bytes()
    return shelf().bring(token, io.BytesIO(content), SAMPLES[name], is_shared=True)


def _answer(told: dict[str, Any], status: int) -> Response:
    response = Response(orjson.dumps(told), status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
