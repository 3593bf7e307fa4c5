"""Every answer of the guide's questions, and what else it says that can be watched, happens in the scenario that it links to.

Margins are several standard errors wide; where a share of campaigns is promised, a correct engine fails about once in 100,000
seeds at the most.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from components.guide.demonstrations import DEMONSTRATIONS
from engine import Result, Scenario, decision_log, simulate

THOMPSON = "Thompson sampling"
SURE = 4.3
"""Standard errors that chance exceeds about once in 100,000 times, on one side."""

Check = Callable[[], None]
CHECKS: dict[str, Check] = {}


def shows(name: str) -> Callable[[Check], Check]:
    """Register the check of a demonstration."""

    def keep(check: Check) -> Check:
        CHECKS[name] = check
        return check

    return keep


def run(name: str, campaigns: int, **changes: Any) -> Result:
    return simulate(DEMONSTRATIONS[name].scenario.with_changes(replications=campaigns, **changes))


def gain(result: Result, label: str = THOMPSON) -> NDArray[np.float64]:
    """Extra of a policy over the even split, (R,)."""
    labels = list(result.policies)
    extra: NDArray[np.float64] = result.totals[labels.index(label)] - result.totals[labels.index("A/B split")]
    return extra


def error(values: NDArray[np.float64]) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def surely_above(values: NDArray[np.float64], bound: float) -> bool:
    return bool(values.mean() - SURE * error(values) > bound)


def shares(result: Result, policy: int, since: float = 0.0) -> NDArray[np.float64]:
    """Share of each line in the sends after a share of the campaign: (R, K)."""
    first = round(since * (result.sends.shape[2] - 1))
    sends = result.sends[policy, :, -1] - (result.sends[policy, :, first] if since else 0)
    found: NDArray[np.float64] = sends / sends.sum(axis=-1, keepdims=True)
    return found


def most_sent(result: Result, policy: int) -> NDArray[np.int64]:
    return np.asarray(result.sends[policy, :, -1].argmax(axis=-1))


def between(low: float, share: float, high: float) -> bool:
    return low < share < high


def test_every_demonstration_has_its_check() -> None:
    assert set(CHECKS) == set(DEMONSTRATIONS)


@pytest.mark.parametrize("name", DEMONSTRATIONS)
def test_it_shows_what_the_guide_says(name: str) -> None:
    CHECKS[name]()


@shows("learning-pays")
def _() -> None:
    assert surely_above(gain(run("learning-pays", 30), "ε-greedy"), 0)


@shows("short-test")
def _() -> None:
    """Wrong lines in about a quarter of campaigns after a short test, nearly never with Thompson sampling."""
    result = run("short-test", 400)
    wrong = [(most_sent(result, place) != 2).mean() for place in (1, 2)]
    assert between(0.15, wrong[0], 0.35)
    assert wrong[1] < 0.05


@shows("stop-rule")
def _() -> None:
    """It ends on the right line in more than 95 campaigns of 100, and never before its time."""
    result = run("stop-rule", 400)
    ended = result.stopped_at[1] >= 0
    assert ended.mean() > 0.9
    assert (result.stopped_at[1][ended] >= 2_000).all()
    right = (result.winner[1] == 2)[ended]
    assert right.mean() > 0.95
    since = np.searchsorted(result.checkpoints, result.stopped_at[1])
    for campaign in np.flatnonzero(ended):
        later = result.sends[1, campaign, -1] - result.sends[1, campaign, since[campaign]]
        assert later.sum() == later[result.winner[1, campaign]], "the winner gets all that remains"


@shows("slow-starter-shut-out")
def _() -> None:
    """In about half of the campaigns most sends of the second half still go to yesterday's winner."""
    missed = shares(run("slow-starter-shut-out", 400), 1, since=0.5)[:, 1] < 0.5
    assert between(0.4, missed.mean(), 0.8)


@shows("slow-starter")
def _() -> None:
    result = run("slow-starter", 300)
    assert (shares(result, 1)[:, 1] > 0.08).all(), "it stays in the game"
    assert (shares(result, 1, since=0.5)[:, 1] > 0.5).all(), "and is found every time"


@shows("season")
def _() -> None:
    result = run("season", 20)
    for forgetful in ("Sliding-window Thompson", "Discounted Thompson"):
        assert (gain(result, forgetful) > gain(result)).all()
        assert between(1.5, gain(result, forgetful).mean() / gain(result).mean(), 2.2), "nearly twice as much"


@shows("wrong-season")
def _() -> None:
    result = run("wrong-season", 60)
    assert (most_sent(result, 1) == 1).all(), "the weekend's line"
    assert (gain(result, "Test, then winner") < 0).all()


@shows("fatigue")
def _() -> None:
    """A small part of the gain without fatigue, and no loss."""
    tired = gain(run("fatigue", 100))
    fresh = gain(run("fatigue", 30, world={"name": "stationary"}))
    assert tired.mean() > -SURE * error(tired)
    assert tired.mean() < 0.15 * fresh.mean()
    sent = shares(run("fatigue", 20), 2)
    assert sent.max(axis=-1).mean() < 0.6, "the traffic spreads by itself"


