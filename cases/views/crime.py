"""The pages of duty-crime cases: the list, and a case with its procedure, limits and persons."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import Prefetch, Sum
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases import case_rules, policies
from cases.models import (
    CaseState,
    Charge,
    CrimeCase,
    Exposure,
    Major,
    Offence,
    Outcome,
    Recommendation,
    Stage,
    Suspect,
)
from cases.models.proceedings import POINTS
from cases.punishments import wording
from cases.services.crime.base import limit_now
from cases.views.base import RoomMixin
from cases.views.clues import due_text
from portal.web.dates import short_day
from portal.web.views import ListPage, ObjectPage, Text
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from systems.models import RequiredSystem

ROOM = "cases:cases"


class CaseFilter(django_filters.FilterSet):
    """Cases by state, offence, the system that failed, whether they are major."""

    state = django_filters.ChoiceFilter(choices=CaseState.choices, label=_("State"), empty_label=_("All"))
    offence = django_filters.ModelChoiceFilter(
        field_name="charges__law__offence", queryset=Offence.objects.all(), label=_("Offence"), empty_label=_("All")
    )
    loophole = django_filters.ModelChoiceFilter(
        queryset=RequiredSystem.objects.all(), label=_("System that failed"), empty_label=_("All")
    )
    major = django_filters.ChoiceFilter(choices=Major.choices, label=_("Major case"), empty_label=_("All"))
    outcome = django_filters.ChoiceFilter(choices=Outcome.choices, label=_("Outcome"), empty_label=_("All"))

    class Meta:
        model = CrimeCase
        fields = ()


class CaseTable(django_tables2.Table):
    """Cases, the newest first."""

    number = django_tables2.Column(verbose_name=_("Case number"))
    title = django_tables2.Column(verbose_name=_("Case"), orderable=False)
    unit = django_tables2.Column(accessor="unit__name", verbose_name=_("Unit"), orderable=False)
    offences = django_tables2.Column(accessor="charges", verbose_name=_("Offence"), orderable=False)
    amount = django_tables2.Column(accessor="amount", verbose_name=_("Amount"))
    loophole = django_tables2.Column(accessor="loophole__name", verbose_name=_("System that failed"), orderable=False)
    limit = django_tables2.Column(accessor="obligation", verbose_name=_("Limit"), order_by="obligation__due_on")
    state = django_tables2.Column(verbose_name=_("State"))

    class Meta:
        model = CrimeCase
        fields = ("number", "title", "unit", "offences", "amount", "loophole", "limit", "state")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar = load_calendar()

    def render_number(self, value: str, record: CrimeCase) -> str:
        """Leads to the case."""
        return format_html('<a href="{}" lang="zh-Hans">{}</a>', record.get_absolute_url(), value)

    def value_number(self, value: str) -> str:
        """The number, in a file."""
        return value

    def render_offences(self, value: Any) -> str:
        """All of them."""
        return ", ".join(charge.law.offence.name for charge in value.all())

    def render_amount(self, value: Any) -> str:
        """In words."""
        return wording.yuan(value)

    def value_amount(self, value: Any) -> Any:
        """A number, in a file."""
        return float(value) if value is not None else None

    def render_limit(self, value: Any, record: CrimeCase) -> str:
        """The state of the limit that runs."""
        return due_text(value, self.calendar) if record.state == CaseState.OPEN else ""


class CaseList(RoomMixin, ListPage):
    """The duty-crime cases that the person oversees or works on."""

    title = _("Duty-crime cases")
    model = CrimeCase
    table_class, filterset_class = CaseTable, CaseFilter
    template_name = "cases/clues.html"
    export_name = "duty-crime-cases"
    room = ROOM
    empty = _("No case has been filed yet.")

    def get_queryset(self) -> Any:
        """With what a row shows."""
        charges = Prefetch("charges", Charge.objects.select_related("law__offence"))
        found = super().get_queryset().select_related("unit", "loophole", "obligation").prefetch_related(charges)
        return found.annotate(amount=Sum("charges__amount"))

    def get_lede(self) -> Text:
        """How many go on."""
        count = CrimeCase.objects.visible_to(self.request.user).running().count()
        return ngettext("%(count)s case is open.", "%(count)s cases are open.", count) % {"count": count}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the verb."""
        actions: list[dict[str, Any]] = [
            {"url": reverse("cases:law"), "label": _("Offences and limits"), "icon": "scale", "primary": False}
        ]
        if policies.may_work(self.request.user):
            actions += [{"url": reverse("cases:file-case"), "label": _("File a case"), "icon": "plus", "primary": True}]
        return super().get_context_data(actions=actions, **kwargs)


