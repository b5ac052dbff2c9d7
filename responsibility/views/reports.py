"""Reports: the list, which is the review queue, and opening a period."""

from datetime import date, datetime
from typing import Any

import django_filters
import django_tables2
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.organisation.models import Unit
from portal.web.dates import due_day, moment
from portal.web.views import ListPage, VerbView
from portal.workdays import clock
from responsibility import policies
from responsibility.models import PeriodKind, Report, ReportingPeriod, ReportState
from responsibility.report_forms import PeriodForm
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
    submitted_at = django_tables2.Column(verbose_name=_("Handed in"))
    late = django_tables2.Column(verbose_name=_("Late"), empty_values=(), orderable=False)

    def render_due_on(self, value: Any) -> str:
        """As a sentence."""
        return due_day(value)

    def render_submitted_at(self, value: datetime) -> str:
        """As the house writes an instant."""
        return moment(value)

    def value_submitted_at(self, value: datetime) -> str:
        """As spreadsheets sort it."""
        return f"{value.astimezone(clock.zone()):%Y-%m-%d %H:%M}"

    def value_due_on(self, value: date) -> str:
        """As spreadsheets sort it."""
        return value.isoformat()

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

    def allowed(self, user: User) -> bool:
        """Everybody but those who keep the machinery alone."""
        return not user.standing.is_kept_from_content

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
