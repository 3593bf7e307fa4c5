from dash import html

from components.cards.verdict import luck_card, verdict
from tests.components.results import PAIR, having_class, make_luck, make_race, text_of, walk

THREE = ("ab_split", "epsilon_greedy", "thompson")


def test_the_name_and_the_number_wear_the_policys_hue() -> None:
    card = verdict(make_race(), make_luck())
    coloured = having_class(card, "hue-1")
    name, number = map(text_of, coloured)
    assert name == "ε-greedy"
    assert number == "1,143 more times."


def test_the_sentence_is_the_pages_heading() -> None:
    headings = [part for part in walk(verdict(make_race(), None)) if isinstance(part, html.H1)]
    assert len(headings) == 1


def test_before_the_campaigns_are_known_the_run_is_told_and_the_check_announced() -> None:
    card = verdict(make_race(), None, replications=400)
    assert "more times." in text_of(card)
    assert text_of(card).endswith("Checking how typical that is: simulating 400 repeat campaigns.")


def test_an_undecided_verdict_takes_no_hue() -> None:
    spread = [-50.0 + place for place in range(100)]
    card = verdict(make_race(), make_luck(percentiles=spread, shown=44))
    assert text_of(card).startswith("Too close to call. Stay with A/B or send more.")
    assert not having_class(card, "hued")


def test_lines_that_convert_alike_leave_nothing_to_find() -> None:
    spread = [-50.0 + place for place in range(100)]
    card = verdict(make_race(rates=(0.1, 0.1, 0.1)), make_luck(percentiles=spread, shown=44))
    assert text_of(card).startswith("Nothing to find: all three lines convert alike, so no policy can gain.")


def test_nobody_is_told_to_stay_where_another_policy_gains() -> None:
    luck = make_luck(THREE, percentiles=[-300.0 + place for place in range(100)], shown=-250)
    alone = text_of(verdict(make_race(THREE), luck))
    luck["policies"][2] |= {"extra_mean": 978.0, "extra_mean_low": 970.0, "extra_mean_high": 986.0}
    told = text_of(verdict(make_race(THREE), luck))
    assert "Stay with A/B." in alone
    assert "Stay with A/B." not in told
    assert told.endswith("Thompson sampling did better: +978 on average.")


def test_a_surely_better_policy_is_mentioned_and_a_near_one_is_not() -> None:
    luck = make_luck(THREE)
    near = text_of(verdict(make_race(THREE), luck))
    luck["policies"][2] |= {"extra_mean": 1352.0, "extra_mean_low": 1340.0, "extra_mean_high": 1364.0}
    better = text_of(verdict(make_race(THREE), luck))
    assert "did better" not in near
    assert better.endswith("Thompson sampling did better still: +1,352 on average.")


def test_the_ceiling_is_never_recommended() -> None:
    policies = (*PAIR, "oracle")
    luck = make_luck(policies)
    luck["policies"][2] |= {"extra_mean": 9999.0, "extra_mean_low": 9990.0, "extra_mean_high": 10009.0}
    assert "did better" not in text_of(verdict(make_race(policies), luck))


def test_the_luck_card_names_the_luck_and_holds_the_chart() -> None:
    chart = html.Div("chart")
    lucky = luck_card(make_luck(shown=2000.0), 1, chart)
    assert text_of(lucky).startswith("How lucky was this run? Very luckyIt beat 100% of 400")
    assert chart in list(walk(lucky))
    assert text_of(luck_card(None, 1, chart, 20)).startswith("How lucky was this run?Simulating 20")


def test_ending_like_all_campaigns_is_ordinary() -> None:
    card = luck_card(make_luck(percentiles=[0.0] * 100, shown=0.0), 1, html.Div())
    assert "Ordinary" in text_of(card)
    assert "tied with all 400" in text_of(card)
