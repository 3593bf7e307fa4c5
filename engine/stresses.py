"""What can go otherwise than planned: each stress turns a scenario into another one on the same recipients.

Lines, policies, sends, campaigns and luck stay, so that a policy meets the same recipients with and without the stress.
A stress of the rates takes the scenario's rates as those of the first send and puts its own world in place of the
scenario's; one of the replies puts its own delay in place. Guardrails and cadence stay. Stresses are sized to the
campaign, so that they mean the same whether it has 1,000 sends or a million.

Another stress is one more entry of `STRESSES`.

>>> from engine.presets import PRESETS
>>> classic = PRESETS["classic"].scenario
>>> [stress.name for stress in STRESSES.values()]
['none', 'drift', 'change', 'season', 'fatigue', 'late', 'close', 'opens', 'audiences']
>>> change = stressed(classic, "change")
>>> change.size, [(one.arm, one.at, round(one.rate, 3)) for one in change.scenario.world.changes]
('midway', [('Exclusive Deal Inside', 5000, 0.449), ('Last Chance to Save', 5000, 0.529)])
>>> PRESETS["nothing_to_find"].scenario.sends, stressed(PRESETS["nothing_to_find"].scenario, "change").reason
(10000, 'All lines convert alike, so no winner can change.')
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

import numpy as np

from engine.drawn_rates import DrawnRates, drawn_rates
from engine.errors import ScenarioError, StressError
from engine.scenario import Scenario
from engine.world import Rates
from engine.worth import worth_of

PLANNED: Final = "none"
"""The scenario itself."""
HOURS_OF_A_WEEK: Final = 168
"""A send without a pace is spread over so many hours where a stress needs the clock."""
WANDERED: Final = 0.4
"""How far a line has typically drifted by the end, on the logit: small rates become 1.5 times as high or as low."""
SENDS_OF_THE_UNIT: Final = 10_000
MOST_WANDER: Final = 10.0
TIRES_AFTER: Final = 0.4
"""Share of the campaign's sends after which a line that got all of them converts half as often."""
LATE_HOURS: Final = 24.0
COUNTED_HOURS: Final = 168.0
BEST_OVER_MEAN: Final = 1 / 9
"""How far the best line leads the mean of all: as 5% leads 4% and 5%."""
FALSE_OPENS: Final = 0.3
CONTRAST: Final = 0.2
APART: Final = 0.4
"""By how much an audience converts more or less on a line than all recipients do; less where rates are near 100%."""

LEAST_APART: Final = 0.05
"""Halves that differ by less are no stress."""

Changes = dict[str, Any]
Part = Literal["world", "delay", "segments"]


@dataclass(frozen=True)
class Stress:
    """One thing that can go otherwise than planned.

    `when` is how it goes on in a sentence after "when"; `plain` explains it. `size(scenario)` says in a few words how
    much of it there is; `changes(scenario)` gives the fields of the scenario that differ, or raises StressError.
    `replaces` names the part of the scenario whose own settings give way. Under one that `misleads`, policies are told of
    something else than what counts: none can learn what it is not told, so it says nothing about which one to choose.
    """

    name: str
    title: str
    when: str
    plain: str
    size: Callable[[Scenario], str]
    changes: Callable[[Scenario], Changes]
    replaces: Part | None = None
    needs_pace: bool = False
    misleads: bool = False


@dataclass(frozen=True)
class Stressed:
    """A scenario under a stress, or why there is none.

    `pace` holds the sends per hour that the stress had to choose because the scenario has none; `gives_way` names the
    part of the scenario whose own settings do not hold under the stress.
    """

    stress: Stress
    scenario: Scenario | None
    size: str
    reason: str = ""
    pace: int | None = None
    gives_way: Part | None = None


def stressed(scenario: Scenario, name: str) -> Stressed:
    """Return a scenario under one of `STRESSES`; where it leaves no room for the stress, the reason."""
    stress = STRESSES[name]
    pace = week_long_pace(scenario) if stress.needs_pace and scenario.sends_per_hour is None else None
    try:
        size, changes = stress.size(scenario), stress.changes(scenario)
        changed = scenario.with_changes(**changes, **({} if pace is None else {"sends_per_hour": pace}))
    except (StressError, ScenarioError) as error:
        return Stressed(stress, None, "", reason=str(error).splitlines()[0])
    return Stressed(stress, changed, size, pace=pace, gives_way=_gives_way(scenario, stress))


def week_long_pace(scenario: Scenario) -> int:
    """Return how many e-mails leave in an hour when the send takes a week, at least one."""
    return max(1, math.ceil(scenario.sends / HOURS_OF_A_WEEK))


def _gives_way(scenario: Scenario, stress: Stress) -> Part | None:
    own = {"world": not scenario.is_steady, "delay": scenario.is_delayed, "segments": scenario.is_segmented}
    return stress.replaces if stress.replaces is not None and own[stress.replaces] else None


