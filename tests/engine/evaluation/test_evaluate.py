"""Estimates from logs of our own, whose truth is known: intervals that hold, warnings where none can."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from engine import Scenario
from engine.decision_log import decision_log
from engine.errors import EngineError
from engine.evaluation.estimators import Method
from engine.evaluation.evaluate import evaluate
from engine.evaluation.logs import Log
from engine.guarded import chances
from engine.inference import LEVEL
from engine.simulation import trace
from tests.engine.scenarios import scenario

RARE = 1e-4
"""How often each check of coverage would fail right intervals, over random seeds."""
RATES = (0.15, 0.3, 0.4)
LOGS, SENDS = 200, 500


def logged(asked: Scenario, replication: int) -> Log:
    """A campaign as a log, without the detour of a table."""
    ran, every = trace(asked, 0, replication), chances(asked, 0, replication)
    arms = ran.arms.astype(np.int64)
    segments, n = asked.segmentation.names, len(arms)
    own = every[np.arange(n), arms]
    names = tuple(arm.name for arm in asked.arms)
    return Log(names, segments, arms, ran.segments.astype(np.int64), own, ran.answers.astype(np.float64), every)


def frame(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"arm": ["A", "B", "A", "B"], "propensity": 0.5, "reward": [1, 0, 0, 1]} | columns)


@pytest.mark.parametrize(
    ("policy", "rails"),
    [("epsilon_greedy", [{"name": "minimum_share", "share": 0.05}]), ("ab_split", [])],
    ids=["a floor of 5%", "an even split"],
)
def test_intervals_hold_at_their_level(policy: str, rails: list[dict[str, Any]]) -> None:
    asked = scenario(policy, rates=RATES, sends=SENDS, replications=LOGS, guardrails=rails, update_every=50)
    targets = {"the worst line": np.eye(3)[0], "the best line": np.eye(3)[2], "an even split": np.full(3, 1 / 3)}
    methods: tuple[Method, ...] = ("ips", "snips", "dr")
    held = dict.fromkeys([(target, method) for target in targets for method in methods], 0)
    for replication in range(LOGS):
        log = logged(asked, replication)
        for target, method in held:
            low, high = evaluate(log, targets[target], method).interval
            truth = float(targets[target] @ RATES)
            held[target, method] += (low <= truth <= high) or bool(np.isnan(low))
    for what, times in held.items():
        # Beside the count's own luck, intervals from a few dozen answers may miss the level by a few in a hundred.
        assert stats.binom(LOGS, LEVEL - 0.025).cdf(times) > RARE, what
        assert stats.binom(LOGS, LEVEL + 0.025).sf(times - 1) > RARE, what


def test_a_line_that_was_never_sent_gets_a_warning_and_no_promise() -> None:
    log = frame(arm=pd.Categorical(["A", "B", "A", "B"], ["A", "B", "C"]))
    for method in ("replay", "ips", "snips", "dm", "dr"):
        found = evaluate(log, "C", method)
        assert np.isnan([found.value, found.standard_error, *found.interval]).all()
        assert found.warnings == ("This log never sent line C: no method can say what C would have earned.",)


def test_a_line_that_was_hardly_ever_sent_gets_a_warning_and_no_interval() -> None:
    arms = np.array(["A"] * 1_990 + ["B"] * 10)
    table = pd.DataFrame(
        {"arm": arms, "propensity": np.where(arms == "A", 0.995, 0.005), "reward": np.arange(2_000) % 2}
    )
    found = evaluate(table, "B", "snips")
    assert found.value == pytest.approx(0.5)
    assert np.isnan(found.interval).all()
    assert found.effective_sample_size == pytest.approx(10)
    text = " ".join(found.warnings)
    assert "hardly ever sent line B (10 of 2,000 sends)" in text
    assert "Only 10 of 2,000 sends speak for this" in text
    assert "A single send makes up 10%" in text


def test_a_line_that_had_a_chance_and_was_never_sent_gets_a_warning() -> None:
    log = frame(arm=pd.Categorical(["A"] * 4, ["A", "B"]), propensity=0.9, propensity_0=0.9, propensity_1=0.1)
    found = evaluate(log, "B", "dr")
    assert np.isnan(found.value)
    assert found.warnings == ("This log never sent line B: no method can say what B would have earned.",)


@pytest.mark.parametrize("told", [True, False], ids=["chances of all lines", "chances of those sent alone"])
def test_sends_without_a_chance_are_not_taken_for_worthless(told: bool) -> None:
    """A test of 200 sends, then B alone: A's rate is 40% where it was sent, and 8% by weights that never add up."""
    arm = np.array(["A", "B"] * 100 + ["B"] * 300)
    table = pd.DataFrame({"arm": arm, "propensity": np.where(np.arange(500) < 200, 0.5, 1.0)})
    table["reward"] = np.where(arm == "A", np.arange(500) % 10 < 4, np.arange(500) % 10 < 5).astype(int)
    if told:
        table["propensity_0"] = np.where(np.arange(500) < 200, 0.5, 0.0)
        table["propensity_1"] = 1.0 - table["propensity_0"]
    assert np.isnan([evaluate(table, "A", "ips").value, evaluate(table, "A", "dr").value]).all()
    for method in ("replay", "snips", "dm"):
        found = evaluate(table, "A", method)
        assert found.value == pytest.approx(table["reward"][arm == "A"].mean())
        assert "In 60% of the sends this log gave line A no chance" in found.warnings[0]
    assert evaluate(table, "B", "ips").warnings == ()


