"""What the controls say, valid or not: a plain scenario dict, what is typed in, and the buttons that change it.

Pure functions: they take a draft and return a new one.
"""

import copy
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from components.controls import audiences, expected_rates, real_world
from components.formats import prose
from components.wording import PRESET_NOTES
from engine import POLICIES
from engine.fields import Knob, knobs
from engine.presets import PRESETS
from engine.scenario import MOST_ARMS, Scenario
from engine.segments import DIMENSIONS

Draft = dict[str, Any]
Event = dict[str, Any]
"""Something typed, {"field": path, "value": ...}, or pressed, {"press": what, "at": where or what}."""
USUAL = ("ab_split", "thompson", "epsilon_greedy", "ucb1", "test_then_winner", "softmax")
"""What a comparison starts with: what is done today, and one of each family."""
FEWEST_POLICIES = 2
"""A comparison needs something to compare with."""
SEEDS = ("seed", "world.world_seed")
CLEAN_LINK_SEEDS = 1_000_000
PERCENT_DIGITS = 6
OWN = "own"
"""Stands in the list of presets for a scenario that is none of them."""


def draft_of(scenario: Scenario) -> Draft:
    """Return the draft of a scenario as it is."""
    return scenario.to_dict()


def preset_name(draft: Draft) -> str:
    """Return the preset that the draft still shows, or OWN.

    It has the preset's lines and rates, and whatever else of the real world the preset is about, such as late
    conversions or guardrails. Whatever else differs.
    """
    return next((name for name, preset in PRESETS.items() if _still_shows(draft, draft_of(preset.scenario))), OWN)


_REAL_WORLD = ("delay", "guardrails", "segments", "goal", "money", "recurring", "shocks")
_PLAIN = draft_of(Scenario.from_dict({"arms": [{"name": "A"}, {"name": "B"}], "policies": [{"name": "ab_split"}]}))
"""What a scenario is where nobody asks for more."""


def _still_shows(draft: Draft, preset: Draft) -> bool:
    about = ("arms", "world", *(part for part in _REAL_WORLD if preset[part] != _PLAIN[part]))
    return all(draft[part] == preset[part] for part in about)


def notes(scenario: Scenario) -> tuple[str, str]:
    """What a preset's lines stand for, and why its result is as it is; nothing where there is nothing to say."""
    return PRESET_NOTES.get(preset_name(draft_of(scenario)), ""), explanation(scenario)


def explanation(scenario: Scenario) -> str:
    """Why the result of a preset is as it is, while its lines, its world and its pace are still those of the preset."""
    draft = draft_of(scenario)
    name = preset_name(draft)
    if name == OWN:
        return ""
    preset = draft_of(PRESETS[name].scenario)
    paced = ("sends", "sends_per_hour", "update_every", *_REAL_WORLD)
    return prose(PRESETS[name].explanation) if all(draft[part] == preset[part] for part in paced) else ""


def get(draft: Draft, path: str) -> Any:
    """Return the value at a dotted path.

    Raises:
        LookupError, TypeError, ValueError: the draft has nothing at this path.
    """
    value: Any = draft
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def put(draft: Draft, path: str, value: Any) -> None:
    """Set the value at a dotted path, in place."""
    *parents, last = path.split(".")
    target: Any = get(draft, ".".join(parents)) if parents else draft
    target[int(last) if isinstance(target, list) else last] = value


def is_per_cent(path: str) -> bool:
    """Whether a setting is shown and typed in per cent.

    >>> is_per_cent("arms.0.rate"), is_per_cent("guardrails.2.share"), is_per_cent("policies.0.test_share")
    (True, True, False)
    """
    family, _, rest = path.partition(".")
    setting = rest.rpartition(".")[2]
    return (family, setting) in {
        *(("arms", name) for name in ("rate", "complaint_rate")),
        *(("guardrails", name) for name in ("share", "limit", "chance", "value_remaining")),
        ("segments", "share"),
    }


def shown_value(value: Any, path: str) -> Any:
    """Return what a control shows for a value: rates in per cent, a switch as true or false.

    >>> shown_value(0.18275684047496127, "arms.0.rate"), shown_value(0.1, "policies.1.epsilon")
    (18.275684, 0.1)
    """
    if is_per_cent(path) and isinstance(value, int | float):
        return round(100 * value, PERCENT_DIGITS)
    return value


def typed_value(shown: Any, path: str) -> Any:
    """Return the value that something typed stands for."""
    if is_per_cent(path) and isinstance(shown, int | float) and not isinstance(shown, bool):
        return round(shown / 100, PERCENT_DIGITS + 2)
    return shown


