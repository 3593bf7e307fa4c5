"""Who is there: entries in Redis that their process renews, and that go when it dies. The clock is that of Redis."""

import threading
import time
from typing import Final

from engine.distributed.line import PREFIX, Line
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
        self._own: set[str] = set()
        self._changed = threading.Lock()
        self._thread: threading.Thread | None = None

    def enter(self, entry: str) -> None:
        """Put an entry on the roll until it leaves."""
        with self._changed:
            self._own.add(entry)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="roll", daemon=True)
                self._thread.start()
        self._renew([entry])

    def leave(self, entry: str) -> None:
        """Take an entry off."""
        with self._changed:
            self._own.discard(entry)
        try:
            self._line.ask(lambda redis: redis.zrem(self._name, entry))
        except AwayError:
            return  # it goes by itself

    def own(self) -> list[str]:
        """Return the entries of this process."""
        with self._changed:
            return sorted(self._own)

    def present(self) -> list[str]:
        """Return the entries of all living processes.

        Raises:
            AwayError: Redis cannot be reached.
        """
        found = self._line.ask(lambda redis: redis.eval(PRESENT, 1, self._name))
        return [entry.decode() for entry in found]

    def _run(self) -> None:
        while True:
            time.sleep(RENEW_SECONDS)
            entries = self.own()
            if entries:
                self._renew(entries)

    def _renew(self, entries: list[str]) -> None:
        try:
            self._line.ask(lambda redis: redis.eval(ENTER, 1, self._name, LASTS_SECONDS, *entries))
        except AwayError:
            return  # the next time, then
