"""Work of a job that is simulated: scenarios, one after the other, and what is said of each one's campaigns."""

import hashlib
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from engine.blocks import Block, BlockTask, Part, kept_checkpoints
from engine.cache import AnswerCache, seconds_kept
from engine.collector import Collector
from engine.errors import WorkError
from engine.jobs import Stage, engine_version
from engine.result import Result
from engine.rounds import Rounds
from engine.scenario import Scenario

MOST_WORK = 10_000_000_000
"""Sends of all policies and campaigns together that one job may take: some 20 minutes on two cores."""

FIRST_ROUND_SECONDS = 0.15
ROUND_SECONDS = 0.3
"""Time that the blocks of one round take together, so that something comes out soon, and again and again."""

KEPT_ABOVE_SECONDS = 10.0
"""Of work that takes longer on one core, what is done is kept for whoever takes it over."""


@dataclass(frozen=True)
class Work:
    """Scenarios that are simulated, one after the other, and what is said of each one's campaigns.

    `summarise` returns JSON; it is called again and again while campaigns come in. Its source must be part of
    `version`, so that nobody is shown what an earlier version made. Of the scenarios at the places `ends_only` it looks
    at nothing but the last checkpoint: then no other is kept, which takes a hundredth of the memory.
    """

    kind: str
    version: str
    scenarios: tuple[Scenario, ...]
    summarise: Callable[[int, Result], bytes]
    ends_only: Collection[int] = ()

    @cached_property
    def key(self) -> str:
        """What the job is known by."""
        digests = hashlib.sha256("".join(scenario.digest() for scenario in self.scenarios).encode()).hexdigest()
        return f"{self.kind}-{self.version}-{engine_version()}-{digests}"

    @property
    def sends(self) -> int:
        """Sends of all scenarios, policies and campaigns together."""
        return sum(_sends(scenario) for scenario in self.scenarios)

    @property
    def total(self) -> int:
        """Campaigns of all scenarios."""
        return sum(scenario.replications for scenario in self.scenarios)

    @property
    def seconds(self) -> float:
        """Rough seconds that it takes on one core."""
        return sum(scenario.estimated_seconds for scenario in self.scenarios)

    @property
    def seconds_kept(self) -> float | None:
        """What comes of somebody's own counts is not kept for ever."""
        return seconds_kept(*self.scenarios)

    def refuse_too_much(self) -> None:
        """Raise WorkError, with what would fit, when it is above `MOST_WORK`."""
        if self.sends <= MOST_WORK:
            return
        campaigns = self.scenarios[0].replications
        fits = max(1, int(MOST_WORK / self.sends * campaigns))
        raise WorkError(
            f"replications: got {campaigns:,}, which is {self.sends:,} sends of all policies together; "
            f"at most {MOST_WORK:,} are simulated at once. Enter {fits:,} or fewer, or fewer sends or policies."
        )

    def stages(self, answers: AnswerCache) -> list[Stage]:
        """Return one stage for each scenario."""
        is_long = self.seconds > KEPT_ABOVE_SECONDS
        return [
            _Campaigns(self, place, Rounds(answers, f"{self.key}-{place}") if is_long else None)
            for place in range(len(self.scenarios))
        ]


class _Campaigns:
    """The campaigns of one scenario, which come in by rounds."""

    def __init__(self, work: Work, place: int, rounds: Rounds | None) -> None:
        self._work = work
        self._place = place
        self._rounds = rounds
        self._scenario = work.scenarios[place]
        self._pace: _Pace | None = None
        self._ends_only = place in work.ends_only
        checkpoints = kept_checkpoints(self._scenario, ends_only=self._ends_only)
        self.needed = self._scenario.checkpoint_bytes * len(checkpoints)
        self.share = _sends(self._scenario) / work.sends

    @cached_property
    def _collector(self) -> Collector:
        return Collector(self._scenario, ends_only=self._ends_only)

    @property
    def done(self) -> int:
        """Campaigns that are there for every policy."""
        return self._collector.done

    @property
    def progress(self) -> float:
        """The same as a share of all campaigns."""
        return self.done / self._scenario.replications

    def tasks(self, workers: int) -> Iterator[BlockTask]:
        """Yield blocks: in each round, every policy runs the same campaigns."""
        for parts in self._rounds.recalled() if self._rounds else ():
            for part in parts:
                self._collector.add(part)
        pace = self._pace = _Pace(self._scenario, workers, self.done)
        blocks = _blocks(self._scenario, pace, self.done)
        return (BlockTask(self._scenario, block, self._ends_only) for block in blocks)

    def add(self, answer: Part) -> None:
        """Take in a block."""
        for parts in self._collector.add(answer):
            if self._rounds:
                self._rounds.keep(parts)
        if self._pace is not None:
            self._pace.measure(self.done)

    def told(self) -> bytes:
        """Return what is said of the campaigns so far."""
        return self._work.summarise(self._place, self._collector.so_far()) if self.done else b"null"


class _Pace:
    """How many campaigns a round should have, so that rounds take about the same time whatever they hold."""

    def __init__(self, scenario: Scenario, workers: int, before: int) -> None:
        one = scenario.estimated_seconds / scenario.replications / workers
        self._expected = max(one, 1e-6)
        self._start = time.monotonic()
        self._before = self._done = before

    def measure(self, done: int) -> None:
        """Take note that so many campaigns are done."""
        if done > self._done:
            self._done = done
            self._expected = max((time.monotonic() - self._start) / (done - self._before), 1e-6)

    def campaigns(self) -> int:
        """Return how many campaigns the next round should have."""
        seconds = ROUND_SECONDS if self._done > self._before else FIRST_ROUND_SECONDS
        return max(1, int(seconds / self._expected))


def _blocks(scenario: Scenario, pace: _Pace, first: int) -> Iterator[Block]:
    """Yield the blocks of one round after the other: in each, every policy runs the same campaigns."""
    while first < scenario.replications:
        count = min(pace.campaigns(), scenario.replications - first)
        for policy in range(len(scenario.policies)):
            yield Block(policy, first, count)
        first += count


def _sends(scenario: Scenario) -> int:
    return scenario.sends * scenario.replications * len(scenario.policies)
