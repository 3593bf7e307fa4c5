"""Tasks that go through Redis to a worker and back: what comes out, what is lost on the way, and who is away."""

import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from engine import SimulationError
from engine.distributed import executor as remote
from engine.distributed.executor import AWAY, NO_WORKER, RemoteExecutor, in_hand, worker_entry
from engine.distributed.line import Line
from engine.distributed.parcels import Seal
from engine.distributed.roll import Roll
from engine.distributed.working import Worker
from engine.errors import BusyError, EngineError, WorkError
from engine.executor import ExecutorClosedError
from tests.servers import RedisServer, until

SECRET = "a secret of web and workers"
QUEUE = "test"


@dataclass(frozen=True)
class Doubled:
    """A task."""

    number: int

    def run(self) -> int:
        if self.number < 0:
            raise SimulationError(f"number: got {self.number}.")
        return 2 * self.number


class TwoPartsError(Exception):
    """Pickled, it cannot be opened again."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


@dataclass(frozen=True)
class Failing:
    """A task whose error does not bear the way."""

    def run(self) -> int:
        raise TwoPartsError("a", "b")


class Crew:
    """A queue and a worker behind it, in this process; the test can lose messages and send the worker home."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.sent: list[str] = []
        self.to_lose = 0
        self.to_fail: list[Exception] = []
        self.waiting: queue.Queue[str | None] = queue.Queue()
        self.worker = Worker(line, SECRET)
        self.roll = Roll(line, f"workers:{QUEUE}")
        self.entry = worker_entry("here", 2)
        self._thread = threading.Thread(target=self._work, daemon=True)

    def send(self, identity: str) -> None:
        self.sent.append(identity)
        if self.to_lose > 0:
            self.to_lose -= 1
            return
        if self.to_fail:
            raise self.to_fail.pop()
        self.waiting.put(identity)

    def begin(self) -> None:
        self.roll.enter(self.entry)
        self._thread.start()

    def end(self) -> None:
        self.roll.leave(self.entry)
        self.waiting.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        while (identity := self.waiting.get()) is not None:
            self.worker.run(identity)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "AGAIN_SECONDS", 0.0)
    monkeypatch.setattr(remote, "WORKERS_KNOWN_SECONDS", 0.0)


@pytest.fixture
def crew(line: Line) -> Iterator[Crew]:
    crew = Crew(line)
    yield crew
    crew.end()


@pytest.fixture
def executor(line: Line, crew: Crew) -> Iterator[RemoteExecutor]:
    executor = RemoteExecutor(line, crew.send, SECRET, QUEUE)
    yield executor
    executor.close()


def test_tasks_are_run_by_the_worker(crew: Crew, executor: RemoteExecutor) -> None:
    crew.begin()
    futures = [executor.submit(Doubled(number)) for number in range(20)]
    assert [future.result(timeout=30) for future in futures] == [2 * number for number in range(20)]
    assert executor.workers == 2
    assert executor.trouble == ""


def test_a_look_that_fails_is_followed_by_the_next(crew: Crew, executor: RemoteExecutor) -> None:
    crew.to_lose, crew.to_fail = 1, [RuntimeError("nobody has thought of this")]
    crew.begin()
    assert executor.submit(Doubled(4)).result(timeout=30) == 8
    assert crew.to_fail == []


def test_nothing_is_left_in_redis(crew: Crew, executor: RemoteExecutor, line: Line) -> None:
    crew.begin()
    assert executor.submit(Doubled(1)).result(timeout=30) == 2
    crew.end()
    until(lambda: line.ask(lambda redis: redis.keys("*")) == [], "Redis is empty")


def test_an_error_comes_back_as_it_is(crew: Crew, executor: RemoteExecutor) -> None:
    crew.begin()
    with pytest.raises(SimulationError, match="number: got -1"):
        executor.submit(Doubled(-1)).result(timeout=30)


def test_an_error_that_cannot_travel_is_told_by_its_name(crew: Crew, executor: RemoteExecutor) -> None:
    crew.begin()
    with pytest.raises(SimulationError, match=r"^TwoPartsError: it cannot be sent"):
        executor.submit(Failing()).result(timeout=30)
    assert executor.submit(Doubled(1)).result(timeout=30) == 2


def test_an_answer_that_cannot_be_opened_holds_up_no_other(crew: Crew, executor: RemoteExecutor, line: Line) -> None:
    crew.begin()
    line.ask(lambda redis: redis.rpush(executor._answers, Seal(SECRET).sealed("not three things")))
    assert executor.submit(Doubled(1)).result(timeout=30) == 2


