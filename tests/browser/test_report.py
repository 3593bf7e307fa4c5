"""What a visitor takes away of Compare: by keyboard, into a file that opens without a network and says what the page said."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from components.address import query_of
from engine import Scenario
from tests.browser.conftest import ExpectAccessible, expect_no_violations
from tests.browser.steps import PATIENCE_MS
from tests.components.report.test_document import MOST_BYTES

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]

SCENARIO = Scenario.from_dict(
    {
        "arms": [{"name": "Plain", "rate": 0.1}, {"name": "Question?", "rate": 0.2}, {"name": "Personal", "rate": 0.4}],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}, {"name": "epsilon_greedy"}],
        "sends": 1_000,
        "replications": 100,
    }
)
PNG = b"\x89PNG\r\n\x1a\n"


def one_line(place: Locator) -> str:
    return " ".join(place.inner_text().split())


def cells(page: Page) -> list[list[str]]:
    """The leaderboard, cell by cell."""
    return [
        [" ".join(text.split()) for text in row.locator("td:not(.whisker-cell)").all_inner_texts()]
        for row in page.locator(".leaderboard tbody tr").all()
    ]


def taken(page: Page, kind: str, folder: Path) -> Path:
    """Press an entry of the menu, and return the file that comes."""
    with page.expect_download() as download:
        page.locator(f".report-{kind}").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    expect(page.locator(".report-status")).to_have_text(f"Saved as {path.name}.")
    return path


def expect_words_to_paste(page: Page) -> None:
    """The verdict in a few sentences, to be copied."""
    page.locator(".report-txt").click()
    pasted = page.get_by_label("The result in a few sentences")
    expect(pasted).to_be_focused()
    assert pasted.input_value().splitlines()[0] == one_line(page.locator("#recommendation h1"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".report-copy").click()
    expect(page.locator(".report-copy")).to_have_text("Copied")


def test_a_report_of_compare_opens_without_a_network_and_says_the_same(
    page: Page, browser: Browser, tmp_path: Path, expect_accessible: ExpectAccessible
) -> None:
    page.goto(f"/compare{query_of(SCENARIO)}")
    expect(page.locator("#strips-heading h2")).to_contain_text("leads", timeout=PATIENCE_MS)

    button, menu = page.get_by_role("button", name="Report", exact=True), page.get_by_role("group", name="Report")
    button.press("Enter")
    first = menu.get_by_role("button", name="Report (HTML)")
    expect(first).to_be_focused()
    first.press("ArrowUp")
    expect(menu.get_by_role("button", name="Text to paste")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    button.press("Enter")
    expect_accessible("dark")

    button.click()
    file = taken(page, "html", tmp_path)
    assert file.stat().st_size < MOST_BYTES
    verdict, board = one_line(page.locator("#recommendation")), cells(page)
    shown = page.locator(".js-plotly-plot:visible").count()
    with zipfile.ZipFile(io.BytesIO(taken(page, "png", tmp_path).read_bytes())) as pictures:
        assert pictures.testzip() is None
        assert "compare-extra-spread.png" in pictures.namelist()
        assert len(pictures.namelist()) == shown
        for name in pictures.namelist():
            picture = pictures.read(name)
            assert picture.startswith(PNG)
            assert min(struct.unpack(">II", picture[16:24])) > 100
    expect_words_to_paste(page)

    context = browser.new_context(offline=True)
    report = context.new_page()
    noise: list[str] = []
    report.on("console", lambda message: noise.append(message.text))
    report.on("pageerror", lambda error: noise.append(str(error)))
    report.on("request", lambda request: noise.append(request.url) if request.url != file.as_uri() else None)
    report.goto(file.as_uri())
    plots = report.locator("[data-chart]")
    assert plots.count() == shown
    for plot in plots.all():
        expect(plot.locator(".main-svg").first).to_be_visible()
        assert plot.locator("path.js-line, path.js-fill, .point path, .errorbar path, path.point").count() > 0
    assert one_line(report.locator(".report-verdict")) == verdict
    assert cells(report) == board
    expect(report.get_by_role("link")).to_have_attribute("href", page.url)
    expect_no_violations(report, "light")
    report.emulate_media(media="print")
    assert report.evaluate("document.documentElement.scrollWidth") <= 1280
    assert noise == []
    context.close()
