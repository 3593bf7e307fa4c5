"""The board in Redis: notes, leases, claims, and how much is claimed."""

from typing import Any

import orjson

from engine.board import A_DAY, BoardStore, Change, Claim, Leases
from engine.distributed.line import PREFIX, Line, RemoteClaim
from engine.distributed.roll import Roll


class RedisNotes(BoardStore):
    """What a board puts into Redis."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._roll = Roll(line, "jobs")

    def get(self, name: str) -> bytes | None:
        """Return a note."""
        found = self._line.ask(lambda redis: redis.get(f"{PREFIX}:note:{name}"))
        return found if isinstance(found, bytes) else None

    def set(self, name: str, note: bytes, seconds: float) -> None:
        """Put up a note."""
        self._line.ask(lambda redis: redis.set(f"{PREFIX}:note:{name}", note, px=round(1000 * seconds)))

    def leases(self, job: str) -> Leases:
        """Return who wants a job."""
        return _leases(self._line.ask(lambda redis: redis.get(_of(job))))

    def change_leases(self, job: str, change: Change) -> None:
        """Change who wants a job, whatever others change meanwhile."""

        def within(several: Any) -> None:
            leases = change(_leases(several.get(_of(job))))
            several.multi()
            several.set(_of(job), orjson.dumps(leases), ex=A_DAY)

        self._line.ask(lambda redis: redis.transaction(within, _of(job)))

    def claim(self, job: str, weight: float) -> Claim | None:
        """Return the right to run a job, which is on the roll as long as it is kept."""
        claim = self._line.claim(f"job:{job}")
        return None if claim is None else _OnRoll(claim, self._roll, f"{weight:.0f} {job}")

    def weights(self) -> list[float]:
        """Return the weights of all jobs that are claimed."""
        return [float(entry.partition(" ")[0]) for entry in self._roll.present()]

    def forget_old(self) -> None:
        """Redis forgets by itself."""

    def gave_trouble(self, trouble: Exception) -> None:
        """Nothing to mend: the line mends by itself."""

    def close(self) -> None:
        """Let go of the connections."""
        self._line.close()


class _OnRoll:
    """A claim whose job stands on the roll."""

    def __init__(self, claim: RemoteClaim, roll: Roll, entry: str) -> None:
        self._claim = claim
        self._roll = roll
        self._entry = entry
        roll.enter(entry)

    def release(self) -> None:
        """Let another have it."""
        self._roll.leave(self._entry)
        self._claim.release()


def _of(job: str) -> str:
    return f"{PREFIX}:leases:{job}"


def _leases(kept: Any) -> Leases:
    leases: Leases = orjson.loads(kept) if kept else {}
    return leases
