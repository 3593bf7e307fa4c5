"""What a result means: paired differences between policies, and where one campaign falls among its repeats."""

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.inference import LEVEL, Z_90
from engine.money import Goal
from engine.result import Result
from engine.scenario import Scenario
from engine.simulation import simulate

WORK_BESIDE = 16_000_000
"""Sends of all policies together that the repeats beside one shown campaign may take."""
_AT_A_TIME = 200
"""Replications whose rates along the campaign are in memory at once."""
FEWEST_BESIDE, MOST_BESIDE = 20, 400


class RepeatedPolicy(TypedDict):
    """One policy over the repeats.

    All "extra" figures are over the baseline, paired by campaign, in the unit of the goal: conversions or money.
    """

    name: str
    label: str
    conversions_mean: float
    sends_mean: float
    top_share_mean: float  # share of sends that went to a truly best line
    regret_mean: float
    extra_mean: float
    extra_low: float  # 5th percentile of campaigns
    extra_high: float  # 95th percentile of campaigns
    extra_mean_low: float  # 90% confidence interval of the mean
    extra_mean_high: float
    wins: int  # campaigns with more than the baseline
    ties: int
    losses: int
    extra_percentiles: list[float]  # 0.5th, 1.5th, ... 99.5th
    shown_extra: float
    shown_rank: float  # share of repeats that the shown campaign beats, ties counted half


class Repeats(TypedDict):
    """The campaigns beside the shown one."""

    goal: Goal
    replications: int
    level: float
    policies: list[RepeatedPolicy]
    baseline: int
    digest: str


def repeats_beside(scenario: Scenario) -> int:
    """Return how many repeat campaigns are affordable beside the shown one: 20 to 400.

    >>> from engine.presets import PRESETS
    >>> repeats_beside(PRESETS["classic"].scenario)
    400
    """
    affordable = WORK_BESIDE // (len(scenario.policies) * scenario.sends)
    return min(MOST_BESIDE, max(FEWEST_BESIDE, affordable))


def repeats(scenario: Scenario) -> Repeats:
    """Run the shown campaign (replication 0) and its repeats, and tell how they compare, in plain JSON types."""
    count = repeats_beside(scenario)
    result = simulate(scenario.with_changes(replications=count + 1))
    extra = extra_totals(result, scenario.baseline)
    return {
        "goal": scenario.goal,
        "replications": count,
        "level": LEVEL,
        "policies": [_repeated(result, place, extra[place]) for place in range(len(scenario.policies))],
        "baseline": scenario.baseline,
        "digest": result.digest(),
    }


def extra_totals(result: Result, baseline: int) -> NDArray[np.float64]:
    """Return what each policy got more than the baseline on the same recipients: float (P, R), in the goal's unit."""
    difference: NDArray[np.float64] = np.round(result.totals - result.totals[baseline], 2)
    return difference


def top_share(result: Result) -> NDArray[np.float64]:
    """Return the share of sends that went to a line which was truly best at that moment: float (P, R)."""
    share: NDArray[np.float64] = result.top_sends / result.sends[:, :, -1].sum(axis=-1)
    return share


def average_rates(scenario: Scenario) -> NDArray[np.float64]:
    """Return the true rates of all replications, each the mean along its campaign: float (R, K).

    Lines that wear out count as fresh: how far they wear depends on the policy.
    """
    if scenario.is_steady:
        return scenario.rates(0, scenario.replications)
    return np.concatenate([_averages(scenario, first) for first in range(0, scenario.replications, _AT_A_TIME)])


def _averages(scenario: Scenario, first: int) -> NDArray[np.float64]:
    count = min(_AT_A_TIME, scenario.replications - first)
    course = scenario.course(first, count)
    shares = np.bincount(course.rows, np.diff(course.ends, prepend=0), minlength=course.rates.shape[1])
    means = np.einsum("btk,t->bk", course.rates, shares / scenario.sends)
    return np.broadcast_to(means, (count, means.shape[1]))


def mean_interval(values: NDArray[np.float64], quantile: float = Z_90) -> tuple[float, float, float]:
    """Return the mean of two or more values and its confidence interval, `quantile` standard errors either side.

    Left out, the quantile is that of a 90% interval by the normal approximation, for 20 or more values.
    """
    mean = float(values.mean())
    half = quantile * float(values.std(ddof=1)) / len(values) ** 0.5
    return mean, mean - half, mean + half


def _repeated(result: Result, place: int, extra: NDArray[np.float64]) -> RepeatedPolicy:
    shown, others = float(extra[0]), extra[1:]
    mean, mean_low, mean_high = mean_interval(others)
    low, high = np.percentile(others, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return {
        "name": result.scenario.policies[place].name,
        "label": result.scenario.labels[place],
        "conversions_mean": float(result.conversions[place, 1:, -1].sum(axis=-1).mean()),
        "sends_mean": float(result.sends[place, 1:, -1].sum(axis=-1).mean()),
        "top_share_mean": float(top_share(result)[place, 1:].mean()),
        "regret_mean": float(result.regret[place, 1:, -1].mean()),
        "extra_mean": mean,
        "extra_low": float(low),
        "extra_high": float(high),
        "extra_mean_low": mean_low,
        "extra_mean_high": mean_high,
        "wins": int((others > 0).sum()),
        "ties": int((others == 0).sum()),
        "losses": int((others < 0).sum()),
        "extra_percentiles": np.percentile(others, np.arange(100) + 0.5).round(1).tolist(),
        "shown_extra": shown,
        "shown_rank": float((others < shown).mean() + (others == shown).mean() / 2),
    }
