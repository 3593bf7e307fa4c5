"""How each policy does under each stress: gains over the baseline, who is best and how sure that is, in plain JSON types.

Every gain is paired by campaign, as the baseline met the same recipients under the same stress. A cell's interval holds
at 90% on its own. What is claimed over the whole table, which policy is best in a column and what the verdict says, takes
intervals so wide that all comparisons of the table hold together at 90%: with S stresses and P policies each leaves out
(1 - 90%) / (S (P - 1)), by Bonferroni, as every column is a comparison of each policy with one other.

Source: Hsu (1996), Multiple Comparisons, chapter 4, for comparisons with the best; Bonferroni over columns.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.comparison import Estimate
from engine.inference import LEVEL, t_quantile
from engine.linear import ContextParameters
from engine.metrics import top_share
from engine.money import Goal
from engine.result import Result
from engine.scenario import MOST_POLICIES, Scenario, spread
from engine.stresses import PLANNED, STRESSES, Stressed, stressed
from engine.verdict import FEWEST_CAMPAIGNS, contenders
from engine.worth import worth_of

Floats = NDArray[np.float64]

AT_A_TIME: Final = 200
"""Campaigns whose rates along the way are in memory at once."""
STEPS: Final = 100
"""Places along the campaign at which shares of the traffic are given."""
MOST_TURNS: Final = 3
"""Changes of the best line that are told; more are a drift."""
NOTICED: Final = 0.5
"""A policy has noticed a change when its share of sends to the best line is back at this part of what it was."""
NEAR: Final = 0.01
"""Differences below this share of the baseline's total change no choice, however sure they are."""


class Turn(TypedDict):
    """A moment at which another line becomes the best, in every campaign."""

    at: int  # sends before it
    before: list[int]  # the best lines until then
    after: list[int]


class Measured(TypedDict):
    """What is kept of one stress: P policies, W windows along the campaign."""

    campaigns: int
    is_segmented: bool  # whether recipients differ
    means: list[float]  # (P,) totals in the unit of the goal
    errors: list[list[float]]  # (P, P) standard errors of the paired differences
    at: list[int]  # (W,) cumulative sends at which each window ends
    along: list[
        list[float]
    ]  # (P, W) share of a window's sends that goes to the line that is best for all together then
    top_share: list[float]  # (P,) the same over the whole campaign, and to the line that is best for the recipient
    turns: list[Turn]
    notice: list[list[int | None]]  # a list a turn, (P,): sends until a policy has noticed; null: not in this campaign


class Cell(TypedDict):
    """A policy under a stress, against the baseline under the same stress."""

    policy: int
    extra: Estimate  # in the unit of the goal
    share: Estimate  # of the baseline's mean; null bounds where that is 0
    is_decided: bool  # the 90% interval excludes zero
    sign: int  # 1 or -1 where that is sure at the level of the whole table
    is_best: bool  # a sure gain that no policy clearly beats: the ring


class Column(TypedDict):
    """One stress."""

    stress: str
    size: str
    reason: str  # why the scenario leaves no room for it
    pace: int | None
    gives_way: str | None
    campaigns: int
    baseline_mean: float
    cells: list[Cell]  # empty until it is simulated
    level_with_best: list[int]  # policies that none clearly beats, baseline included, highest mean first
    nobody_gains: bool


class Alternative(TypedDict):
    """A policy that is better under a stress, and what it costs as planned; in shares of the baseline's total."""

    policy: int
    stress: str
    gains: float
    gives_up: float
    is_sure: bool  # whether it gives up something at all


class Harm(TypedDict):
    """What the leader loses under a stress, as a share of the baseline's total; below 0."""

    stress: str
    share: float


class Worst(TypedDict):
    """The worst case of a policy over the stresses, in shares of the baseline's total."""

    policy: int
    stress: str
    share: float
    mean: float  # over the stresses


