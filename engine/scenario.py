"""The question: lines, world, policies, sends, seeds. Validated, frozen, hashable; everything else follows from it."""

import hashlib
import json
from collections import Counter
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import numpy as np
from pydantic import BaseModel, Field, Strict, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from engine import earlier
from engine import shocks as shared_shocks
from engine.catalogue import DELAYS, GUARDRAILS, POLICIES, WORLDS
from engine.delay import DelayParameters
from engine.errors import ScenarioError
from engine.fields import Setting, knobs, plain, readable
from engine.guardrail import GuardrailParameters
from engine.money import HIGHEST_VALUE, MONEY_REGRET_UNIT, REGRET_UNIT, Goal, Money, order_values
from engine.policy import PolicyParameters, PolicySpec
from engine.problems import problems_of
from engine.recurring import Recurring
from engine.registry import OneOf
from engine.segments import NO_SEGMENTS, Segmentation, Segments
from engine.shocks import SharedShocks
from engine.version import VERSION
from engine.world import Campaign, Course, Given, Posterior, Rates, WorldParameters, WorldSpec

FEWEST_ARMS = 2
MOST_ARMS = 64
MOST_POLICIES = 8
MOST_SENT = 2**53 - 1
"""Counts of earlier campaigns may be larger than what is simulated; they stay exact as floating point."""
MOST_SENDS = 1_000_000
MOST_REPLICATIONS = 100_000
ARRAY_BYTES = 96_000_000
"""What the checkpointed arrays of one result may take."""
MOST_CHECKPOINTS = 200

A_CAMPAIGN = 3_000.0
"""Rough nanoseconds that a campaign takes besides its sends."""

_A_LIST_WILL_DO = Strict(strict=False)

HOURS = {"hourly": 1, "twice_daily": 12, "daily": 24}

if TYPE_CHECKING:
    AnyPolicy = PolicyParameters
    AnyWorld = WorldParameters
    AnyGuardrail = GuardrailParameters
    AnyDelay = DelayParameters
else:
    AnyPolicy = Annotated[PolicyParameters, OneOf(POLICIES)]
    AnyWorld = Annotated[WorldParameters, OneOf(WORLDS)]
    AnyGuardrail = Annotated[GuardrailParameters, OneOf(GUARDRAILS)]
    AnyDelay = Annotated[DelayParameters, OneOf(DELAYS)]


class History(Setting):
    """What is known of a line from an earlier campaign."""

    sends: int = Field(ge=0, le=MOST_SENT, title="Sends", description="How often it was sent before.")
    conversions: int = Field(ge=0, le=MOST_SENT, title="Conversions", description="How many of them converted.")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.conversions > self.sends:
            _refuse(
                f"conversions: got {self.conversions:,}, more than the {self.sends:,} sends. Enter at most as many, or "
                "more sends."
            )
        return self

    @property
    def posterior(self) -> Posterior:
        """What is believed of its rate, having held every rate for equally likely before."""
        return Posterior(1.0 + self.conversions, 1.0 + self.sends - self.conversions)


class Arm(Setting):
    """One subject line: its name, and its true rate unless the world draws it."""

    name: str = Field(min_length=1, max_length=100, title="Subject line", description="What recipients read.")
    rate: float | None = Field(
        None,
        ge=0,
        le=1,
        title="True rate",
        description="Share of recipients who convert; left empty, it is drawn.",
    )
    history: History | None = Field(
        None,
        title="Earlier campaign",
        description=(
            "Counts of an earlier campaign: a rate left empty is drawn from what they leave open, and policies may start from them."
        ),
    )
    complaint_rate: float = Field(
        0.0,
        ge=0,
        le=1,
        title="Complaints",
        description="Share of recipients who report the e-mail as spam or complain; the pause rule looks at it.",
        json_schema_extra={"step": 0.0005},
    )
    order_value: float | None = Field(
        None,
        gt=0,
        le=HIGHEST_VALUE,
        title="Order value",
        description="What a conversion of this line brings on average; left empty: as for all lines.",
        json_schema_extra={"step": 5},
    )

    _readable = field_validator("name")(readable)

    @property
    def given(self) -> Given:
        """What is given of its rate."""
        if self.rate is not None or self.history is None:
            return self.rate
        return self.history.posterior


