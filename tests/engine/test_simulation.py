"""What a simulation promises, whatever the scenario."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine import Result, Scenario, simulate
from engine.kernel import kernel
from engine.presets import PRESETS
from engine.simulation import potential_responses, trace
from tests.engine.scenarios import FIVE_RATES, scenario, scenario_dicts

EVERY_POLICY: list[dict[str, Any]] = [{"name": name} for name in engine.POLICIES]


@given(scenario_dicts())
def test_every_scenario_ends_in_possible_numbers(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    result = simulate(asked)
    assert (result.sends.sum(axis=-1) == result.checkpoints).all()
    assert (result.conversions <= result.sends).all()
    assert (result.conversions >= 0).all()
    for counts in (result.sends, result.conversions, result.regret):
        assert np.isfinite(counts).all()
        assert (np.diff(counts, axis=2) >= 0).all()
    assert result.checkpoints[-1] == asked.sends


@given(scenario_dicts())
def test_regret_is_sends_times_gaps(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    result = simulate(asked)
    rates = asked.rates(0, asked.replications)
    gaps = rates.max(axis=1, keepdims=True) - rates
    expected = np.einsum("prck,rk->prc", result.sends, gaps)
    np.testing.assert_allclose(result.regret, expected, atol=1e-9 * asked.sends)


@given(scenario_dicts())
def test_curves_are_the_means_of_the_replications(raw: dict[str, Any]) -> None:
    result = simulate(Scenario.from_dict(raw))
    np.testing.assert_array_equal(result.curves.checkpoints, result.checkpoints)
    np.testing.assert_allclose(result.curves.sends, result.sends.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(result.curves.conversions, result.conversions.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(result.curves.regret, result.regret.mean(axis=1), rtol=1e-12, atol=1e-9)


@given(scenario_dicts(), st.integers(1, 4), st.integers(1, 7))
def test_digest_does_not_depend_on_threads_or_blocks(raw: dict[str, Any], threads: int, block: int) -> None:
    asked = Scenario.from_dict(raw)
    assert simulate(asked, threads=threads, block=block).digest() == simulate(asked, threads=1).digest()


@given(scenario_dicts())
def test_result_survives_being_saved(raw: dict[str, Any]) -> None:
    result = simulate(Scenario.from_dict(raw))
    loaded = Result.from_bytes(result.to_bytes())
    assert loaded.digest() == result.digest()
    assert loaded.scenario == result.scenario
    np.testing.assert_array_equal(loaded.curves.regret, result.curves.regret)


@given(scenario_dicts())
def test_policy_does_not_care_who_else_is_compared(raw: dict[str, Any]) -> None:
    together = simulate(Scenario.from_dict(raw))
    last = raw["policies"][-1]
    alone = simulate(Scenario.from_dict(raw | {"policies": [last]}))
    np.testing.assert_array_equal(alone.sends[0], together.sends[-1])
    np.testing.assert_array_equal(alone.conversions[0], together.conversions[-1])


@given(scenario_dicts(), st.integers(0, 4))
def test_trace_is_the_replication_send_by_send(raw: dict[str, Any], replication: int) -> None:
    asked = Scenario.from_dict(raw | {"replications": 5})
    result = simulate(asked)
    every = trace(asked, 0, replication)
    counts = np.bincount(every.arms, minlength=len(asked.arms))
    won = np.bincount(every.arms, every.answers, len(asked.arms))
    np.testing.assert_array_equal(counts, result.sends[0, replication, -1])
    np.testing.assert_array_equal(won, result.conversions[0, replication, -1])


@given(scenario_dicts())
def test_recipients_answer_a_line_the_same_whoever_sends_it(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    answers = np.stack([potential_responses(asked, arm) for arm in range(len(asked.arms))], axis=1)
    for policy in range(len(asked.policies)):
        every = trace(asked, policy)
        np.testing.assert_array_equal(every.answers, answers[np.arange(asked.sends), every.arms])


def test_renaming_lines_changes_nothing() -> None:
    one = scenario("thompson", sends=500, replications=3)
    other = one.with_changes(arms=[{"name": f"other {arm.name}", "rate": arm.rate} for arm in one.arms])
    assert simulate(one).digest() == simulate(other).digest()


def test_even_split_misses_exactly_280() -> None:
    """Rates .04 .05 .06 .07 .09: 2,000 sends each miss .05 + .04 + .03 + .02 conversions a send, in every campaign."""
    result = simulate(scenario("ab_split", sends=10_000, replications=10_000))
    np.testing.assert_allclose(result.regret[0, :, -1], 280.0, atol=1e-6)
    mean = result.conversions[0, :, -1].sum(axis=-1).mean()
    spread = np.sqrt(sum(2_000 * rate * (1 - rate) for rate in FIVE_RATES) / 10_000)
    assert abs(mean - 620.0) < 4 * spread  # a correct engine fails once in 16,000 seeds


def test_oracle_misses_nothing() -> None:
    assert simulate(scenario("oracle", sends=1_000, replications=50)).regret.max() == 0.0


def test_window_as_long_as_the_campaign_is_plain_thompson() -> None:
    both = simulate(
        scenario("thompson", {"name": "sliding_window_thompson", "window": 900}, sends=900, replications=20)
    )
    np.testing.assert_array_equal(both.sends[0], both.sends[1])


def test_learning_in_batches_uses_only_what_was_known_before() -> None:
    """With one decision for the whole campaign, nothing is ever learnt: sends are those of the prior."""
    result = simulate(scenario("epsilon_greedy", sends=3_000, replications=200, update_every=3_000))
    share = result.sends[0, :, -1].sum(axis=0) / 600_000
    assert np.abs(share - 0.2).max() < 4.5 * np.sqrt(0.2 * 0.8 / 600_000)  # false alarm: 3 in 100,000 seeds


def test_cadence_by_the_clock_is_a_number_of_sends() -> None:
    by_clock = scenario("thompson", sends=1_000, replications=5, update_every="hourly", sends_per_hour=50)
    by_count = scenario("thompson", sends=1_000, replications=5, update_every=50)
    assert simulate(by_clock).digest() == simulate(by_count).digest()


def test_a_million_sends_through_a_window_of_a_million() -> None:
    asked = scenario({"name": "sliding_window_thompson", "window": 1_000_000}, sends=1_000_000, replications=1)
    assert simulate(asked).sends[0, 0, -1].sum() == 1_000_000


def test_most_arms_and_most_policies_at_once() -> None:
    policies: list[dict[str, Any]] = [
        *EVERY_POLICY,
        {"name": "thompson", "alpha": 0.01, "beta": 0.01},
        {"name": "epsilon_greedy", "epsilon": 1},
    ]
    result = simulate(scenario(*policies[:8], rates=tuple(np.linspace(0, 1, 64)), sends=2_000, replications=3))
    assert result.sends.shape == (8, 3, 200, 64)


def test_one_kernel_serves_every_policy() -> None:
    simulate(scenario(*EVERY_POLICY, sends=50, replications=2))
    assert len(kernel().overloads) == 1


# These never change: a link that is shared today shows the same result for as long as the project lives.
KNOWN_DIGESTS = {
    "classic": "16b8afd13e3a0faadb5fb51460ed3b294b1313893478b676528595dfee8328ce",
    "real_campaign": "38c504d57ee0c1d8d0e94bc0642414042b0d4e4eb9890f11d49e291c213a7f87",
}


@pytest.mark.parametrize("name", sorted(KNOWN_DIGESTS))
def test_presets_give_the_results_of_the_first_version(name: str) -> None:
    six = ("ab_split", "epsilon_decay", "epsilon_greedy", "oracle", "sliding_window_thompson", "thompson")
    asked = PRESETS[name].scenario.with_changes(replications=20, policies=[{"name": policy} for policy in six])
    assert simulate(asked).digest() == KNOWN_DIGESTS[name]


def test_a_plain_cpu_gives_the_same_digest(tmp_path: Path) -> None:
    """Compiled for the oldest x86-64, and with the C library's FMA variants switched off."""
    asked = scenario(*EVERY_POLICY, {"name": "thompson", "alpha": 0.02, "beta": 0.5}, sends=2_000, replications=3)
    asked = asked.with_changes(
        world={"name": "stationary", "draw": "beta", "redraw": True}, arms=[{"name": n} for n in "ABCD"]
    )
    code = "import json, sys, engine; print(engine.simulate(engine.Scenario.from_dict(json.load(sys.stdin))).digest())"
    plain = {
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NUMBA_CACHE_DIR": str(tmp_path),
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2_Usable,-FMA_Usable,-AVX2,-FMA,-AVX512F",
    }
    ran = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(asked.to_dict()),
        env=os.environ | plain,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == simulate(asked).digest()
