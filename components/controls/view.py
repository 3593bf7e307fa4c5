"""What the panel is made from: a draft, what is wrong with it, and which of its settings matter now."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from components import wording
from components import wording_audiences as kinds
from components import wording_worlds as worlds
from components.controls.audiences import dimensions_of, nothing_left
from components.controls.draft import Draft, settings_of
from components.controls.field import is_slider
from engine import GUARDRAILS, WORLDS, Scenario, ScenarioError
from engine.catalogue import DELAYS
from engine.drawn_rates import DrawnRates
from engine.fields import Knob, knobs
from engine.scenario import FEWEST_ARMS

RATES_KNOBS = frozenset(knobs(DrawnRates)) - {"name"}
"""What decides the rates that are left empty, in every world."""


@dataclass(frozen=True)
class View:
    """What the panel is made from: a draft, whether its lines are being edited, and the most policies it may have."""

    draft: Draft
    most_policies: int
    editing: bool = False
    has_campaigns: bool = False

    @cached_property
    def _validated(self) -> tuple[Scenario | None, dict[str, str]]:
        try:
            return Scenario.from_dict(self.draft), {}
        except ScenarioError as error:
            return None, error.problems

    @property
    def scenario(self) -> Scenario | None:
        """The valid scenario, if it is one."""
        return self._validated[0]

    @cached_property
    def drawn(self) -> list[float]:
        """The rates that the world draws for lines without one, whatever else is wrong; empty when the world is."""
        known = [arm.get("history") for arm in self.draft["arms"]]
        known += [None] * (FEWEST_ARMS - len(known))
        lines = [{"name": str(place), "history": history} for place, history in enumerate(known)]
        drawing = {name: value for name, value in self.draft["world"].items() if name in RATES_KNOBS}
        alone = {"arms": lines, "world": drawing | {"name": "stationary"}, "policies": [{"name": "ab_split"}]}
        try:
            return [float(rate) for rate in Scenario.from_dict(alone).rates()[0]]
        except ScenarioError:
            return []

    @cached_property
    def labels(self) -> list[str]:
        """The policies' names; plain titles while something is wrong with them."""
        if self.scenario is not None:
            return list(self.scenario.labels)
        return [policy.get("label") or wording.policy_title(policy["name"]) for policy in self.draft["policies"]]

    @cached_property
    def _placed(self) -> tuple[dict[str, str], str]:
        errors, homeless = _place_problems(self._validated[1], _error_places(self))
        return errors | _shares_problems(self), homeless

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong, by the place in the panel where it is told."""
        return self._placed[0]

    @property
    def homeless(self) -> str:
        """What is wrong and has no place in the panel; empty when nothing is."""
        return self._placed[1]

    @cached_property
    def sliders(self) -> dict[str, tuple[int, Knob]]:
        """The shares between 0 and 1 by their path: the policy's place and the setting."""
        return {
            f"policies.{place}.{name}": (place, knob)
            for place in range(len(self.draft["policies"]))
            for name, knob in settings_of(self.draft, place).items()
            if is_slider(knob)
        }

    def rest_of(self, place: int) -> dict[str, Knob]:
        """The settings of a policy that are no sliders."""
        return {name: knob for name, knob in settings_of(self.draft, place).items() if not is_slider(knob)}

    @cached_property
    def rates(self) -> dict[str, Knob]:
        """The settings that matter now of how rates left empty are drawn."""
        return {name: knob for name, knob in self._world.items() if name in RATES_KNOBS}

    @cached_property
    def world(self) -> dict[str, Knob]:
        """The settings of how rates behave that matter now; lists are for links and programs."""
        return {name: knob for name, knob in self._world.items() if name not in RATES_KNOBS and knob.kind != "list"}

    @cached_property
    def lists(self) -> dict[str, int]:
        """How many entries the lists of the world have that a link or a program has filled."""
        world = self.draft["world"]
        return {name: len(world[name]) for name, knob in self._world.items() if knob.kind == "list" and world[name]}

    @cached_property
    def _world(self) -> dict[str, Knob]:
        return relevant(WORLDS, self.draft["world"])

    @cached_property
    def delay(self) -> dict[str, Knob]:
        """The settings of late conversions that matter now."""
        return relevant(DELAYS, self.draft["delay"])

    def guardrail(self, place: int) -> dict[str, Knob]:
        """The settings of a guardrail."""
        return relevant(GUARDRAILS, self.draft["guardrails"][place])

    @cached_property
    def groups(self) -> dict[str, list[dict[str, Any]]]:
        """The groups of recipients of every split that is there."""
        return dimensions_of(self.draft)

    @property
    def has_money(self) -> bool:
        """Whether orders have a value."""
        return self.draft["money"] is not None

    @property
    def looks_at_complaints(self) -> bool:
        """Whether complaints matter: to a rule, or because they cost money."""
        ruled = any(rail["name"] == "pause_rule" for rail in self.draft["guardrails"])
        return ruled or self.complaints_cost

    @property
    def complaints_cost(self) -> bool:
        """Whether a recipient who complains costs money."""
        cost = self.draft["money"]["unsubscribe_cost"] if self.has_money else None
        return isinstance(cost, int | float) and cost > 0

    @property
    def draws_complaints(self) -> bool:
        """Whether any line has complaints."""
        return any(arm["complaint_rate"] for arm in self.draft["arms"])

    @property
    def arm_settings(self) -> tuple[str, ...]:
        """What can be typed about a line."""
        more = {"order_value": self.has_money, "complaint_rate": self.looks_at_complaints}
        return ("name", "rate", *(name for name, matters in more.items() if matters))


