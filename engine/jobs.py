"""Heavy work that many can wait for, watch and leave: one computation however many ask, and none when nobody does.

A job is known by its work, so that whoever asks for the same work joins it, in any process. It runs tasks, such as
blocks of replications, on an executor, says after every few how far it is and what comes out so far, and stops when no
visitor holds a lease. The process that runs it holds a claim; when that process dies, the claim is free, and the process
that is asked next takes the job over, with what was kept of it.
"""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from threading import Condition, Thread
from typing import Any, Protocol

import orjson

from engine import tally
from engine.board import Board, Claim
from engine.cache import AnswerCache, shared
from engine.errors import BusyError, EngineError, WorkError
from engine.executor import Executor, ExecutorClosedError, Task
from engine.locations import source_digest
from engine.places import board, executor
from engine.settings import settings

log = logging.getLogger(__name__)

LEASE_SECONDS = 90.0
"""A visitor who was not heard of for so long has left; browsers let hidden pages speak once a minute."""

KEPT_SECONDS = 60 * 60.0
"""How long what a stopped or failed job left can be looked at."""

MOST_RUNNING_BYTES = 200_000_000
"""What the results of all running jobs of a process may take together; one that does not fit waits for its turn."""

LOOK_SECONDS = 0.3
"""How soon a job notices that nobody wants it."""

PUBLISH_SECONDS = 0.4
"""Pause between two looks at what comes out."""
PUBLISHING_SHARE = 0.1
"""Share of the time that looking may take; where it takes long, it is done less often."""

SMALLEST_SHARE = 0.05
"""Of some work, less than this is not worth asking for."""


@dataclass(frozen=True)
class Limits:
    """What is taken on."""

    jobs: int = 24
    """Jobs that run or wait at the same time."""
    waiting_seconds: float = 14_400.0
    """Core-seconds that all of them may need together; there is always room for one."""
    job_seconds: float = 3_600.0
    """How long one may take."""


class Stage(Protocol):
    """A part of some work: tasks that may run side by side, and what comes out of them."""

    needed: int
    """Bytes of memory that it takes while it runs."""
    share: float
    """Its share of the whole work, 0 to 1."""

    @property
    def done(self) -> int:
        """How much is done, of what the work counts."""

    @property
    def progress(self) -> float:
        """The same as a share of this stage, 0 to 1; it is over at 1."""

    def tasks(self, workers: int) -> Iterator[Task[Any]]:
        """Yield the tasks, as they are wanted, for so many at the same time."""

    def add(self, answer: Any) -> None:
        """Take in what a task found; they come in any order."""

    def told(self) -> bytes:
        """Return JSON: what comes out so far, or null."""


class AnyWork(Protocol):
    """What a job does."""

    @property
    def kind(self) -> str:
        """Its family; a visitor holds at most one job of each."""

    @property
    def key(self) -> str:
        """What the job is known by: all that its content depends on, sources included."""

    @property
    def total(self) -> int:
        """How much there is to do, of what `Status` counts."""

    @property
    def seconds(self) -> float:
        """Rough seconds that it takes on one core."""

    @property
    def seconds_kept(self) -> float | None:
        """How long its content is kept; None: as long as there is room."""

    def refuse_too_much(self) -> None:
        """Raise WorkError, with what would fit, when it is more than is done at once."""

    def stages(self, answers: AnswerCache) -> list[Stage]:
        """Return what is done in turn; nothing of it is in memory yet. What is kept on the way lies among the answers."""


