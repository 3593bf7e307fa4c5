"""The shown campaign is the first replication, in steps."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from engine import Scenario, simulate
from engine.race import STRIP, race
from engine.simulation import potential_responses, trace
from tests.engine.scenarios import scenario, scenario_dicts


@given(scenario_dicts())
def test_last_step_is_the_first_replication(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    shown, result = race(asked), simulate(asked)
    K = len(asked.arms)
    for place, policy in enumerate(shown["policies"]):
        assert policy["sends"][:K] == [0] * K
        assert policy["sends"][-K:] == result.sends[place, 0, -1].tolist()
        assert policy["conversions"][-K:] == result.conversions[place, 0, -1].tolist()
        assert policy["regret"][-1] == pytest.approx(result.regret[place, 0, -1], abs=0.006)


@given(scenario_dicts())
def test_steps_agree_with_every_send(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    shown, every = race(asked), trace(asked, 0)
    policy = shown["policies"][0]
    assert len(shown["at"]) <= 301
    for frame, end in enumerate(shown["at"]):
        answers = every.answers[:end]
        assert policy["strip"][frame] == "".join(map(str, answers[-STRIP:] if end else []))
        row = policy["conversions"][frame * len(asked.arms) : (frame + 1) * len(asked.arms)]
        assert sum(row) == answers.sum()


def test_realised_regret_is_what_the_best_line_got_on_the_same_recipients() -> None:
    asked = scenario("oracle", "epsilon_greedy", sends=2_000)
    oracle, other = race(asked)["policies"]
    assert oracle["realised"] == [0] * len(oracle["realised"])
    ceiling = potential_responses(asked, 4).sum()
    assert other["realised"][-1] == ceiling - sum(other["conversions"][-5:])


def test_intervals_hold_the_observed_rate() -> None:
    policy = race(scenario("thompson", sends=500))["policies"][0]
    for sent, won, low, high in zip(policy["sends"], policy["conversions"], policy["low"], policy["high"], strict=True):
        if sent == 0:
            assert (low, high) == (None, None)
        else:
            assert low is not None
            assert high is not None
            assert low - 1e-4 <= won / sent <= high + 1e-4


def test_baseline_is_the_first_even_split() -> None:
    assert race(scenario("thompson", "ab_split", sends=50))["baseline"] == 1
    assert race(scenario("thompson", "oracle", sends=50))["baseline"] == 0
    assert np.argmax([arm["rate"] for arm in race(scenario("oracle", sends=5))["arms"]]) == 4