def relevant(family: Any, settings: dict[str, Any]) -> dict[str, Knob]:
    """Return the knobs of a member of a family that matter at these settings."""
    found = knobs(family[settings["name"]].parameters)
    return {name: knob for name, knob in found.items() if name != "name" and _is_relevant(knob, settings)}


def _is_relevant(knob: Knob, settings: dict[str, Any]) -> bool:
    return knob.relevant_when is None or settings.get(knob.relevant_when[0]) == knob.relevant_when[1]


def _place_problems(problems: dict[str, str], places: list[str]) -> tuple[dict[str, str], str]:
    """Put each problem at the nearest place that there is for it; what has none is told above the verdict."""
    errors: dict[str, str] = {}
    homeless: list[str] = []
    for path, text in problems.items():
        parts = path.split(".")
        above = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
        nearest = next((place for place in above if place in places), None)
        if nearest is None:
            homeless.append(f"{path}: {text}")
        else:
            errors.setdefault(nearest, worlds.problem(path, text))
    return errors, " ".join(homeless)


def _shares_problems(view: View) -> dict[str, str]:
    """What is wrong with splits whose groups leave nothing to the last, at each of them."""
    return {
        f"segments.{name}": kinds.nothing_left(groups[-1]["name"], len(groups) - 1, groups[-1]["share"])
        for name, groups in view.groups.items()
        if nothing_left(groups)
    }


def _error_places(view: View) -> list[str]:
    draft = view.draft
    return [
        "arms",
        *(f"arms.{place}.{name}" for place in range(len(draft["arms"])) for name in view.arm_settings if view.editing),
        "policies",
        *(f"policies.{place}.{name}" for place in range(len(draft["policies"])) for name in settings_of(draft, place)),
        "sends",
        "seed",
        *(["replications"] if view.has_campaigns else []),
        *(f"world.{name}" for name in (*view.rates, *view.world, *view.lists)),
        *(f"delay.{name}" for name in view.delay),
        *_segment_places(view),
        "goal",
        *_settings_places(view, "money"),
        *_settings_places(view, "recurring"),
        *_settings_places(view, "shocks"),
        "sends_per_hour",
        "update_every",
        "guardrails",
        *(f"guardrails.{place}.{name}" for place in range(len(draft["guardrails"])) for name in view.guardrail(place)),
    ]


def _segment_places(view: View) -> list[str]:
    """The last group's share is no field: what is wrong with it is told at the split."""
    lines = range(len(view.draft["arms"]))
    places = ["segments"]
    for dimension, groups in view.groups.items():
        places.append(f"segments.{dimension}")
        for place in range(len(groups)):
            at = f"segments.{dimension}.{place}"
            share = [f"{at}.share"] if place < len(groups) - 1 else []
            places += [f"{at}.name", *share, f"{at}.multiplier", *(f"{at}.multipliers.{line}" for line in lines)]
    return places


def _settings_places(view: View, part: str) -> list[str]:
    """A part that is on or off, and its settings."""
    return [part, *(f"{part}.{name}" for name in view.draft[part] or ())]
