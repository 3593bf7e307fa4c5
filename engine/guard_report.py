"""What guardrails did in one campaign: which share of the sends they decided, and what was measured beside the policy."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np

from engine.inference import LEVEL, wilson_interval
from engine.rails import BY_RANK, TOLD_APART
from engine.result import Result
from engine.scenario import Scenario
from engine.simulation import Trace, simulate, traces

_LAST_OWN = 5
"""A policy's leader is the line that got most of the last fifth of its own sends."""


class Decided(TypedDict):
    """How many sends one guardrail decided."""

    guardrail: str
    title: str
    sends: int


class Apart(TypedDict):
    """The recipients that a guardrail took, analysed alone; lists of K."""

    guardrail: str
    title: str
    sends: list[int]
    conversions: list[int]
    low: list[float | None]  # 90% interval of the rate, None without sends
    high: list[float | None]
    best: int | None  # the line with the best observed rate; None where none or several have it
    is_clear: bool  # whether its interval lies above those of all others


class Paused(TypedDict):
    """A line that was taken out of the campaign."""

    line: int
    after: int  # sends of the campaign
    sends: int  # of the line
    complaints: int


class Stopped(TypedDict):
    """The end of the test: the rest went to the winner."""

    after: int
    winner: int


class Guarded(TypedDict):
    """What guardrails did to one policy."""

    label: str
    sends: int  # e-mails
    left_out: int  # contacts that got none
    decided: list[Decided]
    leader: int | None  # the line that the policy itself favoured in the end; None where it had none
    apart: list[Apart]
    paused: list[Paused]
    stopped: Stopped | None


class GuardReport(TypedDict):
    """What the guardrails of the scenario did to each policy."""

    level: float
    limit: float | None  # share of complaints above which a line is paused
    policies: list[Guarded]


def guard_report(scenario: Scenario, replication: int = 0, ran: Sequence[Trace] | None = None) -> GuardReport | None:
    """Return what the guardrails did in one campaign, in plain JSON types; None when none is on.

    `ran` holds the policies' traces of this replication where they are known already.

    >>> scenario = Scenario.from_dict({
    ...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}], "policies": [{"name": "thompson"}],
    ...     "guardrails": [{"name": "holdout", "share": 0.2}], "sends": 5000})
    >>> policy = guard_report(scenario)["policies"][0]
    >>> policy["decided"][0]["title"], policy["decided"][0]["sends"] == sum(policy["apart"][0]["sends"])
    ('Holdout', True)
    >>> policy["apart"][0]["best"] == policy["leader"] == 1
    True
    """
    if not scenario.guardrails:
        return None
    every = list(ran or traces(scenario, replication))
    result = simulate(scenario.with_changes(replications=replication + 1))
    rule = scenario.guardrail("pause_rule")
    return {
        "level": LEVEL,
        "limit": None if rule is None else rule.limit,
        "policies": [
            {
                "label": scenario.labels[policy],
                "sends": int(one.is_sent.sum()),
                "left_out": int((~one.is_sent).sum()),
                "decided": _decided(scenario, one),
                "leader": _leader(one, len(scenario.arms)),
                "apart": [
                    _apart(result, name, policy, replication)
                    for name in TOLD_APART
                    if scenario.guardrail(name) is not None
                ],
                "paused": _paused(result, one, policy, replication),
                "stopped": _stopped(result, policy, replication),
            }
            for policy, one in enumerate(every)
        ],
    }


def _decided(scenario: Scenario, ran: Trace) -> list[Decided]:
    """Return the guardrails that take recipients, whether they took any or not."""
    counts = np.bincount(ran.by[ran.by >= 0], minlength=len(BY_RANK)).tolist()
    return [
        {"guardrail": spec.name, "title": spec.title, "sends": sends}
        for spec, sends in zip(BY_RANK, counts, strict=True)
        if spec.takes is not None and scenario.guardrail(spec.name) is not None
    ]


def _leader(ran: Trace, lines: int) -> int | None:
    own = ran.arms[(ran.by < 0) & ran.is_sent]
    counts = np.bincount(own[-max(1, len(own) // _LAST_OWN) :], minlength=lines)
    favourite = int(np.argmax(counts))
    return favourite if 2 * counts[favourite] > counts.sum() > 0 else None


def _apart(result: Result, guardrail: str, policy: int, replication: int) -> Apart:
    sends, conversions = (counts[policy, replication] for counts in result.told_apart(guardrail))
    low, high = wilson_interval(conversions, sends)
    rates = np.where(sends > 0, conversions / np.maximum(sends, 1), -1.0)
    first = int(np.argmax(rates))
    others = np.delete(high, first)
    return {
        "guardrail": guardrail,
        "title": next(spec.title for spec in BY_RANK if spec.name == guardrail),
        "sends": sends.tolist(),
        "conversions": conversions.tolist(),
        "low": [None if np.isnan(bound) else round(bound, 4) for bound in low.tolist()],
        "high": [None if np.isnan(bound) else round(bound, 4) for bound in high.tolist()],
        "best": first if (rates == rates[first]).sum() == 1 else None,
        "is_clear": bool(low[first] > np.nanmax(others)) if np.isfinite(others).any() else False,
    }


def _paused(result: Result, ran: Trace, policy: int, replication: int) -> list[Paused]:
    """Return the paused lines in the order in which that happened: right after their last send."""
    found: list[Paused] = []
    for line in np.flatnonzero(result.paused[policy, replication]).tolist():
        own = np.flatnonzero(ran.arms == line)
        complaints = int(result.complaints[policy, replication, line])
        found.append({"line": line, "after": int(own[-1]) + 1, "sends": len(own), "complaints": complaints})
    return sorted(found, key=lambda paused: paused["after"])


def _stopped(result: Result, policy: int, replication: int) -> Stopped | None:
    after = int(result.stopped_at[policy, replication])
    return None if after < 0 else {"after": after, "winner": int(result.winner[policy, replication])}
