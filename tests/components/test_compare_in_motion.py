"""Compare where rates change or conversions are late: nothing that it says assumes steady rates."""

from typing import Any

import orjson
import pytest

from components import wording_compare as words
from components.cards import leaderboard
from components.cards.recommendation import recommendation
from components.charts import allocation, regret_bands
from components.pages.compare import drawing
from engine import WORLDS, compare, simulate
from tests.components.comparisons import compared, question
from tests.components.results import text_of

ALL_EQUAL_AT_THE_END = question(rates=(0.2, 0.4), sends=400, campaigns=20).with_changes(
    world={"name": "change_point", "changes": [{"arm": "Line <b>1</b>", "at": 200, "rate": 0.2}]}
)


def told(**world: Any) -> dict[str, Any]:
    asked = question().with_changes(world=world, sends_per_hour=100)
    found: dict[str, Any] = orjson.loads(orjson.dumps(compare(simulate(asked))))
    return found


def everything(comparison: dict[str, Any]) -> str:
    """All words of the page's cards and charts."""
    places = range(len(comparison["policies"]))
    return " ".join(
        [
            text_of(recommendation(comparison, running=False)),
            text_of(leaderboard.head(comparison)),
            *(part(comparison) for part in (regret_bands.title, regret_bands.deck, allocation.title, allocation.deck)),
            *(allocation.summary(comparison, place) for place in places),
        ]
    )


def test_a_line_says_that_rates_change_and_the_best_line_is_that_of_a_moment() -> None:
    comparison = told(name="drifting")
    written = everything(comparison)
    assert "Rates change: every line drifts along the campaign." in written
    assert "to the line that was best at the time" in allocation.title(comparison)
    assert "Picks the line best at the end" in written
    assert "to the best line," not in written.replace("to the best line at the time", "")
    assert "the best line (regret)" not in written
    assert "Lai" not in written


def test_steady_rates_are_spoken_of_as_before() -> None:
    written = everything(compared())
    assert "Rates change" not in written
    assert "at the time" not in written
    assert "at the end" not in written
    assert "to the best line, C" in written


def test_every_world_that_changes_has_its_own_line() -> None:
    assert set(words.RATES_CHANGE) == {name for name, spec in WORLDS.items() if spec.course is not None}


@pytest.mark.parametrize("lost", [0.0, 0.01, 7.5])
def test_the_small_print_tells_of_conversions_that_came_too_late(lost: float) -> None:
    comparison = compared()
    comparison["policies"][1]["lost_mean"] = lost
    said = "".join(drawing.too_late(comparison))
    expected = "Came too late to count, a campaign on average: 7.5 conversions under Thompson sampling."
    assert said == (expected if lost > 1 else "")


def test_late_conversions_are_counted_by_policy() -> None:
    late = question().with_changes(
        delay={"name": "exponential", "mean_hours": 20.0, "window_hours": 10.0}, sends_per_hour=100
    )
    result = simulate(late)
    found = compare(result)
    assert [policy["lost_mean"] for policy in found["policies"]] == result.lost.mean(axis=1).tolist()
    assert min(policy["lost_mean"] for policy in found["policies"]) > 1
    assert not found["rates_change"]


def test_lines_that_end_alike_are_not_all_alike() -> None:
    comparison = orjson.loads(orjson.dumps(compare(simulate(ALL_EQUAL_AT_THE_END))))
    assert len(comparison["best_lines"]) == 2
    assert "all lines convert alike" not in everything(comparison)
