"""Words of the price list of guardrails: what each costs, how sure that is, and what it is there for.

A price is a number of conversions a campaign, or an amount of money where that is the goal; "not measurable" is a price whose
interval includes zero, "free" one that is zero in every campaign.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from components.formats import compact, count, listing, percent, prose
from components.wording import Contender
from components.wording_compare import in_campaigns, share_of_campaigns
from components.wording_goals import CONVERSIONS as CONVERTED
from components.wording_goals import Goal
from engine import GUARDRAILS
from engine.fields import knobs

TITLE: Final = "What each guardrail costs"
GUARDRAIL: Final = "Guardrail"
CHANGE: Final = "Price"
INTERVAL: Final = "90% interval"
COSTS_IN: Final = "Costs something in"
PROMISE: Final = "What it promises, and what came of it"
TOGETHER: Final = "All together"
TOGETHER_BELOW: Final = "with all against with none"
OTHERS: Final = "What the other policies pay"
FREE: Final = "free"
NOT_MEASURABLE: Final = "not measurable"
NOT_THERE: Final = "…"
CSV: Final = "The price list as a CSV file"
LATER: Final = "Guardrails are priced when all campaigns are in."
LATER_HERE: Final = "Guardrails are priced once the repeat campaigns are in."
WORKING: Final = "Pricing the guardrails: the same campaigns again without each of them."
TOO_MUCH: Final = "Pricing the guardrails would be more work than is done at once. Compare fewer policies or sends."
STOPPED: Final = "Stopped before all guardrails were priced."

GUARDRAIL_TITLES: Final = {name: spec.title for name, spec in GUARDRAILS.items()}

_MOSTLY: Final = 0.5
_FEW: Final = 10


def working(share: float) -> str:
    """How far it is."""
    return f"Pricing the guardrails: {percent(share, 0)} done."


def axis(goal: Goal = CONVERTED) -> str:
    """Over the whiskers.

    >>> from components.wording_goals import NET_VALUE
    >>> axis(), axis(NET_VALUE)
    ('Conversions more or fewer for it', 'Net value more or less for it')
    """
    return _capital(f"{goal.more_or_fewer} for it")


def others_deck(goal: Goal = CONVERTED) -> str:
    """What the table of the other policies says."""
    return f"{goal.named} a campaign, with 90% intervals. Grey: not measurable."


def price(change: Mapping[str, Any], goal: Goal = CONVERTED) -> str:
    """What a guardrail changes, in a cell.

    >>> price({"mean": -112.3, "low": -126.0, "high": -98.0}), price({"mean": 0.0, "low": 0.0, "high": 0.0})
    ('−112', 'free')
    >>> price({"mean": -3.0, "low": -9.0, "high": 3.0})
    'not measurable'
    """
    if is_free(change):
        return FREE
    return goal.mean_difference(change["mean"]) if is_measurable(change) else NOT_MEASURABLE


def is_measurable(change: Mapping[str, Any]) -> bool:
    """Whether an interval leaves zero out."""
    return bool(change["high"] < 0.0 or change["low"] > 0.0)


def is_free(change: Mapping[str, Any]) -> bool:
    """Whether a guardrail changed nothing in any campaign."""
    return bool(change["low"] == change["high"] == 0.0)


def title(
    what: str,
    policy: str,
    change: Mapping[str, Any],
    gain: float | None,
    over: Contender,
    mostly: str,
    goal: Goal = CONVERTED,
) -> str:
    """The finding; `gain` is what the policy had over the baseline without guardrails, `mostly` the one that costs most.

    >>> even, cost = Contender("A/B split", 0, is_even_split=True), {"mean": -112.0, "low": -126.0, "high": -98.0}
    >>> title("", "Thompson", cost, 1204.0, even, "holdout")
    'Your guardrails together cost Thompson 112 conversions of its +1,204 over A/B; most of it is the holdout'
    >>> title("holdout", "Thompson", cost, 1204.0, even, "")
    'The holdout costs Thompson 112 conversions of its +1,204 over A/B'
    >>> title("holdout", "A/B split", {"mean": -1.0, "low": -3.0, "high": 1.0}, None, even, "")
    'What the holdout costs A/B split is not measurable'
    """
    subject = f"the {what}" if what else "your guardrails together"
    if is_free(change):
        return f"{_capital(subject)} cost{'s' if what else ''} {policy} nothing"
    if not is_measurable(change):
        return f"What {subject} cost{'s' if what else ''} {policy} is not measurable"
    verb = "gain" if change["mean"] > 0.0 else "cost"
    known = gain if verb == "cost" and gain is not None and gain > 0.0 else None
    paid = _paid(abs(change["mean"]), known, over, goal)
    finding = f"{_capital(subject)} {verb}{'s' if what else ''} {policy} {paid}"
    return f"{finding}; most of it is the {mostly}" if mostly else finding


def _paid(number: float, gain: float | None, over: Contender, goal: Goal) -> str:
    """An amount, and of which gain that is.

    >>> from components.wording_goals import REVENUE
    >>> even = Contender("A/B split", 0, is_even_split=True)
    >>> _paid(112.0, 1204.0, even, CONVERTED), _paid(112.0, 1204.0, even, REVENUE)
    ('112 conversions of its +1,204 over A/B', '112 of its +1,204 of revenue over A/B')
    """
    if gain is None:
        return goal.amount(goal.mean(number))
    whole = goal.mean_difference(gain)
    if goal.is_money:
        return f"{goal.mean(number)} of its {goal.amount(whole)} over {over.short}"
    return f"{goal.amount(goal.mean(number))} of its {whole} over {over.short}"


def mostly(names: Mapping[str, float], together: float) -> str:
    """Which guardrail alone costs more than half of what all cost together; "" if none does.

    >>> mostly({"holdout": -90.0, "burn_in": -12.0}, -112.0), mostly({"holdout": -40.0, "burn_in": -42.0}, -112.0)
    ('holdout', '')
    """
    dearest = min(names, key=lambda name: names[name], default="")
    return called(dearest) if dearest and together < 0.0 and names[dearest] < _MOSTLY * together else ""


def deck(change: Mapping[str, Any] | None, campaigns: int, sends: int, goal: Goal = CONVERTED, *, several: bool) -> str:
    """How sure that is, the measure, and how what cannot be measured looks."""
    sure = (
        ""
        if change is None or is_free(change)
        else f"90% interval {goal.mean_between(change['low'], change['high'])}. "
    )
    alone = " Each is what comes back when that one alone is removed, so they do not add up." if several else ""
    return (
        f"{sure}{goal.named} with it minus without it on the same {count(sends)} recipients, "
        f"mean of {count(campaigns)} campaigns.{alone} Hollow: not measurable, the interval includes zero."
    )


def nothing_measurable(labels: Sequence[str]) -> str:
    """The policies for which no guardrail has a price.

    >>> nothing_measurable(["UCB1"]), nothing_measurable([])
    ('For UCB1, no guardrail has a price that could be measured.', '')
    """
    return f"For {listing(list(labels))}, no guardrail has a price that could be measured." if labels else ""


def unpaid(labels: Sequence[str]) -> str:
    """Even splits, which guardrails cannot make more even.

    >>> unpaid(["A/B split"]), unpaid([])
    ('A/B split pays nothing: all that these guardrails do is to split evenly.', '')
    """
    pays = "pays" if len(labels) == 1 else "pay"
    return f"{listing(list(labels))} {pays} nothing: all that these guardrails do is to split evenly." if labels else ""


def small_print(comparisons: int) -> str:
    """What the level means over a whole list.

    >>> small_print(2), small_print(28)
    ('Each interval holds at 90% on its own.', 'Each interval holds at 90% on its own: of these 28, about 3 may miss.')
    """
    alone = "Each interval holds at 90% on its own"
    may_miss = round(comparisons / 10)
    return f"{alone}: of these {comparisons}, about {may_miss} may miss." if may_miss else f"{alone}."


def called(name: str) -> str:
    """A guardrail within a sentence.

    >>> called("wrap_up_ab"), called("holdout")
    ('wrap-up A/B', 'holdout')
    """
    title = GUARDRAILS[name].title
    return title[:1].lower() + title[1:]


def setting(name: str, parameters: Mapping[str, Any]) -> str:
    """A guardrail's settings in a few words.

    >>> setting("holdout", {"share": 0.05}), setting("burn_in", {"sends": 100})
    ('5% always even', '100 sends a line')
    """
    if name in _SETTINGS:
        return _SETTINGS[name](parameters)
    known = knobs(GUARDRAILS[name].parameters)
    written = [f"{known[key].title.lower()} {compact(value)}" for key, value in parameters.items() if key in known]
    return ", ".join(written)


def setting_named(title: str, setting: str) -> str:
    """A guardrail with its setting within a sentence.

    >>> setting_named("Minimum share", "2% a line")
    'minimum share (2% a line)'
    """
    return f"{title[:1].lower()}{title[1:]} ({setting})"


def defaults(name: str) -> dict[str, Any]:
    """The settings that a guardrail has when nobody sets them."""
    return {key: knob.default for key, knob in knobs(GUARDRAILS[name].parameters).items() if key != "name"}


def promise(name: str) -> str:
    """What a guardrail is there for."""
    return prose(GUARDRAILS[name].plain)


def bought(name: str, found: Mapping[str, Any] | None) -> str:
    """What came of it, in numbers.

    >>> bought("burn_in", {"with_it": 0.97, "without": 0.94})
    'Ended with the best line in 97% of campaigns, without it in 94% of campaigns.'
    >>> bought("pause_rule", {"with_it": 6.2, "without": 66.0}), bought("pause_rule", {"with_it": 0.0, "without": 0.0})
    ('6.2 complaints a campaign, 66 without it.', 'Nobody complained.')
    """
    return _BOUGHT[name](found) if found is not None and name in _BOUGHT else ""


def _share(share: float) -> str:
    """A share that a visitor typed, with as many digits as it has."""
    return f"{compact(round(100 * share, 4))}%"


def _lead_known(found: Mapping[str, Any]) -> str:
    points = compact(round(100 * found["with_it"], 1))
    return f"Measured the lead of its best line to ±{points} percentage points (90% interval)."


def _complaints(found: Mapping[str, Any]) -> str:
    if not found["without"]:
        return "Nobody complained."
    return f"{_number(found['with_it'])} complaints a campaign, {_number(found['without'])} without it."


def _number(value: float) -> str:
    return compact(round(value, _digits(value)))


def _stopped(found: Mapping[str, Any]) -> str:
    if found["right"] is None:
        return "Stopped no campaign."
    stopped = share_of_campaigns(found["with_it"])
    right = percent(found["right"], 0)
    return f"Stopped {stopped if found['with_it'] == 1.0 else f'{stopped} of campaigns'}, {right} of them for a truly best line."


_STOPS: Final = {
    "either": "at {chance} sure, or {left} left to gain",
    "chance": "at {chance} sure",
    "value_remaining": "at {left} left to gain",
}

_SETTINGS: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {
    "holdout": lambda its: f"{_share(its['share'])} always even",
    "wrap_up_ab": lambda its: f"the last {_share(its['share'])} even",
    "minimum_share": lambda its: f"{_share(its['share'])} a line",
    "maximum_share": lambda its: f"{_share(its['share'])} for any line",
    "burn_in": lambda its: f"{count(its['sends'])} sends a line",
    "stop_rule": lambda its: _STOPS[its["by"]].format(
        chance=_share(its["chance"]), left=_share(its["value_remaining"])
    ),
    "pause_rule": lambda its: f"above {_share(its['limit'])} complaints",
    "frequency_cap": lambda its: f"{its['most']} in {compact(its['hours'])} hours",
    "segment_fairness": lambda its: f"{_share(its['share'])} a line in every segment",
}

_BOUGHT: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {
    "holdout": _lead_known,
    "wrap_up_ab": _lead_known,
    "pause_rule": _complaints,
    "minimum_share": lambda found: (
        f"No line ever got less than {percent(found['with_it'])} of a campaign, {percent(found['without'])} without it."
    ),
    "maximum_share": lambda found: (
        f"The largest line got {percent(found['with_it'], 0)}, {percent(found['without'], 0)} without it."
    ),
    "burn_in": lambda found: _ended_best(in_campaigns(found["with_it"]), in_campaigns(found["without"])),
    "stop_rule": _stopped,
    "frequency_cap": lambda found: (
        f"A recipient got {compact(round(found['with_it'], 2))} e-mails on average, "
        f"{compact(round(found['without'], 2))} without it."
    ),
    "segment_fairness": lambda found: (
        f"No line got less than {percent(found['with_it'])} of any segment, {percent(found['without'])} without it."
    ),
}


def _ended_best(with_it: str, without: str) -> str:
    return f"Ended with the best line {with_it}, {'with or without it' if without == with_it else f'without it {without}'}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _digits(number: float) -> int:
    return 1 if 0.0 < abs(number) < _FEW else 0
