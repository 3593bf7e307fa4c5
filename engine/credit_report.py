"""What the credit rule changes: who looks best under each, and what policies that learn from it end up with.

An even split is the same under every rule, so what the rules say of the lines can be laid side by side; a policy that
learns goes other ways under each, and what its conversions come to is paired by campaign with those under the scenario's
own rule. Conversions are counted by the e-mail that caused them, which only a simulation knows.
"""

from typing import Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.comparison import Estimate, estimate
from engine.metrics import FEWEST_BESIDE, WORK_BESIDE
from engine.recurring import CREDIT_RULES, Credit
from engine.result import Result
from engine.scenario import Scenario
from engine.simulation import simulate

Floats = NDArray[np.float64]

MOST_CAMPAIGNS: Final = 200


class PolicyUnderRule(TypedDict):
    """A policy that learns by a rule."""

    policy: int  # its place in the scenario
    change: Estimate | None  # goal units a campaign against learning by the scenario's own rule; None for that itself


class Rule(TypedDict):
    """One credit rule."""

    name: Credit
    credited: list[float]  # (K,) mean conversions credited to each line under an even split
    looks_best: int  # the line with the highest credit an e-mail
    finds_best: float  # share of campaigns in which the line that looks best is truly best at the end
    policies: list[PolicyUnderRule]


class CreditReport(TypedDict):
    """All rules on the same recipients."""

    campaigns: int
    own: Credit  # the scenario's rule
    sends: list[float]  # (K,) mean e-mails of each line under an even split
    caused: list[float]  # (K,) mean conversions that they caused, and that count
    best: int  # the line that caused most an e-mail
    rules: list[Rule]


def credit_report(scenario: Scenario) -> CreditReport | None:
    """Return what each credit rule says; None unless recipients get several e-mails.

    >>> scenario = Scenario.from_dict({
    ...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}], "sends": 2000, "sends_per_hour": 10,
    ...     "policies": [{"name": "ab_split"}, {"name": "thompson"}], "recurring": {"recipients": 300}})
    >>> found = credit_report(scenario)
    >>> [rule["name"] for rule in found["rules"]], found["own"], found["best"]
    (['last_touch', 'first_touch', 'linear'], 'last_touch', 1)
    """
    if scenario.recurring is None:
        return None
    asked = _asked(scenario)
    results = {rule: simulate(_under(asked, rule)) for rule in CREDIT_RULES}
    own = scenario.recurring.credit
    even = results[own]
    sends = even.sends[0, :, -1].mean(axis=0)
    caused = even.conversions[0, :, -1].mean(axis=0)
    return {
        "campaigns": asked.replications,
        "own": own,
        "sends": sends.tolist(),
        "caused": caused.tolist(),
        "best": int(np.argmax(caused / np.maximum(sends, 1))),
        "rules": [_rule(rule, results[rule], results[own], scenario) for rule in CREDIT_RULES],
    }


def credit_scenarios(scenario: Scenario) -> tuple[Scenario, ...]:
    """Return what is simulated for the report of a scenario; nothing where everybody gets one e-mail."""
    return () if scenario.recurring is None else tuple(_under(_asked(scenario), rule) for rule in CREDIT_RULES)


def _asked(scenario: Scenario) -> Scenario:
    """Return the scenario with an even split first and then its policies, in as many campaigns as are affordable."""
    policies = [{"name": "ab_split"}, *scenario.to_dict()["policies"]]
    work = len(CREDIT_RULES) * len(policies) * scenario.sends
    campaigns = min(MOST_CAMPAIGNS, max(FEWEST_BESIDE, WORK_BESIDE // work))
    labels = [*dict.fromkeys(scenario.labels)]
    named = [policy | {"label": label} for policy, label in zip(policies[1:], labels, strict=True)]
    return scenario.with_changes(
        policies=[{"name": "ab_split", "label": _free(labels)}, *named], replications=campaigns
    )


def _free(labels: list[str]) -> str:
    """Return a label that no policy has."""
    return next(label for label in ("Even split", *map(str, range(len(labels) + 1))) if label not in labels)


def _under(scenario: Scenario, rule: Credit) -> Scenario:
    return scenario.with_changes(recurring=scenario.to_dict()["recurring"] | {"credit": rule})


def _rule(name: Credit, result: Result, own: Result, scenario: Scenario) -> Rule:
    credited = _credited(result)
    mean = credited.mean(axis=0)
    sends = result.sends[0, :, -1]
    rates = credited / np.maximum(sends, 1)
    looks_best = rates == rates.max(axis=1, keepdims=True)
    right = (looks_best & result.best_at_end[0]).sum(axis=1) / looks_best.sum(axis=1)
    return {
        "name": name,
        "credited": mean.tolist(),
        "looks_best": int(np.argmax(mean / np.maximum(sends.mean(axis=0), 1))),
        "finds_best": float(right.mean()),
        "policies": [
            {"policy": place, "change": None if result is own else estimate(_change(result, own, place + 1))}
            for place in range(len(scenario.policies))
        ],
    }


def _credited(result: Result) -> Floats:
    """Return the credits of the even split at the end, (R, K)."""
    if result.credited is None:
        raise ValueError("Everybody gets one e-mail: there is nothing to credit.")
    credited: Floats = result.credited[0, :, -1]
    return credited


def _change(result: Result, own: Result, place: int) -> Floats:
    difference: Floats = np.round(result.totals[place] - own.totals[place], 2)
    return difference
