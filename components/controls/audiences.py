"""How recipients of a draft differ: splits into groups, their shares, and what they do to the lines' rates.

The last group of a split has what the others leave. A group with an empty list of multipliers by line has 1 for each.

Pure functions: they take a draft and return a new one.
"""

import math
import re
from collections.abc import Callable
from typing import Any

from components.controls.real_world import Draft, fitting_guardrails
from components.wording_audiences import GROUPS, new_group
from engine.segments import DIMENSIONS, MOST_GROUPS, MOST_SEGMENTS

Group = dict[str, Any]

FEWEST_GROUPS = 2
SHARE_DIGITS = 8
"""As many as a share that is typed in per cent has."""
_TYPED_SHARE = re.compile(r"segments\.(\w+)\.\d+\.share")
_USUAL_SHARES = {"audience": (0.5, 0.5), "device": (0.6, 0.4), "time_of_day": (0.4, 0.35, 0.25)}
_A_SHARE = 0.1
"""What a new group starts with where the last one has nothing to give."""


def dimensions_of(draft: Draft) -> dict[str, list[Group]]:
    """Return the groups of every split that is there."""
    return {name: draft["segments"][name] for name in DIMENSIONS if draft["segments"][name]}


def free_dimensions(draft: Draft) -> list[str]:
    """Return the splits that can be added: not there yet, and not too many groups together."""
    there = dimensions_of(draft)
    return [name for name in DIMENSIONS if name not in there and _fits(there | {name: _usual_groups(name)})]


def add_dimension(draft: Draft, name: Any) -> Draft:
    """Split the recipients in one more way, into usual groups that convert alike."""
    return _with_groups(draft, name, _usual_groups(name)) if name in free_dimensions(draft) else draft


def remove_dimension(draft: Draft, name: Any) -> Draft:
    """Take a split away; with the last one goes the guardrail that needs one."""
    return fitting_guardrails(_with_groups(draft, name, [])) if name in DIMENSIONS else draft


def can_grow(draft: Draft, name: str) -> bool:
    """Tell whether there is room for one more group in a split."""
    there = dimensions_of(draft)
    groups = there.get(name, [])
    return 0 < len(groups) < MOST_GROUPS and _fits(there | {name: [*groups, {}]})


def add_group(draft: Draft, name: Any) -> Draft:
    """Split the last group of a split in two halves."""
    if name not in DIMENSIONS or not can_grow(draft, name):
        return draft
    *before, last = draft["segments"][name]
    share = _half(last["share"])
    taken = {group["name"] for group in draft["segments"][name]}
    halves = [last if share is None else last | {"share": share}, _group(new_group(taken), share or _A_SHARE)]
    return with_the_rest(_with_groups(draft, name, [*before, *halves]), name)


def remove_group(draft: Draft, at: Any) -> Draft:
    """Take the group at a place such as "audience.1" away, unless it is one of the last two."""
    name, _, place = str(at).partition(".")
    groups = draft["segments"].get(name, [])
    if not place.isdecimal() or len(groups) <= FEWEST_GROUPS:
        return draft
    left = [group for other, group in enumerate(groups) if other != int(place)]
    return with_the_rest(_with_groups(draft, name, left), name)


def after_typing(draft: Draft, path: str) -> Draft:
    """Return the draft in which the last share follows, when another one of its split was typed."""
    found = _TYPED_SHARE.fullmatch(path)
    return draft if found is None else with_the_rest(draft, found[1])


def with_the_rest(draft: Draft, name: str) -> Draft:
    """Let the last group have what the others leave; it stays as it is while their shares are none.

    Where nothing is left, the last share is 0 or less, which no scenario allows.
    """
    *others, last = draft["segments"][name]
    shares = [group["share"] for group in others]
    if not all(is_share(share) for share in shares):
        return draft
    rest = round(1 - math.fsum(shares), SHARE_DIGITS)
    return _with_groups(draft, name, [*others, last | {"share": rest}])


def is_share(value: Any) -> bool:
    """Tell whether something can be the share of a group."""
    return isinstance(value, int | float) and 0 < value <= 1


def nothing_left(groups: list[Group]) -> bool:
    """Tell whether the groups of a split leave nothing to the last."""
    *others, last = groups
    return all(is_share(group["share"]) for group in others) and not is_share(last["share"])


def spelled_out(draft: Draft) -> Draft:
    """Return the draft with a multiplier for each line in every group, as controls show and change them."""
    lines = len(draft["arms"])
    return _each_group(draft, lambda group: group | {"multipliers": group["multipliers"] or [1.0] * lines})


def folded(draft: Draft) -> Draft:
    """Return the draft without lists of multipliers that are all 1."""
    return _each_group(draft, lambda group: group | {"multipliers": _unless_all_one(group["multipliers"])})


def with_a_line_more(draft: Draft) -> Draft:
    """Give a line that was added its multiplier."""
    return _each_group(draft, lambda group: group | {"multipliers": _one_more(group["multipliers"])})


def with_a_line_less(draft: Draft, at: int) -> Draft:
    """Take away the multipliers of a line that was removed."""
    return _each_group(draft, lambda group: group | {"multipliers": _without(group["multipliers"], at)})


def _one_more(multipliers: list[Any]) -> list[Any]:
    return [*multipliers, 1.0] if multipliers else []


def _without(multipliers: list[Any], at: int) -> list[Any]:
    return _unless_all_one([value for place, value in enumerate(multipliers) if place != at])


def _unless_all_one(multipliers: list[Any]) -> list[Any]:
    return [] if all(value == 1 for value in multipliers) else multipliers


def _fits(dimensions: dict[str, list[Group]]) -> bool:
    return math.prod(map(len, dimensions.values())) <= MOST_SEGMENTS


def _half(share: Any) -> float | None:
    """Half of a share, in whole per cent where that is something."""
    return (math.floor(50 * share) / 100 or round(share / 2, SHARE_DIGITS)) if is_share(share) else None


def _usual_groups(name: str) -> list[Group]:
    return [_group(group, share) for group, share in zip(GROUPS[name], _USUAL_SHARES[name], strict=True)]


def _group(name: str, share: float) -> Group:
    return {"name": name, "share": share, "multiplier": 1.0, "multipliers": []}


def _with_groups(draft: Draft, name: str, groups: list[Group]) -> Draft:
    return draft | {"segments": draft["segments"] | {name: groups}}


def _each_group(draft: Draft, change: Callable[[Group], Group]) -> Draft:
    changed = {name: [change(group) for group in groups] for name, groups in draft["segments"].items()}
    return draft | {"segments": changed}
