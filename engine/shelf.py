"""What visitors brought, each for the one who brought it alone, until a time after the last look at it.

On the shelf lie the file as it came, what it says, and the scenarios that were made of it. Whoever does not name the
owner's token finds nothing, and of the token itself only a hash is kept.
"""

import contextlib
import hashlib
import json
import logging
import os
import re
import secrets
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, TypeVar

import orjson
from filelock import FileLock, Timeout

from engine.errors import BusyError, DataError, ScenarioError
from engine.files.decoding import MOST_BYTES, refuse_size
from engine.files.shown import shown
from engine.locations import cache_folder
from engine.reading import LogTold, Told, read_apart, read_log_apart
from engine.scenario import Scenario
from engine.stores import TROUBLES, DiskStore

logger = logging.getLogger(__name__)

T = TypeVar("T")

KEPT_SECONDS: Final = 2 * 60 * 60.0
"""After the last look."""
MOST_AGE_SECONDS: Final = 12 * 60 * 60.0
"""However often it is looked at."""
REMEMBERED_SECONDS: Final = 30 * 24 * 60 * 60.0
"""How long it is known, by a hash, that a line is somebody's own, so that no link tells of it once its file is gone."""
MOST_BYTES_TOGETHER: Final = 400_000_000
"""Of all files on the shelf; another one has to wait."""
MOST_BYTES_OF_ONE: Final = 60_000_000
"""Of one owner's files; the oldest make room."""
MOST_SENDING_SECONDS: Final = 90.0
"""For a file to come in."""
LEFT_OVER_SECONDS: Final = 10 * 60.0
"""A file that came in so long ago is not being read any more, whatever ended that."""
MOST_WAITING_SECONDS: Final = 30.0
"""For the turn to be read."""
MOST_LETTERS: Final = 120
"""Of a file's name that are kept."""
_PLACE: Final = re.compile(r"([0-9a-f]{20})(?:\.([0-9a-f]{16}))?")
_BLOCK: Final = 1 << 16


@dataclass(frozen=True)
class Brought:
    """A file on the shelf: a campaign, or a log of decisions."""

    identity: str  # 20 hex digits
    owner: str  # hash of the token
    at: float  # when it was brought, in seconds since 1970
    filename: str
    size: int  # bytes
    roles: dict[str, str]  # of columns, as the visitor said
    is_confirmed: bool  # whether the visitor said that the columns were understood
    is_shared: bool  # whether links may carry its names and counts
    campaign: Told | None  # what it says, if it is a campaign
    log: LogTold | None = None  # if it is a log
    is_even: bool = False  # whether the visitor said that a log without chances is of an even split

    @property
    def scenario(self) -> Scenario | None:
        """The campaign as a scenario; None as long as a question about its columns is open, and of a log."""
        raw = None if self.campaign is None else self.campaign["scenario"]
        return None if raw is None else Scenario.from_dict(raw)

    @property
    def told(self) -> Told:
        """What a campaign says; who asks knows that it is one."""
        if self.campaign is None:
            raise TypeError(f"{self.identity} is a log")
        return self.campaign


class Source(NamedTuple):
    """Where the counts in a scenario come from."""

    is_own: bool  # from a file that its owner brought, now or not long ago
    file: Brought | None  # the file, if it is still there


