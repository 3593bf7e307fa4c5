"""The table holds paired differences of whole simulations, and claims no more than they say."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from engine import Scenario, compare, simulate
from engine.metrics import top_share
from engine.stress import Measured, columns_of, contestants_of, measure, put_together, turns_of
from engine.stresses import PLANNED
from tests.engine.scenarios import scenario, scenario_dicts

RATES = (0.1, 0.2, 0.4)
NAMES = ("ab_split", "thompson", "ucb1")


def asked(*policies: Any, **fields: Any) -> Scenario:
    return scenario(*(policies or NAMES), rates=RATES, **{"sends": 1_000, "replications": 40} | fields)


def table(question: Scenario, names: tuple[str, ...] = ("change",), rows: tuple[int, ...] | None = None) -> Any:
    columns = columns_of(question, names)
    found = {column.stress.name: measure(simulate(column.scenario)) for column in columns if column.scenario}
    return put_together(question, columns, found, rows)


def told(means: list[float], error: float, campaigns: int = 400) -> Measured:
    """A stress whose paired differences all have the same standard error."""
    count = len(means)
    return {
        "campaigns": campaigns,
        "is_segmented": False,
        "means": means,
        "errors": (error * (1 - np.eye(count))).tolist(),
        "at": [1_000],
        "along": [[0.5]] * count,
        "top_share": [0.5] * count,
        "turns": [],
        "notice": [],
    }


def judged(found: dict[str, Measured], names: tuple[str, ...] = NAMES) -> Any:
    question = asked(*names, replications=400)
    return put_together(question, columns_of(question, tuple(found)), found)


def test_as_planned_says_what_a_comparison_of_the_scenario_says() -> None:
    question = asked()
    planned, compared = table(question)["columns"][0], compare(simulate(question), crowned_in=0)
    for cell in planned["cells"]:
        policy = compared["policies"][cell["policy"]]
        assert cell["extra"] == pytest.approx(policy["extra"])
        assert planned["baseline_mean"] == compared["policies"][0]["conversions_mean"]
        assert cell["share"]["mean"] == pytest.approx(policy["extra"]["mean"] / planned["baseline_mean"])


def test_gains_are_paired_by_campaign_under_the_same_stress() -> None:
    question = asked()
    column = columns_of(question, ("change",))[1]
    assert column.scenario is not None
    totals = simulate(column.scenario).conversions[:, :, -1].sum(axis=-1)
    gain = totals[1] - totals[0]
    half = stats.t.ppf(0.95, 39) * gain.std(ddof=1) / np.sqrt(40)
    extra = table(question)["columns"][1]["cells"][0]["extra"]
    assert extra == pytest.approx({"mean": gain.mean(), "low": gain.mean() - half, "high": gain.mean() + half})


def test_another_policy_beside_it_changes_no_number() -> None:
    alone, among = table(asked("ab_split", "thompson")), table(asked("softmax", "thompson", "ab_split"))
    for column, wider in zip(alone["columns"], among["columns"], strict=True):
        assert column["cells"][0]["extra"] == next(cell for cell in wider["cells"] if cell["policy"] == 1)["extra"]


def test_an_even_split_is_added_and_references_are_left_out() -> None:
    question = contestants_of(asked("oracle", "thompson"))
    assert [policy.name for policy in question.policies] == ["thompson", "ab_split"]
    full = asked(*({"name": "epsilon_greedy", "epsilon": epsilon / 10} for epsilon in range(1, 9)))
    assert contestants_of(full) == full
    assert not table(full.with_changes(sends=50, replications=2))["against_even_split"]


def test_a_cell_is_decided_when_its_interval_leaves_zero_out() -> None:
    columns = judged({PLANNED: told([100.0, 101.0, 110.0], 1.0)})["columns"]
    assert [cell["is_decided"] for cell in columns[0]["cells"]] == [False, True]


def test_rings_need_more_than_a_cell_of_its_own() -> None:
    """At 90% for one of two comparisons the quantile is 1.97: a lead of 1.8 standard errors is decided, but not sure."""
    columns = judged({PLANNED: told([100.0, 101.8, 100.0], 1.0)})["columns"]
    assert columns[0]["cells"][0]["is_decided"]
    assert columns[0]["cells"][0]["sign"] == 0
    assert not columns[0]["cells"][0]["is_best"]
    assert columns[0]["nobody_gains"]


def test_policies_that_cannot_be_told_apart_share_the_ring() -> None:
    columns = judged({PLANNED: told([100.0, 110.0, 109.0], 1.0)})["columns"]
    assert [cell["is_best"] for cell in columns[0]["cells"]] == [True, True]
    assert columns[0]["level_with_best"] == [1, 2]
    columns = judged({PLANNED: told([100.0, 110.0, 107.0], 1.0)})["columns"]
    assert [cell["is_best"] for cell in columns[0]["cells"]] == [True, False]


def test_all_comparisons_of_the_table_hold_together() -> None:
    found = judged({PLANNED: told([100.0, 110.0, 107.0], 1.0), "change": told([100.0, 110.0, 107.0], 1.0)})
    assert found["comparisons"] == 4
    assert found["level_each"] == pytest.approx(1 - 0.1 / 4)


def test_the_policy_that_leads_under_every_stress_is_chosen() -> None:
    verdict = judged({PLANNED: told([100.0, 130.0, 120.0], 1.0), "late": told([100.0, 120.0, 110.0], 1.0)})["verdict"]
    assert (verdict["kind"], verdict["leader"], verdict["robust"]) == ("choose", 1, 1)
    assert (verdict["keeps"], verdict["loses"], verdict["alternative"]) == (["late"], [], None)


def test_the_robust_choice_has_the_largest_worst_gain() -> None:
    verdict = judged({PLANNED: told([100.0, 130.0, 125.0], 1.0), "change": told([100.0, 104.0, 120.0], 1.0)})["verdict"]
    assert (verdict["kind"], verdict["leader"], verdict["robust"]) == ("depends", 1, 2)
    assert verdict["loses"] == ["change"]
    assert verdict["alternative"] == {
        "policy": 2,
        "stress": "change",
        "gains": pytest.approx(0.16),
        "gives_up": pytest.approx(0.05),
        "is_sure": True,
    }


def test_a_lead_of_less_than_a_hundredth_changes_no_choice() -> None:
    verdict = judged({PLANNED: told([100.0, 130.0, 120.0], 0.1), "change": told([100.0, 110.0, 110.9], 0.1)})["verdict"]
    assert verdict["keeps"] == ["change"]
    verdict = judged({PLANNED: told([100.0, 130.0, 120.0], 0.1), "change": told([100.0, 110.0, 111.1], 0.1)})["verdict"]
    assert verdict["loses"] == ["change"]


def test_stresses_under_which_nobody_gains_choose_nobody() -> None:
    """Under the stress the second policy loses less, which is no reason to choose it."""
    verdict = judged({PLANNED: told([100.0, 130.0, 110.0], 1.0), "close": told([100.0, 90.0, 99.0], 1.0)})["verdict"]
    assert (verdict["kind"], verdict["leader"], verdict["nobody"]) == ("choose", 1, ["close"])
    assert verdict["harmed"] == [{"stress": "close", "share": pytest.approx(-0.1)}]


def test_a_stress_that_misleads_chooses_nobody() -> None:
    verdict = judged({PLANNED: told([100.0, 130.0, 110.0], 1.0), "opens": told([100.0, 90.0, 120.0], 1.0)})["verdict"]
    assert (verdict["kind"], verdict["robust"], verdict["alternative"]) == ("choose", 1, None)
    assert verdict["harmed"] == [{"stress": "opens", "share": pytest.approx(-0.1)}]


def test_without_a_gain_as_planned_the_baseline_stays() -> None:
    verdict = judged({PLANNED: told([100.0, 100.5, 99.0], 1.0), "change": told([100.0, 120.0, 100.0], 1.0)})["verdict"]
    assert (verdict["kind"], verdict["robust"]) == ("stay", 1)


def test_few_campaigns_give_no_verdict() -> None:
    assert judged({PLANNED: told([100.0, 130.0, 110.0], 1.0, campaigns=19)})["verdict"]["kind"] == "early"
    assert judged({})["verdict"]["kind"] == "early"


def test_only_rows_that_are_shown_are_judged() -> None:
    found = table(asked(), rows=(2,))
    assert found["rows"] == [2]
    assert found["verdict"]["leader"] == 2
    assert [cell["policy"] for cell in found["columns"][0]["cells"]] == [2]


def test_along_the_campaign_the_best_line_at_the_time_is_counted() -> None:
    """An even split sends a third to it at any time, and the mean over windows is what the kernel counts."""
    question = asked()
    for column in columns_of(question, ("change", "season", "drift", "fatigue")):
        assert column.scenario is not None
        result = simulate(column.scenario)
        found = measure(result)
        assert found["along"][0] == pytest.approx([1 / 3] * len(found["at"]), abs=0.35)
        assert np.mean(found["along"][0]) == pytest.approx(1 / 3, abs=0.01)
        counted = top_share(result).mean(axis=1)
        assert np.mean(found["along"], axis=1) == pytest.approx(counted, abs=0.01)
        assert found["top_share"] == pytest.approx(counted)


def test_a_policy_has_noticed_when_half_of_its_share_is_back() -> None:
    column = columns_of(asked(sends=2_000), ("change",))[1]
    assert column.scenario is not None
    result = simulate(column.scenario)
    found = measure(result)
    assert found["turns"] == [{"at": 1_000, "before": [2], "after": [1]}]
    best = np.where(result.checkpoints <= 1_000, 2, 1)
    windows = np.diff(result.sends[1], axis=0 + 1, prepend=0)
    share = windows[:, np.arange(200), best].mean(axis=0) / 10
    back = [
        at - 1_000 for at, part in zip(result.checkpoints, share, strict=True) if at > 1_000 and part >= share[99] / 2
    ]
    assert found["notice"][0][1] == (back[0] if back else None)
    assert found["notice"][0][0] == 10  # an even split keeps its share


def test_many_changes_are_no_turn() -> None:
    season = asked(world={"name": "seasonal", "contrast": 2.0}, sends_per_hour=2)
    assert turns_of(season) == []
    assert turns_of(asked()) == []


@settings(max_examples=25)
@given(scenario_dicts())
def test_every_scenario_has_a_table(raw: dict[str, Any]) -> None:
    question = Scenario.from_dict(raw)
    columns = columns_of(question)
    assert columns[0].scenario == contestants_of(question)
    found = put_together(question, columns, {PLANNED: measure(simulate(contestants_of(question)))})
    assert found["columns"][0]["campaigns"] == question.replications
    assert all(0.0 <= part <= 1.0 for part in measure(simulate(contestants_of(question)))["along"][0])


def test_a_stretch_in_which_a_cap_leaves_everybody_out_has_no_share() -> None:
    capped = scenario(
        "ab_split", "thompson", sends=400, sends_per_hour=10, replications=3, recurring={"recipients": 2},
        guardrails=[{"name": "frequency_cap", "most": 1, "hours": 1_000.0}],
    )  # fmt: skip
    found = measure(simulate(capped))
    assert np.isfinite(found["along"]).all()
    assert found["along"][0][-1] == 0.0
