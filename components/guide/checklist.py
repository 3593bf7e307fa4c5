"""The deployment checklist: what to have done before, during and after; ticks stay in the visitor's browser."""

from dataclasses import dataclass
from typing import Final

from components.guide.backing import Figure, Item, Read, Seen


@dataclass(frozen=True)
class Part:
    """A part of the checklist; each item's number in it is what a tick is kept by."""

    slug: str
    title: str
    items: tuple[Item, ...]


CHECKLIST: Final = (
    Part(
        "before",
        "Before the first send",
        (
            Item(
                "The goal is written down",
                "One measure, its unit, and how long after a send it counts.",
                (Seen("money"),),
            ),
            Item(
                "Lines are reviewed",
                "Each line may be sent to everybody, for any of them may get most of the traffic.",
                (Figure("traffic"),),
            ),
            Item(
                "The policy was compared",
                "On rates like yours, with its interval against the even split.",
                (Figure("leaderboard"),),
            ),
            Item(
                "It was stressed",
                "Drift, late replies, a season: you know which of them it does not survive.",
                (Figure("stress-table"),),
            ),
            Item(
                "Guardrails are set, and their price is accepted",
                "Minimum share, burn-in, maximum share, pause rule.",
                (Figure("price-list"),),
            ),
            Item("A holdout is set aside", "5 to 10%, drawn at random, from the first send on.", (Seen("holdout"),)),
            Item(
                "The send is slow enough",
                "Most replies arrive while there is still something left to send.",
                (Seen("late"),),
            ),
        ),
    ),
    Part(
        "systems",
        "Systems",
        (
            Item(
                "Chances are logged with every send",
                "Recipient, time, segment, line, chance of each line, who decided, version.",
                (Figure("decision-log"), Read("agarwal-2016")),
            ),
            Item(
                "A repeat gives the same decisions",
                "Same seed, same digest; tried once on the real system.",
                (Seen("audit"),),
            ),
            Item(
                "Conversions find their send",
                "Each arrives with an identity that leads back to the decision, once.",
                (Seen("credit"),),
            ),
            Item(
                "There is a way back",
                "One switch to the even split, and somebody who may press it.",
                (Read("sculley-2015"),),
            ),
        ),
    ),
    Part(
        "during",
        "While it runs",
        (
            Item(
                "The sample ratio is checked daily",
                "Lines were sent as often as their chances say.",
                (Read("fabijan-2019"),),
            ),
            Item("Drift alarms reach somebody", "And it is written down what happens then.", (Figure("drift"),)),
            Item("Complaints are watched line by line", "With a limit at which a line is paused.", (Seen("pause"),)),
            Item(
                "Nobody stops it by hand because of a lead",
                "Only the stop rule or the calendar does.",
                (Seen("nothing-to-find"),),
            ),
        ),
    ),
    Part(
        "after",
        "Afterwards",
        (
            Item(
                "Uplift is read from the holdout",
                "With its interval, its level and what it was compared with.",
                (Seen("holdout"),),
            ),
            Item(
                "A wrap-up A/B confirmed the winner",
                "Or it is written down why there was none.",
                (Seen("wrong-season"),),
            ),
            Item(
                "The log was checked and kept",
                "Chances add up to one, the digest was compared, files are where the audit finds them.",
                (Seen("audit"),),
            ),
            Item(
                "What was learnt is a prior, not a fact",
                "With a weight below one for the next campaign.",
                (Read("ibrahim-2000"),),
            ),
        ),
    ),
)


def total() -> int:
    """How many items there are."""
    return sum(len(part.items) for part in CHECKLIST)
