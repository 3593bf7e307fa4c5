"""What the stop rule promises on top of what every guardrail promises."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import integrate, stats

import engine
from engine import Scenario, simulate
from engine.guardrail import ON, SETTLED, SLOTS, WINNER
from engine.guardrails.stop_rule import DRAWS, SPEC, nobody_leads, settles, winner_of
from engine.simulation import Trace, trace
from tests.engine.scenarios import scenario

RARE = float(stats.norm.isf(0.5e-5))
"""Standard errors that a correct engine's mean is off by once in 100,000 seeds, either way."""
KEYS = 2_000

Floats = NDArray[np.float64]
Counts = list[tuple[int, int]]
"""Conversions and sends of each line."""


def block(lines: int = 2, **settings: Any) -> Floats:
    """The rule's numbers at the start of a campaign of 10,000 sends."""
    asked = scenario("ab_split", rates=(0.1,) * lines, guardrails=[{"name": "stop_rule", **settings}])
    numbers = np.zeros(SLOTS)
    prepared = SPEC.prepare(asked.guardrails[0], asked)
    numbers[ON], numbers[ON + 1 : ON + 1 + len(prepared)] = 1.0, prepared
    return numbers


def all_of(counts: Counts) -> tuple[int, Floats, Floats, np.uint64]:
    won, sent = np.array(counts, float).T
    return len(counts), sent, won, np.uint64(2 ** len(counts) - 1)


def stops(counts: Counts, **settings: Any) -> list[int]:
    """The line for which each of many keys ends the test, -1 for none."""
    rails = block(len(counts), **settings)
    return [winner_of(rails, 0, *all_of(counts), np.uint64((key + 1) << 32)) for key in range(KEYS)]


def agrees(found: float, expected: float) -> bool:
    return abs(found - expected) <= RARE * math.sqrt(expected * (1 - expected) / KEYS)


# One look against numerical integration


LOOKS: list[Counts] = [
    [(40, 1000), (56, 1000)],
    [(40, 1000), (57, 1020)],
    [(400, 10_000), (446, 10_000)],
    [(30, 1000), (41, 1000), (12, 500), (62, 1100)],
    [(20, 400)] * 10 + [(44, 470)],
]


@pytest.mark.parametrize("counts", LOOKS, ids=str)
def test_a_look_ends_the_test_as_often_as_the_chance_to_be_best_says(counts: Counts) -> None:
    """It ends if at most 50 of 1,000 draws speak against the leader; fails a correct rule once in 100,000 seeds."""
    chance = engine.chance_to_be_best(*zip(*counts, strict=True)).max()
    expected = stats.binom.cdf(round(0.05 * DRAWS), DRAWS, 1 - chance)
    found = np.array(stops(counts, by="chance"))
    assert 0.02 < expected < 0.98
    assert agrees((found >= 0).mean(), expected)
    assert set(found[found >= 0]) == {len(counts) - 1}


@pytest.mark.parametrize(
    "counts", [[(40, 1000), (55, 1000)], [(4000, 100_000), (4104, 100_000)], [(2, 40), (8, 50)]], ids=str
)
@pytest.mark.parametrize("by", ["value_remaining", "either"])
def test_a_look_ends_the_test_as_often_as_the_value_remaining_says(counts: Counts, by: str) -> None:
    """By adaptive integration of the chance that the other line is within 1%; the same rate of false alarms."""
    other, leader = (stats.beta(1 + won, 1 + sent - won) for won, sent in counts)
    edges = leader.ppf([1e-12, 1e-4, 0.1, 0.5, 0.9, 1 - 1e-4, 1 - 1e-12])
    within = sum(
        integrate.quad(lambda x: leader.pdf(x) * other.cdf(1.01 * x), *ends, epsabs=1e-10)[0]
        for ends in pairwise(edges)
    )
    expected = stats.binom.cdf(round(0.05 * DRAWS), DRAWS, 1 - within)
    found = np.array(stops(counts, by=by))
    assert 0.02 < expected < 0.98
    assert agrees((found >= 0).mean(), expected)
    assert (within > 0.95) == (engine.value_remaining(*np.array(counts).T) < 0.01)


