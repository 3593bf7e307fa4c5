"""Text to a table: the separator is found, the header named, and every row has its number in the file."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from engine.errors import DataError

SEPARATORS: Final = (",", ";", "\t", "|")
MOST_COLUMNS: Final = 200
_LOOKED_AT: Final = 20
"""Rows by which the separator is judged."""


@dataclass(frozen=True)
class Row:
    """A row with its place in the file, from 1; cells without the blanks around them."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """The header, unique, and where the rows are; `rows` may be walked through again and again."""

    text: str
    separator: str
    titles: list[str]
    notes: tuple[str, ...]

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header that hold anything.

        Raises:
            DataError: a row with more cells than the header, or quotes that do not end.
        """
        rows = _rows(self.text, self.separator)
        next(rows)
        for row in rows:
            if len(row.cells) > len(self.titles) and any(row.cells[len(self.titles) :]):
                raise DataError(
                    f"row {row.number}: got {len(row.cells)} cells; the header has {len(self.titles)}. Put texts that hold "
                    f"a {_named(self.separator)} in quotes, or remove the last cells."
                )
            yield Row(row.number, [*row.cells, *[""] * (len(self.titles) - len(row.cells))][: len(self.titles)])


def table_of(text: str, filename: str) -> Table:
    r"""Return the table that a text holds.

    Raises:
        DataError: a text without columns, or with too many.

    >>> table = table_of("Variant;Sends\nA;1.000\n\nB;900\n", "a.csv")
    >>> table.separator, table.titles, [(row.number, row.cells) for row in table.rows()]
    (';', ['Variant', 'Sends'], [(2, ['A', '1.000']), (4, ['B', '900'])])
    """
    separator = _separator(text)
    header = next(_rows(text, separator), Row(1, []))
    titles = header.cells
    while titles and not titles[-1]:
        titles = titles[:-1]
    if len(titles) < 2:  # noqa: PLR2004  # a variant and a count
        raise DataError(
            f"{filename}: got one column, {(titles or [''])[0][:40]!r}; a campaign needs several, such as variant, sends and "
            "conversions. Separate them by commas, semicolons, tabs or bars."
        )
    if len(titles) > MOST_COLUMNS:
        raise DataError(
            f"{filename}: got {len(titles):,} columns; at most {MOST_COLUMNS} are read. Leave the others out."
        )
    unique, notes = _unique(titles)
    return Table(text, separator, unique, notes)


def _separator(text: str) -> str:
    """Return the separator that cuts the first rows into the same number of cells, the most of them."""

    def regularity(separator: str) -> tuple[int, int]:
        try:
            widths = [len(row.cells) for row in islice(_rows(text, separator), _LOOKED_AT)]
        except DataError:
            return 0, 0
        width = widths[0] if widths else 0
        return sum(each == width for each in widths) if width > 1 else 0, width

    return max(SEPARATORS, key=regularity)


def _rows(text: str, separator: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            stripped = [cell.strip().replace("\N{NO-BREAK SPACE}", " ").strip() for cell in cells]
            if any(stripped):
                yield Row(number, stripped)
    except csv.Error as error:
        raise DataError(f"row {before + 1}: cannot be read ({error}). Check its quotes.") from None


def _unique(titles: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return titles of which no two are alike, and what had to be renamed."""
    unique: list[str] = []
    notes = []
    for place, title in enumerate(titles):
        name, number = title or f"Column {place + 1}", 2
        while name in unique:
            name, number = f"{title or f'Column {place + 1}'} ({number})", number + 1
        if title and name != title:
            notes.append(f"There are several columns {title!r}; the one in place {place + 1} is called {name!r}.")
        unique.append(name)
    return unique, tuple(notes)


def _named(separator: str) -> str:
    return {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}[separator]
