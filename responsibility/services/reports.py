"""The verbs of reporting: open a period, save, submit, return, accept."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit import services as audit
from portal.notices import services as notices
from portal.obligations import services as obligations
from portal.organisation.models import Tenure, Unit
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility import policies, report_rules
from responsibility.canonical import sha256_of
from responsibility.errors import (
    NoLetters,
    PeriodClosed,
    PeriodExists,
    PeriodNotOpen,
    RemarkMissing,
    ReportIncomplete,
    ReportNotEditable,
    ReportNotSubmitted,
)
from responsibility.models import Letter, Part, PeriodKind, Remark, Report, ReportingPeriod, ReportState, Submission

# Working days that a returned report leaves for the correction, unless the reviewer sets a day.
CORRECTION_DAYS = 5
CHUNK = 500


@transaction.atomic
def open_period(
    by: User, *, year: int, kind: PeriodKind, number: int, opens_on: date, due_on: date, closes_on: date | None = None
) -> ReportingPeriod:
    """Open a period: every unit with a letter of the year owes a report, and its leader is told.

    Raises PeriodExists, NoLetters, NotAllowed. The number of statements does not grow with the units of a chunk.
    """
    policies.require(policies.may_open_periods(by))
    try:
        with transaction.atomic():
            period = ReportingPeriod.objects.create(
                year=year, kind=kind, number=number, opens_on=opens_on, due_on=due_on, closes_on=closes_on
            )
    except IntegrityError as error:
        raise PeriodExists from error
    units = list(Unit.objects.filter(pk__in=Letter.objects.live().for_year(year).values("unit_id")).order_by("pk"))
    if not units:
        raise NoLetters
    for first in range(0, len(units), CHUNK):
        _owe_reports(period, units[first : first + CHUNK])
    audit.record(by, "period.opened", period, data={"due_on": due_on.isoformat(), "reports": len(units)})
    return period


def _owe_reports(period: ReportingPeriod, units: list[Unit]) -> None:
    en, zh = titles(period)
    drafts = [obligations.DutyDraft(unit.pk, period.due_on, en, zh, period.year) for unit in units]
    duties = obligations.open_many("report", drafts)
    Report.objects.bulk_create(
        Report(period=period, unit=unit, obligation=duty) for unit, duty in zip(units, duties, strict=True)
    )
    codes = {unit.pk: unit for unit in units}
    told = Tenure.objects.top_leaders().on(clock.today()).filter(post__unit_id__in=codes, person__user__isnull=False)
    notices.queue_many(
        notices.Draft(
            user_id,
            "report_asked",
            {
                "period": {"en": en, "zh-hans": zh},
                "due_on": period.due_on.isoformat(),
                "unit_name": names(codes[unit_id]),
            },
            f"/reports/{period.year}/{period.slug}/{codes[unit_id].code}/",
            f"period:{period.pk}",
            unit_id,
        )
        for unit_id, user_id in told.values_list("post__unit_id", "person__user_id")
    )


def titles(period: ReportingPeriod) -> tuple[str, str]:
    """The period's title in English and Chinese, to be kept in rows."""
    number = period.number
    match period.kind, number:
        case PeriodKind.ANNUAL, _:
            return f"Annual report {period.year}", f"{period.year}年度报告"
        case PeriodKind.HALF_YEAR, 1:
            return f"Half-yearly report {period.year}", f"{period.year}年半年报告"
        case PeriodKind.HALF_YEAR, _:
            return f"Report on the second half of {period.year}", f"{period.year}年下半年报告"
        case _:
            return f"Report on quarter {number} of {period.year}", f"{period.year}年第{number}季度报告"


def names(unit: Unit) -> dict[str, str]:
    """A unit's name in both languages, for a notice."""
    return {"en": unit.name_en, "zh-hans": unit.name_zh}


def _report(by: User, report_id: int) -> Report:
    """The report, locked, if `by` may see it."""
    Report.objects.visible_to(by).get(pk=report_id)
    return Report.objects.locked(report_id)


@transaction.atomic
def save_part(by: User, report_id: int, part: Part, values: Mapping[str, Any], *, expected_version: int) -> Report:
    """Keep what was typed in one part of the draft.

    Raises Conflict when somebody saved first, ReportNotEditable, PeriodClosed, NotAllowed.
    """
    report = _report(by, report_id)
    policies.require(policies.may_write_part(by, report, part))
    if not report.is_editable:
        raise ReportNotEditable
    _require_open(report.period)
    report.save_fields(
        expected_version=expected_version, **{part.value: dict(values)}, saved_by=by, saved_at=clock.now()
    )
    return report


