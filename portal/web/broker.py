"""Waking workers without ever waiting for the broker.

A thread of each process publishes, one wake after the other; whoever asks for one only puts it into a list in memory. What
is lost with the process, or because the broker is away, beat finds again from the database within a minute.
"""

import atexit
import logging
import os
import queue
import threading
import time
from typing import Any, NamedTuple

from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

# More wakes than this wait only behind a broker that is away.
WAITING_MAX = 1000
# A command that ends right after its wake gives the thread so long.
LAST_SECONDS = 1.0


class _Wake(NamedTuple):
    task: Any
    args: tuple[Any, ...]
    # Asked for by whoever wakes: a task that cannot even be made fails there, not in the thread.
    name: str


class _Publisher:
    """The thread, begun with the first wake; a forked process begins its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: queue.Queue[_Wake] = queue.Queue(WAITING_MAX)
        self._pid = 0

    def put(self, wake: _Wake) -> None:
        """Leave a wake to the thread."""
        self._ensure()
        try:
            self._waiting.put_nowait(wake)
        except queue.Full:
            log.warning("Too many wakes wait for the broker; %s%s will be made up for.", wake.name, wake.args)

    def flush(self, seconds: float) -> bool:
        """Give the thread some seconds to publish what waits; whether it did."""
        until = time.monotonic() + seconds
        while self._pid == os.getpid() and self._waiting.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.01)
        return not self._waiting.unfinished_tasks

    def _ensure(self) -> None:
        with self._lock:
            if self._pid != os.getpid():
                self._pid, self._waiting = os.getpid(), queue.Queue(WAITING_MAX)
                threading.Thread(target=self._run, args=(self._waiting,), name="waker", daemon=True).start()

    @staticmethod
    def _run(waiting: "queue.Queue[_Wake]") -> None:
        while True:
            wake = waiting.get()
            try:
                _publish(wake)
            finally:
                waiting.task_done()


_publisher = _Publisher()
atexit.register(lambda: _publisher.flush(LAST_SECONDS))


def wake(task: Any, *args: Any) -> None:
    """Ask a worker to run `task` once the present transaction has committed.

    A broker that is away or hangs costs a line in the log, never the request: what the task does is found again from the
    database.
    """
    name = str(task.name)
    transaction.on_commit(lambda: _publisher.put(_Wake(task, args, name)))


def flush(seconds: float) -> bool:
    """Wait until what was asked for is published, but not longer than that; for commands and tests."""
    return _publisher.flush(seconds)


def _publish(wake: _Wake) -> None:
    try:
        wake.task.apply_async(wake.args, retry=False)
    except (OperationalError, RedisError, OSError):
        log.warning("The broker did not take %s%s; it will be made up for.", wake.name, wake.args)
    except Exception:
        log.exception("The broker's client failed at %s%s; it will be made up for.", wake.name, wake.args)
