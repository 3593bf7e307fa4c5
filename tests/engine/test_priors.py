"""Starting from an earlier campaign: the same as having learnt it, and told where it would mislead."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from engine import POLICIES, Scenario, ScenarioError, compare, from_link, simulate, to_link
from engine.beliefs import chance_to_be_best
from engine.blocks import template_of
from engine.earlier import earlier_of
from engine.money import order_moments, purse_of
from engine.policy import HEADER
from engine.posterior import ROWS, shapes_of
from engine.priors import PriorCheck, prior_check, prior_worths, with_twins
from tests.engine.contract import Player

LEARNERS = [name for name, spec in POLICIES.items() if "history" in spec.parameters.model_fields]
RATES = (0.10, 0.12, 0.20)


def asked(*policies: dict[str, Any], histories: list[tuple[int, int] | None] | None = None, **fields: Any) -> Scenario:
    """Three lines with counts of an earlier campaign."""
    told = [(400, 40)] * 3 if histories is None else histories
    arms = [
        {"name": f"line {place}", "rate": rate, "history": one and {"sends": one[0], "conversions": one[1]}}
        for place, (rate, one) in enumerate(zip(RATES, told, strict=True))
    ]
    return Scenario.from_dict({"arms": arms, "policies": list(policies), "sends": 300, "replications": 20} | fields)


def checked(scenario: Scenario) -> PriorCheck:
    found = prior_check(scenario, 0)
    assert found is not None
    return found


def test_policies_that_learn_from_counts_can_start_from_them() -> None:
    assert set(LEARNERS) == {
        "epsilon_greedy", "epsilon_decay", "softmax", "ucb1", "ucb1_tuned", "kl_ucb", "thompson", "top_two_thompson",
        "normal_thompson", "segment_thompson",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["thompson", "top_two_thompson", "segment_thompson"])
def test_a_history_is_a_prior_of_its_discounted_counts(name: str) -> None:
    """In closed form: half of 400 sends with 40 conversions is Beta(1 + 20, 1 + 180), to the last send of each campaign."""
    remembered = simulate(asked({"name": name, "history": 0.5}))
    believed = simulate(asked({"name": name, "alpha": 21.0, "beta": 181.0}))
    assert (remembered.sends == believed.sends).all()
    assert (remembered.sends != simulate(asked({"name": name})).sends).any()


@pytest.mark.parametrize("name", LEARNERS)
def test_a_huge_campaign_decides_from_the_first_send(name: str) -> None:
    quiet: dict[str, dict[str, Any]] = {
        "epsilon_greedy": {"epsilon": 0},
        "epsilon_decay": {"c": 1e-9},
        "softmax": {"tau": 0.001},
        "top_two_thompson": {"leader_share": 1},
    }
    told: list[tuple[int, int] | None] = [(10**8, 10**7), (10**8, 2 * 10**7), (10**8, 10**7)]
    policy: dict[str, Any] = {"name": name, "history": 1}
    policy |= quiet.get(name, {})
    result = simulate(asked(policy, histories=told, sends=200, replications=5))
    assert (result.sends[0, :, -1] == [0, 200, 0]).all()


@pytest.mark.parametrize("name", LEARNERS)
def test_starting_from_counts_is_having_learnt_them(name: str) -> None:
    """One send after another, fed to the policy's own `update`, leads to the same chances as the counts at once."""
    told: list[tuple[int, int] | None] = [(30, 3), (25, 5), None]
    scenario = asked({"name": name, "history": 1.0}, histories=told)
    spec, start = POLICIES[name], template_of(scenario, 0)
    player = Player(name, 3)
    player.state = state = template_of(scenario.with_changes(policies=[{"name": name}]), 0)
    for arm, (sends, won) in enumerate([(30, 3), (25, 5)]):
        for sent in range(sends):
            player.learn(sent, arm, 1.0, float(sent < won), t=0)
    expected = spec.choice_probabilities(state, 3, 0, 0, 0b111)
    np.testing.assert_allclose(spec.choice_probabilities(start, 3, 0, 0, 0b111), expected, atol=1e-9)
    np.testing.assert_allclose(
        spec.choice_probabilities(start, 3, 0, 0, 0b011), spec.choice_probabilities(state, 3, 0, 0, 0b011), atol=1e-9
    )


