"""Reports: the list and review queue, the report itself, writing its parts, handing in."""

from typing import Any

import django_filters
import django_tables2
from django import forms
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.documents import services as documents
from portal.documents.models import Attachment
from portal.obligations.models import Obligation
from portal.obligations.presentation import StateView, state_of
from portal.organisation.models import Unit
from portal.web.dates import day
from portal.web.errors import Conflict, PortalError
from portal.web.i18n import pick
from portal.web.views import ListPage, ObjectPage, VerbView
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility import policies, report_rules
from responsibility.forms import FileForm, PartForm, PeriodForm, VersionForm
from responsibility.models import Letter, Part, PeriodKind, Report, ReportingPeriod, ReportState, Submission
from responsibility.report_parts import CLEAN, WORK
from responsibility.services import reports


class ReportFilter(django_filters.FilterSet):
    """By period, state and unit."""

    q = django_filters.CharFilter(label=_("Unit"), method="search")
    period = django_filters.ModelChoiceFilter(queryset=ReportingPeriod.objects.all(), label=_("Period"))
    state = django_filters.ChoiceFilter(choices=ReportState.choices, label=_("State"))

    def search(self, queryset: "QuerySet[Report]", name: str, value: str) -> "QuerySet[Report]":
        """Units as people look for them."""
        return queryset.filter(unit__in=Unit.objects.search(value))


class ReportTable(django_tables2.Table):
    """Reports; those that wait for review first."""

    unit = django_tables2.Column(
        verbose_name=_("Unit"),
        accessor="unit__name",
        order_by="unit__sort_key",
        linkify=lambda record: record.get_absolute_url(),
    )
    period = django_tables2.Column(verbose_name=_("Report"), accessor="period__title", order_by="period__due_on")
    state = django_tables2.Column(verbose_name=_("State"), accessor="get_state_display", order_by="state")
    due_on = django_tables2.Column(verbose_name=_("Due day"), accessor="obligation__due_on")
    submitted_at = django_tables2.DateTimeColumn(verbose_name=_("Handed in"), format="Y-m-d H:i")
    late = django_tables2.Column(verbose_name=_("Late"), empty_values=(), orderable=False)

    def render_due_on(self, value: Any) -> str:
        """As a sentence."""
        return day(value)

    def render_late(self, record: Report) -> str:
        """Late stays late, even when accepted."""
        return str(_("late")) if record.obligation.is_late else ""


class ReportsPage(ListPage):
    """Reports that the person may see; the coordinator's review queue."""

    model = Report
    title = _("Reports")
    table_class = ReportTable
    filterset_class = ReportFilter
    template_name = "responsibility/reports.html"
    export_name = "reports"
    empty = _(
        "No reporting period has been opened yet. The coordinator opens one, and every unit with a letter reports."
    )

    def get_queryset(self) -> "QuerySet[Report]":
        """With what each row shows."""
        seen = Report.objects.visible_to(self.request.user).select_related("unit", "period", "obligation")
        waits = ExpressionWrapper(Q(state=ReportState.SUBMITTED), output_field=BooleanField())
        return seen.annotate(waits=waits).order_by("-waits", "-period__due_on", "unit__path")

    def get_lede(self) -> str:
        """How many wait for review."""
        count = Report.objects.visible_to(self.request.user).filter(state=ReportState.SUBMITTED).count()
        text = ngettext("%(count)s report waits for review.", "%(count)s reports wait for review.", count)
        return text % {"count": count}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds whether a period may be opened here."""
        return super().get_context_data(may_open=policies.may_open_periods(self.request.user), **kwargs)


class OpenPeriod(VerbView):
    """Open a reporting period."""

    title = _("Open a reporting period")
    lede = _("Every unit with a letter of the year then owes a report, and its leader is told.")
    crumbs = ((_("Reports"), "/reports/"),)
    purpose = "open-period"
    form_class = PeriodForm
    submit_label = _("Open the period")
    back_url = "/reports/"

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """The coordinator."""
        return policies.may_open_periods(user)

    def get_initial(self) -> dict[str, Any]:
        """This year's annual report."""
        today = clock.today()
        return {"year": today.year, "kind": PeriodKind.ANNUAL, "number": 1, "opens_on": today}

    def perform(self, form: PeriodForm) -> ReportingPeriod:
        """Open it."""
        typed = form.cleaned_data
        return reports.open_period(
            self.request.user,
            year=typed["year"],
            kind=PeriodKind(typed["kind"]),
            number=typed["number"],
            opens_on=typed["opens_on"],
            due_on=typed["due_on"],
            closes_on=typed["closes_on"],
        )

    def get_result_url(self, result: ReportingPeriod) -> str:
        """Its reports."""
        return f"/reports/?period={result.pk}"


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

    @staticmethod
    def duty_of(report: Report) -> Obligation:
        """The duty in force: the correction once the report was returned."""
        return report.correction if report.correction is not None else report.obligation

    def state(self, report: Report) -> StateView:
        """How the duty stands."""
        return state_of(self.duty_of(report), clock.today(), load_calendar())

    @staticmethod
    def letter_of(report: Report) -> Letter:
        """The unit's letter of the year, in force or the last one."""
        seen = Letter.objects.for_year(report.period.year).filter(unit=report.unit)
        return seen.live().first() or seen.latest("serial")