def test_segments_that_never_got_a_line_are_named() -> None:
    table = pd.DataFrame(
        {
            "arm": ["A", "B"] * 40 + ["A"] * 20,
            "segment": ["New"] * 80 + ["Loyal"] * 20,
            "propensity": 0.5,
            "reward": [1, 0] * 50,
        }
    )
    found = evaluate(table, "B", "dr")
    assert "never sent line B to some of those who would get it" in found.warnings[0]
    assert np.isnan(found.value)
    assert evaluate(table, "A", "dr").warnings == ()


def test_where_nobody_converted_the_interval_is_that_of_a_rate() -> None:
    table = pd.DataFrame({"arm": ["A", "B"] * 200, "propensity": 0.5, "reward": 0})
    low, high = evaluate(table, "A", "snips").interval
    assert low == pytest.approx(0.0, abs=1e-12)
    assert high == pytest.approx(stats.norm.isf(0.05) ** 2 / (200 + stats.norm.isf(0.05) ** 2))


def test_money_is_evaluated_by_its_column() -> None:
    asked = scenario(
        "epsilon_greedy", rates=RATES, sends=2_000, money={"order_value": 30.0}, goal="revenue",
        guardrails=[{"name": "minimum_share", "share": 0.1}],
    )  # fmt: skip
    log = decision_log(asked)
    low, high = evaluate(log, asked.arms[0].name, "dr", reward="value").interval
    assert low < 0.15 * 30 < high
    assert high - low < 4


def test_chances_of_ones_own_for_every_recipient() -> None:
    """The best line of each segment, judged by an even split."""
    split = [
        {"name": "New", "share": 0.5, "multipliers": [2, 1]},
        {"name": "Loyal", "share": 0.5, "multipliers": [1, 2]},
    ]
    asked = scenario("ab_split", rates=(0.2, 0.2), sends=6_000, segments={"audience": split})
    log = decision_log(asked)
    for_each = np.eye(2)[(log["segment"] == "Loyal").to_numpy().astype(int)]
    for method in ("replay", "ips", "snips", "dm", "dr"):
        low, high = evaluate(log, for_each, method).interval
        assert low < 0.4 < high
        assert high - low < 0.06


@pytest.mark.parametrize(
    ("columns", "target", "method", "text"),
    [
        ({"propensity": 0.0}, "A", "dr", "propensity: got 0.0 in row 1; must be above 0 and at most 1"),
        ({"propensity": [0.5, 0.5, 1.5, 0.5]}, "A", "dr", "propensity: got 1.5 in row 3"),
        ({"reward": [1, None, 0, 1]}, "A", "dr", "reward: got nan in row 2; must be a number"),
        ({"arm": ["A", None, "A", "B"]}, "A", "dr", "arm: got "),
        ({"propensity_0": 0.5, "propensity_1": 0.6}, "A", "dr", "propensity_0 to propensity_1: got 1.1 in row 1; must add up"),
        ({}, "D", "dr", "target: got 'D', which is no line of the log. Choose among A, B"),
        ({}, [0.5, 0.6], "dr", "target: got chances that add up to 1.1 in row 1"),
        ({}, [0.5, 0.5, 0.0], "dr", "must be (2,) or (4, 2)"),
        ({}, ["x", "y"], "dr", "must be a line's name or an array of chances"),
        ({}, [0.5, 0.5], "replay", "leaves something to chance"),
        ({}, "A", "magic", "method: got 'magic'; must be one of replay, ips, snips, dm, dr"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(columns: dict[str, Any], target: Any, method: Any, text: str) -> None:
    with pytest.raises(EngineError, match=re.escape(text)):
        evaluate(frame(**columns), target, method)


@pytest.mark.parametrize("missing", ["arm", "propensity", "reward"])
def test_a_missing_column_is_named(missing: str) -> None:
    with pytest.raises(EngineError, match=f"^{missing}: missing"):
        evaluate(frame().drop(columns=missing), "A")


def test_an_empty_log_is_refused() -> None:
    with pytest.raises(EngineError, match="without rows"):
        evaluate(frame().iloc[:0], "A")
