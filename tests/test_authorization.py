"""Every address, every role: who gets in, who is refused, for whom it does not exist."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.documents import services as documents
from portal.notices import services as notices
from portal.notices.models import Notice, OutboundMessage
from portal.obligations import clock as ladder_clock
from portal.obligations.models import Obligation
from portal.organisation.models import GroupMembership, Tenure
from portal.web import jobs
from portal.web.models import ImportRun
from portal.workdays import clock
from responsibility.models import AccountabilityCase, Letter, LetterTemplate, Report, Signature
from responsibility.services import letters, programme, reports
from tests.world import ROLES, World

EVERYBODY = ("anonymous", *ROLES)
# Names that allauth and Django own; allauth's are tried in tests/accounts.
FOREIGN = {"account_signup"}
# Who reaches what: of those not named, 403 where the page is for another office, 404 where the object is not theirs.
OVERSEE = {"coordinator", "head", "auditor", "system_admin"}
DISTRICT = {"coordinator", "head", "auditor", "security_admin", "system_admin"}
BUREAU = {"leader", "liaison", "staff"}
ALL = set(ROLES)


class Case(NamedTuple):
    """What the addresses of the table are about."""

    world: World
    letter: Letter
    report: Report
    case: AccountabilityCase
    duty: Obligation
    notice: Notice
    message: OutboundMessage
    job_id: int
    run: ImportRun
    grant_id: int
    file_id: int
    clean_file_id: int


class Row(NamedTuple):
    """Keyword arguments of an address, who may open it, and what the others get."""

    kwargs: Callable[[Case], dict[str, Any]]
    allowed: set[str]
    others: int = 403
    anonymous: int = 302
    ok: int = 200


def nothing(case: Case) -> dict[str, Any]:
    return {}


def letter(case: Case) -> dict[str, Any]:
    return {"year": 2026, "code": "B"}


def report(case: Case) -> dict[str, Any]:
    return {"year": 2026, "period": "half-year-1", "code": "B"}


def part(name: str) -> Callable[[Case], dict[str, Any]]:
    return lambda case: report(case) | {"part": name}


def accountability(case: Case) -> dict[str, Any]:
    return {"year": case.case.year, "serial": case.case.serial}


def duty(case: Case) -> dict[str, Any]:
    return {"pk": case.duty.pk}


def version(case: Case) -> dict[str, Any]:
    return {"version": 1}


def unit(case: Case) -> dict[str, Any]:
    return {"code": "B"}


def group(case: Case) -> dict[str, Any]:
    return {"code": "T"}


def seat(case: Case) -> dict[str, Any]:
    return {"code": "T", "pk": GroupMembership.objects.get(group__unit__code="T").pk}


def vacant(case: Case) -> dict[str, Any]:
    return {"code": "X", "pk": case.world.vacant_post.pk}


def clause(case: Case) -> dict[str, Any]:
    section = LetterTemplate.objects.get(version=1).sections.get(code="objectives")
    return {"version": 1, "pk": section.clauses.first().pk}  # type: ignore[union-attr]


def section(case: Case) -> dict[str, Any]:
    return {"version": 1, "section": "objectives"}


def target(case: Case) -> dict[str, Any]:
    section = LetterTemplate.objects.get(version=1).sections.get(code="tasks")
    return {"version": 1, "pk": section.targets.first().pk}  # type: ignore[union-attr]


COORDINATOR, OPEN_TO_ALL = {"coordinator"}, {*ALL, "anonymous"}
SEES_B = DISTRICT | BUREAU
TABLE: dict[str, Row] = {
    "health_live": Row(nothing, OPEN_TO_ALL),
    "health_ready": Row(nothing, OPEN_TO_ALL),
    "home": Row(nothing, ALL, ok=302),
    "dashboard:today": Row(nothing, OVERSEE),
    "dashboard:compliance": Row(nothing, OVERSEE),
    "dashboard:my": Row(nothing, ALL),
    "account_login": Row(nothing, {"anonymous"}, others=302),
    "account_logout": Row(nothing, ALL),
    "account_change_password": Row(nothing, ALL),
    "account_reset_password": Row(nothing, OPEN_TO_ALL),
    "account_reset_password_done": Row(nothing, OPEN_TO_ALL),
    "account_reset_password_from_key": Row(lambda case: {"uidb36": "1", "key": "x-y"}, OPEN_TO_ALL),
    "account_reset_password_from_key_done": Row(nothing, OPEN_TO_ALL),
    "account_reauthenticate": Row(nothing, ALL),
    "account_inactive": Row(nothing, OPEN_TO_ALL),
    # Setting a factor up, and what follows, asks to confirm first: tried in tests/accounts/test_second_factor.py.
    "mfa_index": Row(nothing, ALL),
    "mfa_activate_totp": Row(nothing, ALL, ok=302),
    "mfa_deactivate_totp": Row(nothing, set(), others=404),
    "mfa_view_recovery_codes": Row(nothing, set(), others=404),
    "mfa_generate_recovery_codes": Row(nothing, ALL, ok=302),
    "mfa_list_webauthn": Row(nothing, ALL),
    "mfa_add_webauthn": Row(nothing, ALL, ok=302),
    "mfa_edit_webauthn": Row(lambda case: {"pk": 1}, ALL, ok=302),
    "mfa_remove_webauthn": Row(lambda case: {"pk": 1}, ALL, ok=302),
    "mfa_authenticate": Row(nothing, set(), others=302),
    "mfa_login_webauthn": Row(nothing, OPEN_TO_ALL, ok=302),
    "mfa_reauthenticate": Row(nothing, ALL, ok=302),
    "mfa_reauthenticate_webauthn": Row(nothing, ALL, ok=302),
    "usersessions_list": Row(nothing, ALL),
    "accounts:stay": Row(nothing, ALL),
    "accounts:language": Row(nothing, OPEN_TO_ALL, ok=405),
    "accounts:theme": Row(nothing, OPEN_TO_ALL, ok=405),
    "accounts:roles": Row(nothing, {"security_admin", "auditor"}),
    "accounts:grant-role": Row(nothing, {"security_admin"}),
    "accounts:revoke-role": Row(lambda case: {"pk": case.grant_id}, {"security_admin"}, others=404),
    "accounts:log": Row(nothing, {"coordinator", "auditor", "security_admin"}),
    "web:job": Row(lambda case: {"pk": case.job_id}, COORDINATOR, others=404),
    "web:job-again": Row(lambda case: {"pk": case.job_id}, COORDINATOR, others=404),
    "web:patterns": Row(nothing, set(), others=404, anonymous=404),
    "organisation:units": Row(nothing, ALL),
    "organisation:unit": Row(unit, SEES_B, others=404),
    "organisation:appoint": Row(vacant, {"coordinator", "system_admin"}, others=404),
    "organisation:name-acting": Row(vacant, {"coordinator", "system_admin", "head"}, others=404),
    "organisation:end-tenure": Row(
        lambda case: {"code": "B", "pk": case.world.tenures["leader"].pk}, {"coordinator", "system_admin"}, others=404
    ),
    "organisation:dissolve": Row(unit, {"coordinator", "system_admin"}, others=404),
    "organisation:make-group": Row(unit, {"coordinator", "system_admin"}, others=404),
    "organisation:seat": Row(group, {"coordinator", "system_admin"}, others=404),
    "organisation:unseat": Row(seat, {"coordinator", "system_admin"}, others=404),
    "organisation:groups": Row(nothing, ALL),
    "organisation:create-account": Row(lambda case: {"number": "LEADER"}, {"coordinator", "system_admin"}, others=404),
    "organisation:account-made": Row(lambda case: {"number": "LEADER"}, {"coordinator", "system_admin"}),
    "organisation:import": Row(nothing, {"coordinator", "system_admin"}),
    "organisation:import-template": Row(nothing, ALL),
    "organisation:import-check": Row(lambda case: {"pk": case.run.pk}, COORDINATOR, others=404),
    "notices:inbox": Row(nothing, ALL),
    "notices:read-all": Row(nothing, ALL, ok=405),
    "notices:open": Row(lambda case: {"pk": case.notice.pk}, ALL, ok=405),
    "notices:outbox": Row(nothing, {"coordinator", "system_admin"}),
    "notices:send-again": Row(lambda case: {"pk": case.message.pk}, {"coordinator", "system_admin"}, others=404),
    "notices:mail": Row(nothing, set(), others=404),
    "documents:file": Row(lambda case: {"pk": case.file_id}, SEES_B, others=404),
    "documents:verify": Row(nothing, OPEN_TO_ALL),
    "documents:verified": Row(lambda case: {"code": "ABCDEFGHJKLM"}, set(), others=404, anonymous=404),
    "obligations:duties": Row(nothing, ALL),
    "obligations:duty": Row(duty, SEES_B, others=404),
    "obligations:ask-extension": Row(duty, {"leader", "liaison"}, others=404),
    "obligations:decide-extension": Row(duty, set(), others=404),
    "obligations:suspend": Row(duty, COORDINATOR, others=404),
    "obligations:resume": Row(duty, COORDINATOR, others=404, ok=302),
    "obligations:waive": Row(duty, COORDINATOR, others=404),
    "obligations:clock": Row(nothing, OVERSEE),
    "obligations:calendar": Row(nothing, ALL),
    "obligations:enter-notice": Row(nothing, COORDINATOR),
    "obligations:set-day": Row(nothing, COORDINATOR),
    "obligations:ladders": Row(nothing, ALL),
    "obligations:new-ladder": Row(lambda case: {"code": "default"}, COORDINATOR),
    "responsibility:programme": Row(nothing, COORDINATOR),
    "responsibility:edit-programme": Row(nothing, COORDINATOR),
    "responsibility:open-year": Row(nothing, COORDINATOR),
    "responsibility:draft-template": Row(nothing, COORDINATOR),
    "responsibility:template": Row(version, COORDINATOR),
    "responsibility:publish-template": Row(version, COORDINATOR),
    "responsibility:edit-clause": Row(clause, COORDINATOR),
    "responsibility:edit-target": Row(target, COORDINATOR),
    "responsibility:edit-template": Row(version, COORDINATOR),
    "responsibility:add-clause": Row(section, COORDINATOR),
    "responsibility:remove-clause": Row(clause, COORDINATOR),
    "responsibility:add-target": Row(section, COORDINATOR),
    "responsibility:remove-target": Row(target, COORDINATOR),
    "responsibility:letters": Row(nothing, ALL, ok=302),
    "responsibility:letters-of-year": Row(lambda case: {"year": 2026}, ALL),
    "responsibility:issue": Row(lambda case: {"year": 2026}, COORDINATOR),
    "responsibility:sign-batch": Row(lambda case: {"year": 2026}, {"head"}),
    "responsibility:letter": Row(letter, SEES_B, others=404),
    "responsibility:sign": Row(letter, {"leader"}, others=404, ok=302),
    "responsibility:signed": Row(letter, {"leader"}, others=404),
    "responsibility:withdraw": Row(letter, COORDINATOR, others=404),
    "responsibility:letter-pdf": Row(letter, SEES_B, others=404),
    "responsibility:reports": Row(nothing, ALL),
    "responsibility:open-period": Row(nothing, COORDINATOR),
    "responsibility:report": Row(report, SEES_B, others=404),
    "responsibility:report-part": Row(part("clean"), {"leader"}, others=404),
    "responsibility:report-submit": Row(report, {"leader"}, others=404),
    "responsibility:report-return": Row(report, COORDINATOR, others=404),
    "responsibility:report-accept": Row(report, COORDINATOR, others=404),
    "responsibility:report-attach": Row(report, {"leader", "liaison"}, others=404),
    "responsibility:report-detach": Row(
        lambda case: report(case) | {"pk": case.file_id}, {"leader", "liaison"}, others=404
    ),
    "responsibility:report-clean-attach": Row(report, {"leader"}, others=404),
    "responsibility:report-clean-detach": Row(
        lambda case: report(case) | {"pk": case.clean_file_id}, {"leader"}, others=404
    ),
    "responsibility:cases": Row(nothing, ALL),
    "responsibility:case": Row(accountability, {"coordinator", "head", "auditor", "other_leader"}, others=404),
    "responsibility:case-explain": Row(accountability, {"other_leader"}, others=404),
    "responsibility:case-attach": Row(accountability, {"other_leader"}, others=404),
    "responsibility:case-propose": Row(accountability, COORDINATOR, others=404),
    "responsibility:case-decide": Row(accountability, {"coordinator", "head"}, others=404),
    "responsibility:case-object": Row(accountability, {"other_leader"}, others=404),
    # Nobody before there is a decision to answer for.
    "responsibility:case-answer": Row(accountability, set(), others=404),
    "responsibility:case-refer": Row(accountability, COORDINATOR, others=404),
}


def names(resolver: URLResolver | None = None, prefix: str = "") -> set[str]:
    """The names of all addresses."""
    found: set[str] = set()
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace == "admin":
                continue
            found |= names(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern) and entry.name:
            found.add(prefix + entry.name)
    return found


def test_every_address_has_its_row() -> None:
    missing = names() - TABLE.keys() - FOREIGN
    assert missing == set()


@pytest.fixture
def case(world: World) -> Case:
    """A year in which the bureau has signed and the other bureau has been silent into April."""
    coordinator = world.user("coordinator")
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
        applied_import(world),
        world.users["staff"].grants.get().pk,
        attached(world, due, "report"),
        attached(world, due, "report-clean"),
    )


def applied_import(world: World) -> ImportRun:
    return ImportRun.objects.create(
        owner=world.users["coordinator"],
        kind="units",
        name="units.csv",
        size=1,
        sha256="0" * 64,
        uploaded_at=clock.now(),
        applied_at=clock.now(),
    )


def attached(world: World, due: Report, purpose: str) -> int:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("note.txt", b"a note")
    return documents.attach(world.user("leader"), purpose, due, file).pk


def test_each_role_gets_what_its_office_allows(case: Case) -> None:
    wrong = []
    for name, row in TABLE.items():
        url = reverse(name, kwargs=row.kwargs(case))
        for who in EVERYBODY:
            expected = (
                {row.ok} if who in row.allowed else ({row.anonymous} if who == "anonymous" else {row.others, 403})
            )
            found = case.world.client(who).get(url).status_code
            if found not in expected:
                wrong.append(f"{name} for {who}: {found} instead of {sorted(expected)}")
    assert not wrong, "\n".join(wrong)


def test_a_leader_sees_nothing_of_another_unit(case: Case) -> None:
    other = case.world.client("other_leader")
    for name in ("responsibility:letter", "responsibility:report", "organisation:unit"):
        assert other.get(reverse(name, kwargs=TABLE[name].kwargs(case))).status_code == 404


def test_the_clean_government_part_is_read_by_leading_group_and_coordinator_only(case: Case) -> None:
    Report.objects.filter(pk=case.report.pk).update(clean={"gifts": "a secret word"}, state="submitted")
    url = case.report.get_absolute_url()
    case.world.client("leader")
    seen = {who for who in ROLES if b"a secret word" in case.world.client(who).get(url).content}
    assert seen <= {"coordinator", "head", "leader"}
    assert "liaison" not in seen
    assert "auditor" not in seen


def test_signatures_and_tenures_of_the_world_are_what_the_table_assumes(case: Case) -> None:
    assert Signature.objects.filter(side="unit").count() == 1
    assert Tenure.objects.top_leaders().count() == 5
