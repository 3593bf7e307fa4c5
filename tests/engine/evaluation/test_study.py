"""What a log says of every line, beside the truth where it is known; the truth is checked by hand and by another way."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from engine import Scenario, decision_log, evaluate
from engine.drift import lines_of
from engine.evaluation.estimators import Method
from engine.evaluation.learning import replay_policy
from engine.evaluation.logs import Log, read_log
from engine.evaluation.study import METHODS, estimate_against_truth, estimates_of, true_worth
from engine.inference import LEVEL
from engine.simulation import trace
from engine.waiting import waiting_of
from tests.engine.scenarios import scenario

RATES = (0.15, 0.3, 0.4)
SENDS, LOGS = 600, 50
RARE = 1e-4
"""How often a right check of coverage would fail over random seeds."""
FLOOR = [{"name": "minimum_share", "share": 0.1}]
SPLIT = [
    {"name": "New", "share": 0.25, "multipliers": [2, 1, 1]},
    {"name": "Loyal", "share": 0.75, "multipliers": [1, 0.5, 1]},
]
HALF_WAY = {"name": "change_point", "changes": [{"arm": "line 0", "at": SENDS // 2, "rate": 0.45}]}


def asked(**fields: Any) -> Scenario:
    usual: dict[str, Any] = {"rates": RATES, "sends": SENDS, "guardrails": FLOOR, "replications": LOGS}
    given: dict[str, Any] = usual | fields
    return scenario("epsilon_greedy", **given)


def truths(**fields: Any) -> list[float]:
    means: list[float] = np.nanmean(true_worth(asked(**fields), np.arange(SENDS)), axis=0).tolist()
    return means


# The truth


def test_the_truth_of_steady_rates_is_the_rates() -> None:
    assert truths() == pytest.approx(RATES)


def test_the_truth_of_a_change_is_its_mean_over_the_log() -> None:
    assert truths(world=HALF_WAY) == pytest.approx([(0.15 + 0.45) / 2, 0.3, 0.4])
    early = true_worth(asked(world=HALF_WAY), np.arange(SENDS // 2))
    assert early.mean(axis=0) == pytest.approx(RATES)


def test_the_truth_is_that_of_the_recipients_of_the_log() -> None:
    who = trace(asked(segments={"audience": SPLIT}), 0).segments
    new = float((who == 0).mean())
    assert 0.15 < new < 0.35
    assert truths(segments={"audience": SPLIT}) == pytest.approx([0.15 * (1 + new), 0.3 * (1 + new) / 2, 0.4])


def test_the_truth_counts_conversions_in_time_alone() -> None:
    late = {"name": "exponential", "mean_hours": 10.0, "window_hours": 10.0}
    given = asked(delay=late, sends_per_hour=60)
    assert waiting_of(given).counted == pytest.approx(1 - np.exp(-1), abs=1e-5)
    assert truths(delay=late, sends_per_hour=60) == pytest.approx(np.array(RATES) * waiting_of(given).counted)


def test_the_truth_is_in_the_unit_of_the_goal() -> None:
    money = {"order_value": 20.0, "send_cost": 0.5}
    assert truths(money=money, goal="revenue") == pytest.approx(np.array(RATES) * 20)
    assert truths(money=money, goal="net_value") == pytest.approx(np.array(RATES) * 20 - 0.5)


def test_complaints_take_from_the_truth_of_net_value() -> None:
    arms = [{"name": f"line {place}", "rate": rate, "complaint_rate": 0.01} for place, rate in enumerate(RATES)]
    money = {"order_value": 20.0, "unsubscribe_cost": 30.0}
    assert truths(arms=arms, money=money, goal="net_value") == pytest.approx(np.array(RATES) * 20 - 0.3)


def test_a_line_that_is_not_there_has_no_truth_meanwhile() -> None:
    stays = [{"arm": "line 0", "joins": 200}, {"arm": "line 1", "leaves": 300}]
    given = asked(world={"name": "rotating", "schedule": stays}, guardrails=[])
    found = ~np.isnan(true_worth(given, np.arange(SENDS)))
    np.testing.assert_array_equal(
        found, np.stack([np.arange(SENDS) >= 200, np.arange(SENDS) < 300, np.arange(SENDS) >= 0], axis=1)
    )
    told = estimate_against_truth(given)["targets"]
    assert [one["truth"] for one in told] == [pytest.approx(0.15), pytest.approx(0.3), pytest.approx(0.4), None, None]
    assert told[0]["methods"]["ips"]["refused"] == told[0]["methods"]["dr"]["refused"] == "no_chance"
    assert told[0]["findings"][0]["code"] == "no_chance"
    assert told[0]["findings"][0]["share"] == pytest.approx(200 / SENDS)


@pytest.mark.parametrize(
    "fields",
    [
        {"world": HALF_WAY, "segments": {"audience": SPLIT}},
        {"world": {"name": "fatigue", "half_life": 50}},
        {"delay": {"name": "exponential", "mean_hours": 10.0}, "sends_per_hour": 60, "shocks": {"lasts": 100}},
    ],
    ids=["a change among audiences", "lines that tire", "late, and shaken"],
)
def test_the_truth_is_what_the_monitor_of_drift_takes_for_it(fields: dict[str, Any]) -> None:
    """Another way to the same: of each line's own sends."""
    given = asked(**fields)
    found = true_worth(given, np.arange(SENDS))
    for line, answers in enumerate(lines_of(given, trace(given, 0))):
        np.testing.assert_allclose(found[answers.sent, line], answers.rates, rtol=1e-12)


