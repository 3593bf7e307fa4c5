"""How policies compare over many campaigns on the same recipients: everything that Compare shows, in plain JSON types.

Differences are paired by campaign: both policies met the very same recipients, so what luck did to both cancels out.
"Interval" is the 90% confidence interval of a mean, which shrinks with more campaigns; "spread" is the 5th to the 95th
percentile of campaigns, which does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.crowning import crowns
from engine.earlier import known_before
from engine.inference import LEVEL, t_quantile, wilson_interval
from engine.linear import ContextParameters
from engine.metrics import average_rates, extra_totals, mean_interval, top_share
from engine.money import Goal
from engine.result import Result
from engine.scenario import Scenario, spread
from engine.verdict import Pair, Verdict, contenders, pairs_of, verdict_of

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

CROWNED_IN = 400
"""Campaigns, the first ones, in which lines are crowned: each takes an integral."""
MOST_STEPS = 50
"""Places along the campaign at which bands and shares of the traffic are given."""
SETTLED = 0.8
"""A policy has settled when this share of the traffic goes to the best line and stays there."""
FEWEST_LOOKS = 50
"""Looks along the campaign, if it has so many sends, that it takes to say when traffic settles."""
WORST = 0.05
TOP = 3
NEARLY = 1e-5
TAILS = (50 * (1 - LEVEL), 50 * (1 + LEVEL))


class Estimate(TypedDict):
    """A mean with its 90% confidence interval; without bounds when there is a single campaign."""

    mean: float
    low: float | None
    high: float | None


class Line(TypedDict):
    """A line and its true rate, the mean over campaigns and along them."""

    name: str
    rate: float


class Shortfall(TypedDict):
    """The cost of being wrong, below the baseline, in the unit of the goal."""

    share: float  # of campaigns that end below the baseline
    mean: float | None  # how far below, over those campaigns; above 0
    worst: float  # mean extra of the worst 5% of campaigns; mostly below 0


class ComparedPolicy(TypedDict):
    """One policy over all campaigns.

    All "extra" figures are over the baseline, paired by campaign, in the unit of the goal: conversions or money. Regret is
    in that unit too.
    """

    name: str
    label: str
    parameters: dict[str, Any]
    is_reference: bool
    tells_apart: bool  # whether it may send recipients of different segments different lines
    conversions_mean: float
    total_mean: float  # in the unit of the goal
    extra: Estimate
    extra_spread: list[float]
    extra_percentiles: list[float]  # 0.5th, 1.5th, ... 99.5th
    wins: int  # campaigns with more than the baseline
    ties: int
    losses: int
    win_chance: Estimate  # ties count half
    shortfall: Shortfall
    regret: Estimate  # expected
    regret_spread: list[float]
    realised_regret: Estimate | None  # what the oracle got from the same recipients minus this policy's
    lost_mean: float  # conversions a campaign that came after their window and count nowhere
    top_share_mean: float  # share of sends that went to a line which was truly best at that moment
    picks_best: Estimate  # chance that the line with the highest posterior mean at the end is a best one
    crowns: float | None
    """Share of campaigns that end with a line whose chance to be best is at least 95%; null where the goal is money, whose
    posterior is not worked out."""
    false_winners: float | None  # share of campaigns in which that line is no true winner
    settled_after: int | None  # sends until 80% of the traffic goes to the best line and stays there; null: not yet


class ComparedCurves(TypedDict):
    """What happens along the campaign; a list a policy."""

    at: list[int]  # cumulative sends
    regret: list[list[float]]  # mean at each of `at`
    band_at: list[int]
    regret_low: list[list[float]]  # 5th percentile of campaigns at each of `band_at`
    regret_high: list[list[float]]  # 95th
    windows: list[int]  # where each window ends, cumulative sends
    traffic: list[list[list[float]]]  # share of each window's sends that goes to each line
    lai_robbins: float | None  # regret grows by at least this much each time ln(sends) grows by 1
    lai_robbins_regret: list[float] | None  # that constant times ln(sends), at each of `at`


class Comparison(TypedDict):
    """All policies of a scenario over all its campaigns."""

    goal: Goal
    replications: int
    sends: int
    level: float
    baseline: int
    lines: list[Line]
    world: str
    is_segmented: bool  # whether recipients differ, so that the best line is that for each of them
    rates_change: bool  # along a campaign
    best: int | None  # the line that is best at the end of every campaign, the first of several; null when it varies
    best_lines: list[int]  # all lines that are best at the end of every campaign
    policies: list[ComparedPolicy]
    pairs: list[Pair]
    curves: ComparedCurves
    crowned_in: int  # campaigns that `crowns` and `false_winners` count
    stable_since: int  # campaigns after which the order of the top three no longer changed
    settling_known: bool  # false: rates change, or are redrawn and many campaigns are kept at too few places along them
    verdict: Verdict


def compare(result: Result, *, crowned_in: int = CROWNED_IN) -> Comparison:
    """Return how the policies of a result compare.

    Args:
        result: of a whole scenario or of its first campaigns.
        crowned_in: in how many campaigns, the first ones, lines are crowned; 0 leaves that out and is quick.

    >>> from engine import Scenario, simulate
    >>> scenario = Scenario.from_dict({
    ...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}], "sends": 2000, "replications": 100,
    ...     "policies": [{"name": "ab_split"}, {"name": "thompson"}]})
    >>> comparison = compare(simulate(scenario))
    >>> comparison["verdict"]["kind"], comparison["verdict"]["leader"], comparison["policies"][1]["wins"]
    ('use', 1, 100)
    """
    scenario, counted = result.scenario, min(crowned_in, result.scenario.replications)
    rates = average_rates(scenario)
    always = np.flatnonzero(result.best_at_end.all(axis=(0, 1))).tolist()
    totals = result.totals
    pairs = pairs_of(scenario, totals)
    campaigns = _Campaigns(result, totals, counted)
    return {
        "goal": scenario.goal,
        "replications": scenario.replications,
        "sends": scenario.sends,
        "level": LEVEL,
        "baseline": scenario.baseline,
        "lines": _lines(result, rates),
        "world": scenario.world.name,
        "rates_change": not scenario.is_steady,
        "is_segmented": scenario.is_segmented,
        "best": always[0] if always else None,
        "best_lines": always,
        "policies": [_policy(campaigns, place) for place in range(len(totals))],
        "pairs": pairs,
        "curves": _curves(result, rates),
        "crowned_in": counted,
        "stable_since": _stable_since(totals[contenders(scenario)]),
        "settling_known": _is_settling_known(result),
        "verdict": verdict_of(scenario, scenario.replications, totals.mean(axis=1).tolist(), pairs),
    }


def summarise(result: Result) -> "pd.DataFrame":
    """Return a row a policy, by label: conversions and what they are worth over the baseline, in numbers a campaign.

    Columns: conversions; extra over the first A/B split (or the first usable policy), with the 90% confidence interval
    of the mean; chance to win against it, ties half; expected regret; share of sends to the best line; chance to pick it at
    the end. All are means over campaigns.

    >>> from engine import Scenario, simulate
    >>> scenario = Scenario.from_dict({
    ...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}], "sends": 2000, "replications": 100,
    ...     "policies": [{"name": "ab_split"}, {"name": "oracle"}]})
    >>> summarise(simulate(scenario))[["win_chance", "top_share", "picks_best"]]
               win_chance  top_share  picks_best
    policy
    A/B split         0.5        0.5         1.0
    Oracle            1.0        1.0         1.0
    """
    import pandas as pd

    rows = [
        {
            "policy": policy["label"],
            "conversions": policy["conversions_mean"],
            "extra": policy["extra"]["mean"],
            "extra_low": policy["extra"]["low"],
            "extra_high": policy["extra"]["high"],
            "win_chance": policy["win_chance"]["mean"],
            "regret": policy["regret"]["mean"],
            "top_share": policy["top_share_mean"],
            "picks_best": policy["picks_best"]["mean"],
        }
        for policy in compare(result, crowned_in=0)["policies"]
    ]
    return pd.DataFrame(rows).set_index("policy").astype(float)


def _lines(result: Result, rates: Floats) -> list[Line]:
    means = rates[0] if (rates == rates[0]).all() else rates.mean(axis=0)
    return [{"name": arm.name, "rate": float(rate)} for arm, rate in zip(result.scenario.arms, means, strict=True)]


@dataclass(frozen=True)
class _Campaigns:
    """What is counted once for all policies."""

    result: Result
    totals: Floats  # (P, R) in the unit of the goal
    crowned_in: int

    @cached_property
    def extra(self) -> Floats:
        """What each policy got over the baseline (P, R)."""
        return extra_totals(self.result, self.result.scenario.baseline)

    @cached_property
    def top_shares(self) -> list[float]:
        """Share of sends to a best line, of each policy."""
        shares: list[float] = top_share(self.result).mean(axis=1).tolist()
        return shares

    @cached_property
    def settled(self) -> list[int | None]:
        """Sends after which each policy has settled; None where it has not, or where that cannot be known."""
        if not _is_settling_known(self.result):
            return [None] * len(self.totals)
        return _settled_after(self.result)

    @cached_property
    def ceiling(self) -> int | None:
        """The place of the oracle."""
        return next((place for place, spec in enumerate(self.result.scenario.specs) if spec.is_reference), None)


def _policy(campaigns: _Campaigns, place: int) -> ComparedPolicy:
    result, scenario, extra = campaigns.result, campaigns.result.scenario, campaigns.extra[place]
    percentiles = np.percentile(extra, [*TAILS, *(np.arange(100) + 0.5)])
    regret = result.regret_units[place, :, -1] * np.float64(result.scenario.regret_unit)
    wins, losses = int((extra > 0).sum()), int((extra < 0).sum())
    ties = len(extra) - wins - losses
    crowned, false = _crowned(result, place, campaigns.crowned_in)
    return {
        "name": scenario.policies[place].name,
        "label": scenario.labels[place],
        "parameters": scenario.policies[place].model_dump(mode="json", exclude={"name", "label"}),
        "is_reference": scenario.specs[place].is_reference,
        "tells_apart": scenario.is_segmented and isinstance(scenario.policies[place], ContextParameters),
        "conversions_mean": float(result.conversions[place, :, -1].sum(axis=-1, dtype=np.int64).mean()),
        "total_mean": float(campaigns.totals[place].mean()),
        "extra": estimate(extra),
        "extra_spread": percentiles[:2].tolist(),
        "extra_percentiles": percentiles[2:].round(1).tolist(),
        "wins": wins,
        "ties": ties,
        "losses": losses,
        "win_chance": chance(wins + ties / 2, len(extra)),
        "shortfall": _shortfall(extra),
        "regret": estimate(regret),
        "regret_spread": np.percentile(regret, TAILS).tolist(),
        "realised_regret": _realised_regret(campaigns, place),
        "lost_mean": float(result.lost[place].mean()),
        "top_share_mean": campaigns.top_shares[place],
        "picks_best": chance(picks_best(result, place), len(extra)),
        "crowns": crowned,
        "false_winners": false,
        "settled_after": campaigns.settled[place],
    }


def _realised_regret(campaigns: _Campaigns, place: int) -> Estimate | None:
    if campaigns.ceiling is None:
        return None
    return estimate(campaigns.totals[campaigns.ceiling] - campaigns.totals[place])


def estimate(values: Floats) -> Estimate:
    """Return the mean of a value a campaign, with its 90% confidence interval by Student's t."""
    if len(values) == 1:
        return {"mean": float(values[0]), "low": None, "high": None}
    mean, low, high = mean_interval(values, t_quantile(len(values)))
    return {"mean": mean, "low": low, "high": high}


