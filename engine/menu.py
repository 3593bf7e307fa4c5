"""A menu of guardrails that teams usually take, each priced alone for one policy, and some of them together.

The price of an entry is paired by campaign: the scenario with it against the same scenario without any of its kind, so a
minimum share of 5% is priced against none even where the scenario has one of 2%. All else, other guardrails of the
scenario included, stays. Together is measured on its own, against none at all.

>>> from engine.presets import PRESETS
>>> menu = menu_of(PRESETS["classic"].scenario, policy=1)
>>> [item.name for item in menu.items][:3], len(menu.scenarios)
(['stop_rule', 'cadence', 'burn_in'], 9)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypedDict

import numpy as np

from engine.catalogue import GUARDRAILS
from engine.comparison import Estimate, estimate
from engine.errors import ScenarioError
from engine.inference import LEVEL
from engine.money import Goal
from engine.result import Result
from engine.scenario import Scenario
from engine.stresses import week_long_pace

CADENCE: Final = "cadence"
"""Stands for "decide again every ...", which is no guardrail of its own."""
OWN: Final = "own-"
"""What the names of the scenario's own entries start with."""
CAMPAIGNS: Final = 400
FEWEST: Final = 2

USUAL: Final[tuple[dict[str, Any], ...]] = (
    {"name": "stop_rule", "by": "chance", "chance": 0.95},
    {"name": CADENCE, "update_every": "hourly"},
    {"name": "burn_in", "sends": 100},
    {"name": "holdout", "share": 0.05},
    {"name": "maximum_share", "share": 0.8},
    {"name": "minimum_share", "share": 0.02},
    {"name": "minimum_share", "share": 0.05},
    {"name": "minimum_share", "share": 0.1},
    {"name": "segment_fairness", "share": 0.05},
    {"name": "frequency_cap", "most": 3, "hours": 168.0},
)
"""Those that need segments or a recurring campaign are left out elsewhere."""
TICKED: Final = ("burn_in", "holdout", "minimum_share-0.02")
"""What is taken together at first where the scenario has no guardrails of its own."""


@dataclass(frozen=True)
class Item:
    """One entry: its name, unique in the menu, its settings, and whether the scenario has it already.

    `with_it` and `without` are places among the menu's scenarios, None where the scenario leaves no room for it, which
    `reason` says.
    """

    name: str
    settings: dict[str, Any]
    is_own: bool
    with_it: int | None
    without: int | None
    reason: str = ""

    @property
    def kind(self) -> str:
        """The guardrail's name, or that of the cadence."""
        return str(self.settings["name"])


class PricedItem(TypedDict):
    """An entry with its price."""

    name: str
    kind: str
    settings: dict[str, Any]
    is_own: bool
    reason: str
    change: Estimate | None  # in the unit of the goal a campaign, with it minus without it; null until it is simulated


class MenuPrices(TypedDict):
    """The menu, as far as it is simulated."""

    goal: Goal
    campaigns: int
    sends: int
    level: float
    policy: str  # its label
    slug: str
    pace: int | None  # sends per hour that the cadence had to choose
    items: list[PricedItem]


class Together(TypedDict):
    """What some entries change together, and the sum of what each changes alone."""

    names: list[str]
    change: Estimate
    total: float | None  # null while a price is missing


@dataclass(frozen=True)
class Menu:
    """Everything to simulate for one policy."""

    asked: Scenario  # with that policy alone
    items: tuple[Item, ...]
    scenarios: tuple[Scenario, ...]
    pace: int | None

    def chosen(self, names: Sequence[str]) -> list[Item]:
        """The entries with these names that are possible, in the menu's order; of a kind, the one that is named last."""
        possible = {item.name: item for item in self.items if item.with_it is not None}
        last = {possible[name].kind: name for name in names if name in possible}
        return [item for item in self.items if item.name in last.values()]

    @property
    def usual_choice(self) -> list[str]:
        """The entries that are taken together before anybody has chosen: the scenario's own, if it has any."""
        own = [item.name for item in self.items if item.is_own]
        return [item.name for item in self.chosen(own or TICKED)]


def menu_of(scenario: Scenario, policy: int) -> Menu:
    """Return the menu for one of a scenario's policies: what the scenario has itself, then what is usual beside it."""
    raw = scenario.to_dict()["policies"][policy]
    campaigns = max(FEWEST, min(CAMPAIGNS, scenario.replications))
    asked = scenario.with_changes(policies=[raw], replications=campaigns)
    own = _own(asked)
    places: dict[Scenario, int] = {}
    sensible = [one for one in USUAL if _makes_sense(asked, one["name"])]
    usual = [one for one in sensible if not any(_is_same(asked, one, mine) for mine in own)]
    items = [_item(asked, one, f"{OWN}{one['name']}", places) for one in own]
    items += [_item(asked, one, _name(one), places) for one in usual]
    return Menu(asked, tuple(items), tuple(places), None if asked.sends_per_hour else week_long_pace(asked))


def measure_menu(result: Result) -> list[float]:
    """Return what the policy got in each campaign, in the unit of the goal."""
    totals: list[float] = result.totals[0].tolist()
    return totals


