"""Text to rows: the separator is found, by what the file says or by how regularly it cuts."""

import csv
from collections.abc import Iterator
from itertools import islice
from typing import Final

from engine.errors import DataError
from engine.files.decoding import Text
from engine.files.tables import Row, Table, table_of, usual_width

SEPARATORS: Final = (",", ";", "\t", "|")
_SAID: Final = "sep="
"""How a first line tells spreadsheets the separator."""
_LOOKED_AT: Final = 40
"""Rows by which the separator is judged."""


def separated(text: Text, filename: str) -> Table:
    r"""Return the table that a text holds.

    Raises:
        DataError: a text without columns, or with too many.

    >>> table = separated(Text(b"Variant;Sends\nA;1.000\n\nB;900\n", "utf-8"), "a.csv")
    >>> table.titles, [(row.number, row.cells) for row in table.rows()]
    (['Variant', 'Sends'], [(2, ['A', '1.000']), (4, ['B', '900'])])
    """
    separator = _separator(text)
    return table_of(lambda: _rows(text, separator), filename)


def _separator(text: Text) -> str:
    first = next(iter(text.lines()), "").strip().strip('"').lower()
    said = next((sign for sign in SEPARATORS if first == (_SAID + sign).strip()), None)
    return said or max(SEPARATORS, key=lambda separator: _regularity(text, separator))


def _regularity(text: Text, separator: str) -> tuple[int, int]:
    """Return how many of the first rows are cut into the same number of cells, and how many cells."""
    try:
        width, often = usual_width([len(row.cells) for row in islice(_rows(text, separator), _LOOKED_AT)])
    except DataError:
        return 0, 0
    return often, width


def _rows(text: Text, separator: str) -> Iterator[Row]:
    lines = text.lines()
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            stripped = [cell.strip() for cell in cells]
            if any(stripped) and not (number == 1 and _says_separator(stripped)):
                yield Row(number, stripped)
    except csv.Error as error:
        raise DataError(f"row {before + 1}: cannot be read ({error}). Check its quotes.") from None


def _says_separator(cells: list[str]) -> bool:
    return cells[0].lower().startswith(_SAID) and not any(cells[1:]) and len(cells[0]) <= len(_SAID) + 1
