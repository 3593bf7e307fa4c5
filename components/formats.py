"""Numbers as people read them: thousands separators, a true minus, signs on differences.

The signs are those of whoever is asking (`components/conventions.py`): every number that a visitor reads is written here.
A percent sign stands as in English, without a space: the sentences are English, and "90% interval" stands in many of them.
"""

import math
import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from components import conventions, locales
from components.conventions import MINUS, PLACE

NOTHING = "\N{EN DASH}"
"""Shown where there is no number yet, such as the rate of a line that got no sends."""

# Where rounding would reach the next unit: 0.0995 s is 0.1 s, 9.95 s is 10 s, 999,500 is 1M.
_TENTH_OF_A_SECOND, _TEN_SECONDS, _MINUTE_SECONDS = 0.0995, 9.95, 60
_THOUSAND, _NEARLY_A_MILLION = 1_000, 999_500
_FINEST = 6
"""Decimals of a price at most."""
_MOST_TICK_LETTERS = 6
"""Longer numbers along an axis would touch each other."""
_ENGLISH_NUMBER: Final = re.compile(
    r"(?<!\w)'[^'\n]*'|(?<![\w.,:])(?<!section )(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?!\w|[.,]\w)"
)
"""With a sign that others write otherwise; or what stands in quotes, and is left alone."""


def _text(number: float, digits: int, sign: str) -> str:
    """`number` with `digits` decimals; never "-0", never a hyphen for a minus."""
    if not math.isfinite(number):
        return NOTHING
    rounded = round(number, digits)
    return _signs(f"{rounded:{sign},.{digits}f}" if rounded else f"{0:.{digits}f}")


def _signs(written: str) -> str:
    """A number as Python writes it, as it is read by whoever is asking."""
    return conventions.now().signs(written).replace("-", MINUS)


def _unpadded(written: str) -> str:
    """The same without zeros that end its decimals."""
    return _signs(written.rstrip("0").rstrip(".") if "." in written else written)


def count(number: float) -> str:
    """A whole number with thousands separators.

    >>> count(1234), count(-41), count(1215.6), count(-0.2)
    ('1,234', '−41', '1,216', '0')
    """
    return _text(number, 0, "")


def decimal(number: float, digits: int = 2) -> str:
    """A plain decimal, such as a knob of a policy.

    >>> decimal(0.1), decimal(1430.04, 1), decimal(-0.001)
    ('0.10', '1,430.0', '0.00')
    """
    return _text(number, digits, "")


def compact(number: Any) -> str:
    """A setting, with as many decimals as it has.

    >>> compact(1.0), compact(0.05), compact(2000), compact(None)
    ('1', '0.05', '2,000', '–')
    """
    return NOTHING if not isinstance(number, int | float) else _unpadded(f"{number:,.6f}")


def signed(number: float, digits: int = 0) -> str:
    """A difference: always with its sign, except for zero.

    >>> signed(1266), signed(-41), signed(0), signed(0.26, 1)
    ('+1,266', '−41', '0', '+0.3')
    """
    return _text(number, digits, "+")


def percent(share: float | None, digits: int = 1) -> str:
    """A share of one as a percentage; a dash when there is none.

    >>> percent(0.529), percent(0.55, digits=0), percent(-0.0412), percent(None)
    ('52.9%', '55%', '−4.1%', '–')
    """
    return NOTHING if share is None or not math.isfinite(share) else _text(100 * share, digits, "") + "%"


def signed_percent(share: float | None, digits: int = 1) -> str:
    """A relative difference as a signed percentage.

    >>> signed_percent(0.3251), signed_percent(-0.02), signed_percent(0), signed_percent(None)
    ('+32.5%', '−2.0%', '0.0%', '–')
    """
    return NOTHING if share is None or not math.isfinite(share) else _text(100 * share, digits, "+") + "%"


def interval(low: float, high: float, digits: int = 0) -> str:
    """A range of differences.

    >>> interval(923, 1373), interval(-41, 128), interval(0, 3)
    ('+923 to +1,373', '−41 to +128', '0 to +3')
    """
    return f"{signed(low, digits)} to {signed(high, digits)}"


def money(amount: float, digits: int = 2) -> str:
    r"""An amount in the currency that was chosen, a plain number where none was.

    >>> from components.conventions import Amounts, Conventions, following
    >>> money(1234.5), money(-3, 0)
    ('1,234.50', '−3')
    >>> with following(Conventions("de", ",", ".", Amounts("#\xa0€", "+#\xa0€", "−#\xa0€"))):
    ...     money(1234.5), money(-3, 0)
    ('1.234,50\xa0€', '−3\xa0€')
    """
    amounts = conventions.now().amounts
    return _framed(amount, digits, amounts.plain, amounts.loss)


def price(amount: float) -> str:
    """An amount as somebody typed it: cents only where it has some.

    >>> price(30.0), price(12.5), price(0.005)
    ('30', '12.50', '0.005')
    """
    return money(
        amount, next(digits for digits in (0, 2, 3, 4, 5, 6) if digits == _FINEST or round(amount, digits) == amount)
    )


def signed_money(amount: float, digits: int = 2) -> str:
    """A difference of amounts.

    >>> signed_money(1234.5), signed_money(-3, 0), signed_money(0, 0)
    ('+1,234.50', '−3', '0')
    """
    amounts = conventions.now().amounts
    return _framed(amount, digits, amounts.gain, amounts.loss)


