"""Fixtures of this room."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

Capture = Callable[[], CaptureQueriesContext]


@pytest.fixture
def connection_queries() -> Capture:
    """`with connection_queries() as seen:` and then `len(seen)`."""
    return lambda: CaptureQueriesContext(connection)