def overlay(draft: Draft, typed: Iterable[tuple[str, Any]]) -> Draft:
    """Return the draft with what the controls hold; a control that still shows the old value changes nothing.

    A rate of 0.18275684047 is shown as 18.275684: only typing another number replaces it.
    """
    changed = audiences.spelled_out(copy.deepcopy(draft))
    for path, control in typed:
        if not _is_setting(changed, path):
            continue  # a control that has gone meanwhile
        now = get(changed, path)
        shown = _number(control) if isinstance(control, str) and isinstance(now, int | float) else control
        if shown != shown_value(now, path):
            put(changed, path, typed_value(shown, path))
            changed = audiences.after_typing(changed, path)
    return audiences.folded(changed)


def _number(text: str) -> Any:
    """Read the number that a slider gives as text; anything else stays as it is."""
    try:
        return float(text)
    except ValueError:
        return text


def _is_setting(draft: Draft, path: str) -> bool:
    try:
        return not isinstance(get(draft, path), dict | list)
    except (LookupError, TypeError, ValueError):
        return False


def follow(draft: Draft, events: Iterable[Event], most_policies: int, *, keeps_policies: bool = False) -> Draft:
    """Return the draft after everything that was typed and pressed, in this order.

    With `keeps_policies`, a preset brings its lines and the same policies go on.

    A place in an event is the one that the visitor saw: that in `draft`, whatever the events before have removed. Who
    presses "Remove line B" twice while the first press is on its way loses one line, not two.
    """
    changed = _marked(draft)
    for event in events:
        if "field" in event:
            path = _path_now(changed, str(event["field"]))
            changed = changed if path is None else overlay(changed, [(path, event.get("value"))])
        else:
            before, do = changed, str(event.get("press"))
            changed = _pressed(changed, do, event.get("at"), most_policies)
            if keeps_policies and do == "pick-preset":
                changed |= {name: before[name] for name in ("policies", "replications")}
    return _unmarked(changed)


def _pressed(draft: Draft, do: str, at: Any, most_policies: int) -> Draft:
    if not isinstance(at, str | int | None):
        return draft
    if do == "pick-policy":
        return add_policy(draft, at, most_policies)
    if do == "add-usual":
        return add_usual(draft, most_policies)
    if do in _REMOVES:
        at = _place_now(draft, _REMOVES[do], at)
        if at is None:
            return draft
    return ACTIONS[do](draft, at) if do in ACTIONS else draft


_REMOVES = {
    "remove-arm": "arms",
    "remove-policy": "policies",
    "remove-guardrail": "guardrails",
    "remove-group": "segments",
}
"""What removes something from a list, and the path of the list or of the lists."""
_LISTS = ("arms", "policies", "guardrails", *(f"segments.{name}" for name in DIMENSIONS))


def _marked(draft: Draft) -> Draft:
    """Let every line, policy, guardrail and group remember its place."""
    marked = copy.deepcopy(draft)
    for path in _LISTS:
        for place, item in enumerate(get(marked, path)):
            item[expected_rates.MARK] = place
    return marked


def _unmarked(draft: Draft) -> Draft:
    plain = copy.deepcopy(draft)
    for path in _LISTS:
        for item in get(plain, path):
            item.pop(expected_rates.MARK, None)
    return plain


def _place_now(draft: Draft, family: str, stood_at: Any) -> int | str | None:
    """The place now of what was removed at one; "audience.1" for a group. None when it has gone."""
    path = _path_now(draft, f"{family}.{stood_at}")
    place = None if path is None else path.removeprefix(f"{family}.")
    return int(place) if place and place.isdecimal() else place


def _path_now(draft: Draft, path: str) -> str | None:
    """The path now of what had one when it was seen; None when it has gone."""
    family = next((one for one in _LISTS if path.startswith(f"{one}.")), None)
    if family is None:
        return path
    stood_at, dot, setting = path.removeprefix(f"{family}.").partition(".")
    places = [place for place, item in enumerate(get(draft, family)) if str(item.get(expected_rates.MARK)) == stood_at]
    setting_now = _setting_now(draft, setting)
    return f"{family}.{places[0]}{dot}{setting_now}" if places and setting_now is not None else None


def _setting_now(draft: Draft, setting: str) -> str | None:
    """A setting of something in a list; of numbers that belong to the lines, that of the line."""
    name, _, line = setting.partition(".")
    if name != "multipliers":
        return setting
    place = _place_now(draft, "arms", line)
    return None if place is None else f"{name}.{place}"


def use_preset(draft: Draft, name: Any) -> Draft:
    """Start from a preset."""
    return draft_of(PRESETS[name].scenario) if name in PRESETS else draft