def _require_open(period: ReportingPeriod) -> None:
    if clock.today() < period.opens_on:
        raise PeriodNotOpen
    if period.is_closed(clock.today()):
        raise PeriodClosed


@transaction.atomic
def submit(by: User, report_id: int, *, expected_version: int) -> Submission:
    """Hand in the report: what it says is kept for good and the duty is done, late or not.

    Raises ReportIncomplete (with what is missing), ReportNotEditable, PeriodClosed, Conflict, NotAllowed.
    """
    report = _report(by, report_id)
    policies.require(policies.may_submit(by, report))
    if not report.is_editable:
        raise ReportNotEditable
    _require_open(report.period)
    letter = Letter.objects.live().for_year(report.period.year).get(unit=report.unit)
    lacking = report_rules.missing(report.work, report.targets, report.clean, letter.target_codes())
    if lacking:
        raise ReportIncomplete(lacking)
    now, today = clock.now(), clock.today()
    due = report.correction if report.correction and report.state == ReportState.RETURNED else report.obligation
    content = {"work": report.work, "targets": report.targets, "letter": letter.pk}
    submission = Submission.objects.create(
        report=report,
        number=1 + (report.submissions.aggregate(last=Max("number"))["last"] or 0),
        content=content,
        clean=report.clean,
        sha256=sha256_of({"content": content, "clean": report.clean}),
        submitted_at=now,
        submitted_by=by,
        tenure=Tenure.objects.top_leaders().on(today).get(post__unit=report.unit),
        days_late=load_calendar().late(due.due_on, today),
    )
    report.move_to(ReportState.SUBMITTED, expected_version=expected_version, submitted_at=now)
    obligations.discharge(due.pk, on=today)
    _log(by, "submitted", report)
    _tell(report, "report_submitted", scopes.users_with(Role.COORDINATOR, str(report.unit.path)))
    return submission


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

    Raises RemarkMissing, ReportNotSubmitted, Conflict, NotAllowed.
    """
    report = _report(by, report_id)
    policies.require(policies.may_review(by, report))
    if report.state != ReportState.SUBMITTED:
        raise ReportNotSubmitted
    written = {key: text.strip() for key, text in remarks.items() if text.strip()}
    if not written:
        raise RemarkMissing
    submission = report.submissions.latest("number")
    Remark.objects.bulk_create(
        Remark(submission=submission, part=part, target=target, text=text, author=by, made_at=clock.now())
        for (part, target), text in written.items()
    )
    en, zh = titles(report.period)
    correction = obligations.open_duty(
        "report_correction",
        report.unit_id,
        due_on or load_calendar().add(clock.today(), CORRECTION_DAYS),
        label_en=f"{en}: correction",
        label_zh=f"{zh}（更正）",
        year=report.period.year,
    )
    report.move_to(ReportState.RETURNED, expected_version=expected_version, correction=correction)
    _log(by, "returned", report)
    _tell(report, "report_returned", [submission.submitted_by], due_on=correction.due_on.isoformat())
    return report


@transaction.atomic
def accept(by: User, report_id: int, *, expected_version: int) -> Report:
    """Accept a submitted report. Late stays late. Raises ReportNotSubmitted, Conflict, NotAllowed."""
    report = _report(by, report_id)
    policies.require(policies.may_review(by, report))
    if report.state != ReportState.SUBMITTED:
        raise ReportNotSubmitted
    report.move_to(ReportState.ACCEPTED, expected_version=expected_version, accepted_at=clock.now(), accepted_by=by)
    _log(by, "accepted", report)
    _tell(report, "report_accepted", [report.submissions.latest("number").submitted_by])
    return report


def _log(by: User, verb: str, report: Report) -> None:
    audit.record(by, f"report.{verb}", report, path=str(report.unit.path), data={"version": report.version})


def _tell(report: Report, kind: str, to: Any, **data: Any) -> None:
    en, zh = titles(report.period)
    notices.queue(
        kind,
        to=to,
        about=report,
        unit=report.unit,
        url=report.get_absolute_url(),
        period={"en": en, "zh-hans": zh},
        unit_name=names(report.unit),
        **data,
    )
