"""Whether lines were sent as often as the logged chances say, and what the log says of each line with and without them."""

from collections.abc import Iterable
from typing import Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.evaluate import evaluate
from engine.evaluation.logs import EVERYBODY, Log
from engine.inference import wilson_interval
from engine.logs.store import Columns, LogStore
from engine.logs.truth import Truth

Floats = NDArray[np.float64]

SUSPICIOUS: Final = 0.01
"""Sends as far from their chances as this or further in one of a hundred honest logs were hardly made by them."""
LEAST_VARIANCE: Final = 10.0
"""A direction in which less was left to chance is not normal enough to be tested."""
MOST_UNREACHED: Final = 0.01
"""A line that had no chance at more of the sends than this cannot be judged for all of them."""


class ChanceCheck(TypedDict):
    """Whether sends agree with their chances."""

    statistic: float
    degrees: int  # of freedom
    p: float
    is_suspicious: bool


class LineEstimate(TypedDict):
    """What the log says of one line, over all sends at which it existed; None where nothing can be said."""

    sends: int
    conversions: int
    naive: float | None
    naive_low: float | None  # 90% Wilson interval
    naive_high: float | None
    corrected: float | None  # SNIPS
    low: float | None
    high: float | None
    truth: float | None  # mean true rate of conversions in time
    effective: float  # sends that would tell as much if all counted alike
    reached: float  # share of the sends at which it had a chance


class Deviations:
    """Sums over the sends of a log of what was sent minus its chance, and of how much that varies; K lines."""

    def __init__(self, lines: int) -> None:
        self.sums = np.zeros(lines)
        self.variance = np.zeros((lines, lines))

    def add(self, chances: NDArray[np.float32], arms: NDArray[np.uint8]) -> None:
        """Take in some sends: their chances (n, K) and the lines sent (n,)."""
        exact = chances.astype(np.float64)
        total = exact.sum(axis=0)
        self.sums += np.bincount(arms, minlength=len(total)) - total
        self.variance += np.diag(total) - exact.T @ exact

    def check(self) -> ChanceCheck | None:
        """Return the test of the sums; None where hardly anything was left to chance.

        Given all that happened before, what is sent minus its chance has mean 0 and covariance diag(p) - p p': the sums are
        a martingale, whatever the policy learns. In each direction in which the summed covariance is large enough they
        are nearly normal, so that the squares of the standardised sums add up to a chi-square. Lines that are dealt
        without replacement, as in an even split, keep closer to their chances than that, and alarm less often.

        Source: Hall and Heyde (1980), Martingale Limit Theory and Its Application, theorem 3.2, with the sums normed by
        their conditional variance.
        """
        from scipy.special import chdtrc

        values, vectors = np.linalg.eigh(self.variance)
        enough = values >= LEAST_VARIANCE
        if not enough.any():
            return None
        statistic = float(((vectors.T @ self.sums)[enough] ** 2 / values[enough]).sum())
        degrees = int(enough.sum())
        p = float(chdtrc(degrees, statistic))
        return {"statistic": statistic, "degrees": degrees, "p": p, "is_suspicious": p < SUSPICIOUS}


def deviations(pieces: Iterable[tuple[slice, NDArray[np.float32]]], arms: NDArray[np.uint8], lines: int) -> Deviations:
    """Return the sums over a log's pieces."""
    found = Deviations(lines)
    for rows, chances in pieces:
        found.add(chances, arms[rows])
    return found


def line_estimates(store: LogStore, reached: Floats) -> list[LineEstimate]:
    """Return what the log says of every line; `reached` (K,) counts the sends at which each had a chance."""
    truth, sends, propensity = Truth.of(store), store.sends(), store.propensity()
    return [_line(truth, sends, propensity, arm, float(reached[arm])) for arm in range(store.log.lines)]


def _line(truth: Truth, sends: Columns, propensity: NDArray[np.float32], arm: int, reached: float) -> LineEstimate:
    own, there = sends["arm"] == arm, truth.is_there(arm)
    count, won = int(own.sum()), int(sends["answer"][own].sum())
    low, high = wilson_interval(np.array([won]), np.array([count]))
    share = reached / max(int(there.sum()), 1)
    found = None if share < 1.0 - MOST_UNREACHED else _corrected(propensity[own], sends["answer"][own])
    return {
        "sends": count,
        "conversions": won,
        "naive": won / count if count else None,
        "naive_low": _told(low[0]),
        "naive_high": _told(high[0]),
        "corrected": _told(found[0]) if found else None,
        "low": _told(found[1]) if found else None,
        "high": _told(found[2]) if found else None,
        "truth": float(truth.rates_in_time(arm)[there].mean()) if there.any() else None,
        "effective": found[3] if found else 0.0,
        "reached": share,
    }


def _corrected(propensity: NDArray[np.float32], answers: NDArray[np.uint8]) -> tuple[float, float, float, float] | None:
    """Return SNIPS of a line for everybody, its interval and its effective sends, from the line's own sends.

    The others have no weight, so that they need not be in memory.
    """
    if len(propensity) == 0:
        return None
    nobody = np.zeros(len(propensity), np.int64)
    alone = Log(
        ("line",), (EVERYBODY,), nobody, nobody, propensity.astype(np.float64), answers.astype(np.float64), chances=None
    )
    found = evaluate(alone, "line", "snips")
    return found.value, *found.interval, found.effective_sample_size


def _told(number: float) -> float | None:
    return None if np.isnan(number) else float(number)
