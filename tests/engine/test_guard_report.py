"""What guardrails did in the shown campaign agrees with its sends."""

import json
from typing import Any

import numpy as np
from hypothesis import given

from engine import Scenario, simulate
from engine.guard_report import guard_report
from engine.rails import BY_RANK, place_of
from engine.simulation import trace
from tests.engine.scenarios import scenario, scenario_dicts

RATES = (0.1, 0.3, 0.2)
PAIR = ("ab_split", "thompson")


def test_nothing_is_told_without_guardrails() -> None:
    assert guard_report(scenario("thompson")) is None


def test_holdout_is_analysed_alone() -> None:
    asked = scenario(*PAIR, rates=RATES, guardrails=[{"name": "holdout", "share": 0.2}])
    told = guard_report(asked)
    assert told is not None
    for place, policy in enumerate(told["policies"]):
        every = trace(asked, place)
        taken = every.by == place_of("holdout")
        (apart,) = policy["apart"]
        assert apart["sends"] == np.bincount(every.arms[taken], minlength=3).tolist()
        assert apart["conversions"] == np.bincount(every.arms[taken], every.answers[taken], 3).tolist()
        assert policy["decided"] == [{"guardrail": "holdout", "title": "Holdout", "sends": int(taken.sum())}]
        assert apart["best"] == 1
        assert apart["is_clear"]
    assert [policy["leader"] for policy in told["policies"]] == [None, 1]


def test_without_a_clear_best_line_none_is_told() -> None:
    asked = scenario("thompson", rates=(0.0, 0.0), guardrails=[{"name": "wrap_up_ab", "share": 0.1}], sends=1_000)
    told = guard_report(asked)
    assert told is not None
    (apart,) = told["policies"][0]["apart"]
    assert (apart["best"], apart["is_clear"]) == (None, False)


def test_a_pause_is_dated_by_the_lines_last_send() -> None:
    rule = {"name": "pause_rule", "limit": 0.01, "after_sends": 200}
    arms = [{"name": "A", "rate": 0.3, "complaint_rate": 0.1}, {"name": "B", "rate": 0.1}]
    asked = scenario("ab_split").with_changes(arms=arms, guardrails=[rule], sends=2_000)
    told = guard_report(asked)
    assert told is not None
    (paused,) = told["policies"][0]["paused"]
    arms_sent = trace(asked, 0).arms
    assert paused["line"] == 0
    assert paused["sends"] == (arms_sent == 0).sum() >= 200
    assert arms_sent[paused["after"] - 1] == 0
    assert (arms_sent[paused["after"] :] == 1).all()
    assert paused["complaints"] > 0.01 * paused["sends"]


@given(scenario_dicts())
def test_every_decided_send_is_counted_once(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    told = guard_report(asked)
    assert (told is None) == (not asked.guardrails)
    if told is None:
        return
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    result = simulate(asked.with_changes(replications=1))
    for place, policy in enumerate(told["policies"]):
        by = trace(asked, place).by
        assert sum(decided["sends"] for decided in policy["decided"]) == (by >= 0).sum()
        assert all(BY_RANK[rank].takes is not None for rank in np.unique(by[by >= 0]))
        for apart in policy["apart"]:
            sends, _ = result.told_apart(apart["guardrail"])
            assert apart["sends"] == sends[place, 0].tolist()
