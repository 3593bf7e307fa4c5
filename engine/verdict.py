"""Which policy to use, as far as the campaigns can tell.

"Clearly better" is a mean difference whose interval lies above 0, for all comparisons at once: with m policies beside
the one compared with, each interval leaves out (1 - 90%) / m, by Bonferroni. So of scenarios in which nothing is better
than the even split at most 5% are told that something is, and of all scenarios at most 5% are told to use a policy that
is not the best one. That holds for the campaigns that were asked for; whoever stops as soon as the verdict pleases,
while campaigns still come in, is wrong more often.
"""

from typing import Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.inference import LEVEL, t_quantile
from engine.metrics import mean_interval
from engine.scenario import Scenario

FEWEST_CAMPAIGNS = 20
"""Before that there is no verdict: skewed differences need so many before means are near enough to normal."""


class Pair(TypedDict):
    """What one policy got more than another on the same recipients; bounds are null with a single campaign."""

    first: int
    second: int
    mean: float  # conversions of the first minus the second
    low: float | None  # 90% confidence interval of the mean
    high: float | None
    low_together: float | None  # the same at the level at which all comparisons with one policy hold together
    high_together: float | None
    wins: int  # campaigns in which the first got more
    ties: int
    losses: int


class Verdict(TypedDict):
    """What can be recommended; policies are given by their places."""

    kind: Literal["use", "close", "stay", "none"]
    why: Literal["few_campaigns", "nothing_to_compare"] | None  # of "none"
    leader: int | None  # "use", "close": highest mean of the clear ones; "stay": highest mean beside the baseline
    clear: list[int]  # clearly better than the baseline, best mean first
    rivals: list[int]  # of the clear ones, those that the leader is not clearly better than
    unclear: list[int]  # neither clearly above the baseline nor clearly below the leader
    runner_up: int | None  # second highest mean
    clearly_worse: bool  # "stay": even the leader is clearly worse than the baseline
    against_even_split: bool  # false: there is no A/B split, the first usable policy is the baseline
    level: float  # of all comparisons together
    level_each: float  # of each comparison's interval


def contenders(scenario: Scenario) -> list[int]:
    """Return the places of the policies that can be recommended: all but references such as the oracle."""
    return [place for place, spec in enumerate(scenario.specs) if not spec.is_reference]


def level_each(scenario: Scenario) -> float:
    """Return the level at which each interval is taken so that the comparisons with one policy hold together."""
    return 1.0 - (1.0 - LEVEL) / max(1, len(contenders(scenario)) - 1)


def pairs_of(scenario: Scenario, totals: NDArray[np.float64]) -> list[Pair]:
    """Return the paired differences between all policies, from totals (P, R); the first comes before the second."""
    count = totals.shape[1]
    quantiles = [t_quantile(count, level) for level in (LEVEL, level_each(scenario))] if count > 1 else []
    places = range(len(totals))
    return [_pair(a, b, np.round(totals[a] - totals[b], 2), quantiles) for a in places for b in places if a < b]


def _pair(first: int, second: int, difference: NDArray[np.float64], quantiles: list[float]) -> Pair:
    (low, high), (low_together, high_together) = (
        [mean_interval(difference, quantile)[1:] for quantile in quantiles] if quantiles else [(None, None)] * 2
    )
    wins, losses = int((difference > 0).sum()), int((difference < 0).sum())
    return {
        "first": first,
        "second": second,
        "mean": float(difference.mean()),
        "low": low,
        "high": high,
        "low_together": low_together,
        "high_together": high_together,
        "wins": wins,
        "ties": len(difference) - wins - losses,
        "losses": losses,
    }


def seen_from(pair: Pair, place: int) -> Pair:
    """Return a pair with the policy at `place` as its first."""
    if pair["first"] == place:
        return pair
    return {
        "first": pair["second"],
        "second": pair["first"],
        "mean": 0.0 - pair["mean"],  # not -0.0
        "low": _minus(pair["high"]),
        "high": _minus(pair["low"]),
        "low_together": _minus(pair["high_together"]),
        "high_together": _minus(pair["low_together"]),
        "wins": pair["losses"],
        "ties": pair["ties"],
        "losses": pair["wins"],
    }


def between(pairs: list[Pair], first: int, second: int) -> Pair:
    """Return the difference of two policies, the first minus the second."""
    return next(seen_from(pair, first) for pair in pairs if {pair["first"], pair["second"]} == {first, second})


def verdict_of(scenario: Scenario, replications: int, means: list[float], pairs: list[Pair]) -> Verdict:
    """Return what can be recommended, from each policy's mean total and the paired differences."""
    baseline = scenario.baseline
    verdict: Verdict = {
        "kind": "none",
        "why": None,
        "leader": None,
        "clear": [],
        "rivals": [],
        "unclear": [],
        "runner_up": None,
        "clearly_worse": False,
        "against_even_split": scenario.policies[baseline].name == "ab_split",
        "level": LEVEL,
        "level_each": level_each(scenario),
    }
    ranked = sorted(contenders(scenario), key=lambda place: -means[place])
    if baseline not in ranked or len(ranked) == 1:
        return verdict | {"why": "nothing_to_compare"}
    if replications < FEWEST_CAMPAIGNS:
        return verdict | {"why": "few_campaigns"}
    challengers = [place for place in ranked if place != baseline]
    clear = [place for place in challengers if _clearly_better(pairs, place, baseline)]
    if not clear:
        worse = _clearly_better(pairs, baseline, challengers[0])
        rival = next(place for place in ranked if place != challengers[0])
        return verdict | {"kind": "stay", "leader": challengers[0], "runner_up": rival, "clearly_worse": worse}
    leader = clear[0]
    level = [place for place in challengers if place != leader and not _clearly_better(pairs, leader, place)]
    return verdict | {
        "kind": "close" if level else "use",
        "leader": leader,
        "clear": clear,
        "rivals": [place for place in level if place in clear],
        "unclear": [place for place in level if place not in clear],
        "runner_up": next(place for place in ranked if place != leader),
    }


def _clearly_better(pairs: list[Pair], first: int, second: int) -> bool:
    low = between(pairs, first, second)["low_together"]
    return low is not None and low > 0.0


def _minus(bound: float | None) -> float | None:
    return None if bound is None else 0.0 - bound
