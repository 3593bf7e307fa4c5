"""Bytes to text, whatever program wrote them; what is no text is refused by name."""

import codecs
from typing import Final

from engine.errors import DataError

MOST_BYTES: Final = 20_000_000
_WORKBOOK: Final = b"PK\x03\x04"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_PAGES: Final = ("<!doctype", "<html", "<table", "<?xml")
_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CONTROLS: Final = frozenset(map(chr, (*range(9), 11, 12, *range(14, 32), 127)))


def text_of(content: bytes, filename: str) -> str:
    r"""Return the text of a file, in UTF-8, UTF-16 with its mark, or else Windows' Western encoding.

    Raises:
        DataError: nothing, too much, a workbook, a web page, or no text at all.

    >>> text_of("Größe;1".encode("cp1252"), "a.csv"), text_of(b"\xef\xbb\xbfA,1", "a.csv")
    ('Größe;1', 'A,1')
    """
    if len(content) > MOST_BYTES:
        raise DataError(
            f"{filename}: got {len(content) / 1e6:.1f} MB; at most {MOST_BYTES / 1e6:.0f} MB are read. Leave out columns, or "
            "sum the rows by variant."
        )
    if content.startswith((_WORKBOOK, _OLD_WORKBOOK)):
        raise DataError(f"{filename}: got a workbook; CSV and TSV are read. Save its sheet as CSV.")
    text = _decoded(content, filename)
    if not text.strip():
        raise DataError(f"{filename}: got an empty file. Export it again, with its header.")
    if text.lstrip().lower().startswith(_PAGES):
        raise DataError(f"{filename}: got a web page, not a table. Export the data as CSV instead of saving the page.")
    if any(letter in _CONTROLS for letter in text[:10_000]):
        raise DataError(f"{filename}: got something that is no text. Export the data as CSV.")
    return text


def _decoded(content: bytes, filename: str) -> str:
    encoding = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise DataError(f"{filename}: got a file that breaks off within a letter. Export it again.") from None
    return content.decode("cp1252", errors="replace")
