"""A log of decisions as arrays, checked: which line was sent, with what chance, and what came of it."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import LogError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

NEEDED = ("arm", "propensity", "reward")
EVERYBODY = "Everybody"
_ADD_UP = 1e-6


@dataclass(frozen=True, eq=False)
class Log:
    """n sends of K lines to S segments."""

    arms: tuple[str, ...]  # K names
    segments: tuple[str, ...]  # S names
    arm: Whole  # (n,) places of the lines that were sent
    segment: Whole  # (n,)
    propensity: Floats  # (n,) the chance with which that line was sent
    reward: Floats  # (n,)
    chances: Floats | None  # (n, K) of every line, where the log tells them
    is_guessed: bool = False  # whether the propensities are but the shares that lines had in each segment

    def __len__(self) -> int:
        return len(self.arm)

    @cached_property
    def cells(self) -> Whole:
        """Sends by segment and line, (S, K)."""
        return self._by_cell(np.ones(len(self))).astype(np.int64)

    @cached_property
    def means(self) -> Floats:
        """Mean rewards by segment and line, (S, K); of a line that a segment never got, the mean over all segments.

        NaN for lines that were never sent.
        """
        sums = self._by_cell(self.reward)
        with np.errstate(invalid="ignore", divide="ignore"):
            own, over_all = sums / self.cells, sums.sum(axis=0) / self.cells.sum(axis=0)
        return np.where(self.cells > 0, own, over_all)

    @cached_property
    def variances(self) -> Floats:
        """Variances of single rewards by segment and line, (S, K); 0 where a line was never sent."""
        deviations = self.reward - self.means[self.segment, self.arm]
        return self._by_cell(deviations**2) / np.maximum(self.cells, 1)

    def _by_cell(self, values: Floats) -> Floats:
        S, K = len(self.segments), len(self.arms)
        return np.bincount(self.segment * K + self.arm, values, S * K).astype(np.float64).reshape(S, K)


def read_log(frame: "pd.DataFrame", reward: str = "reward") -> Log:
    """Return the log in a table with a row a send.

    Columns: `arm` (names), `propensity` (above 0, at most 1), the reward (numbers), and if it is there `segment` (names)
    and `propensity_0` to `propensity_{K-1}`, the chances of all lines in the order of their names' categories.

    Raises:
        LogError: a column that is missing, or a row with a value that cannot be.

    >>> import pandas as pd
    >>> log = read_log(pd.DataFrame({"arm": ["A", "B", "A"], "propensity": [0.5, 0.5, 0.5], "reward": [1, 0, 0]}))
    >>> log.arms, log.means.tolist()
    (('A', 'B'), [[0.5, 0.0]])
    """
    for column in (*NEEDED[:2], reward):
        if column not in frame:
            raise LogError(
                f"{column}: missing; a log needs the columns arm, propensity and {reward}. Add it, or rename one."
            )
    if len(frame) == 0:
        raise LogError("arm: got a log without rows; a row is a send. Enter one send or more.")
    arms, arm = _names(frame["arm"], "arm")
    segments, segment = (
        _names(frame["segment"], "segment") if "segment" in frame else ((EVERYBODY,), np.zeros_like(arm))
    )
    propensity = _numbers(frame["propensity"], "propensity")
    _refuse_row(
        "propensity", propensity, ~((propensity > 0) & (propensity <= 1)), "must be above 0 and at most 1",
        "Enter the chance with which that line was sent",
    )  # fmt: skip
    return Log(arms, segments, arm, segment, propensity, _numbers(frame[reward], reward), _chances(frame, arms))


def _names(column: "pd.Series[Any]", title: str) -> tuple[tuple[str, ...], Whole]:
    """Return the names, those of a categorical column in its own order, and their places."""
    categories = column.astype("category").cat
    codes = categories.codes.to_numpy().astype(np.int64)
    _refuse_row(title, column.to_numpy(), codes < 0, "must be a name", "Fill it in, or leave the row out")
    return tuple(str(name) for name in categories.categories), codes


def _numbers(column: "pd.Series[Any]", title: str) -> Floats:
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    _refuse_row(title, column.to_numpy(), ~np.isfinite(numbers), "must be a number", "Correct it, or leave the row out")
    return np.require(numbers, requirements=["C", "W"])  # compiled code takes no other


def _chances(frame: "pd.DataFrame", arms: tuple[str, ...]) -> Floats | None:
    titles = [f"propensity_{place}" for place in range(len(arms))]
    if not all(title in frame for title in titles):
        return None
    found: Floats = np.stack([_numbers(frame[title], title) for title in titles], axis=1)
    total = found.sum(axis=1)
    wrong = (found < 0).any(axis=1) | (np.abs(total - 1.0) > _ADD_UP)
    _refuse_row(f"propensity_0 to {titles[-1]}", total, wrong, "must add up to 1, none below 0", "Correct the chances")
    return found


def _refuse_row(title: str, values: Any, wrong: Any, allowed: str, remedy: str) -> None:
    if np.any(wrong):
        row = int(np.argmax(wrong))
        raise LogError(f"{title}: got {values[row]} in row {row + 1}; {allowed}. {remedy}.")
