"""A worker that does not hear its queue any more finds out, and starts anew."""

from pathlib import Path

import pytest

from engine.distributed.executor import hands_of
from engine.distributed.hearing import DEAF_SECONDS, Hearing
from engine.distributed.line import QUEUE_PREFIX, Line
from engine.distributed.roll import Roll
from engine.places import queue_name
from engine.stores import AwayError
from tests.servers import RedisServer, process_of, until


class Queue:
    """A queue and a clock that the test moves."""

    def __init__(self) -> None:
        self.messages = 0
        self.now = 1000.0
        self.is_away = False
        self.hearing = Hearing(self.waiting, lambda: self.now)

    def waiting(self) -> int:
        if self.is_away:
            raise AwayError("Redis is away.")
        return self.messages

    def deaf_after(self, seconds: float) -> bool:
        self.now += seconds
        return self.hearing.is_deaf()


@pytest.fixture
def queue() -> Queue:
    return Queue()


def test_who_takes_nothing_though_messages_wait_is_deaf(queue: Queue) -> None:
    queue.messages = 3
    assert not queue.deaf_after(DEAF_SECONDS)
    assert queue.deaf_after(0.1)


def test_an_empty_queue_is_no_sign(queue: Queue) -> None:
    assert not queue.deaf_after(10 * DEAF_SECONDS)
    queue.messages = 1
    assert not queue.deaf_after(DEAF_SECONDS)


def test_a_queue_that_nobody_can_look_at_is_no_sign(queue: Queue) -> None:
    queue.messages, queue.is_away = 1, True
    assert not queue.deaf_after(10 * DEAF_SECONDS)
    queue.is_away = False
    assert not queue.deaf_after(DEAF_SECONDS)


def test_busy_hands_are_no_sign_and_what_they_ended_counts(queue: Queue) -> None:
    queue.messages = 1
    with queue.hearing.taken():
        assert not queue.deaf_after(10 * DEAF_SECONDS)
        queue.now += 10 * DEAF_SECONDS
    assert not queue.deaf_after(DEAF_SECONDS)
    assert queue.deaf_after(0.1)


def test_a_task_that_fails_leaves_the_hands(queue: Queue) -> None:
    queue.messages = 1
    with pytest.raises(ZeroDivisionError), queue.hearing.taken():
        _ = 1 / 0
    assert queue.deaf_after(DEAF_SECONDS + 0.1)


def test_a_worker_that_is_deaf_starts_anew(
    own_redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", own_redis.url)
    line = Line(own_redis.url)
    roll = Roll(line, f"workers:{queue_name()}")
    variables = {"REDIS_URL": own_redis.url, "BTM_WORKER_TASKS": "1", "BTM_CACHE_DIR": str(tmp_path / "cache")}
    # Its consumer listens to another queue than its own: as deaf as one can be, and it stays so.
    with process_of("worker --queues elsewhere", tmp_path / "log", **variables) as worker:
        (first,) = until(roll.present, "the worker is there")
        assert hands_of(first) == 1
        line.ask(lambda redis: redis.rpush(f"{QUEUE_PREFIX}{queue_name()}", "a message"))
        until(lambda: first not in (present := roll.present()) and present, "it is there as another")
        assert worker.poll() is None
    assert "does not hear them" in (tmp_path / "log").read_text("utf-8")
    line.close()
