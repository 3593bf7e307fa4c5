import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import wording, wording_replay
from components.wording import Contender, Gain
from engine.presets import PRESETS

AB = Contender("A/B split", 0, is_even_split=True)
GREEDY = Contender("ε-greedy", 1)
ORACLE = Contender("Oracle", 1, is_oracle=True)
CLEAR_GAIN = Gain(1216, 923, 1373, 1204, 1228, 400, 0, 0)
CLEAR_LOSS = Gain(-200, -270, -140, -210, -190, 0, 0, 400)
OPEN = Gain(4, -41, 48, -2, 10, 210, 10, 180)
LEANING = Gain(44, -41, 128, 38, 50, 321, 9, 70)
LEVEL = Gain(0, 0, 0, 0, 0, 0, 400, 0)

NUMBERS = st.floats(-1e9, 1e9)
GAINS = st.builds(
    Gain,
    NUMBERS,
    NUMBERS,
    NUMBERS,
    NUMBERS,
    NUMBERS,
    st.integers(0, 400),
    st.integers(0, 400),
    st.integers(0, 400),
)
CONTENDERS = st.builds(Contender, st.text(min_size=1), st.integers(0, 3), st.booleans(), st.booleans())
LUCKS = st.sampled_from(("very lucky", "lucky", "ordinary", "unlucky", "very unlucky"))


def sentence(gain: Gain | None, extra: int = 1266, challenger: Contender = GREEDY) -> str:
    return wording.plain(wording.verdict(challenger, AB, 10_000, extra, gain))


def deck(gain: Gain, extra: int = 1266, luck: wording.Luck = "ordinary") -> str:
    return wording.plain(wording.verdict_deck(GREEDY, AB, 10_000, extra, luck, gain))


def test_the_verdict_is_the_shown_run_in_one_sentence() -> None:
    expected = (
        "Had you used ε-greedy instead of an even split, "
        "the same 10,000 recipients would have converted 1,266 more times."
    )
    assert sentence(CLEAR_GAIN) == expected
    assert sentence(None) == expected


def test_a_loss_says_fewer_and_stays_with_the_baseline() -> None:
    assert sentence(CLEAR_LOSS, -41).endswith("would have converted 41 fewer times.")
    assert deck(CLEAR_LOSS, -41).endswith("ε-greedy loses all 400. Stay with A/B.")


def test_the_oracle_is_said_in_plain_words() -> None:
    assert sentence(CLEAR_GAIN, challenger=ORACLE).startswith("Had you always sent the best line instead of")


def test_an_open_verdict_says_what_to_do_and_takes_no_hue() -> None:
    words = wording.verdict(GREEDY, AB, 10_000, 44, OPEN)
    assert words == ["Too close to call. Stay with A/B or send more."]
    assert "90% of them range over −41 to +48, which includes zero" in deck(OPEN, 44)
    assert "confidence" not in deck(OPEN, 44)


def test_the_spread_of_campaigns_and_the_interval_of_the_average_are_told_apart() -> None:
    text = deck(LEANING, 44)
    assert "90% of them range over −41 to +128" in text
    assert "The average itself is surer: its 90% confidence interval is +38 to +50." in text
    assert "interval" not in deck(CLEAR_GAIN)


def test_the_deck_says_whether_the_run_was_typical() -> None:
    assert deck(CLEAR_GAIN) == (
        "That is typical: over 400 repeat campaigns the gain averages +1,216 (90% of them: +923 to +1,373), "
        "and ε-greedy wins all 400."
    )
    assert deck(CLEAR_GAIN, luck="lucky").startswith("That is luckier than usual")


def test_level_campaigns_are_no_difference() -> None:
    assert sentence(LEVEL, 0) == "No difference: ε-greedy converted exactly as often as an even split."
    assert deck(LEVEL, 0) == "All 400 repeat campaigns ended level."


def test_a_baseline_that_learns_is_named() -> None:
    learned = Contender("Thompson sampling", 0)
    text = wording.plain(wording.verdict(GREEDY, learned, 100, 1, None))
    assert text.startswith("Had you used ε-greedy instead of Thompson sampling, the same 100 recipients")
    assert text.endswith("1 more time.")
    assert wording.luck_axis(learned) == "extra conversions over Thompson sampling"


