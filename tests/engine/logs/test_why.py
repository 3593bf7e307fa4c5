"""Why a line was sent: the number that was largest, the chances by steps, and what was known."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.catalogue import POLICIES
from engine.guarded import chances
from engine.logs.why import why
from engine.rails import place_of
from tests.engine.logs.campaigns import CAMPAIGNS, LATE, TWO, small, store_of


@pytest.mark.parametrize("policy", [name for name, spec in POLICIES.items() if spec.insight is not None])
def test_the_line_sent_has_the_largest_number_where_that_decides(policy: str, tmp_path: Path) -> None:
    """Unless it was chosen by chance: by policies that explore, or that set their leader aside."""
    store = store_of(small(policy, sends=200, segments=TWO), tmp_path)
    agreed = told = 0
    for place in range(60, 200, 7):
        found = why(store, place)
        assert found["believed"] is not None
        chosen_by = np.array(found["believed"]["chosen_by"], float)
        if np.isfinite(chosen_by).all():
            told += 1
            agreed += chosen_by[found["row"].arm] >= chosen_by.max() - 1e-9  # ties are left to chance
    assert told > 0
    by_chance = {"epsilon_greedy", "epsilon_decay", "softmax", "gradient", "exp3", "cusum_ucb", "glr_ucb"}
    by_chance |= {"top_two_thompson", "test_then_winner"}
    assert agreed == told or policy in by_chance


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_the_last_step_is_the_chance_of_the_log(name: str, tmp_path: Path) -> None:
    store = store_of(CAMPAIGNS[name], tmp_path)
    for place in range(3, len(store), 97):
        found = why(store, place)
        logged = chances(CAMPAIGNS[name], at=[found["row"].send])[0]
        assert found["steps"][-1]["chances"] == pytest.approx(logged, abs=1e-12)
        assert found["row"].chances == pytest.approx(logged, abs=1e-7)
        assert all(sum(step["chances"]) == pytest.approx(1.0) for step in found["steps"])
        assert {place for place, chance in enumerate(found["steps"][0]["chances"]) if chance > 0} <= set(
            found["eligible"]
        ) or found["steps"][0]["by"] >= 0


def test_steps_add_one_guardrail_after_the_other_by_hand(tmp_path: Path) -> None:
    """Holdout of 10%, then a floor of 5% each of what it leaves: p = 0.1 / 3 + 0.9 (0.05 + 0.85 own)."""
    rails = [{"name": "minimum_share", "share": 0.05}, {"name": "holdout", "share": 0.1}]
    found = why(store_of(small("thompson", sends=150, guardrails=rails), tmp_path), 120)
    assert [step["by"] for step in found["steps"]] == [-1, place_of("minimum_share"), place_of("holdout")]
    own, floor, held = (np.array(step["chances"]) for step in found["steps"])
    assert floor == pytest.approx(0.05 + 0.85 * own)
    assert held == pytest.approx(0.1 / 3 + 0.9 * floor)


def test_who_was_not_asked_drew_nothing(tmp_path: Path) -> None:
    store = store_of(small("thompson", guardrails=[{"name": "holdout", "share": 0.3}]), tmp_path)
    taken = int(np.flatnonzero(store.sends()["by"] >= 0)[40])
    believed = why(store, taken)["believed"]
    assert believed is not None
    assert believed["chosen_by"] == [None, None, None]
    assert all(low is not None for low in believed["low"])


def test_a_policy_without_beliefs_has_none(tmp_path: Path) -> None:
    assert why(store_of(CAMPAIGNS["even"], tmp_path), 5)["believed"] is None


@pytest.mark.parametrize("learn_when", ["arrival", "window_closed"])
def test_what_was_learnt_is_what_the_policy_had_counted(learn_when: str, tmp_path: Path) -> None:
    """Thompson sampling's own posterior tells: alpha - 1 conversions and beta - 1 misses, by line."""
    delay: dict[str, Any] = LATE | {"delay": LATE["delay"] | {"learn_when": learn_when}}
    rails = [{"name": "holdout", "share": 0.2}]
    store = store_of(small("thompson", sends=500, update_every=40, guardrails=rails, **delay), tmp_path)
    for place in (0, 39, 40, 300, 457):
        found = why(store, place)
        assert found["decided_after"] == place - place % 40
        seen = _counted(store, place)
        assert (found["learnt_sends"], found["learnt_conversions"]) == seen


def _counted(store: Any, place: int) -> tuple[int, int]:
    from engine.blocks import template_of
    from engine.guarded import looks
    from engine.posterior import shapes_of

    assert len(template_of(store.log.scenario, 0)) > 0
    (look,) = looks(store.log.scenario, 0, 0, np.array([place]))
    alpha, beta = shapes_of(look.state, 8, 3)
    return round(float(alpha.sum() + beta.sum() - 6)), round(float(alpha.sum() - 3))


def test_a_row_that_is_not_there_is_refused(tmp_path: Path) -> None:
    store = store_of(CAMPAIGNS["plain"], tmp_path)
    with pytest.raises(IndexError, match="row: got 600; must be from 0 to 599"):
        why(store, 600)


def test_the_last_send_is_told_too(tmp_path: Path) -> None:
    found = why(store_of(small("ucb1", sends=100), tmp_path), 99)
    assert found["believed"] is not None
    assert None not in found["believed"]["chosen_by"]