# Against it


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"world": HALF_WAY, "segments": {"audience": SPLIT}},
        {"money": {"order_value": 20.0, "spread": 0.0}, "goal": "revenue"},
    ],
    ids=["steady", "changing", "money"],
)
def test_intervals_hold_the_truth_at_their_level(fields: dict[str, Any]) -> None:
    given = asked(**fields)
    held = {(line, method): 0 for line in range(3) for method in ("ips", "snips", "dr")}
    for replication in range(LOGS):
        found = estimate_against_truth(given, replication=replication)
        for line, method in held:
            told = found["targets"][line]["methods"][method]  # type: ignore[index]
            held[line, method] += told["covers"] is not False
    for what, times in held.items():
        # Beside the count's own luck, intervals from a few dozen answers may miss the level by a few in a hundred.
        assert stats.binom(LOGS, LEVEL - 0.03).cdf(times) > RARE, what


def test_a_log_that_was_made_before_says_the_same() -> None:
    given = asked(world=HALF_WAY)
    made = estimate_against_truth(given, most=400)
    log = decision_log(given).iloc[:400]
    assert estimate_against_truth(given, log=log) == made
    assert estimate_against_truth(given, log=log.assign(arm=log["arm"].astype(str))) == made
    assert (made["sends"], made["campaign"], made["policy"], made["wears_out"]) == (400, SENDS, "ε-greedy", False)


def test_the_splits_that_policies_ended_with_are_judged() -> None:
    given = asked(policies=[{"name": "ab_split"}, {"name": "epsilon_greedy"}, {"name": "oracle"}])
    found = estimate_against_truth(given, policy=1)
    last = trace(given, 1).arms[-SENDS // 10 :]
    even, ended = found["targets"][3:]
    assert (even["label"], ended["label"]) == (None, "ε-greedy")
    assert ended["shares"] == pytest.approx(np.bincount(last, minlength=3) / len(last))
    assert ended["truth"] == pytest.approx(np.dot(ended["shares"], RATES))
    assert even["truth"] == pytest.approx(np.mean(RATES))
    assert [learner["label"] for learner in found["learners"]] == ["ε-greedy"]
    assert ended["methods"]["replay"]["refused"] == "left_to_chance"


def test_lines_that_tire_are_told() -> None:
    found = estimate_against_truth(asked(world={"name": "fatigue", "half_life": 50}))
    assert found["wears_out"]
    truth = found["targets"][2]["truth"]
    assert truth is not None
    assert truth < 0.4


# What a log says


def table(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"arm": ["A", "B"] * 100, "propensity": 0.5, "reward": [1, 0, 0, 0] * 50} | columns)


def test_each_figure_is_that_of_evaluate() -> None:
    log = decision_log(asked())
    found = estimates_of(read_log(log), {"mostly the last": [0.1, 0.1, 0.8]})
    targets: list[Any] = ["line 0", "line 1", "line 2", np.full(3, 1 / 3), np.array([0.1, 0.1, 0.8])]
    for target, told in zip(targets, found["targets"], strict=True):
        methods: list[Method] = [method for method in METHODS if method != "replay" or isinstance(target, str)]
        for method in methods:
            one, mine = evaluate(log, target, method), told["methods"][method]
            assert (mine["value"], mine["standard_error"], (mine["low"], mine["high"])) == (
                one.value,
                one.standard_error,
                one.interval,
            )
            assert (told["effective_sends"], told["largest_weight"]) == (one.effective_sample_size, one.largest_weight)
    assert found["targets"][0]["heaviest"] == pytest.approx((1 / log["propensity"][log["arm"] == "line 0"]).max())
    assert found["sends_by_line"] == log["arm"].value_counts(sort=False).tolist()


