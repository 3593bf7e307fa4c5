"""A log of decisions that somebody brings: the bytes of its file to what `evaluate` takes, or a clear error."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from engine.errors import DataError
from engine.evaluation.logs import Log
from engine.files.decision_columns import DecisionRole, recognised
from engine.files.decisions import Decisions, decisions_of
from engine.files.opening import opened
from engine.files.shown import shown
from engine.observed import observed
from engine.scenario import MOST_ARMS

Chances = Literal["logged", "even", "guessed"]

HARDLY_EVEN: Final = 1e-6
"""A split as uneven as this in one of a million even ones was not even."""


@dataclass(frozen=True, eq=False)
class UploadedLog:
    """What a file says of n sends, in the order in which they happened."""

    log: Log  # of the rewards; of the values where the file has no rewards
    value: Log | None  # the same sends with what each brought, where the file tells both
    chances: Chances  # who says with which chance lines were sent: the file, the visitor, or nobody
    roles: Mapping[str, DecisionRole]  # of the file's columns
    notes: tuple[str, ...]  # what was left out or decided, in plain sentences


def read_decision_log(
    content: bytes, filename: str, roles: Mapping[str, str] | None = None, *, even: bool = False
) -> UploadedLog:
    r"""Return the log of decisions in a file with a row a send.

    The columns of `engine.decision_log` are known by their names; of other programs' files those that say which line was
    sent, with what chance (shares or per cent), to whom and what came of it. Columns named after lines, such as
    "propensity_Plain", tell the chance of every line; columns that are only numbered are matched with the lines by the
    chances of those that were sent.

    A log without chances is not refused. Unless the split was `even`, the share that each line had in each segment
    stands in for its chance: good for the direct method, and for replay if the split was even after all; the other
    methods are not for it.

    Args:
        content: CSV, TSV, columns separated by semicolons or bars, or XLSX.
        filename: as its errors name it.
        roles: what columns mean, by their titles, where their names do not say; see
            `engine.files.decision_columns.DECISION_ROLES`.
        even: of a log without chances, that every line was as likely as any other at every send.

    Raises:
        DataError: a file that cannot be read, or holds what no log can; names row, column and what to do.

    >>> found = read_decision_log(b"line,chance,clicked\nPlain,75%,no\nPlayful,25%,yes\n", "log.csv")
    >>> found.log.arms, found.log.propensity.tolist(), found.log.reward.tolist(), found.chances
    (('Plain', 'Playful'), [0.75, 0.25], [0.0, 1.0], 'logged')
    """
    table = opened(content, filename)
    known = recognised(table, filename, roles)
    found = decisions_of(table, known.roles, MOST_ARMS, frozenset(roles or ()))
    title = next(title for title, role in known.roles.items() if role == "arm")
    log, chances, note = _log(found, title, even=even)
    value = None if found.value is None or found.reward is None else replace(log, reward=found.value)
    return UploadedLog(log, value, chances, known.roles, (*table.notes, *known.notes, *found.notes, *note))


def _log(found: Decisions, title: str, *, even: bool) -> tuple[Log, Chances, tuple[str, ...]]:
    reward = found.value if found.reward is None else found.reward
    assert reward is not None  # noqa: S101  # one of both was recognised
    log = Log(found.arms, found.segments, found.arm, found.segment, np.ones(len(found.arm)), reward, found.chances)
    if found.propensity is not None:
        return replace(log, propensity=found.propensity), "logged", ()
    if even:
        _refuse_uneven(log, title)
        return replace(log, propensity=np.full(len(log), 1.0 / len(log.arms))), "even", ()
    shares = log.cells / log.cells.sum(axis=1, keepdims=True)
    note = (
        "No column says with which chance each line was sent. If every line was as likely as any other, say that the split was "
        "even; otherwise only replay and the direct method can be used, which take chance alone for what made the lines differ."
    )
    return replace(log, propensity=shares[log.segment, log.arm], is_guessed=True), "guessed", (note,)


def _refuse_uneven(log: Log, title: str) -> None:
    sends = log.cells.sum(axis=0)
    likely = observed(list(log.arms), sends, np.zeros_like(sends))["split"]
    if likely is not None and likely < HARDLY_EVEN:
        most = int(np.argmax(sends))
        raise DataError(
            f"{shown(title)}: got {int(sends[most]):,} of {len(log):,} sends for {shown(log.arms[most])}, though the split is said "
            f"to have been even; {len(log) / len(sends):,.0f} would be. Bring a column with the chances, or do not call it even."
        )
