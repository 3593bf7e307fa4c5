"""The price list: what it says first, a row a guardrail, and nothing that cannot be measured in bold."""

from typing import Any

import pytest

from components.cards import price_list
from engine.prices import PriceList, prices, put_together
from engine.simulation import simulate
from tests.engine.scenarios import scenario

RAILS = [{"name": "holdout", "share": 0.5}, {"name": "maximum_share", "share": 1.0}]
ASKED = scenario("ab_split", "oracle", "thompson", sends=2_000, guardrails=RAILS)
PRICES: dict[str, Any] = dict(prices(ASKED))


def texts(part: Any) -> list[str]:
    """Every text of a tree of components, in order."""
    if isinstance(part, list | tuple):
        return [text for one in part for text in texts(one)]
    if isinstance(part, str):
        return [part]
    return texts(getattr(part, "children", None) or [])


def test_it_is_about_the_policy_that_is_wanted_and_never_about_a_reference() -> None:
    assert price_list.focus(PRICES, 2) == 2
    assert price_list.focus(PRICES, 1) == 2
    assert price_list.focus(PRICES, None) == 2


def test_the_first_sentence_says_what_all_cost_together() -> None:
    title = price_list.title(PRICES, 2)
    assert title.startswith("Your guardrails together cost Thompson sampling ")
    assert title.endswith("most of it is the holdout")


def test_a_guardrail_that_changes_nothing_is_free() -> None:
    written = texts(price_list.price_list(PRICES, 2))
    assert written.count("free") >= 2  # for Thompson in the list, for the even split in the table
    cap = next(rail for rail in PRICES["guardrails"] if rail["name"] == "maximum_share")
    assert {entry["change"]["mean"] for entry in cap["policies"]} == {0.0}


def test_the_file_has_a_row_for_each_guardrail_and_policy_and_for_all_together() -> None:
    rows = price_list.records(PRICES)
    assert len(rows) == (len(RAILS) + 1) * 2
    assert {row["policy"] for row in rows} == {"A/B split", "Thompson sampling"}


@pytest.mark.parametrize("known", range(4))
def test_what_is_not_priced_yet_keeps_its_row(known: int) -> None:
    """Prices come one scenario at a time; the rows stand from the beginning."""
    listed = PriceList(ASKED, 50)
    found = [listed.price(place, simulate(one)) for place, one in enumerate(listed.scenarios[: known + 1])][1:]
    written = texts(price_list.price_list(dict(put_together(ASKED, 50, found)), 2))
    assert {"Holdout", "Maximum share"} <= set(written)
