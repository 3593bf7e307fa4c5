"""The one campaign that is shown: every policy on the same recipients, in at most 300 steps, ready to be replayed."""

import math
from typing import TypedDict

import numpy as np

from engine.inference import wilson_interval
from engine.kernel import REGRET_UNIT
from engine.scenario import Scenario, spread
from engine.simulation import Trace, potential_responses, trace

MOST_FRAMES = 300
STRIP = 60
"""How many of the last recipients each frame shows one by one."""


class RaceArm(TypedDict):
    """A line and its true rate in this campaign."""

    name: str
    rate: float


class RacePolicy(TypedDict):
    """What one policy did: F frames, the first before any send; lists of F * K go frame by frame."""

    name: str
    label: str
    sends: list[int]  # F * K, cumulative
    conversions: list[int]  # F * K, cumulative
    regret: list[float]  # F, cumulative expected regret in conversions
    realised: list[int]  # F, conversions of the oracle on the same recipients minus this policy's
    strip: list[str]  # F strings: answers ("0" or "1") of the last recipients, oldest first
    low: list[float | None]  # F * K, 90% Wilson interval of the observed rate; None before the first send
    high: list[float | None]


class Race(TypedDict):
    """The shown campaign."""

    key: str
    sends: int
    at: list[int]  # F, cumulative sends of each frame
    arms: list[RaceArm]
    best: int
    policies: list[RacePolicy]
    baseline: int


def race(scenario: Scenario, replication: int = 0) -> Race:
    """Return one campaign of every policy of the scenario, in plain JSON types.

    >>> scenario = Scenario.from_dict({"arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
    ...                                "policies": [{"name": "ab_split"}], "sends": 1000})
    >>> shown = race(scenario)
    >>> shown["at"][:3], shown["at"][-1], shown["policies"][0]["sends"][-2:]
    ([0, 3, 6], 1000, [500, 500])
    """
    rates = scenario.rates(replication)[0]
    best = int(np.argmax(rates))
    at = np.concatenate(([0], spread(scenario.sends, min(MOST_FRAMES, scenario.sends))))
    ceiling = potential_responses(scenario, best, replication)
    policies = [
        _ran(policy.name, scenario.labels[place], trace(scenario, place, replication), rates, at, ceiling)
        for place, policy in enumerate(scenario.policies)
    ]
    return {
        "key": f"{scenario.digest()}-{replication}",
        "sends": scenario.sends,
        "at": at.tolist(),
        "arms": [{"name": arm.name, "rate": float(rate)} for arm, rate in zip(scenario.arms, rates, strict=True)],
        "best": best,
        "policies": policies,
        "baseline": scenario.baseline,
    }


def _ran(name: str, label: str, ran: Trace, rates: np.ndarray, at: np.ndarray, ceiling: np.ndarray) -> RacePolicy:
    K = len(rates)
    frame = np.searchsorted(at[1:], np.arange(len(ran.arms)), side="right")
    place = frame * K + ran.arms
    sends = np.bincount(place, minlength=(len(at) - 1) * K).reshape(-1, K).cumsum(axis=0)
    conversions = np.bincount(place, ran.answers, (len(at) - 1) * K).astype(np.int64).reshape(-1, K).cumsum(axis=0)
    sends, conversions = (np.vstack([np.zeros((1, K), np.int64), counts]) for counts in (sends, conversions))
    gaps = np.floor((rates.max() - rates) / REGRET_UNIT + 0.5) * REGRET_UNIT
    best_so_far = np.concatenate(([0], ceiling.cumsum(dtype=np.int64)))[at]
    low, high = wilson_interval(conversions, sends)
    return {
        "name": name,
        "label": label,
        "sends": sends.ravel().tolist(),
        "conversions": conversions.ravel().tolist(),
        "regret": (sends @ gaps).round(2).tolist(),
        "realised": (best_so_far - conversions.sum(axis=1)).tolist(),
        "strip": _strips(ran.answers, at),
        "low": _rounded(low),
        "high": _rounded(high),
    }


def _strips(answers: np.ndarray, at: np.ndarray) -> list[str]:
    text = (answers + ord("0")).tobytes().decode("ascii")
    return [text[max(0, end - STRIP) : end] for end in at.tolist()]


def _rounded(bound: np.ndarray) -> list[float | None]:
    return [None if math.isnan(value) else round(value, 4) for value in bound.ravel().tolist()]
