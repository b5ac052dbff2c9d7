"""Writing a report and handing it in."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.obligations import services as obligations
from portal.organisation.models import Tenure
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility import policies, report_rules
from responsibility.canonical import sha256_of
from responsibility.errors import ReportIncomplete
from responsibility.models import Part, Report, ReportState, Submission
from responsibility.services.reports.files import files_of, kept
from responsibility.services.reports.telling import locked, log, tell


@transaction.atomic
def save_part(by: User, report_id: int, part: Part, values: Mapping[str, Any], *, expected_version: int) -> Report:
    """Keep what was typed in one part of the draft.

    Raises Conflict when somebody wrote this part after `expected_version` of the report, ReportNotEditable,
    PeriodNotOpen, PeriodClosed, NotAllowed. Somebody who writes another part meanwhile is in nobody's way.
    """
    report = locked(by, report_id)
    policies.require(policies.may_write_part(by, report, part))
    _require_open(report)
    return report.save_part(part, dict(values), expected_version=expected_version, saved_by=by, saved_at=clock.now())


def _require_open(report: Report) -> None:
    stopped = report.stopped(clock.today())
    if stopped is not None:
        raise stopped


@transaction.atomic
def submit(by: User, report_id: int, *, expected_version: int) -> Submission:
    """Hand in the report: what it says is kept for good with its files, and the duty is done, late or not.

    Raises ReportIncomplete (with what is missing), ReportNotEditable, PeriodNotOpen, PeriodClosed, Conflict, NotAllowed.
    """
    report = locked(by, report_id)
    policies.require(policies.may_submit(by, report))
    _require_open(report)
    letter = report.letter()
    lacking = report_rules.missing(report.work, report.targets, report.clean, letter.target_codes())
    if lacking:
        raise ReportIncomplete(lacking)
    submission = _keep(by, report, letter.pk)
    report.move_to(ReportState.SUBMITTED, expected_version=expected_version, submitted_at=submission.submitted_at)
    obligations.discharge(report.duty.pk, on=clock.today())
    log(by, "submitted", report)
    tell(report, "report_submitted", scopes.users_with(Role.COORDINATOR, str(report.unit.path)))
    return submission


def _keep(by: User, report: Report, letter_id: int) -> Submission:
    """What is handed in, under the next number; the report must be locked."""
    today = clock.today()
    work_files, clean_files = kept(files_of(report, Part.WORK)), kept(files_of(report, Part.CLEAN))
    content = {"work": report.work, "targets": report.targets, "letter": letter_id, "files": work_files}
    clean = {**report.clean, "files": clean_files}
    return Submission.objects.create(
        report=report,
        number=1 + (report.submissions.aggregate(last=Max("number"))["last"] or 0),
        content=content,
        clean=clean,
        sha256=sha256_of({"content": content, "clean": clean}),
        submitted_at=clock.now(),
        submitted_by=by,
        tenure=Tenure.objects.top_leaders().on(today).get(post__unit=report.unit),
        days_late=load_calendar().late(report.duty.due_on, today),
    )