def chance(successes: float, campaigns: int) -> Estimate:
    """Return a share of campaigns with its 90% score interval; successes may be fractions."""
    low, high = wilson_interval(np.array([successes]), np.array([campaigns]))
    return {"mean": successes / campaigns, "low": float(low[0]), "high": float(high[0])}


def _shortfall(extra: Floats) -> Shortfall:
    below = extra[extra < 0]
    worst = max(1, round(WORST * len(extra)))
    return {
        "share": len(below) / len(extra),
        "mean": float(-below.mean()) if len(below) else None,
        "worst": float(np.partition(extra, worst - 1)[:worst].mean()),
    }


def picks_best(result: Result, place: int) -> float:
    """Return in how many campaigns the line that one would go on with is a best one; ties are shared evenly.

    That is the line with the highest posterior mean among those that were sent, of its rate or of what it is worth. Where the
    policy started from an earlier campaign, that counts as it did for the policy.
    """
    believed = _believed(result, place)
    picked = believed == believed.max(axis=1, keepdims=True)
    return float(((picked & result.best_at_end[place]).sum(axis=1) / picked.sum(axis=1)).sum())


def _believed(result: Result, place: int) -> Floats:
    """Return what a send of each line is believed to be worth at the end, (R, K); minus infinity where none was sent."""
    scenario, (sends, conversions) = result.scenario, _known(result, place)
    believed: Floats = (conversions + 1.0) / (sends + 2.0)
    if scenario.goal != "conversions":
        believed = believed * scenario.order_values
    if scenario.goal == "net_value" and scenario.money is not None and scenario.counts_complaints:
        believed = believed - scenario.money.unsubscribe_cost * result.complaints[place] / np.maximum(
            result.sends[place, :, -1], 1
        )
    return np.where(sends > 0, believed, -np.inf)


