"""What the charts of Compare share: which policies and lines they are about, in which colours.

Indexing only; whatever needs statistics is in the comparison already.
"""

from typing import Final

from components.comparison import Comparison, challengers, contender, names
from components.theme import policy_slots
from components.wording import Contender

HEADING_LETTERS: Final = 32
_KEPT: Final = 6
TOLD_APART: Final = 8
"""Lines that one picture can tell apart: there are that many greens."""


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
