"""What a log cannot know and the simulation does: the true rates behind each send, and what recipients would have answered."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engine.kernel import response_filler
from engine.logs.store import Columns, LogStore
from engine.waiting import waiting_of
from engine.world import Course

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Truth:
    """The true rates of the n sends of a log."""

    store: LogStore
    course: Course
    sends: Columns

    @classmethod
    def of(cls, store: LogStore) -> Self:
        """Return what is true of a log."""
        return cls(store, store.log.scenario.world_course(store.log.replication, 1), store.sends())

    @cached_property
    def _rows(self) -> Whole:
        """The row of the course that holds at each send, (n,)."""
        spell = np.searchsorted(self.course.ends, self.sends["send"], side="right")
        rows: Whole = self.course.rows[spell]
        return rows

    @cached_property
    def _inside(self) -> Floats:
        return self.store.log.scenario.segmentation.rates(self.course.rates[0])

    def is_there(self, arm: int) -> Flags:
        """Whether the world had a line at each send, (n,)."""
        if self.course.present is None:
            return np.ones(len(self._rows), bool)
        mask: Flags = (self.course.present[self._rows] >> np.uint64(arm)) & np.uint64(1) == 1
        return mask

    def rates(self, arm: int) -> Floats:
        """Return the rate at which a line would have converted each recipient, had it been sent instead, (n,)."""
        rates = self._inside[self._rows, self.sends["segment"], arm]
        if self.course.kept < 1.0:
            own = self.sends["arm"] == arm
            sent_before = np.cumsum(own) - own
            rates = rates * (self.course.lowest + (1.0 - self.course.lowest) * self.course.kept**sent_before)
        found: Floats = rates
        return found

    def rates_in_time(self, arm: int) -> Floats:
        """Return the same of conversions that come in time to count, (n,)."""
        return self.rates(arm) * waiting_of(self.store.log.scenario).counted

    def would_convert(self, place: int) -> list[bool | None]:
        """Return whether the recipient of a row of the log would convert, by line (K); None of lines not there."""
        scenario, replication = self.store.log.scenario, self.store.log.replication
        send = int(self.sends["send"][place])
        out = np.zeros(send + 1, np.uint8)
        answers: list[bool | None] = []
        for arm in range(len(scenario.arms)):
            if self.is_there(arm)[place]:
                rate = float(self.rates(arm)[place])
                response_filler()(np.uint64(scenario.seed), replication, arm, rate, out)
                answers.append(bool(out[send]))
            else:
                answers.append(None)
        return answers
