"""How much may be sent, and from where."""

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from components import uploads
from components.door.bodies import MOST_BYTES
from components.unread import MOST_UNREAD
from tests.components.door.asking import client, server


def test_a_body_up_to_the_bound_is_taken() -> None:
    assert client().post("/take", data=b"x" * MOST_BYTES).text == str(MOST_BYTES)


@pytest.mark.parametrize("path", ["/take", "/", "/no-such", "/_dash-update-component"])
def test_a_larger_one_is_refused_whatever_it_is_for(path: str) -> None:
    answer = client().post(path, data=b"x" * (MOST_BYTES + 1))
    assert answer.status_code == 413
    assert answer.get_json()["error"].startswith("This is more than the server takes at once.")


def test_one_that_does_not_tell_its_length_is_cut_off() -> None:
    """As gunicorn hands it on, which knows where it ends."""
    whole = EnvironBuilder(path="/take", method="POST", data=b"x" * (MOST_BYTES + 1_000)).get_environ()
    whole |= {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    del whole["CONTENT_LENGTH"]
    content, _, _ = run_wsgi_app(server().wsgi_app, whole)
    assert b"".join(content) == str(MOST_BYTES).encode()


def test_the_door_for_files_has_a_bound_of_its_own() -> None:
    asking = client()
    assert asking.post(uploads.PATH, data=b"x" * 20_000_000).text == "20000000"
    refused = asking.post(uploads.PATH, data=b"x" * (MOST_UNREAD + 1))
    assert refused.status_code == 413
    assert "at most 20 MB" in refused.get_json()["error"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),  # no browser
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),  # others under the same host's name
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "https://localhost.evil.example"}, 403),
        ({"Origin": "http://localhost:81"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_what_another_site_sends_is_refused(headers: dict[str, str], status: int) -> None:
    asking = client()
    assert asking.post("/take", headers=headers).status_code == status
    assert asking.get("/", headers=headers).status_code == 200
