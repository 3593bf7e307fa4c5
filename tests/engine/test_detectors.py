"""Both detectors against the papers' formulas, and how often they cry wolf."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from engine.detectors import (
    CUSUM_ROWS,
    cusum_alarm,
    cusum_changes,
    cusum_learn,
    glr_alarm,
    glr_changes,
    glr_learn,
    glr_slots,
)
from engine.native import native
from tests.engine.detection import Batches, cusum_has_changed, glr_has_changed, glr_statistic, glr_threshold

RARE = 1e-5
"""How often each statistical check would fail a correct engine, over random seeds."""

batch_lists = st.lists(
    st.integers(1, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=1, max_size=40
)


def switching(*phases: tuple[int, float], seed: int = 1) -> list[int]:
    """Single answers at rates that switch: (answers, rate) for each phase."""
    random = np.random.default_rng(seed)
    return [int(random.random() < rate) for answers, rate in phases for _ in range(answers)]


def groups_of(answers: list[int], every: int) -> Batches:
    return [(every, sum(answers[place : place + every])) for place in range(0, len(answers) - every + 1, every)]


def glr_by_hand(groups: Batches, delta: float, alike: int) -> list[int]:
    places, start = [], 0
    for end in range(1, len(groups) + 1):
        if glr_has_changed(groups[start:end], delta, alike):
            places.append(end - 1)
            start = end
    return places


def glr_of(answers: list[int], **how: Any) -> list[int]:
    return glr_changes([1] * len(answers), answers, **how)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("alike", [1, 2, 8, 1_000])
def test_glr_alarms_are_those_of_the_formula(seed: int, alike: int) -> None:
    answers = switching((300, 0.1), (250, 0.5), (300, 0.2), (40, 1.0), (60, 0.0), seed=seed)
    found = glr_of(answers, delta=0.05, every=5, alike=alike)
    assert found == [5 * place + 4 for place in glr_by_hand(groups_of(answers, 5), 0.05, alike)]
    assert len(found) >= 2


def test_glr_after_every_answer_with_every_place() -> None:
    answers = switching((80, 0.2), (80, 0.9), (60, 0.1))
    found = glr_of(answers, delta=0.01, every=1, alike=1_000)
    assert found == glr_by_hand(groups_of(answers, 1), 0.01, 1_000)
    assert len(found) == 2


@given(batch_lists, st.sampled_from([1, 8]), st.sampled_from([0.01, 0.5]))
def test_glr_takes_batches(batches: Batches, alike: int, delta: float) -> None:
    found = glr_changes([b[0] for b in batches], [b[1] for b in batches], delta=delta, every=1, alike=alike)
    assert found == glr_by_hand(batches, delta, alike)


def test_glr_by_hand() -> None:
    """Of 500 answers 90: 300 ln-odds apart by 0.0228 and 200 by 0.0390 make 14.7, below ln(3 500^1.5 / 0.01) = 15.0."""
    batches: Batches = [(100, 10), (100, 12), (100, 9), (100, 31), (100, 28)]
    assert glr_statistic(batches, [3]) == pytest.approx(14.7, abs=0.1)
    assert glr_threshold(500, 0.01) == pytest.approx(15.03, abs=0.01)
    assert glr_changes([b[0] for b in batches], [b[1] for b in batches]) == []
    assert glr_changes([100] * 6, [10, 12, 9, 31, 28, 30]) == [5]


def test_glr_is_exact_where_the_quick_look_is_hardly_above_it() -> None:
    """A small rate that falls to nothing: the divergence is nearly as large as its bound."""
    batches: Batches = [(1_000.0, 20.0)] * 20 + [(20.0, 0.0)] * 100
    found = glr_changes([b[0] for b in batches], [b[1] for b in batches], alike=1_000)
    assert found[0] == glr_by_hand(batches, 0.01, 1_000)[0] > 20


@given(st.lists(st.booleans(), max_size=400), st.integers(1, 20))
@settings(max_examples=50)
def test_fewer_places_never_ring_earlier(answers: list[bool], every: int) -> None:
    whole = [int(answer) for answer in answers]
    some, all_of_them = glr_of(whole, every=every, delta=0.3), glr_of(whole, every=every, delta=0.3, alike=1_000)
    assert not some or some[0] >= all_of_them[0]


@pytest.mark.parametrize(("seed", "before", "after"), [(1, 0.05, 0.1), (2, 0.3, 0.2), (3, 0.5, 0.9)])
def test_a_change_in_a_long_series_is_noticed_soon(seed: int, before: float, after: float) -> None:
    """At most half as many more answers than with every place tried."""
    answers = switching((20_000, before), (5_000, after), seed=seed)
    noticed, exact = glr_of(answers)[0], glr_of(answers, alike=3_000)[0]
    assert 20_000 < exact <= noticed < 20_000 + 1.5 * (exact - 20_000) + 10


@pytest.mark.parametrize("rate", [0.02, 0.3])
def test_glr_seldom_rings_for_a_steady_rate(rate: float) -> None:
    """400 series of 1,000 answers, delta 0.05: no more alarms than 1 in 20, by a one-sided binomial test."""
    rang = sum(bool(glr_of(switching((1_000, rate), seed=seed), delta=0.05)) for seed in range(400))
    assert stats.binom.sf(rang - 1, 400, 0.05) > RARE


@pytest.mark.parametrize("answer", [0, 1])
def test_glr_never_rings_when_all_answers_are_the_same(answer: int) -> None:
    assert glr_of([answer] * 3_000, delta=0.5) == []


@native
def fill_glr(state: np.ndarray, answers: np.ndarray, every: int, alike: int) -> None:
    for i in range(answers.shape[0]):
        glr_learn(state, 0, i, 1.0, answers[i])
        glr_alarm(state, 0, every, alike, 1e-300)


@pytest.mark.parametrize(("every", "alike"), [(10, 8), (1, 1), (3, 2)])
@pytest.mark.parametrize("answers", [5, 1_000, 100_000])
def test_glr_keeps_to_its_slots(answers: int, every: int, alike: int) -> None:
    slots = glr_slots(answers, every, alike)
    state = np.append(np.zeros(slots), np.full(50, 7.0))
    fill_glr(state, np.random.default_rng(1).integers(0, 2, answers).astype(float), every, alike)
    assert (state[slots:] == 7).all()
    assert state[0] == answers


@native
def tell_glr(state: np.ndarray, sent: int, trials: float, reward: float) -> None:
    glr_learn(state, 0, sent, trials, reward)
    glr_alarm(state, 0, 10, 8, 1e-300)


@given(st.lists(st.booleans(), min_size=1, max_size=300), st.integers(0, 299))
@settings(max_examples=50)
def test_glr_puts_a_late_conversion_where_its_send_is(answers: list[bool], late: int) -> None:
    """However late; the sends of this line are every third of the campaign."""
    late %= len(answers)
    at_once, amended = np.zeros(glr_slots(300)), np.zeros(glr_slots(300))
    for place, answer in enumerate(answers):
        tell_glr(at_once, 3 * place, 1.0, float(answer or place == late))
        tell_glr(amended, 3 * place, 1.0, float(answer and place != late))
    tell_glr(amended, 3 * late, 0.0, 1.0)
    np.testing.assert_array_equal(amended, at_once)


def cusum_by_hand(answers: list[int], base: int, drift: float, threshold: float) -> list[int]:
    places, start = [], 0
    for end in range(1, len(answers) + 1):
        if cusum_has_changed(answers[start:end], base, drift, threshold):
            places.append(end - 1)
            start = end
    return places


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("base", "drift", "threshold"), [(50, 0.05, 5.0), (100, 0.02, 8.3), (1, 0.3, 1.05)])
def test_cusum_alarms_are_those_of_the_algorithm(seed: int, base: int, drift: float, threshold: float) -> None:
    """No sum can be exactly at the threshold, where rounding would decide."""
    answers = switching((300, 0.1), (250, 0.5), (300, 0.2), seed=seed)
    found = cusum_changes([1] * len(answers), answers, base=base, drift=drift, threshold=threshold)
    assert found == cusum_by_hand(answers, base, drift, threshold)
    assert len(found) >= 2


def test_cusum_takes_batches() -> None:
    """Usual rate 0.1 from the first batch. Then by hand: 31 - 15 = 16, and 16 + 28 - 15 = 29, above 20."""
    assert cusum_changes([100] * 6, [10, 12, 9, 31, 28, 30]) == [4]
    assert cusum_changes([100] * 6, [31, 30, 29, 10, 12, 11], threshold=30) == [4]  # down: 26 - 10 and 16 + 26 - 12


def test_cusum_seldom_rings_for_a_steady_rate_that_it_knows() -> None:
    """Mean answers to a false alarm, both sides together, are at least those of Wald's bound exp(w h) / 2.

    w solves E exp(w (x - rate - drift)) = 1, for the side that rings more often. A one-sided binomial test of the
    alarms in 300 series of 1,000 answers, with the rate known from 100,000 others.
    """
    rate, drift, threshold = 0.3, 0.05, 20.0
    tilt = min(tilt_of(rate, drift), tilt_of(1 - rate, drift))
    most = min(1.0, 2 * 1_000 * math.exp(-tilt * threshold))
    assert most < 0.5
    rang = 0
    for seed in range(300):
        answers = switching((1_000, rate), seed=seed)
        told = [100_000.0] + [1.0] * 1_000
        rang += bool(cusum_changes(told, [100_000 * rate, *answers], drift=drift, threshold=threshold))
    assert stats.binom.sf(rang - 1, 300, most) > RARE


def tilt_of(rate: float, drift: float) -> float:
    """The w > 0 with rate exp(w (1 - rate - drift)) + (1 - rate) exp(-w (rate + drift)) = 1, by halving."""
    low, high = 1e-6, 50.0
    for _ in range(100):
        w = (low + high) / 2
        grows = rate * math.exp(w * (1 - rate - drift)) + (1 - rate) * math.exp(-w * (rate + drift)) > 1
        low, high = (low, w) if grows else (w, high)
    return low


@native
def tell_cusum(state: np.ndarray, sent: int, trials: float, reward: float) -> bool:
    cusum_learn(state, 0, 1, sent, trials, reward, 3, 0.1)
    return cusum_alarm(state, 0, 1, 2.5)


def test_cusum_counts_a_late_conversion_of_the_first_answers_into_the_usual_rate() -> None:
    at_once, late = np.zeros(CUSUM_ROWS), np.zeros(CUSUM_ROWS)
    for sent, answer in enumerate((1, 0, 1)):
        tell_cusum(at_once, sent, 1, answer)
        tell_cusum(late, sent, 1, 0)
    tell_cusum(late, 0, 0, 1)
    tell_cusum(late, 2, 0, 1)
    np.testing.assert_array_equal(late, at_once)


def test_cusum_counts_later_ones_when_they_are_told() -> None:
    """By hand, usual rate 0 and drift 0.1: -0.1 and again -0.1 from 0, then 1 more, then 0.9 - 0.1 and twice 1 more."""
    state = np.zeros(CUSUM_ROWS)
    for sent in range(5):
        tell_cusum(state, sent, 1, 0)
    tell_cusum(state, 3, 0, 1)
    assert state[3] == pytest.approx(0.9)
    tell_cusum(state, 5, 1, 0)
    assert not tell_cusum(state, 4, 0, 1)
    assert state[3] == pytest.approx(1.8)
    assert tell_cusum(state, 5, 0, 1)


@pytest.mark.parametrize("detect", [glr_changes, cusum_changes])
@pytest.mark.parametrize(
    ("trials", "successes"),
    [([1, 1], [1]), ([1, 1], [2, 0]), ([1], [-1]), ([0], [0]), ([[1]], [[1]]), ([1], [math.nan])],
)
def test_a_series_that_cannot_be_is_refused(detect: Any, trials: Any, successes: Any) -> None:
    with pytest.raises(ValueError, match="successes: got"):
        detect(trials, successes)


@pytest.mark.parametrize("detect", [glr_changes, cusum_changes])
def test_an_empty_series_has_no_change(detect: Any) -> None:
    assert detect([], []) == []
