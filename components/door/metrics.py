"""Numbers for Prometheus, for those who have the token: requests, jobs, answers, memory; all of this process alone."""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

from flask import Flask, Response, request
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from werkzeug.exceptions import NotFound, Unauthorized

from components import wording_door as words
from engine import tally
from engine.settings import Settings

PATH: Final = "/metrics"
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds."""


class _Tally(Collector):
    """What the engine has counted."""

    def collect(self) -> Iterable[Metric]:
        """Yield one counter for jobs and one for answers, told apart by what became of them."""
        for family in ("jobs", "answers"):
            metric = CounterMetricFamily(f"btm_{family}", f"{family.capitalize()} since the start.", labels=["what"])
            for name, number in tally.counted().items():
                kind, _, what = name.partition("_")
                if kind == family:
                    metric.add_metric([what], number)
            yield metric


class Metrics:
    """Counts requests, and answers with all counts."""

    def __init__(self, found: Settings) -> None:
        token = found.metrics_token
        self._token = None if token is None else _hashed(f"Bearer {token.get_secret_value()}")
        self._registry = CollectorRegistry()
        self._registry.register(_Tally())
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "btm_requests", "Requests, by route and status.", ["route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "btm_request_seconds", "Seconds that requests took.", ["route"], buckets=BUCKETS, registry=self._registry
        )

    def register(self, server: Flask) -> None:
        """Add the address."""
        server.add_url_rule(PATH, "metrics", self._answer, methods=["GET"])

    def note(self, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        if self._token is not None:
            self._requests.labels(route, str(status)).inc()
            self._seconds.labels(route).observe(seconds)

    def _answer(self) -> Response:
        if self._token is None:
            raise NotFound
        if not hmac.compare_digest(_hashed(request.headers.get("Authorization", "")), self._token):
            raise Unauthorized(words.NO_TOKEN)
        return Response(generate_latest(self._registry), content_type=CONTENT_TYPE_LATEST)


def _hashed(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
