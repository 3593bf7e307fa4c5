"""What it costs to prove the gain, and how likely the proof is: a holdout beside the policy, or a wrap-up A/B at the end.

A holdout of recipients who always get the even split is compared with all others: one-sided, two proportions, pooled
variance. In a wrap-up A/B the line that was chosen before it is compared with the other lines, which an even split is
made of. Prices are paired by campaign: with the guardrail minus without, on the same recipients.

Source of the pooling of campaigns: DerSimonian and Laird (1986), Meta-analysis in clinical trials, for equal campaigns.
"""

import math
from dataclasses import dataclass
from typing import Any, Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.comparison import Estimate, chance, estimate
from engine.errors import ScenarioError
from engine.rails import TOLD_APART
from engine.result import Result
from engine.scenario import Scenario

LEVEL: Final = 0.05
"""Chance of a false proof, one-sided."""
POWER: Final = 0.8
FEWEST: Final = 2
"""Campaigns with which a spread is known."""
MOST_POOLED: Final = 1_000
"""More campaigns than that nobody pools."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Proof:
    """A way to prove the gain; none has no guardrail."""

    guardrail: str | None
    share: float


NO_PROOF: Final = Proof(None, 0.0)
PROOFS: Final = (NO_PROOF, *(Proof("holdout", share) for share in (0.05, 0.1, 0.25)), Proof("wrap_up_ab", 0.2))


@dataclass(frozen=True)
class Proven:
    """A scenario with a proof, or the reason for which it leaves no room for it."""

    proof: Proof
    scenario: Scenario | None
    reason: str = ""


class AtProof(TypedDict):
    """What is kept of the simulation of one proof; P policies, R campaigns."""

    campaigns: int
    totals: list[list[float]]  # (P, R) in the unit of the goal
    money: list[list[float]] | None  # (P, R) net value
    proves: list[Estimate] | None  # share of campaigns in which the test is significant; null without proof
    pooled: list[int | None] | None  # campaigns that must be pooled for a power of 80%; null where no number helps


class Price(TypedDict):
    """What a proof costs one policy."""

    change: Estimate  # in the unit of the goal: below 0 it costs
    money: Estimate | None
    proves: Estimate | None
    pooled: int | None


def proofs_of(scenario: Scenario) -> list[Proven]:
    """Return the scenario without a proof, and with each in turn; its own holdout or wrap-up A/B gives way.

    >>> from engine.presets import PRESETS
    >>> [[rail.name for rail in one.scenario.guardrails] for one in proofs_of(PRESETS["classic"].scenario)][:2]
    [[], ['holdout']]
    """
    return [_proven(scenario, proof) for proof in PROOFS]


def _proven(scenario: Scenario, proof: Proof) -> Proven:
    rails: list[dict[str, Any]] = [rail for rail in scenario.to_dict()["guardrails"] if rail["name"] not in TOLD_APART]
    if proof.guardrail is not None:
        rails.append({"name": proof.guardrail, "share": proof.share})
    try:
        return Proven(proof, scenario.with_changes(guardrails=rails))
    except ScenarioError as error:
        return Proven(proof, None, str(error))


def measure_proof(result: Result) -> AtProof:
    """Return what is kept of a proof's campaigns, or of the first of them, in plain JSON types."""
    scenario = result.scenario
    rail = next((name for name in TOLD_APART if scenario.guardrail(name) is not None), None)
    tests = [] if rail is None else [_compared(result, rail, place) for place in range(len(result.totals))]
    return {
        "campaigns": scenario.replications,
        "totals": result.totals.tolist(),
        "money": result.net_value[:, :, -1].round(2).tolist() if scenario.has_money else None,
        "proves": [chance(float(_is_proven(*counts).sum()), scenario.replications) for counts in tests] or None,
        "pooled": [_pooled(*counts) for counts in tests] or None,
    }


def price_of(without: AtProof, with_it: AtProof, place: int) -> Price:
    """Return what a proof costs a policy, over the campaigns that both have."""
    money, money_before = with_it["money"], without["money"]
    return {
        "change": _change(without["totals"][place], with_it["totals"][place]),
        "money": None if money is None or money_before is None else _change(money_before[place], money[place]),
        "proves": with_it["proves"][place] if with_it["proves"] else None,
        "pooled": with_it["pooled"][place] if with_it["pooled"] else None,
    }


def _change(before: list[float], after: list[float]) -> Estimate:
    count = min(len(before), len(after))
    return estimate(np.round(np.array(after[:count]) - np.array(before[:count]), 2))


def _compared(result: Result, rail: str, place: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return sends and conversions, (R,) each, of what should be better and of what it is compared with."""
    apart_sends, apart_won = (counts[place].astype(np.float64) for counts in result.told_apart(rail))
    sends = result.sends[place, :, -1].astype(np.float64)
    won = result.conversions[place, :, -1].astype(np.float64)
    if rail == "holdout":
        sent, gained = apart_sends.sum(axis=1), apart_won.sum(axis=1)
        return sends.sum(axis=1) - sent, won.sum(axis=1) - gained, sent, gained
    before = _chosen(sends - apart_sends, won - apart_won)
    return (
        (apart_sends * before).sum(axis=1),
        (apart_won * before).sum(axis=1),
        (apart_sends * ~before).sum(axis=1),
        (apart_won * ~before).sum(axis=1),
    )


def _chosen(sends: Floats, won: Floats) -> NDArray[np.bool_]:
    """Return the line with the highest posterior mean of each campaign, the first of equal ones: bool (R, K)."""
    believed = np.where(sends > 0, (won + 1.0) / (sends + 2.0), -np.inf)
    chosen = np.zeros(sends.shape, bool)
    chosen[np.arange(len(sends)), believed.argmax(axis=1)] = True
    return chosen


def _is_proven(sends: Floats, won: Floats, other_sends: Floats, other_won: Floats) -> NDArray[np.bool_]:
    """Return in which campaigns the first rate is significantly higher, (R,)."""
    from scipy.special import ndtri

    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (won + other_won) / (sends + other_sends)
        error = np.sqrt(pooled * (1 - pooled) * (1 / sends + 1 / other_sends))
        score = (won / sends - other_won / other_sends) / error
    proven: NDArray[np.bool_] = np.nan_to_num(score, nan=0.0) >= float(ndtri(1.0 - LEVEL))
    return proven


def _pooled(sends: Floats, won: Floats, other_sends: Floats, other_won: Floats) -> int | None:
    """Return how many such campaigns prove the gain together, four times in five; None where no number does.

    By the normal law of the mean difference, whose spread over campaigns is that of the simulation.
    """
    from scipy.special import ndtri

    there = (sends > 0) & (other_sends > 0)
    if there.sum() < FEWEST:
        return None
    difference = won[there] / sends[there] - other_won[there] / other_sends[there]
    mean, spread = float(difference.mean()), float(difference.std(ddof=1))
    if mean <= 0.0:
        return None
    needed = ((float(ndtri(1.0 - LEVEL)) + float(ndtri(POWER))) * spread / mean) ** 2
    return None if needed > MOST_POOLED else max(1, math.ceil(needed))
