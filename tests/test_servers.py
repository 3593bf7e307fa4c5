"""What the tests' own servers promise."""

import io
import socket
import struct
from collections.abc import Callable
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from tests.servers import served, until

RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@pytest.fixture
def leave() -> Callable[[str], None]:
    """Ask for a page and leave as its first bytes come, as a browser does whose window is closed."""

    def ask_and_leave(url: str) -> None:
        where = urlsplit(url)
        with socket.create_connection((where.hostname or "", where.port or 0)) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            line.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
            line.recv(1)

    return ask_and_leave


def test_a_client_that_leaves_leaves_no_file_open(leave: Callable[[str], None]) -> None:
    given: list[io.BytesIO] = []

    def application(_: WSGIEnvironment, start_response: StartResponse) -> io.BytesIO:
        given.append(io.BytesIO(b"line"))
        start_response("200 OK", [("Content-Type", "text/plain")])
        return given[-1]

    with served(application) as url:
        for _ in range(5):
            leave(url)
        until(lambda: len(given) == 5, "all are heard")
        until(lambda: all(one.closed for one in given), "what they asked for is closed")
