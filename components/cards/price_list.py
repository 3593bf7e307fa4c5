"""The price list of guardrails: a row a guardrail, its price for one policy drawn in the row, the others in a table."""

from collections.abc import Mapping
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from components import wording_prices as words
from components.terms import explained
from components.theme import policy_mark, policy_slots
from components.whiskers import Axis, axis_head, axis_over, whisker
from components.wording import Contender
from components.wording_compare import share_of_campaigns
from components.wording_goals import Goal, goal_of
from components.words import hue

Prices = Mapping[str, Any]
"""What `engine.prices.put_together` returns, as the page stores it."""

EVEN_SPLIT: Final = "ab_split"


def focus(prices: Prices, wanted: int | None) -> int:
    """The policy that the list is about: the one that is wanted if it has prices, else the first beside the baseline."""
    places: list[int] = [policy["place"] for policy in prices["policies"]]
    others = [place for place in places if place != prices["baseline"]]
    return wanted if wanted is not None and wanted in places else [*others, *places][0]


def content(prices: Prices, wanted: int | None, progress: str | None) -> dict[str, Any]:
    """What a page shows: "heading", "progress" and "body", about the policy that is wanted."""
    place = focus(prices, wanted)
    heading = [html.H2(title(prices, place), className="h2"), html.P(explained(deck(prices, place)), className="deck")]
    return {"heading": heading, "progress": progress, "body": price_list(prices, place)}


def title(prices: Prices, place: int) -> str:
    """The finding: what all guardrails together cost the policy."""
    together = _of(prices["together"], place)
    if together is None:
        return words.TITLE
    rails = prices["guardrails"]
    single = words.called(rails[0]["name"]) if len(rails) == 1 else ""
    changes = {rail["name"]: _of(rail["policies"], place)["change"] for rail in rails}
    sure = {name: change["mean"] for name, change in changes.items() if words.is_measurable(change)}
    return words.title(
        single,
        _policy(prices, place)["label"],
        together["change"],
        together["extra_without"],
        _contender(prices, prices["baseline"]),
        "" if single else words.mostly(sure, together["change"]["mean"]),
        goal_of(prices),
    )


def deck(prices: Prices, place: int) -> str:
    """How sure that is, and what is drawn."""
    together = _of(prices["together"], place)
    change = together["change"] if together else None
    several = len(prices["guardrails"]) > 1
    return words.deck(change, prices["replications"], prices["sends"], goal_of(prices), several=several)


def price_list(prices: Prices, place: int) -> list[Component]:
    """The list for one policy, the table of the other policies, and the small print."""
    return [
        _boxed(_table(prices, place), words.TITLE, "price-list-box"),
        *(_of_others(prices, place) if prices["together"] else []),
        html.P(explained(words.small_print(prices["comparisons"])), className="hint price-list-foot"),
    ]


def records(prices: Prices) -> list[dict[str, Any]]:
    """The whole list as data, a row a guardrail and policy; those of all together last."""
    rows = [
        _record(prices, words.GUARDRAIL_TITLES[rail["name"]], words.setting(rail["name"], rail["parameters"]), entry)
        for rail in prices["guardrails"]
        for entry in rail["policies"]
    ]
    return rows + [_record(prices, words.TOGETHER, "", entry) for entry in prices["together"]]


