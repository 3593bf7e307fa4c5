"""Requests are given to a thread when they have come in, so that slow clients do not keep the threads from others.

Gunicorn gives a connection to a thread with its first byte, which then waits for the rest: as many clients as there
are threads, each sending a byte now and then, would keep everybody else out.
"""

import contextlib
import re
import selectors
import socket
import time
from collections import deque
from enum import Enum
from functools import partial
from typing import Any, Final

from gunicorn.workers.gthread import ThreadWorker

HEAD_SECONDS: Final = 10.0
"""For the head of a request to come in."""
BODY_SECONDS: Final = 30.0
"""For a body to come in that is short enough to be waited for without a thread."""
PIECE_SECONDS: Final = 20.0
"""For each piece of a longer body to come in, and for each part of an answer, as it is written, to go out."""
LONG_SECONDS: Final = 120.0
"""For the whole of a longer body: what comes drop by drop would keep others from bringing theirs."""
AT_ONCE: Final = 3
"""Threads that may be busy with bodies that are still coming in."""
LOOK_SECONDS: Final = 0.02
"""Pause between two looks at a request of which a part has come in."""

_SEEN: Final = 1 << 16
_END_OF_HEAD: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
_IN_PIECES: Final = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)


class Arrived(Enum):
    """How much of a request lies ready."""

    NOTHING = "nothing"
    HEAD = "a part of the head"
    PART = "a part of the body"
    LONG = "long"  # the head, and as much of a body as is looked at
    ALL = "all"


def arrived(seen: bytes) -> Arrived:
    r"""Say how much of a request lies ready, from its first bytes.

    >>> arrived(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").value
    'all'
    >>> arrived(b"GET / HTTP/1.1\r\nHo").value, arrived(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{").value
    ('a part of the head', 'a part of the body')
    """
    if not seen:
        return Arrived.NOTHING
    head, end, body = seen.partition(_END_OF_HEAD)
    if not end:
        return Arrived.ALL if len(seen) >= _SEEN else Arrived.HEAD  # a head so long is refused by who reads it
    head += b"\r\n"
    length = _LENGTH.search(head)
    if _IN_PIECES.search(head):
        return Arrived.LONG
    if length is None or int(length[1]) <= len(body):
        return Arrived.ALL
    return Arrived.LONG if len(seen) >= _SEEN else Arrived.PART


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's threads, behind a door where requests come in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._coming: deque[tuple[Any, float]] = deque()
        self._long: dict[Any, float] = {}

    def enqueue_req(self, conn: Any) -> None:
        """Give a connection to a thread once its request is there."""
        self._look(conn, time.monotonic())

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Take a connection back from a thread."""
        self._long.pop(conn, None)
        super().finish_request(conn, fs)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer, for a client that neither sends nor takes in too slowly."""
        conn.sock.settimeout(PIECE_SECONDS)
        return super().handle_request(req, conn)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait for something to happen, and look at what is coming in."""
        super().wait_for_and_dispatch_events(LOOK_SECONDS if self._coming else timeout)
        for _ in range(len(self._coming)):
            self._look(*self._coming.popleft())
        for conn, since in self._long.items():
            if time.monotonic() - since > LONG_SECONDS:
                _end_of_body(conn)

    def murder_pending(self) -> None:
        """Close connections on which nothing came for long; a process that ends waits for none of them."""
        if not self.alive:
            for conn in self.pending_conns:
                conn.timeout = 0.0
        super().murder_pending()

    def _look(self, conn: Any, since: float) -> None:
        how_much = _seen(conn)
        waited = time.monotonic() - since
        most = HEAD_SECONDS if how_much is Arrived.HEAD else BODY_SECONDS
        if how_much is Arrived.ALL:
            super().enqueue_req(conn)
        elif how_much is Arrived.LONG and len(self._long) < AT_ONCE:
            self._long[conn] = time.monotonic()
            super().enqueue_req(conn)
        elif how_much is Arrived.NOTHING and self.alive:
            self._wait_for_first_byte(conn)
        elif waited > most:
            self.nr_conns -= 1
            conn.close()
        else:
            self._coming.append((conn, since))

    def _wait_for_first_byte(self, conn: Any) -> None:
        conn.sock.settimeout(0.0)
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))


def _seen(conn: Any) -> Arrived:
    if conn.parser is not None and conn.parser.unreader.buf.getvalue():
        return Arrived.ALL  # of a request that came right behind another, a part was read with that one
    try:
        seen = conn.sock.recv(_SEEN, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return Arrived.NOTHING
    except OSError:
        return Arrived.ALL  # the line is broken: who reads it finds out
    return arrived(seen) if seen else Arrived.ALL


def _end_of_body(conn: Any) -> None:
    """Let whoever reads a body come to its end."""
    with contextlib.suppress(OSError):
        conn.sock.shutdown(socket.SHUT_RD)
