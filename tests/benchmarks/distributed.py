"""A million sends in a thousand campaigns, spread over two workers through Redis; then again with one of them killed.

Prints what each worker did, and whether the digests are those of the same campaigns in this process alone.
"""

import argparse
import os
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import orjson

from engine import Scenario, simulate
from engine.cache import AnswerCache
from engine.jobs import Jobs, State
from engine.places import answer_store, board, executor, hands
from engine.result import Result
from engine.work import Work
from tests.servers import busy_seconds, kill, process_of, redis_server, until

RATES = (0.04, 0.045, 0.05, 0.035, 0.042)
PATIENCE_SECONDS = 3_600.0


def counted(_place: int, result: Result) -> bytes:
    """Say how many campaigns there are, and what they are."""
    return orjson.dumps({"campaigns": result.scenario.replications, "digest": result.digest()})


def spread(scenario: Scenario, *, kills: bool) -> str:
    """Run it on two workers, print what they did, and return the digest."""
    with tempfile.TemporaryDirectory() as folder, redis_server(Path(folder)) as redis, ExitStack() as stack:
        variables = {"REDIS_URL": redis.url, "BTM_WORKER_TASKS": "1", "BTM_CACHE_DIR": f"{folder}/cache"}
        log = Path(folder) / "worker.log"
        workers = [stack.enter_context(process_of("worker", log, **variables)) for _ in range(2)]
        os.environ["REDIS_URL"] = redis.url
        until(lambda: hands() == len(workers), "both workers are there")
        before = [busy_seconds(worker) for worker in workers]
        jobs, work = Jobs(board(), executor(), AnswerCache(answer_store())), Work("bench", "1", (scenario,), counted)
        begun = time.perf_counter()
        jobs.start(work, "ann")
        if kills:
            until(lambda: jobs.follow(work, "ann").share > 0.4, "nearly half is done", PATIENCE_SECONDS)
            kill(workers.pop())
            print(f"  one worker killed after {time.perf_counter() - begun:.1f} s")
        until(lambda: jobs.follow(work, "ann").state is not State.RUNNING, "the job ends", PATIENCE_SECONDS)
        ended = jobs.follow(work, "ann")
        took = [busy_seconds(worker) - earlier for worker, earlier in zip(workers, before, strict=False)]
        print(
            f"  {ended.state}, {time.perf_counter() - begun:.1f} s; core-seconds of the workers left:",
            [round(t, 1) for t in took],
        )
        del os.environ["REDIS_URL"]
        return str(orjson.loads(ended.content)[0]["digest"])


def main() -> None:
    """Run it and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sends", type=int, default=1_000_000)
    parser.add_argument("--campaigns", type=int, default=1_000)
    asked = parser.parse_args()
    scenario = Scenario.from_dict(
        {
            "arms": [{"name": f"Line {rate}", "rate": rate} for rate in RATES],
            "policies": [{"name": "ab_split"}, {"name": "epsilon_greedy"}, {"name": "ucb1"}],
            "sends": asked.sends,
            "replications": asked.campaigns,
        }
    )
    begun = time.perf_counter()
    alone = simulate(scenario).digest()
    print(f"in this process: {time.perf_counter() - begun:.1f} s, digest {alone[:16]}")
    print("on two workers:")
    print("  the same digest:", spread(scenario, kills=False) == alone)
    print("on two workers, of which one is killed:")
    print("  the same digest:", spread(scenario, kills=True) == alone)


if __name__ == "__main__":
    main()
