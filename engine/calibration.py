"""A campaign that somebody ran as a scenario: its lines, as many sends, and rates as far as its counts tell them.

Where the file has a row a recipient, audiences, waits and order values are estimated from it too; what was estimated
from how much, and what was left out and why, is told beside the scenario.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.campaign import Campaign
from engine.catalogue import DELAYS
from engine.errors import DataError
from engine.fields import described, knobs
from engine.files.recipients import Rows
from engine.files.shown import listed, quoted
from engine.fitting.groups import Groups, counts_of, fitted_groups
from engine.fitting.orders import Orders, fitted_orders, spread_of
from engine.fitting.waits import Waits, fitted_waits, pace_of
from engine.money import Money
from engine.scenario import MOST_SENDS, Scenario
from engine.segments import DIMENSIONS, MOST_SEGMENTS

Codes = NDArray[np.uint8]
Floats = NDArray[np.float64]

CONVINCING = 3.0
"""A column is taken if its counts are so many times likelier where groups differ, and as many times more as columns compete.

Kass and Raftery (1995), Bayes factors, JASA 90, call 3 positive evidence.
"""
USUAL_SPREAD = float(knobs(Money)["spread"].default)
ALL_SEEN = 0.995
"""From this share of conversions on, all of them count as seen."""
TOGETHER = 0.1
"""From this Cramér's V on, two columns of groups go together."""


@dataclass(frozen=True)
class Calibration:
    """A scenario and where it comes from."""

    scenario: Scenario
    notes: tuple[str, ...]  # what was estimated from what, and what was left out and why: plain sentences


class _Part(NamedTuple):
    """Fields of the scenario that were estimated, and what is said of them."""

    fields: dict[str, Any]
    notes: list[str]


def calibrated(campaign: Campaign, **fields: Any) -> Scenario:
    r"""Return the scenario of `calibrate`, which says what it rests on; arguments and errors are the same.

    >>> from engine.campaign import read_campaign
    >>> found = calibrated(read_campaign(b"variant,sends,orders\nPlain,1000,40\nPlayful,1000,55\n", "test.csv"))
    >>> found.sends, found.rates(0, found.replications).mean(axis=0).round(3).tolist()
    (2000, [0.041, 0.056])
    """
    return calibrate(campaign, **fields).scenario


def calibrate(
    campaign: Campaign,
    *,
    columns: Mapping[str, str] | None = None,
    window_hours: float | None = None,
    **fields: Any,
) -> Calibration:
    r"""Return the scenario in which every campaign has rates of its own, drawn from what the counts leave open.

    So the file's own uncertainty is carried through all results. Groups of recipients, how late conversions come, sends an
    hour and order values are estimated where the file tells them.

    Args:
        campaign: the counts, and the recipients where the file has them.
        columns: which columns of groups are taken, by dimension: `{"audience": "customer_type"}`; none with `{}`. Left
            out, those in which rates differ convincingly.
        window_hours: within which the file counts conversions after a send, where that is known.
        fields: of the scenario, such as `policies` or `sends`; what is given is not estimated. Left out, an even split
            against Thompson sampling over as many sends as the campaign had.

    Raises:
        DataError: `columns` names what the file does not have, or the window has no hours.
        ScenarioError: fields that do not fit.

    >>> from engine.campaign import read_campaign
    >>> calibrate(read_campaign(b"variant,sends,orders\nPlain,1000,40\nPlayful,1000,55\n", "test.csv")).notes
    ("Every line's rate is drawn from what its own counts leave open: 95 conversions of 2,000 sends.",)
    """
    if window_hours is not None and not window_hours > 0:
        raise DataError(
            f"window_hours: got {described(window_hours)}; must be a number above 0. Leave it out if it is not known."
        )
    lines = zip(campaign.arms, campaign.sends.tolist(), campaign.conversions.tolist(), strict=True)
    arms = [{"name": name, "history": {"sends": sends, "conversions": won}} for name, sends, won in lines]
    raw: dict[str, Any] = {
        "arms": arms,
        "world": {"name": "stationary", "redraw": True},
        "policies": [{"name": "ab_split"}, {"name": "thompson"}],
        "sends": min(int(campaign.sends.sum()), MOST_SENDS),
    }
    notes = [_rates_note(campaign)]
    for part in (
        _segments(campaign, columns, fields),
        _delay(campaign, arms, window_hours, fields),
        _money(campaign, arms, fields),
    ):
        raw |= part.fields
        notes += part.notes
    return Calibration(Scenario.from_dict(raw | fields), tuple(notes))


def _rates_note(campaign: Campaign) -> str:
    won, sends = int(campaign.conversions.sum()), int(campaign.sends.sum())
    return f"Every line's rate is drawn from what its own counts leave open: {won:,} conversions of {sends:,} sends."


# Groups of recipients


