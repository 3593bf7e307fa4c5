"""An answer is computed once, however many ask, and a broken cache never breaks an answer."""

import hashlib
import multiprocessing
import os
import shutil
import signal
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path

import diskcache
import pytest

from engine import Scenario, simulate
from engine.cache import AnswerCache, cached_result, seconds_kept, shared
from tests.engine.scenarios import scenario

SPAWN = multiprocessing.get_context("spawn")


def count_and_answer(folder: Path) -> bytes:
    """Leave a mark for every computation, and take a while, so that others have come to ask."""
    marks = os.open(folder / "marks", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    os.write(marks, b"x")
    os.close(marks)
    return hashlib.pbkdf2_hmac("sha256", b"answer", b"", 300_000)


def marks(folder: Path) -> int:
    return (folder / "marks").stat().st_size


def ask(folder: Path) -> tuple[bytes, bool]:
    cache = AnswerCache(folder)
    try:
        return cache.fetch("key", lambda: count_and_answer(folder))
    finally:
        cache.close()


def ask_with_many_threads(folder: Path, together: Barrier, answers: Path) -> None:
    """Ask with three threads of one process, at the same time as other processes; leave the answers in a file."""
    cache = AnswerCache(folder)
    together.wait()
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda _: cache.fetch("key", lambda: count_and_answer(folder))[0], range(3)))
    answers.write_bytes(b"".join(found))


def die() -> bytes:
    """End the process at once, as a machine short of memory would."""
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def die_while_computing(folder: Path) -> None:
    AnswerCache(folder).fetch("key", die)


def compute_until_killed(folder: Path, started: Event) -> None:
    def compute() -> bytes:
        started.set()
        threading.Event().wait()
        return b""

    AnswerCache(folder).fetch("key", compute)


def test_an_answer_may_have_an_end(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    cache.keep("past", b"gone", seconds=-1.0)
    cache.keep("soon", b"there", seconds=60.0)
    cache.keep("ever", b"there")
    assert [cache.look_up(key) for key in ("past", "soon", "ever")] == [None, b"there", b"there"]
    cache.close()
    again = AnswerCache(tmp_path)  # whose memory is empty
    assert [again.look_up(key) for key in ("past", "soon", "ever")] == [None, b"there", b"there"]
    again.forget_old()
    again.close()
    with diskcache.Cache(str(tmp_path / "answers")) as stored:
        assert set(stored) == {"soon", "ever"}


def test_what_comes_of_somebodys_own_counts_is_not_kept_for_ever() -> None:
    others = scenario("ucb1")
    arms = [{"name": name, "history": {"sends": 9, "conversions": 1}} for name in "AB"]
    assert seconds_kept(others) is None
    assert seconds_kept(others, others.with_changes(arms=arms)) == 7_200.0


def test_many_threads_of_many_processes_compute_once(tmp_path: Path) -> None:
    together = SPAWN.Barrier(4)
    processes = [
        SPAWN.Process(target=ask_with_many_threads, args=(tmp_path, together, tmp_path / f"answers-{number}"))
        for number in range(4)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    assert marks(tmp_path) == 1
    assert {(tmp_path / f"answers-{number}").read_bytes() for number in range(4)} == {ask(tmp_path)[0] * 3}


def test_many_threads_compute_once(tmp_path: Path) -> None:
    cache, together = AnswerCache(tmp_path), threading.Barrier(8)

    def ask_together(_number: int) -> tuple[bytes, bool]:
        together.wait()
        return cache.fetch("key", lambda: count_and_answer(tmp_path))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask_together, range(8)))
    assert marks(tmp_path) == 1
    assert sorted(found for _, found in answers) == [False] + [True] * 7


def test_other_answers_need_not_wait(tmp_path: Path) -> None:
    """While one answer is being worked out, another is asked for, worked out and kept."""
    cache, begun, other_done = AnswerCache(tmp_path), threading.Event(), threading.Event()

    def slow() -> bytes:
        begun.set()
        return b"late" if other_done.wait(30) else b"blocked"

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(cache.fetch, "result-" + "0" * 64, slow)
        begun.wait()
        assert cache.fetch("result-" + "0" * 60 + "abcd", lambda: b"at once") == (b"at once", False)
        other_done.set()
        assert waiting.result() == (b"late", False)


