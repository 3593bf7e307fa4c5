"""Stores that never get in the way: a disk that is opened when needed, and made anew when it is gone or damaged.

What another kind of store has to offer is said here too.
"""

import logging
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

import diskcache
from filelock import FileLock

log = logging.getLogger(__name__)


class AwayError(Exception):
    """A store, or whoever works behind it, cannot be reached."""


TROUBLES = (AwayError, OSError, sqlite3.Error, diskcache.Timeout, ValueError)
"""What reading and writing a store can raise when its disk, or the line to it, does not play along."""

CULLED_AT_ONCE = 2
"""More than come in, so that the size shrinks; few, so that of few large answers the newest stays."""

LOCKS = 4096

QUIET_SECONDS = 60.0
"""Trouble with the same store is not logged again for so long."""


class Releasable(Protocol):
    """A right that somebody has until it is released."""

    def release(self) -> None:
        """Let another have it."""


class AnswerStore(Protocol):
    """Where answers lie; every member but the last two may raise one of `TROUBLES`."""

    def get(self, key: str) -> tuple[bytes, float | None] | None:
        """Return an answer, whole, and the time in seconds since 1970 at which it is forgotten, if there is one."""

    def has(self, key: str) -> bool:
        """Whether an answer is there, without loading it."""

    def keep(self, key: str, answer: bytes, seconds: float | None) -> None:
        """Keep an answer, for some seconds or as long as there is room."""

    def lock(self, key: str) -> Releasable:
        """Wait until nobody else has the right to work out an answer, and return it."""

    def forget_old(self) -> None:
        """Take away what is to be kept no longer."""

    def gave_trouble(self, trouble: Exception) -> None:
        """Mend what can be mended."""

    def close(self) -> None:
        """Let go of what is open; it is opened again when needed."""


class DiskStore:
    """A `diskcache.Cache` in a folder; thread- and process-safe."""

    def __init__(self, folder: Path, name: str, **settings: Any) -> None:
        self.folder = folder
        self._name = name
        self._settings = settings
        self._cache: diskcache.Cache | None = None
        self._logged_at = -QUIET_SECONDS

    def opened(self) -> diskcache.Cache:
        """Return the open cache.

        Raises:
            one of `TROUBLES`; tell `gave_trouble` then.
        """
        if self._cache is None:
            self._cache = diskcache.Cache(str(self.folder / self._name), **self._settings)
        return self._cache

    def gave_trouble(self, trouble: Exception) -> None:
        """Close what is open: the folder may have been deleted, and can be made again the next time."""
        if time.monotonic() - self._logged_at > QUIET_SECONDS:
            self._logged_at = time.monotonic()
            log.warning("The store %s in %s does not work, going on without it: %s", self._name, self.folder, trouble)
        self._cache = None
        if type(trouble) is sqlite3.DatabaseError:  # its subclasses tell of other things than a damaged file
            self._discard_damaged()

    def close(self) -> None:
        """Close the files; they are opened again when needed."""
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    def _discard_damaged(self) -> None:
        """Delete a database that cannot be read, unless another process has made a new one since."""
        try:
            (self.folder / "locks").mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / "locks" / "repair.lock", thread_local=False):
                try:
                    self.opened().get("")
                except sqlite3.DatabaseError:
                    self._cache = None
                    shutil.rmtree(self.folder / self._name, ignore_errors=True)
        except TROUBLES as trouble:
            log.warning("The damaged store %s in %s cannot be deleted: %s", self._name, self.folder, trouble)


class DiskAnswers:
    """Answers in a folder, for all processes of a machine."""

    def __init__(self, folder: Path, size_limit: int) -> None:
        self._folder = folder
        self._store = DiskStore(
            folder,
            "answers",
            size_limit=size_limit,
            eviction_policy="least-recently-used",
            cull_limit=CULLED_AT_ONCE,
        )

    def get(self, key: str) -> tuple[bytes, float | None] | None:
        """Return an answer; what a full disk or a hard stop left of one is none."""
        stored, end, check = self._store.opened().get(key, expire_time=True, tag=True)
        return (stored, end) if isinstance(stored, bytes) and check == crc32(stored) else None

    def has(self, key: str) -> bool:
        """Whether an answer is there."""
        return key in self._store.opened()

    def keep(self, key: str, answer: bytes, seconds: float | None) -> None:
        """Keep an answer."""
        self._store.opened().set(key, answer, expire=seconds, tag=crc32(answer))

    def lock(self, key: str) -> Releasable:
        """Return a lock on a file, which the system lets go when its process dies."""
        folder = self._folder / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        number = crc32(key.encode()) % LOCKS
        lock = FileLock(folder / f"{number}.lock", thread_local=False, poll_interval=0.005)
        lock.acquire()
        return lock

    def forget_old(self) -> None:
        """Take away what is to be kept no longer."""
        self._store.opened().expire()

    def gave_trouble(self, trouble: Exception) -> None:
        """Open it anew the next time."""
        self._store.gave_trouble(trouble)

    def close(self) -> None:
        """Close the files."""
        self._store.close()
