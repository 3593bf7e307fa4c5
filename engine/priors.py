"""Whether an earlier campaign would mislead a policy that starts from it, and what starting from it was worth.

A policy's history has a weight: each send of the earlier campaign counts as so many of this one. What it then leaves open
of a line's rate is Beta(1 + conversions, 1 + misses) of the discounted counts, the power prior of Ibrahim and Chen (2000),
Statistical Science 15. A rate of now that it hardly leaves open is a conflict of prior and data, told by its tail as in
Evans and Moshonov (2006), Checking for prior-data conflict, Bayesian Analysis 1.
"""

import math
from typing import Any, Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.beliefs import chance_to_be_best
from engine.comparison import Comparison
from engine.inference import LEVEL
from engine.money import prices_of
from engine.scenario import MOST_POLICIES, Scenario
from engine.verdict import Pair, between

Floats = NDArray[np.float64]

LONGEST_LABEL = 60


Misleads = Literal["leader", "new", "rates", "no", "unknown"]
"""Another line is best now; one that is new; a rate is far from what is left open; none of this; or rates are not known."""


class RememberedLine(TypedDict):
    """A line, what the earlier campaign says of it, and how it is now; nulls where either is not known."""

    name: str
    sends: int  # of the earlier campaign
    conversions: int
    counted: float  # sends that they count as
    expected: float | None  # its rate by the earlier campaign
    low: float | None  # what the discounted counts leave open at the level
    high: float | None
    rate: float | None  # at the first send now, over all recipients
    tail: float | None  # chance, by the discounted counts, of a rate at least as far out as that of now, on either side
    is_surprising: bool


class PriorCheck(TypedDict):
    """What a policy's history is worth believing."""

    policy: int
    label: str
    weight: float
    level: float  # of what is left open, of all lines together
    lines: list[RememberedLine]
    leader: int  # the line that did best in the earlier campaign: the first of several
    leader_chance: float  # how sure a policy is at the start that it converts best, from 0 to 1
    best: list[int] | None  # the lines that are best now; null where rates are drawn anew in each campaign
    misleads: Misleads
    outweighed_after: int | None
    """Sends of each line now, after which on average the best line is ahead for good; 0 where it leads from the start."""


class PriorWorth(TypedDict):
    """What starting from history brought: the policy with it minus the same without it, paired by campaign."""

    policy: int
    without: int  # the place of the same policy that starts from nothing
    weight: float
    difference: Pair


def prior_check(scenario: Scenario, policy: int) -> PriorCheck | None:
    """Return whether history would mislead the policy at this place; None where it starts from nothing.

    >>> arms = [{"name": name, "rate": rate, "history": {"sends": 1000, "conversions": won}}
    ...         for name, rate, won in (("A", 0.05, 40), ("B", 0.03, 60))]
    >>> asked = Scenario.from_dict({"arms": arms, "policies": [{"name": "thompson", "history": 0.5}]})
    >>> found = prior_check(asked, 0)
    >>> found["misleads"], found["leader"], found["best"], found["outweighed_after"]
    ('leader', 1, [0], 500)
    >>> [line["is_surprising"] for line in found["lines"]]
    [False, True]
    """
    weight = float(getattr(scenario.policies[policy], "history", 0.0))
    if weight == 0.0:
        return None
    counts = [(arm.history.sends, arm.history.conversions) if arm.history else (0, 0) for arm in scenario.arms]
    told = np.array(counts, np.float64).T
    worth, today = prices_of(scenario).worth, _rates_of_now(scenario)
    lines = [_line(scenario, place, counts[place], weight, today[place]) for place in range(len(counts))]
    leader = int(np.argmax(np.where(told[0] > 0.0, told[1] / np.maximum(told[0], 1.0) * worth, -1.0)))
    known = None if None in today else np.array(today, np.float64) * worth
    best = None if known is None else np.flatnonzero(known == known.max()).tolist()
    return {
        "policy": policy,
        "label": scenario.labels[policy],
        "weight": weight,
        "level": LEVEL,
        "lines": lines,
        "leader": leader,
        "leader_chance": float(chance_to_be_best(weight * told[1], weight * told[0])[leader]),
        "best": best,
        "misleads": _misleads(leader, best, lines),
        "outweighed_after": None if known is None else _outweighed_after(weight * told, known, worth),
    }


