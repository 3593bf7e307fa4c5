"""What a proof of the gain costs, and how likely it is."""

from collections.abc import Sequence
from typing import Any, Final

from dash import html

from components import wording_plan as words
from components.formats import NOTHING, signed_money
from components.wording_goals import Goal
from engine.planning.outlook import ProofRow
from engine.planning.proof import POWER

POOLED: Final = 0.1
"""The holdout that the advice is about."""


def proofs(rows: Sequence[ProofRow], goal: Goal, worth: float | None) -> html.Table:
    """A row a way to prove the gain."""
    has_money = worth is not None or any(row["price"] and row["price"]["money"] for row in rows)
    titles = [title for title in words.PROOF_COLUMNS if title != "Money" or has_money]
    head = [html.Th(title.replace("Conversions", goal.named), scope="col") for title in titles[1:]]
    first = html.Th(html.Span(words.PROOFS, className="visually-hidden"), scope="col")
    body = [_row(row, goal, worth, has_money=has_money) for row in rows]
    return html.Table([html.Thead(html.Tr([first, *head])), html.Tbody(body)], className="table proof-table")


def _row(row: ProofRow, goal: Goal, worth: float | None, *, has_money: bool) -> html.Tr:
    name, what = words.proof_name(row["guardrail"], row["share"])
    head = html.Th([html.Span(name), " ", html.Small(what)], scope="row")
    price = row["price"]
    if price is None:
        span = 3 if has_money else 2
        return html.Tr([head, html.Td(row["reason"] and words.NO_SPREAD, colSpan=span, className="hint")])
    cells = [html.Td(goal.mean_difference(price["change"]["mean"]))]
    if has_money:
        cells.append(html.Td(_money(row, worth)))
    cells.append(html.Td(words.whole(price["proves"]["mean"]) if price["proves"] else NOTHING))
    return html.Tr([head, *cells])


def _money(row: ProofRow, worth: float | None) -> str:
    price = row["price"]
    if price is None:
        return NOTHING
    if price["money"] is not None:
        return signed_money(price["money"]["mean"], 0)
    return signed_money(worth * price["change"]["mean"], 0) if worth is not None else NOTHING


def advice(rows: Sequence[ProofRow], goal: Goal) -> str | None:
    """Whether one campaign can prove the gain, or how many can; None as long as that is not known."""
    known = [row for row in rows if row["price"] and row["price"]["proves"]]
    pooling = next((row for row in known if row["share"] == POOLED), None)
    if pooling is None or pooling["price"] is None:
        return None
    enough = [
        row for row in known if row["price"] and row["price"]["proves"] and row["price"]["proves"]["mean"] >= POWER
    ]
    named = words.proof_name(enough[0]["guardrail"], enough[0]["share"])[0] if enough else None
    pooled, change = pooling["price"]["pooled"], pooling["price"]["change"]["mean"]
    price = goal.amount(goal.mean_difference(change * (pooled or 1)))
    return words.proof_note(POOLED, pooled, price, enough=named)


def records(rows: Sequence[ProofRow], label: str) -> list[dict[str, Any]]:
    """The table as data."""
    out = []
    for row in rows:
        price = row["price"]
        out.append(
            {
                "policy": label,
                "guardrail": row["guardrail"] or "none",
                "share": row["share"],
                "change_mean": price["change"]["mean"] if price else None,
                "change_low": price["change"]["low"] if price else None,
                "change_high": price["change"]["high"] if price else None,
                "money_mean": price["money"]["mean"] if price and price["money"] else None,
                "proves": price["proves"]["mean"] if price and price["proves"] else None,
                "proves_low": price["proves"]["low"] if price and price["proves"] else None,
                "proves_high": price["proves"]["high"] if price and price["proves"] else None,
                "campaigns_to_pool": price["pooled"] if price else None,
            }
        )
    return out