# Rates of the first send, on which all stresses of the rates build


def _world(scenario: Scenario) -> DrawnRates:
    """Every world has the settings with which rates that are left open are drawn."""
    return cast(DrawnRates, scenario.world)


def _rates(scenario: Scenario) -> Rates:
    """Return the rates, float (K,), as given or drawn; of the first campaign where each has its own."""
    rates: Rates = drawn_rates(_world(scenario), [arm.given for arm in scenario.arms], 0, 1)[0]
    return rates


def _are_drawn_anew(scenario: Scenario) -> bool:
    return _world(scenario).redraw and any(arm.rate is None for arm in scenario.arms)


def _with_rates(scenario: Scenario, rates: Rates) -> list[Changes]:
    return [arm.model_dump() | {"rate": float(rate)} for arm, rate in zip(scenario.arms, rates, strict=True)]


def _in_world(scenario: Scenario, name: str, **settings: Any) -> Changes:
    """Return a world that draws what is left open exactly as the scenario's own does."""
    shared = {key: getattr(scenario.world, key) for key in DrawnRates.model_fields if key != "name"}
    return {"world": {"name": name, **shared, **settings}}


# The stresses


def _drift(scenario: Scenario) -> Changes:
    """Lines keep their rates at the start and wander in another way in each campaign."""
    wander = min(MOST_WANDER, WANDERED * math.sqrt(SENDS_OF_THE_UNIT / scenario.sends))
    world = _in_world(scenario, "drifting", how="random_walk", wander=wander, redraw=True)
    return world if _are_drawn_anew(scenario) else world | {"arms": _with_rates(scenario, _rates(scenario))}


