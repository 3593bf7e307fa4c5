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
    free = {key: values(knob) for key, knob in settings.items() if key not in ("name", "label")}
    return st.fixed_dictionaries({"name": st.just(name), **free})


policy_dicts = st.sampled_from(list(engine.POLICIES)).flatmap(settings_of)


@st.composite
def scenario_dicts(draw: st.DrawFn) -> dict[str, Any]:
    """Valid scenarios of every kind, small enough to run."""
    sends = draw(st.integers(1, 300))
    arms = draw(st.integers(2, 64) if draw(st.booleans()) else st.integers(2, 5))
    return {
        "arms": [{"name": f"line {place}", "rate": draw(st.none() | rates)} for place in range(arms)],
        "world": {
            "name": "stationary",
            "draw": draw(st.sampled_from(["uniform", "beta"])),
            "world_seed": draw(st.integers(0, 2**53 - 1)),
            "redraw": draw(st.booleans()),
        },
        "policies": draw(st.lists(policy_dicts, min_size=1, max_size=4)),
        "sends": sends,
        "replications": draw(st.integers(1, 5)),
        "seed": draw(st.integers(0, 2**53 - 1)),
        "update_every": draw(st.integers(1, sends + 5)),
    }
