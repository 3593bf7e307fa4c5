"""The words of the replay: the stage, its transport, and the charts that move with it."""

from typing import Any, Final

from components.wording_goals import Goal

BEST_NOW: Final = "best now"

SCRIPT: Final[dict[str, Any]] = {
    "title": "Watch the {count} policies race on the same recipients",
    "counts": ["no", "one", "two", "three", "four", "five", "six", "seven", "eight"],
    "start": "Before the first send, all policies are level.",
    "ahead": "After {sends} sends {leader} is **{extra}** {unit} ahead.",
    "ahead_of": "After {sends} sends {leader} leads: **{extra}** {unit} ahead of {baseline}.",
    "level": "After {sends} sends {leader} is **level with** {baseline}.",
    "behind": "After {sends} sends {leader} is behind {baseline}: **{extra}** {unit}.",
    "units": {
        "conversions": ["conversion", "conversions"],
        "revenue": ["of revenue", "of revenue"],
        "net_value": ["of net value", "of net value"],
    },
    "play": "Play",
    "pause": "Pause",
    "keys": {"play": "space", "back": "left arrow", "forward": "right arrow", "end": "End"},
    "position": "{sends} of {total} sends",
    "recipients": "Recipients {first} to {last}",
    "recipients_none": "Recipients",
    "legend": (
        "Filled: converted.{gaps} Ticks: only one policy converted them ({more} {challenger}, {fewer} {baseline})"
    ),
    "legend_pair": (
        "Filled: converted.{gaps} Ticks: only one of {challenger} and {baseline} converted them ({more} and {fewer})"
    ),
    "gaps": " Gaps: got no e-mail.",
    "gained": "**{number}** {unit}",
    "others": "{count} other lines",
    "bars": "Pale: share of sends. Solid: the part that converted.",
    "bars_others": (
        "Pale: share of sends. Solid: the part that converted. The last row adds up the {count} lines sent least."
    ),
    "conversions_summary": "After {sends} of {total} sends: {list}.",
    "conversions_item": "{policy} {number} {unit}",
    "regret_item": "{policy} {number} missed, {realised} as it turned out",
    "dynamics_item": "{policy} gave the best line {share} of the sends",
    "queue": "**{waiting}** sent, answer not yet known; **{known}** of **{all}** conversions are in",
    "best_now": "Best line now: **{letter}** {name}, true rate {rate}. Its letter is ringed.",
    "absent": " Not there now, letter faded: {letters}.",
    "dynamics_item_moving": "{policy} gave {share} of its sends to the line that was best then for the recipient",
    "best_label": BEST_NOW,
    "and": "; ",
    "dynamics_deck": ("Observed rate by share of sends, with 90% intervals. {truth} {marks}. {many}{edge}"),
    "dynamics_deck_short": "{truth} {marks}. {many}{edge}",
    "dynamics_truth": "Dotted: the true rate.",
    "dynamics_truth_all": "Dotted: the true rate over all recipients; who gets the right people sees a higher one.",
    "dynamics_truth_now": "Dotted: the true rate now, which moves with the replay.",
    "dynamics_truth_fresh": "Dotted: the true rate of a fresh line, before its sends wear it out.",
    "dynamics_mark": "{shape}: {policy}",
    "dynamics_many": "Letters and intervals only for the lines sent most.",
    "dynamics_edge": " Early rates off the scale wait at its edge.",
    "shapes": {
        "square": "Square",
        "circle": "Circle",
        "triangle-up": "Triangle",
        "diamond": "Diamond",
        "plus": "Plus",
        "triangle-down": "Triangle pointing down",
        "pentagon": "Pentagon",
        "hexagon": "Hexagon",
        "oracle": "Ring",
    },
    "scrub": "Position in the campaign",
}
"""Words for the script: {name} is filled in, **...** is set in bold."""

TITLE: Final = "Watch the policies race on the same recipients"
WAITING: Final = "The race appears as soon as it has been run."
CONVERSIONS_TITLE: Final = "So far"
CONVERSIONS_DECK: Final = "All lines together. Pale: still to come."
REGRET_TITLE: Final = "Missed by not sending the best line (regret)"
DYNAMICS_TITLE: Final = "More traffic, a surer rate"
DYNAMICS_DECK: Final = "Observed rate by share of sends, with 90% intervals. Dotted: the true rate."
KEYS_HINT: Final = "Keys: space plays, ← → step, shift for ten, Home and End jump."

BACK: Final = "Step back"
FORWARD: Final = "Step forward"
END: Final = "Jump to the end"
REPLAY: Final = "Replay"
SPEED: Final = "Speed"
SENDS: Final = "sends"


def so_far(goal: Goal) -> str:
    """The heading of the race.

    >>> from components.wording_goals import CONVERSIONS
    >>> so_far(CONVERSIONS)
    'Conversions so far'
    """
    return f"{goal.unit.capitalize()} so far"


def regret_title(goal: Goal) -> str:
    """The heading of what was missed.

    >>> from components.wording_goals import CONVERSIONS
    >>> regret_title(CONVERSIONS)
    'Conversions missed by not sending the best line (regret)'
    """
    return f"{goal.unit.capitalize()} missed by not sending the best line (regret)"


def regret_deck(*, moves: bool, below_zero: bool, segmented: bool = False) -> str:
    """What the lines of regret are; `moves`: the best line is not the same at every moment.

    >>> regret_deck(moves=True, below_zero=False)
    'Against the line that was best at each moment. Solid: expected. Dotted: as it turned out for these recipients.'
    """
    whom = "for each recipient" if segmented else ""
    best = " ".join(filter(None, [whom, "at each moment" if moves else ""]))
    against = f"Against the line that was best {best}. " if best else ""
    luck = " Below zero, luck did better than the best line would have." if below_zero else ""
    return f"{against}Solid: expected. Dotted: as it turned out for these recipients.{luck}"


DYNAMICS_AXIS: Final = "share of sends given to the line (square-root scale)"
TRUE_RATE: Final = "true rate"
TRUE_RATE_NOW: Final = "true rate now"
FRESH_RATE: Final = "when fresh"
