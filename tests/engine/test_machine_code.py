"""What a build compiles is used wherever the program is moved to, and only while it is whole and of the same source."""

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import engine
from engine import machine_code
from engine.machine_code import LIST, built_folder, complete, folder_of
from engine.native import Native, native, rebound
from engine.simulation import simulate
from engine.warming import build

ROOT = Path(engine.__file__).parents[1]
ASKED = {
    "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
    "policies": [{"name": "ab_split"}],
    "sends": 1_000,
    "replications": 20,
    "guardrails": [{"name": "holdout", "share": 0.1}],
}
"""Takes the loop that can do everything as well."""

RUN = """
import json, sys
import engine
from engine.kernel import run_replications
digest = engine.simulate(engine.Scenario.from_dict(json.loads(sys.argv[1]))).digest()
stats = run_replications.dispatcher.stats
print(json.dumps([digest, stats.cache_path, sum(stats.cache_hits.values()), sum(stats.cache_misses.values())]))
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program, built in one place and moved to another, with all its files touched."""
    place = tmp_path_factory.mktemp("build")
    build(place / "code", ["ab_split"], rest=False)
    moved = tmp_path_factory.mktemp("run") / "app"
    shutil.copytree(ROOT / "engine", moved / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.move(place / "code", moved / ".machine-code")
    for path in moved.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    return moved


def ran(program: Path, cache: Path, **environment: str) -> tuple[list[Any], str]:
    """Simulate there; return [digest, where machine code lies, loaded, compiled], and what was said."""
    told = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(ASKED)],
        cwd=program,
        env=os.environ
        | {
            "PYTHONPATH": str(program),
            "BTM_CACHE_DIR": str(cache),
            "NUMBA_CACHE_DIR": "",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout), told.stderr


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    """A place where no folder can be made, for root either."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    return blocked


def test_a_moved_program_compiles_nothing_and_gives_the_same(program: Path, tmp_path: Path) -> None:
    (digest, where, loaded, compiled), said = ran(program, tmp_path)
    assert digest == simulate(engine.Scenario.from_dict(ASKED)).digest()
    assert Path(where).is_relative_to(program / ".machine-code")
    assert (loaded, compiled, said) == (1, 0, "")
    assert list(tmp_path.rglob("*.nb?")) == []


def test_it_is_only_read(program: Path, nowhere: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in program.rglob("*")}
    for path in before:
        path.chmod(0o555)
    try:
        (_, _, loaded, compiled), said = ran(program, nowhere)
    finally:
        for path in before:
            path.chmod(0o755)
    assert (loaded, compiled, said) == (1, 0, "")
    assert {path: path.stat().st_mtime_ns for path in program.rglob("*")} == before


NOT_BUILT = """
import engine
from engine.policy import choose_signature
choose = engine.POLICIES["ucb1"].choose
choose.compiled(choose_signature())
print(choose.dispatcher.stats.cache_misses)
"""


def test_what_was_not_built_is_kept_in_the_ordinary_place(program: Path, tmp_path: Path) -> None:
    environment = {"PYTHONPATH": str(program), "BTM_CACHE_DIR": str(tmp_path), "NUMBA_CACHE_DIR": ""}
    for compiled in (True, False):
        told = subprocess.run(
            [sys.executable, "-c", NOT_BUILT],
            cwd=program,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert (told.stdout.strip() != "Counter()") == compiled
    assert list(folder_of(tmp_path / "numba").glob("ucb1.choose-*.nbc"))
    assert not list((program / ".machine-code").rglob("ucb1*"))


# What is not used


@pytest.fixture
def said() -> Iterator[list[logging.LogRecord]]:
    """What is logged meanwhile."""
    heard: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = heard.append  # type: ignore[assignment,method-assign]
    machine_code.log.addHandler(handler)
    yield heard
    machine_code.log.removeHandler(handler)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A whole folder, as a build leaves it, in place of the program's own."""
    monkeypatch.setattr(machine_code, "BUILT", tmp_path)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.delenv("NUMBA_CPU_NAME", raising=False)
    folder_of(tmp_path).mkdir()
    (folder_of(tmp_path) / "one.nbc").write_bytes(b"machine code")
    complete(tmp_path)
    yield tmp_path
    machine_code._checked.cache_clear()


