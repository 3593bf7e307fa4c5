"""Times in the forms of mailing tools."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.files.times import Order, hours_of, order_of

DAY, MONTH = Order(day_first=True, is_sure=True), Order(day_first=False, is_sure=True)


@pytest.mark.parametrize(
    ("cell", "order", "expected"),
    [
        ("1970-01-02", DAY, 24.0), ("1970-01-02T06:30", DAY, 30.5), ("1970-01-02 06:30:00Z", DAY, 30.5),
        ("1970-01-02T06:30:00.000+02:00", DAY, 28.5), ("1970-01-02 06:30:00 UTC", DAY, 30.5), ("02.01.1970 6:30", DAY, 30.5),
        ("2/1/1970 06:30", DAY, 30.5), ("1/2/1970 6:30 AM", MONTH, 30.5), ("01/02/1970, 12:00 PM", MONTH, 36.0),
        ("1/2/1970 12:15:00 am", MONTH, 24.25), ("1970/1/2 6:30", DAY, 30.5), ("2 Jan 1970 06:30", DAY, 30.5),
        ("Fri, 2 Jan 1970 06:30:00", DAY, 30.5), ("January 2, 1970", MONTH, 24.0), ("19700102", DAY, 24.0),
        ("946684800", DAY, 262968.0), ("946684800000", DAY, None), ("1700000000000", DAY, 1.7e9 / 3600), ("25570.5", DAY, 36.0),
        ("2.1.70", DAY, 876624.0),
    ],
)  # fmt: skip
def test_a_time_is_read(cell: str, order: Order, expected: float | None) -> None:
    assert hours_of(cell, order) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    "cell", ["", "soon", "0", "1", "12:30", "2026-13-01", "31.02.2026", "2026-01-01 25:00", "5 Foo 2026"]
)
def test_what_is_no_time_is_none(cell: str) -> None:
    assert hours_of(cell, DAY) is None
    assert hours_of(cell, MONTH) is None


def test_one_date_decides_for_its_column() -> None:
    assert order_of(["3/4/2026", "13/4/2026"]) == DAY
    assert order_of(["3/4/2026", "4/13/2026"]) == MONTH
    assert order_of(["3/4/2026"]) == Order(day_first=False, is_sure=False)
    assert order_of(["3.4.2026", ""]) == Order(day_first=True, is_sure=False)


@given(st.text(max_size=24) | st.text("0123456789./-: TZapm", max_size=24))
def test_nothing_fails(cell: str) -> None:
    hours_of(cell, order_of([cell]))
