"""Bodies that are refused are read to their end all the same: a client that is cut off does not hear why."""

import contextlib
import time
from typing import Final

from flask import request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import RequestEntityTooLarge

MOST_UNREAD: Final = 40_000_000
"""Bytes of a body that is refused; what is larger is cut off."""
_PATIENCE_SECONDS: Final = 20.0
_BLOCK: Final = 1 << 16


def read_to_the_end() -> None:
    """Let a client finish what it sends, within reason."""
    request.max_content_length = MOST_UNREAD
    left, until = MOST_UNREAD, time.monotonic() + _PATIENCE_SECONDS
    with contextlib.suppress(OSError, ParseException, RequestEntityTooLarge):
        while left > 0 and time.monotonic() < until and (block := request.stream.read(_BLOCK)):
            left -= len(block)
