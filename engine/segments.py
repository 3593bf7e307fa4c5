"""Segments: recipients differ by audience, device and time of day, and so do the rates at which lines convert them.

Every dimension splits the recipients into groups with shares that add up to 1; a segment is one group of each. Which
segment a recipient belongs to is drawn independently in each dimension, the same for every policy.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Annotated, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, Strict, field_validator, model_validator
from pydantic_core import PydanticCustomError

from engine.fields import Setting, plain, readable
from engine.native import native
from engine.rng import GAMMA, mix, unit

Floats = NDArray[np.float64]

DIMENSIONS = ("audience", "device", "time_of_day")
"""In the order in which segments are counted: the last changes fastest."""
MOST_GROUPS = 16
MOST_SEGMENTS = 64
HIGHEST_MULTIPLIER = 20.0
EVERYBODY = "Everybody"
BETWEEN = " \N{MIDDLE DOT} "
"""What stands between the groups in the name of a segment."""
_ADD_UP = 1e-6
_A_LIST_WILL_DO = Strict(strict=False)

Multiplier = Annotated[float, Field(ge=0, le=HIGHEST_MULTIPLIER)]


class Group(Setting):
    """Some of the recipients: how many, and how their rates differ from those of the lines."""

    name: str = Field(min_length=1, max_length=40, title="Group", description="What these recipients have in common.")
    share: float = Field(
        gt=0,
        le=1,
        title="Share",
        description="Part of all recipients; the shares of a dimension add up to 1.",
        json_schema_extra={"step": 0.05},
    )
    multiplier: Multiplier = Field(
        1.0,
        title="Times",
        description="What every line's rate is multiplied by in this group.",
        json_schema_extra={"step": 0.1},
    )
    multipliers: Annotated[tuple[Multiplier, ...], _A_LIST_WILL_DO] = Field(
        (),
        max_length=64,
        title="Times, by line",
        description="What each line's rate is multiplied by besides, in the order of the lines; left empty: 1.",
    )

    _readable = field_validator("name")(readable)


Groups = Annotated[tuple[Group, ...], _A_LIST_WILL_DO]


class Segments(Setting):
    """How recipients differ; a dimension without groups makes no difference."""

    audience: Groups = Field((), max_length=MOST_GROUPS, title="Audience")
    device: Groups = Field((), max_length=MOST_GROUPS, title="Device")
    time_of_day: Groups = Field((), max_length=MOST_GROUPS, title="Time of day")

    @property
    def dimensions(self) -> dict[str, tuple[Group, ...]]:
        """The groups of every dimension that has any."""
        every = {name: getattr(self, name) for name in DIMENSIONS}
        return {name: groups for name, groups in every.items() if groups}

    @model_validator(mode="after")
    def _possible(self) -> Self:
        for name, groups in self.dimensions.items():
            _refuse_groups(name, groups)
        count = math.prod(len(groups) for groups in self.dimensions.values())
        if count > MOST_SEGMENTS:
            _refuse(
                f"{list(self.dimensions)[-1]}: got {count} segments together; at most {MOST_SEGMENTS} are allowed. "
                f"Merge some groups."
            )
        return self


NO_SEGMENTS = Segments.model_validate({})


def _refuse_groups(name: str, groups: tuple[Group, ...]) -> None:
    names = [group.name for group in groups]
    twice = next((one for one in names if names.count(one) > 1), None)
    if twice is not None:
        _refuse(f"{name}: got {names.count(twice)} groups named {twice!r}; names must differ. Rename one.")
    total = math.fsum(group.share for group in groups)
    if abs(total - 1.0) > _ADD_UP:
        _refuse(
            f"{name}: got shares that add up to {plain(round(total, 6))}; they must add up to 1. Change one of them."
        )


def _refuse(text: str) -> None:
    raise PydanticCustomError("sentence", "{text}", {"text": text})


class Audience(NamedTuple):
    """All that the loop over sends needs of S segments and K arms."""

    own: Floats  # (S,) chance to stay with the segment that was drawn evenly, of the alias method
    other: NDArray[np.int64]  # (S,) the segment to go to otherwise
    weights: Floats  # (S,) shares of the recipients
    times: Floats  # (S, K) what rates are multiplied by


@dataclass(frozen=True, eq=False)
class Segmentation:
    """The segments that come of the groups, S of them (1 where recipients are all alike), for K arms."""

    dimensions: dict[str, tuple[str, ...]]
    """Names of the groups of each dimension that is there."""
    shares: Floats  # (S,)
    times: Floats  # (S, K)

    @classmethod
    def of(cls, segments: Segments, arms: int) -> "Segmentation":
        """Return the segments of a scenario with so many arms."""
        shares, times = np.ones(1), np.ones((1, arms))
        for groups in segments.dimensions.values():
            part = np.array([group.share for group in groups])
            own = np.array([[group.multiplier * one for one in group.multipliers or (1.0,) * arms] for group in groups])
            shares = np.outer(shares, part / part.sum()).ravel()
            times = (times[:, np.newaxis] * own).reshape(-1, arms)
        names = {name: tuple(group.name for group in groups) for name, groups in segments.dimensions.items()}
        return cls(names, shares, times)

    def __len__(self) -> int:
        return len(self.shares)

    @cached_property
    def members(self) -> dict[str, NDArray[np.int64]]:
        """For each dimension, the place of every segment's group in it, (S,)."""
        sizes = [len(groups) for groups in self.dimensions.values()]
        places = np.array(list(product(*map(range, sizes))), np.int64).reshape(len(self), len(sizes))
        return dict(zip(self.dimensions, places.T, strict=True))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every segment's name: its groups' names.

        >>> two = [{"name": "New", "share": 0.5}, {"name": "Loyal", "share": 0.5}]
        >>> segments = Segments.model_validate({"audience": two, "device": [{"name": "Mobile", "share": 1.0}]})
        >>> Segmentation.of(segments, arms=2).names
        ('New · Mobile', 'Loyal · Mobile')
        """
        return self.named(tuple(self.dimensions))

    def named(self, dimensions: tuple[str, ...]) -> tuple[str, ...]:
        """Return every segment's name, (S,), by its groups in these dimensions alone."""
        words = [[self.dimensions[name][place] for place in self.members[name]] for name in dimensions]
        return tuple(BETWEEN.join(parts) for parts in zip(*words, strict=True)) if words else (EVERYBODY,) * len(self)

    def rates(self, rates: Floats) -> Floats:
        """Return rates within every segment, (..., S, K), of lines' rates (..., K): multiplied, at most 1."""
        inside: Floats = np.minimum(rates[..., np.newaxis, :] * self.times, 1.0)
        return inside

    def mean_rates(self, rates: Floats) -> Floats:
        """Return what lines' rates (..., K) come to over all recipients, of the same shape."""
        if len(self) == 1 and (self.times == 1.0).all():
            return rates
        mean: Floats = np.einsum("...sk,s->...k", self.rates(rates), self.shares)
        return mean

    def indicators(self, dimensions: tuple[str, ...]) -> tuple[tuple[str, ...], Floats]:
        """Return features of every segment and their names: a constant, and one for each group but a dimension's first.

        Args:
            dimensions: which ones are told; those that are not there are left out.

        Returns:
            d names, and 0 or 1 for each segment and feature, (S, d).
        """
        names, columns = [EVERYBODY], [np.ones(len(self))]
        for dimension in dimensions:
            for place, group in list(enumerate(self.dimensions.get(dimension, ())))[1:]:
                names.append(group)
                columns.append((self.members[dimension] == place).astype(np.float64))
        return tuple(names), np.stack(columns, axis=1)

    def merged(self, dimensions: tuple[str, ...]) -> NDArray[np.int64]:
        """Return for each segment, (S,), its number among those told apart by these dimensions alone."""
        number = np.zeros(len(self), np.int64)
        for dimension in dimensions:
            if dimension in self.dimensions:
                number = number * len(self.dimensions[dimension]) + self.members[dimension]
        return number

    def audience(self) -> Audience:
        """Return what the loop over sends needs."""
        own, other = alias_table(self.shares)
        return Audience(own, other, np.ascontiguousarray(self.shares), np.ascontiguousarray(self.times))


def alias_table(shares: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Return the chances (S,) and the alternatives (S,) with which one uniform number draws from `shares`.

    Vose (1991), A linear algorithm for generating random numbers with a given distribution.

    >>> own, other = alias_table(np.array([0.75, 0.25]))
    >>> own.tolist(), other.tolist()
    ([1.0, 0.5], [0, 0])
    """
    count = len(shares)
    left = shares * count / shares.sum()
    own, other = np.ones(count), np.arange(count)
    small, large = [i for i in range(count) if left[i] < 1.0], [i for i in range(count) if left[i] >= 1.0]
    while small and large:
        poor, rich = small.pop(), large.pop()
        own[poor], other[poor] = left[poor], rich
        left[rich] -= 1.0 - left[poor]
        (small if left[rich] < 1.0 else large).append(rich)
    return own, other.astype(np.int64)


@native(inline=True)
def segment_of(key: np.uint64, who: int, S: int, own: Any, other: Any) -> int:
    """Return the segment of a recipient; `own` and `other` are the alias table's rows."""
    place = unit(mix(key + (np.uint64(who) + np.uint64(1)) * GAMMA)) * S
    segment = int(place)
    return segment if place - segment < own[segment] else int(other[segment])
