"""What guardrails cost: conversions, or money where that is the goal, lost against the same scenario without them, on the same recipients.

The price of one guardrail is what comes back when it alone is taken away and all others stay. Guardrails protect the
same sends in part, so their prices do not add up to what they cost together, which is measured on its own: with all of
them against with none. Every difference is paired by campaign, as the luck of the recipients, of the holdout's draw and
of each policy are the same hashed numbers in both; a guardrail that changes nothing therefore costs exactly nothing.

Source: leave-one-out comparison with common random numbers; Law, Simulation Modeling and Analysis, chapter 11.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any, Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.catalogue import GUARDRAILS
from engine.comparison import Estimate, estimate, picks_best
from engine.inference import LEVEL, Z_90
from engine.metrics import FEWEST_BESIDE, MOST_BESIDE, WORK_BESIDE
from engine.money import Goal
from engine.result import Result
from engine.scenario import Scenario
from engine.simulation import simulate
from engine.verdict import FEWEST_CAMPAIGNS, contenders
from engine.work import MOST_WORK

CAMPAIGNS = 400
"""Campaigns of each scenario beside a comparison, if all of them then take no longer than `AS_LONG` comparisons."""
AS_LONG = 2


class Bought(TypedDict):
    """What a guardrail is there for, in its own measure, with it and without it.

    holdout, wrap_up_ab: half-width of the 90% interval of the lead of the best line that they saw over the second, as
        a difference of rates; nothing without.
    pause_rule: complaints a campaign.
    minimum_share: the least share of the sends that any line had in any campaign.
    maximum_share: the largest share that a line had, mean over campaigns.
    burn_in: chance that the line which looks best at the end is a truly best one.
    frequency_cap: e-mails a recipient, mean over campaigns.
    segment_fairness: the least share of a segment that any line had, over all campaigns together.
    stop_rule: share of campaigns that it stopped, and, as `right`, of those the share in which it stopped for a best line.
    """

    with_it: float
    without: float | None
    right: float | None


class PolicyPrice(TypedDict):
    """What a guardrail changes for one policy."""

    policy: int  # its place in the scenario
    change: Estimate  # in the unit of the goal a campaign, with the guardrail minus without it: below 0 it costs
    costs_in: float  # share of campaigns that end with less for it
    bought: Bought | None


class GuardrailPrice(TypedDict):
    """The price of one guardrail while all others stay; no policies until it is simulated."""

    name: str
    parameters: dict[str, Any]
    policies: list[PolicyPrice]


class TogetherPrice(TypedDict):
    """What all guardrails together change for one policy."""

    policy: int
    change: Estimate  # in the unit of the goal a campaign, with all guardrails minus with none
    costs_in: float
    extra_without: (
        float | None
    )  # mean over the baseline, in the unit of the goal, with no guardrail; null for the baseline itself


class PricedPolicy(TypedDict):
    """A policy of the list."""

    place: int
    name: str
    label: str


class Found(TypedDict):
    """What one more scenario tells: the price of a guardrail, that of all together, or with a single one both."""

    guardrail: list[PolicyPrice] | None
    together: list[TogetherPrice] | None


class Prices(TypedDict):
    """The price list of a scenario."""

    goal: Goal
    replications: int
    sends: int
    level: float  # of each interval on its own
    comparisons: int  # intervals in the list
    baseline: int
    policies: list[PricedPolicy]  # all that somebody could use and that pay
    unpaid: list[PricedPolicy]  # even splits, where all that the guardrails do is to split evenly
    guardrails: list[GuardrailPrice]
    together: list[TogetherPrice]  # empty until it is simulated


@dataclass(frozen=True)
class _Measures:
    """What is kept of one scenario's result: totals, and what each guardrail's own measure says of each policy."""

    totals: NDArray[np.float64]  # (P, R) in the unit of the goal
    own: dict[str, list[float]]
    right: list[float | None]


class PriceList:
    """Works out prices from results that come one after the other, those of `scenarios` in their order."""

    def __init__(self, scenario: Scenario, campaigns: int) -> None:
        """Price the guardrails of a scenario in so many campaigns, 2 or more."""
        self.scenario = scenario
        self.scenarios = scenarios_of(scenario, campaigns)
        self._with_all: _Measures | None = None

    def price(self, place: int, result: Result) -> Found | None:
        """Return what the result of one of the scenarios adds; the first, with all guardrails, is only kept.

        Raises:
            ValueError: the first scenario was left out.
        """
        found = _measures(result)
        if place == 0:
            self._with_all = found
            return None
        if self._with_all is None:
            raise ValueError("The scenario with all guardrails comes first.")
        is_last = place == len(self.scenarios) - 1
        is_of_one = place <= len(self.scenario.guardrails)
        return {
            "guardrail": self._guardrail(place - 1, self._with_all, found) if is_of_one else None,
            "together": self._together(self._with_all, found) if is_last else None,
        }

    def _guardrail(self, number: int, with_all: _Measures, without: _Measures) -> list[PolicyPrice]:
        name = self.scenario.guardrails[number].name
        return [
            {
                "policy": policy,
                **_difference(with_all.totals[row], without.totals[row]),
                "bought": _bought(name, row, with_all, without),
            }
            for row, policy in _rows(self.scenario)
        ]

    def _together(self, with_all: _Measures, none: _Measures) -> list[TogetherPrice]:
        baseline, means = self.scenario.baseline, none.totals.mean(axis=1)
        reference = means[contenders(self.scenario).index(baseline)]
        return [
            {
                "policy": policy,
                **_difference(with_all.totals[row], none.totals[row]),
                "extra_without": None if policy == baseline else float(means[row] - reference),
            }
            for row, policy in _rows(self.scenario)
        ]


class _Difference(TypedDict):
    change: Estimate
    costs_in: float


def are_priced(scenario: Scenario) -> bool:
    """Return whether a scenario has prices: a guardrail, and a policy that somebody could use and that pays for it."""
    return bool(scenario.guardrails and _rows(scenario))


def scenarios_of(scenario: Scenario, campaigns: int) -> tuple[Scenario, ...]:
    """Return the scenario with all guardrails, without each of them in turn, and with none.

    Without references such as the oracle. The last is left out where a single guardrail makes it the same as the one
    before; without guardrails there is nothing.

    >>> from engine.presets import PRESETS
    >>> rails = [{"name": "holdout"}, {"name": "burn_in"}]
    >>> guarded = PRESETS["classic"].scenario.with_changes(guardrails=rails)
    >>> [[rail.name for rail in one.guardrails] for one in scenarios_of(guarded, 100)]
    [['holdout', 'burn_in'], ['burn_in'], ['holdout'], []]
    """
    if not are_priced(scenario):
        return ()
    raw = scenario.to_dict()
    policies = [raw["policies"][place] for place in contenders(scenario)]
    rails: list[Any] = raw["guardrails"]
    fewer = [rails[:number] + rails[number + 1 :] for number in range(len(rails))]
    wanted = [rails, *fewer, *([[]] if len(rails) > 1 else [])]
    return tuple(scenario.with_changes(policies=policies, replications=campaigns, guardrails=some) for some in wanted)


def prices(scenario: Scenario) -> Prices:
    """Simulate and return the price list of a scenario, in plain JSON types.

    In as many campaigns as are affordable beside one shown campaign: 20 to 400.

    >>> scenario = Scenario.from_dict({
    ...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}], "sends": 2000,
    ...     "policies": [{"name": "ab_split"}, {"name": "thompson"}],
    ...     "guardrails": [{"name": "minimum_share", "share": 0.2}, {"name": "maximum_share", "share": 1.0}]})
    >>> found = prices(scenario)
    >>> [[round(policy["change"]["mean"]) for policy in one["policies"]] for one in found["guardrails"]]
    [[0, -75], [0, 0]]
    """
    listed = PriceList(scenario, prices_beside(scenario))
    found = [listed.price(place, simulate(one)) for place, one in enumerate(listed.scenarios)]
    return put_together(scenario, prices_beside(scenario), found[1:])


def put_together(scenario: Scenario, campaigns: int, found: Sequence[Found | None]) -> Prices:
    """Return the price list from what is there so far of each scenario after the first; None where nothing is."""
    rails, paying = scenario.guardrails, [place for _, place in _rows(scenario)]
    so_far = [one or _NOTHING_FOUND for one in found]
    of_each = chain((one["guardrail"] or [] for one in so_far), repeat([]))
    return {
        "goal": scenario.goal,
        "replications": campaigns,
        "sends": scenario.sends,
        "level": LEVEL,
        "comparisons": len(paying) * (len(rails) + (len(rails) > 1)),
        "baseline": scenario.baseline,
        "policies": _named(scenario, paying),
        "unpaid": _named(scenario, [place for place in contenders(scenario) if place not in paying]),
        "guardrails": [
            {
                "name": rail.name,
                "parameters": rail.model_dump(mode="json", exclude={"name"}),
                "policies": next(of_each),
            }
            for rail in rails
        ],
        "together": next((one["together"] for one in so_far if one["together"]), []),
    }


_NOTHING_FOUND: Final[Found] = {"guardrail": None, "together": None}


def prices_beside(scenario: Scenario) -> int:
    """Return in how many campaigns guardrails are priced beside one shown campaign: 20 to 400."""
    affordable = WORK_BESIDE // (scenario.sends * len(contenders(scenario)) * _count(scenario))
    return min(MOST_BESIDE, max(FEWEST_BESIDE, affordable))


def prices_in(scenario: Scenario) -> int:
    """Return in how many campaigns guardrails are priced beside a comparison: as many as it has, unless that takes long.

    Never fewer than a verdict needs.
    """
    sends_a_campaign = scenario.sends * len(contenders(scenario)) * _count(scenario)
    in_time = AS_LONG * scenario.replications // _count(scenario)
    most = min(CAMPAIGNS, scenario.replications, in_time, MOST_WORK // sends_a_campaign)
    return max(FEWEST_CAMPAIGNS, most)


def _rows(scenario: Scenario) -> list[tuple[int, int]]:
    """Return each policy that pays: its place among the simulated ones, and in the scenario.

    An even split that is split evenly loses nothing on average, and what a campaign has more or less is luck.
    """
    is_spared = _only_split_evenly(scenario)
    return [
        (row, place)
        for row, place in enumerate(contenders(scenario))
        if not (is_spared and scenario.policies[place].name == "ab_split")
    ]


def _only_split_evenly(scenario: Scenario) -> bool:
    """Return whether all that the guardrails do is to split evenly among lines that are there from first to last."""
    specs = [GUARDRAILS[rail.name] for rail in scenario.guardrails]
    others = [function for spec in specs for function in (spec.skips, spec.allows, spec.pauses, spec.settles)]
    return not any(others) and scenario.course().present is None


def _named(scenario: Scenario, places: Sequence[int]) -> list[PricedPolicy]:
    return [
        {"place": place, "name": scenario.policies[place].name, "label": scenario.labels[place]} for place in places
    ]


def _count(scenario: Scenario) -> int:
    """Return how many scenarios take part."""
    rails = len(scenario.guardrails)
    return 1 + rails + (rails > 1)


def _difference(with_it: NDArray[np.float64], without: NDArray[np.float64]) -> _Difference:
    change = np.round(with_it - without, 2)
    return {"change": estimate(change), "costs_in": float((change < 0).mean())}


# What guardrails are there for


def _measures(result: Result) -> _Measures:
    places = range(len(result.scenario.policies))
    return _Measures(
        totals=result.totals,
        own={
            name: [measure(result, place) for place in places]
            for name, measure in _MEASURES.items()
            if name not in _ONLY_WITH or result.scenario.guardrail(name) is not None
        },
        right=[_stopped_rightly(result, place) for place in places],
    )


def _bought(name: str, row: int, with_it: _Measures, without: _Measures) -> Bought | None:
    if name not in _MEASURES:
        return None
    return {
        "with_it": with_it.own[name][row],
        "without": without.own[name][row] if name in without.own else None,
        "right": with_it.right[row] if name == "stop_rule" else None,
    }


def _half_width(guardrail: str) -> Callable[[Result, int], float]:
    """Return how well those that a guardrail took tell the lead of their best line over the second.

    Source: Agresti and Caffo (2000), Simple and effective confidence intervals for proportions and differences of
    proportions result from adding two successes and two failures, The American Statistician 54.
    """

    def measure(result: Result, place: int) -> float:
        sends, conversions = (counts[place] for counts in result.told_apart(guardrail))
        rates = (conversions + 1.0) / (sends + 2.0)
        first_two = np.argsort(-rates, axis=1, kind="stable")[:, :2]
        variances = np.take_along_axis(rates * (1.0 - rates) / (sends + 2.0), first_two, axis=1)
        return float((Z_90 * np.sqrt(variances.sum(axis=1))).mean())

    return measure


def _complaints(result: Result, place: int) -> float:
    return float(result.complaints[place].sum(axis=-1).mean())


def _shares(result: Result, place: int) -> NDArray[np.float64]:
    sends = result.sends[place, :, -1]
    shares: NDArray[np.float64] = sends / sends.sum(axis=1, keepdims=True)
    return shares


def _least_share(result: Result, place: int) -> float:
    return float(_shares(result, place).min())


def _least_share_within(result: Result, place: int) -> float:
    """Return the smallest share that a line has of what a segment gets, over all campaigns together."""
    within = result.sends_within[place]
    return float((within / np.maximum(within.sum(axis=1, keepdims=True), 1)).min())


def _mean_contacts(result: Result, place: int) -> float:
    """Return the mean number of e-mails to a recipient."""
    recurring = result.scenario.recurring
    total = float(result.sends[place, :, -1].sum(axis=-1).mean())
    return total / (recurring.recipients if recurring is not None else total)


def _largest_share(result: Result, place: int) -> float:
    return float(_shares(result, place).max(axis=1).mean())


def _picks_best(result: Result, place: int) -> float:
    return picks_best(result, place) / result.scenario.replications


def _stopped(result: Result, place: int) -> float:
    return float((result.stopped_at[place] >= 0).mean())


def _stopped_rightly(result: Result, place: int) -> float | None:
    """Return how often, of the campaigns that were stopped, the winner was a truly best line; None if none was."""
    stopped = result.stopped_at[place] >= 0
    if not stopped.any():
        return None
    winners = result.winner[place, stopped]
    return float(result.best_at_end[place, stopped, winners].mean())


_MEASURES: Final[dict[str, Callable[[Result, int], float]]] = {
    "holdout": _half_width("holdout"),
    "wrap_up_ab": _half_width("wrap_up_ab"),
    "pause_rule": _complaints,
    "minimum_share": _least_share,
    "maximum_share": _largest_share,
    "burn_in": _picks_best,
    "stop_rule": _stopped,
    "frequency_cap": _mean_contacts,
    "segment_fairness": _least_share_within,
}
_ONLY_WITH: Final = ("holdout", "wrap_up_ab", "stop_rule")
"""What these are there for does not happen without them."""
