"""From a blank cell to a verified rectification: adopted, in force, inspected, found wanting, put right; the matrix turns."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from systems.models import Finding, RectificationState
from systems.services import daily
from tests.browser.conftest import DESKTOP, PHONE, SignIn, TestClock
from tests.browser.test_access import faults
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = date(2026, 3, 2)


@pytest.fixture
def blank(lived_world: World, set_clock: TestClock) -> World:
    """A world whose register is empty, on the day on which that is first looked at."""
    daily.run()
    return lived_world


def cell(page: Page, state: str) -> None:
    """The bureau's cell for government procurement shows a state."""
    page.goto("/systems/?view=units&type=party_gov_organ")
    row = page.locator("tr", has=page.get_by_role("link", name="Finance Bureau"))
    expect(row.locator("td").first).to_contain_text(state)


def adopt(leader: Page, found: list[str]) -> None:
    """On the phone: from the unit's page to a version in force."""
    leader.goto("/systems/units/B/")
    found += faults(leader, leader.url, "en")
    leader.get_by_role("link", name="Adopt").first.click()
    expect(leader.locator("#main")).to_contain_text("No brand, supplier or origin")
    leader.get_by_role("button", name="Adopt it as a draft").click()
    found += faults(leader, leader.url, "en")
    leader.get_by_role("link", name="Write the text").click()
    leader.get_by_label("What changes").fill("Adapted to the bureau")
    leader.get_by_role("button", name="Save").click()


def issue(leader: Page, found: list[str]) -> None:
    leader.get_by_role("link", name="Put into force").click()
    found += faults(leader, leader.url, "en")
    leader.get_by_role("button", name="Issue it").click()
    expect(leader.locator("#main")).to_contain_text("In force")


def inspect(inspector: Page, found: list[str]) -> None:
    """On the phone: one item is not met, and the finding is recorded at once."""
    inspector.goto("/systems/units/B/inspect/")
    inspector.get_by_label("Why this unit").fill("New system")
    inspector.get_by_label("Government procurement").check()
    inspector.get_by_role("button", name="Plan it").click()
    inspector.get_by_role("link", name="Begin").click()
    inspector.get_by_role("button", name="Begin").click()
    inspector.get_by_role("link", name="Begin with the first item").click()
    found += faults(inspector, inspector.url, "en")
    inspector.get_by_label("Not met").check()
    inspector.get_by_label("Remark").fill("No plan was published")
    inspector.get_by_role("button", name="Keep it, next item").click()
    expect(inspector.locator("h1")).to_contain_text("Record a finding")
    inspector.get_by_label("Ordinary").check()
    inspector.get_by_role("button", name="Record it").click()
    for _item in range(3):
        inspector.get_by_label("Met", exact=True).check()
        inspector.get_by_role("button", name="Keep it, next item").click()
    inspector.get_by_role("link", name="Complete it").click()
    inspector.get_by_label("Summary").fill("In force, not yet applied in full.")
    inspector.get_by_role("button", name="Complete it").click()
    expect(inspector.locator("#main")).to_contain_text("Completed")
    found += faults(inspector, inspector.url, "en")


def put_right(leader: Page, finding: Finding, found: list[str]) -> None:
    leader.goto(finding.get_absolute_url())
    leader.get_by_role("link", name="Name the measure").click()
    leader.get_by_label("Measure").fill("Publish the plan of the year")
    leader.locator("#id_owner").fill("LIAISON")
    leader.get_by_role("button", name="Save").click()
    leader.get_by_role("link", name="Hand in what was done").click()
    leader.get_by_label("What was done").fill("Published on 3 March")
    leader.get_by_role("button", name="Hand it in").click()
    expect(leader.locator("#main")).to_contain_text("Published on 3 March")
    found += faults(leader, leader.url, "en")


def test_from_a_blank_cell_to_a_verified_rectification(blank: World, sign_in: SignIn) -> None:
    """Leader and inspector on the phone, the coordinator at the desk; axe looks at each page on the way."""
    found: list[str] = []
    desk, leader, inspector = sign_in("coordinator", DESKTOP), sign_in("leader", PHONE), sign_in("coordinator", PHONE)
    cell(desk, "blank: required, not there")
    found += faults(desk, desk.url, "en")
    adopt(leader, found)
    cell(desk, "in draft")
    issue(leader, found)
    cell(desk, "in force and reviewed")
    inspect(inspector, found)
    finding = Finding.objects.get()
    put_right(leader, finding, found)
    desk.goto(finding.get_absolute_url())
    desk.get_by_role("link", name="Verify", exact=True).click()
    desk.get_by_label("What was found").fill("Seen on the district's site")
    desk.get_by_role("button", name="Verify it").click()
    expect(desk.locator("#main")).to_contain_text("Verified")
    found += faults(desk, desk.url, "en")
    desk.goto("/systems/")
    found += faults(desk, desk.url, "en")
    finding.rectification.refresh_from_db()
    assert finding.rectification.state == RectificationState.VERIFIED
    assert found == []
