"""How far a log can speak of a target: the sends that count, and what it never tried."""

from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.estimators import weights_of
from engine.evaluation.logs import Log

Floats = NDArray[np.float64]
Code = Literal["never_sent", "never_sent_to_some", "hardly_sent", "no_chance", "too_few", "heavy"]

FEWEST_EFFECTIVE: Final = 30
"""With fewer effective sends no interval is told."""
MOST_UNSEEN: Final = 0.01
"""A target that spends more of its sends than this on what the log never did cannot be judged."""
HEAVY: Final = 0.05
"""A send that counts for more than this part of all is worth a word."""
HARDLY: Final = 0.01
_FAR: Final = 4.0
"""Standard errors; weights that are that much too few are so by chance once in 30,000 logs."""


class Finding(NamedTuple):
    """One thing that stands in the way."""

    code: Code
    line: str | None  # the name of the line that it is about, None where it is about all of the target
    sends: float  # that speak for it: of the line, or effective ones
    of: int  # sends of the log
    share: float  # of the target's sends without a chance, or of all weight on one send; 0 otherwise

    @property
    def words(self) -> str:
        """It in plain words."""
        line, what = self.line, f"line {self.line}" if self.line else "what is judged"
        return {
            "never_sent": f"This log never sent line {line}: no method can say what {line} would have earned.",
            "never_sent_to_some": f"This log never sent line {line} to some of those who would get it: no method can say what it "
            "would have earned there.",
            "hardly_sent": f"This log hardly ever sent line {line} ({self.sends:,.0f} of {self.of:,} sends): what is said of it is "
            "uncertain.",
            "no_chance": f"In {self.share:.0%} of the sends this log gave {what} no chance: what is said of it supposes that it would "
            "have earned as much there.",
            "too_few": f"Only {self.sends:.0f} of {self.of:,} sends speak for this: too few for an interval. Log more sends, or judge "
            "something closer to what was done.",
            "heavy": f"A single send makes up {self.share:.0%} of the estimate: one other answer would change it.",
        }[self.code]


class Overlap(NamedTuple):
    """What the target and the log have in common."""

    effective_sample_size: float  # sends that would tell as much if all counted alike
    largest_weight: float  # share of all weight that a single send has
    heaviest: float  # that send's weight: for so many recipients of the target it stands
    unseen: float  # share of the target's sends on what the log never did
    no_chance: float  # share of the target's sends that had no chance in that row, whether or not in others
    findings: tuple[Finding, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What stands in the way, in plain words."""
        return tuple(finding.words for finding in self.findings)

    @property
    def is_enough(self) -> bool:
        """Whether an interval can be told."""
        return self.unseen <= MOST_UNSEEN and self.effective_sample_size >= FEWEST_EFFECTIVE


def overlap_of(log: Log, target: Floats) -> Overlap:
    """Return how far a log can speak of a target (n, K), with what stands in the way.

    Source of the effective sample size: Kish (1965), Survey Sampling.
    """
    weights = weights_of(log, target)
    whole, heaviest = float(weights.sum()), float(weights.max())
    effective = whole**2 / float(weights @ weights) if whole > 0.0 else 0.0
    largest = heaviest / whole if whole > 0.0 else 0.0
    lines = [_Line(log, target, arm) for arm in np.flatnonzero(target.any(axis=0)).tolist()]
    unseen = sum(line.unseen for line in lines)
    found = [finding for line in lines for finding in line.findings()]
    no_chance, named = _without_chance(log, weights, lines)
    if no_chance > max(MOST_UNSEEN, unseen):
        found.append(Finding("no_chance", named, 0.0, len(log), no_chance))
    if 0.0 < effective < FEWEST_EFFECTIVE and unseen <= MOST_UNSEEN:
        found.append(Finding("too_few", None, effective, len(log), 0.0))
    if largest > HEAVY:
        found.append(Finding("heavy", None, 1.0, len(log), largest))
    return Overlap(effective, largest, heaviest, unseen, no_chance, tuple(found))


class _Line:
    """What a log has of one line that the target sends."""

    def __init__(self, log: Log, target: Floats, arm: int) -> None:
        self.name = log.arms[arm]
        self._of = len(log)
        self._sends = int(log.cells[:, arm].sum())
        self._wanted = target[:, arm]
        never = log.cells[log.segment, arm] == 0
        self.no_chance = 0.0
        if log.chances is not None:
            self.no_chance = float(self._wanted[log.chances[:, arm] <= 0.0].sum()) / self._of
            never &= (log.chances[:, arm] <= 0.0) | (self._sends == 0)
        self._never = never
        self.unseen = float(self._wanted[never].sum()) / self._of

    def findings(self) -> list[Finding]:
        """Return what stands in the way of judging it."""
        found = []
        if self.unseen > 0.0:
            found.append(self._finding("never_sent" if self._sends == 0 else "never_sent_to_some"))
        wanted = float(self._wanted[~self._never].sum()) / self._of
        if 0 < self._sends < HARDLY * self._of and wanted > HARDLY:
            found.append(self._finding("hardly_sent"))
        return found

    def _finding(self, code: Code) -> Finding:
        return Finding(code, self.name, self._sends, self._of, 0.0)


def _without_chance(log: Log, weights: Floats, lines: list[_Line]) -> tuple[float, str | None]:
    """Return the share of the target's sends that had no chance, and the line with most of them.

    Where the log does not tell the chances of every line, weights tell: their mean is the share that had a chance.
    """
    if log.chances is not None:
        worst = max(lines, key=lambda line: line.no_chance)
        return sum(line.no_chance for line in lines), worst.name
    error = float(weights.std()) / len(log) ** 0.5
    missing = 1.0 - float(weights.mean())
    only = lines[0].name if len(lines) == 1 else None
    return (missing, only) if missing > _FAR * error else (0.0, only)
