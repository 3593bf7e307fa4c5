"""Small made-up payloads for the tests of cards and charts: a run and its repeat campaigns."""

from collections.abc import Iterator, Sequence
from typing import Any

from dash.development.base_component import Component
from hypothesis import strategies as st

RATES = (0.487, 0.3194, 0.5293, 0.4487, 0.1471)
PAIR = ("ab_split", "epsilon_greedy")
LABELS = {
    "ab_split": "A/B split",
    "epsilon_greedy": "ε-greedy",
    "thompson": "Thompson sampling",
    "oracle": "Oracle",
}


def make_race(
    policies: Sequence[str] = PAIR,
    rates: Sequence[float] = RATES,
    sends: int = 10_000,
    frames: int = 100,
    settled_at: float = 0.2,
    favourite: int | None = None,
) -> dict[str, Any]:
    """A run without luck: an even split, and challengers that send all to `favourite` from `settled_at`."""
    best = max(range(len(rates)), key=lambda line: rates[line])
    chosen = best if favourite is None else favourite
    at = sorted({round(frame * sends / frames) for frame in range(frames + 1)})
    runs = [_policy(name, rates, at, best, round(settled_at * sends), chosen) for name in policies]
    return {
        "key": "made-up",
        "goal": "conversions",
        "sends": sends,
        "at": at,
        "arms": [{"name": f"Line <b>{place}</b>", "rate": rate, "worth": rate} for place, rate in enumerate(rates)],
        "best": best,
        "rates": None,
        "mean_rates": None,
        "best_now": None,
        "wears_out": False,
        "segments": None,
        "policies": runs,
        "baseline": policies.index("ab_split") if "ab_split" in policies else 0,
    }


def make_moving(race: dict[str, Any], later: Sequence[float | None]) -> dict[str, Any]:
    """The same run where rates move to `later` in its middle; None for a line that has left."""
    first = [arm["rate"] for arm in race["arms"]]
    rows = [first if 2 * at <= race["sends"] else list(later) for at in race["at"]]
    best = [max(range(len(row)), key=lambda line: row[line] or 0) for row in rows]
    policies = [policy | {"to_best": [position // 4 for position in race["at"]]} for policy in race["policies"]]
    means = [(one + (one if two is None else two)) / 2 for one, two in zip(first, later, strict=True)]
    moved = {"rates": [rate for row in rows for rate in row], "mean_rates": means, "best_now": best}
    return race | moved | {"policies": policies, "best": max(range(len(means)), key=means.__getitem__)}


def _policy(
    name: str, rates: Sequence[float], at: Sequence[int], best: int, settled: int, chosen: int
) -> dict[str, Any]:
    lines = len(rates)
    sends: list[int] = []
    for position in at:
        evenly = 0 if name == "oracle" else position if name == "ab_split" else min(position, settled)
        counts = [evenly // lines + (line < evenly % lines) for line in range(lines)]
        counts[best if name == "oracle" else chosen] += position - evenly
        sends += counts
    conversions = [int(count * rates[place % lines]) for place, count in enumerate(sends)]
    return {
        "name": name,
        "label": LABELS[name],
        "sends": sends,
        "conversions": conversions,
        "gained": None,
        "regret": [0.1 * position for position in at],
        "realised": [0.1 * position for position in at],
        "strip": ["0" * min(60, position) for position in at],
        "known": [0] * len(at),
        "unanswered": [0] * len(at),
        "lost": 0,
        "guarded": [0] * len(at),
        "to_best": None,
        "knows": None,
        "sends_within": None,
        "conversions_within": None,
        "reversal": None,
        "low": [0.1 if count else None for count in sends],
        "high": [0.6 if count else None for count in sends],
    }


def make_luck(
    policies: Sequence[str] = PAIR,
    percentiles: Sequence[float] | None = None,
    shown: float = 1266.0,
    campaigns: int = 400,
    **changed: Any,
) -> dict[str, Any]:
    """Repeat campaigns whose extra conversions spread evenly from +923 to +1,373 unless told otherwise."""
    dots = [923.0 + 4.5 * place for place in range(100)] if percentiles is None else list(percentiles)
    zero = _summary(policies[0], [0.0] * 100, 0.0, campaigns) | {"wins": 0, "ties": 0, "losses": 0}
    others = [_summary(name, dots, shown, campaigns) | changed for name in policies[1:]]
    told = {"goal": "conversions", "replications": campaigns, "level": 0.9}
    return told | {"policies": [zero, *others], "baseline": 0}


def _summary(name: str, dots: list[float], shown: float, campaigns: int) -> dict[str, Any]:
    mean = sum(dots) / len(dots)
    wins = round(campaigns * sum(dot > 0 for dot in dots) / len(dots))
    losses = round(campaigns * sum(dot < 0 for dot in dots) / len(dots))
    return {
        "name": name,
        "label": LABELS[name],
        "conversions_mean": 5100.2,
        "sends_mean": 10_000.0,
        "top_share_mean": 0.77,
        "regret_mean": 218.3,
        "extra_mean": mean,
        "extra_low": dots[4],
        "extra_high": dots[95],
        "extra_mean_low": mean - 12,
        "extra_mean_high": mean + 12,
        "wins": wins,
        "ties": campaigns - wins - losses,
        "losses": losses,
        "extra_percentiles": dots,
        "shown_extra": shown,
        "shown_rank": sum(dot < shown for dot in dots) / len(dots),
    }


def races() -> st.SearchStrategy[dict[str, Any]]:
    """Runs of every size that the page can show."""
    return st.builds(
        make_race,
        policies=st.sampled_from([PAIR, ("ab_split", "oracle"), ("thompson", "ab_split", "epsilon_greedy")]),
        rates=st.lists(st.floats(0, 1), min_size=2, max_size=20),
        sends=st.integers(1, 5_000),
        frames=st.integers(1, 60),
        settled_at=st.floats(0, 1),
        favourite=st.sampled_from([None, 0, 1]),
    )


def walk(component: Any) -> Iterator[Any]:
    """Every component of a tree, from the top."""
    if isinstance(component, (list, tuple)):
        for child in component:
            yield from walk(child)
    elif isinstance(component, Component):
        yield component
        yield from walk(getattr(component, "children", None))


def text_of(component: Any) -> str:
    """All words of a tree, as a reader meets them."""
    if isinstance(component, (list, tuple)):
        return "".join(text_of(child) for child in component)
    if isinstance(component, Component):
        return text_of(getattr(component, "children", None))
    return "" if component is None else str(component)


def texts_of(component: Any) -> list[str]:
    """The words of a tree, piece by piece."""
    if isinstance(component, (list, tuple)):
        return [text for child in component for text in texts_of(child)]
    if isinstance(component, Component):
        return texts_of(getattr(component, "children", None))
    return [] if component is None else [str(component)]


def having_class(component: Any, name: str) -> list[Any]:
    """The components of a tree that carry a class."""
    return [part for part in walk(component) if name in (getattr(part, "className", None) or "").split()]
