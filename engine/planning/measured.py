"""What is kept of the simulation of one size: how often each policy ends on the right line, and what it earns on the way."""

from typing import Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.comparison import Estimate, chance, estimate, picks_best
from engine.inference import LEVEL
from engine.metrics import extra_totals
from engine.result import Result

TAILS: Final = (50 * (1 - LEVEL), 50 * (1 + LEVEL))

Floats = NDArray[np.float64]


class Earned(TypedDict):
    """What a policy earns over the even split on the same recipients."""

    mean: Estimate  # with the Monte Carlo error of the mean
    low: float  # 5th percentile of campaigns
    high: float  # 95th


class PolicyAtSize(TypedDict):
    """One policy with so many sends."""

    right: Estimate  # share of campaigns that end on a truly best line, with its Monte Carlo error
    total: float  # mean, in the unit of the goal
    extra: Earned  # in the unit of the goal
    conversions: Earned
    money: Earned | None  # net value; null where nothing in the scenario has a price
    favourite: float | None
    """How sure one must be of a favourite for it to earn as much when it is sent untested; null where lines are level."""


class AtSize(TypedDict):
    """All policies with so many sends."""

    sends: int
    campaigns: int
    policies: list[PolicyAtSize]


def measure(result: Result) -> AtSize:
    """Return what is kept of a size's campaigns, or of the first of them, in plain JSON types.

    >>> from engine import Scenario, simulate
    >>> scenario = Scenario.from_dict({
    ...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.2}], "sends": 1000, "replications": 200,
    ...     "policies": [{"name": "ab_split"}, {"name": "thompson"}]})
    >>> even, thompson = measure(simulate(scenario))["policies"]
    >>> round(even["right"]["mean"], 1), round(even["favourite"], 2), thompson["favourite"] > 0.8
    (1.0, 0.5, True)
    """
    scenario = result.scenario
    baseline = scenario.baseline
    extra, totals = extra_totals(result, baseline), result.totals
    conversions = result.conversions[:, :, -1].sum(axis=-1, dtype=np.int64)
    money = result.net_value[:, :, -1] if scenario.has_money else None
    regret = result.regret_units[:, :, -1].mean(axis=1) * scenario.regret_unit
    return {
        "sends": scenario.sends,
        "campaigns": scenario.replications,
        "policies": [
            {
                "right": chance(picks_best(result, place), scenario.replications),
                "total": float(totals[place].mean()),
                "extra": _earned(extra[place]),
                "conversions": _earned((conversions[place] - conversions[baseline]).astype(np.float64)),
                "money": None if money is None else _earned(np.round(money[place] - money[baseline], 2)),
                "favourite": _favourite(float(regret[place]), float(regret[baseline]), len(scenario.arms)),
            }
            for place in range(len(totals))
        ],
    }


def earned_over(result: Result, place: int) -> Earned:
    """Return what a policy earns over the baseline on the same recipients, in the unit of the goal."""
    return _earned(extra_totals(result, result.scenario.baseline)[place])


def _earned(extra: Floats) -> Earned:
    low, high = np.percentile(extra, TAILS).tolist()
    return {"mean": estimate(extra), "low": low, "high": high}


def _favourite(regret: float, even: float, lines: int) -> float | None:
    """Return the chance of the best line at which an untested favourite loses as much as the policy.

    Whoever sends a favourite untested, which is the best line with chance p and any other with the same chance each, loses
    (1 - p) K / (K - 1) of what the even split loses. That equals the policy's regret at this p.
    """
    if even <= 0.0:
        return None
    return 1.0 - regret / even * (lines - 1) / lines
