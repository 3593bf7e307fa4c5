"""Scenarios to start from are what they say."""

import numpy as np
import pytest
from scipy import stats

from engine import Scenario, compare, from_link, simulate, to_link
from engine.catalogue import DELAYS
from engine.credit_report import credit_report
from engine.presets import DEFAULT, PRESETS, preset_of
from engine.race import race
from engine.worth import worth_of


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_valid_and_explained(name: str) -> None:
    preset = PRESETS[name]
    assert preset_of(preset.scenario) == name
    assert preset.sentence.endswith((".", "?"))
    assert preset.source.endswith(".")
    assert len(preset.scenario.policies) in range(2, 5)


def test_classic_comes_first() -> None:
    assert next(iter(PRESETS)) == DEFAULT == "classic"


def test_real_campaign_has_the_published_visit_rates() -> None:
    rates = PRESETS["real_campaign"].scenario.rates()[0]
    assert rates.round(4).tolist() == [0.1828, 0.1514, 0.1062]


def test_classic_has_five_lines_and_two_policies() -> None:
    scenario = PRESETS["classic"].scenario
    assert [arm.name for arm in scenario.arms] == [
        "Limited Time Offer!", "You Won't Believe This...", "Exclusive Deal Inside", "Last Chance to Save", "Free Gift Waiting",
    ]  # fmt: skip
    assert scenario.labels == ("A/B split", "ε-greedy")
    assert scenario.rates()[0].round(4).tolist() == [0.4870, 0.3194, 0.5293, 0.4487, 0.1471]


def test_every_customer_of_the_real_campaign_is_a_send() -> None:
    assert PRESETS["real_campaign"].scenario.sends == 64_000


def test_small_differences_has_as_many_sends_as_its_source_says() -> None:
    """And the source's figure is that of the usual formula for two proportions, 5% two-sided, 95% power."""
    scenario = PRESETS["small_differences"].scenario
    (low, high), z = scenario.rates()[0], stats.norm.isf([0.025, 0.05])
    middle = (low + high) / 2
    spreads = np.sqrt([2 * middle * (1 - middle), low * (1 - low) + high * (1 - high)])
    each = ((z @ spreads) / (high - low)) ** 2
    assert (low, high) == (0.04, 0.05)
    assert scenario.sends == pytest.approx(2 * each, abs=3)


def test_there_is_nothing_to_find_among_identical_lines() -> None:
    rates = PRESETS["nothing_to_find"].scenario.rates()[0]
    assert set(rates) == {0.05}


def test_whoever_looks_among_identical_lines_finds_false_winners() -> None:
    asked = PRESETS["nothing_to_find"].scenario.with_changes(replications=200)
    policies = compare(simulate(asked))["policies"]
    for policy in policies:
        assert policy["crowns"] == policy["false_winners"]
        assert policy["top_share_mean"] == 1
        assert policy["regret"]["mean"] == 0
    assert policies[0]["false_winners"]


def test_a_scenario_of_ones_own_is_no_preset() -> None:
    assert preset_of(PRESETS["classic"].scenario.with_changes(seed=1)) is None


@pytest.mark.parametrize("name", PRESETS)
def test_presets_fit_in_a_link(name: str) -> None:
    assert from_link(to_link(PRESETS[name].scenario)) == PRESETS[name].scenario


# The real world: what the sentences and explanations say. Margins are ten standard errors and more.


def gains(scenario: Scenario) -> dict[str, np.ndarray]:
    """Extra conversions over the even split by label, (R,)."""
    totals = simulate(scenario).conversions[:, :, -1].sum(axis=-1)
    return dict(zip(scenario.labels, totals - totals[0], strict=True))


def test_late_replies_cost_about_half_of_the_gain_and_leave_some() -> None:
    scenario = PRESETS["late_conversions"].scenario.with_changes(replications=200)
    late = gains(scenario)["Thompson sampling"]
    at_once = gains(scenario.with_changes(delay={"name": "none"}))["Thompson sampling"]
    assert (late > 0).mean() > 0.9
    assert 0.4 < late.mean() / at_once.mean() < 0.65
    minutes = gains(scenario.with_changes(sends_per_hour=60_000, replications=50))["Thompson sampling"]
    assert abs(minutes.mean()) < 0.1 * at_once.mean(), "within minutes nothing is learnt"
    slower = gains(scenario.with_changes(sends_per_hour=300, replications=100))["Thompson sampling"]
    assert slower.mean() > late.mean()


def test_the_replies_of_late_conversions_come_when_the_sentence_says() -> None:
    scenario = PRESETS["late_conversions"].scenario
    law = DELAYS[scenario.delay.name].share_within
    assert law is not None
    assert law(scenario.delay, 4.0) == pytest.approx(0.5)
    assert law(scenario.delay, 72.0) > 0.99
    assert scenario.sends_per_hour is not None
    assert scenario.sends / scenario.sends_per_hour == 25


def test_in_a_changing_season_policies_that_forget_win() -> None:
    scenario = PRESETS["changing_season"].scenario
    assert scenario.sends_per_hour is not None
    assert scenario.sends / scenario.sends_per_hour / 24 == pytest.approx(14, abs=0.2)
    found = gains(scenario.with_changes(replications=40))
    for forgetful in ("Sliding-window Thompson", "Discounted Thompson"):
        assert (found[forgetful] > found["Thompson sampling"]).all(), "the shown campaign is the first of them"
    best = np.argmax(scenario.course().rates[0, :168], axis=1)
    assert set(best) == {0, 1}, "the best line changes with the hour"


