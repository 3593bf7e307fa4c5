"""Bytes to lines of text, whatever program wrote them; what is no text is refused by name."""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.errors import DataError
from engine.files.shown import shown

MOST_BYTES: Final = 20_000_000
_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_PAGE: Final = re.compile(
    r"\s*<(?:!--|(?:!doctype|\?xml|html|head|body|meta|title|table|div|script|style|p|br|tr)\b)", re.IGNORECASE
)
_PDF: Final = b"%PDF"
_JUNK: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_LONGEST_LETTER: Final = 4
"""Bytes."""
_LOOKED_AT: Final = 10_000
"""Characters; junk shows at once, and one odd letter further down is for its own cell to tell."""


@dataclass(frozen=True)
class Text:
    """A file that holds text; its lines may be walked through again and again, without a second copy of it all."""

    content: bytes
    encoding: str

    def lines(self) -> Iterator[str]:
        """Yield the lines, with their ends."""
        return io.TextIOWrapper(io.BytesIO(self.content), self.encoding, errors="replace", newline="")


def refuse_size(size: int, filename: str) -> None:
    """Refuse nothing, and too much.

    Raises:
        DataError: so many bytes are none, or more than are read.
    """
    if not size:
        raise DataError(f"{shown(filename)}: got an empty file. Export it again, with its header.")
    if size > MOST_BYTES:
        raise DataError(
            f"{shown(filename)}: got {size / 1e6:.1f} MB; at most {MOST_BYTES / 1e6:.0f} MB are read. "
            "Leave out columns, or sum the rows by variant."
        )


def text_of(content: bytes, filename: str) -> Text:
    r"""Return the text of a file, in UTF-8, UTF-16, or else Windows' Western encoding.

    Raises:
        DataError: nothing but blanks, a web page, a PDF, or no text at all.

    >>> "".join(text_of("Größe;1".encode("cp1252"), "a.csv").lines()), next(text_of(b"\xef\xbb\xbfA,1", "a.csv").lines())
    ('Größe;1', 'A,1')
    """
    if content.startswith(_PDF):
        raise DataError(f"{shown(filename)}: got a PDF, not a table. Export the data as CSV or XLSX.")
    text = Text(content, _encoding(content, filename))
    start = io.TextIOWrapper(io.BytesIO(content), text.encoding, errors="replace").read(_LOOKED_AT)
    if not start.strip() and not any(line.strip() for line in text.lines()):
        raise DataError(f"{shown(filename)}: got an empty file. Export it again, with its header.")
    if _PAGE.match(start):
        raise DataError(
            f"{shown(filename)}: got a web page, not a table. Export the data as CSV instead of saving the page."
        )
    if _JUNK.search(start):
        raise DataError(f"{shown(filename)}: got something that is no text. Export the data as CSV or XLSX.")
    return text


def _encoding(content: bytes, filename: str) -> str:
    encoding = next((name for mark, name in _MARKS.items() if content.startswith(mark)), _without_mark(content))
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        was_fine = error.start >= len(content) - _LONGEST_LETTER and not content[: error.start].isascii()
        if was_fine or encoding.startswith("utf-16"):
            raise DataError(
                f"{shown(filename)}: got a file that breaks off within a letter. Export it again."
            ) from None
        return "cp1252"
    return encoding


def _without_mark(content: bytes) -> str:
    """Western text in UTF-16 has a zero in every other byte."""
    start = content[:200]
    if len(start) >= 8 and not len(content) % 2:  # noqa: PLR2004  # fewer bytes tell nothing
        for name, zeros, letters in (("utf-16-le", start[1::2], start[::2]), ("utf-16-be", start[::2], start[1::2])):
            if not any(zeros) and all(letters):
                return name
    return "utf-8"
