"""Cells to numbers: thousands, decimal commas, currency and percent signs; a column is read in one way throughout."""

import math
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

_CURRENCY: Final = re.compile(r"^(?:[$€£¥₹]|USD|EUR|GBP|CHF)\s*|\s*(?:[$€£¥₹]|USD|EUR|GBP|CHF|kr\.?)$", re.IGNORECASE)
_SPACES: Final = re.compile(r"[\s\u00a0\u202f\u2009']")
_NUMBER: Final = re.compile(r"^[+-]?(?:\d[\d.,]*|[.,]\d+)(?:[eE][+-]?\d+)?$")
_THREE: Final = 3


class Style(NamedTuple):
    """How the numbers of a column are written; `is_sure` unless every one could be read either way."""

    decimal: str  # "." or ","
    is_sure: bool


def style_of(cells: Sequence[str], *, counts: bool) -> Style:
    """Return how a column writes its numbers: one that can be read in a single way decides for all.

    Where each could be read either way, as 1.234 or 1,234, counts take the sign for thousands, and others for decimals.

    >>> style_of(["1.234", "12.345,6"], counts=True), style_of(["1,234"], counts=True), style_of(["1,234"], counts=False)
    (Style(decimal=',', is_sure=True), Style(decimal='.', is_sure=False), Style(decimal=',', is_sure=False))
    """
    votes = {sign for cell in cells for sign in _decides(_bare(cell))}
    if len(votes) == 1:
        return Style(votes.pop(), is_sure=True)
    signs = {sign for cell in cells for sign in ".," if sign in _bare(cell)}
    if len(signs) != 1:
        return Style(".", is_sure=not signs)
    sign = signs.pop()
    other = "," if sign == "." else "."
    return Style(other if counts else sign, is_sure=False)


def number_of(cell: str, style: Style) -> float | None:
    """Return a cell's number, of "12%" 0.12; None where it holds none.

    >>> dot, comma = Style(".", True), Style(",", True)
    >>> number_of("1,234.5", dot), number_of("1.234,5 €", comma), number_of("12,5 %", comma), number_of("n/a", dot)
    (1234.5, 1234.5, 0.125, None)
    """
    bare, is_share = _bare(cell), cell.strip().endswith("%")
    if not _NUMBER.match(bare):
        return None
    thousands = "," if style.decimal == "." else "."
    plain = bare.replace(thousands, "").replace(style.decimal, ".")
    try:
        number = float(plain)
    except ValueError:
        return None
    if not math.isfinite(number) or not _has_thousands_in_place(bare, thousands, style.decimal):
        return None
    return number / 100 if is_share else number


def _bare(cell: str) -> str:
    """Return a cell without its signs of money and percent, and without spaces between digits."""
    text = cell.strip().removesuffix("%").strip()
    return _SPACES.sub("", _CURRENCY.sub("", text)).replace("\N{MINUS SIGN}", "-")


def _decides(bare: str) -> list[str]:
    """Return the decimal sign, if the cell can only be read with it."""
    if not _NUMBER.match(bare):
        return []
    dots, commas = bare.count("."), bare.count(",")
    if dots and commas:
        return ["." if bare.rindex(".") > bare.rindex(",") else ","]
    if dots + commas == 0:
        return []
    sign, other = (".", ",") if dots else (",", ".")
    if dots + commas > 1:
        return [other]
    whole, _, rest = bare.partition(sign)
    digits = whole.lstrip("+-")
    return [] if len(rest) == _THREE and 1 <= len(digits) <= _THREE and not digits.startswith("0") else [sign]


def _has_thousands_in_place(bare: str, thousands: str, decimal: str) -> bool:
    whole = bare.partition(decimal)[0].lstrip("+-")
    groups = whole.split(thousands)
    return len(groups) == 1 or (1 <= len(groups[0]) <= _THREE and all(len(group) == _THREE for group in groups[1:]))
