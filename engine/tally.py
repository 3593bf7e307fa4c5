"""How often things happened in this process; whoever watches the program reads it, and nothing depends on it."""

import threading
from collections import Counter
from typing import Final

NAMES: Final = ("jobs_started", "jobs_finished", "jobs_stopped", "jobs_failed", "answers_kept", "answers_computed")

_counted: Counter[str] = Counter()
_one_at_a_time = threading.Lock()


def count(name: str) -> None:
    """Count one more of `NAMES`."""
    with _one_at_a_time:
        _counted[name] += 1


def counted() -> dict[str, int]:
    """Return how often each happened since the process began."""
    with _one_at_a_time:
        return {name: _counted[name] for name in NAMES}
