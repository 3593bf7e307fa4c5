"""What each policy does with the list: how often it is right, what it needs, what it earns."""

from typing import Any

from dash import html

from components import planned as told
from components import wording_plan as words
from components.formats import NOTHING, signed_money
from components.planned import Outlook
from components.theme import policy_mark
from components.wording_goals import goal_of
from components.words import hue


def plan_table(plan: Outlook, worth: float | None) -> html.Table:
    """A row a policy, the one that earns most first, the even split last."""
    has_money = plan["has_money"] or worth is not None
    columns = words.table_columns(plan["target"], goal_of(plan), has_money=has_money)
    head = [html.Th(text, scope="col", title=words.FAVOURITE_HINT if text == columns[-1] else None) for text in columns]
    rows = [_row(plan, place, worth, has_money=has_money) for place in told.ranked(plan)]
    return html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="table plan-table")


def records(plan: Outlook, worth: float | None) -> list[dict[str, Any]]:
    """The table as data."""
    rows = []
    for place in told.ranked(plan):
        own, curve, money = told.at_list(plan, place), plan["curves"][place], told.money(plan, place, worth)
        mean = own["extra"]["mean"]
        rows.append(
            {
                "policy": plan["policies"][place]["label"],
                "right": own["right"]["mean"],
                "right_low": own["right"]["low"],
                "right_high": own["right"]["high"],
                "target": plan["target"],
                "sends_needed": curve["needed"]["sends"],
                "sends_needed_low": curve["needed"]["low"],
                "sends_needed_high": curve["needed"]["high"],
                "unit": goal_of(plan).unit,
                "extra_mean": mean["mean"],
                "extra_mean_low": mean["low"],
                "extra_mean_high": mean["high"],
                "extra_p5": own["extra"]["low"],
                "extra_p95": own["extra"]["high"],
                "money_mean": money.mean if money else None,
                "money_p5": money.low if money else None,
                "money_p95": money.high if money else None,
                "beats_a_favourite_up_to": own["favourite"],
                "campaigns": plan["campaigns"],
            }
        )
    return rows


def _row(plan: Outlook, place: int, worth: float | None, *, has_money: bool) -> html.Tr:
    own, curve, slot = told.at_list(plan, place), plan["curves"][place], told.slots(plan)[place]
    is_even, is_chosen = place == plan["baseline"], place == plan["verdict"]["policy"]
    name = html.Th(
        [policy_mark(slot), html.Span(plan["policies"][place]["label"], className="policy-name")],
        scope="row",
    )
    money = told.money(plan, place, worth)
    mean, right = own["extra"]["mean"], own["right"]
    decided = "decided" if told.is_decided(plan, place) else "undecided"
    gain = html.Td([told.gain(plan, place), _error(mean)], className=decided)
    cells = [
        html.Td([words.whole(right["mean"]), _error(right, is_share=True)]),
        html.Td(
            words.needed(curve["needed"]["sends"], max(plan["sizes"]), from_start=curve["needed"]["from_the_start"])
        ),
        html.Td("0") if is_even else gain,
        html.Td(NOTHING if is_even else told.spread(plan, place)),
        *([html.Td(signed_money(money.mean, 0) if money else NOTHING)] if has_money else []),
        html.Td(NOTHING if own["favourite"] is None else words.whole(own["favourite"])),
    ]
    return html.Tr([name, *cells], className=f"{hue(slot)}{' is-recommended' if is_chosen else ''}")


def _error(estimate: Any, *, is_share: bool = False) -> html.Small:
    """The Monte Carlo error beside a mean."""
    low, high = estimate["low"], estimate["high"]
    half = None if low is None or high is None else (high - low) / 2
    return html.Small(f" {words.give_or_take(half, is_share=is_share)}")
