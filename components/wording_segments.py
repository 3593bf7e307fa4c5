"""The words for recipients who differ: what each segment likes, and what one winner for everybody costs."""

from collections.abc import Sequence
from typing import Final

from components.formats import count, listing, percent
from components.wording_goals import Goal

TO_BEST_FOR_EACH: Final = "went to the best line for the recipient"
TRUE_RATE: Final = "True rate over all"
SEGMENT: Final = "Segment"
SHARE: Final = "Share"
BEST_LINE: Final = "Its best line"
EVERYBODY: Final = "Everybody"
TABLE: Final = "What each segment likes, and what each policy sent it"
BARS: Final = "Rates are true rates. Bars: how a policy split a segment’s e-mails over the lines, its best line first."
KNOWN_TITLE: Final = "What the policies know of a recipient"
NEGLIGIBLE: Final = 0.0005
"""One winner for everybody costs nothing worth a word below this share of what could be had."""
_FEW: Final = 4


def title(given_up: float, whole: float, goal: Goal, winner: str) -> str:
    """The finding.

    >>> from components.wording_goals import CONVERSIONS
    >>> title(40.2, 680.0, CONVERSIONS, "A"), title(0.0, 680.0, CONVERSIONS, "A")
    ('One winner for everybody would cost 40 conversions', 'Line A is best in every segment')
    """
    if given_up <= NEGLIGIBLE * abs(whole):
        return f"Line {winner} is best in every segment"
    return f"One winner for everybody would cost {goal.amount(goal.number(given_up))}"


def deck(given_up: float, whole: float, winner: str, liked: Sequence[tuple[str, Sequence[str]]], segments: int) -> str:
    """Which segments like what: for each line that is best somewhere, its letter and the segments' names.

    >>> deck(40.2, 680.0, "A", [("A", ["New"]), ("B", ["Loyal"])], 2)
    'That is 5.9% of what the best line of each segment would bring. Line A is best for New, line B for Loyal.'
    >>> deck(0.0, 680.0, "A", [("A", ["New", "Loyal"])], 2)
    'Telling recipients apart gains nothing here: line A for everybody brings as much.'
    """
    if given_up <= NEGLIGIBLE * abs(whole):
        return f"Telling recipients apart gains nothing here: line {winner} for everybody brings as much."
    share = f"That is {percent(given_up / abs(whole))} of what the best line of each segment would bring."
    parts = [
        f"line {letter} {'is best ' if place == 0 else ''}for {_named(names, segments)}"
        for place, (letter, names) in enumerate(liked)
    ]
    text = ", ".join(parts)
    return f"{share} {text[:1].upper()}{text[1:]}."


def _named(names: Sequence[str], segments: int) -> str:
    if segments <= _FEW:
        return listing(list(names))
    return f"{len(names)} of {segments} segments"


def winner(letter: str) -> str:
    """The heading over the rates of the line that would be sent to everybody.

    >>> winner("A")
    'Line A there'
    """
    return f"Line {letter} there"


def to_its_best(share: float | None) -> str:
    """Under a bar.

    >>> to_its_best(0.934), to_its_best(None)
    ('93% to its best line', 'got no e-mail')
    """
    return "got no e-mail" if share is None else f"{percent(share, 0)} to its best line"


def split(parts: Sequence[tuple[str, float]]) -> str:
    """What a bar shows, for a screen reader.

    >>> split([("A", 0.25), ("C", 0.75)])
    'A 25%, C 75%'
    """
    return ", ".join(f"{letter} {percent(share, 0)}" for letter, share in parts)


def knows(label: str, features: Sequence[str]) -> str:
    """What a policy is told of each recipient; the first feature of a linear one is the same for all.

    >>> knows("LinUCB", ["Everybody", "Loyal", "Desktop"])
    'LinUCB is told whether a recipient is Loyal or Desktop, and learns what each adds to a line’s rate.'
    >>> knows("LinUCB", ["Everybody"])
    'LinUCB is told nothing of a recipient: it treats all alike.'
    >>> knows("Thompson by segment", ["New", "Loyal"])
    'Thompson by segment learns a rate of its own for New and Loyal.'
    """
    if list(features) == [EVERYBODY]:
        return f"{label} is told nothing of a recipient: it treats all alike."
    if features[0] == EVERYBODY:
        return (
            f"{label} is told whether a recipient is {_or(features[1:])}, and learns what each adds to a line’s rate."
        )
    many = f"each of {count(len(features))} segments"
    return f"{label} learns a rate of its own for {many if len(features) > _FEW else listing(list(features))}."


def knows_nothing(labels: Sequence[str]) -> str:
    """Policies that treat all recipients alike.

    >>> knows_nothing(["A/B split", "UCB1"]), knows_nothing(["UCB1"])
    ('A/B split and UCB1 treat all recipients alike.', 'UCB1 treats all recipients alike.')
    """
    return f"{listing(list(labels))} treat{'s' if len(labels) == 1 else ''} all recipients alike."


def _or(names: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def reversal(
    label: str, looks_better: str, is_better: str, seen: Sequence[float], true: Sequence[float], *, everywhere: bool
) -> str:
    """That a policy's totals put two lines in the wrong order: rates of the first and the second.

    >>> reversal("LinUCB", "B", "A", [0.1181, 0.0402], [0.057, 0.061], everywhere=False)[:127]
    'The totals of LinUCB mislead: line B seems to convert better, 11.8% against 4.0%. Sent to everybody, line A would: 6.1% against'
    """
    in_all = f" Line {is_better} is better in every segment." if everywhere else ""
    return (
        f"The totals of {label} mislead: line {looks_better} seems to convert better, {percent(seen[0])} against "
        f"{percent(seen[1])}. Sent to everybody, line {is_better} would: {percent(true[1])} against {percent(true[0])}."
        f"{in_all} {looks_better} went mostly to people who convert more anyway. Read the rates segment by segment "
        "(Simpson’s paradox)."
    )


def best_for_each(label: str, share: float) -> str:
    """The finding about traffic where the best line differs between recipients.

    >>> best_for_each("LinUCB", 0.927)
    'LinUCB sent 93% of recipients the line that was best for them'
    """
    return f"{label} sent {percent(share, 0)} of recipients the line that was best for them"


def others(number: int) -> str:
    """The row that opens for the smaller segments."""
    return f"{number} smaller segments"
