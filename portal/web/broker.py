"""Waking workers without ever waiting for the broker."""

import logging
from typing import Any

from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def wake(task: Any, *args: Any) -> None:
    """Ask a worker to run `task` once the present transaction has committed.

    A broker that is away costs a line in the log, never the request: what the task does is found again from the database.
    """
    transaction.on_commit(lambda: _publish(task, args))


def _publish(task: Any, args: tuple[Any, ...]) -> None:
    try:
        task.apply_async(args, retry=False)
    except (OperationalError, RedisError, OSError):
        log.warning("The broker did not take %s%s; it will be made up for.", task.name, args)
