"""A campaign as a scenario: its uncertainty is that of its counts, and what single recipients tell is found again."""

from typing import Any

import numpy as np
import pytest

from engine import DataError, ScenarioError, compare, read_campaign, simulate
from engine.beliefs import chance_to_be_best
from engine.calibration import calibrate, calibrated
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


SENDS = 40_000
TIMES = {"New": np.array([1.5, 0.6]), "Loyal": np.array([0.5, 1.4])}


def recipients(seed: int = 1, *, late: bool = True) -> Campaign:
    """A row a recipient, of a known truth: rates, groups, waits of 6 hours on average, orders of 50."""
    rng = np.random.default_rng(seed)
    variant, loyal, mobile = (rng.integers(0, 2, SENDS) for _ in range(3))
    times = np.stack([TIMES["New"], TIMES["Loyal"]])[loyal, variant]
    sent, wait = np.sort(rng.uniform(0, 40, SENDS)), rng.exponential(6, SENDS)
    came = (rng.random(SENDS) < np.array([0.08, 0.10])[variant] * times) & (sent + wait < 40)
    value = np.where(came, 50 * rng.lognormal(-0.18, 0.6, SENDS), 0)
    rows = ["variant,converted,order_value,customer_type,device" + ",sent_at,converted_at" * late]
    for place in range(SENDS):
        group, device = list(TIMES)[loyal[place]], ("desktop", "mobile")[mobile[place]]
        row = f"{'AB'[variant[place]]},{int(came[place])},{value[place]:.2f},{group},{device}"
        answered = moment(sent[place] + wait[place]) if came[place] else ""
        rows.append(f"{row},{moment(sent[place])},{answered}" if late else row)
    return read_campaign("\n".join(rows).encode(), "rows.csv")


def moment(hours: float) -> str:
    """A time that so many hours after the start of the campaign."""
    return str(np.datetime64("2026-03-02T09:00:00") + np.timedelta64(round(hours * 3600), "s")).replace("T", " ")


@pytest.fixture(scope="module")
def told() -> Campaign:
    return recipients()


def test_what_recipients_tell_is_found_again(told: Campaign) -> None:
    found = calibrate(told, replications=400)
    asked = found.scenario
    groups = {group.name: group for group in asked.segments.audience}
    for name, times in TIMES.items():
        np.testing.assert_allclose(groups[name].multiplier * np.array(groups[name].multipliers), times, atol=0.12)
        assert groups[name].share == pytest.approx(0.5, abs=0.012)
    assert asked.segments.device == ()
    assert asked.delay.name == "exponential"
    assert asked.sends_per_hour == pytest.approx(1_000, rel=0.02)
    assert asked.to_dict()["delay"]["mean_hours"] == pytest.approx(6.0, rel=0.15)
    assert asked.money is not None
    assert asked.money.order_value == pytest.approx(50.0, rel=0.05)
    assert asked.money.spread == pytest.approx(0.6, abs=0.03)
    assert asked.order_values == pytest.approx([50.0, 50.0], rel=0.05)
    assert asked.rates(0, 400).mean(axis=0) == pytest.approx([0.08, 0.10], abs=0.008)
    assert asked.goal == "conversions"
    text = " ".join(found.notes)
    for said in ("'customer_type' became the audience", "'device' was left out", "3,", "count as", "50."):
        assert said in text
    assert asked == calibrated(told, replications=400)


def test_it_runs_with_each_goal(told: Campaign) -> None:
    for goal in ("conversions", "revenue", "net_value"):
        result = simulate(calibrated(told, goal=goal, sends=2_000, replications=4))
        assert result.known.sum() < result.conversions.sum()
        assert result.revenue.sum() > 0


def test_which_columns_are_groups_can_be_said(told: Campaign) -> None:
    both = calibrated(told, columns={"audience": "device", "time_of_day": "customer_type"}).segments
    assert {group.name for group in both.audience} == {"mobile", "desktop"}
    assert {group.name for group in both.time_of_day} == {"New", "Loyal"}
    assert not calibrated(told, columns={}).segments.dimensions


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"columns": {"audience": "colour"}}, "columns.audience: got 'colour'; .* has customer_type, device"),
        ({"columns": {"weather": "device"}}, "columns: got 'weather'; must be one of audience"),
        ({"columns": {"audience": "device", "device": "device"}}, "got 'device' twice"),
        ({"window_hours": 0.0}, "window_hours: got 0.0; must be a number above 0"),
        ({"window_hours": float("nan")}, "window_hours: got nan"),
    ],
)
def test_what_the_file_does_not_have_is_refused(told: Campaign, fields: dict[str, Any], text: str) -> None:
    with pytest.raises(DataError, match=text):
        calibrate(told, **fields)


def test_a_file_without_groups_says_so() -> None:
    with pytest.raises(DataError, match="the file has none"):
        calibrate(campaign(400, 30, 36), columns={"audience": "device"})


def test_what_is_given_is_not_estimated(told: Campaign) -> None:
    given = {"segments": {}, "delay": {"name": "none"}, "money": None, "sends_per_hour": 7}
    asked = calibrated(told, **given)
    assert (asked.segments.dimensions, asked.delay.name, asked.money, asked.sends_per_hour) == ({}, "none", None, 7)
    assert [arm.history.sends for arm in asked.arms if arm.history] == told.sends.tolist()


def test_sends_at_the_end_count_as_far_as_they_could_be_answered(told: Campaign) -> None:
    histories = [arm.history for arm in calibrated(told).arms if arm.history]
    assert [history.conversions for history in histories] == told.conversions.tolist()
    share = sum(history.sends for history in histories) / told.sends.sum()
    assert share == pytest.approx(1 - 6 / 40, abs=0.02)


def test_without_times_all_count_in_full() -> None:
    told = recipients(2, late=False)
    asked = calibrated(told)
    assert (asked.delay.name, asked.sends_per_hour) == ("none", None)
    assert [arm.history.sends for arm in asked.arms if arm.history] == told.sends.tolist()
    assert asked.segments.dimensions.keys() == {"audience"}


def test_columns_that_go_together_are_named() -> None:
    rng = np.random.default_rng(6)
    loyal = rng.integers(0, 2, 6_000)
    mobile = np.where(rng.random(6_000) < 0.8, loyal, 1 - loyal)
    won = rng.random(6_000) < 0.1 + 0.2 * loyal + 0.2 * mobile
    rows = [f"{'AB'[place % 2]},{int(won[place])},{loyal[place]},{mobile[place]}" for place in range(6_000)]
    told = read_campaign("\n".join(["variant,converted,audience,device", *rows]).encode(), "rows.csv")
    assert "'device' and 'audience' go together in the file" in " ".join(calibrate(told).notes).replace(
        "'audience' and 'device'", "'device' and 'audience'"
    )


def test_a_row_a_variant_tells_money_by_line() -> None:
    told = read_campaign(b"variant,sends,orders,revenue\nA,90000,9000,540000\nB,90000,9000,360000\n", "file.csv")
    found = calibrate(told, goal="revenue")
    assert found.scenario.order_values == pytest.approx([60.0, 40.0], abs=0.5)
    assert "the file does not tell it" in found.notes[-1]


def test_money_that_cannot_be_is_left_out_and_said() -> None:
    told = read_campaign(b"variant,sends,orders,revenue\nA,900,2,54\nB,900,1,0\n", "file.csv")
    found = calibrate(told)
    assert found.scenario.money is None
    assert found.notes[-1].startswith("Order values were left out: it takes 10")
