"""How long a comparison of eight policies takes as a job, how soon its first figures come, and what memory it needs.

Run it with `make bench`. The time is told as a ratio to what the policies take one by one, each alone on the same two
cores in the same run. Memory is that of a fresh process for each case, above the same process before the job.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import engine
from engine.board import DiskBoard
from engine.cache import AnswerCache
from engine.executor import ThreadExecutor
from engine.jobs import Jobs, State, Status
from engine.result import Result
from engine.simulation import warm
from engine.work import Work

RATES = (0.04, 0.05, 0.06, 0.07, 0.09)
MOST_POLICIES = 8
ROUNDS = 9
LOOK_SECONDS = 0.005
MEGABYTE = 1e6

MEMORY = ((8, 10_000, 10_000), (2, 10_000, 1_000), (2, 1_000_000, 1_000))
"""Policies, sends, campaigns."""


def main() -> None:
    """Print three tables: time, first figures, memory."""
    if len(sys.argv) > 1:
        print(json.dumps(memory_of(*map(int, sys.argv[1:]))))
        return
    warm()
    names = compared()
    print(f"{len(names)} policies, 1,000 campaigns of 10,000 sends: {', '.join(names)}")
    ratios, firsts = [], []
    for _ in range(ROUNDS):
        alone = sum(taken(question([name], 10_000, 1_000)) for name in names)
        together, first = job_times(question(names, 10_000, 1_000))
        ratios.append(together / alone)
        firsts.append(first)
    print(f"  job / policies one by one   {statistics.median(ratios):.2f}   (median of {ROUNDS}, interleaved)")
    print(f"  first figures after         {statistics.median(firsts):.2f} s")
    for case in MEMORY:
        fresh = subprocess.run([sys.executable, __file__, *map(str, case)], capture_output=True, text=True, check=True)
        title = "{} policies x {:,} sends x {:,} campaigns".format(*case)
        print(f"  {title:48}{json.loads(fresh.stdout):6.0f} MB above the process before")


def compared() -> list[str]:
    """Return the policies that are compared: the first eight that are no reference."""
    return [name for name, spec in engine.POLICIES.items() if not spec.is_reference][:MOST_POLICIES]


def question(names: list[str], sends: int, replications: int) -> engine.Scenario:
    """Return the scenario with some policies."""
    return engine.Scenario.from_dict(
        {
            "arms": [{"name": f"line {i}", "rate": rate} for i, rate in enumerate(RATES)],
            "policies": [{"name": name} for name in names],
            "sends": sends,
            "replications": replications,
        }
    )


def taken(scenario: engine.Scenario) -> float:
    """Return the seconds of one plain simulation."""
    start = time.perf_counter()
    engine.simulate(scenario)
    return time.perf_counter() - start


def job_times(scenario: engine.Scenario) -> tuple[float, float]:
    """Return the seconds of the whole job, and those until its first figures."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = Jobs(DiskBoard(Path(folder)), ThreadExecutor(), AnswerCache(Path(folder)))
        work = Work("benchmark", "1", (scenario,), counted)
        start = time.perf_counter()
        status, first = jobs.start(work, "visitor"), None
        while status.state is State.RUNNING:
            time.sleep(LOOK_SECONDS)
            status = jobs.follow(work, "visitor")
            first = first or elapsed_when_counted(status, start)
        return time.perf_counter() - start, first or float("nan")


def elapsed_when_counted(status: Status, start: float) -> float | None:
    """Return the seconds since the start, once there are figures."""
    return time.perf_counter() - start if status.counted else None


def counted(_place: int, result: Result) -> bytes:
    """Say what a page says of campaigns so far."""
    return str(result.scenario.replications).encode()


def memory_of(policies: int, sends: int, replications: int) -> float:
    """Return the megabytes that a job needs at most, above what the process needed before."""
    warm()
    before, most, done = resident(), 0.0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(LOOK_SECONDS):
            most = max(most, resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    job_times(question(compared()[:policies], sends, replications))
    done.set()
    watcher.join()
    return (most - before) / MEGABYTE


def resident() -> int:
    """Return the bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