def test_chances_after_the_largest_history_are_right() -> None:
    """Two lines known almost exactly, one not at all: it is best as often as a uniform draw exceeds the better one."""
    told: list[tuple[int, int] | None] = [(10**8, 10**7), (10**8, 11 * 10**6), None]
    scenario = asked({"name": "thompson", "history": 1.0}, {"name": "top_two_thompson", "history": 1.0}, histories=told)
    chances, pairs = (
        scenario.specs[place].choice_probabilities(template_of(scenario, place), 3, 0, 0, 0b111) for place in (0, 1)
    )
    np.testing.assert_allclose(chances, [0.0, 0.11, 0.89], atol=1e-6)
    assert pairs.sum() == pytest.approx(1.0)
    assert pairs[2] == pytest.approx(0.5 * 0.89 + 0.5 * (0.11 + 0.11**2) * 0.89 + 0.5 * 0.11**2 * 0.01, abs=1e-5)


def test_in_segments_counts_are_split_by_their_shares() -> None:
    audience = [{"name": "New", "share": 0.25}, {"name": "Loyal", "share": 0.75}]
    state = template_of(asked({"name": "segment_thompson", "history": 0.5}, segments={"audience": audience}), 0)
    for segment, share in enumerate((0.25, 0.75)):
        alpha, beta = shapes_of(state, HEADER + 2 + segment * ROWS * 3, 3)
        np.testing.assert_allclose(alpha, 1 + share * 20)
        np.testing.assert_allclose(beta, 1 + share * 180)


@pytest.mark.parametrize("name", LEARNERS)
def test_without_a_weight_counts_change_nothing(name: str) -> None:
    with_counts, without = asked({"name": name}), asked({"name": name}, histories=[None] * 3)
    np.testing.assert_array_equal(template_of(with_counts, 0), template_of(without, 0))
    explicit = without.with_changes(policies=[{"name": name, "history": 0.0}])
    assert explicit.digest() == without.digest()
    assert to_link(explicit) == to_link(without)


def test_a_history_and_its_weight_fit_a_link() -> None:
    scenario = asked({"name": "thompson", "history": 0.3}, {"name": "thompson"})
    assert from_link(to_link(scenario)) == scenario
    assert scenario.labels == ("Thompson sampling (history 0.3)", "Thompson sampling (history 0)")


@pytest.mark.parametrize("spread", [0.0, 0.8, 2.0])
def test_what_orders_teach_on_average_is_what_the_law_says(spread: float) -> None:
    """By integration over the chances of an order's value: what is above the most that teaches counts as that."""
    values = (20.0, 50.0, 60.0)
    scenario = asked({"name": "thompson", "history": 1.0}, money={"spread": spread}, goal="revenue")
    arms = [arm | {"order_value": value} for arm, value in zip(scenario.to_dict()["arms"], values, strict=True)]
    scenario = scenario.with_changes(arms=arms)
    purse, moments = purse_of(scenario), order_moments(scenario)
    chances = (np.arange(200_000) + 0.5) / 200_000
    for arm, value in enumerate(values):
        cents = np.exp(np.log(100 * value) - spread**2 / 2 + spread * stats.norm.ppf(chances))
        rewards = np.minimum(cents, purse.most) * purse.scale
        for power, moment in enumerate(moments, start=1):
            assert moment[arm] == pytest.approx((rewards**power).mean(), rel=1e-4)
    earlier = earlier_of(scenario)
    assert earlier is not None
    np.testing.assert_allclose(earlier.rewards, 40 * moments[0])
    np.testing.assert_allclose(earlier.squares, 40 * moments[1])


