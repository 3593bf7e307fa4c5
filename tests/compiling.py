"""Every policy's machine code, made before the tests by a process for each core: ``python -m tests.compiling``.

Each process that runs tests would otherwise compile all of it for itself, while the others do the same.
"""

import subprocess
import sys

from engine.catalogue import POLICIES
from engine.executor import available_cores
from engine.native import machine_code_folder
from engine.simulation import warm
from tests.engine.rogues import PAIRS, compile_loops


def compile_share(first: int, cores: int) -> None:
    """Compile what falls to one of several processes."""
    warm(list(POLICIES)[first::cores], others=False)
    for choose, update in PAIRS[first::cores]:
        compile_loops(choose, update)


def compile_everything(cores: int) -> None:
    """Compile what is not on disk yet; raise CalledProcessError where that fails."""
    commands = [[sys.executable, "-m", "tests.compiling", str(first), str(cores)] for first in range(cores)]
    running = [subprocess.Popen(command) for command in commands]
    ended = [process.wait() for process in running]
    for command, code in zip(commands, ended, strict=True):
        if code:
            raise subprocess.CalledProcessError(code, command)
    note_complete()


def note_complete() -> None:
    """Spare the processes that tests start the look whether all is there: each would load everything for that."""
    folder = machine_code_folder()
    if folder is not None:
        (folder / f"complete-{sys.implementation.cache_tag}").touch()


if __name__ == "__main__":
    if sys.argv[1:]:
        compile_share(*map(int, sys.argv[1:]))
    else:
        compile_everything(available_cores())
