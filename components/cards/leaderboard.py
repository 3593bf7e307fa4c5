"""The leaderboard of Compare: a row a policy, with what it got extra drawn in the row.

The server makes the rows and says what each is sorted by; `assets/js/compare.js` puts them in the order that the visitor
chose, and keeps them where they are while one is pointed at or focused.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from dash import dcc, html

from components import comparison as told
from components import ids, wording
from components import wording_compare as words
from components.comparison import Comparison, contender
from components.formats import count, percent
from components.theme import policy_mark, policy_slots
from components.whiskers import Axis, axis_head, axis_over, whisker
from components.wording_goals import goal_of
from components.words import hue
from engine import POLICIES
from engine.fields import knobs


class Column(NamedTuple):
    """A column that can be sorted: its key, its words, and whether more is better."""

    key: str
    heading: str
    descending: bool


def columns(comparison: Comparison) -> list[Column]:
    """All columns after the whiskers."""
    short = contender(comparison, comparison["baseline"]).short
    moves, segmented = told.moves(comparison), comparison["is_segmented"]
    return [
        Column("extra", words.EXTRA, descending=True),
        Column("spread", words.SPREAD, descending=True),
        Column("beats", words.BEATS.format(baseline=short), descending=True),
        Column("below", words.WORSE.format(baseline=short), descending=False),
        Column("picks", words.picks(moves=moves, segmented=segmented), descending=True),
        Column("top", words.to_best(moves=moves, segmented=segmented), descending=True),
        Column("settled", words.SETTLES, descending=False),
        Column("regret", words.MISSED, descending=False),
    ]


def title(comparison: Comparison) -> str:
    """The finding."""
    baseline, verdict = comparison["baseline"], comparison["verdict"]
    others = told.challengers(comparison)
    better = [
        place for place in others if (low := told.lead(comparison, place, baseline).low) is not None and low > 0.0
    ]
    leader = None if verdict["leader"] is None else contender(comparison, verdict["leader"])
    return words.leaderboard_title(verdict["kind"], leader, contender(comparison, baseline), len(better), len(others))


def deck(comparison: Comparison) -> str:
    """What is drawn."""
    return words.leaderboard_deck(comparison["replications"], contender(comparison, comparison["baseline"]))


def rows(comparison: Comparison, link: Callable[[int], str | None]) -> list[dict[str, Any]]:
    """For each policy, best first: its row, and what it is sorted by; `link` gives the address that opens it."""
    axis = axis_of(comparison)
    slots = policy_slots(told.names(comparison))
    return [
        {"row": _row(comparison, place, axis, slots[place], link(place)), "values": values(comparison, place)}
        for place in told.ranking(comparison)
    ]


def values(comparison: Comparison, place: int) -> dict[str, Any]:
    """What a row is sorted by, column by column."""
    policy = comparison["policies"][place]
    settled = policy["settled_after"]
    return {
        "policy": policy["label"],
        "extra": policy["extra"]["mean"],
        "spread": policy["extra_spread"][0],
        "beats": policy["win_chance"]["mean"],
        "below": policy["shortfall"]["share"],
        "picks": -1.0 if policy["tells_apart"] else policy["picks_best"]["mean"],
        "top": policy["top_share_mean"],
        "settled": comparison["sends"] + 1 if settled is None else settled,
        "regret": policy["regret"]["mean"],
    }


def records(comparison: Comparison) -> list[dict[str, Any]]:
    """The leaderboard as data, a row a policy, best first."""
    return [_record(comparison, comparison["policies"][place]) for place in told.ranking(comparison)]


def axis_of(comparison: Comparison) -> Axis:
    """An axis with zero and every whisker on it, and at most five round ticks."""
    ends = [end for policy in comparison["policies"] for end in (*policy["extra_spread"], policy["extra"]["mean"])]
    return axis_over(ends, goal_of(comparison).least_step)


def head(comparison: Comparison, *, sortable: bool = True) -> html.Tr:
    """The headings: the axis of the whiskers, and for each column its words, as a button where it can be sorted."""
    baseline, heading = contender(comparison, comparison["baseline"]), _sortable if sortable else _plain
    return html.Tr(
        [
            heading(Column("policy", words.POLICY, descending=False)),
            axis_head(axis_of(comparison), words.axis_title(baseline, goal_of(comparison))),
            *[heading(column) for column in columns(comparison)],
        ]
    )


def standing(comparison: Comparison) -> html.Div:
    """The whole table as it stands, without anything to press."""
    body = html.Tbody([entry["row"] for entry in rows(comparison, lambda _: None)])
    table = html.Table([html.Thead(head(comparison, sortable=False)), body], className="leaderboard")
    named: Any = {"aria-label": words.LEADERBOARD}
    return html.Div(table, className="leaderboard-box", tabIndex=0, role="region", **named)


def _plain(column: Column) -> html.Th:
    return html.Th(column.heading, scope="col", className=f"column-{column.key}")


def _sortable(column: Column) -> html.Th:
    sorted_by: Any = {"aria-sort": "descending" if column.key == "extra" else "none"}
    settings: Any = {"data-sort": column.key, "data-descending": str(column.descending).lower()}
    button = html.Button(column.heading, type="button", className="sort-button", **settings)
    return html.Th(button, scope="col", id=ids.sort_head(column.key), className=f"column-{column.key}", **sorted_by)


def _row(comparison: Comparison, place: int, axis: Axis, slot: int | None, link: str | None) -> html.Tr:
    policy = comparison["policies"][place]
    is_best = place == told.recommended(comparison)
    classes = [
        hue(slot),
        "is-recommended" if is_best else "",
        "is-unclear" if told.is_unclear(comparison, place) else "",
    ]
    goal = goal_of(comparison)
    # Who tells recipients apart has no single line to settle on.
    is_known = comparison["settling_known"] and not policy["tells_apart"]
    cells = [
        (goal.mean_difference(policy["extra"]["mean"]), "column-extra"),
        (goal.between(*policy["extra_spread"]) if policy["extra_spread"] != [0.0, 0.0] else "–", "column-spread"),
        (words.share_of_campaigns(policy["win_chance"]["mean"]), "column-beats"),
        (words.shortfall(policy["shortfall"]["share"], policy["shortfall"]["mean"], goal), "column-below"),
        ("–" if policy["tells_apart"] else percent(policy["picks_best"]["mean"], 0), "column-picks"),
        (percent(policy["top_share_mean"], 0), "column-top"),
        (_settled(policy["settled_after"], is_known=is_known), "column-settled"),
        (goal.mean(policy["regret"]["mean"]), "column-regret"),
    ]
    opens: Any = {"data-opens": "true"} if link else {}
    if place == comparison["baseline"]:
        cells[1:4] = [("–", name) for _, name in cells[1:4]]
    return html.Tr(
        [
            html.Th(_name(comparison, place, slot, link), scope="row"),
            html.Td(_whisker(comparison, place, axis, slot), className="whisker-cell"),
            *[html.Td(text, className=name) for text, name in cells],
        ],
        key=f"policy-{place}",
        className=" ".join(filter(None, classes)),
        **opens,
    )


def _name(comparison: Comparison, place: int, slot: int | None, link: str | None) -> html.Div:
    policy = comparison["policies"][place]
    shown = (
        dcc.Link(policy["label"], href=link, className="row-link", title=f"{policy['label']}: {words.OPEN}")
        if link
        else policy["label"]
    )
    tags = [html.Span(_tag(comparison, place), className="tag")] if _tag(comparison, place) else []
    below = html.Div(settings_of(policy), className="row-settings")
    return html.Div(
        [policy_mark(slot), html.Div([html.Div([shown, *tags], className="row-name"), below])], className="row-policy"
    )


def _tag(comparison: Comparison, place: int) -> str:
    verdict, policy = comparison["verdict"], comparison["policies"][place]
    if policy["is_reference"]:
        return words.CEILING
    if place == comparison["baseline"]:
        return words.BASELINE
    if verdict["kind"] == "use" and place == verdict["leader"]:
        return words.RECOMMENDED
    return words.LEADS if verdict["kind"] == "close" and place in (verdict["leader"], *verdict["rivals"]) else ""


def settings_of(policy: dict[str, Any]) -> str:
    """A policy's settings in a few words: "ε 0.1"."""
    if policy["name"] not in POLICIES:
        return ""
    known = knobs(POLICIES[policy["name"]].parameters)
    given = (
        (known[name], value) for name, value in policy["parameters"].items() if name in known and value is not None
    )
    return wording.settings_now(given) or words.NO_SETTINGS