class Scenario(Setting):
    """A validated question to the simulator; equal scenarios have equal digests and equal results."""

    arms: Annotated[tuple[Arm, ...], _A_LIST_WILL_DO] = Field(
        min_length=FEWEST_ARMS, max_length=MOST_ARMS, title="Subject lines"
    )
    world: AnyWorld = Field(default_factory=lambda: WORLDS["stationary"].parameters(name="stationary"))
    policies: Annotated[tuple[AnyPolicy, ...], _A_LIST_WILL_DO] = Field(
        min_length=1, max_length=MOST_POLICIES, title="Policies"
    )
    sends: int = Field(10_000, ge=1, le=MOST_SENDS, title="Sends", description="How many recipients get an e-mail.")
    replications: int = Field(
        400,
        ge=1,
        le=MOST_REPLICATIONS,
        title="Repeat campaigns",
        description="How often the whole campaign is repeated with other luck.",
    )
    seed: int = Field(
        42,
        ge=0,
        le=2**53 - 1,
        title="Seed (luck)",
        description="Decides the luck of the campaign. Another number, other luck.",
    )
    update_every: Annotated[int, Field(ge=1, le=MOST_SENDS)] | Literal["hourly", "twice_daily", "daily"] = Field(
        1,
        title="Decide again every",
        description="Sends between decisions; what is learnt in between is used from the next decision on.",
        json_schema_extra={
            "unit": "sends",
            "allowed": "a whole number from 1 to 1,000,000, or hourly, twice_daily or daily",
        },
    )
    sends_per_hour: int | None = Field(
        None, ge=1, le=MOST_SENDS, title="Sends per hour", description="Needed for a cadence by the clock."
    )
    guardrails: Annotated[tuple[AnyGuardrail, ...], _A_LIST_WILL_DO] = Field((), max_length=16, title="Guardrails")
    delay: AnyDelay = Field(default_factory=lambda: DELAYS["none"].parameters(name="none"), title="Late conversions")
    goal: Goal = Field("conversions", title="Goal", description="What the policies try to get most of.")
    segments: Segments = Field(default_factory=lambda: NO_SEGMENTS, title="Segments")
    money: Money | None = Field(None, title="Money")
    recurring: Recurring | None = Field(None, title="Recurring campaign")
    shocks: SharedShocks | None = Field(None, title="Shared shocks")

    @classmethod
    def from_dict(cls, raw: Any) -> Self:
        """Return the scenario that a plain dict describes.

        Raises:
            ScenarioError: anything is missing, unknown, of the wrong type or out of range; nothing is guessed.

        >>> Scenario.from_dict({"arms": [{"name": "A"}, {"name": "B"}], "policies": [{"name": "ab_split"}], "sends": 0})
        Traceback (most recent call last):
        engine.errors.ScenarioError: sends: got 0; must be a whole number from 1 to 1,000,000. Enter at least 1.
        """
        if not isinstance(raw, dict):
            raise ScenarioError({"": f"got {type(raw).__name__}; must be a dict with arms and policies."})
        try:
            return cls.model_validate(_plain_numbers(raw))
        except ValidationError as error:
            raise ScenarioError(problems_of(error, cls)) from None
        except RecursionError:
            raise ScenarioError(
                {"": "got a dict nested too deeply; a scenario has three levels. Remove the nesting."}
            ) from None

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types; `from_dict` of them equals this scenario."""
        return self.model_dump(mode="json")

    def with_changes(self, **changes: Any) -> Self:
        """Return a validated copy with other values in some fields, given as in `from_dict`."""
        return self.from_dict(self.to_dict() | changes)

    def essentials(self) -> dict[str, Any]:
        """Return the plain dict without what equals its default.

        This is the canonical form, which fields added later leave alone.
        """
        return _without_defaults(self)

    @cached_property
    def _digest(self) -> str:
        canonical = json.dumps(
            self.essentials(), sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False
        )
        return hashlib.sha256(f"{VERSION}\n{canonical}".encode()).hexdigest()

    def digest(self) -> str:
        """Return the sha256 (64 hex digits) of the canonical JSON and the engine's version."""
        return self._digest

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The policies' names in charts, unique: their own, else the title with the settings that tell them apart."""
        return tuple(_unique(self.policies, [_default_label(policy, self.policies) for policy in self.policies]))

    @property
    def specs(self) -> tuple[PolicySpec, ...]:
        """The registered specs of the policies, in order."""
        return tuple(POLICIES[policy.name] for policy in self.policies)

    @property
    def world_spec(self) -> WorldSpec:
        """The registered spec of the world."""
        return WORLDS[self.world.name]

    @property
    def baseline(self) -> int:
        """The place of the policy that others are compared with: the first A/B split, else the first usable policy.

        A reference such as the oracle is the baseline only where there is nothing else.
        """
        even = (place for place, policy in enumerate(self.policies) if policy.name == "ab_split")
        usable = (place for place, spec in enumerate(self.specs) if not spec.is_reference)
        return next(even, next(usable, 0))

    @cached_property
    def segmentation(self) -> Segmentation:
        """The segments of recipients; one where they are all alike."""
        return Segmentation.of(self.segments, len(self.arms))

    def rates(self, first: int = 0, count: int = 1) -> Rates:
        """Return the true rates over all recipients at the first send, float (count, K), of some replications."""
        rates = self.world_spec.rates(self.world, [arm.given for arm in self.arms], first, count)
        return self.segmentation.mean_rates(rates)

    def course(self, first: int = 0, count: int = 1) -> Course:
        """Return how the true rates over all recipients, of some replications, run along the campaign."""
        course, segmentation = self.world_course(first, count), self.segmentation
        seen = None if course.seen is None else segmentation.mean_rates(course.seen)
        return replace(course, rates=segmentation.mean_rates(course.rates), seen=seen)

    def world_course(self, first: int = 0, count: int = 1) -> Course:
        """Return how the rates run before the segments' multipliers: the world's, with the shocks of each replication."""
        spec, given = self.world_spec, [arm.given for arm in self.arms]
        if spec.course is not None:
            course = spec.course(self.world, given, self.campaign, first, count)
        else:
            steady = spec.rates(self.world, given, first, count)[:, np.newaxis]
            course = Course(ends=np.array([self.sends]), rows=np.zeros(1, np.int64), rates=steady)
        if self.shocks is None:
            return course
        names = tuple(arm.name for arm in self.arms)
        return shared_shocks.shaken(course, self.shocks, names, self.seed, first, count)

    @property
    def campaign(self) -> Campaign:
        """What a world may know of the campaign."""
        names = tuple(arm.name for arm in self.arms)
        return Campaign(names, self.sends, self.sends_per_hour, self.sends_between_decisions)

    @property
    def is_steady(self) -> bool:
        """Whether every line keeps its rate for the whole campaign."""
        return self.world_spec.course is None and self.shocks is None

    @property
    def is_segmented(self) -> bool:
        """Whether recipients differ."""
        return len(self.segmentation) > 1

    @property
    def has_history(self) -> bool:
        """Whether counts of an earlier campaign are in it."""
        return any(arm.history is not None for arm in self.arms)

    @property
    def has_money(self) -> bool:
        """Whether conversions have a price."""
        return self.money is not None

    @property
    def counts_complaints(self) -> bool:
        """Whether complaints cost money, so that they are counted along the campaign."""
        return self.money is not None and self.money.unsubscribe_cost > 0 and len(self.complaint_rates) > 0

    @property
    def order_values(self) -> Rates:
        """The mean value of each line's orders, float (K,); zeros where nothing has a price."""
        return order_values(self)

    @property
    def regret_unit(self) -> float:
        """One unit in which regret is summed, in conversions or, where the goal is money, in the account's currency."""
        return REGRET_UNIT if self.goal == "conversions" else MONEY_REGRET_UNIT

    @property
    def is_delayed(self) -> bool:
        """Whether conversions take time to arrive."""
        return DELAYS[self.delay.name].hours is not None

    @property
    def complaint_rates(self) -> Rates:
        """Share of recipients of each line who complain, float (K,); empty when nobody does."""
        rates = np.array([arm.complaint_rate for arm in self.arms])
        return rates if rates.any() else np.zeros(0)

    @property
    def has_endings(self) -> bool:
        """Whether more is to be told of a replication than its counts: anything beyond steady, instant and unguarded."""
        changes = not self.is_steady or self.is_delayed or bool(self.guardrails)
        differs = self.is_segmented or self.has_money or self.recurring is not None
        return changes or differs or len(self.complaint_rates) > 0

    def guardrail(self, name: str) -> Any:
        """Return the parameters of a guardrail, or None when it is off."""
        return next((rail for rail in self.guardrails if rail.name == name), None)

    @property
    def sends_between_decisions(self) -> int:
        """The cadence as a number of sends."""
        if isinstance(self.update_every, int):
            return self.update_every
        return HOURS[self.update_every] * (self.sends_per_hour or 1)

    @property
    def checkpoint_bytes(self) -> int:
        """Bytes that one checkpoint takes in a result's arrays.

        Counts of sends, conversions and, if they can be late, known conversions; credits; regret and revenue.
        """
        a_line = 8 + 4 * self.is_delayed + 8 * (self.recurring is not None)
        extras = self.counts_complaints + self.is_segmented
        return len(self.policies) * self.replications * (a_line * len(self.arms) + 16 + 4 * extras)

    @property
    def checkpoints(self) -> np.ndarray:
        """Cumulative sends, int (C,), at which results are kept: evenly spread, the last is all sends."""
        return spread(self.sends, min(MOST_CHECKPOINTS, self.sends, max(1, ARRAY_BYTES // self.checkpoint_bytes)))

    @property
    def estimated_seconds(self) -> float:
        """Rough seconds that the simulation takes on one core."""
        a_send = sum(spec.cost.nanoseconds(len(self.arms)) for spec in self.specs)
        return (a_send * self.sends + A_CAMPAIGN * len(self.policies)) * self.replications * 1e-9

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _refuse(_duplicates(self.arms))
        _refuse(_label_clash(self.policies))
        _refuse(_clock_problem(self))
        _refuse(_size_problem(self))
        _refuse(_segment_problem(self))
        _refuse(_money_problem(self))
        _refuse(_recurring_problem(self))
        _refuse(_shock_problem(self))
        _refuse(_world_problem(self))
        _refuse(_window_problem(self))
        _refuse(earlier.problem(self))
        _refuse(_guardrail_problem(self))
        return self


def spread(sends: int, count: int) -> np.ndarray:
    """Return `count` evenly spread cumulative sends, int64, the last equal to `sends`.

    >>> spread(10, 3).tolist(), spread(5, 5).tolist()
    ([3, 6, 10], [1, 2, 3, 4, 5])
    """
    return np.arange(1, count + 1, dtype=np.int64) * sends // count


def _plain_numbers(value: Any) -> Any:
    """Turn NumPy's numbers and arrays into Python's, and copy the containers; everything else is left to validation."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, dict):
        return {key: _plain_numbers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_numbers(item) for item in value]
    return value


def _without_defaults(model: BaseModel) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if not field.is_required() and value == field.get_default(call_default_factory=True):
            continue
        if isinstance(value, BaseModel):
            out[name] = _without_defaults(value)
        elif isinstance(value, tuple):
            out[name] = [
                _without_defaults(item) if isinstance(item, BaseModel) else _plain_zero(item) for item in value
            ]
        else:
            out[name] = _plain_zero(value)
    return out


def _plain_zero(value: Any) -> Any:
    """Minus zero is zero."""
    return value + 0.0 if isinstance(value, float) else value


def _default_label(policy: PolicyParameters, among: tuple[PolicyParameters, ...]) -> str:
    if policy.label is not None:
        return policy.label
    title = POLICIES[policy.name].title
    namesakes = [other for other in among if other.name == policy.name and other.label is None]
    settings = [
        _setting(policy, name)
        for name in knobs(type(policy))
        if name not in ("name", "label") and _differs(name, namesakes)
    ]
    return f"{title} ({', '.join(settings)})" if settings else title


def _differs(name: str, policies: list[PolicyParameters]) -> bool:
    return len({getattr(policy, name) for policy in policies}) > 1


def _setting(policy: PolicyParameters, name: str) -> str:
    field = type(policy).model_fields[name]
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    value = getattr(policy, name)
    written = plain(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
    return f"{extra.get('symbol', name.replace('_', ' '))} {written}"


def _unique(policies: tuple[PolicyParameters, ...], labels: list[str]) -> list[str]:
    """Number default labels that are taken: "Thompson sampling", "Thompson sampling 2"."""
    taken = {policy.label for policy in policies if policy.label is not None}
    out = []
    for policy, label in zip(policies, labels, strict=True):
        candidate, number = label, 1
        while policy.label is None and candidate in taken:
            number += 1
            candidate = f"{label} {number}"
        taken.add(candidate)
        out.append(candidate)
    return out


def _refuse(problem: str | None) -> None:
    if problem is not None:
        raise PydanticCustomError("sentence", "{text}", {"text": problem})


def _duplicates(arms: tuple[Arm, ...]) -> str | None:
    name, times = Counter(arm.name for arm in arms).most_common(1)[0]
    if times == 1:
        return None
    return f"arms: got {times} lines named {name!r}; names must differ. Rename one."


def _label_clash(policies: tuple[PolicyParameters, ...]) -> str | None:
    counts = Counter(policy.label for policy in policies if policy.label is not None)
    clash = next((label for label, times in counts.items() if times > 1), None)
    return (
        None if clash is None else f"policies: got the label {clash!r} more than once; labels must differ. Change one."
    )


def _clock_problem(scenario: Scenario) -> str | None:
    if scenario.sends_per_hour is not None:
        return None
    if isinstance(scenario.update_every, str):
        needs = f"update_every = {scenario.update_every!r}"
    elif scenario.is_delayed:
        needs = f"delay = {scenario.delay.name!r}"
    elif scenario.recurring is not None:
        needs = "a recurring campaign"
    else:
        return None
    return f"sends_per_hour: missing; {needs} needs it. Enter how many e-mails leave in an hour."


def _segment_problem(scenario: Scenario) -> str | None:
    lines = len(scenario.arms)
    for dimension, groups in scenario.segments.dimensions.items():
        for place, group in enumerate(groups):
            if group.multipliers and len(group.multipliers) != lines:
                return (
                    f"segments.{dimension}.{place}.multipliers: got {len(group.multipliers)}; there are {lines} lines. "
                    f"Give one for each line, or none."
                )
    return None


def _money_problem(scenario: Scenario) -> str | None:
    if scenario.goal != "conversions" and scenario.money is None:
        return f"money: missing; goal = {scenario.goal!r} needs it. Enter what an order is worth."
    for place, arm in enumerate(scenario.arms):
        if arm.order_value is not None and scenario.money is None:
            return f"arms.{place}.order_value: got {plain(arm.order_value)}, and money is missing. Add money, or leave it out."
    return None


def _recurring_problem(scenario: Scenario) -> str | None:
    if scenario.recurring is not None and scenario.world.name == "inflated_opens":
        return (
            "recurring: got a credit rule, and world = 'inflated_opens', where policies are told of opens; an open belongs "
            "to its own e-mail, there is nothing to credit. Choose another world, or send everybody one e-mail."
        )
    return None


def _shock_problem(scenario: Scenario) -> str | None:
    names = tuple(arm.name for arm in scenario.arms)
    return None if scenario.shocks is None else shared_shocks.problem(scenario.shocks, names, scenario.sends)


def _world_problem(scenario: Scenario) -> str | None:
    spec = scenario.world_spec
    return None if spec.problem is None else spec.problem(scenario.world, scenario.campaign)


def _window_problem(scenario: Scenario) -> str | None:
    """Refuse a memory that has forgotten everything by the time the policy may decide again."""
    every = scenario.sends_between_decisions
    fewest = min(every, scenario.sends)
    for place, policy in enumerate(scenario.policies):
        window = getattr(policy, "window", None)
        if window is not None and window < fewest:
            return (
                f"policies.{place}.window: got {window:,}; it decides every {every:,} sends (update_every), so a shorter "
                f"memory is partly forgotten unused. Enter {fewest:,} or more, or decide more often."
            )
    return None


def _guardrail_problem(scenario: Scenario) -> str | None:
    counts = Counter(rail.name for rail in scenario.guardrails)
    twice = next((name for name, times in counts.items() if times > 1), None)
    if twice is not None:
        return f"guardrails: got {twice} {counts[twice]} times; each can be there once. Remove one."
    for place, rail in enumerate(scenario.guardrails):
        problem = GUARDRAILS[rail.name].problem
        text = None if problem is None else problem(rail, scenario)
        if text is not None:
            return f"guardrails.{place}.{text}"
    return None


def _size_problem(scenario: Scenario) -> str | None:
    if scenario.checkpoint_bytes <= ARRAY_BYTES:
        return None
    fits = ARRAY_BYTES * scenario.replications // scenario.checkpoint_bytes
    return (
        f"replications: got {scenario.replications:,}; with {len(scenario.policies)} policies and "
        f"{len(scenario.arms)} lines at most {fits:,} fit in memory. Enter {fits:,} or fewer."
    )
