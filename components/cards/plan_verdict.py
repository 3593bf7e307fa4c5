"""The first sentence of a plan, and the figures behind it."""

from dash import html

from components import planned as told
from components import wording_plan as words
from components.planned import Outlook
from components.wording import Words
from components.wording_goals import goal_of
from components.words import explained_spans, spans


def plan_verdict(plan: Outlook, worth: float | None, *, running: bool) -> html.Div:
    """What to do with the list, with its uncertainty."""
    verdict = plan["verdict"]
    sentence, deck = _SENTENCES[verdict["kind"]](plan, worth, running)
    return html.Div(
        [
            html.H1(spans(sentence, told.slots(plan) if verdict["kind"] == "use" else None), className="verdict"),
            html.P(explained_spans(deck), className="lead"),
        ],
        className="hero-verdict",
    )


def _use(plan: Outlook, worth: float | None, running: bool) -> tuple[Words, Words]:  # noqa: FBT001  # one of a table of functions
    verdict, goal = plan["verdict"], goal_of(plan)
    policy, also = verdict["policy"], verdict["also"]
    own, even = told.at_list(plan, policy)["right"], told.at_list(plan, plan["baseline"])["right"]
    money = told.money(plan, policy, worth)
    sentence = words.use(
        told.contender(plan, policy),
        plan["sends"],
        words.gain(told.gain(plan, policy), goal),
        words.against_even((own["low"] > even["high"]) - (own["high"] < even["low"])),
        told.below(plan),
        running=running,
    )
    is_less_sure = also is not None and told.at_list(plan, also)["right"]["high"] < own["mean"]
    deck = words.use_deck(
        own["mean"],
        even["mean"],
        words.gain(told.spread(plan, policy), goal),
        None if money is None else words.money(*money),
        (told.contender(plan, also).label, told.at_list(plan, also)["right"]["mean"]) if is_less_sure else None,
        told.below(plan),
    )
    return sentence, deck


def _split(plan: Outlook, _worth: float | None, running: bool) -> tuple[Words, Words]:  # noqa: FBT001
    even = told.at_list(plan, plan["baseline"])["right"]["mean"]
    return words.split(plan["sends"], running=running), words.split_deck(even, told.below(plan))


def _skip(plan: Outlook, _worth: float | None, running: bool) -> tuple[Words, Words]:  # noqa: FBT001
    best = max(one["right"]["mean"] for one in plan["at_list"]["policies"])
    largest = max(plan["sizes"])
    return (
        words.skip(plan["sends"], running=running),
        words.skip_deck(best, plan["favourite"], told.below(plan), largest),
    )


def _nothing(_plan: Outlook, _worth: float | None, _running: bool) -> tuple[Words, Words]:  # noqa: FBT001
    return [words.NOTHING_TO_FIND], [words.NOTHING_DECK]


def _early(plan: Outlook, _worth: float | None, _running: bool) -> tuple[Words, Words]:  # noqa: FBT001
    return words.early(plan["campaigns"]), [words.EARLY_DECK]


_SENTENCES = {"use": _use, "split": _split, "skip": _skip, "nothing": _nothing, "early": _early}
