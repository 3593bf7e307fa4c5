"""Special terms: the glossary has them all and no other, texts link to it, and a link stands only where it may."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from dash import dcc, html

from components import wording_estimates
from components.cards import estimates
from components.guide.glossary import TERMS, found_in
from components.pages import PAGES
from components.terms import explained, term
from components.words import explained_spans
from engine import GUARDRAILS, POLICIES, WORLDS
from engine.catalogue import DELAYS
from engine.fields import knobs
from engine.presets import PRESETS
from engine.stresses import STRESSES
from tests.components.guide.special_words import ORDINARY_LETTERS, SPECIAL
from tests.components.results import text_of, walk

ROOT = Path(__file__).parents[3] / "components"
OWN = ROOT / "pages" / "guide"


def written(path: Path) -> Iterator[str]:
    """The texts of a module: its string constants, those of f-strings part by part, without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.value


def app_texts() -> list[str]:
    """What a visitor can read on all pages but the guide: every wording module, and what the registries say."""
    texts = [
        text for path in sorted(ROOT.glob("wording*.py")) if path.stem != "wording_guide" for text in written(path)
    ]
    for family in (POLICIES, WORLDS, GUARDRAILS, DELAYS):
        for spec in family.values():
            texts += [spec.title, spec.plain]
            texts += [part for knob in knobs(spec.parameters).values() for part in (knob.title, knob.help)]
    for preset in PRESETS.values():
        texts += [preset.title, preset.sentence, preset.explanation]
    for stress in STRESSES.values():
        texts += [stress.title, stress.when, stress.plain]
    return [text for text in texts if is_prose(text)]


def is_prose(text: str) -> bool:
    """Whether it is meant to be read, and is no key or class."""
    return " " in text or text[:1].isupper()


PLAIN: Final = (
    *(spec.title for spec in POLICIES.values()),  # named in the guide, each with its rule
    "lower bound of",
    "intervals overlap",
    "overlapping whiskers",
)
"""Where a special word stands in its plain meaning, or is a name."""


