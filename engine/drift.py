"""What shows of changing rates in the answers to one campaign, and what each policy did about it.

Each line's answers under each policy go through the GLR test in the order in which they became known. What it notices
under several policies at about the same time is one finding. As this is a simulation, the true rates behind the same
answers are told beside it.

Where conversions come late, an answer is known for sure when its window has closed; findings wait for that. Who counts a
send as a miss until its conversion comes sees rates fall that do not: such alarms are counted apart, as hasty ones.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.detectors import GLR_EVERY, GROUPS_ALIKE, glr_alarm, glr_learn, glr_restart, glr_slots
from engine.inference import LEVEL, wilson_interval
from engine.native import native
from engine.scenario import Scenario, spread
from engine.simulation import Trace, traces
from engine.waiting import waiting_of

ALARM = 4.0
"""What the GLR test's delta adds up to over all lines of all policies. The threshold is wide: of steady campaigns, not
one in `ALARM` raises an alarm but fewer than `FALSE_ALARMS`, which tests check by simulation."""
FALSE_ALARMS = 0.05
"""At most this share of steady campaigns without late conversions raises an alarm on any line under any policy."""
MOST_STRETCHES = 30
NEVER = 2**40
"""When the conversion of a recipient becomes known who does not convert: long after every campaign."""
FEWEST_SENDS = 10
"""A stretch with fewer sends of a line has no observed rate worth a point."""
LEAST_SHIFT = 0.1
"""A policy whose share of sends of a line moved by less than this did nothing about the change."""
LEAST_TRUTH = 0.25
"""A true rate that moved by less than this part of what was seen did not move: the alarm was false."""
SMOOTHED = 50
"""A policy's share of sends is followed over this part of the campaign at a time, and over 20 sends at least."""

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]


class Observed(TypedDict):
    """The lines under one policy; lists of S * K go stretch by stretch, None where too few were sent."""

    label: str
    sends: list[int]
    conversions: list[int]  # known at the end of the campaign
    rate: list[float | None]
    low: list[float | None]  # 90% interval
    high: list[float | None]
    true: list[float | None]  # mean true rate of these sends, of conversions that come in time


class Reaction(TypedDict):
    """What one policy did about a change."""

    policy: int
    before: float  # share of its sends that the line had
    after: float
    took: int | None  # sends until half of the shift had happened; None where there was hardly any


class Finding(TypedDict):
    """One change of one line."""

    line: int
    policy: int  # in whose answers it was noticed first
    around: int  # sends before the change, as estimated then
    noticed: int  # sends after which it was noticed
    before: float  # rates as known when it was noticed
    after: float
    settled: float  # rate from the change to the next one of the line, as known at the end
    true_before: float  # true rates of the same sends
    true_after: float
    is_real: bool  # whether the line's rate over everybody moved
    is_mix: bool  # whether it did not, but other recipients got the line than before
    reactions: list[Reaction]


class Drift(TypedDict):
    """All that is told of one campaign."""

    level: float
    false_alarms: float
    edges: list[int]  # S + 1, sends between stretches
    open_from: int | None  # the first send whose answer may still come at the end; None without delay
    policies: list[Observed]
    findings: list[Finding]
    hasty: int  # alarms about rates that never moved, had every send counted as a miss until its conversion came
    waits: int  # sends until an answer is known for sure; 0 without delay


class Alarm(NamedTuple):
    """A change of one line that the answers under one policy gave away."""

    line: int
    policy: int
    around: int
    noticed: int
    before: float
    after: float
    settled: float
    true_before: float
    true_after: float
    mean_before: float  # true rates over everybody
    mean_after: float


class Answers(NamedTuple):
    """The answers of one line under one policy, in the order in which it was sent."""

    sent: Whole  # (N,) send numbers
    known: Whole  # (N,) sends after which a conversion is known, or NEVER
    told: Whole  # (N,) sends after which the send counts as tried
    rates: Floats  # (N,) true rates, of these recipients, of conversions that come in time
    means: Floats  # (N,) the same over everybody


