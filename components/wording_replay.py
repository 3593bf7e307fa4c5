"""The words of the replay: the stage, its transport, and the charts that move with it."""

from typing import Any, Final

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
    "and": "; ",
    "dynamics_deck": (
        "Observed rate by share of sends, with 90% intervals. Dotted: the true rate. {marks}. {many}{edge}"
    ),
    "dynamics_deck_short": "Dotted: the true rate. {marks}. {many}{edge}",
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

REGRET_DECK: Final = "Solid: expected. Dotted: as it turned out for these recipients."
REGRET_DECK_NEGATIVE: Final = f"{REGRET_DECK} Below zero, luck did better than the best line would have."

DYNAMICS_AXIS: Final = "share of sends given to the line (square-root scale)"
TRUE_RATE: Final = "true rate"
