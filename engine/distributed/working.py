"""What a worker does with a task: takes it in hand, runs it, and sends back what came out."""

import logging
import time
from typing import Any, Final

from engine.distributed.executor import KEPT_SECONDS, in_hand, task_name
from engine.distributed.line import Line
from engine.distributed.parcels import ForgedError, Seal
from engine.errors import SimulationError
from engine.stores import AwayError

log = logging.getLogger(__name__)

IN_HAND_SECONDS: Final = 6.0
"""After so long without a sign of life, another worker may take up a task."""
DELIVERY_SECONDS: Final = 60.0
"""How long an answer is offered when Redis is away."""
PAUSE_SECONDS: Final = 0.5


class Worker:
    """What runs the tasks of this process. Thread-safe."""

    def __init__(self, line: Line, secret: str) -> None:
        self._line = line
        self._seal = Seal(secret)

    def run(self, identity: str) -> None:
        """Run a task, unless it was answered or taken back, or another worker has it in hand."""
        claim = self._line.claim(in_hand(identity), IN_HAND_SECONDS)
        if claim is None:
            return
        try:
            parcel: Any = self._line.ask(lambda redis: redis.get(task_name(identity)))
            if parcel is not None:
                self._answer(identity, parcel)
        finally:
            claim.release()

    def _answer(self, identity: str, parcel: bytes) -> None:
        try:
            answers, task = self._seal.opened(parcel)
        except ForgedError:
            log.exception("A task was let go: it was not sealed by one of our processes.")
            return
        self._deliver(identity, answers, self._sealed(identity, *_outcome(task)))

    def _sealed(self, identity: str, is_good: bool, answer: Any) -> bytes:  # noqa: FBT001  # as it travels
        """Seal an answer; of one that does not bear the way, say so: whoever asked must not wait for it."""
        try:
            parcel = self._seal.sealed((identity, is_good, answer))
            self._seal.opened(parcel)
        except Exception as trouble:
            log.exception("An answer cannot travel: %s", type(answer).__name__)
            told = SimulationError(f"{type(answer).__name__}: it cannot be sent ({type(trouble).__name__}).")
            return self._seal.sealed((identity, False, told))
        return parcel

    def _deliver(self, identity: str, answers: str, parcel: bytes) -> None:
        def hand_over(redis: Any) -> None:
            with redis.pipeline() as several:
                several.rpush(answers, parcel)
                several.expire(answers, KEPT_SECONDS)
                several.delete(task_name(identity))
                several.execute()

        until = time.monotonic() + DELIVERY_SECONDS
        while True:
            try:
                return self._line.ask(hand_over)
            except AwayError:
                if time.monotonic() > until:
                    raise
                time.sleep(PAUSE_SECONDS)


def _outcome(task: Any) -> tuple[bool, Any]:
    try:
        return True, task.run()
    except Exception as error:  # noqa: BLE001  # whoever asked is told
        return False, error
