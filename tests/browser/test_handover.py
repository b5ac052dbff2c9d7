"""A mid-year handover in a real browser, at both widths: what passes, what stays, the successor's new letter."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.models import User
from portal.organisation.models import Employment, Person, Tenure
from portal.web import tasks
from responsibility.models import Letter, LetterState
from responsibility.services import letters, programme
from tests.browser.conftest import DESKTOP, PHONE, SignIn, TestClock
from tests.browser.test_access import faults
from tests.world import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

YEAR, HANDOVER = 2026, date(2026, 7, 1)


@pytest.fixture
def successor(lived_world: World) -> Person:
    """A deputy, who works in another bureau and leads nothing yet."""
    user = User.objects.create_user(
        "successor", PASSWORD, name_en="Han Ruoshui", name_zh="韩若水", email="s@example.org"
    )
    person = Person.objects.create(
        employee_no="S1", name_en="Han Ruoshui", name_zh="韩若水", sort_key="hanruoshui", initials="hrs", user=user
    )
    Employment.objects.create(person=person, unit=lived_world.unit("O"), starts_on=date(2024, 1, 1), title_en="Deputy")
    return person


@pytest.fixture
def signed_year(lived_world: World, set_clock: TestClock) -> World:
    """In July: the year's letter is signed by the predecessor, and a report is due in the month."""
    from responsibility.services import reports

    coordinator, head = lived_world.user("coordinator"), lived_world.user("head")
    programme.open_year(coordinator, year=YEAR, signing_due_on=date(2026, 3, 31))
    letters.issue_chunk(coordinator, YEAR, path=str(lived_world.unit("D").path))
    ids = [waiting.pk for waiting in letters.waiting_for(head, YEAR)]
    letters.sign_for_group(head, year=YEAR, letter_ids=ids, typed_name=head.name_en)
    own = Letter.objects.get(unit=lived_world.unit("B"))
    letters.sign_for_unit(
        lived_world.user("leader"), own.pk, expected_version=own.version, read=True, typed_name="Xu Zhixin"
    )
    reports.open_period(
        coordinator,
        year=YEAR,
        kind="half-year",
        number=1,
        opens_on=date(2026, 6, 20),
        due_on=date(2026, 7, 10),  # type: ignore[arg-type]
    )
    set_clock.set(HANDOVER)
    return lived_world


def hand_over(page: Page, found: list[str]) -> None:
    """Refused at its field first, then looked at, then done."""
    page.goto("/units/B/handover/")
    found += faults(page, page.url, "en")
    page.locator("#id_person").fill("hrs")
    page.get_by_label("In office from").fill("2023-01-01")
    page.get_by_role("button", name="Show what it touches").click()
    expect(page.locator(".p-ferr").first).to_contain_text("The handover must come after that day")
    found += faults(page, page.url, "en")
    page.get_by_label("In office from").fill(HANDOVER.isoformat())
    page.get_by_role("button", name="Show what it touches").click()
    main = page.locator("#main")
    expect(main).to_contain_text("Xu Zhixin holds the post until 30 June 2026")
    expect(main).to_contain_text("Han Ruoshui takes office on 1 July 2026")
    expect(main).to_contain_text("Open duties that the successor takes over")
    expect(main).to_contain_text("A new letter in the successor's name")
    found += faults(page, page.url, "en")
    assert Tenure.objects.filter(post__unit__code="B", post__kind="top_leader").count() == 1
    page.get_by_role("button", name="Hand over the post").click()
    expect(page.locator("h1")).to_contain_text("Han Ruoshui has taken over")
    found += faults(page, page.url, "en")


@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_leader_hands_over_in_july_and_the_successor_signs_a_letter_that_names_the_old_one(
    signed_year: World, successor: Person, set_clock: TestClock, sign_in: SignIn, width: dict[str, int]
) -> None:
    found: list[str] = []
    hand_over(sign_in("coordinator", width), found)
    tasks.resume_jobs()
    old, new = Letter.objects.filter(unit=signed_year.unit("B")).order_by("serial")
    assert (old.state, new.state, new.replaces) == (LetterState.SUPERSEDED, LetterState.ISSUED, old)

    head = sign_in("head", width)
    head.goto(f"/letters/{YEAR}/sign/")
    head.get_by_label("Your name").fill("Wei Zhixin")
    head.get_by_label("Your password").fill(PASSWORD)
    head.get_by_role("button", name="Sign the letter").click()
    head.wait_for_url(f"**/letters/{YEAR}/?*")

    page = sign_in("successor", PHONE)
    expect(page.locator("h1")).to_contain_text("You owe 2 things")
    page.goto(f"/letters/{YEAR}/B/sign/")
    expect(page.locator("#main")).to_contain_text(old.number)
    found += faults(page, page.url, "en")
    page.locator("#section-signatures").scroll_into_view_if_needed()
    page.get_by_label("I have read the letter").check()
    page.get_by_label("Your name").fill("韩若水")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign the letter").click()
    page.wait_for_url("**/signed/")
    new.refresh_from_db()
    assert new.state == LetterState.SIGNED

    former = sign_in("leader", PHONE)
    former.goto("/my/")
    expect(former.locator("h1")).to_contain_text("You owe nothing")
    assert former.request.get(f"/letters/{YEAR}/B/").status == 404
    assert not found, "\n".join(found)
