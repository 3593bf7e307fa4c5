"""The whole scenario in the page's address, and back; what a visitor brought stays out of it unless the visitor agrees."""

from typing import Any, Final, NamedTuple

from components import own
from engine import LinkError, Scenario, ScenarioError, from_link, to_link
from engine.presets import DEFAULT, PRESETS
from engine.shelf import shelf

QUERY: Final = "s"
"""Names the scenario itself."""
PLACE: Final = "c"
"""Names a place on the shelf, where only the visitor who brought it finds it."""
LOG_PLACE: Final = "l"
"""Names the place of a log of decisions, which is no scenario."""
PLACE_ALONE: Final = f"?{PLACE}="
"""In an address that names something brought by its place alone."""
GONE: Final = (
    "link: got a campaign that this browser does not have: it was brought in another one, or has been deleted. "
    "Bring the file again."
)


class Visit(NamedTuple):
    """What an address asks for: a scenario, and what was wrong when it is not the one that was meant."""

    scenario: Scenario
    problem: str | None


def query_of(scenario: Scenario, opening: Scenario | None = PRESETS[DEFAULT].scenario) -> str:
    """Return the query string, empty for the scenario with which the page opens, if it opens with one.

    A scenario with counts that the visitor brought is named by its place only, unless the visitor shares them.

    Raises:
        LinkError: the scenario's names are too long for an address, or what the visitor brought is no longer kept.
    """
    if scenario == opening:
        return ""
    is_own, file = own.source_of(scenario)
    if is_own and file is None:
        raise LinkError("campaign: its file is no longer kept, so that no link can lead to it. Bring it again.")
    if file is None:
        return f"?{QUERY}={to_link(scenario)}"
    if file.is_shared:
        return f"?{QUERY}={to_link(scenario)}&{PLACE}={file.identity}"
    place = shelf().put_scenario(file, scenario)
    if place is None:
        raise LinkError("campaign: the server cannot keep it at the moment. Change something to try again.")
    return f"?{PLACE}={place}"


def visit(query: dict[str, Any], opening: Scenario = PRESETS[DEFAULT].scenario) -> Visit:
    """Return the scenario of an address; that with which the page opens when it has none or a bad one.

    >>> visit({}).problem is None, visit({"s": "nonsense"}).problem
    (True, "link: got version 'n'; this is version 1. Ask for a new link.")
    """
    if QUERY in query:
        try:
            return Visit(from_link(query[QUERY]), None)
        except LinkError as error:
            return Visit(opening, str(error))
    if PLACE in query:
        found = own.scenario_at(str(query[PLACE]))
        return Visit(opening, GONE) if found is None else Visit(found, None)
    return Visit(opening, None)


def time_machine_link(scenario: Scenario, place: int) -> str | None:
    """Return the address that opens a policy beside the baseline in the Time Machine, if one can hold it."""
    policies = scenario.to_dict()["policies"]
    shown = [policies[scenario.baseline], policies[place]] if place != scenario.baseline else policies[:2]
    try:
        return f"/{query_of(scenario.with_changes(policies=shown))}"
    except (LinkError, ScenarioError):
        return None