def damage(folder: Path) -> None:
    (folder_of(folder) / "one.nbc").write_bytes(b"machine cod")


def lose(folder: Path) -> None:
    (folder_of(folder) / "one.nbc").unlink()


def interrupt(folder: Path) -> None:
    (folder / LIST).unlink()


def garble(folder: Path) -> None:
    (folder / LIST).write_text("[]")


def change(name: str) -> Callable[[Path], None]:
    def changed(folder: Path) -> None:
        told = json.loads((folder / LIST).read_text())
        told["maker"][name] = "another"
        (folder / LIST).write_text(json.dumps(told))

    changed.__name__ = f"another_{name}"
    return changed


SPOILT = [damage, lose, interrupt, garble, *map(change, ("source", "python", "numba", "llvmlite", "machine", "cpu"))]


def test_a_whole_folder_is_used(folder: Path, said: list[logging.LogRecord]) -> None:
    assert built_folder() == folder_of(folder)
    assert said == []


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda spoil: spoil.__name__)
def test_one_that_is_spoilt_or_foreign_is_not_and_the_log_says_so_once(
    folder: Path, spoil: Callable[[Path], None], said: list[logging.LogRecord]
) -> None:
    spoil(folder)
    assert built_folder() is None
    assert built_folder() is None
    (record,) = said
    assert (record.levelno, str(folder) in record.getMessage()) == (logging.WARNING, True)


def test_without_one_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[logging.LogRecord]
) -> None:
    monkeypatch.setattr(machine_code, "BUILT", tmp_path / "missing")
    assert built_folder() is None
    assert said == []


@pytest.mark.parametrize(("name", "value"), [("NUMBA_CPU_NAME", "skylake"), ("NUMBA_CACHE_DIR", "/elsewhere")])
def test_who_asks_for_another_cpu_or_place_gets_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert built_folder() is None


def test_a_spoilt_folder_costs_time_and_no_more(program: Path, tmp_path: Path) -> None:
    """Everything is compiled where it always was."""
    other = tmp_path / "app"
    shutil.copytree(program, other)
    (other / ".machine-code" / LIST).write_text("{}")
    script = NOT_BUILT.replace("ucb1", "ab_split")
    environment = {"PYTHONPATH": str(other), "BTM_CACHE_DIR": str(tmp_path / "cache"), "NUMBA_CACHE_DIR": ""}
    told = subprocess.run(
        [sys.executable, "-c", script],
        cwd=other,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stderr.count("is not used") == 1
    assert list((tmp_path / "cache").rglob("ab_split.choose-*.nbc"))


# Names


@native
def half(x: float) -> float:
    return x / 2


@native
def third(x: float) -> float:
    return x / 3


def part_of(x: float) -> float:
    return part(x)  # type: ignore[name-defined,no-any-return]  # noqa: F821  # bound by each copy


def test_copies_of_one_text_and_name_never_share_a_file() -> None:
    from engine.code_files import Locator

    copies: list[Native[..., float]] = [
        rebound(part_of, "same", part=half),
        rebound(part_of, "same", part=third),
        rebound(part_of, "same", part=half, LAW=1),
        rebound(part_of, "same", part=rebound(half.function, "half", inner=third)),
        rebound(part_of, "same", part=rebound(half.function, "half", inner=half)),
    ]
    names = [Locator(copy.function, __file__).get_disambiguator() for copy in copies]  # type: ignore[arg-type]
    assert len(set(names)) == len(copies)
    again = Locator(rebound(part_of, "same", part=half).function, __file__)  # type: ignore[arg-type]
    assert again.get_disambiguator() == names[0]


def test_files_are_named_without_any_path() -> None:
    from engine.code_files import Locator

    policy = engine.POLICIES["thompson"].choose
    one, other = (Locator(policy.function, file).get_disambiguator() for file in ("/build/a.py", "/app/a.py"))  # type: ignore[arg-type]
    assert one == other
    assert "/" not in one
