from typing import Any

from dash import html
from hypothesis import given

from components.cards.kpi import kpi
from components.formats import count
from tests.components.results import having_class, make_moving, make_race, races, text_of, walk


def facts(block: Any) -> dict[str, str]:
    names = [text_of(part) for part in walk(block) if isinstance(part, html.Dt)]
    return dict(zip(names, (text_of(part) for part in walk(block) if isinstance(part, html.Dd)), strict=True))


def test_what_happened_stands_beside_what_could_have() -> None:
    first, second = having_class(kpi(make_race()), "kpi-block")
    assert text_of(first).startswith("What actually happened: A/B split3,861 conversions")
    assert text_of(second).startswith("What could have happened: ε-greedy")
    assert "hue-0" in first.className
    assert "hue-1" in second.className


def test_only_challengers_show_a_difference() -> None:
    race = make_race()
    extras = having_class(kpi(race), "kpi-extra")
    assert [text_of(extra) for extra in extras] == ["+1,143 (+29.6%)"]


def test_the_small_numbers_are_the_ends_of_the_run() -> None:
    _, second = having_class(kpi(make_race()), "kpi-block")
    assert facts(second) == {
        "of sends converted": "50.0%",
        "went to the best line": "84.0%",
        "missed (regret)": "1,000",
        "e-mails sent": "10,000",
    }


def test_money_is_told_as_money() -> None:
    race = make_race() | {"goal": "revenue"}
    for policy, end in zip(race["policies"], (111_313.6, 142_039.2), strict=True):
        policy["gained"] = [end * at / race["sends"] for at in race["at"]]
    first, second = having_class(kpi(race), "kpi-block")
    assert text_of(first).startswith("What actually happened: A/B split111,314 revenue")
    assert [text_of(extra) for extra in having_class(second, "kpi-extra")] == ["+30,726 (+27.6%)"]
    assert facts(second)["conversions, of sends"] == "5,004 (50.0%)"


@given(races())
def test_every_policy_has_a_block_with_its_conversions(race: dict[str, Any]) -> None:
    blocks = having_class(kpi(race), "kpi-block")
    assert len(blocks) == len(race["policies"])
    lines = len(race["arms"])
    for block, policy in zip(blocks, race["policies"], strict=True):
        assert count(sum(policy["conversions"][-lines:])) in text_of(block)
        assert "nan" not in text_of(block)


def test_where_rates_move_the_share_is_that_of_the_line_of_the_moment() -> None:
    words = text_of(kpi(make_moving(make_race(), (0.2, 0.3194, None, 0.6, 0.1471))))
    assert "25.0%" in words
    assert "went to the line that was best at the time" in words
