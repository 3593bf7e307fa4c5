"""A row a variant: counts, or rates of them, by row."""

from collections.abc import Mapping
from itertools import islice
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.files.columns import COUNTS, Role
from engine.files.numbers import Exact, Style, is_number, is_percent, number_of, step_of, style_of
from engine.files.shown import quoted, shown
from engine.files.tables import Row, Table
from engine.files.totals import is_total

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_COUNTED: Final = 2**53 - 1
_MOST_ROWS: Final = 1_000
_ROUNDING: Final = 1e-9
_BLANK: Final = frozenset({"", "-", "\N{EN DASH}", "\N{EM DASH}"})


class Counts(NamedTuple):
    """Counts of K variants."""

    arms: tuple[str, ...]
    sends: Whole  # (K,)
    conversions: Whole  # (K,)
    opens: Whole | None  # (K,)
    clicks: Whole | None  # (K,)
    revenue: Floats | None  # (K,)
    notes: tuple[str, ...]


class Cells(NamedTuple):
    """A column: its title, and the cells of the rows that count."""

    title: str
    rows: list[Row]
    cells: list[str]
    style: Style

    def refuse(self, place: int, why: str) -> DataError:
        """Return the error that a cell calls for."""
        return DataError(f"row {self.rows[place].number}, {shown(self.title)}: got {quoted(self.cells[place])}; {why}")


class Rates(NamedTuple):
    """Rates of K variants."""

    column: Cells
    shares: Floats  # (K,)
    slack: Floats  # (K,) how far each may be from what it rounds


def counts_of(table: Table, roles: Mapping[str, Role], most: int) -> Counts:
    """Return the counts in a table with a row a variant; more than `most` of them are not read.

    Raises:
        DataError: cells that are no counts, or counts that no campaign can have; names row, column and what to do.
    """
    return _Reader(table, roles, most).counts()


