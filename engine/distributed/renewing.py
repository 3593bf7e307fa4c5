"""What has to be renewed again and again, as long as its process lives: claims, and entries of a roll."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Renewing(Generic[T]):
    """Things that a thread renews until they are dropped; what was dropped is never renewed afterwards. Thread-safe."""

    def __init__(self, renew: Callable[[list[T]], None], seconds: float) -> None:
        self._renew = renew
        self._seconds = seconds
        self._kept: dict[T, None] = {}
        self._changing = threading.Lock()
        self._thread: threading.Thread | None = None

    def keep(self, one: T) -> None:
        """Renew it from now on."""
        with self._changing:
            self._kept[one] = None
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="renewing", daemon=True)
                self._thread.start()

    def drop(self, one: T) -> None:
        """Renew it no more."""
        with self._changing:
            self._kept.pop(one, None)

    def kept(self) -> list[T]:
        """Return what is renewed."""
        with self._changing:
            return list(self._kept)

    def renew(self) -> None:
        """Renew everything; whoever drops something meanwhile waits."""
        with self._changing:
            if self._kept:
                self._renew(list(self._kept))

    def _run(self) -> None:
        while True:
            time.sleep(self._seconds)
            self.renew()
