"""The verdict on a brought log of decisions: the line that would have earned most, and how sure that is."""

from dash import html

from components import wording_campaign as words
from components import wording_estimates as said
from components.words import explained_spans, spans
from engine.evaluation.study import Estimates


def log_verdict(found: Estimates, filename: str) -> html.Div:
    """The hero sentence and its deck."""
    is_rate, best = found["is_rate"], found["best"]
    if best is None:
        sentence, deck = words.log_unclear(found["sends"]), words.log_unclear_deck(filename)
    else:
        target = next(one for one in found["targets"] if one["line"] == best["line"])
        told = target["methods"][best["method"]]
        value, earned = (said.value(one, is_rate=is_rate) for one in (told["value"], found["earned"]))
        interval = said.between(told["low"], told["high"], is_rate=is_rate)
        sentence = words.log_best(found["arms"][best["line"]], value, earned, is_rate=is_rate)
        deck = words.log_best_deck(interval, filename, found["sends"], is_above=best["is_clear"])
    text = [html.H1(spans(sentence), className="verdict"), html.P(explained_spans(deck), className="lead")]
    return html.Div(html.Div(text, className="hero-verdict"), className="hero hero-log")
