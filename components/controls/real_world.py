"""What makes a draft more like the real world: how rates behave, late conversions, cadence, guardrails.

Pure functions: they take a draft and return a new one.
"""

from typing import Any

from engine import GUARDRAILS, WORLDS, Scenario, ScenarioError
from engine.catalogue import DELAYS
from engine.scenario import HOURS, MOST_SENDS

Draft = dict[str, Any]

AT_ONCE = "at_once"
EVERY_N = "every_n"
"""Cadences that are told in sends; the others are those of the clock."""
DECISIONS = 20
"""How often a policy decides along the campaign when somebody first asks for decisions every so many sends."""
DAY, WEEK = 24, 168
_CAMPAIGN_HOURS = {"hourly": DAY, "twice_daily": WEEK, "daily": WEEK}
_USUAL_SENDS = 10_000


def defaults(family: Any, name: str) -> dict[str, Any]:
    """Return a member of a family with its default settings, as plain types."""
    settings: dict[str, Any] = family[name].parameters.model_validate({"name": name}).model_dump(mode="json")
    return settings


def use_world(draft: Draft, name: Any) -> Draft:
    """Let rates behave in another way; what both ways have in common stays as it is."""
    if name not in WORLDS or name == draft["world"]["name"]:
        return draft
    settings = defaults(WORLDS, name)
    common = {setting: value for setting, value in draft["world"].items() if setting in settings and setting != "name"}
    # A season shows over a week; a shorter campaign is a case of its own.
    return _with_pace(draft | {"world": settings | common}, WEEK, world={"name": name})


def use_delay(draft: Draft, name: Any) -> Draft:
    """Let conversions come late in another way; what both ways have in common stays as it is."""
    if name not in DELAYS or name == draft["delay"]["name"]:
        return draft
    settings = defaults(DELAYS, name)
    common = {setting: value for setting, value in draft["delay"].items() if setting in settings and setting != "name"}
    return _with_pace(draft | {"delay": settings | common}, DAY, delay={"name": name})


def cadence_of(draft: Draft) -> str:
    """Return the kind of cadence: AT_ONCE, EVERY_N, or one of the clock's."""
    every = draft["update_every"]
    if every in HOURS:
        return str(every)
    return AT_ONCE if every == 1 else EVERY_N


def set_cadence(draft: Draft, cadence: Any) -> Draft:
    """Decide at another rhythm; every so many sends starts with a twentieth of the campaign."""
    if cadence in HOURS:
        return _with_pace(draft | {"update_every": cadence}, _CAMPAIGN_HOURS[cadence], update_every=cadence)
    if cadence == AT_ONCE:
        return draft | {"update_every": 1}
    if cadence == EVERY_N and cadence_of(draft) != EVERY_N:
        return draft | {"update_every": max(2, friendly(_sends(draft) / DECISIONS))}
    return draft


def set_pace(draft: Draft, sends_per_hour: Any) -> Draft:
    """Send so many e-mails in an hour."""
    return draft | {"sends_per_hour": sends_per_hour} if isinstance(sends_per_hour, int) else draft


def free_guardrails(draft: Draft) -> list[str]:
    """Return the guardrails that can be added: not there yet, and with sense in a campaign of this kind."""
    there = {rail["name"] for rail in draft["guardrails"]}
    has = {"": True, "recurring": draft["recurring"] is not None, "segments": any(draft["segments"].values())}
    return [name for name, spec in GUARDRAILS.items() if name not in there and has[spec.needs]]


def add_guardrail(draft: Draft, name: Any) -> Draft:
    """Put up a guardrail with its default settings, unless it is there."""
    if name not in free_guardrails(draft):
        return draft
    return draft | {"guardrails": [*draft["guardrails"], defaults(GUARDRAILS, name)]}


def remove_guardrail(draft: Draft, at: Any) -> Draft:
    """Take a guardrail away."""
    return draft | {"guardrails": [rail for place, rail in enumerate(draft["guardrails"]) if place != at]}


def clear_list(draft: Draft, setting: Any) -> Draft:
    """Empty a list of the world that a link has brought."""
    if not isinstance(draft["world"].get(setting), list):
        return draft
    return draft | {"world": draft["world"] | {setting: []}}


def friendly(number: float) -> int:
    """Round to one digit and zeros, at least 1.

    >>> friendly(416.7), friendly(2667), friendly(0.3), friendly(9_600)
    (400, 3000, 1, 10000)
    """
    size: int = 10 ** (len(str(int(number))) - 1)
    return max(1, round(number / size) * size)


def _with_pace(draft: Draft, hours: int, **asked: Any) -> Draft:
    """Fill in a pace at which the campaign takes about so many hours, if what is asked needs one and there is none."""
    if draft["sends_per_hour"] is not None or not _needs_pace(asked):
        return draft
    return draft | {"sends_per_hour": friendly(_sends(draft) / hours)}


def _needs_pace(asked: dict[str, Any]) -> bool:
    """Whether a plain scenario with this is refused for want of a pace."""
    plain = {"arms": [{"name": "A"}, {"name": "B"}], "policies": [{"name": "ab_split"}]}
    try:
        Scenario.from_dict(plain | asked)
    except ScenarioError as error:
        return "sends_per_hour" in error.problems
    return False


def _sends(draft: Draft) -> int:
    sends = draft["sends"]
    return sends if isinstance(sends, int) and 1 <= sends <= MOST_SENDS else _USUAL_SENDS
