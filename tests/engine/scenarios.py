"""Scenarios for tests: a builder with short names, and random valid ones."""

from typing import Any

from hypothesis import strategies as st

import engine
from engine import Scenario
from engine.fields import Knob, knobs

FIVE_RATES = (0.04, 0.05, 0.06, 0.07, 0.09)


def scenario(*policies: str | dict[str, Any], rates: tuple[float, ...] = FIVE_RATES, **fields: Any) -> Scenario:
    """A scenario of named policies on given rates."""
    return Scenario.from_dict(
        {
            "arms": [{"name": f"line {place}", "rate": rate} for place, rate in enumerate(rates)],
            "policies": [policy if isinstance(policy, dict) else {"name": policy} for policy in policies],
            "seed": 7,
            **fields,
        }
    )


rates = st.one_of(st.sampled_from([0.0, 1.0, 1e-12, 0.5]), st.floats(0, 1))


def values(knob: Knob) -> st.SearchStrategy[Any]:
    """What a setting may be: its default, its ends, and anything between."""
    if knob.kind == "choice":
        return st.sampled_from(knob.choices)
    if knob.kind == "switch":
        return st.booleans()
    low, high = knob.low if knob.low is not None else knob.above, knob.high
    assert low is not None
    assert high is not None
    if knob.kind == "integer":
        return st.sampled_from([knob.default, int(low), int(high)]) | st.integers(int(low), int(high))
    ends = [float(knob.default), high] + ([low] if knob.above is None else [])
    return st.sampled_from(ends) | st.floats(low, high, exclude_min=knob.above is not None)