def put_menu_together(menu: Menu, label: str, found: Sequence[list[float] | None]) -> MenuPrices:
    """Return the menu with the prices that are there; `found` is what `measure_menu` told of its scenarios, in order."""
    return {
        "goal": menu.asked.goal,
        "campaigns": menu.asked.replications,
        "sends": menu.asked.sends,
        "level": LEVEL,
        "policy": label,
        "slug": menu.asked.policies[0].name,
        "pace": menu.pace,
        "items": [
            {
                "name": item.name,
                "kind": item.kind,
                "settings": {key: value for key, value in item.settings.items() if key != "name"},
                "is_own": item.is_own,
                "reason": item.reason,
                "change": _change(found, item),
            }
            for item in menu.items
        ],
    }


def together_scenarios(menu: Menu, names: Sequence[str]) -> tuple[Scenario, Scenario] | None:
    """Return the scenario with just these entries and with none; None where they do not go together or there are none."""
    chosen = menu.chosen(names)
    if not chosen:
        return None
    try:
        return with_items(menu.asked, chosen), _bare(menu.asked)
    except ScenarioError:
        return None


def put_on(scenario: Scenario, menu: Menu, names: Sequence[str]) -> Scenario:
    """Return the scenario, with all its policies, guarded by just these entries.

    Raises:
        ScenarioError: they do not go together.
    """
    return with_items(scenario, menu.chosen(names))


def priced_together(menu: Menu, prices: MenuPrices, names: Sequence[str], found: Sequence[list[float]]) -> Together:
    """Return what entries cost together, from what `measure_menu` told with them and with none."""
    chosen = [item.name for item in menu.chosen(names)]
    changes = [item["change"] for item in prices["items"] if item["name"] in chosen]
    known = [change["mean"] for change in changes if change is not None]
    with_them, none = (np.array(totals) for totals in found)
    return {
        "names": chosen,
        "change": estimate(np.round(with_them - none, 2)),
        "total": sum(known) if len(known) == len(changes) else None,
    }


def with_items(scenario: Scenario, items: Sequence[Item]) -> Scenario:
    """Return a scenario with just these entries."""
    rails = [item.settings for item in items if item.kind != CADENCE]
    rhythm = next((_rhythm(scenario, item.settings) for item in items if item.kind == CADENCE), {"update_every": 1})
    return scenario.with_changes(guardrails=rails, **rhythm)


def _bare(scenario: Scenario) -> Scenario:
    return scenario.with_changes(guardrails=[], update_every=1)


def _own(scenario: Scenario) -> list[dict[str, Any]]:
    rails: list[dict[str, Any]] = scenario.to_dict()["guardrails"]
    return rails if scenario.update_every == 1 else [{"name": CADENCE, "update_every": scenario.update_every}, *rails]


def _makes_sense(scenario: Scenario, name: str) -> bool:
    has = {"": True, "recurring": scenario.recurring is not None, "segments": scenario.is_segmented}
    return name == CADENCE or has[GUARDRAILS[name].needs]


def _is_same(scenario: Scenario, usual: dict[str, Any], own: dict[str, Any]) -> bool:
    """Return whether an entry is what the scenario has: the settings that it leaves out are the defaults."""
    if usual["name"] != own["name"] or usual["name"] == CADENCE:
        return usual == own
    try:
        return bool(scenario.with_changes(guardrails=[usual]).to_dict()["guardrails"][0] == own)
    except ScenarioError:
        return False


def _item(scenario: Scenario, settings: dict[str, Any], name: str, places: dict[Scenario, int]) -> Item:
    is_own = name.startswith(OWN)
    try:
        without, with_it = _pair(scenario, settings)
    except ScenarioError as error:
        return Item(name, settings, is_own, None, None, str(error).splitlines()[0])
    numbers = [places.setdefault(one, len(places)) for one in (without, with_it)]
    return Item(name, settings, is_own, with_it=numbers[1], without=numbers[0])


def _name(settings: dict[str, Any]) -> str:
    """A name that stays: the kind, with the share where several of a kind are usual."""
    kind = str(settings["name"])
    is_alone = sum(one["name"] == kind for one in USUAL) == 1
    return kind if is_alone else f"{kind}-{settings['share']:g}"


def _pair(scenario: Scenario, settings: dict[str, Any]) -> tuple[Scenario, Scenario]:
    """Return the scenario without any of a kind, and with this one."""
    if settings["name"] == CADENCE:
        return scenario.with_changes(update_every=1), scenario.with_changes(**_rhythm(scenario, settings))
    others = [rail for rail in scenario.to_dict()["guardrails"] if rail["name"] != settings["name"]]
    return scenario.with_changes(guardrails=others), scenario.with_changes(guardrails=[*others, settings])


def _rhythm(scenario: Scenario, settings: dict[str, Any]) -> dict[str, Any]:
    pace = {} if scenario.sends_per_hour else {"sends_per_hour": week_long_pace(scenario)}
    return {"update_every": settings["update_every"]} | (pace if isinstance(settings["update_every"], str) else {})


def _change(found: Sequence[list[float] | None], item: Item) -> Estimate | None:
    if item.with_it is None or item.without is None:
        return None
    numbers = [found[place] if place < len(found) else None for place in (item.with_it, item.without)]
    if numbers[0] is None or numbers[1] is None:
        return None
    return estimate(np.round(np.array(numbers[0]) - np.array(numbers[1]), 2))
