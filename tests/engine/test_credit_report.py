"""What each credit rule says: sums that hold, and that first touch blurs what last touch tells."""

import json
from typing import Any

import numpy as np
import pytest

from engine import Scenario, simulate
from engine.credit_report import credit_report, credit_scenarios
from engine.recurring import CREDIT_RULES
from tests.engine.scenarios import scenario

RATES = (0.1, 0.3, 0.2)


def often(**fields: Any) -> Scenario:
    """Twenty e-mails a recipient within the lookback, so that paths are long."""
    recurring = {"recipients": 100, "lookback_hours": 1_000.0, "credit": "first_touch"}
    return scenario("ab_split", "thompson", rates=RATES, sends=2_000, sends_per_hour=10, recurring=recurring, **fields)


def test_there_is_none_where_everybody_gets_one_email() -> None:
    plain = scenario("ab_split", "thompson")
    assert credit_report(plain) is None
    assert credit_scenarios(plain) == ()


def test_it_is_plain_json_and_every_rule_credits_every_conversion() -> None:
    found = credit_report(often())
    assert found is not None
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert [rule["name"] for rule in found["rules"]] == list(CREDIT_RULES)
    for rule in found["rules"]:
        assert sum(rule["credited"]) == pytest.approx(sum(found["caused"]))


def test_last_touch_without_delay_credits_what_caused_it() -> None:
    found = credit_report(often())
    assert found is not None
    assert found["rules"][0]["credited"] == pytest.approx(found["caused"])
    assert found["best"] == found["rules"][0]["looks_best"] == 1


def test_first_touch_blurs_what_last_touch_tells() -> None:
    found = credit_report(often())
    assert found is not None
    rates = [np.array(rule["credited"]) / np.array(found["sends"]) for rule in found["rules"]]
    last, first, linear = (float(np.ptp(rate)) for rate in rates)
    assert last > linear > first
    assert found["rules"][0]["finds_best"] > found["rules"][1]["finds_best"]


def test_policies_are_compared_with_learning_by_their_own_rule() -> None:
    asked = often()
    found = credit_report(asked)
    assert found is not None
    own = found["rules"][1]
    assert [policy["change"] for policy in own["policies"]] == [None, None]
    even, thompson = (found["rules"][0]["policies"][place]["change"] for place in (0, 1))
    assert even == {"mean": 0.0, "low": 0.0, "high": 0.0}
    other = asked.with_changes(recurring=asked.to_dict()["recurring"] | {"credit": "last_touch"})
    totals = [simulate(one.with_changes(replications=found["campaigns"])).totals[1] for one in (other, asked)]
    assert thompson is not None
    assert thompson["mean"] == pytest.approx(float((totals[0] - totals[1]).mean()))
    assert thompson["low"] is not None
    assert thompson["low"] > 0, "who learns by last touch finds the best line sooner"
