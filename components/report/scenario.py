"""A scenario in words: its lines with their rates, its policies with their settings, and all circumstances."""

from collections.abc import Collection
from typing import Any, NamedTuple

from pydantic import BaseModel

from components import wording_report as words
from components.formats import compact, count, percent, price, prose
from components.theme import arm_letter
from components.wording import sentence, settings_now
from components.wording_audiences import splits
from components.wording_prices import setting
from components.wording_worlds import (
    CADENCE,
    CADENCES,
    GOALS,
    GUARDRAILS_LABEL,
    HOW_RATES_BEHAVE,
    LATE_CONVERSIONS,
    REPEAT_SENDS,
    REPEAT_SENDS_ON,
    SHARED_LUCK,
    SHARED_LUCK_ON,
    WHAT_COUNTS,
    goal_on,
    pace,
    what_is_on,
)
from engine import GUARDRAILS, Scenario
from engine.catalogue import DELAYS
from engine.drawn_rates import DrawnRates
from engine.fields import knobs
from engine.segments import Segments


class Fact(NamedTuple):
    """One thing that a scenario says; several where there are several of the kind."""

    name: str
    values: list[str]


def facts(scenario: Scenario) -> list[Fact]:
    """Everything that a scenario says but its lines, in the order of the panel."""
    clock = (
        [] if scenario.sends_per_hour is None else [Fact(words.PACE, [pace(scenario.sends, scenario.sends_per_hour)])]
    )
    return [
        Fact(words.POLICIES, _policies(scenario)),
        Fact(words.SENDS, [count(scenario.sends)]),
        Fact(words.CAMPAIGNS, [count(scenario.replications)]),
        Fact(words.SEEDS, [words.seeds(scenario.seed, world_seed(scenario))]),
        Fact(HOW_RATES_BEHAVE, [_world(scenario)]),
        *_shocks(scenario),
        *_segments(scenario),
        Fact(LATE_CONVERSIONS, [_part(DELAYS[scenario.delay.name], scenario.delay)]),
        *clock,
        Fact(CADENCE, [_cadence(scenario.update_every)]),
        *_recurring(scenario),
        Fact(WHAT_COUNTS, [_counts(scenario)]),
        Fact(GUARDRAILS_LABEL, _guardrails(scenario)),
    ]


def lines(scenario: Scenario) -> list[dict[str, Any]]:
    """The subject lines as a table; columns that no line needs are left out."""
    drawn = scenario.rates(0, 2)
    rows = [
        {
            words.LINE: arm_letter(place),
            words.NAME: arm.name,
            words.RATE: _rate(arm, drawn[:, place].tolist()),
            words.BEFORE: words.counted_before(arm.history.sends, arm.history.conversions) if arm.history else "",
            words.COMPLAINTS: percent(arm.complaint_rate, 2) if arm.complaint_rate else "",
            words.ORDER_VALUE: "" if arm.order_value is None else price(arm.order_value),
        }
        for place, arm in enumerate(scenario.arms)
    ]
    shown = [name for name in rows[0] if any(row[name] for row in rows)]
    return [{name: row[name] for name in shown} for row in rows]


def in_a_sentence(scenario: Scenario) -> str:
    """The scenario shortly."""
    return words.simulated(len(scenario.arms), scenario.sends, scenario.labels, _circumstances(scenario), scenario.seed)


def world_seed(scenario: Scenario) -> int | None:
    """The seed that decides the true rates, where any is drawn."""
    is_drawn = any(arm.rate is None for arm in scenario.arms)
    return getattr(scenario.world, "world_seed", None) if is_drawn else None


def _circumstances(scenario: Scenario) -> str:
    return what_is_on(
        scenario.world.name,
        scenario.delay.name,
        scenario.update_every,
        len(scenario.guardrails),
        [
            SHARED_LUCK_ON if scenario.shocks is not None else "",
            splits({name: len(groups) for name, groups in scenario.segments.dimensions.items()}),
            REPEAT_SENDS_ON if scenario.recurring is not None else "",
            goal_on(scenario.goal, has_money=scenario.money is not None),
        ],
    )


