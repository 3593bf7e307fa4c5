"""Would another scenario change the answer? The same comparison with one number changed, five values each."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import floor, log10
from typing import Any, Literal, TypedDict

import numpy as np

from engine.comparison import Comparison
from engine.errors import ScenarioError
from engine.fields import Knob, knobs
from engine.inference import LEVEL, t_quantile
from engine.scenario import MOST_SENDS, Scenario
from engine.verdict import FEWEST_CAMPAIGNS, Pair, between, contenders
from engine.work import MOST_WORK

VALUES = 5
CAMPAIGNS = 200
"""Campaigns at each value, if all of it then takes no longer than the comparison itself."""
ENOUGH_TO_SEE_THAT_RATES_VARY = 16

SEND_FACTORS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)
GAP_FACTORS = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0, 2.0, 4.0)
LEVEL_FACTORS = (1 / 16, 1 / 8, 1 / 4, 1 / 2)
"""Gaps between lines that are level, as shares of their rate."""
KNOB_FACTORS = (1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
OFF_FACTORS = (1 / 4, 1 / 2, 1.0, 2.0)
"""Values of a setting that is 0, as multiples of its default."""
ROUND = np.array([1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0])


@dataclass(frozen=True)
class Strip:
    """One number of the scenario, swept over some values around the present one."""

    what: Literal["sends", "gap", "knob"]
    policy: int | None  # whose knob it is
    knob: str | None  # the setting's name
    symbol: str  # how the number is written in charts, if it has a sign
    unit: str
    values: tuple[float, ...]  # ascending; the gap is a difference of rates
    present: int  # place of the scenario's own value
    scenarios: tuple[Scenario, ...]  # one for each value; those of a knob hold its policy and the even split only


class Lead(TypedDict):
    """What one policy got more than another in one scenario; policies are given by their places."""

    leader: int
    rival: int
    mean: float  # what the leader got over the rival, paired by campaign, in the unit of the goal
    low: float | None  # interval of the mean
    high: float | None
    level: float  # of the interval
    tie: bool  # the interval includes 0, or there is none


def strips(scenario: Scenario) -> tuple[Strip, ...]:
    """Return what can be varied: sends, the gap between the two best lines, and the main setting of each policy.

    Sends and the gap only where two policies could lead, the gap only where rates are the same in all campaigns and all along. All
    strips together take about as long as the comparison of the scenario itself, unless that has too few campaigns for
    20 at each value, and never more sends than one job may take.

    >>> from engine.presets import PRESETS
    >>> sends, gap, epsilon = strips(PRESETS["classic"].scenario)
    >>> sends.values, sends.present
    ((1000, 2500, 5000, 10000, 25000), 3)
    >>> [round(value, 3) for value in gap.values], gap.present
    ([0.005, 0.01, 0.02, 0.042, 0.08], 3)
    >>> epsilon.symbol, epsilon.values, [place.sends for place in epsilon.scenarios][:2]
    ('ε', (0.025, 0.05, 0.1, 0.2, 0.4), [10000, 10000])
    """
    led = [_sends_strip(scenario), *_gap_strip(scenario)] if len(contenders(scenario)) > 1 else []
    found = [strip for strip in (*led, *_knob_strips(scenario)) if len(strip.values) > 1]
    campaigns = _affordable(scenario, [place for strip in found for place in strip.scenarios])
    return tuple(
        replace(strip, scenarios=tuple(place.with_changes(replications=campaigns) for place in strip.scenarios))
        for strip in found
    )


def level_together(scenario: Scenario, swept: Sequence[Strip]) -> float:
    """Return the level of each interval at which all that some strips of a scenario tell holds together, at 90%.

    By Bonferroni: a value of a setting counts as one comparison, and each other scenario as one for each policy that
    could lead it, since the leader is chosen by its mean. The present scenario is in several strips and counts once.
    So in 95 of 100 scenarios no strip names a leader that is not the best policy, or not better than a rival.

    >>> from engine.presets import PRESETS
    >>> classic = PRESETS["classic"].scenario  # two policies, one with a setting
    >>> round(level_together(classic, strips(classic)), 4), round(1 - 0.1 / (9 * 2 + 5), 4)
    (0.9957, 0.9957)
    """
    led = [strip for strip in swept if strip.what != "knob"]
    scenarios = sum(len(strip.values) - 1 for strip in led) + bool(led)
    of_settings = sum(len(strip.values) for strip in swept if strip.what == "knob")
    return 1.0 - (1.0 - LEVEL) / max(1, scenarios * len(contenders(scenario)) + of_settings)


def lead(comparison: Comparison, level: float = LEVEL) -> Lead | None:
    """Return which policy leads and by how much; None where there are not two that could be recommended.

    The leader has the highest mean, and its best rival the second highest; the even split may be either.
    `level_together` gives the level for many scenarios.

    >>> from engine import Scenario, compare, simulate
    >>> scenario = Scenario.from_dict({
    ...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}], "sends": 2000, "replications": 50,
    ...     "policies": [{"name": "ab_split"}, {"name": "thompson"}]})
    >>> ahead = lead(compare(simulate(scenario)))
    >>> ahead["leader"], ahead["rival"], ahead["tie"]
    (1, 0, False)
    """
    policies = comparison["policies"]
    ranked = sorted(
        (place for place, policy in enumerate(policies) if not policy["is_reference"]),
        key=lambda place: -policies[place]["total_mean"],
    )
    if len(ranked) == 1 or not ranked:
        return None
    return _lead(between(comparison["pairs"], *ranked[:2]), comparison["replications"], level)


def over_even_split(comparison: Comparison, level: float = LEVEL) -> Lead:
    """Return what a policy got more than the even split, in a scenario of a strip of its own setting."""
    return _lead(between(comparison["pairs"], 1, 0), comparison["replications"], level)


def _lead(pair: Pair, campaigns: int, level: float) -> Lead:
    low, high = pair["low"], pair["high"]
    if low is not None and high is not None:
        wider = t_quantile(campaigns, level) / t_quantile(campaigns)
        low, high = pair["mean"] - wider * (pair["mean"] - low), pair["mean"] + wider * (high - pair["mean"])
    return {
        "leader": pair["first"],
        "rival": pair["second"],
        "mean": pair["mean"],
        "low": low,
        "high": high,
        "level": level,
        "tie": low is None or high is None or low <= 0.0 <= high,
    }


def _affordable(scenario: Scenario, places: list[Scenario]) -> int:
    """Return campaigns at each value; with the fewest, even the largest take about a fourth of `MOST_WORK`."""
    if not places:
        return FEWEST_CAMPAIGNS
    seconds_a_campaign = sum(place.estimated_seconds / place.replications for place in places)
    sends_a_campaign = sum(place.sends * len(place.policies) for place in places)
    in_time = int(scenario.estimated_seconds / seconds_a_campaign)
    return max(FEWEST_CAMPAIGNS, min(CAMPAIGNS, in_time, MOST_WORK // sends_a_campaign))


def _sends_strip(scenario: Scenario) -> Strip:
    candidates = (_friendly(scenario.sends * factor, digits=2) for factor in SEND_FACTORS)
    allowed = (int(value) for value in candidates if 1 <= value <= MOST_SENDS)
    return _strip("sends", allowed, scenario.sends, 3, lambda sends: _few(scenario, sends=sends), unit="sends")


def _gap_strip(scenario: Scenario) -> list[Strip]:
    rates = scenario.rates(0, min(scenario.replications, ENOUGH_TO_SEE_THAT_RATES_VARY))
    if (rates != rates[0]).any() or not scenario.is_steady:
        return []
    second, best = np.sort(rates[0])[-2:].tolist()
    scale, factors = (best - second, GAP_FACTORS) if best > second else (best or 1.0, LEVEL_FACTORS)
    candidates = (_round(scale * factor) for factor in factors)
    allowed = (value for value in candidates if value <= 1.0)

    def with_gap(gap: float) -> Scenario:
        moved = _moved(rates[0], gap)
        arms = [arm.model_dump() | {"rate": rate} for arm, rate in zip(scenario.arms, moved, strict=True)]
        return _few(scenario, arms=arms)

    return [_strip("gap", allowed, best - second, 3, with_gap)]


def _moved(rates: np.ndarray, gap: float) -> list[float]:
    """Return rates whose best line is `gap` above the second: it moves, and where it cannot, the others give way."""
    leader = int(rates.argmax())
    others = np.delete(rates, leader)
    target = float(others.max()) + gap
    out = np.clip(rates - max(0.0, target - 1.0), 0.0, 1.0)
    out[leader] = min(1.0, target)
    return [float(rate) for rate in out]


def _knob_strips(scenario: Scenario) -> list[Strip]:
    even = next((policy for policy in scenario.policies if policy.name == "ab_split"), None)
    even_split = {"name": "ab_split"} if even is None else even.model_dump(mode="json")
    out = []
    for place, policy in enumerate(scenario.policies):
        knob = _main_knob(type(policy))
        if knob is None or policy.name == even_split["name"] or scenario.specs[place].is_reference:
            continue
        own, present = policy.model_dump(mode="json"), getattr(policy, knob.name)

        def with_value(value: float, own: dict[str, Any] = own, knob: Knob = knob) -> Scenario:
            return _few(scenario, policies=[even_split, own | {knob.name: value}])

        strip = _strip("knob", _knob_values(knob, present), present, 2, with_value, unit=knob.unit, symbol=knob.symbol)
        out.append(replace(strip, policy=place, knob=knob.name))
    return out


def _main_knob(parameters: Any) -> Knob | None:
    """Return the first numeric setting of a policy."""
    found = (knob for knob in knobs(parameters).values() if knob.kind in ("integer", "number"))
    return next((knob for knob in found if not knob.optional and not knob.needs), None)


def _knob_values(knob: Knob, present: float) -> Iterable[float]:
    scale, factors = (present, KNOB_FACTORS) if present else (knob.default or knob.step or 1.0, OFF_FACTORS)
    values = (_friendly(scale * factor, digits=2) for factor in factors)
    whole = knob.kind == "integer"
    return (int(value) if whole else value for value in values if _allows(knob, int(value) if whole else value))


def _allows(knob: Knob, value: float) -> bool:
    above_low = (knob.low is None or value >= knob.low) and (knob.above is None or value > knob.above)
    return above_low and (knob.high is None or value <= knob.high)


def _strip(
    what: Literal["sends", "gap", "knob"],
    allowed: Iterable[float],
    present: float,
    before: int,
    scenario_at: Callable[[Any], Scenario],
    unit: str = "",
    symbol: str = "",
) -> Strip:
    values = _around(_possible(allowed, scenario_at), present, before)
    return Strip(
        what, None, None, symbol, unit, values, values.index(present), tuple(scenario_at(value) for value in values)
    )


def _possible(values: Iterable[float], scenario_at: Callable[[Any], Scenario]) -> Iterator[float]:
    """Leave out what other settings of the scenario do not allow."""
    for value in values:
        with suppress(ScenarioError):
            scenario_at(value)
            yield value


def _around(allowed: Iterable[float], present: float, before: int) -> tuple[float, ...]:
    """Return up to five of the values, `before` of them below the present one, more where there is none above.

    What the present value itself rounds to is left out.
    """
    same = _round(present), _friendly(present, digits=2)
    others = sorted({value for value in allowed if value not in same and value != present})
    below, above = [v for v in others if v < present], [v for v in others if v > present]
    up = above[: max(VALUES - 1 - before, VALUES - 1 - len(below))]
    return (*below[max(0, len(below) - (VALUES - 1 - len(up))) :], present, *up)


def _few(scenario: Scenario, **changes: Any) -> Scenario:
    """Return a changed copy with few campaigns: many may not fit in memory with more lines or policies."""
    return scenario.with_changes(replications=FEWEST_CAMPAIGNS, **changes)


def _friendly(value: float, digits: int) -> float:
    """Round to a number of digits that count.

    >>> _friendly(0.0423, 1), _friendly(22_330, 2), _friendly(0, 1)
    (0.04, 22000, 0)
    """
    return round(value, digits - 1 - floor(log10(abs(value)))) if value else value


def _round(value: float) -> float:
    """Return the nearest number that people would name.

    >>> _round(0.0157), _round(0.42), _round(9.9)
    (0.015, 0.4, 10.0)
    """
    if value < sys.float_info.min:  # 0, or too small for a power of ten of its own
        return value
    scale = 10.0 ** floor(log10(value))
    return _friendly(float(ROUND[np.abs(ROUND - value / scale).argmin()]) * scale, digits=2)
