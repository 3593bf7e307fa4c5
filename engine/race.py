"""The one campaign that is shown: every policy on the same recipients, in at most 300 steps, ready to be replayed."""

import math
from collections.abc import Sequence
from itertools import product
from typing import TypedDict

import numpy as np

from engine.inference import wilson_interval
from engine.linear import ContextParameters
from engine.money import Goal
from engine.scenario import Scenario, spread
from engine.simulation import Trace, ceiling, traces
from engine.waiting import waiting_of
from engine.world import Course
from engine.worth import gains_of, in_time, worth_of

MOST_FRAMES = 300
STRIP = 60
"""How many of the last recipients each frame shows one by one."""


class RaceArm(TypedDict):
    """A line, its true rate in this campaign over all recipients, and what a send of it is worth, by the goal."""

    name: str
    rate: float
    worth: float


class Reversal(TypedDict):
    """Two lines that a policy's totals put in the wrong order, for it sent them to different segments.

    Sent to everybody, the better one would convert more.

    Source: Simpson (1951), The interpretation of interaction in contingency tables, JRSS B 13.
    """

    looks_better: int
    is_better: int
    rates: list[float]  # of the two, sent to everybody
    everywhere: bool  # whether it is better in every single segment


class RacePolicy(TypedDict):
    """What one policy did: F frames, the first before any send; lists of F * K go frame by frame."""

    name: str
    label: str
    sends: list[int]  # F * K, cumulative
    conversions: list[int]  # F * K, cumulative
    gained: list[float] | None  # F, cumulative, in the unit of the goal; None where that is conversions
    regret: list[float]  # F, cumulative expected regret in the unit of the goal
    realised: list[float]  # F, what the oracle got from the same recipients minus what this policy got
    strip: list[str]  # F strings: answers of the last recipients, oldest first: "0", "1", or "-" where nothing was sent
    known: list[int]  # F, conversions that had arrived; all of them without delay
    unanswered: list[int]  # F, sends whose answer may still come: inside their window and not known to have converted
    lost: int  # conversions that came after their window and count nowhere
    guarded: list[int]  # F, cumulative sends that a guardrail decided
    to_best: list[int] | None
    """F, cumulative sends to a line that was truly best for that recipient then; None where one line always is."""
    knows: list[str] | None  # what it is told of each recipient; None for a policy that treats all alike
    sends_within: list[int] | None  # S * K, by the end, segment by segment; None where recipients are all alike
    conversions_within: list[int] | None
    reversal: Reversal | None
    low: list[float | None]  # F * K, 90% Wilson interval of the observed rate; None before the first send
    high: list[float | None]


class RaceSegments(TypedDict):
    """The S segments of the recipients: true rates along the campaign, lists of S * K go segment by segment."""

    names: list[str]
    shares: list[float]
    rates: list[float]  # S * K, means while the line is there
    best: list[int]  # S, the line that is worth most to each
    whole: float  # what the best line of each segment would bring on average, in the unit of the goal
    given_up: float  # how much less of that one line for everybody would bring


class Race(TypedDict):
    """The shown campaign."""

    key: str
    goal: Goal
    sends: int
    at: list[int]  # F, cumulative sends of each frame
    arms: list[RaceArm]
    best: int  # the line that is worth most to everybody, over the whole campaign where rates change
    rates: list[float | None] | None
    """F * K, true rates when each frame's last send left, unworn; None where they are steady, or a line is not there."""
    mean_rates: list[float] | None  # K, means of them while the line is there; None where they are steady
    best_now: list[int] | None  # F, the best of them; None where rates are steady
    wears_out: bool  # whether each send takes something of a line's rate, so that the best line is each policy's own
    segments: RaceSegments | None
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
    means = rates if moving is None else np.nan_to_num(moving[1:]).mean(axis=0)
    worth = worth_of(scenario, means)
    got = _so_far(gains_of(scenario, ceiling(scenario, replication)), at)
    policies = [_ran(scenario, place, one, at, got) for place, one in enumerate(ran or traces(scenario, replication))]
    return {
        "key": f"{scenario.digest()}-{replication}",
        "goal": scenario.goal,
        "sends": scenario.sends,
        "at": at.tolist(),
        "arms": [
            {"name": arm.name, "rate": float(rate), "worth": float(of_each)}
            for arm, rate, of_each in zip(scenario.arms, rates, worth, strict=True)
        ],
        "best": int(np.argmax(worth)),
        "rates": None if moving is None else _rounded(moving, 5),
        "mean_rates": None if moving is None else _means(moving),
        "best_now": None if moving is None else np.nanargmax(worth_of(scenario, moving), axis=1).tolist(),
        "wears_out": scenario.course(replication, 1).kept < 1.0,
        "segments": _segments(scenario, replication) if scenario.is_segmented else None,
        "policies": policies,
        "baseline": scenario.baseline,
    }


def _moving_rates(scenario: Scenario, replication: int, at: np.ndarray) -> np.ndarray:
    """Return the true rates (F, K) when the last send of each frame left; NaN for lines that are not there."""
    course = scenario.course(replication, 1)
    row = course.rows[np.searchsorted(course.ends, np.maximum(at, 1))]
    rates: np.ndarray = course.rates[0, row].copy()
    rates[~_there(course, rates.shape[1])[row]] = np.nan
    return rates


