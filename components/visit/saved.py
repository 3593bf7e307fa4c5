"""What the server says of scenarios that the browser keeps: what they are, or why they cannot be opened any more.

The browser keeps the query of a scenario's address under a name, so a campaign of the visitor's own is kept by its place.
"""

from typing import Any, Final
from urllib.parse import parse_qsl

from components import wording
from components import wording_visit as words
from components.address import query_of, visit
from components.controls.circumstances import on_now
from components.formats import prose
from engine import LinkError, Scenario, ScenarioError

MOST: Final = 200
"""So many are told of at once."""


def told(asked: Any) -> dict[str, Any]:
    """What is told of the scenario on the page and of each one that is saved."""
    asked = asked if isinstance(asked, dict) else {}
    queries = asked.get("queries")
    listed = queries[:MOST] if isinstance(queries, list) else []
    return {"now": _now(asked.get("scenario")), "entries": {str(query): _entry(str(query)) for query in listed}}


def scenario_of(query: str) -> tuple[Scenario, str | None]:
    """The scenario of a saved query, and what is wrong with it."""
    return visit(dict(parse_qsl(query.removeprefix("?"))))


def described(scenario: Scenario) -> str:
    """A scenario in one line."""
    name, line = wording.summary_of(scenario)
    return ", ".join(filter(None, (name, line, on_now(scenario.to_dict()))))


def _now(draft: Any) -> dict[str, Any] | None:
    if not isinstance(draft, dict):
        return None
    try:
        scenario = Scenario.from_dict(draft)
    except ScenarioError:
        return {"problem": words.NOT_VALID_TO_SAVE}
    try:
        query = query_of(scenario, None)
    except LinkError as error:
        return {"problem": _as_sentence(str(error))}
    return {"query": query, "name": words.default_name(wording.summary_of(scenario)[0], scenario.sends)}


def _entry(query: str) -> dict[str, str]:
    scenario, problem = scenario_of(query)
    return {"problem": _as_sentence(problem)} if problem else {"words": described(scenario)}


def _as_sentence(problem: str) -> str:
    """An error without the name of what it is about, which the visitor sees.

    >>> _as_sentence("link: got version '2'; this is version 1. Ask for a new link.")
    "Got version '2'; this is version 1. Ask for a new link."
    """
    text = prose(problem.partition(": ")[2] or problem)
    return text[:1].upper() + text[1:]
