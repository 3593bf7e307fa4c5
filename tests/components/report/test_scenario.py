"""A scenario in words: everything that it says, and nothing that does not matter."""

import pytest

from components.report.scenario import facts, in_a_sentence, lines
from engine import Scenario
from engine.presets import PRESETS
from tests.components.report.reports import SCENARIO


def told(scenario: Scenario) -> dict[str, list[str]]:
    return {fact.name: fact.values for fact in facts(scenario)}


def test_lines_have_their_rates_and_say_which_were_drawn() -> None:
    assert [row["True rate"] for row in lines(SCENARIO)] == ["10.00%", "20.00%"]
    drawn = lines(PRESETS["classic"].scenario)
    assert drawn[0] == {"Line": "A", "Subject line": "Limited Time Offer!", "True rate": "48.70% (drawn)"}


def test_a_line_with_an_earlier_campaign_says_its_counts() -> None:
    history = {"sends": 2_000, "conversions": 60}
    asked = SCENARIO.with_changes(
        arms=[{"name": "A", "history": history}, {"name": "B", "rate": 0.2}],
        world={"name": "stationary", "redraw": True},
    )
    first, second = lines(asked)
    assert (first["Earlier campaign"], second["Earlier campaign"]) == ("60 of 2,000", "")
    assert (first["True rate"], second["True rate"]) == ("drawn anew for each campaign", "20.00%")


def test_policies_say_their_settings_and_guardrails_their_promise() -> None:
    found = told(SCENARIO)
    assert found["Policies"][1].startswith("ε-greedy (ε 0.1): Most sends go to the best line so far")
    assert found["Guardrails"] == [
        (
            "Minimum share: 5% a line. Every line keeps at least this share of the traffic to the end, so that no slow starter "
            "is shut out."
        )
    ]
    assert found["Seeds"] == [f"luck {SCENARIO.seed}"]  # no rate is drawn


def test_how_rates_are_drawn_is_said_only_where_any_is() -> None:
    assert told(SCENARIO)["How rates behave"] == ["Steady rates: Every line keeps its rate for the whole campaign."]
    assert "lowest rate 0.1" in told(PRESETS["classic"].scenario)["How rates behave"][0]


def test_circumstances_stand_in_the_sentence() -> None:
    assert in_a_sentence(SCENARIO) == (
        f"Scenario: 2 subject lines, 1,000 sends, A/B split and ε-greedy; 1 guardrail; seed {SCENARIO.seed}."
    )


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_told(name: str) -> None:
    scenario = PRESETS[name].scenario
    texts = [text for values in told(scenario).values() for text in values]
    assert all(texts)
    assert not [text for text in texts if "None" in text and text != "None"]
    for dimension, groups in scenario.segments.dimensions.items():
        shown = told(scenario)[dimension.replace("_", " ").capitalize()]
        assert [text.split(":")[0] for text in shown] == [group.name for group in groups]
