"""A page's elements as markup: every word, nothing that only works on the page, and nothing that runs."""

from typing import Any

import html5lib
import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from components.report.markup import first_heading, markup, paragraphs, words


def test_text_is_escaped_wherever_it_stands() -> None:
    element = html.P(["a <b> & c ", html.Strong("<script>")], title='"><script>')
    assert (
        markup(element) == '<p title="&quot;&gt;&lt;script&gt;">a &lt;b&gt; &amp; c <strong>&lt;script&gt;</strong></p>'
    )


@given(st.text(), st.text())
def test_what_somebody_types_comes_out_as_text(text: str, title: str) -> None:
    visible = "".join(letter for letter in text if letter.isprintable())
    parsed = html5lib.parseFragment(markup(html.Div(visible, title=title)), namespaceHTMLElements=False)
    assert "".join(parsed[0].itertext()) == visible
    assert [part.tag for part in parsed.iter()] == ["DOCUMENT_FRAGMENT", "div"]


def test_what_only_works_on_the_page_is_left_out() -> None:
    page = [
        html.Button("Cancel", className="btn btn-primary"),
        dcc.Link("Open", href="/x", className="btn btn-quiet"),
        dcc.Graph(id="graph"),
        dcc.Store(id="store"),
        html.Div("Waiting", hidden=True),
        None,
        False,
    ]
    assert markup(page) == words(page) == ""


def test_buttons_and_links_leave_their_words() -> None:
    row = [html.Button("+35%", className="heat-cell"), dcc.Link("Thompson sampling", href="/x", className="row-link")]
    assert markup(row) == '<span class="heat-cell">+35%</span><span class="row-link">Thompson sampling</span>'


def test_styles_and_spans_stay_and_ids_do_not() -> None:
    cell = html.Td("1", id="cell", colSpan=2, style={"left": "3%", "minWidth": "4px", "--rows": 2}, tabIndex=0)
    assert markup(cell) == '<td colspan="2" tabindex="0" style="left: 3%; min-width: 4px; --rows: 2">1</td>'


def test_a_region_keeps_its_name_and_other_roles_go() -> None:
    named: Any = {"aria-label": "Table"}
    assert markup(html.Div("x", role="region", **named)) == '<div role="region" aria-label="Table">x</div>'
    assert markup(html.Td("x", role="gridcell", **named)) == "<td>x</td>"


def test_a_hero_has_a_sentence_and_what_stands_below_it() -> None:
    hero = html.Div([html.H1(["Use ", html.Span("X"), ": +1"]), html.P("90% interval."), html.P("")])
    assert first_heading(hero) == "Use X: +1"
    assert paragraphs(hero) == ["90% interval."]
    assert first_heading(html.P("no heading")) == ""


@pytest.mark.parametrize("void", [html.Br(), html.Hr(), html.Col()])
def test_an_element_without_an_end_has_none(void: html.Br) -> None:
    assert markup(void) == f"<{type(void).__name__.lower()}>"
