"""What the tests of reports have in common: a period opened, the bureau's report filled on its pages and handed in."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.accounts.models import User
from portal.organisation import services as organisation
from portal.organisation.models import Person
from portal.workdays import clock
from responsibility.models import Part, PeriodKind, Report, ReportingPeriod
from responsibility.report_parts import CLEAN, REACHED, WORK
from responsibility.services import reports
from tests.responsibility.letters import YEAR, fresh
from tests.world import PASSWORD, World

JSON = {"Accept": "application/json"}
BASE = f"/reports/{YEAR}/half-year-1/B/"
DUE, CLOSES = date(2026, 7, 10), date(2026, 7, 31)


def open_period(world: World, **days: Any) -> ReportingPeriod:
    """The first half-year, open from today."""
    typed = {"opens_on": clock.today(), "due_on": DUE, "closes_on": CLOSES} | days
    return reports.open_period(world.user("coordinator"), year=YEAR, kind=PeriodKind.HALF_YEAR, number=1, **typed)


def written(world: World) -> dict[str, dict[str, str]]:
    """What a complete report says, by part, as the pages post it."""
    codes = fresh()["B"].target_codes()
    return {
        Part.WORK: {f"work-{field.code}": "Training for all, on 12 May." for field in WORK},
        Part.TARGETS: {
            f"target-{code}-{key}": value for code in codes for key, value in (("figure", "100%"), ("state", REACHED))
        },
        Part.CLEAN: {f"clean-{field.code}": "Secret of the leader." for field in CLEAN},
    }


def fill(world: World, report: Report) -> Report:
    """All parts, saved on their pages."""
    for part, values in written(world).items():
        report.refresh_from_db()
        done = world.client("leader").post(f"{BASE}{part}/", values | {"version": str(report.version)})
        assert done.status_code == 302
    report.refresh_from_db()
    return report


def hand_in(world: World, report: Report) -> Report:
    """Filled and handed in."""
    fill(world, report)
    world.client("leader").post(f"{BASE}submit/", {"version": report.version})
    report.refresh_from_db()
    return report


def send_back(world: World, report: Report, **more: Any) -> Report:
    """Returned with a remark on the work."""
    remarks = {(Part.WORK.value, ""): "Name the date."}
    reports.return_report(
        world.user("coordinator"), report.pk, expected_version=report.version, remarks=remarks, **more
    )
    report.refresh_from_db()
    return report


def text(name: str = "minutes.txt", content: bytes = b"Minutes of 12 May") -> SimpleUploadedFile:
    """A file that may be attached."""
    return SimpleUploadedFile(name, content)


def new_person(number: str) -> tuple[Person, User]:
    """Somebody who holds nothing yet."""
    email = f"{number.lower()}@example.org"
    user = User.objects.create_user(number.lower(), PASSWORD, name_en="New Person", name_zh="新人", email=email)
    made = Person.objects.create(employee_no=number, name_en="New Person", name_zh="新人", user=user, email=email)
    return made, user


def change_leader(world: World, on: date) -> User:
    """Somebody else holds the bureau's top post from a day; call it on that day."""
    post, coordinator = world.tenures["leader"].post, world.user("coordinator")
    organisation.end_tenure(coordinator, world.tenures["leader"].pk, ends_on=date.fromordinal(on.toordinal() - 1))
    person, user = new_person("E10")
    organisation.appoint(coordinator, post=post, person=person, starts_on=on)
    return user
