"""How much a request may bring, and from where: more is refused before it is read, as is what another site sends."""

from typing import Final
from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import Forbidden, RequestEntityTooLarge

from components import uploads
from components import wording_door as words
from components.unread import MOST_UNREAD, read_to_the_end

MOST_BYTES: Final = 2_000_000
"""Of a body that no route takes for a file. Those of the pages are 10 kB with twenty lines and eight policies."""
_CHANGES_NOTHING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN: Final = frozenset({"same-origin", "none"})


def refuse_large() -> None:
    """Refuse a body above the bound; one whose length is not told is cut off where it is read."""
    # The door for files has a bound of its own, and tells it in its own words: here it is only what may be read away.
    is_file, length = request.path == uploads.PATH, request.content_length or 0
    most = MOST_UNREAD if is_file else MOST_BYTES
    request.max_content_length = most
    if length > most:
        if length <= MOST_UNREAD:
            read_to_the_end()
        raise RequestEntityTooLarge(words.FILE_TOO_LARGE if is_file else None)


def refuse_foreign() -> None:
    """Refuse what a browser sends for another site; programs that are no browsers say nothing of that."""
    if request.method in _CHANGES_NOTHING:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_own = site in _OWN if site else origin is None or urlsplit(origin).netloc == request.host
    if not is_own:
        raise Forbidden
