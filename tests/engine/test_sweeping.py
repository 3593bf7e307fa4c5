"""What is over leaves the disk: everywhere at once, and by a thread of the process that serves."""

import threading
from pathlib import Path

import pytest

from engine import sweeping
from engine.board import DiskBoard, MemoryBoard
from engine.stores import DiskStore


def test_the_board_forgets(tmp_path: Path) -> None:
    memory, disk = MemoryBoard(), DiskBoard(tmp_path)
    for board in (memory, disk):
        board.write("over", b"x", -1.0)
        board.write("soon", b"y", 60.0)
        board.forget_old()
        assert (board.read("over"), board.read("soon")) == (None, b"y")
    store = DiskStore(tmp_path, "board")
    assert [name for name in store.opened() if "over" in name] == []
    assert list(memory._notes) == ["soon"]
    store.close()
    disk.close()


def test_the_server_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    swept = threading.Event()
    monkeypatch.setattr(sweeping, "sweep", swept.set)
    sweeping.keep_sweeping.cache_clear()
    thread = sweeping.keep_sweeping()
    assert swept.wait(10)
    assert thread.daemon
    assert sweeping.keep_sweeping() is thread
    sweeping.keep_sweeping.cache_clear()
