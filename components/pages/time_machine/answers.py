"""What the page shows of a scenario, worked out once and kept: the run, its repeats, and their figures.

Figures have words in them, so they are kept once for all who write numbers alike.
"""

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from components import conventions
from components import race as run
from components.budget import charge
from components.charts import conversions, line_conversions, luck, rates_over_time, regret, reward_dynamics, traffic
from engine.cache import seconds_kept, shared
from engine.credit_report import credit_report, credit_scenarios
from engine.drift import drift
from engine.executor import available_cores
from engine.guard_report import guard_report
from engine.locations import source_digest
from engine.metrics import repeats, repeats_beside
from engine.prices import are_priced, prices, prices_beside, scenarios_of
from engine.race import race
from engine.scenario import Scenario
from engine.simulation import traces

ASK_ABOVE_SECONDS = 2.0
"""Work that is likely to take longer waits for the button."""


class Answer(NamedTuple):
    """Something worked out: the content, whether it was in the cache, and the seconds that getting it took."""

    content: dict[str, Any]
    was_cached: bool
    seconds: float


def shown_run(scenario: Scenario) -> Answer:
    """Return {"race": ..., "drift": ..., "guards": ..., "figures": {chart: figure}} of the shown campaign."""
    return _drawn("run", scenario, _answer("run", scenario, _run))


def repeated(scenario: Scenario) -> Answer:
    """Return {"luck": ..., "figures": {"luck": figure}, "credit": ...} of the repeats beside the shown campaign."""
    return _drawn("repeats", scenario, _answer("repeats", scenario, _repeats))


def priced(scenario: Scenario) -> Answer:
    """Return the price list of the scenario's guardrails."""
    return _answer("prices", scenario, prices)


def kept(scenario: Scenario) -> tuple[dict[str, Any] | None, dict[str, Any] | None, Any]:
    """Return the run, its repeats and the prices as far as they are still kept; nothing is worked out."""
    found: list[Any] = []
    for kind in ("run", "repeats", "prices"):
        content = shared().look_up(_key(kind, scenario))
        known = None if content is None else Answer(orjson.loads(content), was_cached=True, seconds=0.0)
        found.append(known and (_drawn(kind, scenario, known) if kind in _FIGURES else known).content)
    run_, repeats_, prices_ = found
    return run_, repeats_, prices_


def are_prices_known(scenario: Scenario) -> bool:
    """Whether the price list can be shown at once."""
    return shared().look_up(_key("prices", scenario)) is not None


def are_repeats_known(scenario: Scenario) -> bool:
    """Whether the repeats can be shown at once."""
    return shared().look_up(_key("repeats", scenario)) is not None


def waits_for_button(scenario: Scenario) -> bool:
    """Whether showing a scenario would take long, and nobody has asked for it before."""
    return seconds_needed(scenario) > ASK_ABOVE_SECONDS and not are_repeats_known(scenario)


def charge_for(scenario: Scenario) -> None:
    """Take what a scenario needs from the visitor's budget, unless it has been worked out.

    Raises:
        BusyError: so much is not left.
    """
    if not are_repeats_known(scenario):
        charge(seconds_needed(scenario) * available_cores())


def seconds_needed(scenario: Scenario) -> float:
    """Rough seconds that the shown campaign, its repeats and the prices of its guardrails take on this machine."""
    everything = [
        scenario.with_changes(replications=repeats_beside(scenario) + 1),
        *credit_scenarios(scenario),
        *(scenarios_of(scenario, prices_beside(scenario)) if are_priced(scenario) else ()),
    ]
    return sum(one.estimated_seconds for one in everything) / available_cores()


def _run(scenario: Scenario) -> dict[str, Any]:
    ran = traces(scenario)
    shown: Any = race(scenario, ran=ran)
    return {"race": shown, "drift": drift(scenario, ran=ran), "guards": guard_report(scenario, ran=ran)}


def _run_figures(content: dict[str, Any]) -> dict[str, Any]:
    charts: dict[str, Any] = {
        "conversions": conversions,
        "regret": regret,
        "reward-dynamics": reward_dynamics,
        "traffic": traffic,
        "line-conversions": line_conversions,
    }
    figures = {name: chart.figure(content["race"]) for name, chart in charts.items()}
    return figures | {"drift": rates_over_time.figure(content["race"], content["drift"])}


def _repeats(scenario: Scenario) -> dict[str, Any]:
    return {"luck": repeats(scenario), "credit": credit_report(scenario)}


def _repeats_figures(content: dict[str, Any]) -> dict[str, Any]:
    return {"luck": luck.figure(content["luck"], run.focus(content["luck"]))}


_FIGURES: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "run": _run_figures,
    "repeats": _repeats_figures,
}


def _drawn(kind: str, scenario: Scenario, found: Answer) -> Answer:
    """An answer with its figures."""
    place = f"{kind}-figures-{conventions.now().mark}"
    drawn = _answer(place, scenario, lambda _: {"figures": _FIGURES[kind](found.content)})
    return Answer(found.content | drawn.content, found.was_cached, found.seconds + drawn.seconds)


def _answer(kind: str, scenario: Scenario, work: Any) -> Answer:
    start = time.perf_counter()
    content, was_cached = shared().fetch(
        _key(kind, scenario), lambda: orjson.dumps(work(scenario)), seconds_kept(scenario)
    )
    return Answer(orjson.loads(content), was_cached, time.perf_counter() - start)


def _key(kind: str, scenario: Scenario) -> str:
    return f"{kind}-{_source_version()}-{scenario.digest()}"


@cache
def _source_version() -> str:
    """Answers hold counts and figures: those of other source, engine or drawing, are not looked at."""
    root = Path(__file__).parents[3]
    return f"{source_digest(root / 'engine')[:8]}{source_digest(root / 'components')[:8]}"