def _record(prices: Prices, guardrail: str, setting: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    bought = entry.get("bought") or {}
    return {
        "guardrail": guardrail,
        "setting": setting,
        "policy": _policy(prices, entry["policy"])["label"],
        "campaigns": prices["replications"],
        goal_of(prices).more_or_fewer: entry["change"]["mean"],
        "90% low": entry["change"]["low"],
        "90% high": entry["change"]["high"],
        "costs in share of campaigns": entry["costs_in"],
        "its own measure with it": bought.get("with_it"),
        "its own measure without it": bought.get("without"),
        "extra over the baseline without guardrails": entry.get("extra_without"),
    }


def _table(prices: Prices, place: int) -> html.Table:
    rails = [(rail, _of(rail["policies"], place)) for rail in prices["guardrails"]]
    together = _of(prices["together"], place) if len(rails) > 1 else None
    goal, slot = goal_of(prices), _slots(prices)[place]
    axis = axis_over(_ends([*[entry for _, entry in rails], together]), goal.least_step)
    rows = [
        _row(axis, slot, _name(rail), entry, _promise(rail["name"], entry), "is-guardrail", goal)
        for rail, entry in rails
    ]
    if len(rails) > 1:
        below = html.Div(words.TOGETHER_BELOW, className="row-settings")
        name: list[Component] = [html.Div(words.TOGETHER, className="price-name"), below]
        rows.append(_row(axis, slot, name, together, [], "is-together", goal))
    return html.Table([html.Thead(_head(axis, prices, place, slot)), html.Tbody(rows)], className="price-list")


def _ends(entries: list[Any]) -> list[float]:
    changes = [entry["change"] for entry in entries if entry is not None]
    return [end for change in changes for end in (change["low"], change["high"])] or [0.0]


def _head(axis: Axis, prices: Prices, place: int, slot: int | None) -> html.Tr:
    policy = [policy_mark(slot), html.Span(_policy(prices, place)["label"])]
    plain = (
        (words.CHANGE, "price"),
        (words.INTERVAL, "interval"),
        (words.COSTS_IN, "costs"),
        (words.PROMISE, "promise"),
    )
    return html.Tr(
        [
            html.Th([words.GUARDRAIL, html.Div(policy, className="price-policy")], scope="col"),
            axis_head(axis, words.axis(goal_of(prices))),
            *[html.Th(text, scope="col", className=f"column-{name}") for text, name in plain],
        ]
    )


def _row(
    axis: Axis,
    slot: int | None,
    name: list[Component],
    entry: Any,
    promise: list[Component],
    kind: str,
    goal: Goal,
) -> html.Tr:
    head = html.Th(name, scope="row")
    said = html.Td(promise, className="column-promise")
    if entry is None:
        empty = [html.Td(words.NOT_THERE, className=f"column-{column}") for column in ("price", "interval", "costs")]
        return html.Tr([head, html.Td(className="whisker-cell"), *empty, said], className=f"{kind} is-awaited")
    change = entry["change"]
    drawn = whisker(axis, slot, change["mean"], (change["low"], change["high"]))
    unclear = "" if words.is_measurable(change) else "is-unclear"
    return html.Tr(
        [
            head,
            html.Td(drawn, className="whisker-cell"),
            html.Td(words.price(change, goal), className="column-price"),
            html.Td(_interval(change, goal), className="column-interval"),
            html.Td(share_of_campaigns(entry["costs_in"]), className="column-costs"),
            said,
        ],
        className=" ".join(filter(None, (kind, hue(slot), unclear))),
    )


def _name(rail: Mapping[str, Any]) -> list[Component]:
    setting = words.setting(rail["name"], rail["parameters"])
    return [
        html.Div(words.GUARDRAIL_TITLES[rail["name"]], className="price-name"),
        html.Div(setting, className="row-settings"),
    ]


def _promise(name: str, entry: Any) -> list[Component]:
    came = words.bought(name, entry["bought"]) if entry else ""
    return [html.Div(words.promise(name)), *([html.Div(came, className="price-bought")] if came else [])]


def _interval(change: Mapping[str, Any], goal: Goal) -> str:
    return "–" if words.is_free(change) else goal.mean_between(change["low"], change["high"])


def _of_others(prices: Prices, place: int) -> list[Component]:
    """A table of the policies that pay something, and a sentence about those that do not."""
    others = [policy for policy in prices["policies"] if policy["place"] != place]
    paying = [policy for policy in others if _pays(prices, policy["place"])]
    table = [_others(prices, paying)] if paying else []
    notes = [
        words.nothing_measurable([policy["label"] for policy in others if policy not in paying]),
        words.unpaid([policy["label"] for policy in prices["unpaid"]]),
    ]
    return [*table, *[html.P(note, className="price-note") for note in notes if note]]


def _pays(prices: Prices, place: int) -> bool:
    entries = [_of(rail["policies"], place) for rail in prices["guardrails"]] + [_of(prices["together"], place)]
    return any(words.is_measurable(entry["change"]) for entry in entries)


def _others(prices: Prices, others: list[Any]) -> html.Div:
    slots, goal = _slots(prices), goal_of(prices)
    heads = [
        html.Th(
            html.Div([policy_mark(slots[policy["place"]]), html.Span(policy["label"])], className="price-policy"),
            scope="col",
        )
        for policy in others
    ]
    lines = [(_name(rail), rail["policies"]) for rail in prices["guardrails"]]
    if len(lines) > 1:
        lines.append(([html.Div(words.TOGETHER, className="price-name")], prices["together"]))
    rows = [
        html.Tr([html.Th(name, scope="row"), *[_cell(_of(entries, policy["place"]), goal) for policy in others]])
        for name, entries in lines
    ]
    table = html.Table(
        [html.Thead(html.Tr([html.Th(words.GUARDRAIL, scope="col"), *heads])), html.Tbody(rows)],
        className="price-others",
    )
    return html.Div(
        [
            html.H3(words.OTHERS, className="h3"),
            html.P(explained(words.others_deck(goal)), className="deck"),
            _boxed(table, words.OTHERS, "price-others-box"),
        ],
        className="price-others-part",
    )


def _cell(entry: Any, goal: Goal) -> html.Td:
    change = entry["change"]
    below = [] if words.is_free(change) else [html.Div(_interval(change, goal), className="row-settings")]
    name = None if words.is_measurable(change) else "is-unclear"
    return html.Td([html.Div(words.price(change, goal), className="price-value"), *below], className=name)


def _boxed(table: html.Table, name: str, class_name: str) -> html.Div:
    """A box of its own to scroll in, reachable by keyboard."""
    named: Any = {"aria-label": name}
    return html.Div(table, className=class_name, tabIndex=0, role="region", **named)


def _of(entries: list[Any], place: int) -> Any:
    """What a list says of a policy; None while it says nothing."""
    return next((entry for entry in entries if entry["policy"] == place), None)


def _policy(prices: Prices, place: int) -> Any:
    return next(policy for policy in prices["policies"] if policy["place"] == place)


def _contender(prices: Prices, place: int) -> Contender:
    policy = next(one for one in (*prices["policies"], *prices["unpaid"]) if one["place"] == place)
    return Contender(policy["label"], place, policy["name"] == EVEN_SPLIT)


def _slots(prices: Prices) -> dict[int, int | None]:
    """Colours by place: references, which have no price, take none."""
    policies = sorted((*prices["policies"], *prices["unpaid"]), key=lambda policy: policy["place"])
    slots = policy_slots([policy["name"] for policy in policies])
    return {policy["place"]: slot for policy, slot in zip(policies, slots, strict=True)}
