"""What every policy promises, once, over the registry. Statistical checks say how often they would fail a correct policy."""

import importlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import engine
from engine import simulate
from engine.fields import knobs
from engine.policy import BEST_NOW, HEADER
from engine.presets import PRESETS
from tests.engine.contract import Player
from tests.engine.scenarios import scenario

RARE = 1e-6
"""How often a correct policy would fail each check by chance, over random seeds."""

LEARNERS = [name for name in engine.POLICIES if name != "oracle"]
every_policy = pytest.mark.parametrize("name", engine.POLICIES)
every_learner = pytest.mark.parametrize("name", LEARNERS)

histories = st.lists(st.tuples(st.integers(0, 63), st.booleans()), max_size=40)


def taught(name: str, K: int, history: list[tuple[int, bool]], **settings: Any) -> Player:
    """A policy after a history."""
    player = Player(name, K, **settings)
    for sent, (arm, answer) in enumerate(history):
        player.learn(sent, arm % K, 1, answer)
    return player


@every_policy
def test_explains_itself(name: str) -> None:
    spec, module = engine.POLICIES[name], importlib.import_module(f"engine.policies.{name}")
    assert (module.__doc__ or "").count(">>> ") >= 1
    for sentence in (spec.plain, spec.source, spec.in_words, spec.when, (module.__doc__ or "").splitlines()[0]):
        assert sentence.endswith(".")
    assert spec.formula.count("{") == spec.formula.count("}")
    assert spec.shown_in in PRESETS


@pytest.mark.parametrize("part", ["plain", "source", "formula", "in_words", "when", "shown_in"])
def test_a_policy_that_does_not_say_what_it_does_is_refused(part: str) -> None:
    silent: Any = {part: ""}
    with pytest.raises(TypeError, match=f"policy thompson: {part} must"):
        replace(engine.POLICIES["thompson"], **silent)


@every_policy
def test_defaults_are_within_their_own_bounds(name: str) -> None:
    parameters = engine.POLICIES[name].parameters
    plain = parameters.model_validate({"name": name}).model_dump()
    assert parameters.model_validate(plain).model_dump() == plain
    for knob in knobs(parameters).values():
        if knob.kind in ("integer", "number"):
            assert knob.high is not None
            assert (knob.low if knob.low is not None else knob.above) is not None
            assert knob.default <= knob.high


@every_policy
@given(K=st.integers(2, 64), mask=st.integers(1), history=histories, key=st.integers(0, 2**64 - 1))
def test_never_sends_a_line_that_may_not_be_sent(
    name: str, K: int, mask: int, history: list[tuple[int, bool]], key: int
) -> None:
    eligible = (mask % (2**K - 1)) + 1
    player = taught(name, K, history)
    player.state[BEST_NOW] = eligible.bit_length() - 1
    for t in range(len(history), len(history) + 5):
        arm = player.choose(t, eligible, (key + t) % 2**64)
        assert eligible >> arm & 1


@every_learner
@given(K=st.integers(2, 8), history=histories, key=st.integers(0, 2**64 - 1), best=st.integers(0, 7))
def test_only_the_oracle_knows_the_best_line(
    name: str, K: int, history: list[tuple[int, bool]], key: int, best: int
) -> None:
    honest, told = taught(name, K, history), taught(name, K, history)
    told.state[BEST_NOW] = best % K
    assert honest.choose(len(history), key=key) == told.choose(len(history), key=key)


@every_policy
@given(history=histories)
def test_an_answer_may_come_late(name: str, history: list[tuple[int, bool]]) -> None:
    at_once, late = Player(name, 5), Player(name, 5)
    for sent, (arm, answer) in enumerate(history):
        at_once.learn(sent, arm % 5, 1, answer)
        late.learn(sent, arm % 5, 1, 0)
        if answer:
            late.learn(sent, arm % 5, 0, 1, t=sent + 1)
    np.testing.assert_allclose(late.state, at_once.state, rtol=1e-12)


@every_learner
@pytest.mark.parametrize("eligible", [0b11111, 0b10110, 0b01000], ids=["all", "some", "one"])
def test_knows_no_favourite_before_the_first_send(name: str, eligible: int) -> None:
    """Chi-square over the lines that may be sent."""
    counts = np.bincount(Player(name, 5).choices_afresh(40_000, eligible=eligible), minlength=5)
    may = np.array([eligible >> arm & 1 for arm in range(5)], bool)
    assert counts[~may].sum() == 0
    assert may.sum() == 1 or stats.chisquare(counts[may]).pvalue > RARE


@every_learner
def test_equal_lines_are_treated_alike(name: str) -> None:
    """Mean sends of four equal lines differ from a quarter by chance alone: z-tests, four in all."""
    counts = simulate(scenario(name, rates=(0.3, 0.3, 0.3, 0.3), sends=203, replications=4_000)).sends[0, :, -1]
    error = counts.std(axis=0) / np.sqrt(len(counts))
    assert (np.abs(counts.mean(axis=0) - 203 / 4) < stats.norm.isf(RARE / 8) * error).all()


@every_learner
def test_the_order_of_lines_does_not_matter(name: str) -> None:
    """Turning the list of lines round turns the mean sends round: two-sample z-tests, three in all."""
    forth, back = (
        simulate(scenario(name, rates=rates, sends=301, replications=4_000, seed=seed)).sends[0, :, -1]
        for rates, seed in (((0.1, 0.2, 0.4), 1), ((0.4, 0.2, 0.1), 2))
    )
    back = back[:, ::-1]
    error = np.sqrt((forth.var(axis=0) + back.var(axis=0)) / len(forth)) + 1e-12
    assert (np.abs(forth.mean(axis=0) - back.mean(axis=0)) < stats.norm.isf(RARE / 6) * error).all()


