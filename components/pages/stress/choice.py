"""Which stresses and policies the page shows: ticked by the visitor, kept in the address beside the scenario.

The address has `stress=late,drift` and `rows=0,2` where not all are shown. The scenario itself stays as it is, so other
pages understand it.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from components.pages.stress.work import EVERY
from engine.scenario import Scenario
from engine.stress import contestants_of
from engine.stresses import PLANNED

STRESS: Final = "stress"
ROWS: Final = "rows"
NOTHING: Final = "none"
"""Stands in the address where no policy, or no stress besides as planned, is shown."""
LONGEST: Final = 300


class Choice(NamedTuple):
    """The stresses that are shown, as planned always; and places of the policies, None for all."""

    stresses: tuple[str, ...]
    rows: tuple[int, ...] | None
    unknown: tuple[str, ...] = ()
    """What an address asked for and is not there."""


def policies_of(scenario: Scenario) -> list[int]:
    """Places of the policies that can be shown: all but the baseline."""
    asked = contestants_of(scenario)
    return [place for place in range(len(asked.policies)) if place != asked.baseline]


def key_of(scenario: Scenario) -> str:
    """What places of policies refer to: with other policies they mean others."""
    return "\n".join(contestants_of(scenario).labels)


def from_address(query: Mapping[str, Any], scenario: Scenario) -> Choice:
    """The choice in an address, and what of it is not there."""
    names, bad_names = _known(query.get(STRESS), set(EVERY))
    places, bad_places = _known(query.get(ROWS), {NOTHING, *map(str, policies_of(scenario))})
    rows = tuple(sorted(int(place) for place in places if place != NOTHING))
    return Choice(
        _stresses(names) if names else EVERY,
        rows if places else None,
        (*bad_names, *(f"policy {place}" for place in bad_places)),
    )


def from_ticks(ticked: Any, scenario: Scenario) -> Choice:
    """The choice that the visitor made; rows are forgotten where policies have changed since."""
    if not isinstance(ticked, dict):
        return Choice(EVERY, None)
    stresses = _stresses(ticked["stresses"]) if ticked.get("stresses") is not None else EVERY
    rows = ticked.get("rows") if ticked.get("of") == key_of(scenario) else None
    if rows is None:
        return Choice(stresses, None)
    return Choice(stresses, tuple(place for place in policies_of(scenario) if place in rows))


def store(choice: Choice, scenario: Scenario) -> dict[str, Any]:
    """The choice as the page keeps it; nothing where all are shown."""
    rows = None if choice.rows is None else list(choice.rows)
    return {
        "stresses": None if choice.stresses == EVERY else [name for name in choice.stresses if name != PLANNED],
        "rows": None if rows == policies_of(scenario) else rows,
        "of": key_of(scenario),
    }


def address(choice: Choice, scenario: Scenario) -> dict[str, str]:
    """Return what an address says of a choice; nothing where all are shown."""
    stored = store(choice, scenario)
    told = {STRESS: stored["stresses"], ROWS: stored["rows"]}
    return {name: ",".join(map(str, kept)) or NOTHING for name, kept in told.items() if kept is not None}


def _known(asked: Any, there: set[str]) -> tuple[list[str], list[str]]:
    """Split a list in an address into what is there and what is not."""
    if not isinstance(asked, str) or not asked:
        return [], []
    parts = [part for part in asked[:LONGEST].split(",") if part]
    return [part for part in parts if part in there], [part for part in parts if part not in there]


def _stresses(names: Any) -> tuple[str, ...]:
    return tuple(name for name in EVERY if name == PLANNED or name in names)
