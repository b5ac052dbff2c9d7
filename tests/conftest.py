"""What every test stands on: the real services, a database of its own, a small named world."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal import embedded
from tests.world import World, world

STATE = embedded.state_dir()
_started_here = False


def pytest_configure(config: pytest.Config) -> None:
    """Start the services once, in the process that hands out the tests."""
    global _started_here
    if not hasattr(config, "workerinput"):
        _started_here = not all(embedded.status(STATE).values())
        embedded.start(STATE)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this run started."""
    if not hasattr(config, "workerinput") and _started_here:
        embedded.stop(STATE)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Append-only tables refuse TRUNCATE, except in a database that says it is for tests."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        name = connection.settings_dict["NAME"]
        cursor.execute(f"ALTER DATABASE \"{name}\" SET portal.test = 'on'")
        cursor.execute("SET portal.test = 'on'")


@pytest.fixture(autouse=True)
def _apart(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Files in a folder of the test's own, an empty cache."""
    from django.core.cache import cache

    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()
    yield


__all__ = ["World", "world"]
