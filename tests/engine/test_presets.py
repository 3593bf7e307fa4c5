"""Scenarios to start from are what they say."""

import pytest

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
