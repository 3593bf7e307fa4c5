"""Scenarios to start from are what they say."""

import pytest

from engine import from_link, to_link
from engine.presets import DEFAULT, PRESETS, preset_of


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_valid_and_explained(name: str) -> None:
    preset = PRESETS[name]
    assert preset_of(preset.scenario) == name
    assert preset.sentence.endswith(".")
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


def test_a_scenario_of_ones_own_is_no_preset() -> None:
    assert preset_of(PRESETS["classic"].scenario.with_changes(seed=1)) is None


@pytest.mark.parametrize("name", PRESETS)
def test_presets_fit_in_a_link(name: str) -> None:
    assert from_link(to_link(PRESETS[name].scenario)) == PRESETS[name].scenario
