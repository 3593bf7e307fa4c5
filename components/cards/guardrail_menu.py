"""The menu of usual guardrails: a row each, its price drawn on one axis, and what the ticked ones cost together."""

from collections.abc import Mapping
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from components import wording_prices as prices
from components import wording_stress as words
from components.shell import HIDDEN, icon
from components.theme import policy_slots
from components.whiskers import Axis, axis_head, axis_over, whisker
from components.wording_goals import goal_of
from components.words import spans

Menu = Mapping[str, Any]
"""What `engine.menu.put_menu_together` returns."""

CADENCE: Final = "cadence"


def title_of(item: Mapping[str, Any]) -> str:
    """What an entry is called."""
    return words.CADENCE if item["kind"] == CADENCE else prices.GUARDRAIL_TITLES[item["kind"]]


def setting_of(item: Mapping[str, Any]) -> str:
    """Its settings in a few words."""
    if item["kind"] == CADENCE:
        return words.cadence(item["settings"]["update_every"])
    return prices.setting(item["kind"], _with_defaults(item))


def _with_defaults(item: Mapping[str, Any]) -> dict[str, Any]:
    return {**prices.defaults(item["kind"]), **item["settings"]}


def menu_table(menu: Menu, ticked: list[str], key: str) -> html.Table:
    """The rows; names are buttons that tick. The key says to which menu the ticks belong."""
    axis = axis_over(_ends(menu) or [0.0], goal_of(menu).least_step)
    named: Any = {"aria-label": words.MENU, "data-key": key}
    rows = [_row(axis, menu, item, is_ticked=item["name"] in ticked) for item in menu["items"]]
    head = html.Tr(
        [
            html.Th(html.Span(prices.GUARDRAIL, className="visually-hidden"), scope="col"),
            axis_head(axis, ""),
            html.Th(html.Span(prices.CHANGE, className="visually-hidden"), scope="col"),
        ]
    )
    return html.Table([html.Thead(head), html.Tbody(rows)], className="menu-list", **named)


def together(found: Mapping[str, Any] | None, menu: Menu, link: str | None, *, is_on: bool, why: str) -> html.Div:
    """The note below the list; `why` stands where nothing can be told, `is_on` where the scenario has these already."""
    if found is None:
        return html.Div([html.Strong(words.TOGETHER), html.P(why)], className="menu-together note-plain")
    change, goal = found["change"], goal_of(menu)
    half = 0.0 if change["low"] is None else (change["high"] - change["low"]) / 2
    names = [
        prices.setting_named(title_of(item), setting_of(item))
        for item in menu["items"]
        if item["name"] in found["names"]
    ]
    ends = goal.mean_between(change["low"], change["high"]) if change["low"] is not None else ""
    relation = words.relation(change["mean"], found["total"], half, len(names))
    total = "" if found["total"] is None else goal.mean_difference(found["total"])
    sentence = spans(words.together(names, goal.mean_difference(change["mean"]), ends, total, relation))
    return html.Div(
        [html.Strong(words.TOGETHER), html.P(sentence), _adding(link, is_on=is_on)],
        className="menu-together note-plain",
    )


def _adding(link: str | None, *, is_on: bool) -> Component | None:
    if is_on:
        return html.P([icon("check"), html.Span(words.ADDED)], className="menu-added")
    return None if link is None else html.A(words.ADD, href=link, className="btn btn-secondary")


def records(menu: Menu) -> list[dict[str, Any]]:
    """The menu as data, a row an entry."""
    return [
        {
            "guardrail": title_of(item),
            "setting": setting_of(item),
            "policy": menu["policy"],
            "campaigns": menu["campaigns"],
            goal_of(menu).more_or_fewer: (item["change"] or {}).get("mean"),
            "90% low": (item["change"] or {}).get("low"),
            "90% high": (item["change"] or {}).get("high"),
            "not possible because": item["reason"],
        }
        for item in menu["items"]
    ]


def _ends(menu: Menu) -> list[float]:
    return [end for item in menu["items"] if item["change"] for end in (item["change"]["low"], item["change"]["high"])]


def _row(axis: Axis, menu: Menu, item: Mapping[str, Any], *, is_ticked: bool) -> html.Tr:
    change, goal = item["change"], goal_of(menu)
    slot = policy_slots([menu["slug"]])[0]
    if change is None:
        text = item["reason"] or words.NOT_THERE
        span: Any = {"colSpan": 2}
        return html.Tr([_name(item, is_ticked=is_ticked), html.Td(text, className="menu-awaited", **span)])
    is_clear = prices.is_measurable(change)
    drawn = whisker(axis, slot, change["mean"], (change["low"], change["high"]))
    price = goal.mean_difference(change["mean"]) if is_clear else words.FREE
    sure = "" if is_clear else f", {prices.NOT_MEASURABLE}"
    ends = html.Span(
        f"{sure}, 90% interval {goal.mean_between(change['low'], change['high'])}", className="visually-hidden"
    )
    return html.Tr(
        [
            _name(item, is_ticked=is_ticked),
            html.Td(drawn, className="whisker-cell"),
            html.Td([price, ends], className="menu-price"),
        ],
        className="" if is_clear else "is-unclear",
    )


def _name(item: Mapping[str, Any], *, is_ticked: bool) -> html.Th:
    pressed: Any = {"aria-pressed": "true" if is_ticked else "false", "data-ticks": item["name"]}
    text = [html.Span(title_of(item), className="menu-name"), html.Span(setting_of(item), className="menu-setting")]
    own = [html.Span(words.YOURS, className="tag")] if item["is_own"] else []
    return html.Th(
        html.Button(
            [
                html.Span(icon("check"), className="menu-box", **HIDDEN),
                html.Span([*text, *own], className="menu-words"),
            ],
            type="button",
            className="menu-tick",
            disabled=bool(item["reason"]),
            **pressed,
        ),
        scope="row",
    )
