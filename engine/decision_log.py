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

    ran = trace(scenario, policy, replication)
    sent = np.flatnonzero(ran.is_sent)
    every = chances(scenario, policy, replication, at=sent)
    arms, known = ran.arms[sent], ran.arrives[sent].astype(np.float64)
    if not scenario.is_delayed:
        known = np.where(ran.answers[sent] > 0, sent + 1.0, 0.0)
    names = [arm.name for arm in scenario.arms]
    deciders = [OWN_CHOICE, *(spec.name for spec in BY_RANK)]
    return pd.DataFrame(
        {
            "send": sent,
            "segment": _named(ran.segments[sent], scenario.segmentation.names),
            "arm": _named(arms, names),
            "propensity": every[np.arange(len(sent)), arms],
            **{f"propensity_{arm}": every[:, arm] for arm in range(len(names))},
            "guardrail": _named(ran.by[sent] + 1, deciders),
            "reward": ran.answers[sent].astype(np.int64),
            "value": gains_of(scenario, ran)[sent],
            "reward_at": pd.array(np.where(known > 0, known, np.nan)).astype("Int64"),
        }
    )


def _named(codes: np.ndarray, names: Sequence[str]) -> "pd.Categorical[str]":
    """Return names by their places, as a column that remembers the names that do not occur."""
    import pandas as pd

    return pd.Categorical.from_codes(codes.astype(np.int64), pd.Index(list(names)))
