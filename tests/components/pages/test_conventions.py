"""The same page and the same result for three visitors at once, each with the signs that they are used to."""

import io
import zipfile
from typing import Any

import orjson
import pytest

from app import create_app
from components import locales
from components.controls.draft import draft_of
from components.conventions import following
from components.pages.time_machine import answers
from components.pages.time_machine.callbacks import check, show
from engine.presets import PRESETS
from tests.components.results import text_of

SCENARIO = PRESETS["classic"].scenario.with_changes(
    sends=4_000, money={"order_value": 30.0, "send_cost": 0.01}, goal="net_value"
)
ASKED = {"scenario": draft_of(SCENARIO), "pressed": True}
THIN = "\N{NARROW NO-BREAK SPACE}"
VISITORS = {
    "en": ("4,000", "€{}", ".,"),
    "de": ("4.000", "{}\xa0€", ",."),
    "fr": (f"4{THIN}000", "{}\xa0€", f",{THIN}"),
}
TODAY = {"en": "November 28, 2026", "de": "28. November 2026", "fr": "28 novembre 2026"}
CLIENT = create_app().server.test_client()


def shown(language: str) -> dict[str, Any]:
    with following(locales.conventions(language, "EUR")):
        return show(ASKED, None)


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """Everything is in the cache, put there for somebody who writes otherwise than any visitor here."""
    with following(locales.conventions("de-CH", "CHF")):
        first = show(ASKED, None)
        if not first["shown"]["checked"]:
            check(first["shown"])


@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_a_result_from_the_cache_has_each_visitors_signs(language: str) -> None:
    sends, frame, separators = VISITORS[language]
    written = locales.conventions(language).signs
    page = shown(language)
    race = page["race"]
    gained = race["policies"][1]["gained"][-1]
    assert page["shown"]["checked"]
    assert sends in text_of(page["hero"])
    assert frame.format(written(f"{gained:,.0f}")) in text_of(page["kpi"])
    table = text_of(page["table"])
    assert sends in table
    assert (
        written(f"{100 * sum(race['policies'][0]['conversions'][len(race['at']) - 1 :: len(race['at'])]) / 4_000:.1f}")
        in table
    )
    figures = page["figures"]
    assert {figure["layout"]["separators"] for figure in figures.values()} == {separators}
    assert figures["conversions"]["layout"]["xaxis"]["ticktext"][-1] == f"{sends} sends"
    assert frame.format("%{y:,.0f}") in {trace.get("hovertemplate") for trace in figures["conversions"]["data"]}
    others = {other for other, _, _ in VISITORS.values()} - {sends}
    texts = orjson.dumps(figures).decode() + "".join(text_of(page[part]) for part in ("hero", "luck", "kpi", "table"))
    assert not [other for other in others if other in texts]


@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_what_is_taken_away_has_the_signs_of_who_takes_it_and_files_for_programs_have_points(language: str) -> None:
    sends, _, _ = VISITORS[language]
    body = {"today": "2026-11-28", "stores": {"shown": shown(language)["shown"]}}
    headers = {"Accept-Language": language}
    CLIENT.set_cookie("btm-currency", "EUR")
    report = CLIENT.post("/report/time-machine.html", json=body, headers=headers)
    assert report.status_code == 200
    assert sends in report.text
    assert TODAY[language] in report.text
    assert sends in CLIENT.post("/report/time-machine.txt", json=body, headers=headers).text


def test_tables_for_programs_are_the_same_for_all() -> None:
    found = []
    for language in VISITORS:
        body = {"today": "2026-11-28", "stores": {"shown": shown(language)["shown"]}}
        packed = CLIENT.post("/report/time-machine.zip", json=body, headers={"Accept-Language": language}).data
        with zipfile.ZipFile(io.BytesIO(packed)) as files:
            found.append({name: files.read(name).decode() for name in files.namelist() if name != "report.csv"})
    assert found[0] == found[1] == found[2]
    assert "48.70%" in found[0]["lines.csv"]


@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_the_page_tells_its_scripts_the_signs(language: str) -> None:
    page = CLIENT.get("/", headers={"Accept-Language": language})
    separators = VISITORS[language][2]
    told = page.text.partition('data-numbers="')[2].partition('"')[0].replace("&quot;", '"')
    signs = orjson.loads(told)
    assert (signs["decimal"] + signs["group"], signs["language"]) == (separators, language)
    assert {"Accept-Language", "Cookie"} <= set(page.vary)


def test_a_digest_and_a_kept_answer_are_the_same_for_all() -> None:
    runs = [shown(language) for language in VISITORS]
    assert len({orjson.dumps(one["race"]) for one in runs}) == 1
    assert len({one["shown"]["scenario"]["seed"] for one in runs}) == 1
    assert answers.are_repeats_known(SCENARIO)