def drift(scenario: Scenario, replication: int = 0, ran: Sequence[Trace] | None = None) -> Drift:
    """Return what showed of changing rates in one campaign of every policy, in plain JSON types.

    `ran` holds the policies' traces of this replication where they are known already.

    >>> scenario = Scenario.from_dict({
    ...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}], "policies": [{"name": "ab_split"}],
    ...     "world": {"name": "change_point", "changes": [{"arm": "B", "at": 4000, "rate": 0.1}]}})
    >>> found = drift(scenario)["findings"]
    >>> [(finding["line"], finding["true_before"], finding["true_after"], finding["is_real"]) for finding in found]
    [(1, 0.3, 0.1, True)]
    """
    every = list(ran or traces(scenario, replication))
    answers = [lines_of(scenario, one, replication) for one in every]
    waits = waiting_of(scenario).window_sends if scenario.is_delayed else 0
    edges = np.concatenate(([0], spread(scenario.sends, min(MOST_STRETCHES, scenario.sends))))
    sure = [[_once_closed(one, waits) for one in lines] for lines in answers]
    return {
        "level": LEVEL,
        "false_alarms": FALSE_ALARMS,
        "edges": edges.tolist(),
        "open_from": max(0, scenario.sends - waits) if waits else None,
        "policies": [
            _observed(label, lines, edges, scenario.sends)
            for label, lines in zip(scenario.labels, answers, strict=True)
        ],
        "findings": _findings(_alarms(scenario, sure), every, scenario.sends),
        "hasty": sum(not _is_real(alarm) for alarm in _alarms(scenario, answers)) if waits else 0,
        "waits": waits,
    }


def lines_of(scenario: Scenario, ran: Trace, replication: int = 0) -> list[Answers]:
    """Return the answers of every line under one policy."""
    course, waiting = scenario.world_course(replication, 1), waiting_of(scenario)
    inside, means = scenario.segmentation.rates(course.rates[0]), scenario.segmentation.mean_rates(course.rates[0])
    rows = np.repeat(course.rows, np.diff(course.ends, prepend=0))
    at_once = np.arange(1, scenario.sends + 1)
    known = np.where(ran.answers == 0, NEVER, np.where(ran.arrives > 0, ran.arrives, at_once))
    lines = []
    for arm in range(len(scenario.arms)):
        sent = np.flatnonzero(ran.arms == arm)
        wear = course.lowest + (1.0 - course.lowest) * course.kept ** np.arange(len(sent))
        left = wear * waiting.counted
        rates, mean = inside[rows[sent], ran.segments[sent], arm] * left, means[rows[sent], arm] * left
        lines.append(Answers(sent, known[sent], at_once[sent], rates, mean))
    return lines


def _once_closed(answers: Answers, waits: int) -> Answers:
    """Return the answers as somebody knows them who looks at each send when its window has closed."""
    if not waits:
        return answers
    told = answers.told + waits
    return answers._replace(told=told, known=np.where(answers.known < NEVER, told, NEVER))


def noticed_at(answers: Answers, sends: int, delta: float) -> list[int]:
    """Return the numbers of sends after which the GLR test notices a change of one line, starting anew after each."""
    tried = np.flatnonzero(answers.told <= sends)
    won = np.flatnonzero(answers.known <= sends)
    moment = np.concatenate((answers.told[tried], answers.known[won]))
    place = np.concatenate((tried, won))
    trials = np.repeat([1.0, 0.0], [len(tried), len(won)])
    order = np.lexsort((-trials, place, moment))
    state, found = np.zeros(glr_slots(len(tried))), np.zeros(len(order), np.int64)
    count = _scan()(state, place[order], trials[order], 1.0 - trials[order], GLR_EVERY, GROUPS_ALIKE, delta, found)
    return [int(end) for end in moment[order][found[:count]]]


@native(on_disk=True)
def scan_answers(
    state: np.ndarray,
    place: np.ndarray,
    trials: np.ndarray,
    rewards: np.ndarray,
    every: int,
    alike: int,
    delta: float,
    found: np.ndarray,
) -> int:
    """Write at which events the GLR test notices a change; return how many there are.

    An event is a send that counts as tried or a conversion that became known. The question is put before the next send
    is counted, so that a conversion known at once is in time; what belongs to sends before a new start is ignored.
    """
    count, since, last = 0, 0, 0
    for i in range(place.shape[0]):
        if trials[i] > 0.0:
            if glr_alarm(state, 0, every, alike, delta):
                found[count] = i - 1
                count += 1
                glr_restart(state, 0)
                since = last + 1
            last = place[i]
        if place[i] >= since:
            glr_learn(state, 0, place[i], trials[i], rewards[i])
    return count


