"""One computation for all who ask, what comes out on the way, and an end when nobody is left or the process dies."""

import multiprocessing
import pickle
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from engine import Scenario, SimulationError, simulate
from engine.blocks import Block, BlockTask, run_block
from engine.board import DiskBoard
from engine.cache import AnswerCache
from engine.errors import BusyError, WorkError
from engine.executor import ExecutorClosedError, Task, ThreadExecutor
from engine.jobs import LEASE_SECONDS, Jobs, Limits, State, Status
from engine.result import Result
from engine.rounds import Rounds
from engine.work import MOST_WORK, Work
from tests.engine.scenarios import scenario

SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 60.0
SMALL = scenario("ab_split", "thompson", sends=200, replications=60)
LONG = scenario("ab_split", "thompson", sends=100_000, replications=5_000)


def counted(place: int, result: Result) -> bytes:
    """Say which scenario it is, how many campaigns there are, and what they are."""
    return orjson.dumps({"place": place, "campaigns": result.scenario.replications, "digest": result.digest()})


def work(*scenarios: Scenario, summarise: Callable[[int, Result], bytes] = counted) -> Work:
    return Work("test", "1", scenarios, summarise)


class Gate:
    """An executor that lets blocks through one by one, as the test says, and counts them."""

    trouble = ""

    def __init__(self) -> None:
        self.workers = 2
        self.blocks: list[Block] = []
        self.permits = threading.Semaphore(0)
        self._threads = ThreadExecutor(2)

    def submit(self, task: Task[Any]) -> Future[Any]:
        assert isinstance(task, BlockTask)
        self.blocks.append(task.block)
        return self._threads._opened().submit(self._pass, task)

    def _pass(self, task: Task[Any]) -> Any:
        self.permits.acquire()
        return task.run()

    def open(self, blocks: int = 1_000_000) -> None:
        self.permits.release(blocks)


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()
    gate._threads.close()


def jobs_in(folder: Path, gate: Gate | None = None) -> Jobs:
    return Jobs(DiskBoard(folder), gate or ThreadExecutor(2), AnswerCache(folder))


def until(jobs: Jobs, asked: Work, holds: Callable[[Status], bool], visitor: str | None = None) -> Status:
    """Look again and again until something holds."""
    pause, waited = threading.Event(), 0.0
    while waited < PATIENCE:
        status = jobs.follow(asked, visitor) if visitor else jobs.look(asked)
        if status is not None and holds(status):
            return status
        pause.wait(0.01)
        waited += 0.01
    raise AssertionError(f"still {jobs.look(asked)}")


def ended(status: Status) -> bool:
    return status.state is not State.RUNNING


def test_a_job_comes_to_the_result_of_the_simulation(tmp_path: Path) -> None:
    jobs, asked = jobs_in(tmp_path), work(SMALL)
    assert jobs.start(asked, "ann").state is State.RUNNING
    status = until(jobs, asked, ended)
    assert (status.state, status.done, status.total, status.counted, status.share) == (State.FINISHED, 60, 60, 60, 1.0)
    assert orjson.loads(status.content) == [{"place": 0, "campaigns": 60, "digest": simulate(SMALL).digest()}]
    assert status.seconds_left == 0.0


def test_a_finished_job_is_there_at_once_for_everybody_and_later(tmp_path: Path, gate: Gate) -> None:
    asked = work(SMALL)
    first = jobs_in(tmp_path)
    first.start(asked, "ann")
    found = until(first, asked, ended)
    later = jobs_in(tmp_path, gate)
    assert later.start(asked, "ben") == found
    assert gate.blocks == []


def test_of_scenarios_whose_ends_are_wanted_nothing_else_is_kept(tmp_path: Path) -> None:
    def checkpoints(_place: int, result: Result) -> bytes:
        return orjson.dumps([len(result.checkpoints), result.totals.tolist()])

    asked = Work("test", "1", (SMALL, SMALL), checkpoints, ends_only=(1,))
    whole, ends = asked.stages(AnswerCache(tmp_path))
    assert (whole.needed, ends.needed) == (SMALL.checkpoint_bytes * len(SMALL.checkpoints), SMALL.checkpoint_bytes)
    jobs = jobs_in(tmp_path)
    jobs.start(asked, "ann")
    (along, totals), (alone, same) = orjson.loads(until(jobs, asked, ended).content)
    assert (along, alone) == (len(SMALL.checkpoints), 1)
    assert totals == same == simulate(SMALL).totals.tolist()


