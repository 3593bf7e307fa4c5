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


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


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
        ({"arms": [TWO[0], {"name": " "}]}, "arms.1.name", "only spaces", "can be read"),
        ({"arms": [TWO[0], {"name": "a\x00b"}]}, "arms.1.name", "control characters", "plain text"),
        ({"arms": [TWO[0], {"name": "\u200b\u3164"}]}, "arms.1.name", "only spaces", "can be read"),
        ({"arms": [TWO[0], {"name": "A\u202eB"}]}, "arms.1.name", "control characters", "plain text"),
        ({"arms": [*TWO, {"name": "A\u200b"}]}, "arms", "2 lines named 'A'", "differ"),
        ({"arms": "AB"}, "arms", "'AB'", "list"),
        ({"arms": [1, 2]}, "arms.0", "1", "dict"),
        ({"sends": 0}, "sends", "0", "from 1 to 1,000,000"),
        ({"sends": -5}, "sends", "-5", "Enter at least 1"),
        ({"sends": 10**40}, "sends", "many digits", "from 1 to 1,000,000"),
        ({"sends": 10.0}, "sends", "10.0", "whole number"),
        ({"sends": None}, "sends", "None", "whole number"),
        ({"replications": 0}, "replications", "0", "from 1 to 100,000"),
        ({"seed": -1}, "seed", "-1", "Enter at least 0"),
        ({"policies": [{"name": "magic"}]}, "policies.0.name", "'magic'", "ab_split, cusum_ucb"),
        ({"policies": [{}]}, "policies.0.name", "None", "one of"),
        ({"policies": ["thompson"]}, "policies.0", "'thompson'", "dict"),
        ({"policies": []}, "policies", "0", "at least 1"),
        ({"policies": [{"name": "oracle"}] * 9}, "policies", "9", "at most 8"),
        ({"policies": [{"name": "epsilon_greedy", "epsilon": 2}]}, "policies.0.epsilon", "2", "from 0 to 1"),
        ({"policies": [{"name": "epsilon_greedy", "epsylon": 0.2}]}, "policies.0.epsylon", "0.2", "no such field"),
        ({"policies": [{"name": "oracle", "label": "x"}, {"name": "thompson", "label": "x"}]}, "policies", "'x'", "differ"),
        ({"world": {"name": "stationary", "low": 0.5, "high": 0.1}}, "world.low", "0.5", "not be above high"),
        ({"world": "steady"}, "world", "'steady'", "dict"),
        ({"guardrails": [{"name": "handrail"}]}, "guardrails.0.name", "'handrail'", "minimum_share"),
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


LONG = "x" * 1_000_000


@pytest.mark.parametrize(
    "changes",
    [
        {"goal": LONG},
        {LONG: 1},
        {"sends": LONG},
        {"arms": [*TWO, {"name": LONG}]},
        {"arms": [*TWO, {"name": "C", LONG: 1}]},
        {"policies": [{"name": LONG}]},
        {"policies": [{"name": "oracle", "label": LONG}]},
        {"policies": [{"name": "oracle", LONG: LONG}]},
        {"world": LONG},
        {"world": {"name": "stationary", LONG: 1}},
        {"delay": {"name": LONG}},
    ],
    ids=lambda changes: ".".join(changes)[:12],
)
def test_a_huge_input_does_not_make_a_huge_message(changes: dict[str, Any]) -> None:
    length = len(str(refusal(changes)))
    assert length < 600


def test_very_many_problems_are_not_all_told() -> None:
    assert len(refusal({f"field {n}": n for n in range(5_000)}).problems) <= 20


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"int": 5}, "int"),
        ({"constrained-int": 5}, "constrained-int"),
        ({"literal['x']": 5}, "literal['x']"),
        ({"arms": [*TWO, {"name": "C", "int": 5}]}, "arms.2.int"),
        ({"policies": [{"name": "oracle", "oracle": 5}]}, "policies.0.oracle"),
        ({"world": {"name": "stationary", "stationary": 5}}, "world.stationary"),
        ({"world": {"name": "stationary", "world": 5}}, "world.world"),
    ],
)
def test_an_unknown_field_is_named_whatever_it_is_called(changes: dict[str, Any], field: str) -> None:
    assert field in refusal(changes).problems


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"policies": [{"name": 10**5_000}]}, "policies.0.name"),
        ({"policies": [{"name": ["oracle"]}]}, "policies.0.name"),
        ({"arms": [*TWO, {"name": "\ud800"}]}, "arms.2.name"),
        ({"arms": [*TWO, {"name": "C", "rate": 10**400}]}, "arms.2.rate"),
        ({"policies": [{"name": "epsilon_greedy", "epsilon": -(10**400)}]}, "policies.0.epsilon"),
        ({"seed": 2**53}, "seed"),
        ({"world": {"name": "stationary", "world_seed": 2**53}}, "world.world_seed"),
        ({"update_every": 10**400}, "update_every"),
        ({"update_every": True}, "update_every"),
        ({"update_every": 2.0}, "update_every"),
        ({"sends_per_hour": 0}, "sends_per_hour"),
        ({"world": {"name": "stationary", "redraw": 1}}, "world.redraw"),
        ({"policies": [{"name": "thompson", "alpha": 0}]}, "policies.0.alpha"),
        ({"policies": [{"name": "thompson", "beta": -1.0}]}, "policies.0.beta"),
        ({"policies": [{"name": "epsilon_decay", "c": 0}]}, "policies.0.c"),
        ({"policies": [{"name": "epsilon_decay", "d": 0.0}]}, "policies.0.d"),
        ({"policies": [{"name": "sliding_window_thompson", "window": 1_000_001}]}, "policies.0.window"),
        ({"policies": [{"name": "sliding_window_thompson", "window": 10.5}]}, "policies.0.window"),
        ({"policies": [{"name": "oracle", "label": ""}]}, "policies.0.label"),
        ({"policies": [{"name": "oracle", "label": "x" * 61}]}, "policies.0.label"),
        ({"arms": [*TWO, {"name": "x" * 101}]}, "arms.2.name"),
        ({"arms": [*TWO, {"name": ""}]}, "arms.2.name"),
        ({"arms": [*TWO, {"rate": 0.5}]}, "arms.2.name"),
        ({"arms": [*TWO, {"name": "  A\t"}]}, "arms"),
        ({"seed": np.float64(5)}, "seed"),
        ({"arms": [*TWO, {"name": "C", "rate": np.float32("nan")}]}, "arms.2.rate"),
    ],
)  # fmt: skip
def test_odd_values_are_refused_under_their_own_name(changes: dict[str, Any], field: str) -> None:
    assert list(refusal(changes).problems) == [field]


