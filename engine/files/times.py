"""Cells to moments, in hours: ISO dates, days and months in either order, names of months, seconds since 1970."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

NOT_GIVEN: Final = frozenset({"", "-", "null", "none", "nat", "n/a", "na", "0000-00-00", "0000-00-00 00:00:00"})
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR: Final = timedelta(hours=1)
_PLAIN: Final = re.compile(r"\d{5}(?:\.\d+)?|\d{8}|\d{9,10}(?:\.\d+)?|\d{13}", re.ASCII)
_CLOCK: Final = r"(?:[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap]m)?)?"
_PARTS: Final = re.compile(rf"(\d{{1,2}})[./-](\d{{1,2}})[./-](\d{{4}}|\d{{2}}){_CLOCK}", re.IGNORECASE | re.ASCII)
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}})[./-](\d{{1,2}})[./-](\d{{1,2}}){_CLOCK}", re.IGNORECASE | re.ASCII)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_NAMED: Final = re.compile(
    rf"(?:\w+, )?(\d{{1,2}})[ -]([a-z]{{3,9}})\.?[ ,-]+(\d{{4}}){_CLOCK}", re.IGNORECASE | re.ASCII
)
_MONTH_NAMED: Final = re.compile(
    rf"(?:\w+, )?([a-z]{{3,9}})\.? (\d{{1,2}}),? (\d{{4}}){_CLOCK}", re.IGNORECASE | re.ASCII
)
_ZONE: Final = re.compile(r"\s*(?:UTC|GMT|Z)$", re.IGNORECASE)
_MOST_MONTH: Final = 12


class Order(NamedTuple):
    """Whether days stand before months; `is_sure` unless every date could be read either way."""

    day_first: bool
    is_sure: bool


def order_of(cells: Iterable[str]) -> Order:
    """Return how a column orders days and months: one date that can be read in a single way decides for all.

    Where each could be read either way, dots mean the day first, slashes and dashes the month.

    >>> order_of(["3/4/2026", "3/14/2026"]), order_of(["3.4.2026"]), order_of(["2026-03-04"])
    (Order(day_first=False, is_sure=True), Order(day_first=True, is_sure=False), Order(day_first=True, is_sure=True))
    """
    dots = None
    for cell in cells:
        if found := _PARTS.fullmatch(_ZONE.sub("", cell)):
            first, second = int(found[1]), int(found[2])
            if first > _MOST_MONTH or second > _MOST_MONTH:
                return Order(first > _MOST_MONTH, is_sure=True)
            dots = "." in cell[:3]
    return Order(day_first=dots is not False, is_sure=dots is None)


def hours_of(cell: str, order: Order) -> float | None:
    """Return the hours since 1970 that a cell says, in UTC where it names no other zone; None where it says none.

    >>> day = Order(day_first=True, is_sure=True)
    >>> [hours_of(cell, day) for cell in ("1970-01-02 01:30", "1970-01-02T01:30:00+01:00", "2.1.1970 1:30", "soon")]
    [25.5, 24.5, 25.5, None]
    >>> [hours_of(cell, day) for cell in ("Jan 2, 1970 1:30 AM", "2 January 1970", "1700000000")]
    [25.5, 24.0, 472222.22222222225]
    """
    try:
        return _plain(cell) if _PLAIN.fullmatch(cell) else _written(cell, order)
    except (ValueError, OverflowError):
        return None


def _plain(cell: str) -> float:
    """Digits alone: days since 1900 as spreadsheets count them, a date, or seconds or thousandths since 1970."""
    digits = len(cell.partition(".")[0])
    if digits == 5:  # noqa: PLR2004
        return (float(cell) - 25_569) * 24  # 25,569 days from 1900 to 1970
    if digits == 8:  # noqa: PLR2004
        return _hours(datetime.strptime(cell, "%Y%m%d").replace(tzinfo=UTC))
    return float(cell) / (3_600_000 if digits == 13 else 3_600)  # noqa: PLR2004


def _written(cell: str, order: Order) -> float | None:
    try:
        return _hours(datetime.fromisoformat(cell))
    except ValueError:
        text = _ZONE.sub("", cell)
    if found := _PARTS.fullmatch(text):
        first, second, year, *clock = found.groups()
        day, month = (first, second) if order.day_first else (second, first)
        return _moment(_century(year), int(month), int(day), clock)
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day, *clock = found.groups()
        return _moment(int(year), int(month), int(day), clock)
    return _with_named_month(text)


def _with_named_month(text: str) -> float | None:
    if found := _DAY_NAMED.fullmatch(text):
        day, name, year, *clock = found.groups()
    elif found := _MONTH_NAMED.fullmatch(text):
        name, day, year, *clock = found.groups()
    else:
        return None
    return _moment(int(year), _MONTHS.index(name[:3].lower()) + 1, int(day), clock)


def _century(year: str) -> int:
    return int(year) + 2000 if len(year) == 2 else int(year)  # noqa: PLR2004


def _moment(year: int, month: int, day: int, clock: list[str]) -> float:
    hour, minute, second, half = clock
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + 12 * (half.lower() == "pm")
    return _hours(datetime(year, month, day, hours, int(minute or 0), int(second or 0), tzinfo=UTC))


def _hours(moment: datetime) -> float:
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _START) / _HOUR