def uncovered(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Special words that texts use and no term covers, each with the text."""
    found: list[tuple[str, str]] = []
    for text in texts:
        places = [(hit.start(), hit.group()) for hit in _SPECIAL.finditer(text)]
        if not places:
            continue
        spans = [(start, end) for start, end, _ in found_in(text)] + [hit.span() for hit in _PLAIN.finditer(text)]
        found += [(word, text) for place, word in places if not any(start <= place < end for start, end in spans)]
    return found


_SPECIAL: Final = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, SPECIAL)) + ")", re.IGNORECASE)
_PLAIN: Final = re.compile("|".join(map(re.escape, PLAIN)), re.IGNORECASE)


def acronyms(texts: Iterable[str]) -> set[str]:
    """Words of two or more capitals that are neither ordinary, nor a policy's name, nor a term."""
    named = " ".join(spec.title for spec in POLICIES.values())
    found = {
        hit.group()
        for text in texts
        for hit in re.finditer(r"\b[A-Z]{2,}\b", text)
        if not any(start <= hit.start() < end for start, end, _ in found_in(text))
    }
    return {letters for letters in found if letters not in ORDINARY_LETTERS and letters not in named}


def in_brackets(texts: Iterable[str]) -> set[str]:
    """Jargon as the house writes it, after its plain word and in brackets."""
    return {hit for text in texts for hit in re.findall(r"\w \(([a-z][a-z’-]+(?: [a-z]+){0,2})\)", text)}


def guide_texts() -> list[str]:
    """What the guide itself says, without its glossary and references."""
    sections = [part for part in walk(PAGES[-1].layout()) if getattr(part, "className", "") == "guide-section"]
    return [text_of(part) for part in sections if part.id not in {"glossary", "references"}]


# The glossary and the application


def test_every_special_word_of_the_application_is_in_the_glossary() -> None:
    assert uncovered(app_texts()) == []


def test_every_special_word_of_the_guide_is_in_the_glossary() -> None:
    said = [text for path in sorted((ROOT / "guide").glob("*.py")) if path.stem not in APART for text in written(path)]
    said = [text for text in said if is_prose(text)]
    assert {word.lower() for word, _ in uncovered(said)} <= TOLD_IN_THE_GUIDE


APART: Final = {"glossary", "references"}
TOLD_IN_THE_GUIDE: Final = {"exploitation"}
"""Defined where it stands, among the three ideas."""


def test_capitals_and_words_in_brackets_are_terms() -> None:
    texts = app_texts()
    assert acronyms(texts) == set()
    assert [jargon for jargon in in_brackets(texts) if not found_in(jargon)] == []


@pytest.mark.parametrize(
    "text", ["The posterior median of a line", "Its heteroskedasticity", "The MDE of this test", "Missed (surrogacy)"]
)
def test_a_new_special_word_would_be_noticed(text: str) -> None:
    jargon = [one for one in in_brackets([text]) if not found_in(one)]
    assert uncovered([text.replace("posterior", "null hypothesis")]) or acronyms([text]) or jargon


def test_every_term_of_the_glossary_is_used() -> None:
    used = {found.slug for text in (*app_texts(), *guide_texts()) for _, _, found in found_in(text)}
    assert set(TERMS) - used == set()


def test_most_terms_are_used_on_other_pages() -> None:
    used = {found.slug for text in app_texts() for _, _, found in found_in(text)}
    assert set(TERMS) - used <= {"change-detector", "uplift", "power", "overlap"}


@pytest.mark.parametrize("slug", TERMS)
def test_a_term_is_defined_in_short_sentences(slug: str) -> None:
    one = TERMS[slug]
    assert one.short.endswith(".")
    assert one.more.endswith(".")
    assert len(one.short) <= 140, "it stands in a small card"
    assert one.forms
    assert all(form == form.lower() for form in one.forms)
    assert "!" not in one.short + one.more


def test_no_two_terms_are_written_alike() -> None:
    forms = [form for one in TERMS.values() for form in one.forms]
    assert len(forms) == len(set(forms))


# Links


def test_the_first_naming_of_each_term_is_a_link() -> None:
    parts = explained("Regret and the holdout: regret, with its 90% interval.")
    linked: list[Any] = [part for part in parts if isinstance(part, html.A)]
    assert [part.children for part in linked] == ["Regret", "holdout", "90% interval"]
    assert [str(part.href) for part in linked] == [f"/guide#term-{slug}" for slug in ("regret", "holdout", "interval")]
    assert text_of(parts) == "Regret and the holdout: regret, with its 90% interval."


@pytest.mark.parametrize("text", ["", "Nothing of that kind.", "A policy for every segment of the baseline."])
def test_a_text_without_special_terms_stays_a_text(text: str) -> None:
    assert explained(text) == text


def test_part_of_a_longer_word_is_no_term() -> None:
    assert (
        explained("They were regretful; the windows, prioritised.") == "They were regretful; the windows, prioritised."
    )


def test_emphasis_stays_beside_links() -> None:
    from components.wording import Emphasis

    parts = explained_spans(["90% interval ", Emphasis("+3 to +9"), "."])
    assert [type(part).__name__ for part in parts] == ["A", "str", "Strong", "str"]


def test_a_term_carries_its_definition() -> None:
    link: Any = term("regret", "missed")
    told = link.to_plotly_json()["props"]
    assert told["data-says"] == TERMS["regret"].short
    assert told["children"] == "missed"


def test_methods_of_evaluation_lead_to_their_terms() -> None:
    assert set(estimates.METHOD_TERMS) == set(wording_estimates.METHODS)
    assert set(estimates.METHOD_TERMS.values()) <= set(TERMS)


def test_decks_and_leads_are_explained_everywhere() -> None:
    """Below a heading special terms are links: no deck is a bare text but those that say that nothing is there yet."""
    bare = r'html\.P\((?!explained|\[|lead,|id=)([\w.]+)[^\n]*className="(?:deck|lead)'
    found = [
        (path.name, hit.group(1))
        for path in sorted(ROOT.rglob("*.py"))
        if OWN not in path.parents and path.stem != "report"  # no link works in a file
        for hit in re.finditer(bare, path.read_text(encoding="utf-8"))
    ]
    assert [one for one in found if one[1] not in WITHOUT_TERMS] == []


WITHOUT_TERMS: Final = {
    "wording.EMPTY_TEXT", "words.EMPTY_TEXT", "wording.NOT_FOUND_TEXT", "words.COLUMNS_DECK", "words.LONG_TEXT",
    "words.TO_BE_SAID_LEAD", "title",
}  # fmt: skip
"""Texts about the page itself."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_no_link_stands_in_what_is_itself_pressed(page: Any) -> None:
    for part in walk(page.layout()):
        if isinstance(part, html.Button | html.Label | html.Summary | html.A | dcc.Link | html.H1):
            assert [inner for inner in walk(part.children) if isinstance(inner, html.A | dcc.Link)] == []
