"""Columns of many rows in little memory: every different cell once, and four bytes a row."""

from array import array
from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Meaning = TypeVar("Meaning")


class _Places(dict[str, int]):
    """The place of every different cell, in the order in which they came."""

    def __missing__(self, cell: str) -> int:
        place = self[cell] = len(self)
        return place


class Coded:
    """A column that grows.

    >>> column = Coded()
    >>> column.extend(["A", "B", "A"])
    >>> column.cells, column.codes.tolist(), column.first_row(1)
    (['A', 'B'], [0, 1, 0], 1)
    """

    def __init__(self) -> None:
        self._codes = array("I")
        self._places = _Places()

    def extend(self, cells: Iterable[str]) -> None:
        """Add cells at the end."""
        self._codes.extend(map(self._places.__getitem__, cells))

    def drop_last(self) -> None:
        """Forget the last cell, as if it had never come."""
        code = self._codes.pop()
        if code == len(self._places) - 1 and code not in self._codes:
            self._places.popitem()

    @property
    def different(self) -> int:
        """How many different cells there are."""
        return len(self._places)

    @property
    def cells(self) -> list[str]:
        """The different cells, in the order in which they came."""
        return list(self._places)

    @property
    def codes(self) -> NDArray[np.uint32]:
        """For each row, (n,), the place of its cell among the different ones."""
        return np.array(self._codes, np.uint32)

    @property
    def last(self) -> str:
        """The last cell."""
        return self.cells[self._codes[-1]]

    def first_row(self, place: int) -> int:
        """Return the first row, from 0, that holds a cell."""
        return self._codes.index(place)

    def read(self, meaning: Callable[[str], Meaning | None], refuse: Callable[[int, str], Exception]) -> list[Meaning]:
        """Return what each different cell means.

        Raises:
            Exception: what `refuse` makes of the first row, from 0, whose cell means nothing, and of that cell.
        """
        found = []
        for place, cell in enumerate(self._places):
            one = meaning(cell)
            if one is None:
                raise refuse(self.first_row(place), cell)
            found.append(one)
        return found