def _change(scenario: Scenario) -> Changes:
    if _are_drawn_anew(scenario):
        return _in_world(scenario, "change_point", random_changes=1)
    rates = _rates(scenario)
    worth = _worth(scenario, rates)
    order = np.argsort(-worth, kind="stable")
    best = int(order[0])
    worse = [int(line) for line in order if worth[line] < worth[best]]
    if not worse:
        raise StressError("All lines convert alike, so no winner can change.")
    if scenario.sends == 1:
        raise StressError("A campaign of a single send has no middle.")
    candidates = [*(line for line in order[len(order) // 2 :].tolist() if line in worse), *worse]
    heir = next((line for line in candidates if _would_lead(scenario, rates, best, line)), None)
    if heir is None:
        raise StressError("Even with the rate of the best line no other one would lead.")
    changes = [
        {"arm": scenario.arms[line].name, "at": scenario.sends // 2, "rate": float(rates[other])}
        for line, other in ((best, heir), (heir, best))
    ]
    return _in_world(scenario, "change_point", changes=changes, redraw=False)


def _worth(scenario: Scenario, rates: Rates) -> Rates:
    """Return what a send of each line is worth, over all recipients, at these rates."""
    return worth_of(scenario, scenario.segmentation.mean_rates(rates))


def _would_lead(scenario: Scenario, rates: Rates, best: int, heir: int) -> bool:
    """Return whether a line is the best one if it and the best one swap their rates."""
    swapped = rates.copy()
    swapped[[best, heir]] = rates[[heir, best]]
    worth = _worth(scenario, swapped)
    return bool(worth[heir] == worth.max() > worth[best])


def _change_size(scenario: Scenario) -> str:
    return "at some moment" if _are_drawn_anew(scenario) else "midway"


def _season(scenario: Scenario) -> Changes:
    return _in_world(scenario, "seasonal", contrast=CONTRAST)


def _fatigue(scenario: Scenario) -> Changes:
    return _in_world(scenario, "fatigue", half_life=_half_life(scenario), lowest=0.0)


def _half_life(scenario: Scenario) -> int:
    return max(1, round(TIRES_AFTER * scenario.sends))


def _late(_scenario: Scenario) -> Changes:
    return {"delay": {"name": "exponential", "mean_hours": LATE_HOURS, "window_hours": COUNTED_HOURS}}


def _close(scenario: Scenario) -> Changes:
    return {"arms": _with_rates(scenario, _closer(scenario))} | _in_world(scenario, "stationary")


def _closer(scenario: Scenario) -> Rates:
    """Return rates with the same mean, all moved towards it in proportion, so that the best leads it by a ninth."""
    if _are_drawn_anew(scenario):
        raise StressError("The rates are drawn anew in each campaign, so there are no fixed lines to move together.")
    rates = _rates(scenario)
    mean, best = float(rates.mean()), float(rates.max())
    if best - mean <= BEST_OVER_MEAN * mean:
        raise StressError("The lines are as close as that already.")
    return mean + (rates - mean) * (BEST_OVER_MEAN * mean / (best - mean))


def _close_size(scenario: Scenario) -> str:
    second, best = (100 * rate for rate in np.sort(_closer(scenario))[-2:].tolist())
    return f"{second:.2g}% and {best:.2g}%" if f"{second:.2g}" != f"{best:.2g}" else f"{second:.3g}% and {best:.3g}%"


def _opens(scenario: Scenario) -> Changes:
    if scenario.recurring is not None:
        raise StressError("An open belongs to its own e-mail: a credit rule has nothing to go by.")
    return _in_world(scenario, "inflated_opens", machine_share=FALSE_OPENS, how="clickbait")


def _audiences(scenario: Scenario) -> Changes:
    """Two halves that like opposite lines: by rank of their rates, every other line, so that the two best differ."""
    apart, ranks = _apart(scenario), np.argsort(np.argsort(-_rates(scenario), kind="stable"), kind="stable")
    likes = np.where(ranks % 2 == 0, 1.0 + apart, 1.0 - apart)
    halves = (("One half", likes), ("The other half", 2.0 - likes))
    return {
        "segments": {
            "audience": [{"name": name, "share": 0.5, "multipliers": times.tolist()} for name, times in halves]
        }
    }


def _apart(scenario: Scenario) -> float:
    """Return how far the halves are apart; no rate may pass 100%, or all recipients together would convert less."""
    highest = float(_rates(scenario).max())
    room = APART if highest <= 0.0 else min(APART, 1.0 / highest - 1.0)
    if room < LEAST_APART:
        raise StressError("A line converts nearly everybody, so no audience can like it more.")
    return room


STRESSES: Final[Mapping[str, Stress]] = {
    stress.name: stress
    for stress in (
        Stress(
            PLANNED,
            "As planned",
            "all goes as planned",
            "Your scenario as it is.",
            size=lambda _: "no stress",
            changes=lambda _: {},
        ),
        Stress(
            "drift",
            "Rates drift",
            "rates drift",
            "Every line starts with its own rate and then wanders at random, in another way in each campaign. By the end "
            "a small rate is typically 1.5 times as high or as low; large rates move less.",
            size=lambda _: "slowly",
            changes=_drift,
            replaces="world",
        ),
        Stress(
            "change",
            "Winner changes",
            "the winner changes",
            "Half-way through, the best line and one from the middle of the field swap their rates at once. Where rates are "
            "drawn anew in each campaign, all lines swap at a moment that chance decides.",
            size=_change_size,
            changes=_change,
            replaces="world",
        ),
        Stress(
            "season",
            "Weekly season",
            "seasons shift",
            "Rates follow the hour of the day and the day of the week. Some lines do better on workday mornings, others in "
            "the evening and at weekends: hours push them apart by about 20% each way, and days again. The campaign starts "
            "on a Tuesday at nine.",
            size=lambda _: f"±{100 * CONTRAST:.0f}% by line",
            changes=_season,
            replaces="world",
            needs_pace=True,
        ),
        Stress(
            "fatigue",
            "Lines tire",
            "lines tire",
            "Each line converts less with every send of its own, and the others stay fresh: a line that got 40% of the "
            "campaign's sends converts half as often as at the start.",
            size=lambda scenario: f"half by {_half_life(scenario):,}",
            changes=_fatigue,
            replaces="world",
        ),
        Stress(
            "late",
            "Late replies",
            "replies are late",
            "A conversion takes 24 hours on average: half of them come within 17 hours, nearly all within three days. "
            "Until then a send counts as a miss.",
            size=lambda _: f"{LATE_HOURS:.0f} hours",
            changes=_late,
            replaces="delay",
            needs_pace=True,
        ),
        Stress(
            "close",
            "Close rates",
            "rates are close",
            "All lines move towards their mean until the best converts a ninth above it, as 5% does beside 4%. Rates are "
            "steady.",
            size=_close_size,
            changes=_close,
            replaces="world",
        ),
        Stress(
            "opens",
            "Opens mislead",
            "opens mislead",
            "Your rates are taken as open rates, and policies learn from opens, while clicks are what counts. Mail programs "
            "open 30% of all e-mails by themselves, and the lines opened most are clicked least: 5% to 30% of those who "
            "open click.",
            size=lambda _: f"{FALSE_OPENS:.0%} false",
            changes=_opens,
            replaces="world",
            misleads=True,
        ),
        Stress(
            "audiences",
            "Two audiences",
            "audiences differ",
            "Half of the recipients like every other line more, the best one among them, and the other half like the rest "
            "more; over all recipients every line keeps its rate. A policy that tells recipients apart can send each half "
            "its own line, one that does not sends all of them the same.",
            size=lambda scenario: f"±{100 * _apart(scenario):.0f}% by half",
            changes=_audiences,
            replaces="segments",
        ),
    )
}
"""All stresses by name, the scenario itself first, in the order in which they are shown."""
