"""Every request gets a number, a line in the log, and its place in the metrics."""

import hashlib
import logging
import re
import secrets
import time
from typing import Any, Final

from flask import Flask, Response, request

from components.door.keys import key_for
from components.door.metrics import Metrics
from components.door.rates import network
from engine import journal
from engine.settings import Settings

log = logging.getLogger("door")

HEADER: Final = "X-Request-Id"
QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked for every few seconds by programs: a line only when something is wrong."""
LONGEST_PATH: Final = 200
_SANE: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_WRONG: Final = 400


class Watch:
    """Begins and ends the notes of each request."""

    def __init__(self, found: Settings, metrics: Metrics) -> None:
        self._key = key_for("visitors in the log", found)
        self._metrics = metrics

    def register(self, server: Flask) -> None:
        """Stand around all others: what they do counts as part of the request."""
        server.before_request(self._begin)
        server.after_request(self._end)
        server.teardown_request(_forget)

    def _begin(self) -> None:
        told = request.headers.get(HEADER, "")
        journal.begin(told if _SANE.fullmatch(told) else secrets.token_hex(8))

    def _end(self, response: Response) -> Response:
        known = journal.notes()
        if known is None:
            return response
        seconds = time.perf_counter() - known.begun
        response.headers[HEADER] = known.request
        self._metrics.note(request.url_rule.rule if request.url_rule else "none", response.status_code, seconds)
        if request.path not in QUIET or response.status_code >= _WRONG:
            log.info("request", extra={"told": self._told(known, response, seconds)})
        return response

    def _told(self, known: journal.Notes, response: Response, seconds: float) -> dict[str, Any]:
        return {
            "method": request.method,
            "path": request.path[:LONGEST_PATH],
            "status": response.status_code,
            "ms": round(1000 * seconds, 1),
            "visitor": self._visitor(),
            "output": known.output,
            "scenario": known.scenario,
        }

    def _visitor(self) -> str:
        """Tell visitors apart without telling who they are: nobody without the key gets back to the address."""
        return hashlib.blake2b(network(request.remote_addr).encode(), key=self._key, digest_size=6).hexdigest()


def _forget(_error: BaseException | None) -> None:
    journal.end()
