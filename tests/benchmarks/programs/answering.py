"""What the programs beside this file share: a task comes in as a line of JSON, its answer goes out as one.

They run in an environment of their own, so nothing here may import the engine.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, TypeVar

import numpy as np

MARK = "answer: "  # libraries print too; lines without this mark are theirs

Outcome = TypeVar("Outcome")
Choose: TypeAlias = Callable[[], int]
Update: TypeAlias = Callable[[int, int], Any]  # line, response


@dataclass(frozen=True)
class Task:
    """Campaigns of one policy, updated after every send; epsilon is for epsilon-greedy only."""

    policy: str
    rates: list[float]
    epsilon: float
    sends: int
    campaigns: int
    seed: int

    def regret(self, sent: Sequence[int]) -> float:
        """Return the expected regret of so many sends of each line."""
        return sum(count * (max(self.rates) - rate) for count, rate in zip(sent, self.rates, strict=True))


class Ran(NamedTuple):
    """Processor seconds of all campaigns of a task, and their mean expected regret."""

    seconds: float
    regret: float


def serve(**uses: Callable[[Task], Ran]) -> None:
    """Answer tasks until there are no more; their ``use`` names one of the functions."""
    for line in sys.stdin:
        asked = json.loads(line)
        run = uses[asked.pop("use")]
        print(MARK + json.dumps(run(Task(**asked))._asdict()), flush=True)


def timed(work: Callable[[], Outcome]) -> tuple[float, Outcome]:
    """Return processor seconds and what came out; waiting for other programs of the machine does not count."""
    start = time.process_time()
    outcome = work()
    return time.process_time() - start, outcome


def bare_loop(task: Task, begin: Callable[[np.random.Generator], tuple[Choose, Update]]) -> Ran:
    """Choose and update and nothing else, all responses drawn beforehand; `begin` starts a campaign."""
    rng = np.random.default_rng(task.seed)
    seconds = regret = 0.0
    for _ in range(task.campaigns):
        responses = (rng.random((task.sends, len(task.rates))) < task.rates).astype(int).tolist()
        choose, update = begin(rng)
        start = time.process_time()
        sent = send_all(choose, update, responses)
        seconds += time.process_time() - start
        regret += task.regret(sent)
    return Ran(seconds, regret / task.campaigns)


def send_all(choose: Choose, update: Update, responses: list[list[int]]) -> list[int]:
    """Return the sends of each line."""
    sent = [0] * len(responses[0])
    for recipient in responses:
        line = choose()
        update(line, recipient[line])
        sent[line] += 1
    return sent
