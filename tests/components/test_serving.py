"""Bodies that come drop by drop: whoever reads one comes to its end, though more could follow."""

import selectors
import socket
import time
from collections import deque
from dataclasses import dataclass

from components.serving import LONG_SECONDS, PatientWorker


@dataclass(eq=False)
class Connection:
    """What a worker knows of a client."""

    sock: socket.socket


def test_a_body_that_comes_for_too_long_ends() -> None:
    worker = PatientWorker.__new__(PatientWorker)
    with selectors.DefaultSelector() as worker.poller:
        ours, clients = zip(*(socket.socketpair() for _ in range(2)), strict=True)
        old, young = map(Connection, ours)
        worker._coming, now = deque(), time.monotonic()
        worker._long = {old: now - LONG_SECONDS - 1.0, young: now}
        worker.wait_for_and_dispatch_events(timeout=0.0)
        clients[1].sendall(b"a drop")
        assert (old.sock.recv(10), young.sock.recv(10)) == (b"", b"a drop")
        for end in (*ours, *clients):
            end.close()
