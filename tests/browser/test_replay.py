"""The replay stage in a browser: one position, and everything that follows it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from components.address import query_of
from engine.race import race
from tests.browser.steps import FOUR, PHONE, expect_no_sideways_scroll, open_page, until

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]

DRAWN = "#conversions-graph .scatterlayer .trace"
GRAPHS = ("conversions-graph", "regret-graph", "reward-dynamics-graph")

# What each trace covers, in pixels from the chart's corner: as it stands on the page, and as Plotly draws the same figure.
COVERED = """async (id) => {
    const plot = btm.plot(id);
    const { offsetWidth: width, offsetHeight: height, data, layout } = plot;
    const picture = document.createElement('div');
    picture.innerHTML = await Plotly.toImage({ data, layout }, { format: 'svg', imageDataOnly: true, width, height });
    document.body.append(picture);
    const covered = (root) => {
        const corner = root.querySelector('svg').getBoundingClientRect();
        return [...root.querySelectorAll('.scatterlayer > .trace')].map((trace) => {
            const box = trace.getBoundingClientRect();
            return [box.left - corner.left, box.top - corner.top, box.right - corner.left, box.bottom - corner.top];
        });
    };
    const both = [covered(plot), covered(picture)];
    picture.remove();
    return both;
}"""
NEXT_FRAMES = "() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))"


@pytest.fixture
def stage(page: Page) -> Iterator[Page]:
    """The stage at the end of the campaign, where it stands when the page opens."""
    open_page(page)
    page.wait_for_selector(DRAWN, state="attached")
    page.locator("#race-stage").scroll_into_view_if_needed()
    yield page
    if replay(page, "playing"):
        page.locator("#replay-play").click()
    page.locator("#replay-end").click()
    page.locator("#replay-speed button", has_text=re.compile("^1×$")).click()


def replay(page: Page, name: str) -> Any:
    return page.evaluate(f"window.btm.replay.{name}")


def scrub_to(page: Page, value: int) -> None:
    page.locator("#replay-scrub input").evaluate(
        "(node, value) => { node.value = value; node.dispatchEvent(new Event('input', { bubbles: true })); }",
        str(value),
    )


def count(page: Page) -> int:
    return int(page.locator("#replay-count").inner_text().replace(",", ""))


@pytest.mark.shared_page
def test_page_opens_at_the_end_and_does_not_play_by_itself(stage: Page) -> None:
    assert replay(stage, "position") == replay(stage, "frames") - 1
    assert replay(stage, "playing") is False
    assert count(stage) == replay(stage, "sends")


def press(page: Page, name: str) -> None:
    """Press the round button, which must say this name."""
    expect(page.locator("#replay-play")).to_have_attribute("aria-label", name)
    page.locator("#replay-play").click()


def run_to_the_end(page: Page) -> None:
    """Play at the highest speed until it stops by itself."""
    page.locator("#replay-speed button", has_text="16").click()
    press(page, "Play")
    expect(page.locator("#replay-play")).to_have_attribute("aria-label", "Play")
    assert replay(page, "position") == replay(page, "frames") - 1


@pytest.mark.shared_page
def test_play_starts_anew_at_the_end_and_pause_holds(stage: Page) -> None:
    press(stage, "Play")
    assert until(stage, "btm.replay.position > 0 && btm.replay.position < btm.replay.frames - 1")
    press(stage, "Pause")
    held = replay(stage, "position")
    stage.evaluate(NEXT_FRAMES)
    assert replay(stage, "position") == held
    assert held == int(held)


@pytest.mark.shared_page
def test_nothing_is_asked_of_the_server_while_it_plays(stage: Page) -> None:
    asked: list[str] = []
    stage.wait_for_load_state("networkidle")

    def note(request: Request) -> None:
        # The picture of the pause button is a picture, not a question.
        if not request.url.endswith(".svg"):
            asked.append(request.url)

    stage.on("request", note)
    run_to_the_end(stage)
    press(stage, "Play")
    assert until(stage, "btm.replay.position > 3")
    press(stage, "Pause")
    assert asked == []


@pytest.mark.shared_page
def test_everything_moves_together(stage: Page) -> None:
    before = stage.locator(".bar-total").all_inner_texts()
    strip = stage.locator("#race-strip .strip-full").first.get_attribute("d")
    scrub_to(stage, replay(stage, "frames") // 2)
    assert stage.locator(".bar-total").all_inner_texts() != before
    assert stage.locator("#race-strip .strip-full").first.get_attribute("d") != strip
    sends = f"{replay(stage, 'sends'):,}"
    expect(stage.locator("#race-sentence")).to_contain_text(sends)
    expect(stage.locator("#race-strip-title")).to_contain_text(f"to {sends}")
    cursor = stage.evaluate(
        "() => { const plot = btm.plot('conversions-graph'); return plot.data[plot.layout.meta.cursor].x[0]; }"
    )
    assert cursor == replay(stage, "sends")


def expect_as_plotly_draws(page: Page, graph: str) -> None:
    moved, drawn = page.evaluate(COVERED, graph)
    assert len(moved) > 5
    for trace, (here, there) in enumerate(zip(moved, drawn, strict=True)):
        assert here == pytest.approx(there, abs=1.0), f"trace {trace} of {graph}"


def test_moved_traces_stand_where_plotly_would_draw_them(page: Page) -> None:
    open_page(page, query_of(FOUR))
    for graph in GRAPHS:
        page.locator(f"#{graph}-frame").scroll_into_view_if_needed()
        page.wait_for_selector(f"#{graph} .scatterlayer .trace", state="attached")
        for part in (0.3, 0.7, 1):
            page.evaluate(NEXT_FRAMES)
            scrub_to(page, int(part * (replay(page, "frames") - 1)))
            expect_as_plotly_draws(page, graph)


@pytest.mark.shared_page
def test_another_size_at_the_start_loses_nothing(stage: Page) -> None:
    scrub_to(stage, 0)
    plot = "btm.plot('conversions-graph')"
    width = stage.evaluate(f"{plot}.offsetWidth")
    stage.set_viewport_size({"width": 1040, "height": 900})
    followed = f"Math.abs({plot}.offsetWidth - {plot}._fullLayout.width) < 1"
    assert until(stage, f"{plot}.offsetWidth !== {width} && {followed}")
    scrub_to(stage, replay(stage, "frames") // 2)
    expect_as_plotly_draws(stage, "conversions-graph")


@pytest.mark.shared_page
def test_a_saved_picture_shows_the_position(stage: Page) -> None:
    scrub_to(stage, replay(stage, "frames") // 2)
    stage.evaluate(NEXT_FRAMES)
    _, drawn = stage.evaluate(COVERED, "conversions-graph")
    places = stage.evaluate("btm.plot('conversions-graph').layout.meta")
    cursor = drawn[places["cursor"]][0]
    for past, future in zip(places["past"], places["future"], strict=True):
        assert drawn[past][2] == pytest.approx(cursor, abs=2)
        assert drawn[future][2] > 1.5 * cursor


@pytest.mark.shared_page
def test_pointer_reads_a_moved_chart(stage: Page) -> None:
    scrub_to(stage, replay(stage, "frames") // 2)
    stage.locator("#conversions-graph .nsewdrag").hover()
    expect(stage.locator("#conversions-graph .hoverlayer")).to_contain_text(re.compile(r"[\d,]+ sends"))


@pytest.mark.shared_page
def test_shown_totals_are_the_sum_of_the_run(stage: Page) -> None:
    scrub_to(stage, 0)
    assert stage.locator(".bar-total strong").all_inner_texts() == ["0"] * stage.locator(".bar-column").count()
    stage.locator("#replay-end").click()
    ends = [int(text.replace(",", "")) for text in stage.locator(".bar-total strong").all_inner_texts()]
    lines = stage.evaluate(
        "() => { const plot = btm.plot('conversions-graph'); const meta = plot.layout.meta;"
        " return meta.future.map((index) => plot.data[index].y.at(-1)); }"
    )
    assert ends == lines


@pytest.mark.shared_page
def test_scrub_says_its_value(stage: Page) -> None:
    scrub_to(stage, 3)
    scrub = stage.get_by_role("slider", name="Position in the campaign")
    text = scrub.get_attribute("aria-valuetext") or ""
    assert re.fullmatch(rf"{count(stage):,} of [\d,]+ sends", text)


@pytest.mark.shared_page
def test_steps_and_jump_to_the_end(stage: Page) -> None:
    scrub_to(stage, 10)
    stage.locator("#replay-forward").click()
    assert replay(stage, "position") == 11
    stage.locator("#replay-back").click()
    stage.locator("#replay-back").click()
    assert replay(stage, "position") == 9
    stage.locator("#replay-end").click()
    assert replay(stage, "position") == replay(stage, "frames") - 1


@pytest.mark.shared_page
def test_keys_move_the_replay(stage: Page) -> None:
    scrub_to(stage, 20)
    for key, place in (
        ("ArrowRight", 21),
        ("ArrowLeft", 20),
        ("Shift+ArrowRight", 30),
        ("Shift+ArrowLeft", 20),
        ("Home", 0),
        ("End", replay(stage, "frames") - 1),
    ):
        stage.keyboard.press(key)
        assert replay(stage, "position") == place, key
    stage.keyboard.press("Space")
    assert replay(stage, "playing") is True
    stage.keyboard.press("Space")
    assert replay(stage, "playing") is False


@pytest.mark.shared_page
def test_focused_field_keeps_its_keys(stage: Page) -> None:
    scrub_to(stage, 20)
    stage.evaluate(
        "() => { const field = document.createElement('input'); document.body.append(field); field.focus(); }"
    )
    for key in ("Space", "ArrowLeft", "Home", "End"):
        stage.keyboard.press(key)
    assert replay(stage, "position") == 20
    assert replay(stage, "playing") is False
    stage.evaluate("() => document.activeElement.remove()")


@pytest.mark.shared_page
def test_space_on_a_button_presses_that_button_once(stage: Page) -> None:
    scrub_to(stage, 20)
    stage.locator("#replay-forward").focus()
    stage.keyboard.press("Space")
    assert replay(stage, "position") == 21
    assert replay(stage, "playing") is False


@pytest.mark.shared_page
def test_speed_is_a_choice_of_one_and_runs_to_the_end(stage: Page) -> None:
    fast = stage.locator("#replay-speed button", has_text="16")
    fast.click()
    pressed = stage.locator("#replay-speed button[aria-pressed=true]")
    expect(pressed).to_have_count(1)
    expect(pressed).to_have_text("16×")
    run_to_the_end(stage)


def test_it_stops_when_the_page_is_hidden(stage: Page) -> None:
    stage.locator("#replay-play").click()
    stage.evaluate(
        "() => { Object.defineProperty(document, 'hidden', { get: () => true });"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    assert replay(stage, "playing") is False


def test_reduced_motion_steps_frame_by_frame(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto("/")
    page.wait_for_selector("#race-stage.is-ready")
    page.wait_for_selector(DRAWN, state="attached")
    press(page, "Play")
    places = page.evaluate(
        """() => new Promise((resolve) => {
            const seen = [];
            const look = () => {
                seen.push(btm.replay.position);
                if (seen.at(-1) >= 3 || seen.length > 3600) { resolve(seen); } else { requestAnimationFrame(look); }
            };
            look();
        })"""
    )
    assert all(place == int(place) for place in places)
    assert 1 in places
    assert max(places) >= 3


@pytest.mark.shared_page
def test_theme_changes_the_colours_and_keeps_the_position(stage: Page, set_theme: Any) -> None:
    scrub_to(stage, 40)
    colour = "btm.plot('conversions-graph').data[btm.plot('conversions-graph').layout.meta.past[1]].line.color"
    set_theme("light")
    light = stage.evaluate(colour)
    set_theme("dark")
    assert until(stage, f"{colour} !== '{light}'")
    assert replay(stage, "position") == 40
    expect_as_plotly_draws(stage, "conversions-graph")


def test_phone_shows_fewer_recipients_and_large_targets(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/")
    page.wait_for_selector("#race-stage.is-ready")
    first, last = re.findall(r"[\d,]+", page.locator("#race-strip-title").inner_text())
    assert int(last.replace(",", "")) - int(first.replace(",", "")) == 24
    for name in ("play", "back", "forward", "end"):
        box = page.locator(f"#replay-{name}").bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    expect_no_sideways_scroll(page)


LATE = FOUR.with_changes(delay={"name": "log_normal", "window_hours": 24}, sends_per_hour=20)
MOVING = FOUR.with_changes(
    world={"name": "change_point", "changes": [{"arm": FOUR.arms[1].name, "at": 500, "rate": 0.9}]}
)


def test_answers_not_yet_known_move_with_the_replay(page: Page) -> None:
    open_page(page, query_of(LATE))
    queues = page.locator(".bar-queue")
    shown = race(LATE)

    def expect_queues(frame: int) -> None:
        for queue, place in zip(queues.all(), range(4), strict=True):
            policy = shown["policies"][place]
            all_of_them = sum(policy["conversions"][5 * frame : 5 * frame + 5])
            expect(queue).to_have_text(
                f"{policy['unanswered'][frame]:,} sent, answer not yet known; "
                f"{policy['known'][frame]:,} of {all_of_them:,} conversions are in"
            )

    expect(queues).to_have_count(4)
    expect_queues(300)
    for frame in (0, 120, 211):
        scrub_to(page, frame)
        expect_queues(frame)
    run_to_the_end(page)
    expect_queues(300)
    assert shown["policies"][0]["unanswered"][300] > 0


@pytest.mark.shared_page
def test_without_late_conversions_nothing_waits(stage: Page) -> None:
    expect(stage.locator(".bar-queue")).to_have_count(0)
    expect(stage.locator("#race-now")).to_be_hidden()


def test_true_rates_and_the_best_line_move_with_the_replay(page: Page) -> None:
    open_page(page, query_of(MOVING))
    page.wait_for_selector("#reward-dynamics-graph .scatterlayer .trace", state="attached")
    truth = """() => { const { data, layout } = btm.plot('reward-dynamics-graph');
        return [data[layout.meta.truth].y, data[layout.meta.labels].text]; }"""
    page.locator("#reward-dynamics-graph").scroll_into_view_if_needed()
    for frame, letter, rate in ((100, "C", "52.9%"), (300, "B", "90.0%")):
        scrub_to(page, frame)
        assert until(page, f"({truth})()[1].some((text) => text.includes('{letter} {rate} best now'))")
        expect(page.locator("#race-now")).to_contain_text(f"Best line now: {letter} ")
        expect(page.locator(".bar-column").first.locator(".is-best-now")).to_have_text(letter)
        assert page.evaluate(truth)[0][3] == pytest.approx(0.9 if letter == "B" else FOUR.rates()[0][1], abs=1e-4)
