"""The verdict of the stress test: which policy keeps its lead under which stress, and who does better where."""

from dash import html

from components import wording_stress as words
from components.stress import StressTest, baseline, contender, slots
from components.wording import Words
from components.wording_compare import early
from components.words import explained_spans, spans

FEWEST_TO_BE_IN_FRONT = 2


def stress_verdict(test: StressTest, *, running: bool) -> html.Div:
    """The sentence and its deck."""
    verdict = test["verdict"]
    sentence, deck = _sentences(test, running=running)
    if not test["against_even_split"] and verdict["kind"] != "nothing":
        deck = [*deck, words.no_even_split(baseline(test))]
    hues = slots(test) if verdict["kind"] in ("choose", "depends") else None
    return html.Div(
        [html.H1(spans(sentence, hues), className="verdict"), html.P(explained_spans(deck, hues), className="lead")],
        className="hero-verdict",
    )


def _sentences(test: StressTest, *, running: bool) -> tuple[Words, Words]:
    verdict = test["verdict"]
    if verdict["kind"] == "nothing":
        return [words.NOTHING_TO_COMPARE], [words.NOTHING_TO_COMPARE_DECK]
    if verdict["kind"] == "early":
        return early(max((one["campaigns"] for one in test["columns"]), default=0), running=running)
    if verdict["kind"] == "stay":
        return words.stay(baseline(test), running=running), _stay_deck(test)
    leader = contender(test, verdict["leader"])
    planned = test["columns"][0]
    in_front = [cell["policy"] for cell in planned["cells"] if cell["is_best"]]
    level = len(in_front) >= FEWEST_TO_BE_IN_FRONT
    return words.choose(leader, verdict["keeps"], verdict["loses"], level=level, running=running), _deck(test)


def _deck(test: StressTest) -> Words:
    verdict = test["verdict"]
    leader, other = contender(test, verdict["leader"]), verdict["alternative"]
    deck: Words = []
    if other is not None:
        deck += words.alternative(
            contender(test, other["policy"]),
            other["stress"],
            other["gains"],
            other["gives_up"],
            is_sure=other["is_sure"],
        )
    elif len(test["columns"]) > 1:
        deck += _worst(test)
    for harm in verdict["harmed"]:
        deck += words.harmed(leader.label, harm["stress"], harm["share"])
    told = [harm["stress"] for harm in verdict["harmed"]]
    silent = [stress for stress in verdict["nobody"] if stress not in told]
    return [*deck, *(words.nobody(silent, baseline(test)) if silent else [])]


def _worst(test: StressTest) -> Words:
    """The leader's worst case, of the stresses that are not told apart."""
    verdict = test["verdict"]
    apart = {*verdict["nobody"], *(harm["stress"] for harm in verdict["harmed"])}
    gains = [
        (cell["share"]["mean"], column["stress"])
        for column in test["columns"]
        for cell in column["cells"]
        if cell["policy"] == verdict["leader"] and column["stress"] not in apart
    ]
    return words.worst_case(min(gains)[1], min(gains)[0]) if gains else []


def _stay_deck(test: StressTest) -> Words:
    robust = test["verdict"]["robust"]
    gained = [
        column["stress"]
        for column in test["columns"]
        for cell in column["cells"]
        if cell["policy"] == robust and cell["sign"] > 0
    ]
    return words.stay_deck(None if robust is None else contender(test, robust), gained)