def test_locks_are_spread_over_answers(tmp_path: Path) -> None:
    """200 digests among 4,096 locks meet some five times; fewer locks would make strangers wait for one another."""
    cache = AnswerCache(tmp_path)
    for number in range(200):
        cache.fetch(f"result-{hashlib.sha256(str(number).encode()).hexdigest()}", lambda: b"answer")
    assert len(list((tmp_path / "locks").iterdir())) > 180


def test_an_answer_outlives_the_object(tmp_path: Path) -> None:
    answer, _ = ask(tmp_path)
    assert AnswerCache(tmp_path).fetch("key", lambda: b"other") == (answer, True)


def test_an_answer_outlives_closing(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    cache.fetch("key", lambda: b"answer")
    cache.close()
    cache.close()
    assert cache.look_up("key") == b"answer"


def test_looking_up_computes_nothing(tmp_path: Path) -> None:
    assert AnswerCache(tmp_path).look_up("key") is None


@pytest.mark.parametrize("size", [0, 1, 40_000, 3_000_000])
def test_answers_of_every_size_come_back_whole(tmp_path: Path, size: int) -> None:
    answer = os.urandom(size)
    AnswerCache(tmp_path).fetch("key", lambda: answer)
    assert AnswerCache(tmp_path).fetch("key", lambda: b"other") == (answer, True)


def test_an_error_passes_through_and_leaves_nothing(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    with pytest.raises(ZeroDivisionError):
        cache.fetch("key", lambda: bytes(1 // 0))
    assert cache.look_up("key") is None
    assert cache.fetch("key", lambda: b"second try") == (b"second try", False)


def test_after_an_error_the_next_in_line_computes(tmp_path: Path) -> None:
    """Eight ask at once; the first computation fails, and only the first."""
    cache, together, tries = AnswerCache(tmp_path), threading.Barrier(8), []

    def compute() -> bytes:
        tries.append(threading.get_ident())
        if len(tries) == 1:
            raise ZeroDivisionError
        return b"answer"

    def ask_together(_number: int) -> bytes | None:
        together.wait()
        try:
            return cache.fetch("key", compute)[0]
        except ZeroDivisionError:
            return None

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask_together, range(8)))
    assert len(tries) == 2
    assert (answers.count(None), answers.count(b"answer")) == (1, 7)


def test_a_killed_process_holds_nobody_up(tmp_path: Path) -> None:
    killed = SPAWN.Process(target=die_while_computing, args=(tmp_path,))
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    assert ask(tmp_path)[1] is False


def test_who_waits_for_a_process_that_is_killed_goes_on(tmp_path: Path) -> None:
    started = SPAWN.Event()
    killed = SPAWN.Process(target=compute_until_killed, args=(tmp_path, started))
    killed.start()
    started.wait()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(AnswerCache(tmp_path).fetch, "key", lambda: b"answer")
        killed.kill()
        killed.join()
        assert waiting.result(60) == (b"answer", False)


def test_a_folder_that_is_deleted_is_made_again(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "cache")
    cache.fetch("one", lambda: b"1")
    shutil.rmtree(tmp_path / "cache")
    for name in ("two", "three"):
        assert cache.fetch(name, lambda: b"x")[0] == b"x"


def test_large_answers_survive_a_deleted_folder(tmp_path: Path) -> None:
    """Large answers are files of their own beside the database, and neither is there any more."""
    cache, answer = AnswerCache(tmp_path / "cache"), os.urandom(2_000_000)
    cache.fetch("large", lambda: answer)
    shutil.rmtree(tmp_path / "cache")
    assert cache.fetch("large", lambda: answer)[0] == answer
    assert cache.fetch("other", lambda: answer)[0] == answer


@pytest.mark.parametrize("content", [b"this is no database" * 100, b""], ids=["damaged", "empty"])
def test_a_broken_database_costs_only_the_cache(tmp_path: Path, content: bytes) -> None:
    ask(tmp_path)
    (tmp_path / "answers" / "cache.db").write_bytes(content)
    assert AnswerCache(tmp_path).fetch("key", lambda: b"again")[0] == b"again"
    assert AnswerCache(tmp_path).fetch("next", lambda: b"first") == (b"first", False)
    assert AnswerCache(tmp_path).fetch("next", lambda: b"other") == (b"first", True)


def test_a_lost_file_costs_only_that_answer(tmp_path: Path) -> None:
    AnswerCache(tmp_path).fetch("key", lambda: bytes(3_000_000))
    for file in (tmp_path / "answers").rglob("*.val"):
        file.unlink()
    assert AnswerCache(tmp_path).fetch("key", lambda: b"again") == (b"again", False)


def test_a_cut_file_is_not_taken_for_the_answer(tmp_path: Path) -> None:
    """A full disk or a hard stop can leave half an answer behind."""
    AnswerCache(tmp_path).fetch("key", lambda: bytes(3_000_000))
    for file in (tmp_path / "answers").rglob("*.val"):
        file.write_bytes(file.read_bytes()[:5_000])
    assert AnswerCache(tmp_path).fetch("key", lambda: b"again") == (b"again", False)


def test_a_value_that_is_no_answer_is_computed_anew(tmp_path: Path) -> None:
    with diskcache.Cache(str(tmp_path / "answers")) as store:
        store.set("key", {"not": "bytes"})
    assert AnswerCache(tmp_path).fetch("key", lambda: b"answer") == (b"answer", False)


@pytest.mark.parametrize("what", ["", "answers", "locks"])
def test_a_folder_that_cannot_be_made_costs_only_the_cache(tmp_path: Path, what: str) -> None:
    (tmp_path / what if what else tmp_path / "file").write_text("in the way")
    cache = AnswerCache(tmp_path if what else tmp_path / "file")
    assert cache.fetch("key", lambda: b"answer") == (b"answer", False)


@pytest.mark.parametrize("trouble", [PermissionError, sqlite3.OperationalError, diskcache.Timeout, FileNotFoundError])
@pytest.mark.parametrize("when", ["get", "set"])
def test_trouble_with_the_disk_costs_only_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception], when: str
) -> None:
    def fail(*_args: object, **_settings: object) -> None:
        raise trouble("disk")

    monkeypatch.setattr(diskcache.Cache, when, fail)
    assert AnswerCache(tmp_path).fetch("key", lambda: b"answer") == (b"answer", False)


