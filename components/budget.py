"""What a visitor may ask for in work: whoever is about to have something simulated takes it from there."""

from typing import Final, Protocol

from flask import current_app, has_request_context

BUDGET: Final = "work-budget"
"""Under this name the server keeps what knows of it."""


class Budget(Protocol):
    """What visitors may ask for."""

    def charge(self, seconds: float) -> None:
        """Take core-seconds from it; raises BusyError, with what would fit, where they are not left."""


def charge(seconds: float) -> None:
    """Take core-seconds from what the visitor of this request may ask for.

    Raises:
        BusyError: so many are not left; says what would fit, and when to come again.
    """
    known: Budget | None = current_app.extensions.get(BUDGET) if has_request_context() else None
    if known is not None:
        known.charge(seconds)