def in_money(number: str) -> str:
    """A number that somebody else writes, such as Plotly, as an amount.

    >>> in_money("%{y:,.0f}")
    '%{y:,.0f}'
    """
    return conventions.now().amounts.plain.replace(PLACE, number)


def money_interval(low: float, high: float, digits: int = 2) -> str:
    """A range of differences of amounts.

    >>> money_interval(-0.5, 3)
    '−0.50 to +3.00'
    """
    return f"{signed_money(low, digits)} to {signed_money(high, digits)}"


def _framed(amount: float, digits: int, above: str, below: str) -> str:
    """An amount in a frame for what is above zero or below it; what is rounded to nothing has no sign."""
    if not math.isfinite(amount):
        return NOTHING
    rounded = round(amount, digits)
    frame = above if rounded > 0 else below if rounded < 0 else conventions.now().amounts.plain
    return frame.replace(PLACE, _text(abs(rounded), digits, ""))


def day(told: date) -> str:
    """A date with its month as a word.

    >>> day(date(2026, 3, 4))
    'March 4, 2026'
    """
    return locales.day(told, conventions.now().language)


def prose(text: str) -> str:
    """A sentence that was written in English, with its numbers as they are read by whoever is asking.

    For what stands in the program once for everybody: errors of the engine, descriptions, the guide. Never for what was
    written for somebody already.

    >>> from components.conventions import Conventions, following
    >>> with following(Conventions("de", ",", ".")):
    ...     prose("sends: got 1,234.5; from 1 to 1,000,000, or 0.5. See 'v 1.5', arXiv:1209.3352 and b.1.csv.")
    "sends: got 1.234,5; from 1 to 1.000.000, or 0,5. See 'v 1.5', arXiv:1209.3352 and b.1.csv."
    """
    signs = conventions.now().signs
    return _ENGLISH_NUMBER.sub(lambda found: found[0] if found[0].startswith("'") else signs(found[0]), text)


def seconds(duration_seconds: float) -> str:
    """How long something took: milliseconds under a tenth of a second.

    >>> seconds(0.412), seconds(0.0234), seconds(0.0001), seconds(12.3), seconds(95)
    ('0.4 s', '23 ms', '1 ms', '12 s', '1 min 35 s')
    """
    if duration_seconds < _TENTH_OF_A_SECOND:
        return f"{max(1, round(1000 * duration_seconds))} ms"
    if duration_seconds < _TEN_SECONDS:
        return f"{decimal(duration_seconds, 1)} s"
    whole = round(duration_seconds)
    return f"{whole} s" if whole < _MINUTE_SECONDS else f"{whole // 60} min {whole % 60} s"


def short(number: float) -> str:
    """A count for tight places, such as an axis: three digits at most.

    >>> short(950), short(10_000), short(12_500), short(1_250_000), short(999_960), short(-2_500)
    ('950', '10k', '12.5k', '1.25M', '1M', '−2.5k')
    """
    size = abs(number)
    if size < _THOUSAND:
        return count(number)
    scale, suffix = (1_000, "k") if size < _NEARLY_A_MILLION else (1_000_000, "M")
    digits = max(0, 3 - len(str(int(size / scale))))
    return _unpadded(f"{number / scale:,.{digits}f}") + suffix


def signed_short(number: float) -> str:
    """A difference for tight places.

    >>> signed_short(108_005), signed_short(-2_500), signed_short(0)
    ('+108k', '−2.5k', '0')
    """
    return f"+{short(number)}" if number > 0 else short(number)


def tick_texts(ticks: Sequence[float]) -> list[str]:
    """Differences along an axis, with the decimals that its steps need; long ones are shortened, all alike.

    >>> tick_texts([-2.5, 0, 2.5]), tick_texts([0, 1_000]), tick_texts([-100_000, -50_000, 0])
    (['−2.5', '0', '+2.5'], ['0', '+1,000'], ['−100k', '−50k', '0'])
    """
    digits = next((digits for digits in (0, 1) if all(math.isclose(tick, round(tick, digits)) for tick in ticks)), 2)
    texts = [signed(tick, digits if tick else 0) for tick in ticks]
    if max(map(len, texts), default=0) <= _MOST_TICK_LETTERS:
        return texts
    return [signed_short(tick) for tick in ticks]


def large(number: float) -> str:
    """A count in words once it is large enough that its digits say nothing.

    >>> large(64_000), large(4_000_000), large(2_000_000_000), large(1_250_000)
    ('64,000', '4 million', '2 billion', '1.25 million')
    """
    for scale, word in ((1_000_000_000, "billion"), (1_000_000, "million")):
        if abs(number) >= scale:
            return f"{_unpadded(f'{number / scale:.2f}')} {word}"
    return count(number)


def rounded(number: float, digits: int = 2) -> float:
    """`number` with that many significant digits, for "after about 1,000 sends".

    >>> rounded(1034), rounded(996), rounded(3517), rounded(0), rounded(47)
    (1000.0, 1000.0, 3500.0, 0.0, 47.0)
    """
    if number == 0 or not math.isfinite(number):
        return 0.0
    return float(round(number, digits - 1 - math.floor(math.log10(abs(number)))))


def number_word(number: int) -> str:
    """Small counts as words, in running text.

    >>> number_word(2), number_word(12), number_word(1)
    ('two', '12', 'one')
    """
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    return words[number] if 0 <= number < len(words) else count(number)


def listing(items: list[str]) -> str:
    """Items as a sentence reads them.

    >>> listing(["A"]), listing(["A", "B"]), listing(["A", "B", "C"]), listing([])
    ('A', 'A and B', 'A, B and C', '')
    """
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)
