"""Where answers and machine code are kept."""

import tempfile
from pathlib import Path

import pytest

from engine.locations import cache_folder, source_digest


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BTM_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)


def test_a_chosen_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
    monkeypatch.setenv("BTM_CACHE_DIR", str(tmp_path))
    assert cache_folder() == tmp_path


def test_the_users_cache_comes_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "bandit-time-machine"


def test_then_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "bandit-time-machine"


def test_without_a_home_it_is_temporary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/nonexistent")
    assert cache_folder() == Path(tempfile.gettempdir()) / "bandit-time-machine"


def test_any_changed_source_changes_the_digest(tmp_path: Path) -> None:
    digests = set()
    for place, content in (("one.py", "a = 1"), ("one.py", "a = 2"), ("deeper/two.py", "b = 1"), ("deeper/two.py", "")):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text(content)
        source_digest.cache_clear()
        digests.add(source_digest(tmp_path))
    source_digest.cache_clear()
    assert len(digests) == 4
