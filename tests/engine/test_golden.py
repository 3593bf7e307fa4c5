"""What a link promises, for each world, delay and guardrail: the very same campaigns for as long as the project lives.

Where a result is changed on purpose, `engine/version.py` changes with it.
"""

from typing import Any

import pytest

import engine
from engine import simulate
from engine.catalogue import DELAYS
from tests.engine.scenarios import scenario

POLICIES = ("epsilon_greedy", "thompson", "ucb1")
CONTEXTUAL = ("lin_ucb", "lin_thompson", "segment_thompson")
RATES = (0.10, 0.14, 0.12, 0.05)


def digest_of(
    complaint_rates: tuple[float, ...] = (0.0,) * 4, policies: tuple[str, ...] = POLICIES, **fields: Any
) -> str:
    """The first digits of a small campaign's digest."""
    asked = scenario(*policies, rates=RATES, sends=3_000, replications=4, sends_per_hour=40, **fields)
    arms = [arm | {"complaint_rate": rate} for arm, rate in zip(asked.to_dict()["arms"], complaint_rates, strict=True)]
    return simulate(asked.with_changes(arms=arms)).digest()[:16]


WORLDS: list[tuple[dict[str, Any], str]] = [
    ({"name": "stationary"}, "fcb44e917d76a70f"),
    ({"name": "change_point"}, "94f5a740246aa4b9"),
    ({"name": "change_point", "changes": [{"arm": "line 3", "at": 1_000, "rate": 0.3}]}, "62bcd81ed12ec8d4"),
    ({"name": "drifting"}, "6cbdaee7640d49a3"),
    ({"name": "drifting", "how": "random_walk", "redraw": True}, "742bccfb9fc764c7"),
    ({"name": "fatigue", "half_life": 400}, "35b8dc1cde443973"),
    ({"name": "inflated_opens"}, "601d5c93ea8a5dc1"),
    ({"name": "rotating", "newcomers": 2}, "41ad64302af6e933"),
    ({"name": "seasonal"}, "d3fdfb5a0715ab42"),
]
LATE: list[tuple[dict[str, Any], str]] = [
    ({"name": "none"}, "411f687e42a1314c"),
    ({"name": "exponential"}, "dac738fdbecd9b5a"),
    (
        {"name": "exponential", "mean_hours": 30.0, "window_hours": 20.0, "learn_when": "window_closed"},
        "af665f5efefabc0c",
    ),
    ({"name": "log_normal"}, "b2932ea82cddf1ed"),
    ({"name": "log_normal", "spread": 8.0, "window_hours": 20.0, "learn_when": "window_closed"}, "e419ecc2bf0f483e"),
]
RAILS: list[tuple[dict[str, Any], str]] = [
    ({"name": "burn_in", "sends": 50}, "4ca7ba7d35eacc08"),
    ({"name": "holdout", "share": 0.2}, "e75e6eadc5d131af"),
    ({"name": "maximum_share", "share": 0.5}, "4310dd48f7d4fc65"),
    ({"name": "minimum_share", "share": 0.1}, "cb8c4614cb21500a"),
    ({"name": "pause_rule", "limit": 0.01, "after_sends": 100}, "81984c7b330b3006"),
    ({"name": "wrap_up_ab", "share": 0.25}, "c744e8152d09607e"),
]
SEGMENTS: dict[str, Any] = {
    "audience": [{"name": "New", "share": 0.3, "multipliers": [2, 1, 1, 0.5]}, {"name": "Loyal", "share": 0.7}],
    "device": [{"name": "Mobile", "share": 0.6, "multiplier": 0.8}, {"name": "Desktop", "share": 0.4}],
}
OFTEN: dict[str, Any] = {"recipients": 200, "credit": "linear"}
MORE: list[tuple[dict[str, Any], str]] = [
    ({"segments": SEGMENTS}, "b1d14dd7882330c4"),
    ({"segments": SEGMENTS, "guardrails": [{"name": "segment_fairness", "share": 0.1}]}, "153dd2cfe1581c29"),
    ({"money": {}, "goal": "revenue"}, "a2cc0eb6607733af"),
    ({"money": {"unsubscribe_cost": 30.0, "spread": 0.0}, "goal": "net_value"}, "9f59e6cee79f3519"),
    ({"recurring": OFTEN}, "7485bdbad3616422"),
    ({"recurring": OFTEN | {"credit": "first_touch"}, "delay": {"name": "exponential"}}, "fd4ed09ee088cb7b"),
    ({"recurring": OFTEN, "guardrails": [{"name": "frequency_cap", "most": 2, "hours": 24.0}]}, "033f52c25b04f2af"),
    ({"shocks": {"spread": 0.5, "lasts": 400}}, "12cbf1241f21d587"),
]
"""The stop rule has its own, segment fairness and the frequency cap are further down."""


