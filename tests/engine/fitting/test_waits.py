"""How late conversions come: the law is found again, also where the file ends before all of them came."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from engine.catalogue import DELAYS
from engine.fitting.waits import FAMILIES, Waits, fitted_waits, grain_of, pace_of

LAWS: dict[str, Any] = {
    "exponential": stats.expon(scale=6.0),
    "log_normal": stats.lognorm(s=np.log(3.0), scale=4.0),
}
TRUTHS = {"exponential": {"mean_hours": 6.0}, "log_normal": {"median_hours": 4.0, "spread": 3.0}}


def campaign(
    law: str, seed: int, *, sends: int = 20_000, hours: float = 30.0, rate: float = 0.1
) -> tuple[np.ndarray, ...]:
    """Times of sends, and of conversions that came before the last hour."""
    rng = np.random.default_rng(seed)
    sent = rng.uniform(0.0, hours, sends)
    waits = LAWS[law].rvs(size=sends, random_state=rng)
    came = (rng.random(sends) < rate) & (sent + waits <= hours)
    return sent, np.where(came, waits, np.nan)


def fitted(*args: Any) -> Waits:
    found = fitted_waits(*args)
    assert isinstance(found, Waits)
    return found


@pytest.mark.parametrize("law", LAWS)
def test_the_law_is_found_again_without_bias_though_late_conversions_are_missing(law: str) -> None:
    """A right estimator fails once in 100,000 seeds; without the truncation, means are short by 15 errors and more."""
    campaigns = [campaign(law, seed) for seed in range(25)]
    found = [fitted(*one) for one in campaigns]
    assert {one.delay["name"] for one in found} == {law}
    for name, truth in TRUTHS[law].items():
        logs = np.log([one.delay[name] for one in found]) - np.log(truth)
        error = logs.std(ddof=1) / np.sqrt(len(logs))
        assert abs(logs.mean()) < stats.t.isf(0.5e-5, len(logs) - 1) * error
        assert error < 0.03
    naive = np.log([np.nanmedian(waits) for _, waits in campaigns]) - np.log(LAWS[law].median())
    assert naive.mean() < -15 * naive.std() / 5


@pytest.mark.parametrize("law", LAWS)
def test_conversions_still_to_come_are_made_up_for(law: str) -> None:
    sent, waits = campaign(law, seed=4)
    seen = fitted(sent, waits).seen
    came = int((~np.isnan(waits)).sum())
    assert came / len(sent) < 0.085
    low, high = stats.poisson(0.1 * LAWS[law].cdf(30.0 - sent).sum()).interval(1 - 1e-5)
    assert low < came < high
    assert came / seen.sum() == pytest.approx(0.1, abs=5 * np.sqrt(0.1 / len(sent)) + 0.004)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_the_laws_are_those_of_the_scenario(family: Any) -> None:
    settings = TRUTHS[family.name]
    numbers, hours = np.log(list(settings.values())), np.array([0.5, 4.0, 30.0])
    spec = DELAYS[family.name]
    parameters = spec.parameters(name=family.name, **settings)
    assert spec.share_within is not None
    np.testing.assert_allclose(family.within(hours, numbers), [spec.share_within(parameters, one) for one in hours])
    np.testing.assert_allclose(
        family.log_between(hours, hours + 1e-6, numbers) - np.log(1e-6), LAWS[family.name].logpdf(hours), rtol=1e-4
    )


def test_chances_far_out_keep_their_digits() -> None:
    numbers = np.log([4.0, 3.0])
    far = np.array([4.0 * 3.0**12])
    expected = LAWS["log_normal"].logsf(far) + np.log1p(
        -np.exp(LAWS["log_normal"].logsf(2 * far) - LAWS["log_normal"].logsf(far))
    )
    np.testing.assert_allclose(FAMILIES[1].log_between(far, 2 * far, numbers), expected, rtol=1e-6)


def test_a_window_that_is_known_is_kept_and_makes_nothing_faster() -> None:
    rng = np.random.default_rng(8)
    sent, waits = rng.uniform(0, 500, 30_000), rng.exponential(20.0, 30_000)
    waits[(rng.random(30_000) > 0.1) | (waits > 24.0) | (sent + waits > 500)] = np.nan
    found = fitted(sent, waits, 24.0)
    assert found.delay["window_hours"] == 24.0
    assert found.delay["mean_hours"] == pytest.approx(20.0, rel=0.25)
    assert found.seen.max() == pytest.approx(1 - np.exp(-24 / found.delay["mean_hours"]), rel=0.01)


def test_without_one_the_window_keeps_nearly_all_in_whole_days() -> None:
    sent, waits = campaign("exponential", seed=1, hours=300.0)
    window = fitted(sent, waits).delay["window_hours"]
    assert window % 24 == 0
    assert window >= np.nanmax(waits)
    assert LAWS["exponential"].sf(window) < 0.002


def test_times_of_the_day_alone_still_tell_the_mean() -> None:
    rng = np.random.default_rng(2)
    sent, waits = rng.uniform(0, 24 * 60, 60_000), rng.exponential(60.0, 60_000)
    days = np.floor((sent + waits) / 24) * 24 - np.floor(sent / 24) * 24
    days[(rng.random(60_000) > 0.1) | (sent + waits > 24 * 60)] = np.nan
    found = fitted(np.floor(sent / 24) * 24, days)
    assert found.delay["name"] == "exponential"
    assert found.delay["mean_hours"] == pytest.approx(60.0, rel=0.06)


def test_conversions_at_once_are_possible() -> None:
    sent = np.linspace(0, 100, 6_000)
    waits = np.where(np.arange(6_000) % 20 == 0, 0.0, np.nan)
    assert fitted(sent, waits).median_hours < 0.05


def test_a_file_that_ends_too_soon_is_said_to() -> None:
    rng = np.random.default_rng(3)
    sent, waits = np.zeros(5_000), rng.uniform(0.0, 5.0, 5_000)
    assert "ends too soon" in str(fitted_waits(sent, waits))


def test_few_conversions_make_no_law() -> None:
    assert "there are 3" in str(fitted_waits(np.zeros(9), np.array([1.0, 2.0, 3.0] + [np.nan] * 6)))


def test_recipients_without_times_count_in_full() -> None:
    sent, waits = campaign("exponential", seed=1)
    sent[:500], waits[:500] = np.nan, np.nan
    assert (fitted(sent, waits).seen[:500] == 1.0).all()


def test_the_pace_is_that_of_the_bulk() -> None:
    sent = np.concatenate([np.linspace(1_000.0, 1_010.0, 4_001), [0.0, 9_000.0]])
    assert pace_of(sent) == pytest.approx(400, rel=0.02)
    assert pace_of(np.repeat(np.arange(4) * 24.0, 480)) == pytest.approx(20, abs=1)
    assert pace_of(np.array([0.0, 1_000.0])) == 1


def test_the_grain_is_the_coarsest_that_fits() -> None:
    assert [grain_of(np.array(hours)) for hours in ([24.0, 48.0], [24.0, 25.0], [24.0, 25.5])] == [24.0, 1.0, 1 / 60]