def _crowned(result: Result, place: int, campaigns: int) -> tuple[float, float] | tuple[None, None]:
    if not campaigns or result.scenario.goal != "conversions":
        return None, None
    sends, conversions = _known(result, place)
    return crowns(conversions[:campaigns], sends[:campaigns], result.best_at_end[place, :campaigns])


def _known(result: Result, place: int) -> tuple[Floats, Floats]:
    """Return sends and conversions of each line at the end, (R, K), with those of an earlier campaign that a policy counts."""
    sends, conversions = known_before(result.scenario, place)
    return result.sends[place, :, -1] + sends, result.conversions[place, :, -1] + conversions


def _is_settling_known(result: Result) -> bool:
    """Return whether there is one best line to settle on, and traffic is known at enough places to see it.

    Where the best line varies between campaigns, memory limits the number of places.
    """
    if not result.scenario.is_steady:
        return False
    best = result.best_at_end[0]
    return _is_same_everywhere(best) or len(result.checkpoints) >= min(FEWEST_LOOKS, result.scenario.sends)


def _is_same_everywhere(best: NDArray[np.bool_]) -> bool:
    return bool((best == best[0]).all())


def _settled_after(result: Result) -> list[int | None]:
    """Return for each policy the sends after which the best line's share of each window stays high."""
    best = result.best_at_end[0]
    if _is_same_everywhere(best):
        at, to_best = result.curve_checkpoints, result.curves.sends @ best[0]
        sent = result.curves.sends.sum(axis=-1)
    else:
        at = result.checkpoints
        to_best, sent = (np.array(rows) for rows in zip(*(_traffic_to(best, one) for one in result.sends), strict=True))
    shares = _of_windows(to_best, sent)
    return [_start_of_last_run(share >= SETTLED, at) for share in shares]