class StressVerdict(TypedDict):
    """Which policy to choose; policies by place, stresses by name.

    "choose": the policy that leads as planned is also the robust choice; "depends": another one is; "stay": no policy
    clearly beats the baseline as planned; "early": too few campaigns; "nothing": nothing to compare.
    """

    kind: Literal["choose", "depends", "stay", "early", "nothing"]
    leader: int | None  # as planned
    robust: int | None  # the largest worst gain over the stresses under which any policy gains
    keeps: list[str]  # stresses under which the leader gains, and none clearly more than 1% of the baseline beyond it
    loses: list[str]  # stresses under which another gains more, or the leader does not gain
    nobody: list[str]  # stresses under which no policy clearly beats the baseline
    harmed: list[Harm]  # stresses that mislead, or under which nobody gains, where the leader clearly loses
    alternative: Alternative | None
    worst: list[Worst]


class RowPolicy(TypedDict):
    """A policy of the table."""

    name: str
    label: str
    parameters: dict[str, Any]
    tells_apart: bool  # whether it would tell recipients of different segments apart


class StressTest(TypedDict):
    """The whole table, as far as it is simulated."""

    goal: Goal
    campaigns: int
    sends: int
    is_segmented: bool  # as planned
    lines: list[str]
    policies: list[RowPolicy]
    rows: list[int]  # the policies that are shown and judged, beside the baseline
    baseline: int
    against_even_split: bool
    level: float
    level_each: float  # at which all comparisons of the table hold together
    comparisons: int
    columns: list[Column]
    verdict: StressVerdict


def contestants_of(scenario: Scenario) -> Scenario:
    """Return the scenario with the policies that are tested: all that somebody could use, and an even split.

    An even split is added where there is none, as the last one, unless all places are taken.

    >>> from engine.presets import PRESETS
    >>> asked = PRESETS["classic"].scenario.with_changes(policies=[{"name": "thompson"}, {"name": "oracle"}])
    >>> contestants_of(asked).labels
    ('Thompson sampling', 'A/B split')
    """
    raw = scenario.to_dict()["policies"]
    usable = [raw[place] for place in contenders(scenario)]
    if len(usable) < MOST_POLICIES and all(policy["name"] != "ab_split" for policy in usable):
        usable.append({"name": "ab_split"})
    return scenario if usable == raw else scenario.with_changes(policies=usable)


def columns_of(scenario: Scenario, names: Sequence[str] = tuple(STRESSES)) -> list[Stressed]:
    """Return the tested scenario under each stress that is named, as planned always and first."""
    asked = contestants_of(scenario)
    return [stressed(asked, name) for name in STRESSES if name == PLANNED or name in names]


def measure(result: Result) -> Measured:
    """Return what is kept of a stressed scenario's campaigns, or of the first of them."""
    totals = result.totals
    at = result.checkpoints
    shares = np.stack([_best_share(result, place) for place in range(len(totals))])
    turns = turns_of(result.scenario)
    windows = spread(len(at), min(STEPS, len(at))) - 1
    widths = np.diff(at, prepend=0)
    return {
        "campaigns": totals.shape[1],
        "is_segmented": result.scenario.is_segmented,
        "means": totals.mean(axis=1).tolist(),
        "errors": _errors(totals).tolist(),
        "at": at[windows].tolist(),
        "along": _coarser(shares, widths, windows).round(4).tolist(),
        "top_share": top_share(result).mean(axis=1).tolist(),
        "turns": turns,
        "notice": [[_noticed(one, at, turn["at"]) for one in shares] for turn in turns],
    }


def _errors(totals: Floats) -> Floats:
    """Return the standard error of each paired difference of means, (P, P); 0 with a single campaign."""
    policies, count = totals.shape
    if count == 1:
        return np.zeros((policies, policies))
    deviations = [(totals - one).std(axis=1, ddof=1) for one in totals]
    errors: Floats = np.stack(deviations) / count**0.5
    return errors


def _best_share(result: Result, place: int) -> Floats:
    """Return which share of each window's sends goes to the line that is best in its middle, mean over campaigns, (C,).

    Lines that wear out are compared as worn as that policy has them in the middle of the window. Where recipients differ,
    it is the line that is best for the recipient.
    """
    if result.suited is not None:
        sent = np.diff(result.sends[place].sum(axis=(0, 2), dtype=np.int64), prepend=0)
        suited = np.diff(result.suited[place].sum(axis=0, dtype=np.int64), prepend=0)
        return np.asarray(suited / np.maximum(sent, 1), np.float64)
    to_best, whole = np.zeros(len(result.checkpoints)), np.zeros(len(result.checkpoints))
    for first in range(0, result.scenario.replications, AT_A_TIME):
        sends = result.sends[place, first : first + AT_A_TIME]
        windows = np.diff(sends, axis=1, prepend=0)  # (R, C, K)
        to_best += (windows * _best_lines(result, first, sends - windows / 2)).sum(axis=(0, 2))
        whole += windows.sum(axis=(0, 2))
    # Where a frequency cap has left everybody out, nothing was sent.
    return np.divide(to_best, whole, out=np.zeros_like(whole), where=whole > 0.0)


