"""Rotating lines: some join while the campaign runs, some leave, as editors write new ones and retire old ones.

>>> import engine
>>> from engine.world import Campaign
>>> world = engine.WORLDS["rotating"]
>>> settings = world.parameters(name="rotating", newcomers=2)
>>> course = world.course(settings, [0.04, 0.05, 0.06, 0.07], Campaign(("A", "B", "C", "D"), 9_000, None, 1), 0, 1)
>>> course.ends.tolist()
[3000, 6000, 9000]
>>> [[line for arm, line in enumerate("ABCD") if int(mask) >> arm & 1] for mask in course.present]
[['A', 'B'], ['B', 'C'], ['C', 'D']]
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, Strict, field_validator, model_validator
from pydantic_core import PydanticCustomError

from engine.courses import first_rates, unknown_line
from engine.drawn_rates import DrawnRates, drawn_rates
from engine.fields import Setting, readable
from engine.world import Campaign, Course, Given, WorldSpec

MOST_STAYS = 200

Stretch = tuple[int, int, int]  # an arm, the sends before it joins, the sends before it has left


class Stay(Setting):
    """When one line is there."""

    arm: str = Field(min_length=1, max_length=100, title="Subject line", description="The name of the line.")
    joins: int = Field(
        0,
        ge=0,
        le=999_999,
        title="Joins after",
        description="So many sends leave before the line is there.",
        json_schema_extra={"unit": "sends"},
    )
    leaves: int | None = Field(
        None,
        ge=1,
        le=999_999,
        title="Leaves after",
        description="After so many sends of the campaign the line is gone; left empty, it stays.",
        json_schema_extra={"unit": "sends"},
    )

    _readable = field_validator("arm")(readable)

    @model_validator(mode="after")
    def _stays_a_while(self) -> Self:
        if self.leaves is not None and self.leaves <= self.joins:
            message = "leaves: got {leaves}, with joins = {joins}; a line must join before it leaves. Enter more."
            raise PydanticCustomError("sentence", message, {"leaves": f"{self.leaves:,}", "joins": f"{self.joins:,}"})
        return self


class Parameters(DrawnRates):
    """Which lines join and leave when; left empty, they do so one after another."""

    name: Literal["rotating"]
    schedule: Annotated[tuple[Stay, ...], Strict(strict=False)] = Field(
        (),
        max_length=MOST_STAYS,
        title="Schedule",
        description="When lines join and leave; a line that is not named is always there.",
    )
    newcomers: int = Field(
        1,
        ge=0,
        le=63,
        title="Newcomers",
        description="So many of the last lines join one by one, evenly over the campaign.",
        json_schema_extra={"relevant_when": ["schedule", []], "unit": "lines"},
    )
    oldest_leaves: bool = Field(
        default=True,
        title="The oldest leaves",
        description="Whenever a line joins, the one that has been there longest leaves.",
        json_schema_extra={"relevant_when": ["schedule", []]},
    )

    @model_validator(mode="after")
    def _stays_apart(self) -> Self:
        in_order = sorted(self.schedule, key=lambda stay: (stay.arm, stay.joins))
        for one, next_one in pairwise(in_order):
            if one.arm == next_one.arm and (one.leaves is None or next_one.joins < one.leaves):
                message = (
                    "schedule: got {arm} joining after {joins} sends while it is still there; "
                    "a line must leave before it joins again. Let it leave earlier."
                )
                raise PydanticCustomError("sentence", message, {"arm": repr(one.arm), "joins": f"{next_one.joins:,}"})
        return self


def problem(parameters: Parameters, campaign: Campaign) -> str | None:
    """Return what is wrong with the schedule in this campaign, or None."""
    if not parameters.schedule:
        return _newcomers_problem(parameters.newcomers, campaign)
    for place, stay in enumerate(parameters.schedule):
        field = f"schedule.{place}"
        wrong = unknown_line(f"{field}.arm", stay.arm, campaign) or _late_problem(field, stay, campaign)
        if wrong is not None:
            return wrong
    return _gap_problem(parameters, campaign)


def _newcomers_problem(newcomers: int, campaign: Campaign) -> str | None:
    K = len(campaign.lines)
    if newcomers >= K:
        return (
            f"world.newcomers: got {newcomers}; of {K} lines at most {K - 1} can join later, as one must be there "
            f"from the start. Enter {K - 1} or fewer, or add lines."
        )
    if newcomers >= campaign.sends:
        return (
            f"world.newcomers: got {newcomers}; with sends = {campaign.sends:,} at most {campaign.sends - 1:,} can "
            f"join. Enter {campaign.sends - 1:,} or fewer."
        )
    return None


def _late_problem(field: str, stay: Stay, campaign: Campaign) -> str | None:
    if stay.joins >= campaign.sends:
        return (
            f"world.{field}.joins: got {stay.joins:,}; with sends = {campaign.sends:,} the line would never be sent. "
            "Enter fewer, or raise sends."
        )
    if stay.leaves is not None and stay.leaves >= campaign.sends:
        return (
            f"world.{field}.leaves: got {stay.leaves:,}; with sends = {campaign.sends:,} the campaign is over by then. "
            "Enter fewer, or leave it out."
        )
    return None


def _gap_problem(parameters: Parameters, campaign: Campaign) -> str | None:
    ends, masks = _masks(list(_stretches(parameters, campaign)), campaign.sends)
    if all(masks):
        return None
    gap = masks.index(0)
    since = ends[gap - 1] if gap else 0
    return (
        f"world.schedule: got no line after {since:,} sends until {ends[gap]:,}; at least one must always be there. "
        "Let one leave later or join earlier."
    )


def course(parameters: Parameters, given: Sequence[Given], campaign: Campaign, first: int, count: int) -> Course:
    """Return a spell for each stretch in which the same lines are there."""
    ends, masks = _masks(list(_stretches(parameters, campaign)), campaign.sends)
    base = first_rates(parameters, given, first, count)
    return Course(
        ends=np.array(ends, np.int64),
        rows=np.arange(len(ends)),
        rates=np.repeat(base[:, np.newaxis], len(ends), axis=1),
        present=np.array(masks, np.uint64),
    )


def _stretches(parameters: Parameters, campaign: Campaign) -> Iterator[Stretch]:
    if not parameters.schedule:
        yield from _one_by_one(parameters, len(campaign.lines), campaign.sends)
        return
    scheduled = {stay.arm for stay in parameters.schedule}
    for arm, line in enumerate(campaign.lines):
        if line not in scheduled:
            yield arm, 0, campaign.sends
    for stay in parameters.schedule:
        leaves = campaign.sends if stay.leaves is None else stay.leaves
        yield campaign.lines.index(stay.arm), stay.joins, leaves


def _one_by_one(parameters: Parameters, K: int, sends: int) -> Iterator[Stretch]:
    """Yield stretches in which the number of lines stays the same, or grows by one, each time a newcomer joins."""
    newcomers = parameters.newcomers
    moments = [sends * number // (newcomers + 1) for number in range(1, newcomers + 1)]
    joins = [0] * (K - newcomers) + moments
    leaves = moments if parameters.oldest_leaves else []
    yield from zip(range(K), joins, leaves + [sends] * (K - len(leaves)), strict=True)


def _masks(stretches: Sequence[Stretch], sends: int) -> tuple[list[int], list[int]]:
    """Return where spells end, and whom each spell has: bit `a` for arm `a`."""
    ends = sorted({moment for _, joins, leaves in stretches for moment in (joins, leaves)} - {0} | {sends})
    starts = [0, *ends[:-1]]
    return ends, [sum(1 << arm for arm, joins, leaves in stretches if joins <= start < leaves) for start in starts]


SPEC = WorldSpec(
    name="rotating",
    title="Lines come and go",
    plain="Some lines join while the campaign runs and others leave, as when new ones are written.",
    parameters=Parameters,
    rates=drawn_rates,
    course=course,
    problem=problem,
)
