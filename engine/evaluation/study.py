"""What a log can say of every line and of other ways to send, by all five methods, in plain JSON types.

Of a log of our own the truth is known: then each interval is told with whether it holds the truth.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.catalogue import POLICIES
from engine.errors import EngineError, TargetError
from engine.evaluation.estimators import ESTIMATORS, Method
from engine.evaluation.evaluate import NEED_A_CHANCE_EVERYWHERE, Estimate, estimate
from engine.evaluation.learning import replay_policy
from engine.evaluation.logs import Log, read_log
from engine.evaluation.overlap import FEWEST_EFFECTIVE, MOST_UNSEEN, Code, Overlap, overlap_of
from engine.evaluation.targets import chances_of
from engine.guarded import chances
from engine.inference import LEVEL
from engine.money import Goal
from engine.scenario import Scenario
from engine.simulation import trace
from engine.worth import gains_of, in_time, worth_of

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Refusal = Literal["needs_chances", "left_to_chance", "no_chance", "nothing"]

METHODS: Final[tuple[Method, ...]] = tuple(ESTIMATORS)
BY_PREFERENCE: Final[tuple[Method, ...]] = ("dr", "snips", "dm", "replay")
"""What a single figure is taken from, the first that all lines have."""
EVEN: Final = "ab_split"
"""Learns nothing, and ends as it began: the even split is judged anyway."""
MOST_SENDS: Final = 20_000
"""Of a log that we make, by default: the exact chances of policies that draw take up to half a millisecond a send."""
ENDED: Final = 0.1
"""What a policy did in this last part of its campaign is the split that it ended with."""


class MethodTold(TypedDict):
    """What one method says of one target: the mean reward of a send."""

    value: float | None
    standard_error: float | None
    low: float | None  # 90% interval; null where too little speaks for it
    high: float | None
    refused: Refusal | None  # why there is no value
    covers: bool | None  # whether the interval holds the truth; null where one of them is not known


class FindingTold(TypedDict):
    """One thing that stands in the way; see `engine.evaluation.overlap.Finding`."""

    code: Code
    line: str | None
    sends: float
    of: int
    share: float


class TargetTold(TypedDict):
    """One line for everybody, or fixed shares."""

    label: str | None  # of shares; null for a line, and for the even split
    line: int | None  # its place among the log's lines; null for shares
    shares: list[float]  # K
    sends: int  # of the log, of lines that the target sends
    effective_sends: float  # sends that would tell as much if all counted alike
    heaviest: float  # the largest weight: for so many recipients one send stands
    largest_weight: float  # that send's share of all weight
    is_enough: bool  # whether intervals can be told
    findings: list[FindingTold]
    methods: dict[Method, MethodTold]
    truth: float | None


class BestLine(TypedDict):
    """The line with the highest estimate, by one method for all lines that can be judged."""

    line: int
    method: Method
    is_clear: bool
    """Whether it is above what the log earned though the best of several was picked: at 90% for all lines together."""


class LearnerTold(TypedDict):
    """A policy that learns, replayed through the log."""

    label: str
    used: int  # rows of the log that it saw
    sends: list[int]  # K, of them, of each line
    value: float | None  # mean reward of these sends
    standard_error: float | None
    low: float | None
    high: float | None
    problem: str | None  # why it could not be replayed, in plain words


class Estimates(TypedDict):
    """All that a log says."""

    level: float
    fewest_effective: int  # effective sends that an interval takes
    arms: list[str]
    sends: int
    sends_by_line: list[int]
    earned: float  # mean reward of the log's own sends
    best: BestLine | None  # null where no line can be judged
    is_rate: bool  # whether each reward is 0 or 1, so that a mean is a rate
    has_chances: bool  # whether it is known with which chance each line was sent
    targets: list[TargetTold]  # the lines in their order, then an even split, then other shares
    learners: list[LearnerTold]


class AgainstTruth(Estimates):
    """The same of a log of our own."""

    goal: Goal
    policy: str  # its label
    campaign: int  # sends of the whole campaign, of which the log holds the first
    wears_out: bool  # whether lines tire of being sent, so that the truth is that of lines as tired as they were


def estimates_of(
    log: Log,
    shares: Mapping[str, Sequence[float]] | None = None,
    policies: Sequence[dict[str, Any]] = (),
    seed: int = 42,
) -> Estimates:
    """Return what each line, an even split, other fixed shares and policies that learn would have earned a send.

    Takes less than 0.1 seconds for each 100,000 sends and target.

    Args:
        log: n sends of K lines.
        shares: of the lines, (K,) adding up to 1 each, by their labels, such as what policies ended with.
        policies: that learn while they are replayed; names and settings as a scenario takes them.
        seed: decides their luck.

    Raises:
        TargetError: shares of another number of lines, or that do not add up to 1.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"arm": ["A", "B"] * 100, "propensity": 0.5, "reward": [1, 0, 0, 0] * 50})
    >>> found = estimates_of(read_log(table), policies=[{"name": "thompson"}])
    >>> [(one["line"], one["methods"]["snips"]["value"], one["effective_sends"]) for one in found["targets"]]
    [(0, 0.5, 100.0), (1, 0.0, 100.0), (None, 0.25, 200.0)]
    """
    K, sends = len(log.arms), log.cells.sum(axis=0)
    lines = [_target(log, None, line, np.eye(K)[line]) for line in range(K)]
    others = [
        (None, np.full(K, 1.0 / K)),
        *((label, np.asarray(each, float)) for label, each in (shares or {}).items()),
    ]
    return {
        "level": LEVEL,
        "fewest_effective": FEWEST_EFFECTIVE,
        "arms": list(log.arms),
        "sends": len(log),
        "sends_by_line": sends.tolist(),
        "earned": float(log.reward.mean()),
        "best": _best_line(lines, float(log.reward.mean())),
        "is_rate": _is_rate(log),
        "has_chances": not log.is_guessed,
        "targets": [*lines, *(_target(log, label, None, each) for label, each in others)],
        "learners": [_learner(log, policy, seed) for policy in policies],
    }


def estimate_against_truth(
    scenario: Scenario,
    policy: int = 0,
    replication: int = 0,
    log: "pd.DataFrame | None" = None,
    *,
    most: int = MOST_SENDS,
) -> AgainstTruth:
    """Return what the log of one campaign says, beside what is true.

    The truth of a line is its mean worth over the sends of the log, to these recipients, at those times: in the unit of
    the goal, of conversions that come in time. Where lines join and leave it is that while the line is there; where lines
    tire of being sent, that of one more send of it, as tired as it was.

    Args:
        scenario: the question; the splits that its policies ended with are judged too, and each is replayed as a learner.
        policy: the place of the one that made the log.
        replication: number of the campaign, from 0.
        log: `engine.decision_log` of that campaign, or some of its rows, where it has been made already.
        most: sends, the first ones, that a log is made of where there is none.

    >>> scenario = Scenario.from_dict({
    ...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}], "policies": [{"name": "epsilon_greedy"}],
    ...     "sends": 2_000, "seed": 1})
    >>> found = estimate_against_truth(scenario)
    >>> [(round(one["truth"], 9), one["methods"]["dr"]["covers"]) for one in found["targets"][:2]]
    [(0.1, True), (0.3, True)]
    """
    sent, read = _own_log(scenario, policy, replication, most) if log is None else _given_log(scenario, log)
    truths = true_worth(scenario, sent, policy, replication)
    found = estimates_of(read, _ended_with(scenario, replication), _replayable(scenario, read), scenario.seed)
    for target in found["targets"]:
        target["truth"] = _truth(target, truths)
        for told in target["methods"].values():
            told["covers"] = _covers(told, target["truth"])
    return {
        **found,
        "goal": scenario.goal,
        "policy": scenario.labels[policy],
        "campaign": scenario.sends,
        "wears_out": scenario.world_course(replication, 1).kept < 1.0,
    }


def true_worth(scenario: Scenario, sent: Whole, policy: int = 0, replication: int = 0) -> Floats:
    """Return what each line was truly worth to each recipient of some sends, (n, K) in the unit of the goal.

    NaN where a line was not there. `sent` are the sends' numbers from 0; lines are as tired as the policy had made them.
    """
    ran, course, K = trace(scenario, policy, replication), scenario.world_course(replication, 1), len(scenario.arms)
    rows = course.rows[np.searchsorted(course.ends, sent, side="right")]
    rates = scenario.segmentation.rates(course.rates[0])[rows, ran.segments[sent]]
    if course.kept < 1.0:
        for line in range(K):
            own = np.flatnonzero(ran.arms == line)
            rates[:, line] *= course.lowest + (1.0 - course.lowest) * course.kept ** np.searchsorted(own, sent)
    worth = worth_of(scenario, rates) * in_time(scenario)
    if scenario.goal == "net_value" and scenario.money is not None:
        worth = worth - scenario.money.send_cost
    if course.present is not None:
        there = (course.present[rows][:, np.newaxis] >> np.arange(K, dtype=np.uint64)) & np.uint64(1)
        worth = np.where(there > 0, worth, np.nan)
    return worth


def _best_line(lines: list[TargetTold], earned: float) -> BestLine | None:
    """Return the line with the highest estimate; its own sends are part of what the log earned, so the test is cautious."""
    from scipy.special import ndtri

    for method in BY_PREFERENCE:
        told = {one["line"]: one["methods"][method] for one in lines if one["methods"][method]["low"] is not None}
        if told and len(told) == sum(one["is_enough"] for one in lines):
            line = max(told, key=lambda place: told[place]["value"] or 0.0)
            value, low = told[line]["value"] or 0.0, told[line]["low"] or 0.0
            tail = (1.0 - LEVEL) / 2.0
            wider = float(ndtri(tail / len(lines)) / ndtri(tail))
            return {"line": line or 0, "method": method, "is_clear": value - wider * (value - low) > earned}
    return None


# One target


def _target(log: Log, label: str | None, line: int | None, shares: Floats) -> TargetTold:
    target = chances_of(log, shares)
    overlap = overlap_of(log, target)
    return {
        "label": label,
        "line": line,
        "shares": shares.tolist(),
        "sends": int(log.cells[:, shares > 0].sum()),
        "effective_sends": overlap.effective_sample_size,
        "heaviest": overlap.heaviest,
        "largest_weight": overlap.largest_weight,
        "is_enough": overlap.is_enough,
        "findings": [finding._asdict() for finding in overlap.findings],  # type: ignore[misc]
        "methods": {method: _method(log, target, overlap, method) for method in METHODS},
        "truth": None,
    }


def _method(log: Log, target: Floats, overlap: Overlap, method: Method) -> MethodTold:
    try:
        found = estimate(log, target, overlap, method)
    except TargetError:
        return _refused("needs_chances" if log.is_guessed and method != "replay" else "left_to_chance")
    if np.isnan(found.value):
        is_apart = overlap.no_chance > max(MOST_UNSEEN, overlap.unseen)
        return _refused("no_chance" if is_apart and method in NEED_A_CHANCE_EVERYWHERE else "nothing")
    low, high = found.interval
    return {
        "value": found.value,
        "standard_error": _known(found.standard_error),
        "low": _known(low),
        "high": _known(high),
        "refused": None,
        "covers": None,
    }


def _refused(why: Refusal) -> MethodTold:
    return {"value": None, "standard_error": None, "low": None, "high": None, "refused": why, "covers": None}


def _learner(log: Log, policy: dict[str, Any], seed: int) -> LearnerTold:
    named = POLICIES.get(policy["name"])
    label = str(policy.get("label") or (named.title if named else policy["name"]))
    try:
        replayed = replay_policy(log, policy, seed=seed)
    except EngineError as error:
        return _learnt(label, 0, [0] * len(log.arms), None, str(error))
    used = int(replayed.used.sum())
    return _learnt(label, used, replayed.sends.tolist(), replayed.estimate if used else None, None)


def _learnt(label: str, used: int, sends: list[int], found: Estimate | None, problem: str | None) -> LearnerTold:
    low, high = (np.nan, np.nan) if found is None else found.interval
    return {
        "label": label,
        "used": used,
        "sends": sends,
        "value": None if found is None else _known(found.value),
        "standard_error": None if found is None else _known(found.standard_error),
        "low": _known(low),
        "high": _known(high),
        "problem": problem,
    }


def _known(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def _is_rate(log: Log) -> bool:
    return bool(np.isin(log.reward, (0.0, 1.0)).all())


# A log of our own


def _own_log(scenario: Scenario, policy: int, replication: int, most: int) -> tuple[Whole, Log]:
    """Return the first sends of a campaign: their numbers, and the log with what each brought."""
    ran = trace(scenario, policy, replication)
    sent = np.flatnonzero(ran.is_sent)[:most]
    arm, every = ran.arms[sent].astype(np.int64), chances(scenario, policy, replication, at=sent)
    names = tuple(one.name for one in scenario.arms)
    own, gains = every[np.arange(len(sent)), arm], gains_of(scenario, ran)[sent]
    return sent, Log(names, scenario.segmentation.names, arm, ran.segments[sent].astype(np.int64), own, gains, every)


def _given_log(scenario: Scenario, frame: "pd.DataFrame") -> tuple[Whole, Log]:
    import pandas as pd

    names = [arm.name for arm in scenario.arms]
    ordered = frame.assign(arm=pd.Categorical(frame["arm"], pd.Index(names)))
    return frame["send"].to_numpy(np.int64), read_log(ordered, "value")


def _ended_with(scenario: Scenario, replication: int) -> dict[str, list[float]]:
    """Return the split that each policy of the scenario ended with, by its label."""
    ended = {}
    for place, (spec, label) in enumerate(zip(scenario.specs, scenario.labels, strict=True)):
        if not spec.is_reference and spec.name != EVEN:
            ran = trace(scenario, place, replication)
            arms = ran.arms[ran.is_sent]
            last = arms[-max(1, round(ENDED * len(arms))) :]
            ended[label] = (np.bincount(last, minlength=len(scenario.arms)) / len(last)).tolist()
    return ended


def _replayable(scenario: Scenario, log: Log) -> list[dict[str, Any]]:
    """Return the policies of a scenario that can learn from the log's rewards: from conversions, not from money."""
    if not _is_rate(log):
        return []
    given = scenario.to_dict()["policies"]
    return [
        policy | {"label": label}
        for policy, spec, label in zip(given, scenario.specs, scenario.labels, strict=True)
        if not spec.is_reference and spec.name != EVEN
    ]


def _truth(target: TargetTold, truths: Floats) -> float | None:
    there = ~np.isnan(truths)
    if target["line"] is not None:
        own = truths[there[:, target["line"]], target["line"]]
        return float(own.mean()) if len(own) else None
    return float((truths @ np.array(target["shares"])).mean()) if there.all() else None


def _covers(told: MethodTold, truth: float | None) -> bool | None:
    low, high = told["low"], told["high"]
    return None if truth is None or low is None or high is None else low <= truth <= high
