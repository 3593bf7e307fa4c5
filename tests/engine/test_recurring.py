"""Recurring campaigns: who gets which send, who is left out, and whose conversion it is."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from engine import Scenario, ScenarioError, from_link, simulate, to_link
from engine.blocks import Block, run_block, template_of
from engine.guarded import chances, watch_before
from engine.rails import place_of
from engine.recurring import CREDIT_RULES
from engine.result import Result
from engine.simulation import Trace, trace
from tests.engine.scenarios import scenario, scenario_dicts

RARE = 1e-6
"""How often each statistical check would fail a correct engine, over random seeds."""

RATES = (0.2, 0.3, 0.4)
LATE = {"name": "exponential", "mean_hours": 3.0, "window_hours": 12.0}


def recurring(*policies: str | dict[str, Any], credit: str = "last_touch", **fields: Any) -> Scenario:
    """Fifty recipients, ten sends an hour, a lookback of two days."""
    often = {"recipients": 50, "credit": credit, "lookback_hours": 48.0} | fields.pop("recurring", {})
    return scenario(*policies, rates=RATES, recurring=often, **{"sends_per_hour": 10, "replications": 2} | fields)


def credited_by_brute_force(asked: Scenario, ran: Trace) -> np.ndarray:
    """Walk through the conversions as they come, and look back over the recipient's own e-mails: (K,)."""
    assert asked.recurring is not None
    lookback = int(np.ceil(asked.recurring.lookback_hours * (asked.sends_per_hour or 1)))
    answered = np.flatnonzero(ran.answers)
    moments = ran.arrives[answered] if asked.is_delayed else answered + 1
    credited, closed = np.zeros(len(asked.arms)), dict.fromkeys(range(asked.recurring.recipients), -1)
    # of those that come at the same moment, the one that was sent last is first
    for moment, then in sorted(zip(moments.tolist(), (-answered).tolist(), strict=True)):
        if moment > asked.sends:
            continue
        who = int(ran.recipients[-then])
        own = np.flatnonzero((ran.recipients == who) & ran.is_sent)
        path = own[(own < moment) & (own >= moment - lookback) & (own > closed[who])]
        closed[who] = moment - 1
        if len(path) > 0:
            touched = {"last_touch": path[-1:], "first_touch": path[:1], "linear": path}[asked.recurring.credit]
            np.add.at(credited, ran.arms[touched], 1 / len(touched))
    return credited


@pytest.mark.parametrize("credit", CREDIT_RULES)
@pytest.mark.parametrize("delay", [{"name": "none"}, LATE])
@pytest.mark.parametrize("lookback", [0.3, 10.0, 8_000.0])
def test_credit_is_that_of_the_rule(credit: str, delay: dict[str, Any], lookback: float) -> None:
    cap = [{"name": "frequency_cap", "most": 4, "hours": 30.0}, {"name": "holdout", "share": 0.2}]
    for rails in ([], cap):
        asked = recurring(
            "thompson",
            credit=credit,
            sends=3_000,
            delay=delay,
            guardrails=rails,
            recurring={"lookback_hours": lookback},
        )
        result = simulate(asked)
        assert result.credited is not None
        np.testing.assert_allclose(
            result.credited[0, 1, -1], credited_by_brute_force(asked, trace(asked, 0, 1)), atol=1e-9
        )


def test_rules_differ_about_lines_and_agree_about_the_sum() -> None:
    """Without delay every conversion has a path: only whose it is differs."""
    sums, lines = [], []
    for credit in CREDIT_RULES:
        found = simulate(recurring("ab_split", credit=credit, sends=3_000)).credited
        assert found is not None
        sums.append(float(found[0, 0, -1].sum()))
        lines.append(found[0, 0, -1].round(6).tolist())
    assert sums == pytest.approx([sums[0]] * 3)
    assert len({tuple(line) for line in lines}) == 3


def test_with_last_touch_and_no_delay_credit_is_the_conversion() -> None:
    result = simulate(recurring("thompson", sends=3_000))
    assert result.credited is not None
    np.testing.assert_array_equal(result.credited, result.conversions)


def test_sends_go_to_recipients_at_random_whatever_the_policy() -> None:
    asked = recurring("ab_split", "thompson", sends=20_000)
    one, other = trace(asked, 0), trace(asked, 1)
    np.testing.assert_array_equal(one.recipients, other.recipients)
    assert stats.chisquare(np.bincount(one.recipients, minlength=50)).pvalue > RARE


# The frequency cap


