"""Colour slots: which hue and shape a policy wears, which letter and green an arm wears.

Colours themselves live in ``assets/css/tokens.css``. Figures name them with ``token()``, so that one
figure serves both themes.
"""

from collections.abc import Sequence
from typing import Any, Final

from dash import html

POLICY_SHAPES: Final = (
    "square",
    "circle",
    "triangle-up",
    "diamond",
    "plus",
    "triangle-down",
    "pentagon",
    "hexagon",
)
SLOT_COUNT: Final = len(POLICY_SHAPES)

_EVEN_SPLIT: Final = "ab_split"
_ORACLE: Final = "oracle"
_HOME_SLOTS: Final = {
    "ab_split": 0,
    "epsilon_greedy": 1,
    "epsilon_decay": 1,
    "thompson": 2,
    "top_two_thompson": 2,
    "normal_thompson": 2,
    "ucb1": 3,
    "ucb1_tuned": 3,
    "kl_ucb": 3,
    "softmax": 4,
    "gradient": 4,
    "exp3": 4,
    "test_then_winner": 5,
    "sliding_window_ucb": 6,
    "sliding_window_thompson": 6,
    "discounted_ucb": 6,
    "discounted_thompson": 6,
    "glr_ucb": 7,
    "cusum_ucb": 7,
    "lin_ucb": 7,
    "lin_thompson": 7,
    "segment_thompson": 7,
}


def arm_letter(index: int) -> str:
    """Name an arm by its place as spreadsheets name columns: 0 is A, 25 is Z, 26 is AA."""
    if index < 0:
        raise ValueError(f"index: got {index}; must be 0 or more. Count arms from 0.")
    letters = ""
    remaining = index + 1
    while remaining:
        remaining, letter = divmod(remaining - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def arm_slot(index: int) -> int:
    """Return the green of the arm at this place in the scenario."""
    return index % SLOT_COUNT


def policy_slots(names: Sequence[str]) -> list[int | None]:
    """Give each policy of a scenario its home slot or the next free one; the oracle has none."""
    taken: set[int] = set()
    slots: list[int | None] = []
    for place, name in enumerate(names):
        if name == _ORACLE:
            slots.append(None)
            continue
        # The even split is always slot 0: nobody else may wrap round into it when it is still to come.
        reserved = {0} if name != _EVEN_SPLIT and _EVEN_SPLIT in names[place:] else set()
        slot = _free_slot(_HOME_SLOTS.get(name, SLOT_COUNT - 1), taken | reserved)
        taken.add(slot)
        slots.append(slot)
    return slots


def _free_slot(home: int, taken: set[int]) -> int:
    candidates = ((home + step) % SLOT_COUNT for step in range(SLOT_COUNT))
    return next((slot for slot in candidates if slot not in taken), home)


def policy_mark(slot: int | None) -> html.Span:
    """Draw a policy's small shaped mark; decorative, so the policy's name always stands beside it."""
    name = "mark mark-oracle" if slot is None else f"mark mark-{POLICY_SHAPES[slot]} p{slot}"
    hidden: Any = {"aria-hidden": "true"}
    return html.Span(className=name, **hidden)


def arm_chip(index: int) -> html.Span:
    """Draw an arm's letter on its green."""
    return html.Span(arm_letter(index), className=f"arm-chip a{arm_slot(index)}")


def token(name: str) -> str:
    """Name a colour of ``tokens.css`` inside a figure; the browser resolves it in the current theme.

    An opacity may follow the name: ``token("p1/0.22")``.
    """
    return f"token:{name}"