@shows("holdout")
def _() -> None:
    """The holdout's rates are right on average, line by line; the naive rates of lines that were given up are too low."""
    result = run("holdout", 500)
    truth = result.scenario.rates()[0]
    sends, conversions = (counts[1] for counts in result.told_apart("holdout"))
    held = conversions / sends
    assert (np.abs(held.mean(axis=0) - truth) < SURE * held.std(axis=0) / np.sqrt(len(held))).all()
    own = (result.conversions[1, :, -1] - conversions) / (result.sends[1, :, -1] - sends)
    given_up = [0, 1, 3]
    for line in given_up:
        assert surely_above(truth[line] - own[:, line], 0)


@shows("guardrails")
def _() -> None:
    guarded, free = gain(run("guardrails", 100)), gain(run("guardrails", 100, guardrails=[]))
    assert surely_above(guarded, 0)
    assert between(0.5, guarded.mean() / free.mean(), 0.65), "a little less than half is gone"


@shows("nothing-to-find")
def _() -> None:
    result = run("nothing-to-find", 300)
    for label in ("ε-greedy", THOMPSON):
        extra = gain(result, label)
        assert abs(extra.mean()) < SURE * error(extra)
    assert (shares(result, 2).max(axis=-1) > 0.6).mean() > 0.02, "a line leads clearly now and then"


@shows("small-list")
def _() -> None:
    extra = gain(run("small-list", 1_000))
    assert between(0, extra.mean(), 8), "a few conversions"
    assert between(0.3, (extra < 0).mean(), 0.45), "the even split is ahead in about four campaigns of ten"


@shows("late")
def _() -> None:
    result = run("late", 150)
    at_once = gain(run("late", 60, delay={"name": "none"}))
    slower = gain(run("late", 60, sends_per_hour=300))
    assert between(0.35, gain(result).mean() / at_once.mean(), 0.65), "about half is left"
    assert slower.mean() > gain(result).mean()


@shows("batches")
def _() -> None:
    batched, single = gain(run("batches", 60)), gain(run("batches", 60, update_every=1))
    assert between(0.85, batched.mean() / single.mean(), 1.0)


@shows("audiences")
def _() -> None:
    result = run("audiences", 60)
    usual = result.totals[0].mean()
    assert between(0.2, gain(result, "Thompson by segment").mean() / usual, 0.36), "about a quarter"
    assert abs(gain(result).mean()) < 0.04 * usual, "next to nothing"


@shows("paradox")
def _() -> None:
    """The totals put the line ahead that is the worse one in either segment's own mix of an even split."""
    result = run("paradox", 20)
    seen = result.conversions[1, :, -1] / result.sends[1, :, -1]
    even = result.conversions[0, :, -1] / result.sends[0, :, -1]
    assert (seen[:, 1] > 1.5 * seen[:, 0]).all()
    assert even[:, 1].mean() < even[:, 0].mean()


@shows("money")
def _() -> None:
    result = run("money", 60)
    per_send = result.conversions[0, :, -1].mean(axis=0)
    assert per_send.argmax() == 0, "line A gets most orders"
    alone = [net_of(result.scenario, line) for line in range(3)]
    assert int(np.argmin(alone)) == 0, "and brings the least"
    assert gain(result, "Thompson for amounts").mean() > 3 * gain(result).mean()


def net_of(scenario: Scenario, line: int) -> float:
    """What a send of a line is worth on average, by hand."""
    arm, money = scenario.arms[line], scenario.money
    assert money is not None
    assert arm.rate is not None
    value = money.order_value if arm.order_value is None else arm.order_value
    return arm.rate * value - money.send_cost - (arm.complaint_rate or 0.0) * money.unsubscribe_cost


@shows("credit")
def _() -> None:
    first, recurring = run("credit", 30), DEMONSTRATIONS["credit"].scenario.recurring
    assert recurring is not None
    last = run("credit", 30, recurring=recurring.model_dump() | {"credit": "last_touch"})
    assert gain(last).mean() > 1.5 * gain(first).mean() > 0


@shows("opens")
def _() -> None:
    assert (gain(run("opens", 100)) < 0).all(), "fewer clicks than the even split, in every campaign"


@shows("cap")
def _() -> None:
    capped, free = run("cap", 60), run("cap", 60, guardrails=[])
    assert (shares(capped, 1) <= 0.6 + 1e-3).all()
    assert between(0.05, 1 - gain(capped).mean() / gain(free).mean(), 0.16), "about a tenth"


@shows("pause")
def _() -> None:
    result = run("pause", 200)
    annoying = shares(result, 1)[:, 2]
    assert (annoying < 0.15).mean() > 0.9, "stopped in nearly every campaign"
    limit = next(rail for rail in result.scenario.guardrails if rail.name == "pause_rule").model_dump()["limit"]
    assert result.scenario.arms[2].complaint_rate == pytest.approx(1.5 * limit)


@shows("audit")
def _() -> None:
    scenario = DEMONSTRATIONS["audit"].scenario
    log = decision_log(scenario, 1)
    chances = log[[f"propensity_{line}" for line in range(len(scenario.arms))]].to_numpy()
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    assert simulate(scenario).digest() == simulate(scenario).digest()


@shows("real")
def _() -> None:
    assert surely_above(gain(run("real", 30)), 2_000)
