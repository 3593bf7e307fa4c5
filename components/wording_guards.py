"""The words for what guardrails did in the shown campaign."""

from typing import Final

from components.formats import NOTHING, count, percent
from components.theme import arm_letter

TITLE: Final = "What the guardrails did"
DECK: Final = "Share of sends that each guardrail decided instead of the policy."
POLICY: Final = "Policy"
TOGETHER: Final = "Together"
SUBJECT_LINE: Final = "Subject line"
SENDS: Final = "Sends"
CONVERSIONS: Final = "Conversions"
RATE: Final = "Rate"


def left_out(contacts: int, emails: int) -> str:
    """How many contacts a frequency cap kept from getting an e-mail, the same under every policy.

    >>> left_out(4_368, 5_632)
    'The frequency cap left out 4,368 of 10,000 contacts, the same ones whatever the policy: 5,632 e-mails were sent.'
    """
    return (
        f"The frequency cap left out {count(contacts)} of {count(contacts + emails)} contacts, the same "
        f"ones whatever the policy: {count(emails)} e-mails were sent."
    )


def alone(guardrail: str, label: str, level: float) -> str:
    """The heading of what was measured beside a policy.

    >>> alone("Holdout", "ε-greedy", 0.9)
    'Holdout of ε-greedy, analysed alone (rates with 90% intervals)'
    """
    return f"{guardrail} of {label}, analysed alone (rates with {percent(level, 0)} intervals)"


def rate(sends: int, conversions: int) -> str:
    """An observed rate.

    >>> rate(200, 50), rate(0, 0)
    ('25.0%', '–')
    """
    return percent(conversions / sends) if sends else NOTHING


def rate_interval(low: float | None, high: float | None) -> str:
    """The interval behind a rate; nothing where there is none.

    >>> rate_interval(0.203, 0.304), rate_interval(None, None)
    ('(20.3% to 30.4%)', '')
    """
    return "" if low is None or high is None else f"({percent(low)} to {percent(high)})"


def agreement(guardrail: str, label: str, best: int | None, leader: int | None, *, is_clear: bool) -> str:
    """Whether what was measured alone bears out what the policy settled on.

    >>> agreement("Holdout", "ε-greedy", 2, 2, is_clear=True)
    'ε-greedy’s leader is line C. The holdout’s best line is the same.'
    >>> agreement("Holdout", "ε-greedy", 0, 2, is_clear=False)
    'ε-greedy’s leader is line C. The holdout puts line A ahead, but the intervals overlap: it does not contradict.'
    """
    name = guardrail[:1].lower() + guardrail[1:]
    if leader is None:
        return f"{label} had no leader to compare the {name} with."
    opening = f"{label}’s leader is line {arm_letter(leader)}."
    if best is None:
        return f"{opening} The {name} has no single best line."
    if best == leader:
        return f"{opening} The {name}’s best line is the same."
    if is_clear:
        return f"{opening} The {name} contradicts: its best line is {arm_letter(best)}, clear of all others."
    return (
        f"{opening} The {name} puts line {arm_letter(best)} ahead, but the intervals overlap: it does not contradict."
    )


def paused(label: str, line: int, after: int, sends: int, complaints: int, limit: float) -> str:
    """When and why a line was taken out.

    >>> paused("ε-greedy", 1, 2100, 640, 3, 0.002)
    'ε-greedy: line B was paused after 2,100 sends: 3 complaints in its 640 sends, more than the 0.20% allowed.'
    """
    what = "1 complaint" if complaints == 1 else f"{count(complaints)} complaints"
    return (
        f"{label}: line {arm_letter(line)} was paused after {count(after)} sends: {what} in its {count(sends)} sends, "
        f"more than the {percent(limit, 2)} allowed."
    )


def stopped(label: str, winner: int, after: int) -> str:
    """When the test ended and for whom.

    >>> stopped("Thompson sampling", 2, 4300)
    'Thompson sampling: the stop rule ended the test after 4,300 sends; the rest went to line C.'
    """
    return (
        f"{label}: the stop rule ended the test after {count(after)} sends; the rest went to line {arm_letter(winner)}."
    )


def not_stopped(label: str) -> str:
    """The stop rule saw no winner."""
    return f"{label}: the stop rule did not end the test."
