"""Fixtures of this room."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from responsibility.models import Report
from tests.responsibility.letters import ready
from tests.responsibility.reports import open_period
from tests.world import World

Capture = Callable[[], CaptureQueriesContext]


@pytest.fixture
def connection_queries() -> Capture:
    """`with connection_queries() as seen:` and then `len(seen)`."""
    return lambda: CaptureQueriesContext(connection)


@pytest.fixture
def report(world: World) -> Report:
    """The bureau's half-yearly report, not yet written."""
    ready(world)
    open_period(world)
    return Report.objects.get(unit=world.unit("B"))
