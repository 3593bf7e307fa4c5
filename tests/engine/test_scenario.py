"""A scenario is valid, or it says field, what was got, what is allowed and what to do."""

import json
import math
import subprocess
import sys
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Scenario, ScenarioError
from tests.engine.scenarios import scenario, scenario_dicts

GOOD = scenario("ab_split", "epsilon_greedy").to_dict()
TWO = [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.2}]


def refusal(changes: Any) -> ScenarioError:
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_dict(GOOD | changes)
    return caught.value


@pytest.mark.parametrize(
    ("changes", "field", "got", "allowed"),
    [
        ({"arms": []}, "arms", "0", "at least 2"),
        ({"arms": TWO[:1]}, "arms", "1", "at least 2"),
        ({"arms": [{"name": str(n)} for n in range(65)]}, "arms", "65", "at most 64"),
        ({"arms": [*TWO, {"name": "A"}]}, "arms", "2 lines named 'A'", "differ"),
        ({"arms": [TWO[0], {"name": "B", "rate": 1.5}]}, "arms.1.rate", "1.5", "from 0 to 1"),
        ({"arms": [TWO[0], {"name": "B", "rate": math.nan}]}, "arms.1.rate", "nan", "from 0 to 1"),
        ({"arms": [TWO[0], {"name": "B", "rate": math.inf}]}, "arms.1.rate", "inf", "from 0 to 1"),
        ({"arms": [TWO[0], {"name": "B", "rate": True}]}, "arms.1.rate", "True", "from 0 to 1"),
        ({"arms": [TWO[0], {"name": "B", "rate": "0.5"}]}, "arms.1.rate", "'0.5'", "from 0 to 1"),
        ({"arms": [TWO[0], {"name": " "}]}, "arms.1.name", "only spaces", "1 to 100"),
        ({"arms": [TWO[0], {"name": "a\x00b"}]}, "arms.1.name", "control characters", "plain text"),
        ({"arms": "AB"}, "arms", "'AB'", "list"),
        ({"arms": [1, 2]}, "arms.0", "1", "dict"),
        ({"sends": 0}, "sends", "0", "from 1 to 1,000,000"),
        ({"sends": -5}, "sends", "-5", "Enter at least 1"),
        ({"sends": 10**40}, "sends", "many digits", "from 1 to 1,000,000"),
        ({"sends": 10.0}, "sends", "10.0", "whole number"),
        ({"sends": None}, "sends", "None", "whole number"),
        ({"replications": 0}, "replications", "0", "from 1 to 100,000"),
        ({"seed": -1}, "seed", "-1", "Enter at least 0"),
        ({"policies": [{"name": "magic"}]}, "policies.0.name", "'magic'", "ab_split, epsilon_decay"),
        ({"policies": [{}]}, "policies.0.name", "None", "one of"),
        ({"policies": ["thompson"]}, "policies.0", "'thompson'", "dict"),
        ({"policies": []}, "policies", "0", "at least 1"),
        ({"policies": [{"name": "oracle"}] * 9}, "policies", "9", "at most 8"),
        ({"policies": [{"name": "epsilon_greedy", "epsilon": 2}]}, "policies.0.epsilon", "2", "from 0 to 1"),
        ({"policies": [{"name": "epsilon_greedy", "epsylon": 0.2}]}, "policies.0.epsylon", "0.2", "no such field"),
        ({"policies": [{"name": "oracle", "label": "x"}, {"name": "thompson", "label": "x"}]}, "policies", "'x'", "differ"),
        ({"world": {"name": "stationary", "low": 0.5, "high": 0.1}}, "world.low", "0.5", "not be above high"),
        ({"world": "steady"}, "world", "'steady'", "dict"),
        ({"guardrails": [{"name": "minimum_share"}]}, "guardrails.0", "'minimum_share'", "no guardrails"),
        ({"update_every": 0}, "update_every", "0", "hourly, twice_daily or daily"),
        ({"update_every": "weekly"}, "update_every", "'weekly'", "hourly, twice_daily or daily"),
        ({"update_every": "daily"}, "sends_per_hour", "missing", "needs it"),
        ({"goal": "fame"}, "goal", "'fame'", "conversions"),
        ({"delay": {"name": "long"}}, "delay.name", "'long'", "none"),
        ({"colour": "red"}, "colour", "'red'", "no such field"),
        ({"arms": [{"name": str(n)} for n in range(64)], "replications": 100_000}, "replications", "100,000", "at most"),
    ],
)  # fmt: skip
def test_bad_input_is_named(changes: dict[str, Any], field: str, got: str, allowed: str) -> None:
    error = refusal(changes)
    assert field in error.problems
    assert got in error.problems[field]
    assert allowed in error.problems[field]
    assert str(error).startswith(f"{field}: ")