def settings_of(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """A policy with any settings that it allows."""
    settings = knobs(engine.POLICIES[name].parameters)
    free = {key: values(knob) for key, knob in settings.items() if key not in ("name", "label") and not knob.needs}
    return st.fixed_dictionaries({"name": st.just(name), **free})


policy_dicts = st.sampled_from(list(engine.POLICIES)).flatmap(settings_of)


def guardrails(draw: st.DrawFn, lines: int, sends: int, every: int) -> list[dict[str, Any]]:
    """Any guardrails that go together in a campaign of so many lines, sends and sends between decisions."""
    settings: dict[str, st.SearchStrategy[dict[str, Any]]] = {
        "minimum_share": st.fixed_dictionaries({"share": st.floats(0.001, 1 / lines)}),
        "maximum_share": st.fixed_dictionaries({"share": st.floats(1 / lines, 1)}),
        "holdout": st.fixed_dictionaries({"share": st.floats(0.01, 0.9)}),
        "pause_rule": st.fixed_dictionaries({"limit": st.floats(0.001, 0.2), "after_sends": st.integers(1, 50)}),
        "wrap_up_ab": st.fixed_dictionaries({"share": st.floats(0.01, 0.5)}),
    }
    if sends > 4 * lines:
        settings["burn_in"] = st.fixed_dictionaries({"sends": st.integers(1, (sends // 2 - 1) // lines)})
    if every < sends // 2:
        settings["stop_rule"] = st.fixed_dictionaries(
            {
                "by": st.sampled_from(["either", "chance", "value_remaining"]),
                "after_sends": st.integers(1, (sends // 2 - 1) // every * every),
                "looks": st.integers(1, 100),
            }
        )
    names = draw(st.lists(st.sampled_from(sorted(settings)), unique=True, max_size=len(settings)))
    return [{"name": name, **draw(settings[name])} for name in names]


delays: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"name": "none"},
        {"name": "exponential", "mean_hours": 0.5, "window_hours": 1.0},
        {"name": "exponential", "mean_hours": 20.0, "window_hours": 100.0},
        {"name": "exponential", "mean_hours": 100.0, "window_hours": 8_760.0},
        {"name": "exponential", "mean_hours": 3.0, "window_hours": 5.0, "learn_when": "window_closed"},
        {"name": "log_normal", "median_hours": 1.0, "learn_when": "window_closed", "window_hours": 4.0},
        {"name": "log_normal", "spread": 10.0},
    ]
)


def with_windows(policies: list[dict[str, Any]], every: int) -> list[dict[str, Any]]:
    """The policies, none with a memory shorter than the sends between its decisions."""
    return [policy | ({"window": max(policy["window"], every)} if "window" in policy else {}) for policy in policies]


def groups(draw: st.DrawFn, lines: int) -> list[dict[str, Any]]:
    """The groups of one dimension, or none."""
    shares = draw(st.sampled_from([[], [], [1.0], [0.5, 0.5], [0.7, 0.2, 0.1]]))
    times = st.sampled_from([0.0, 0.5, 1.0, 3.0])
    return [
        {
            "name": f"group {place}",
            "share": share,
            "multiplier": draw(times),
            "multipliers": draw(st.just([]) | st.lists(times, min_size=lines, max_size=lines)),
        }
        for place, share in enumerate(shares)
    ]


def circumstances(draw: st.DrawFn, raw: dict[str, Any]) -> dict[str, Any]:
    """Segments, money, shared shocks and recurring sends, each there or not, and the guardrails that need them."""
    lines, rails = len(raw["arms"]), list(raw["guardrails"])
    segments = {name: groups(draw, lines) for name in ("audience", "device", "time_of_day")}
    money = draw(st.none() | st.fixed_dictionaries(
        {"spread": st.sampled_from([0.0, 0.8, 2.0]), "unsubscribe_cost": st.sampled_from([0.0, 40.0])}
    ))  # fmt: skip
    goals = ["conversions"] if money is None else ["conversions", "revenue", "net_value"]
    if money is not None and money["unsubscribe_cost"] > 0 and any(one.get("history") for one in raw["policies"]):
        goals.remove("net_value")
    recurring = draw(st.none() | st.fixed_dictionaries({
        "recipients": st.sampled_from([1, 7, 200]),
        "credit": st.sampled_from(["last_touch", "first_touch", "linear"]),
        "lookback_hours": st.sampled_from([0.5, 5.0, 1_000.0]),
    }))  # fmt: skip
    recurring = None if raw["world"]["name"] == "inflated_opens" else recurring
    shocks = draw(st.none() | st.just({"spread": 0.5, "lasts": max(1, raw["sends"] // 5)}))
    if recurring is not None and draw(st.booleans()):
        rails.append({"name": "frequency_cap", "most": draw(st.integers(1, 4)), "hours": draw(st.floats(0.1, 100))})
    if sum(len(some) > 1 for some in segments.values()) > 0 and draw(st.booleans()):
        rails.append({"name": "segment_fairness", "share": draw(st.floats(0.001, min(0.5, 1 / lines)))})
    return raw | {
        "segments": segments, "money": money, "goal": draw(st.sampled_from(goals)), "recurring": recurring,
        "shocks": shocks, "guardrails": rails,
    }  # fmt: skip


def remembering(draw: st.DrawFn, raw: dict[str, Any]) -> dict[str, Any]:
    """Lines with or without an earlier campaign, and policies that start from it with any weight."""
    history = st.none() | st.sampled_from([{"sends": 0, "conversions": 0}, {"sends": 900, "conversions": 40}])
    arms = [arm | {"history": draw(history)} for arm in raw["arms"]]
    arms[0]["history"] = {"sends": 1_000_000, "conversions": 20_000}
    weights = st.sampled_from([0.0, 0.001, 0.5, 1.0])
    settings = [engine.POLICIES[policy["name"]].parameters.model_fields for policy in raw["policies"]]
    policies = [
        policy | ({"history": draw(weights)} if "history" in known else {})
        for policy, known in zip(raw["policies"], settings, strict=True)
    ]
    return raw | {"arms": arms, "policies": policies}


@st.composite
def scenario_dicts(draw: st.DrawFn, *, only_plain: bool = False, everything: bool = False) -> dict[str, Any]:
    """Valid scenarios of every kind, small enough to run; or those of steady rates without delay and guardrails.

    With `everything`, recipients may also differ, get several e-mails and bring money, and lines may be shaken together.
    """
    sends = draw(st.integers(1, 300))
    arms = draw(st.integers(2, 64) if draw(st.booleans()) else st.integers(2, 5))
    every = draw(st.integers(1, sends + 5))
    policies = draw(st.lists(policy_dicts, min_size=1, max_size=4))
    plain = only_plain or draw(st.booleans())
    worlds = [name for name in engine.WORLDS if sends >= 200 or name not in ("change_point", "rotating")]
    complaints = st.just(0.0) if plain else st.sampled_from([0.0, 0.0, 0.05, 1.0])
    raw: dict[str, Any] = {
        "arms": [
            {"name": f"line {place}", "rate": draw(st.none() | rates), "complaint_rate": draw(complaints)}
            for place in range(arms)
        ],
        "world": {
            "name": "stationary" if plain else draw(st.sampled_from(worlds)),
            "draw": draw(st.sampled_from(["uniform", "beta"])),
            "world_seed": draw(st.integers(0, 2**53 - 1)),
            "redraw": draw(st.booleans()),
        },
        "policies": with_windows(policies, every),
        "sends": sends,
        "replications": draw(st.integers(1, 5)),
        "seed": draw(st.integers(0, 2**53 - 1)),
        "update_every": every,
        "sends_per_hour": draw(st.integers(1, 50)),
        "guardrails": [] if plain else guardrails(draw, arms, sends, every),
        "delay": {"name": "none"} if plain else draw(delays),
    }
    if raw["world"]["name"] != "inflated_opens" and draw(st.booleans()):
        raw = remembering(draw, raw)
    return circumstances(draw, raw) if everything else raw
