"""What somebody reads who is refused, has to wait, or has to sign in."""

from collections.abc import Mapping
from typing import Final

from components.wording import Notice

REFUSALS: Final[Mapping[int, Notice]] = {
    400: Notice("Not understood", "The server did not understand this request. Load the page again."),
    401: Notice("Sign in", "Your session has ended. Sign in again to go on."),
    403: Notice("Not from here", "This request came from another site and was not answered. Open the page itself."),
    404: Notice("Page not found", "Nothing is at this address. Start from the first page."),
    405: Notice("Not possible here", "This address does not take such a request. Start from the first page."),
    413: Notice("Too large", "This is more than the server takes at once. Make the scenario smaller, or load the page again."),
    429: Notice("Too many requests", "Too many requests came from your network. Wait a moment, then go on."),
    500: Notice("Something went wrong", "The server could not answer. Try again in a moment."),
    503: Notice("Not at the moment", "The server cannot do this at the moment. Try again in a moment."),
}  # fmt: skip
OTHER_REFUSAL: Final = Notice("Not possible", "The server cannot answer this request. Start from the first page.")
SMALLEST_SHARE: Final = 0.05
"""Of some work, less than this is not worth asking for."""
TO_FIRST_PAGE: Final = "To the first page"

FILE_TOO_LARGE: Final = "file: got more than the server takes; at most 20 MB are read. Bring fewer rows or columns."
TOO_MANY_FILES: Final = "file: your network has brought many files within the hour. Try again later."
TOO_MANY_ATTEMPTS: Final = "Too many attempts came from your network. Wait a minute, then try again."

OPENS_LATER: Final = "Too many requests came from your network. The page opens by itself within a minute."
BUSY: Final = Notice(
    "Too many requests came from your network.",
    "What you changed is kept. The page goes on by itself in a moment.",
    ("Load the page again",),
)
SIGNED_OUT: Final = Notice(
    "Your session has ended.",
    "Sign in to go on with the last scenario that this page showed.",
    ("Sign in",),
)

SIGN_IN: Final = "Sign in"
SIGN_OUT: Final = "Sign out"
SIGN_IN_LEAD: Final = "This page is open to those who know its password. You stay signed in for 12 hours."
PASSWORD: Final = "Password"  # noqa: S105  # a label
WRONG_PASSWORD: Final = "This is not the password. Check it and type it again."  # noqa: S105  # a sentence
NO_PASSWORD: Final = "Type the password."  # noqa: S105  # a sentence
NO_TOKEN: Final = "These numbers are for those who send the right token."  # noqa: S105  # a sentence


def work_spent(most: float, needed: float, share: float, wait: float) -> str:
    """More work than one address may ask for in an hour: what would fit, and when there is room again.

    >>> print(work_spent(3600, 900, 0.4, 600))
    This takes about 15 minutes of a core, and your address may ask for 60 within an hour.
    Ask for 40% of it now, or try again in 10 minutes.
    """
    fits = f"Ask for {share:.0%} of it now, or try again" if share >= SMALLEST_SHARE else "Try again"
    return (
        f"This takes about {_minutes(needed)} of a core, and your address may ask for {most / 60:,.0f} within an hour. "
        f"{fits} in {_minutes(wait)}."
    )


def _minutes(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    return "1 minute" if minutes == 1 else f"{minutes:,} minutes"
