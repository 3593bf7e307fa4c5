"""Whether this process can take visitors, for the router in front."""

import logging
from typing import Any, Final

import orjson
from flask import Flask, Response

from engine.health import CHECKS

log = logging.getLogger(__name__)

PATH: Final = "/readyz"


def register(server: Flask) -> None:
    """Add the address."""
    server.add_url_rule(PATH, "readyz", ready, methods=["GET"])


def ready() -> Response:
    """Answer 200 when it can, else 503 with the reasons."""
    problems = CHECKS.problems()
    told: dict[str, Any] = {"ready": not problems} | ({"problems": problems} if problems else {})
    if problems:
        log.warning("Not ready: %s", ", ".join(problems))
    response = Response(orjson.dumps(told), status=503 if problems else 200, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