def _rate(arm: Any, drawn: list[float]) -> str:
    if arm.rate is not None:
        return percent(arm.rate, 2)
    return words.rate_drawn(percent(drawn[0], 2)) if len(set(drawn)) == 1 else words.DRAWN_ANEW


def _policies(scenario: Scenario) -> list[str]:
    told = []
    for label, policy, spec in zip(scenario.labels, scenario.policies, scenario.specs, strict=True):
        known = knobs(spec.parameters)
        given = ((knob, getattr(policy, name)) for name, knob in known.items() if name not in ("name", "label"))
        settings = settings_now((knob, value) for knob, value in given if value is not None)
        told.append(_explained(label, settings, prose(spec.plain)))
    return told


def _explained(name: str, settings: str, plain: str) -> str:
    return f"{name} ({settings}): {plain}" if settings else f"{name}: {plain}"


def _world(scenario: Scenario) -> str:
    """How rates run; how they are drawn only where any is."""
    is_drawn = any(arm.rate is None for arm in scenario.arms)
    unsaid = {"world_seed"} if is_drawn else set(DrawnRates.model_fields)
    return _part(scenario.world_spec, scenario.world, unsaid)


def _part(spec: Any, parameters: BaseModel, unsaid: Collection[str] = ()) -> str:
    """A part of the real world: what it is, its settings, and what it means."""
    return _explained(spec.title, _settings(parameters, unsaid), prose(spec.plain))


def _settings(parameters: BaseModel, unsaid: Collection[str] = ()) -> str:
    """All settings that are a number or a word and matter, with their units."""
    told = []
    for name, knob in knobs(type(parameters)).items():
        value = getattr(parameters, name)
        if name == "name" or name in unsaid or isinstance(value, bool) or not isinstance(value, int | float | str):
            continue
        if knob.relevant_when is not None and getattr(parameters, knob.relevant_when[0]) != knob.relevant_when[1]:
            continue
        number = compact(value) if isinstance(value, int | float) else value.replace("_", " ")
        told.append(f"{knob.title.lower()} {number} {knob.unit}".strip())
    return ", ".join(told)


def _shocks(scenario: Scenario) -> list[Fact]:
    return [] if scenario.shocks is None else [Fact(SHARED_LUCK, [sentence(_settings(scenario.shocks))])]


def _segments(scenario: Scenario) -> list[Fact]:
    known = knobs(Segments)
    return [
        Fact(known[name].title, [_group(one) for one in groups])
        for name, groups in scenario.segments.dimensions.items()
    ]


def _group(one: Any) -> str:
    by_line = ", ".join(f"{arm_letter(place)} {compact(times)}" for place, times in enumerate(one.multipliers))
    return words.group(one.name, f"{compact(100 * one.share)}%", compact(one.multiplier), by_line)


def _cadence(every: Any) -> str:
    if isinstance(every, str):
        return CADENCES[every]
    return CADENCES["at_once"] if every == 1 else f"Every {count(every)} sends"


def _recurring(scenario: Scenario) -> list[Fact]:
    return [] if scenario.recurring is None else [Fact(REPEAT_SENDS, [sentence(_settings(scenario.recurring))])]


def _counts(scenario: Scenario) -> str:
    prices = f" ({_settings(scenario.money)})" if scenario.money is not None else ""
    return f"{GOALS[scenario.goal]}{prices}"


def _guardrails(scenario: Scenario) -> list[str]:
    told = [
        f"{GUARDRAILS[rail.name].title}: {setting(rail.name, rail.model_dump())}. {prose(GUARDRAILS[rail.name].plain)}"
        for rail in scenario.guardrails
    ]
    return told or [words.NO_GUARDRAILS]