def test_a_task_that_is_lost_again_and_again_fails(
    crew: Crew, executor: RemoteExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "MOST_TIMES", 2)
    crew.to_lose = 1_000
    crew.begin()
    with pytest.raises(WorkError, match="never answered"):
        executor.submit(Doubled(1)).result(timeout=30)


def test_what_is_taken_back_is_not_run(crew: Crew, executor: RemoteExecutor, line: Line) -> None:
    future = executor.submit(Doubled(1))
    assert future.cancel()
    until(lambda: line.ask(lambda redis: redis.keys("btm:task:*")) == [], "the task is taken back")
    crew.worker.run(crew.sent[0])
    assert line.ask(lambda redis: redis.keys("btm:answers-to:*")) == []


def test_a_lost_message_is_sent_again(crew: Crew, executor: RemoteExecutor) -> None:
    crew.to_lose = 1
    crew.begin()
    assert executor.submit(Doubled(4)).result(timeout=30) == 8
    assert len(crew.sent) > 1


def test_a_task_that_a_worker_has_in_hand_is_not_asked_for_again(
    crew: Crew, executor: RemoteExecutor, line: Line
) -> None:
    claims = []
    held = RemoteExecutor(line, lambda identity: claims.append(line.claim(in_hand(identity))), SECRET, QUEUE)
    crew.begin()
    held.submit(Doubled(1))
    executor.submit(Doubled(2)).result(timeout=30)
    held._look_after()
    held.close()
    assert len(claims) == 1
    assert claims[0] is not None
    claims[0].release()


def test_two_workers_do_not_do_the_same(crew: Crew, executor: RemoteExecutor, line: Line) -> None:
    crew.to_lose = 1
    executor.submit(Doubled(1))
    claim = line.claim(in_hand(crew.sent[0]))
    assert claim is not None
    crew.worker.run(crew.sent[0])
    assert line.ask(lambda redis: redis.exists(f"btm:task:{crew.sent[0]}"))
    claim.release()


def test_what_is_forged_is_neither_run_nor_believed(crew: Crew, line: Line) -> None:
    forger = RemoteExecutor(line, crew.send, "another secret", QUEUE)
    forger.submit(Doubled(1))
    crew.worker.run(crew.sent[0])
    assert line.ask(lambda redis: redis.exists(f"btm:task:{crew.sent[0]}"))
    forger.close()


def test_without_a_worker_it_says_so_and_gives_up_in_the_end(
    crew: Crew, executor: RemoteExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    future = executor.submit(Doubled(1))
    until(lambda: executor.trouble == NO_WORKER, "it says that no worker is there")
    monkeypatch.setattr(remote, "PATIENCE_SECONDS", 0.0)
    with pytest.raises(BusyError, match=r"No worker is there at the moment\. What is finished is kept\."):
        future.result(timeout=30)


def test_a_worker_that_comes_late_is_not_too_late(crew: Crew, executor: RemoteExecutor) -> None:
    future = executor.submit(Doubled(3))
    until(lambda: executor.trouble == NO_WORKER, "it says that no worker is there")
    crew.begin()
    assert future.result(timeout=30) == 6
    until(lambda: executor.trouble == "", "nothing is wrong any more")


def test_redis_that_forgot_everything_loses_no_task(own_redis: RedisServer) -> None:
    line = Line(own_redis.url)
    crew = Crew(line)
    crew.to_lose = 1
    executor = RemoteExecutor(line, crew.send, SECRET, QUEUE)
    future = executor.submit(Doubled(5))
    own_redis.kill()
    until(lambda: executor.trouble == AWAY, "it says that Redis is away")
    own_redis.start()
    crew.begin()
    assert future.result(timeout=60) == 10
    executor.close()
    crew.end()


def test_redis_that_stays_away_ends_it_with_a_sentence(own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(own_redis.url)
    own_redis.kill()
    executor = RemoteExecutor(line, Crew(line).send, SECRET, QUEUE)
    begun = time.monotonic()
    future = executor.submit(Doubled(5))
    assert time.monotonic() - begun < 30.0
    monkeypatch.setattr(remote, "PATIENCE_SECONDS", 0.0)
    with pytest.raises(EngineError, match="cannot be reached"):
        future.result(timeout=60)
    executor.close()


def test_a_closed_executor_says_so(crew: Crew, executor: RemoteExecutor) -> None:
    future = executor.submit(Doubled(1))
    executor.close()
    assert future.cancelled()
    with pytest.raises(ExecutorClosedError):
        executor.submit(Doubled(1))