def crumbs_of(report: Report, *, inside: bool = False) -> list[tuple[str, str]]:
    """The pages above a report, or above a page of it."""
    above = [(_t("Reports"), reverse("responsibility:reports"))]
    return [*above, (report.period.title, report.get_absolute_url())] if inside else above


def _name_of(field: str, letter: Letter) -> str:
    """What people call a field: its label, or the target it is about."""
    for target in letter.targets:
        if field.startswith(f"target-{target['code']}-"):
            return str(pick(target["name"]))
    labels = {f"{part}-{item.code}": item.label for part, items in (("work", WORK), ("clean", CLEAN)) for item in items}
    return str(labels.get(field, ""))


class ReportPage(ReportMixin, ObjectPage):
    """A report: its parts, what was handed in, the remarks, and what is to be done."""

    template_name = "responsibility/report.html"

    def get_title(self) -> str:
        """Which report of which unit."""
        return f"{self.object.period.title}: {self.object.unit.name}"

    def get_lede(self) -> str:
        """Where it stands."""
        report = self.object
        if report.state == ReportState.RETURNED and report.correction is not None:
            return _t("Returned with remarks. Answer them and hand it in again by %(day)s.") % {
                "day": day(report.correction.due_on)
            }
        return str(report.get_state_display())

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The reports."""
        return crumbs_of(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds parts, remarks and verbs."""
        report, user = self.object, self.request.user
        letter = self.letter_of(report)
        lacking = report_rules.missing(report.work, report.targets, report.clean, letter.target_codes())
        latest = report.submissions.order_by("-number").prefetch_related("remarks__author").first()
        reads_clean = policies.may_read_clean(user, report)
        writes = report.is_editable and not report.period.is_closed(clock.today())
        shown = {"work": report.work, "targets": report.targets, "clean": report.clean if reads_clean else {}}
        if latest is not None and not policies.may_write_part(user, report, Part.WORK):
            shown = latest.content | {"clean": latest.clean if reads_clean else {}}
        return super().get_context_data(
            report=report,
            letter=letter,
            state=self.state(report),
            parts=self._parts(report, lacking, reads_clean=reads_clean, writes=writes),
            shown=shown,
            work_fields=WORK,
            clean_fields=CLEAN if reads_clean else (),
            reads_clean=reads_clean,
            may_submit=writes and policies.may_submit(user, report),
            may_review=report.state == ReportState.SUBMITTED and policies.may_review(user, report),
            latest=latest,
            remarks=self._remarks(latest, reads_clean=reads_clean),
            submissions=report.submissions.order_by("-number").select_related("submitted_by"),
            files=documents.for_object("report", report),
            may_attach=writes and policies.may_write_part(user, report, Part.WORK),
            **kwargs,
        )

    @staticmethod
    def _remarks(latest: Submission | None, *, reads_clean: bool) -> list[Any]:
        remarks = list(latest.remarks.all()) if latest is not None else []
        return [remark for remark in remarks if reads_clean or remark.part != Part.CLEAN]

    def _parts(
        self, report: Report, lacking: list[report_rules.Missing], *, reads_clean: bool, writes: bool
    ) -> list[dict[str, Any]]:
        """The three parts with how many fields each still lacks, for who may know of them."""
        user = self.request.user
        parts = []
        for part in Part:
            if part == Part.CLEAN and not reads_clean:
                continue
            address = (report.period.year, report.period.slug, report.unit.code, part.value)
            parts.append(
                {
                    "part": part,
                    "lacks": sum(item.part == part for item in lacking),
                    "url": reverse("responsibility:report-part", args=address)
                    if writes and policies.may_write_part(user, report, part)
                    else "",
                }
            )
        return parts


