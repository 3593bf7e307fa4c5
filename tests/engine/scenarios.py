"""Scenarios for tests: a builder with short names, and random valid ones."""

from typing import Any

from hypothesis import strategies as st

from engine import Scenario

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
shapes = st.one_of(st.sampled_from([0.01, 1.0, 1e6]), st.floats(0.01, 1e6))
policy_dicts = st.one_of(
    st.fixed_dictionaries({"name": st.sampled_from(["ab_split", "oracle"])}),
    st.fixed_dictionaries({"name": st.just("epsilon_greedy"), "epsilon": st.floats(0, 1)}),
    st.fixed_dictionaries({"name": st.just("epsilon_decay"), "c": st.floats(1e-6, 1000), "d": st.floats(0.001, 1)}),
    st.fixed_dictionaries({"name": st.just("thompson"), "alpha": shapes, "beta": shapes}),
    st.fixed_dictionaries(
        {
            "name": st.just("sliding_window_thompson"),
            "window": st.integers(1, 400),
            "alpha": shapes,
            "beta": shapes,
        }
    ),
)


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
