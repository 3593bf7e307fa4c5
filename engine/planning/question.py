"""A plan's question: a scenario, what is wanted of it, and every scenario that must be simulated to answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from engine.planning.aims import Aims
from engine.planning.proof import Proven, proofs_of
from engine.planning.sizes import sizes_of
from engine.planning.spreads import Spaced, spaced
from engine.scenario import Scenario
from engine.stress import contestants_of

MOST_BESIDE: Final = 600
"""Campaigns of each scenario beside the sizes, if all of them then take no longer than the sizes."""
FEWEST: Final = 100
BESIDE: Final = 20
"""Scenarios beside the sizes, twice over: together they take half as long."""
LOOKS_FOR: Final = (0.95, 0.995)
"""Sizes are chosen for one of these targets, so that a plan with another target needs no other simulations."""

Part = Literal["size", "spread", "proof"]


@dataclass(frozen=True)
class Place:
    """Where the answer of a scenario belongs."""

    part: Part
    number: int  # among the sizes, spreads or proofs


@dataclass(frozen=True)
class Question:
    """A scenario and what is wanted of it; equal ones ask for the same simulations."""

    scenario: Scenario  # with an even split beside its policies
    aims: Aims
    asked: Scenario  # as it was asked for

    @classmethod
    def of(cls, scenario: Scenario, aims: Aims | None = None) -> "Question":
        """Return the question of a scenario, to whose policies an even split is added where there is none."""
        return cls(contestants_of(scenario), aims or Aims(), scenario)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The numbers of sends at which the plan looks, ascending."""
        return sizes_of(self.scenario, LOOKS_FOR[0] if self.aims.right <= LOOKS_FOR[0] else LOOKS_FOR[1])

    @cached_property
    def spreads(self) -> tuple[Spaced, ...]:
        """The list's sends, spread over time."""
        return tuple(spaced(self._beside))

    @cached_property
    def proofs(self) -> tuple[Proven, ...]:
        """The list's sends, with each way to prove the gain."""
        return tuple(proofs_of(self._beside))

    @cached_property
    def scenarios(self) -> tuple[tuple[Place, Scenario], ...]:
        """All that is simulated, in this order: the list itself, the sizes, then what is beside them."""
        own = self.sizes.index(self.scenario.sends)
        order = [own, *(number for number in range(len(self.sizes)) if number != own)]
        sizes = [(Place("size", number), self._at(self.sizes[number])) for number in order]
        return (*sizes, *_numbered("spread", self.spreads), *_numbered("proof", self.proofs))

    @cached_property
    def _beside(self) -> Scenario:
        """The scenario in as many campaigns as are affordable beside the sizes."""
        a_campaign = len(self.scenario.policies) * self.scenario.sends
        of_sizes = self.scenario.replications * len(self.scenario.policies) * sum(self.sizes)
        one_beside = BESIDE * a_campaign
        campaigns = max(FEWEST, min(MOST_BESIDE, of_sizes // one_beside))
        return self.scenario.with_changes(replications=min(campaigns, max(2, self.scenario.replications)))

    def _at(self, sends: int) -> Scenario:
        return self.scenario if sends == self.scenario.sends else self.scenario.with_changes(sends=sends)


def _numbered(part: Part, found: Iterable[Spaced | Proven]) -> list[tuple[Place, Scenario]]:
    return [(Place(part, number), one.scenario) for number, one in enumerate(found) if one.scenario is not None]