def test_other_limits_than_the_usual() -> None:
    counts: Counts = [(40, 1000), (52, 1000)]  # best with 90%; 10% better with about 60%
    assert set(stops(counts, by="chance", chance=0.99)) == {-1}
    assert -1 in stops(counts, by="chance", chance=0.9)
    assert 1 in stops(counts, by="chance", chance=0.9)
    assert set(stops(counts, by="value_remaining", value_remaining=0.5)) == {1}


shapes = st.tuples(st.integers(0, 1_000_000), st.floats(0, 1)).map(lambda drawn: (int(drawn[0] * drawn[1]), drawn[0]))
few = st.tuples(st.integers(0, 100), st.integers(0, 2)).map(lambda drawn: (min(drawn), drawn[0]))


@given(st.lists(shapes | few, min_size=2, max_size=8))
def test_looks_are_only_cut_short_where_no_line_could_win(counts: Counts) -> None:
    """Of 1,000 draws, 50 speak against the leader at most; here each would with a chance of 20%."""
    won, sent = zip(*counts, strict=True)
    if nobody_leads(block(len(counts), by="chance"), 0, *all_of(counts)):
        assert engine.chance_to_be_best(won, sent).max() < 0.8
    if nobody_leads(block(len(counts), by="value_remaining"), 0, *all_of(counts)):
        assert engine.value_remaining(won, sent, quantile=0.8) > 0.01


def test_many_looks_are_cut_short_and_not_all() -> None:
    assert nobody_leads(block(), 0, *all_of([(40, 1000), (42, 1000)]))
    assert not nobody_leads(block(), 0, *all_of([(40, 1000), (52, 1000)]))


def test_two_lines_without_conversions_are_the_worst_case_of_close_ones() -> None:
    """By hand: exponential posteriors with means 1 : s are in the wrong order with s / (1 + s)."""
    s = 0.275  # (1 - s)^2 = 0.7^2 (1 + s^2) at 0.2742
    counts: Counts = [(0, 1_000_000), (0, round(s * 1_000_000))]
    assert nobody_leads(block(by="chance"), 0, *all_of(counts))
    assert engine.chance_to_be_best(*zip(*counts, strict=True)).max() == pytest.approx(1 / (1 + s), abs=1e-4)
    assert not nobody_leads(block(by="chance"), 0, *all_of([(0, 1_000_000), (0, 270_000)]))


# When it looks, and what it remembers


CLEAR: Counts = [(40, 1000), (155, 1000)]


def look(rails: Floats, t: int, counts: Counts = CLEAR, active: int | None = None) -> tuple[int, int]:
    """Let it look before send t; return after how many sends the test has ended, and for which line."""
    K, sent, won, everyone = all_of(counts)
    settles(rails, 0, K, t, sent, won, everyone if active is None else np.uint64(active), np.uint64(5))
    return int(rails[SETTLED]) - 1, int(rails[WINNER])


def test_it_looks_after_the_minimum_time_and_then_now_and_then() -> None:
    rails, unclear = block(after_sends=1000, looks=10), [(40, 1000), (42, 1000)]
    assert look(rails, 999)[0] == -1
    assert look(rails, 1000, unclear)[0] == -1
    assert look(rails, 1999)[0] == -1
    assert look(rails, 2500, unclear)[0] == -1
    assert look(rails, 2999)[0] == -1
    assert look(rails, 3000) == (3000, 1)
    assert look(rails, 4000, unclear) == (3000, 1)


