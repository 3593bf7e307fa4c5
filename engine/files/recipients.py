"""A row a recipient: who got which variant, who converted, for how much, when, and of which segment."""

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.files.coding import Coded
from engine.files.columns import MOST_LABELS, NO, SEGMENTS, YES, Role
from engine.files.numbers import is_number, number_of, style_of
from engine.files.shown import quoted, shown
from engine.files.tables import Chunk, Table
from engine.files.times import NOT_GIVEN, hours_of, order_of
from engine.files.totals import is_total

Codes = NDArray[np.uint8]
Amounts = NDArray[np.float32]
Floats = NDArray[np.float64]

NO_LABEL: Final = "Not given"
_NO_VALUE: Final = frozenset({"", "-", "null", "none"})
_MOST_ANSWERS: Final = 1_000
"""Different cells of a column of yes and no, before it is read: more are times, or nothing of the kind."""
_LEAST_TIME: Final = 5
"""Characters that a time has."""


@dataclass(frozen=True, eq=False)
class Rows:
    """n recipients, one by one, in the file's order."""

    variant: Codes  # (n,) places among the campaign's arms
    converted: Codes  # (n,) 0 or 1
    value: Amounts | None  # (n,) what each brought
    sent_hours: Amounts | None  # (n,) since the first send; NaN where not given
    delay_hours: Amounts | None  # (n,) from the send to the conversion; NaN without one, or where not given
    segments: Mapping[str, tuple[tuple[str, ...], Codes]]  # by title: the groups' names, and (n,) places among them


class Answers(NamedTuple):
    """K variants, n recipients."""

    arms: tuple[str, ...]
    revenue: Floats | None  # (K,)
    rows: Rows
    notes: tuple[str, ...]


def answers_of(table: Table, roles: Mapping[str, Role], most: int, insisted: frozenset[str]) -> Answers:
    """Return what a table with a row a recipient says.

    Args:
        table: the file.
        roles: of its columns, by title.
        most: variants that are read.
        insisted: titles of columns that must be read, others that do not fit are left out.

    Raises:
        DataError: a cell that means nothing, or too many variants; names row, column and what to do.
    """
    reader = _Reader(table, roles, most, insisted)
    reader.walk(table)
    return reader.answers()


