"""What a brought file says, in plain JSON types; read in a process of its own, which may take only so much.

Whatever is wrong with a file, however it is made, only that process ends: the one that asked goes on, and says why.
"""

import logging
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final, TypedDict

import numpy as np
import orjson

from engine.calibration import calibrate
from engine.campaign import Campaign, recognise_and_read
from engine.emergence import Emergence, emergence
from engine.errors import DataError
from engine.evaluation.learning import warm
from engine.evaluation.study import Estimates, estimates_of
from engine.evaluation.uploads import read_decision_log
from engine.files.opening import opened
from engine.files.shown import shown
from engine.scenario import MOST_SENDS, Scenario
from engine.settings import settings

log = logging.getLogger(__name__)

Bounds = Callable[[], AbstractContextManager[None]]

MOST_SECONDS: Final = 60.0
"""More than the largest file takes that is read."""
LEARNERS: Final = ("thompson", "epsilon_greedy", "ucb1")
"""Policies that are replayed through a log."""
_SAMPLES: Final = 2
ESSENTIAL: Final = frozenset({"variant", "sends", "conversions", "conversion_rate", "converted"})
"""Roles of columns that no campaign can do without."""
DECISIONS: Final = 300
"""Along a campaign: nobody who sends e-mails decides anew after each."""
CONTESTANTS: Final = ("ab_split", "thompson", "epsilon_greedy", "ucb1", "test_then_winner")
"""What is done today, and one of each family."""
_PACKAGE: Final = Path(__file__).resolve().parent


class Column(TypedDict):
    """A column of the file: what it was taken for, and what it holds."""

    title: str
    role: str
    samples: list[str]


class Counts(TypedDict):
    """Counts of K lines."""

    arms: list[str]
    sends: list[int]
    conversions: list[int]
    opens: list[int] | None
    clicks: list[int] | None
    revenue: list[float] | None


class Told(TypedDict):
    """All that a campaign file says."""

    shape: str  # "variants" or "recipients": what a row stands for
    rows: int  # recipients, or variants
    columns: list[Column]  # those at the heart of a campaign first, those that are not used last
    notes: list[str]  # what was decided or left out
    questions: list[str]  # what has to be said before it can be read; the rest is missing then
    counts: Counts | None
    emergence: Emergence | None  # null without times of sending
    estimated: list[str]  # what the scenario rests on, in plain sentences
    scenario: dict[str, Any] | None