def add_arm(draft: Draft, _at: Any) -> Draft:
    """Add a line with a name that is free; its rate is drawn."""
    changed = copy.deepcopy(draft)
    taken = {arm["name"] for arm in changed["arms"]}
    if len(changed["arms"]) < MOST_ARMS:
        number = next(n for n in range(len(changed["arms"]) + 1, MOST_ARMS * 2 + 1) if f"Line {n}" not in taken)
        line = {"name": f"Line {number}", "rate": None, "complaint_rate": 0.0, "order_value": None}
        changed["arms"].append(line)
        changed = audiences.with_a_line_more(changed)
    return changed


def remove_arm(draft: Draft, at: int) -> Draft:
    """Remove a line; the scenario itself says when too few are left."""
    changed = copy.deepcopy(draft)
    del changed["arms"][at]
    return audiences.with_a_line_less(changed, at)


def add_policy(draft: Draft, name: Any, most_policies: int) -> Draft:
    """Add a policy with its default settings."""
    changed = copy.deepcopy(draft)
    if name in POLICIES and len(changed["policies"]) < most_policies:
        changed["policies"].append(real_world.defaults(POLICIES, name))
    return changed


def add_usual(draft: Draft, most_policies: int) -> Draft:
    """Add the policies that most comparisons start with, as far as they are missing and there is room."""
    present = {policy["name"] for policy in draft["policies"]}
    for name in USUAL:
        draft = draft if name in present else add_policy(draft, name, most_policies)
    return draft


def set_campaigns(draft: Draft, campaigns: Any) -> Draft:
    """Ask for so many campaigns."""
    return {**draft, "replications": campaigns} if isinstance(campaigns, int) else draft


def remove_policy(draft: Draft, at: int) -> Draft:
    """Remove a policy, unless nothing would be left to compare."""
    changed = copy.deepcopy(draft)
    if len(changed["policies"]) > FEWEST_POLICIES:
        del changed["policies"][at]
    return changed


def new_seed(draft: Draft, path: Any) -> Draft:
    """Draw another seed."""
    changed = copy.deepcopy(draft)
    if path in SEEDS and _is_setting(changed, path):
        put(changed, path, secrets.randbelow(CLEAN_LINK_SEEDS))
    return changed


ACTIONS: dict[str, Callable[[Draft, Any], Draft]] = {
    "pick-preset": use_preset,
    "add-arm": add_arm,
    "remove-arm": remove_arm,
    "remove-policy": remove_policy,
    "new-seed": new_seed,
    "set-campaigns": set_campaigns,
    "pick-world": real_world.use_world,
    "pick-delay": real_world.use_delay,
    "pick-cadence": real_world.set_cadence,
    "pick-goal": real_world.set_goal,
    "leave-money-out": real_world.leave_money_out,
    "pick-recurring": real_world.set_kind_of_sends,
    "pick-shocks": real_world.set_kind_of_luck,
    "pick-dimension": audiences.add_dimension,
    "remove-dimension": audiences.remove_dimension,
    "add-group": audiences.add_group,
    "remove-group": audiences.remove_group,
    "pick-guardrail": real_world.add_guardrail,
    "remove-guardrail": real_world.remove_guardrail,
    "clear-list": real_world.clear_list,
    "set-pace": real_world.set_pace,
    "set-lines": expected_rates.set_lines,
    "set-usual": expected_rates.set_usual,
    "set-difference": expected_rates.set_difference,
    "set-list": expected_rates.set_list,
}


def settings_of(draft: Draft, place: int) -> dict[str, Knob]:
    """Return the knobs of a policy that a visitor can turn; one for history where there is any, or where it is turned."""
    policy = draft["policies"][place]
    has = {"history": any(arm.get("history") for arm in draft["arms"])}
    found = knobs(POLICIES[policy["name"]].parameters)
    return {
        name: knob
        for name, knob in found.items()
        if name not in ("name", "label")
        and (has.get(knob.needs, True) or policy.get(name, knob.default) != knob.default)
    }


def shown_policies(scenario: Scenario, most_policies: int) -> Scenario:
    """Return the scenario with as many policies as a page shows: the first ones, and an even split beside a lonely one."""
    raw = scenario.to_dict()
    policies = raw["policies"][:most_policies]
    if len(policies) < FEWEST_POLICIES:
        other = "epsilon_greedy" if policies[0]["name"] == "ab_split" else "ab_split"
        companion = real_world.defaults(POLICIES, other)
        policies = [policies[0], companion] if other == "epsilon_greedy" else [companion, policies[0]]
    return scenario if policies == raw["policies"] else scenario.with_changes(policies=policies)