class _Reader:
    def __init__(self, table: Table, roles: Mapping[str, Role], most: int, insisted: frozenset[str]) -> None:
        self._titles = table.titles
        self._places: dict[Role, int] = {}
        for place, title in enumerate(table.titles):
            if roles[title] not in {*SEGMENTS, "ignore"}:
                self._places[roles[title]] = place
        self._segments = [place for place, title in enumerate(table.titles) if roles[title] in SEGMENTS]
        self._columns = {place: Coded() for place in (*self._places.values(), *self._segments)}
        self._numbers = array("I")
        self._most = most
        self._insisted = insisted
        self._notes: list[str] = []

    # Rows in

    def walk(self, table: Table) -> None:
        """Take in every row."""
        for chunk in table.chunks():
            self._numbers.extend(chunk.numbers)
            for place, column in self._columns.items():
                before = column.different
                column.extend(chunk.columns[place])
                if column.different > before:
                    self._refuse_early(place, before, chunk)
            self._leave_out_segments()
        self._leave_out_total()

    def _refuse_early(self, place: int, before: int, chunk: Chunk) -> None:
        """What can be no variant, answer, number or time is refused before it fills the memory."""
        role = self._role(place)
        column = self._columns[place]
        if role == "variant" and column.different > self._most + 1:
            self._refuse_variants(column)
        if role == "converted" and column.different > _MOST_ANSWERS:
            column.read(_answer, self._refuse("converted", "must be 0 or 1, or yes or no"))
        if role in {"value", "sent_at", "converted_at"} and column.different > _MOST_ANSWERS:
            looks = _looks_like_an_amount if role == "value" else _looks_like_a_time
            cell = next((cell for cell in column.cells[before:] if not looks(cell)), None)
            if cell is not None and not is_total(self._cell_of_variant(chunk, place, cell), adds_up=True):
                what = "must be a number" if role == "value" else _MUST_BE_A_TIME
                raise self._refuse(role, what)(self._first(place, cell), cell)

    def _role(self, place: int) -> Role:
        return next((role for role, at in self._places.items() if at == place), "segment")

    def _first(self, place: int, cell: str) -> int:
        return self._columns[place].first_row(self._columns[place].cells.index(cell))

    def _cell_of_variant(self, chunk: Chunk, place: int, cell: str) -> str:
        return chunk.columns[self._places["variant"]][chunk.columns[place].index(cell)]

    def _refuse_variants(self, column: Coded) -> None:
        names = column.cells
        extra = next((name for name in names[self._most :] if not is_total(name, adds_up=True)), None)
        if extra is not None:
            title = shown(self._titles[self._places["variant"]])
            number = self._numbers[column.first_row(names.index(extra))]
            raise DataError(
                f"row {number}, {title}: got {quoted(extra)}, one more than {self._most} variants. Is this the column that names "
                'the variants? If not, give the right one the role "variant".'
            )

    def _leave_out_segments(self) -> None:
        for place in [one for one in self._segments if self._columns[one].different > MOST_LABELS]:
            title = self._titles[place]
            if title in self._insisted:
                raise DataError(
                    f"{shown(title)}: got more than {MOST_LABELS} groups; a segment has at most that many. Merge some, or give "
                    'the column the role "ignore".'
                )
            self._notes.append(f"{quoted(title)} was left out: it has more than {MOST_LABELS} different values.")
            self._segments.remove(place)
            del self._columns[place]

    def _leave_out_total(self) -> None:
        variant = self._columns[self._places["variant"]]
        if len(self._numbers) and is_total(variant.last, adds_up=False):
            name, number = variant.last, self._numbers[-1]
            if variant.first_row(variant.cells.index(name)) == len(self._numbers) - 1 and variant.different > 1:
                for column in self._columns.values():
                    column.drop_last()
                self._numbers.pop()
                self._notes.append(f'Row {number} ("{shown(name)}") was left out: it is no recipient by its name.')

    # Meanings out

    def answers(self) -> Answers:
        """Return all that the rows say."""
        arms, variant = self._labelled(
            self._places["variant"], self._refuse("variant", "every recipient has a variant", got="no name")
        )
        if len(arms) > self._most:
            self._refuse_variants(self._columns[self._places["variant"]])
        self._tell_alike(arms)
        sent, answered = self._hours("sent_at"), self._hours("converted_at")
        converted = self._converted(answered)
        value, revenue = self._values(variant, len(arms))
        rows = Rows(
            variant, converted, value, _since_first(sent), self._delays(sent, answered, converted), self._groups()
        )
        return Answers(arms, revenue, rows, tuple(self._notes))

    def _labelled(self, place: int, refuse: Callable[[int, str], Exception] | None) -> tuple[tuple[str, ...], Codes]:
        """Return the different texts of a column and (n,) places among them; spaces make no difference."""
        column = self._columns[place]
        names = (
            column.read(lambda cell: " ".join(cell.split()) or None, refuse)
            if refuse
            else [" ".join(cell.split()) or NO_LABEL for cell in column.cells]
        )
        places: dict[str, int] = {}
        of_cells = np.array([places.setdefault(name, len(places)) for name in names], np.uint8)
        return tuple(places), of_cells[column.codes]

    def _tell_alike(self, arms: tuple[str, ...]) -> None:
        folded: dict[str, str] = {}
        for name in arms:
            other = folded.setdefault(name.casefold(), name)
            if other != name:
                self._notes.append(
                    f"{quoted(other)} and {quoted(name)} differ by capitals alone; they count as two variants."
                )

    def _groups(self) -> dict[str, tuple[tuple[str, ...], Codes]]:
        return {self._titles[place]: self._labelled(place, None) for place in self._segments}

    def _converted(self, answered: Floats | None) -> Codes:
        if "converted" in self._places:
            refuse = self._refuse("converted", "must be 0 or 1, or yes or no")
            return self._spread("converted", _answer, refuse).astype(np.uint8)
        assert answered is not None  # noqa: S101  # one of both was recognised
        title = self._titles[self._places["converted_at"]]
        self._notes.append(f"Recipients with a time in {quoted(title)} are those who converted.")
        return (~np.isnan(answered)).astype(np.uint8)

    def _values(self, variant: Codes, K: int) -> tuple[Amounts | None, Floats | None]:
        if "value" not in self._places:
            return None, None
        title, column = self._titles[self._places["value"]], self._columns[self._places["value"]]
        style = style_of(column.cells, counts=False)
        if not style.is_sure:
            sign = "dots" if style.decimal == "." else "commas"
            self._notes.append(f"Numbers in {quoted(title)} were read with {sign} for decimals.")
        amounts = self._spread(
            "value",
            lambda cell: 0.0 if cell.lower() in _NO_VALUE else number_of(cell, style),
            self._refuse("value", "must be a number"),
        )
        too_much = np.abs(amounts) > np.finfo(np.float32).max
        if too_much.any():
            row = int(np.argmax(too_much))
            raise self._refuse("value", "that is more than any order")(row, column.cells[column.codes[row]])
        return amounts.astype(np.float32), np.bincount(variant, amounts, K).astype(np.float64)

    def _hours(self, role: Role) -> Floats | None:
        if role not in self._places:
            return None
        column = self._columns[self._places[role]]
        order = order_of(column.cells)
        if not order.is_sure:
            title = quoted(self._titles[self._places[role]])
            self._notes.append(f"Dates in {title} were read with the {'day' if order.day_first else 'month'} first.")
        return self._spread(
            role,
            lambda cell: np.nan if cell.lower() in NOT_GIVEN else hours_of(cell, order),
            self._refuse(role, _MUST_BE_A_TIME),
        )

    def _delays(self, sent: Floats | None, answered: Floats | None, converted: Codes) -> Amounts | None:
        if sent is None or answered is None:
            return None
        delays = np.where(converted, answered - sent, np.nan)
        if (delays < 0).any():
            row = int(np.argmax(delays < 0))
            column = self._columns[self._places["converted_at"]]
            why = f"that is before {shown(self._titles[self._places['sent_at']])}"
            raise self._refuse("converted_at", why)(row, column.cells[column.codes[row]])
        return delays.astype(np.float32)

    def _spread(
        self, role: Role, meaning: Callable[[str], float | None], refuse: Callable[[int, str], Exception]
    ) -> Floats:
        """Return what the cells of a column mean, (n,)."""
        column = self._columns[self._places[role]]
        of_cells: Floats = np.array(column.read(meaning, refuse), np.float64)
        return of_cells[column.codes]

    def _refuse(self, role: Role, what: str, got: str = "") -> Callable[[int, str], DataError]:
        title = shown(self._titles[self._places[role]])
        remedy = "remove the row" if got else _REMEDIES.get(role, 'give the column the role "ignore"')
        return lambda row, cell: DataError(
            f"row {self._numbers[row]}, {title}: got {got or quoted(cell)}; {what}. Correct it, or {remedy}."
        )


_REMEDIES: Final[Mapping[Role, str]] = {
    "converted": 'give the role "conversions" to the column that says who converted'
}
_MUST_BE_A_TIME: Final = "must be a time, such as 2026-03-14 09:30"


def _since_first(hours: Floats | None) -> Amounts | None:
    if hours is None:
        return None
    return hours.astype(np.float32) if np.isnan(hours).all() else (hours - np.nanmin(hours)).astype(np.float32)


def _answer(cell: str) -> int | None:
    said = cell.lower()
    return 1 if said in YES else 0 if said in NO else None


def _looks_like_an_amount(cell: str) -> bool:
    return cell.lower() in _NO_VALUE or is_number(cell)


def _looks_like_a_time(cell: str) -> bool:
    return cell.lower() in NOT_GIVEN or (len(cell) >= _LEAST_TIME and any(map(str.isdigit, cell)))
