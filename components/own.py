"""What the visitor of this request brought: a cookie says who that is, and nothing else does."""

import secrets
from typing import Any, Final

from flask import Response, has_request_context, request

from engine import Scenario
from engine.shelf import Brought, Source, shelf

COOKIE: Final = "btm-own"
_LETTERS: Final = 43
_DAYS_SECONDS: Final = 30 * 24 * 60 * 60


def owner() -> str | None:
    """Return the visitor's token; None for those who brought nothing yet."""
    token = request.cookies.get(COOKIE) if has_request_context() else None
    return token if token and len(token) == _LETTERS else None


def new_owner() -> str:
    """Return a token that nobody guesses."""
    return secrets.token_urlsafe(32)


def remember(response: Response, token: str) -> Response:
    """Let the browser bring the token back: to this site alone, and out of the reach of scripts."""
    response.set_cookie(COOKIE, token, max_age=_DAYS_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def brought(place: Any) -> Brought | None:
    """Return the visitor's file at a place, if it is there; pages tell the place, so that it may be anything."""
    return shelf().look(place, owner()) if isinstance(place, str) else None


def scenario_at(place: str) -> Scenario | None:
    """Return the visitor's scenario at a place, if it is there."""
    return shelf().scenario_at(place, owner())


def source_of(scenario: Scenario) -> Source:
    """Return whether something of one of the visitor's files is in a scenario, and that file."""
    return shelf().source_of(scenario, owner())
