"""Answers that were worked out before, on disk or in Redis, shared by all processes and threads; each is computed once.

However many ask for the same key at the same time, one computes and the others wait for it: a lock, which is free
again when its process dies, and a second look inside. The cache only ever holds bytes, and never breaks an answer:
when its store is gone or full, answers are computed without it.
"""

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from pathlib import Path

from engine import tally
from engine.locations import source_digest
from engine.places import answer_store
from engine.result import Result
from engine.scenario import Scenario
from engine.simulation import simulate
from engine.stores import TROUBLES, AnswerStore, DiskAnswers

log = logging.getLogger(__name__)

SIZE_LIMIT = 512 * 2**20
"""Bytes on disk; the least recently used answers go first."""

RECENT = 64
"""Answers kept in memory in front of the disk."""
LARGEST_RECENT = 2**20

OF_AN_EARLIER_CAMPAIGN_SECONDS = 2 * 60 * 60.0
"""How long what was worked out from somebody's own counts is kept; other answers stay as long as there is room."""


class AnswerCache:
    """Bytes by key; thread- and process-safe."""

    def __init__(self, place: Path | AnswerStore, size_limit: int = SIZE_LIMIT) -> None:
        """`place` is a folder, to take so many bytes, or a store of another kind."""
        self._recent: OrderedDict[str, tuple[bytes, float]] = OrderedDict()  # with the time at which each is forgotten
        self._recent_lock = threading.Lock()
        self._store = DiskAnswers(place, size_limit) if isinstance(place, Path) else place

    def fetch(self, key: str, compute: Callable[[], bytes], seconds: float | None = None) -> tuple[bytes, bool]:
        """Return the answer, and whether it was there already; a new one is kept for some seconds, if any are given.

        An error while computing passes through and leaves nothing. `compute` must not fetch from this cache itself.
        """
        answer, was_there = self._fetched(key, compute, seconds)
        tally.count("answers_kept" if was_there else "answers_computed")
        return answer, was_there

    def _fetched(self, key: str, compute: Callable[[], bytes], seconds: float | None) -> tuple[bytes, bool]:
        known = self.look_up(key)
        if known is not None:
            return known, True
        try:
            lock = self._store.lock(key)
        except TROUBLES as trouble:
            log.warning("No lock for %s, computing without one: %s", key, trouble)
            return compute(), False
        try:
            known = self.look_up(key)
            if known is not None:
                return known, True
            answer = compute()
            self.keep(key, answer, seconds)
            return answer, False
        finally:
            lock.release()

    def look_up(self, key: str) -> bytes | None:
        """Return the answer if it is there."""
        with self._recent_lock:
            answer, end = self._recent.pop(key, (b"", 0.0))
            if end > time.time():
                self._recent[key] = answer, end
                return answer
        try:
            kept = self._store.get(key)
        except TROUBLES as trouble:
            self._store.gave_trouble(trouble)
            return None
        if kept is None:
            return None
        self._remember(key, *kept)
        return kept[0]

    def has(self, key: str) -> bool:
        """Whether an answer is there, without loading it."""
        with self._recent_lock:
            _, end = self._recent.get(key, (b"", 0.0))
        if end > time.time():
            return True
        try:
            return self._store.has(key)
        except TROUBLES as trouble:
            self._store.gave_trouble(trouble)
            return False

    def keep(self, key: str, answer: bytes, seconds: float | None = None, *, remembers: bool = True) -> None:
        """Keep an answer under a key that had none, for some seconds or as long as there is room.

        What is hardly asked for soon need not be remembered by this process.
        """
        if remembers:
            self._remember(key, answer, None if seconds is None else time.time() + seconds)
        try:
            self._store.keep(key, answer, seconds)
        except TROUBLES as trouble:
            self._store.gave_trouble(trouble)

    def forget_old(self) -> None:
        """Take away what is to be kept no longer; until then it is only out of reach."""
        with self._recent_lock:
            now = time.time()
            self._recent = OrderedDict((key, kept) for key, kept in self._recent.items() if kept[1] > now)
        try:
            self._store.forget_old()
        except TROUBLES as trouble:
            self._store.gave_trouble(trouble)

    def _remember(self, key: str, answer: bytes, end: float | None) -> None:
        if len(answer) > LARGEST_RECENT:
            return
        with self._recent_lock:
            self._recent[key] = answer, math.inf if end is None else end
            self._recent.move_to_end(key)
            while len(self._recent) > RECENT:
                self._recent.popitem(last=False)

    def close(self) -> None:
        """Let go of what is open; the cache opens it again when asked."""
        self._store.close()


@cache
def shared() -> AnswerCache:
    """Return this process's door to the cache that all processes share."""
    return AnswerCache(answer_store())


def seconds_kept(*scenarios: Scenario) -> float | None:
    """Return how long an answer about some scenarios is kept; None: as long as there is room."""
    return OF_AN_EARLIER_CAMPAIGN_SECONDS if any(scenario.has_history for scenario in scenarios) else None


def cached_result(scenario: Scenario) -> tuple[Result, bool]:
    """Return the simulation of a scenario, and whether it was there already."""
    content, found = shared().fetch(
        f"result-{source_digest(Path(__file__).parent)[:8]}-{scenario.digest()}",
        lambda: simulate(scenario).to_bytes(),
        seconds_kept(scenario),
    )
    return Result.from_bytes(content), found
