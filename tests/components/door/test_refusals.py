"""Whatever goes wrong, a client gets a short sentence, and never what happened inside."""

import re

import pytest
from flask.testing import FlaskClient
from gunicorn.http.body import Body, ChunkedReader
from gunicorn.http.unreader import IterUnreader

from app import create_app
from tests.components.door.asking import BY_HAND, client

INSIDE = re.compile(
    r"Traceback|werkzeug|flask|python|gunicorn|dash[/ ]\d|ZeroDivision|\.py|\d+\.\d+\.\d+", re.IGNORECASE
)
CASES = [
    ("GET", "/no-such", 404, "Nothing is at this address."),
    ("DELETE", "/", 405, "This address does not take such a request."),
    ("GET", "/fail", 500, "The server could not answer."),
]


@pytest.mark.parametrize(("method", "path", "status", "sentence"), CASES)
def test_scripts_get_a_sentence_in_json(method: str, path: str, status: int, sentence: str) -> None:
    answer = client().open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (status, "application/json")
    assert answer.get_json()["error"].startswith(sentence)
    assert not INSIDE.search(answer.text + str(answer.headers))


@pytest.mark.parametrize(("method", "path", "status", "sentence"), CASES)
def test_who_opens_an_address_gets_a_small_page(method: str, path: str, status: int, sentence: str) -> None:
    answer = client().open(path, method=method, headers=BY_HAND)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert sentence in answer.text
    body = answer.text.partition("<body>")[2]
    assert not INSIDE.search(body + str(answer.headers))


def test_a_refusal_keeps_what_its_kind_has_to_say() -> None:
    assert "GET" in client().delete("/").headers["Allow"]


@pytest.fixture(scope="module")
def whole() -> FlaskClient:
    found: FlaskClient = create_app().server.test_client()
    return found


@pytest.mark.parametrize("headers", [{}, BY_HAND], ids=["script", "by hand"])
def test_words_that_others_put_into_an_address_are_shown_as_words(whole: FlaskClient, headers: dict[str, str]) -> None:
    answer = whole.get("/audit/log.csv?s=<script>alert(1)</script>", headers=headers)
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text or answer.mimetype == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/assets/no-such.css"),
        ("PUT", "/"),
        ("POST", "/_dash-update-component"),
        ("GET", "/_dash-component-suites/x/y.js"),
    ],
)
def test_the_whole_application_answers_so(whole: FlaskClient, method: str, path: str) -> None:
    answer = whole.open(path, method=method)
    assert 400 <= answer.status_code < 500
    assert not INSIDE.search(answer.text + str(answer.headers))


@pytest.mark.parametrize("path", ["/_dash-update-component", "/campaign-files", "/jobs/leave"])
@pytest.mark.parametrize("pieces", [b"zz\r\nx", b"-1\r\n", b"5\r\nabcdefgh\r\n0\r\n\r\n"])
def test_a_body_whose_pieces_are_none_is_refused(whole: FlaskClient, path: str, pieces: bytes) -> None:
    request = type("Request", (), {"trailers": []})()
    stream = Body(ChunkedReader(request, IterUnreader(iter([pieces]))))
    chunked = {"wsgi.input": stream, "wsgi.input_terminated": True}
    headers = {"X-File-Name": "a.csv", "Transfer-Encoding": "chunked", "Content-Type": "application/json"}
    answer = whole.post(path, headers=headers, environ_overrides=chunked)
    assert answer.status_code == 400
    assert not INSIDE.search(answer.text)
