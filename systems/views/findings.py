"""Findings and their rectification: the list, a finding with its whole story, and what each side does."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.documents import services as documents
from portal.obligations.presentation import state_of
from portal.organisation.filters import PartOfTreeFilter
from portal.web.dates import day, full_day
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from systems import policies
from systems.models import OWED, Finding, Gravity, Rectification, RectificationState, RequiredSystem
from systems.services.findings import FILES
from systems.services.rectification import owed_duty
from systems.views.base import RoomList, RoomObject


class FindingFilter(django_filters.FilterSet):
    """By part of the tree, gravity, state, system, and whether it came back."""

    part = PartOfTreeFilter()
    unit = django_filters.CharFilter(field_name="unit__code", label=_("Unit code"))
    gravity = django_filters.ChoiceFilter(choices=Gravity.choices, label=_("Gravity"), empty_label=_("All"))
    state = django_filters.ChoiceFilter(
        field_name="rectification__state", choices=RectificationState.choices, label=_("State"), empty_label=_("All")
    )
    category = django_filters.ModelChoiceFilter(
        queryset=RequiredSystem.objects.all(), to_field_name="code", label=_("System"), empty_label=_("All")
    )
    recurs = django_filters.ChoiceFilter(
        choices=(("yes", _("Yes")),), method="came_back", label=_("Came back"), empty_label=_("All")
    )

    def came_back(self, queryset: Any, name: str, value: str) -> Any:
        """Those found before."""
        return queryset.filter(recurs__isnull=False)


class FindingTable(django_tables2.Table):
    """Findings."""

    serial = django_tables2.Column(verbose_name=_("No."), linkify=True, order_by=("year", "serial"))
    unit = django_tables2.Column(verbose_name=_("Unit"), accessor="unit__name", order_by="unit__sort_key")
    gravity = django_tables2.Column(verbose_name=_("Gravity"), accessor="get_gravity_display", order_by="gravity")
    category = django_tables2.Column(verbose_name=_("System"), accessor="category__name", orderable=False, default="")
    text = django_tables2.Column(verbose_name=_("What was found"), orderable=False)
    found_on = django_tables2.Column(verbose_name=_("Found on"))
    state = django_tables2.Column(
        verbose_name=_("Rectification"),
        accessor="rectification__get_state_display",
        order_by="rectification__state",
    )
    due_on = django_tables2.Column(verbose_name=_("Due on"), empty_values=(), orderable=False)

    def render_serial(self, record: Finding) -> str:
        """Year and number."""
        return f"{record.year}-{record.serial}"

    def render_text(self, value: str) -> str:
        """The beginning."""
        return value if len(value) <= 90 else f"{value[:90]}…"

    def value_text(self, value: str) -> str:
        """All of it, for exports."""
        return value

    def render_found_on(self, value: Any) -> str:
        """With its year."""
        return full_day(value)

    def render_due_on(self, record: Finding) -> str:
        """While it is owed."""
        if record.rectification.state not in OWED:
            return ""
        return day(owed_duty(record.rectification).due_on)


class FindingsPage(RoomList):
    """The findings in the units that a person sees."""

    model = Finding
    title = _("Findings and rectification")
    table_class = FindingTable
    filterset_class = FindingFilter
    export_name = "findings"
    template_name = "systems/findings.html"
    empty = _("Nothing has been found yet. Findings come from inspections, or are recorded on a unit's page.")

    def get_queryset(self) -> "QuerySet[Finding]":
        """With what each row shows."""
        seen: QuerySet[Finding] = super().get_queryset()
        return seen.select_related(
            "unit", "category", "rectification__obligation", "rectification__correction"
        ).order_by("-year", "-serial")

    def get_lede(self) -> str:
        """How many are owed, and how many early signs were answered."""
        seen = Finding.objects.visible_to(self.request.user)
        owed = seen.filter(rectification__state__in=OWED).count()
        early = seen.filter(gravity=Gravity.EARLY_SIGN)
        answered = early.exclude(rectification__state__in=OWED).count()
        text = ngettext("%(count)s finding is to be put right.", "%(count)s findings are to be put right.", owed)
        signs = _t("Early signs: %(count)s, answered: %(answered)s.") % {"count": early.count(), "answered": answered}
        return f"{text % {'count': owed}} {signs}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what waits for the reader's verification."""
        user = self.request.user
        to_verify = Rectification.objects.visible_to(user).to_verify() if policies.inspects(user) else ()
        return super().get_context_data(
            to_verify=list(to_verify.select_related("finding__unit")[:10]) if to_verify else [],
            may_import=policies.inspects(user),
            **kwargs,
        )


