"""Change points: rates change at once, at sends that are given or that chance decides.

The scenario of Garivier and Moulines (2011), On upper-confidence bound policies for switching bandit problems: the third
of three lines is best from send 3,000 to 5,000 only.

>>> import engine
>>> from engine.world import Campaign
>>> world = engine.WORLDS["change_point"]
>>> settings = world.parameters.model_validate({"name": "change_point", "changes": [
...     {"arm": "C", "at": 3000, "rate": 0.9}, {"arm": "C", "at": 5000, "rate": 0.4}]})
>>> course = world.course(settings, [0.5, 0.3, 0.4], Campaign(("A", "B", "C"), 10_000, None, 1), 0, 1)
>>> course.ends.tolist(), course.rates[0].tolist()
([3000, 5000, 10000], [[0.5, 0.3, 0.4], [0.5, 0.3, 0.9], [0.5, 0.3, 0.4]])
"""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, Strict, field_validator, model_validator
from pydantic_core import PydanticCustomError

from engine.courses import Keys, even_ends, first_rates, line_keys, unknown_line
from engine.drawn_rates import DrawnRates, drawn_rates
from engine.fields import Setting, readable
from engine.native import native
from engine.rng import GAMMA, below, mix, unit
from engine.world import Campaign, Course, Given, Rates, WorldSpec

MOST_CHANGES = 200


class Change(Setting):
    """One line's new rate."""

    arm: str = Field(min_length=1, max_length=100, title="Subject line", description="The name of the line.")
    at: int = Field(
        ge=1,
        le=999_999,
        title="After",
        description="So many sends still have the old rate.",
        json_schema_extra={"unit": "sends"},
    )
    rate: float = Field(ge=0, le=1, title="New rate", description="Share of recipients who convert from then on.")

    _readable = field_validator("arm")(readable)


class Parameters(DrawnRates):
    """Which rates change when; left empty, chance decides."""

    name: Literal["change_point"]
    changes: Annotated[tuple[Change, ...], Strict(strict=False)] = Field(
        (),
        max_length=MOST_CHANGES,
        title="Changes",
        description="Which line gets which rate after how many sends; left empty, they come at random.",
    )
    random_changes: int = Field(
        1,
        ge=0,
        le=100,
        title="Changes at random",
        description="How often the lines swap their rates at a moment that chance decides, so that another is best.",
        json_schema_extra={"relevant_when": ["changes", []]},
    )

    @model_validator(mode="after")
    def _one_rate_at_a_time(self) -> Self:
        for (arm, at), times in Counter((change.arm, change.at) for change in self.changes).items():
            if times > 1:
                message = "changes: got {times} of {arm} at {at}; a line has one rate at a time. Keep one of them."
                shown = {"times": times, "arm": repr(arm), "at": f"{at:,}"}
                raise PydanticCustomError("sentence", message, shown)
        return self


def problem(parameters: Parameters, campaign: Campaign) -> str | None:
    """Return what is wrong with the changes in this campaign, or None."""
    for place, change in enumerate(parameters.changes):
        unknown = unknown_line(f"changes.{place}.arm", change.arm, campaign)
        if unknown is not None:
            return unknown
        if change.at >= campaign.sends:
            return (
                f"world.changes.{place}.at: got {change.at:,}; with sends = {campaign.sends:,} a change must leave "
                "sends to the new rate. Enter fewer, or raise sends."
            )
    if not parameters.changes and parameters.random_changes >= campaign.sends:
        return (
            f"world.random_changes: got {parameters.random_changes}; with sends = {campaign.sends:,} at most "
            f"{campaign.sends - 1:,} are possible. Enter {campaign.sends - 1:,} or fewer."
        )
    return None


def course(parameters: Parameters, given: Sequence[Given], campaign: Campaign, first: int, count: int) -> Course:
    """Return a spell for each stretch between given changes; else even spells, at most 200, where random ones begin."""
    base = first_rates(parameters, given, first, count)
    if parameters.changes:
        return _as_given(parameters.changes, base, campaign)
    ends = even_ends(campaign.sends)
    rates = np.empty((len(base), len(ends), len(given)))
    fill_swaps(rates, base, parameters.random_changes, line_keys(parameters, 1, first, count)[:, 0].copy())
    return Course(ends=ends, rows=np.arange(len(ends)), rates=rates)


def _as_given(changes: Sequence[Change], base: Rates, campaign: Campaign) -> Course:
    cuts = sorted({change.at for change in changes})
    rates = np.repeat(base[:, np.newaxis], len(cuts) + 1, axis=1)
    for change in sorted(changes, key=lambda change: change.at):
        rates[:, cuts.index(change.at) + 1 :, campaign.lines.index(change.arm)] = change.rate
    ends: NDArray[np.int64] = np.array([*cuts, campaign.sends], np.int64)
    return Course(ends=ends, rows=np.arange(len(ends)), rates=rates)


@native(on_disk=True)
def fill_swaps(out: Rates, base: Rates, changes: int, keys: Keys) -> None:
    """Let rates swap their lines at exactly so many of the spells after the first, (B, T, K).

    Spells are picked by selection sampling: Knuth, The Art of Computer Programming, volume 2, 3.4.2, algorithm S.
    """
    for row in range(out.shape[0]):
        key = keys[row]
        out[row, 0] = base[row]
        wanted = changes
        for spell in range(1, out.shape[1]):
            out[row, spell] = out[row, spell - 1]
            key += GAMMA
            if unit(mix(key)) * (out.shape[1] - spell) < wanted:
                wanted -= 1
                key = swap_rates(out[row, spell], key)


@native
def swap_rates(rates: Rates, key: np.uint64) -> np.uint64:
    """Hand the best rate to one of the other lines and deal out the rest at random; return the key to go on with."""
    K = rates.shape[0]
    best = np.argmax(rates)
    key += GAMMA
    heir = below(mix(key), K - 1)
    if heir >= best:
        heir += 1
    rates[best], rates[heir] = rates[heir], rates[best]
    # Fisher and Yates's shuffle, with the heir out of the way at the end.
    rates[heir], rates[K - 1] = rates[K - 1], rates[heir]
    for place in range(K - 2, 0, -1):
        key += GAMMA
        other = below(mix(key), place + 1)
        rates[place], rates[other] = rates[other], rates[place]
    rates[heir], rates[K - 1] = rates[K - 1], rates[heir]
    return key


SPEC = WorldSpec(
    name="change_point",
    title="Sudden changes",
    plain="Rates change all at once while the campaign runs: yesterday's winner may be today's loser.",
    parameters=Parameters,
    rates=drawn_rates,
    course=course,
    problem=problem,
)
