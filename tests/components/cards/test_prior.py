"""The card of policies that start from an earlier campaign: a warning where it would mislead, and what it was worth."""

from typing import Any

from components.cards.prior import prior
from engine import Scenario, compare, simulate
from tests.components.results import having_class, text_of


def asked(rates: tuple[float | None, float | None], *policies: dict[str, Any]) -> Scenario:
    history = [{"sends": 1_000, "conversions": won} for won in (40, 60)]
    arms = [{"name": name, "rate": rate, "history": one} for name, rate, one in zip("AB", rates, history, strict=True)]
    return Scenario.from_dict(
        {
            "arms": arms,
            "policies": [{"name": "ab_split"}, *policies],
            "sends": 400,
            "replications": 30,
            "world": {"name": "stationary", "redraw": rates[0] is None},
        }
    )


def card(scenario: Scenario) -> Any:
    return prior(scenario, compare(simulate(scenario), crowned_in=0))


TWINS = ({"name": "thompson", "history": 0.5}, {"name": "thompson"})


def test_where_nothing_starts_from_history_there_is_nothing() -> None:
    assert card(asked((0.05, 0.03), {"name": "thompson"})) == []


def test_history_that_would_mislead_is_warned_of() -> None:
    found = card(asked((0.05, 0.03), *TWINS))
    assert text_of(found).startswith("History would mislead Thompson sampling")
    assert "its 2,000 sends as 1,000" in text_of(found)
    assert len([part for one in found for part in having_class(one, "note-warn")]) == 1
    assert "outside" in text_of(found)


def test_history_that_is_right_is_said_to_be() -> None:
    found = card(asked((0.04, 0.06), *TWINS))
    assert "History would not mislead" in text_of(found)
    assert not [part for one in found for part in having_class(one, "note-warn")]


def test_where_rates_are_drawn_anew_it_cannot_be_known() -> None:
    found = card(asked((None, None), *TWINS))
    assert "cannot be known here" in text_of(found)
    assert "tarting from history" in text_of(found)
