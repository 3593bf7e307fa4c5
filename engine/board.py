"""What the jobs of all processes know of one another: notes, leases of visitors, and who runs which job.

On disk here; a store of another kind only needs the members of `BoardStore`. When the store fails, each process goes
on with what it knows itself.
"""

import hashlib
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Protocol, TypeVar

from filelock import FileLock, Timeout

from engine.stores import TROUBLES, DiskStore

T = TypeVar("T")

Leases = dict[str, float]
"""Visitor to the time, in seconds since 1970, at which the lease ends, or, below 0, at which it was let go."""
Change = Callable[[Leases], Leases]
REMEMBERED_SECONDS = 600.0
"""How long a lease that has ended is remembered."""

A_DAY = 24 * 60 * 60


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

    def claim(self, job: str, weight: float = 0.0) -> Claim | None:
        """Return the right to run a job of some weight, or None when somebody has it."""

    def weights(self) -> list[float]:
        """Return the weights of all jobs that are claimed, as far as is known here."""

    def hold(self, job: str, visitor: str, seconds: float, *, again: bool = False) -> None:
        """Write down that a visitor wants a job, for so long; one who has let it go only holds it `again` on purpose."""

    def let_go(self, job: str, visitor: str) -> None:
        """Strike the visitor out."""

    def holders(self, job: str) -> int:
        """Return how many visitors want a job."""

    def wants(self, job: str, visitor: str) -> bool:
        """Whether a visitor held a job not long ago and has not let it go."""

    def forget_old(self) -> None:
        """Take away notes and leases whose time is over; until then they are only out of reach."""


class MemoryBoard:
    """The board of a single process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._notes: dict[str, tuple[bytes, float]] = {}
        self._leases: dict[str, Leases] = {}
        self._claimed: dict[str, float] = {}

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

    def claim(self, job: str, weight: float = 0.0) -> Claim | None:
        """Return the right to run a job."""
        with self._lock:
            if job in self._claimed:
                return None
            self._claimed[job] = weight
        return _Claim([lambda: self._claimed.pop(job, None)])

    def weights(self) -> list[float]:
        """Return the weights of what is claimed."""
        with self._lock:
            return list(self._claimed.values())

    def hold(self, job: str, visitor: str, seconds: float, *, again: bool = False) -> None:
        """Write down that a visitor wants a job."""
        with self._lock:
            self._change(job, _held(self._leases.get(job, {}), visitor, seconds, again=again))

    def let_go(self, job: str, visitor: str) -> None:
        """Strike the visitor out."""
        with self._lock:
            self._change(job, _let_go(self._leases.get(job, {}), visitor))

    def _change(self, job: str, leases: Leases) -> None:
        self._leases[job] = leases
        self._leases = {other: kept for other, found in self._leases.items() if (kept := _recent(found))}

    def holders(self, job: str) -> int:
        """Return how many visitors want a job."""
        return _current(self.leases(job))

    def wants(self, job: str, visitor: str) -> bool:
        """Whether a visitor held a job not long ago and has not let it go."""
        return self.leases(job).get(visitor, 0.0) > 0.0

    def leases(self, job: str) -> Leases:
        """Return what is known of the job's visitors."""
        with self._lock:
            return dict(self._leases.get(job, {}))

    def forget_old(self) -> None:
        """Take away what is over."""
        with self._lock:
            now = time.time()
            self._notes = {name: kept for name, kept in self._notes.items() if kept[1] > now}


@dataclass(frozen=True)
class _Claim:
    _releases: list[Callable[[], object]]

    def release(self) -> None:
        """Let another run the job."""
        for release in self._releases:
            release()


class BoardStore(Protocol):
    """Where the boards of many processes meet; every member may raise one of `TROUBLES`."""

    def get(self, name: str) -> bytes | None:
        """Return a note."""

    def set(self, name: str, note: bytes, seconds: float) -> None:
        """Put up a note for so long."""

    def leases(self, job: str) -> Leases:
        """Return who wants a job."""

    def change_leases(self, job: str, change: Change) -> None:
        """Change who wants a job, whatever others change meanwhile."""

    def claim(self, job: str, weight: float) -> Claim | None:
        """Return the right to run a job."""

    def weights(self) -> list[float] | None:
        """Return the weights of what all processes claim; None where they do not tell each other."""

    def forget_old(self) -> None:
        """Take away what is over."""

    def gave_trouble(self, trouble: Exception) -> None:
        """Mend what can be mended."""

    def close(self) -> None:
        """Let go of what is open."""


