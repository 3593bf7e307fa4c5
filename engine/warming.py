"""Compiling everything before somebody asks.

Numba keeps what it needed for compiling: all policies at once take half a gigabyte more than loading them from disk. So
a few at a time are compiled in processes of their own, and the one that serves only loads what they have left on disk.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from engine import drift
from engine.catalogue import POLICIES
from engine.native import machine_code_folder
from engine.simulation import warm

log = logging.getLogger(__name__)

AT_A_TIME = 2
"""Policies compiled by one process: about 100 MB more than the loop alone."""

MOST_SECONDS = 300


def prepare(first: Collection[str] = ()) -> None:
    """Compile what is not on disk yet, `first` policies first, and load everything."""
    folder = machine_code_folder()
    if folder is not None:
        done = folder / f"complete-{sys.implementation.cache_tag}"
        if not done.exists() and _compile_elsewhere([*first, *(name for name in POLICIES if name not in first)]):
            done.touch()
    warm(first)
    drift.warm()


def _compile_elsewhere(names: list[str]) -> bool:
    """Return whether other processes have compiled all of these policies."""
    for start in range(0, len(names), AT_A_TIME):
        command = [sys.executable, "-m", "engine.warming", *names[start : start + AT_A_TIME]]
        try:
            subprocess.run(  # noqa: S603  # this very module, with names from the registry
                command, cwd=Path(__file__).parents[1], check=True, timeout=MOST_SECONDS
            )
        except (OSError, subprocess.SubprocessError) as trouble:
            log.warning("Nothing is compiled in advance, each run compiles what it needs: %s", trouble)
            return False
    return True


if __name__ == "__main__":
    os.nice(5)  # whoever asks meanwhile comes first
    warm(sys.argv[1:], others=False)