def _best_lines(result: Result, first: int, own_sends: Floats) -> NDArray[np.bool_]:
    """Return which lines are truly best in the middle of each window, equal ones all: (R or 1, C, K).

    Of the campaigns from the first one on, in which the lines have had these sends (R, C, K) of their own by then.
    """
    at = result.checkpoints
    course = result.scenario.course(first, len(own_sends))
    middles = at - np.diff(at, prepend=0) / 2
    rows = course.rows[np.searchsorted(course.ends, middles, side="right")]
    rates = course.rates[:, rows]
    if course.kept < 1.0:
        rates = rates * (course.lowest + (1.0 - course.lowest) * course.kept**own_sends)
    worth = worth_of(result.scenario, rates)
    if course.present is not None:
        lines = np.arange(rates.shape[-1], dtype=np.uint64)
        is_there = (course.present[rows][:, np.newaxis] >> lines) & np.uint64(1) == 1
        worth = np.where(is_there, worth, -np.inf)
    best: NDArray[np.bool_] = worth == worth.max(axis=-1, keepdims=True)
    return best


def _coarser(shares: Floats, widths: NDArray[np.int64], windows: NDArray[np.int64]) -> Floats:
    """Return the shares (P, C) over fewer, wider windows."""
    sums, whole = np.cumsum(shares * widths, axis=1)[:, windows], np.cumsum(widths)[windows]
    coarse: Floats = np.diff(sums, axis=1, prepend=0.0) / np.diff(whole, prepend=0)
    return coarse


def turns_of(scenario: Scenario) -> list[Turn]:
    """Return when the best line changes, where that is the same in all campaigns and at most three times.

    >>> from engine.presets import PRESETS
    >>> turns_of(stressed(PRESETS["classic"].scenario, "change").scenario)
    [{'at': 5000, 'before': [2], 'after': [3]}]
    """
    course = scenario.course(0, 2 if scenario.replications > 1 else 1)
    if course.rates.shape[0] > 1 or course.kept < 1.0 or course.present is not None:
        return []
    worth = worth_of(scenario, course.rates[0, course.rows])
    best = worth == worth.max(axis=1, keepdims=True)
    turned = np.flatnonzero((best[1:] != best[:-1]).any(axis=1))
    if len(turned) > MOST_TURNS:
        return []
    return [
        {
            "at": int(course.ends[spell]),
            "before": np.flatnonzero(best[spell]).tolist(),
            "after": np.flatnonzero(best[spell + 1]).tolist(),
        }
        for spell in turned
    ]


def _noticed(shares: Floats, at: NDArray[np.int64], turn: int) -> int | None:
    """Return the sends from a turn to the first checkpoint with half of the share before it; None where there is none."""
    before = np.flatnonzero(at <= turn)
    if not len(before):
        return None
    later = np.arange(len(at)) > before[-1]
    there = np.flatnonzero(later & (shares >= NOTICED * shares[before[-1]]))
    return int(at[there[0]]) - turn if len(there) else None


# The table


