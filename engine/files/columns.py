"""What the columns of a campaign file mean, by their names; a visitor may say otherwise."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal, get_args

from engine.errors import DataError

Role = Literal[
    "variant", "sends", "opens", "clicks", "conversions", "conversion_rate", "revenue",
    "converted", "value", "sent_at", "converted_at", "audience", "device", "time_of_day", "ignore",
]  # fmt: skip
ROLES: Final[tuple[Role, ...]] = get_args(Role)
COUNTS: Final[tuple[Role, ...]] = ("sends", "opens", "clicks", "conversions")

_BY_VARIANT: Final[Mapping[Role, Sequence[str]]] = {
    "variant": (
        "variant", "variation", "version", "subject", "subjectline", "arm", "treatment", "testgroup", "group", "cell",
        "creative", "emailname", "campaignname", "campaign", "name", "segment",
    ),
    "sends": (
        "sends", "sent", "emailssent", "totalsent", "delivered", "deliveries", "recipients", "totalrecipients",
        "impressions", "users", "visitors",
    ),
    "opens": ("opens", "uniqueopens", "opened", "totalopens"),
    "clicks": ("clicks", "uniqueclicks", "clicked", "totalclicks"),
    "conversions": ("conversions", "converted", "orders", "purchases", "signups", "goals", "placedorder"),
    "conversion_rate": ("conversionrate", "convrate", "cvr", "cr"),
    "revenue": ("revenue", "totalrevenue", "sales", "amount", "turnover"),
}  # fmt: skip
_BY_RECIPIENT: Final[Mapping[Role, Sequence[str]]] = {
    "variant": _BY_VARIANT["variant"],
    "converted": (
        "converted", "conversion", "conversions", "purchased", "purchase", "ordered", "order", "bought", "signedup",
        "clicked", "click", "visit", "visited", "opened", "open",
    ),
    "value": ("value", "ordervalue", "spend", "spent", "revenue", "amount", "sales"),
    "sent_at": ("sentat", "senttime", "sentdate", "sendtime", "timestamp", "sent"),
    "converted_at": ("convertedat", "conversiontime", "conversiondate", "orderedat", "purchasedat"),
    "audience": ("audience", "customertype", "customersegment", "usertype", "newbie", "historysegment"),
    "device": ("device", "devicetype", "platform"),
    "time_of_day": ("timeofday", "daypart"),
}  # fmt: skip
"""In order of preference: of several columns that could have a role, the one named first has it."""


def recognised(titles: Sequence[str], roles: Mapping[str, str] | None = None) -> dict[str, Role]:
    """Return the role of each column, "ignore" for those without one; what `roles` says wins.

    A file with a column of sends has a row a variant, any other a row a recipient.

    Raises:
        DataError: `roles` names a column that is not there, or a role that does not exist.

    >>> recognised(["Subject line", "Delivered", "Orders", "Bounces"])
    {'Subject line': 'variant', 'Delivered': 'sends', 'Orders': 'conversions', 'Bounces': 'ignore'}
    >>> recognised(["segment", "visit", "conversion"])
    {'segment': 'variant', 'visit': 'ignore', 'conversion': 'converted'}
    """
    given = _checked(titles, roles or {})
    open_titles = [title for title in titles if title not in given]
    plain = {title: re.sub(r"[^0-9a-z]", "", title.lower()) for title in open_titles}
    has_sends = "sends" in given.values() or any(name in _BY_VARIANT["sends"] for name in plain.values())
    is_by_variant = has_sends and "converted" not in given.values()
    found: dict[str, Role] = dict(given)
    for role, names in (_BY_VARIANT if is_by_variant else _BY_RECIPIENT).items():
        if role in found.values():
            continue
        fitting = [title for title in open_titles if plain[title] in names and title not in found]
        if fitting:
            found[min(fitting, key=lambda title: names.index(plain[title]))] = role
    return {title: found.get(title, "ignore") for title in titles}


def _checked(titles: Sequence[str], roles: Mapping[str, str]) -> dict[str, Role]:
    known: dict[str, Role] = {}
    for title, name in roles.items():
        if title not in titles:
            raise DataError(
                f"roles: got the column {title!r}, which the file does not have. Choose among {_some(titles)}."
            )
        role = next((role for role in ROLES if role == name), None)
        if role is None:
            raise DataError(f"roles: got {name!r} for {title!r}; must be one of {', '.join(ROLES)}.")
        known[title] = role
    return known


def _some(titles: Sequence[str]) -> str:
    return ", ".join(titles[:8])
