"""The scenarios to start from, as cards."""

import json
from typing import Any

from app import create_app
from components import wording_visit as words
from components.visit import gallery
from components.visit.parts import cards
from engine.presets import PRESETS


def test_every_scenario_has_a_card_with_its_sentence_its_size_and_the_page_that_shows_it_best() -> None:
    create_app()
    told = json.dumps(cards(wanted=True), default=lambda part: part.to_plotly_json())
    shown: list[dict[str, Any]] = json.loads(told)["props"]["children"]
    assert [card["props"]["data-preset"] for card in shown] == list(PRESETS)
    for card, preset in zip(shown, PRESETS.values(), strict=True):
        text = json.dumps(card, ensure_ascii=False)
        assert preset.sentence in text
        assert f"{preset.scenario.sends:,}" in text
        assert "shows it best" in text
        assert json.dumps(preset.name) in card["props"]["children"][-1]["props"]["data-at"]


def test_what_is_special_is_said_only_where_there_is_something() -> None:
    def facts(name: str) -> list[Any]:
        return list(gallery._facts(PRESETS[name]).children)

    assert [len(facts(name)) for name in ("classic", "late_conversions")] == [3, 4]
    assert facts("late_conversions")[-1].children[1].children == "replies late"


def test_no_page_is_named_for_a_scenario_that_there_is_not() -> None:
    assert set(words.BEST_SEEN) == set(PRESETS)
