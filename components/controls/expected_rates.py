"""Lines, usual rate and the best line's lead as three numbers, and a draft with other ones.

What a team expects of its lines before a campaign: most convert as usual, one is ahead by a difference that matters.
"""

from typing import Any, Final, NamedTuple

import numpy as np

from engine import Scenario, ScenarioError
from engine.scenario import FEWEST_ARMS, MOST_ARMS

LOOKED_AT: Final = 64
"""Campaigns over which rates are averaged where they differ between campaigns."""
DIGITS: Final = 10
MARK: Final = "stood_at"
"""Under this name everything in a list keeps its place while several events are followed; no scenario knows it."""

Draft = dict[str, Any]


class Expected(NamedTuple):
    """What is expected: the usual rate is that of the next best line."""

    lines: int
    usual: float
    difference: float


def expected_of(scenario: Scenario) -> Expected:
    """What a scenario expects of its lines.

    >>> from engine.presets import PRESETS
    >>> expected_of(PRESETS["small_differences"].scenario)
    Expected(lines=2, usual=0.04, difference=0.01)
    """
    rates = _mean_rates(scenario)
    second, best = sorted(rates)[-2:]
    return Expected(len(rates), round(second, DIGITS), round(best - second, DIGITS))


def _mean_rates(scenario: Scenario) -> list[float]:
    means: list[float] = np.mean(scenario.rates(0, min(scenario.replications, LOOKED_AT)), axis=0).tolist()
    return means


def set_usual(draft: Draft, at: Any) -> Draft:
    """Expect another usual rate: the lines beside the best keep their proportions, the best keeps its lead."""
    usual, scenario = _number(at), _scenario(draft)
    if usual is None or scenario is None:
        return draft
    rates, was = _mean_rates(scenario), expected_of(scenario)
    factor = usual / was.usual if was.usual > 0.0 else 0.0
    leader = rates.index(max(rates))
    changed = [min(1.0, rate * factor) if was.usual > 0.0 else usual for rate in rates]
    return _with_rates(draft, changed, leader, usual + was.difference)


def set_difference(draft: Draft, at: Any) -> Draft:
    """Expect the best line to be so far ahead of the next."""
    difference, scenario = _number(at), _scenario(draft)
    if difference is None or scenario is None:
        return draft
    rates = _mean_rates(scenario)
    leader = rates.index(max(rates))
    return _with_rates(draft, rates, leader, expected_of(scenario).usual + difference)


def set_lines(draft: Draft, at: Any) -> Draft:
    """Expect so many lines: further ones convert as usual, the last ones go first, and the best stays."""
    wanted, scenario = _number(at), _scenario(draft)
    if wanted is None or scenario is None or not FEWEST_ARMS <= wanted <= MOST_ARMS:
        return draft
    rates, usual = _mean_rates(scenario), expected_of(scenario).usual
    best = rates.index(max(rates))
    kept = [place for place in range(len(rates)) if place != best][: int(wanted) - 1]
    places = sorted([best, *kept])
    arms = [draft["arms"][place] for place in places]
    taken = {arm["name"] for arm in arms}
    free = (f"Line {number}" for number in range(1, 2 * MOST_ARMS + 1) if f"Line {number}" not in taken)
    arms += [
        {"name": next(free), "rate": round(usual, DIGITS), "complaint_rate": 0.0, "order_value": None}
        for _ in range(int(wanted) - len(arms))
    ]
    changed = {**draft, "arms": arms}
    # Groups have a number for each line, which new or fewer lines do not have.
    return changed if len(arms) == len(rates) else changed | {"segments": {name: [] for name in draft["segments"]}}


def set_list(draft: Draft, at: Any) -> Draft:
    """Have so many recipients."""
    sends = _number(at)
    return draft if sends is None else {**draft, "sends": int(sends)}


def _with_rates(draft: Draft, rates: list[float], leader: int, best: float) -> Draft:
    written = [round(rate, DIGITS) for rate in rates]
    written[leader] = round(min(1.0, best), DIGITS)
    arms = [{**arm, "rate": rate} for arm, rate in zip(draft["arms"], written, strict=True)]
    return {**draft, "arms": arms}


def _number(at: Any) -> float | None:
    try:
        found = float(at)
    except (TypeError, ValueError):
        return None
    return found if np.isfinite(found) else None


def _scenario(draft: Draft) -> Scenario | None:
    try:
        return Scenario.from_dict(_unmarked(draft))
    except ScenarioError:
        return None


def _unmarked(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _unmarked(value) for name, value in part.items() if name != MARK}
    return [_unmarked(item) for item in part] if isinstance(part, list) else part