class CaseMixin(RoomMixin):
    """A page about a case that the person may see."""

    room = ROOM
    object: CrimeCase
    kwargs: dict[str, Any]

    def get_object(self) -> CrimeCase:
        """With what the page shows."""
        seen = CrimeCase.objects.visible_to(self.request.user)
        return seen.select_related(
            "unit", "office", "officer", "loophole", "listed_power", "clue", "obligation", "joined_into", "split_from"
        ).get(pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[Text, str]]:
        """The list."""
        return [(_("Duty-crime cases"), reverse("cases:cases"))]


class CasePage(CaseMixin, ObjectPage):
    """A case: where it stands, what runs, who is concerned, what was checked."""

    template_name = "cases/case.html"

    def get_title(self) -> Text:
        """Its name."""
        return self.object.title

    def get_lede(self) -> Text:
        """Number, unit, and the limit that runs."""
        case = self.object
        lede = f"{case.number} · {case.unit.name}"
        if case.state == CaseState.OPEN and case.obligation is not None:
            return f"{lede} · {due_text(case.obligation)}"
        return f"{lede} · {case.get_state_display()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds procedure, limits, persons, charges, checks, and what may be done."""
        case, user = self.object, self.request.user
        may_work = policies.may_work_at(user, str(case.office.path))
        charges = case.charges.select_related("law__offence")
        now = limit_now(case) if case.state == CaseState.OPEN else None
        return super().get_context_data(
            case=case,
            steps=procedure(case),
            limit=now[0] if now else None,
            limit_stage=Stage(now[0].to_stage).label if now else "",
            charges=[(charge, charge_in_words(charge)) for charge in charges],
            suspects=Suspect.objects.filter(case=case).select_related("rank"),
            extensions=case.extensions.select_related("decided_by"),
            suspensions=case.suspensions.select_related("decided_by"),
            checks=[(check, _points(check)) for check in case.checks.select_related("checked_by")[:3]],
            leader=getattr(case, "leader", None) if case.major else None,
            also_found=case.also_found_by.all(),
            joined=case.joined.all(),
            split_off=case.split_off.all(),
            recommendations=Recommendation.objects.visible_to(user).filter(case=case).select_related("unit", "finding"),
            exposures=Exposure.objects.filter(case=case),
            milestones=case.milestones.select_related("entered_by"),
            may_work=may_work and case.state == CaseState.OPEN,
            may_expose=may_work and case.state in (CaseState.OPEN, CaseState.CONCLUDED),
            may_resume=may_work and case.state == CaseState.SUSPENDED,
            may_check=may_work and case.state == CaseState.OPEN and case.officer_id != user.pk,
            may_decide_major=not case.major and case.state == CaseState.OPEN and policies.may_decide_major(user, case),
            **kwargs,
        )


def _points(check: Any) -> list[tuple[Text, bool]]:
    return [(label, getattr(check, name)) for name, label in POINTS]


def charge_in_words(charge: Charge) -> Text:
    """The tier that an amount reaches, by the law of the day of the act."""
    law, amount = charge.law, charge.amount
    if amount is None:
        return ""
    tiers = (
        (law.especially_huge, _t("especially huge")),
        (law.huge, _t("huge")),
        (law.relatively_large, _t("relatively large")),
    )
    for tier, words in tiers:
        if tier is not None and amount >= tier:
            return _t("%(tier)s, from %(amount)s on") % {"tier": words, "amount": wording.yuan(tier)}
    return _t("under the threshold")


def procedure(case: CrimeCase) -> list[dict[str, Any]]:
    """The stages with their days; the one after the last reached is the one that is worked on."""
    reached = dict(case.milestones.values_list("stage", "reached_on"))
    last = max((case_rules.ORDER.index(stage) for stage in reached), default=-1)
    steps = []
    for place, stage in enumerate(case_rules.ORDER):
        if stage not in reached and place < last:
            continue
        code = "done" if stage in reached else "now" if place == last + 1 and case.state == CaseState.OPEN else "todo"
        steps.append({"code": code, "title": Stage(stage).label, "text": _text(case, stage, reached.get(stage), code)})
    return steps


def _text(case: CrimeCase, stage: str, day: Any, code: str) -> Text:
    if day is not None:
        year = f" {day.year}" if day.year != clock.today().year else ""
        return f"{short_day(day)}{year}"
    if code == "now" and case.obligation is not None and case.limit_stage == stage:
        return _t("by %(day)s") % {"day": short_day(case.obligation.due_on)}
    return ""
