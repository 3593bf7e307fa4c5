"""A row a send, of a log of decisions: which line was sent, with what chance, to whom, and what came of it."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.files.coding import Coded
from engine.files.columns import MOST_LABELS, NO, YES
from engine.files.decision_columns import DecisionRole, chance_of
from engine.files.numbers import is_percent, number_of, style_of
from engine.files.shown import quoted, shown
from engine.files.tables import Chunk, Table
from engine.files.times import NOT_GIVEN, hours_of, order_of

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

EVERYBODY: Final = "Everybody"
BETWEEN: Final = " \N{MIDDLE DOT} "
"""What stands between the groups in the name of a segment."""
ROUNDING: Final = 0.01
"""By so much the chances of a row may miss 1, or a chance another that says the same: somebody has rounded them."""
MOST_VALUE: Final = 1e12
_EXACT: Final = 1e-9
_NO_LABEL: Final = "Not given"
_NO_VALUE: Final = frozenset({"", "-", "null", "none"})
_LIKE_PERCENT: Final = 2.0
"""Chances of a row that add up to more are per cent."""
_MUST_BE_A_CHANCE: Final = "must be above 0 and at most 1, or 100%: the chance with which that line was sent"
_MUST_BE_A_NUMBER: Final = "must be a number, or yes or no"
_MUST_BE_A_TIME: Final = "must be a time, such as 2026-03-14 09:30"


class Decisions(NamedTuple):
    """n sends of K lines to S segments, in the order in which they happened."""

    arms: tuple[str, ...]  # K names, in the order of their chances, or else in the file's
    arm: Whole  # (n,)
    segments: tuple[str, ...]  # S names
    segment: Whole  # (n,)
    propensity: Floats | None  # (n,) above 0, at most 1
    chances: Floats | None  # (n, K), each row adds up to 1
    reward: Floats | None  # (n,)
    value: Floats | None  # (n,)
    notes: tuple[str, ...]  # what was left out or decided, in plain sentences


def decisions_of(
    table: Table, roles: Mapping[str, DecisionRole], most: int, insisted: frozenset[str] = frozenset()
) -> Decisions:
    """Return what a table with a row a send says.

    Args:
        table: the file.
        roles: of its columns, by title.
        most: lines that are read.
        insisted: titles of columns that must be read, others that do not fit are left out.

    Raises:
        DataError: no rows, a cell that means nothing, chances that cannot be; names row, column and what to do.
    """
    reader = _Reader(table, roles, most, insisted)
    for chunk in table.chunks():
        reader.take(chunk)
    return reader.decisions()


class _Reader:
    def __init__(self, table: Table, roles: Mapping[str, DecisionRole], most: int, insisted: frozenset[str]) -> None:
        self._titles = table.titles
        self._most = most
        self._insisted = insisted
        self._notes: list[str] = []
        self._rows = array("I")
        places = {
            role: [at for at, title in enumerate(table.titles) if roles[title] == role] for role in roles.values()
        }
        self._one = {role: at[0] for role, at in places.items() if role not in {"chance", "context", "ignore"}}
        self._chances = places.get("chance", [])
        self._contexts = places.get("context", [])
        texts = [self._one[role] for role in ("arm", "reward", "value", "time") if role in self._one]
        self._coded = {place: Coded() for place in (*texts, *self._contexts)}
        numbers = [self._one[role] for role in ("propensity", "send") if role in self._one]
        self._numbers = {place: array("d") for place in (*numbers, *self._chances)}

    # Rows in

    def take(self, chunk: Chunk) -> None:
        """Take in some rows."""
        for place, column in self._coded.items():
            column.extend(chunk.columns[place])
        for place, numbers in self._numbers.items():
            numbers.extend(self._read_numbers(place, chunk))
        self._rows.extend(chunk.numbers)
        if self._coded[self._one["arm"]].different > 2 * self._most:  # spaces make no difference
            self._arms()
        self._leave_out_contexts()

    def _read_numbers(self, place: int, chunk: Chunk) -> list[float]:
        try:
            return list(map(float, chunk.columns[place]))
        except ValueError:
            return [
                self._plain_number(place, row, cell)
                for row, cell in zip(chunk.numbers, chunk.columns[place], strict=True)
            ]

    def _plain_number(self, place: int, row: int, cell: str) -> float:
        """Return a number without thousands: a comma is a decimal sign; "12%" is 0.12."""
        bare = cell[:-1].rstrip() if is_percent(cell) else cell
        try:
            number = float(bare.replace(",", "."))
        except ValueError:
            allowed = _MUST_BE_A_CHANCE if place != self._one.get("send") else "must be the number of the send"
            raise self._refused(row, place, cell, allowed, "leave the row out") from None
        return number / 100 if is_percent(cell) else number

    def _leave_out_contexts(self) -> None:
        for place in [one for one in self._contexts if self._coded[one].different > MOST_LABELS]:
            title = self._titles[place]
            if title in self._insisted:
                raise DataError(
                    f"{shown(title)}: got more than {MOST_LABELS} groups; a log tells at most that many apart. Merge some, or "
                    'give the column the role "ignore".'
                )
            self._notes.append(f"{quoted(title)} was left out: it has more than {MOST_LABELS} different values.")
            self._contexts.remove(place)
            del self._coded[place]

    # Meanings out

    def decisions(self) -> Decisions:
        """Return all that the rows say."""
        if not self._rows:
            raise DataError(
                f"{shown(self._titles[self._one['arm']])}: got no rows below the header; a row is a send. Export it again."
            )
        names, arm = self._arms()
        propensity = self._propensity()
        names, arm, chances = self._with_chances(names, arm, propensity)
        if propensity is None and chances is not None:
            propensity = self._chosen(arm, chances)
        segments, segment = self._segments()
        found = Decisions(
            names, arm, segments, segment, propensity, chances, self._rewards(), self._values(), tuple(self._notes)
        )
        return self._in_order(found)

    def _arms(self) -> tuple[tuple[str, ...], Whole]:
        place = self._one["arm"]
        column = self._coded[place]
        names: dict[str, int] = {}
        codes = np.empty(column.different, np.int64)
        for code, cell in enumerate(column.cells):
            name = " ".join(cell.split())
            if not name:
                raise self._refused(
                    self._row_of(place, code), place, "", "every send has a line", "leave the row out", got="no name"
                )
            codes[code] = names.setdefault(name, len(names))
            if len(names) > self._most:
                raise DataError(
                    f"row {self._row_of(place, code)}, {shown(self._titles[place])}: got {quoted(name)}, one more than {self._most} "
                    'lines. Is this the column that says which line was sent? If not, give the right one the role "arm".'
                )
        return tuple(names), codes[column.codes]

    def _row_of(self, place: int, code: int) -> int:
        """Return the number of the first row with a cell."""
        return self._rows[self._coded[place].first_row(code)]

    def _propensity(self) -> Floats | None:
        if "propensity" not in self._one:
            return None
        place = self._one["propensity"]
        found = np.array(self._numbers[place])
        if np.median(found) > 1.0:
            found /= 100.0
            self._notes.append(f"Chances in {quoted(self._titles[place])} were read as per cent.")
        wrong = ~((found > 0.0) & (found <= 1.0))
        if wrong.any():
            row = int(np.argmax(wrong))
            raise self._refused(
                self._rows[row], place, f"{self._numbers[place][row]:g}", _MUST_BE_A_CHANCE, "leave the row out"
            )
        return found

    def _chosen(self, arm: Whole, chances: Floats) -> Floats:
        """Return the chance of the line that was sent."""
        found: Floats = chances[np.arange(len(arm)), arm]
        if (found <= 0.0).any():
            row = int(np.argmax(found <= 0.0))
            place = self._one["arm"]
            cell = self._coded[place].cells[self._coded[place].codes[row]]
            raise self._refused(self._rows[row], place, cell, "its chance in that row is 0", "correct the chances")
        return found

    # The chances of all lines

    def _with_chances(
        self, names: tuple[str, ...], arm: Whole, propensity: Floats | None
    ) -> tuple[tuple[str, ...], Whole, Floats | None]:
        """Return the lines in the order of the columns with their chances, and these; None where nobody knows whose."""
        order = None
        if len(self._chances) >= len(names):
            self._refuse_many(len(self._chances))
            columns = self._scaled_columns()
            order = self._order(names, arm, propensity, columns)
        if order is None:
            self._refuse_single(names)
            if self._chances:
                self._notes.append(
                    "The columns with chances were left out: they do not say whose chance they tell. Name each after its line, "
                    f"such as {quoted('propensity_' + names[0])}."
                )
            return names, arm, None
        every = [self._titles[place] for place in self._chances]
        for line, column in enumerate(order):
            every[column] = names[line]
        self._refuse_single(every)
        return tuple(every), np.array(order)[arm], np.stack(columns, axis=1)

    def _scaled_columns(self) -> list[Floats]:
        """Return the chances, (n,) of each column, as shares that add up to 1."""
        columns = [np.array(self._numbers[place]) for place in self._chances]
        with np.errstate(invalid="ignore"):  # of endless chances, which are refused below
            total, least = sum(columns, np.zeros(len(self._rows))), np.minimum.reduce(columns)
        whole = 100.0 if np.median(total) > _LIKE_PERCENT else 1.0
        wrong = ~((least >= 0.0) & (np.abs(total / whole - 1.0) <= ROUNDING))
        if wrong.any():
            row, first, last = int(np.argmax(wrong)), self._titles[self._chances[0]], self._titles[self._chances[-1]]
            raise DataError(
                f"row {self._rows[row]}, {shown(first)} to {shown(last)}: got chances that add up to {total[row]:g}, the least "
                f"{least[row]:g}; must add up to {whole:g}, none below 0. Correct them, or leave the row out."
            )
        scale = np.where(np.abs(total - 1.0) > _EXACT, total, 1.0)
        return [column / scale for column in columns]

    def _order(
        self, names: Sequence[str], arm: Whole, propensity: Floats | None, columns: Sequence[Floats]
    ) -> list[int] | None:
        """Return the place of each line's column: the one named after it, or else the one that agrees with its propensities."""
        own = [self._column_named(name) for name in names]
        by_name = [place for place in own if place is not None]
        is_named = len(set(by_name)) == len(names)
        if propensity is None:
            return by_name if is_named else None
        if is_named and (_apart(propensity, arm, by_name, columns) <= ROUNDING).all():
            return by_name
        by_value = _matched(_agree(propensity, arm, len(names), columns), columns)
        if by_value is None and is_named:
            row = int(np.argmax(_apart(propensity, arm, by_name, columns)))
            title = self._titles[self._chances[by_name[arm[row]]]]
            raise DataError(
                f"row {self._rows[row]}, {shown(self._titles[self._one['propensity']])}: got {propensity[row]:g}, but "
                f"{shown(title)} says {columns[by_name[arm[row]]][row]:g}. Correct one of them, or leave the row out."
            )
        return by_value

    def _column_named(self, name: str) -> int | None:
        for column, place in enumerate(self._chances):
            title = self._titles[place]
            if name.casefold() in {chance_of(title).casefold(), title.casefold()}:
                return column
        return None

    def _refuse_many(self, lines: int) -> None:
        if lines > self._most:
            raise DataError(
                f"{shown(self._titles[self._chances[self._most]])}: got chances of {lines} lines; at most {self._most} are read. "
                'Give columns that are no chances the role "ignore".'
            )

    def _refuse_single(self, names: Sequence[str]) -> None:
        if len(names) == 1:
            raise DataError(
                f"{shown(self._titles[self._one['arm']])}: got a single line, {quoted(names[0])}; a log that compares has two or more. "
                'Is this the column that says which line was sent? If not, give the right one the role "arm".'
            )

    # The others

    def _segments(self) -> tuple[tuple[str, ...], Whole]:
        """Return the groups of all context columns together; those that make too many groups are left out."""
        names: tuple[str, ...] = (EVERYBODY,)
        found = np.zeros(len(self._rows), np.int64)
        for place in self._contexts:
            column = self._coded[place]
            own = [" ".join(cell.split()) or _NO_LABEL for cell in column.cells]
            both, codes = np.unique(found * len(own) + column.codes, return_inverse=True)
            if len(both) > MOST_LABELS:
                self._notes.append(
                    f"{quoted(self._titles[place])} was left out: with the columns before it, it makes more than {MOST_LABELS} groups."
                )
                continue
            parts = [(names[code // len(own)], own[code % len(own)]) for code in both.tolist()]
            names = tuple(label if names == (EVERYBODY,) else f"{before}{BETWEEN}{label}" for before, label in parts)
            found = codes.reshape(-1).astype(np.int64)
        return _merged(names, found)

    def _rewards(self) -> Floats | None:
        return self._amounts("reward", blank=NO)

    def _values(self) -> Floats | None:
        return self._amounts("value", blank=_NO_VALUE)

    def _amounts(self, role: DecisionRole, blank: frozenset[str]) -> Floats | None:
        if role not in self._one:
            return None
        place = self._one[role]
        column = self._coded[place]
        style = style_of(column.cells, counts=False)
        if not style.is_sure:
            sign = "dots" if style.decimal == "." else "commas"
            self._notes.append(f"Numbers in {quoted(self._titles[place])} were read with {sign} for decimals.")

        def meaning(cell: str) -> float | None:
            said = cell.lower()
            return 0.0 if said in blank else 1.0 if said in YES else number_of(cell, style)

        found = self._spread(place, meaning, _MUST_BE_A_NUMBER)
        too_much = np.abs(found) > MOST_VALUE
        if too_much.any():
            row = int(np.argmax(too_much))
            cell = column.cells[column.codes[row]]
            raise self._refused(self._rows[row], place, cell, "that is more than any order", "leave the row out")
        return found

    def _hours(self) -> Floats | None:
        if "time" not in self._one:
            return None
        place = self._one["time"]
        order = order_of(self._coded[place].cells)
        if not order.is_sure:
            title = quoted(self._titles[place])
            self._notes.append(f"Dates in {title} were read with the {'day' if order.day_first else 'month'} first.")
        return self._spread(
            place, lambda cell: np.nan if cell.lower() in NOT_GIVEN else hours_of(cell, order), _MUST_BE_A_TIME
        )

    def _spread(self, place: int, meaning: Callable[[str], float | None], allowed: str) -> Floats:
        """Return what the cells of a column mean, (n,)."""
        column = self._coded[place]
        of_cells = np.array(
            column.read(
                meaning, lambda row, cell: self._refused(self._rows[row], place, cell, allowed, "leave the row out")
            ),
            np.float64,
        )
        return of_cells[column.codes]

    def _in_order(self, found: Decisions) -> Decisions:
        """Return the sends in the order in which they happened, as far as the file says."""
        place = self._one.get("send", self._one.get("time"))
        moments = np.array(self._numbers[self._one["send"]]) if "send" in self._one else self._hours()
        if moments is None or place is None:
            return found
        if np.isnan(moments).any():
            note = (
                f"Not every row of {quoted(self._titles[place])} is filled in: the rows stay in the order of the file."
            )
            return found._replace(notes=(*self._notes, note))
        if (np.diff(moments) >= 0).all():
            return found._replace(notes=tuple(self._notes))
        order = np.argsort(moments, kind="stable")
        note = f"The rows were put in the order of {quoted(self._titles[place])}."

        def sorted_one(values: Floats | None) -> Floats | None:
            return None if values is None else values[order]

        return found._replace(
            arm=found.arm[order],
            segment=found.segment[order],
            propensity=sorted_one(found.propensity),
            chances=sorted_one(found.chances),
            reward=sorted_one(found.reward),
            value=sorted_one(found.value),
            notes=(*self._notes, note),
        )

    def _refused(self, row: int, place: int, cell: str, allowed: str, remedy: str, got: str = "") -> DataError:
        return DataError(
            f"row {row}, {shown(self._titles[place])}: got {got or quoted(cell)}; {allowed}. Correct it, or {remedy}."
        )


def _merged(names: Sequence[str], codes: Whole) -> tuple[tuple[str, ...], Whole]:
    """Return the names, no two alike, in the order in which they come, and the codes among them."""
    places: dict[str, int] = {}
    first = np.full(len(names), len(codes))
    np.minimum.at(first, codes, np.arange(len(codes)))
    of_names = np.empty(len(names), np.int64)
    for code in np.argsort(first, kind="stable").tolist():
        of_names[code] = places.setdefault(names[code], len(places))
    return tuple(places), of_names[codes]


def _apart(propensity: Floats, arm: Whole, order: Sequence[int], columns: Sequence[Floats]) -> Floats:
    """Return by how much each send's propensity differs from what its line's column says, (n,)."""
    apart = np.empty(len(arm))
    for line, column in enumerate(order):
        sent = arm == line
        apart[sent] = np.abs(propensity[sent] - columns[column][sent])
    return apart


def _agree(propensity: Floats, arm: Whole, lines: int, columns: Sequence[Floats]) -> NDArray[np.bool_]:
    """Return for each line and column whether it could tell the line's chance, (lines, columns)."""
    against = [np.bincount(arm[np.abs(propensity - column) > _EXACT], minlength=lines) for column in columns]
    agree: NDArray[np.bool_] = np.stack(against, axis=1) == 0
    return agree


def _matched(agree: NDArray[np.bool_], columns: Sequence[Floats]) -> list[int] | None:
    """Return the place of each line's column; None where no columns agree with all lines, or different ones do."""
    found = _assignment(agree)
    if found is None:
        return None
    for line, own in enumerate(found):
        others = agree.copy()
        alike = [
            place for place in np.flatnonzero(agree[line]).tolist() if np.array_equal(columns[place], columns[own])
        ]
        others[line, alike] = False
        if _assignment(others) is not None:
            return None
    return found


def _assignment(agree: NDArray[np.bool_]) -> list[int] | None:
    from scipy.optimize import linear_sum_assignment

    lines, found = linear_sum_assignment(~agree)
    return found.tolist() if agree[lines, found].all() else None
