"""A campaign's counts as a scenario: its uncertainty is that of its counts, and shrinks with them."""

import numpy as np
import pytest

from engine import ScenarioError, compare, read_campaign, simulate
from engine.beliefs import chance_to_be_best
from engine.calibration import calibrated
from engine.campaign import Campaign


def campaign(sends: int, *conversions: int) -> Campaign:
    rows = "".join(f"line {place},{sends},{won}\n" for place, won in enumerate(conversions))
    return read_campaign(f"variant,sends,orders\n{rows}".encode(), "file.csv")


def test_lines_are_best_as_often_as_the_counts_say() -> None:
    found = calibrated(campaign(400, 30, 36, 28), replications=4_000, sends=10)
    best = np.bincount(found.rates(0, 4_000).argmax(axis=1), minlength=3) / 4_000
    assert best == pytest.approx(chance_to_be_best([30, 36, 28], [400] * 3), abs=0.04)


def test_with_few_counts_campaigns_spread_more() -> None:
    few, many = (calibrated(campaign(n, n // 20, n // 16), replications=300, sends=10_000) for n in (320, 32_000))
    spread = [compare(simulate(one))["policies"][1]["extra_spread"] for one in (few, many)]
    assert spread[0][1] - spread[0][0] > 1.5 * (spread[1][1] - spread[1][0])


def test_other_fields_win() -> None:
    found = calibrated(campaign(400, 30, 36), policies=[{"name": "ucb1"}], sends=77)
    assert (found.sends, found.labels) == (77, ("UCB1",))
    assert calibrated(campaign(10**7, 10, 20)).sends == 1_000_000
    with pytest.raises(ScenarioError, match="sends"):
        calibrated(campaign(400, 30, 36), sends=0)
