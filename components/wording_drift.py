"""The words of the drift monitor: which line's rate moved, when that showed, and what each policy did about it."""

from typing import Final

from components.formats import count, listing, percent, rounded
from components.theme import arm_letter

CHART: Final = "Observed rate of each line along the campaign"
STILL: Final = "No line’s rate moved"
UNSEEN: Final = "The true rates moved too little, or too late, to show in the answers"
FALSE: Final = "A rate looked as if it had moved, but none did"
MIXED: Final = "The rates stayed; who got which line changed"
DID: Final = "What each policy did about it"
POLICY: Final = "Policy"
SHARE_BEFORE: Final = "Share before"
SHARE_AFTER: Final = "Share after"
FOLLOWED: Final = "Half of the way after"
STAYED: Final = "hardly moved"
AT_ONCE: Final = "at once"


def title(lines: list[int], *, moves: bool = True, mixed: bool = False) -> str:
    """The finding: `lines` are those whose rate moved and showed it.

    `moves`: true rates change at all; `mixed`: a line seemed to move because other recipients got it.

    >>> title([2]), title([0, 2])
    ('Line C’s rate moved while the campaign ran', 'The rates of lines A and C moved while the campaign ran')
    """
    letters = [arm_letter(line) for line in lines]
    if not letters:
        return MIXED if mixed else UNSEEN if moves else FALSE
    if len(letters) == 1:
        return f"Line {letters[0]}’s rate moved while the campaign ran"
    return f"The rates of lines {listing(letters)} moved while the campaign ran"


def deck(level: float, waits: int) -> str:
    """What the chart shows."""
    late = f" Of the last {count(waits)} sends, some conversions are still to come." if waits else ""
    return (
        f"Observed rate of each line in stretches of the campaign. Dotted: the true rate. Band: {percent(level, 0)} "
        f"interval of the line that moved. Dotted verticals: where a rate moved; solid: when that first showed.{late}"
    )


def moved(line: int, before: float, after: float, true: tuple[float, float], around: int) -> str:
    """One change as it showed; `before` and `after` are observed rates.

    >>> moved(2, 0.412, 0.183, (0.4, 0.18), 5211)
    'Line C fell from about 41% to 18% around send 5,200 (true rates of the same sends: 40% and 18%).'
    """
    verb = _verb(before, after)
    digits = 0 if max(before, after) >= _FINE and abs(after - before) >= 1 / 100 else 1
    first, last, one, two = (percent(rate, digits) for rate in (before, after, *true))
    return (
        f"Line {arm_letter(line)} {verb} from about {first} to {last} around send {_place(around)} "
        f"(true rates of the same sends: {one} and {two})."
    )


_FINE: Final = 0.1
_LONG: Final = 10_000
"""From this send on, two digits would put a change after the sends that showed it."""


def _verb(before: float, after: float) -> str:
    return "rose" if after > before else "fell"


def _place(around: int) -> str:
    return count(rounded(around, 2 if around < _LONG else 3))


def change(before: float, after: float, around: int) -> str:
    """What a line did, beside its letter.

    >>> change(0.1, 0.31, 30_020), change(0.41, 0.18, 5_211)
    ('rose around send 30,000', 'fell around send 5,200')
    """
    return f"{_verb(before, after)} around send {_place(around)}"


def noticed(label: str, after: int) -> str:
    """When and in whose answers the change showed first."""
    return f"It showed first in the answers to {label}, after {count(after)} sends."


def more(number: int) -> str:
    """How many smaller changes are not told one by one.

    >>> more(1), more(12)
    ('Besides, 1 smaller change showed.', 'Besides, 12 smaller changes showed.')
    """
    return f"Besides, {count(number)} smaller {'change' if number == 1 else 'changes'} showed."


def false_alarm(line: int, noticed_after: int) -> str:
    """A finding that the truth does not bear out."""
    return (
        f"After {count(noticed_after)} sends line {arm_letter(line)} looked as if its rate had moved. "
        "That was a false alarm: its true rate had not."
    )


def mix(line: int, before: float, after: float, noticed_after: int, label: str) -> str:
    """A change of a line's observed rate that is one of its recipients.

    >>> mix(1, 0.062, 0.104, 21_525, "LinUCB")
    'After 21,525 sends line B seemed to rise under LinUCB, from 6.2% to 10.4%. Its rates had not moved: as the policy learned whom it suits, other recipients got it.'
    """  # noqa: E501
    verb = "rise" if after > before else "fall"
    return (
        f"After {count(noticed_after)} sends line {arm_letter(line)} seemed to {verb} under {label}, from {percent(before)} "
        f"to {percent(after)}. Its rates had not moved: as the policy learned whom it suits, other recipients got it."
    )


def hasty(alarms: int, waits: int) -> str:
    """What late conversions do to somebody who does not wait for them."""
    times = "once" if alarms == 1 else f"{count(alarms)} times"
    return (
        f"Late conversions made a rate look as if it had moved {times} though it had not, for a send counts as a miss "
        f"until its conversion comes. So an answer is judged here only when its window, {count(waits)} sends, has closed."
    )


def level(false_alarms: float) -> str:
    """How far the monitor can be trusted."""
    return (
        f"Of campaigns in which no rate moves, at most {percent(false_alarms, 0)} raise an alarm by chance, over all lines "
        "and policies together. The test is the one that GLR-klUCB uses."
    )


def followed(took: int | None) -> str:
    """How long a policy's traffic took.

    >>> followed(316), followed(None), followed(0)
    ('320 sends', 'hardly moved', 'at once')
    """
    if took is None:
        return STAYED
    return f"{count(rounded(took))} sends" if took else AT_ONCE
