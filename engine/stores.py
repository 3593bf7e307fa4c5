"""A disk store that never gets in the way: opened when needed, made anew when its folder is gone or its file damaged."""

import logging
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

import diskcache
from filelock import FileLock

log = logging.getLogger(__name__)

TROUBLES = (OSError, sqlite3.Error, diskcache.Timeout, ValueError)
"""What reading and writing a store can raise when its disk does not play along."""

QUIET_SECONDS = 60.0
"""Trouble with the same store is not logged again for so long."""


class DiskStore:
    """A `diskcache.Cache` in a folder; thread- and process-safe."""

    def __init__(self, folder: Path, name: str, **settings: Any) -> None:
        self.folder = folder
        self._name = name
        self._settings = settings
        self._cache: diskcache.Cache | None = None
        self._logged_at = -QUIET_SECONDS

    def opened(self) -> diskcache.Cache:
        """Return the open cache.

        Raises:
            one of `TROUBLES`; tell `gave_trouble` then.
        """
        if self._cache is None:
            self._cache = diskcache.Cache(str(self.folder / self._name), **self._settings)
        return self._cache

    def gave_trouble(self, trouble: Exception) -> None:
        """Close what is open: the folder may have been deleted, and can be made again the next time."""
        if time.monotonic() - self._logged_at > QUIET_SECONDS:
            self._logged_at = time.monotonic()
            log.warning("The store %s in %s does not work, going on without it: %s", self._name, self.folder, trouble)
        self._cache = None
        if type(trouble) is sqlite3.DatabaseError:  # its subclasses tell of other things than a damaged file
            self._discard_damaged()

    def close(self) -> None:
        """Close the files; they are opened again when needed."""
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    def _discard_damaged(self) -> None:
        """Delete a database that cannot be read, unless another process has made a new one since."""
        try:
            (self.folder / "locks").mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / "locks" / "repair.lock", thread_local=False):
                try:
                    self.opened().get("")
                except sqlite3.DatabaseError:
                    self._cache = None
                    shutil.rmtree(self.folder / self._name, ignore_errors=True)
        except TROUBLES as trouble:
            log.warning("The damaged store %s in %s cannot be deleted: %s", self._name, self.folder, trouble)
