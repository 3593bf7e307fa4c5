"""The one campaign that is shown: every policy on the same recipients, in at most 300 steps, ready to be replayed."""

import math
from collections.abc import Sequence
from typing import TypedDict

import numpy as np

from engine.inference import wilson_interval
from engine.scenario import Scenario, spread
from engine.simulation import Trace, ceiling, traces
from engine.waiting import waiting_of

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
    known: list[int]  # F, conversions that had arrived; all of them without delay
    unanswered: list[int]  # F, sends whose answer may still come: inside their window and not known to have converted
    lost: int  # conversions that came after their window and count nowhere
    guarded: list[int]  # F, cumulative sends that a guardrail decided
    to_best: list[int] | None  # F, cumulative sends to a line that was truly best then; None where rates are steady
    low: list[float | None]  # F * K, 90% Wilson interval of the observed rate; None before the first send
    high: list[float | None]


class Race(TypedDict):
    """The shown campaign."""

    key: str
    sends: int
    at: list[int]  # F, cumulative sends of each frame
    arms: list[RaceArm]
    best: int  # the best line, over the whole campaign where rates change
    rates: list[float | None] | None
    """F * K, true rates when each frame's last send left, unworn; None where they are steady, or a line is not there."""
    mean_rates: list[float] | None  # K, means of them while the line is there; None where they are steady
    best_now: list[int] | None  # F, the best of them; None where rates are steady
    wears_out: bool  # whether each send takes something of a line's rate, so that the best line is each policy's own
    policies: list[RacePolicy]
    baseline: int


def race(scenario: Scenario, replication: int = 0, ran: Sequence[Trace] | None = None) -> Race:
    """Return one campaign of every policy of the scenario, in plain JSON types.

    `ran` holds the policies' traces of this replication where they are known already.

    >>> scenario = Scenario.from_dict({"arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
    ...                                "policies": [{"name": "ab_split"}], "sends": 1000})
    >>> shown = race(scenario)
    >>> shown["at"][:3], shown["at"][-1], shown["policies"][0]["sends"][-2:]
    ([0, 3, 6], 1000, [500, 500])
    """
    at = np.concatenate(([0], spread(scenario.sends, min(MOST_FRAMES, scenario.sends))))
    rates = scenario.rates(replication)[0]
    moving = None if scenario.is_steady else _moving_rates(scenario, replication, at)
    best = int(np.argmax(rates if moving is None else np.nan_to_num(moving[1:]).mean(axis=0)))
    got = np.concatenate(([0], ceiling(scenario, replication).cumsum(dtype=np.int64)))[at]
    policies = [_ran(scenario, place, one, at, got) for place, one in enumerate(ran or traces(scenario, replication))]
    return {
        "key": f"{scenario.digest()}-{replication}",
        "sends": scenario.sends,
        "at": at.tolist(),
        "arms": [{"name": arm.name, "rate": float(rate)} for arm, rate in zip(scenario.arms, rates, strict=True)],
        "best": best,
        "rates": None if moving is None else _rounded(moving, 5),
        "mean_rates": None if moving is None else _means(moving),
        "best_now": None if moving is None else np.nanargmax(moving, axis=1).tolist(),
        "wears_out": scenario.course(replication, 1).kept < 1.0,
        "policies": policies,
        "baseline": scenario.baseline,
    }


def _moving_rates(scenario: Scenario, replication: int, at: np.ndarray) -> np.ndarray:
    """Return the true rates (F, K) when the last send of each frame left; NaN for lines that are not there."""
    course = scenario.course(replication, 1)
    row = course.rows[np.searchsorted(course.ends, np.maximum(at, 1))]
    rates: np.ndarray = course.rates[0, row].copy()
    if course.present is not None:
        arms = np.arange(rates.shape[1], dtype=np.uint64)
        rates[(course.present[row][:, np.newaxis] >> arms) & np.uint64(1) == 0] = np.nan
    return rates


def _means(moving: np.ndarray) -> list[float]:
    """Return each line's mean rate over the frames in which it is there; 0 for one that no frame meets."""
    frames = (~np.isnan(moving[1:])).sum(axis=0)
    means: list[float] = (np.nansum(moving[1:], axis=0) / np.maximum(frames, 1)).round(5).tolist()
    return means


def _ran(scenario: Scenario, place: int, ran: Trace, at: np.ndarray, got: np.ndarray) -> RacePolicy:
    K = len(scenario.arms)
    frame = np.searchsorted(at[1:], np.arange(len(ran.arms)), side="right")
    sent = ran.is_sent
    cell = (frame * K + ran.arms)[sent]
    sends = np.bincount(cell, minlength=(len(at) - 1) * K).reshape(-1, K).cumsum(axis=0)
    conversions = np.bincount(cell, ran.answers[sent], (len(at) - 1) * K).astype(np.int64).reshape(-1, K).cumsum(axis=0)
    sends, conversions = (np.vstack([np.zeros((1, K), np.int64), counts]) for counts in (sends, conversions))
    known, unanswered = _queue(scenario, ran, at, conversions.sum(axis=1))
    low, high = wilson_interval(conversions, sends)
    return {
        "name": scenario.policies[place].name,
        "label": scenario.labels[place],
        "sends": sends.ravel().tolist(),
        "conversions": conversions.ravel().tolist(),
        "regret": _so_far(ran.missed, at).round(2).tolist(),
        "realised": (got - conversions.sum(axis=1)).tolist(),
        "strip": _strips(ran.answers, at),
        "known": known.tolist(),
        "unanswered": unanswered.tolist(),
        "lost": int((ran.arrives < 0).sum()),
        "guarded": _so_far(ran.by >= 0, at).astype(np.int64).tolist(),
        "to_best": None
        if scenario.is_steady
        else _so_far((ran.missed == 0) & ran.is_sent, at).astype(np.int64).tolist(),
        "low": _rounded(low, 4),
        "high": _rounded(high, 4),
    }


def _so_far(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return cumulative sums of a value a send, at each frame."""
    total: np.ndarray = np.concatenate(([0.0], values.cumsum(dtype=np.float64)))[at]
    return total


def _queue(scenario: Scenario, ran: Trace, at: np.ndarray, converted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each frame the conversions that had arrived, and the sends whose answer may still come.

    Without delay everything is known at once. With one, nobody can tell a miss from a late conversion before the window
    closes, so a send is unanswered until its conversion arrives or its window is over.
    """
    if not scenario.is_delayed:
        return converted, np.zeros(len(at), np.int64)
    window = waiting_of(scenario).window_sends
    arrives = np.sort(ran.arrives[ran.arrives > 0])
    known = np.searchsorted(arrives, at, side="right")
    closed = np.maximum(at - window, 0)
    late = np.flatnonzero(ran.arrives > 0)
    # Known conversions among the sends whose window is still open.
    known_open = np.array(
        [(ran.arrives[late[late >= start]] <= end).sum() for start, end in zip(closed, at, strict=True)]
    )
    so_far = np.concatenate(([0], ran.is_sent.cumsum()))
    return known, so_far[at] - so_far[closed] - known_open


def _strips(answers: np.ndarray, at: np.ndarray) -> list[str]:
    text = (answers + ord("0")).tobytes().decode("ascii")
    return [text[max(0, end - STRIP) : end] for end in at.tolist()]


def _rounded(values: np.ndarray, digits: int) -> list[float | None]:
    return [None if math.isnan(value) else round(value, digits) for value in values.ravel().tolist()]