class State(StrEnum):
    """Where a job is."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True)
class Status:
    """How far a job is, and what comes out so far."""

    state: State
    done: int  # what is done of `total`; campaigns of all scenarios, where these are simulated
    total: int
    share: float  # of all work, 0 to 1
    seconds: float  # since the start
    counted: int  # what of `done` is in `content`
    error: str = ""
    waits: str = ""  # what keeps it from going on, as a sentence
    content: bytes = b"[]"  # JSON: for each stage what was told, or null

    @property
    def is_alive(self) -> bool:
        """Whether the job runs or came to its end."""
        return self.state in (State.RUNNING, State.FINISHED)

    @property
    def seconds_left(self) -> float | None:
        """Seconds that the rest will take, at the pace so far; None when nothing is done yet."""
        return self.seconds * (1.0 - self.share) / self.share if self.share else None


class Jobs:
    """Starts, joins, follows and leaves jobs. Thread-safe; any number of processes may share a board.

    A visitor holds at most one job of a kind: starting another one lets go of the one before.
    """

    def __init__(self, board: Board, executor: Executor, answers: AnswerCache, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._board = board
        self._executor = executor
        self._answers = answers
        self._room = _Room(MOST_RUNNING_BYTES)

    def start(self, work: AnyWork, visitor: str) -> Status:
        """Join the job for some work, and start it unless it runs or is finished; the visitor holds a lease now.

        Raises:
            WorkError: it is more than is done at once.
            BusyError: it would run, if others were not running or waiting.
        """
        work.refuse_too_much()
        finished = self._finished(work)
        if finished is None:
            self._refuse_when_busy(work, visitor)
        self._let_go_of_another(work, visitor)
        if finished is not None:
            return finished
        self._board.hold(work.key, visitor, LEASE_SECONDS, again=True)
        return self._begun_by(work)

    def follow(self, work: AnyWork, visitor: str) -> Status:
        """Return how far the job is and renew the visitor's lease.

        A job whose process died starts anew, as does one that stopped though this visitor never let it go.
        """
        status = self.look(work)
        if status is not None and not self._should_run(status, work, visitor):
            return status
        self._board.hold(work.key, visitor, LEASE_SECONDS)
        if self._board.read(_held_by(work.kind, visitor)) is None:
            self._board.write(_held_by(work.kind, visitor), work.key.encode(), KEPT_SECONDS)
        claim = self._board.claim(work.key)
        if claim is None:
            return self._run_by_another(work)
        claim.release()
        latest = self.look(work)  # it may have ended since it was read
        if latest is not None and not self._should_run(latest, work, visitor):
            return latest
        return self._begun_by(work) if self._board.wants(work.key, visitor) else latest or _begun(work)

    def look(self, work: AnyWork) -> Status | None:
        """Return how far a job is, without a lease; None when there is none."""
        return self._finished(work) or self._noted(work)

    def leave(self, kind: str, visitor: str) -> None:
        """Give back what a visitor holds of a kind; a job that nobody holds stops soon and keeps what it has."""
        held = self._board.read(_held_by(kind, visitor))
        if held is not None:
            self._board.let_go(held.decode(), visitor)

    def forget_old(self) -> None:
        """Take away what was noted of jobs that ended long ago; until then it is only out of reach."""
        self._board.forget_old()

    def _let_go_of_another(self, work: AnyWork, visitor: str) -> None:
        held = self._board.read(_held_by(work.kind, visitor))
        if held is not None and held.decode() != work.key:
            self._board.let_go(held.decode(), visitor)
        self._board.write(_held_by(work.kind, visitor), work.key.encode(), KEPT_SECONDS)

    def _refuse_when_busy(self, work: AnyWork, visitor: str) -> None:
        """Raise BusyError, with what would fit, unless there is room for another job or this one runs already.

        A job that only this visitor holds makes room: it is let go of for the new one.
        """
        others = sorted(self._board.weights())
        held = self._board.read(_held_by(work.kind, visitor))
        if others and held is not None and self._runs_for_one(held.decode()):
            others.pop()
        noted = self._noted(work) if others else None
        if not others or (noted is not None and noted.state is State.RUNNING):
            return
        if len(others) >= self._limits.jobs:
            raise BusyError(
                f"{len(others)} jobs run or wait at the moment, as many as the server takes on. Try again when one has ended."
            )
        room = self._limits.waiting_seconds - sum(others)
        if work.seconds > room:
            share = max(0.0, room / work.seconds)
            fits = f"ask for {share:.0%} of it" if share >= SMALLEST_SHARE else "try again in some minutes"
            raise BusyError(
                f"The jobs before this one keep the server busy for long, and this one would take "
                f"{work.seconds / 60.0:,.0f} minutes of a core more. Wait for them, or {fits}."
            )

    def _runs_for_one(self, key: str) -> bool:
        note = self._board.read(key)
        return note is not None and _read(note).state is State.RUNNING and self._board.holders(key) == 1

    def _should_run(self, status: Status, work: AnyWork, visitor: str) -> bool:
        if status.state is State.STOPPED:
            return self._board.wants(work.key, visitor)
        return status.state is State.RUNNING

    def _begun_by(self, work: AnyWork) -> Status:
        """Run the job, or say how far it is when another runs it or has finished it."""
        claim = self._board.claim(work.key, work.seconds)
        if claim is None:
            return self._run_by_another(work)
        run = _Run(work, self._board, self._executor, self._answers, claim, self._room, self._limits.job_seconds)
        try:
            finished = self._finished(work)
            if finished is not None:
                claim.release()
                return finished
            run.note(State.RUNNING)
            tally.count("jobs_started")
            Thread(target=run.to_the_end, name=f"job {work.kind}", daemon=True).start()
        except BaseException:
            claim.release()
            raise
        return run.status

    def _run_by_another(self, work: AnyWork) -> Status:
        """Return what another says of the job that it runs; what it has not said yet, an earlier note cannot tell."""
        noted = self._noted(work)
        return noted if noted is not None and noted.is_alive else _begun(work)

    def _finished(self, work: AnyWork) -> Status | None:
        kept = self._answers.look_up(work.key)
        return _read(kept) if kept is not None else None

    def _noted(self, work: AnyWork) -> Status | None:
        note = self._board.read(work.key)
        return _read(note) if note is not None else None


class _Room:
    """Memory for results: whoever finds none waits until another job is done."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken = 0
        self._changed = Condition()

    def take(self, amount: int, seconds: float) -> bool:
        """Take some, within some seconds; there is always room for one, however large."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._taken or self._taken + amount <= self._most, seconds):
                return False
            self._taken += amount
            return True

    def give_back(self, amount: int) -> None:
        """Let others have it."""
        with self._changed:
            self._taken -= amount
            self._changed.notify_all()


class _Run:
    """One run of a job, in a thread of its own."""

    def __init__(
        self,
        work: AnyWork,
        board: Board,
        executor: Executor,
        answers: AnswerCache,
        claim: Claim,
        room: _Room,
        most_seconds: float,
    ) -> None:
        self._most_seconds = most_seconds
        self._work = work
        self._room = room
        self._board = board
        self._executor = executor
        self._answers = answers
        self._claim = claim
        self._start = time.monotonic()
        self._contents: list[bytes] = []
        self._published_at = -PUBLISH_SECONDS
        self._publishing_took = 0.0
        self.status = _begun(work)

    def to_the_end(self) -> None:
        """Run until all is done, nobody wants it any more, or something fails."""
        try:
            stages = self._work.stages(self._answers)
            self._contents = [b"null"] * len(stages)
            for place in range(len(stages)):
                if not self._run_in_turn(place, stages.pop(0)):
                    self.note(State.STOPPED)
                    return
            self.note(State.FINISHED)
            self._answers.keep(self._work.key, _written(self.status), self._work.seconds_kept)
        except (ExecutorClosedError, CancelledError) as ending:
            # What is noted stays "running" with a free claim: the next visitor who looks starts the job elsewhere.
            log.info("A job ends with its process: %s (%s)", self._work.key, ending)
        except EngineError as error:
            self.status = replace(self.status, error=str(error))
            self.note(State.FAILED)
        except Exception:
            log.exception("A job failed: %s", self._work.key)
            self.status = replace(self.status, error="Something went wrong on the server. Run it again.")
            self.note(State.FAILED)
        finally:
            self._claim.release()
            if self.status.state is not State.RUNNING:
                tally.count(f"jobs_{self.status.state.value}")

    def note(self, state: State) -> None:
        """Tell everybody how far the job is."""
        waits = self.status.waits if state is State.RUNNING else ""
        self.status = replace(self.status, state=state, seconds=time.monotonic() - self._start, waits=waits)
        self._board.write(self._work.key, _written(self.status), KEPT_SECONDS)

    def _run_in_turn(self, place: int, stage: Stage) -> bool:
        """Run one stage once there is room for it; return whether it came to its end."""
        needed = stage.needed
        while not self._room.take(needed, LOOK_SECONDS):
            if not self._is_wanted():
                return False
        running: set[Future[Any]] = set()
        try:
            return self._run(place, stage, running)
        finally:
            for future in running:
                future.cancel()
            self._room.give_back(needed)

    def _run(self, place: int, stage: Stage, running: set[Future[Any]]) -> bool:
        tasks = stage.tasks(self._executor.workers)
        before = self.status
        looked_at = time.monotonic()
        while stage.progress < 1.0:
            while len(running) < 2 * self._executor.workers and (task := next(tasks, None)) is not None:
                running.add(self._executor.submit(task))
            finished, _ = wait(running, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
            running -= finished
            for future in finished:
                stage.add(future.result())
            self._count(before, stage)
            if time.monotonic() - looked_at > LOOK_SECONDS:
                looked_at = time.monotonic()
                if not self._is_wanted():
                    self._publish(place, stage)
                    if not self._is_wanted():  # somebody may have come meanwhile
                        return False
                self._look_at_hindrances(place, stage)
            if self._is_time_to_publish(stage):
                self._publish(place, stage)
        self._count(before, stage)
        self._publish(place, stage)
        return True

    def _look_at_hindrances(self, place: int, stage: Stage) -> None:
        """Say what the job waits for, and end one that takes too long."""
        trouble = self._executor.trouble
        if trouble != self.status.waits:
            self.status = replace(self.status, waits=trouble)
            self.note(State.RUNNING)
        if time.monotonic() - self._start > self._most_seconds:
            self._publish(place, stage)
            raise WorkError(
                f"It ran for {self._most_seconds / 60.0:,.0f} minutes, as long as a job may; {self.status.share:.0%} of it "
                f"is done and shown. Ask for that much, or run your own copy for more."
            )

    def _is_wanted(self) -> bool:
        return self._board.holders(self._work.key) > 0

    def _count(self, before: Status, stage: Stage) -> None:
        share = before.share + stage.share * stage.progress
        self.status = replace(self.status, done=before.done + stage.done, share=min(share, 1.0))

    def _is_time_to_publish(self, stage: Stage) -> bool:
        pause = max(PUBLISH_SECONDS, self._publishing_took / PUBLISHING_SHARE)
        return stage.done > 0 and time.monotonic() - self._published_at >= pause

    def _publish(self, place: int, stage: Stage) -> None:
        if stage.progress <= 0.0:
            return
        begun = time.monotonic()
        self._contents[place] = stage.told()
        content = b"[" + b",".join(self._contents) + b"]"
        self.status = replace(self.status, content=content, counted=self.status.done)
        self.note(State.RUNNING)
        self._published_at = time.monotonic()
        self._publishing_took = self._published_at - begun


def _begun(work: AnyWork) -> Status:
    return Status(State.RUNNING, done=0, total=work.total, share=0.0, seconds=0.0, counted=0)


def _written(status: Status) -> bytes:
    head = {name: getattr(status, name) for name in _HEAD}
    return orjson.dumps(head) + b"\n" + status.content


def _read(note: bytes) -> Status:
    head, _, content = note.partition(b"\n")
    values = orjson.loads(head)
    return Status(**values | {"state": State(values["state"])}, content=content)


def _held_by(kind: str, visitor: str) -> str:
    """The note that says which job of a kind a visitor holds."""
    return f"held {kind} {visitor}"


_HEAD = ("state", "done", "total", "share", "seconds", "counted", "error", "waits")


@cache
def engine_version() -> str:
    """Return what answers depend on beside the question: the engine's source."""
    return source_digest(Path(__file__).parent)[:8]


@cache
def shared_jobs() -> Jobs:
    """Return this process's door to the jobs of all processes."""
    found = settings()
    limits = Limits(found.jobs, found.waiting_seconds, found.job_seconds)
    return Jobs(board(), executor(), shared(), limits)
