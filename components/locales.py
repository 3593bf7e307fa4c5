"""The signs, amounts and dates of languages, as Babel knows them.

Babel keeps all it has ever read, up to 190 MB where somebody asks for every language there is: what is needed is taken out and
the rest let go.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.localedata import clear_caches
from babel.numbers import (
    format_currency,
    get_currency_name,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
)

from components.conventions import MINUS, PLACE, Amounts, Conventions

STYLES: Final = ("en", "de", "fr", "de-CH")
"""Languages whose signs can be chosen, whatever the browser says."""
CURRENCIES: Final = ("EUR", "USD", "GBP", "CHF", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN", "CZK", "INR", "BRL", "JPY")
EXAMPLE: Final = 1234.5
"""Shows both signs."""

_ENGLISH: Final = "en"
_SPACE: Final = "\N{NO-BREAK SPACE}"
_ONE: Final = re.compile(r"1(?:\D0+)?")
_TOUCHING: Final = re.compile(rf"(?<=[^\W\d_])(?={PLACE})|(?<={PLACE})(?=[^\W\d_])")
_INVISIBLE: Final = re.compile("[\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}\N{ARABIC LETTER MARK}]")
"""They turn the direction of writing, which is English here."""
_KEPT: Final = 256
_LONGEST: Final = 35
"""Letters of a language's name; longer ones are not looked up."""


@lru_cache(maxsize=_KEPT)
def conventions(language: str, currency: str | None = None) -> Conventions:
    r"""The conventions of a language that `known` or `STYLES` names.

    >>> conventions("de"), conventions("fr").separators
    (Conventions(language='de', decimal=',', group='.', amounts=Amounts(plain='#', gain='+#', loss='−#')), ',\u202f')
    >>> conventions("en", "EUR").amounts
    Amounts(plain='€#', gain='+€#', loss='−€#')
    >>> conventions("de", "EUR").amounts.plain, conventions("nl", "EUR").amounts.loss, conventions("en", "CHF").amounts.plain
    ('#\xa0€', '€\xa0−#', 'CHF\xa0#')
    """
    locale = Locale.parse(language, sep="-")
    found = Conventions(
        language,
        get_decimal_symbol(locale, numbering_system="latn"),
        get_group_symbol(locale, numbering_system="latn"),
        _amounts(locale, currency) if currency else Amounts(),
    )
    clear_caches()
    return found


@lru_cache(maxsize=_KEPT)
def known(language: str) -> str | None:
    """A language that a browser names as Babel knows it, or without its country; None where it knows none like it.

    >>> [known(name) for name in ("de-ch", "en-US", "de-XX", "zh-Hant-TW", "tlh", "*", "../en")]
    ['de-CH', 'en-US', 'de', 'zh-Hant-TW', None, None, None]
    """
    if len(language) > _LONGEST:
        return None
    for name in (language, language.partition("-")[0]):
        try:
            locale = Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        return "-".join(filter(None, (locale.language, locale.script, locale.territory)))
    return None


def with_signs_of(language: str, style: str) -> str:
    """The language itself where it has the signs of a style, else the style's: a Briton's dates stay British.

    >>> with_signs_of("en-GB", "en"), with_signs_of("en-GB", "de"), with_signs_of("de-AT", "de")
    ('en-GB', 'de', 'de-AT')
    """
    alike = conventions(language).separators == conventions(style).separators
    return language if alike else style


def day(told: date, language: str) -> str:
    """A date with its month as a word, so that nobody takes the month for the day.

    >>> day(date(2026, 3, 4), "en"), day(date(2026, 3, 4), "de"), day(date(2026, 3, 4), "fr")
    ('March 4, 2026', '4. März 2026', '4 mars 2026')
    """
    written = format_date(told, "long", locale=Locale.parse(language, sep="-"))
    clear_caches()
    return written


def example(style: str) -> str:
    """A number that shows the signs of a style.

    >>> example("en"), example("de")
    ('1,234.5', '1.234,5')
    """
    return conventions(style).signs(f"{EXAMPLE:,}")


def symbol(currency: str) -> str:
    """A currency as it stands beside an amount in English.

    >>> symbol("EUR"), symbol("CHF"), symbol("CAD")
    ('€', 'CHF', 'CA$')
    """
    return get_currency_symbol(currency, locale=_ENGLISH)


def name(currency: str) -> str:
    """A currency's name.

    >>> name("EUR"), name("CHF")
    ('Euro', 'Swiss Franc')
    """
    return get_currency_name(currency, locale=_ENGLISH)


def _amounts(locale: Locale, currency: str) -> Amounts:
    """How amounts are written, read off what Babel makes of 1 and of -1; a gain has its sign where a loss has it."""
    plain, loss = (_frame(format_currency(amount, currency, locale=locale)) for amount in (1, -1))
    return Amounts(plain, loss.replace("-", "+"), loss.replace("-", MINUS))


def _frame(written: str) -> str:
    """An amount with a place where its number was; letters stand off from it."""
    framed = _ONE.sub(PLACE, _INVISIBLE.sub("", written))
    return _TOUCHING.sub(_SPACE, framed)
