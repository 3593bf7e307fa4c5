"""An answer is computed once, however many ask, and a broken cache never breaks an answer."""

import multiprocessing
import os
import shutil
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.cache import AnswerCache, cached_result, shared
from tests.engine.scenarios import scenario


def count_and_answer(folder: Path) -> bytes:
    """Leave a mark for every computation."""
    marks = os.open(folder / "marks", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    os.write(marks, b"x")
    os.close(marks)
    return b"answer"


def ask(folder: Path) -> bytes:
    return AnswerCache(folder).fetch("key", lambda: count_and_answer(folder))[0]


def die() -> bytes:
    """End the process at once, as a machine short of memory would."""
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def die_while_computing(folder: Path) -> None:
    AnswerCache(folder).fetch("key", die)


def marks(folder: Path) -> int:
    return (folder / "marks").stat().st_size


def test_many_processes_compute_once(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert pool.map(ask, [tmp_path] * 8) == [b"answer"] * 8
    assert marks(tmp_path) == 1


def test_many_threads_compute_once(tmp_path: Path) -> None:
    cache, together = AnswerCache(tmp_path), threading.Barrier(8)

    def ask_together(_number: int) -> tuple[bytes, bool]:
        together.wait()
        return cache.fetch("key", lambda: count_and_answer(tmp_path))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask_together, range(8)))
    assert marks(tmp_path) == 1
    assert sorted(found for _, found in answers) == [False] + [True] * 7


def test_an_answer_outlives_the_object(tmp_path: Path) -> None:
    ask(tmp_path)
    assert AnswerCache(tmp_path).fetch("key", lambda: b"other") == (b"answer", True)


def test_an_error_passes_through_and_leaves_nothing(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    with pytest.raises(ZeroDivisionError):
        cache.fetch("key", lambda: bytes(1 // 0))
    assert cache.fetch("key", lambda: b"second try") == (b"second try", False)


def test_a_killed_process_holds_nobody_up(tmp_path: Path) -> None:
    killed = multiprocessing.get_context("spawn").Process(target=die_while_computing, args=(tmp_path,))
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    assert ask(tmp_path) == b"answer"


def test_a_folder_that_is_deleted_is_made_again(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "cache")
    cache.fetch("one", lambda: b"1")
    shutil.rmtree(tmp_path / "cache")
    for name in ("two", "three"):
        assert cache.fetch(name, lambda: b"x")[0] == b"x"


def test_a_damaged_file_costs_only_the_cache(tmp_path: Path) -> None:
    ask(tmp_path)
    for file in (tmp_path / "answers").glob("cache.db*"):
        file.write_bytes(b"this is no database" * 100)
    assert AnswerCache(tmp_path).fetch("key", lambda: b"again")[0] == b"again"


def test_a_folder_that_cannot_be_made_costs_only_the_cache(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert AnswerCache(tmp_path / "file").fetch("key", lambda: b"answer") == (b"answer", False)


def test_the_disk_stays_within_its_limit(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, size_limit=4 * 2**20)
    for number in range(40):
        cache.fetch(str(number), lambda: os.urandom(2**19))
    assert sum(file.stat().st_size for file in (tmp_path / "answers").rglob("*") if file.is_file()) < 8 * 2**20


def test_results_come_back_equal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BTM_CACHE_DIR", str(tmp_path))
    shared.cache_clear()
    try:
        asked = scenario("thompson", sends=200, replications=3)
        first, second = cached_result(asked), cached_result(asked)
        assert (first[1], second[1]) == (False, True)
        assert first[0].digest() == second[0].digest()
    finally:
        shared.cache_clear()
