"""What a plan says of simulated sizes, spreads, proofs and grids, against closed forms and direct counts."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import binom, norm

from engine import EngineError, Scenario, simulate
from engine.comparison import compare
from engine.errors import PlanError
from engine.planning.aims import Aims
from engine.planning.differences import best_and_next, moved
from engine.planning.grid import NAMES, grid_of, grids_of
from engine.planning.measured import measure
from engine.planning.outlook import (
    advice_of,
    best_policy,
    is_worth_testing,
    proof_rows,
    put_together,
    spread_rows,
)
from engine.planning.proof import measure_proof, price_of, proofs_of
from engine.planning.question import Part, Question
from engine.planning.sizes import reaches, sizes_of
from engine.planning.spreads import AT_ONCE, NO_WAITING, USUAL, measure_spread, schedule_of, spaced
from engine.presets import PRESETS

Measured = dict[tuple[Part, int], Any]
MEASURES: dict[str, Any] = {"size": measure, "spread": measure_spread, "proof": measure_proof}


def scenario_of(gap: float = 0.06, lines: int = 3, **changes: Any) -> Scenario:
    arms = [{"name": f"Line {place}", "rate": 0.1 + gap * (place == 1)} for place in range(lines)]
    policies = [{"name": "ab_split"}, {"name": "thompson"}, {"name": "epsilon_greedy"}]
    return Scenario.from_dict({"arms": arms, "policies": policies, "sends": 2_000, "replications": 200} | changes)


@pytest.fixture(scope="module")
def question() -> Question:
    return Question.of(scenario_of())


@pytest.fixture(scope="module")
def found(question: Question) -> Measured:
    return {
        (place.part, place.number): MEASURES[place.part](simulate(scenario)) for place, scenario in question.scenarios
    }


# Sizes


@pytest.mark.parametrize("name", list(PRESETS))
def test_sizes_rise_and_hold_the_list(name: str) -> None:
    scenario = PRESETS[name].scenario
    sizes = sizes_of(scenario, 0.95)
    assert list(sizes) == sorted(set(sizes))
    assert scenario.sends in sizes
    assert len(sizes) <= 11
    assert all(scenario.with_changes(sends=size) for size in sizes)


@pytest.mark.parametrize(("sends", "lines"), [(1, 2), (10, 64), (1_000_000, 2), (999_999, 64)])
def test_the_smallest_and_largest_lists_have_sizes_too(sends: int, lines: int) -> None:
    sizes = sizes_of(scenario_of(lines=lines, sends=sends), 0.9)
    assert sends in sizes
    assert max(sizes) <= 1_000_000


def test_where_a_known_curve_reaches_its_target() -> None:
    """The chance that the better of two lines has the higher count, by the normal law, is known at every size."""
    sizes = np.array([100, 200, 400, 800, 1600, 3200])
    right = norm.cdf(0.02 / np.sqrt(2 * 0.1 * 0.9 / (sizes / 2)))
    wanted = 2 * 2 * 0.1 * 0.9 * (norm.ppf(0.9) / 0.02) ** 2
    assert reaches(sizes, right, 0.9) == pytest.approx(wanted, rel=0.03)
    assert reaches(sizes, right, 0.9999) is None
    assert reaches(sizes, right, 0.5) == 100


# What is measured


def test_the_even_split_is_right_as_often_as_binomial_counts_are() -> None:
    """Two lines with n sends each: the one that looks best, ties shared, by the exact law of two counts."""
    scenario = scenario_of(lines=2, gap=0.04, sends=400, replications=4_000, policies=[{"name": "ab_split"}])
    counts = np.arange(201)
    better, other = binom.pmf(counts, 200, 0.14), binom.pmf(counts, 200, 0.10)
    exact = float((better * (binom.cdf(counts - 1, 200, 0.10) + 0.5 * other)).sum())
    right = measure(simulate(scenario))["policies"][0]["right"]
    assert right["low"] is not None
    assert right["high"] is not None
    # Four standard errors: a false alarm in 16,000.
    assert abs(right["mean"] - exact) < 4 * np.sqrt(exact * (1 - exact) / 4_000)


def test_figures_are_those_of_a_comparison(question: Question, found: Measured) -> None:
    own = found["size", question.sizes.index(question.scenario.sends)]
    compared = compare(simulate(question.scenario), crowned_in=0)
    for mine, theirs in zip(own["policies"], compared["policies"], strict=True):
        assert mine["right"] == theirs["picks_best"]
        assert mine["extra"]["mean"] == theirs["extra"]
        assert [mine["extra"]["low"], mine["extra"]["high"]] == theirs["extra_spread"]


def test_a_favourite_that_is_as_sure_as_the_plan_says_earns_as_much(question: Question, found: Measured) -> None:
    """Expected conversions of a favourite which is the best line with chance p, any other with the same chance each."""
    scenario = question.scenario
    own = found["size", question.sizes.index(scenario.sends)]["policies"]
    rates = np.array([arm.rate for arm in scenario.arms])
    best, others = rates.max(), np.delete(rates, rates.argmax()).mean()
    result = simulate(scenario)
    for place, policy in enumerate(own):
        sure = policy["favourite"]
        favourite = scenario.sends * (sure * best + (1 - sure) * others)
        expected = scenario.sends * best - result.regret[place, :, -1].mean()
        assert favourite == pytest.approx(expected, rel=1e-4)  # 2,000 sends are no multiple of three
    assert own[0]["favourite"] == pytest.approx(1 / 3, abs=0.001)


def test_level_lines_need_no_favourite() -> None:
    policies = measure(simulate(PRESETS["nothing_to_find"].scenario.with_changes(sends=300, replications=5)))[
        "policies"
    ]
    assert {policy["favourite"] for policy in policies} == {None}


# The verdict


def test_a_clear_difference_is_worth_a_policy(question: Question, found: Measured) -> None:
    plan = put_together(question, found)
    assert (plan["verdict"]["kind"], plan["policies"][plan["verdict"]["policy"] or 0]["name"]) == ("use", "thompson")
    assert plan["power"] is not None
    assert plan["classical"] is not None
    assert plan["classical"].a_line == 492
    curve = plan["curves"][1]["needed"]
    assert curve["low"] is not None
    assert curve["high"] is not None
    assert curve["low"] <= (curve["sends"] or 0) <= curve["high"]


def test_few_sends_are_no_test_and_level_lines_are_nothing_to_find() -> None:
    for scenario, kind in (
        (scenario_of(gap=0.01, lines=5, sends=100, replications=100), "skip"),
        (PRESETS["nothing_to_find"].scenario.with_changes(sends=300, replications=30), "nothing"),
        (scenario_of(replications=10, sends=200), "early"),
    ):
        asked = Question.of(scenario)
        number = asked.sizes.index(scenario.sends)
        plan = put_together(asked, {("size", number): measure(simulate(asked.scenario))})
        assert plan["verdict"]["kind"] == kind


def test_no_answer_is_no_plan(question: Question) -> None:
    plan = put_together(question, {})
    assert (plan["verdict"]["kind"], plan["at_list"], plan["sizes"]) == ("early", None, [])


def test_whoever_is_surer_of_a_favourite_tests_later(question: Question, found: Measured) -> None:
    looks = [found["size", number] for number in range(len(question.sizes))]
    small = looks[0]
    assert is_worth_testing(small, 0, 0.0) >= is_worth_testing(small, 0, 0.99)
    plans = [put_together(Question.of(question.scenario, Aims(favourite=sure)), found) for sure in (0.35, 0.9)]
    starts = [plan["verdict"]["test_from"] or 0.0 for plan in plans]
    assert starts[0] <= starts[1]


def test_the_surest_policy_is_right_at_least_as_often_as_the_one_that_earns_most(
    question: Question, found: Measured
) -> None:
    for number in range(len(question.sizes)):
        look = found["size", number]
        most, surest = (advice_of(question.scenario, look, 0.5, surest=sure) for sure in (False, True))
        error = look["policies"][surest.place]["right"]["high"] - surest.right
        assert surest.right >= most.right - error
        assert most.extra >= 0.0


def test_a_gain_that_luck_explains_is_no_recommendation() -> None:
    """Ten pairs of policies that are alike: with 90% for all comparisons together, one-sided, one alarm in twenty."""
    policies = [{"name": "ab_split"}, {"name": "ab_split", "label": "again"}]
    chosen = [
        best_policy(scenario, measure(simulate(scenario)))[0]
        for scenario in (scenario_of(seed=seed, policies=policies, sends=300, replications=50) for seed in range(10))
    ]
    assert chosen.count(None) >= 8


# Beside it


def test_what_is_sent_at_once_teaches_nothing(question: Question, found: Measured) -> None:
    rows = spread_rows(question, found, 1)
    at_once, usual, last = rows[0], rows[2], rows[-1]
    assert (at_once["hours"], at_once["batches"]) == (AT_ONCE.hours, AT_ONCE.batches)
    assert at_once["extra"] is not None
    assert usual["extra"] is not None
    assert last["extra"] is not None
    # Neither policy knows anything, so the mean is 0 but for luck; 99.9% of the time within twice the 90% interval.
    assert 2 * (at_once["extra"]["low"] or 0) - at_once["extra"]["mean"] <= 0.0
    assert at_once["extra"]["mean"] < usual["extra"]["mean"] < last["extra"]["mean"]
    assert last["kept"] == pytest.approx(1.0)


def test_a_scenario_keeps_its_own_late_replies() -> None:
    late = PRESETS["late_conversions"].scenario
    own, plain = spaced(late, [USUAL])[0].scenario, spaced(scenario_of(), [USUAL])[0].scenario
    assert own is not None
    assert plain is not None
    assert (own.delay, plain.delay.name) == (late.delay, "log_normal")
    no_waiting = spaced(late, [NO_WAITING])[0].scenario
    assert no_waiting is not None
    assert not no_waiting.is_delayed


def test_a_memory_that_is_shorter_than_a_batch_leaves_no_room() -> None:
    scenario = scenario_of(policies=[{"name": "ab_split"}, {"name": "sliding_window_thompson", "window": 50}])
    found = spaced(scenario, [AT_ONCE])[0]
    assert found.scenario is None
    assert "window" in found.reason


def test_a_schedule_holds_every_send_and_its_shares_add_up() -> None:
    scenario = scenario_of(update_every=170, replications=20)
    batches = schedule_of(simulate(scenario), 1)
    assert sum(batch["sends"] for batch in batches) == scenario.sends
    assert all(sum(batch["shares"]) == pytest.approx(1.0) for batch in batches)
    assert all(list(batch["shares"]) == sorted(batch["shares"], reverse=True) for batch in batches)
    assert batches[0]["shares"][0] == pytest.approx(1 / 3, abs=0.02)
    assert len(schedule_of(simulate(scenario_of(update_every=7, replications=2)), 1)) <= 48


def test_a_larger_holdout_costs_more_and_proves_more(question: Question, found: Measured) -> None:
    rows = proof_rows(question, found, 1)
    prices = [row["price"] for row in rows]
    assert prices[0] is not None
    assert prices[0]["change"]["mean"] == 0.0
    assert prices[0]["proves"] is None
    small, large = prices[1], prices[3]
    assert small is not None
    assert large is not None
    assert large["change"]["mean"] < small["change"]["mean"] < 0.0
    assert (large["pooled"] or 0) <= (small["pooled"] or 1_000)


def test_a_proof_is_false_as_often_as_it_says() -> None:
    """Level lines: the one-sided test of 5% finds a gain in about 5% of campaigns."""
    scenario = PRESETS["nothing_to_find"].scenario.with_changes(
        sends=2_000, replications=1_000, policies=[{"name": "ab_split"}, {"name": "thompson"}]
    )
    for one in proofs_of(scenario)[3:]:
        assert one.scenario is not None
        proves = measure_proof(simulate(one.scenario))["proves"]
        assert proves is not None
        # Four standard errors of a share of 5% among 1,000.
        assert abs(proves[1]["mean"] - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 1_000)


def test_prices_are_paired_over_the_campaigns_that_both_have() -> None:
    some: Any = {"campaigns": 3, "totals": [[1.0, 2.0, 3.0]], "money": None, "proves": None, "pooled": None}
    others: Any = some | {"campaigns": 2, "totals": [[0.0, 1.0]]}
    assert price_of(some, others, 0)["change"]["mean"] == -1.0


# Grids


@pytest.mark.parametrize("name", NAMES)
def test_a_grid_has_a_cell_for_each_pair_of_values(name: Any) -> None:
    scenario = PRESETS["small_differences"].scenario
    grid = grid_of(scenario, name)
    assert len(grid.cells) == len(grid.rows.values) * len(grid.columns.values)
    assert all(cell.scenario is not None or cell.reason for cell in grid.cells)


def test_the_grid_of_differences_holds_the_scenario_itself() -> None:
    scenario = scenario_of()
    grid = grid_of(scenario, "difference_sends")
    assert grid.rows.present is not None
    assert grid.columns.present is not None
    own = grid.cells[grid.rows.present * len(grid.columns.values) + grid.columns.present].scenario
    assert own is not None
    assert own.digest() == scenario.digest()


def test_differences_are_varied_only_where_there_is_one() -> None:
    assert grids_of(PRESETS["nothing_to_find"].scenario) == NAMES[1:]
    assert grids_of(PRESETS["different_audiences"].scenario) == NAMES[1:]
    assert best_and_next(PRESETS["orders_or_money"].scenario) is None
    with pytest.raises(EngineError):
        moved(scenario_of(), 0.95)


# Aims


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ({"right": 0.2}, "right: got 0.2; must be a number from 0.5 to 0.999. Enter at least 0.5."),
        ({"favourite": True}, "favourite: got True"),
        ({"worth": float("inf")}, "worth: got"),
        ({"wrong": 1}, "wrong"),
        ([], "got list"),
    ],
)
def test_aims_that_nobody_can_have_are_refused_by_name(raw: Any, told: str) -> None:
    with pytest.raises(PlanError, match="^" + told.replace(".", r"\.")):
        Aims.from_dict(raw)
