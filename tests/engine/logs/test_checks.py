"""The chances of a log are tested without false alarms, and correct what learning biases."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from engine import decision_log, evaluate
from engine.decision_log import sends_of
from engine.guarded import chances
from engine.logs.checks import MOST_UNREACHED, Deviations
from engine.logs.parts import LogOf
from engine.logs.store import LogStore
from engine.logs.truth import Truth
from engine.logs.work import summary_of
from engine.simulation import potential_responses
from tests.engine.logs.campaigns import CAMPAIGNS, RATES, small, store_of

RARE = 1e-5


def p_values(campaigns: int, sends: int, *, lie: float = 0.0) -> list[float]:
    """Tests of campaigns in which chances of five lines follow what converted, and sends follow other chances if `lie`."""
    rng = np.random.default_rng(4)
    rates = np.array([0.1, 0.2, 0.3, 0.4, 0.5])
    won, tried = np.ones((campaigns, 5)), np.full((campaigns, 5), 2.0)
    every, arms = np.zeros((sends, campaigns, 5), np.float32), np.zeros((sends, campaigns), np.uint8)
    for send in range(sends):
        scores = 6 * won / tried
        chances = 0.1 / 5 + 0.9 * np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        every[send] = chances
        really = chances + lie * (np.arange(5) == 4) - lie * (np.arange(5) == 0)
        arm = (rng.random((campaigns, 1)) > really.cumsum(axis=1)[:, :-1]).sum(axis=1)
        arms[send] = arm
        won[np.arange(campaigns), arm] += rng.random(campaigns) < rates[arm]
        tried[np.arange(campaigns), arm] += 1
    found = []
    for campaign in range(campaigns):
        deviations = Deviations(5)
        deviations.add(every[:, campaign], arms[:, campaign])
        check = deviations.check()
        assert check is not None
        assert check["degrees"] == 4
        found.append(check["p"])
    return found


def test_honest_logs_raise_as_many_alarms_as_the_test_says() -> None:
    """A correct test fails once in 100,000 seeds: binomial counts of p-values below 10%, 5% and 1%."""
    found = np.array(p_values(2_000, 300))
    for level in (0.1, 0.05, 0.01):
        assert stats.binomtest(int((found < level).sum()), len(found), level).pvalue > RARE, level


def test_a_log_whose_chances_are_not_those_of_its_sends_is_found_out() -> None:
    assert np.mean(np.array(p_values(40, 4_000, lie=0.02)) < 0.01) > 0.9


def test_our_own_logs_keep_to_their_chances() -> None:
    """60 campaigns; a correct engine fails once in 100,000 seeds."""
    rails = [{"name": "holdout", "share": 0.1}, {"name": "minimum_share", "share": 0.05}]
    asked = small("softmax", sends=200, guardrails=rails, replications=60)
    alarms = 0
    for replication in range(60):
        deviations = Deviations(3)
        every = chances(asked, 0, replication).astype(np.float32)
        deviations.add(every, sends_of(asked, 0, replication)["arm"])
        check = deviations.check()
        assert check is not None
        alarms += check["p"] < 0.05
    assert stats.binom.sf(alarms - 1, 60, 0.05) > RARE


def test_the_test_in_two_lines_is_the_z_test() -> None:
    deviations = Deviations(2)
    chances = np.tile(np.array([0.25, 0.75], np.float32), (400, 1))
    arms = np.repeat(np.array([0, 1], np.uint8), [130, 270])
    deviations.add(chances[:150], arms[:150])
    deviations.add(chances[150:], arms[150:])
    check = deviations.check()
    assert check is not None
    assert check["degrees"] == 1
    assert check["p"] == pytest.approx(2 * stats.norm.sf(30 / np.sqrt(400 * 0.25 * 0.75)))


def test_where_nothing_was_left_to_chance_nothing_is_tested(tmp_path: Path) -> None:
    assert summary_of(store_of(CAMPAIGNS["oracle"], tmp_path))["check"] is None


def test_an_even_split_is_closer_to_its_chances_than_luck_would_be(tmp_path: Path) -> None:
    check = summary_of(store_of(CAMPAIGNS["even"], tmp_path))["check"]
    assert check is not None
    assert check["p"] > 0.99


@pytest.mark.parametrize("name", ["plain", "contextual", "late", "guarded", "recurring"])
def test_corrected_rates_are_those_of_the_evaluation(name: str, tmp_path: Path) -> None:
    asked = CAMPAIGNS[name]
    said, log = summary_of(store_of(asked, tmp_path))["lines"], decision_log(asked)
    for arm, line in enumerate(said):
        whole = evaluate(log, asked.arms[arm].name, "snips")
        assert line["sends"] == (log["arm"] == asked.arms[arm].name).sum()
        assert line["reached"] == pytest.approx((log[f"propensity_{arm}"] > 0).mean())
        if line["reached"] >= 1 - MOST_UNREACHED:
            assert line["corrected"] == pytest.approx(whole.value, abs=1e-5)
            assert line["effective"] == pytest.approx(whole.effective_sample_size, rel=1e-5)
            if line["low"] is not None:
                assert (line["low"], line["high"]) == pytest.approx(whole.interval, abs=1e-5)
        else:
            assert line["corrected"] is line["low"] is None


def test_intervals_cover_the_truth_as_often_as_they_say(tmp_path: Path) -> None:
    """80 campaigns of three lines, 90% intervals; a correct engine fails once in 100,000 seeds (weights are bounded)."""
    rails = [{"name": "minimum_share", "share": 0.1}]
    asked = small(sends=300, guardrails=rails, replications=80)
    covered = told = 0
    for replication in range(80):
        for line, rate in zip(summary_of(store_of(asked, tmp_path, replication))["lines"], RATES, strict=True):
            assert line["truth"] == pytest.approx(rate)
            if line["low"] is not None and line["high"] is not None:
                told += 1
                covered += line["low"] <= rate <= line["high"]
    assert told > 150
    # lines of one campaign are not independent: half as many count
    assert stats.binom.cdf(covered // 2, told // 2, 0.88) > RARE


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_what_recipients_would_have_answered_includes_what_they_did(name: str, tmp_path: Path) -> None:
    store = store_of(CAMPAIGNS[name], tmp_path)
    truth, sends, is_late = Truth.of(store), store.sends(), CAMPAIGNS[name].is_delayed
    for place in range(0, len(store), 7):
        would = truth.would_convert(place)[int(sends["arm"][place])]
        assert would is not None
        assert would >= bool(sends["answer"][place])
        assert is_late or would == bool(sends["answer"][place])


def test_in_a_steady_world_answers_are_the_potential_ones(tmp_path: Path) -> None:
    asked = CAMPAIGNS["plain"]
    truth = Truth.of(store_of(asked, tmp_path))
    every = np.stack([potential_responses(asked, arm) for arm in range(3)], axis=1)
    for place in (0, 17, 599):
        assert truth.would_convert(place) == every[place].astype(bool).tolist()


def test_a_line_that_is_away_answers_nothing_and_is_not_missed(tmp_path: Path) -> None:
    store = store_of(CAMPAIGNS["rotating"], tmp_path)
    truth = Truth.of(store)
    assert truth.would_convert(50)[2] is None
    assert truth.would_convert(500)[1] is None
    assert truth.is_there(1).sum() == 300
    assert [line["reached"] for line in summary_of(store)["lines"]] == [1.0, 1.0, 1.0]


def test_true_rates_fall_as_a_line_wears_out(tmp_path: Path) -> None:
    store = store_of(CAMPAIGNS["worn out"], tmp_path)
    truth, own = Truth.of(store), store.sends()["arm"] == 2
    rates = truth.rates(2)
    assert rates[0] == pytest.approx(RATES[2])
    assert (np.diff(rates)[own[:-1]] < 0).all()
    assert (np.diff(rates)[~own[:-1]] == 0).all()


def test_logs_of_lines_without_sends_say_nothing(tmp_path: Path) -> None:
    lines = summary_of(store_of(small("oracle", sends=60), tmp_path))["lines"]
    assert [line["sends"] for line in lines] == [0, 0, 60]
    assert lines[0] == {
        "sends": 0, "conversions": 0, "naive": None, "naive_low": None, "naive_high": None,
        "corrected": None, "low": None, "high": None, "truth": pytest.approx(0.1), "effective": 0.0, "reached": 0.0,
    }  # fmt: skip


def test_a_store_without_a_disk_works_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store: LogStore = store_of(CAMPAIGNS["plain"], tmp_path / "file")
    assert summary_of(store)["sends"] == 600
    assert store.log == LogOf.of(CAMPAIGNS["plain"])