@given(
    CONTENDERS,
    CONTENDERS,
    st.integers(1, 10**6),
    st.integers(-(10**6), 10**6),
    LUCKS,
    st.one_of(st.none(), GAINS),
)
def test_no_numbers_break_a_sentence(
    challenger: Contender, baseline: Contender, sends: int, extra: int, luck: wording.Luck, gain: Gain | None
) -> None:
    parts = wording.verdict(challenger, baseline, sends, extra, gain)
    if gain is not None:
        parts += [" ", *wording.verdict_deck(challenger, baseline, sends, extra, luck, gain)]
    words = wording.plain(parts)
    ours = words.replace(challenger.label, "").replace(baseline.label, "")
    assert words.endswith(".")
    assert "nan" not in ours
    assert not any(f"-{digit}" in ours for digit in "0123456789"), "a minus is a true minus"


@given(st.floats(0, 1), st.floats(0, 1))
def test_luck_is_symmetric(beaten: float, tied: float) -> None:
    mirror = {"very lucky": "very unlucky", "lucky": "unlucky", "ordinary": "ordinary"}
    mirror |= {bad: good for good, bad in mirror.items()}
    tied = min(tied, 1 - beaten)
    place = min(max(0.5, beaten), beaten + tied)
    if all(abs(place - edge) > 1e-9 for edge in (0.05, 0.2, 0.8, 0.95)):
        assert wording.luck_of(1 - beaten - tied, tied) == mirror[wording.luck_of(beaten, tied)]


@pytest.mark.parametrize(
    ("campaigns", "text"),
    [
        (400, "One dot is four of them."),
        (100, "One dot is one of them."),
        (20, "Five dots are one of them."),
        (37, "One dot is 1% of them."),
    ],
)
def test_the_luck_deck_says_what_a_dot_is(campaigns: int, text: str) -> None:
    assert wording.luck_deck(0.55, campaigns) == f"It beat 55% of {campaigns} repeat campaigns. {text}"


def test_traffic_titles_say_what_was_found() -> None:
    assert wording.traffic_title("ε-greedy", ["C"], 1034, None) == "ε-greedy found line C after about 1,000 sends"
    assert wording.traffic_title("Oracle", ["C"], 0, "C") == "Oracle sent nearly all to line C from the start"
    within = wording.traffic_title("UCB1", ["C"], 0, "C", within=500)
    assert within == "UCB1 found line C within the first 500 sends"
    assert wording.traffic_title("ε-greedy", ["A", "C"], None, None) == "ε-greedy never settled on one line"
    assert wording.traffic_title("UCB1", ["A", "C"], None, "B").endswith("missed the best lines, A and C")


def test_a_large_link_says_how_much_it_asks_for() -> None:
    notice = wording.large_link(policies=4, sends=1_000_000, seconds=30.4)
    assert notice.title == "This link asks for 4 million sends."
    assert "about 30 seconds of work" in notice.text
    assert notice.actions[0] == "Run 1,000,000 sends"


def test_a_small_average_has_a_decimal() -> None:
    small = Gain(0.4, -2, 3, 0.3, 0.5, 178, 104, 118)
    assert "the difference averages +0.4, but 90% of them range over −2 to +3" in deck(small)
    assert "its 90% confidence interval is +0.3 to +0.5." in deck(small)


def test_an_open_verdict_says_how_this_run_went() -> None:
    assert deck(OPEN, 44).startswith(
        "These 10,000 recipients would have converted 44 more times with ε-greedy than with"
    )
    assert "just as often with ε-greedy as with an even split." in deck(OPEN, 0)


def test_a_preset_that_means_something_else_by_its_words_is_noted() -> None:
    assert set(wording.PRESET_NOTES) <= set(PRESETS)


def test_a_bad_link_is_told_in_whole_sentences() -> None:
    assert wording.bad_link("link: got nothing; a token.").text.startswith("Got nothing; a token. The page")


def test_nothing_shouts() -> None:
    constants = [
        value
        for module in (wording, wording_replay)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str)
    ]
    assert wording_replay.KEYS_HINT in constants
    assert not [text for text in constants if "!" in text or " -" in text]