class SharedBoard:
    """The board of many processes."""

    def __init__(self, store: BoardStore) -> None:
        self._store = store
        self._own = MemoryBoard()

    def read(self, name: str) -> bytes | None:
        """Return a note."""
        found, works = self._tried(lambda: self._store.get(name))
        return found if works and found is not None else self._own.read(name)

    def write(self, name: str, note: bytes, seconds: float) -> None:
        """Put up a note."""
        _, works = self._tried(lambda: self._store.set(name, note, seconds))
        # A note of our own that is older must not come back when the store fails later.
        self._own.write(name, note, 0.0 if works else seconds)

    def forget_old(self) -> None:
        """Take away what is over, here and in the store."""
        self._own.forget_old()
        self._tried(self._store.forget_old)

    def claim(self, job: str, weight: float = 0.0) -> Claim | None:
        """Return the right to run a job."""
        own = self._own.claim(job, weight)
        if own is None:
            return None
        claim, works = self._tried(lambda: self._store.claim(job, weight))
        if works and claim is None:
            own.release()
            return None
        return own if claim is None else _Claim([claim.release, own.release])

    def weights(self) -> list[float]:
        """Return the weights of what is claimed."""
        found, _ = self._tried(self._store.weights)
        return self._own.weights() if found is None else found

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
        return _current(self._known_leases(job))

    def wants(self, job: str, visitor: str) -> bool:
        """Whether a visitor held a job not long ago and has not let it go."""
        return self._known_leases(job).get(visitor, 0.0) > 0.0

    def _known_leases(self, job: str) -> Leases:
        """What the store says, and of visitors that it does not know (it may have been emptied), what is known here."""
        leases, works = self._tried(lambda: self._store.leases(job))
        return self._own.leases(job) | (leases if works and leases else {})

    def _change_leases(self, job: str, change: Change) -> None:
        self._tried(lambda: self._store.change_leases(job, lambda leases: _recent(change(leases))))

    def close(self) -> None:
        """Let go of what is open; the board opens it again when asked."""
        self._store.close()

    def _tried(self, attempt: Callable[[], T]) -> tuple[T | None, bool]:
        """Return what the attempt gives, and whether the store played along."""
        try:
            return attempt(), True
        except TROUBLES as trouble:
            self._store.gave_trouble(trouble)
            return None, False


class DiskBoard(SharedBoard):
    """The board of all processes of one machine, in a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(_DiskNotes(folder))


class _DiskNotes:
    """What a board puts on the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store = DiskStore(folder, "board", eviction_policy="none")
        self._has_swept = False

    def get(self, name: str) -> bytes | None:
        found = self._store.opened().get(f"note {name}")
        return found if isinstance(found, bytes) else None

    def set(self, name: str, note: bytes, seconds: float) -> None:
        self._store.opened().set(f"note {name}", note, expire=seconds)

    def forget_old(self) -> None:
        self._store.opened().expire()

    def leases(self, job: str) -> Leases:
        kept = self._store.opened().get(f"leases {job}")
        leases: Leases = json.loads(kept) if kept else {}
        return leases

    def change_leases(self, job: str, change: Change) -> None:
        store = self._store.opened()
        with store.transact(retry=True):
            store.set(f"leases {job}", json.dumps(change(self.leases(job))).encode(), expire=A_DAY)

    def weights(self) -> None:
        return None

    def claim(self, job: str, weight: float) -> Claim | None:  # noqa: ARG002  # nobody else is told
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

    def gave_trouble(self, trouble: Exception) -> None:
        self._store.gave_trouble(trouble)

    def close(self) -> None:
        self._store.close()


def _current(leases: Leases) -> int:
    now = time.time()
    return sum(end > now for end in leases.values())


def _recent(leases: Leases) -> Leases:
    """Leave out visitors who have not been heard of for long."""
    since = time.time() - REMEMBERED_SECONDS
    return {visitor: end for visitor, end in leases.items() if abs(end) > since}


def _held(leases: Leases, visitor: str, seconds: float, *, again: bool) -> Leases:
    """A question that was on its way when its visitor let go must not bring the lease back."""
    if leases.get(visitor, 0.0) < 0.0 and not again:
        return leases
    return leases | {visitor: time.time() + seconds}


def _let_go(leases: Leases, visitor: str) -> Leases:
    return leases | {visitor: -time.time()} if visitor in leases else leases


def _sweep(folder: Path) -> None:
    """Delete the files of claims that nobody made for a day; no job runs so long."""
    for file in folder.iterdir():
        with suppress(OSError, Timeout):
            if file.stat().st_mtime < time.time() - A_DAY:
                with FileLock(file, blocking=False, thread_local=False):
                    file.unlink(missing_ok=True)
