"""The whole scenario in the page's address, and back."""

from typing import Any, NamedTuple

from engine import LinkError, Scenario, ScenarioError, from_link, to_link
from engine.presets import DEFAULT, PRESETS

QUERY: str = "s"


class Visit(NamedTuple):
    """What an address asks for: a scenario, and what was wrong when it is not the one that was meant."""

    scenario: Scenario
    problem: str | None


def query_of(scenario: Scenario, opening: Scenario = PRESETS[DEFAULT].scenario) -> str:
    """Return the query string, empty for the scenario with which the page opens.

    Raises:
        LinkError: the scenario's names are too long for an address.
    """
    return "" if scenario == opening else f"?{QUERY}={to_link(scenario)}"


def visit(query: dict[str, Any], opening: Scenario = PRESETS[DEFAULT].scenario) -> Visit:
    """Return the scenario of an address; that with which the page opens when it has none or a bad one.

    >>> visit({}).problem is None, visit({"s": "nonsense"}).problem
    (True, "link: got version 'n'; this is version 1. Ask for a new link.")
    """
    if QUERY not in query:
        return Visit(opening, None)
    try:
        return Visit(from_link(query[QUERY]), None)
    except LinkError as error:
        return Visit(opening, str(error))


def time_machine_link(scenario: Scenario, place: int) -> str | None:
    """Return the address that opens a policy beside the baseline in the Time Machine, if one can hold it."""
    policies = scenario.to_dict()["policies"]
    shown = [policies[scenario.baseline], policies[place]] if place != scenario.baseline else policies[:2]
    try:
        return f"/{query_of(scenario.with_changes(policies=shown))}"
    except (LinkError, ScenarioError):
        return None
