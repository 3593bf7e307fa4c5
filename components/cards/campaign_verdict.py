"""The verdict on a brought campaign: what the best policy would have brought of the same recipients, honest when nothing."""

from dash import html

from components import comparison as told
from components import wording_campaign as words
from components import wording_compare
from components.comparison import Comparison, contender
from components.formats import count
from components.terms import explained
from components.theme import policy_slots
from components.wording_goals import goal_of
from components.words import explained_spans, spans


def campaign_verdict(comparison: Comparison, *, running: bool) -> html.Div:
    """The hero sentence and its deck."""
    leader, goal, baseline = told.focus(comparison), goal_of(comparison), comparison["baseline"]
    slots = policy_slots(told.names(comparison))
    if leader is None or comparison["verdict"]["kind"] == "none":
        sentence, helps = wording_compare.early(comparison["replications"], running=running)
        return _hero(html.H1(spans(sentence), className="verdict"), [html.P(explained_spans(helps), className="lead")])
    policy = comparison["policies"][leader]
    if not is_ahead(comparison, leader):
        extra = policy["extra"]
        deck = words.stay_deck(policy["label"], extra["mean"], extra["low"] or 0.0, extra["high"] or 0.0, goal)
        return _hero(
            html.H1(spans(words.stay(running=running)), className="verdict"),
            [html.P(explained_spans(deck), className="lead")],
        )
    beats, below = told.wins(comparison, leader, baseline), policy["shortfall"]["share"]
    named, mean, total = (
        contender(comparison, leader),
        policy["extra"]["mean"],
        comparison["policies"][baseline]["total_mean"],
    )
    is_sure = beats >= words.SURELY
    sentence = (
        words.use(named, mean, comparison["sends"], goal, running=running)
        if is_sure
        else words.hope(named, mean, below, goal, running=running)
    )
    low, high = policy["extra_spread"]
    share = mean / total if total > 0 else None
    deck = words.use_deck((low, high), share, total, beats if is_sure else None, goal)
    rivals = [comparison["policies"][place]["label"] for place in _rivals(comparison)]
    more = [html.P(explained(words.also(rivals)), className="hint hero-note")] if rivals else []
    return _hero(
        html.H1(spans(sentence, slots), className="verdict"), [html.P(explained_spans(deck), className="lead"), *more]
    )


def policies_title(comparison: Comparison) -> str:
    """The finding over what every policy would have made of it."""
    leader = told.focus(comparison)
    if leader is None:
        return words.policies_title("", 0.0, clear=False)
    policies = comparison["policies"]
    missed, possible = policies[leader]["regret"]["mean"], policies[comparison["baseline"]]["regret"]["mean"]
    share = 1.0 - missed / possible if possible > 0 else 0.0
    return words.policies_title(policies[leader]["label"], share, clear=is_ahead(comparison, leader))


def policies_deck(comparison: Comparison) -> str:
    """What is drawn."""
    return words.POLICIES_DECK.format(unit=goal_of(comparison).unit, campaigns=count(comparison["replications"]))


def is_ahead(comparison: Comparison, place: int) -> bool:
    """Whether a policy is clearly better than the baseline."""
    if place == comparison["baseline"]:
        return False
    low = told.lead(comparison, place, comparison["baseline"]).low
    return low is not None and low > 0.0


def _rivals(comparison: Comparison) -> list[int]:
    verdict = comparison["verdict"]
    return list(verdict["rivals"]) if verdict["kind"] == "close" else []


def _hero(sentence: html.H1, below: list[html.P]) -> html.Div:
    return html.Div([sentence, *below], className="hero-verdict")