def test_no_line_wins_with_less_than_its_even_part_of_the_minimum() -> None:
    """A line that nobody knows is probably better than one known to be bad: that is no reason to end the test."""
    unknown: Counts = [(40, 10_000), (1, 20)]
    assert engine.chance_to_be_best(*zip(*unknown, strict=True))[1] > 0.98
    assert look(block(after_sends=1000), 5000, unknown)[0] == -1
    assert look(block(after_sends=40), 5000, unknown) == (5000, 1)


def test_one_line_alone_is_no_test() -> None:
    assert look(block(), 5000, active=0b10)[0] == -1


def test_a_line_that_joins_opens_the_test_again() -> None:
    rails, three = block(3, looks=100), [*CLEAR, (0, 0)]
    assert look(rails, 1000, three, active=0b011) == (1000, 1)
    assert look(rails, 1050, three, active=0b010) == (1000, 1), "a loser that leaves changes nothing"
    assert look(rails, 1060, three, active=0b011) == (1000, 1), "nor does its return"
    assert look(rails, 1070, three, active=0b111)[0] == -1
    assert look(rails, 1100, [*CLEAR, (260, 1000)], active=0b111) == (1100, 2)


def test_a_winner_that_goes_opens_the_test_again() -> None:
    rails, three = block(3, looks=100), [*CLEAR, (100, 1000)]
    assert look(rails, 1000, three) == (1000, 1)
    assert look(rails, 1010, three, active=0b101)[0] == -1
    assert look(rails, 1100, three, active=0b101) == (1100, 2)


def test_the_last_of_64_lines_can_win_and_is_remembered() -> None:
    rails, counts = block(64, after_sends=1000, looks=100), [(40, 1000)] * 63 + [(155, 1000)]
    assert look(rails, 1000, counts) == (1000, 63)
    assert look(rails, 1100, counts) == (1000, 63)
    assert look(rails, 1200, counts, active=2**63 - 1)[0] == -1


# Whole campaigns


def guarded(*guardrails: dict[str, Any], rates: tuple[float, ...] = (0.1, 0.5), **fields: Any) -> Scenario:
    rule = {"name": "stop_rule", "after_sends": 400, "looks": 50}
    return scenario(
        "ab_split", rates=rates, guardrails=[rule, *guardrails], **{"sends": 10_000, "replications": 50, **fields}
    )


def own_choices(ran: Trace, first: int, end: int) -> set[int]:
    """The lines that the policy chose itself among some sends."""
    return set(ran.arms[first:end][ran.by[first:end] == -1].tolist())


@pytest.mark.parametrize("every", [1, 700])
def test_the_winner_gets_all_that_remains(every: int) -> None:
    asked = guarded(update_every=every)
    result = simulate(asked)
    first_look = max(400, every)
    assert (result.stopped_at == first_look).all()
    assert (result.winner == 1).all()
    ran = trace(asked, 0)
    assert own_choices(ran, 0, first_look) == {0, 1}
    assert own_choices(ran, first_look, 10_000) == {1}


def test_campaigns_end_as_often_as_integration_over_what_was_known_says() -> None:
    """Every look of 150 campaigns; ends minus their chances are a martingale: once in 100,000 seeds beyond the limit."""
    asked = scenario(
        "ab_split", rates=(0.2, 0.23), sends=4_000, replications=150,
        guardrails=[{"name": "stop_rule", "by": "chance", "after_sends": 500, "looks": 8}],
    )  # fmt: skip
    result, excess, variance = simulate(asked), 0.0, 0.0
    for replication, ended in enumerate(result.stopped_at[0].tolist()):
        ran = trace(asked, 0, replication)
        for t in range(500, 4_000, 500):
            sent = np.bincount(ran.arms[:t], minlength=2)
            won = np.bincount(ran.arms[:t], ran.answers[:t], minlength=2)
            chance = stats.binom.cdf(50, DRAWS, 1 - engine.chance_to_be_best(won, sent).max())
            excess, variance = excess + (t == ended) - chance, variance + chance * (1 - chance)
            if t == ended:
                assert result.winner[0, replication] == (won / sent).argmax()
                break
    assert 0.2 < (result.stopped_at >= 0).mean() < 0.98
    assert abs(excess) < RARE * np.sqrt(variance)


