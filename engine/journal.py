"""What the program tells its operator: a JSON line for each request, warning and error, on the standard output.

Never in it: what a question asks for (an address without its query, a scenario by its digest alone), what somebody brought,
and secrets. An exception is told by its kind and by where it happened, not in its own words, which may quote a cell of a file.
"""

import logging
import re
import sys
import time
import traceback
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final

import orjson

PRIVATE: Final = re.compile(r"(?<=/)([^\s?]*)\?\S+|\b(ip)=\S+")
"""In the words of others: the query of an address, and who asked."""
MOST_FRAMES: Final = 30


@dataclass
class Notes:
    """What is known of the request that is being answered."""

    request: str
    begun: float
    scenario: str | None = None
    output: str | None = None


_notes: ContextVar[Notes | None] = ContextVar("notes", default=None)


def begin(request: str) -> None:
    """Begin the notes of a request."""
    _notes.set(Notes(request, time.perf_counter()))


def notes() -> Notes | None:
    """Return the notes of the request that is being answered; None elsewhere."""
    return _notes.get()


def end() -> None:
    """End them: the thread goes on to other things."""
    _notes.set(None)


def note_scenario(digest: str) -> None:
    """Note which scenario is asked for; there may be no request at all."""
    known = _notes.get()
    if known is not None:
        known.scenario = digest


def note_output(name: str) -> None:
    """Note which callback answers."""
    known = _notes.get()
    if known is not None:
        known.output = name


class Lines(logging.Formatter):
    """A record as one line of JSON; what it carries as `told` becomes fields of the line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        known = _notes.get()
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": PRIVATE.sub(r"\1\2", record.getMessage()),
            "request": None if known is None else known.request,
            **getattr(record, "told", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__qualname__
            line["where"] = _where(record.exc_info[2])
            causes = _causes(record.exc_info[1])
            line |= {"because": causes} if causes else {}
        return orjson.dumps({name: value for name, value in line.items() if value is not None}, default=str).decode()


def _where(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-MOST_FRAMES:]]


def _causes(error: BaseException | None) -> list[dict[str, Any]]:
    """The errors behind an error, the nearest first."""
    found: list[dict[str, Any]] = []
    while error is not None and len(found) < MOST_FRAMES:
        error = error.__cause__ or error.__context__
        if error is not None:
            found.append({"error": type(error).__qualname__, "where": _where(error.__traceback__)})
    return found


class _Output(logging.StreamHandler[Any]):
    """Writes to whatever the standard output is at the moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stdout

    @stream.setter
    def stream(self, _stream: Any) -> None:
        """It is what it is."""


def write_lines(level: int = logging.INFO) -> logging.Handler:
    """Write everything that is logged as JSON lines from now on; return what writes them."""
    handler = _Output()
    handler.setFormatter(Lines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    return handler
