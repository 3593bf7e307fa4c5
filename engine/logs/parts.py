"""What a decision log is made of: all sends of one campaign, and pieces of the chances with which each was made.

Either is a task: a small value that any process can run, and whose answer is bytes.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from engine.cache import seconds_kept
from engine.decision_log import sends_of
from engine.errors import WorkError
from engine.guarded import chances
from engine.jobs import engine_version
from engine.packing import packed
from engine.scenario import Scenario

MOST_CHANCES: Final = 16_000_000
"""Sends times lines of one log: 64 MB before they are compressed."""

PIECES: Final = 32
"""A log has about so many pieces, unless these would be too large or too small."""
FEWEST_ROWS: Final = 500
MOST_ROWS: Final = 8_192
MOST_IN_A_PIECE: Final = 65_536
"""Chances of one piece: 256 kB."""

A_ROW: Final = 30e-6
"""Rough seconds on one core to read off the chances of a send."""
AN_INTEGRAL: Final = (150e-6, 45e-6)
"""The same to integrate them: a part of its own, and one for each line."""

Floats32 = NDArray[np.float32]


@dataclass(frozen=True)
class LogOf:
    """One campaign of one policy; K lines.

    The scenario has this policy alone, without its label, so that all who ask for the same log mean the same one.
    """

    scenario: Scenario
    replication: int

    @classmethod
    def of(cls, scenario: Scenario, policy: int = 0, replication: int = 0) -> Self:
        """Return the log of a campaign, from 0, of a policy, by its place among the scenario's."""
        asked = {key: value for key, value in scenario.to_dict()["policies"][policy].items() if key != "label"}
        return cls(scenario.with_changes(policies=[asked], replications=replication + 1), replication)

    @cached_property
    def key(self) -> str:
        """What its parts are known by."""
        return f"log-{engine_version()}-{self.scenario.digest()}-{self.replication}"

    @property
    def seconds_kept(self) -> float | None:
        """How long its parts are kept; None: as long as there is room."""
        return seconds_kept(self.scenario)

    @property
    def lines(self) -> int:
        """K."""
        return len(self.scenario.arms)

    def sends(self) -> dict[str, np.ndarray]:
        """Simulate the campaign: the columns of `engine.decision_log.sends_of`."""
        return sends_of(self.scenario, 0, self.replication)

    @property
    def rows_a_piece(self) -> int:
        """Recipients whose chances stand in one piece; of the last, fewer."""
        usual = min(MOST_ROWS, max(FEWEST_ROWS, -(-self.scenario.sends // PIECES)))
        return min(usual, MOST_IN_A_PIECE // self.lines)

    def pieces(self) -> list["ChancesTask"]:
        """Return the tasks of all pieces, in order."""
        size, sends = self.rows_a_piece, self.scenario.sends
        return [ChancesTask(self, first, min(size, sends - first)) for first in range(0, sends, size)]

    @property
    def seconds(self) -> float:
        """Rough seconds that it takes on one core."""
        rows, spec = self.scenario.sends, self.scenario.specs[0]
        if not spec.rests:
            return rows * A_ROW
        decisions = -(-rows // self.scenario.sends_between_decisions)
        worked_out = min(rows, decisions * len(self.scenario.segmentation))
        return rows * A_ROW + worked_out * (AN_INTEGRAL[0] + AN_INTEGRAL[1] * self.lines)

    def refuse_too_much(self) -> None:
        """Raise WorkError, with what would fit, for a log of more than `MOST_CHANCES`."""
        sends, lines = self.scenario.sends, self.lines
        if sends * lines <= MOST_CHANCES:
            return
        raise WorkError(
            f"sends: got {sends:,}, which with {lines} lines makes a log of {sends * lines:,} chances; at most "
            f"{MOST_CHANCES:,} are kept. Enter {MOST_CHANCES // lines:,} or fewer, or fewer lines."
        )


@dataclass(frozen=True)
class SendsTask:
    """All sends of the campaign, as `engine.decision_log.sends_of` gives them."""

    log: LogOf

    @property
    def key(self) -> str:
        """Where its answer is kept."""
        return f"{self.log.key}-sends"

    def run(self) -> bytes:
        """Simulate the campaign."""
        return packed(self.log.sends())


@dataclass(frozen=True)
class ChancesTask:
    """The chances of some recipients, `first` and after."""

    log: LogOf
    first: int
    count: int

    @property
    def key(self) -> str:
        """Where its answer is kept."""
        return f"{self.log.key}-chances-{self.first}"

    def run(self) -> bytes:
        """Work them out: float32 (count, K), to seven digits, which is more than is promised of integrals."""
        at = np.arange(self.first, self.first + self.count)
        every = chances(self.log.scenario, 0, self.log.replication, at=at)
        return packed({"first": np.array(self.first), "chances": every.astype(np.float32)})