@pytest.mark.parametrize("text", ["   ", "\t\n", "a\x00b", "a\nb", "\x1b[31mred"], ids=ascii)
@pytest.mark.parametrize("place", ["name", "label"])
def test_names_that_cannot_be_read_are_refused_or_tidied(text: str, place: str) -> None:
    """Spaces and line breaks around words may be tidied away; nothing may be shown that has no letters, or moves the cursor."""
    one: dict[str, Any] = {"arms": [*TWO, {"name": text}]}
    other: dict[str, Any] = {"policies": [{"name": "oracle", "label": text}]}
    with suppress(ScenarioError):
        asked = Scenario.from_dict(GOOD | (one if place == "name" else other))
        shown = asked.arms[-1].name if place == "name" else asked.labels[0]
        assert shown.isprintable()
        assert shown.strip()


@pytest.mark.parametrize(
    "changes",
    [{"\ud800": 1}, {"policies": [{"name": "oracle", "\ud800": 1}]}, {"a\nsends: all is well": 1}, {"\x1b[31m": 1}],
    ids=ascii,
)
def test_messages_can_be_shown_whatever_the_fields_are_called(changes: dict[str, Any]) -> None:
    error = refusal(changes)
    assert str(error).encode()
    assert all(line.isprintable() for line in str(error).splitlines())
    assert len(str(error).splitlines()) == 1


@given(scenario_dicts(), st.data())
def test_a_valid_scenario_with_one_thing_changed_is_valid_or_refused(raw: dict[str, Any], data: st.DataObject) -> None:
    """Somewhere inside, a value is replaced, a key is dropped or added."""
    changed = json.loads(json.dumps(raw))
    place: Any = changed
    while True:
        inner = list(place if isinstance(place, dict) else range(len(place)))
        key = data.draw(st.sampled_from(inner))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    change = data.draw(st.sampled_from(["replace", "drop", "add"]))
    if change == "drop":
        del place[key]
    elif change == "add" and isinstance(place, dict):
        place[data.draw(st.text(max_size=8))] = data.draw(junk)
    else:
        place[key] = data.draw(junk)
    with suppress(ScenarioError):
        asked = Scenario.from_dict(changed)
        assert Scenario.from_dict(asked.to_dict()) == asked


def test_a_list_that_is_missing_is_called_a_list() -> None:
    with pytest.raises(ScenarioError, match="arms: missing; must be a list of 2 to 64"):
        Scenario.from_dict({"policies": [{"name": "ab_split"}]})


@pytest.mark.parametrize("raw", [GOOD | {"\ud800": 1}, GOOD | {"arms": [{**TWO[0], "\ud800": 1}, TWO[1]]}], ids=ascii)
def test_a_field_named_with_half_a_character_is_named(raw: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError, match=r"\\ud800: there is no such field"):
        Scenario.from_dict(raw)


def test_joiners_inside_a_name_stay() -> None:
    family = "\U0001f468\u200d\U0001f469 offer"
    assert scenario("ab_split").with_changes(arms=[{"name": family}, TWO[1]]).arms[0].name == family


def test_short_campaigns_take_time_too() -> None:
    """Starting one takes microseconds, which counts when it has few sends."""
    one = scenario("ab_split", sends=1, replications=100_000)
    assert one.estimated_seconds > 0.1


def test_nothing_is_computed_for_a_refused_scenario() -> None:
    code = (
        "import sys, engine\n"
        "try: engine.Scenario.from_dict({'arms': []})\n"
        "except engine.ScenarioError: pass\n"
        "try: engine.from_link('1AAAA')\n"
        "except engine.LinkError: pass\n"
        "sys.exit(any(name in sys.modules for name in ('numba', 'pandas', 'scipy', 'dash', 'plotly', 'flask')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(junk)
def test_anything_at_all_is_refused_as_a_scenario(raw: Any) -> None:
    with pytest.raises(ScenarioError):
        Scenario.from_dict(raw)


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


@pytest.mark.parametrize(("one", "other"), [(0, 0.0), (0.0, -0.0), (1, 1.0)])
@pytest.mark.parametrize("place", ["rate", "epsilon", "low"])
def test_equal_scenarios_have_equal_digests(place: str, one: float, other: float) -> None:
    def asked(value: float) -> Scenario:
        changes: dict[str, Any] = {
            "rate": {"arms": [TWO[0], {"name": "B", "rate": value}]},
            "epsilon": {"policies": [{"name": "epsilon_greedy", "epsilon": value}]},
            "low": {"world": {"name": "stationary", "low": value, "high": 1.0}},
        }
        return Scenario.from_dict(GOOD | changes[place])

    assert asked(one) == asked(other)
    assert asked(one).digest() == asked(other).digest()


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