def test_the_answer_is_plain_json() -> None:
    found = estimate_against_truth(asked(), most=200)
    assert json.loads(json.dumps(found)) == found


def test_a_line_that_was_never_sent_has_no_values_and_says_why() -> None:
    found = estimates_of(read_log(table(arm=pd.Categorical(["A", "B"] * 100, ["A", "B", "C"]))))
    target = found["targets"][2]
    assert not target["is_enough"]
    assert {told["refused"] for told in target["methods"].values()} == {"nothing"}
    assert target["findings"] == [{"code": "never_sent", "line": "C", "sends": 0, "of": 200, "share": 0.0}]


def test_without_chances_three_methods_are_refused() -> None:
    log = read_log(table())
    guessed = estimates_of(replace(log, is_guessed=True))
    methods = guessed["targets"][0]["methods"]
    assert not guessed["has_chances"]
    assert [method for method in METHODS if methods[method]["refused"] == "needs_chances"] == ["ips", "snips", "dr"]
    assert methods["dm"]["value"] == methods["replay"]["value"] == 0.5


def test_learners_are_replayed_and_those_who_cannot_say_why() -> None:
    log = read_log(table())
    asked_for = [{"name": "thompson"}, {"name": "oracle"}, {"name": "magic"}]
    thompson, oracle, strange = estimates_of(log, policies=asked_for, seed=3)["learners"]
    replayed = replay_policy(log, {"name": "thompson"}, seed=3)
    assert thompson["used"] == replayed.used.sum() == sum(thompson["sends"])
    assert thompson["value"] == replayed.estimate.value
    assert [one["label"] for one in (thompson, oracle, strange)] == ["Thompson sampling", "Oracle", "magic"]
    assert strange["problem"] is not None
    assert strange["problem"].startswith("policies.0.name: got 'magic'")
    assert oracle["value"] is None
    assert oracle["problem"] is not None
    assert oracle["problem"].startswith("policy: got 'oracle'")


def test_money_is_no_rate() -> None:
    found = estimates_of(read_log(table(reward=[20.0, 0.0] * 100)), policies=[{"name": "thompson"}])
    assert not found["is_rate"]
    assert found["learners"][0]["problem"] == (
        "reward: got rewards from 0 to 20; policies learn from rewards between 0 and 1. Replay conversions, or divide by the largest."
    )


def test_the_best_of_several_alike_is_seldom_called_clear() -> None:
    """Eight lines with one rate: the winner's luck is allowed for. Fails a right rule once in ten thousand seeds."""
    draw = np.random.default_rng(11)
    names, clear = tuple("ABCDEFGH"), 0
    for _ in range(100):
        arm = draw.integers(0, 8, 2_000)
        reward = (draw.random(2_000) < 0.1).astype(float)
        whole = np.full((2_000, 8), 0.125)
        log = Log(names, ("Everybody",), arm, np.zeros(2_000, np.int64), whole[:, 0].copy(), reward, whole)
        best = estimates_of(log)["best"]
        assert best is not None
        clear += best["is_clear"]
    assert clear <= stats.binom(100, 0.1).isf(RARE)


def test_a_line_that_is_better_is_called_so() -> None:
    arm = np.tile([0, 1], 2_000)
    reward = (np.random.default_rng(2).random(4_000) < np.where(arm == 1, 0.2, 0.1)).astype(float)
    whole = np.full((4_000, 2), 0.5)
    log = Log(("A", "B"), ("Everybody",), arm, np.zeros(4_000, np.int64), whole[:, 0].copy(), reward, whole)
    best = estimates_of(log)["best"]
    assert best == {"line": 1, "method": "dr", "is_clear": True}
    guessed = estimates_of(replace(log, chances=None, is_guessed=True), policies=[{"name": "thompson"}])
    assert guessed["best"] == {"line": 1, "method": "dm", "is_clear": True}
    assert "no policy can be replayed through it" in (guessed["learners"][0]["problem"] or "")
