"""Courses for tests: any world with any settings that it allows, in any small campaign."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

import engine
from engine.fields import knobs
from engine.world import Campaign, Course, Rates, WorldParameters
from tests.engine.scenarios import rates, values

IN_ORDER = (("low", "high"), ("click_low", "click_high"))
NAMES = tuple(f"line {place}" for place in range(64))


def campaign(sends: int, lines: int = 2, sends_per_hour: int | None = None) -> Campaign:
    """A campaign whose lines are called "line 0", "line 1" and so on."""
    return Campaign(NAMES[:lines], sends, sends_per_hour, 1)


@dataclass(frozen=True)
class Case:
    """A world's settings, the lines' own rates, and the campaign."""

    parameters: WorldParameters
    given: list[float | None]
    campaign: Campaign

    def course(self, first: int = 0, count: int = 1) -> Course:
        """How rates run in some replications."""
        made = engine.WORLDS[self.parameters.name].course
        assert made is not None
        return made(self.parameters, self.given, self.campaign, first, count)

    def rates(self, first: int = 0, count: int = 1) -> Rates:
        """Rates at the first send."""
        return engine.WORLDS[self.parameters.name].rates(self.parameters, self.given, first, count)

    def problem(self) -> str | None:
        """What is wrong with these settings in this campaign."""
        found = engine.WORLDS[self.parameters.name].problem
        return None if found is None else found(self.parameters, self.campaign)


def case(world: str, given: list[float | None], sends: int, *, pace: int | None = None, **settings: Any) -> Case:
    """A world with some settings in a campaign of so many sends."""
    parameters = engine.WORLDS[world].parameters.model_validate({"name": world, **settings})
    return Case(parameters, given, campaign(sends, len(given), pace))


def each_send(course: Course) -> NDArray[np.int64]:
    """The row that holds at each send."""
    return np.repeat(course.rows, np.diff(course.ends, prepend=0))


def changes(lines: int, sends: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Changes of rates that fit into a campaign."""
    if sends == 1:
        return st.just([])
    one = st.fixed_dictionaries(
        {"arm": st.sampled_from(NAMES[:lines]), "at": st.integers(1, sends - 1), "rate": st.floats(0, 1)}
    )
    return st.lists(one, max_size=6, unique_by=lambda change: (change["arm"], change["at"]))


@st.composite
def schedules(draw: st.DrawFn, lines: int, sends: int) -> list[dict[str, Any]]:
    """Stays that fit into a campaign; the first line is not named, so that one is always there."""
    out = []
    for line in draw(st.lists(st.sampled_from(NAMES[1:lines]), unique=True, max_size=5)):
        inside = st.lists(st.integers(0, sends - 1), unique=True, max_size=4)
        moments: list[int | None] = [*sorted(draw(inside))]
        moments += [None] * (len(moments) % 2)
        stays = zip(moments[::2], moments[1::2], strict=True)
        out += [{"arm": line, "joins": joins, "leaves": leaves} for joins, leaves in stays]
    return out


def at_random(name: str, lines: int, sends: int) -> st.SearchStrategy[dict[str, Any]]:
    """Settings of a world, each anything that it may be."""
    lists: dict[str, Any] = {"changes": changes(lines, sends), "schedule": schedules(lines, sends)}
    free = {
        setting: lists[setting] if knob.kind == "list" else values(knob)
        for setting, knob in knobs(engine.WORLDS[name].parameters).items()
        if setting != "name"
    }
    return st.fixed_dictionaries({"name": st.just(name), **free}).map(_ordered)


def _ordered(settings: dict[str, Any]) -> dict[str, Any]:
    pairs = [pair for pair in IN_ORDER if pair[0] in settings]
    return settings | {
        name: value for pair in pairs for name, value in zip(pair, sorted(settings[name] for name in pair), strict=True)
    }


@st.composite
def cases(draw: st.DrawFn, name: str) -> Case:
    """A world that goes with its campaign."""
    lines = draw(st.integers(2, 6) | st.just(64))
    sends = draw(st.integers(1, 400) | st.just(100_000))
    pace = draw(st.integers(max(1, sends // 400), sends + 1))
    settings = draw(at_random(name, lines, sends))
    for count in ("newcomers", "random_changes"):
        if count in settings:
            settings[count] = min(settings[count], sends - 1, lines - 1 if count == "newcomers" else sends)
    given = draw(st.lists(st.none() | rates, min_size=lines, max_size=lines))
    parameters = engine.WORLDS[name].parameters.model_validate(settings)
    return Case(parameters, given, campaign(sends, lines, pace))
