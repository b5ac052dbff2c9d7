"""Fixtures of this room."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def connection_queries() -> partial[CaptureQueriesContext]:
    """`with connection_queries() as seen:` and then `len(seen)`."""
    return partial(CaptureQueriesContext, connection)
