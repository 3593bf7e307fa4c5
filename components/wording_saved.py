"""The words of two saved scenarios side by side: what differs between them, and what came of each."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from components.formats import compact, count, listing, percent, prose
from components.wording import Notice
from engine import GUARDRAILS, WORLDS, Scenario
from engine.catalogue import DELAYS
from engine.fields import knobs

SIDE_BY_SIDE: Final = "Two scenarios side by side"
CHOOSE: Final = "Choose two of your saved scenarios, and they stand here beside each other."
CHOOSE_BUTTON: Final = "Saved scenarios"
WAITING: Final = "The two scenarios are being compared."
DIFFERS: Final = "What differs"
NOTHING_DIFFERS: Final = "Nothing: both are the same scenario."
POLICY: Final = "Policy"
CONVERSIONS: Final = "Conversions"
EXTRA: Final = "Extra over {baseline}"
PICKS: Final = "Picks the best line"
REGRET: Final = "Missed (regret)"
A_CAMPAIGN: Final = "A campaign on average"
RUN: Final = "Run all campaigns"
ON_COMPARE: Final = "Open on Compare"
NOT_STARTED: Final = "Not run yet."
NAMES: Final = {"a": "First scenario", "b": "Second scenario"}
NONE: Final = "none"
SEVERAL: Final = 6
"""So many lines are named; of more, the number says enough."""
MORE_DETAIL: Final = ", with other details"

WHAT: Final[dict[str, str]] = {
    "arms": "Subject lines",
    "sends": "Sends",
    "policies": "Policies",
    "replications": "Campaigns",
    "seed": "Seed, the luck",
    "world": "How rates behave",
    "update_every": "Sends between decisions",
    "sends_per_hour": "Sends an hour",
    "delay": "Late conversions",
    "guardrails": "Guardrails",
    "goal": "Goal",
    "segments": "Audiences and devices",
    "money": "Money",
    "recurring": "Repeat sends",
    "shocks": "Shared luck",
}
"""Every part of a scenario, in the order in which differences are told."""


class Difference(NamedTuple):
    """A part that is not the same, and what it is in either scenario."""

    what: str
    first: str
    second: str


def differences(first: Scenario, second: Scenario) -> list[Difference]:
    """What differs, in words."""
    one, other = first.to_dict(), second.to_dict()
    return [
        Difference(title, *_apart(_TOLD[part](first, one[part]), _TOLD[part](second, other[part])))
        for part, title in WHAT.items()
        if one[part] != other[part]
    ]


def _apart(first: str, second: str) -> tuple[str, str]:
    """Two texts that differ; where only small print does, the second says so."""
    return first, second if first != second else second + MORE_DETAIL


def _lines(_scenario: Scenario, arms: Any) -> str:
    if len(arms) > SEVERAL:
        return f"{len(arms)} lines"
    return listing([_line(arm["name"], arm["rate"]) for arm in arms])


def _line(name: str, rate: float | None) -> str:
    return f"{name} (drawn)" if rate is None else f"{name} ({percent(rate)})"


def _named(registry: Any, entry: dict[str, Any]) -> str:
    """A part of the real world by its title, and the settings that are not as usual."""
    spec = registry[entry["name"]]
    usual = {name: knob for name, knob in knobs(spec.parameters).items() if name != "name"}
    settings = [
        f"{knob.title.lower()} {compact(entry[name])}"
        for name, knob in usual.items()
        if isinstance(entry.get(name), int | float)
        and not isinstance(entry[name], bool)
        and entry[name] != knob.default
    ]
    return ": ".join(filter(None, (spec.title, ", ".join(settings))))


def _all(entries: Iterable[str]) -> str:
    return listing(list(entries)) or NONE


def _number(_scenario: Scenario, value: Any) -> str:
    return NONE if value is None else count(value) if isinstance(value, int) else str(value).replace("_", " ")


def _present(_scenario: Scenario, value: Any) -> str:
    return "left out" if value is None else "taken into account"


def _groups(_scenario: Scenario, segments: Any) -> str:
    return _all(group["name"] for groups in segments.values() for group in groups)


_TOLD: Final = {
    "arms": _lines,
    "sends": _number,
    "policies": lambda scenario, _policies: listing(list(scenario.labels)),
    "replications": _number,
    "seed": lambda _scenario, seed: str(seed),
    "world": lambda _scenario, world: _named(WORLDS, world),
    "update_every": _number,
    "sends_per_hour": _number,
    "delay": lambda _scenario, delay: _named(DELAYS, delay),
    "guardrails": lambda _scenario, guardrails: _all(_named(GUARDRAILS, one) for one in guardrails),
    "goal": _number,
    "segments": _groups,
    "money": _present,
    "recurring": _present,
    "shocks": _present,
}


def side_problem(side: str, problem: str) -> Notice:
    """One of the two cannot be opened."""
    return Notice(f"{side} cannot be opened.", prose(problem))


def asks_first(campaigns: int, work: str) -> Notice:
    """Work that takes long waits for the button."""
    return Notice(
        f"This asks for {count(campaigns)} campaigns.", f"That is about {work} of work. Nothing runs until you say so."
    )
