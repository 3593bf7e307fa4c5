"""What a report is made of: a page's verdict, its sections with charts and tables, and the scenario behind them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from components.charts.figure import Figure
from components.formats import day
from components.report.markup import first_heading, paragraphs
from engine import Scenario

Records = Sequence[dict[str, Any]]
"""A table as data: rows with the same keys."""


class NothingToReport(Exception):  # noqa: N818  # nothing went wrong
    """A page shows no result, or the server no longer keeps it; the text is a sentence for the visitor."""


@dataclass(frozen=True)
class Chart:
    """A chart of the page: its figure in tokens, what it says in words, its height, and words of its own above it."""

    name: str
    figure: Figure
    summary: str
    height: int
    heading: Any = None
    is_wide: bool = False


@dataclass(frozen=True)
class Section:
    """A part of the page: its words, its charts, what else it shows (`content`), and its data for files.

    `name` is that of its file and its sheet.
    """

    name: str
    heading: Any
    charts: tuple[Chart, ...] = ()
    content: Any = None
    records: Records = ()


@dataclass(frozen=True)
class Report:
    """All that a page has to say of a scenario.

    `hero` are the page's own elements with the verdict. `address` is the path and query that leads back, None where no
    address can hold the scenario; `is_private` where it opens for the visitor alone. `scenario` is None where the page is
    about something brought that is none.
    """

    name: str
    page: str
    hero: Any
    sections: tuple[Section, ...]
    scenario: Scenario | None
    digest: str
    address: str | None
    notes: tuple[str, ...] = ()
    is_private: bool = False
    facts: tuple[tuple[str, str], ...] = field(default=())

    @property
    def verdict(self) -> str:
        """The page's first sentence."""
        return first_heading(self.hero)

    @property
    def uncertainty(self) -> list[str]:
        """What the page says below it, paragraph by paragraph: how sure that is."""
        return paragraphs(self.hero)

    @property
    def tables(self) -> list[tuple[str, Records]]:
        """Every table that has rows, by name."""
        return [(section.name, section.records) for section in self.sections if section.records]


@dataclass(frozen=True)
class Given:
    """What the visitor's browser and its request say: the day there, and where this server is."""

    today: str
    host: str

    @property
    def day(self) -> str:
        """The day as people read it."""
        return day(date.fromisoformat(self.today))
