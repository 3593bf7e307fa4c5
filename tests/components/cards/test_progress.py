import pytest

from components import wording_compare as words
from components.cards.progress import more_than, progress
from engine.jobs import State, Status
from tests.components.results import having_class, text_of, walk

HALF = Status(State.RUNNING, done=612, total=1_000, share=0.612, seconds=4.8, counted=612)


def card(status: Status, *, was_cached: bool = False, more: int | None = 2_000) -> str:
    return text_of(progress(status, 90, 6, was_cached=was_cached, more=more))


def ended(state: State, counted: int) -> Status:
    return Status(state, done=counted, total=1_000, share=counted / 1_000, seconds=4.8, counted=counted)


def test_a_run_tells_how_far_it_is_and_can_be_cancelled() -> None:
    told = card(HALF)
    assert "612 of 1,000 campaigns" in told
    assert "About 3 seconds left. Everything below already counts the 612." in told
    assert "The order of the top three has not changed since campaign 90." in told
    assert "Cancel" in told
    (bar,) = having_class(progress(HALF, 90, 6, was_cached=False, more=None), "progress-track")
    assert getattr(bar, "aria-valuenow") == "61"


def test_the_time_left_is_told_roughly() -> None:
    told = [words.progress_text(left, 612, 90, 6) for left in (0.4, 66.2, 131.0)]
    assert [text.partition(" left.")[0] for text in told] == ["About 1 second", "About 66 seconds", "About 2 minutes"]


def test_an_order_that_never_changed_has_no_campaign_of_its_last_change() -> None:
    assert "The order of the top three has never changed." in text_of(progress(HALF, 1, 6, was_cached=False, more=None))


def test_before_the_first_campaigns_nothing_is_promised() -> None:
    told = card(Status(State.RUNNING, done=0, total=1_000, share=0.0, seconds=0.1, counted=0))
    assert "Starting." in told
    assert "order" not in told


def test_a_stopped_run_says_that_it_counts_what_was_done() -> None:
    told = card(ended(State.STOPPED, 612))
    assert told.startswith("Stopped at 612 of 1,000 campaigns")
    assert "Everything below counts the campaigns that were done." in told
    assert "Run all of them" in told


@pytest.mark.parametrize(("was_cached", "source"), [(True, "From the cache."), (False, "Simulated in 4.8 s.")])
def test_a_finished_run_says_what_it_took_and_offers_more(was_cached: bool, source: str) -> None:
    told = card(ended(State.FINISHED, 1_000), was_cached=was_cached)
    assert told.startswith("1,000 campaigns")
    assert source in told
    assert "Run 2,000 campaigns" in told
    (button,) = [
        part
        for part in walk(progress(ended(State.FINISHED, 1_000), 1, 2, was_cached=False, more=2_000))
        if getattr(part, "data-press", None)
    ]
    assert (getattr(button, "data-press"), getattr(button, "data-at")) == ("set-campaigns", "2000")


def test_nothing_more_is_offered_than_is_done_at_once() -> None:
    assert "Run" not in card(ended(State.FINISHED, 1_000), more=None)


def test_more_is_the_next_round_number() -> None:
    assert [more_than(number) for number in (1, 20, 999, 100_000)] == [20, 50, 1_000, None]