@every_policy
def test_the_same_seed_gives_the_same_campaign(name: str) -> None:
    asked = scenario(name, sends=400, replications=3)
    assert simulate(asked).digest() == simulate(asked).digest()


@every_policy
def test_another_seed_gives_another_campaign(name: str) -> None:
    asked = scenario(name, sends=400, replications=3)
    assert simulate(asked).digest() != simulate(asked.with_changes(seed=8)).digest()


@every_policy
@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_lines_that_never_or_always_convert_are_no_trouble(name: str, rate: float) -> None:
    result = simulate(scenario(name, rates=(rate,) * 64, sends=500, replications=3))
    assert (result.conversions == rate * result.sends).all()
    assert (result.regret == 0).all()


@every_policy
def test_a_single_send_is_a_campaign(name: str) -> None:
    assert simulate(scenario(name, sends=1, replications=5)).sends.sum() == 5


@every_policy
def test_parameters_stay_in_the_header(name: str) -> None:
    """The kernel's own slot is left alone by `prepare`, and nothing there is undefined."""
    state = Player(name, 3).state
    assert len(state) >= HEADER
    assert np.isfinite(state[:HEADER]).all()
    assert state[BEST_NOW] == 0


@every_policy
@given(K=st.integers(2, 64), mask=st.integers(1), history=histories)
def test_its_chances_add_up_and_leave_it_as_it_is(
    name: str, K: int, mask: int, history: list[tuple[int, bool]]
) -> None:
    eligible = (mask % (2**K - 1)) + 1
    player = taught(name, K, history, sends=100)
    player.state[BEST_NOW] = eligible.bit_length() - 1
    before = player.state.copy()
    chances = player.chances(len(history), eligible)
    np.testing.assert_array_equal(player.state, before)
    assert chances.shape == (K,)
    assert chances.dtype == np.float64
    assert chances.sum() == pytest.approx(1, abs=1e-12)
    assert (chances >= 0).all()
    assert not any(chances[arm] for arm in range(K) if not eligible >> arm & 1)


def random_history(K: int, sends: int, seed: int) -> list[tuple[int, bool]]:
    """Sends of any lines, whose rates are so close that few policies are sure of anything."""
    random = np.random.default_rng(seed)
    arms = random.integers(0, K, sends)
    return list(zip(arms.tolist(), (random.random(sends) < 0.3 + 0.2 * arms / K).tolist(), strict=True))


def check_chances(player: Player, t: int, eligible: int) -> None:
    """Chi-square of what it sends for many keys against the chances that it tells; what has none is never sent.

    Nothing was dealt yet, so that the next of an even split has the chances that hold over all deals.
    """
    player.state[BEST_NOW] = eligible.bit_length() - 1
    times = 40_000
    expected = player.chances(t, eligible) * times
    found = np.bincount(player.choices_afresh(times, t, eligible), minlength=player.K)
    assert found[expected == 0].sum() == 0
    often = expected >= 5
    found, expected = np.append(found[often], found[~often].sum()), np.append(expected[often], expected[~often].sum())
    if expected[-1] < 5:  # too few for a cell of their own
        assert found[-1] <= stats.poisson.isf(RARE, expected[-1])
        found[-2] += found[-1]
        expected[-2] += expected[-1]
        found, expected = found[:-1], expected[:-1]
    assert len(found) == 1 or stats.chisquare(found, expected).pvalue > RARE


@every_policy
@pytest.mark.parametrize(
    ("K", "sends", "eligible"),
    [(2, 0, 0b11), (2, 9, 0b11), (5, 12, 0b11111), (5, 40, 0b11011), (5, 70, 0b00100), (9, 200, 0b101111011)],
)
def test_sends_each_line_with_the_chance_that_it_tells(name: str, K: int, sends: int, eligible: int) -> None:
    """In a campaign of 60 sends: tests are over after the first, windows have moved on."""
    player = taught(name, K, random_history(K, sends, seed=sends), sends=60)
    check_chances(player, sends, eligible)


def parameters_at_their_ends() -> list[dict[str, Any]]:
    """Every policy with every numeric parameter at its lowest and at its highest value."""
    out: list[dict[str, Any]] = []
    for name, spec in engine.POLICIES.items():
        for knob in knobs(spec.parameters).values():
            if knob.kind in ("integer", "number") and not knob.needs:
                low = knob.low if knob.low is not None else 1e-300
                out += [{"name": name, knob.name: low}, {"name": name, knob.name: knob.high}]
    return out


@pytest.mark.parametrize("policy", parameters_at_their_ends(), ids=str)
def test_extreme_settings_end_in_possible_numbers(policy: dict[str, Any]) -> None:
    result = simulate(scenario(policy, rates=(0.0, 1e-9, 0.5, 1.0), sends=300, replications=2))
    assert (result.sends[0].sum(axis=-1) == result.checkpoints).all()
    assert np.isfinite(result.regret).all()


@pytest.mark.parametrize("policy", parameters_at_their_ends(), ids=str)
@pytest.mark.parametrize("sends", [0, 25])
def test_extreme_settings_have_the_chances_that_they_tell(policy: dict[str, Any], sends: int) -> None:
    settings = {knob: value for knob, value in policy.items() if knob != "name"}
    player = taught(policy["name"], 4, random_history(4, sends, seed=3), **{"sends": 60, **settings})
    check_chances(player, sends, 0b1101)