def test_a_campaign_that_never_ends_its_test_says_so() -> None:
    result = simulate(guarded(rates=(0.3, 0.3), sends=1_000, replications=20))
    never = result.stopped_at == -1
    assert never.any()
    assert (result.winner[never] == -1).all()


def test_only_what_policies_are_told_counts() -> None:
    """Conversions that nobody has heard of yet end nothing, nor do recipients that are held out."""
    late = {"name": "exponential", "window_hours": 100.0, "learn_when": "window_closed"}
    assert (simulate(guarded(delay=late, sends_per_hour=1_000)).stopped_at == -1).all()
    told = simulate(guarded({"name": "holdout", "share": 0.98}, rates=(0.45, 0.55)))
    assert (simulate(guarded(rates=(0.45, 0.55))).stopped_at >= 0).all()
    assert (told.stopped_at == -1).any()


def test_a_line_that_joins_is_tested_too() -> None:
    joins = {"name": "rotating", "schedule": [{"arm": "line 2", "joins": 3_000}]}
    asked = guarded(rates=(0.1, 0.4, 0.8), world=joins)
    result, ran = simulate(asked), trace(asked, 0)
    assert (result.winner == 2).all()
    assert (result.stopped_at > 3_000).all()
    assert own_choices(ran, 400, 3_000) == {1}
    assert own_choices(ran, 3_000, int(result.stopped_at[0, 0])) == {0, 1, 2}


def test_when_the_winner_leaves_the_others_are_tested() -> None:
    leaves = {"name": "rotating", "schedule": [{"arm": "line 1", "leaves": 3_000}]}
    asked = guarded(rates=(0.2, 0.8, 0.22), world=leaves)
    result, ran = simulate(asked), trace(asked, 0)
    assert own_choices(ran, 400, 3_000) == {1}
    assert own_choices(ran, 3_000, 3_200) == {0, 2}
    ended = result.stopped_at >= 0
    assert ended.any()
    assert (result.stopped_at[ended] >= 3_000).all()
    assert set(result.winner[ended]) <= {0, 2}


def test_a_winner_that_is_paused_gives_way() -> None:
    arms = [
        {"name": "A", "rate": 0.1},
        {"name": "B", "rate": 0.8, "complaint_rate": 0.05},
        {"name": "C", "rate": 0.3},
    ]
    asked = guarded({"name": "pause_rule", "limit": 0.02, "after_sends": 1_500}).with_changes(arms=arms)
    result, ran = simulate(asked), trace(asked, 0)
    assert result.paused[0].tolist() == [[False, True, False]] * 50
    assert (result.winner == 2).all()
    last = int(np.flatnonzero(ran.arms == 1)[-1])
    assert own_choices(ran, last + 1, last + 20) <= {0, 2}


def test_a_cap_lets_the_winner_take_only_its_share() -> None:
    asked = guarded({"name": "maximum_share", "share": 0.7})
    ran, sent = trace(asked, 0), 0
    for t, arm in enumerate(ran.arms.tolist()):
        below = sent < np.ceil(0.7 * (t + 1))
        if t >= 400:
            assert arm == int(below), t
        sent += arm
    assert sent == 7_000


def test_nothing_ends_in_a_wrap_up() -> None:
    """The first look comes at the first decision; with half of the sends to go, that is the wrap-up's."""
    at_odds = guarded({"name": "wrap_up_ab", "share": 0.5}, update_every=400, rates=(0.3, 0.3), replications=300)
    stopped = simulate(at_odds).stopped_at
    assert ((stopped >= 0) & (stopped < 5_000)).any()
    assert (stopped < 5_000).all()
