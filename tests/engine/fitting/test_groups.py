"""Groups of recipients: found where they are, and not where they are not."""

import numpy as np
import pytest

from engine import Scenario
from engine.fitting.groups import Counts, Groups, counts_of, fitted_groups
from engine.segments import HIGHEST_MULTIPLIER, MOST_GROUPS

SHARES = np.array([0.3, 0.3, 0.4])
KNOWN = np.array([[1.6, 0.8, 1.2], [0.9, 1.0, 0.7], [0.5, 1.2, 1.1]])
KNOWN = KNOWN / (SHARES @ KNOWN)
ALIKE = np.ones((3, 3))
RATES = np.array([0.05, 0.06, 0.07])


def drawn(rng: np.random.Generator, times: np.ndarray, sends: int, rates: np.ndarray = RATES) -> Counts:
    sent = rng.multinomial(sends, np.outer(SHARES, np.ones(3) / 3).ravel()).reshape(3, 3)
    return Counts(("New", "Loyal", "Lapsed"), sent.astype(float), rng.binomial(sent, rates * times).astype(float))


def whole(found: Groups) -> np.ndarray:
    return found.factors[:, np.newaxis] * found.by_line


def errors(times: np.ndarray, sends: int, rates: np.ndarray = RATES) -> np.ndarray:
    """Mean squared errors of the estimates, of what was seen, and of no difference."""
    rng, total = np.random.default_rng(11), np.zeros(3)
    for _ in range(40):
        counts = drawn(rng, times, sends, rates)
        seen = counts.conversions / counts.sends / (counts.conversions.sum(axis=0) / counts.sends.sum(axis=0))
        total += [((one - times) ** 2).mean() for one in (whole(fitted_groups(counts)), seen, ALIKE)]
    return total / 40


def test_known_factors_are_found_better_the_more_is_known() -> None:
    few, some, many = (errors(KNOWN, sends)[0] for sends in (1_000, 8_000, 64_000))
    assert few > 4 * some > 16 * many
    assert many < 0.05**2


@pytest.mark.parametrize(("times", "sends", "rates"), [(KNOWN, 1_000, RATES), (1 + (KNOWN - 1) / 2, 600, RATES * 5)])
def test_they_beat_what_was_seen_and_no_difference(times: np.ndarray, sends: int, rates: np.ndarray) -> None:
    pooled, seen, none = errors(times, sends, rates)
    assert pooled < 0.9 * min(seen, none)


def test_where_all_are_alike_factors_stay_near_one_and_the_evidence_says_so() -> None:
    """Bayes factors above 3 come up in at most one of three such files (Markov), by far more seldom in practice."""
    rng = np.random.default_rng(3)
    found = [fitted_groups(drawn(rng, ALIKE, 6_000)) for _ in range(100)]
    distances = [np.abs(np.log(one.extremes)).max() for one in found]
    assert np.median(distances) < 0.06
    assert np.quantile(distances, 0.95) < 0.25
    assert sum(one.evidence > np.log(3) for one in found) <= 8
    pooled, seen, _ = errors(ALIKE, 6_000)
    assert pooled < seen / 5


def test_lines_keep_their_rates_over_all_recipients() -> None:
    counts = drawn(np.random.default_rng(1), KNOWN, 20_000)
    mix = counts.sends / counts.sends.sum(axis=0)
    found = fitted_groups(counts)
    np.testing.assert_allclose((mix * whole(found)).sum(axis=0), 1.0)
    arms = [{"name": str(rate), "rate": rate} for rate in RATES]
    scenario = Scenario.from_dict(
        {"arms": arms, "policies": [{"name": "ab_split"}], "segments": {"audience": found.as_fields()}}
    )
    np.testing.assert_allclose(scenario.rates()[0], RATES, rtol=0.02)


def test_a_line_that_went_to_better_recipients_is_not_taken_for_a_better_line() -> None:
    """Loyal ones convert three times as well under either line; A was sent to them mostly, so A looks better."""
    sends = np.array([[9_000.0, 3_000.0], [3_000.0, 9_000.0]])
    won = sends * np.array([[0.06], [0.02]])
    found = fitted_groups(Counts(("Loyal", "New"), sends, won))
    history = won.sum(axis=0) / sends.sum(axis=0)
    assert history[0] > 1.6 * history[1]
    np.testing.assert_allclose(history * whole(found), [[0.06, 0.06], [0.02, 0.02]], rtol=0.02)
    assert np.abs(found.by_line * history - (found.by_line * history).mean(axis=1, keepdims=True)).max() < 1e-3


def test_counts_are_those_of_the_rows() -> None:
    counts = counts_of(("a", "b"), np.array([0, 0, 1, 1, 1], np.uint8), np.array([0, 1, 1, 1, 0], np.uint8),
                       np.array([1, 0, 1, 1, 0], np.uint8), 2)  # fmt: skip
    assert counts.sends.tolist() == [[1, 1], [1, 2]]
    assert counts.conversions.tolist() == [[1, 0], [0, 2]]


def test_of_too_many_groups_the_smallest_are_taken_together() -> None:
    group = np.repeat(np.arange(30), np.arange(30, 0, -1)).astype(np.uint8)
    none = np.zeros(len(group), np.uint8)
    counts = counts_of(tuple(f"group {place}" for place in range(30)), group, none, none, 2)
    assert counts.names == (*(f"group {place}" for place in range(MOST_GROUPS - 1)), "All others")
    assert counts.sends[-1].tolist() == [np.arange(1, 31 - 15).sum(), 0]


def test_long_names_are_cut_and_stay_different() -> None:
    names = ("x" * 50, "x" * 60, "y")
    none = np.zeros(3, np.uint8)
    assert counts_of(names, np.arange(3, dtype=np.uint8), none, none, 2).names == ("x" * 40, "x" * 36 + " (2)", "y")


def test_the_fields_are_what_a_scenario_takes() -> None:
    sends = np.array([[10.0, 12.0], [300_000.0, 330_001.0], [7.0, 9.0]])
    found = fitted_groups(Counts(("a", "b", "c"), sends, np.floor(sends * [[0.9, 0.8], [0.01, 0.012], [0.0, 0.0]])))
    fields = found.as_fields()
    assert sum(one["share"] for one in fields) == pytest.approx(1.0, abs=1e-9)
    assert 10 < max(one["multiplier"] for one in fields) <= HIGHEST_MULTIPLIER
    arms = [{"name": name} for name in "AB"]
    Scenario.from_dict({"arms": arms, "policies": [{"name": "ab_split"}], "segments": {"device": fields}})
