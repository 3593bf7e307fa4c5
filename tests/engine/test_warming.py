"""Machine code is there before somebody asks, and made by processes that end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine import POLICIES, warming
from engine.native import machine_code_folder

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(warming, "machine_code_folder", lambda: tmp_path)
    monkeypatch.setattr(warming, "built_folder", lambda: None)
    monkeypatch.setattr(warming, "warm", lambda _first, **_others: None)
    return tmp_path


def test_every_policy_is_compiled_elsewhere_once_and_the_first_ones_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: asked.extend(command[3:]))
    warming.prepare(["thompson"])
    assert asked[0] == "thompson"
    assert sorted(asked) == sorted(POLICIES)
    warming.prepare(["thompson"])
    assert len(asked) == len(POLICIES)


def test_a_process_that_fails_is_tried_again_the_next_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(command: list[str], **_: object) -> None:
        raise subprocess.CalledProcessError(1, command)

    loaded: list[tuple[list[str], bool]] = []
    monkeypatch.setattr(subprocess, "run", fails)
    monkeypatch.setattr(warming, "warm", lambda first, *, others: loaded.append((first, others)))
    warming.prepare(["thompson"])
    assert list(folder.glob("complete-*")) == []
    # Compiling all in the process that serves would take it half a gigabyte.
    assert loaded == [(["thompson"], False)]


def test_what_a_build_has_made_is_loaded_and_nothing_is_compiled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    loaded: list[bool] = []
    monkeypatch.setattr(warming, "built_folder", lambda: folder)
    monkeypatch.setattr(subprocess, "run", lambda command, **_: asked.extend(command))
    monkeypatch.setattr(warming, "warm", lambda _first, *, others: loaded.append(others))
    warming.prepare(["thompson"])
    assert (asked, loaded) == ([], [False])


def test_the_process_loads_what_it_is_told() -> None:
    """With the machine code on disk already, this is quick."""
    command = [sys.executable, "-m", "engine.warming", "ab_split"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=300, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert machine_code_folder() is not None