class FindingMixin:
    """Finds the finding that the address names, among those the person may see."""

    request: Any
    kwargs: dict[str, Any]
    object: Finding

    def get_object(self) -> Finding:
        """By year and number. Raises DoesNotExist."""
        seen = Finding.objects.visible_to(self.request.user).select_related(
            "unit", "category", "power", "inspection", "item", "recurs", "joint_group", "found_by",
            "rectification__obligation", "rectification__correction", "rectification__owner",
        )  # fmt: skip
        return seen.get(year=self.kwargs["year"], serial=self.kwargs["serial"])

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The findings."""
        return [(_t("Findings"), reverse("systems:findings"))]

    def get_lede(self) -> str:
        """Which finding of which unit."""
        return f"{self.object} · {self.object.unit.name}"


class FindingPage(FindingMixin, RoomObject):
    """A finding: what is wrong, who puts it right by when, what was done, who looked."""

    template_name = "systems/finding.html"

    def get_title(self) -> str:
        """Which one, in which unit."""
        return f"{self.object.unit.name}: {self.object}"

    def get_lede(self) -> str:
        """How grave, in which system."""
        category = self.object.category.name if self.object.category else ""
        return f"{self.object.get_gravity_display()} · {category}".rstrip(" ·")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the story, the files, how often it came back, and what the reader may do."""
        finding, user = self.object, self.request.user
        rectification, today = finding.rectification, clock.today()
        duty = owed_duty(rectification)
        duty.unit = finding.unit
        owed = rectification.state in OWED and finding.unit.dissolved_on is None
        submitted = rectification.state == RectificationState.SUBMITTED
        named = bool(rectification.measure)
        return super().get_context_data(
            finding=finding,
            rectification=rectification,
            duty=duty,
            state=state_of(duty, today, load_calendar()) if rectification.state in OWED else None,
            said=rectification.said.select_related("author"),
            files=documents.for_object(FILES, finding),
            again=finding.recurrences.select_related("unit"),
            members=finding.joint_group.members.exclude(unit=finding.unit).select_related("unit")
            if finding.joint_group
            else (),
            steps=_steps(rectification),
            may_name=owed and policies.may_name_measure(user, rectification),
            may_submit=owed and named and policies.may_answer_finding(user, rectification),
            may_verify=submitted and policies.may_verify(user, rectification),
            is_party=submitted and policies.is_party(user, rectification),
            may_except=owed and policies.may_except(user, rectification),
            may_attach=may_attach(user, finding),
            **kwargs,
        )


def may_attach(user: Any, finding: Finding) -> bool:
    """Who found it and who puts it right attach files, until it is verified."""
    rectification = finding.rectification
    if rectification.state in (RectificationState.VERIFIED, RectificationState.ENDED):
        return False
    return policies.may_answer_finding(user, rectification) or policies.may_inspect(user, finding.unit)


def _steps(rectification: Rectification) -> list[dict[str, Any]]:
    """From the finding to the verification."""
    place = {
        RectificationState.OPEN: 1,
        RectificationState.UNDER_WAY: 2,
        RectificationState.RETURNED: 2,
        RectificationState.EXCEPTED: 2,
        RectificationState.SUBMITTED: 3,
        RectificationState.VERIFIED: 4,
    }.get(RectificationState(rectification.state), 4)
    titles = (_("Found"), _("Measure named"), _("Put right"), _("Verified"))
    return [
        {"code": "done" if number < place else "now" if number == place else "todo", "title": title, "text": ""}
        for number, title in enumerate(titles)
    ]
