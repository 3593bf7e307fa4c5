"""Cells to numbers: thousands, decimal commas, currency and percent signs; a column is read in one way throughout."""

import math
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

_CODES: Final = "USD|EUR|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|JPY|CNY|INR|AUD|NZD|CAD|BRL|MXN|ZAR|TRY|SGD|HKD|ILS"
_MONEY: Final = rf"(?:[A-Z]{{0,3}}[$€£¥₹₽₩₺₪₴฿]|{_CODES}|kr\.?|zł|Kč)"
_MONEY_BEFORE: Final = re.compile(rf"^([+-]?)\s*{_MONEY}\s*(?=[\d.,+-])", re.IGNORECASE)
_MONEY_AFTER: Final = re.compile(rf"(?<=[\d.,])\s*{_MONEY}$", re.IGNORECASE)
_PERCENT: Final = ("%", "\N{FULLWIDTH PERCENT SIGN}", "\N{ARABIC PERCENT SIGN}")
_GAP: Final = re.compile(r"(?<=\d)[\s'\N{RIGHT SINGLE QUOTATION MARK}](?=\d)")
_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,3}(?: \d{3})+|\d[\d.,]*)?(?:[.,]\d*)?(?:[eE][+-]?\d+)?", re.ASCII)
_DIGIT: Final = re.compile(r"\d", re.ASCII)
_THREE: Final = 3


class Exact(str):
    """A number that the file holds as a number: always with a decimal point, whatever other cells do."""

    __slots__ = ()


class Style(NamedTuple):
    """How the numbers of a column are written; `is_sure` unless every one could be read either way."""

    decimal: str  # "." or ","
    is_sure: bool


def style_of(cells: Iterable[str], *, counts: bool) -> Style:
    """Return how a column writes its numbers: one that can be read in a single way decides for all.

    Where each could be read either way, as 1.234 or 1,234, counts take the sign for thousands, and others for decimals.
    Where some can be read in one way only and some in the other, no style fits: the first decides, and the others fail.

    >>> style_of(["1.234", "12.345,6"], counts=True), style_of(["1,234"], counts=True), style_of(["1,234"], counts=False)
    (Style(decimal=',', is_sure=True), Style(decimal='.', is_sure=False), Style(decimal=',', is_sure=False))
    """
    signs: set[str] = set()
    for cell in cells:
        if isinstance(cell, Exact):
            continue
        bare = _bare(cell)
        if decided := _decides(bare):
            return Style(decided, is_sure=True)
        signs.update(sign for sign in ".," if sign in bare)
    if len(signs) != 1:
        return Style(".", is_sure=not signs)
    sign = signs.pop()
    other = "," if sign == "." else "."
    return Style(other if counts else sign, is_sure=False)


def number_of(cell: str, style: Style) -> float | None:
    """Return a cell's number, of "12%" 0.12; None where it holds none, or one that is not finite.

    >>> dot, comma = Style(".", True), Style(",", True)
    >>> number_of("1,234.5", dot), number_of("1.234,5 €", comma), number_of("12,5 %", comma), number_of("12 34", dot)
    (1234.5, 1234.5, 0.125, None)
    """
    bare = _bare(cell)
    if not _NUMBER.fullmatch(bare) or not _DIGIT.search(bare):
        return None
    decimal = "." if isinstance(cell, Exact) else style.decimal
    thousands = "," if decimal == "." else "."
    if not _has_thousands_in_place(bare, thousands, decimal):
        return None
    try:
        number = float(bare.replace(thousands, "").replace(" ", "").replace(decimal, "."))
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return number / 100 if is_percent(cell) else number


def is_percent(cell: str) -> bool:
    """Whether a cell ends with a percent sign."""
    return cell.endswith(_PERCENT)


def is_number(cell: str) -> bool:
    """Whether a cell holds a number in any style.

    >>> is_number("1.234,50 €"), is_number("1,234"), is_number("A1"), is_number("")
    (True, True, False, False)
    """
    return any(number_of(cell, Style(decimal, is_sure=True)) is not None for decimal in ".,")


def step_of(cell: str, style: Style) -> float:
    """Return the smallest difference that a cell as written can tell.

    >>> step_of("5.39%", Style(".", True)), step_of("0.04", Style(".", True)), step_of("12", Style(".", True))
    (0.0001, 0.01, 1.0)
    """
    if isinstance(cell, Exact):
        return 0.0
    mantissa, _, power = _bare(cell).lower().partition("e")
    places = len(mantissa.partition(style.decimal)[2]) - int(power or 0)
    return float(f"1e{-places - 2 * is_percent(cell)}")


def _bare(cell: str) -> str:
    """Return a cell without its signs of money and percent, every gap between digits a space."""
    text = cell.strip()
    if text.isdigit():
        return text
    text = (text[:-1] if is_percent(text) else text).strip().replace("\N{MINUS SIGN}", "-")
    text = _MONEY_AFTER.sub("", _MONEY_BEFORE.sub(r"\1", text))
    return _GAP.sub(" ", text)


def _decides(bare: str) -> str:
    """Return the decimal sign, if the cell can only be read with it."""
    dots, commas = bare.count("."), bare.count(",")
    if dots + commas == 0 or not _NUMBER.fullmatch(bare):
        return ""
    if dots and commas:
        return "." if bare.rindex(".") > bare.rindex(",") else ","
    sign, other = (".", ",") if dots else (",", ".")
    if dots + commas > 1:
        return other
    whole, _, rest = bare.partition(sign)
    return "" if _could_be_thousands(whole.lstrip("+-"), rest) else sign


def _could_be_thousands(whole: str, rest: str) -> bool:
    return len(rest) == _THREE and rest.isdigit() and 1 <= len(whole) <= _THREE and not whole.startswith("0")


def _has_thousands_in_place(bare: str, thousands: str, decimal: str) -> bool:
    whole, _, rest = bare.partition(decimal)
    groups = whole.lstrip("+-").split(thousands)
    if thousands in rest or decimal in rest or (len(groups) > 1 and " " in whole):
        return False
    return len(groups) == 1 or (1 <= len(groups[0]) <= _THREE and all(len(group) == _THREE for group in groups[1:]))
