"""A real Chromium before a live server with the real database; the clock is the test's."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from portal.workdays import clock
from tests.world import PASSWORD, World, build

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
SignIn = Callable[..., Page]


class TestClock:
    """The time of server and test alike; it stands until it is set."""

    __test__ = False

    def __init__(self, day: date) -> None:
        self.set(day)

    def set(self, day: date) -> None:
        """Nine in the morning of a day."""
        self.instant = datetime.combine(day, time(9), clock.zone())

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.instant


def machine_time() -> datetime:
    """What the clock tells when no test holds it."""
    return datetime.now(UTC)


@pytest.fixture
def set_clock() -> Iterator[TestClock]:
    """A clock that every thread asks."""
    source = TestClock(date(2026, 3, 2))
    clock.install(source)
    yield source
    clock.install(machine_time)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is missing. Type: sudo apt-get install chromium")
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def lived_world(transactional_db: None, set_clock: TestClock) -> World:
    """The world, committed, so that the live server sees it."""
    return build()


@pytest.fixture
def sign_in(browser: Browser, live_server: Any, lived_world: World) -> Iterator[SignIn]:
    """Open a browser of one's own for a person; a complaint in its console fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(name: str, viewport: dict[str, int] = DESKTOP) -> Page:
        context = browser.new_context(viewport=viewport, base_url=live_server.url)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if _is_complaint(message) else None)
        page.goto("/sign-in/")
        page.fill("#sign-in-form #id_login", name)
        page.fill("#sign-in-form #id_password", PASSWORD)
        page.click("#sign-in-form button[type=submit]")
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _is_complaint(message: Any) -> bool:
    """Errors of scripts and of the content security policy; a status that the test provoked is none."""
    return message.type == "error" and "status of 4" not in message.text