def test_several_scenarios_are_done_in_turn(tmp_path: Path) -> None:
    jobs, asked = jobs_in(tmp_path), work(SMALL, SMALL.with_changes(seed=7), SMALL.with_changes(replications=3))
    jobs.start(asked, "ann")
    status = until(jobs, asked, ended)
    assert (status.done, status.total) == (123, 123)
    assert [said["digest"] for said in orjson.loads(status.content)] == [
        simulate(one).digest() for one in asked.scenarios
    ]


def test_what_comes_out_on_the_way_is_that_of_the_first_campaigns(tmp_path: Path, gate: Gate) -> None:
    """The first round is let through, and the rest is held back."""
    jobs, asked = jobs_in(tmp_path, gate), work(LONG)
    jobs.start(asked, "ann")
    gate.open(2)
    status = until(jobs, asked, lambda status: status.counted > 0)
    assert status.state is State.RUNNING
    assert 0 < status.share < 1
    assert status.seconds_left is not None
    (said,) = orjson.loads(status.content)
    assert said["campaigns"] == status.counted == gate.blocks[0].count
    jobs.leave(asked.kind, "ann")


def test_visitors_share_one_computation(tmp_path: Path, gate: Gate) -> None:
    """In one process and in two: every block is run once."""
    here, there, asked = jobs_in(tmp_path, gate), jobs_in(tmp_path, gate), work(SMALL)
    assert {jobs.start(asked, name).state for jobs, name in ((here, "ann"), (here, "ben"), (there, "cat"))} == {
        State.RUNNING
    }
    gate.open()
    assert until(there, asked, ended, "cat").state is State.FINISHED
    assert sorted({(block.policy, block.first) for block in gate.blocks}) == sorted(
        (block.policy, block.first) for block in gate.blocks
    )
    assert sum(block.count for block in gate.blocks) == 2 * SMALL.replications


def test_one_who_leaves_does_not_stop_the_others(tmp_path: Path, gate: Gate) -> None:
    jobs, asked = jobs_in(tmp_path, gate), work(SMALL)
    jobs.start(asked, "ann")
    jobs.start(asked, "ben")
    jobs.leave(asked.kind, "ann")
    gate.open()
    assert until(jobs, asked, ended).state is State.FINISHED


def test_when_all_have_left_it_stops_and_keeps_what_it_has(tmp_path: Path, gate: Gate) -> None:
    jobs, asked = jobs_in(tmp_path, gate), work(LONG)
    jobs.start(asked, "ann")
    jobs.start(asked, "ben")
    gate.open(2)
    until(jobs, asked, lambda status: status.counted > 0)
    jobs.leave(asked.kind, "ann")
    jobs.leave(asked.kind, "ben")
    stopped = until(jobs, asked, ended)
    assert stopped.state is State.STOPPED
    assert 0 < stopped.counted < LONG.replications
    assert orjson.loads(stopped.content)[0]["campaigns"] == stopped.counted
    submitted = len(gate.blocks)
    gate.open()
    assert jobs.follow(asked, "cat").state is State.STOPPED
    assert len(gate.blocks) == submitted


