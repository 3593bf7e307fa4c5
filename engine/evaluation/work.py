"""The study of one log as a job: a campaign of one policy is written down, and judged against what is true."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import orjson

from engine.cache import AnswerCache, seconds_kept
from engine.evaluation.study import estimate_against_truth
from engine.jobs import Stage, engine_version
from engine.scenario import Scenario

STUDY = "study"
"""The kind of these jobs."""
MOST_SENDS = 10_000
"""Of the log, the first ones."""
SECONDS_A_SEND = 4e-4
"""Rough: the exact chances of a policy that draws from posteriors."""


@dataclass(frozen=True)
class StudyTask:
    """The whole of it: it takes a few seconds."""

    scenario: Scenario
    policy: int
    most: int

    def run(self) -> bytes:
        """Return what the log says, as JSON."""
        return orjson.dumps(estimate_against_truth(self.scenario, self.policy, most=self.most))


@dataclass(frozen=True)
class StudyWork:
    """What a log of the first campaign of a scenario says, made by one of its policies."""

    scenario: Scenario
    policy: int
    most: int = MOST_SENDS

    @property
    def kind(self) -> str:
        """Its family."""
        return STUDY

    @cached_property
    def key(self) -> str:
        """What the job is known by; how often the campaign is repeated makes no difference."""
        return f"{STUDY}-{engine_version()}-{self._one.digest()}-{self.policy}-{self.most}"

    @property
    def total(self) -> int:
        """Logs."""
        return 1

    @property
    def seconds(self) -> float:
        """Rough seconds that it takes on one core."""
        return min(self.most, self.scenario.sends) * SECONDS_A_SEND

    @property
    def seconds_kept(self) -> float | None:
        """What comes of somebody's own counts is not kept for ever."""
        return seconds_kept(self.scenario)

    def refuse_too_much(self) -> None:
        """A scenario is never too much for one log of so few sends."""

    def stages(self, answers: AnswerCache) -> list[Stage]:  # noqa: ARG002
        """Return the one stage."""
        return [_Study(StudyTask(self._one, self.policy, self.most))]

    @cached_property
    def _one(self) -> Scenario:
        return self.scenario.with_changes(replications=1)


class _Study:
    needed = 0
    share = 1.0

    def __init__(self, task: StudyTask) -> None:
        self._task = task
        self._told = b"null"
        self.done = 0

    @property
    def progress(self) -> float:
        return float(self.done)

    def tasks(self, workers: int) -> Iterator[StudyTask]:  # noqa: ARG002  # there is but one
        yield self._task

    def add(self, answer: bytes) -> None:
        self._told, self.done = answer, 1

    def told(self) -> bytes:
        return self._told
