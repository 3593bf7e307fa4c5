"""The words of a first visit: the tour, the story for a room, and the scenarios to start from as cards."""

from typing import Any, Final

from components.formats import count, number_word
from components.wording import Contender, Emphasis, Words
from components.wording_goals import CONVERSIONS, Goal

# The tour

INVITE_LABEL: Final = "A short tour"
INVITE: Final = "New here? Five short steps show what this page says."
TAKE_TOUR: Final = "Take the tour"
NO_TOUR: Final = "Not now, and do not ask again"

TOUR: Final[dict[str, Any]] = {
    "steps": [
        {
            "at": "verdict",
            "title": "The answer comes first",
            "text": (
                "One sentence says what another way of sending would have changed for the very same recipients. Below it: "
                "whether that was luck."
            ),
        },
        {
            "at": "scenario",
            "title": "This is the campaign",
            "text": (
                "Choose a ready-made campaign, or type your own subject lines, their rates and how many you send. The page "
                "follows, and so does its address."
            ),
        },
        {
            "at": "replay",
            "title": "Watch it happen",
            "text": "Press play: each way of sending meets the same people in the same order, one e-mail after the other.",
        },
        {
            "at": "chart",
            "title": "See where the lead comes from",
            "text": (
                "The left chart counts conversions, the right one what was missed by not sending the best line. Pale lines "
                "are still to come."
            ),
        },
        {
            "at": "pages",
            "title": "Then ask the next question",
            "text": (
                "The other pages take this campaign along: compare more ways of sending over many campaigns, put them under "
                "stress, bring a campaign of your own."
            ),
        },
    ],
    "at": "Step {step} of {steps}",
    "back": "Back",
    "next": "Next",
    "done": "Done",
    "skip": "Skip the tour",
}
"""Words for the script: {name} is filled in; `at` names what a step points at."""

# The story

PRESENT: Final = "Present"
PRESENT_TO_A_ROOM: Final = "Present it to a room"
STORY: Final[dict[str, str]] = {
    "label": "Presentation",
    "at": "{step} of {steps}",
    "back": "Back",
    "next": "Next",
    "full": "Full screen",
    "leave": "End",
    "keys": "Arrow keys turn the pages, Escape ends.",
}
"""Words for the script: {name} is filled in."""
EVEN_SPLIT: Final = "An even split"
AS_IT_WAS: Final = "As it was sent"
LEARN: Final = "Watch it learn"
CHANGED: Final = "What it changed"
COST: Final = "What was missed"
NEXT: Final = "What would I do next?"
COMPARE_MORE: Final = "Compare more policies"
PLAN_SENDS: Final = "Plan the next campaign"
_PAIR: Final = 2


def even_split(baseline: Contender, lines: int, sends: int, total: float, goal: Goal = CONVERSIONS) -> Words:
    """What the baseline did.

    >>> from components.wording import plain
    >>> plain(even_split(Contender("A/B split", 0, is_even_split=True), 5, 10_000, 3_894))
    'All five lines got the same share of 10,000 recipients, good or bad: 3,894 conversions.'
    >>> plain(even_split(Contender("Softmax", 1), 5, 10_000, 3_894))
    'Softmax wrote to 10,000 recipients: 3,894 conversions.'
    """
    all_lines = "Both lines" if lines == _PAIR else f"All {number_word(lines)} lines"
    amount = Emphasis(goal.amount(goal.number(total)), baseline.place)
    if baseline.is_even_split:
        return [
            f"{all_lines} got the same share of {count(sends)} recipients, good or bad: ",
            amount,
            ".",
        ]
    return [Emphasis(baseline.label, baseline.place), f" wrote to {count(sends)} recipients: ", amount, "."]


def missed(baseline: Contender, challenger: Contender, amounts: tuple[float, float], goal: Goal = CONVERSIONS) -> Words:
    """The regret of two policies.

    >>> from components.wording import plain
    >>> plain(missed(Contender("A/B split", 0, is_even_split=True), Contender("ε-greedy", 1), (1430.0, 167.2)))
    'By not always sending the best line, an even split missed 1,430 conversions, ε-greedy 167.'
    """
    first, second = amounts
    return [
        f"By not always sending the best line, {baseline.noun} missed ",
        Emphasis(goal.amount(goal.number(first)), baseline.place),
        f", {challenger.noun} ",
        Emphasis(goal.number(second), challenger.place),
        ".",
    ]


