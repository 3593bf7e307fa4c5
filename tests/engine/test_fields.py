"""A setting is declared once; what it allows is read from there."""

import pytest
from pydantic import ValidationError

import engine
from engine.fields import knobs, plain
from engine.scenario import Scenario

MODELS = [spec.parameters for family in (engine.POLICIES, engine.WORLDS) for spec in family.values()]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__module__)
def test_every_setting_can_become_a_control(model: type) -> None:
    for name, knob in knobs(model).items():
        if name in ("name", "label"):
            continue
        assert knob.kind in ("integer", "number", "choice", "switch", "list")
        assert knob.title
        assert knob.help.endswith(".")
        if knob.kind in ("integer", "number", "list"):
            assert knob.high is not None
            assert knob.low is not None or knob.above is not None or knob.kind == "list"


def test_bounds_are_said_in_words() -> None:
    assert knobs(Scenario)["sends"].allowed == "a whole number from 1 to 1,000,000"
    assert knobs(engine.POLICIES["epsilon_decay"].parameters)["c"].allowed == "a number above 0 and up to 1,000"
    assert knobs(engine.WORLDS["stationary"].parameters)["draw"].allowed == "one of uniform, beta"


def test_every_setting_says_what_is_allowed() -> None:
    for model in (*MODELS, Scenario):
        for knob in knobs(model).values():
            assert knob.allowed


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__module__)
def test_a_setting_that_only_matters_sometimes_names_one_that_exists(model: type) -> None:
    declared = knobs(model)
    for knob in declared.values():
        if knob.relevant_when is not None:
            other, value = knob.relevant_when
            assert value in declared[other].choices or (declared[other].kind == "list" and value == [])


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__module__)
def test_what_the_bounds_say_is_what_is_accepted(model: type) -> None:
    """The ends of the range are valid, one step beyond them is not."""
    slug = model.__module__.rpartition(".")[2]
    for name, knob in knobs(model).items():
        if knob.kind not in ("integer", "number"):
            continue
        assert knob.high is not None
        low = knob.low if knob.low is not None else knob.above
        assert low is not None
        beyond = 1 if knob.kind == "integer" else 1e-9
        whole = int if knob.kind == "integer" else float
        for value, valid in ((low, knob.low is not None), (knob.high, True), (low - beyond, False)):
            assert accepts(model, {"name": slug, name: whole(value)}) is valid
        assert not accepts(model, {"name": slug, name: whole(knob.high * (1 + 1e-9) + beyond)})


def accepts(model: type, settings: dict[str, object]) -> bool:
    try:
        model.model_validate(settings)  # type: ignore[attr-defined]
    except ValidationError as error:
        return not any(detail["loc"] for detail in error.errors())
    return True


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "0"), (1_000_000, "1,000,000"), (0.01, "0.01"), (1.0, "1"), (1e6, "1,000,000"), (-5, "-5")],
)
def test_numbers_are_written_the_way_people_do(number: float, written: str) -> None:
    assert plain(number) == written
