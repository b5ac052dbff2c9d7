"""The responsibility year in a real browser, from the issue of letters to an accountability record."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from portal.obligations import clock as ladder_clock
from portal.web import tasks
from responsibility.models import AccountabilityCase, Letter, LetterState, Report, ReportState
from responsibility.report_parts import CLEAN
from responsibility.services import programme
from tests.browser.conftest import PHONE, SignIn, TestClock
from tests.world import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

YEAR = 2026


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def issue(sign_in: SignIn, world: World) -> None:
    programme.open_year(world.user("coordinator"), year=YEAR, signing_due_on=date(2026, 3, 31))
    page = sign_in("coordinator")
    page.goto(f"/letters/{YEAR}/issue/")
    page.get_by_role("button", name=re.compile("Issue")).last.click()
    page.wait_for_url("**/jobs/*/")
    # What a worker does, a minute later at the latest.
    tasks.resume_jobs()
    page.reload()
    page.get_by_role("link", name="Go on").click()
    assert Letter.objects.count() == 5


def head_signs(sign_in: SignIn) -> None:
    page = sign_in("head")
    page.goto(f"/letters/{YEAR}/sign/")
    page.get_by_label("Your name").fill("Wei Zhixin")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign the letters").click()
    page.wait_for_url(f"**/letters/{YEAR}/?*")
    assert Letter.objects.filter(state=LetterState.HEAD_SIGNED).count() == 4


def leader_signs(sign_in: SignIn) -> Page:
    page = sign_in("leader", PHONE)
    page.get_by_role("link", name="Read and sign").first.click()
    if "/sign/" not in page.url:
        page.get_by_role("link", name="Read and sign").first.click()
    page.locator("#section-signatures").scroll_into_view_if_needed()
    page.get_by_label("I have read the letter").check()
    page.get_by_label("Your name").fill("许志新")
    page.get_by_label("Your password").fill("a wrong password")
    page.get_by_role("button", name="Sign the letter").click()
    expect(page.locator(".p-ferr").first).to_contain_text("not your password")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign the letter").click()
    page.wait_for_url("**/signed/")
    assert "signed" in heading(page)
    return page


def write_report(page: Page, world: World) -> None:
    page.goto(f"/reports/{YEAR}/half-year-1/B/work/")
    page.get_by_label("Summary").fill("The plan was adopted in March.")
    page.get_by_label("Measures taken").fill("Two rounds of talks.")
    expect(page.locator("[data-autosave-status]")).to_contain_text("version 1")
    page.get_by_role("button", name="Save and go to").click()
    page.wait_for_url("**/targets/")
    for code in Letter.objects.get(unit=world.unit("B")).target_codes():
        page.locator(f"#id_target-{code}-figure").fill("100%")
        page.locator(f"#id_target-{code}-state").select_option("reached")
    page.get_by_role("button", name="Save and go to").click()
    page.wait_for_url("**/clean/")
    for field in CLEAN:
        page.locator(f"#id_clean-{field.code}").fill("None.")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"half-year-1/B/(\?|$)"))


def hand_in(page: Page) -> None:
    page.goto(f"/reports/{YEAR}/half-year-1/B/submit/")
    page.get_by_role("button", name="Hand in the report").click()
    page.wait_for_url("**handed-in=*")


def test_a_year_goes_well_for_one_leader_and_ends_in_a_case_for_another(
    sign_in: SignIn, lived_world: World, set_clock: TestClock
) -> None:
    issue(sign_in, lived_world)
    head_signs(sign_in)
    leader = leader_signs(sign_in)

    set_clock.set(date(2026, 6, 15))
    coordinator = sign_in("coordinator")
    coordinator.goto("/reports/open/")
    coordinator.get_by_label("Kind").select_option("half-year")
    coordinator.get_by_label("Due day").fill("2026-07-10")
    coordinator.get_by_role("button", name="Open the period").click()
    coordinator.wait_for_url("**/reports/?period=*")

    write_report(leader, lived_world)
    hand_in(leader)

    report = Report.objects.get(unit=lived_world.unit("B"))
    coordinator.goto(report.get_absolute_url())
    coordinator.get_by_role("link", name="Return with remarks").click()
    coordinator.locator("#id_remark-work-").fill("Name the talks one by one.")
    coordinator.get_by_role("button", name="Return the report").click()
    coordinator.wait_for_url(lambda url: "return" not in url)
    leader.goto(f"/reports/{YEAR}/half-year-1/B/work/")
    expect(leader.locator(".p-remark").first).to_contain_text("one by one")
    leader.get_by_label("Measures taken").fill("Talks on 3 March and 9 April.")
    leader.get_by_role("button", name="Save and go to").click()
    leader.wait_for_url("**/targets/")
    hand_in(leader)
    coordinator.goto(report.get_absolute_url())
    coordinator.get_by_role("link", name="Accept").click()
    coordinator.get_by_role("button", name="Accept the report").click()
    coordinator.wait_for_url(lambda url: "/accept/" not in url)
    report.refresh_from_db()
    assert report.state == ReportState.ACCEPTED

    ladder_clock.run(date(2026, 6, 15))
    case = AccountabilityCase.objects.get(unit=lived_world.unit("O"))
    silent = sign_in("other_leader", PHONE)
    silent.goto(case.get_absolute_url())
    expect(silent.get_by_role("heading", name="You may explain")).to_be_visible()
    leader.goto(case.get_absolute_url())
    assert leader.locator("h1").inner_text() == "There is nothing here"


def test_a_report_that_somebody_else_saved_first_is_not_overwritten(
    sign_in: SignIn, lived_world: World, set_clock: TestClock
) -> None:
    issue(sign_in, lived_world)
    from responsibility.services import reports

    reports.open_period(
        lived_world.user("coordinator"),
        year=YEAR,
        kind="annual",
        number=1,
        opens_on=date(2026, 3, 2),
        due_on=date(2027, 1, 10),
    )  # type: ignore[arg-type]
    leader, liaison = sign_in("leader"), sign_in("liaison")
    for page in (leader, liaison):
        page.goto(f"/reports/{YEAR}/annual/B/work/")
    liaison.get_by_label("Summary").fill("The liaison's text.")
    expect(liaison.locator("[data-autosave-status]")).to_contain_text("version 1")
    leader.get_by_label("Summary").fill("The leader's text.")
    expect(leader.locator("[data-autosave-status]")).to_contain_text("newer version")
    assert leader.get_by_label("Summary").input_value() == "The leader's text."
    assert Report.objects.get(unit=lived_world.unit("B")).work["summary"] == "The liaison's text."