# The scenarios to start from, as cards

BROWSE: Final = "Browse"
GALLERY_TITLE: Final = "Campaigns to start from"
GALLERY_TEXT: Final = "Each shows something else. Choose one, then change whatever you like."
GALLERY_WAITS: Final = "Fetching the campaigns."
CLOSE: Final = "Close"
OPEN_HERE: Final = "Open here"
SPECIAL: Final = "Special"
LINES: Final = "Lines"
SENDS: Final = "Sends"
POLICIES: Final = "Policies"
BEST_SEEN: Final[dict[str, tuple[str, str]]] = {
    "classic": ("/", "the race shows how early the best line is found"),
    "real_campaign": ("/compare", "many campaigns say what was luck"),
    "small_differences": ("/compare", "one campaign is too close to call"),
    "nothing_to_find": ("/compare", "it counts how often a false winner is crowned"),
    "late_conversions": ("/", "the race counts the answers that are still on their way"),
    "changing_season": ("/", "the race marks the line that is best at the moment"),
    "wrong_season": ("/", "the verdict says why the test was misled"),
    "different_audiences": ("/", "the table of audiences shows who got which line"),
    "simpsons_paradox": ("/", "the table of devices shows what the totals hide"),
    "orders_or_money": ("/compare", "money is noisy, and many campaigns show what it brings"),
    "whose_conversion": ("/", "the credit table sets the rules side by side"),
    "guardrails_on": ("/stress", "each guardrail has its price beside it"),
}
"""For each scenario the page that shows it best, and why there."""


def best_seen(page: str, why: str) -> str:
    """Why a page shows a scenario best.

    >>> best_seen("Compare", "many campaigns say what was luck")
    'Compare shows it best: many campaigns say what was luck.'
    """
    return f"{page} shows it best: {why}."


# Saved scenarios

SAVED_OPENER: Final = "Saved"
SAVED: Final[dict[str, str]] = {
    "title": "Saved scenarios",
    "text": "They are kept in this browser alone. A file or a link takes them elsewhere.",
    "close": "Close",
    "name": "Name",
    "save": "Save this scenario",
    "none": "Nothing is saved yet.",
    "saved": "Saved as “{name}”.",
    "kept": "Saved on {day}",
    "no_name": "Give it a name first.",
    "nothing_here": "This page shows no scenario that could be saved.",
    "refused": (
        "This browser keeps nothing for this page, or has no room left. Allow it to store site data, or copy the link instead."
    ),
    "open": "Open",
    "open_named": "Open “{name}”",
    "rename": "Rename",
    "rename_named": "Rename “{name}”",
    "new_name": "New name of “{name}”",
    "keep": "Keep",
    "cancel": "Cancel",
    "renamed": "Renamed to “{name}”.",
    "delete": "Delete",
    "delete_named": "Delete “{name}”",
    "deleted": "Deleted “{name}”.",
    "undo": "Undo",
    "back_again": "“{name}” is back.",
    "gone_elsewhere": "“{name}” was deleted in another tab.",
    "choose": "Compare “{name}”",
    "compare": "Compare the two chosen",
    "choose_two": "Choose two to see them side by side.",
    "export": "Export to a file",
    "import": "Import a file",
    "imported": "{count} came in.",
    "imported_some": "{count} came in; {skipped} were left out, because they are here already or hold no link.",
    "not_ours": "This file holds no saved scenarios. Choose one that was exported here.",
    "file": "saved-scenarios.json",
    "another": "{name} ({number})",
}
"""Words for the script: {name} is filled in."""
NOT_VALID_TO_SAVE: Final = "Correct what is marked in the scenario first; then it can be saved."


def default_name(title: str, sends: int) -> str:
    """What a scenario is called until somebody says otherwise.

    >>> default_name("Classic", 10_000)
    'Classic, 10,000 sends'
    """
    return f"{title}, {count(sends)} sends"