def with_twins(scenario: Scenario) -> Scenario:
    """Return the scenario with each policy that starts from history followed by the same without it, as far as there is room.

    >>> arms = [{"name": name, "history": {"sends": 100, "conversions": 4}} for name in "AB"]
    >>> asked = Scenario.from_dict({"arms": arms, "policies": [{"name": "ucb1", "history": 0.5}]})
    >>> with_twins(asked).labels
    ('UCB1 (history 0.5)', 'UCB1 (history 0)')
    """
    known = scenario.to_dict()["policies"]
    missing = [policy for policy in known if policy.get("history") and not any(_is_twin(policy, one) for one in known)]
    added = missing[: MOST_POLICIES - len(known)]
    policies = [one for policy in known for one in ((policy, _twin(policy)) if policy in added else (policy,))]
    return scenario.with_changes(policies=policies)


def prior_worths(comparison: Comparison) -> list[PriorWorth]:
    """Return what history was worth to each policy that is compared with the same one without it."""
    shown = [policy["parameters"] | {"name": policy["name"]} for policy in comparison["policies"]]
    return [
        {
            "policy": place,
            "without": other,
            "weight": float(policy["history"]),
            "difference": between(comparison["pairs"], place, other),
        }
        for place, policy in enumerate(shown)
        if policy.get("history")
        for other in [next((at for at, one in enumerate(shown) if _is_twin(policy, one)), None)]
        if other is not None
    ]


def _is_twin(policy: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether the other is the same policy without history, whatever it is called in charts."""
    return other | {"label": None} == policy | {"label": None, "history": 0.0}


def _twin(policy: dict[str, Any]) -> dict[str, Any]:
    suffix = " without history"
    label = policy["label"] and policy["label"][: LONGEST_LABEL - len(suffix)] + suffix
    return policy | {"label": label, "history": 0.0}


def _rates_of_now(scenario: Scenario) -> list[float | None]:
    """Return each line's rate at the first send; None where every campaign has another."""
    is_redrawn = bool(getattr(scenario.world, "redraw", False))
    rates = scenario.rates()[0].tolist()
    return [None if is_redrawn and arm.rate is None else rate for arm, rate in zip(scenario.arms, rates, strict=True)]


def _line(scenario: Scenario, place: int, counts: tuple[int, int], weight: float, rate: float | None) -> RememberedLine:
    from scipy.special import betaincinv

    sends, conversions = counts
    alpha, beta = 1.0 + weight * conversions, 1.0 + weight * (sends - conversions)
    tail_each = (1.0 - LEVEL) / len(scenario.arms)  # Bonferroni: all lines together
    told = sends > 0
    tail = _tail(alpha, beta, rate) if told and rate is not None else None
    return {
        "name": scenario.arms[place].name,
        "sends": sends,
        "conversions": conversions,
        "counted": weight * sends,
        "expected": conversions / sends if told else None,
        "low": float(betaincinv(alpha, beta, tail_each / 2.0)) if told else None,
        "high": float(betaincinv(alpha, beta, 1.0 - tail_each / 2.0)) if told else None,
        "rate": rate,
        "tail": tail,
        "is_surprising": tail is not None and tail < tail_each,
    }


def _tail(alpha: float, beta: float, rate: float) -> float:
    from scipy.special import betainc, betaincc

    return float(min(1.0, 2.0 * min(betainc(alpha, beta, rate), betaincc(alpha, beta, rate))))


def _misleads(leader: int, best: list[int] | None, lines: list[RememberedLine]) -> Misleads:
    if best is not None and leader not in best:
        return "leader" if any(lines[place]["sends"] for place in best) else "new"
    if any(line["is_surprising"] for line in lines):
        return "rates"
    return "unknown" if best is None else "no"


def _outweighed_after(discounted: Floats, values: Floats, worth: Floats) -> int:
    """Return after how many sends of each line the best one is ahead for good, on average.

    After m sends each, a line of n discounted sends that brought a, and of value v a send now, has the mean
    (a + m v) / (n + m). That of the best line exceeds another's where a quadratic in m is above 0.
    """
    sends, brought = discounted[0], discounted[1] * worth
    best = int(np.argmax(values))
    return max(
        _last_root(
            values[best] - values[other],
            brought[best] + values[best] * sends[other] - brought[other] - values[other] * sends[best],
            brought[best] * sends[other] - brought[other] * sends[best],
        )
        for other in range(len(values))
        if values[other] < values[best] or other == best
    )


def _last_root(a: float, b: float, c: float) -> int:
    """Return the first whole number from which on a m^2 + b m + c is at least 0, for a above 0; 0 if it always is."""
    inside = b * b - 4.0 * a * c
    if a <= 0.0 or inside <= 0.0:
        return 0
    root = math.sqrt(inside)
    # the larger root, by whichever form loses no digits
    last = (root - b) / (2.0 * a) if b <= 0.0 else -2.0 * c / (root + b)
    return max(0, math.ceil(last - 1e-9 * abs(last)))