def test_a_visitor_who_is_not_heard_of_has_left(tmp_path: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.jobs.LEASE_SECONDS", 0.0)
    jobs, asked = jobs_in(tmp_path, gate), work(LONG)
    jobs.start(asked, "ann")
    assert until(jobs, asked, ended).state is State.STOPPED
    assert LEASE_SECONDS > 60, "a hidden page may speak only once a minute"


def test_a_stopped_job_can_be_started_again(tmp_path: Path, gate: Gate) -> None:
    jobs, asked = jobs_in(tmp_path, gate), work(SMALL)
    jobs.start(asked, "ann")
    jobs.leave(asked.kind, "ann")
    until(jobs, asked, lambda status: status.state is State.STOPPED)
    gate.open()
    until(jobs, asked, lambda status: jobs.start(asked, "ann").state is State.RUNNING or ended(status))
    assert until(jobs, asked, lambda status: status.state is State.FINISHED).done == 60


def test_a_late_look_of_one_who_left_does_not_keep_the_job(tmp_path: Path, gate: Gate) -> None:
    jobs, asked = jobs_in(tmp_path, gate), work(LONG)
    jobs.start(asked, "ann")
    gate.open(2)
    until(jobs, asked, lambda status: status.counted > 0)
    jobs.leave(asked.kind, "ann")
    jobs.follow(asked, "ann")
    assert until(jobs, asked, ended).state is State.STOPPED


def test_a_visitor_holds_one_job_of_a_kind(tmp_path: Path, gate: Gate) -> None:
    jobs, first, second = jobs_in(tmp_path, gate), work(LONG), work(LONG.with_changes(seed=3))
    jobs.start(first, "ann")
    jobs.start(second, "ann")
    gate.open()
    assert until(jobs, first, ended).state is State.STOPPED
    assert jobs.follow(second, "ann").state is State.RUNNING
    jobs.leave(second.kind, "ann")
    assert until(jobs, second, ended).state is State.STOPPED


def test_a_job_that_stopped_by_mistake_goes_on_for_who_did_not_let_go(tmp_path: Path, gate: Gate) -> None:
    """A machine was asleep, or somebody came while the job was stopping."""
    jobs, asked = jobs_in(tmp_path, gate), work(LONG)
    jobs.start(asked, "ann")
    until(jobs, asked, lambda status: status.state is State.RUNNING)
    gate.open(2)
    jobs._board.hold(asked.key, "ann", -1.0)  # the lease ran out
    stopped = until(jobs, asked, ended)
    assert stopped.state is State.STOPPED
    assert until(jobs, asked, lambda status: status.state is State.RUNNING, "ann").error == ""
    jobs.leave(asked.kind, "ann")


def test_a_process_that_ends_says_nothing_and_the_next_goes_on(tmp_path: Path, gate: Gate) -> None:
    class Ending(Gate):
        def submit(self, task: Task[Any]) -> Future[Any]:
            assert isinstance(task, BlockTask)
            assert task.scenario == SMALL
            raise ExecutorClosedError("interpreter shutdown")

    here, asked = jobs_in(tmp_path, Ending()), work(SMALL)
    here.start(asked, "ann")
    claim = None
    pause, waited = threading.Event(), 0.0
    while claim is None and waited < PATIENCE:
        claim = DiskBoard(tmp_path).claim(asked.key)
        pause.wait(0.01)
        waited += 0.01
    assert claim is not None
    claim.release()
    left = here.look(asked)
    assert left is not None
    assert (left.state, left.error) == (State.RUNNING, "")
    gate.open()
    there = jobs_in(tmp_path, gate)
    assert until(there, asked, ended, "ann").state is State.FINISHED


def test_a_closed_pool_says_that_it_is_closed() -> None:
    executor = ThreadExecutor(1)
    executor._opened().shutdown()
    with pytest.raises(ExecutorClosedError):
        executor.submit(BlockTask(SMALL, Block(0, 0, 1)))


def test_a_task_and_its_answer_travel_to_another_process() -> None:
    task = BlockTask(SMALL, Block(1, 10, 5))
    sent: BlockTask = pickle.loads(pickle.dumps(task))
    found = pickle.loads(pickle.dumps(sent.run()))
    here = run_block(SMALL, task.block)
    assert sent == task
    assert all(np.array_equal(one, other) for one, other in zip(found.kept, here.kept, strict=True))
    assert all(np.array_equal(one, other) for one, other in zip(found.sums, here.sums, strict=True))


def test_a_folder_that_is_deleted_stops_no_job_that_is_followed(tmp_path: Path, gate: Gate) -> None:
    jobs, asked = jobs_in(tmp_path / "cache", gate), work(LONG)
    jobs.start(asked, "ann")
    gate.open(2)
    until(jobs, asked, lambda status: status.counted > 0)
    shutil.rmtree(tmp_path / "cache")
    gate.open(4)
    status = until(jobs, asked, lambda status: status.counted > gate.blocks[0].count)
    assert status.state is State.RUNNING
    jobs.leave(asked.kind, "ann")


def test_jobs_wait_for_room_for_their_results(tmp_path: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.jobs.MOST_RUNNING_BYTES", 1)
    jobs, first, second = jobs_in(tmp_path, gate), work(SMALL), work(SMALL.with_changes(seed=5))
    jobs.start(first, "ann")
    until(jobs, first, lambda _: len(gate.blocks) > 0)
    jobs.start(second, "ben")
    of_first = len(gate.blocks)
    gate.open()
    assert until(jobs, first, ended).state is State.FINISHED
    assert until(jobs, second, ended).state is State.FINISHED
    assert len(gate.blocks) > of_first


def fail(error: Exception, _place: int, _result: Result) -> bytes:
    raise error


@pytest.mark.parametrize(
    ("error", "told"), [(SimulationError("policies.0: broken"), "policies.0: broken"), (KeyError("x"), "Run it again")]
)
def test_a_failure_is_told_and_can_be_tried_again(tmp_path: Path, error: Exception, told: str) -> None:
    jobs, asked = jobs_in(tmp_path), work(SMALL, summarise=partial(fail, error))
    jobs.start(asked, "ann")
    status = until(jobs, asked, ended)
    assert status.state is State.FAILED
    assert told in status.error
    assert jobs.follow(asked, "ann").state is State.FAILED
    mended = replace(asked, summarise=counted)
    assert mended.key == asked.key
    # The first run may be about to let go of its claim: then it is not begun again yet, and its note still stands.
    until(
        jobs, mended, lambda _: bool(jobs.start(mended, "ann")) and jobs.follow(mended, "ann").state is not State.FAILED
    )
    assert until(jobs, mended, ended).state is State.FINISHED


def test_too_much_work_is_refused_with_what_would_fit(tmp_path: Path, gate: Gate) -> None:
    huge = scenario("ab_split", "thompson", sends=1_000_000, replications=20_000)
    with pytest.raises(WorkError, match=r"replications: got 20,000, .* Enter 5,000 or fewer") as refused:
        jobs_in(tmp_path, gate).start(work(huge), "ann")
    assert f"{MOST_WORK:,}" in str(refused.value)
    assert gate.blocks == []
    assert work(huge.with_changes(replications=5_000)).sends == MOST_WORK


def busy(folder: Path, gate: Gate, limits: Limits) -> Jobs:
    """Jobs of which one runs."""
    jobs = Jobs(DiskBoard(folder), gate, AnswerCache(folder), limits)
    jobs.start(work(LONG), "ann")
    return jobs


def test_no_more_jobs_are_taken_on_than_may_wait(tmp_path: Path, gate: Gate) -> None:
    jobs = busy(tmp_path, gate, Limits(jobs=1))
    with pytest.raises(BusyError, match=r"^1 jobs run or wait at the moment, .* Try again when one has ended\.$"):
        jobs.start(work(SMALL), "ben")
    assert jobs.look(work(SMALL)) is None
    # Whoever asks for the job that runs joins it.
    assert jobs.start(work(LONG), "ben").state is State.RUNNING


def test_no_more_work_is_taken_on_than_is_done_in_time(tmp_path: Path, gate: Gate) -> None:
    other = LONG.with_changes(seed=LONG.seed + 1)
    jobs = busy(tmp_path, gate, Limits(waiting_seconds=1.5 * work(LONG).seconds))
    with pytest.raises(BusyError, match=r"Wait for them, or ask for 50% of it\.$"):
        jobs.start(work(other), "ben")
    assert jobs.start(work(SMALL), "ben").state is State.RUNNING
    jobs.leave("test", "ann")
    jobs.leave("test", "ben")


def test_who_holds_the_job_that_fills_the_server_may_exchange_it(tmp_path: Path, gate: Gate) -> None:
    jobs = busy(tmp_path, gate, Limits(jobs=1))
    assert jobs.start(work(SMALL), "ann").state is State.RUNNING
    jobs.leave("test", "ann")


def test_who_is_refused_keeps_what_runs(tmp_path: Path, gate: Gate) -> None:
    jobs = busy(tmp_path, gate, Limits(jobs=2))
    jobs.start(work(SMALL), "ben")
    jobs.follow(work(SMALL), "cleo")
    with pytest.raises(BusyError):
        jobs.start(work(LONG.with_changes(seed=9)), "cleo")
    assert jobs._board.wants(work(SMALL).key, "cleo")


def test_there_is_always_room_for_one_job(tmp_path: Path, gate: Gate) -> None:
    jobs = busy(tmp_path, gate, Limits(waiting_seconds=0.0))
    assert jobs.look(work(LONG)) is not None


def test_a_job_ends_when_its_time_is_over_with_what_it_has(tmp_path: Path, gate: Gate) -> None:
    jobs = busy(tmp_path, gate, Limits(job_seconds=0.0))
    gate.open(2)
    status = until(jobs, work(LONG), ended)
    assert status.state is State.FAILED
    assert "as long as a job may" in status.error


def test_what_keeps_a_job_from_going_on_is_told(tmp_path: Path, gate: Gate) -> None:
    gate.trouble = "Nobody is there."
    jobs = busy(tmp_path, gate, Limits())
    until(jobs, work(LONG), lambda status: status.waits == "Nobody is there.")
    gate.trouble = ""
    until(jobs, work(LONG), lambda status: status.waits == "")


def test_rounds_that_are_damaged_are_done_again(tmp_path: Path, gate: Gate) -> None:
    jobs = busy(tmp_path, gate, Limits())
    gate.open(4)
    first = until(jobs, work(LONG), lambda status: status.counted > 0)
    jobs.leave("test", "ann")
    gate.open()
    until(jobs, work(LONG), ended)
    answers = AnswerCache(tmp_path)
    rounds = Rounds(answers, f"{work(LONG).key}-0")
    assert next(rounds.recalled())[0].block.first == 0
    answers.keep(f"{work(LONG).key}-0-from-0", b"damaged")
    assert list(Rounds(answers, f"{work(LONG).key}-0").recalled()) == []
    assert first.counted > 0


def test_rounds_that_would_take_too_much_room_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.rounds.MOST_BYTES", 0)
    rounds = Rounds(AnswerCache(tmp_path), "key")
    for first in (0, 5, 10):
        rounds.keep([run_block(SMALL, Block(policy, first, 5)) for policy in range(2)])
    assert [parts[0].block.first for parts in Rounds(AnswerCache(tmp_path), "key").recalled()] == [0]


def test_other_work_has_another_key() -> None:
    keys = {
        work(SMALL).key,
        work(SMALL.with_changes(seed=1)).key,
        work(SMALL, SMALL).key,
        Work("other", "1", (SMALL,), counted).key,
        Work("test", "2", (SMALL,), counted).key,
    }
    assert len(keys) == 5
    assert work(Scenario.from_dict(SMALL.to_dict())).key in keys


def run_until_killed(folder: Path, some_are_there: Event) -> None:
    jobs, asked = jobs_in(folder), work(LONG)
    jobs.start(asked, "ann")
    until(jobs, asked, lambda status: status.counted > 0, "ann")
    some_are_there.set()
    until(jobs, asked, ended, "ann")


def test_a_killed_process_leaves_a_job_that_the_next_visitor_takes_over(tmp_path: Path, gate: Gate) -> None:
    some_are_there = SPAWN.Event()
    process = SPAWN.Process(target=run_until_killed, args=(tmp_path, some_are_there))
    process.start()
    assert some_are_there.wait(PATIENCE)
    process.kill()
    process.join()
    jobs, asked = jobs_in(tmp_path, gate), work(LONG)
    left = jobs.look(asked)
    assert left is not None
    assert left.state is State.RUNNING
    assert left.counted > 0
    assert jobs.follow(asked, "ben").state is State.RUNNING
    gate.open(2)
    # What was done is not done again.
    grown = until(jobs, asked, lambda now: bool(gate.blocks) and now.counted > gate.blocks[0].first, "ben")
    assert 0 < left.counted <= gate.blocks[0].first
    assert grown.counted == gate.blocks[0].first + gate.blocks[0].count
    jobs.leave(asked.kind, "ben")
    jobs.leave(asked.kind, "ann")
    assert until(jobs, asked, ended).state is State.STOPPED


def test_without_a_disk_a_job_runs_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    jobs, asked = jobs_in(tmp_path / "file"), work(SMALL)
    jobs.start(asked, "ann")
    status = until(jobs, asked, ended, "ann")
    assert status.state is State.FINISHED
    assert orjson.loads(status.content)[0]["digest"] == simulate(SMALL).digest()


def test_progress_read_often_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.jobs.PUBLISH_SECONDS", 0.0)
    monkeypatch.setattr("engine.jobs.PUBLISHING_SHARE", 1e9)
    monkeypatch.setattr("engine.work.FIRST_ROUND_SECONDS", 0.0)
    monkeypatch.setattr("engine.work.ROUND_SECONDS", 1e-4)
    looks: list[int] = []

    def often(place: int, result: Result) -> bytes:
        looks.append(result.scenario.replications)
        return counted(place, result)

    jobs, asked = jobs_in(tmp_path), work(SMALL, summarise=often)
    jobs.start(asked, "ann")
    status = until(jobs, asked, ended, "ann")
    assert len(looks) > 5
    assert orjson.loads(status.content)[0]["digest"] == simulate(SMALL).digest()
