"""Compiling everything before somebody asks.

Numba keeps what it needed for compiling: all policies at once take half a gigabyte more than loading them from disk. So
a few at a time are compiled in processes of their own, and the one that serves only loads what they have left on disk.
A host's build can do that once for all that run: `python -m engine.warming --build`.
"""

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from engine import drift
from engine.catalogue import POLICIES
from engine.evaluation import learning
from engine.executor import available_cores
from engine.machine_code import BUILT, CPU, built_folder, complete
from engine.native import machine_code_folder
from engine.presets import DEFAULT, PRESETS
from engine.scenario import Scenario
from engine.simulation import simulate, warm
from engine.stresses import STRESSES, stressed

log = logging.getLogger(__name__)

AT_A_TIME = 2
"""Policies compiled by one process: about 100 MB more than the loop alone."""

MOST_SECONDS = 300
MOST_SECONDS_OF_A_BUILD = 1_800
MOST_AT_ONCE = 4

OTHERWISE: Final[list[dict[str, Any]]] = [
    {"arms": [{"name": "A"}, {"name": "B"}]},
    {"arms": [{"name": "A"}, {"name": "B"}], "world": {"name": "stationary", "draw": "beta"}},
    {"arms": [{"name": name, "history": {"sends": 500, "conversions": 20}} for name in "AB"]},
    {"world": {"name": "change_point"}},
    {"shocks": {}},
]
"""Changes to the default scenario that no preset and no stress makes."""

BUILD = "--build"
REST = "--rest"


def prepare(first: Collection[str] = ()) -> None:
    """Have compiled what is not on disk yet, `first` policies first, and load these.

    The others are loaded when somebody asks for them: each takes 30 ms and 1 MB.
    """
    folder = machine_code_folder() if built_folder() is None else None
    if folder is not None:
        _see_to_all(folder, [*first, *(name for name in POLICIES if name not in first)])
    warm(first, others=False)
    drift.warm()


def _see_to_all(folder: Path, names: list[str]) -> None:
    """Let all be compiled, unless they are; of several processes that begin together, one sees to it."""
    done = folder / f"complete-{sys.implementation.cache_tag}"
    with FileLock(folder / "compiling.lock"):
        if not done.exists() and _compile_elsewhere(names):
            done.touch()


def _compile_elsewhere(names: list[str]) -> bool:
    """Return whether other processes have compiled all of these policies."""
    try:
        for some in _few(names):
            _compile(some)
    except (OSError, subprocess.SubprocessError) as trouble:
        log.warning("Nothing is compiled in advance, each run compiles what it needs: %s", trouble)
        return False
    return True


def _few(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), AT_A_TIME):
        yield names[start : start + AT_A_TIME]


def _compile(asked: Iterable[str], seconds: float = MOST_SECONDS, **environment: str) -> None:
    command = [sys.executable, "-m", "engine.warming", *asked]
    subprocess.run(  # noqa: S603  # this very module, with names from the registry
        command, cwd=Path(__file__).parents[1], check=True, timeout=seconds, env=os.environ | environment
    )


def build(folder: Path = BUILT, names: Iterable[str] = POLICIES, *, rest: bool = True) -> None:
    """Compile for a plain CPU, into a folder that moves along with the program and needs no writing.

    Args:
        folder: where to.
        names: the policies.
        rest: also what worlds, guardrails, delays and logs of decisions take.

    Raises:
        OSError: the folder cannot be written.
        SubprocessError: something cannot be compiled, or takes too long.
    """
    shutil.rmtree(folder, ignore_errors=True)
    code = {"NUMBA_CACHE_DIR": str(folder), "NUMBA_CPU_NAME": CPU, "NUMBA_CPU_FEATURES": ""}

    def compile_these(asked: list[str]) -> None:
        _compile(asked, MOST_SECONDS_OF_A_BUILD, **code)

    compile_these([])  # what all need comes first, so that it is compiled once
    with ThreadPoolExecutor(min(available_cores(), MOST_AT_ONCE)) as pool:
        list(pool.map(compile_these, [*([[REST]] if rest else []), *_few(list(names))]))
    size = complete(folder)
    log.info("The machine code is in %s: %.1f MB.", folder, size / 1e6)


def _rest() -> None:
    """Compile what policies and the loop do not take, but some scenario does: by running each of the usual ones."""
    drift.warm()
    learning.warm(POLICIES)
    for scenario in _usual():
        simulate(scenario.with_changes(policies=[{"name": "ab_split"}], replications=2))


def _usual() -> Iterator[Scenario]:
    """Yield scenarios that together call all that is compiled apart from policies and the loop."""
    default = PRESETS[DEFAULT].scenario
    yield from (preset.scenario for preset in PRESETS.values())
    yield from (other for name in STRESSES if (other := stressed(default, name).scenario) is not None)
    yield from (default.with_changes(**changes) for changes in OTHERWISE)


def main(arguments: list[str]) -> None:
    """Do what the command line says: build, or compile these policies."""
    if arguments == [BUILD]:
        logging.basicConfig(level=logging.INFO, format="%(message)s")
        build()
        return
    os.nice(5)  # whoever asks meanwhile comes first
    if arguments == [REST]:
        _rest()
    else:
        warm(arguments, others=False)


if __name__ == "__main__":
    main(sys.argv[1:])