def _segments(campaign: Campaign, columns: Mapping[str, str] | None, fields: Mapping[str, Any]) -> _Part:
    if columns is not None:
        _check(campaign, columns)
    if campaign.rows is None or "segments" in fields:
        return _Part({}, [])
    candidates = _candidates(campaign) if columns is None else list(columns.items())
    found = [_Column(dimension, title, _groups(campaign, campaign.rows, title)) for dimension, title in candidates]
    least = CONVINCING * len(found) if columns is None else 0.0
    taken, notes = _chosen(found, least)
    segments = {column.dimension: column.groups.as_fields() for column in taken}
    told = [_taken_note(column) for column in taken] + _together_notes(campaign.rows, taken)
    return _Part({"segments": segments} if segments else {}, told + notes)


class _Column(NamedTuple):
    dimension: str
    title: str
    groups: Groups


def _check(campaign: Campaign, columns: Mapping[str, str]) -> None:
    known = list(campaign.rows.segments) if campaign.rows is not None else []
    for dimension, title in columns.items():
        if dimension not in DIMENSIONS:
            raise DataError(
                f"columns: got {quoted(dimension)}; must be one of {', '.join(DIMENSIONS)}. Choose one of them."
            )
        if title not in known:
            has = f"has {listed(known)}. Choose among them" if known else "has none. Leave it out"
            raise DataError(f"columns.{dimension}: got {quoted(title)}; of columns of groups the file {has}.")
    twice = next((title for title in columns.values() if list(columns.values()).count(title) > 1), None)
    if twice is not None:
        raise DataError(
            f"columns: got {quoted(twice)} twice; a column tells one thing. Choose another for one of them."
        )


def _candidates(campaign: Campaign) -> list[tuple[str, str]]:
    """Return dimensions and titles of the columns of groups; one that does not say what it holds is an audience."""
    assert campaign.rows is not None  # noqa: S101  # asked before
    roles = {title: campaign.roles[title] for title in campaign.rows.segments}
    return [(role if role in DIMENSIONS else "audience", title) for title, role in roles.items()]


def _groups(campaign: Campaign, rows: Rows, title: str) -> Groups:
    names, group = rows.segments[title]
    return fitted_groups(counts_of(names, group, rows.variant, rows.converted, len(campaign.arms)))


def _chosen(found: list[_Column], least: float) -> tuple[list[_Column], list[str]]:
    """Return the columns that are taken, and why the others are not; the most telling ones choose first."""
    taken: dict[str, _Column] = {}
    notes = []
    for column in sorted(found, key=lambda one: -one.groups.evidence):
        reason = _reason(column, taken, least)
        if reason:
            notes.append(f"{quoted(column.title)} was left out: {reason}.")
        else:
            taken[column.dimension] = column
    return list(taken.values()), notes


def _reason(column: _Column, taken: Mapping[str, _Column], least: float) -> str:
    """Return why a column is left out, or nothing."""
    if least > 0.0 and column.groups.evidence < np.log(least):
        return "as far as the counts can tell, its groups convert alike"
    if column.dimension in taken:
        return f"{quoted(taken[column.dimension].title)} tells more, and there is one {_said(column.dimension)}"
    if np.prod([len(one.groups.counts.names) for one in (*taken.values(), column)]) > MOST_SEGMENTS:
        return f"with it, there would be more than {MOST_SEGMENTS} segments"
    return ""


def _said(dimension: str) -> str:
    return dimension.replace("_", " ")


def _taken_note(column: _Column) -> str:
    low, high = (f"{factor:.2f}" for factor in column.groups.extremes)
    finding = (
        "lines convert alike as far as the counts can tell"
        if low == high
        else f"lines convert {low} to {high} times as well as over all recipients, drawn towards 1 as far as the counts leave doubt"
    )
    taken = f"{quoted(column.title)} became the {_said(column.dimension)}"
    return f"{taken}: in its {len(column.groups.counts.names)} groups, {finding}."


def _together_notes(rows: Rows, taken: list[_Column]) -> list[str]:
    """Tell which columns go together in the file: in a scenario, nothing does."""
    return [
        f"{quoted(one.title)} and {quoted(other.title)} go together in the file; in the scenario, they are independent."
        for one, other in combinations(taken, 2)
        if cramers_v(rows.segments[one.title][1], rows.segments[other.title][1]) > TOGETHER
    ]


def cramers_v(one: Codes, other: Codes) -> float:
    """Return how far two groupings of n recipients go together, from 0 (not at all) to 1 (one tells the other).

    Source: Cramer (1946), Mathematical Methods of Statistics, section 21.9.

    >>> cramers_v(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0])), cramers_v(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]))
    (1.0, 0.0)
    """
    width = int(other.max()) + 1
    table = np.bincount(one.astype(np.int64) * width + other, minlength=(int(one.max()) + 1) * width).reshape(-1, width)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0].astype(np.float64)
    if min(table.shape) == 1:
        return 0.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(np.sqrt(((table - expected) ** 2 / expected).sum() / table.sum() / (min(table.shape) - 1)))


