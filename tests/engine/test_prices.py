"""Prices are paired differences of whole simulations, and what changes nothing costs exactly nothing."""

import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from engine import Scenario, simulate
from engine.prices import CAMPAIGNS, PriceList, are_priced, prices, prices_beside, prices_in, put_together, scenarios_of
from engine.verdict import FEWEST_CAMPAIGNS
from engine.work import MOST_WORK
from tests.engine.scenarios import scenario

RATES = (0.1, 0.2, 0.4)
HOLDOUT = {"name": "holdout", "share": 0.1}
FLOOR = {"name": "minimum_share", "share": 0.05}
NO_CAP = {"name": "maximum_share", "share": 1.0}
POLICIES = ("ab_split", "thompson")


def guarded(*rails: dict[str, Any], policies: Any = POLICIES, **fields: Any) -> Scenario:
    fields = {"sends": 1_000, "replications": 30} | fields
    return scenario(*policies, rates=RATES, guardrails=list(rails), **fields)


def totals(asked: Scenario, *rails: dict[str, Any]) -> NDArray[np.int64]:
    """Conversions (P, R) of the scenario with these guardrails instead."""
    counted: NDArray[np.int64] = simulate(asked.with_changes(guardrails=list(rails))).conversions[:, :, -1].sum(axis=-1)
    return counted


def priced(asked: Scenario, campaigns: int = 30) -> Any:
    listed = PriceList(asked, campaigns)
    found = [listed.price(place, simulate(one)) for place, one in enumerate(listed.scenarios)]
    return put_together(asked, campaigns, found[1:])


def test_a_price_is_the_difference_of_two_simulations() -> None:
    asked = guarded(HOLDOUT, FLOOR, NO_CAP)
    found = priced(asked)
    change = totals(asked, HOLDOUT, FLOOR, NO_CAP) - totals(asked, HOLDOUT, NO_CAP)
    half = stats.t.ppf(0.95, 29) * change.std(axis=1, ddof=1) / np.sqrt(30)
    assert [one["name"] for one in found["guardrails"]] == ["holdout", "minimum_share", "maximum_share"]
    for place, told in enumerate(found["guardrails"][1]["policies"]):
        assert told["policy"] == place
        assert told["change"]["mean"] == pytest.approx(change[place].mean())
        assert told["change"]["low"] == pytest.approx(change[place].mean() - half[place])
        assert told["change"]["high"] == pytest.approx(change[place].mean() + half[place])
        assert told["costs_in"] == (change[place] < 0).mean()


def test_together_is_all_against_none() -> None:
    asked = guarded(HOLDOUT, FLOOR)
    found = priced(asked)
    none = totals(asked)
    change = (totals(asked, HOLDOUT, FLOOR) - none)[1:]
    assert [one["change"]["mean"] for one in found["together"]] == pytest.approx(change.mean(axis=1))
    gain = (none[1] - none[0]).mean()
    assert [one["extra_without"] for one in found["together"]] == [pytest.approx(gain)]
    assert found["comparisons"] == 3


def test_what_changes_nothing_costs_exactly_nothing_in_every_campaign() -> None:
    cap = priced(guarded(FLOOR, NO_CAP))["guardrails"][1]
    nothing = {"mean": 0.0, "low": 0.0, "high": 0.0}
    assert [(one["change"], one["costs_in"]) for one in cap["policies"]] == [(nothing, 0.0)] * 2


def test_a_single_guardrail_costs_what_all_of_them_cost() -> None:
    asked = guarded(HOLDOUT)
    assert len(scenarios_of(asked, 30)) == 2
    found = priced(asked)
    assert [one["change"] for one in found["guardrails"][0]["policies"]] == [one["change"] for one in found["together"]]
    assert found["comparisons"] == 1


def test_references_have_no_price_and_keep_the_places_of_others() -> None:
    found = priced(guarded(NO_CAP, policies=("oracle", "ab_split", "thompson")))
    assert [one["place"] for one in found["policies"]] == [1, 2]
    assert [one["policy"] for one in found["guardrails"][0]["policies"]] == [1, 2]
    assert [one["extra_without"] is None for one in found["together"]] == [True, False]


def test_an_even_split_pays_only_where_lines_are_treated_unlike() -> None:
    def places(asked: Scenario, of: str) -> list[int]:
        found: Any = put_together(asked, 20, [])
        return [one["place"] for one in found[of]]

    assert (places(guarded(HOLDOUT, FLOOR), "policies"), places(guarded(HOLDOUT, FLOOR), "unpaid")) == ([1], [0])
    assert (places(guarded(HOLDOUT, NO_CAP), "policies"), places(guarded(HOLDOUT, NO_CAP), "unpaid")) == ([0, 1], [])
    leaving = guarded(HOLDOUT, world={"name": "rotating"})
    assert places(leaving, "policies") == [0, 1]
    assert not are_priced(guarded(HOLDOUT, policies=("ab_split",)))


