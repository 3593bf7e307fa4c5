"""How numbers look to whoever is asking: the signs of their language, and the currency of their amounts.

The words stay English. Who reads them chooses how numbers look, or their browser says so; `components/door/conventions.py`
finds out for each request, `components/locales.py` asks Babel for the signs. Whatever writes a number asks `now()`.

What is kept for several visitors holds numbers, never written ones, or is kept under `now().mark`.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Final

MINUS: Final = "\N{MINUS SIGN}"
PLACE: Final = "#"
"""Where the number stands in an amount of money."""


@dataclass(frozen=True)
class Amounts:
    """How an amount of money is written, with `PLACE` for the number: alone, as a gain and as a loss.

    >>> Amounts("€#", "+€#", "−€#").plain
    '€#'
    """

    plain: str = PLACE
    gain: str = f"+{PLACE}"
    loss: str = f"{MINUS}{PLACE}"

    @property
    def symbol(self) -> str:
        r"""The currency alone; nothing where none was chosen.

        >>> Amounts("#\xa0€").symbol, Amounts().symbol
        ('€', '')
        """
        return self.plain.replace(PLACE, "").strip()


@dataclass(frozen=True)
class Conventions:
    """The signs of a language, as browsers name it, and how amounts of money are written."""

    language: str = "en"
    decimal: str = "."
    group: str = ","
    amounts: Amounts = Amounts()

    def signs(self, written: str) -> str:
        """A number as Python writes it, with these signs.

        >>> Conventions("de", ",", ".").signs("1,234.5")
        '1.234,5'
        """
        return written.translate({ord(","): self.group, ord("."): self.decimal})

    @property
    def separators(self) -> str:
        """The same two signs as Plotly wants them."""
        return self.decimal + self.group

    @property
    def mark(self) -> str:
        """A name for all that is written alike, whatever the language; to keep it under.

        >>> Conventions().mark == Conventions("en-GB").mark, Conventions().mark == Conventions("de", ",", ".").mark
        (True, False)
        """
        told = (self.separators, self.amounts.plain, self.amounts.gain, self.amounts.loss)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:8]

    def for_scripts(self) -> str:
        """The same as JSON, for what is written in the browser."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


USUAL: Final = Conventions()
"""Where nobody has said anything: 1,234.5 and no currency."""

_NOW: ContextVar[Conventions] = ContextVar("conventions", default=USUAL)


def now() -> Conventions:
    """The conventions of whoever is asking."""
    return _NOW.get()


def follow(conventions: Conventions) -> None:
    """Write for somebody from now on, in this thread."""
    _NOW.set(conventions)


@contextmanager
def following(conventions: Conventions) -> Iterator[None]:
    """Write for somebody for a while."""
    before = _NOW.set(conventions)
    try:
        yield
    finally:
        _NOW.reset(before)
