"""A workbook to rows of its first sheet; one that would unpack to too much is refused before anything is read."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice, repeat
from typing import IO, TYPE_CHECKING, Any, Final
from xml.parsers.expat import ExpatError, ParserCreate

from engine.errors import DataError
from engine.files.numbers import Exact
from engine.files.shown import quoted, shown
from engine.files.tables import MOST_COLUMNS, MOST_ROWS, Row, Table, table_of

if TYPE_CHECKING:
    from openpyxl import Workbook

WORKBOOK: Final = b"PK\x03\x04"
OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
MOST_UNPACKED: Final = 120_000_000
"""Bytes of all parts together; reading takes some 40 seconds then."""
MOST_OF_A_PART: Final = 5_000_000
"""Bytes of a part that holds no cells, such as the styles."""
MOST_PARTS: Final = 2_000
MOST_AT_ONCE: Final = 2_000_000
"""Bytes of one row or one text: what is held in memory as a tree."""
MOST_STUBS: Final = 3_000_000
"""What stays in memory of rows and texts that were read, in some hundred bytes."""
_OF_A_ROW_WITH_ATTRIBUTES: Final = 3
_ROW: Final = 3
"""The depth at which rows and the content of texts stand."""
_USUAL_ATTRIBUTES: Final = 2
"""Of a row: its number, and what it spans. Others are kept."""
_LOOKED_AT: Final = 50
"""Rows by which the width of the table is judged."""
_BLOCK: Final = 200_000
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError, ExpatError)
_WHOLE: Final = 2.0**53


def workbook_table(content: bytes, filename: str) -> Table:
    """Return the table of a workbook's first sheet that holds any.

    Raises:
        DataError: a file that is no workbook, is damaged, or would unpack to too much.
    """
    _refuse_bombs(content, filename)
    try:
        return _first_table(_Book(content), filename)
    except DataError:
        raise
    except Exception as error:  # a garbled workbook fails anywhere in the library that reads it
        raise _garbled(filename) from error


def _first_table(book: "_Book", filename: str) -> Table:
    names = book.sheets()
    chosen, width = next(((name, width) for name in names if (width := book.width(name))), ("", 0))
    if not width:
        raise DataError(f"{shown(filename)}: got a workbook without cells. Put the table on its first sheet.")
    notes = (f"Of the workbook's {len(names)} sheets {quoted(chosen)} was read.",) if len(names) > 1 else ()
    return table_of(lambda: _told(book, chosen, min(width, MOST_COLUMNS) + 1, filename), filename, notes)


def _garbled(filename: str) -> DataError:
    return DataError(
        f"{shown(filename)}: got a workbook that is damaged or cut short. Open it, save it as XLSX or CSV again, and bring that."
    )


def _refuse_bombs(content: bytes, filename: str) -> None:
    if content.startswith(OLD_WORKBOOK):
        raise DataError(
            f"{shown(filename)}: got a workbook of the old form (XLS), or one with a password. Save it as XLSX or CSV, without one."
        )
    try:
        with_parts = content.count(b"PK\x01\x02") <= MOST_PARTS  # before each of them gets an object
        archive = zipfile.ZipFile(io.BytesIO(content)) if with_parts else None
    except _DAMAGED as error:
        raise _garbled(filename) from error
    if archive is None or sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
        raise _too_much(filename)
    if not any(part.filename == "[Content_Types].xml" for part in archive.infolist()):
        raise DataError(f"{shown(filename)}: got an archive, not a workbook. Unpack it, and bring the file within.")
    stubs = sum(_stubs(archive, part, filename) for part in archive.infolist())
    if stubs > MOST_STUBS:
        raise _too_much(filename)


def _stubs(archive: zipfile.ZipFile, part: zipfile.ZipInfo, filename: str) -> int:
    """Return what would stay in memory of a part.

    Raises:
        DataError: the part is damaged, or much of it would have to be in memory at once.
    """
    if part.file_size <= MOST_AT_ONCE or not part.filename.lower().endswith((".xml", ".rels")):
        return 0
    holds_cells = part.filename.startswith("xl/worksheets/") or part.filename == "xl/sharedStrings.xml"
    if part.file_size > MOST_OF_A_PART and not holds_cells:
        raise _too_much(filename)
    try:
        with archive.open(part) as stream:
            stubs = _walked(stream)
    except _DAMAGED as error:
        raise _garbled(filename) from error
    if stubs is None:
        raise _too_much(filename)
    return stubs


def _walked(stream: IO[bytes]) -> int | None:
    """Return what the library keeps of a part that it reads row by row, or text by text; None where one never ends."""
    parser = ParserCreate()
    depth = stubs = last = 0

    def started(_name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, stubs
        depth += 1
        if depth <= _ROW:
            stubs += 1 if len(attributes) <= _USUAL_ATTRIBUTES else 1 + _OF_A_ROW_WITH_ATTRIBUTES

    def ended(_name: str) -> None:
        nonlocal depth, last
        if depth <= _ROW:
            last = parser.CurrentByteIndex
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = started, ended
    parser.EntityDeclHandler = _refuse_entities
    while block := stream.read(_BLOCK):
        parser.Parse(block, False)  # noqa: FBT003  # takes no names
        if parser.CurrentByteIndex - last > MOST_AT_ONCE:
            return None
    return stubs


def _refuse_entities(*_: object) -> None:
    raise ValueError("entities")


def _too_much(filename: str) -> DataError:
    return DataError(
        f"{shown(filename)}: got a workbook that unpacks to more than is read ({MOST_UNPACKED / 1e6:.0f} MB, or a "
        "million rows). Save the sheet as CSV."
    )


class _Book:
    """A workbook's results, and beside them its formulas where it has any and is small."""

    def __init__(self, content: bytes) -> None:
        self._results = _loaded(content, results=True)
        self._formulas = _loaded(content, results=False) if _has_formulas(content) else None

    def sheets(self) -> list[str]:
        """Return the names of the sheets that can be seen."""
        return [sheet.title for sheet in self._results.worksheets if sheet.sheet_state == "visible"]

    def width(self, name: str) -> int:
        """Return how many columns the first rows have."""
        return max((len(row.cells) for row in islice(self.rows(name, MOST_COLUMNS + 1), _LOOKED_AT)), default=0)

    def rows(self, name: str, width: int) -> Iterator[Row]:
        """Yield the rows of a sheet that hold anything; a formula without a stored result stands for itself."""
        results = _values(self._results, name, width)
        both = zip(
            results, repeat(()) if self._formulas is None else _values(self._formulas, name, width), strict=False
        )
        for number, (values, formulas) in enumerate(both, start=1):
            if values.count(None) == len(values) and formulas.count(None) == len(formulas):
                continue
            texts = [_text(value) for value in values]
            for place, formula in enumerate(formulas):
                texts[place] = texts[place] or _text(formula)
            while texts and not texts[-1]:
                texts.pop()
            if texts:
                yield Row(number, texts)


