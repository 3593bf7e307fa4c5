"""What the controls say, valid or not: a plain scenario dict, what is typed in, and the buttons that change its shape.

Pure functions: they take a draft and return a new one.
"""

import copy
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from engine import POLICIES
from engine.fields import Knob, knobs
from engine.presets import PRESETS
from engine.scenario import MOST_ARMS, Scenario

Draft = dict[str, Any]
MOST_SHOWN = 4
"""Policies that one race can show."""
CLEAN_LINK_SEEDS = 1_000_000
PERCENT_DIGITS = 6
OWN = "own"
"""Stands in the list of presets for a scenario that is none of them."""


def draft_of(scenario: Scenario) -> Draft:
    """Return the draft of a scenario as it is."""
    return scenario.to_dict()


def preset_name(draft: Draft) -> str:
    """Return the preset whose lines and rates the draft has, whatever else differs, or OWN."""
    return next((name for name, preset in PRESETS.items() if _same_world(draft, draft_of(preset.scenario))), OWN)


def _same_world(one: Draft, other: Draft) -> bool:
    return bool(one["arms"] == other["arms"] and one["world"] == other["world"])


def shape_of(draft: Draft, *, editing: bool) -> list[Any]:
    """Return what the panel's controls depend on, apart from their values."""
    policies = [policy["name"] for policy in draft["policies"]]
    return [len(draft["arms"]), policies, draft["world"]["name"], draft["world"].get("draw"), editing]


def get(draft: Draft, path: str) -> Any:
    """Return the value at a dotted path."""
    value: Any = draft
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value.get(part)
    return value


def put(draft: Draft, path: str, value: Any) -> None:
    """Set the value at a dotted path, in place."""
    *parents, last = path.split(".")
    target = get(draft, ".".join(parents)) if parents else draft
    target[last] = value


def shown_value(value: Any, path: str) -> Any:
    """Return what a control shows for a value: rates in per cent, a switch as true or false.

    >>> shown_value(0.18275684047496127, "arms.0.rate"), shown_value(0.1, "policies.1.epsilon")
    (18.275684, 0.1)
    """
    if path.endswith(".rate") and isinstance(value, int | float):
        return round(100 * value, PERCENT_DIGITS)
    return value


def typed_value(shown: Any, path: str) -> Any:
    """Return the value that something typed stands for."""
    if path.endswith(".rate") and isinstance(shown, int | float) and not isinstance(shown, bool):
        return round(shown / 100, PERCENT_DIGITS + 2)
    return shown


def overlay(draft: Draft, typed: Iterable[tuple[str, Any]]) -> Draft:
    """Return the draft with what the controls hold; a control that still shows the old value changes nothing.

    A rate of 0.18275684047 is shown as 18.275684: only typing another number replaces it.
    """
    changed = copy.deepcopy(draft)
    for path, control in typed:
        if not _exists(changed, path):
            continue  # a control of the shape before
        now = get(changed, path)
        shown = _number(control) if isinstance(control, str) and isinstance(now, int | float) else control
        if shown != shown_value(now, path):
            put(changed, path, typed_value(shown, path))
    return changed


def _number(text: str) -> Any:
    """Read the number that a slider gives as text; anything else stays as it is."""
    try:
        return float(text)
    except ValueError:
        return text


def _exists(draft: Draft, path: str) -> bool:
    try:
        get(draft, path)
    except (IndexError, AttributeError, TypeError, ValueError):
        return False
    return True


def use_preset(_draft: Draft, name: Any) -> Draft:
    """Start from a preset."""
    return draft_of(PRESETS[name].scenario) if name in PRESETS else _draft


def add_arm(draft: Draft, _at: Any) -> Draft:
    """Add a line with a name that is free; its rate is drawn."""
    changed = copy.deepcopy(draft)
    taken = {arm["name"] for arm in changed["arms"]}
    if len(taken) < MOST_ARMS:
        number = next(n for n in range(len(changed["arms"]) + 1, MOST_ARMS * 2 + 1) if f"Line {n}" not in taken)
        changed["arms"].append({"name": f"Line {number}", "rate": None})
    return changed


def remove_arm(draft: Draft, at: Any) -> Draft:
    """Remove a line; the scenario itself says when too few are left."""
    changed = copy.deepcopy(draft)
    del changed["arms"][int(at)]
    return changed


def add_policy(draft: Draft, name: Any) -> Draft:
    """Add a policy with its default settings."""
    changed = copy.deepcopy(draft)
    if name in POLICIES and len(changed["policies"]) < MOST_SHOWN:
        changed["policies"].append(_plain_policy(name))
    return changed


def remove_policy(draft: Draft, at: Any) -> Draft:
    """Remove a policy."""
    changed = copy.deepcopy(draft)
    if len(changed["policies"]) > 1:
        del changed["policies"][int(at)]
    return changed


def new_seed(draft: Draft, path: Any) -> Draft:
    """Draw another seed."""
    changed = copy.deepcopy(draft)
    put(changed, str(path), secrets.randbelow(CLEAN_LINK_SEEDS))
    return changed


ACTIONS: dict[str, Callable[[Draft, Any], Draft]] = {
    "add-arm": add_arm,
    "remove-arm": remove_arm,
    "remove-policy": remove_policy,
    "new-seed": new_seed,
}


def settings_of(policy: dict[str, Any]) -> dict[str, Knob]:
    """Return the knobs of a policy that a visitor can turn."""
    found = knobs(POLICIES[policy["name"]].parameters)
    return {name: knob for name, knob in found.items() if name not in ("name", "label")}


def shown_policies(scenario: Scenario) -> Scenario:
    """Return the scenario with two to four policies: the first four, with an even split beside a lonely one."""
    raw = scenario.to_dict()
    policies = raw["policies"][:MOST_SHOWN]
    if len(policies) == 1:
        other = "epsilon_greedy" if policies[0]["name"] == "ab_split" else "ab_split"
        companion = _plain_policy(other)
        policies = [policies[0], companion] if other == "epsilon_greedy" else [companion, policies[0]]
    return scenario if policies == raw["policies"] else scenario.with_changes(policies=policies)


def _plain_policy(name: str) -> dict[str, Any]:
    """Return a policy with its default settings, as plain types."""
    return POLICIES[name].parameters.model_validate({"name": name}).model_dump(mode="json")
