"""The words for credit rules: whose conversion it was where recipients get several e-mails."""

from typing import Any, Final

from components.formats import count, decimal, signed, signed_money
from components.wording_goals import Goal

RULES: Final = {"last_touch": "Last touch", "first_touch": "First touch", "linear": "Linear"}
_IN_WORDS: Final = {"last_touch": "last touch", "first_touch": "first touch", "linear": "linear credit"}
HEADING: Final = "Whose conversion was it?"
WAITING: Final = "Crediting the same conversions by each rule."
LINE: Final = "Subject line"
SENDS: Final = "E-mails"
CAUSED: Final = "Caused"
FINDS_BEST: Final = "Campaigns in which it finds the best line"
TABLE: Final = "Conversions of an even split by line: caused, and credited by each rule, a campaign on average"
POLICIES: Final = "What learning by another rule changes, a campaign on average with 90% intervals"
POLICY: Final = "Policy"
HOME: Final = "this scenario"
_FEW: Final = 100


def title(looks_best: dict[str, str], best: str) -> str:
    """The finding: for each rule the letter of the line that looks best, and that of the line that is.

    >>> title({"last_touch": "B", "first_touch": "A", "linear": "B"}, "B")
    'The credit rule decides who looks best: line A by first touch, line B by last touch and linear credit'
    >>> title({"last_touch": "B", "first_touch": "B", "linear": "B"}, "B")
    'Whatever the credit rule, line B looks best'
    >>> title({"last_touch": "A", "first_touch": "A", "linear": "A"}, "B")
    'Every credit rule makes line A look best, though line B causes most conversions an e-mail'
    """
    letters = sorted(set(looks_best.values()))
    if len(letters) == 1:
        letter = letters[0]
        if letter == best:
            return f"Whatever the credit rule, line {letter} looks best"
        return f"Every credit rule makes line {letter} look best, though line {best} causes most conversions an e-mail"
    parts = [
        f"line {letter} by {' and '.join(_IN_WORDS[rule] for rule, one in looks_best.items() if one == letter)}"
        for letter in letters
    ]
    return f"The credit rule decides who looks best: {', '.join(parts)}"


def deck(campaigns: int, own: str) -> str:
    """What is compared.

    >>> deck(200, "last_touch")
    'Conversions of an even split, mean of 200 campaigns. Only a simulation knows which e-mail caused one; policies here learn by last touch.'
    """  # noqa: E501
    return (
        f"Conversions of an even split, mean of {count(campaigns)} campaigns. Only a simulation knows which e-mail caused "
        f"one; policies here learn by {_IN_WORDS[own]}."
    )


def credited(number: float) -> str:
    """A mean of conversions.

    >>> credited(123.4), credited(12.34)
    ('123', '12.3')
    """
    return count(number) if number >= _FEW else decimal(number, 1)


def change(found: dict[str, Any] | None, goal: Goal) -> str:
    """What learning by a rule changes for a policy.

    >>> from components.wording_goals import CONVERSIONS
    >>> change({"mean": -31.2, "low": -40.0, "high": -22.4}, CONVERSIONS), change(None, CONVERSIONS)
    ('−31 (−40 to −22)', 'this scenario')
    """
    if found is None:
        return HOME
    mean = goal.difference(found["mean"])
    if found["low"] is None:
        return mean
    digits = 1 if max(abs(found[end]) for end in ("low", "high")) < 10 else 0  # noqa: PLR2004  # two digits say enough
    sign = signed_money if goal.is_money else signed
    return f"{sign(found['mean'], digits)} ({sign(found['low'], digits)} to {sign(found['high'], digits)})"
