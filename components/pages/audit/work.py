"""The log that the page is about: which policy, which campaign, the job that makes it, and what is said of it."""

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import orjson

from engine import Scenario, ScenarioError
from engine.cache import shared
from engine.jobs import State, Status
from engine.logs.parts import LogOf
from engine.logs.store import LogStore
from engine.logs.work import LogSummary, LogWork

POLICY = "policy"
CAMPAIGN = "campaign"
"""Their names in the address; either is counted from 1 there, as on the page."""


class Audited(NamedTuple):
    """A campaign of a policy, by their places from 0."""

    scenario: Scenario
    policy: int
    campaign: int

    @property
    def label(self) -> str:
        """The policy's name."""
        return self.scenario.labels[self.policy]

    @property
    def log(self) -> LogOf:
        """The log of that campaign."""
        return LogOf.of(self.scenario, self.policy, self.campaign)

    @property
    def work(self) -> LogWork:
        """The job that makes it."""
        return LogWork(self.log, shared())

    @property
    def store(self) -> LogStore:
        """What is kept of it."""
        return LogStore(self.log, shared())

    def stored(self) -> dict[str, Any]:
        """The same as the page keeps it."""
        return {"scenario": self.scenario.to_dict(), POLICY: self.policy, CAMPAIGN: self.campaign}


def audited(scenario: Scenario, chosen: Any) -> Audited:
    """The campaign that the visitor chose, as far as the scenario has it; else the first of the first that learns."""
    policy, campaign = (_place(chosen, of) for of in (POLICY, CAMPAIGN))
    known = policy is not None and policy < len(scenario.policies)
    first = policy if known and policy is not None else _first_that_learns(scenario)
    is_there = campaign is not None and campaign < scenario.replications
    return Audited(scenario, first, campaign if is_there and campaign is not None else 0)


def from_address(query: Mapping[str, Any]) -> dict[str, int]:
    """What an address chooses; what is no number chooses nothing."""
    asked = {of: query.get(of) for of in (POLICY, CAMPAIGN)}
    longest = 7
    return {
        of: int(text) - 1
        for of, text in asked.items()
        if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= longest and int(text) > 0
    }


def from_store(stored: Any) -> Audited | None:
    """The campaign that the page keeps; None where it keeps none."""
    if not isinstance(stored, dict):
        return None
    try:
        return audited(Scenario.from_dict(stored["scenario"]), stored)
    except (ScenarioError, KeyError, TypeError):
        return None


def said(status: Status | None) -> LogSummary | None:
    """What is said of a log that is complete; None before."""
    if status is None or status.state is not State.FINISHED:
        return None
    return cast(LogSummary, orjson.loads(status.content)[-1])


def _place(chosen: Any, of: str) -> int | None:
    value = chosen.get(of) if isinstance(chosen, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _first_that_learns(scenario: Scenario) -> int:
    learning = [place for place, policy in enumerate(scenario.policies) if policy.name not in ("ab_split", "oracle")]
    return learning[0] if learning else 0
