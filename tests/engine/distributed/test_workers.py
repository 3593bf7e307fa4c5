"""Jobs on two real workers: the same result as anywhere, whoever is killed and whatever is away for a while."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest

from engine import simulate
from engine.cache import AnswerCache
from engine.distributed.executor import AWAY, NO_WORKER
from engine.jobs import Jobs, State, Status
from engine.places import answer_store, board, executor, hands
from engine.result import Result
from engine.work import Work
from tests.engine.scenarios import scenario
from tests.servers import PATIENCE_SECONDS, RedisServer, busy_seconds, kill, process_of, redis_server, until

SCENARIO = scenario("ab_split", "thompson", sends=100_000, replications=240)


@cache
def digest() -> str:
    """What comes out in this process alone."""
    return simulate(SCENARIO).digest()


def counted(_place: int, result: Result) -> bytes:
    return orjson.dumps({"campaigns": result.scenario.replications, "digest": result.digest()})


WORK = Work("test", "1", (SCENARIO,), counted)


class Site(NamedTuple):
    """A Redis, two workers, and the jobs of one web process."""

    redis: RedisServer
    workers: list[subprocess.Popen[bytes]]
    jobs: Jobs


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with redis_server(tmp_path) as redis, ExitStack() as stack:
        variables = {"REDIS_URL": redis.url, "BTM_WORKER_TASKS": "1", "BTM_CACHE_DIR": str(tmp_path / "cache")}
        log = tmp_path / "worker.log"
        workers = [stack.enter_context(process_of("worker", log, **variables)) for _ in range(2)]
        monkeypatch.setenv("REDIS_URL", redis.url)
        until(lambda: hands() == 2, "both workers are there")
        running = executor()
        yield Site(redis, workers, Jobs(board(), running, AnswerCache(answer_store())))
        running.close()  # type: ignore[attr-defined]


def follow(site: Site) -> Status | None:
    return site.jobs.follow(WORK, "ann")


def finished(site: Site) -> str:
    """Follow the job to its end, and return the digest that came out."""
    status = until(lambda: (now := site.jobs.follow(WORK, "ann")).state is not State.RUNNING and now, "the job ends")
    assert (status.state, status.error, status.done) == (State.FINISHED, "", 240)
    return str(orjson.loads(status.content)[0]["digest"])


def test_a_worker_without_redis_ends_with_a_sentence(tmp_path: Path) -> None:
    with process_of("worker", tmp_path / "log", BTM_CACHE_DIR=str(tmp_path / "cache")) as worker:
        assert worker.wait(timeout=PATIENCE_SECONDS) != 0
    told = (tmp_path / "log").read_text("utf-8")
    assert "REDIS_URL: missing; a worker takes its tasks from there." in told
    assert "Traceback" not in told


def test_the_work_is_spread_and_the_digest_is_the_same(site: Site) -> None:
    before = [busy_seconds(worker) for worker in site.workers]
    site.jobs.start(WORK, "ann")
    assert finished(site) == digest()
    took = [busy_seconds(worker) - earlier for worker, earlier in zip(site.workers, before, strict=True)]
    assert min(took) > 0.2 * max(took)


def test_a_worker_that_is_killed_costs_nothing_but_time(site: Site) -> None:
    site.jobs.start(WORK, "ann")
    until(lambda: site.jobs.follow(WORK, "ann").counted > 0, "some are there")
    kill(site.workers[0])
    assert finished(site) == digest()
    until(lambda: hands() == 1, "the killed one is missed")


def test_redis_that_is_away_for_a_while_and_forgets_everything_costs_nothing_but_time(site: Site) -> None:
    site.jobs.start(WORK, "ann")
    some = until(lambda: (now := site.jobs.follow(WORK, "ann")).counted > 0 and now, "some are there")
    site.redis.kill()
    waiting = until(lambda: (now := site.jobs.follow(WORK, "ann")).waits and now, "it says what it waits for")
    assert waiting.waits == AWAY
    assert waiting.counted >= some.counted
    site.redis.start()
    assert finished(site) == digest()


def test_redis_that_says_nothing_holds_nobody_up_for_long(site: Site) -> None:
    site.jobs.start(WORK, "ann")
    until(lambda: site.jobs.follow(WORK, "ann").counted > 0, "some are there")
    site.redis.freeze()
    until(lambda: site.jobs.follow(WORK, "ann").waits == AWAY, "it says what it waits for")
    site.redis.thaw()
    assert finished(site) == digest()


def test_without_redis_for_good_it_ends_with_a_sentence_and_keeps_what_it_has(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.jobs.start(WORK, "ann")
    some = until(lambda: (now := site.jobs.follow(WORK, "ann")).counted > 0 and now, "some are there")
    site.redis.kill()
    monkeypatch.setattr("engine.distributed.executor.PATIENCE_SECONDS", 1.0)
    ended = until(lambda: (now := site.jobs.look(WORK)) and now.state is State.FAILED and now, "it ends")
    assert "cannot be reached" in ended.error
    assert ended.counted >= some.counted


def test_without_any_worker_it_waits_and_goes_on_with_the_next(site: Site, tmp_path: Path) -> None:
    site.jobs.start(WORK, "ann")
    until(lambda: site.jobs.follow(WORK, "ann").counted > 0, "some are there")
    for worker in site.workers:
        kill(worker)
    until(lambda: site.jobs.follow(WORK, "ann").waits == NO_WORKER, "it says that nobody is there")
    with process_of("worker", tmp_path / "worker.log", REDIS_URL=site.redis.url, BTM_CACHE_DIR=str(tmp_path / "cache")):
        assert finished(site) == digest()


def test_a_job_that_everybody_left_stops_on_the_workers_too(site: Site) -> None:
    site.jobs.start(WORK, "ann")
    until(lambda: site.jobs.follow(WORK, "ann").counted > 0, "some are there")
    site.jobs.leave("test", "ann")
    stopped = until(lambda: (now := site.jobs.look(WORK)) and now.state is State.STOPPED and now, "it stops")
    assert stopped.counted > 0
