"""The words for a campaign that is over before its replies are in."""

from components.wording import Notice
from components.wording_worlds import duration
from engine.pace import ENOUGH, TooFast


def too_fast(found: TooFast) -> Notice:
    """What is wrong with the pace, and the button that mends it.

    >>> from engine.pace import TooFast
    >>> note = too_fast(TooFast(lasts=0.33, replies=4.0, better=12, sends_per_hour=800))
    >>> note.title
    'Your send ends after 20 minutes, before 80% of replies are in (4 hours)'
    >>> note.text, note.actions
    ('No policy can learn in time: pace it over 12 hours.', ('Pace it over 12 hours',))
    """
    better = duration(found.better)
    return Notice(
        f"Your send ends after {duration(found.lasts)}, before {ENOUGH:.0%} of replies are in ({duration(found.replies)})",
        f"No policy can learn in time: pace it over {better}.",
        (f"Pace it over {better}",),
    )
