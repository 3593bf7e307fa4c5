"""How far a log can speak of a target: the sends that count, and what it never tried."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.estimators import weights_of
from engine.evaluation.logs import Log

Floats = NDArray[np.float64]

FEWEST_EFFECTIVE: Final = 30
"""With fewer effective sends no interval is told."""
MOST_UNSEEN: Final = 0.01
"""A target that spends more of its sends than this on what the log never did cannot be judged."""
HEAVY: Final = 0.05
"""A send that counts for more than this part of all is worth a word."""
HARDLY: Final = 0.01


class Overlap(NamedTuple):
    """What the target and the log have in common."""

    effective_sample_size: float  # sends that would tell as much if all counted alike
    largest_weight: float  # share of all weight that a single send has
    unseen: float  # share of the target's sends that the log would never have made
    warnings: tuple[str, ...]

    @property
    def is_enough(self) -> bool:
        """Whether an interval can be told."""
        return self.unseen <= MOST_UNSEEN and self.effective_sample_size >= FEWEST_EFFECTIVE


def overlap_of(log: Log, target: Floats) -> Overlap:
    """Return how far a log can speak of a target (n, K), with what stands in the way in plain words.

    Source of the effective sample size: Kish (1965), Survey Sampling.
    """
    weights = weights_of(log, target)
    whole = float(weights.sum())
    effective = whole**2 / float(weights @ weights) if whole > 0.0 else 0.0
    largest = float(weights.max()) / whole if whole > 0.0 else 0.0
    never = _never(log)
    unseen = float((target * never).sum(axis=1).mean())
    told = [*_unseen_words(log, target, never), *_thin_words(log, target, never)]
    if 0.0 < effective < FEWEST_EFFECTIVE and unseen <= MOST_UNSEEN:
        told.append(
            f"Only {effective:.0f} of {len(log):,} sends speak for this: too few for an interval. Log more sends, or judge "
            "something closer to what was done."
        )
    if largest > HEAVY:
        told.append(f"A single send makes up {largest:.0%} of the estimate: one other answer would change it.")
    return Overlap(effective, largest, unseen, tuple(told))


def _never(log: Log) -> NDArray[np.bool_]:
    """Return which lines the log would not have sent to each recipient, (n, K), by its own chances or else by its sends."""
    never: NDArray[np.bool_] = log.cells[log.segment] == 0
    return never if log.chances is None else never & (log.chances <= 0.0)


def _unseen_words(log: Log, target: Floats, never: NDArray[np.bool_]) -> list[str]:
    lost = (target * never).mean(axis=0)
    return [
        f"This log never sent line {log.arms[arm]} to some of those who would get it: no method can say what it would have "
        "earned there."
        if log.cells[:, arm].sum() > 0
        else f"This log never sent line {log.arms[arm]}: no method can say what {log.arms[arm]} would have earned."
        for arm in np.flatnonzero(lost > 0.0).tolist()
    ]


def _thin_words(log: Log, target: Floats, never: NDArray[np.bool_]) -> list[str]:
    """Warn of lines that the target likes and the log hardly ever sent."""
    sends, wanted = log.cells.sum(axis=0), (target * ~never).mean(axis=0)
    hardly = (sends > 0) & (sends < HARDLY * len(log)) & (wanted > HARDLY)
    return [
        f"This log hardly ever sent line {log.arms[arm]} ({int(sends[arm]):,} of {len(log):,} sends): what is said of it is "
        "uncertain."
        for arm in np.flatnonzero(hardly).tolist()
    ]