def names(cases: list[tuple[dict[str, Any], str]]) -> list[str]:
    return [str(settings["name"]) for settings, _ in cases]


def test_everything_is_here() -> None:
    assert set(names(WORLDS)) == set(engine.WORLDS)
    assert set(names(LATE)) == set(DELAYS)
    more = {rail["name"] for asked, _ in MORE for rail in asked.get("guardrails", [])}
    assert {*names(RAILS), *more, "stop_rule"} >= set(engine.GUARDRAILS)


@pytest.mark.parametrize(("world", "digest"), WORLDS, ids=names(WORLDS))
def test_worlds(world: dict[str, Any], digest: str) -> None:
    assert digest_of(world=world) == digest


@pytest.mark.parametrize(("delay", "digest"), LATE, ids=names(LATE))
def test_delays(delay: dict[str, Any], digest: str) -> None:
    assert digest_of(delay=delay, update_every=20) == digest


@pytest.mark.parametrize(("rail", "digest"), RAILS, ids=names(RAILS))
def test_guardrails(rail: dict[str, Any], digest: str) -> None:
    assert digest_of(guardrails=[rail], complaint_rates=(0.002, 0.02, 0.0, 0.0)) == digest


def test_all_at_once() -> None:
    found = digest_of(
        complaint_rates=(0.002, 0.02, 0.0, 0.0),
        world={"name": "rotating", "newcomers": 2},
        delay={"name": "log_normal", "median_hours": 2.0},
        guardrails=[rail for rail, _ in RAILS],
        update_every="hourly",
    )
    assert found == "b36126408fdd5fac"


@pytest.mark.parametrize(("fields", "digest"), MORE, ids=[" ".join(fields) for fields, _ in MORE])
def test_recipients_money_and_shocks(fields: dict[str, Any], digest: str) -> None:
    assert digest_of(complaint_rates=(0.002, 0.02, 0.0, 0.0), update_every=20, **fields) == digest


def test_everything_at_once() -> None:
    found = digest_of(
        complaint_rates=(0.002, 0.02, 0.0, 0.0),
        world={"name": "rotating", "newcomers": 2},
        delay={"name": "log_normal", "median_hours": 2.0},
        guardrails=[rail for rail, _ in RAILS] + [{"name": "segment_fairness"}, {"name": "frequency_cap"}],
        update_every="hourly",
        segments=SEGMENTS,
        money={"unsubscribe_cost": 30.0},
        goal="net_value",
        recurring=OFTEN,
        shocks={"spread": 0.5, "lasts": 400},
    )
    assert found == "753ec09937d401c0"


def test_policies_that_tell_recipients_apart() -> None:
    assert digest_of(policies=CONTEXTUAL, segments=SEGMENTS) == "570450b163d21a98"


def test_the_policy_for_amounts() -> None:
    found = digest_of(
        policies=("normal_thompson",), complaint_rates=(0.002, 0.02, 0.0, 0.0),
        money={"unsubscribe_cost": 30.0}, goal="net_value", update_every=20,
    )  # fmt: skip
    assert found == "8f28731e83bd9feb"
