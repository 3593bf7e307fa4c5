"""What tests of the door share: a server with its guards and a few plain addresses, and whoever asks it."""

from flask import Flask, Response, request
from flask.testing import FlaskClient

from components import door, uploads
from engine.settings import settings

PASSWORD = "open sesame 1"
BY_HAND = {"Accept": "text/html"}


def server(**environment: str) -> Flask:
    """A server without pages, set by these variables alone."""
    found = settings(environment)
    flask = door.server(found)
    flask.add_url_rule("/", "first", lambda: Response("a page", mimetype="text/html"))
    flask.add_url_rule("/who", "who", lambda: f"{request.remote_addr} {request.is_secure} {request.host}")
    flask.add_url_rule("/take", "take", lambda: str(len(request.get_data())), methods=["POST"])
    flask.add_url_rule("/fail", "fail", _fail)
    flask.add_url_rule("/assets/<name>", "asset", lambda name: name)
    flask.add_url_rule(uploads.PATH, "files", lambda: str(len(request.get_data())), methods=["POST"])
    door.believe_routers(flask, found.proxies)
    return flask


def _fail() -> str:
    return str(1 // 0)


def client(**environment: str) -> FlaskClient:
    """Somebody who asks such a server."""
    found: FlaskClient = server(**environment).test_client()
    return found


def signed_in(**environment: str) -> FlaskClient:
    """Somebody who has signed in."""
    found = client(BTM_PASSWORD=PASSWORD, **environment)
    assert found.post("/sign-in", data={"password": PASSWORD}).status_code == 303
    return found
