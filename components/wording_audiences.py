"""The words of how recipients differ: splits, groups, shares, and what they do to the lines' rates."""

import math
from collections.abc import Collection
from typing import Any, Final

from components.formats import compact, number_word

AUDIENCES: Final = "Audiences"
SPLIT_BY: Final = "+ Split by"
SPLIT_BY_LABEL: Final = "Split the recipients by"
GROUPS: Final = {
    "audience": ("New subscribers", "Loyal customers"),
    "device": ("Mobile", "Desktop"),
    "time_of_day": ("Morning", "Afternoon", "Evening"),
}
"""What each split starts with."""
NO_SPLIT_HINT: Final = "Everybody is alike. Split them where some like other lines than the rest do."
SPLIT_HINT: Final = "Times: what the rates of all lines, as they stand above, are multiplied by in a group."
GROUP_NAME: Final = "Group"
SHARE: Final = "Share, %"
TIMES: Final = "Times"
THE_REST: Final = "the rest:"
ADD_GROUP: Final = "+ Add group"
BY_LINE: Final = "By line"
BY_LINE_HINT: Final = "Multiplies a line's rate in the group besides. Two groups that like opposite lines need this."
ALL_ONE: Final = "all times 1"
_BY_LINE_ON: Final = "some differ"
_KINDS: Final = {
    "audience": "audiences",
    "device": "devices",
    "time_of_day": "times of day",
}


def new_group(taken: Collection[str]) -> str:
    """A name that no group has.

    >>> new_group({"New", "Loyal"}), new_group({"New", "Group 3"})
    ('Group 3', 'Group 4')
    """
    number = len(taken) + 1
    while f"Group {number}" in taken:
        number += 1
    return f"Group {number}"


def group_of(title: str, place: int) -> str:
    """A group for those who hear it.

    >>> group_of("Time of day", 0)
    'group 1 of time of day'
    """
    return f"group {place + 1} of {title.lower()}"


def name_of(title: str, place: int) -> str:
    """The label of a group's name."""
    return f"Name of {group_of(title, place)}"


def share_of(title: str, place: int) -> str:
    """The label of a group's share."""
    return f"Share, in per cent, of {group_of(title, place)}"


def times_of(title: str, place: int) -> str:
    """The label of a group's multiplier."""
    return f"Times, for all lines, in {group_of(title, place)}"


def line_times_of(line: str, title: str, place: int) -> str:
    """The label of a line's multiplier in a group."""
    return f"Times, for {line}, in {group_of(title, place)}"


def split_by(title: str) -> str:
    """A split, for those who hear that it can be removed."""
    return f"the split by {title.lower()}"


def to_split(title: str) -> str:
    """Where a group is added, for those who only hear the button."""
    return f" to {title.lower()}"


def shown_name(name: Any, place: int) -> str:
    """A group's name, also while there is none.

    >>> shown_name("Mobile", 0), shown_name("", 1)
    ('Mobile', 'Group 2')
    """
    return str(name).strip() or f"Group {place + 1}"


def rest(share: Any) -> str:
    """What is left for the last group.

    >>> rest(0.4), rest(0.333), rest(-0.1), rest(None)
    ('40%', '33.3%', '0%', '')
    """
    return f"{compact(round(100 * max(share, 0), 4))}%" if isinstance(share, int | float) else ""


def by_line_now(multipliers: list[list[Any]]) -> str:
    """What the closed row of multipliers by line says.

    >>> by_line_now([[], []]), by_line_now([[], [1.0, 2.0]])
    ('all times 1', 'some differ')
    """
    return _BY_LINE_ON if any(multipliers) else ALL_ONE


def nothing_left(name: Any, place: int, share: float) -> str:
    """The groups before take everything.

    >>> nothing_left("Loyal customers", 1, -0.1)
    'The others take 110%; nothing is left for "Loyal customers". Make one of them smaller.'
    """
    taken = compact(round(100 * (1 - share), 4))
    return f'The others take {taken}%; nothing is left for "{shown_name(name, place)}". Make one of them smaller.'


def splits(groups: dict[str, int]) -> str:
    """How recipients are split, in a few words; nothing when they are alike.

    >>> splits({"audience": 2}), splits({"time_of_day": 3}), splits({"audience": 2, "device": 8}), splits({})
    ('two audiences', 'three times of day', '16 segments', '')
    >>> splits({"device": 1})
    ''
    """
    split = {name: number for name, number in groups.items() if number > 1}
    if not split:
        return ""
    if len(split) == 1:
        return " ".join(f"{number_word(number)} {_KINDS[name]}" for name, number in split.items())
    return f"{number_word(math.prod(split.values()))} segments"
