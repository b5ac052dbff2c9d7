"""What this room makes known to the floors below: duties, notices, jobs, places, attachments, sentences of the log."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.signals import major_case
from portal.accounts.factor_adapter import name_site
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit import actions
from portal.documents import registry as documents
from portal.notices.registry import register as register_notices
from portal.obligations.models import Obligation
from portal.obligations.registry import Kind, register_foreseer
from portal.obligations.registry import register as register_duty
from portal.obligations.signals import calendar_changed, clock_ran, steps_taken
from portal.organisation import sections
from portal.organisation import touched as organisation_touched
from portal.organisation.signals import change_begins, change_made, office_changed
from portal.web import jobs
from portal.web.navigation import Item
from portal.web.navigation import register as register_places
from responsibility import histories, policies, touched, unit_file
from responsibility.models import AccountabilityCase, Part, Programme, Report, ReportState
from responsibility.services import accountability, changes, letters, reports
from responsibility.told import ACTIONS, NOTICES


def letter_url(duty: Obligation) -> str:
    """Where the letter of a duty is read and signed."""
    return reverse("responsibility:letter", args=(duty.year, duty.unit.code))


def report_url(duty: Obligation) -> str:
    """Where the report of a duty is written."""
    report = getattr(duty, "report", None) or getattr(duty, "corrected_report", None)
    return report.get_absolute_url() if isinstance(report, Report) else reverse("responsibility:reports")


DUTIES = (
    Kind(
        "letter",
        _("Letter of responsibility"),
        _("Letter"),
        _("Read and sign"),
        letter_url,
        order=10,
        look=_("Open the letter"),
    ),
    Kind(
        "report",
        _("Report"),
        _("Report"),
        _("Write the report"),
        report_url,
        order=20,
        look=_("Open the report"),
        pass_on=reports.pass_on,
    ),
    Kind(
        "report_correction",
        _("Corrected report"),
        _("Correction"),
        _("Answer the remarks"),
        report_url,
        order=30,
        look=_("Open the report"),
    ),
)


def register_all() -> None:
    """Called once, in `AppConfig.ready()`."""
    for kind in DUTIES:
        register_duty(kind)
    register_notices(*NOTICES)
    jobs.register(letters.ISSUE_JOB, jobs.Kind(_("Issue letters of responsibility"), letters.run_issue))
    register_foreseer(accountability.raisings)
    steps_taken.connect(accountability.follow_steps, dispatch_uid="responsibility.steps")
    calendar_changed.connect(accountability.follow_calendar, dispatch_uid="responsibility.case_days")
    clock_ran.connect(accountability.follow_clock, dispatch_uid="responsibility.final_cases")
    major_case.connect(accountability.follow_major_case, dispatch_uid="responsibility.major_case")
    change_begins.connect(changes.lock, dispatch_uid="responsibility.change_begins")
    change_made.connect(changes.follow, dispatch_uid="responsibility.change_made")
    organisation_touched.register(touched.touched_letters, 20)
    organisation_touched.register_outcome(touched.outcome)
    organisation_touched.register_handover(touched.of_handover, 20)
    office_changed.connect(letters.follow_office, dispatch_uid="responsibility.office")
    documents.register_purpose(
        documents.Purpose(reports.REPORT_FILES, Report, _reads_report, _writes_report, reports.keep_handed_in)
    )
    documents.register_purpose(
        documents.Purpose(reports.CLEAN_FILES, Report, policies.may_read_clean, _writes_clean, reports.keep_handed_in)
    )
    documents.register_purpose(documents.Purpose("case", AccountabilityCase, _reads_case, _explains_case))
    register_places(*PLACES)
    for section in unit_file.SECTIONS:
        sections.register(section)
    histories.register_all()
    name_site(_site_name)
    actions.register(ACTIONS)


def _site_name() -> str:
    """What apps of one-time codes and passkeys call this site."""
    return Programme.objects.get(pk=1).site_name


def _reads_report(user: User, report: Report) -> bool:
    return Report.objects.visible_to(user).filter(pk=report.pk).exists()


def _writes_report(user: User, report: Report) -> bool:
    return policies.may_attach(user, report, Part.WORK)


def _writes_clean(user: User, report: Report) -> bool:
    return policies.may_attach(user, report, Part.CLEAN)


def _reads_case(user: User, case: AccountabilityCase) -> bool:
    return AccountabilityCase.objects.visible_to(user).filter(pk=case.pk).exists()


def _explains_case(user: User, case: AccountabilityCase) -> bool:
    # Fresh and locked until the file is there or gone: a decision must not pass it by.
    with transaction.atomic():
        return policies.may_attach_to_case(user, AccountabilityCase.objects.locked(case.pk))


def _office(user: User) -> bool:
    return user.is_office and not user.standing.is_kept_from_content


def _coordinates(user: User) -> bool:
    return user.standing.has(Role.COORDINATOR)


def _to_review(user: User) -> int:
    return Report.objects.visible_to(user).filter(state=ReportState.SUBMITTED).count() if _coordinates(user) else 0


def _undecided(user: User) -> int:
    return AccountabilityCase.objects.visible_to(user).undecided().count()


PLACES = (
    Item("responsibility", _("Letters"), "responsibility:letters", "writing-sign", _office, 10),
    Item("responsibility", _("Reports"), "responsibility:reports", "report", _office, 20, _to_review),
    Item("responsibility", _("Accountability"), "responsibility:cases", "gavel", _office, 30, _undecided),
    Item("responsibility", _("Assessment"), "responsibility:assessments", "chart-bar", _office, 40),
    Item("office", _("Programme"), "responsibility:programme", "settings", policies.may_edit_programme, 5),
)
