"""Tasks that run on workers: each is put into Redis, asked for through the queue, and answered into a list of our own.

Nothing that is lost on the way loses a task: whoever asked looks after it, and asks again where no worker has it in
hand. What two workers have done is the same, and the second answer is let go.
"""

import contextlib
import logging
import math
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from engine.distributed.line import PREFIX, QUEUE_PREFIX, Line
from engine.distributed.parcels import Seal
from engine.distributed.roll import Roll
from engine.errors import BusyError, WorkError
from engine.executor import ExecutorClosedError, Task
from engine.stores import AwayError

log = logging.getLogger(__name__)

T = TypeVar("T")

LOOK_SECONDS: Final = 1
"""How long one look for answers waits; also the pause between two looks at what is missing."""
AGAIN_SECONDS: Final = 4.0
"""A task that no worker has had in hand for so long is asked for again."""
BUSY_QUEUE_SECONDS: Final = 20.0
"""The same where other messages wait in the queue."""
MOST_TIMES: Final = 20
"""A task that was lost so often fails."""
PATIENCE_SECONDS: Final = 60.0
"""Where Redis, or every worker, is away for longer, tasks fail."""
KEPT_SECONDS: Final = 15 * 60
"""How long tasks and answers lie in Redis when nobody takes them away."""
WORKERS_KNOWN_SECONDS: Final = 2.0
CLOSING_SECONDS: Final = 10.0

AWAY: Final = "The store that all servers share cannot be reached at the moment."
UNANSWERED: Final = "A part of the work was never answered by a worker. Run it again."
NO_WORKER: Final = "No worker is there at the moment."


@dataclass
class _Asked:
    """A task that has not been answered."""

    future: Future[Any]
    parcel: bytes
    asked_at: float | None = None  # None: nobody has been asked yet
    times_lost: int = 0


@dataclass
class _Trouble:
    """What keeps tasks from being run, and since when."""

    words: str = ""
    since: float = field(default_factory=time.monotonic)


