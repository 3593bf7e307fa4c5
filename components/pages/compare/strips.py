"""Would another scenario change the answer? The job that varies the scenario, and what the page makes of it."""

from functools import lru_cache
from itertools import chain, repeat
from typing import Any, Final

import orjson

from components import wording_compare as words
from components.charts.sensitivity import Point, Strip
from components.comparison import Comparison
from components.running import source_version
from engine import POLICIES
from engine.comparison import compare
from engine.fields import knobs
from engine.jobs import Status
from engine.result import Result
from engine.scenario import Scenario
from engine.sensitivity import Strip as Sweep
from engine.sensitivity import lead, level_together, over_even_split, strips
from engine.work import Work

STRIPS: Final = "strips"
"""The kind of these jobs."""

POINT_DIGITS: Final = 2
"""Decimals of a difference in percentage points."""


@lru_cache(maxsize=32)
def sweeps_of(scenario: Scenario, leader: int | None) -> tuple[Sweep, ...]:
    """What is varied: sends, the gap, and the setting of the policy that leads, or of another when it has none.

    Kept, because the page looks again and again, and each look would validate dozens of scenarios.
    """
    found = strips(scenario)
    knobs = [sweep for sweep in found if sweep.what == "knob"]
    chosen = next((sweep for sweep in knobs if sweep.policy == leader), knobs[0] if knobs else None)
    return (*(sweep for sweep in found if sweep.what != "knob"), *([chosen] if chosen else []))


def strips_work(scenario: Scenario, leader: int | None) -> Work:
    """The job: one small comparison for each value."""
    sweeps = sweeps_of(scenario, leader)
    kinds = [sweep.what for sweep in sweeps for _ in sweep.values]
    level = level_together(scenario, sweeps)

    def summarise(place: int, result: Result) -> bytes:
        if result.scenario.replications < scenarios[place].replications:
            return b"null"
        found = compare(result, crowned_in=0)
        return orjson.dumps(over_even_split(found, level) if kinds[place] == "knob" else lead(found, level))

    scenarios = tuple(place for sweep in sweeps for place in sweep.scenarios)
    return Work(STRIPS, source_version(), scenarios, summarise)


def strips_of(scenario: Scenario, leader: int | None, comparison: Comparison, status: Status) -> list[Strip]:
    """The strips as the chart takes them, with the points that are there so far."""
    points = chain(orjson.loads(status.content), repeat(None))
    sweeps = sweeps_of(scenario, leader)
    level = level_together(scenario, sweeps)
    return [
        Strip(
            what="setting" if sweep.what == "knob" else sweep.what,
            label=_label(sweep, comparison),
            values=[round(100 * value, POINT_DIGITS) if sweep.what == "gap" else value for value in sweep.values],
            present=sweep.present,
            points=[_point(sweep, comparison, next(points)) for _ in sweep.values],
            unit=words.POINTS if sweep.what == "gap" else sweep.unit,
            campaigns=sweep.scenarios[0].replications,
            level=level,
        )
        for sweep in sweeps
    ]


def _point(sweep: Sweep, comparison: Comparison, said: dict[str, Any] | None) -> Point | None:
    if said is None:
        return None
    policies, mean, low, high = comparison["policies"], said["mean"], said["low"], said["high"]
    leader = said["leader"] if sweep.policy is None else sweep.policy
    # A setting is always measured against an even split, which the scenario itself may not have.
    rival = policies[said["rival"]]["label"] if sweep.policy is None else words.EVEN_SPLIT
    return Point(
        leader=leader,
        name=policies[leader]["name"],
        label=policies[leader]["label"],
        rival_label=rival,
        lead=mean,
        low=mean if low is None else low,
        high=mean if high is None else high,
        is_tie=said["tie"],
    )


def _label(sweep: Sweep, comparison: Comparison) -> str:
    if sweep.policy is None:
        return words.STRIP_LABELS[sweep.what]
    policy = comparison["policies"][sweep.policy]
    title = knobs(POLICIES[policy["name"]].parameters)[str(sweep.knob)].title
    return words.strip_of_setting(policy["label"], sweep.symbol or title)
