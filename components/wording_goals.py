"""What a campaign is after, in words: conversions, revenue or net value.

Amounts of money are in the account's own currency, which nobody tells us: they are written as plain numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from components.formats import count, decimal, signed

_SMALL: Final = 10
"""Below this an amount of money shows its cents."""


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
        return decimal(amount) if self._has_cents(amount) else count(amount)

    def difference(self, amount: float) -> str:
        """A difference without its unit.

        >>> CONVERSIONS.difference(-41), REVENUE.difference(0.5)
        ('−41', '+0.50')
        """
        return signed(amount, 2 if self._has_cents(amount) else 0)

    def amount(self, number: str) -> str:
        """A written number with its unit.

        >>> CONVERSIONS.amount("+1,358"), REVENUE.amount("+1,358"), CONVERSIONS.amount("1")
        ('+1,358 conversions', '+1,358 of revenue', '1 conversion')
        """
        if self.is_money:
            return f"{number} of {self.unit}"
        return f"{number} {self.unit.removesuffix('s') if number == '1' else self.unit}"

    def _has_cents(self, amount: float) -> bool:
        return self.is_money and 0 < abs(amount) < _SMALL


CONVERSIONS: Final = Goal(
    "conversions", "conversions", is_money=False, got="converted", brought="converted", as_much="often"
)
REVENUE: Final = Goal("revenue", "revenue", is_money=True, got="spent", brought="earned", as_much="much")
NET_VALUE: Final = Goal("net_value", "net value", is_money=True, got="been worth", brought="earned", as_much="much")

_ALL: Final = {goal.name: goal for goal in (CONVERSIONS, REVENUE, NET_VALUE)}


def goal_of(answer: Mapping[str, Any]) -> Goal:
    """The words for what an answer counts: a run, its repeats, a comparison, a price list or a stress test."""
    return _ALL[answer["goal"]]
