"""The plan itself: which policy to use, from how many sends on, and what it earns, in plain JSON types.

A policy is right where it ends on a truly best line. Testing is not worth it where no policy is right in three of four
campaigns, and none earns more than a favourite sent untested by somebody as sure of it as was said.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, TypedDict

import numpy as np

from engine.comparison import Estimate
from engine.inference import LEVEL, t_quantile
from engine.money import Goal
from engine.planning.ab_test import Classical, classical, power
from engine.planning.differences import best_and_next
from engine.planning.measured import AtSize, PolicyAtSize
from engine.planning.proof import AtProof, Price, price_of
from engine.planning.question import Part, Question
from engine.planning.sizes import reaches
from engine.planning.spreads import AtSpread, Batch
from engine.scenario import Scenario

ROUGHLY_RIGHT: Final = 0.75
"""A test that ends on the right line less often is no help in choosing it."""
NEAR: Final = 0.01
"""Gains below this share of what the even split gets change no choice, however sure they are."""
ALIKE: Final = 0.9
"""A policy with this share of the largest gain earns as much; the surer one of them is then used."""
FEWEST_CAMPAIGNS: Final = 20
FEWEST_WITH_ERROR: Final = 2

Found = Mapping[tuple[Part, int], Any]
"""What was measured so far, by part and number."""


class Needed(TypedDict):
    """From how many sends on a policy is right as often as wanted; null where no look was large enough."""

    sends: float | None
    low: float | None  # where the upper bounds of the looks get there
    high: float | None  # where the lower bounds do
    from_the_start: bool  # at the smallest look already


class Curve(TypedDict):
    """One policy over sizes."""

    policy: int
    right: list[Estimate]
    extra: list[float]
    needed: Needed


class SpreadRow(TypedDict):
    """The gain of a policy with the send spread over time."""

    hours: float | None
    batches: int
    reason: str  # why the scenario leaves no room for it
    extra: Estimate | None
    low: float | None  # 5th percentile of campaigns
    high: float | None
    kept: float | None  # share of the gain without waiting
    schedule: list[Batch]


class ProofRow(TypedDict):
    """A way to prove the gain of a policy."""

    guardrail: str | None
    share: float
    reason: str
    price: Price | None


class Power(TypedDict):
    """The A/B test of the best line against the next, at each size."""

    sizes: list[int]
    power: list[float]


class Verdict(TypedDict):
    """What to do with the list; policies by place.

    "use": a policy gains; "split": none gains enough, an even split is as good; "skip": testing is not worth it;
    "nothing": lines are level; "early": too few campaigns.
    """

    kind: Literal["use", "split", "skip", "nothing", "early"]
    policy: int | None
    also: int | None  # a policy that earns as much and is right less often
    test_from: float | None  # sends below which testing is not worth it; null: always worth it
    never: bool  # testing is worth it at no size that was looked at


class PlannedPolicy(TypedDict):
    """A policy of the plan."""

    name: str
    label: str
    parameters: dict[str, Any]


class Outlook(TypedDict):
    """The plan, as far as it is simulated."""

    goal: Goal
    has_money: bool
    sends: int
    campaigns: int
    level: float
    target: float
    favourite: float
    lines: int
    baseline: int
    policies: list[PlannedPolicy]
    sizes: list[int]  # those simulated
    curves: list[Curve]
    at_list: AtSize | None
    power: Power | None
    classical: Classical | None
    best: float | None
    next: float | None
    verdict: Verdict


def put_together(question: Question, found: Found) -> Outlook:
    """Return the plan from what is there so far.

    >>> from engine import Scenario, simulate
    >>> from engine.planning.measured import measure
    >>> scenario = Scenario.from_dict({
    ...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.2}], "sends": 2000, "replications": 100,
    ...     "policies": [{"name": "ab_split"}, {"name": "thompson"}]})
    >>> question = Question.of(scenario)
    >>> number = question.sizes.index(2000)
    >>> plan = put_together(question, {("size", number): measure(simulate(scenario))})
    >>> plan["verdict"]["kind"], plan["verdict"]["policy"], plan["classical"].a_line
    ('use', 1, 199)
    """
    scenario, aims = question.scenario, question.aims
    looks = [found[key] for key in sorted(key for key in found if key[0] == "size")]
    at_list = next((look for look in looks if look["sends"] == scenario.sends), None)
    lead = best_and_next(scenario)
    curves = [_curve(looks, place, aims.right) for place in range(len(scenario.policies))]
    return {
        "goal": scenario.goal,
        "has_money": scenario.has_money,
        "sends": scenario.sends,
        "campaigns": at_list["campaigns"] if at_list else 0,
        "level": LEVEL,
        "target": aims.right,
        "favourite": aims.favourite,
        "lines": len(scenario.arms),
        "baseline": scenario.baseline,
        "policies": [
            {
                "name": policy.name,
                "label": label,
                "parameters": policy.model_dump(mode="json", exclude={"name", "label"}),
            }
            for policy, label in zip(scenario.policies, scenario.labels, strict=True)
        ],
        "sizes": [look["sends"] for look in looks],
        "curves": curves,
        "at_list": at_list,
        "power": None if lead is None else _power(question, lead.best, lead.next),
        "classical": None if lead is None else _classical(scenario, lead.best, lead.next),
        "best": lead.best if lead else None,
        "next": lead.next if lead else None,
        "verdict": verdict_of(question, looks, at_list),
    }


def _classical(scenario: Scenario, best: float, second: float) -> Classical | None:
    return classical(best, second, len(scenario.arms), scenario.sends_per_hour)


def _power(question: Question, best: float, second: float) -> Power:
    lines = len(question.scenario.arms)
    return {
        "sizes": list(question.sizes),
        "power": [power(best, second, size // lines) for size in question.sizes],
    }


def _curve(looks: Sequence[AtSize], place: int, target: float) -> Curve:
    own = [look["policies"][place] for look in looks]
    return {
        "policy": place,
        "right": [one["right"] for one in own],
        "extra": [one["extra"]["mean"]["mean"] for one in own],
        "needed": _needed(looks, [one["right"] for one in own], target),
    }


def _needed(looks: Sequence[AtSize], right: Sequence[Estimate], target: float) -> Needed:
    if not looks:
        return {"sends": None, "low": None, "high": None, "from_the_start": False}
    sizes = np.array([look["sends"] for look in looks])

    def at(part: Literal["mean", "low", "high"]) -> float | None:
        return reaches(sizes, np.array([one[part] for one in right], np.float64), target)

    sends = at("mean")
    return {"sends": sends, "low": at("high"), "high": at("low"), "from_the_start": sends == float(sizes[0])}


# The verdict


def verdict_of(question: Question, looks: Sequence[AtSize], at_list: AtSize | None) -> Verdict:
    """Return what to do, from what the sizes say so far."""
    scenario = question.scenario
    verdict: Verdict = {"kind": "early", "policy": None, "also": None, "test_from": None, "never": False}
    if at_list is None or at_list["campaigns"] < FEWEST_CAMPAIGNS:
        return verdict
    if at_list["policies"][scenario.baseline]["favourite"] is None:
        return verdict | {"kind": "nothing"}
    favourite = question.aims.favourite
    test_from = _test_from(looks, scenario.baseline, favourite)
    never = not any(is_worth_testing(look, scenario.baseline, favourite) for look in looks)
    verdict |= {"test_from": test_from, "never": never}
    if not is_worth_testing(at_list, scenario.baseline, favourite):
        return verdict | {"kind": "skip"}
    policy, also = best_policy(scenario, at_list)
    return verdict | {"kind": "split" if policy is None else "use", "policy": policy, "also": also}


def is_worth_testing(look: AtSize, baseline: int, favourite: float) -> bool:
    """Return whether so many sends are worth a test."""
    even = look["policies"][baseline]
    return any(one["right"]["mean"] >= ROUGHLY_RIGHT for one in look["policies"]) or any(
        _earns(one, even, favourite) for one in look["policies"]
    )


def _earns(one: PolicyAtSize, even: PolicyAtSize, favourite: float) -> bool:
    is_surer = one["favourite"] is not None and one["favourite"] > favourite
    return is_surer and one["extra"]["mean"]["mean"] >= NEAR * even["total"] > 0.0


def _test_from(looks: Sequence[AtSize], baseline: int, favourite: float) -> float | None:
    """Return the sends from which on testing is worth it; None where it is at the smallest look, or at none."""
    sizes = np.array([look["sends"] for look in looks])
    right = np.array([max(one["right"]["mean"] for one in look["policies"]) for look in looks])
    sure = np.array([_surest(look, baseline) for look in looks])
    starts = [at for at in (reaches(sizes, right, ROUGHLY_RIGHT), reaches(sizes, sure, favourite)) if at is not None]
    return None if not starts or min(starts) <= float(sizes[0]) else min(starts)


def _surest(look: AtSize, baseline: int) -> float:
    """Return how sure one must be of a favourite to do without the best policy that gains enough; 0 where none does."""
    even = look["policies"][baseline]
    return max((one["favourite"] or 0.0 for one in look["policies"] if _earns(one, even, 0.0)), default=0.0)


def best_policy(scenario: Scenario, look: AtSize, *, surest: bool = False) -> tuple[int | None, int | None]:
    """Return the policy to use and one that earns as much but is right less often; None where the even split is as good.

    A policy gains where its mean extra is surely above 0, all comparisons together at 90% by Bonferroni, and at least 1%
    of what the even split gets. Of those within a tenth of the largest gain the one that is right most often is used; with
    `surest`, of all that do not surely lose anything.
    """
    baseline, policies = scenario.baseline, look["policies"]
    challengers = [place for place in range(len(policies)) if place != baseline]
    wider = _wider(look["campaigns"], len(challengers))
    even = policies[baseline]["total"]
    gains = {
        place: mean["mean"]
        for place in challengers
        for mean in (policies[place]["extra"]["mean"],)
        if _low(mean, wider) > 0.0 and mean["mean"] >= NEAR * even
    }
    if surest:
        return _surest_of(look, baseline, gains), None
    if not gains:
        return None, None
    alike = [place for place, gain in gains.items() if gain >= ALIKE * max(gains.values())]
    ranked = sorted(alike, key=lambda place: (-policies[place]["right"]["mean"], -gains[place]))
    return ranked[0], ranked[1] if len(ranked) > 1 else None


class Advice(NamedTuple):
    """What to use with so many sends: a policy by its place, its mean extra over the even split, and how often it is right."""

    place: int
    is_even_split: bool
    extra: float
    right: float
    is_worth_testing: bool


def advice_of(scenario: Scenario, look: AtSize, favourite: float, *, surest: bool = False) -> Advice:
    """Return what to use, as `best_policy` says; the even split where nothing is better."""
    found, _ = best_policy(scenario, look, surest=surest)
    place = scenario.baseline if found is None else found
    shown = look["policies"][place]
    return Advice(
        place,
        place == scenario.baseline,
        shown["extra"]["mean"]["mean"],
        shown["right"]["mean"],
        is_worth_testing(look, scenario.baseline, favourite),
    )


def _surest_of(look: AtSize, baseline: int, gains: Mapping[int, float]) -> int | None:
    """Return the policy that is right most often; among those that luck cannot tell apart, the one that earns most."""
    policies = look["policies"]
    top = max(one["right"]["mean"] for one in policies)
    near = [place for place, one in enumerate(policies) if (one["right"]["high"] or 1.0) >= top]
    best = max(near, key=lambda place: policies[place]["extra"]["mean"]["mean"] if place in gains else 0.0)
    return best if best != baseline and best in gains else (None if baseline in near else best)


def _wider(campaigns: int, comparisons: int) -> float:
    """Return by how much an interval is wider where all comparisons hold together."""
    if campaigns < FEWEST_WITH_ERROR:
        return 1.0
    level = 1.0 - (1.0 - LEVEL) / max(1, comparisons)
    return t_quantile(campaigns, level) / t_quantile(campaigns)


def _low(mean: Estimate, wider: float) -> float:
    return mean["mean"] if mean["low"] is None else mean["mean"] - wider * (mean["mean"] - mean["low"])


# What is beside the sizes


def spread_rows(question: Question, found: Found, policy: int) -> list[SpreadRow]:
    """Return what is left of a policy's gain in each spread; the last row does not wait."""
    said: list[AtSpread | None] = [found.get(("spread", number)) for number in range(len(question.spreads))]
    last = said[-1]
    whole = last["extra"][policy]["mean"]["mean"] if last else None
    return [
        {
            "hours": one.spread.hours,
            "batches": one.spread.batches,
            "reason": one.reason,
            "extra": told["extra"][policy]["mean"] if told else None,
            "low": told["extra"][policy]["low"] if told else None,
            "high": told["extra"][policy]["high"] if told else None,
            "kept": told["extra"][policy]["mean"]["mean"] / whole if told and whole and whole > 0.0 else None,
            "schedule": told["schedules"][policy] if told else [],
        }
        for one, told in zip(question.spreads, said, strict=True)
    ]


def proof_rows(question: Question, found: Found, policy: int) -> list[ProofRow]:
    """Return what each proof costs a policy, and how likely it is."""
    said: list[AtProof | None] = [found.get(("proof", number)) for number in range(len(question.proofs))]
    without = said[0]
    return [
        {
            "guardrail": one.proof.guardrail,
            "share": one.proof.share,
            "reason": one.reason,
            "price": price_of(without, told, policy) if without and told else None,
        }
        for one, told in zip(question.proofs, said, strict=True)
    ]
