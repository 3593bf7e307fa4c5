"""Whether this process can do its work: a list of checks, to which whoever needs something adds a line.

A check that hangs is a problem, and does not hang those who ask.
"""

import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from engine.locations import cache_folder
from engine.places import hands, shared_line

PATIENCE_SECONDS: Final = 2.0
"""For all checks together."""
FRESH_SECONDS: Final = 1.0
"""However many ask, the checks are made no more often."""

Check = Callable[[], object]
"""Does something that the work needs; it raises any error, or returns False, where that cannot be done."""


class Checks:
    """Checks by a short word that says what is wrong where they fail."""

    def __init__(
        self, checks: dict[str, Check], *, patience: float = PATIENCE_SECONDS, fresh: float = FRESH_SECONDS
    ) -> None:
        self._checks = checks
        self._patience = patience
        self._fresh = fresh
        self._known: tuple[list[str], float] = ([], 0.0)
        self._running: dict[str, _Running] = {}
        self._one_at_a_time = threading.Lock()

    def add(self, word: str, check: Check) -> None:
        """Add a check."""
        self._checks[word] = check

    def problems(self) -> list[str]:
        """Return the words of the checks that fail or hang; all are made side by side."""
        with self._one_at_a_time:
            found, until = self._known
            if time.monotonic() >= until:
                found = self._made()
                self._known = found, time.monotonic() + self._fresh
            return list(found)

    def _made(self) -> list[str]:
        for word, check in self._checks.items():
            # One that hangs is waited for again, not begun again: threads would pile up.
            if word not in self._running:
                self._running[word] = _Running(check)
        end = time.monotonic() + self._patience
        found = [word for word in self._checks if not self._running[word].is_well(max(0.0, end - time.monotonic()))]
        self._running = {word: one for word, one in self._running.items() if one.is_alive()}
        return found


class _Running:
    """A check in a thread of its own."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self._is_well = False
        self._thread = threading.Thread(target=self._run, name="health", daemon=True)
        self._thread.start()

    def is_well(self, patience: float) -> bool:
        """Whether it has come to a good end, within some seconds."""
        self._thread.join(patience)
        return not self._thread.is_alive() and self._is_well

    def is_alive(self) -> bool:
        """Whether it goes on."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._is_well = self._check() is not False
        except Exception:  # noqa: BLE001  # whatever it was, the work cannot be done
            self._is_well = False


def folder_keeps() -> bool:
    """Whether what is written into the cache folder can be read again."""
    folder: Path = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    place, content = folder / f"health-{secrets.token_hex(4)}", secrets.token_bytes(16)
    try:
        place.write_bytes(content)
        return place.read_bytes() == content
    finally:
        place.unlink(missing_ok=True)


def redis_answers() -> bool:
    """Whether the Redis that all processes share is there, if there is to be one."""
    line = shared_line()
    return line is None or bool(line.ask(lambda redis: redis.ping()))


def worker_is_there() -> bool:
    """Whether at least one worker takes tasks, if workers are to run them."""
    return shared_line() is None or hands() > 0


CHECKS: Final = Checks({"cache folder": folder_keeps, "Redis": redis_answers, "worker": worker_is_there})
