"""Answers in Redis: whole, within a bound, computed once, and never a reason for an answer to fail."""

import threading
import time

import pytest

from engine.cache import AnswerCache
from engine.distributed import answers as in_redis
from engine.distributed.answers import RedisAnswers
from engine.distributed.line import Line
from engine.stores import AwayError
from tests.servers import RedisServer


def fresh(line: Line, most_bytes: int | None = 1_000_000) -> AnswerCache:
    """A cache as another process would have it: nothing in memory yet."""
    return AnswerCache(RedisAnswers(line, most_bytes))


def never() -> bytes:
    raise AssertionError("it was there")


@pytest.mark.parametrize("size", [0, 1, 100_000])
def test_an_answer_comes_back_whole_in_another_process(line: Line, size: int) -> None:
    answer = bytes(range(256)) * (size // 256) + bytes(size % 256)
    assert fresh(line).fetch("key", lambda: answer) == (answer, False)
    assert fresh(line).fetch("key", never) == (answer, True)
    assert fresh(line).has("key")
    assert not fresh(line).has("another")


def test_an_answer_may_have_an_end(line: Line) -> None:
    store = RedisAnswers(line, 1_000_000)
    before = time.time()
    store.keep("key", b"answer", 30.0)
    found = store.get("key")
    assert found is not None
    assert found[1] is not None
    assert before + 29.0 < found[1] <= time.time() + 30.0
    line.ask(lambda redis: redis.pexpire("btm:answer:key", 0))
    assert store.get("key") is None


def test_those_not_asked_for_longest_go_first(line: Line) -> None:
    store = RedisAnswers(line, 1_000)
    for key in ("a", "b", "c", "d"):
        store.keep(key, bytes(240), None)
    store.get("a")
    store.keep("e", bytes(240), None)
    assert [key for key in "abcde" if store.has(key)] == ["a", "c", "d", "e"]


def test_what_redis_let_go_leaves_the_books(line: Line) -> None:
    store = RedisAnswers(line, 1_000)
    store.keep("a", bytes(240), None)
    store.keep("b", bytes(240), None)
    store.keep("b", bytes(100), None)
    line.ask(lambda redis: redis.delete("btm:answer:a"))
    store.forget_old()
    assert line.ask(lambda redis: redis.get("btm:answers:total")) == b"100"
    assert line.ask(lambda redis: redis.zcard("btm:answers:used")) == 1


@pytest.mark.parametrize("book", ["used", "sizes", "total"])
def test_books_that_redis_let_go_are_written_anew(line: Line, book: str) -> None:
    store = RedisAnswers(line, 1_000)
    store.keep("a", bytes(240), None)
    store.keep("b", bytes(240), None)
    line.ask(lambda redis: redis.delete(f"btm:answers:{book}"))
    store.forget_old()
    for key in "cdefgh":
        store.keep(key, bytes(240), None)
    store.forget_old()
    total = line.ask(lambda redis: redis.get("btm:answers:total"))
    kept = [key for key in "cdefgh" if store.has(key)]
    assert 0 < int(total or 0) <= 1_000
    assert len(kept) >= 2


def test_too_large_an_answer_pushes_out_no_others(line: Line) -> None:
    store = RedisAnswers(line, 1_000)
    store.keep("a", bytes(240), None)
    store.keep("large", bytes(260), None)
    assert store.has("a")
    assert not store.has("large")


def test_the_bound_follows_from_what_redis_may_take(line: Line) -> None:
    line.ask(lambda redis: redis.config_set("maxmemory", "40mb"))
    try:
        assert RedisAnswers(line)._most_bytes() == 20 * 2**20
    finally:
        line.ask(lambda redis: redis.config_set("maxmemory", "0"))
    assert RedisAnswers(line)._most_bytes() == in_redis.MOST_BYTES


def test_a_full_redis_costs_only_the_cache(line: Line) -> None:
    line.ask(lambda redis: redis.config_set("maxmemory", "1"))
    try:
        assert fresh(line).fetch("key", lambda: b"answer") == (b"answer", False)
    finally:
        line.ask(lambda redis: redis.config_set("maxmemory", "0"))
    assert line.away_since is None


def test_many_threads_of_two_processes_compute_once(line: Line, one_redis: RedisServer) -> None:
    doors, computed = [fresh(line), fresh(Line(one_redis.url))], []
    found: list[bytes] = []

    def compute() -> bytes:
        computed.append(1)
        return b"answer"

    threads = [
        threading.Thread(target=lambda door=doors[n % 2]: found.append(door.fetch("key", compute)[0]))
        for n in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(computed), found) == (1, [b"answer"] * 12)


def test_without_redis_answers_are_computed(own_redis: RedisServer) -> None:
    line = Line(own_redis.url)
    door = fresh(line)
    own_redis.kill()
    assert door.fetch("key", lambda: b"answer") == (b"answer", False)
    assert not door.has("another")
    assert door.look_up("another") is None
    with pytest.raises(AwayError):
        RedisAnswers(line, 1).get("key")


def test_the_line_mends_by_itself(own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.distributed.line.QUIET_SECONDS", 0.0)
    line = Line(own_redis.url)
    own_redis.kill()
    with pytest.raises(AwayError):
        line.ask(lambda redis: redis.ping())
    assert line.away_since is not None
    own_redis.start()
    assert line.ask(lambda redis: redis.ping())
    assert line.away_since is None


def test_where_redis_was_away_just_now_nobody_waits_for_it(
    own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.distributed.line.QUIET_SECONDS", 3_600.0)
    line = Line(own_redis.url)
    own_redis.kill()
    with pytest.raises(AwayError):
        line.ask(lambda redis: redis.ping())
    asked: list[object] = []
    with pytest.raises(AwayError):
        line.ask(asked.append)
    assert asked == []
