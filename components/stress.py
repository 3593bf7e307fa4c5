"""Reads the stress test: who stands where, in which colour, and what a cell holds. Indexing only."""

from collections.abc import Mapping
from typing import Any, Final

from components.theme import policy_slots
from components.wording import Contender
from engine.stresses import PLANNED

StressTest = Mapping[str, Any]
"""What `engine.stress.put_together` returns."""

EVEN_SPLIT: Final = "ab_split"


def contender(test: StressTest, place: int) -> Contender:
    """A policy as sentences name it."""
    policy = test["policies"][place]
    return Contender(policy["label"], place, policy["name"] == EVEN_SPLIT)


def baseline(test: StressTest) -> Contender:
    """What the others are measured against."""
    return contender(test, test["baseline"])


def slots(test: StressTest) -> list[int | None]:
    """The colour slot of each policy."""
    return policy_slots([policy["name"] for policy in test["policies"]])


def column(test: StressTest, stress: str) -> Any:
    """A stress of the table; None where it is not shown."""
    return next((one for one in test["columns"] if one["stress"] == stress), None)


def cell(found: Mapping[str, Any], place: int) -> Any:
    """What a column says of a policy; None while it says nothing."""
    return next((one for one in found["cells"] if one["policy"] == place), None)


def ranking(test: StressTest) -> list[int]:
    """The rows: by what they gain as planned, once that is known."""
    planned = column(test, PLANNED)
    rows: list[int] = test["rows"]
    if not planned or not planned["cells"]:
        return rows
    return sorted(rows, key=lambda place: -cell(planned, place)["extra"]["mean"])


def worst(test: StressTest, place: int) -> Any:
    """The worst case of a policy; None before there is one."""
    return next((one for one in test["verdict"]["worst"] if one["policy"] == place), None)


def recommended(test: StressTest) -> int | None:
    """The policy that the page is about: the one that leads as planned, else the robust choice."""
    verdict = test["verdict"]
    place: int | None = verdict["robust"] if verdict["leader"] is None else verdict["leader"]
    return place


def done(test: StressTest) -> int:
    """How many columns count all campaigns."""
    return sum(one["campaigns"] == test["campaigns"] for one in test["columns"] if one["cells"])


def possible(test: StressTest) -> int:
    """How many columns there can be."""
    return sum(not one["reason"] for one in test["columns"])


def first_cell(test: StressTest) -> tuple[str, int] | None:
    """The cell whose story is told before anybody has chosen one: where the winner changes, the policy recommended."""
    columns = {one["stress"]: one for one in test["columns"] if one["cells"]}
    rows = ranking(test)
    if not columns or not rows:
        return None
    place = recommended(test)
    told = next((name for name in ("change", *columns) if name in columns), PLANNED)
    return told, rows[0] if place is None or place not in rows else place
