"""What the page shows of a scenario, worked out once and kept: the run with its figures, and its repeats."""

import time
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson

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
    return _answer("run", scenario, _run)


def repeated(scenario: Scenario) -> Answer:
    """Return {"luck": ..., "figure": ..., "credit": ...} of the repeats beside the shown campaign."""
    return _answer("repeats", scenario, _repeats)


def priced(scenario: Scenario) -> Answer:
    """Return the price list of the scenario's guardrails."""
    return _answer("prices", scenario, prices)


def kept(scenario: Scenario) -> tuple[dict[str, Any] | None, dict[str, Any] | None, Any]:
    """Return the run, its repeats and the prices as far as they are still kept; nothing is worked out."""
    found = [shared().look_up(_key(kind, scenario)) for kind in ("run", "repeats", "prices")]
    run_, repeats_, prices_ = (None if content is None else orjson.loads(content) for content in found)
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
    moved: Any = drift(scenario, ran=ran)
    charts: dict[str, Any] = {
        "conversions": conversions,
        "regret": regret,
        "reward-dynamics": reward_dynamics,
        "traffic": traffic,
        "line-conversions": line_conversions,
    }
    figures = {name: chart.figure(shown) for name, chart in charts.items()}
    figures["drift"] = rates_over_time.figure(shown, moved)
    return {"race": shown, "drift": moved, "guards": guard_report(scenario, ran=ran), "figures": figures}


def _repeats(scenario: Scenario) -> dict[str, Any]:
    found: Any = repeats(scenario)
    return {"luck": found, "figure": luck.figure(found, run.focus(found)), "credit": credit_report(scenario)}


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
