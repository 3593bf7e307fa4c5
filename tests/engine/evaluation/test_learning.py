"""A policy replayed through the log of another earns what it earns when it is simulated."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine import simulate
from engine.decision_log import decision_log
from engine.errors import EngineError
from engine.evaluation.learning import replay_policy
from engine.evaluation.logs import Log
from engine.simulation import trace
from tests.engine.scenarios import scenario

RATES = (0.2, 0.3, 0.45)
SENDS = 6_000
LOGS = 60
FAR = 4.5
"""Standard errors between the two means that fail: once in 100,000 seeds."""


def even_log(replication: int, **fields: Any) -> Log:
    """An even split, whose chances need no working out."""
    asked = scenario("ab_split", rates=RATES, sends=SENDS, replications=LOGS, **fields)
    ran = trace(asked, 0, replication)
    third, names = np.full(SENDS, 1 / 3), tuple(arm.name for arm in asked.arms)
    segments = ran.segments.astype(np.int64)
    return Log(
        names, asked.segmentation.names, ran.arms.astype(np.int64), segments, third, ran.answers.astype(float), None
    )


@pytest.mark.parametrize("policy", ["thompson", "epsilon_greedy", "ucb1", "normal_thompson"])
def test_it_earns_what_it_earns_when_it_is_simulated(policy: str) -> None:
    replayed = [replay_policy(even_log(place), {"name": policy}, seed=place) for place in range(LOGS)]
    seen = int(np.mean([one.used.sum() for one in replayed]))
    assert seen == pytest.approx(SENDS / 3, rel=0.1)
    simulated = simulate(scenario(policy, rates=RATES, sends=seen, replications=400, seed=9))
    rates = simulated.conversions[0, :, -1].sum(axis=-1) / seen
    found = np.array([one.estimate.value for one in replayed])
    error = np.hypot(found.std() / LOGS**0.5, rates.std() / 20)
    assert abs(found.mean() - rates.mean()) < FAR * error


def test_a_log_that_favours_a_line_is_thinned_first() -> None:
    """ε-greedy with a floor sent mostly the best line; replayed through its log, an even split is even again."""
    logged = scenario(
        "epsilon_greedy",
        rates=RATES,
        sends=4_000,
        update_every=100,
        guardrails=[{"name": "minimum_share", "share": 0.1}],
    )
    found = replay_policy(decision_log(logged), {"name": "epsilon_greedy", "epsilon": 1.0})
    shares = found.sends / found.sends.sum()
    assert shares == pytest.approx(np.full(3, 1 / 3), abs=0.12)
    assert found.estimate.interval[0] < np.mean(RATES) < found.estimate.interval[1]


def test_a_policy_that_tells_recipients_apart_finds_the_line_of_each() -> None:
    split = [{"name": "New", "share": 0.5, "multipliers": [2, 1, 0.4]}, {"name": "Loyal", "share": 0.5}]
    log = even_log(0, segments={"audience": split})
    found = replay_policy(log, {"name": "segment_thompson"})
    late = found.used & (np.arange(SENDS) > SENDS / 2)
    best = np.where(log.segment == 0, 0, 2)
    assert (log.arm[late] == best[late]).mean() > 0.85


def test_the_same_seed_gives_the_same_replay() -> None:
    one, two, other = (replay_policy(even_log(0), {"name": "thompson"}, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.used, two.used)
    assert (one.used != other.used).any()


def table(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"arm": ["A", "B"] * 50, "propensity": 0.5, "reward": [1, 0] * 50} | columns)


@pytest.mark.parametrize(
    ("log", "policy", "text"),
    [
        (table(), {"name": "oracle"}, "policy: got 'oracle', which knows the true rates"),
        (table(), {"name": "magic"}, "policies.0.name: got 'magic'"),
        (
            table(reward=3.0),
            {"name": "thompson"},
            "reward: got rewards from 3 to 3; policies learn from rewards between 0 and 1",
        ),
        (table(arm=pd.Categorical(["A"] * 100, ["A", "B"])), {"name": "thompson"}, "never sent line B"),
        (
            table(propensity=1.0, propensity_0=[1.0, 0.0] * 50, propensity_1=[0.0, 1.0] * 50),
            {"name": "thompson"},
            "gave some line no chance at times",
        ),
    ],
)
def test_what_cannot_be_replayed_is_refused(log: pd.DataFrame, policy: dict[str, Any], text: str) -> None:
    with pytest.raises(EngineError, match=text):
        replay_policy(log, policy)
