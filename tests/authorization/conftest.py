"""The year that the rows of the matrix are about."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.accounts import approvals
from portal.accounts import services as accounts
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.documents import services as documents
from portal.notices import head as head_of_log
from portal.notices import services as notices
from portal.notices.models import Notice, OutboundMessage
from portal.obligations import clock as ladder_clock
from portal.web import jobs
from portal.web.models import ImportRun
from portal.workdays import clock
from responsibility.models import AccountabilityCase, Letter, Report
from responsibility.services import letters, programme, reports
from tests.authorization.table import Case
from tests.world import PASSWORD, World

# Offices over the town, and a member of another bureau's staff: they must find nothing of bureau B.
GRANTED_ELSEWHERE = (
    ("town_coordinator", Role.COORDINATOR, "T"),
    ("town_auditor", Role.AUDITOR, "T"),
    ("town_security_admin", Role.SECURITY_ADMIN, "T"),
    ("town_system_admin", Role.SYSTEM_ADMIN, "T"),
    ("other_staff", Role.STAFF, "O"),
)


def grant_elsewhere(world: World) -> None:
    for name, role, code in GRANTED_ELSEWHERE:
        world.users[name] = User.objects.create_user(name, PASSWORD, name_en=name.title())
        accounts.grant(None, user=world.users[name], role=role, path=str(world.unit(code).path), reason="test")


@pytest.fixture
def case(world: World) -> Case:
    """A year in which the bureau has signed and the other bureau has been silent into April."""
    grant_elsewhere(world)
    coordinator = world.user("coordinator")
    approvals.propose(
        world.user("security_admin"),
        user=world.user("liaison"),
        role=Role.CASE_OFFICER,
        path=str(world.unit("D").path),
        reason="test",
    )
    head_of_log.give()
    programme.open_year(coordinator, year=2026, signing_due_on=date(2026, 3, 31))
    letters.issue_chunk(coordinator, 2026, path=str(world.unit("D").path))
    head = world.user("head")
    ids = [waiting.pk for waiting in letters.waiting_for(head, 2026)]
    letters.sign_for_group(head, year=2026, letter_ids=ids, typed_name=head.name_en)
    signed = Letter.objects.get(unit=world.unit("B"))
    letters.sign_for_unit(
        world.user("leader"), signed.pk, expected_version=signed.version, read=True, typed_name="Xu Zhixin"
    )
    reports.open_period(
        coordinator,
        year=2026,
        kind="half-year",  # type: ignore[arg-type]
        number=1,
        opens_on=clock.today(),
        due_on=date(2026, 7, 10),
    )
    with clock.frozen(date(2026, 4, 15)):
        ladder_clock.run(date(2026, 4, 15))
    due = Report.objects.get(unit=world.unit("B"))
    notices.queue("report_accepted", to=[coordinator], about=due, unit=due.unit, period="p", unit_name="B")
    message = OutboundMessage.objects.create(
        recipient=coordinator,
        address="x@example.org",
        language="en",
        subject="s",
        body="b",
        next_try_at=clock.now(),
        written_at=clock.now(),
    )
    notice = Notice.objects.latest("pk")
    Notice.objects.filter(pk=notice.pk).update(message=message)
    return Case(
        world,
        signed,
        due,
        AccountabilityCase.objects.get(unit=world.unit("O")),
        due.obligation,
        notice,
        message,
        jobs.start(coordinator, letters.ISSUE_JOB, {}, total=1).pk,
        applied_import(world, "units"),
        applied_import(world, "persons"),
        world.users["staff"].grants.get().pk,
        attached(world, due, "report"),
        attached(world, due, "report-clean"),
    )


def applied_import(world: World, kind: str) -> ImportRun:
    return ImportRun.objects.create(
        owner=world.users["coordinator"],
        kind=kind,
        name=f"{kind}.csv",
        size=1,
        sha256="0" * 64,
        uploaded_at=clock.now(),
        checked_at=clock.now(),
        applied_at=clock.now(),
    )


def attached(world: World, due: Report, purpose: str) -> int:
    file = SimpleUploadedFile("note.txt", b"a note")
    return documents.attach(world.user("leader"), purpose, due, file).pk
