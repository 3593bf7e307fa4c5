"""What a campaign is after, in words: conversions, revenue or net value.

Amounts of money are in the account's own currency. Who reads them may have chosen it; else they are written as plain numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from components.formats import count, decimal, interval, money, money_interval, signed, signed_money

_SMALL: Final = 10
"""Below this an amount of money shows its cents, and an average number of conversions a decimal."""

_CENT: Final = 0.01


@dataclass(frozen=True)
class Goal:
    """The words for one goal."""

    name: str
    unit: str
    """What an amount is of: "conversions", "revenue"."""
    is_money: bool
    got: str
    """What recipients would have done: "converted", "spent"."""
    brought: str
    """What a policy did."""
    as_much: str
    """How much of it, where two are level: "often", "much"."""

    @property
    def least_step(self) -> float:
        """Between two ticks of an axis: nobody converts half a time, and nothing is worth less than a cent."""
        return _CENT if self.is_money else 1.0

    @property
    def named(self) -> str:
        """The unit at the start of a sentence.

        >>> CONVERSIONS.named, NET_VALUE.named
        ('Conversions', 'Net value')
        """
        return self.unit.capitalize()

    @property
    def level(self) -> str:
        """How two are told to be level: "as many conversions".

        >>> CONVERSIONS.level, REVENUE.level
        ('as many conversions', 'as much revenue')
        """
        return f"as {'much' if self.is_money else 'many'} {self.unit}"

    @property
    def least(self) -> str:
        """The smallest amount of it.

        >>> CONVERSIONS.least, REVENUE.least
        ('the fewest conversions', 'the least revenue')
        """
        return f"the {'least' if self.is_money else 'fewest'} {self.unit}"

    @property
    def more_or_fewer(self) -> str:
        """What a change is measured in.

        >>> CONVERSIONS.more_or_fewer, NET_VALUE.more_or_fewer
        ('conversions more or fewer', 'net value more or less')
        """
        return f"{self.unit} more or {'less' if self.is_money else 'fewer'}"

    def compared(self, extra: float) -> str:
        """A difference as words, after "would have" and `got`.

        >>> CONVERSIONS.compared(1266), CONVERSIONS.compared(-1), CONVERSIONS.compared(0)
        ('1,266 more times', '1 fewer time', 'just as often')
        >>> REVENUE.compared(-41.5), NET_VALUE.compared(3.254), REVENUE.compared(0)
        ('42 less', '3.25 more', 'just as much')
        """
        if extra == 0:
            return f"just as {self.as_much}"
        size = self.number(abs(extra))
        if self.is_money:
            return f"{size} {'more' if extra > 0 else 'less'}"
        return f"{size} {'more' if extra > 0 else 'fewer'} {'time' if abs(extra) == 1 else 'times'}"

    def number(self, amount: float) -> str:
        """An amount without its unit.

        >>> CONVERSIONS.number(4.2), REVENUE.number(4.2), REVENUE.number(12_345.6)
        ('4', '4.20', '12,346')
        """
        return money(amount, self._cents(amount)) if self.is_money else count(amount)

    def difference(self, amount: float) -> str:
        """A difference without its unit.

        >>> CONVERSIONS.difference(-41), REVENUE.difference(0.5)
        ('−41', '+0.50')
        """
        return self.change(amount, self._cents(amount))

    def bare_difference(self, amount: float) -> str:
        """A difference for tight places: without its currency too.

        >>> CONVERSIONS.bare_difference(-41), REVENUE.bare_difference(0.5)
        ('−41', '+0.50')
        """
        return signed(amount, self._cents(amount))

    def between(self, low: float, high: float) -> str:
        """A range of differences.

        >>> CONVERSIONS.between(-41.2, 128), REVENUE.between(0.5, 3)
        ('−41 to +128', '+0.50 to +3.00')
        """
        return self.changes(low, high, max(self._cents(low), self._cents(high)))

    def mean(self, mean: float) -> str:
        """An average: conversions too have a decimal while they are few.

        >>> CONVERSIONS.mean(41.3), CONVERSIONS.mean(3.21), REVENUE.mean(3.21), CONVERSIONS.mean(0.0)
        ('41', '3.2', '3.21', '0')
        """
        return self.written(mean, self._digits(mean))

    def mean_difference(self, mean: float) -> str:
        """An average difference.

        >>> CONVERSIONS.mean_difference(1358.2), CONVERSIONS.mean_difference(-3.21), REVENUE.mean_difference(-3.21)
        ('+1,358', '−3.2', '−3.21')
        """
        return self.change(mean, self._digits(mean))

    def mean_between(self, low: float, high: float) -> str:
        """An interval of an average difference.

        >>> CONVERSIONS.mean_between(-126.2, -98.1), CONVERSIONS.mean_between(-3.24, 4.0), REVENUE.mean_between(0.5, 12)
        ('−126 to −98', '−3.2 to +4.0', '+0.50 to +12.00')
        """
        return self.changes(low, high, max(self._digits(low), self._digits(high)))

    def written(self, amount: float, digits: int) -> str:
        """An amount with so many decimals, without its unit.

        >>> CONVERSIONS.written(3.21, 1), REVENUE.written(3.21, 1)
        ('3.2', '3.2')
        """
        return money(amount, digits) if self.is_money else decimal(amount, digits)

    def change(self, amount: float, digits: int) -> str:
        """A difference with so many decimals.

        >>> CONVERSIONS.change(3.21, 1), REVENUE.change(-3.21, 0)
        ('+3.2', '−3')
        """
        return signed_money(amount, digits) if self.is_money else signed(amount, digits)

    def changes(self, low: float, high: float, digits: int) -> str:
        """A range of differences with so many decimals.

        >>> CONVERSIONS.changes(-1, 3.21, 1)
        '−1.0 to +3.2'
        """
        return money_interval(low, high, digits) if self.is_money else interval(low, high, digits)

    def is_nothing(self, mean: float) -> bool:
        """Whether an average is written as nothing.

        >>> CONVERSIONS.is_nothing(0.04), CONVERSIONS.is_nothing(-0.06)
        (True, False)
        """
        return round(mean, self._digits(mean)) == 0

    def amount(self, number: str) -> str:
        """A written number with its unit.

        >>> CONVERSIONS.amount("+1,358"), REVENUE.amount("+1,358"), CONVERSIONS.amount("1")
        ('+1,358 conversions', '+1,358 of revenue', '1 conversion')
        """
        if self.is_money:
            return f"{number} of {self.unit}"
        return f"{number} {self.unit.removesuffix('s') if number == '1' else self.unit}"

    def _digits(self, mean: float) -> int:
        """Decimals of an average; exactly nothing has none."""
        return (2 if self.is_money else 1) if 0 < abs(mean) < _SMALL else 0

    def _cents(self, amount: float) -> int:
        return 2 if self.is_money and 0 < abs(amount) < _SMALL else 0


CONVERSIONS: Final = Goal(
    "conversions", "conversions", is_money=False, got="converted", brought="converted", as_much="often"
)
REVENUE: Final = Goal("revenue", "revenue", is_money=True, got="spent", brought="earned", as_much="much")
NET_VALUE: Final = Goal("net_value", "net value", is_money=True, got="been worth", brought="earned", as_much="much")

_ALL: Final = {goal.name: goal for goal in (CONVERSIONS, REVENUE, NET_VALUE)}


def goal_of(answer: Mapping[str, Any]) -> Goal:
    """The words for what an answer counts: a run, its repeats, a comparison, a price list or a stress test."""
    return _ALL[answer["goal"]]
