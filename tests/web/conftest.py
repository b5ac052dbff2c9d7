"""Two people with browsers; the pages of `tests.web.pages`."""

from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import User
from tests.world import BACKEND, PASSWORD


def person(name: str) -> User:
    return User.objects.create_user(name, PASSWORD, name_en=name.title(), email=f"{name}@example.org")


def browser(user: User, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def alice(db: None) -> User:
    return person("alice")


@pytest.fixture
def bob(db: None) -> User:
    return person("bob")


@pytest.fixture
def client(alice: User) -> Client:
    """Alice's browser."""
    return browser(alice)
