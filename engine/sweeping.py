"""What has come to its end is taken off the disk from time to time, also where nobody comes any more."""

import threading
import time
from functools import cache
from typing import Final

from engine.cache import shared
from engine.jobs import shared_jobs
from engine.shelf import shelf

SWEEP_SECONDS: Final = 10 * 60.0


def sweep() -> None:
    """Take away what was brought, what was worked out from it, and what jobs noted, as far as its time is over."""
    shelf().sweep()
    shared().forget_old()
    shared_jobs().forget_old()


@cache
def keep_sweeping() -> threading.Thread:
    """Sweep as long as the process lives; one thread does, however often this is asked for."""

    def run() -> None:
        while True:
            sweep()
            time.sleep(SWEEP_SECONDS)

    thread = threading.Thread(target=run, name="sweep", daemon=True)
    thread.start()
    return thread