def test_without_guardrails_or_policies_there_is_no_price() -> None:
    assert not are_priced(guarded())
    assert scenarios_of(guarded(), 30) == ()
    assert not are_priced(guarded(HOLDOUT, policies=("oracle",)))
    assert are_priced(guarded(HOLDOUT))


def test_what_is_not_there_yet_is_left_out_and_all_is_plain_json() -> None:
    asked = guarded(HOLDOUT, FLOOR)
    listed = PriceList(asked, 20)
    results = [simulate(one) for one in listed.scenarios]
    assert listed.price(0, results[0]) is None
    first = listed.price(1, results[1])
    partly = put_together(asked, 20, [first])
    assert [(one["name"], len(one["policies"])) for one in partly["guardrails"]] == [
        ("holdout", 1),
        ("minimum_share", 0),
    ]
    assert partly["together"] == []
    assert json.loads(json.dumps(partly)) == partly


def test_prices_need_the_scenario_with_all_guardrails_first() -> None:
    listed = PriceList(guarded(HOLDOUT), 20)
    with pytest.raises(ValueError, match="comes first"):
        listed.price(1, simulate(listed.scenarios[1]))


def test_the_shown_campaign_has_prices_at_once() -> None:
    found = prices(guarded(FLOOR, sends=500))
    assert found["replications"] == prices_beside(guarded(FLOOR, sends=500)) == 400
    high = found["guardrails"][0]["policies"][0]["change"]["high"]
    assert high is not None
    assert high < 0  # a floor costs a policy that learns


@pytest.mark.parametrize(
    ("sends", "replications", "beside", "comparison"),
    [(1_000, 1_000, 400, CAMPAIGNS), (10_000, 1_000, 200, CAMPAIGNS), (1_000_000, 30, 20, FEWEST_CAMPAIGNS)],
)
def test_campaigns_are_as_many_as_are_affordable(sends: int, replications: int, beside: int, comparison: int) -> None:
    asked = guarded(HOLDOUT, FLOOR, sends=sends, replications=replications)
    assert prices_beside(asked) == beside
    assert prices_in(asked) == comparison
    assert sum(one.sends * len(one.policies) * comparison for one in scenarios_of(asked, 20)) < MOST_WORK


def bought(name: str, asked: Scenario) -> dict[str, Any]:
    """What a guardrail does for Thompson sampling."""
    found: dict[str, Any] = next(one for one in priced(asked)["guardrails"] if one["name"] == name)["policies"][-1][
        "bought"
    ]
    return found


def test_a_holdout_measures_the_lead() -> None:
    """The half-width follows from how many see the two best lines: a third of 10% of 3,000 each."""
    found = bought("holdout", guarded(HOLDOUT, sends=3_000))
    expected = 1.645 * np.sqrt(0.4 * 0.6 / 100 + 0.2 * 0.8 / 100)
    assert found["with_it"] == pytest.approx(expected, rel=0.05)
    assert found["without"] is None


def test_shares_are_held() -> None:
    cap = {"name": "maximum_share", "share": 0.5}
    asked = guarded(FLOOR, cap, sends=2_000)
    floor, capped = bought("minimum_share", asked), bought("maximum_share", asked)
    assert floor["with_it"] == pytest.approx(0.05, abs=0.02)
    assert floor["without"] < floor["with_it"]
    assert capped["with_it"] == pytest.approx(0.5, abs=0.03)
    assert capped["without"] > 0.7


def test_the_pause_rule_avoids_complaints() -> None:
    arms = [{"name": f"line {place}", "rate": rate, "complaint_rate": 0.1} for place, rate in enumerate(RATES)]
    arms[0]["complaint_rate"] = arms[1]["complaint_rate"] = 0.0
    asked = guarded({"name": "pause_rule", "limit": 0.05, "after_sends": 50}, FLOOR).with_changes(arms=arms)
    found = bought("pause_rule", asked)
    assert found["with_it"] == pytest.approx(6, abs=3)  # it is looked at after 50 sends
    assert found["without"] > 50


def test_a_burn_in_helps_to_end_with_the_best_line() -> None:
    greedy = {"name": "epsilon_greedy", "epsilon": 0.0}
    found = bought("burn_in", guarded({"name": "burn_in", "sends": 50}, policies=("ab_split", greedy)))
    assert 0.8 < found["with_it"] <= 1.0
    assert found["without"] < found["with_it"]


def test_a_stop_rule_tells_how_often_it_stopped_and_how_often_rightly() -> None:
    found = bought("stop_rule", guarded({"name": "stop_rule"}, FLOOR, sends=2_000))
    assert found["with_it"] > 0.9  # 10%, 20% and 40% are soon told apart
    assert found["right"] > 0.9
    assert found["without"] is None
