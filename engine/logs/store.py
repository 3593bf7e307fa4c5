"""A log in the answer cache: its parts, read when asked for; one that the cache has let go is worked out anew."""

from collections import OrderedDict
from collections.abc import Iterator
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.cache import AnswerCache
from engine.logs.parts import ChancesTask, Floats32, LogOf, SendsTask
from engine.packing import packed, unpacked

Whole = NDArray[np.int64]
Columns = dict[str, np.ndarray]

MOST_REMEMBERED: Final = 32_000_000
"""Bytes of logs' columns that a process keeps unpacked, for the next page; there is always room for one log."""


class Remembered:
    """Columns of the logs looked at last. Thread-safe."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._lock = Lock()
        self._columns: OrderedDict[str, Columns] = OrderedDict()

    def look_up(self, key: str) -> Columns | None:
        """Return what is remembered under a key."""
        with self._lock:
            found = self._columns.get(key)
            if found is not None:
                self._columns.move_to_end(key)
            return found

    def keep(self, key: str, columns: Columns) -> None:
        """Remember columns, in place of those that were not looked at for longest."""
        with self._lock:
            self._columns[key] = columns
            while len(self._columns) > 1 and self.taken > self._most:
                self._columns.popitem(last=False)

    @property
    def taken(self) -> int:
        """Bytes that are remembered."""
        return sum(array.nbytes for columns in self._columns.values() for array in columns.values())


REMEMBERED: Final = Remembered()


class LogStore:
    """One log, as far as somebody reads it; n sends of K lines."""

    def __init__(self, log: LogOf, answers: AnswerCache, remembered: Remembered = REMEMBERED) -> None:
        self.log = log
        self._answers = answers
        self._remembered = remembered

    def sends(self) -> Columns:
        """Return what is known of every send but its chances: the columns of `engine.decision_log.sends_of`."""
        task = SendsTask(self.log)
        known = self._remembered.look_up(task.key)
        if known is None:
            known = unpacked(self._fetched(task))
            self._remembered.keep(task.key, known)
        return known

    def __len__(self) -> int:
        return len(self.sends()["send"])

    def has(self, task: ChancesTask | SendsTask) -> bool:
        """Whether a part is there."""
        return self._answers.look_up(task.key) is not None

    def is_whole(self) -> bool:
        """Whether every part is there, so that nothing has to be worked out anew."""
        keys = [SendsTask(self.log).key, *(task.key for task in self.log.pieces())]
        return all(map(self._answers.has, keys))

    def keep(self, task: ChancesTask | SendsTask, answer: bytes) -> None:
        """Keep what a task found."""
        self._answers.keep(task.key, answer, self.log.seconds_kept)

    def chances(self, rows: Whole) -> Floats32:
        """Return the chances of some rows of the log, (n, K), in the order asked."""
        recipients = self.sends()["send"][rows]
        found = np.zeros((len(rows), self.log.lines), np.float32)
        pieces, size = self.log.pieces(), self.log.rows_a_piece
        for place in np.unique(recipients // size).tolist():
            mine = recipients // size == place
            found[mine] = self._piece(pieces[place])[recipients[mine] - place * size]
        return found

    def by_piece(self) -> Iterator[tuple[slice, Floats32]]:
        """Yield the rows of each piece and their chances, in order: never more than one piece is in memory."""
        sends = self.sends()["send"]
        for task in self.log.pieces():
            first, end = np.searchsorted(sends, [task.first, task.first + task.count]).tolist()
            yield slice(first, end), self._piece(task)[sends[first:end] - task.first]

    def propensity(self) -> Floats32:
        """Return the chance with which each line was sent that was sent, (n,)."""
        key = f"{self.log.key}-propensity"
        known = self._remembered.look_up(key)
        if known is None:
            known = unpacked(self._answers.look_up(key) or self._propensity_anew(key))
            self._remembered.keep(key, known)
        return known["propensity"]

    def _propensity_anew(self, key: str) -> bytes:
        arms = self.sends()["arm"]
        found = np.zeros(len(arms), np.float32)
        for rows, every in self.by_piece():
            found[rows] = every[np.arange(len(every)), arms[rows]]
        content = packed({"propensity": found})
        self._answers.keep(key, content, self.log.seconds_kept)
        return content

    def _piece(self, task: ChancesTask) -> Floats32:
        return unpacked(self._fetched(task))["chances"]

    def _fetched(self, task: ChancesTask | SendsTask) -> bytes:
        return self._answers.fetch(task.key, task.run, self.log.seconds_kept)[0]
