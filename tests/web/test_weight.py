"""What a page costs a phone: little, and only what it uses."""

import re
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from django.test import Client

from portal.accounts.models import User
from portal.web.models import Job
from portal.workdays import clock
from tests.world import World

STATIC = Path(settings.BASE_DIR) / "static"
# Kilobytes as they travel, packed by brotli: style sheet, scripts and icons of a page without a chart.
BUDGET = 30


def loaded(page: str) -> set[str]:
    """The files of our own that a page names, without the fingerprint in their names."""
    found = re.findall(r'(?:src|href)="/static/([^"#]+)', page)
    return {re.sub(r"\.[0-9a-f]{12}\.", ".", name) for name in found}


def weight(names: set[str]) -> float:
    return sum(len(brotli.compress((STATIC / name).read_bytes())) for name in names) / 1000


@pytest.mark.parametrize(
    ("who", "url"),
    [("coordinator", "/compliance/"), ("coordinator", "/duties/"), ("leader", "/my/"), ("leader", "/inbox/")],
)
def test_a_page_without_a_chart_is_light(world: World, who: str, url: str) -> None:
    names = loaded(world.client(who).get(url).content.decode())
    assert "build/portal.css" in names
    assert not {name for name in names if "echarts" in name or "htmx" in name}
    assert weight(names) < BUDGET


def test_the_chart_is_loaded_where_there_is_one(world: World) -> None:
    assert "build/echarts.min.js" in loaded(world.client("coordinator").get("/today/").content.decode())


def test_the_progress_of_a_job_loads_what_asks_for_it(world: World) -> None:
    owner: User = world.user("coordinator")
    job = Job.objects.create(owner=owner, kind="issue-letters", total=1, created_at=clock.now())
    client: Client = world.client("coordinator")
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert "build/htmx.min.js" in loaded(page)
    assert "includeIndicatorCSS" in page