# How late conversions come


def _delay(
    campaign: Campaign, arms: list[dict[str, Any]], window_hours: float | None, fields: Mapping[str, Any]
) -> _Part:
    """Return the delay and the pace; sends of which not all conversions have come count for less in `arms`."""
    rows = campaign.rows
    if rows is None or rows.sent_hours is None or (pace := pace_of(rows.sent_hours.astype(np.float64))) is None:
        return _Part({}, [])
    part = _Part({"sends_per_hour": pace}, [f"{pace:,} e-mails leave in an hour, by the times of sends."])
    if rows.delay_hours is None or "delay" in fields:
        return part
    waits = fitted_waits(rows.sent_hours.astype(np.float64), rows.delay_hours.astype(np.float64), window_hours)
    if isinstance(waits, str):
        part.notes.append(f"Late conversions were left out: {waits}.")
        return part
    part.fields["delay"] = waits.delay
    part.notes.append(
        f"Half of the conversions come within {waits.median_hours:.3g} hours ({DELAYS[waits.delay['name']].title.lower()}), by "
        f"{waits.conversions:,} of them."
    )
    if waits.seen.mean() < ALL_SEEN:
        part.notes.append(_count_what_was_seen(campaign, rows, arms, waits))
    return part


def _count_what_was_seen(campaign: Campaign, rows: Rows, arms: list[dict[str, Any]], waits: Waits) -> str:
    """Let each send count in `arms` as far as its conversion, if there is one, could be seen.

    A conversion that was seen is then as likely as the rate; Kaplan and Meier's idea of exposure, for delays see Chapelle
    (2014), Modeling delayed feedback in display advertising, KDD.
    """
    exposed = np.bincount(rows.variant, waits.seen, len(arms))
    for arm, seen, won in zip(arms, exposed, campaign.conversions.tolist(), strict=True):
        arm["history"]["sends"] = max(round(float(seen)), won)
    return (
        f"About {1.0 - waits.seen.mean():.0%} of the conversions had not come when the file ends, so {len(rows.variant):,} sends "
        f"count as {exposed.sum():,.0f}."
    )


# Order values


class _Brought(NamedTuple):
    """What conversions of K lines brought."""

    revenue: Floats  # (K,)
    variation: float  # standard deviation of what a conversion brought, in relation to its mean
    spread: float | None  # of orders, where the file tells it
    notes: list[str]


def _money(campaign: Campaign, arms: list[dict[str, Any]], fields: Mapping[str, Any]) -> _Part:
    """Return what orders bring; lines' own means go to `arms`."""
    if campaign.revenue is None or {"money", "arms"} & set(fields):
        return _Part({}, [])
    brought = _brought(campaign.rows) or _Brought(campaign.revenue, _variation(USUAL_SPREAD), None, [])
    orders = fitted_orders(brought.revenue, campaign.conversions.astype(np.float64), brought.variation)
    if isinstance(orders, str):
        return _Part({}, [f"Order values were left out: {orders}."])
    for arm, value in zip(arms, orders.by_line.tolist(), strict=True):
        arm["order_value"] = value
    money = {"order_value": orders.mean, "spread": USUAL_SPREAD if brought.spread is None else brought.spread}
    return _Part({"money": money}, [_orders_note(orders, brought.spread), *brought.notes])


def _variation(spread: float) -> float:
    """Return the standard deviation of a log-normal order value in relation to its mean."""
    return float(np.sqrt(np.expm1(spread**2)))


def _brought(rows: Rows | None) -> _Brought | None:
    """Return what single conversions brought, or None where the file has no values."""
    if rows is None or rows.value is None:
        return None
    has_converted, value = rows.converted > 0, rows.value.astype(np.float64)
    orders = value[has_converted]
    revenue = np.bincount(rows.variant[has_converted], orders, int(rows.variant.max()) + 1).astype(np.float64)
    spread = spread_of(orders[orders > 0])
    variation = float(orders.std() / orders.mean()) if len(orders) and orders.mean() > 0 else 0.0
    empty, stray = int((orders <= 0).sum()), int((~has_converted & (value != 0)).sum())
    notes = []
    if empty:
        notes.append(f"{empty:,} conversions brought nothing; they count in the average, not in the spread.")
    if stray:
        notes.append(f"The values of {stray:,} recipients who did not convert were left out.")
    return _Brought(revenue, variation if spread is not None else _variation(USUAL_SPREAD), spread, notes)


def _orders_note(orders: Orders, spread: float | None) -> str:
    low, high = (f"{value:,.2f}" for value in (orders.by_line.min(), orders.by_line.max()))
    by_line = (
        "for all lines" if low == high else f"{low} to {high} by line, drawn together as far as orders leave doubt"
    )
    source = (
        f"is {spread:g}, by single orders" if spread is not None else "is the usual one, as the file does not tell it"
    )
    return f"A conversion brings {orders.mean:,.2f} on average, {by_line}; the spread of orders {source}."
