"""How fast the engine is beside public bandit libraries, each used the fastest way it offers, all on one core.

Installs the pinned libraries into an environment that it makes in a temporary folder and removes again, so it needs
the package index, 500 MB of disk and about eight minutes; without the index it says so and measures nothing.
``--keep FOLDER`` leaves the environment there and uses it the next time.

Every contestant sends the same: five lines, campaigns of 10,000 sends, an update after each. *Alone* is no more than
that: choosing and updating. *As used* is with the bookkeeping of the library's own simulator, and it is what
`engine.simulate` compares with, which keeps books as well. Times are the processor's, because a busy machine stretches
those of the clock unevenly; a ratio is the median over nine rounds, in which everybody takes a turn. The regret tells
whether a library runs the same algorithm.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from math import hypot, sqrt
from pathlib import Path
from typing import Any, Self

import numpy as np

import engine
from engine.simulation import warm
from tests.benchmarks.programs.answering import MARK, timed
from tests.benchmarks.speed import RATES, REPLICATIONS, ROUNDS, SENDS, engine_run

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).with_name("programs")
REQUIREMENTS = PROGRAMS / "requirements.txt"
LIBRARIES = {"pymab": "PyMAB", "smpybandits": "SMPyBandits", "mabby": "mabby", "mabwiser": "MABWiser"}
USES = {"alone": "alone", "as_used": "as used"}
POLICIES = ("epsilon_greedy", "thompson")
EPSILON = 0.1
TURN_SECONDS, MOST_CAMPAIGNS = 1.0, 100
SAME = 5.0  # standard errors; of nine rounds, so that the same algorithm is beyond them once in a thousand


@dataclass
class Contestant:
    """A way to use a library, and what its rounds gave."""

    library: str
    use: str
    campaigns: int
    speeds: list[float] = field(default_factory=list)  # sends a second
    ratios: list[float] = field(default_factory=list)  # engine's speed / library's
    regrets: list[float] = field(default_factory=list)  # means of a round


class Program:
    """One of the programs beside this file, running in the environment of the libraries."""

    def __init__(self, python: Path, library: str) -> None:
        self.process = subprocess.Popen(
            [python, "-m", f"tests.benchmarks.programs.{library}"],
            cwd=ROOT,
            env={"MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()

    def run(self, policy: str, use: str, campaigns: int, seed: int) -> tuple[float, float]:
        """Return sends a second, and the mean regret of a campaign."""
        task = {"policy": policy, "use": use, "rates": RATES, "epsilon": EPSILON}
        ran = self.ask(task | {"sends": SENDS, "campaigns": campaigns, "seed": seed})
        return campaigns * SENDS / ran["seconds"], ran["regret"]

    def ask(self, task: dict[str, Any]) -> dict[str, float]:
        """Send a task and wait for its answer; what the library itself prints is skipped."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps(task), file=self.process.stdin, flush=True)
        printed = []
        for line in self.process.stdout:
            if line.startswith(MARK):
                answer: dict[str, float] = json.loads(line.removeprefix(MARK))
                return answer
            printed.append(line)
        raise RuntimeError("".join(printed[-20:]))


def main() -> None:
    """Print a table a policy, a row for each use of a library."""
    parser = argparse.ArgumentParser(description="The engine beside public libraries.")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the environment stays for the next time")
    with environment(parser.parse_args().keep) as python:
        if python is not None:
            compare(python)


@contextmanager
def environment(kept: Path | None) -> Iterator[Path | None]:
    """Yield the Python that has the libraries, or None after saying why there is none."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = kept or Path(temporary)
        python, installed = folder / "bin" / "python", folder / REQUIREMENTS.name
        if installed.exists() and installed.read_bytes() == REQUIREMENTS.read_bytes():
            yield python
            return
        print("Installing the libraries", flush=True)
        refusal = install(folder, python)
        if refusal:
            print(f"Not measured: pip cannot install the libraries. It says: {refusal}")
            yield None
            return
        shutil.copy(REQUIREMENTS, installed)
        yield python


def install(folder: Path, python: Path) -> str:
    """Make the environment; return pip's last line when it fails, else nothing."""
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    quickly = ["--quiet", "--disable-pip-version-check", "--timeout", "15", "--retries", "1", "--only-binary", ":all:"]
    command = [str(python), "-m", "pip", "install", *quickly, "-r", str(REQUIREMENTS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr.strip().rpartition("\n")[2] if done.returncode else ""


def compare(python: Path) -> None:
    """Run everything in turns and print the tables."""
    warm()
    with ExitStack() as stack:
        programs = {library: stack.enter_context(Program(python, library)) for library in LIBRARIES}
        print(f"{len(RATES)} lines, {SENDS:,} sends, one core; medians of {ROUNDS} rounds in turns")
        for policy in POLICIES:
            compare_policy(policy, programs)


def compare_policy(policy: str, programs: dict[str, Program]) -> None:
    """Print the table of one policy."""
    run = engine_run(policy, threads=1)
    contestants = [prepared(policy, library, use, program) for library, program in programs.items() for use in USES]
    speeds = []
    for round_ in range(ROUNDS):
        for contestant in contestants:
            speeds.append(REPLICATIONS * SENDS / timed(run)[0])
            take_turn(contestant, programs[contestant.library], policy, round_, speeds[-1])
    regrets = run().regret[0, :, -1]
    print(f"\n{engine.POLICIES[policy].title}")
    print(f"{'':14}{'':10}{'1,000 sends a second':>22}{'engine / it':>13}{'regret':>8}{'±':>7}")
    print(row("this engine", "", statistics.median(speeds), None, mean_and_error(regrets)))
    for contestant in contestants:
        print(row_of(contestant, mean_and_error(regrets)))


def prepared(policy: str, library: str, use: str, program: Program) -> Contestant:
    """Warm up, then see how many campaigns make a turn."""
    program.run(policy, use, campaigns=1, seed=0)
    speed, _ = program.run(policy, use, campaigns=1, seed=0)
    return Contestant(library, use, campaigns=min(MOST_CAMPAIGNS, max(1, round(TURN_SECONDS * speed / SENDS))))


def take_turn(contestant: Contestant, program: Program, policy: str, round_: int, engine_speed: float) -> None:
    """Run a library right after the engine."""
    speed, regret = program.run(policy, contestant.use, contestant.campaigns, seed=1 + round_)
    contestant.speeds.append(speed)
    contestant.ratios.append(engine_speed / speed)
    contestant.regrets.append(regret)


def mean_and_error(values: Any) -> tuple[float, float]:
    """Return the mean and its standard error."""
    return float(np.mean(values)), float(np.std(values, ddof=1)) / sqrt(len(values))


def row_of(contestant: Contestant, ours: tuple[float, float]) -> str:
    """Write the line of a library, which says so when its regret is not ours."""
    mean, error = theirs = mean_and_error(contestant.regrets)
    speed, ratio = statistics.median(contestant.speeds), statistics.median(contestant.ratios)
    line = row(LIBRARIES[contestant.library], USES[contestant.use], speed, ratio, theirs)
    differs = abs(mean - ours[0]) > SAME * hypot(error, ours[1])
    return line + ("  another algorithm" if differs else "")


def row(who: str, use: str, speed: float, ratio: float | None, regret: tuple[float, float]) -> str:
    """Write one line of the table."""
    against = f"{ratio:13,.1f}" if ratio else f"{'':13}"
    return f"{who:14}{use:10}{speed / 1000:22,.1f}{against}{regret[0]:8.1f}{regret[1]:7.1f}"


if __name__ == "__main__":
    main()
