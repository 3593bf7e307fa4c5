"""The price list: what it says first, a row a guardrail, and nothing that cannot be measured in bold."""

from functools import cache
from typing import Any

import pytest

from components import wording_prices as words
from components.cards import price_list
from engine import GUARDRAILS
from engine.prices import PriceList, prices, put_together
from engine.simulation import simulate
from tests.components.results import text_of
from tests.engine.scenarios import scenario

RAILS = [{"name": "holdout", "share": 0.5}, {"name": "maximum_share", "share": 1.0}]
ASKED = scenario("ab_split", "oracle", "thompson", sends=2_000, guardrails=RAILS)


@cache
def priced() -> dict[str, Any]:
    """The prices, which are looked for once."""
    return dict(prices(ASKED))


def texts(part: Any) -> list[str]:
    """Every text of a tree of components, in order."""
    if isinstance(part, list | tuple):
        return [text for one in part for text in texts(one)]
    if isinstance(part, str):
        return [part]
    return texts(getattr(part, "children", None) or [])


def test_it_is_about_the_policy_that_is_wanted_and_never_about_a_reference() -> None:
    assert price_list.focus(priced(), 2) == 2
    assert price_list.focus(priced(), 1) == 2
    assert price_list.focus(priced(), None) == 2


def test_the_first_sentence_says_what_all_cost_together() -> None:
    title = price_list.title(priced(), 2)
    assert title.startswith("Your guardrails together cost Thompson sampling ")
    assert title.endswith("most of it is the holdout")


def test_a_guardrail_that_changes_nothing_is_free() -> None:
    assert "free" in texts(price_list.price_list(priced(), 2))
    cap = next(rail for rail in priced()["guardrails"] if rail["name"] == "maximum_share")
    assert {entry["change"]["mean"] for entry in cap["policies"]} == {0.0}


def test_a_policy_that_pays_nothing_takes_no_column() -> None:
    about_thompson = texts(price_list.price_list(priced(), 2))
    assert "For A/B split, no guardrail has a price that could be measured." in about_thompson
    assert words.OTHERS not in about_thompson
    about_the_split = texts(price_list.price_list(priced(), 0))
    assert words.OTHERS in about_the_split
    assert "Thompson sampling" in about_the_split


def test_an_even_split_that_is_split_evenly_takes_one_sentence() -> None:
    found = dict(prices(ASKED.with_changes(guardrails=RAILS[:1])))
    written = texts(price_list.price_list(found, 2))
    assert "A/B split pays nothing: all that these guardrails do is to split evenly." in written
    assert price_list.title(found, 2).endswith("over A/B")
    assert price_list.focus(found, 0) == 2


def test_every_guardrail_has_its_setting_and_what_came_of_it_in_words() -> None:
    came = {"with_it": 0.04, "without": 0.02, "right": 0.9}
    for name, spec in GUARDRAILS.items():
        parameters = spec.parameters.model_validate({"name": name}).model_dump(exclude={"name"})
        assert words.setting(name, parameters)
        assert words.bought(name, came).endswith(".")
        assert words.bought(name, None) == ""


def test_the_file_has_a_row_for_each_guardrail_and_policy_and_for_all_together() -> None:
    rows = price_list.records(priced())
    assert len(rows) == (len(RAILS) + 1) * 2
    assert {row["policy"] for row in rows} == {"A/B split", "Thompson sampling"}


@pytest.mark.parametrize("known", range(4))
def test_what_is_not_priced_yet_keeps_its_row(known: int) -> None:
    """Prices come one scenario at a time; the rows stand from the beginning."""
    listed = PriceList(ASKED, 50)
    found = [listed.price(place, simulate(one)) for place, one in enumerate(listed.scenarios[: known + 1])][1:]
    written = texts(price_list.price_list(dict(put_together(ASKED, 50, found)), 2))
    assert {"Holdout", "Maximum share"} <= set(written)


def test_prices_in_money_are_told_in_money() -> None:
    dear = [{"name": "holdout", "share": 0.5}, {"name": "maximum_share", "share": 1.0}]
    asked = ASKED.with_changes(money={"order_value": 3_000}, goal="revenue", guardrails=dear)
    found = dict(prices(asked))
    written = [price_list.title(found, 2), price_list.deck(found, 2), *texts(price_list.price_list(found, 0))]
    assert "of revenue over A/B" in written[0]
    assert "Revenue with it minus without it" in written[1]
    assert "Revenue more or less for it" in written
    told = text_of(price_list.price_list(found, 0))
    assert "Revenue a campaign, with 90% intervals. Grey: not measurable." in told
    assert "onversions" not in " ".join(written)
    assert "revenue more or less" in price_list.records(found)[0]