def _traffic_to(best: NDArray[np.bool_], sends: NDArray[np.int32]) -> tuple[Floats, Floats]:
    """Return one policy's mean cumulative sends to the best line of each campaign, and to all: (C,) each."""
    to_best = np.einsum("rck,rk->c", sends, best, dtype=np.float64) / len(sends)
    return to_best, sends.sum(axis=(0, 2), dtype=np.float64) / len(sends)


def _of_windows(part: Floats, whole: Floats) -> Floats:
    """Return the share of each window, from cumulative counts along the last axis; 0 where nothing was sent."""
    part, whole = np.diff(part, prepend=0.0, axis=-1), np.diff(whole, prepend=0.0, axis=-1)
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0.0)


def _start_of_last_run(held: NDArray[np.bool_], at: NDArray[np.int64]) -> int | None:
    if not held[-1]:
        return None
    lost = np.flatnonzero(~held)
    return int(at[lost[-1]]) if len(lost) else 0


def _curves(result: Result, rates: Floats) -> ComparedCurves:
    kept = spread(len(result.checkpoints), min(MOST_STEPS, len(result.checkpoints))) - 1
    low, high = _bands(result, kept)
    at = result.curve_checkpoints
    windows = spread(len(at), min(MOST_STEPS, len(at))) - 1
    sends = result.curves.sends[:, windows]  # (P, W, K)
    sent = np.repeat(sends.sum(axis=-1, keepdims=True), sends.shape[-1], axis=-1)
    traffic = _of_windows(np.moveaxis(sends, 1, -1), np.moveaxis(sent, 1, -1))
    constant = lai_robbins(rates) if _is_classical(result.scenario) else None
    return {
        "at": at.tolist(),
        "regret": result.curves.regret.round(3).tolist(),
        "band_at": result.checkpoints[kept].tolist(),
        "regret_low": low.round(3).tolist(),
        "regret_high": high.round(3).tolist(),
        "windows": at[windows].tolist(),
        "traffic": np.moveaxis(traffic, -1, 1).round(4).tolist(),
        "lai_robbins": constant,
        "lai_robbins_regret": None if constant is None else (constant * np.log(at)).round(3).tolist(),
    }


