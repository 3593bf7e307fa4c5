"""A log as a job: the campaign, then its chances in pieces, then what is said of them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypedDict

import numpy as np
import orjson

from engine.blocks import Block, run_block
from engine.cache import AnswerCache
from engine.guarded import MOST_NUMBERS, chances
from engine.jobs import Stage
from engine.logs.checks import ChanceCheck, Deviations, LineEstimate, line_estimates
from engine.logs.parts import ChancesTask, LogOf, SendsTask
from engine.logs.store import Columns, LogStore
from engine.packing import unpacked
from engine.plan import PAUSED, STOPPED_AT, WINNER
from engine.rails import BY_RANK

KIND: Final = "log"
"""The kind of these jobs."""

A_SEND: Final = 80
"""Bytes of memory that each send takes while it is written down."""
CAMPAIGN_SHARE: Final = 0.01
CHANCES_AGAIN: Final = 200
"""Of a log that is made again, so many chances are."""
AGREE: Final = 2e-6
"""What is promised of an integral, and of its rounding."""


class Decided(TypedDict):
    """How many sends somebody decided."""

    by: int  # place in `engine.rails.BY_RANK`, -1 for the policy
    name: str
    sends: int


class Events(TypedDict):
    """What guardrails did once and for all."""

    paused: list[tuple[int, int]]  # line, and the number of sends of the campaign after which it was taken out
    stopped_at: int | None  # sends after which the rest went to the winner
    winner: int | None


class LogSummary(TypedDict):
    """What is said of a log, in plain JSON types."""

    contacts: int
    sends: int  # e-mails: contacts less those that a frequency cap left out
    conversions: int
    value: float  # what the campaign brought, in the unit of the goal
    decided: list[Decided]
    check: ChanceCheck | None
    lines: list[LineEstimate]
    events: Events
    digest: str


@dataclass(frozen=True)
class LogWork:
    """Makes a log and keeps it; the content tells of it."""

    log: LogOf
    answers: AnswerCache

    @property
    def kind(self) -> str:
        """The kind of these jobs."""
        return KIND

    @property
    def key(self) -> str:
        """What the job is known by."""
        return f"{self.log.key}-summary"

    @property
    def total(self) -> int:
        """Recipients."""
        return self.log.scenario.sends

    @property
    def seconds(self) -> float:
        """Rough seconds that it takes on one core."""
        return self.log.seconds

    @property
    def seconds_kept(self) -> float | None:
        """How long it is kept; None: as long as there is room."""
        return self.log.seconds_kept

    def refuse_too_much(self) -> None:
        """Raise WorkError, with what would fit, for a log that is too large to be kept."""
        self.log.refuse_too_much()

    def stages(self, answers: AnswerCache) -> list[Stage]:  # noqa: ARG002
        """Return the two stages."""
        store = LogStore(self.log, self.answers)
        return [_SendsStage(store), _ChancesStage(store)]


class _SendsStage:
    """The campaign itself: one task."""

    share = CAMPAIGN_SHARE
    done = 0

    def __init__(self, store: LogStore) -> None:
        self._store = store
        self.needed = A_SEND * store.log.scenario.sends
        self.progress = 0.0

    def tasks(self, workers: int) -> Iterator[SendsTask]:  # noqa: ARG002
        task = SendsTask(self._store.log)
        if self._store.has(task):
            self.progress = 1.0
            return iter(())
        return iter((task,))

    def add(self, answer: bytes) -> None:
        self._store.keep(SendsTask(self._store.log), answer)
        self.progress = 1.0

    def told(self) -> bytes:
        return b"null"


class _ChancesStage:
    """The chances of all sends, of which those that are there already are not worked out again."""

    share = 1.0 - CAMPAIGN_SHARE

    def __init__(self, store: LogStore) -> None:
        self._store = store
        self.needed = 2 * 8 * MOST_NUMBERS + A_SEND * store.log.scenario.sends
        self._by_first = {task.first: task for task in store.log.pieces()}
        self.done = 0

    @property
    def progress(self) -> float:
        return self.done / self._store.log.scenario.sends

    def tasks(self, workers: int) -> Iterator[ChancesTask]:  # noqa: ARG002
        missing = [task for task in self._by_first.values() if not self._store.has(task)]
        self.done = self._store.log.scenario.sends - sum(task.count for task in missing)
        return iter(missing)

    def add(self, answer: bytes) -> None:
        task = self._by_first[int(unpacked(answer)["first"])]
        self._store.keep(task, answer)
        self.done += task.count

    def told(self) -> bytes:
        return orjson.dumps(summary_of(self._store)) if self.progress >= 1.0 else b"null"


def summary_of(store: LogStore) -> LogSummary:
    """Return what is said of a log all of whose parts are there, or can be worked out."""
    sends = store.sends()
    found, reached = Deviations(store.log.lines), np.zeros(store.log.lines)
    for rows, every in store.by_piece():
        found.add(every, sends["arm"][rows])
        reached += (every > 0.0).sum(axis=0)
    gained = sends["value" if "value" in sends else "answer"]
    return {
        "contacts": store.log.scenario.sends,
        "sends": len(store),
        "conversions": int(sends["answer"].sum()),
        "value": round(float(gained.sum(dtype=np.float64)), 2),
        "decided": _decided(store),
        "check": found.check(),
        "lines": line_estimates(store, reached),
        "events": _events(store),
        "digest": digest_of(sends),
    }


def digest_of(columns: Columns) -> str:
    """Return the sha256 (64 hex digits) of every send: who got which line, who decided, and what came of it.

    The chances follow from it; they are left out because the last digits of an integral differ between CPUs.
    """
    digest = hashlib.sha256()
    for name, array in columns.items():
        digest.update(name.encode())
        digest.update(array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes())
    return digest.hexdigest()


class Rerun(TypedDict):
    """What came out when a campaign was made again."""

    digest: str
    is_same: bool  # the digest, and the chances that were worked out again
    chances: int  # how many of these


def run_again(store: LogStore, digest: str) -> Rerun:
    """Simulate a campaign again, and some of its chances, without a look at what is kept; compare them with the log."""
    log = store.log
    found, there = log.sends(), store.sends()["send"]
    rows = np.unique(np.linspace(0, len(there) - 1, min(len(there), CHANCES_AGAIN)).astype(np.int64))
    again = chances(log.scenario, 0, log.replication, at=there[rows])
    agree = bool(np.allclose(again, store.chances(rows), rtol=0.0, atol=AGREE))
    now = digest_of(found)
    return {"digest": now, "is_same": agree and now == digest, "chances": len(rows)}


def _decided(store: LogStore) -> list[Decided]:
    """Return who decided how many sends: the policy, then the guardrails that take recipients, as they are asked."""
    counts = np.bincount(store.sends()["by"].astype(np.int64) + 1, minlength=len(BY_RANK) + 1).tolist()
    rails: list[Decided] = [
        {"by": place, "name": spec.name, "sends": counts[place + 1]}
        for place, spec in enumerate(BY_RANK)
        if spec.takes is not None and store.log.scenario.guardrail(spec.name) is not None
    ]
    return [{"by": -1, "name": "", "sends": counts[0]}, *rails]


def _events(store: LogStore) -> Events:
    log, sends = store.log, store.sends()
    nothing: Events = {"paused": [], "stopped_at": None, "winner": None}
    if not log.scenario.has_endings:
        return nothing
    ending: Any = run_block(log.scenario, Block(0, log.replication, 1)).kept.endings[0]
    paused = [arm for arm in range(log.lines) if int(ending[PAUSED]) >> arm & 1]
    last = [int(sends["send"][sends["arm"] == arm].max(initial=-1)) + 1 for arm in paused]
    stopped = int(ending[STOPPED_AT])
    return {
        "paused": list(zip(paused, last, strict=True)),
        "stopped_at": stopped if stopped >= 0 else None,
        "winner": int(ending[WINNER]) if stopped >= 0 else None,
    }
