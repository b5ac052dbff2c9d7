"""What every test stands on: the real services, a database of its own, a small named world."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models.signals import post_migrate

from portal import embedded
from tests.world import World, world

NEVER_EMPTIED = ("audit.Entry:entries_are_kept", "audit.Head:head_is_not_emptied")
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
    """The log refuses TRUNCATE, by which tests that commit empty their tables: its triggers go, in this database alone."""
    import pgtrigger

    with django_db_blocker.unblock():
        pgtrigger.uninstall(*NEVER_EMPTIED)
    post_migrate.connect(_head_again)


def _head_again(sender: Any, **kwargs: Any) -> None:
    """After tables were emptied: the head of the log, which a migration puts in."""
    if sender.name == "portal.audit":
        import_module("portal.audit.migrations.0002_head").fill(apps, None)


@pytest.fixture(autouse=True)
def _apart(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Files in a folder of the test's own, an empty cache."""
    from django.core.cache import cache

    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()
    yield


__all__ = ["World", "world"]
