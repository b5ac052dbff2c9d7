"""The main pages of each role, on a phone and a desk, in both languages, in light and dark: nobody is kept out by their form."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from portal.accounts.models import User
from portal.obligations import clock as ladder_clock
from portal.obligations.models import Obligation
from portal.workdays import clock
from responsibility.models import AccountabilityCase, Letter, Part, Report
from responsibility.services import letters, programme, reports
from tests.browser.conftest import DESKTOP, PHONE, SignIn, TestClock
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
# What a page must be whatever axe thinks of it.
FACTS = """() => ({
  lang: document.documentElement.lang,
  headings: document.querySelectorAll("h1").length,
  sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  forms: [...document.querySelectorAll("#main form")].filter(form => !form.id).length,
  twice: [...document.querySelectorAll("[id]")].map(e => e.id).filter((id, at, all) => all.indexOf(id) !== at),
})"""
CHECK = """rules => axe.run(document, Object.assign({resultTypes: ["violations"]}, rules)).then(found => found.violations
  .filter(one => one.impact === "serious" || one.impact === "critical")
  .map(one => one.id + ": " + one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | ")))"""
STANDARD = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


@pytest.fixture
def year(lived_world: World, set_clock: TestClock) -> World:
    """A year in which one bureau has signed and the other has been silent into April."""
    coordinator, head = lived_world.user("coordinator"), lived_world.user("head")
    programme.open_year(coordinator, year=2026, signing_due_on=date(2026, 3, 31))
    letters.issue_chunk(coordinator, 2026, path=str(lived_world.unit("D").path))
    ids = [waiting.pk for waiting in letters.waiting_for(head, 2026)]
    letters.sign_for_group(head, year=2026, letter_ids=ids, typed_name=head.name_en)
    leader, letter = lived_world.user("leader"), Letter.objects.get(unit=lived_world.unit("B"))
    letters.sign_for_unit(leader, letter.pk, expected_version=letter.version, read=True, typed_name="Xu Zhixin")
    kind: Any = "half-year"
    opens = clock.today()
    reports.open_period(coordinator, year=2026, kind=kind, number=1, opens_on=opens, due_on=date(2026, 7, 10))
    set_clock.set(date(2026, 4, 15))
    ladder_clock.run(date(2026, 4, 15))
    return lived_world


def pages_of(who: str) -> list[str]:
    """The addresses of the pages that a role works with."""
    report, case = Report.objects.get(unit__code="B").get_absolute_url(), AccountabilityCase.objects.get(unit__code="O")
    letter = Letter.objects.get(unit__code="B").get_absolute_url()
    duty = f"/duties/{Obligation.objects.get(unit__code='O', kind='letter').pk}/"
    return {
        "coordinator": [
            *("/", "/compliance/?show=all", "/duties/?year=2026&state=lost", "/units/", "/units/O/", "/imports/units/"),
            *("/letters/2026/", letter, "/reports/", report, "/clock/", duty, case.get_absolute_url()),
        ],
        "leader": [
            "/",
            "/duties/?year=2026",
            letter,
            report,
            f"{report}work/",
            f"{report}targets/",
            f"{report}submit/",
            "/inbox/",
        ],
        "other_leader": ["/", case.get_absolute_url(), Letter.objects.get(unit__code="O").get_absolute_url()],
        "head": ["/", "/letters/2026/"],
        "auditor": ["/", "/log/"],
        "security_admin": ["/", "/roles/"],
        "system_admin": ["/", "/outbox/"],
        "staff": ["/", "/inbox/"],
    }[who]


def faults(page: Page, url: str, language: str) -> Iterator[str]:
    """What is wrong with an open page, at both widths and in both appearances."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    # A colour that is still on its way to another is neither of the two.
    page.emulate_media(reduced_motion="reduce")
    for viewport in (PHONE, DESKTOP):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        where = f"{url} {language} {viewport['width']}"
        facts = page.evaluate(FACTS)
        wanted = {"lang": language, "headings": 1, "sideways": 0, "forms": 0, "twice": []}
        yield from (f"{where}: {name} is {facts[name]}" for name, value in wanted.items() if facts[name] != value)
        yield from (f"{where}: {found}" for found in page.evaluate(CHECK, STANDARD))
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    yield from (f"{url} {language} dark: {found}" for found in page.evaluate(CHECK, COLOURS))


@pytest.mark.parametrize(
    "who", ["coordinator", "leader", "other_leader", "head", "auditor", "security_admin", "system_admin", "staff"]
)
def test_the_pages_of_a_role_keep_nobody_out(who: str, year: World, sign_in: SignIn) -> None:
    page = sign_in(who)
    found: list[str] = []
    for code, tag in (("en", "en"), ("zh-hans", "zh-Hans")):
        User.objects.filter(username=who).update(language=code)
        for url in pages_of(who):
            answer = page.goto(url)
            assert answer is not None
            assert answer.ok, f"{url} for {who}: {answer.status}"
            found.extend(faults(page, url, tag))
    assert not found, "\n".join(found)


def test_nobody_is_kept_out_before_signing_in(
    lived_world: World, set_clock: TestClock, browser: Any, live_server: Any
) -> None:
    found: list[str] = []
    for code, tag in (("en-GB", "en"), ("zh-CN", "zh-Hans")):
        context = browser.new_context(base_url=live_server.url, locale=code)
        page = context.new_page()
        for url in ("/sign-in/", "/verify/", "/password/reset/", "/no-such-page/"):
            page.goto(url)
            found.extend(faults(page, url, tag))
        context.close()
    assert not found, "\n".join(found)


def test_the_first_key_skips_to_the_content_and_the_order_is_that_of_the_page(year: World, sign_in: SignIn) -> None:
    page = sign_in("coordinator")
    page.goto("/duties/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_class("p-skip")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto("/duties/")
    order = page.evaluate(ORDER)
    assert order == sorted(order)


# The places in the document of what the Tab key reaches; a positive tabindex would break their order.
ORDER = """() => {
  const all = [...document.querySelectorAll("*")];
  const reached = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter(one => one.tabIndex >= 0);
  return reached.sort((one, other) => (other.tabIndex || 0) - (one.tabIndex || 0)).map(one => all.indexOf(one));
}"""


def test_keys_walk_the_rows_and_lead_to_places(year: World, sign_in: SignIn) -> None:
    page = sign_in("coordinator")
    page.goto("/duties/")
    links = page.locator("#main tbody tr a:first-of-type")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#mast-q")).to_be_focused()
    page.keyboard.type("gt j?")
    assert page.locator("#mast-q").input_value() == "gt j?"
    expect(page.locator("#keys-dialog")).to_be_hidden()
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/compliance/")


def test_the_list_of_keys_is_reached_by_key_and_by_mouse_and_turns_them_off(year: World, sign_in: SignIn) -> None:
    page = sign_in("leader", PHONE)
    page.goto("/inbox/")
    dialog = page.locator("#keys-dialog")
    page.keyboard.press("?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Keys").click()
    expect(dialog).to_be_visible()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(CHECK, STANDARD) == []
    page.get_by_label("Use these keys on this device").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_the_page_of_a_conflict_keeps_nobody_out_and_nothing_typed_is_lost(year: World, sign_in: SignIn) -> None:
    report = Report.objects.get(unit=year.unit("B"))
    page = sign_in("leader")
    url = f"{report.get_absolute_url()}work/"
    page.goto(url)
    others = {"summary": "The plan was adopted in May.", "measures": "Two rounds of talks."}
    reports.save_part(year.user("liaison"), report.pk, Part.WORK, others, expected_version=report.version)
    page.get_by_label("Summary").fill("The plan was adopted in June.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Somebody saved first")).to_be_visible()
    assert not list(faults(page, url, "en"))
    stored, typed = page.locator(".p-versus").first.locator(".p-versus-t").all()
    for viewport, beside in ((DESKTOP, True), (PHONE, False)):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        left, right = stored.bounding_box(), typed.bounding_box()
        assert left is not None
        assert right is not None
        assert (left["y"] == right["y"]) == beside
    page.get_by_role("button", name="Put mine on top of the newest version").click()
    page.wait_for_url(lambda address: "/work/" not in address)
    report.refresh_from_db()
    assert report.work["summary"] == "The plan was adopted in June."
    assert report.version == 2
