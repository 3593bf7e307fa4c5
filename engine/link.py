"""A scenario as a token for a URL, and back: versioned, and small whatever somebody sends."""

import base64
import binascii
import json
import zlib
from typing import Any

from engine.errors import LinkError, ScenarioError
from engine.scenario import Scenario

LINK_VERSION = "1"
MOST_TOKEN = 7_000
"""Characters; servers and mail programs cut or refuse longer addresses."""
MOST_UNPACKED = 65_536
"""Bytes of JSON; a small token can unpack to gigabytes."""

_DAMAGED = "link: got a damaged token; the whole link and nothing else is needed. Copy it again."


def to_link(scenario: Scenario) -> str:
    """Return a token of URL-safe characters that holds the whole scenario.

    Raises:
        LinkError: the scenario's names are too long for an address.

    >>> arms = [{"name": "A", "rate": 0.1}, {"name": "B"}]
    >>> s = Scenario.from_dict({"arms": arms, "policies": [{"name": "ab_split"}]})
    >>> from_link(to_link(s)) == s
    True
    """
    packed = json.dumps(scenario.essentials(), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    token = LINK_VERSION + base64.urlsafe_b64encode(zlib.compress(packed, 9)).decode().rstrip("=")
    if len(token) > MOST_TOKEN:
        raise LinkError(
            f"link: got {len(token):,} characters; at most {MOST_TOKEN:,} fit in an address. Shorten the lines' names."
        )
    return token


def from_link(token: Any) -> Scenario:
    """Return the scenario in a token.

    Raises:
        LinkError: the token is damaged, too large, of another version, or holds no valid scenario.
    """
    if not isinstance(token, str) or not token:
        raise LinkError("link: got nothing; a token as made by this version. Copy the whole link again.")
    if len(token) > MOST_TOKEN:
        raise LinkError(f"link: got {len(token):,} characters; at most {MOST_TOKEN:,}. Copy the link again.")
    if token[0] != LINK_VERSION:
        raise LinkError(f"link: got version {token[0]!r}; this is version {LINK_VERSION}. Ask for a new link.")
    try:
        return Scenario.from_dict(_unpack(token[1:]))
    except ScenarioError as error:
        raise LinkError(f"link: its scenario is not valid: {error}") from error


def _unpack(text: str) -> Any:
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        if base64.urlsafe_b64encode(packed).decode().rstrip("=") != text:
            raise LinkError(_DAMAGED)  # decoding looks over stray bits at the end
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(packed, MOST_UNPACKED)
        if unpacking.unconsumed_tail or not unpacking.eof:
            raise LinkError(
                f"link: got a token that unpacks to more than {MOST_UNPACKED:,} bytes or is cut short. "
                "Copy the link again."
            )
        if unpacking.unused_data:
            raise LinkError(_DAMAGED)
        return json.loads(content)
    except (
        ValueError,
        binascii.Error,
        zlib.error,
        RecursionError,
    ):  # bad base64, JSON, UTF-8 and integers are ValueErrors
        raise LinkError(_DAMAGED) from None
