"""How often an address may ask: counted in Redis, so that all processes share it, or here where there is none.

Windows slide by two counters each, so that an address costs the same few bytes however much it may ask for.
"""

import ipaddress
import logging
import math
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from flask import request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from werkzeug.exceptions import TooManyRequests

from components import uploads
from components import wording_door as words
from engine.errors import BusyError
from engine.settings import Settings

log = logging.getLogger(__name__)

UPLOADS_AN_HOUR: Final = 60
UNITS: Final = 10
"""In which work is counted: tenths of core-seconds."""
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

    def __init__(self, redis_url: str | None = None, *, trusts_any: bool = False) -> None:
        self._here = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._one_by_one = threading.Lock()  # the storage starts one timer from several threads at once, which fails
        self._shared = SlidingWindowCounterRateLimiter(_redis(redis_url, trusts_any)) if redis_url else None
        self._quiet_until = self._silent_until = 0.0

    def seconds_to_wait(self, limit: RateLimitItem, *names: str, cost: int = 1) -> int:
        """Count one more, or several; return 0 where the limit allows it, else the seconds after which to come again."""
        return self._ask(lambda limiter: _asked(limiter, limit, names, cost))

    def left(self, limit: RateLimitItem, *names: str) -> int:
        """Return how much a limit still allows."""
        return self._ask(lambda limiter: limiter.get_window_stats(limit, *names).remaining)

    def _ask(self, question: Callable[[SlidingWindowCounterRateLimiter], int]) -> int:
        if self._shared is not None and time.monotonic() >= self._quiet_until:
            try:
                return question(self._shared)
            # Whatever the line to Redis does, the pages go on; the address of Redis stands in some of its messages.
            except Exception as trouble:  # noqa: BLE001
                self._note(trouble)
        with self._one_by_one:
            return question(self._here)

    def _note(self, trouble: Exception) -> None:
        self._quiet_until = time.monotonic() + QUIET_SECONDS
        if time.monotonic() >= self._silent_until:
            self._silent_until = time.monotonic() + LOGGED_SECONDS
            log.warning("Redis is away (%s): requests are counted in this process alone.", type(trouble).__name__)


def _redis(url: str, trusts_any: bool) -> RedisStorage:  # noqa: FBT001
    from redis.backoff import NoBackoff  # noqa: PLC0415  # only where there is one
    from redis.retry import Retry  # noqa: PLC0415

    from engine.distributed.line import is_secure  # noqa: PLC0415

    quickly: dict[str, Any] = {
        "socket_timeout": ANSWER_SECONDS,
        "socket_connect_timeout": ANSWER_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }
    if trusts_any and is_secure(url):
        quickly["ssl_cert_reqs"] = "none"
    return RedisStorage(url, key_prefix="btm:rates", **quickly)


def _asked(limiter: SlidingWindowCounterRateLimiter, limit: RateLimitItem, names: tuple[str, ...], cost: int) -> int:
    if limiter.hit(limit, *names, cost=cost):
        return 0
    ends = limiter.get_window_stats(limit, *names).reset_time
    return min(max(1, math.ceil(ends - time.time())), limit.get_expiry())


class Rates:
    """The guard of all requests."""

    def __init__(self, found: Settings) -> None:
        url = found.redis_url
        self._counter = Counter(None if url is None else url.get_secret_value(), trusts_any=found.redis_trusts_any)
        self._all = RateLimitItemPerMinute(found.requests_a_minute)
        self._work = RateLimitItemPerHour(UNITS * found.visitor_seconds)
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

    def charge(self, seconds: float) -> None:
        """Take core-seconds from what the visitor of this request may ask for in an hour.

        Raises:
            BusyError: so many are not left; says what would fit, and when to come again.
        """
        visitor, cost = network(request.remote_addr), max(1, math.ceil(UNITS * seconds))
        wait = self._counter.seconds_to_wait(self._work, "work", visitor, cost=cost)
        if wait:
            left = self._counter.left(self._work, "work", visitor)
            raise BusyError(words.work_spent(self._work.amount / UNITS, seconds, left / cost, wait))

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
