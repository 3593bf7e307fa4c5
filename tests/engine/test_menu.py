"""The menu prices each entry against the same scenario without its kind, on the same recipients."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from engine import Scenario, simulate
from engine.menu import (
    Menu,
    measure_menu,
    menu_of,
    priced_together,
    put_menu_together,
    put_on,
    together_scenarios,
)
from tests.engine.scenarios import scenario, scenario_dicts

FLOOR = {"name": "minimum_share", "share": 0.2}


def asked(**fields: Any) -> Scenario:
    given_fields = {"sends": 1_000, "replications": 20} | fields
    return scenario("ab_split", "thompson", rates=(0.1, 0.2, 0.4), **given_fields)


def totals(of: Scenario) -> Any:
    return simulate(of).conversions[:, :, -1].sum(axis=-1)


def prices(menu: Menu) -> dict[str, Any]:
    found = put_menu_together(menu, "Thompson", [measure_menu(simulate(one)) for one in menu.scenarios])
    return {item["name"]: item for item in found["items"]}


def test_a_price_is_the_difference_of_two_simulations() -> None:
    question = asked()
    found = prices(menu_of(question, 1))
    guarded = question.with_changes(guardrails=[{"name": "minimum_share", "share": 0.1}])
    change = (totals(guarded) - totals(question))[1]
    assert found["minimum_share-0.1"]["change"]["mean"] == pytest.approx(change.mean())
    assert found["minimum_share-0.1"]["change"]["high"] < 0.0


def test_the_cadence_is_priced_at_a_pace() -> None:
    question = asked()
    assert menu_of(question, 1).pace == 6
    hourly = question.with_changes(update_every="hourly", sends_per_hour=6)
    change = (totals(hourly) - totals(question))[1]
    assert prices(menu_of(question, 1))["cadence"]["change"]["mean"] == pytest.approx(change.mean())
    assert menu_of(asked(sends_per_hour=50), 1).pace is None


def test_own_guardrails_come_first_and_are_priced_against_none_of_their_kind() -> None:
    question = asked(guardrails=[FLOOR, {"name": "holdout", "share": 0.1}])
    menu = menu_of(question, 1)
    assert [item.name for item in menu.items[:2]] == ["own-minimum_share", "own-holdout"]
    without = question.with_changes(guardrails=[{"name": "holdout", "share": 0.1}])
    found = prices(menu)
    change = (totals(question) - totals(without))[1]
    assert found["own-minimum_share"]["change"]["mean"] == pytest.approx(change.mean())
    small = without.with_changes(
        guardrails=[{"name": "holdout", "share": 0.1}, {"name": "minimum_share", "share": 0.02}]
    )
    assert found["minimum_share-0.02"]["change"]["mean"] == pytest.approx((totals(small) - totals(without))[1].mean())
    assert menu.usual_choice == ["own-minimum_share", "own-holdout"]


def test_what_is_own_is_not_listed_twice() -> None:
    usual = asked(guardrails=[{"name": "burn_in", "sends": 100}], update_every="hourly", sends_per_hour=10)
    names = [item.name for item in menu_of(usual, 1).items]
    assert names[:2] == ["own-cadence", "own-burn_in"]
    assert "burn_in" not in names
    assert "cadence" not in names


def test_what_does_not_fit_says_why() -> None:
    many = scenario("thompson", rates=(0.1,) * 12, sends=500)
    items = {item.name: item for item in menu_of(many, 0).items}
    assert items["minimum_share-0.1"].with_it is None
    assert "12 lines" in items["minimum_share-0.1"].reason
    assert items["burn_in"].with_it is None
    assert items["holdout"].reason == ""


def test_of_a_kind_the_last_choice_counts() -> None:
    menu = menu_of(asked(), 1)
    assert [item.name for item in menu.chosen(["minimum_share-0.1", "holdout", "minimum_share-0.02"])] == [
        "holdout",
        "minimum_share-0.02",
    ]


def test_together_is_measured_against_none_at_all() -> None:
    question, names = asked(guardrails=[FLOOR], update_every=5), ["holdout", "burn_in"]
    menu = menu_of(question, 1)
    pair = together_scenarios(menu, names)
    assert pair is not None
    with_them, none = pair
    assert {rail.name for rail in with_them.guardrails} == {"holdout", "burn_in"}
    assert with_them.update_every == none.update_every == 1
    assert not none.guardrails
    found = put_menu_together(menu, "Thompson", [measure_menu(simulate(one)) for one in menu.scenarios])
    told = priced_together(menu, found, names, [measure_menu(simulate(one)) for one in pair])
    alone = [item["change"]["mean"] for item in found["items"] if item["name"] in names and item["change"]]
    assert told["total"] == pytest.approx(sum(alone))
    assert told["change"]["mean"] == pytest.approx(float(np.mean((totals(with_them) - totals(none))[0])))


def test_nothing_together_without_a_choice() -> None:
    assert together_scenarios(menu_of(asked(), 1), []) is None


def test_what_is_chosen_can_be_put_on_with_all_policies() -> None:
    question = asked()
    guarded = put_on(question, menu_of(question, 1), ["cadence", "holdout"])
    assert guarded.policies == question.policies
    assert guarded.guardrail("holdout").share == 0.05
    assert (guarded.update_every, guarded.sends_per_hour) == ("hourly", 6)


@settings(max_examples=25)
@given(scenario_dicts())
def test_every_scenario_has_a_menu(raw: dict[str, Any]) -> None:
    question = Scenario.from_dict(raw)
    menu = menu_of(question, 0)
    for item in menu.items:
        assert (item.with_it is None) == bool(item.reason)
    assert len({item.name for item in menu.items}) == len(menu.items)
    together_scenarios(menu, [item.name for item in menu.items])
    assert put_menu_together(menu, "A", [])["items"][0]["change"] is None


def names_of(question: Scenario) -> list[str]:
    return [item.name for item in menu_of(question, 1).items]


def test_fairness_is_priced_where_there_are_segments_and_a_cap_where_the_campaign_recurs() -> None:
    plain = asked(sends_per_hour=10)
    assert not {"segment_fairness", "frequency_cap"} & set(names_of(plain))
    halves = [{"name": "New", "share": 0.5, "multiplier": 1.2}, {"name": "Old", "share": 0.5, "multiplier": 0.8}]
    segmented = plain.with_changes(segments={"audience": halves})
    assert set(names_of(segmented)) - set(names_of(plain)) == {"segment_fairness"}
    recurring = plain.with_changes(recurring={"recipients": 200})
    assert set(names_of(recurring)) - set(names_of(plain)) == {"frequency_cap"}
    found = prices(menu_of(recurring, 1))["frequency_cap"]
    assert found["change"]["high"] < 0.0


def test_an_own_cap_stands_in_for_the_usual_one() -> None:
    capped = asked(sends_per_hour=10, recurring={"recipients": 200}, guardrails=[{"name": "frequency_cap"}])
    assert names_of(capped)[0] == "own-frequency_cap"
    assert "frequency_cap" not in names_of(capped)