def put_together(
    scenario: Scenario,
    columns: Sequence[Stressed],
    found: Mapping[str, Measured | None],
    rows: Sequence[int] | None = None,
) -> StressTest:
    """Return the table from what is there so far of each stress.

    Args:
        scenario: that was asked for.
        columns: what `columns_of` made of it.
        found: what `measure` told of a stress, by name; what is missing is still to come.
        rows: places of the tested policies that are shown and judged; all if left out.
    """
    asked = contestants_of(scenario)
    baseline = asked.baseline
    shown = [place for place in range(len(asked.policies)) if place != baseline and (rows is None or place in rows)]
    comparisons = max(1, len(shown) * sum(column.scenario is not None for column in columns))
    level = 1.0 - (1.0 - LEVEL) / comparisons
    table = [_column(column, found.get(column.stress.name), baseline, shown, level) for column in columns]
    return {
        "goal": asked.goal,
        "campaigns": asked.replications,
        "sends": asked.sends,
        "is_segmented": asked.is_segmented,
        "lines": [arm.name for arm in asked.arms],
        "policies": [
            {
                "name": policy.name,
                "label": label,
                "parameters": policy.model_dump(mode="json", exclude={"name", "label"}),
                "tells_apart": isinstance(policy, ContextParameters),
            }
            for policy, label in zip(asked.policies, asked.labels, strict=True)
        ],
        "rows": shown,
        "baseline": baseline,
        "against_even_split": asked.policies[baseline].name == "ab_split",
        "level": LEVEL,
        "level_each": level,
        "comparisons": comparisons,
        "columns": table,
        "verdict": _verdict(table, shown, baseline, found, level),
    }


def _column(column: Stressed, found: Measured | None, baseline: int, shown: list[int], level: float) -> Column:
    out: Column = {
        "stress": column.stress.name,
        "size": column.size,
        "reason": column.reason,
        "pace": column.pace,
        "gives_way": column.gives_way,
        "campaigns": 0,
        "baseline_mean": 0.0,
        "cells": [],
        "level_with_best": [],
        "nobody_gains": False,
    }
    if found is None or column.scenario is None:
        return out
    signs = {place: _sign(found, place, baseline, level) for place in shown}
    ranked = sorted([baseline, *shown], key=lambda place: -found["means"][place])
    first = [place for place in ranked if _sign(found, ranked[0], place, level) <= 0]
    return out | {
        "campaigns": found["campaigns"],
        "baseline_mean": found["means"][baseline],
        "cells": [
            _cell(found, place, baseline, signs[place], is_best=signs[place] > 0 and place in first) for place in shown
        ],
        "level_with_best": first,
        "nobody_gains": not any(sign > 0 for sign in signs.values()),
    }


def _cell(found: Measured, place: int, baseline: int, sign: int, *, is_best: bool) -> Cell:
    extra = _difference(found, place, baseline, LEVEL)
    low, high = extra["low"], extra["high"]
    return {
        "policy": place,
        "extra": extra,
        "share": _relative(extra, found["means"][baseline]),
        "is_decided": low is not None and high is not None and (low > 0.0 or high < 0.0),
        "sign": sign,
        "is_best": is_best,
    }


def _difference(found: Measured, first: int, second: int, level: float) -> Estimate:
    """Return what the first policy got more than the second, with its interval at a level."""
    mean = found["means"][first] - found["means"][second]
    if found["campaigns"] == 1:
        return {"mean": mean, "low": None, "high": None}
    half = t_quantile(found["campaigns"], level) * found["errors"][first][second]
    return {"mean": mean, "low": mean - half, "high": mean + half}


def _relative(extra: Estimate, whole: float) -> Estimate:
    """Return a difference as a share of the baseline's mean, whose own error is small beside that of the difference.

    A net value may be below zero: what counts is its size.
    """
    if not whole:
        return {"mean": 0.0, "low": None, "high": None}
    whole = abs(whole)
    low, high = extra["low"], extra["high"]
    return {
        "mean": extra["mean"] / whole,
        "low": None if low is None else low / whole,
        "high": None if high is None else high / whole,
    }


def _sign(found: Measured, first: int, second: int, level: float) -> int:
    """Return 1 or -1 where the first policy is clearly better or worse than the second, else 0."""
    lead = _difference(found, first, second, level)
    if found["campaigns"] < FEWEST_CAMPAIGNS or lead["low"] is None or lead["high"] is None:
        return 0
    return int(lead["low"] > 0.0) - int(lead["high"] < 0.0)


# The verdict


