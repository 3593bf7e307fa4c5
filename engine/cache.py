"""Answers that were worked out before, on disk, shared by all processes and threads; each is computed once.

However many ask for the same key at the same time, one computes and the others wait for it: a lock on a file, which
the system lets go when its process dies, and a second look inside. The cache only ever holds bytes, and never
breaks an answer: when its folder is gone or full, answers are computed without it.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from zlib import crc32

from filelock import FileLock

from engine.locations import cache_folder, source_digest
from engine.result import Result
from engine.scenario import Scenario
from engine.simulation import simulate
from engine.stores import TROUBLES, DiskStore

log = logging.getLogger(__name__)

SIZE_LIMIT = 512 * 2**20
"""Bytes on disk; the least recently used answers go first."""

RECENT = 64
"""Answers kept in memory in front of the disk."""
LARGEST_RECENT = 2**20

CULLED_AT_ONCE = 2
"""More than come in, so that the size shrinks; few, so that of few large answers the newest stays."""

LOCKS = 4096


class AnswerCache:
    """Bytes by key; thread- and process-safe."""

    def __init__(self, folder: Path, size_limit: int = SIZE_LIMIT) -> None:
        self._folder = folder
        self._recent: OrderedDict[str, bytes] = OrderedDict()
        self._recent_lock = threading.Lock()
        self._store = DiskStore(
            folder,
            "answers",
            size_limit=size_limit,
            eviction_policy="least-recently-used",
            cull_limit=CULLED_AT_ONCE,
        )

    def fetch(self, key: str, compute: Callable[[], bytes]) -> tuple[bytes, bool]:
        """Return the answer, and whether it was there already.

        An error while computing passes through and leaves nothing. `compute` must not fetch from this cache itself.
        """
        known = self.look_up(key)
        if known is not None:
            return known, True
        try:
            lock = self._lock(key)
            lock.acquire()
        except TROUBLES as trouble:
            log.warning("No lock for %s, computing without one: %s", key, trouble)
            return compute(), False
        try:
            known = self.look_up(key)
            if known is not None:
                return known, True
            answer = compute()
            self.keep(key, answer)
            return answer, False
        finally:
            lock.release()

    def look_up(self, key: str) -> bytes | None:
        """Return the answer if it is there."""
        with self._recent_lock:
            if key in self._recent:
                self._recent.move_to_end(key)
                return self._recent[key]
        try:
            stored, check = self._store.opened().get(key, tag=True)
        except TROUBLES as trouble:
            self._store.gave_trouble(trouble)
            return None
        if not isinstance(stored, bytes) or check != crc32(stored):
            return None
        self._remember(key, stored)
        return stored

    def keep(self, key: str, answer: bytes) -> None:
        """Keep an answer under a key that had none."""
        self._remember(key, answer)
        try:
            # The check tells an answer from what a full disk or a hard stop left of it.
            self._store.opened().set(key, answer, tag=crc32(answer))
        except TROUBLES as trouble:
            self._store.gave_trouble(trouble)

    def _remember(self, key: str, answer: bytes) -> None:
        if len(answer) > LARGEST_RECENT:
            return
        with self._recent_lock:
            self._recent[key] = answer
            self._recent.move_to_end(key)
            while len(self._recent) > RECENT:
                self._recent.popitem(last=False)

    def _lock(self, key: str) -> FileLock:
        folder = self._folder / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        number = crc32(key.encode()) % LOCKS
        return FileLock(folder / f"{number}.lock", thread_local=False, poll_interval=0.005)

    def close(self) -> None:
        """Close the files; the cache opens them again when asked."""
        self._store.close()


@cache
def shared() -> AnswerCache:
    """Return this process's door to the cache that all processes share."""
    return AnswerCache(cache_folder())


def cached_result(scenario: Scenario) -> tuple[Result, bool]:
    """Return the simulation of a scenario, and whether it was there already."""
    content, found = shared().fetch(
        f"result-{source_digest(Path(__file__).parent)[:8]}-{scenario.digest()}", lambda: simulate(scenario).to_bytes()
    )
    return Result.from_bytes(content), found
