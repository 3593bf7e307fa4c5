"""What can back a piece of guidance: something to watch happen, something to look at, something to read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Seen:
    """A demonstration, by its name: a scenario in which what is said happens, and a test that it does."""

    demonstration: str


@dataclass(frozen=True)
class Figure:
    """A chart or table, by its name among the readings."""

    reading: str


@dataclass(frozen=True)
class Read:
    """A reference, by its key, and the part of it that is meant."""

    reference: str
    part: str = ""


Backing = Seen | Figure | Read


@dataclass(frozen=True)
class Item:
    """One piece of guidance, and what backs it."""

    title: str
    text: str
    backed_by: tuple[Backing, ...]

    def __post_init__(self) -> None:
        """Refuse guidance that nothing backs."""
        if not self.backed_by:
            raise TypeError(
                f"guide: {self.title!r} is backed by nothing. Name a demonstration, a figure or a reference."
            )
