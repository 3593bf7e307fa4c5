"""The words of what makes a campaign like the real world: rates that change, late conversions, cadence, guardrails."""

import re
from collections.abc import Sequence
from typing import Any, Final

from components import wording
from components.formats import compact, count, percent, prose
from engine import WORLDS
from engine.fields import Knob, knobs
from engine.pace import MOST_REPLIES, Hurry
from engine.scenario import HOURS
from engine.segments import Group

REAL_WORLD: Final = "The real world"
LEFT_OUT: Final = "left out"
HOW_RATES_BEHAVE: Final = "How rates behave"
LATE_CONVERSIONS: Final = "Late conversions"
CADENCE: Final = "Decide again"
CADENCES: Final = {
    "at_once": "After every send",
    "every_n": "After so many sends",
    "hourly": "Every hour",
    "twice_daily": "Twice a day",
    "daily": "Once a day",
}
CADENCE_HINT: Final = "What comes in between two decisions is used from the next one on."
GUARDRAILS_LABEL: Final = "Guardrails"
ADD_GUARDRAIL: Final = "+ Add"
ADD_GUARDRAIL_LABEL: Final = "Add a guardrail"
PACE_HINT: Final = "Needed when conversions are late, rates follow the week, or decisions go by the clock."
COMPLAINTS: Final = "Complaints, %"
COMPLAINTS_OF: Final = "Complaints, in per cent, about"
COMPLAINTS_HINT: Final = "Complaints: recipients of the line who report it as spam."
NO_COMPLAINTS: Final = "No line draws complaints yet. Set them with Edit, above at the subject lines."
NO_PACE_HELPS: Final = "Send to more recipients, or decide more often."
CLEAR_LIST: Final = "Drop them"

WHAT_COUNTS: Final = "What counts"
GOALS: Final = {"conversions": "Conversions", "revenue": "Revenue", "net_value": "Net value"}
GOAL_HINTS: Final = {
    "conversions": "Policies try to get as many conversions as they can.",
    "revenue": "Policies try to earn as much as they can: a line with fewer but larger orders can win.",
    "net_value": "Revenue, less what sends and unsubscribes cost. Policies try to get most of it.",
}
MONEY_IS_COUNTED: Final = "Orders keep their prices."
LEAVE_MONEY_OUT: Final = "Leave money out"
ORDER_VALUE: Final = "Order value"
ORDER_VALUE_OF: Final = "Order value of"
ORDER_VALUE_HINT: Final = "An order value left empty is the common one, below at What counts."

REPEAT_SENDS: Final = "Repeat sends"
REPEAT_SENDS_ON: Final = "repeat sends"
KINDS_OF_SENDS: Final = {
    "one_each": "Everybody gets one e-mail",
    "last_touch": "Several, credit to the last",
    "first_touch": "Several, credit to the first",
    "linear": "Several, credit shared by all",
}
SENDS_HINTS: Final = {
    "one_each": "Every send goes to somebody new.",
    "last_touch": "A conversion counts for the last e-mail that the recipient had got.",
    "first_touch": "A conversion counts for the first e-mail that the recipient had got.",
    "linear": "A conversion counts in equal parts for all e-mails that the recipient had got.",
}

NOTHING_TO_CREDIT: Final = (
    "Policies are told of opens, and an open belongs to its own e-mail: there is nothing to credit. Choose another way in "
    "which rates behave, or send everybody one e-mail."
)

SHARED_LUCK: Final = "Shared luck"
SHARED_LUCK_ON: Final = "shared luck"
KINDS_OF_LUCK: Final = {"independent": "Lines are independent", "shared": "Lines share good and bad days"}
LUCK_HINTS: Final = {
    "independent": "What happens to one line says nothing about the others.",
    "shared": "From time to time something moves the rates of several lines together, up or down.",
}
_PART_LABELS: Final = {"shocks.spread": "How strong"}
"""Settings whose title does not say enough where they stand."""

