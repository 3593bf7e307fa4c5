"""Whether a worker still hears its queue.

Celery's consumer can come back deaf when Redis was away: its loop turns and it is connected, but it never asks for a
message again, and nothing is raised (Celery 5.7 and kombu 5.7, with threads). Only one sign is left: messages wait,
and a worker with free hands takes none.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Final

from engine.stores import AwayError

LOOK_SECONDS: Final = 2.0
DEAF_SECONDS: Final = 8.0
"""A worker that is free takes a message at once; one that has let them wait for so long does not hear them."""


class Hearing:
    """Watches over what a worker takes from its queue. Thread-safe.

    Args:
        waiting: Returns how many messages lie in the queue; AwayError where nobody can tell.
        clock: Returns seconds.
    """

    def __init__(self, waiting: Callable[[], int], clock: Callable[[], float] = time.monotonic) -> None:
        self._waiting = waiting
        self._clock = clock
        self._in_hand: set[object] = set()
        self._heard_at = clock()

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """Know that a message was taken, and is in hand until the block ends."""
        mark = object()
        self._in_hand.add(mark)
        try:
            yield
        finally:
            self._heard_at = self._clock()
            self._in_hand.discard(mark)

    def is_deaf(self) -> bool:
        """Whether messages have waited for long before a free worker; to be asked every `LOOK_SECONDS`."""
        try:
            is_well = bool(self._in_hand) or not self._waiting()
        except AwayError:
            is_well = True  # there is nothing to hear
        if is_well:
            self._heard_at = self._clock()
        return self._clock() - self._heard_at > DEAF_SECONDS
