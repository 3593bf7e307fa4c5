"""The line to Redis: it fails soon rather than hang, is quiet for a while after that, and mends by itself."""

import contextlib
import logging
import ssl
import time
from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.lock import Lock
from redis.retry import Retry

from engine.distributed.renewing import Renewing
from engine.settings import settings
from engine.stores import AwayError

log = logging.getLogger(__name__)

T = TypeVar("T")

PREFIX: Final = "btm"
"""All names in Redis begin with it."""

QUEUE_PREFIX: Final = f"{PREFIX}:queue:"
"""Before the names of Celery's queues."""

CONNECT_SECONDS: Final = 2.0
ANSWER_SECONDS: Final = 3.0
"""After so long without an answer Redis is away."""
QUIET_SECONDS: Final = 2.0
"""Where Redis was away just now, nobody waits for it again for so long."""
LOGGED_SECONDS: Final = 60.0

CLAIM_SECONDS: Final = 12.0
"""After so long without a sign of life a claim is free again."""
RENEW_SECONDS: Final = 3.0


class Line:
    """A way to ask Redis. Thread-safe."""

    def __init__(self, url: str, *, trusts_any_certificate: bool = False) -> None:
        # A connection that lay idle may have been closed: one more attempt, but none after a silence.
        secure: dict[str, Any] = {"ssl_cert_reqs": "none"} if trusts_any_certificate and is_secure(url) else {}
        self._redis = redis.Redis.from_url(
            url,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            health_check_interval=15,
            retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
            **secure,
        )
        self._quiet_until = 0.0
        self._logged_at = -LOGGED_SECONDS
        self.away_since: float | None = None
        """When Redis was first not there, on the clock of `time.monotonic`; None while it is."""
        self.claims: Renewing[RemoteClaim] = Renewing(_renew_all, RENEW_SECONDS)

    def ask(self, question: Callable[["redis.Redis"], T]) -> T:
        """Return what Redis answers.

        Raises:
            AwayError: it cannot be reached, or is full.
        """
        if time.monotonic() < self._quiet_until:
            raise AwayError("Redis is away.")
        try:
            answer = question(self._redis)
        except (redis.RedisError, OSError) as trouble:
            self._note(trouble)
            raise AwayError("Redis is away.") from trouble
        self.away_since = None
        return answer

    def claim(self, name: str, seconds: float = CLAIM_SECONDS) -> "RemoteClaim | None":
        """Return the right to something, or None when somebody has it; it is renewed until it is released."""
        lock = self.ask(lambda redis: _acquired(redis, f"{PREFIX}:claim:{name}", seconds))
        return None if lock is None else RemoteClaim(self, lock)

    def close(self) -> None:
        """Let go of the connections; the next question opens new ones."""
        self._redis.close()

    def _note(self, trouble: Exception) -> None:
        now = time.monotonic()
        if not isinstance(trouble, redis.ResponseError):  # an answer, though no welcome one
            self._quiet_until = now + QUIET_SECONDS
            self.away_since = self.away_since or now
        if now - self._logged_at > LOGGED_SECONDS:
            self._logged_at = now
            log.warning("Redis does not play along: %s", type(trouble).__name__)


class RemoteClaim:
    """A claim in Redis, which a thread renews."""

    def __init__(self, line: Line, lock: Lock) -> None:
        self._line = line
        self._lock = lock
        line.claims.keep(self)

    def release(self) -> None:
        """Let another have it."""
        self._line.claims.drop(self)
        try:
            self._line.ask(lambda _redis: _released(self._lock))
        except AwayError:
            log.info("A claim ends by itself, soon.")

    def renew(self) -> None:
        """Keep it for longer."""
        with contextlib.suppress(AwayError):
            self._line.ask(lambda _redis: _renewed(self._lock))


def _renew_all(claims: list[RemoteClaim]) -> None:
    for claim in claims:
        claim.renew()


def _acquired(client: "redis.Redis", name: str, seconds: float) -> Lock | None:
    lock = client.lock(name, timeout=seconds, thread_local=False)
    return lock if lock.acquire(blocking=False) else None


def _renewed(lock: Lock) -> None:
    try:
        lock.reacquire()
    except redis.exceptions.LockError:
        # Redis forgot it, or it was away for longer than claims live: whoever comes first has it now.
        lock.acquire(blocking=False)


def _released(lock: Lock) -> None:
    try:
        lock.release()
    except redis.exceptions.LockError:
        return


def is_secure(url: str) -> bool:
    """Whether an address asks for encryption.

    >>> is_secure("rediss://somewhere:6380"), is_secure("redis://somewhere")
    (True, False)
    """
    return url.startswith("rediss://")


def certificates(url: str, *, trusts_any: bool) -> dict[str, Any] | None:
    """Return what a library that opens its own connections has to know of certificates."""
    if not is_secure(url):
        return None
    return {"ssl_cert_reqs": ssl.CERT_NONE if trusts_any else ssl.CERT_REQUIRED}


@cache
def line_to(url: str) -> Line:
    """Return this process's line to a Redis."""
    return Line(url, trusts_any_certificate=settings().redis_trusts_any)
