"""Made-up comparisons for the tests of Compare's charts: of every size, and with any outcome."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

RATES = (0.2, 0.1, 0.4)
POLICIES = ("ab_split", "thompson", "epsilon_greedy")
LABELS = {
    "ab_split": "A/B split",
    "thompson": "Thompson sampling",
    "epsilon_greedy": "ε-greedy",
    "ucb1": "UCB1",
    "oracle": "Oracle",
}
ENDS = {"ab_split": 1_430.0, "thompson": 75.0, "epsilon_greedy": 216.0, "ucb1": 263.0, "oracle": 0.0}
# As the engine rounds them.
_NUMBERS = st.floats(0, 1e5).map(lambda number: round(number, 3))


def make_comparison(
    policies: Sequence[str] = POLICIES,
    *,
    rates: Sequence[float] = RATES,
    sends: int = 10_000,
    campaigns: int = 300,
    steps: int = 20,
    leader: int | None = 1,
    runner_up: int | None = 2,
    kind: str = "use",
    ends: Sequence[float] | None = None,
    extras: Sequence[float] | None = None,
    goal: str = "conversions",
) -> dict[str, Any]:
    """Policies whose regret grows evenly to `ends` and whose extra conversions spread evenly around `extras`."""
    at = sorted({max(1, round((step + 1) * sends / steps)) for step in range(steps)})
    finals = [ENDS[name] for name in policies] if ends is None else list(ends)
    best = [line for line, rate in enumerate(rates) if rate == max(rates)]
    means = [0.0 if name == "ab_split" else 1_000.0 for name in policies] if extras is None else list(extras)
    baseline = policies.index("ab_split") if "ab_split" in policies else 0
    banded = at[1::2] or at
    differ = len(rates) > len(best)
    return {
        "goal": goal,
        "replications": campaigns,
        "sends": sends,
        "level": 0.9,
        "baseline": baseline,
        "lines": [{"name": f"Line <b>{line}</b>", "rate": rate} for line, rate in enumerate(rates)],
        "world": "stationary",
        "rates_change": False,
        "is_segmented": False,
        "best": best[0],
        "best_lines": best,
        "policies": [
            _policy(name, mean, campaigns, spread=0.0 if place == baseline else 2.0)
            for place, (name, mean) in enumerate(zip(policies, means, strict=True))
        ],
        "curves": {
            "at": at,
            "regret": [[end * sent / sends for sent in at] for end in finals],
            "band_at": banded,
            "regret_low": [[0.5 * end * sent / sends for sent in banded] for end in finals],
            "regret_high": [[1.5 * end * sent / sends for sent in banded] for end in finals],
            "windows": at,
            "traffic": [[_shares(name, step, rates) for step in range(len(at))] for name in policies],
            "lai_robbins": 1.0 if differ else 0.0,
            "lai_robbins_regret": [step if differ else 0.0 for step in range(len(at))],
        },
        "verdict": {"kind": kind, "leader": leader, "runner_up": runner_up},
    }


def _policy(name: str, mean: float, campaigns: int, spread: float) -> dict[str, Any]:
    dots = [mean + spread * (place - 49.5) for place in range(100)]
    wins = round(campaigns * sum(dot > 0 for dot in dots) / 100)
    losses = round(campaigns * sum(dot < 0 for dot in dots) / 100)
    return {
        "name": name,
        "label": LABELS[name],
        "is_reference": name == "oracle",
        "extra": {"mean": mean, "low": mean - 5, "high": mean + 5},
        "extra_spread": [dots[5], dots[94]],
        "extra_percentiles": dots,
        "wins": wins,
        "ties": campaigns - wins - losses,
        "losses": losses,
        "top_share_mean": {"ab_split": 0.2, "oracle": 1.0, "thompson": 0.89}.get(name, 0.77),
    }


def _shares(name: str, step: int, rates: Sequence[float]) -> list[float]:
    """An even split for good, or a traffic that moves to the best line step by step."""
    evenly = 1.0 if name == "ab_split" else 0.0 if name == "oracle" else 1 / (step + 1)
    shares = [evenly / len(rates)] * len(rates)
    shares[max(range(len(rates)), key=lambda line: rates[line])] += 1 - evenly
    return shares


def comparisons() -> st.SearchStrategy[dict[str, Any]]:
    """Comparisons of every size that the page can show."""
    policies = st.sampled_from(
        [
            POLICIES,
            ("ab_split", "oracle"),
            ("thompson", "epsilon_greedy"),
            ("ucb1", "ab_split", "thompson", "epsilon_greedy", "oracle"),
        ]
    )
    return policies.flatmap(_of)


def _of(policies: Sequence[str]) -> st.SearchStrategy[dict[str, Any]]:
    places = st.sampled_from([None, *range(len(policies))])
    count = len(policies)
    return st.builds(
        make_comparison,
        policies=st.just(policies),
        rates=st.lists(st.floats(0, 1), min_size=2, max_size=64),
        sends=st.integers(1, 1_000_000),
        campaigns=st.sampled_from([1, 2, 60, 1_000]),
        steps=st.integers(1, 30),
        leader=places,
        runner_up=places,
        kind=st.sampled_from(["use", "close", "stay", "none"]),
        ends=st.lists(_NUMBERS, min_size=count, max_size=count),
        extras=st.lists(_NUMBERS | _NUMBERS.map(lambda number: 0.0 - number), min_size=count, max_size=count),
    )
