"""The record of a campaign: a row a send, with the exact chances with which each line would have been sent."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.guarded import chances
from engine.rails import BY_RANK
from engine.scenario import Scenario
from engine.simulation import trace
from engine.worth import gains_of

if TYPE_CHECKING:
    import pandas as pd

OWN_CHOICE = "policy"
"""Stands in the column `guardrail` where no guardrail decided."""


def decision_log(scenario: Scenario, policy: int = 0, replication: int = 0) -> "pd.DataFrame":
    """Return every send of one campaign of one policy.

    Columns: `send` (from 0), `segment` and `arm` (names), `propensity` (the chance with which that line was sent, given all
    that happened before), `propensity_0` to `propensity_{K-1}` (of every line), `guardrail` (the one that decided, or
    "policy"), `reward` (1 where the recipient converted, and in time), `value` (what the send brought, in the unit of the
    goal), `reward_at` (sends after which the conversion was known; missing without one). A contact that a frequency cap
    left out has no row.

    Takes about a millisecond a row for policies that draw from posteriors.

    Raises:
        IndexError: a policy or campaign that the scenario does not have.

    >>> scenario = Scenario.from_dict({
    ...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}], "policies": [{"name": "epsilon_greedy"}],
    ...     "sends": 200, "seed": 1})
    >>> log = decision_log(scenario)
    >>> log.columns.tolist()[:6], len(log)
    (['send', 'segment', 'arm', 'propensity', 'propensity_0', 'propensity_1'], 200)
    >>> sorted(set(log["propensity"].round(2)))  # explores a tenth of the time
    [0.05, 0.5, 0.95]
    """
    import pandas as pd

    sends = sends_of(scenario, policy, replication)
    every = chances(scenario, policy, replication, at=sends["send"])
    arms, known = sends["arm"], sends["known"]
    names = [arm.name for arm in scenario.arms]
    deciders = [OWN_CHOICE, *(spec.name for spec in BY_RANK)]
    return pd.DataFrame(
        {
            "send": sends["send"].astype(np.int64),
            "segment": _named(sends["segment"], scenario.segmentation.names),
            "arm": _named(arms, names),
            "propensity": every[np.arange(len(arms)), arms],
            **{f"propensity_{arm}": every[:, arm] for arm in range(len(names))},
            "guardrail": _named(sends["by"] + 1, deciders),
            "reward": sends["answer"].astype(np.int64),
            "value": sends.get("value", sends["answer"]).astype(np.float64),
            "reward_at": pd.array(np.where(known > 0, known, np.nan)).astype("Int64"),
        }
    )


def sends_of(scenario: Scenario, policy: int = 0, replication: int = 0) -> dict[str, np.ndarray]:
    """Return what is known of every send of one campaign but its chances, n long each; a contact left out is not there.

    `send` int32, from 0; `segment` and `arm` uint8, places; `by` int8, the place of the guardrail that decided in
    `engine.rails.BY_RANK`, -1 for the policy; `answer` uint8, 1 for a conversion in time; `known` int32, the sends after
    which that was known, 0 without one; `value` float64, what it brought in the unit of the goal, where that is money.
    """
    ran = trace(scenario, policy, replication)
    sent = np.flatnonzero(ran.is_sent)
    answers = ran.answers[sent]
    arrived = ran.arrives[sent] if scenario.is_delayed else (sent + 1).astype(np.int32)
    columns = {
        "send": sent.astype(np.int32),
        "segment": ran.segments[sent],
        "arm": ran.arms[sent],
        "by": ran.by[sent],
        "answer": answers,
        "known": np.where(answers > 0, arrived, np.int32(0)),
    }
    is_money = scenario.goal != "conversions" and scenario.money is not None
    return columns | ({"value": gains_of(scenario, ran)[sent]} if is_money else {})


def _named(codes: np.ndarray, names: Sequence[str]) -> "pd.Categorical[str]":
    """Return names by their places, as a column that remembers the names that do not occur."""
    import pandas as pd

    return pd.Categorical.from_codes(codes.astype(np.int64), pd.Index(list(names)))
