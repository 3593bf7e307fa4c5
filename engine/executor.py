"""Where tasks are run. Threads here; workers elsewhere only need the same two members."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Protocol, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Task(Protocol[T_co]):
    """A piece of work that any process can do with the same outcome: a small value that can be pickled, as its answer can."""

    def run(self) -> T_co:
        """Do it."""


class ExecutorClosedError(Exception):
    """The process is ending, or the executor was closed: nothing more is run here."""


class Executor(Protocol):
    """Runs tasks, in any order, many at a time."""

    @property
    def workers(self) -> int:
        """Tasks that run at the same time."""

    @property
    def trouble(self) -> str:
        """What keeps tasks from being run at the moment, as a sentence; empty when nothing does."""

    def submit(self, task: Task[T]) -> Future[T]:
        """Run a task soon; one that has not begun can be cancelled.

        Raises:
            ExecutorClosedError: the process is ending.
        """


class ThreadExecutor:
    """The threads of this process: the compiled loop leaves the interpreter free, so they use all cores."""

    trouble = ""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or available_cores()
        self._pool: ThreadPoolExecutor | None = None
        self._opening = Lock()

    def submit(self, task: Task[T]) -> Future[T]:
        """Run a task on one of the threads."""
        try:
            return self._opened().submit(task.run)
        except RuntimeError as ending:  # the only one that a pool raises: it, or the interpreter, is being shut down
            raise ExecutorClosedError(str(ending)) from ending

    def close(self) -> None:
        """Wait for the tasks that run and let the threads end; the next task starts new ones."""
        with self._opening:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(cancel_futures=True)

    def _opened(self) -> ThreadPoolExecutor:
        with self._opening:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="replications")
            return self._pool


def available_cores() -> int:
    """Return how many cores this process may use; a container often may not use all."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
