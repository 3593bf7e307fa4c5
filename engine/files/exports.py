"""What leaves in files: no cell of it may run as a formula."""

from typing import Final

_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def neutralised(text: str) -> str:
    """Return a text that spreadsheets show instead of running it: an apostrophe before what begins like a formula.

    Source: OWASP, CSV injection.

    >>> neutralised("=cmd()"), neutralised("Plain")
    ("'=cmd()", 'Plain')
    """
    return f"'{text}" if text.startswith(_STARTS) else text
