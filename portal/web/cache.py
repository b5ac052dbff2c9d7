"""The cache: Redis, and where that is away or hangs, the memory of the process.

Nothing in the cache is needed: what is kept there can be drawn anew. But sign-in counts wrong tries in it, and these must
neither lock people out nor stop counting while Redis is away. So each process then counts for itself.
"""

import logging
import time
from collections.abc import Callable
from threading import Lock
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

# So long nobody asks a Redis that did not answer; one request in that time waits for its timeout, no more.
AWAY_SECONDS = 5
LOG_SECONDS = 60


class _Outage:
    """Since when Redis is away, for all threads of the process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ask_again_at = 0.0
        self._log_again_at = 0.0

    def lasts(self) -> bool:
        """Whether Redis need not be asked now. The first who asks when the time is over asks for the others too."""
        with self._lock:
            now = time.monotonic()
            if self._ask_again_at == 0:
                return False
            if now < self._ask_again_at:
                return True
            self._ask_again_at = now + AWAY_SECONDS
            return False

    def begins(self, error: Exception) -> None:
        """Redis did not answer."""
        with self._lock:
            now = time.monotonic()
            self._ask_again_at = now + AWAY_SECONDS
            told, self._log_again_at = now < self._log_again_at, max(self._log_again_at, now)
            if not told:
                self._log_again_at = now + LOG_SECONDS
        if not told:
            log.warning("Redis does not answer; each process keeps its own cache meanwhile: %s", error)

    def ends(self) -> None:
        """Redis answers."""
        with self._lock:
            self._ask_again_at = 0.0


_outage = _Outage()


def _guarded(name: str) -> Callable[..., Any]:
    """A method of the cache that falls back to the memory of the process."""
    in_redis, in_memory = getattr(RedisCache, name), getattr(LocMemCache, name)

    def method(self: "PatientCache", *args: Any, **kwargs: Any) -> Any:
        if not _outage.lasts():
            try:
                found = in_redis(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                _outage.begins(error)
            else:
                _outage.ends()
                return found
        return in_memory(self.memory, *args, **kwargs)

    method.__doc__ = in_redis.__doc__
    return method


class PatientCache(RedisCache):
    """Django's Redis cache, whose absence costs a short wait every few seconds, and nothing else."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        # Room for the wrong tries of a whole town: a counter that is pushed out begins anew.
        self.memory = LocMemCache("portal", params | {"OPTIONS": {"MAX_ENTRIES": 20_000}})

    add = _guarded("add")
    get = _guarded("get")
    set = _guarded("set")
    touch = _guarded("touch")
    delete = _guarded("delete")
    get_many = _guarded("get_many")
    has_key = _guarded("has_key")
    incr = _guarded("incr")
    set_many = _guarded("set_many")
    delete_many = _guarded("delete_many")

    def clear(self) -> None:
        """Forget everything, in both places."""
        self.memory.clear()
        if not _outage.lasts():
            try:
                super().clear()
            except (RedisError, OSError) as error:
                _outage.begins(error)