RATES_MEAN: Final = {
    "seasonal": "The true rates above are averages over a whole week.",
    "inflated_opens": "The true rates above are shares of people who open; clicks are drawn.",
    "fatigue": "The true rates above are those of a line that nobody has seen yet.",
}
"""What a line's true rate stands for, in worlds where it is not simply the rate."""
_SHORT: Final = {"seasonal": "season"}
_UNSPOKEN_UNITS: Final = "logit"
_MINUTES: Final = 60
_TELL_MINUTES_BELOW: Final = 100
_TELL_HOURS_BELOW: Final = 48
_DAY: Final = 24
_WHOLE_FROM: Final = 10
_BY_LINE_FIELD: Final = re.compile(r"segments\.\w+\.\d+\.multipliers\.\d+")
_PER_CENT_FIELD: Final = re.compile(r"guardrails\.\d+\.(share|limit|chance|value_remaining)|segments\.\w+\.\d+\.share")


def what_is_on(world: str, delay: str, update_every: Any, guardrails: int, more: Sequence[str] = ()) -> str:
    """What of the real world a scenario has, in a few words; nothing when it is left out.

    >>> what_is_on("seasonal", "log_normal", 1, 2), what_is_on("stationary", "none", "daily", 1)
    ('season, replies late, 2 guardrails', 'decides daily, 1 guardrail')
    >>> what_is_on("stationary", "none", 1, 0), what_is_on("drifting", "none", 1, 1, ["two audiences", "", "revenue"])
    ('', 'drifting rates, two audiences, revenue, 1 guardrail')
    """
    parts = (
        "" if world == "stationary" else _SHORT.get(world, WORLDS[world].title.lower()),
        "" if delay == "none" else "replies late",
        _rhythm(update_every),
        *more,
        f"{guardrails} guardrail{'s' if guardrails > 1 else ''}" if guardrails else "",
    )
    return ", ".join(part for part in parts if part)


def _rhythm(update_every: Any) -> str:
    if update_every in HOURS:
        return f"decides {update_every.replace('_', ' ')}"
    return f"decides every {count(update_every)} sends" if isinstance(update_every, int) and update_every > 1 else ""


def goal_on(goal: str, *, has_money: bool) -> str:
    """What counts, in a word or two; nothing where conversions do and have no price.

    >>> goal_on("net_value", has_money=True), goal_on("conversions", has_money=True), goal_on("conversions", has_money=False)
    ('net value', 'prices', '')
    """
    return GOALS[goal].lower() if goal != "conversions" else "prices" if has_money else ""


def e_mails_each(sends: Any, recipients: Any) -> str:
    """How many e-mails people get; nothing while a number is none.

    >>> e_mails_each(10_000, 2_500), e_mails_each(10_000, 10_000), e_mails_each(1_000, 3_000), e_mails_each(1, None)
    ('On average 4 e-mails each.', 'On average 1 e-mail each.', 'On average 0.3 e-mails each.', '')
    """
    if not all(isinstance(number, int) and number > 0 for number in (sends, recipients)):
        return ""
    return f"On average {_amount(sends / recipients, 'e-mail')} each."


def part_label(path: str, knob: Knob) -> str:
    """What a setting of a part is called, with its unit."""
    return labelled(_PART_LABELS.get(path, knob.title), knob.unit)


def pace(sends: Any, sends_per_hour: Any) -> str:
    """How long the campaign takes.

    >>> pace(10_000, 400), pace(10_000, None)[:6]
    ('10,000 sends at 400 an hour: 25 hours.', 'Needed')
    """
    if not all(isinstance(number, int) and number > 0 for number in (sends, sends_per_hour)):
        return PACE_HINT
    words = f"{count(sends)} send{'s' if sends > 1 else ''}"
    return f"{words} at {count(sends_per_hour)} an hour: {duration(sends / sends_per_hour)}."


def duration(hours: float) -> str:
    """Hours as people name them.

    >>> duration(1 / 3), duration(1), duration(1.5), duration(25), duration(4.25), duration(60), duration(0.001)
    ('20 minutes', '1 hour', '90 minutes', '25 hours', '4.2 hours', '2.5 days', '1 minute')
    """
    minutes = hours * _MINUTES
    if minutes < _TELL_MINUTES_BELOW and hours != 1:
        return _amount(max(1, round(minutes)), "minute")
    return _amount(hours, "hour") if hours < _TELL_HOURS_BELOW else _amount(hours / _DAY, "day")


