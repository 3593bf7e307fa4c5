"""The verdict: one sentence with its uncertainty, and beside it how lucky the shown run was."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from components import race as run
from components import wording
from components.race import Luck, Race, contender, gain_of
from components.wording_goals import goal_of
from components.words import explained_spans, spans


def verdict(race: Race, luck: Luck | None, replications: int | None = None) -> html.Div:
    """The hero sentence and its deck; `replications` is how many campaigns run while `luck` is None."""
    gain = None if luck is None else gain_of(luck, run.focus(race))
    hues = run.slots(race) if gain is None or gain.is_decided else None
    return html.Div(
        [
            html.H1(spans(sentence(race, luck), hues), className="verdict"),
            html.P(explained_spans(deck(race, luck, replications)), className="lead"),
        ],
        className="hero-verdict" if gain is not None else "hero-verdict is-checking",
    )


def sentence(race: Race, luck: Luck | None) -> wording.Words:
    """What the shown run says, as far as the repeat campaigns bear it out."""
    policy = run.focus(race)
    return wording.verdict(
        contender(race, policy),
        contender(race, race["baseline"]),
        race["sends"],
        run.over_baseline(race, policy),
        None if luck is None else gain_of(luck, policy),
        run.line_count(race) if run.are_all_alike(race) else 0,
        goal_of(race),
    )


def luck_band(luck: Luck, policy: int) -> wording.Luck:
    """How lucky the shown run was for this policy."""
    return wording.luck_of(luck["policies"][policy]["shown_rank"], _tied(luck, policy))


def luck_card(luck: Luck | None, policy: int, graph: Component, replications: int | None = None) -> html.Div:
    """The luck chart (`graph`, made by the page) under its heading."""
    if luck is None:
        title, text = wording.LUCK_TITLE_CHECKING, wording.luck_deck_checking(replications)
    else:
        title = wording.luck_title(luck_band(luck, policy))
        beaten = luck["policies"][policy]["shown_rank"]
        text = wording.luck_deck(beaten, luck["replications"], _tied(luck, policy))
    heading = [html.H2(title, className="luck-title"), html.P(text, className="luck-deck")]
    return html.Div([*heading, graph], className="luck-card" if luck else "luck-card is-checking")


def deck(race: Race, luck: Luck | None, replications: int | None = None) -> wording.Words:
    """How typical the shown run is."""
    if luck is None:
        return wording.checking(replications)
    policy = run.focus(race)
    better = _surely_better(luck, policy)
    words = wording.verdict_deck(
        contender(race, policy),
        contender(race, race["baseline"]),
        race["sends"],
        run.over_baseline(race, policy),
        luck_band(luck, policy),
        gain_of(luck, policy),
        goal_of(race),
        other_gains=better is not None and better["extra_mean_low"] > 0,
    )
    if better is None:
        return words
    mean = luck["policies"][policy]["extra_mean"]
    return [*words, *wording.did_better(better["label"], better["extra_mean"], mean, goal_of(race))]


def _surely_better(luck: Luck, policy: int) -> dict[str, Any] | None:
    """The challenger with the highest average, if its interval of the mean lies above that of `policy`."""
    entries = [luck["policies"][place] for place in run.challengers(luck)]
    usable = [entry for entry in entries if not run.is_oracle(entry)]
    if not usable:
        return None
    top: dict[str, Any] = max(usable, key=lambda entry: entry["extra_mean"])
    return top if top["extra_mean_low"] > luck["policies"][policy]["extra_mean_high"] else None


def _tied(luck: Luck, policy: int) -> float:
    """The share of repeat campaigns that ended exactly as the shown run, read off the dots."""
    entry = luck["policies"][policy]
    dots = entry["extra_percentiles"]
    return sum(dot == entry["shown_extra"] for dot in dots) / len(dots) if dots else 0.0