def _is_classical(scenario: Scenario) -> bool:
    """Return whether a scenario is the problem of the textbooks, for which a lower bound of regret is known."""
    is_plain = scenario.is_steady and not scenario.is_delayed and not scenario.is_segmented
    return is_plain and scenario.goal == "conversions" and scenario.recurring is None


def _bands(result: Result, kept: NDArray[np.int64]) -> Floats:
    """Return the 5th and 95th percentile of regret: (2, P, len(kept)). One policy at a time: copies stay small."""
    rows = [np.percentile(np.ascontiguousarray(units[:, kept].T), TAILS, axis=1) for units in result.regret_units]
    bands: Floats = np.stack(rows, axis=1) * result.scenario.regret_unit
    return bands


def lai_robbins(rates: Floats) -> float | None:
    """Return the sum over lines of gap / KL(line, best) from rates (R, K), or None where it is not defined.

    No policy that does well whatever the rates are can in the long run miss fewer than this constant times ln(sends)
    conversions. It needs rates that stay the same in all campaigns, and a best rate strictly between 0 and 1.

    Source: Lai and Robbins (1985), Asymptotically efficient adaptive allocation rules, Advances in Applied Mathematics 6.

    >>> round(lai_robbins(np.array([[0.5, 0.4, 0.5]])) or 0.0, 3)
    4.966
    """
    from scipy.special import rel_entr

    best = float(rates[0].max())
    if (rates != rates[0]).any() or not 0.0 < best < 1.0:
        return None
    others = rates[0][rates[0] < best]
    gaps = best - others
    divergence = rel_entr(others, best) + rel_entr(1.0 - others, 1.0 - best)
    # For lines that nearly equal the best one the two terms cancel; their first common term is then exact enough.
    nearly = gaps < NEARLY * min(best, 1.0 - best)
    divergence = np.where(nearly, gaps**2 / (2.0 * best * (1.0 - best)), divergence)
    with np.errstate(divide="ignore", over="ignore"):
        constant = float((gaps / divergence).sum())
    return constant if np.isfinite(constant) else None


def _stable_since(totals: Floats) -> int:
    """Return the smallest number of campaigns from which on the order of the top three never changed.

    Equal means are ordered by place.
    """
    order = np.argsort(-np.cumsum(totals, axis=1), axis=0, kind="stable")[:TOP]
    changed: Sequence[int] = np.flatnonzero((order != order[:, -1:]).any(axis=0)).tolist()
    return changed[-1] + 2 if changed else 1
