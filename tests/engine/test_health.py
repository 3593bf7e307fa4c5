"""Checks: what fails or hangs is named, and hangs nobody."""

import threading
from pathlib import Path

import pytest

from engine.health import Checks, folder_keeps


def broken() -> bool:
    raise OSError("no")


def test_what_is_well_is_not_named() -> None:
    assert Checks({"one": lambda: True, "other": lambda: None}).problems() == []


def test_what_fails_is_named() -> None:
    checks = Checks({"one": lambda: False, "well": lambda: True})
    checks.add("two", broken)
    assert checks.problems() == ["one", "two"]


def test_what_hangs_is_named_and_not_begun_again() -> None:
    begun, end = [], threading.Event()

    def hang() -> None:
        begun.append(1)
        end.wait()

    checks = Checks({"slow": hang, "well": lambda: True}, patience=0.01, fresh=0.0)
    assert [checks.problems() for _ in range(3)] == [["slow"]] * 3
    assert len(begun) == 1
    end.set()


def test_however_many_ask_the_checks_are_made_once() -> None:
    begun: list[int] = []
    checks = Checks({"one": lambda: begun.append(1)}, fresh=60.0)
    assert [checks.problems() for _ in range(3)] == [[], [], []]
    assert begun == [1]


def test_the_folder_is_written_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BTM_CACHE_DIR", str(tmp_path / "new"))
    assert folder_keeps()
    assert list((tmp_path / "new").iterdir()) == []
    assert Checks({"cache folder": folder_keeps}).problems() == []


def test_a_folder_that_cannot_be_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("BTM_CACHE_DIR", str(tmp_path / "file" / "below"))
    assert Checks({"cache folder": folder_keeps}).problems() == ["cache folder"]
