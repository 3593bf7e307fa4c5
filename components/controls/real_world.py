"""What makes a draft more like the real world: rates, late conversions, money, repeat sends, cadence, guardrails.

Pure functions: they take a draft and return a new one.
"""

from typing import Any, get_args

from engine import GUARDRAILS, WORLDS, Scenario, ScenarioError
from engine.catalogue import DELAYS
from engine.money import Goal, Money
from engine.recurring import CREDIT_RULES, Recurring
from engine.scenario import HOURS, MOST_SENDS
from engine.shocks import SharedShocks

Draft = dict[str, Any]

AT_ONCE = "at_once"
EVERY_N = "every_n"
"""Cadences that are told in sends; the others are those of the clock."""
DECISIONS = 20
"""How often a policy decides along the campaign when somebody first asks for decisions every so many sends."""
GOALS: tuple[str, ...] = get_args(Goal)
ONE_EACH = "one_each"
"""Everybody gets one e-mail; the other kinds of repeat sends are the credit rules."""
INDEPENDENT, SHARED = "independent", "shared"
"""Whether lines have good and bad days together."""
E_MAILS_EACH = 4
"""How many e-mails a recipient gets on average when somebody first asks for several."""
SHOCKS = 10
"""How many good and bad days a campaign has when somebody first asks for them."""
DAY, WEEK = 24, 168
_CAMPAIGN_HOURS = {"hourly": DAY, "twice_daily": WEEK, "daily": WEEK}
_USUAL_SENDS = 10_000
_WITH_LISTS = ("world", "shocks")


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
    return [name for name in GUARDRAILS if name not in there and _makes_sense(draft, name)]


def fitting_guardrails(draft: Draft) -> Draft:
    """Return the draft without guardrails that make no sense any more."""
    return draft | {"guardrails": [rail for rail in draft["guardrails"] if _makes_sense(draft, rail["name"])]}


def _makes_sense(draft: Draft, guardrail: str) -> bool:
    has = {"": True, "recurring": draft["recurring"] is not None, "segments": any(draft["segments"].values())}
    return has[GUARDRAILS[guardrail].needs]


def add_guardrail(draft: Draft, name: Any) -> Draft:
    """Put up a guardrail with its default settings, unless it is there."""
    if name not in free_guardrails(draft):
        return draft
    return draft | {"guardrails": [*draft["guardrails"], defaults(GUARDRAILS, name)]}


def remove_guardrail(draft: Draft, at: Any) -> Draft:
    """Take a guardrail away."""
    return draft | {"guardrails": [rail for place, rail in enumerate(draft["guardrails"]) if place != at]}


def clear_list(draft: Draft, path: Any) -> Draft:
    """Empty a list of the world or of what lines share that a link has brought."""
    part, _, setting = str(path).partition(".")
    if part not in _WITH_LISTS or not isinstance((draft[part] or {}).get(setting), list):
        return draft
    return draft | {part: draft[part] | {setting: []}}


def set_goal(draft: Draft, goal: Any) -> Draft:
    """Let policies go for something else; a goal in money fills in usual prices if there are none."""
    if goal not in GOALS:
        return draft
    money = draft["money"]
    if goal != "conversions" and money is None:
        money = Money.model_validate({}).model_dump(mode="json")
    return draft | {"goal": goal, "money": money}


def leave_money_out(draft: Draft, _at: Any) -> Draft:
    """Forget all prices, unless the goal needs them."""
    if draft["goal"] != "conversions":
        return draft
    return draft | {"money": None, "arms": [arm | {"order_value": None} for arm in draft["arms"]]}


def kind_of_sends(draft: Draft) -> str:
    """Return ONE_EACH, or the credit rule of repeat sends."""
    return ONE_EACH if draft["recurring"] is None else str(draft["recurring"]["credit"])


def set_kind_of_sends(draft: Draft, kind: Any) -> Draft:
    """Send everybody one e-mail, or several, with a rule for whose conversion it is."""
    if kind == ONE_EACH:
        return fitting_guardrails(draft | {"recurring": None})
    if kind not in CREDIT_RULES:
        return draft
    recurring = draft["recurring"] or _usual_repeats(draft)
    return _with_pace(draft | {"recurring": recurring | {"credit": kind}}, WEEK, recurring={})


def _usual_repeats(draft: Draft) -> dict[str, Any]:
    return Recurring.model_validate({}).model_dump(mode="json") | {"recipients": friendly(_sends(draft) / E_MAILS_EACH)}


def kind_of_luck(draft: Draft) -> str:
    """Return INDEPENDENT or SHARED."""
    return INDEPENDENT if draft["shocks"] is None else SHARED


def set_kind_of_luck(draft: Draft, kind: Any) -> Draft:
    """Let lines be independent, or have good and bad days together, about ten along the campaign."""
    if kind == INDEPENDENT:
        return draft | {"shocks": None}
    if kind != SHARED or draft["shocks"] is not None:
        return draft
    usual = SharedShocks.model_validate({}).model_dump(mode="json")
    return draft | {"shocks": usual | {"lasts": friendly(_sends(draft) / SHOCKS)}}


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
