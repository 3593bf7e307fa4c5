"""A plan as the page draws it: whose name, hue and money stand where."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from components import wording_plan as words
from components.theme import policy_slots
from components.wording import Contender
from components.wording_goals import goal_of

Outlook = Mapping[str, Any]
"""What `engine.planning.outlook.put_together` returns."""


class Money(NamedTuple):
    """What a gain is worth on average, and in nine campaigns of ten."""

    mean: float
    low: float
    high: float


def contender(plan: Outlook, place: int) -> Contender:
    """A policy as a sentence names it."""
    policy = plan["policies"][place]
    return Contender(policy["label"], place, is_even_split=policy["name"] == "ab_split")


def slots(plan: Outlook) -> list[int | None]:
    """The hue and shape of each policy."""
    return policy_slots([policy["name"] for policy in plan["policies"]])


def at_list(plan: Outlook, place: int) -> Any:
    """What a policy does with the whole list."""
    return plan["at_list"]["policies"][place]


def shown(plan: Outlook) -> int:
    """The policy that the page is about: the one to use, else the best of the others, else the even split."""
    if plan["verdict"]["policy"] is not None:
        return int(plan["verdict"]["policy"])
    others = [place for place in range(len(plan["policies"])) if place != plan["baseline"]]
    if not others or plan["at_list"] is None:
        return others[0] if others else int(plan["baseline"])
    return max(others, key=lambda place: float(at_list(plan, place)["extra"]["mean"]["mean"]))


def ranked(plan: Outlook) -> list[int]:
    """The policies, the one that earns most first, the baseline last."""
    baseline = plan["baseline"]
    if plan["at_list"] is None:
        return sorted(range(len(plan["policies"])), key=lambda place: place == baseline)
    return sorted(
        range(len(plan["policies"])),
        key=lambda place: (place == baseline, -at_list(plan, place)["extra"]["mean"]["mean"]),
    )


def money(plan: Outlook, place: int, worth: float | None) -> Money | None:
    """What a policy's gain is worth: by the scenario's own money, else by the worth of a conversion."""
    own = at_list(plan, place)
    if own["money"] is not None:
        return Money(own["money"]["mean"]["mean"], own["money"]["low"], own["money"]["high"])
    if worth is None:
        return None
    gained = own["conversions"]
    return Money(worth * gained["mean"]["mean"], worth * gained["low"], worth * gained["high"])


def below(plan: Outlook) -> str | None:
    """The sends below which testing is not worth it, as a sentence says them."""
    at = plan["verdict"]["test_from"]
    return None if at is None else words.about_sends(at)


def is_decided(plan: Outlook, place: int) -> bool:
    """Whether a policy's mean gain is not nothing, at 90% on its own."""
    mean = at_list(plan, place)["extra"]["mean"]
    low, high = mean["low"], mean["high"]
    return low is not None and high is not None and not low <= 0.0 <= high


def gain(plan: Outlook, place: int) -> str:
    """A policy's mean gain as written."""
    return goal_of(plan).mean_difference(at_list(plan, place)["extra"]["mean"]["mean"])


def spread(plan: Outlook, place: int) -> str:
    """What the gain is in nine campaigns of ten."""
    own = at_list(plan, place)["extra"]
    return goal_of(plan).between(own["low"], own["high"])