@cache
def _scan() -> Any:
    from numba import types as nb

    numbers, i8 = nb.float64[::1], nb.int64
    return scan_answers.compiled(i8(numbers, i8[::1], numbers, numbers, i8, i8, nb.float64, i8[::1]))


def warm() -> None:
    """Compile, or load from disk, the search for changes."""
    _scan()


# Changes


def _alarms(scenario: Scenario, answers: list[list[Answers]]) -> list[Alarm]:
    """Return what the test notices in the answers of each line under each policy."""
    delta = ALARM / (len(scenario.policies) * len(scenario.arms))
    return [
        alarm
        for policy, lines in enumerate(answers)
        for line, one in enumerate(lines)
        for alarm in _alarms_of(one, line, policy, scenario.sends, delta)
    ]


def _alarms_of(answers: Answers, line: int, policy: int, sends: int, delta: float) -> list[Alarm]:
    since, cuts = 0, []
    for noticed in noticed_at(answers, sends, delta):
        cut = _split(answers, since, noticed)
        cuts.append((since, cut, noticed))
        since = cut
    ends = [*(cut for _, cut, _ in cuts), len(answers.sent)][1:]
    return [_alarm(answers, line, policy, *span, end, sends) for span, end in zip(cuts, ends, strict=True)]


def _split(answers: Answers, since: int, noticed: int) -> int:
    """Return the line's send from which, by what was known then, its rate most likely was another."""
    end = int(np.searchsorted(answers.told, noticed, side="right"))
    won = (answers.known[since:end] <= noticed).cumsum()
    first = np.arange(1, end - since)  # sends before the cut, those after it being the rest
    likely = _likelihood(won[:-1], first) + _likelihood(won[-1] - won[:-1], end - since - first)
    return since + 1 + int(np.argmax(likely))


def _likelihood(won: Whole, tried: Whole) -> Floats:
    """Return the log likelihood of the counts at their own rates."""
    lost = tried - won
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(won > 0, won * np.log(won / tried), 0.0) + np.where(lost > 0, lost * np.log(lost / tried), 0.0)
    return np.asarray(parts, np.float64)


def _alarm(answers: Answers, line: int, policy: int, since: int, cut: int, noticed: int, end: int, sends: int) -> Alarm:
    seen = int(np.searchsorted(answers.told, noticed, side="right"))
    return Alarm(
        line=line,
        policy=policy,
        around=int(answers.sent[cut]),
        noticed=noticed,
        before=float((answers.known[since:cut] <= noticed).mean()),
        after=float((answers.known[cut:seen] <= noticed).mean()),
        settled=float((answers.known[cut:end] <= sends).mean()),
        true_before=float(answers.rates[since:cut].mean()),
        true_after=float(answers.rates[cut:end].mean()),
        mean_before=float(answers.means[since:cut].mean()),
        mean_after=float(answers.means[cut:end].mean()),
    )


def _findings(alarms: list[Alarm], ran: list[Trace], sends: int) -> list[Finding]:
    """Return alarms of the same line and direction as one where their spans, from change to notice, overlap."""
    groups: list[list[Alarm]] = []
    for alarm in sorted(alarms, key=lambda alarm: alarm.noticed):
        group = next((group for group in groups if _belongs(alarm, group)), None)
        if group is None:
            groups.append([alarm])
        else:
            group.append(alarm)
    firsts = sorted((group[0] for group in groups), key=lambda alarm: alarm.around)
    places = [0, *(alarm.around for alarm in firsts), sends]
    return [
        _finding(alarm, ran, *_period(places, alarm.around, max(2 * _smoothed(sends), alarm.noticed - alarm.around)))
        for alarm in firsts
    ]


def _belongs(alarm: Alarm, group: list[Alarm]) -> bool:
    first = group[0]
    return (
        alarm.line == first.line
        and (alarm.after > alarm.before) == (first.after > first.before)
        and alarm.around <= first.noticed
        and all(alarm.policy != other.policy for other in group)
    )


