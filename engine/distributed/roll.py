"""Who is there: entries in Redis that their process renews, and that go when it dies. The clock is that of Redis."""

import contextlib
from typing import Final

from engine.distributed.line import PREFIX, Line
from engine.distributed.renewing import Renewing
from engine.stores import AwayError

RENEW_SECONDS: Final = 2.0
LASTS_SECONDS: Final = 8

ENTER: Final = """
local now = tonumber(redis.call('TIME')[1])
for place = 2, #ARGV do redis.call('ZADD', KEYS[1], now + tonumber(ARGV[1]), ARGV[place]) end
"""
PRESENT: Final = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. redis.call('TIME')[1])
return redis.call('ZRANGE', KEYS[1], 0, -1)
"""


class Roll:
    """Entries of many processes. Thread-safe."""

    def __init__(self, line: Line, name: str) -> None:
        self._line = line
        self._name = f"{PREFIX}:roll:{name}"
        self._own: Renewing[str] = Renewing(self._renew, RENEW_SECONDS)

    def enter(self, entry: str) -> None:
        """Put an entry on the roll until it leaves."""
        self._own.keep(entry)
        self._renew([entry])

    def leave(self, entry: str) -> None:
        """Take an entry off."""
        self._own.drop(entry)
        with contextlib.suppress(AwayError):  # it goes by itself
            self._line.ask(lambda redis: redis.zrem(self._name, entry))

    def own(self) -> list[str]:
        """Return the entries of this process."""
        return self._own.kept()

    def present(self) -> list[str]:
        """Return the entries of all living processes.

        Raises:
            AwayError: Redis cannot be reached.
        """
        found = self._line.ask(lambda redis: redis.eval(PRESENT, 1, self._name))
        return [entry.decode() for entry in found]

    def _renew(self, entries: list[str]) -> None:
        with contextlib.suppress(AwayError):  # the next time, then
            self._line.ask(lambda redis: redis.eval(ENTER, 1, self._name, LASTS_SECONDS, *entries))
