"""Groups of recipients: their shares, and by how much lines convert them more or less than others.

Two things are told apart: what all lines have in common (loyal customers order more), and what a line does better or
worse in a group besides. Each is pooled on its own, see `engine.fitting.pooling`.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.fitting.pooling import pooled_rates
from engine.segments import HIGHEST_MULTIPLIER, MOST_GROUPS

Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]

OTHERS = "All others"
ROUNDS = 20
"""Lines that were sent to other mixes of groups need rates and factors worked out in turns; they settle sooner."""
LONGEST_NAME = 40
TOO_CLOSE = 0.02
"""Factors of lines that are all nearer to 1 are left out."""


class Counts(NamedTuple):
    """G groups, K lines."""

    names: tuple[str, ...]  # G, unique
    sends: Floats  # (G, K)
    conversions: Floats  # (G, K)


class Groups(NamedTuple):
    """G groups, K lines."""

    counts: Counts
    factors: Floats  # (G,) for all lines alike
    by_line: Floats  # (G, K) besides
    evidence: float  # logarithm of how many times likelier the counts are if any rates differ between groups

    def as_fields(self) -> list[dict[str, Any]]:
        """Return the groups of one dimension as a scenario takes them."""
        sends = self.counts.sends.sum(axis=1)
        shares = np.round(sends / sends.sum(), 6)
        shares[np.argmax(shares)] += 1.0 - shares.sum()
        fields: list[dict[str, Any]] = []
        for name, share, factor, own in zip(self.counts.names, shares, self.factors, self.by_line, strict=True):
            group: dict[str, Any] = {"name": name, "share": round(float(share), 6), "multiplier": _allowed(factor)}
            if np.abs(own - 1.0).max() > TOO_CLOSE:
                group["multipliers"] = [_allowed(one) for one in own]
            fields.append(group)
        return fields

    @property
    def extremes(self) -> tuple[float, float]:
        """The smallest and the largest factor that any line's rate has in any group."""
        whole = self.factors[:, np.newaxis] * self.by_line
        return float(whole.min()), float(whole.max())


def _allowed(factor: float) -> float:
    return round(min(float(factor), HIGHEST_MULTIPLIER), 4)


def counts_of(names: tuple[str, ...], group: Codes, variant: Codes, converted: Codes, lines: int) -> Counts:
    """Return the counts of recipients (n,) by group and line; of too many groups, the smallest are taken together."""
    size = len(names) * lines
    cell = group.astype(np.int64) * lines + variant
    sends = np.bincount(cell, minlength=size).reshape(-1, lines).astype(np.float64)
    conversions = np.bincount(cell[converted > 0], minlength=size).reshape(-1, lines).astype(np.float64)
    order = np.argsort(-sends.sum(axis=1), kind="stable")
    kept = np.sort(order[: MOST_GROUPS - 1] if len(names) > MOST_GROUPS else order)
    rest = np.setdiff1d(order, kept)
    if len(rest):
        sends = np.vstack([sends[kept], sends[rest].sum(axis=0)])
        conversions = np.vstack([conversions[kept], conversions[rest].sum(axis=0)])
    told = [names[place] for place in kept] + [OTHERS] * (len(rest) > 0)
    return Counts(_short(told), sends, conversions)


def _short(names: list[str]) -> tuple[str, ...]:
    """Return names that fit a scenario, still unique."""
    taken: dict[str, None] = {}
    for name in names:
        short, number = name[:LONGEST_NAME].strip(), 1
        while short in taken:
            number += 1
            mark = f" ({number})"
            short = name[: LONGEST_NAME - len(mark)].strip() + mark
        taken[short] = None
    return tuple(taken)


def fitted_groups(counts: Counts) -> Groups:
    """Return by how much rates differ between groups, such that every line's own rate over its recipients stays.

    >>> sends = np.full((2, 2), 20_000.0)
    >>> won = np.array([[1200.0, 600.0], [400.0, 600.0]])  # only the first line does better in the first group
    >>> found = fitted_groups(Counts(("New", "Loyal"), sends, won))
    >>> (found.factors[:, np.newaxis] * found.by_line).round(2).tolist()
    [[1.5, 1.0], [0.5, 1.0]]
    """
    sends, conversions = counts.sends, counts.conversions
    factors, rates = np.ones(len(sends)), np.zeros(sends.shape[1])
    for _ in range(ROUNDS):
        rates = (conversions.sum(axis=0) + 0.5) / (factors @ sends + 1.0)
        expected = (sends @ rates) / np.maximum(sends.sum(axis=1), 1.0)
        common = pooled_rates(conversions.sum(axis=1), sends.sum(axis=1), expected, fitted=1)
        factors = common.factors
    own = pooled_rates(conversions, sends, factors[:, np.newaxis] * rates, fitted=sum(sends.shape) - 1)
    both = [common.evidence, own.evidence, common.evidence + own.evidence]
    whole = factors[:, np.newaxis] * own.factors
    whole /= (sends / sends.sum(axis=0) * whole).sum(axis=0)
    factors = factors / (sends.sum(axis=1) / sends.sum() @ factors)
    evidence = float(np.logaddexp.reduce(both) - np.log(len(both)))
    return Groups(counts, factors, whole / factors[:, np.newaxis], evidence)
