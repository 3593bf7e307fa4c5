"""What a simulation promises, whatever the scenario."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine import Scenario, simulate
from engine.presets import PRESETS
from engine.scenario import MOST_POLICIES
from engine.simulation import potential_responses, trace
from tests.engine.scenarios import scenario, scenario_dicts

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


@given(scenario_dicts(only_plain=True))
def test_regret_is_sends_times_gaps(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    result = simulate(asked)
    rates = asked.rates(0, asked.replications)
    gaps = rates.max(axis=1, keepdims=True) - rates
    expected = np.einsum("prck,rk->prc", result.sends, gaps)
    np.testing.assert_allclose(result.regret, expected, atol=1e-9 * asked.sends)


@given(scenario_dicts(), st.integers(1, 4), st.integers(1, 7))
def test_digest_does_not_depend_on_threads_or_blocks(raw: dict[str, Any], threads: int, block: int) -> None:
    asked = Scenario.from_dict(raw)
    assert simulate(asked, threads=threads, block=block).digest() == simulate(asked, threads=1).digest()


@given(scenario_dicts(), st.randoms())
def test_policy_does_not_care_who_else_is_compared(raw: dict[str, Any], random: Any) -> None:
    """Not about its place among the policies, nor about the others; alone it does the same."""
    together = simulate(Scenario.from_dict(raw))
    order = list(range(len(raw["policies"])))
    random.shuffle(order)
    shuffled = simulate(Scenario.from_dict(raw | {"policies": [raw["policies"][place] for place in order]}))
    alone = simulate(Scenario.from_dict(raw | {"policies": [raw["policies"][order[0]]]}))
    for name in ("sends", "conversions", "regret_units"):
        np.testing.assert_array_equal(getattr(shuffled, name), getattr(together, name)[order])
        np.testing.assert_array_equal(getattr(alone, name)[0], getattr(together, name)[order[0]])


@given(scenario_dicts())
def test_more_replications_leave_the_first_ones_alone(raw: dict[str, Any]) -> None:
    few, many = (simulate(Scenario.from_dict(raw | {"replications": count})) for count in (2, 5))
    np.testing.assert_array_equal(many.sends[:, :2], few.sends)
    np.testing.assert_array_equal(many.conversions[:, :2], few.conversions)


@given(scenario_dicts(only_plain=True), st.integers(1, 300))
def test_a_longer_campaign_begins_as_the_shorter_one(raw: dict[str, Any], sends: int) -> None:
    """What a recipient is sent depends on what came before, never on how many will follow.

    Unless the rule itself is a share of the list.
    """
    policies = [policy for policy in raw["policies"] if policy["name"] != "test_then_winner"] or EVERY_POLICY[:1]
    every = 7
    spanning = [
        policy | ({"window": max(policy["window"], every)} if "window" in policy else {}) for policy in policies
    ]
    raw = raw | {"policies": spanning, "update_every": every}
    short, long = (Scenario.from_dict(raw | {"sends": count}) for count in (sends, sends + 50))
    for policy in range(len(short.policies)):
        np.testing.assert_array_equal(trace(long, policy).arms[:sends], trace(short, policy).arms)
        np.testing.assert_array_equal(trace(long, policy).answers[:sends], trace(short, policy).answers)


@given(scenario_dicts())
def test_renaming_lines_and_policies_changes_nothing(raw: dict[str, Any]) -> None:
    renamed = raw | {
        "arms": [{**arm, "name": f"other {arm['name']}"} for arm in raw["arms"]],
        "policies": [{**policy, "label": f"policy {place}"} for place, policy in enumerate(raw["policies"])],
    }
    assert simulate(Scenario.from_dict(raw)).digest() == simulate(Scenario.from_dict(renamed)).digest()


@given(scenario_dicts(), st.integers(0, 4))
def test_trace_is_the_replication_send_by_send(raw: dict[str, Any], replication: int) -> None:
    asked = Scenario.from_dict(raw | {"replications": 5})
    result = simulate(asked)
    every = trace(asked, 0, replication)
    counts = np.bincount(every.arms, minlength=len(asked.arms))
    won = np.bincount(every.arms, every.answers, len(asked.arms))
    np.testing.assert_array_equal(counts, result.sends[0, replication, -1])
    np.testing.assert_array_equal(won, result.conversions[0, replication, -1])


@given(scenario_dicts().filter(lambda raw: raw["world"]["name"] != "fatigue"))
def test_two_policies_that_send_the_same_line_to_a_recipient_get_the_same_answer(raw: dict[str, Any]) -> None:
    """Lines that wear out are another matter: how far, depends on who sent them before."""
    asked = Scenario.from_dict(raw | {"policies": [*raw["policies"], {"name": "ab_split"}]})
    runs = [trace(asked, policy) for policy in range(len(asked.policies))]
    for one in runs:
        same = one.arms == runs[-1].arms
        np.testing.assert_array_equal(one.answers[same], runs[-1].answers[same])


@given(scenario_dicts(only_plain=True))
def test_recipients_answer_a_line_the_same_whoever_sends_it(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    answers = np.stack([potential_responses(asked, arm) for arm in range(len(asked.arms))], axis=1)
    for policy in range(len(asked.policies)):
        every = trace(asked, policy)
        np.testing.assert_array_equal(every.answers, answers[np.arange(asked.sends), every.arms])


@pytest.mark.parametrize("name", engine.POLICIES)
def test_sends_one_by_one_and_all_at_once_are_the_same_campaign(name: str) -> None:
    """`trace` goes through the loop that can do everything, `simulate` through the quick one."""
    asked = scenario(name, sends=5_000, replications=2)
    result = simulate(asked)
    every = trace(asked, 0, 1)
    sent = np.cumsum(every.arms[:, np.newaxis] == np.arange(5), axis=0)[result.checkpoints - 1]
    won = np.cumsum((every.arms[:, np.newaxis] == np.arange(5)) & (every.answers == 1)[:, np.newaxis], axis=0)
    np.testing.assert_array_equal(sent, result.sends[0, 1])
    np.testing.assert_array_equal(won[result.checkpoints - 1], result.conversions[0, 1])


def test_threads_that_simulate_at_the_same_time_do_not_mix() -> None:
    scenarios = [scenario("thompson", "ab_split", sends=2_000, replications=20, seed=seed) for seed in range(8)]
    expected = [simulate(asked, threads=1).digest() for asked in scenarios]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda asked: simulate(asked).digest(), scenarios)) == expected


def test_learning_in_batches_uses_only_what_was_known_before() -> None:
    """With one decision for the whole campaign, nothing is ever learnt: sends are those of the prior."""
    result = simulate(scenario("epsilon_greedy", sends=3_000, replications=200, update_every=3_000))
    share = result.sends[0, :, -1].sum(axis=0) / 600_000
    assert np.abs(share - 0.2).max() < 4.5 * np.sqrt(0.2 * 0.8 / 600_000)  # false alarm: 3 in 100,000 seeds


def test_cadence_by_the_clock_is_a_number_of_sends() -> None:
    by_clock = scenario("thompson", sends=1_000, replications=5, update_every="hourly", sends_per_hour=50)
    by_count = scenario("thompson", sends=1_000, replications=5, update_every=50)
    assert simulate(by_clock).digest() == simulate(by_count).digest()


def test_most_arms_and_most_policies_at_once() -> None:
    result = simulate(
        scenario(*EVERY_POLICY[:MOST_POLICIES], rates=tuple(np.linspace(0, 1, 64)), sends=2_000, replications=3)
    )
    assert result.sends.shape == (8, 3, 200, 64)


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


THROUGH_THE_C_LIBRARY = (
    *("thompson", "normal_thompson", "lin_thompson", "kl_ucb", "glr_ucb", "cusum_ucb"),
    *("ucb1", "lin_ucb", "softmax", "exp3", "gradient"),
)
"""One policy for each way to a logarithm, a power, a root or a draw. The others are made of these and of plain
arithmetic, which is the same on every CPU, and each takes seconds to compile."""


def test_a_plain_cpu_gives_the_same_digest(tmp_path: Path) -> None:
    """Compiled for the oldest x86-64, and with the C library's FMA variants switched off."""
    policies: list[dict[str, Any]] = [{"name": name} for name in THROUGH_THE_C_LIBRARY]
    policies += [{"name": "thompson", "alpha": 0.02, "beta": 0.5}, {"name": "kl_ucb", "c": 3}]
    changes = {
        "world": {"name": "stationary", "draw": "beta", "redraw": True},
        "arms": [{"name": name} for name in "ABCD"],
    }
    asked = [
        scenario(*some, sends=2_000, replications=3).with_changes(**changes)
        for some in (policies[first : first + MOST_POLICIES] for first in range(0, len(policies), MOST_POLICIES))
    ]
    code = (
        "import json, sys, engine\n"
        "print(*(engine.simulate(engine.Scenario.from_dict(one)).digest() for one in json.load(sys.stdin)))"
    )
    plain = {
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NUMBA_CACHE_DIR": str(tmp_path),
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2_Usable,-FMA_Usable,-AVX2,-FMA,-AVX512F",
    }
    ran = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps([one.to_dict() for one in asked]),
        env=os.environ | plain,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == [simulate(one).digest() for one in asked]
