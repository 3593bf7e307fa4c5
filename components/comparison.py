"""Reads the comparison of policies: who is recommended, in which order policies stand, what a pair says.

Indexing only; whatever needs statistics is in the comparison already.
"""

from typing import Any, Final

from components.wording import Contender
from components.wording_recommendation import Lead

Comparison = dict[str, Any]
"""The comparison, as the page stores it."""

EVEN_SPLIT: Final = "ab_split"


def contender(comparison: Comparison, place: int) -> Contender:
    """A policy as sentences name it."""
    policy = comparison["policies"][place]
    return Contender(policy["label"], place, policy["name"] == EVEN_SPLIT, policy["is_reference"])


def names(comparison: Comparison) -> list[str]:
    """The policies' slugs, by place."""
    return [policy["name"] for policy in comparison["policies"]]


def lead(comparison: Comparison, place: int, over: int) -> Lead:
    """What a policy got more than another, at the level of all comparisons together."""
    for pair in comparison["pairs"]:
        if (pair["first"], pair["second"]) == (place, over):
            return Lead(pair["mean"], pair["low_together"], pair["high_together"])
        if (pair["second"], pair["first"]) == (place, over):
            low, high = pair["low_together"], pair["high_together"]
            return Lead(0.0 - pair["mean"], _minus(high), _minus(low))
    raise KeyError((place, over))


def wins(comparison: Comparison, place: int, over: int) -> float:
    """The share of campaigns in which a policy got more than another, ties counted half."""
    pair = next(pair for pair in comparison["pairs"] if {pair["first"], pair["second"]} == {place, over})
    won = pair["wins"] if pair["first"] == place else pair["losses"]
    return float((won + pair["ties"] / 2) / comparison["replications"])


def recommended(comparison: Comparison) -> int | None:
    """The place of the one policy that is recommended, if there is one."""
    verdict = comparison["verdict"]
    return verdict["leader"] if verdict["kind"] == "use" else None


def ranking(comparison: Comparison) -> list[int]:
    """Places by mean extra conversions, best first; references stand above all."""
    policies = comparison["policies"]
    return sorted(
        range(len(policies)),
        key=lambda place: (not policies[place]["is_reference"], -policies[place]["extra"]["mean"]),
    )


def is_unclear(comparison: Comparison, place: int) -> bool:
    """Whether a policy is neither clearly better nor clearly worse than the baseline."""
    baseline = comparison["baseline"]
    if place == baseline:
        return False
    _, low, high = lead(comparison, place, baseline)
    return low is None or high is None or low <= 0.0 <= high


def challengers(comparison: Comparison) -> list[int]:
    """Places of the policies that could be used instead of the baseline."""
    policies = comparison["policies"]
    return [
        place for place, policy in enumerate(policies) if place != comparison["baseline"] and not policy["is_reference"]
    ]


def are_all_alike(comparison: Comparison) -> bool:
    """Whether all lines have the same rate in every campaign."""
    return len(comparison["best_lines"]) == len(comparison["lines"])


def _minus(bound: float | None) -> float | None:
    return None if bound is None else 0.0 - bound