def test_money_is_believed_as_it_was_earned() -> None:
    """A policy that started from a huge campaign has the mean reward that the simulation gives it, within its error."""
    told: list[tuple[int, int] | None] = [(10**8, int(rate * 10**8)) for rate in RATES]
    scenario = asked(
        {"name": "ucb1", "history": 1.0}, histories=told, money={"spread": 0.8}, goal="revenue", sends=20_000
    )
    watch = simulate(scenario.with_changes(policies=[{"name": "ab_split"}], replications=10))
    purse = purse_of(scenario)
    start = template_of(scenario, 0)[HEADER : HEADER + 3]
    earned = watch.revenue[0, :, -1].sum() * 100 * purse.scale / watch.sends[0, :, -1].sum()
    assert start.mean() == pytest.approx(earned, rel=0.05), "what is cut off is little"
    np.testing.assert_allclose(start / start[0], np.array(RATES) / RATES[0])


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            {"histories": [None] * 3},
            r"policies.1.history: got 0.5, and no line has an earlier campaign\. Enter 0, or give",
        ),
        ({"histories": [(0, 0)] * 3}, "no line has an earlier campaign"),
        ({"histories": [(10**9, 10**8)] * 3}, r"would start from more than 100,000,000\. Enter at most 0.1\."),
        ({"world": {"name": "inflated_opens"}}, "tells policies of opens"),
        (
            {"money": {"unsubscribe_cost": 5.0}, "goal": "net_value", "complaints": 0.1},
            "of which an earlier campaign's counts tell nothing",
        ),
    ],
)
def test_asking_for_what_is_not_there_is_refused(fields: dict[str, Any], text: str) -> None:
    usual: dict[str, Any] = {"histories": [(400, 40)] * 3, "complaints": 0.0} | fields
    histories, complaints = usual.pop("histories"), usual.pop("complaints")
    plain = asked({"name": "ab_split"}, histories=histories).to_dict()
    plain["arms"] = [arm | {"complaint_rate": complaints} for arm in plain["arms"]]
    policies = [{"name": "ab_split"}, {"name": "ucb1", "history": 0.5}]
    with pytest.raises(ScenarioError, match=text):
        Scenario.from_dict(plain | {"policies": policies} | usual)


# Would it mislead?


def test_a_leader_that_is_best_no_more_misleads() -> None:
    found = checked(asked({"name": "thompson", "history": 0.5}, histories=[(1_000, 160), (1_000, 100), (1_000, 150)]))
    assert (found["misleads"], found["leader"], found["best"]) == ("leader", 0, [2])
    assert found["leader_chance"] == pytest.approx(chance_to_be_best([80, 50, 75], [500] * 3)[0], abs=1e-6)
    assert [line["is_surprising"] for line in found["lines"]] == [True, False, True]
    # 500 discounted sends each: the lead of 0.01 is outweighed when m gains 0.10 a send as much
    assert found["outweighed_after"] == 50


def test_the_leader_is_ahead_for_as_many_sends_as_it_takes() -> None:
    """Against the means themselves, send by send."""
    told, weight = np.array([[900, 90], [200, 50], [400, 30]], float), 0.4
    found = checked(asked({"name": "ucb1", "history": weight}, histories=[(900, 90), (200, 50), (400, 30)]))
    m = np.arange(5_000)[:, None]
    means = (weight * told[:, 1] + m * np.array(RATES)) / (weight * told[:, 0] + m)
    behind = np.flatnonzero(means[:, 2] < means[:, :2].max(axis=1))
    assert found["outweighed_after"] == behind[-1] + 1


def test_a_history_that_agrees_says_so() -> None:
    found = checked(asked({"name": "thompson", "history": 1.0}, histories=[(1_000, 102), (1_000, 118), (1_000, 204)]))
    assert (found["misleads"], found["outweighed_after"]) == ("no", 0)
    for line, rate in zip(found["lines"], RATES, strict=True):
        law = stats.beta(1 + line["conversions"], 1 + 1_000 - line["conversions"])
        assert (line["low"], line["high"]) == pytest.approx(law.interval(1 - 0.1 / 3))
        assert line["tail"] == pytest.approx(2 * min(law.cdf(rate), law.sf(rate)))


def test_rates_that_moved_together_are_told_apart_from_a_wrong_leader() -> None:
    histories: list[tuple[int, int] | None] = [(2_000, 400), (2_000, 440), (2_000, 800)]
    found = checked(asked({"name": "thompson", "history": 1.0}, histories=histories))
    assert (found["misleads"], found["outweighed_after"]) == ("rates", 0)
    faint = checked(asked({"name": "thompson", "history": 0.002}, histories=histories))
    assert faint["misleads"] == "no", "with so small a weight everything is left open"


def test_few_right_histories_are_called_misleading() -> None:
    """Counts drawn from the rates of now leave them open in nine of ten campaigns, for all lines at once."""
    rng, told = np.random.default_rng(4), 400
    surprising = 0
    for _ in range(told):
        histories: list[tuple[int, int] | None] = [(900, int(rng.binomial(900, rate))) for rate in RATES]
        found = checked(asked({"name": "thompson", "history": 1.0}, histories=histories))
        surprising += any(line["is_surprising"] for line in found["lines"])
    assert surprising < stats.binom(told, 0.1).isf(1e-5)


