"""A log is made once for all who want it, goes on where it was left, and is the same when it is made again."""

import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import orjson
import pytest

from engine import simulate
from engine.board import DiskBoard, MemoryBoard
from engine.cache import AnswerCache
from engine.errors import WorkError
from engine.executor import Task, ThreadExecutor
from engine.jobs import Jobs, State, Status
from engine.logs.parts import ChancesTask, LogOf, SendsTask
from engine.logs.store import LogStore, Remembered
from engine.logs.work import LogWork, digest_of, run_again, summary_of
from engine.packing import packed, unpacked
from tests.engine.logs.campaigns import CAMPAIGNS, small, store_of

PATIENCE = 60.0
LONG = small(sends=6_000)


class Counting(ThreadExecutor):
    """Runs tasks, and tells which."""

    def __init__(self, most: int = 10**9) -> None:
        super().__init__(2)
        self.ran: list[Task[Any]] = []
        self._permits = threading.Semaphore(most)

    def submit(self, task: Task[Any]) -> Future[Any]:
        self.ran.append(task)
        return self._opened().submit(self._pass, task)

    def _pass(self, task: Task[Any]) -> Any:
        self._permits.acquire()
        return task.run()

    def open(self) -> None:
        self._permits.release(10**6)


def ended(jobs: Jobs, work: LogWork) -> Status:
    pause, waited = threading.Event(), 0.0
    while waited < PATIENCE:
        status = jobs.look(work)
        if status is not None and status.state is not State.RUNNING:
            return status
        pause.wait(0.01)
        waited += 0.01
    raise AssertionError(jobs.look(work))


def test_a_log_is_made_in_pieces_and_told_at_the_end(tmp_path: Path) -> None:
    answers, executor = AnswerCache(tmp_path), Counting()
    work, jobs = LogWork(LogOf.of(LONG), answers), Jobs(DiskBoard(tmp_path), executor, answers)
    assert jobs.start(work, "ann").total == 6_000
    status = ended(jobs, work)
    assert (status.state, status.done) == (State.FINISHED, 6_000)
    assert status.share == pytest.approx(1.0)
    first, said = orjson.loads(status.content)
    assert first is None
    assert said == orjson.loads(orjson.dumps(summary_of(store_of(LONG, tmp_path / "other"))))
    assert len(executor.ran) == 1 + len(work.log.pieces())
    again = Jobs(DiskBoard(tmp_path), Counting(most=0), answers)
    assert again.start(work, "ben").state is State.FINISHED


def test_a_log_goes_on_where_it_was_left(tmp_path: Path) -> None:
    answers = AnswerCache(tmp_path)
    work, pieces = LogWork(LogOf.of(LONG), answers), LogOf.of(LONG).pieces()
    held = Counting(most=4)
    jobs = Jobs(DiskBoard(tmp_path), held, answers)
    jobs.start(work, "ann")
    pause = threading.Event()
    store = LogStore(work.log, answers, Remembered())
    while sum(store.has(piece) for piece in pieces) < 3:
        pause.wait(0.01)
    jobs.leave(work.kind, "ann")
    assert ended(jobs, work).state is State.STOPPED
    held.open()
    there = {piece.first for piece in pieces if store.has(piece)}
    executor = Counting()
    on = Jobs(MemoryBoard(), executor, answers)
    on.start(work, "ben")
    assert ended(on, work).state is State.FINISHED
    again = {task.first for task in executor.ran if isinstance(task, ChancesTask)}
    assert not again & there
    assert not any(isinstance(task, SendsTask) for task in executor.ran)


def test_too_large_a_log_is_refused_before_anything_runs(tmp_path: Path) -> None:
    answers, executor = AnswerCache(tmp_path), Counting()
    huge = LogOf.of(small(sends=1_000_000, arms=[{"name": f"{arm}"} for arm in range(20)]))
    with pytest.raises(WorkError, match=r"^sends: .* Enter 800,000 or fewer"):
        Jobs(DiskBoard(tmp_path), executor, answers).start(LogWork(huge, answers), "ann")
    assert executor.ran == []


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_counts_are_those_of_the_simulation(name: str, tmp_path: Path) -> None:
    asked = CAMPAIGNS[name].with_changes(replications=3)
    said, result = summary_of(store_of(asked, tmp_path, 2)), simulate(asked)
    assert [line["sends"] for line in said["lines"]] == result.sends[0, 2, -1].tolist()
    assert [line["conversions"] for line in said["lines"]] == result.conversions[0, 2, -1].tolist()
    assert sum(decided["sends"] for decided in said["decided"]) == said["sends"] == result.sends[0, 2, -1].sum()
    assert said["value"] == pytest.approx(result.totals[0, 2], abs=0.011)
    stopped, winner = int(result.stopped_at[0, 2]), int(result.winner[0, 2])
    assert said["events"]["stopped_at"] == (stopped if stopped >= 0 else None)
    assert said["events"]["winner"] == (winner if stopped >= 0 else None)


def test_a_paused_line_is_told_with_its_last_send(tmp_path: Path) -> None:
    arms = [{"name": "A", "rate": 0.1, "complaint_rate": 0.3}, {"name": "B", "rate": 0.1}]
    asked = small("ab_split", arms=arms, guardrails=[{"name": "pause_rule", "limit": 0.1, "after_sends": 20}])
    store = store_of(asked, tmp_path)
    ((line, after),) = summary_of(store)["events"]["paused"]
    assert line == 0
    assert store.sends()["send"][store.sends()["arm"] == 0].max() == after - 1


def test_a_campaign_made_again_has_the_same_digest_and_another_has_not(tmp_path: Path) -> None:
    store = store_of(CAMPAIGNS["late"], tmp_path)
    digest = summary_of(store)["digest"]
    assert run_again(store, digest) == {"digest": digest, "is_same": True, "chances": 200}
    assert not run_again(store, "0" * 64)["is_same"]
    others = [LogOf.of(CAMPAIGNS["late"], 0, 1), LogOf.of(CAMPAIGNS["late"].with_changes(seed=8))]
    assert len({digest_of(log.sends()) for log in [store.log, *others]}) == 3


def test_chances_that_somebody_changed_are_noticed(tmp_path: Path) -> None:
    store = store_of(small(sends=100), tmp_path)
    digest, (piece,) = summary_of(store)["digest"], store.log.pieces()
    changed = unpacked(piece.run())
    changed["chances"][50] = changed["chances"][50, ::-1]
    store.keep(piece, packed(changed))
    assert run_again(store, digest) == {"digest": digest, "is_same": False, "chances": 100}


def test_a_log_from_the_posterior_of_own_counts_is_forgotten_in_time() -> None:
    arms = [{"name": "A", "history": {"sends": 100, "conversions": 5}}, {"name": "B", "rate": 0.1}]
    assert LogOf.of(small(arms=arms)).seconds_kept == 7200.0
    assert LogOf.of(small()).seconds_kept is None
