"""The record of a campaign is what the simulation did, with the exact chances."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import engine
from engine import Scenario, simulate
from engine.decision_log import OWN_CHOICE, decision_log
from tests.engine.scenarios import scenario, scenario_dicts

COLUMNS = ["send", "segment", "arm", "propensity"]


@given(scenario_dicts(everything=True))
@settings(max_examples=20)
def test_its_sums_are_those_of_the_simulation(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw | {"replications": 2, "policies": [{"name": "epsilon_greedy"}]})
    result, log = simulate(asked), decision_log(asked, 0, 1)
    by_arm = log.groupby("arm", observed=False)["reward"]
    assert by_arm.size().tolist() == result.sends[0, 1, -1].tolist()
    assert by_arm.sum().tolist() == result.conversions[0, 1, -1].tolist()
    assert float(log["value"].sum()) == pytest.approx(result.totals[0, 1], abs=0.011)
    every = log[[f"propensity_{arm}" for arm in range(len(asked.arms))]].to_numpy()
    assert every.sum(axis=1) == pytest.approx(np.ones(len(log)))
    assert (log["propensity"] > 0).all()


def test_columns_and_words() -> None:
    rails = [{"name": "holdout", "share": 0.2}]
    log = decision_log(scenario("thompson", "ab_split", sends=300, guardrails=rails))
    assert log.columns.tolist() == [
        *COLUMNS, *(f"propensity_{arm}" for arm in range(5)), "guardrail", "reward", "value", "reward_at",
    ]  # fmt: skip
    assert set(log["guardrail"]) == {OWN_CHOICE, "holdout"}
    assert set(log["segment"]) == {"Everybody"}
    assert log["send"].tolist() == list(range(300))
    converted = log["reward"] == 1
    assert (log.loc[converted, "reward_at"] == log.loc[converted, "send"] + 1).all()
    assert log.loc[~converted, "reward_at"].isna().all()


def test_contacts_that_a_cap_leaves_out_have_no_row() -> None:
    asked = scenario(
        "thompson",
        sends=300,
        sends_per_hour=10,
        recurring={"recipients": 20},
        guardrails=[{"name": "frequency_cap", "most": 1}],
    )
    log = decision_log(asked)
    assert len(log) < 300
    assert log["send"].is_monotonic_increasing


def test_it_is_at_the_public_door() -> None:
    assert engine.decision_log is decision_log
    assert callable(engine.evaluate)
