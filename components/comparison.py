"""Reads the comparison of policies: who is recommended, in which order and colours policies stand, what a pair says.

Indexing only; whatever needs statistics is in the comparison already.
"""

from collections.abc import Mapping
from typing import Any, Final

from components.theme import policy_slots
from components.wording import Contender
from components.wording_compare import Lead, Levels

Comparison = Mapping[str, Any]
"""What `engine.comparison.compare` returns, as the page stores it."""

EVEN_SPLIT: Final = "ab_split"
HEADING_LETTERS: Final = 32
_KEPT: Final = 6
TOLD_APART: Final = 8
"""Lines that one picture can tell apart: there are that many greens."""


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


def average(comparison: Comparison, place: int) -> Lead:
    """What a policy got more than the baseline; bounds are those of this one comparison."""
    extra = comparison["policies"][place]["extra"]
    return Lead(extra["mean"], extra["low"], extra["high"])


def levels(comparison: Comparison) -> Levels:
    """How sure the intervals of `lead` are, each and together."""
    verdict = comparison["verdict"]
    return Levels(verdict["level_each"], verdict["level"], len(usable(comparison)) - 1)


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
    """Places by what policies got extra on average, best first; references stand above all."""
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
    """Whether all lines are equally good in every campaign, all along and for everybody."""
    is_one_best = not moves(comparison) and not comparison["is_segmented"]
    return is_one_best and len(comparison["best_lines"]) == len(comparison["lines"])


def moves(comparison: Comparison) -> bool:
    """Whether rates change along a campaign, so that "the best line" is that of a moment."""
    return bool(comparison["rates_change"])


def slots(comparison: Comparison) -> list[int | None]:
    """The colour slot of each policy, None for the oracle."""
    return policy_slots(names(comparison))


def called(comparison: Comparison, place: int) -> str:
    """A policy's name in headings, where a long one would push the finding out of sight."""
    return short_labels(comparison, HEADING_LETTERS)[place]


def short_labels(comparison: Comparison, most: int) -> list[str]:
    """Each policy's name in at most so many letters; names that would then read alike keep their ends instead."""
    labels = [policy["label"] for policy in comparison["policies"]]
    cut = [_cut(label, most) for label in labels]
    return [
        short if cut.count(short) == 1 else f"{label[: most - _KEPT - 1].rstrip()}…{label[-_KEPT:].lstrip()}"
        for label, short in zip(labels, cut, strict=True)
    ]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def baseline(comparison: Comparison) -> Contender:
    """What the others are measured against, as sentences name it."""
    return contender(comparison, comparison["baseline"])


def usable(comparison: Comparison) -> list[int]:
    """Every policy that somebody could use: all but references such as the oracle."""
    return [place for place, policy in enumerate(comparison["policies"]) if not policy["is_reference"]]


def focus(comparison: Comparison) -> int | None:
    """The policy that headings are about: the verdict's leader, else the highest mean beside the baseline."""
    leader: int | None = comparison["verdict"]["leader"]
    if leader is not None:
        return leader
    policies = comparison["policies"]
    anything = [place for place in range(len(policies)) if place != comparison["baseline"]]
    others = challengers(comparison) or anything
    return max(others, key=lambda place: policies[place]["extra"]["mean"], default=None)


def stacking_order(comparison: Comparison) -> list[int]:
    """The best lines first, then the scenario's order."""
    best = comparison["best_lines"]
    return [*best, *(line for line in range(len(comparison["lines"])) if line not in best)]


def told_apart(comparison: Comparison) -> list[int]:
    """The lines that a picture names, in stacking order: all, or the eight most sent when there are more."""
    order = stacking_order(comparison)
    if len(order) <= TOLD_APART:
        return order
    # The baseline is left out: an even split sends as much to every line, and would choose by chance.
    shown = challengers(comparison) or [comparison["baseline"]]
    most = {line: max(_traffic_to(comparison, place, line) for place in shown) for line in order}
    best = comparison["best"]
    named = sorted(order, key=lambda line: (line != best, -most[line], line))[:TOLD_APART]
    return [line for line in order if line in named]


def _traffic_to(comparison: Comparison, place: int, line: int) -> float:
    """What a line got of a policy's traffic, in sends; to rank lines."""
    curves = comparison["curves"]
    starts = [0, *curves["windows"][:-1]]
    shares = (window[line] for window in curves["traffic"][place])
    sends: float = sum(
        share * (end - start) for share, start, end in zip(shares, starts, curves["windows"], strict=True)
    )
    return sends


def _minus(bound: float | None) -> float | None:
    return None if bound is None else 0.0 - bound
