"""The five estimators on real logs, against the Open Bandit Pipeline (`obp` 0.4.1).

The logs are 10,000 impressions each of the Open Bandit Dataset (Saito, Aihara, Matsutani and Narita, 2021; ZOZO,
Apache-2.0, the licence lies beside them): 80 items shown at random, and by Bernoulli Thompson sampling. Kept are the item,
the click, the propensity and one feature of the user as a group. The figures come from `obp.ope`'s
`InverseProbabilityWeighting`, `SelfNormalizedInverseProbabilityWeighting`, `DirectMethod`, `DoublyRobust` and
`ReplayMethod`, called with these columns and, as estimated rewards, the mean click of each item in each group, or in all
groups where a group never saw it.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.evaluation.estimators import ESTIMATORS
from engine.evaluation.logs import Log, read_log

HERE = Path(__file__).parent
FIGURES: dict[str, Any] = json.loads((HERE / "open_bandit_estimates.json").read_text())
ITEMS = 80


def log_of(name: str) -> Log:
    raw = pd.read_csv(HERE / f"open_bandit_{name}.csv.gz").rename(columns={"group": "segment"})
    return read_log(raw)


def target_of(name: str, log: Log, top: int) -> np.ndarray:
    rising = np.arange(1, ITEMS + 1) / np.arange(1, ITEMS + 1).sum()
    chances = {
        "even": np.full(ITEMS, 1 / ITEMS),
        "rising": rising,
        "top": np.eye(ITEMS)[top],
        "by_group": np.eye(ITEMS)[np.arange(len(log.segments)) * 7 % ITEMS][log.segment],
    }[name]
    return np.broadcast_to(chances, (len(log), ITEMS))


@pytest.mark.parametrize("name", ["random", "bts"])
def test_estimates_are_those_of_the_open_bandit_pipeline(name: str) -> None:
    log, told = log_of(name), FIGURES[name]
    assert (len(log), int(log.reward.sum()), len(log.arms)) == (told["n"], told["clicks"], ITEMS)
    for target in ("even", "rising", "by_group", "top"):
        chances = target_of(target, log, told["top"] if target == "top" else 0)
        figures = told["top_item"] if target == "top" else told[target]
        for method, value in figures.items():
            assert ESTIMATORS[method](log, chances).value == pytest.approx(value, rel=1e-9, abs=1e-15), (target, method)
