"""The guide's content: everything is backed by what exists, no link is dead, sources can be found."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from dash import dcc, html
from dash.development.base_component import Component

from components import wording_guide as words
from components.address import visit
from components.formula import drawn
from components.guide import references
from components.guide.backing import Figure, Item, Read, Seen
from components.guide.checklist import CHECKLIST
from components.guide.demonstrations import DEMONSTRATIONS
from components.guide.faq import FAQ
from components.guide.governance import REPORTING, USE_A_BANDIT, USE_A_TEST
from components.guide.ideas import IDEAS
from components.guide.practice import GUIDANCE, LIMITS, LOOP, PRODUCTION
from components.guide.readings import READINGS
from components.guide.references import REFERENCES, cited_in
from components.pages import PAGES, guide
from components.pages.guide.policies import at_work
from engine import GUARDRAILS, POLICIES, WORLDS, from_link, simulate
from engine.catalogue import DELAYS
from engine.presets import PRESETS
from tests.components.results import having_class, text_of, walk

COMPONENTS = Path(__file__).parents[3] / "components"
ITEMS: list[Item] = [
    *(idea.idea for idea in IDEAS), *USE_A_TEST, *USE_A_BANDIT, *REPORTING, *GUIDANCE, *LOOP, *PRODUCTION, *LIMITS,
    *(question.answer for question in FAQ), *(item for part in CHECKLIST for item in part.items),
]  # fmt: skip
PATHS = {page.path for page in PAGES}
FOUND = (
    r"doi:10\.\d{4,9}/[^\s]+",
    r"arXiv:\d{4}\.\d{4,5}",
    r"ISBN 97[89]-[\d-]{11,13}",
    r"no DOI; .{10,}",
)


@pytest.fixture(scope="module")
def page() -> Component:
    return guide.layout()


def links(page: Component) -> Iterator[str]:
    for part in walk(page):
        if isinstance(part, html.A | dcc.Link):
            yield str(part.href)  # type: ignore[union-attr]


# Backing


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.title)
def test_guidance_is_backed_by_what_exists(item: Item) -> None:
    assert item.text.endswith((".", "?"))
    for one in item.backed_by:
        match one:
            case Seen(name):
                assert name in DEMONSTRATIONS
            case Figure(name):
                assert name in READINGS
            case Read(key, _part):
                assert key in REFERENCES


def test_guidance_without_backing_is_refused() -> None:
    with pytest.raises(TypeError, match="'Send more' is backed by nothing"):
        Item("Send more", "It helps.", ())


def test_every_answer_can_be_watched_first(page: Component) -> None:
    assert len(FAQ) > 12
    assert all(isinstance(question.answer.backed_by[0], Seen) for question in FAQ)
    assert len(having_class(page, "guide-watch")) == len(FAQ)


def test_everything_that_could_back_does() -> None:
    used = {type(one): set() for one in (Seen(""), Figure(""), Read(""))}  # type: dict[type, set[str]]
    for item in ITEMS:
        for one in item.backed_by:
            used[type(one)].add(next(iter(vars(one).values())))
    assert set(DEMONSTRATIONS) == used[Seen]
    by_policies = {one.key for spec in POLICIES.values() for one in cited_in(spec.source)}
    assert set(REFERENCES) - used[Read] - by_policies == {"horvitz-1952", "kish-1965", "swaminathan-2015"}, (
        "behind the glossary"
    )


# Links


def test_no_link_within_the_guide_is_dead(page: Component) -> None:
    places = {part.id for part in walk(page) if isinstance(getattr(part, "id", None), str)}
    wanted = [urlsplit(href).fragment for href in links(page) if urlsplit(href).fragment]
    assert len(wanted) > 100
    assert [place for place in wanted if place not in places] == []


def test_no_place_has_the_name_of_another(page: Component) -> None:
    places = [str(part.id) for part in walk(page) if getattr(part, "id", None) is not None]
    assert len(places) == len(set(places))


def test_links_to_pages_open_what_they_promise(page: Component) -> None:
    to_pages = [urlsplit(href) for href in links(page) if not href.startswith("#")]
    assert {link.path for link in to_pages} <= PATHS
    scenarios = [link for link in to_pages if link.query]
    assert len(scenarios) > len(FAQ)
    for link in scenarios:
        name, _, token = link.query.partition("=")
        assert name == "s"
        assert visit({"s": token}).problem is None


def test_nothing_leads_to_another_site(page: Component) -> None:
    assert [href for href in links(page) if urlsplit(href).netloc] == []


@pytest.mark.parametrize("name", DEMONSTRATIONS)
def test_a_demonstration_opens_its_scenario(name: str) -> None:
    one = DEMONSTRATIONS[name]
    assert one.page in PATHS
    token = urlsplit(one.address).query.removeprefix("s=")
    assert (from_link(token) if token else PRESETS["classic"].scenario) == one.scenario


# Policies, worlds, guardrails


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_is_told_in_three_sentences_with_its_formula_and_source(page: Component, name: str) -> None:
    spec = POLICIES[name]
    told = next(part for part in walk(page) if getattr(part, "id", None) == f"policy-{name}")
    text = text_of(told)
    assert f"{spec.plain} {spec.in_words} {spec.when}" in text
    assert text_of(html.Div(drawn(spec.formula.split(";")[0]))) in text
    assert cited_in(spec.source), "its source is in the list of references"


@pytest.mark.parametrize("name", [name for name in POLICIES if name not in ("ab_split", "test_then_winner", "oracle")])
def test_every_policy_earns_more_than_an_even_split_where_it_is_shown(name: str) -> None:
    """Test, then winner is shown where it loses; a correct policy fails far less than once in 100,000 seeds."""
    scenario = from_link(urlsplit(at_work(POLICIES[name])).query.removeprefix("s="))
    assert [policy.name for policy in scenario.policies] == ["ab_split", name]
    totals = simulate(scenario.with_changes(replications=6)).totals
    assert (totals[1] - totals[0]).mean() > 0


def test_every_world_guardrail_and_delay_is_there(page: Component) -> None:
    places = {part.id for part in walk(page) if isinstance(getattr(part, "id", None), str)}
    for kind, family in (("world", WORLDS), ("guardrail", GUARDRAILS), ("delay", DELAYS)):
        assert {f"{kind}-{name}" for name in family} <= places


# Charts


def drawing_modules() -> set[str]:
    charts = [
        path
        for path in (COMPONENTS / "charts").glob("*.py")
        if re.search(r"^def figure\(", path.read_text(), re.MULTILINE)
    ]
    return {f"charts.{path.stem}" for path in charts}


def test_every_chart_is_explained() -> None:
    assert len(drawing_modules()) > 10
    assert drawing_modules() - {one.drawn_by for one in READINGS.values()} == set()


def test_what_is_explained_is_drawn() -> None:
    for one in READINGS.values():
        assert (COMPONENTS / f"{one.drawn_by.replace('.', '/')}.py").exists()
        assert one.page in PATHS
    on = {one.page for one in READINGS.values()}
    assert {page.path for page in PAGES if page.jobs or page.path == "/"} <= on, "every page that draws is explained"


# References


@pytest.mark.parametrize("key", REFERENCES)
def test_a_reference_can_be_found(key: str) -> None:
    one = REFERENCES[key]
    assert any(re.fullmatch(form, one.found) for form in FOUND), one.found
    assert re.match(r"[\w’-]+", one.authors)
    assert one.authors.split(",")[0].split()[-1] in one.cited
    assert f"({one.year})" in one.cited
    assert 1900 < one.year <= 2026
    assert "." not in one.title[-1]
    assert len(one.where) > 5


@pytest.mark.parametrize("key", [key for key, one in REFERENCES.items() if one.found.startswith("ISBN")])
def test_an_isbn_has_its_check_digit(key: str) -> None:
    digits = [int(digit) for digit in re.sub(r"\D", "", REFERENCES[key].found)]
    assert len(digits) == 13
    assert sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0


def test_references_are_in_the_order_of_their_authors() -> None:
    names = [(one.authors.split(",")[0], one.year) for one in REFERENCES.values()]
    assert names == sorted(names)


def test_references_are_cited_alike_only_once() -> None:
    assert len({one.cited for one in REFERENCES.values()}) == len(REFERENCES)
    assert references.anchor(REFERENCES["scott-2010"]) == "ref-scott-2010"


# The voice


def test_texts_keep_to_the_house_voice() -> None:
    said = [item.text for item in ITEMS] + [item.title for item in ITEMS]
    said += [part for one in READINGS.values() for part in (one.title, one.read, one.careful)]
    said += [getattr(words, name) for name in vars(words) if name.isupper()]
    assert [text for text in said if "!" in text or " - " in text or "please" in text.lower()] == []


def test_the_page_is_put_together_once(page: Component) -> None:
    assert guide.layout() is page
    assert guide.layout(s="anything") is page


def test_headings_go_down_one_by_one(page: Component) -> None:
    levels = [int(type(part).__name__[1]) for part in walk(page) if re.fullmatch(r"H\d", type(part).__name__)]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