def _amount(number: float, noun: str) -> str:
    shown = count(round(number)) if number >= _WHOLE_FROM else compact(round(number, 1))
    return f"{shown} {noun}{'' if shown == '1' else 's'}"


def too_fast(found: Hurry) -> wording.Notice:
    """The send is over before any policy can learn from it, and what to do."""
    ends = f"Your send ends after {duration(found.send_hours)}, before"
    if found.waits_for_replies:
        title = f"{ends} {percent(MOST_REPLIES, 0)} of replies are in ({duration(found.known_hours)})."
    else:
        title = f"{ends} the first decision."
    if found.paced_hours is None:
        return wording.Notice(title, f"No policy can learn in time. {NO_PACE_HELPS}")
    return wording.Notice(
        title,
        f"No policy can learn in time. Paced over {duration(found.paced_hours)}, half of the recipients would still be to "
        "come when most replies to the first e-mails are in.",
        (f"Pace it over {duration(found.paced_hours)}",),
    )


def given_by_link(setting: str, number: int) -> str:
    """A list that only links and programs set.

    >>> given_by_link("changes", 3), given_by_link("schedule", 1)
    ('3 changes are given by the link.', '1 entry of the schedule is given by the link.')
    """
    noun = {"schedule": "entries of the schedule"}.get(setting, setting.replace("_", " "))
    if number == 1:
        return f"1 {noun.replace('entries', 'entry', 1) if 'entries' in noun else noun.removesuffix('s')} is given by the link."
    return f"{count(number)} {noun} are given by the link."


def labelled(title: str, unit: str) -> str:
    """A setting with its unit, as far as people know it.

    >>> labelled("Median wait", "hours"), labelled("Drift", "logit per campaign"), labelled("Spread factor", "")
    ('Median wait, hours', 'Drift', 'Spread factor')
    """
    return title if not unit or _UNSPOKEN_UNITS in unit else f"{title}, {unit}"


def problem(path: str, text: str) -> str:
    """A problem as it stands at its field; shares and complaints are typed in per cent.

    >>> problem("guardrails.0.share", "got 0.25; 5 lines at 0.25 need 1.25 of the traffic. Enter 0.2 or less, or remove lines.")
    'Got 25%; 5 lines at 25% need 125% of the traffic. Enter 20% or less, or remove lines.'
    >>> problem("arms.1.complaint_rate", "got 7; must be a number from 0 to 1. Enter at most 1.")
    'Must be from 0 to 100%. Enter 0 if nobody complains.'
    >>> problem("segments.audience.0.share", "got 0; must be a number above 0 and up to 1. Enter more than 0.")
    'Got 0%; must be a number above 0% and up to 100%. Enter more than 0%.'
    >>> problem("segments.audience.0.multipliers.2", "got 99; must be a list of 0 to 64. Enter at most 64.")
    'Must be a number from 0 to 20; 1 changes nothing.'
    """
    return prose(_in_english(path, text))


def _in_english(path: str, text: str) -> str:
    if path == "recurring":
        return NOTHING_TO_CREDIT
    if _BY_LINE_FIELD.fullmatch(path):
        return f"Must be {knobs(Group)['multiplier'].allowed}; 1 changes nothing."
    if path.endswith(".complaint_rate"):
        return "Must be from 0 to 100%. Enter 0 if nobody complains."
    told = wording.problem(path, text)
    return _in_per_cent(told) if _PER_CENT_FIELD.fullmatch(path) else told


def _in_per_cent(text: str) -> str:
    return re.sub(r"\b\d+(?:\.\d+)?\b(?! lines)", lambda found: f"{100 * float(found[0]):.6g}%", text)


def sentences(parts: Sequence[str]) -> str:
    """Several sentences in a row, without those that are empty."""
    return " ".join(part for part in parts if part)
