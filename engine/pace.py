"""A send that is over before anybody could learn from it, and a pace at which a policy can.

A policy that waits for answers can use the first of them when most have come. A send that ends earlier teaches nothing
in time, whatever the policy. The pace that is advised makes the send twice as long as that wait: half of the recipients
are then still to come when most answers to the first e-mails are known. It is rounded up to a time that people name.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A"}, {"name": "B"}], "policies": [{"name": "thompson"}], "sends": 10_000,
...     "delay": {"name": "log_normal", "median_hours": 1.5, "spread": 3.0}, "sends_per_hour": 30_000})
>>> found = hurry(scenario)
>>> round(found.known_hours, 1), found.paced_hours, found.sends_per_hour
(3.8, 8, 1250)
>>> hurry(scenario.with_changes(sends_per_hour=found.sends_per_hour)) is None
True
"""

import math
from dataclasses import dataclass
from typing import Any

from engine.catalogue import DELAYS
from engine.scenario import HOURS, Scenario

MOST_REPLIES = 0.8
"""Share of the replies inside the window that counts as most."""
TIMES_THE_WAIT = 2
NAMED_HOURS = (0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 96, 120, 168)
_WEEK = 168
_HALVINGS = 60


@dataclass(frozen=True)
class Hurry:
    """A send that ends before a policy can learn.

    `known_hours` is how long most replies to an e-mail take until they count; `decision_hours` how long the send takes
    until the first decision. `paced_hours` and `sends_per_hour` are a pace that helps; None when none does.
    """

    send_hours: float
    known_hours: float
    decision_hours: float
    paced_hours: float | None
    sends_per_hour: int | None

    @property
    def waits_for_replies(self) -> bool:
        """Whether it is the replies that come too late, and not the first decision."""
        return self.known_hours > self.send_hours


def hurry(scenario: Scenario) -> Hurry | None:
    """Return what is wrong with the pace of a campaign whose conversions are late, or None."""
    if not scenario.is_delayed or scenario.sends_per_hour is None or not _anybody_learns(scenario):
        return None
    send_hours = scenario.sends / scenario.sends_per_hour
    decision_hours = scenario.sends_between_decisions / scenario.sends_per_hour
    known_hours = hours_until_known(scenario)
    if known_hours <= send_hours and decision_hours < send_hours:
        return None
    paced_hours = _named(TIMES_THE_WAIT * max(known_hours, HOURS.get(str(scenario.update_every), 0)))
    pace = int(scenario.sends / paced_hours)
    helps = pace >= 1 and (isinstance(scenario.update_every, str) or scenario.update_every < scenario.sends)
    return Hurry(send_hours, known_hours, decision_hours, paced_hours if helps else None, pace if helps else None)


def _anybody_learns(scenario: Scenario) -> bool:
    """Whether a policy waits for replies at all: the even split never does, nor do references."""
    return any(spec.name != "ab_split" and not spec.is_reference for spec in scenario.specs)


def hours_until_known(scenario: Scenario) -> float:
    """Return the hours after which most replies that ever count do so."""
    waiting: Any = scenario.delay
    if waiting.learn_when == "window_closed":
        return float(waiting.window_hours)
    share_within: Any = DELAYS[waiting.name].share_within
    wanted = MOST_REPLIES * share_within(waiting, waiting.window_hours)
    low, high = 0.0, float(waiting.window_hours)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if share_within(waiting, middle) >= wanted else (middle, high)
    return high


def _named(hours: float) -> float:
    """Round up to a time that people name.

    >>> _named(7.6), _named(0.1), _named(400.0)
    (8, 0.25, 504)
    """
    return next((named for named in NAMED_HOURS if named >= hours), _WEEK * math.ceil(hours / _WEEK))