def _verdict(
    table: list[Column], shown: list[int], baseline: int, found: Mapping[str, Measured | None], level: float
) -> StressVerdict:
    ready = [column for column in table if column["cells"] and column["campaigns"] >= FEWEST_CAMPAIGNS]
    verdict: StressVerdict = {
        "kind": "early",
        "leader": None,
        "robust": None,
        "keeps": [],
        "loses": [],
        "nobody": [column["stress"] for column in ready if column["nobody_gains"]],
        "harmed": [],
        "alternative": None,
        "worst": [],
    }
    if not shown:
        return verdict | {"kind": "nothing"}
    if not ready or ready[0]["stress"] != PLANNED:
        return verdict
    verdict["worst"] = _worst_cases(ready, shown)
    robust = _robust(ready, shown)
    planned, stresses = ready[0], ready[1:]
    if planned["nobody_gains"]:
        return verdict | {"kind": "stay", "robust": robust}
    level_with = [place for place in planned["level_with_best"] if place != baseline]
    # Of policies that are level as planned, the robust one is the one to speak of.
    leader = robust if robust is not None and robust in level_with else level_with[0]
    gained = [column for column in _telling(ready) if column is not planned]
    keeps = [column["stress"] for column in gained if _keeps_lead(column, leader)]
    hard = [column for column in stresses if column not in gained]
    return verdict | {
        "kind": "choose" if leader == robust else "depends",
        "leader": leader,
        "robust": robust,
        "keeps": keeps,
        "loses": [column["stress"] for column in gained if column["stress"] not in keeps],
        "harmed": [
            {"stress": column["stress"], "share": _shares([column], leader)[0]}
            for column in hard
            if _cell_of(column, leader)["sign"] < 0
        ],
        "alternative": _alternative(gained, planned, leader, robust, found, level),
    }


def _telling(columns: Sequence[Column]) -> list[Column]:
    """Return the columns that say which policy to choose.

    Where no policy gains, the one that does least would win, and where policies are misled, the one that learns least.
    """
    return [column for column in columns if not column["nobody_gains"] and not STRESSES[column["stress"]].misleads]


def _keeps_lead(column: Column, leader: int) -> bool:
    """Return whether a policy clearly gains, and no other one clearly and noticeably more."""
    most = max(cell["share"]["mean"] for cell in column["cells"])
    cell = _cell_of(column, leader)
    return cell["is_best"] or (cell["sign"] > 0 and cell["share"]["mean"] >= most - NEAR)


def _cell_of(column: Column, policy: int) -> Cell:
    return next(cell for cell in column["cells"] if cell["policy"] == policy)


def _shares(columns: Sequence[Column], policy: int) -> list[float]:
    return [_cell_of(column, policy)["share"]["mean"] for column in columns]


def _worst_cases(columns: Sequence[Column], shown: list[int]) -> list[Worst]:
    out: list[Worst] = []
    for policy in shown:
        shares = _shares(columns, policy)
        worst = int(np.argmin(shares))
        mean = float(np.mean(shares))
        out.append(
            {"policy": policy, "stress": columns[worst]["stress"], "share": shares[worst], "mean": mean},
        )
    return out


def _robust(columns: Sequence[Column], shown: list[int]) -> int | None:
    """Return the policy with the largest worst gain; of those that are nearly level in that, the highest mean."""
    gained = _telling(columns)
    if not gained:
        return None
    worst = {policy: min(_shares(gained, policy)) for policy in shown}
    best = max(worst.values())
    near = [policy for policy in shown if worst[policy] >= best - NEAR]
    return max(near, key=lambda policy: float(np.mean(_shares(gained, policy))))


def _alternative(
    gained: Sequence[Column],
    planned: Column,
    leader: int,
    robust: int | None,
    found: Mapping[str, Measured | None],
    level: float,
) -> Alternative | None:
    """Return who does more than the leader where it does most: the robust choice if it is another one, else anybody."""
    others = [cell["policy"] for cell in planned["cells"] if cell["policy"] != leader]
    candidates = [robust] if robust is not None and robust != leader else others
    best: Alternative | None = None
    for column in gained:
        told = found[column["stress"]]
        for policy in candidates:
            gains = _shares([column], policy)[0] - _shares([column], leader)[0]
            if told is None or _sign(told, policy, leader, level) <= 0 or (best and gains <= best["gains"]):
                continue
            gives_up = _shares([planned], leader)[0] - _shares([planned], policy)[0]
            calm = found[PLANNED]
            best = {
                "policy": policy,
                "stress": column["stress"],
                "gains": gains,
                "gives_up": gives_up,
                "is_sure": calm is not None and _sign(calm, leader, policy, level) > 0,
            }
    return best
