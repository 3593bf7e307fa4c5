"""Rows to a table: the header is found and named, and every row has its number in the file."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from engine.errors import DataError
from engine.files.shown import quoted, shown

MOST_COLUMNS: Final = 200
MOST_ROWS: Final = 1_500_000
HEAD: Final = 200
"""Rows by which columns are recognised."""
_MOST_ABOVE: Final = 20
"""Rows that may stand above the header."""
_CHUNK: Final = 20_000
_ENOUGH: Final = 2
"""Columns: a variant and a count."""


class Row(NamedTuple):
    """A row with its place in the file, from 1; cells without the blanks around them."""

    number: int
    cells: list[str]


class Chunk(NamedTuple):
    """Some rows, column by column."""

    numbers: tuple[int, ...]
    columns: list[tuple[str, ...]]


@dataclass(frozen=True)
class Table:
    """The header, unique, and where the rows are; `rows` may be walked through again and again."""

    walk: Callable[[], Iterator[Row]]
    header: int  # the number of its row
    titles: list[str]
    notes: tuple[str, ...]

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header that hold anything.

        Raises:
            DataError: a row with more cells than the header, quotes that do not end, or too many rows.
        """
        width = len(self.titles)
        for count, row in enumerate(row for row in self.walk() if row.number > self.header):
            if count >= MOST_ROWS:
                raise DataError(
                    f"row {row.number}: got more than {MOST_ROWS:,} rows. Sum them by variant, or bring a part."
                )
            yield row if len(row.cells) == width else self._fitted(row)

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows, many at a time."""
        rows = self.rows()
        while some := list(islice(rows, _CHUNK)):
            numbers, cells = zip(*some, strict=True)
            yield Chunk(numbers, list(zip(*cells, strict=True)))

    def head(self) -> list[Row]:
        """Return the first rows, as far as they can be read."""
        rows: list[Row] = []
        try:
            rows.extend(islice(self.rows(), HEAD))
        except DataError:  # whoever reads the rows will tell
            return rows
        return rows

    def _fitted(self, row: Row) -> Row:
        width = len(self.titles)
        if any(row.cells[width:]):
            raise DataError(
                f"row {row.number}: got {len(row.cells)} cells; the header has {width}. Put texts and numbers that hold "
                "the separator in quotes, or remove the last cells."
            )
        if len(row.cells) < width and any("\n" in cell for cell in row.cells):
            raise DataError(f"row {row.number}: got quotes that do not end. Close them, or remove them.")
        return Row(row.number, [*row.cells, *[""] * (width - len(row.cells))][:width])


def table_of(walk: Callable[[], Iterator[Row]], filename: str, notes: tuple[str, ...] = ()) -> Table:
    """Return the table whose rows `walk` yields, header and all.

    Raises:
        DataError: rows without columns, or with too many.

    >>> rows = [Row(1, ["A report"]), Row(3, ["Variant", "Sends"]), Row(4, ["A", "10"])]
    >>> table = table_of(lambda: iter(rows), "a.csv")
    >>> table.titles, [row.cells for row in table.rows()], table.notes
    (['Variant', 'Sends'], [['A', '10']], ('Row 1 above the header was left out.',))
    """
    above, header = _header(walk())
    titles = header.cells
    while titles and not titles[-1]:
        titles = titles[:-1]
    if len(titles) < _ENOUGH:
        raise DataError(
            f"{shown(filename)}: got one column, {quoted((titles or [''])[0])}; a campaign needs several, such as variant, "
            "sends and conversions. Separate them by commas, semicolons, tabs or bars."
        )
    if len(titles) > MOST_COLUMNS:
        raise DataError(
            f"{shown(filename)}: got {_many(len(titles))} columns; at most {MOST_COLUMNS} are read. Leave the others out."
        )
    unique, renamed = _unique(titles)
    return Table(walk, header.number, unique, (*notes, *_left_above(above), *renamed))


def _many(columns: int) -> str:
    return (
        f"{columns:,}" if columns > MOST_COLUMNS + 1 else f"more than {MOST_COLUMNS}"
    )  # workbooks are read no further


def _header(rows: Iterator[Row]) -> tuple[list[int], Row]:
    """Return the first row with several cells, and the numbers of those above it; the very first where none has."""
    above: list[Row] = []
    for row in islice(rows, _MOST_ABOVE + 1):
        if sum(map(bool, row.cells)) >= _ENOUGH:
            return [one.number for one in above], row
        above.append(row)
    return [], above[0] if above else Row(1, [])


def _left_above(numbers: list[int]) -> tuple[str, ...]:
    if not numbers:
        return ()
    if len(numbers) == 1:
        return (f"Row {numbers[0]} above the header was left out.",)
    return (f"Rows {numbers[0]} to {numbers[-1]} above the header were left out.",)


def _unique(titles: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return titles of which no two are alike, and what had to be renamed."""
    unique: list[str] = []
    notes = []
    for place, title in enumerate(titles):
        first = title or f"Column {place + 1}"
        name, number = first, 2
        while name in unique:
            name, number = f"{first} ({number})", number + 1
        if title and name != title:
            notes.append(
                f"There are several columns {quoted(title)}; the one in place {place + 1} is called {quoted(name)}."
            )
        unique.append(name)
    return unique, tuple(notes)


def usual_width(widths: list[int]) -> tuple[int, int]:
    """Return the most frequent of the widths above 1 and how often it occurs; of equals the largest."""
    counted = Counter(width for width in widths if width > 1)
    return max(((width, often) for width, often in counted.items()), key=lambda one: (one[1], one[0]), default=(0, 0))
