"""The words of the replay: the stage, its transport, and the charts that move with it."""

from typing import Any, Final

BEST_NOW: Final = "best now"

SCRIPT: Final[dict[str, Any]] = {
    "title": "Watch the {count} policies race on the same recipients",
    "counts": ["no", "one", "two", "three", "four", "five", "six", "seven", "eight"],
    "start": "Before the first send, all policies are level.",
    "ahead": "After {sends} sends {leader} is **{extra}** {conversions} ahead.",
    "ahead_of": "After {sends} sends {leader} leads: **{extra}** {conversions} ahead of {baseline}.",
    "level": "After {sends} sends {leader} is **level with** {baseline}.",
    "behind": "After {sends} sends {leader} is behind {baseline}: **{extra}** {conversions}.",
    "conversion_words": ["conversion", "conversions"],
    "play": "Play",
    "pause": "Pause",
    "keys": {"play": "space", "back": "left arrow", "forward": "right arrow", "end": "End"},
    "position": "{sends} of {total} sends",
    "recipients": "Recipients {first} to {last}",
    "recipients_none": "Recipients",
    "legend": ("Filled: converted. Ticks: only one policy converted them ({more} {challenger}, {fewer} {baseline})"),
    "legend_pair": (
        "Filled: converted. Ticks: only one of {challenger} and {baseline} converted them ({more} and {fewer})"
    ),
    "conversions": "**{number}** conversions",
    "conversion": "**{number}** conversion",
    "others": "{count} other lines",
    "bars": "Pale: share of sends. Solid: the part that converted.",
    "bars_others": (
        "Pale: share of sends. Solid: the part that converted. The last row adds up the {count} lines sent least."
    ),
    "conversions_summary": "After {sends} of {total} sends: {list}.",
    "conversions_item": "{policy} {number} conversions",
    "regret_item": "{policy} {number} missed, {realised} as it turned out",
    "dynamics_item": "{policy} gave the best line {share} of the sends",
    "queue": "**{waiting}** sent, answer not yet known; **{known}** of **{all}** conversions are in",
    "best_now": "Best line now: **{letter}** {name}, true rate {rate}. Its letter is ringed.",
    "absent": " Not there now, letter faded: {letters}.",
    "dynamics_item_moving": "{policy} gave {share} of its sends to the line that was best at the time",
    "best_label": BEST_NOW,
    "and": "; ",
    "dynamics_deck": ("Observed rate by share of sends, with 90% intervals. {truth} {marks}. {many}{edge}"),
    "dynamics_deck_short": "{truth} {marks}. {many}{edge}",
    "dynamics_truth": "Dotted: the true rate.",
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
CONVERSIONS_TITLE: Final = "Conversions so far"
CONVERSIONS_DECK: Final = "All lines together. Pale: still to come."
REGRET_TITLE: Final = "Conversions missed by not sending the best line (regret)"
DYNAMICS_TITLE: Final = "More traffic, a surer rate"
DYNAMICS_DECK: Final = "Observed rate by share of sends, with 90% intervals. Dotted: the true rate."
KEYS_HINT: Final = "Keys: space plays, ← → step, shift for ten, Home and End jump."

BACK: Final = "Step back"
FORWARD: Final = "Step forward"
END: Final = "Jump to the end"
REPLAY: Final = "Replay"
SPEED: Final = "Speed"
SENDS: Final = "sends"


def regret_deck(*, moves: bool, below_zero: bool) -> str:
    """What the lines of regret are; `moves`: the best line is not the same at every moment.

    >>> regret_deck(moves=True, below_zero=False)
    'Against the line that was best at each moment. Solid: expected. Dotted: as it turned out for these recipients.'
    """
    against = "Against the line that was best at each moment. " if moves else ""
    luck = " Below zero, luck did better than the best line would have." if below_zero else ""
    return f"{against}Solid: expected. Dotted: as it turned out for these recipients.{luck}"


DYNAMICS_AXIS: Final = "share of sends given to the line (square-root scale)"
TRUE_RATE: Final = "true rate"
TRUE_RATE_NOW: Final = "true rate now"
FRESH_RATE: Final = "when fresh"
