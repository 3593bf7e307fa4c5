"""A campaign that somebody brings: the bytes of its file to counts of every variant, or a clear error."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.files.columns import COUNTS, Role, recognised
from engine.files.decoding import text_of
from engine.files.numbers import Style, number_of, style_of
from engine.files.tables import Row, Table, table_of
from engine.scenario import FEWEST_ARMS, MOST_ARMS

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]

TOTALS: Final = frozenset({"total", "totals", "sum", "all", "overall", "grand total", "average"})
MOST_COUNTED: Final = 2**53
_YES: Final = frozenset({"1", "1.0", "yes", "y", "true", "t"})
_NO: Final = frozenset({"0", "0.0", "no", "n", "false", "f", ""})


@dataclass(frozen=True, eq=False)
class Rows:
    """n recipients, one by one."""

    variant: NDArray[np.uint8]  # (n,) places among the campaign's arms
    converted: NDArray[np.bool_]  # (n,)
    value: NDArray[np.float32] | None  # (n,) what each brought


@dataclass(frozen=True, eq=False)
class Campaign:
    """Counts of K variants."""

    arms: tuple[str, ...]  # K names, in the file's order
    sends: Whole  # (K,)
    conversions: Whole  # (K,)
    opens: Whole | None  # (K,)
    clicks: Whole | None  # (K,)
    revenue: Floats | None  # (K,)
    rows: Rows | None  # where the file has a row a recipient
    roles: Mapping[str, Role]  # of its columns
    notes: tuple[str, ...]  # what was left out or decided, in plain sentences


def read_campaign(content: bytes, filename: str, roles: Mapping[str, str] | None = None) -> Campaign:
    r"""Return the campaign in a file with a row a variant, or a row a recipient.

    Args:
        content: CSV, TSV, or columns separated by semicolons or bars.
        filename: as its errors name it.
        roles: what columns mean, by their titles, where their names do not say; see `engine.files.columns.ROLES`.

    Raises:
        DataError: a file that cannot be read, or holds what no campaign can; names row, column and what to do.

    >>> found = read_campaign(b"Variant;Sends;Orders\nPlain;1000;40\nPlayful;1020;55\nTotal;2020;95\n", "test.csv")
    >>> found.arms, found.sends.tolist(), found.conversions.tolist(), found.notes
    (('Plain', 'Playful'), [1000, 1020], [40, 55], ('Row 4 ("Total") was left out: it adds up the others.',))
    """
    table = table_of(text_of(content, filename), filename)
    known = recognised(table.titles, roles)
    _refuse_missing(table, known, filename)
    read = _by_variant if "sends" in known.values() else _by_recipient
    found = read(table, known)
    if not FEWEST_ARMS <= len(found.arms) <= MOST_ARMS:
        raise DataError(
            f"{_title(known, 'variant')}: got {len(found.arms):,} variants; a campaign has from {FEWEST_ARMS} to {MOST_ARMS}. "
            "Is this the column that names the variants?"
        )
    return found


def _refuse_missing(table: Table, known: Mapping[str, Role], filename: str) -> None:
    has = set(known.values())
    outcome = {"conversions", "conversion_rate"} if "sends" in has else {"converted"}
    missing = "the variants" if "variant" not in has else "" if has & outcome else "who converted, or how many"
    if missing:
        raise DataError(
            f"{filename}: no column says {missing}; it has {', '.join(table.titles[:8])}. Name one so, or say which it is."
        )


def _title(known: Mapping[str, Role], role: Role) -> str:
    return next((title for title, one in known.items() if one == role), role)


def _places(table: Table, known: Mapping[str, Role]) -> dict[Role, int]:
    """Return which column has each role that matters."""
    return {role: table.titles.index(title) for title, role in known.items() if role != "ignore"}


# A row a variant


def _by_variant(table: Table, known: Mapping[str, Role]) -> Campaign:
    place = _places(table, known)
    rows, notes = _without_totals(list(table.rows()), place["variant"])
    notes = [*table.notes, *notes]
    names = [row.cells[place["variant"]] for row in rows]
    _refuse_names(rows, names, _title(known, "variant"))
    columns: dict[Role, Whole] = {
        role: _counts(rows, place[role], _title(known, role), notes) for role in COUNTS if role in place
    }
    revenue = _amounts(rows, place["revenue"], _title(known, "revenue"), notes) if "revenue" in place else None
    if "conversions" not in columns:
        columns["conversions"] = _from_rates(
            rows, place["conversion_rate"], _title(known, "conversion_rate"), columns["sends"]
        )
        notes.append(f"Conversions were worked out from {_title(known, 'conversion_rate')!r}.")
    _refuse_counts(rows, columns, known)
    return Campaign(
        tuple(names), columns["sends"], columns["conversions"], columns.get("opens"), columns.get("clicks"), revenue,
        None, known, tuple(notes),
    )  # fmt: skip


def _without_totals(rows: list[Row], variant: int) -> tuple[list[Row], list[str]]:
    kept, notes = [], []
    for row in rows:
        name = row.cells[variant]
        if name.lower() in TOTALS:
            notes.append(f'Row {row.number} ("{name}") was left out: it adds up the others.')
        else:
            kept.append(row)
    return kept, notes


def _refuse_names(rows: list[Row], names: list[str], title: str) -> None:
    seen: dict[str, int] = {}
    for row, name in zip(rows, names, strict=True):
        if not name:
            raise DataError(f"row {row.number}, {title}: got no name. Fill it in, or remove the row.")
        if name in seen:
            raise DataError(
                f"row {row.number}, {title}: got {name!r}, as in row {seen[name]}; variants need names of their own. Rename one, "
                "or add the rows up."
            )
        seen[name] = row.number


def _counts(rows: list[Row], place: int, title: str, notes: list[str]) -> Whole:
    cells = [row.cells[place] for row in rows]
    style = style_of(cells, counts=True)
    if not style.is_sure:
        notes.append(
            f"Numbers in {title!r} were read with {'commas' if style.decimal == '.' else 'dots'} for thousands."
        )
    return np.array([_count(row, cell, title, style) for row, cell in zip(rows, cells, strict=True)], np.int64)


def _count(row: Row, cell: str, title: str, style: Style) -> int:
    number = number_of(cell, style)
    if number is None or cell.endswith("%"):
        raise DataError(f"row {row.number}, {title}: got {cell[:40]!r}; must be a whole number. Correct it.")
    if number < 0 or number != int(number) or number > MOST_COUNTED:
        raise DataError(f"row {row.number}, {title}: got {cell[:40]!r}; must be a whole number from 0 on. Correct it.")
    return int(number)


def _amounts(rows: list[Row], place: int, title: str, notes: list[str]) -> Floats:
    cells = [row.cells[place] for row in rows]
    style = style_of(cells, counts=False)
    if not style.is_sure:
        notes.append(
            f"Numbers in {title!r} were read with {'dots' if style.decimal == '.' else 'commas'} for decimals."
        )
    return np.array([_amount(row, cell, title, style) for row, cell in zip(rows, cells, strict=True)])


def _amount(row: Row, cell: str, title: str, style: Style) -> float:
    number = number_of(cell, style)
    if number is None:
        raise DataError(f"row {row.number}, {title}: got {cell[:40]!r}; must be a number. Correct it.")
    return number


def _from_rates(rows: list[Row], place: int, title: str, sends: Whole) -> Whole:
    cells = [row.cells[place] for row in rows]
    style = style_of(cells, counts=False)
    rates = np.array([_amount(row, cell, title, style) for row, cell in zip(rows, cells, strict=True)])
    wrong = (rates < 0) | (rates > 1)
    if wrong.any():
        row = rows[int(np.argmax(wrong))]
        raise DataError(
            f"row {row.number}, {title}: got {row.cells[place]!r}; must be from 0 to 100%. Write a percent sign, or a share of 1."
        )
    return np.round(rates * sends).astype(np.int64)


def _refuse_counts(rows: list[Row], columns: Mapping[Role, Whole], known: Mapping[str, Role]) -> None:
    sends = columns["sends"]
    if (sends == 0).any():
        row = rows[int(np.argmin(sends))]
        raise DataError(
            f"row {row.number}, {_title(known, 'sends')}: got 0; nothing is known of a variant that was never sent. Remove the row."
        )
    for role in ("conversions", "opens", "clicks"):
        above = columns[role] > sends if role in columns else np.zeros(1, np.bool_)
        if above.any():
            place = int(np.argmax(above))
            raise DataError(
                f"row {rows[place].number}, {_title(known, role)}: got {columns[role][place]:,}, more than its "
                f"{sends[place]:,} {_title(known, 'sends')}. Count people once, or check the columns."
            )


# A row a recipient


class _Recipient(NamedTuple):
    variant: int
    converted: bool
    value: float


def _by_recipient(table: Table, known: Mapping[str, Role]) -> Campaign:
    place = _places(table, known)
    names: dict[str, int] = {}
    variant, converted = bytearray(), bytearray()
    value: list[float] = []
    style = _style_of_values(table, place.get("value"))
    for one in _recipients(table, known, place, names, style):
        variant.append(one.variant)
        converted.append(one.converted)
        if style is not None:
            value.append(one.value)
    codes, answers = np.frombuffer(bytes(variant), np.uint8), np.frombuffer(bytes(converted), np.uint8)
    values = None if style is None else np.array(value, np.float32)
    sends = np.bincount(codes, minlength=len(names))
    return Campaign(
        arms=tuple(names),
        sends=sends,
        conversions=np.bincount(codes, answers, len(names)).astype(np.int64),
        opens=None,
        clicks=None,
        revenue=None if values is None else np.bincount(codes, values, len(names)).astype(np.float64),
        rows=Rows(codes, answers > 0, values),
        roles=known,
        notes=table.notes,
    )


def _style_of_values(table: Table, place: int | None) -> Style | None:
    if place is None:
        return None
    return style_of(list({row.cells[place] for row in table.rows()}), counts=False)


def _recipients(
    table: Table, known: Mapping[str, Role], place: Mapping[Role, int], names: dict[str, int], style: Style | None
) -> Iterator[_Recipient]:
    at, answer, worth = place["variant"], place["converted"], place.get("value")
    for row in table.rows():
        name = row.cells[at]
        if not name:
            raise DataError(
                f"row {row.number}, {_title(known, 'variant')}: got no name. Fill it in, or remove the row."
            )
        if name not in names and len(names) >= MOST_ARMS:
            raise DataError(
                f"row {row.number}, {_title(known, 'variant')}: got {name[:40]!r}, one more than {MOST_ARMS} variants. Is this the "
                "column that names the variants?"
            )
        said = row.cells[answer].lower()
        if said not in _YES and said not in _NO:
            raise DataError(
                f"row {row.number}, {_title(known, 'converted')}: got {row.cells[answer][:40]!r}; must be 0 or 1, or yes or no. "
                "Correct it, or say which column it is."
            )
        brought = 0.0
        if worth is not None and style is not None and row.cells[worth]:
            brought = _amount(row, row.cells[worth], _title(known, "value"), style)
        yield _Recipient(names.setdefault(name, len(names)), said in _YES, brought)