def test_the_weekend_crowns_the_line_that_is_worse_over_the_week() -> None:
    scenario = PRESETS["wrong_season"].scenario
    week = scenario.course().rates[0, :168]
    assert week.mean(axis=0).round(3).tolist() == [0.1, 0.085]
    weekend = 40  # hours, from Saturday at 8 to the end of Sunday
    assert (week[:weekend, 1] > week[:weekend, 0]).mean() > 0.9
    run = simulate(scenario.with_changes(replications=40))
    tested = scenario.labels.index("Test, then winner")
    assert (run.sends[tested, :, -1, 1] > 0.8 * scenario.sends).all(), "B is crowned"
    found = gains(scenario.with_changes(replications=40))
    assert (found["Test, then winner"] < 0).all()
    assert (found["Sliding-window Thompson"] > 0).all()


def test_a_test_over_the_whole_week_crowns_the_better_line() -> None:
    scenario = PRESETS["wrong_season"].scenario
    weeks = scenario.with_changes(
        sends=4 * scenario.sends, policies=[{"name": "test_then_winner", "test_share": 0.25}], replications=20
    )
    assert (simulate(weeks).sends[0, :, -1, 0] > 0.8 * weeks.sends).all()


def test_a_wrap_up_shows_that_the_weekends_winner_no_longer_wins() -> None:
    scenario = PRESETS["wrong_season"].scenario.with_changes(
        guardrails=[{"name": "wrap_up_ab", "share": 0.3}], replications=40
    )
    sends, conversions = simulate(scenario).told_apart("wrap_up_ab")
    rates = (conversions / sends)[scenario.labels.index("Test, then winner")]
    assert (rates[:, 0] > rates[:, 1]).mean() > 0.9


def test_guardrails_cost_something_and_leave_a_gain() -> None:
    scenario = PRESETS["guardrails_on"].scenario.with_changes(replications=100)
    on, off = gains(scenario), gains(scenario.with_changes(guardrails=[]))
    for label in ("Thompson sampling", "ε-greedy"):
        assert (on[label] > 0).mean() > 0.9
        assert on[label].mean() < 0.8 * off[label].mean()


@pytest.mark.parametrize("name", PRESETS)
def test_explanations_are_a_few_sentences(name: str) -> None:
    explanation = PRESETS[name].explanation
    assert len(explanation) < 450
    assert not explanation or explanation.endswith(".")


# Recipients who differ, money, repeat sends


def test_only_a_policy_that_knows_the_audience_gains_where_lines_are_level_over_everybody() -> None:
    scenario = PRESETS["different_audiences"].scenario.with_changes(replications=200)
    found, even = gains(scenario), simulate(scenario).conversions[0, :, -1].sum(axis=-1).mean()
    known, blind = found["Thompson by segment"].mean() / even, found["Thompson sampling"].mean() / even
    assert 0.2 < known < 0.35, "about a quarter, and some"
    assert abs(blind) < 0.03
    assert scenario.rates()[0].round(3).tolist() == [0.04, 0.041, 0.038]
    inside = scenario.segmentation.rates(scenario.world_course().rates[0, 0])
    assert (inside.min().round(3), inside.max().round(3)) == (0.026, 0.056)


def test_totals_of_a_policy_that_knows_the_device_put_the_worse_line_far_ahead() -> None:
    scenario = PRESETS["simpsons_paradox"].scenario
    inside = scenario.segmentation.rates(scenario.world_course().rates[0, 0])
    assert inside.round(3).tolist() == [[0.04, 0.025], [0.1, 0.12]]
    assert scenario.rates()[0].round(3).tolist() == [0.058, 0.053]
    run = simulate(scenario.with_changes(replications=100))
    place = scenario.labels.index("Thompson by segment")
    seen = run.conversions[place, :, -1] / run.sends[place, :, -1]
    assert (seen[:, 1] > 2 * seen[:, 0]).mean() > 0.8, "A looks as if it were far behind"
    shown = race(scenario)["policies"][place]["reversal"]
    assert shown is not None
    assert (shown["looks_better"], shown["is_better"], shown["everywhere"]) == (1, 0, False)
    assert seen[0, 1] > 2.2 * seen[0, 0], "the shown campaign: more than twice as good"


AMOUNTS = ("Thompson for amounts", "Thompson sampling")


def test_the_line_with_most_orders_is_not_the_one_with_most_revenue_nor_with_most_left() -> None:
    scenario = PRESETS["orders_or_money"].scenario
    rates, values = scenario.rates()[0], scenario.order_values
    most = [int(np.argmax(measure)) for measure in (rates, rates * values, worth_of(scenario, rates))]
    assert most == [0, 2, 1]
    run = simulate(scenario.with_changes(replications=200))
    amounts, plain = (run.totals[scenario.labels.index(label)] - run.totals[0] for label in AMOUNTS)
    assert (amounts > 0).mean() > 0.9
    assert amounts.mean() > 3 * plain.mean()


def test_credit_to_the_last_email_would_bring_far_more() -> None:
    scenario = PRESETS["whose_conversion"].scenario
    assert scenario.recurring is not None
    assert scenario.sends / scenario.recurring.recipients == 6
    found = credit_report(scenario)
    assert found is not None
    last = found["rules"][0]["policies"][1]["change"]
    own = gains(scenario.with_changes(replications=100))["Thompson sampling"].mean()
    assert last is not None
    assert own > 0
    assert last["mean"] > 0.5 * own
    first = np.array(found["rules"][1]["credited"])
    assert first.max() / first.min() < 1.2, "all lines look nearly alike"