class _Reader:
    def __init__(self, table: Table, roles: Mapping[str, Role], most: int) -> None:
        self._places: dict[Role, int] = {}
        for place, title in enumerate(table.titles):
            self._places.setdefault(roles[title], place)
        self._titles = table.titles
        self._all = list(islice(table.rows(), _MOST_ROWS))
        self._notes: list[str] = []
        self._most = most
        self._rows = self._without_totals(self._without_footnotes(self._all))

    def counts(self) -> Counts:
        names = self._names()
        sends = self._counted(self._column("sends", counts=True))
        self._refuse_unsent(sends)
        rates = self._rates() if "conversion_rate" in self._places else None
        conversions = self._conversions(rates, sends)
        self._refuse_more_than_sent("conversions", conversions, sends)
        opens, clicks = self._further("opens", sends), self._further("clicks", sends)
        return Counts(names, sends, conversions, opens, clicks, self._revenue(), tuple(self._notes))

    def _conversions(self, rates: Rates | None, sends: Whole) -> Whole:
        if "conversions" in self._places:
            conversions = self._counted(self._column("conversions", counts=True))
            if rates is not None:
                self._compare(rates, conversions, sends)
            return conversions
        assert rates is not None  # noqa: S101  # one of both was recognised
        return self._from_rates(rates, sends)

    def _further(self, role: Role, sends: Whole) -> Whole | None:
        """Return counts that a campaign can do without."""
        if role not in self._places:
            return None
        column = self._column(role, counts=True)
        if self._is_left_out(column):
            return None
        counted = self._counted(column)
        self._refuse_more_than_sent(role, counted, sends)
        return counted

    # Rows

    def _without_footnotes(self, rows: list[Row]) -> list[Row]:
        """Leave out what stands below the table: texts without any number."""
        numbers = [place for role, place in self._places.items() if role in {*COUNTS, "conversion_rate", "revenue"}]
        kept = len(rows)
        while kept and all(not rows[kept - 1].cells[place] for place in numbers):
            kept -= 1
        for row in rows[kept:] if kept else []:
            text = next((cell for cell in row.cells if cell), "")
            self._notes.append(f"Row {row.number} ({quoted(text)}) was left out: it has no numbers.")
        return rows[:kept] if kept else rows

    def _without_totals(self, rows: list[Row]) -> list[Row]:
        place, sends = self._places["variant"], self._places["sends"]
        style = style_of([row.cells[sends] for row in rows], counts=True)
        sent = [number_of(row.cells[sends], style) or 0.0 for row in rows]
        plain = [
            amount for row, amount in zip(rows, sent, strict=True) if not is_total(row.cells[place], adds_up=False)
        ]
        kept = []
        for row, amount in zip(rows, sent, strict=True):
            name = row.cells[place]
            others = sum(plain) - (0 if is_total(name, adds_up=False) else amount)
            adds_up = 0 < amount == others and len(rows) > 2  # noqa: PLR2004  # of two equal rows each adds up the other
            if is_total(name, adds_up=adds_up):
                why = ": it adds up the others" if adds_up else ": it is no variant by its name"
                self._notes.append(f'Row {row.number} ("{shown(name)}") was left out{why}.')
            else:
                kept.append(row)
        return kept

    def _names(self) -> tuple[str, ...]:
        place = self._places["variant"]
        title = shown(self._titles[place])
        seen: dict[str, int] = {}
        for row in self._rows:
            name = " ".join(row.cells[place].split())
            if not name:
                raise DataError(f"row {row.number}, {title}: got no name. Fill it in, or remove the row.")
            if name in seen:
                raise DataError(
                    f"row {row.number}, {title}: got {quoted(name)}, as in row {seen[name]}; variants need names of their own. "
                    "Rename one, or add the rows up."
                )
            seen[name] = row.number
        if len(self._all) >= _MOST_ROWS:
            raise DataError(
                f"{title}: got more than {self._most} variants; a campaign has at most {self._most}. Is this the column that "
                "names the variants?"
            )
        return tuple(seen)

    # Cells

    def _column(self, role: Role, *, counts: bool) -> Cells:
        place = self._places[role]
        style = style_of([row.cells[place] for row in self._all], counts=counts)
        return Cells(self._titles[place], self._rows, [row.cells[place] for row in self._rows], style)

    def _counted(self, column: Cells) -> Whole:
        if not column.style.is_sure:
            sign = "commas" if column.style.decimal == "." else "dots"
            self._notes.append(f"Numbers in {quoted(column.title)} were read with {sign} for thousands.")
        return np.array([_count(column, place) for place in range(len(column.cells))], np.int64)

    def _revenue(self) -> Floats | None:
        if "revenue" not in self._places:
            return None
        column = self._column("revenue", counts=False)
        return None if self._is_left_out(column) else self._amounts(column)

    def _amounts(self, column: Cells) -> Floats:
        if not column.style.is_sure:
            sign = "dots" if column.style.decimal == "." else "commas"
            self._notes.append(f"Numbers in {quoted(column.title)} were read with {sign} for decimals.")
        return np.array([_amount(column, place) for place in range(len(column.cells))])

    def _is_left_out(self, column: Cells) -> bool:
        """Whether a column that is not needed has gaps."""
        gap = next((row for row, cell in zip(column.rows, column.cells, strict=True) if cell in _BLANK), None)
        if gap is not None:
            self._notes.append(f"{quoted(column.title)} was left out: row {gap.number} has no number in it.")
        return gap is not None

    # Rates

    def _rates(self) -> Rates:
        column = self._column("conversion_rate", counts=False)
        rates = self._amounts(column)
        steps = np.array([step_of(cell, column.style) for cell in column.cells])
        if self._are_percent(column, rates):
            rates, steps = rates / 100, steps / 100
            self._notes.append(f"Numbers in {quoted(column.title)} were read as percent.")
        wrong = (rates < 0) | (rates > 1)
        if wrong.any():
            raise column.refuse(int(np.argmax(wrong)), "must be from 0 to 100%. Write a percent sign, or a share of 1.")
        return Rates(column, rates, steps / 2 * (1 + _ROUNDING) + _ROUNDING)

    @staticmethod
    def _are_percent(column: Cells, rates: Floats) -> bool:
        """Whether rates without a sign are per cent: the title says so, or they would be above 1."""
        if any(map(is_percent, column.cells)):
            return False
        says_so = "%" in column.title or "percent" in column.title.lower()
        is_exact = any(isinstance(cell, Exact) for cell in column.cells)
        return bool((rates > 1).any()) or (says_so and not is_exact)

    def _from_rates(self, rates: Rates, sends: Whole) -> Whole:
        conversions = np.round(rates.shares * sends).astype(np.int64)
        off = np.abs(conversions / sends - rates.shares) > rates.slack
        if off.any():
            place = int(np.argmax(off))
            raise rates.column.refuse(
                place,
                f"of {sends[place]:,} sends that is {rates.shares[place] * sends[place]:,.2f}, no whole number. Bring a column "
                "of conversions, or check that the rate is one of the sends.",
            )
        most = int((rates.slack * sends).max(initial=0.0))  # rates with few digits leave counts open
        open_by = f"; it is rounded, so they may be off by up to {most:,}" if most else ""
        self._notes.append(f"Conversions were worked out from {quoted(rates.column.title)}{open_by}.")
        return conversions

    def _compare(self, rates: Rates, conversions: Whole, sends: Whole) -> None:
        if (np.abs(conversions / sends - rates.shares) > rates.slack).any():
            self._notes.append(f"{quoted(rates.column.title)} is not conversions over sends; it was left out.")

    # Counts that cannot be

    def _refuse_unsent(self, sends: Whole) -> None:
        if (sends == 0).any():
            column = self._column("sends", counts=True)
            raise column.refuse(
                int(np.argmin(sends)), "nothing is known of a variant that was never sent. Remove the row."
            )

    def _refuse_more_than_sent(self, role: Role, counted: Whole | None, sends: Whole) -> None:
        if counted is None or not (counted > sends).any():
            return
        place = int(np.argmax(counted > sends))
        title = self._titles[self._places.get(role, self._places["sends"])]
        raise DataError(
            f"row {self._rows[place].number}, {shown(title)}: got {counted[place]:,}, more than its {sends[place]:,} "
            f'{shown(self._titles[self._places["sends"]])}. Count people once, check the columns, or give one the role "ignore".'
        )


def _count(column: Cells, place: int) -> int:
    cell = column.cells[place]
    number = number_of(cell, column.style)
    if number is None or is_percent(cell):
        raise column.refuse(place, f"must be a whole number. {_remedy(cell)}")
    if number < 0 or number != int(number) or number > MOST_COUNTED:
        raise column.refuse(place, f"must be a whole number from 0 on, below {MOST_COUNTED + 1:,}. Correct it.")
    return int(number)


def _amount(column: Cells, place: int) -> float:
    number = number_of(column.cells[place], column.style)
    if number is None:
        raise column.refuse(place, f"must be a number. {_remedy(column.cells[place])}")
    return number


def _remedy(cell: str) -> str:
    if cell.startswith("="):
        return "Put the formula's result there."
    return "Write all numbers of the column in the same way." if is_number(cell) else "Correct it."
