"""What is always the same is compressed once: Flask-Compress asks here before it works."""

from typing import Final

from flask import Request

SAME: Final = ("/assets/", "/_dash-component-suites/")
"""Files: what lies at a path below these does not change while the program runs, whatever stands in the query."""


class PackedOnce:
    """Compressed files by coding and path; as many as there are files."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """Return what was kept."""
        return self._known.get(key)

    def set(self, key: str, content: bytes) -> None:
        """Keep a file; an answer has no name, and is not kept."""
        if not key.endswith(";"):
            self._known[key] = content


def name_of(request: Request) -> str:
    """Return the name of a file, and none for an answer.

    >>> from werkzeug.test import EnvironBuilder
    >>> [name_of(Request(EnvironBuilder(path).get_environ())) for path in ("/assets/js/all.js?m=1", "/compare")]
    ['/assets/js/all.js', '']
    """
    return request.path if request.path.startswith(SAME) else ""