def test_the_disk_stays_within_its_limit(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, size_limit=4 * 2**20)
    for number in range(40):
        cache.fetch(str(number), lambda: os.urandom(2**19))
    assert sum(file.stat().st_size for file in (tmp_path / "answers").rglob("*") if file.is_file()) < 8 * 2**20


def test_the_latest_answer_is_there_when_old_ones_go(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, size_limit=4 * 2**20)
    for number in range(40):
        cache.fetch(str(number), lambda: bytes(2**20 + 1))
    assert AnswerCache(tmp_path).look_up("39") is not None


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The cache that all processes share, in a folder of this test's own."""
    monkeypatch.setenv("BTM_CACHE_DIR", str(tmp_path))
    shared.cache_clear()
    yield tmp_path
    shared().close()
    shared.cache_clear()


ASKED = scenario("thompson", "ab_split", sends=200, replications=200)


def test_results_come_back_equal(own_cache: Path) -> None:
    first, second = cached_result(ASKED), cached_result(ASKED)
    assert (first[1], second[1]) == (False, True)
    assert first[0].digest() == second[0].digest() == simulate(ASKED).digest()
    assert (own_cache / "answers").is_dir()


@pytest.mark.usefixtures("own_cache")
def test_equal_scenarios_share_an_answer() -> None:
    cached_result(ASKED)
    assert cached_result(Scenario.from_dict(ASKED.to_dict()))[1] is True


@pytest.mark.usefixtures("own_cache")
def test_other_scenarios_have_their_own_answers() -> None:
    one, other = cached_result(ASKED)[0], cached_result(ASKED.with_changes(seed=8))
    assert other[1] is False
    assert one.digest() != other[0].digest()


def test_a_damaged_result_is_computed_anew(own_cache: Path) -> None:
    expected = cached_result(ASKED)[0].digest()
    shared.cache_clear()
    files = list((own_cache / "answers").rglob("*.val"))
    for file in files:
        file.write_bytes(file.read_bytes()[:5_000])
    assert files
    assert cached_result(ASKED)[0].digest() == expected