@given(st.integers(1, 5), st.floats(0.2, 200), st.sampled_from(["thompson", "ab_split", "ucb1"]))
@settings(max_examples=40)
def test_nobody_gets_more_than_the_cap_and_nobody_is_left_out_below_it(most: int, hours: float, policy: str) -> None:
    cap = {"name": "frequency_cap", "most": most, "hours": hours}
    asked = recurring(policy, "oracle", sends=1_500, guardrails=[cap], recurring={"recipients": 30})
    ran, span = trace(asked, 0), min(asked.sends, int(np.ceil(hours * 10)))
    for who in range(30):
        got: list[int] = []
        for t in np.flatnonzero(ran.recipients == who).tolist():
            is_full = sum(then > t - span for then in got) >= most
            assert ran.is_sent[t] == (not is_full)
            if not is_full:
                got.append(t)
    np.testing.assert_array_equal(ran.is_sent, trace(asked, 1).is_sent)


def test_what_is_left_out_counts_nowhere() -> None:
    cap = {"name": "frequency_cap", "most": 1, "hours": 100.0}
    asked = recurring("thompson", sends=2_000, guardrails=[cap])
    result, ran = simulate(asked), trace(asked, 0)
    assert 0 < result.sends[0, 0, -1].sum() == ran.is_sent.sum() < 500
    left_out = np.flatnonzero(~ran.is_sent)
    assert not ran.answers[left_out].any()
    assert not ran.missed[left_out].any()
    at = [int(left_out[0]), int(np.flatnonzero(ran.is_sent)[-1])]
    rows = chances(asked, at=at)
    assert rows[0].sum() == 0.0
    assert rows[1].sum() == pytest.approx(1.0)


def test_a_cap_needs_recipients_who_get_several() -> None:
    with pytest.raises(ScenarioError, match="frequency_cap"):
        scenario("ab_split", guardrails=[{"name": "frequency_cap"}])


def test_opens_have_nothing_to_credit() -> None:
    with pytest.raises(ScenarioError, match="inflated_opens"):
        recurring("ab_split", world={"name": "inflated_opens"})


def test_it_needs_a_pace() -> None:
    with pytest.raises(ScenarioError, match="sends_per_hour"):
        recurring("ab_split", sends_per_hour=None)


# What policies are told


@given(scenario_dicts(everything=True))
@settings(max_examples=200)
def test_no_posterior_becomes_impossible(raw: dict[str, Any]) -> None:
    """Whatever is on, of no line is more success told than trials, in any segment, and never less than nothing."""
    watching = {"name": "segment_thompson", "alpha": 1.0, "beta": 1.0}
    asked = Scenario.from_dict(raw | {"policies": [watching], "replications": 1})
    state = template_of(asked, 0)
    every = np.arange(asked.sends)
    watch = watch_before(every, len(state), asked.sends)
    run_block(asked, Block(0, 0, 1), watch=watch)
    S, K = len(asked.segmentation), len(asked.arms)
    rows = watch.states[:, 8 + S :].reshape(asked.sends, S, -1, K)
    assert np.isfinite(watch.states[:, 8 : 8 + S]).all()
    alpha, beta = rows[:, :, 0], rows[:, :, 1]
    assert (alpha >= 1.0 - 1e-9).all()
    assert (beta >= 1.0 - 1e-9).all()
    counted = (watch.sends[:, 0] >= 0) & (watch.sends[:, 2] != place_of("holdout"))
    assert alpha[-1].sum() + beta[-1].sum() <= 2 * S * K + counted[:-1].sum() + 1e-6


@given(scenario_dicts(everything=True))
@settings(max_examples=100)
def test_any_combination_runs_to_the_end_and_holds_together(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    result = simulate(asked, threads=1)
    assert result.digest() == simulate(asked, threads=2, block=1).digest()
    assert from_link(to_link(asked)) == asked == Scenario.from_dict(asked.to_dict())
    assert Result.from_bytes(result.to_bytes()).digest() == result.digest()
    assert (result.sends[:, :, -1].sum(axis=-1) <= asked.sends).all()
    assert (result.conversions <= result.sends).all()
    assert (result.regret_units >= 0).all() or asked.guardrails or asked.goal == "net_value"
    assert np.isfinite(result.gains).all()
    assert result.revenue.shape == result.regret.shape
    if result.credited is not None:
        assert (result.credited.sum(axis=-1) <= result.known.sum(axis=-1) + 1e-6).all()
        assert (result.credited <= result.sends + 1e-6).all()
    for policy in range(len(asked.policies)):
        ran = trace(asked, policy, 0)
        assert (
            np.bincount(ran.arms[ran.is_sent], minlength=len(asked.arms)).tolist()
            == result.sends[policy, 0, -1].tolist()
        )
