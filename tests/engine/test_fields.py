"""A setting is declared once; what it allows is read from there."""

import pytest

import engine
from engine.fields import knobs
from engine.scenario import Scenario

MODELS = [spec.parameters for family in (engine.POLICIES, engine.WORLDS) for spec in family.values()]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__module__)
def test_every_setting_can_become_a_control(model: type) -> None:
    for name, knob in knobs(model).items():
        if name in ("name", "label"):
            continue
        assert knob.kind in ("integer", "number", "choice", "switch")
        assert knob.title
        assert knob.help.endswith(".")
        if knob.kind in ("integer", "number"):
            assert knob.high is not None
            assert knob.low is not None or knob.above is not None


def test_bounds_are_said_in_words() -> None:
    assert knobs(Scenario)["sends"].allowed == "a whole number from 1 to 1,000,000"
    assert knobs(engine.POLICIES["epsilon_decay"].parameters)["c"].allowed == "a number above 0 and up to 1,000"
    assert knobs(engine.WORLDS["stationary"].parameters)["draw"].allowed == "one of uniform, beta"