class Shelf:
    """Files by place and owner; thread- and process-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store = DiskStore(folder, "brought", eviction_policy="none")
        self._incoming = folder / "incoming"

    # Files

    def bring(
        self, owner: str, stream: IO[bytes], filename: str, *, is_shared: bool = False, is_log: bool = False
    ) -> Brought:
        """Read a file, of a campaign or a log of decisions, and keep it, or keep nothing.

        Raises:
            DataError: it cannot be read; names row, column and what to do.
            BusyError: others are being read, the shelf is full, or the disk does not play along.
        """
        name = os.path.basename(filename.replace("\\", "/"))[-MOST_LETTERS:] or "file"  # noqa: PTH119  # not a path of ours
        self.sweep()
        try:
            self._incoming.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._incoming) as kept:
                size = _copied(stream, kept, name)
                path = Path(kept.name)
                found = Brought(
                    identity=secrets.token_hex(10),
                    owner=hashed(owner),
                    at=time.time(),
                    filename=name,
                    size=size,
                    roles={},
                    is_confirmed=False,
                    is_shared=is_shared,
                    campaign=None if is_log else self._in_turn(lambda: read_apart(path, name)),
                    log=self._in_turn(lambda: read_log_apart(path, name)) if is_log else None,
                )
                self._make_room(found)
                kept.seek(0)
                self._keep(found, kept)
        except OSError as trouble:
            logger.warning("A file could not be taken in: %s", trouble)
            raise BusyError(f"{shown(name)}: the server cannot keep it at the moment. Try again later.") from None
        return found

    def look(self, place: str, owner: str | None) -> Brought | None:
        """Return what lies at a place, and keep it for longer; None where nothing does for this owner."""
        identity, _ = parted(place)
        if identity is None or owner is None:
            return None
        found = self._recorded(_prefix(hashed(owner), identity))
        if found is None:
            return None
        for what in ("record", "file"):
            self._ask("touch", f"{_prefix(found.owner, identity)} {what}", _seconds_left(found))
        return found

    def read_again(self, found: Brought, roles: Mapping[str, str], *, is_even: bool = False) -> Brought:
        """Read a file anew with what its owner says of its columns, and of a log whether its split was even.

        Raises:
            DataError: with these roles it cannot be read; what lay there before stays. Or it is gone meanwhile.
            BusyError: others are being read, or the disk does not play along.
        """
        try:
            with self._opened_file(found) as file:
                path, name = Path(file.name), found.filename
                if found.campaign is None:
                    log = self._in_turn(lambda: read_log_apart(path, name, roles, even=is_even))
                    return self._changed(found, log=log, roles=dict(roles), is_confirmed=True, is_even=is_even)
                told = self._in_turn(lambda: read_apart(path, name, roles))
        except OSError as trouble:
            logger.warning("A file could not be read again: %s", trouble)
            raise BusyError(f"{shown(found.filename)}: it cannot be read at the moment. Try again later.") from None
        return self._changed(found, campaign=told, roles=dict(roles), is_confirmed=not told["questions"])

    def confirm(self, found: Brought) -> Brought:
        """Note that the columns were understood."""
        return self._changed(found, is_confirmed=True)

    def share(self, found: Brought, *, is_shared: bool) -> Brought:
        """Note whether links may carry names and counts."""
        return self._changed(found, is_shared=is_shared)

    def delete(self, found: Brought) -> bool:
        """Take a file and all scenarios that were made of it away; return whether that worked."""
        return self._ask("evict", _prefix(found.owner, found.identity)) is not None

    # Scenarios

    def source_of(self, scenario: Scenario, owner: str | None) -> Source:
        """Return whether something of one of the owner's files is in a scenario, and that file if it is still there."""
        for trait in _traits(scenario) if owner is not None else ():
            identity = self._get(_name_of_trait(hashed(str(owner)), trait))
            if identity is not None:
                return Source(is_own=True, file=self.look(identity.decode(), owner))
        return Source(is_own=False, file=None)

    def put_scenario(self, found: Brought, scenario: Scenario) -> str | None:
        """Keep a scenario beside its file, and return its place; None where the disk does not play along."""
        if scenario == found.scenario:
            return found.identity
        prefix, digest = _prefix(found.owner, found.identity), scenario.digest()[:16]
        content = orjson.dumps(scenario.essentials())
        kept = self._ask("set", f"{prefix} scenario {digest}", content, _seconds_left(found), tag=prefix)
        return f"{found.identity}.{digest}" if kept else None

    def scenario_at(self, place: str, owner: str | None) -> Scenario | None:
        """Return the scenario at a place, for its owner; None where there is none."""
        found = self.look(place, owner)
        _, digest = parted(place)
        if found is None or digest is None:
            return None if found is None else found.scenario
        name = f"{_prefix(found.owner, found.identity)} scenario {digest}"
        content = self._get(name)
        if content is None:
            return None
        self._ask("touch", name, _seconds_left(found))
        try:
            return Scenario.from_dict(orjson.loads(content))
        except ScenarioError:  # of another version
            return None

    # Time

    def sweep(self) -> None:
        """Take away what nobody looked at for long, and what was left of files whose reading was broken off."""
        self._ask("expire")
        with contextlib.suppress(OSError):
            for path in self._incoming.glob("*"):
                if path.stat().st_mtime < time.time() - LEFT_OVER_SECONDS:
                    path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the files; the shelf opens them again when asked."""
        self._store.close()

    # How

    def _in_turn(self, read: Callable[[], T]) -> T:
        """Read a file when it is its turn: reading takes memory, so there is one at a time."""
        lock = self._folder / "locks" / "reading.lock"
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(lock, timeout=MOST_WAITING_SECONDS, thread_local=False):
                return read()
        except Timeout:
            raise BusyError("file: others are being read. Try again in a minute.") from None

    def _make_room(self, found: Brought) -> None:
        """Let the owner's oldest files go until there is room for another; refuse it while others take all of it."""
        own = sorted(
            (one for name in self._names() if name.startswith(f"{found.owner[:_OWNER]} ") and name.endswith(" record")
             and (one := self._recorded(name.removesuffix(" record"))) is not None),
            key=lambda one: one.at,
        )  # fmt: skip
        while own and sum(one.size for one in own) + found.size > MOST_BYTES_OF_ONE:
            self.delete(own.pop(0))
        if (self._ask("volume") or 0) + found.size > MOST_BYTES_TOGETHER:
            raise BusyError(
                "file: the server holds as many files as it can. Try again in an hour, or run your own copy."
            )

    def _names(self) -> list[str]:
        try:
            return [name for name in self._store.opened().iterkeys() if isinstance(name, str)]
        except TROUBLES as trouble:
            self._store.gave_trouble(trouble)
            return []

    def _keep(self, found: Brought, file: IO[bytes]) -> None:
        prefix = _prefix(found.owner, found.identity)
        kept = self._ask("set", f"{prefix} file", file, KEPT_SECONDS, read=True, tag=prefix)
        if not kept or not self._noted(found):
            self.delete(found)
            raise BusyError(f"{shown(found.filename)}: the server cannot keep it at the moment. Try again later.")

    def _changed(self, found: Brought, **fields: Any) -> Brought:
        """Change some fields of what is noted, whatever others have changed meanwhile."""
        prefix = _prefix(found.owner, found.identity)
        try:
            with self._store.opened().transact(retry=True):
                now = self._recorded(prefix)
                if now is not None and self._noted(changed := replace(now, **fields)):
                    return changed
        except TROUBLES as trouble:
            self._store.gave_trouble(trouble)
        raise _gone(found)

    def _recorded(self, prefix: str) -> Brought | None:
        """Return what is noted of a file; None of one that another version of this program has noted."""
        record = self._get(f"{prefix} record")
        try:
            found = None if record is None else Brought(**orjson.loads(record))
            _ = found and found.scenario
        except (TypeError, KeyError, ValueError, ScenarioError):
            return None
        return found

    def _noted(self, found: Brought) -> bool:
        prefix, left = _prefix(found.owner, found.identity), _seconds_left(found)
        for trait in _traits(found.scenario) if found.scenario is not None else ():
            self._ask("set", _name_of_trait(found.owner, trait), found.identity.encode(), REMEMBERED_SECONDS)
        return bool(self._ask("set", f"{prefix} record", orjson.dumps(asdict(found)), left, tag=prefix))

    def _opened_file(self, found: Brought) -> Any:
        file = self._ask("get", f"{_prefix(found.owner, found.identity)} file", read=True)
        if file is None:
            raise _gone(found)
        return file

    def _get(self, name: str) -> bytes | None:
        content = self._ask("get", name)
        return content if isinstance(content, bytes) else None

    def _ask(self, do: str, *what: Any, **how: Any) -> Any:
        """Ask the store for something; None where the disk does not play along."""
        try:
            return getattr(self._store.opened(), do)(*what, **how)
        except TROUBLES as trouble:
            self._store.gave_trouble(trouble)
            return None


