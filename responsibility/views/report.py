"""A report's page: its parts, what was handed in, the remarks, its files."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t

from portal.obligations import owed
from portal.obligations.presentation import StateView, state_of
from portal.web.dates import due_day
from portal.web.i18n import titled
from portal.web.views import ObjectPage
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility import policies, report_rules
from responsibility.models import Letter, Part, PeriodKind, Report, ReportState, Submission
from responsibility.report_parts import CLEAN, TARGET_STATES, WORK, ReportField
from responsibility.services import reports


class ReportMixin:
    """Finds the report that the address names, among those the person may see."""

    request: Any
    kwargs: dict[str, Any]

    def get_object(self) -> Report:
        """By year, period and unit. Raises DoesNotExist."""
        kind, _dash, number = self.kwargs["period"].rpartition("-")
        if self.kwargs["period"] == PeriodKind.ANNUAL or not number.isdigit():
            kind, number = self.kwargs["period"], "1"
        seen = Report.objects.visible_to(self.request.user).select_related(
            "unit", "period", "obligation", "correction", "accepted_by"
        )
        return seen.get(
            period__year=self.kwargs["year"],
            period__kind=kind,
            period__number=int(number),
            unit__code=self.kwargs["code"],
        )

    def state(self, report: Report) -> StateView:
        """How the duty stands."""
        return state_of(report.duty, clock.today(), load_calendar())


def crumbs_of(report: Report, *, inside: bool = False) -> list[tuple[str, str]]:
    """The pages above a report, or above a page of it."""
    above = [(_t("Reports"), reverse("responsibility:reports"))]
    return [*above, (report.period.title, report.get_absolute_url())] if inside else above


def url_of(name: str, report: Report, *more: Any) -> str:
    """The address of a page of a report, by its name in `urls.py`."""
    return reverse(f"responsibility:{name}", args=(report.period.year, report.period.slug, report.unit.code, *more))


class ReportPage(ReportMixin, ObjectPage):
    """A report: its parts, what was handed in, the remarks, and what is to be done."""

    template_name = "responsibility/report.html"

    def get_title(self) -> str:
        """Which report of which unit."""
        return titled(self.object.period.title, self.object.unit.name)

    def get_lede(self) -> str:
        """Where it stands."""
        report = self.object
        if report.state == ReportState.RETURNED and report.correction is not None:
            return _t("Returned with remarks. Answer them and hand it in again by %(day)s.") % {
                "day": due_day(report.correction.due_on)
            }
        return str(report.get_state_display())

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The reports."""
        return crumbs_of(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds parts, remarks, files, what was handed in and verbs."""
        report, user = self.object, self.request.user
        latest = report.submissions.order_by("-number").prefetch_related("remarks__author").first()
        reads_clean = policies.may_read_clean(user, report)
        stopped = report.stopped(clock.today())
        return super().get_context_data(
            report=report,
            state=self.state(report),
            parts=self._parts(report, reads_clean=reads_clean, writes=stopped is None),
            # Who would write is told why he may not; to others it is no news.
            stopped=stopped if policies.may_write_part(user, report, Part.WORK) else None,
            may_submit=stopped is None and policies.may_submit(user, report),
            may_review=report.state == ReportState.SUBMITTED and policies.may_review(user, report),
            latest=latest,
            following=owed.next_of(user, clock.today(), load_calendar()) if "handed-in" in self.request.GET else None,
            remarks=_remarks(latest, reads_clean=reads_clean),
            submissions=report.submissions.order_by("-number").select_related("submitted_by"),
            handed_in=_handed_in(latest, reads_clean=reads_clean) if latest is not None else None,
            files=_files(report, user, reads_clean=reads_clean),
            accepted=_accepted(report, user) if "accepted" in self.request.GET else None,
            **kwargs,
        )

    def _parts(self, report: Report, *, reads_clean: bool, writes: bool) -> list[dict[str, Any]]:
        """The three parts with how many fields each still lacks, for who may know of them."""
        codes = report.letter().target_codes()
        lacking = report_rules.missing(report.work, report.targets, report.clean, codes)
        return [
            {
                "part": part,
                "lacks": sum(item.part == part for item in lacking),
                "url": url_of("report-part", report, part.value)
                if writes and policies.may_write_part(self.request.user, report, part)
                else "",
            }
            for part in Part
            if part != Part.CLEAN or reads_clean
        ]


def _accepted(report: Report, user: Any) -> dict[str, Any] | None:
    """The receipt for who has accepted the report: when, how many others wait, the next of them."""
    if report.state != ReportState.ACCEPTED or report.accepted_by_id != user.pk:
        return None
    waiting = policies.to_review(user).select_related("unit", "period")
    return {"at": report.accepted_at, "next": waiting.first(), "count": waiting.count()}


def _remarks(latest: Submission | None, *, reads_clean: bool) -> list[dict[str, Any]]:
    """The remarks on the latest submission, each with the target it is about."""
    if latest is None:
        return []
    names = {target["code"]: target["name"] for target in _letter_of(latest).targets}
    seen = [remark for remark in latest.remarks.all() if reads_clean or remark.part != Part.CLEAN]
    return [{"remark": remark, "target": names.get(remark.target)} for remark in seen]


def _letter_of(submission: Submission) -> Letter:
    """The letter that was answered to; a successor's may have come since."""
    return Letter.objects.get(pk=submission.content["letter"])


def _handed_in(latest: Submission, *, reads_clean: bool) -> dict[str, Any]:
    """What was handed in, as everybody reads it: not what is being written since."""
    states = {state.code: state for state in TARGET_STATES}
    answers = latest.content["targets"]
    rows = [(target, answers.get(target["code"], {})) for target in _letter_of(latest).targets]
    return {
        "work": _texts(WORK, latest.content["work"]),
        "targets": [
            {"target": target, "answer": answer, "state": states.get(answer.get("state"))} for target, answer in rows
        ],
        "clean": _texts(CLEAN, latest.clean) if reads_clean else [],
    }


def _texts(fields: Sequence[ReportField], values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"label": field.label, "text": values.get(field.code, "")} for field in fields]


def _files(report: Report, user: Any, *, reads_clean: bool) -> list[dict[str, Any]]:
    """The files by how closed they are, each with what may be done with it and whether it was handed in."""
    handed_in = {
        (file["name"], file["sha256"])
        for submission in report.submissions.all()
        for file in [*submission.content.get("files", ()), *submission.clean.get("files", ())]
    }
    groups = []
    for part, name in ((Part.WORK, "report"), (Part.CLEAN, "report-clean")):
        if part == Part.CLEAN and not reads_clean:
            continue
        writes = policies.may_attach(user, report, part)
        groups.append(
            {
                "closed": part == Part.CLEAN,
                "attach_url": url_of(f"{name}-attach", report) if writes else "",
                "files": [
                    {
                        "file": file,
                        "handed_in": (kept := (file.name, file.sha256) in handed_in),
                        "detach_url": url_of(f"{name}-detach", report, file.pk) if writes and not kept else "",
                    }
                    for file in reports.files_of(report, part)
                ],
            }
        )
    return groups