def _period(places: list[int], around: int, near: int) -> tuple[int, int]:
    """Return the sends from the last change before this one to the next after it; what is nearer than that is the same."""
    earlier = [place for place in places if place <= around - near]
    later = [place for place in places if place >= around + near]
    return (earlier[-1] if earlier else 0), (later[0] if later else places[-1])


def _smoothed(sends: int) -> int:
    return max(20, sends // SMOOTHED)


def _finding(alarm: Alarm, ran: list[Trace], since: int, until: int) -> Finding:
    return {
        "line": alarm.line,
        "policy": alarm.policy,
        "around": alarm.around,
        "noticed": alarm.noticed,
        "before": round(alarm.before, 4),
        "after": round(alarm.after, 4),
        "settled": round(alarm.settled, 4),
        "true_before": round(alarm.true_before, 4),
        "true_after": round(alarm.true_after, 4),
        "is_real": _is_real(alarm),
        "is_mix": not _is_real(alarm) and _bears_out(alarm, alarm.true_after - alarm.true_before),
        "reactions": [
            reaction(one.arms == alarm.line, since, alarm.around, until, policy) for policy, one in enumerate(ran)
        ],
    }


def _is_real(alarm: Alarm) -> bool:
    return _bears_out(alarm, alarm.mean_after - alarm.mean_before)


def _bears_out(alarm: Alarm, true: float) -> bool:
    """Return whether a change of true rates explains what was seen."""
    seen = alarm.after - alarm.before
    return seen * true > 0 and abs(true) >= LEAST_TRUTH * abs(seen)


def reaction(got: NDArray[np.bool_], since: int, around: int, until: int, policy: int = 0) -> Reaction:
    """Return how a policy's share of sends of a line moved at a change.

    Args:
        got: for each send of the campaign, whether the line got it.
        since, around, until: the sends at which the time before the change begins, at which it came, and at which the
            time after it ends. Shares are those of the last third of each time.
        policy: the place of the policy.
    """
    third_before, third_after = max(1, (around - since) // 3), max(1, (until - around) // 3)
    before = float(got[around - third_before : around].mean()) if around > 0 else 0.0
    after = float(got[until - third_after : until].mean())
    moved = abs(after - before) >= LEAST_SHIFT
    took = _half_way(got, around, until, before, after) if moved else None
    return {"policy": policy, "before": round(before, 4), "after": round(after, 4), "took": took}


def _half_way(got: NDArray[np.bool_], around: int, until: int, before: float, after: float) -> int:
    """Return the sends after which the share, over some sends around each, had gone half of its way."""
    half = max(1, min(_smoothed(len(got)), until - around) // 2)
    total = np.concatenate(([0], got.cumsum()))
    middle = np.arange(around, until)
    low, high = np.maximum(middle - half, 0), np.minimum(middle + half, len(got))
    share = (total[high] - total[low]) / (high - low)
    goal = (before + after) / 2
    there = share >= goal if after > before else share <= goal
    return int(np.argmax(there)) if there.any() else until - around


# What can be seen


def _observed(label: str, lines: list[Answers], edges: Whole, sends: int) -> Observed:
    stretches, K = len(edges) - 1, len(lines)
    counts, won, true = (np.zeros((stretches, K)) for _ in range(3))
    for line, answers in enumerate(lines):
        stretch = np.searchsorted(edges[1:], answers.sent, side="right")
        counts[:, line] = np.bincount(stretch, minlength=stretches)
        won[:, line] = np.bincount(stretch, answers.known <= sends, stretches)
        true[:, line] = np.bincount(stretch, answers.rates, stretches)
    low, high = wilson_interval(won.astype(np.int64), counts.astype(np.int64))
    few = counts < FEWEST_SENDS
    divisor = np.maximum(counts, 1)
    return {
        "label": label,
        "sends": counts.astype(int).ravel().tolist(),
        "conversions": won.astype(int).ravel().tolist(),
        "rate": _rounded(won / divisor, few),
        "low": _rounded(low, few),
        "high": _rounded(high, few),
        "true": _rounded(true / divisor, few),
    }


def _rounded(values: Floats, missing: NDArray[np.bool_]) -> list[float | None]:
    return [
        None if absent else round(value, 4)
        for value, absent in zip(values.ravel().tolist(), missing.ravel().tolist(), strict=True)
    ]
