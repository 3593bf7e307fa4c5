"""The guide's callbacks without a browser, and what the page costs others."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import dash_bootstrap_components as dbc
import pytest
from dash.exceptions import PreventUpdate

from components import wording_guide as words
from components.guide.checklist import CHECKLIST, total
from components.pages import PAGES, guide
from components.pages.guide import callbacks, checklist
from components.pages.guide.layout import SCRIPT, STYLE
from tests.components.results import text_of, walk

ASSETS = Path(__file__).parents[3] / "assets"
FIRST = checklist.key(CHECKLIST[0].items[0])
TICKED = [[FIRST], *[[] for _ in CHECKLIST[1:]]]


def test_the_guide_stands_last_in_the_bar() -> None:
    assert (PAGES[-1].path, PAGES[-1].nav) == ("/guide", "Guide")


def test_every_item_can_be_ticked_and_ticks_stay_in_the_browser() -> None:
    boxes = [part for part in walk(guide.layout()) if isinstance(part, dbc.Checklist)]
    values = [option["value"] for box in boxes for option in box.options]
    assert len(values) == len(set(values)) == total()
    assert {(box.persistence, box.persistence_type) for box in boxes} == {(True, "local")}


def test_the_markdown_file_says_what_is_ticked() -> None:
    file = callbacks.markdown(1, TICKED)
    assert file["filename"] == "deployment-checklist.md"
    lines = file["content"].splitlines()
    assert [line for line in lines if line.startswith("- [x]")] == [
        f"- [x] **{CHECKLIST[0].items[0].title}.** {CHECKLIST[0].items[0].text}"
    ]
    assert sum(line.startswith("- [ ]") for line in lines) == total() - 1
    assert [line for line in lines if line.startswith("## ")] == [f"## {part.title}" for part in CHECKLIST]


def test_the_csv_file_says_what_is_ticked() -> None:
    rows = list(csv.reader(io.StringIO(callbacks.table(1, TICKED)["content"])))
    assert rows[0] == [words.PART_HEAD, words.ITEM_HEAD, words.MEANS_HEAD, words.DONE_HEAD]
    assert len(rows) == 1 + total()
    assert [row[3] for row in rows[1:]] == ["yes", *["no"] * (total() - 1)]


@pytest.mark.parametrize("ticked", [[["gone-since"], [3], None], [], [[FIRST]] * 50])
def test_ticks_that_nobody_can_have_made_do_no_harm(ticked: Any) -> None:
    assert callbacks.markdown(1, ticked)["content"].count("- [") == total()


@pytest.mark.parametrize(("clicks", "ticked"), [(None, TICKED), (0, TICKED), (1, None), (1, "all")])
def test_nothing_is_given_before_somebody_asks(clicks: int | None, ticked: Any) -> None:
    with pytest.raises(PreventUpdate):
        callbacks.table(clicks, ticked)


def test_what_only_the_guide_needs_is_not_in_what_every_page_loads() -> None:
    assert (ASSETS / SCRIPT).exists()
    assert (ASSETS / STYLE).exists()
    own = set(re.findall(r"\.guide-[\w-]+", (ASSETS / STYLE).read_text(encoding="utf-8")))
    everywhere = " ".join(path.read_text(encoding="utf-8") for path in (ASSETS / "css").glob("*.css"))
    assert len(own) > 20
    assert [name for name in own if name in everywhere] == []


def test_every_class_that_the_guide_styles_is_used() -> None:
    used = {name for part in walk(guide.layout()) for name in str(getattr(part, "className", "")).split()}
    used |= {name for part in walk(guide.layout()) for name in str(getattr(part, "class_name", "")).split()}
    used |= {name for part in walk(guide.layout()) for name in str(getattr(part, "label_class_name", "")).split()}
    styled = set(re.findall(r"\.((?:guide|loop|formula)[\w-]*)", (ASSETS / STYLE).read_text(encoding="utf-8")))
    assert styled - used == set()


def test_the_count_is_told_before_the_browser_has_counted() -> None:
    assert words.done_of(0, total()) in text_of(guide.layout())
