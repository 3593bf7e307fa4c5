"""What a policy believed of each line before a send, and by which numbers it chose: for the record, not for the loop.

A policy's `insight` is given its memory before the send and once it has chosen; here is what those of a family share.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.inference import Z_90
from engine.linear import estimates, scores_at
from engine.policy import Insight
from engine.posterior import drawn_of, shapes_of

Floats = NDArray[np.float64]


def beta_draws(place: Callable[[Floats, int, int], int]) -> Callable[[Floats, Floats, int, int], Insight]:
    """Return the insight into a policy that draws from Beta posteriors, which stand at `place(state, K, segment)`."""

    def insight(_before: Floats, after: Floats, K: int, segment: int) -> Insight:
        from scipy.special import betaincinv

        start = place(after, K, segment)
        alpha, beta = shapes_of(after, start, K)
        low, high = (np.asarray(betaincinv(alpha, beta, share), np.float64) for share in (0.05, 0.95))
        return Insight("draw", alpha / (alpha + beta), low, high, drawn_of(after, start, K))

    return insight


def normal_draws(mean: Floats, deviation: Floats, drawn: Floats) -> Insight:
    """Return the insight into a policy that draws from normal posteriors."""
    return Insight("draw", mean, mean - Z_90 * deviation, mean + Z_90 * deviation, drawn)


def bounds(rates: int, highest: int) -> Callable[[Floats, Floats, int, int], Insight]:
    """Return the insight into a policy that takes the highest bound; rates and bounds start at slots `base + row * K`."""

    def insight(_before: Floats, after: Floats, K: int, _segment: int) -> Insight:
        rate, bound = (after[base : base + K] for base in (rates, rates + highest * K))
        tried = np.isfinite(rate)
        reach = np.where(tried, bound, np.nan)
        return Insight("bound", np.where(tried, rate, np.nan), np.full(K, np.nan), np.full(K, np.nan), reach)

    return insight


def seen_rates(start: int) -> Callable[[Floats, Floats, int, int], Insight]:
    """Return the insight into a policy that goes by observed rates, the rows of `engine.means` at `start`."""

    def insight(before: Floats, _after: Floats, K: int, _segment: int) -> Insight:
        rate, sends, _ = before[start : start + 3 * K].reshape(3, K)
        known = np.where(sends > 0.0, rate, np.nan)
        return Insight("rate", known, np.full(K, np.nan), np.full(K, np.nan), known)

    return insight


def own_scores(start: int) -> Callable[[Floats, Floats, int, int], Insight]:
    """Return the insight into a policy that goes by scores of its own, a row of K at `start`, and knows no rates."""

    def insight(before: Floats, _after: Floats, K: int, _segment: int) -> Insight:
        nothing = np.full(K, np.nan)
        return Insight("score", nothing, nothing, nothing, before[start : start + K].copy())

    return insight


def linear(by: Literal["draw", "bound"]) -> Callable[[Floats, Floats, int, int], Insight]:
    """Return the insight into a policy with the linear models of `engine.linear`, scaled by header slot 0."""

    def insight(before: Floats, after: Floats, K: int, segment: int) -> Insight:
        mean, deviation = estimates(before, K, segment)
        start = scores_at.function(after)
        chosen_by = after[start : start + K].copy()
        if by == "draw":
            return normal_draws(mean, before[0] * deviation, chosen_by)
        return Insight("bound", mean, np.full(K, np.nan), np.full(K, np.nan), chosen_by)

    return insight
