"""How often an address may ask: counted in Redis, so that all processes share it, or here where there is none.

Windows slide by two counters each, so that an address costs the same few bytes however much it may ask for.
"""

import ipaddress
import logging
import math
import time
from typing import Any, Final

from flask import request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from werkzeug.exceptions import TooManyRequests

from components import uploads
from components import wording_door as words
from engine.settings import Settings

log = logging.getLogger(__name__)

UPLOADS_AN_HOUR: Final = 60
SIGN_INS_A_MINUTE: Final = 10
SIGN_IN_PATH: Final = "/sign-in"

NOT_COUNTED: Final = ("/assets/", "/_dash-component-suites/", "/healthz", "/readyz", "/_favicon.ico")

ANSWER_SECONDS: Final = 1.0
"""After so long without an answer Redis is away."""
QUIET_SECONDS: Final = 10.0
"""Where it is away, nobody waits for it again for so long."""
LOGGED_SECONDS: Final = 60.0
"""It is not told again for so long."""
NETWORK_BITS: Final = 64
"""Of an IPv6 address: the rest its owner chooses freely."""


class Counter:
    """Counts what addresses ask for, among all processes if it can."""

    def __init__(self, redis_url: str | None = None) -> None:
        self._here = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = SlidingWindowCounterRateLimiter(_redis(redis_url)) if redis_url else None
        self._quiet_until = self._silent_until = 0.0

    def seconds_to_wait(self, limit: RateLimitItem, *names: str) -> int:
        """Count one more; return 0 where the limit allows it, else the seconds after which to come again."""
        if self._shared is not None and time.monotonic() >= self._quiet_until:
            try:
                return _asked(self._shared, limit, names)
            # Whatever the line to Redis does, the pages go on; the address of Redis stands in some of its messages.
            except Exception as trouble:  # noqa: BLE001
                self._note(trouble)
        return _asked(self._here, limit, names)

    def _note(self, trouble: Exception) -> None:
        self._quiet_until = time.monotonic() + QUIET_SECONDS
        if time.monotonic() >= self._silent_until:
            self._silent_until = time.monotonic() + LOGGED_SECONDS
            log.warning("Redis is away (%s): requests are counted in this process alone.", type(trouble).__name__)


def _redis(url: str) -> RedisStorage:
    from redis.backoff import NoBackoff  # noqa: PLC0415  # only where there is one
    from redis.retry import Retry  # noqa: PLC0415

    quickly: dict[str, Any] = {
        "socket_timeout": ANSWER_SECONDS,
        "socket_connect_timeout": ANSWER_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }
    return RedisStorage(url, key_prefix="btm:rates", **quickly)


def _asked(limiter: SlidingWindowCounterRateLimiter, limit: RateLimitItem, names: tuple[str, ...]) -> int:
    if limiter.hit(limit, *names):
        return 0
    ends = limiter.get_window_stats(limit, *names).reset_time
    return min(max(1, math.ceil(ends - time.time())), limit.get_expiry())


class Rates:
    """The guard of all requests."""

    def __init__(self, found: Settings) -> None:
        url = found.redis_url
        self._counter = Counter(None if url is None else url.get_secret_value())
        self._all = RateLimitItemPerMinute(found.requests_a_minute)
        self._tighter = {
            uploads.PATH: (RateLimitItemPerHour(UPLOADS_AN_HOUR), words.TOO_MANY_FILES),
            SIGN_IN_PATH: (RateLimitItemPerMinute(SIGN_INS_A_MINUTE), words.TOO_MANY_ATTEMPTS),
        }

    def guard(self) -> None:
        """Refuse a request of somebody who asks too often; what browsers keep, and health checks, cost nothing."""
        if request.path.startswith(NOT_COUNTED):
            return
        self._refuse_above(self._all, "all", words.REFUSALS[429].text)
        if request.method == "POST" and request.path in self._tighter:
            limit, sentence = self._tighter[request.path]
            self._refuse_above(limit, request.path, sentence)

    def _refuse_above(self, limit: RateLimitItem, name: str, sentence: str) -> None:
        seconds = self._counter.seconds_to_wait(limit, name, network(request.remote_addr))
        if seconds:
            raise TooManyRequests(sentence, retry_after=seconds)


def network(address: str | None) -> str:
    """Return what is counted as one visitor.

    >>> network("203.0.113.9"), network("2001:db8::1:2:3:4"), network("nonsense"), network(None)
    ('203.0.113.9', '2001:db8::', 'unknown', 'unknown')
    """
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, NETWORK_BITS), strict=False).network_address)
