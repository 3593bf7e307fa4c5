"""The menu draws each price, hollow where it cannot be measured, and tells what ticked entries cost together."""

from typing import Any

import pytest

from components.cards.guardrail_menu import menu_table, records, together
from tests.components.results import having_class, text_of

SURE = {"mean": -38.0, "low": -42.0, "high": -34.0}
OPEN = {"mean": -2.0, "low": -6.0, "high": 2.0}


def entry(name: str, kind: str, settings: dict[str, Any], change: Any = None, reason: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "settings": settings,
        "is_own": name.startswith("own-"),
        "reason": reason,
        "change": change,
    }


def menu(*items: dict[str, Any], goal: str = "conversions") -> dict[str, Any]:
    given = items or (
        entry("cadence", "cadence", {"update_every": "hourly"}, OPEN),
        entry("burn_in", "burn_in", {"sends": 100}, SURE),
        entry("own-holdout", "holdout", {"share": 0.05}),
        entry("minimum_share-0.1", "minimum_share", {"share": 0.1}, reason="12 lines need more."),
    )
    return {
        "goal": goal,
        "campaigns": 400,
        "sends": 10_000,
        "level": 0.9,
        "policy": "Thompson",
        "slug": "thompson",
        "pace": 60,
        "items": list(given),
    }


def rows(*ticked: str) -> list[str]:
    return [text_of(row) for row in menu_table(menu(), list(ticked), "key").children[1].children]


def test_a_price_is_written_with_its_interval() -> None:
    assert "−38, 90% interval −42 to −34" in rows()[1]


def test_what_cannot_be_measured_is_free() -> None:
    assert "free, not measurable, 90% interval" in rows()[0]
    assert "once an hour" in rows()[0]
    table = menu_table(menu(), [], "key")
    assert table.children[1].children[0].className == "is-unclear"


def test_what_is_awaited_or_impossible_says_so() -> None:
    assert "…" in rows()[2]
    assert "yours" in rows()[2]
    assert "12 lines need more." in rows()[3]
    buttons = having_class(menu_table(menu(), [], "key"), "menu-tick")
    assert [button.disabled for button in buttons] == [False, False, False, True]


def test_what_is_ticked_is_pressed() -> None:
    buttons = having_class(menu_table(menu(), ["burn_in"], "key"), "menu-tick")
    assert [getattr(button, "aria-pressed") for button in buttons] == ["false", "true", "false", "false"]


@pytest.mark.parametrize(
    ("total", "said"),
    [
        (
            -300.0,
            "change the result by −221 (−246 to −198), less than their sum, −300, because they protect the same sends.",
        ),
        (-215.0, "(−246 to −198), about their sum, −215."),
        (-100.0, "(−246 to −198), more than their sum, −100."),
        (None, "(−246 to −198)."),
    ],
)
def test_together_is_compared_with_the_sum(total: float | None, said: str) -> None:
    told = {"names": ["cadence", "burn_in"], "change": {"mean": -221.0, "low": -246.0, "high": -198.0}, "total": total}
    text = text_of(together(told, menu(), "/stress?s=1", is_on=False, why=""))
    assert "Decide less often (once an hour) and burn-in (100 sends a line)" in text
    assert said in text
    assert "Add to scenario" in text


def test_what_the_scenario_has_is_not_added_again() -> None:
    told = {"names": ["burn_in"], "change": SURE, "total": -38.0}
    text = text_of(together(told, menu(), "/stress?s=1", is_on=True, why=""))
    assert "Add to scenario" not in text
    assert "in your scenario already" in text
    assert "sum" not in text


def test_nothing_ticked_says_what_to_do() -> None:
    assert "Tick guardrails" in text_of(together(None, menu(), None, is_on=False, why="Tick guardrails above."))


def test_the_file_has_a_row_for_each_entry() -> None:
    told = records(menu())
    assert [row["conversions more or fewer"] for row in told] == [-2.0, -38.0, None, None]
    assert told[3]["not possible because"] == "12 lines need more."


def test_prices_in_money_have_their_cents_while_they_are_small() -> None:
    small = {"mean": -3.25, "low": -4.5, "high": -2.0}
    listed = menu(entry("burn_in", "burn_in", {"sends": 100}, small), goal="net_value")
    assert "−3.25, 90% interval −4.50 to −2.00" in text_of(menu_table(listed, [], "key"))
    assert records(listed)[0]["net value more or less"] == -3.25


def test_every_usual_guardrail_has_words_for_its_settings() -> None:
    capped = menu(entry("frequency_cap", "frequency_cap", {"most": 3, "hours": 168}, SURE))
    assert "3 in 168 hours" in text_of(menu_table(capped, [], "key"))
    fair = menu(entry("segment_fairness", "segment_fairness", {"share": 0.05}, SURE))
    assert "5% a line in every segment" in text_of(menu_table(fair, [], "key"))