class RemoteExecutor:
    """Runs tasks on the workers of a queue. Thread-safe."""

    def __init__(self, line: Line, send: Callable[[str], None], secret: str, queue: str) -> None:
        self._line = line
        self._send = send
        self._seal = Seal(secret)
        self._queue = queue
        self._roll = Roll(line, f"workers:{queue}")
        self._answers = f"{PREFIX}:answers-to:{secrets.token_hex(8)}"
        self._asked: dict[str, _Asked] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._trouble = _Trouble()
        self._known: tuple[int, float] = (1, -math.inf)
        self._is_closed = False

    @property
    def workers(self) -> int:
        """Tasks that all workers run at the same time; at least 1, for those that will come."""
        with contextlib.suppress(AwayError):
            self._counted()
        return max(1, self._known[0])

    @property
    def trouble(self) -> str:
        """What keeps tasks from being run, as a sentence; empty when nothing does."""
        return self._trouble.words

    def submit(self, task: Task[T]) -> Future[T]:
        """Have a task run by one of the workers."""
        future: Future[T] = Future()
        identity = secrets.token_hex(12)
        asked = _Asked(future, self._seal.sealed((self._answers, task)))
        with self._changed:
            if self._is_closed:
                raise ExecutorClosedError("the executor was closed")
            self._asked[identity] = asked
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="answers", daemon=True)
                self._thread.start()
        self._ask(identity, asked)
        with self._changed:
            self._changed.notify_all()
        return future

    def close(self) -> None:
        """Ask for nothing more; what is under way is not waited for."""
        with self._changed:
            self._is_closed = True
            asked, self._asked = self._asked, {}
            self._changed.notify_all()
        for one in asked.values():
            one.future.cancel()
        if self._thread is not None:
            self._thread.join(CLOSING_SECONDS)

    def _ask(self, identity: str, asked: _Asked) -> None:
        try:
            self._line.ask(lambda redis: redis.set(task_name(identity), asked.parcel, ex=KEPT_SECONDS))
            self._send(identity)
            asked.asked_at = time.monotonic()
        except AwayError:
            self._note(AWAY)

    def _run(self) -> None:
        looked_at = 0.0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._asked or self._is_closed)
                if self._is_closed:
                    return
            try:
                self._take()
                if time.monotonic() - looked_at >= LOOK_SECONDS:
                    looked_at = time.monotonic()
                    self._look_after()
            except Exception:  # should this thread end, everybody would wait for ever
                log.exception("A look for answers failed; the next one follows.")
                time.sleep(LOOK_SECONDS)

    def _take(self) -> None:
        """Wait for an answer, not for long, and hand it over."""
        try:
            found: Any = self._line.ask(lambda redis: redis.blpop([self._answers], timeout=LOOK_SECONDS))
        except AwayError:
            self._note(AWAY)
            time.sleep(LOOK_SECONDS / 2)
            return
        if found is None:
            return
        try:
            identity, is_good, answer = self._seal.opened(found[1])
        except Exception:  # whatever it holds, those after it are waited for; the task is asked for again
            log.exception("An answer was let go: it cannot be opened, or was not sealed by one of our workers.")
            return
        with self._changed:
            asked = self._asked.pop(identity, None)
        if asked is not None:
            self._trouble = _Trouble()
            _settle(asked.future, answer, is_good=is_good)

    def _look_after(self) -> None:
        """Take back what nobody wants, ask again for what nobody does, and give up when that has no end."""
        with self._changed:
            asked = dict(self._asked)
        try:
            self._take_back({identity: one for identity, one in asked.items() if one.future.cancelled()})
            missing = {identity: one for identity, one in asked.items() if not one.future.cancelled()}
            for identity, one in missing.items():
                if one.asked_at is None:
                    self._ask(identity, one)
                elif _is_overdue(one):
                    self._look_for(identity, one)
            if missing:
                self._note("" if self._counted() else NO_WORKER)
        except AwayError:
            self._note(AWAY)
        if self._trouble.words and time.monotonic() - self._trouble.since > PATIENCE_SECONDS:
            self._give_up()

    def _take_back(self, cancelled: dict[str, _Asked]) -> None:
        if not cancelled:
            return
        self._line.ask(lambda redis: redis.delete(*map(task_name, cancelled)))
        with self._changed:
            for identity in cancelled:
                self._asked.pop(identity, None)

    def _look_for(self, identity: str, asked: _Asked) -> None:
        """Ask for a task anew that no worker has in hand.

        It is lost where the queue is empty. Where that never is, nobody knows: after a while it is asked for again all
        the same, as a second message does no harm. One that is lost again and again has something about it, and fails.
        """
        queue = f"{QUEUE_PREFIX}{self._queue}"
        if self._line.ask(lambda redis: redis.exists(hand_name(identity))):
            return
        if not self._line.ask(lambda redis: redis.llen(queue)):
            asked.times_lost += 1
        elif time.monotonic() - (asked.asked_at or 0.0) < BUSY_QUEUE_SECONDS:
            return
        if asked.times_lost < MOST_TIMES:
            self._ask(identity, asked)
            return
        with self._changed:
            self._asked.pop(identity, None)
        log.error("A task was given up: it was lost %d times.", asked.times_lost)
        _settle(asked.future, WorkError(UNANSWERED), is_good=False)

    def _give_up(self) -> None:
        with self._changed:
            asked, self._asked = self._asked, {}
        error = BusyError(f"{self._trouble.words} What is finished is kept. Try again in a minute.")
        for one in asked.values():
            _settle(one.future, error, is_good=False)
        self._trouble = _Trouble()

    def _note(self, words: str) -> None:
        if words != self._trouble.words:
            # From one trouble into the next, patience goes on.
            since = self._trouble.since if words and self._trouble.words else time.monotonic()
            self._trouble = _Trouble(words, since)

    def _counted(self) -> int:
        """Return how many tasks all workers run at the same time, as of a moment ago; AwayError when nobody can tell."""
        if time.monotonic() - self._known[1] >= WORKERS_KNOWN_SECONDS:
            self._known = sum(hands_of(entry) for entry in self._roll.present()), time.monotonic()
        return self._known[0]


def _is_overdue(asked: _Asked) -> bool:
    return asked.asked_at is not None and time.monotonic() - asked.asked_at > AGAIN_SECONDS


def _settle(future: Future[Any], answer: Any, *, is_good: bool) -> None:
    with contextlib.suppress(InvalidStateError):  # cancelled meanwhile
        if is_good:
            future.set_result(answer)
        else:
            future.set_exception(answer)


def task_name(identity: str) -> str:
    """Return where a task lies."""
    return f"{PREFIX}:task:{identity}"


def hand_name(identity: str) -> str:
    """Return what is there as long as a worker has a task in hand."""
    return f"{PREFIX}:claim:{in_hand(identity)}"


def in_hand(identity: str) -> str:
    """Return what a worker claims that has a task in hand."""
    return f"hand:{identity}"


def worker_entry(name: str, hands: int) -> str:
    """Return what a worker writes on the roll.

    >>> hands_of(worker_entry("one", 4))
    4
    """
    return f"{hands} {name}"


def hands_of(entry: str) -> int:
    """Return how many tasks a worker runs at the same time."""
    return int(entry.partition(" ")[0])
