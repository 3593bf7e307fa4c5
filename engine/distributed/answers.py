"""Answers in Redis, within a bound: those that were not asked for longest go first."""

import time
from typing import Any, Final

from engine.distributed.line import PREFIX, Line
from engine.stores import AwayError, Releasable

SECONDS_KEPT: Final = 7 * 24 * 60 * 60
"""An answer without an end of its own is kept for so long after it was worked out."""
MOST_BYTES: Final = 512 * 2**20
SHARE: Final = 0.5
"""Of what Redis may take in all; the rest is for brought files, jobs, and what it needs itself."""
LARGEST_SHARE: Final = 0.25
"""Of the bound: a larger answer is not kept, so that one does not push out all others."""

WAIT_SECONDS: Final = 0.01
MOST_WAITING_SECONDS: Final = 120.0

KEEP: Final = """
local used, sizes, total = KEYS[1], KEYS[2], KEYS[3]
local name, content, seconds, now, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
redis.call('SET', name, content, 'PX', seconds)
redis.call('ZADD', used, now, name)
local before = tonumber(redis.call('HGET', sizes, name) or '0')
redis.call('HSET', sizes, name, #content)
local taken = redis.call('INCRBY', total, #content - before)
while taken > most do
  local oldest = redis.call('ZPOPMIN', used)[1]
  if not oldest then
    redis.call('SET', total, 0)
    break
  end
  taken = redis.call('DECRBY', total, tonumber(redis.call('HGET', sizes, oldest) or '0'))
  redis.call('HDEL', sizes, oldest)
  redis.call('DEL', oldest)
end
return taken
"""

FORGET: Final = """
local used, sizes, total = KEYS[1], KEYS[2], KEYS[3]
local gone = 0
for _, name in ipairs(redis.call('ZRANGE', used, 0, -1)) do
  if redis.call('EXISTS', name) == 0 then
    redis.call('ZREM', used, name)
    redis.call('DECRBY', total, tonumber(redis.call('HGET', sizes, name) or '0'))
    redis.call('HDEL', sizes, name)
    gone = gone + 1
  end
end
-- Where Redis let a book go, the sum is no longer that of what is there.
local sum = 0
for _, name in ipairs(redis.call('HKEYS', sizes)) do
  if redis.call('ZSCORE', used, name) then
    sum = sum + tonumber(redis.call('HGET', sizes, name))
  else
    redis.call('HDEL', sizes, name)
  end
end
redis.call('SET', total, sum)
return gone
"""


class RedisAnswers:
    """Answers by key."""

    def __init__(self, line: Line, most_bytes: int | None = None) -> None:
        self._line = line
        self._most = most_bytes
        self._books = [f"{PREFIX}:answers:{book}" for book in ("used", "sizes", "total")]

    def get(self, key: str) -> tuple[bytes, float | None] | None:
        """Return an answer and the time, in seconds since 1970, at which it is forgotten."""

        def question(redis: Any) -> tuple[bytes | None, int]:
            with redis.pipeline(transaction=False) as several:
                several.get(_name(key))
                several.pttl(_name(key))
                several.zadd(self._books[0], {_name(key): time.time()}, xx=True)
                content, left, _ = several.execute()
            return content, left

        content, left = self._line.ask(question)
        return None if content is None or left < 0 else (content, time.time() + left / 1000.0)

    def has(self, key: str) -> bool:
        """Whether an answer is there."""
        return bool(self._line.ask(lambda redis: redis.exists(_name(key))))

    def keep(self, key: str, answer: bytes, seconds: float | None) -> None:
        """Keep an answer, for some seconds if any are given."""
        most = self._most_bytes()
        if len(answer) > LARGEST_SHARE * most:
            return
        lives = round(1000 * (SECONDS_KEPT if seconds is None else seconds))
        self._line.ask(
            lambda redis: redis.eval(KEEP, len(self._books), *self._books, _name(key), answer, lives, time.time(), most)
        )

    def lock(self, key: str) -> Releasable:
        """Return the right to compute an answer, once nobody else has it."""
        until = time.monotonic() + MOST_WAITING_SECONDS
        while time.monotonic() < until:
            claim = self._line.claim(f"answer:{key}")
            if claim is not None:
                return claim
            time.sleep(WAIT_SECONDS)
        raise AwayError("The one who computes this takes too long.")

    def forget_old(self) -> None:
        """Strike out of the books what Redis has let go."""
        self._line.ask(lambda redis: redis.eval(FORGET, len(self._books), *self._books))

    def gave_trouble(self, trouble: Exception) -> None:
        """Nothing to mend: the line mends by itself."""

    def close(self) -> None:
        """Let go of the connections."""
        self._line.close()

    def _most_bytes(self) -> int:
        if self._most is None:
            allowed = int(self._line.ask(lambda redis: redis.info("memory")).get("maxmemory", 0))
            self._most = int(min(MOST_BYTES, SHARE * allowed)) if allowed else MOST_BYTES
        return self._most


def _name(key: str) -> str:
    return f"{PREFIX}:answer:{key}"