_OWNER: Final = 16
"""Hex digits of an owner's hash that stand before the names of what they brought."""


def _prefix(owner: str, identity: str) -> str:
    return f"{owner[:_OWNER]} {identity}"


def _seconds_left(found: Brought) -> float:
    return min(KEPT_SECONDS, found.at + MOST_AGE_SECONDS - time.time())


def _gone(found: Brought) -> DataError:
    return DataError(f"{shown(found.filename)}: it is no longer kept. Bring it again.")


def _traits(scenario: Scenario) -> list[list[Any]]:
    """Return by what a scenario is known to be of a file: counts of its lines, whatever they are called, and its groups."""
    counts = [["line", arm.history.sends, arm.history.conversions] for arm in scenario.arms if arm.history is not None]
    groups = [
        [dimension, group.name, group.share]
        for dimension, found in scenario.segments.dimensions.items()
        for group in found
    ]
    return counts + groups


def _name_of_trait(owner: str, trait: list[Any]) -> str:
    """Return where it is noted that something is of a file: a hash, which tells neither names nor counts."""
    return f"own {hashed(json.dumps([owner, *trait]))}"


def parted(place: str) -> tuple[str | None, str | None]:
    """Return the file and the scenario that a place names, if it is one.

    >>> parted("0123456789abcdef0123"), parted("0123456789abcdef0123.0123456789abcdef"), parted("x")
    (('0123456789abcdef0123', None), ('0123456789abcdef0123', '0123456789abcdef'), (None, None))
    """
    found = _PLACE.fullmatch(place)
    return (found[1], found[2]) if found else (None, None)


def hashed(token: str) -> str:
    """Return what is kept of an owner's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _copied(stream: IO[bytes], to: IO[bytes], filename: str) -> int:
    """Copy a stream, no further than is read of a file, and for no longer than that may take."""
    size, until = 0, time.monotonic() + MOST_SENDING_SECONDS
    while block := stream.read(_BLOCK):
        if time.monotonic() > until:
            raise DataError(f"{shown(filename)}: it took too long to come in. Try again over a faster line.")
        size += len(block)
        if size > MOST_BYTES:
            break
        to.write(block)
    to.flush()
    refuse_size(size, filename)
    return size


@cache
def shelf() -> Shelf:
    """Return this process's door to the shelf that all processes share."""
    return Shelf(cache_folder())