def _there(course: Course, arms: int) -> np.ndarray:
    """Return whether each line is there in each row of the course, (T, K)."""
    if course.present is None:
        return np.ones((course.rates.shape[1], arms), np.bool_)
    there: np.ndarray = (course.present[:, np.newaxis] >> np.arange(arms, dtype=np.uint64)) & np.uint64(1) == 1
    return there


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
    gained = _so_far(gains_of(scenario, ran), at)
    known, unanswered = _queue(scenario, ran, at, conversions.sum(axis=1))
    low, high = wilson_interval(conversions, sends)
    return {
        "name": scenario.policies[place].name,
        "label": scenario.labels[place],
        "sends": sends.ravel().tolist(),
        "conversions": conversions.ravel().tolist(),
        "regret": _so_far(ran.missed, at).round(2).tolist(),
        "gained": None if scenario.goal == "conversions" else gained.round(2).tolist(),
        "realised": (got - gained).round(2).tolist(),
        "strip": _strips(ran, at),
        "known": known.tolist(),
        "unanswered": unanswered.tolist(),
        "lost": int((ran.arrives < 0).sum()),
        "guarded": _so_far(ran.by >= 0, at).astype(np.int64).tolist(),
        "to_best": None
        if scenario.is_steady and not scenario.is_segmented
        else _so_far((ran.missed == 0) & ran.is_sent, at).astype(np.int64).tolist(),
        "knows": _known(scenario, place),
        "sends_within": _within(scenario, ran, np.ones(len(ran.arms))),
        "conversions_within": _within(scenario, ran, ran.answers),
        "reversal": _reversal(scenario, sends[-1], conversions[-1]),
        "low": _rounded(low, 4),
        "high": _rounded(high, 4),
    }


def _known(scenario: Scenario, place: int) -> list[str] | None:
    policy = scenario.policies[place]
    return list(policy.features(scenario.segmentation)) if isinstance(policy, ContextParameters) else None


def _within(scenario: Scenario, ran: Trace, values: np.ndarray) -> list[int] | None:
    """Return the sum of a value a send over those of each line in each segment."""
    if not scenario.is_segmented:
        return None
    K, sent = len(scenario.arms), ran.is_sent
    place = ran.segments[sent].astype(np.int64) * K + ran.arms[sent]
    sums: list[int] = np.bincount(place, values[sent], len(scenario.segmentation) * K).astype(np.int64).tolist()
    return sums


def _reversal(scenario: Scenario, sends: np.ndarray, conversions: np.ndarray) -> Reversal | None:
    """Return the lines whose totals mislead most, of those with a sure difference of totals; None where none do."""
    if not scenario.is_segmented or not scenario.is_steady:
        return None
    everybody = scenario.rates()[0]
    inside = scenario.segmentation.rates(scenario.world_course().rates[0, 0])  # (S, K)
    low, high = wilson_interval(conversions, sends)
    seen = conversions / np.maximum(sends, 1)
    pairs = [
        (float(seen[worse] - seen[better]), worse, better)
        for worse, better in product(range(len(sends)), repeat=2)
        if low[worse] > high[better] and everybody[better] > everybody[worse]
    ]
    if not pairs:
        return None
    _, worse, better = max(pairs)
    return {
        "looks_better": worse,
        "is_better": better,
        "rates": everybody[[worse, better]].tolist(),
        "everywhere": bool((inside[:, better] > inside[:, worse]).all()),
    }


def _segments(scenario: Scenario, replication: int) -> RaceSegments:
    segmentation, course = scenario.segmentation, scenario.world_course(replication, 1)
    rates = segmentation.rates(course.rates[0])  # (T, S, K)
    weights = np.bincount(course.rows, np.diff(course.ends, prepend=0), minlength=len(rates))
    there = _there(course, len(scenario.arms)) * weights[:, np.newaxis]  # (T, K) sends while the line is there
    worth = np.einsum("tsk,tk->sk", worth_of(scenario, rates), there) * in_time(scenario)
    means = np.einsum("tsk,tk->sk", rates, there) / np.maximum(there.sum(axis=0), 1)
    whole = float(segmentation.shares @ worth.max(axis=1))
    return {
        "names": list(segmentation.names),
        "shares": segmentation.shares.tolist(),
        "rates": means.round(6).ravel().tolist(),
        "best": worth.argmax(axis=1).tolist(),
        "whole": whole,
        "given_up": whole - float((segmentation.shares @ worth).max()),
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


def _strips(ran: Trace, at: np.ndarray) -> list[str]:
    text = np.where(ran.is_sent, ran.answers + ord("0"), ord("-")).astype(np.uint8).tobytes().decode("ascii")
    return [text[max(0, end - STRIP) : end] for end in at.tolist()]


def _rounded(values: np.ndarray, digits: int) -> list[float | None]:
    return [None if math.isnan(value) else round(value, digits) for value in values.ravel().tolist()]
