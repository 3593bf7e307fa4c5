"""Numbers in all the styles of mailing tools; what has two readings is read as its column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.files.numbers import Exact, Style, is_number, number_of, style_of

DOT, COMMA = Style(".", is_sure=True), Style(",", is_sure=True)


@pytest.mark.parametrize(
    ("cell", "style", "expected"),
    [
        ("1234", DOT, 1234.0), ("1,234", DOT, 1234.0), ("1.234", COMMA, 1234.0), ("1 234", DOT, 1234.0),
        ("1\u00a0234\u202f567", COMMA, 1234567.0), ("1\u2009234,5", COMMA, 1234.5), ("1'234.50", DOT, 1234.5),
        ("1,234,567.8", DOT, 1234567.8), ("$1,234.50", DOT, 1234.5), ("1.234,50 €", COMMA, 1234.5), ("US$ 12", DOT, 12.0),
        ("EUR 12,5", COMMA, 12.5), ("12 kr", DOT, 12.0), ("-£3.20", DOT, -3.2), ("\u22125", DOT, -5.0), ("+5", DOT, 5.0),
        ("4%", DOT, 0.04), ("4,5 %", COMMA, 0.045), (".5", DOT, 0.5), ("5.", DOT, 5.0), ("1e3", DOT, 1000.0),
    ],
)  # fmt: skip
def test_a_cell_is_read(cell: str, style: Style, expected: float) -> None:
    assert number_of(cell, style) == pytest.approx(expected)


@pytest.mark.parametrize(
    "cell",
    ["", " ", "-", ".", "$", "%", "n/a", "NaN", "inf", "-inf", "1e999", "=1+1", "12 34", "1 23", "1,23,4", "1.2.3", "0x10", "1_000",
     "²", "١٢", "1-2", "5%%", "1,,234", "12abc", "(5)", "1 234.567.8", "e5"],
)  # fmt: skip
def test_what_is_no_number_is_none(cell: str) -> None:
    assert number_of(cell, DOT) is None
    assert number_of(cell, COMMA) is None
    assert not is_number(cell)


@pytest.mark.parametrize(
    ("cells", "as_count", "as_money"),
    [
        (["12", "40"], DOT, DOT),
        (["1,234"], Style(".", is_sure=False), Style(",", is_sure=False)),
        (["1.234"], Style(",", is_sure=False), Style(".", is_sure=False)),
        (["1.234", "1.5"], DOT, DOT),
        (["1.234", "1.234.567"], COMMA, COMMA),
        (["1,234", "1,234.5"], DOT, DOT),
        (["0.123"], DOT, DOT),
        (["1.234", "1234.567"], DOT, DOT),
        (["1.234", "n/a"], Style(",", is_sure=False), Style(".", is_sure=False)),
        ([Exact("1.5"), "1.234"], Style(",", is_sure=False), Style(".", is_sure=False)),
    ],
)
def test_a_column_has_one_style(cells: list[str], as_count: Style, as_money: Style) -> None:
    assert (style_of(cells, counts=True), style_of(cells, counts=False)) == (as_count, as_money)


def test_numbers_of_workbooks_have_a_point_whatever_the_style() -> None:
    assert (number_of(Exact("1.234"), COMMA), number_of("1.234", COMMA)) == (1.234, 1234.0)


@given(
    st.integers(0, 10**12),
    st.sampled_from([("", "."), (",", "."), (".", ","), (" ", ","), ("\u202f", "."), ("'", ".")]),
)
def test_counts_of_any_style_come_back(number: int, signs: tuple[str, str]) -> None:
    thousands, decimal = signs
    assert number_of(f"{number:,}".replace(",", thousands), Style(decimal, is_sure=True)) == number


@given(st.text(max_size=12) | st.text("0123456789.,-+eE %$€' ", max_size=12))
def test_nothing_fails(cell: str) -> None:
    for style in (DOT, COMMA, style_of([cell], counts=True)):
        number = number_of(cell, style)
        assert number is None or abs(number) < float("inf")
