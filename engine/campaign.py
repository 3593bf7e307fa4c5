"""A campaign that somebody brings: the bytes of its file to counts of every variant, or a clear error."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.files.columns import Recognition, Role, recognised
from engine.files.opening import opened
from engine.files.recipients import Rows, answers_of
from engine.files.shown import shown
from engine.files.tables import Table
from engine.files.variants import counts_of
from engine.scenario import FEWEST_ARMS, MOST_ARMS

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Campaign:
    """Counts of K variants."""

    arms: tuple[str, ...]  # K names, in the file's order
    sends: Whole  # (K,)
    conversions: Whole  # (K,)
    opens: Whole | None  # (K,)
    clicks: Whole | None  # (K,)
    revenue: Floats | None  # (K,)
    rows: Rows | None  # where the file has a row a recipient
    roles: Mapping[str, Role]  # of its columns
    notes: tuple[str, ...]  # what was left out or decided, in plain sentences

    @property
    def observed_rates(self) -> Floats:
        """The share of each variant's sends that converted, (K,)."""
        rates: Floats = self.conversions / self.sends
        return rates


def read_campaign(
    content: bytes, filename: str, roles: Mapping[str, str] | None = None, outcome: str | None = None
) -> Campaign:
    r"""Return the campaign in a file with a row a variant, or a row a recipient.

    Args:
        content: CSV, TSV, columns separated by semicolons or bars, or XLSX.
        filename: as its errors name it.
        roles: what columns mean, by their titles, where their names do not say; see `engine.files.columns.ROLES`.
        outcome: what counts as a conversion where a file has several, such as "visits": the title of its column, more or less.

    Raises:
        DataError: a file that cannot be read, or holds what no campaign can; names row, column and what to do.

    >>> found = read_campaign(b"Variant;Sends;Orders\nPlain;1000;40\nPlayful;1020;55\nTotal;2020;95\n", "test.csv")
    >>> found.arms, found.sends.tolist(), found.conversions.tolist(), found.notes
    (('Plain', 'Playful'), [1000, 1020], [40, 55], ('Row 4 ("Total") was left out: it adds up the others.',))
    """
    known, found = recognise_and_read(content, filename, roles, outcome)
    if found is None:
        raise DataError(known.questions[0])
    return found


def recognise_and_read(
    content: bytes, filename: str, roles: Mapping[str, str] | None = None, outcome: str | None = None
) -> tuple[Recognition, Campaign | None]:
    """Return what the columns were taken for, and the campaign unless a question about them is open.

    Args and errors are those of `read_campaign`.
    """
    table = opened(content, filename)
    known = recognised(table, filename, roles, outcome)
    if known.questions:
        return known, None
    read = _by_variant if known.shape == "variants" else _by_recipient
    found = read(table, known, frozenset(roles or ()))
    if not found.arms:
        raise DataError(f"{shown(filename)}: got no rows below the header. Export it again, with its rows.")
    if not FEWEST_ARMS <= len(found.arms) <= MOST_ARMS:
        title = next(title for title, role in known.roles.items() if role == "variant")
        raise DataError(
            f"{shown(title)}: got {_many(len(found.arms))}; a campaign has from {FEWEST_ARMS} to {MOST_ARMS}. Is this the column "
            'that names the variants? If not, give the right one the role "variant".'
        )
    return known, found


def _many(variants: int) -> str:
    return f"{variants:,} variant{'s' * (variants > 1)}"


def recognise(
    content: bytes, filename: str, roles: Mapping[str, str] | None = None, outcome: str | None = None
) -> Recognition:
    r"""Return what a file's header and first rows say, without reading the others: what somebody may confirm or correct.

    Args are those of `read_campaign`, which asks the first of the `questions`, if there are any, by its error.

    Raises:
        DataError: a file that cannot be read, or `roles` and `outcome` that do not fit its columns.

    >>> found = recognise(b"segment,visit,conversion\nMens E-Mail,1,0\nNo E-Mail,0,0\n", "test.csv")
    >>> found.shape, found.roles
    ('recipients', {'segment': 'variant', 'visit': 'ignore', 'conversion': 'converted'})
    """
    return recognised(opened(content, filename), filename, roles, outcome)


def _by_variant(table: Table, known: Recognition, _insisted: frozenset[str]) -> Campaign:
    found = counts_of(table, known.roles, MOST_ARMS)
    notes = (*table.notes, *known.notes, *found.notes)
    return Campaign(*found[:-1], rows=None, roles=known.roles, notes=notes)


def _by_recipient(table: Table, known: Recognition, insisted: frozenset[str]) -> Campaign:
    arms, revenue, rows, notes = answers_of(table, known.roles, MOST_ARMS, insisted)
    K = len(arms)
    return Campaign(
        arms=arms,
        sends=np.bincount(rows.variant, minlength=K),
        conversions=np.bincount(rows.variant[rows.converted > 0], minlength=K),
        opens=None,
        clicks=None,
        revenue=revenue,
        rows=rows,
        roles=known.roles,
        notes=(*table.notes, *known.notes, *notes),
    )
