"""The words for what moves or comes late: rates that change along a campaign, lines that join and leave, late conversions."""

from collections.abc import Sequence
from typing import Final

from components.formats import count, listing, percent

TO_BEST_THEN: Final = "went to the line that was best at the time"
MEAN_RATE: Final = "Mean true rate"
MEAN_RATE_SHORT: Final = "True, mean"
RATE_AT_END: Final = "At the end"
FRESH_RATE: Final = "True rate when fresh"
FRESH_RATE_SHORT: Final = "Fresh"
BEST_AT_END: Final = "best at the end"
BEST_WHEN_FRESH: Final = "best when fresh"
HAS_LEFT: Final = "has left"


def followed_title(label: str, share: float) -> str:
    """The finding about traffic where the best line is not the same throughout.

    >>> followed_title("ε-greedy", 0.618)
    'ε-greedy sent 62% to the line that was best at the time'
    """
    return f"{label} sent {percent(share, 0)} to the line that was best at the time"


def too_late(lost: Sequence[tuple[str, int]]) -> str:
    """The small print on conversions after their window: a policy's label and how many, for each that lost any.

    >>> too_late([("A/B split", 1204), ("ε-greedy", 1)])
    'Came too late to count: 1,204 conversions under A/B split and 1 conversion under ε-greedy.'
    """
    parts = [f"{count(number)} conversion{'' if number == 1 else 's'} under {label}" for label, number in lost]
    return f"Came too late to count: {listing(parts)}."
