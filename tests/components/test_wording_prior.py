"""What is said of policies that start from an earlier campaign."""

from typing import Any

import pytest

from components import wording_prior as words
from components.wording_goals import REVENUE
from engine import Scenario
from engine.priors import PriorCheck, PriorWorth, prior_check


def check(
    *then: tuple[int, int] | None, now: tuple[float | None, ...] = (0.05, 0.03), weight: float = 0.5, **fields: Any
) -> PriorCheck:
    """What history means to Thompson sampling, of lines with these counts and these rates now."""
    arms = [
        {"name": str(place), "rate": rate, "history": one and {"sends": one[0], "conversions": one[1]}}
        for place, (one, rate) in enumerate(zip(then, now, strict=True))
    ]
    policy = {"name": "thompson", "history": weight, "label": "Thompson"}
    found = prior_check(Scenario.from_dict({"arms": arms, "policies": [policy], **fields}), 0)
    assert found is not None
    return found


WRONG = check((1_000, 40), (1_000, 60))
RIGHT = check((1_000, 50), (1_000, 32))
MOVED = check((1_000, 62), (1_000, 60))
ANEW = check((1_000, 50), (1_000, 32), now=(None, None), world={"name": "stationary", "redraw": True})


def test_a_wrong_leader_is_named_with_the_right_one() -> None:
    assert words.title(WRONG) == "History would mislead Thompson: it favours line B, and line A is best now"
    assert words.warning(WRONG) == (
        "At the first send it holds line B for the best with a chance of 93%. On average, line A takes the lead for good once "
        "each line has had 500 sends. A smaller weight shortens that."
    )
    certain = check((100_000, 4_000), (100_000, 6_000))
    assert "for the best with near certainty" in words.warning(certain)
    several = check((1_000, 60), (1_000, 40), (1_000, 40), now=(0.03, 0.05, 0.05))
    assert words.title(several).endswith("it favours line A, and lines B and C are best now")
    assert "On average, lines B and C take the lead for good once each line" in words.warning(several)


def test_a_new_line_that_is_best_is_no_error_of_history() -> None:
    new = check((1_000, 60), (1_000, 50), None, now=(0.05, 0.03, 0.08))
    assert words.title(new) == "History says nothing of line C, and that is best now"
    assert words.warning(new).startswith("Thompson has to find it among lines")
    both = check((1_000, 60), None, None, now=(0.05, 0.08, 0.08))
    assert words.title(both) == "History says nothing of lines B and C, and those are best now"
    assert "has to find them" in words.warning(both)


def test_rates_that_moved_are_named_with_what_was_believed() -> None:
    assert words.title(MOVED) == "History is out of date for Thompson, but favours the right line"
    assert words.warning(MOVED) == (
        "Line B converts 3.0% now, outside the 4.2% to 8.4% that history leaves open. A smaller weight leaves more open."
    )


def test_a_right_history_is_said_to_be() -> None:
    assert words.title(RIGHT) == "History would not mislead Thompson"
    assert words.warning(RIGHT).startswith("Line A did best then and is best now, and every rate of now lies within")


def test_what_cannot_be_known_is_not_claimed() -> None:
    assert words.title(ANEW) == "Whether history would mislead Thompson cannot be known here"
    assert "drawn anew in each campaign" in words.warning(ANEW)
    assert words.now(ANEW["lines"][0]) == "drawn anew in each campaign"
    half = check((1_000, 80), (1_000, 60), now=(None, 0.03), world={"name": "stationary", "redraw": True})
    assert words.title(half) == "History is out of date for Thompson"


def test_what_it_counts_for() -> None:
    assert words.counted(WRONG) == "A send of the earlier campaign counts as 0.5: its 2,000 sends as 1,000."
    full = check((1_000, 40), (1_000, 60), weight=1.0)
    assert words.counted(full) == "A send of the earlier campaign counts in full: 2,000 sends."


def test_cells() -> None:
    line = MOVED["lines"][1]
    assert (words.then(line), words.left_open(line), words.now(line)) == (
        "6.0% of 1,000",
        "4.2% to 8.4%",
        "3.0%, outside",
    )
    new = check((1_000, 50), None, now=(0.05, 0.03))["lines"][1]
    assert (words.then(new), words.left_open(new), words.now(new)) == ("not sent then", "nothing is ruled out", "3.0%")
    sure = check((10**8, 5_000_000), (10**8, 3_000_000))["lines"][0]
    assert words.left_open(sure) == "4.99% to 5.01%"
    assert words.small_print(WRONG).startswith("Possible at 90% for all lines together.")


def worth(mean: float, low: float | None, high: float | None) -> PriorWorth:
    bounds = {"low": low, "high": high, "low_together": low, "high_together": high}
    pair: Any = {"first": 0, "second": 1, "mean": mean, **bounds, "wins": 1, "ties": 0, "losses": 0}
    return {"policy": 0, "without": 1, "weight": 0.5, "difference": pair}


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            worth(41.3, 30.2, 52.0),
            "Starting from history brought UCB1 +41 conversions a campaign over starting from nothing (90% interval +30 to +52).",
        ),
        (
            worth(-41.3, -52.0, -30.2),
            "Starting from history cost UCB1 41 conversions a campaign against starting from nothing (90% interval −52 to −30).",
        ),
        (
            worth(1.3, -2.0, 4.0),
            "What starting from history brought UCB1 is not measurable (90% interval −2.0 to +4.0 conversions a campaign).",
        ),
        (worth(0.0, 0.0, 0.0), "Starting from history changed nothing for UCB1."),
        (
            worth(7.0, None, None),
            "In a single campaign, starting from history made a difference of +7.0 conversions for UCB1.",
        ),
    ],
)
def test_what_it_was_worth(found: PriorWorth, text: str) -> None:
    assert words.worth(found, "UCB1") == text


def test_what_it_was_worth_in_money() -> None:
    assert "brought UCB1 +41 of revenue a campaign" in words.worth(worth(41.3, 30.2, 52.0), "UCB1", REVENUE)
