"""How long a stress test takes as a job, and how soon its first column is there, against what single speeds imply.

Run it with `make bench`. Eight policies, every stress, 400 campaigns of 10,000 sends, on every core of this machine. The
total is told beside the time that the stressed scenarios take simulated one by one, each alone, in the same run.
"""

import tempfile
import time
from pathlib import Path

from components.pages.stress.work import EVERY, columns, work_of
from engine import POLICIES, Scenario, simulate
from engine.board import DiskBoard
from engine.cache import AnswerCache
from engine.executor import ThreadExecutor, available_cores
from engine.jobs import Jobs, State
from engine.simulation import warm

RATES = (0.04, 0.05, 0.06, 0.07, 0.09)
MOST_POLICIES = 8
SENDS, CAMPAIGNS = 10_000, 400
LOOK_SECONDS = 0.005


def main() -> None:
    """Print a line a stress, the sum, and the job."""
    warm()
    asked = question()
    work = work_of(asked)
    for scenario in work.scenarios:  # what is compiled on first use is compiled now
        simulate(scenario.with_changes(replications=2))
    names = ", ".join(policy.name for policy in asked.policies)
    print(
        f"{len(asked.policies)} policies, {len(work.scenarios)} stresses, {CAMPAIGNS} campaigns of {SENDS:,} sends: {names}"
    )
    alone = 0.0
    for column in columns(asked, EVERY):
        if column.scenario is not None:
            took = taken(column.scenario)
            alone += took
            print(
                f"  {column.stress.title:18}{took:6.2f} s   {work_in_millions(column.scenario) / took:6.1f} M sends/s"
            )
    figures, first, total = job_times(asked)
    print(f"  one by one        {alone:6.2f} s")
    print(f"  the job           {total:6.2f} s   {total / alone:.2f} of that, on {available_cores()} cores")
    print(f"  its first figures {figures:6.2f} s")
    print(f"  first column      {first:6.2f} s, complete")


def question() -> Scenario:
    """Return the scenario: the first eight policies that are no reference."""
    names = [name for name, spec in POLICIES.items() if not spec.is_reference][:MOST_POLICIES]
    return Scenario.from_dict(
        {
            "arms": [{"name": f"line {place}", "rate": rate} for place, rate in enumerate(RATES)],
            "policies": [{"name": name} for name in names],
            "sends": SENDS,
            "replications": CAMPAIGNS,
        }
    )


def taken(scenario: Scenario) -> float:
    """Return the seconds of one plain simulation, which uses every core."""
    start = time.perf_counter()
    simulate(scenario)
    return time.perf_counter() - start


def work_in_millions(scenario: Scenario) -> float:
    """Return the sends of all policies and campaigns together, in millions."""
    return scenario.sends * scenario.replications * len(scenario.policies) / 1e6


def job_times(scenario: Scenario) -> tuple[float, float, float]:
    """Return the seconds until the first column has figures, until it counts all campaigns, and until all is done."""
    with tempfile.TemporaryDirectory() as folder:
        executor = ThreadExecutor(available_cores())
        jobs = Jobs(DiskBoard(Path(folder)), executor, AnswerCache(Path(folder)))
        work, start, first = work_of(scenario), time.perf_counter(), [0.0, 0.0]
        status = jobs.start(work, "bench")
        while status.state is State.RUNNING:
            time.sleep(LOOK_SECONDS)
            status = jobs.follow(work, "bench")
            for place, enough in enumerate((1, scenario.replications)):
                if not first[place] and status.counted >= enough:
                    first[place] = time.perf_counter() - start
        executor.close()
        return first[0], first[1], time.perf_counter() - start


if __name__ == "__main__":
    main()
