"""The recommendation of Compare: one sentence with its uncertainty, honest when there is none."""

from dash import html

from components import comparison as told
from components import wording_compare as words
from components.comparison import Comparison, contender, lead
from components.terms import explained
from components.theme import policy_slots
from components.wording import Words
from components.wording_goals import goal_of
from components.words import explained_spans, spans


def recommendation(comparison: Comparison, *, running: bool, is_whole_page: bool = True) -> html.Div:
    """The hero sentence and its deck; smaller where it is not what the whole page is about."""
    verdict = comparison["verdict"]
    sentence, deck = _SENTENCES[verdict["kind"]](comparison, running)
    if not verdict["against_even_split"] and verdict["why"] != "nothing_to_compare":
        deck = [*deck, words.no_even_split(told.baseline(comparison))]
    slots = policy_slots(told.names(comparison))
    return html.Div(
        [
            (html.H1 if is_whole_page else html.P)(
                spans(sentence, slots if verdict["kind"] in ("use", "close") else None),
                className="verdict" if is_whole_page else "verdict-small",
            ),
            html.P(explained_spans(deck), className="lead"),
            *[html.P(explained(note), className="hint hero-note") for note in _notes(comparison)],
        ],
        className="hero-verdict",
    )


def _notes(comparison: Comparison) -> list[str]:
    """What "best" means where it is not the same for all sends."""
    moving = [words.rates_change(comparison["world"])] if told.moves(comparison) else []
    return [*moving, *([words.RECIPIENTS_DIFFER] if comparison["is_segmented"] else [])]


def _use(comparison: Comparison, running: bool) -> tuple[Words, Words]:  # noqa: FBT001  # one of a table of functions
    verdict, baseline = comparison["verdict"], comparison["baseline"]
    leader, runner_up = verdict["leader"], verdict["runner_up"]
    policy = comparison["policies"][leader]
    is_other, goal = runner_up is not None and runner_up != baseline, goal_of(comparison)
    return (
        words.use(
            contender(comparison, leader),
            contender(comparison, baseline),
            policy["extra"]["mean"],
            told.wins(comparison, leader, baseline),
            goal,
            running=running,
        ),
        words.use_deck(
            (policy["extra_spread"][0], policy["extra_spread"][1]),
            told.average(comparison, leader),
            comparison["level"],
            contender(comparison, runner_up) if is_other else None,
            told.wins(comparison, leader, runner_up) if is_other else None,
            goal,
        ),
    )


def _close(comparison: Comparison, running: bool) -> tuple[Words, Words]:  # noqa: FBT001
    verdict, baseline = comparison["verdict"], contender(comparison, comparison["baseline"])
    leader, goal = verdict["leader"], goal_of(comparison)
    mean = comparison["policies"][leader]["extra"]["mean"]
    alike = [leader, *verdict["rivals"]]
    if len(alike) > 1:
        sentence = words.close([contender(comparison, place) for place in alike], baseline, mean, goal, running=running)
    else:
        sentence = words.alone_in_front(contender(comparison, leader), baseline, mean, goal, running=running)
    rival = (verdict["rivals"] or verdict["unclear"])[0]
    return sentence, words.close_deck(
        contender(comparison, leader),
        contender(comparison, rival),
        lead(comparison, leader, rival),
        told.levels(comparison),
        goal,
    )


def _stay(comparison: Comparison, running: bool) -> tuple[Words, Words]:  # noqa: FBT001
    verdict, place = comparison["verdict"], comparison["baseline"]
    baseline, worse = contender(comparison, place), verdict["clearly_worse"]
    best, goal = verdict["leader"], goal_of(comparison)
    deck = words.stay_deck(
        contender(comparison, best), baseline, lead(comparison, best, place), told.levels(comparison), goal
    )
    if not told.are_all_alike(comparison):
        return words.stay(baseline, worse=worse, running=running), deck
    return words.all_alike(len(comparison["lines"]), goal, running=running), [*deck, *_false_winner(comparison)]


def _false_winner(comparison: Comparison) -> Words:
    """The policy that would most often have announced a winner that is none."""
    policies = [policy for policy in comparison["policies"] if policy["crowns"]]
    if not policies:
        return []
    worst = max(policies, key=lambda policy: policy["crowns"])
    return words.false_winners(worst["label"], worst["crowns"], comparison["crowned_in"])


def _none(comparison: Comparison, running: bool) -> tuple[Words, Words]:  # noqa: FBT001
    if comparison["verdict"]["why"] == "nothing_to_compare":
        has_references = any(policy["is_reference"] for policy in comparison["policies"])
        return [words.ONLY_REFERENCES if has_references else words.NOTHING_TO_COMPARE], []
    return words.early(comparison["replications"], running=running)


_SENTENCES = {"use": _use, "close": _close, "stay": _stay, "none": _none}
