"""What the columns of a decision log mean, by their names; a visitor may say otherwise."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple, get_args

from engine.errors import DataError
from engine.files.columns import BY_RECIPIENT, SEGMENTS, VARIANT_NAMES, checked, plain
from engine.files.shown import listed, quoted, shown
from engine.files.tables import Table

DecisionRole = Literal["arm", "propensity", "chance", "reward", "value", "send", "time", "context", "ignore"]
DECISION_ROLES: Final[tuple[DecisionRole, ...]] = get_args(DecisionRole)
SEVERAL: Final[tuple[DecisionRole, ...]] = ("chance", "context", "ignore")
"""Roles that more than one column may have."""

_CONTEXTS: Final = (
    "context",
    *(name for role in SEGMENTS if role != "segment" for name in BY_RECIPIENT[role]),
    "segment",
)
_NAMES: Final[Mapping[DecisionRole, Sequence[str]]] = {
    "arm": ("arm", "action", "line", "chosen", "chosenarm", "choice", "decision", *VARIANT_NAMES),
    "propensity": (
        "propensity", "propensityscore", "pscore", "loggingprobability", "actionprobability", "actionprob", "probability",
        "prob", "chance", "p",
    ),
    "reward": ("reward", *BY_RECIPIENT["converted"]),
    "value": BY_RECIPIENT["value"],
    "send": ("send", "sendnumber", "step", "round", "t"),
    "time": (*BY_RECIPIENT["sent_at"], "time", "datetime", "date", "at"),
}  # fmt: skip
"""In order of preference: of several columns that could have a role, the one named first has it."""
_CHANCE: Final = re.compile(r"(?:propensity|probability|prob|chance|p)(?:[ _.:-]+(?:of[ _])?)(?P<of>.+)", re.IGNORECASE)


class Recognised(NamedTuple):
    """The role of every column by its title, and what was decided, in plain sentences."""

    roles: dict[str, DecisionRole]
    notes: tuple[str, ...]


def recognised(table: Table, filename: str, given: Mapping[str, str] | None = None) -> Recognised:
    """Return what each column of a decision log is, "ignore" for those that nothing is known of; what is `given` wins.

    Raises:
        DataError: no column that names the lines or says what came of a send, or roles that do not fit.

    >>> from engine.files.tables import Row, table_of
    >>> rows = [Row(1, ["send", "arm", "propensity", "propensity_0", "guardrail", "reward", "device"])]
    >>> list(recognised(table_of(lambda: iter(rows), "log.csv"), "log.csv").roles.values())
    ['send', 'arm', 'propensity', 'chance', 'ignore', 'reward', 'context']
    """
    titles = table.titles
    found = checked(titles, given or {}, DECISION_ROLES, SEVERAL)
    notes: list[str] = []
    for role, names in _NAMES.items():
        taken = {*found, *(title for title in titles if _tells_of_a_line(title))}
        fitting = [] if role in found.values() else _named(titles, names, taken)
        if fitting:
            found[fitting[0]] = role
            if role == "reward" and len(fitting) > 1:
                others = listed([quoted(title) for title in fitting[1:]])
                notes.append(f"Rewards are what {quoted(fitting[0])} says; {others} could count instead.")
    if "chance" not in found.values():
        found |= {title: "chance" for title in titles if title not in found and _tells_of_a_line(title)}
    if "context" not in found.values():
        found |= dict.fromkeys(_named(titles, _CONTEXTS, set(found)), "context")
    _ask(titles, filename, set(found.values()))
    return Recognised({title: found.get(title, "ignore") for title in titles}, tuple(notes))


def chance_of(title: str) -> str:
    """Return of what a column tells the chance, by its title; nothing if it tells none.

    >>> chance_of("propensity_3"), chance_of("p(Plain)"), chance_of("Chance of Plain"), chance_of("price")
    ('3', '', 'Plain', '')
    """
    found = _CHANCE.fullmatch(title)
    return found["of"] if found else ""


def _tells_of_a_line(title: str) -> bool:
    return chance_of(title).lower() not in {"", "score"}


def _named(titles: Sequence[str], names: Sequence[str], taken: set[str]) -> list[str]:
    fitting = [title for title in titles if title not in taken and plain(title) in names]
    return sorted(fitting, key=lambda title: names.index(plain(title)))


def _ask(titles: Sequence[str], filename: str, has: set[DecisionRole]) -> None:
    if "arm" not in has:
        raise _missing(titles, filename, "which line was sent", "arm")
    if not has & {"reward", "value"}:
        raise _missing(titles, filename, "what came of a send", "reward")


def _missing(titles: Sequence[str], filename: str, what: str, role: DecisionRole) -> DataError:
    return DataError(
        f'{shown(filename)}: no column says {what}; it has {listed(titles)}. Name one "{role}", or give the right one that role.'
    )
