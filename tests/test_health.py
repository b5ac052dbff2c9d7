"""Health: for machines that know no host of ours, and before everything that could fail."""

from typing import Any

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_it_answers_whatever_host_is_named_without_tls_or_session(settings: Any, path: str) -> None:
    settings.ALLOWED_HOSTS = ["portal.example"]
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get(path, headers={"host": "127.0.0.1:8000"})
    assert (answer.status_code, dict(answer.cookies)) == (200, {})


@pytest.mark.django_db
def test_every_other_page_still_asks_for_a_host_of_ours(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["portal.example"]
    assert Client().get("/sign-in/", headers={"host": "127.0.0.1:8000"}).status_code == 400


def test_the_check_of_the_composed_site_asks_an_address_that_there_is() -> None:
    from pathlib import Path

    from portal.health import VIEWS

    text = Path("docker-compose.yml").read_text(encoding="utf-8")
    assert any(f"http://127.0.0.1:8000{path}'" in text for path in VIEWS)