def _whisker(comparison: Comparison, place: int, axis: Axis, slot: int | None) -> html.Div:
    policy = comparison["policies"][place]
    if place == comparison["baseline"]:
        note = words.line_to_beat(policy["total_mean"], goal_of(comparison))
        return whisker(axis, slot, policy["extra"]["mean"], ends=None, note=note)
    return whisker(axis, slot, policy["extra"]["mean"], ends=tuple(policy["extra_spread"]))


def _settled(after: int | None, *, is_known: bool) -> str:
    if after is None:
        return words.NOT_SETTLED if is_known else words.NOT_KNOWN
    return count(after) if after else words.AT_ONCE


def _record(comparison: Comparison, policy: dict[str, Any]) -> dict[str, Any]:
    extra, shortfall = policy["extra"], policy["shortfall"]
    goal, segmented = goal_of(comparison), comparison["is_segmented"]
    return {
        "policy": policy["label"],
        "settings": settings_of(policy),
        "campaigns": comparison["replications"],
        **({goal.unit: policy["total_mean"]} if goal.is_money else {}),
        "conversions": policy["conversions_mean"],
        "extra": extra["mean"],
        "extra mean 90% low": extra["low"],
        "extra mean 90% high": extra["high"],
        "extra campaigns 5%": policy["extra_spread"][0],
        "extra campaigns 95%": policy["extra_spread"][1],
        "wins": policy["wins"],
        "ties": policy["ties"],
        "losses": policy["losses"],
        "win chance": policy["win_chance"]["mean"],
        "share of campaigns below": shortfall["share"],
        "mean shortfall when below": shortfall["mean"],
        "mean of worst 5%": shortfall["worst"],
        f"picks the line best{' overall' if segmented else ''} at the end": policy["picks_best"]["mean"],
        f"share of sends to the line best{' for the recipient' if segmented else ''} at the time": policy[
            "top_share_mean"
        ],
        "sends until settled": policy["settled_after"],
        "regret": policy["regret"]["mean"],
        "regret 90% low": policy["regret"]["low"],
        "regret 90% high": policy["regret"]["high"],
        "crowns a line": policy["crowns"],
        "false winners": policy["false_winners"],
    }
