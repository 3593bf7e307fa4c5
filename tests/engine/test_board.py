"""Notes, leases and claims, in one process and in many, with a disk that works and one that does not."""

import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Iterator
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from engine.board import A_DAY, REMEMBERED_SECONDS, Board, DiskBoard, MemoryBoard, SharedBoard
from engine.distributed.board import RedisNotes
from engine.distributed.line import Line
from tests.servers import RedisServer, redis_server

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(params=["memory", "disk", "broken disk", "redis", "redis away"])
def board(request: pytest.FixtureRequest, tmp_path: Path, redis: RedisServer) -> Board:
    if request.param == "memory":
        return MemoryBoard()
    if request.param == "disk":
        return DiskBoard(tmp_path)
    if request.param == "redis":
        line = Line(redis.url)
        line.ask(lambda client: client.flushall())
        return SharedBoard(RedisNotes(line))
    if request.param == "redis away":
        return SharedBoard(RedisNotes(Line("redis://127.0.0.1:1/0")))
    (tmp_path / "file").write_text("in the way")
    return DiskBoard(tmp_path / "file")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which the test sets."""
    now = [time.time()]
    monkeypatch.setattr("engine.board.time.time", lambda: now[0])
    return now


def test_a_note_can_be_read_and_replaced(board: Board) -> None:
    assert board.read("n") is None
    board.write("n", b"one", 60)
    board.write("n", b"two", 60)
    assert board.read("n") == b"two"
    assert board.read("other") is None


def test_a_note_goes_when_its_time_is_over(clock: list[float]) -> None:
    board = MemoryBoard()
    board.write("n", b"one", 60)
    clock[0] += 61
    assert board.read("n") is None


def test_only_one_has_the_claim(board: Board) -> None:
    first = board.claim("job")
    assert first is not None
    assert board.claim("job") is None
    assert board.claim("other") is not None
    first.release()
    assert board.claim("job") is not None


def test_what_is_claimed_weighs(board: Board) -> None:
    first, second = board.claim("job", 120.0), board.claim("other", 30.0)
    assert first is not None
    assert second is not None
    assert sorted(board.weights()) == [30.0, 120.0]
    first.release()
    assert board.weights() == [30.0]
    second.release()
    assert board.weights() == []


def test_servers_that_share_a_redis_see_the_same(redis: RedisServer) -> None:
    here, there = (SharedBoard(RedisNotes(Line(redis.url))) for _ in range(2))
    here.write("note", b"one", 60.0)
    here.hold("shared", "ann", 60.0)
    there.hold("shared", "ben", 60.0)
    claim = here.claim("shared", 5.0)
    assert there.read("note") == b"one"
    assert here.holders("shared") == there.holders("shared") == 2
    assert claim is not None
    assert there.claim("shared") is None
    assert there.weights() == [5.0]
    claim.release()
    there.let_go("shared", "ann")
    assert here.holders("shared") == 1
    assert there.claim("shared") is not None


def test_a_claim_that_was_released_is_not_renewed(redis: RedisServer) -> None:
    line = Line(redis.url)
    claim = line.claim("given back")
    assert claim is not None
    claim.release()
    line.claims.renew()
    assert Line(redis.url).claim("given back") is not None


def test_a_server_that_dies_has_no_claim_for_long(redis: RedisServer) -> None:
    """A claim that nobody renews ends by itself."""
    line = Line(redis.url)
    claim = line.claim("dying", 60.0)
    assert claim is not None
    line.claims.drop(claim)
    left = line.ask(lambda client: client.pttl("btm:claim:dying"))
    assert 0 < int(left) <= 60_000
    line.ask(lambda client: client.pexpire("btm:claim:dying", 0))
    assert Line(redis.url).claim("dying") is not None


def test_leases_are_counted_by_visitor_and_end(board: Board, clock: list[float]) -> None:
    board.hold("job", "ann", 10)
    board.hold("job", "ann", 20)
    board.hold("job", "ben", 10)
    assert (board.holders("job"), board.holders("other")) == (2, 0)
    clock[0] += 15
    assert board.holders("job") == 1
    board.let_go("job", "ann")
    board.let_go("job", "nobody")
    assert board.holders("job") == 0


def test_who_let_go_holds_again_only_on_purpose(board: Board) -> None:
    """A question that is still on its way when somebody leaves must not bring the lease back."""
    board.hold("job", "ann", 10)
    board.let_go("job", "ann")
    board.hold("job", "ann", 10)
    assert board.holders("job") == 0
    board.hold("job", "ann", 10, again=True)
    assert board.holders("job") == 1


def test_who_was_never_there_leaves_no_trace(board: Board) -> None:
    board.let_go("job", "nobody")
    board.hold("job", "nobody", 10)
    assert board.holders("job") == 1


def test_leases_of_long_ago_are_forgotten(clock: list[float]) -> None:
    board = MemoryBoard()
    board.hold("old", "ann", 10)
    clock[0] += REMEMBERED_SECONDS + 20
    board.hold("new", "ben", 10)
    assert board._leases.keys() == {"new"}


def test_who_did_not_let_go_still_wants_the_job(board: Board, clock: list[float]) -> None:
    board.hold("job", "ann", 10)
    clock[0] += 20
    assert board.holders("job") == 0
    assert board.wants("job", "ann")
    assert not board.wants("job", "ben")
    board.let_go("job", "ann")
    assert not board.wants("job", "ann")


def test_a_damaged_database_heals(tmp_path: Path) -> None:
    DiskBoard(tmp_path).write("n", b"one", 60)
    (tmp_path / "board" / "cache.db").write_bytes(b"this is no database" * 100)
    board = DiskBoard(tmp_path)
    board.write("n", b"two", 60)
    assert board.read("n") == b"two"
    board.write("n", b"three", 60)
    assert DiskBoard(tmp_path).read("n") == b"three"


def test_a_claim_survives_the_folder(tmp_path: Path) -> None:
    board = DiskBoard(tmp_path / "cache")
    board.hold("job", "ann", 60)
    claim = board.claim("job")
    assert claim is not None
    shutil.rmtree(tmp_path / "cache")
    assert board.holders("job") == 1
    assert board.claim("job") is None
    claim.release()
    assert board.claim("job") is not None


def test_processes_see_the_same(tmp_path: Path) -> None:
    one, other = DiskBoard(tmp_path), DiskBoard(tmp_path)
    one.write("n", b"note", 60)
    one.hold("job", "ann", 60)
    claim = one.claim("job")
    assert claim is not None
    assert (other.read("n"), other.holders("job"), other.claim("job")) == (b"note", 1, None)
    other.let_go("job", "ann")
    assert one.holders("job") == 0
    claim.release()
    assert other.claim("job") is not None


def claim_and_wait(folder: Path, claimed: Event) -> None:
    claim = DiskBoard(folder).claim("job")
    assert claim is not None
    claimed.set()
    signal.pause()
    claim.release()


def test_a_killed_process_has_no_claim(tmp_path: Path) -> None:
    claimed = SPAWN.Event()
    process = SPAWN.Process(target=claim_and_wait, args=(tmp_path, claimed))
    process.start()
    claimed.wait()
    board = DiskBoard(tmp_path)
    assert board.claim("job") is None
    process.kill()
    process.join()
    assert board.claim("job") is not None


def test_a_deleted_folder_is_made_again(tmp_path: Path) -> None:
    board = DiskBoard(tmp_path / "cache")
    board.write("n", b"one", 60)
    shutil.rmtree(tmp_path / "cache")
    for number in range(3):
        board.write("n", b"%d" % number, 60)
        assert board.read("n") == b"%d" % number
        board.hold("job", "ann", 60)
        assert board.holders("job") == 1
        claim = board.claim("job")
        assert claim is not None
        claim.release()


def test_old_claims_leave_no_files(tmp_path: Path) -> None:
    (tmp_path / "claims").mkdir()
    old = tmp_path / "claims" / "old.lock"
    old.touch()
    os.utime(old, (0, time.time() - 2 * A_DAY))
    assert DiskBoard(tmp_path).claim("job") is not None
    assert not old.exists()