def _loaded(content: bytes, *, results: bool) -> "Workbook":
    import warnings

    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that do not matter here
        return load_workbook(io.BytesIO(content), read_only=True, data_only=results, keep_links=False)


def _has_formulas(content: bytes) -> bool:
    archive = zipfile.ZipFile(io.BytesIO(content))
    small = [
        one for one in archive.infolist() if one.filename.startswith("xl/worksheets/") and one.file_size <= MOST_AT_ONCE
    ]
    return any(b"<f>" in text or b"<f " in text for text in map(archive.read, small))


def _values(book: "Workbook", name: str, width: int) -> Iterator[tuple[Any, ...]]:
    return book[name].iter_rows(min_row=1, max_row=MOST_ROWS + 2, min_col=1, max_col=width, values_only=True)


def _told(book: _Book, name: str, width: int, filename: str) -> Iterator[Row]:
    """Yield the rows; whatever breaks in the middle of a sheet means that it is damaged."""
    try:
        yield from book.rows(name, width)
    except Exception as error:
        raise _garbled(filename) from error


def _text(value: Any) -> str:
    """Return a cell as text; numbers stay marked as such."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return Exact(int(value))
    if isinstance(value, int | float):
        return Exact(value)
    return value.isoformat(*(" ",) * isinstance(value, datetime)) if isinstance(value, date | time) else str(value)