def told_of(
    content: bytes, filename: str, roles: Mapping[str, str] | None = None, reading: Bounds = nullcontext
) -> Told:
    r"""Return what a campaign file says.

    Args:
        content: CSV, TSV or XLSX.
        filename: as errors name it.
        roles: what columns mean, by their titles, where their names do not say.
        reading: opened while the file is read: what is large then is the file's fault.

    Raises:
        DataError: a file that cannot be read; names row, column and what to do.

    >>> found = told_of(b"variant,sends,orders\nPlain,1000,40\nPlayful,1000,55\n", "test.csv")
    >>> found["shape"], found["rows"], found["counts"]["conversions"], found["emergence"]
    ('variants', 2, [40, 55], None)
    """
    with reading():
        known, campaign = recognise_and_read(content, filename, roles)
    columns: list[Column] = [
        {"title": column.title, "role": column.role, "samples": list(column.samples)} for column in known.columns
    ]
    columns.sort(key=lambda column: (column["role"] == "ignore", column["role"] not in ESSENTIAL))
    if campaign is None:
        return {
            "shape": known.shape,
            "rows": 0,
            "columns": columns,
            "notes": list(known.notes),
            "questions": list(known.questions),
            "counts": None,
            "emergence": None,
            "estimated": [],
            "scenario": None,
        }
    calibration = calibrate(campaign, update_every=max(1, min(int(campaign.sends.sum()), MOST_SENDS) // DECISIONS))
    return {
        "shape": known.shape,
        "rows": len(campaign.arms if campaign.rows is None else campaign.rows.variant),
        "columns": columns,
        "notes": list(campaign.notes),
        "questions": [],
        "counts": _counts(campaign),
        "emergence": _emergence(campaign),
        "estimated": list(calibration.notes),
        "scenario": _contested(calibration.scenario).to_dict(),
    }


class LogTold(TypedDict):
    """All that a log of decisions says."""

    rows: int
    columns: list[Column]
    notes: list[str]  # what was decided or left out
    chances: str  # who says with which chance lines were sent: "logged", "even" or "guessed"
    estimates: Estimates


def log_told_of(
    content: bytes,
    filename: str,
    roles: Mapping[str, str] | None = None,
    reading: Bounds = nullcontext,
    *,
    even: bool = False,
) -> LogTold:
    r"""Return what a log of decisions says.

    Args are those of `told_of`, and `even` that of `engine.evaluation.uploads.read_decision_log`.

    Raises:
        DataError: a file that cannot be read; names row, column and what to do.

    >>> found = log_told_of(b"line,chance,clicked\nPlain,50%,no\nPlayful,50%,yes\n", "log.csv")
    >>> found["rows"], found["chances"], found["estimates"]["arms"]
    (2, 'logged', ['Plain', 'Playful'])
    """
    with reading():
        found = read_decision_log(content, filename, roles, even=even)
        head = _samples_of(content, filename)
    return {
        "rows": len(found.log),
        "columns": [
            {"title": title, "role": role, "samples": head.get(title, [])} for title, role in found.roles.items()
        ],
        "notes": list(found.notes),
        "chances": found.chances,
        "estimates": estimates_of(found.log, policies=[{"name": name} for name in LEARNERS]),
    }


def _samples_of(content: bytes, filename: str) -> dict[str, list[str]]:
    """Return the first two cells that differ of each column, by its title."""
    table = opened(content, filename)
    cells = zip(*(row.cells for row in table.head()), strict=True)
    return {
        title: [str(cell) for cell in dict.fromkeys(filter(None, column))][:_SAMPLES]
        for title, column in zip(table.titles, cells, strict=False)
    }


def _contested(scenario: Scenario) -> Scenario:
    """Return the scenario with the usual policies, and where recipients differ one that tells them apart."""
    names = [*CONTESTANTS, *(["segment_thompson"] if scenario.is_segmented else [])]
    return scenario.with_changes(policies=[{"name": name} for name in names])


def read_apart(path: Path, filename: str, roles: Mapping[str, str] | None = None) -> Told:
    """Return what a campaign file on disk says, read by another process within bounds of time and memory.

    Raises:
        DataError: a file that cannot be read, or not within the bounds.
    """
    told: Told = _asked_apart({"path": str(path), "filename": filename, "roles": dict(roles or {})})
    return told


def read_log_apart(path: Path, filename: str, roles: Mapping[str, str] | None = None, *, even: bool = False) -> LogTold:
    """Return what a log of decisions on disk says, likewise.

    Raises:
        DataError: a file that cannot be read, or not within the bounds.
    """
    warm(LEARNERS)  # compiling takes more memory than the other process may have; from disk it only loads
    told: LogTold = _asked_apart({"path": str(path), "filename": filename, "roles": dict(roles or {}), "even": even})
    return told


def _asked_apart(asked: dict[str, Any]) -> Any:
    filename = asked["filename"]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "engine.reading"],
            input=orjson.dumps(asked),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it might tell of the file's rows
            timeout=MOST_SECONDS,
            cwd=_PACKAGE.parent,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_much(filename, f"a file that takes more than {MOST_SECONDS:.0f} seconds to read") from None
    answer: dict[str, Any] = (
        orjson.loads(done.stdout) if done.returncode == 0 else {"failed": f"status {done.returncode}"}
    )
    if "error" in answer:
        raise DataError(answer["error"])
    if "failed" in answer:
        log.error("A file could not be read: %s", answer["failed"])
        raise _too_much(filename, "a file that could not be read, or not in the memory that there is")
    return answer["told"]


def _too_much(filename: str, what: str) -> DataError:
    return DataError(
        f"{shown(filename)}: got {what}. Leave out the columns that are not needed, or sum the rows by variant."
    )


def _counts(campaign: Campaign) -> Counts:
    def listed(counts: Any) -> Any:
        return None if counts is None else counts.tolist()

    return {
        "arms": list(campaign.arms),
        "sends": campaign.sends.tolist(),
        "conversions": campaign.conversions.tolist(),
        "opens": listed(campaign.opens),
        "clicks": listed(campaign.clicks),
        "revenue": listed(campaign.revenue),
    }


def _emergence(campaign: Campaign) -> Emergence | None:
    rows = campaign.rows
    if rows is None or rows.sent_hours is None:
        return None
    timed = np.flatnonzero(~np.isnan(rows.sent_hours))
    order = timed[np.argsort(rows.sent_hours[timed], kind="stable")]
    if len(order) == 0:
        return None
    return emergence(rows.variant[order], rows.converted[order], len(campaign.arms))


@contextmanager
def _bounded() -> Iterator[None]:
    """Keep this process from taking more memory than reading a file may; machine code, loaded later, is no fault of it."""
    if sys.platform != "linux":
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (settings().reading_megabytes * 1_000_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_DATA, before)


def _told(asked: dict[str, Any]) -> Told | LogTold:
    content, filename, roles = Path(asked["path"]).read_bytes(), asked["filename"], asked["roles"]
    if "even" in asked:
        return log_told_of(content, filename, roles, _bounded, even=asked["even"])
    return told_of(content, filename, roles, _bounded)


def main() -> None:
    """Answer the question on the standard input on the standard output."""
    asked = orjson.loads(sys.stdin.buffer.read())
    answer: dict[str, Any]
    try:
        answer = {"told": _told(asked)}
    except DataError as error:
        answer = {"error": str(error)}
    except Exception as error:  # noqa: BLE001  # the other process tells of it, without a word of what is in the file
        answer = {
            "failed": f"{type(error).__name__} {[frame.lineno for frame in traceback.extract_tb(error.__traceback__)]}"
        }
    sys.stdout.buffer.write(orjson.dumps(answer))


if __name__ == "__main__":
    main()
