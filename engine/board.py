"""What the jobs of all processes know of one another: notes, leases of visitors, and who runs which job.

On disk here; a store of another kind only needs the members of `Board`. When the disk fails, each process goes on
with what it knows itself.
"""

import hashlib
import json
import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Protocol, TypeVar

import diskcache
from filelock import FileLock, Timeout

log = logging.getLogger(__name__)

T = TypeVar("T")

Leases = dict[str, float]
"""Visitor to the time, in seconds since 1970, at which the lease ends, or `LET_GO`."""
LET_GO = 0.0

A_DAY = 24 * 60 * 60
_TROUBLES = (OSError, sqlite3.Error, diskcache.Timeout, ValueError)


class Claim(Protocol):
    """The right to run a job; the system takes it back when the process dies."""

    def release(self) -> None:
        """Let another run the job."""


class Board(Protocol):
    """Thread- and process-safe; nothing here raises because a store is away."""

    def read(self, name: str) -> bytes | None:
        """Return a note, or None when there is none or its time is over."""

    def write(self, name: str, note: bytes, seconds: float) -> None:
        """Put up a note for so long, in place of an earlier one."""

    def claim(self, job: str) -> Claim | None:
        """Return the right to run a job, or None when somebody has it."""

    def hold(self, job: str, visitor: str, seconds: float, *, again: bool = False) -> None:
        """Write down that a visitor wants a job, for so long; one who has let it go only holds it `again` on purpose."""

    def let_go(self, job: str, visitor: str) -> None:
        """Strike the visitor out."""

    def holders(self, job: str) -> int:
        """Return how many visitors want a job."""


class MemoryBoard:
    """The board of a single process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._notes: dict[str, tuple[bytes, float]] = {}
        self._leases: dict[str, Leases] = {}
        self._claimed: set[str] = set()

    def read(self, name: str) -> bytes | None:
        """Return a note."""
        with self._lock:
            note, end = self._notes.get(name, (None, 0.0))
        return note if end > time.time() else None

    def write(self, name: str, note: bytes, seconds: float) -> None:
        """Put up a note."""
        now = time.time()
        with self._lock:
            self._notes = {other: kept for other, kept in self._notes.items() if kept[1] > now}
            self._notes[name] = (note, now + seconds)

    def claim(self, job: str) -> Claim | None:
        """Return the right to run a job."""
        with self._lock:
            if job in self._claimed:
                return None
            self._claimed.add(job)
        return _MemoryClaim(self._claimed, job)

    def hold(self, job: str, visitor: str, seconds: float, *, again: bool = False) -> None:
        """Write down that a visitor wants a job."""
        with self._lock:
            self._leases[job] = _held(self._leases.get(job, {}), visitor, seconds, again=again)

    def let_go(self, job: str, visitor: str) -> None:
        """Strike the visitor out."""
        with self._lock:
            self._leases[job] = _let_go(self._leases.get(job, {}), visitor)

    def holders(self, job: str) -> int:
        """Return how many visitors want a job."""
        with self._lock:
            return len(_current(self._leases.get(job, {})))


@dataclass(frozen=True)
class _MemoryClaim:
    _claimed: set[str]
    _job: str

    def release(self) -> None:
        """Let another run the job."""
        self._claimed.discard(self._job)


class DiskBoard:
    """The board of all processes of one machine, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own = MemoryBoard()
        self._has_swept = False
        self._opened: diskcache.Cache | None = None

    def read(self, name: str) -> bytes | None:
        """Return a note."""
        found, works = self._tried(lambda: self._store().get(f"note {name}"))
        return found if works and isinstance(found, bytes) else self._own.read(name)

    def write(self, name: str, note: bytes, seconds: float) -> None:
        """Put up a note."""
        _, works = self._tried(lambda: self._store().set(f"note {name}", note, expire=seconds))
        # A note of our own that is older must not come back when the disk fails later.
        self._own.write(name, note, 0.0 if works else seconds)

    def claim(self, job: str) -> Claim | None:
        """Return the right to run a job."""
        claim, works = self._tried(lambda: self._claim_on_disk(job))
        return claim if works else self._own.claim(job)

    def hold(self, job: str, visitor: str, seconds: float, *, again: bool = False) -> None:
        """Write down that a visitor wants a job."""
        self._own.hold(job, visitor, seconds, again=again)
        self._change_leases(job, lambda leases: _held(leases, visitor, seconds, again=again))

    def let_go(self, job: str, visitor: str) -> None:
        """Strike the visitor out."""
        self._own.let_go(job, visitor)
        self._change_leases(job, lambda leases: _let_go(leases, visitor))

    def holders(self, job: str) -> int:
        """Return how many visitors want a job."""
        leases, works = self._tried(lambda: self._leases(job))
        return len(_current(leases)) if works and leases is not None else self._own.holders(job)

    def close(self) -> None:
        """Close the files; the board opens them again when asked."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _tried(self, attempt: Callable[[], T]) -> tuple[T | None, bool]:
        """Return what the attempt gives, and whether the disk played along."""
        try:
            return attempt(), True
        except _TROUBLES as trouble:
            log.warning("The board in %s does not work, going on without it: %s", self._folder, trouble)
            self._opened = None  # opened anew next time: the folder may have been deleted and can be made again
            return None, False

    def _store(self) -> diskcache.Cache:
        if self._opened is None:
            self._opened = diskcache.Cache(str(self._folder / "board"), eviction_policy="none")
        return self._opened

    def _leases(self, job: str) -> Leases:
        kept = self._store().get(f"leases {job}")
        leases: Leases = json.loads(kept) if kept else {}
        return leases

    def _change_leases(self, job: str, change: Callable[[Leases], Leases]) -> None:
        def attempt() -> None:
            store = self._store()
            with store.transact(retry=True):
                leases = change(self._leases(job))
                store.set(f"leases {job}", json.dumps(leases).encode(), expire=A_DAY)

        self._tried(attempt)

    def _claim_on_disk(self, job: str) -> Claim | None:
        folder = self._folder / "claims"
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
        elif not self._has_swept:
            self._has_swept = True
            _sweep(folder)
        lock = FileLock(folder / f"{hashlib.sha256(job.encode()).hexdigest()[:32]}.lock", thread_local=False)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return None
        Path(lock.lock_file).touch()
        return lock


def _current(leases: Leases) -> Leases:
    now = time.time()
    return {visitor: end for visitor, end in leases.items() if end > now}


def _held(leases: Leases, visitor: str, seconds: float, *, again: bool) -> Leases:
    """A question that was on its way when its visitor let go must not bring the lease back."""
    if leases.get(visitor) == LET_GO and not again:
        return leases
    return leases | {visitor: time.time() + seconds}


def _let_go(leases: Leases, visitor: str) -> Leases:
    return leases | {visitor: LET_GO}


def _sweep(folder: Path) -> None:
    """Delete the files of claims that nobody made for a day; no job runs so long."""
    for file in folder.iterdir():
        with suppress(OSError):
            if file.stat().st_mtime < time.time() - A_DAY:
                file.unlink()
