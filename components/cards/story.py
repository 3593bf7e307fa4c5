"""The story for a room: the shown campaign in five steps, each with a sentence; `assets/pages/story.js` turns the pages.

It stands hidden in the page and is filled with the verdict, so that turning a page asks nobody for anything.
"""

import json
from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from components import race as run
from components import wording_visit as words
from components.charts import traffic
from components.race import Race, contender
from components.wording import Words
from components.wording_goals import goal_of
from components.words import spans

Link = tuple[str, str]
"""Words and an address."""


def story(race: Race, verdict: Words, deck: Words, links: Sequence[Link]) -> html.Ol:
    """The five steps; `verdict` and `deck` are what the page says first, `links` lead on."""
    slots = run.slots(race)
    steps: list[tuple[str, Words]] = [
        (words.EVEN_SPLIT if _is_even(race) else words.AS_IT_WAS, _as_it_was(race)),
        (words.LEARN, [f"{traffic.title(race)}."]),
        (words.CHANGED, verdict),
        (words.COST, _missed(race)),
        (words.NEXT, deck),
    ]
    told: Any = {"data-words": json.dumps(words.STORY, ensure_ascii=False)}
    items = [_step(title, spans(sentence, slots)) for title, sentence in steps]
    items[-1].children.append(
        html.Div([dcc.Link(*link, className="btn btn-primary") for link in links], className="btn-row")
    )
    return html.Ol(items, id="story-words", className="story-words", hidden=True, **told)


def _step(title: str, sentence: list[Any]) -> html.Li:
    return html.Li([html.H2(title, className="story-title"), html.P(sentence, className="story-sentence")])


def _is_even(race: Race) -> bool:
    return contender(race, race["baseline"]).is_even_split


def _as_it_was(race: Race) -> Words:
    baseline = race["baseline"]
    return words.even_split(
        contender(race, baseline), run.line_count(race), race["sends"], run.gained(race, baseline), goal_of(race)
    )


def _missed(race: Race) -> Words:
    baseline, policy = race["baseline"], run.focus(race)
    amounts = tuple(race["policies"][place]["regret"][-1] for place in (baseline, policy))
    return words.missed(contender(race, baseline), contender(race, policy), (amounts[0], amounts[1]), goal_of(race))