def test_where_rates_are_drawn_anew_nothing_is_claimed() -> None:
    arms = [{"name": name, "history": {"sends": 500, "conversions": 40}} for name in "AB"]
    raw = {"arms": arms, "policies": [{"name": "thompson", "history": 0.5}]}
    anew = checked(Scenario.from_dict(raw | {"world": {"name": "stationary", "redraw": True}}))
    assert (anew["misleads"], anew["best"], anew["outweighed_after"]) == ("unknown", None, None)
    assert checked(Scenario.from_dict(raw))["best"] is not None, "drawn once, they are known"


def test_a_line_without_counts_leaves_everything_open() -> None:
    found = checked(asked({"name": "thompson", "history": 1.0}, histories=[(10**8, 10**7), None, (10**8, 2 * 10**7)]))
    assert (found["lines"][1]["low"], found["lines"][1]["tail"], found["misleads"]) == (None, None, "no")
    assert prior_check(asked({"name": "thompson"}), 0) is None


def test_the_best_line_for_money_is_the_one_that_brings_most() -> None:
    scenario = asked({"name": "normal_thompson", "history": 1.0}, money={"order_value": 10.0}, goal="revenue",
                     histories=[(1_000, 100), (1_000, 120), (1_000, 200)])  # fmt: skip
    arms = [
        arm | {"order_value": value} for arm, value in zip(scenario.to_dict()["arms"], (90.0, 10.0, 10.0), strict=True)
    ]
    found = checked(scenario.with_changes(arms=arms))
    assert (found["leader"], found["best"], found["misleads"]) == (0, [0], "no")


def test_a_best_line_that_is_new_is_not_held_against_history() -> None:
    found = checked(asked({"name": "thompson", "history": 1.0}, histories=[(1_000, 102), (1_000, 118), None]))
    assert (found["misleads"], found["leader"], found["best"]) == ("new", 1, [2])


# What was it worth?


def test_a_right_history_is_worth_something_and_a_wrong_one_costs() -> None:
    right: list[tuple[int, int] | None] = [(2_000, 200), (2_000, 240), (2_000, 400)]
    worths = []
    for told in (right, right[::-1]):
        scenario = with_twins(
            asked({"name": "thompson", "history": 0.5}, histories=told, sends=1_000, replications=100)
        )
        result = simulate(scenario)
        (worth,) = prior_worths(compare(result))
        assert (worth["policy"], worth["without"], worth["weight"]) == (0, 1, 0.5)
        totals = result.conversions[:, :, -1].sum(axis=-1)
        assert worth["difference"]["mean"] == pytest.approx((totals[0] - totals[1]).mean())
        worths.append(worth["difference"])
    assert worths[0]["low"] is not None
    assert worths[0]["low"] > 0
    assert worths[1]["high"] is not None
    assert worths[1]["high"] < 0


def test_twins_stand_beside_their_policies_once() -> None:
    own = {"name": "ucb1", "history": 0.2, "label": "x" * 60}
    scenario = with_twins(asked(own, {"name": "thompson", "history": 0.5}, {"name": "thompson"}, {"name": "ab_split"}))
    assert [policy.name for policy in scenario.policies] == ["ucb1", "ucb1", "thompson", "thompson", "ab_split"]
    assert scenario.labels[1] == "x" * 44 + " without history"
    assert with_twins(scenario) == scenario
    full = asked(*({"name": "thompson", "history": place / 10, "label": str(place)} for place in range(1, 9)))
    assert with_twins(full) == full


def test_what_a_policy_starts_from_counts_in_what_it_would_go_on_with() -> None:
    """It sends nearly all to the best line from the start: by this campaign alone, a rival with one lucky send looks better."""
    told: list[tuple[int, int] | None] = [(20_000, 2_000), (20_000, 3_000), (20_000, 1_500)]
    scenario = asked({"name": "thompson", "history": 0.1}, histories=told, sends=2_000, replications=60)
    scenario = scenario.with_changes(
        arms=[arm | {"rate": rate} for arm, rate in zip(scenario.to_dict()["arms"], (0.1, 0.15, 0.075), strict=True)]
    )
    found = compare(simulate(scenario))["policies"][0]
    assert found["picks_best"]["mean"] == 1.0
    assert found["crowns"] == 1.0
    assert found["false_winners"] == 0.0