class WritePart(ReportMixin, VerbView):
    """Write one part of a report; it saves itself while it is typed."""

    template_name = "responsibility/report_part.html"
    form_class = PartForm
    purpose = "save-part"
    submit_label = _("Save")

    @property
    def part(self) -> Part:
        """The part that the address names."""
        return Part(self.kwargs["part"])

    def get_object(self) -> Report:
        """The report, if the person may write this part of it."""
        report = super().get_object()
        policies.require(policies.may_write_part(self.request.user, report, self.part))
        return report

    def get_title(self) -> str:
        """The part."""
        return str(self.part.label)

    def get_lede(self) -> str:
        """What it belongs to, and who reads it."""
        if self.part == Part.CLEAN:
            return _t("Only the leading group and the coordinator read this part.")
        return f"{self.object.period.title} · {self.object.unit.name}"

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The report."""
        return crumbs_of(self.object, inside=True)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The part's fields."""
        self.letter = self.letter_of(self.object)
        return super().get_form_kwargs() | {"part": self.part, "targets": self.letter.targets}

    def get_initial(self) -> dict[str, Any]:
        """What is stored, at the version that is shown."""
        return PartForm.initial_from(self.part, self.object.part(self.part)) | {"version": self.object.version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the clauses beside the fields, the remarks to answer, the parts before and after."""
        latest = self.object.submissions.order_by("-number").prefetch_related("remarks__author").first()
        remarks = [r for r in latest.remarks.all() if r.part == self.part] if latest is not None else []
        parts = list(Part)
        place = parts.index(self.part)
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return context | {
            "report": self.object,
            "letter": self.letter,
            "part": self.part,
            "state": self.state(self.object),
            "remarks": remarks,
            "following": parts[place + 1] if place + 1 < len(parts) else None,
            "all_parts": [{"part": part, "url": self._url_of(part)} for part in parts],
            "groups": self._groups(form, remarks),
            "clauses": self._clauses(),
            "autosave_url": self.request.path,
            "files": documents.for_object("report", self.object),
        }

    def _clauses(self) -> list[dict[str, Any]]:
        """The clauses of the letter that the part answers to."""
        beside = ("tasks", "reporting") if self.part == Part.TARGETS else ("duties", "reporting")
        sections = self.letter.content["sections"]
        return [clause for section in sections if section["code"] in beside for clause in section["clauses"]]

    def _url_of(self, part: Part) -> str:
        """Where a part is written, if the person may."""
        report = self.object
        address = (report.period.year, report.period.slug, report.unit.code, part.value)
        may = policies.may_write_part(self.request.user, report, part)
        return reverse("responsibility:report-part", args=address) if may else ""

    def _groups(self, form: PartForm, remarks: list[Any]) -> list[dict[str, Any]]:
        """The fields by target, each with its remarks; for the other parts one group."""
        if self.part != Part.TARGETS:
            return [{"target": None, "fields": [f for f in form if f.name != "version"], "remarks": remarks}]
        return [
            {
                "target": target,
                "fields": [field for field in form if field.name.startswith(f"target-{target['code']}-")],
                "remarks": [r for r in remarks if r.target in ("", target["code"])] if target else [],
            }
            for target in self.letter.targets
        ]

    def form_valid(self, form: PartForm) -> HttpResponse:
        """Save; the page's script asks for JSON and goes on typing."""
        if self.request.headers.get("Accept") != "application/json":
            return super().form_valid(form)
        try:
            report = self._save(form)
        except Conflict as error:
            return JsonResponse({"message": str(error), "version": error.current.version}, status=409)
        except PortalError as error:
            return JsonResponse({"message": str(error)}, status=error.status)
        return JsonResponse({"version": report.version, "saved_at": f"{clock.now().astimezone(clock.zone()):%H:%M:%S}"})

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what is wrong, to the script as to people."""
        if self.request.headers.get("Accept") == "application/json":
            return JsonResponse({"message": _t("Not saved: a field needs mending."), "errors": form.errors}, status=422)
        return super().form_invalid(form)

    def _save(self, form: PartForm) -> Report:
        return reports.save_part(
            self.request.user, self.object.pk, self.part, form.values(), expected_version=form.cleaned_data["version"]
        )

    def perform(self, form: PartForm) -> Report:
        """Save."""
        return self._save(form)

    def get_result_url(self, result: Report) -> str:
        """The next part, or the report."""
        parts = list(Part)
        place = parts.index(self.part) + 1
        if "next" in self.request.POST and place < len(parts):
            address = (result.period.year, result.period.slug, result.unit.code, parts[place].value)
            if policies.may_write_part(self.request.user, result, parts[place]):
                return reverse("responsibility:report-part", args=address)
        return result.get_absolute_url()


class SubmitReport(ReportMixin, VerbView):
    """Look at what would be handed in, and hand it in."""

    template_name = "responsibility/report_submit.html"
    title = _("Check and hand in")
    form_class = VersionForm
    purpose = "submit-report"
    submit_label = _("Hand in the report")

    @staticmethod
    def policy(user: User, report: Report) -> bool:
        """The top leader."""
        return policies.may_submit(user, report)

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The report."""
        return crumbs_of(self.object, inside=True)

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [
            _t("What the report says is kept for good, with its fingerprint."),
            _t("The coordinator reviews it and accepts it or returns it with remarks."),
            _t("You cannot change it any more, unless it is returned."),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what is missing, each with the way to its field."""
        report = self.object
        letter = self.letter_of(report)
        lacking = report_rules.missing(report.work, report.targets, report.clean, letter.target_codes())
        address = (report.period.year, report.period.slug, report.unit.code)
        missing = [
            {
                "sentence": item.sentence,
                "url": f"{reverse('responsibility:report-part', args=(*address, item.part))}#div_id_{item.field}",
                "field": _name_of(item.field, letter),
            }
            for item in lacking
        ]
        return super().get_context_data(report=report, missing=missing, state=self.state(report), **kwargs)

    def perform(self, form: VersionForm) -> Submission:
        """Hand it in."""
        return reports.submit(self.request.user, self.object.pk, expected_version=form.cleaned_data["version"])

    def get_result_url(self, result: Submission) -> str:
        """The report, which then shows the receipt."""
        return f"{result.report.get_absolute_url()}?handed-in={result.number}"


class AttachFile(ReportMixin, VerbView):
    """Attach a file to a report."""

    title = _("Attach a file")
    form_class = FileForm
    purpose = "attach-to-report"
    submit_label = _("Attach")

    @staticmethod
    def policy(user: User, report: Report) -> bool:
        """Leader and liaison, while the report is written."""
        return policies.may_write_part(user, report, Part.WORK) and report.is_editable

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The report."""
        return crumbs_of(self.object, inside=True)

    def perform(self, form: FileForm) -> Attachment:
        """Keep it."""
        return documents.attach(self.request.user, "report", self.object, form.cleaned_data["file"])

    def get_result_url(self, result: Attachment) -> str:
        """The report."""
        return str(self.object.get_absolute_url())


class DetachFile(ReportMixin, VerbView):
    """Take an attached file away again."""

    title = _("Take the file away")
    form_class = forms.Form
    purpose = "detach-from-report"
    submit_label = _("Take it away")
    danger = True
    policy = AttachFile.policy

    def get_lede(self) -> str:
        """Which file."""
        return str(documents.for_object("report", self.object).get(pk=self.kwargs["pk"]))

    def perform(self, form: forms.Form) -> Report:
        """Remove it."""
        documents.detach(self.request.user, documents.for_object("report", self.object).get(pk=self.kwargs["pk"]).pk)
        return Report.objects.get(pk=self.object.pk)

    def get_result_url(self, result: Report) -> str:
        """The report."""
        return result.get_absolute_url()