@pytest.mark.parametrize("raw", [None, 5, "x", [], [GOOD], {1: 2}, {}])
def test_what_is_no_scenario_at_all_is_refused(raw: Any) -> None:
    with pytest.raises(ScenarioError, match="arms"):
        Scenario.from_dict(raw)


def test_nested_without_end_is_refused() -> None:
    deep: Any = []
    deep.append(deep)
    assert "nested" in str(refusal({"arms": deep}))


def test_a_huge_value_does_not_make_a_huge_message() -> None:
    assert len(str(refusal({"goal": "x" * 10_000_000}))) < 300


def test_nothing_is_computed_for_a_refused_scenario() -> None:
    code = (
        "import sys, engine\n"
        "try: engine.Scenario.from_dict({'arms': []})\n"
        "except engine.ScenarioError: pass\n"
        "sys.exit(any(name in sys.modules for name in ('numba', 'pandas', 'dash', 'plotly', 'flask')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), junk, min_size=1, max_size=3))
def test_junk_is_refused_or_valid_but_never_a_crash(changes: dict[str, Any]) -> None:
    with suppress(ScenarioError):
        assert Scenario.from_dict(GOOD | changes).digest()


@given(scenario_dicts())
def test_dict_and_back(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    plain = asked.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert Scenario.from_dict(plain) == asked
    assert Scenario.from_dict(plain).digest() == asked.digest()
    assert hash(Scenario.from_dict(plain)) == hash(asked)


@given(scenario_dicts(), scenario_dicts())
def test_different_questions_have_different_digests(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = Scenario.from_dict(one), Scenario.from_dict(other)
    assert (first.digest() == second.digest()) == (first == second)


def test_fields_at_their_defaults_leave_the_digest_alone() -> None:
    short = {"arms": TWO, "policies": [{"name": "thompson"}]}
    assert Scenario.from_dict(short).digest() == Scenario.from_dict(Scenario.from_dict(short).to_dict()).digest()


def test_numpy_numbers_are_numbers() -> None:
    raw = GOOD | {"sends": np.int64(50), "arms": [{"name": "A", "rate": np.float64(0.5)}, {"name": "B"}]}
    assert Scenario.from_dict(raw).sends == 50


def test_nothing_can_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        scenario("ab_split").sends = 5


def test_labels_tell_policies_apart() -> None:
    asked = scenario(
        "ab_split", "epsilon_greedy", {"name": "epsilon_greedy", "epsilon": 0.2}, "thompson", "thompson",
        {"name": "oracle", "label": "Thompson sampling 2"},
    )  # fmt: skip
    assert len(set(asked.labels)) == 6
    assert asked.labels[:4] == ("A/B split", "ε-greedy (ε 0.1)", "ε-greedy (ε 0.2)", "Thompson sampling")


@given(scenario_dicts())
def test_labels_are_always_unique(raw: dict[str, Any]) -> None:
    labels = Scenario.from_dict(raw).labels
    assert len(set(labels)) == len(labels) == len(raw["policies"])


def test_rates_of_the_classic_scenario() -> None:
    drawn = Scenario.from_dict({"arms": [{"name": n} for n in "ABCDE"], "policies": [{"name": "ab_split"}]}).rates()[0]
    assert drawn.round(4).tolist() == [0.4870, 0.3194, 0.5293, 0.4487, 0.1471]


def test_giving_one_rate_leaves_the_others() -> None:
    world = {"name": "stationary", "draw": "beta"}
    left_open = scenario("ab_split", world=world).with_changes(arms=[{"name": n} for n in "ABC"])
    one_given = left_open.with_changes(arms=[{"name": "A"}, {"name": "B", "rate": 0.5}, {"name": "C"}])
    assert one_given.rates()[0, [0, 2]].tolist() == left_open.rates()[0, [0, 2]].tolist()
    assert one_given.rates()[0, 1] == 0.5


@given(st.integers(1, 10**6), st.integers(1, 8), st.integers(1, 100_000), st.integers(2, 64))
def test_checkpoints_fit_in_memory(sends: int, policies: int, replications: int, arms: int) -> None:
    try:
        asked = scenario(*["ab_split"] * policies, rates=tuple([0.5] * arms), sends=sends, replications=replications)
    except ScenarioError:
        return
    kept = asked.checkpoints
    assert kept[-1] == sends
    assert (np.diff(kept) > 0).all()
    assert len(kept) <= 200
    assert len(kept) * asked.checkpoint_bytes <= 96_000_000
