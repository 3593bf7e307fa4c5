"""Every policy's machine code, made before the tests by a process for each core: ``python -m tests.compiling``.

Each process that runs tests would otherwise compile all of it for itself, while the others do the same.
"""

import subprocess
import sys

from engine.catalogue import POLICIES
from engine.executor import available_cores

WARM = "import sys; from engine.simulation import warm; warm(sys.argv[1:], others=False)"


def shares(cores: int) -> list[list[str]]:
    """Deal the policies out, no process without any."""
    names = list(POLICIES)
    return [names[first::cores] for first in range(min(cores, len(names)))]


def compile_everything(cores: int) -> None:
    """Compile what is not on disk yet; raise CalledProcessError where that fails."""
    commands = [[sys.executable, "-c", WARM, *share] for share in shares(cores)]
    running = [subprocess.Popen(command) for command in commands]
    ended = [process.wait() for process in running]
    for command, code in zip(commands, ended, strict=True):
        if code:
            raise subprocess.CalledProcessError(code, command)


if __name__ == "__main__":
    compile_everything(available_cores())
