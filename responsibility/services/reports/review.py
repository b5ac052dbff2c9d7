"""Reviewing a report: return it with remarks, or accept it."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from portal.accounts.models import User
from portal.obligations import services as obligations
from portal.obligations.models import Obligation
from portal.organisation.services.guards import require_in_force
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from portal.workdays.calendar import provisional_mark
from responsibility import policies
from responsibility.errors import DueDayPassed, RemarkMissing, ReportNotSubmitted
from responsibility.models import Remark, Report, ReportState
from responsibility.services.reports.telling import locked, log, tell, titles, writers

# Working days that a returned report leaves for the correction, unless the reviewer sets a day.
CORRECTION_DAYS = 5


@transaction.atomic
def return_report(
    by: User,
    report_id: int,
    *,
    expected_version: int,
    remarks: Mapping[tuple[str, str], str],
    due_on: date | None = None,
) -> Report:
    """Send a submitted report back with remarks by (part, target); the correction is a duty with a day of its own.

    Raises RemarkMissing, DueDayPassed, ReportNotSubmitted, UnitDissolved, Conflict, NotAllowed.
    """
    report = _submitted(by, report_id)
    # Nobody is left who could correct it.
    require_in_force(report.unit)
    written = {key: text.strip() for key, text in remarks.items() if text.strip()}
    if not written:
        raise RemarkMissing
    if due_on is not None and due_on <= clock.today():
        raise DueDayPassed
    submission = report.submissions.latest("number")
    Remark.objects.bulk_create(
        Remark(submission=submission, part=part, target=target, text=text, author=by, made_at=clock.now())
        for (part, target), text in written.items()
    )
    correction = _owe_correction(report, due_on)
    report.move_to(ReportState.RETURNED, expected_version=expected_version, correction=correction)
    log(by, "returned", report)
    mark = provisional_mark(due_on=correction.due_on)
    tell(report, "report_returned", writers(report), due_on=correction.due_on.isoformat(), **mark)
    return report


def _submitted(by: User, report_id: int) -> Report:
    """The report, locked, if it waits for `by` to review it."""
    report = locked(by, report_id)
    policies.require(policies.may_review(by, report))
    if report.state != ReportState.SUBMITTED:
        raise ReportNotSubmitted
    return report


def _owe_correction(report: Report, named: date | None) -> Obligation:
    """By the day that the reviewer named; else by one that is counted, and follows the calendar."""
    en, zh = titles(report.period)
    today = clock.today()
    return obligations.open_duty(
        "report_correction",
        report.unit_id,
        named or load_calendar().add(today, CORRECTION_DAYS),
        label_en=f"{en}: correction",
        label_zh=f"{zh}（更正）",
        year=report.period.year,
        anchor_on=None if named else today,
        anchor_days=None if named else CORRECTION_DAYS,
    )


@transaction.atomic
def accept(by: User, report_id: int, *, expected_version: int) -> Report:
    """Accept a submitted report. Late stays late. Raises ReportNotSubmitted, Conflict, NotAllowed."""
    report = _submitted(by, report_id)
    report.move_to(ReportState.ACCEPTED, expected_version=expected_version, accepted_at=clock.now(), accepted_by=by)
    log(by, "accepted", report)
    tell(report, "report_accepted", writers(report))
    return report
