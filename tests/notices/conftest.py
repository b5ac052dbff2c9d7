"""Fixtures of this room."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.notices.mail import Server, serving


@pytest.fixture
def smtp(settings: Any) -> Iterator[Server]:
    with serving(settings) as server:
        yield server
