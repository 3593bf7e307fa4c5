"""Scenarios to start from are what they say."""

import numpy as np
import pytest
from scipy import stats

from engine import compare, from_link, simulate, to_link
from engine.presets import DEFAULT, PRESETS, preset_of


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_valid_and_explained(name: str) -> None:
    preset = PRESETS[name]
    assert preset_of(preset.scenario) == name
    assert preset.sentence.endswith((".", "?"))
    assert preset.source.endswith(".")
    assert len(preset.scenario.policies) in range(2, 5)


def test_classic_comes_first() -> None:
    assert next(iter(PRESETS)) == DEFAULT == "classic"


def test_real_campaign_has_the_published_visit_rates() -> None:
    rates = PRESETS["real_campaign"].scenario.rates()[0]
    assert rates.round(4).tolist() == [0.1828, 0.1514, 0.1062]


def test_classic_has_five_lines_and_two_policies() -> None:
    scenario = PRESETS["classic"].scenario
    assert [arm.name for arm in scenario.arms] == [
        "Limited Time Offer!", "You Won't Believe This...", "Exclusive Deal Inside", "Last Chance to Save", "Free Gift Waiting",
    ]  # fmt: skip
    assert scenario.labels == ("A/B split", "ε-greedy")
    assert scenario.rates()[0].round(4).tolist() == [0.4870, 0.3194, 0.5293, 0.4487, 0.1471]


def test_every_customer_of_the_real_campaign_is_a_send() -> None:
    assert PRESETS["real_campaign"].scenario.sends == 64_000


def test_small_differences_has_as_many_sends_as_its_source_says() -> None:
    """And the source's figure is that of the usual formula for two proportions, 5% two-sided, 95% power."""
    scenario = PRESETS["small_differences"].scenario
    (low, high), z = scenario.rates()[0], stats.norm.isf([0.025, 0.05])
    middle = (low + high) / 2
    spreads = np.sqrt([2 * middle * (1 - middle), low * (1 - low) + high * (1 - high)])
    each = ((z @ spreads) / (high - low)) ** 2
    assert (low, high) == (0.04, 0.05)
    assert scenario.sends == pytest.approx(2 * each, abs=3)


def test_there_is_nothing_to_find_among_identical_lines() -> None:
    rates = PRESETS["nothing_to_find"].scenario.rates()[0]
    assert set(rates) == {0.05}


def test_whoever_looks_among_identical_lines_finds_false_winners() -> None:
    asked = PRESETS["nothing_to_find"].scenario.with_changes(replications=200)
    policies = compare(simulate(asked))["policies"]
    for policy in policies:
        assert policy["crowns"] == policy["false_winners"]
        assert policy["top_share_mean"] == 1
        assert policy["regret"]["mean"] == 0
    assert policies[0]["false_winners"]


def test_a_scenario_of_ones_own_is_no_preset() -> None:
    assert preset_of(PRESETS["classic"].scenario.with_changes(seed=1)) is None


@pytest.mark.parametrize("name", PRESETS)
def test_presets_fit_in_a_link(name: str) -> None:
    assert from_link(to_link(PRESETS[name].scenario)) == PRESETS[name].scenario
