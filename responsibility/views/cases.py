"""Accountability cases: the list and the file. What each side does in a case is in `case_verbs`."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases.models import CrimeCase
from portal.accounts.models import User
from portal.documents import services as documents
from portal.notices import services as notices
from portal.obligations.presentation import state_of
from portal.web.dates import day
from portal.web.i18n import listed, titled
from portal.web.views import ListPage, ObjectPage, Text
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility import case_words, deciding, policies
from responsibility.accountability_rules import has_been_heard
from responsibility.models import UNDECIDED, AccountabilityCase, CaseEntry, CaseState, EntryKind
from responsibility.services.accountability.referring import may_be_referred


class CaseFilter(django_filters.FilterSet):
    """By year and state."""

    year = django_filters.NumberFilter(label=_("Year"))
    state = django_filters.ChoiceFilter(choices=CaseState.choices, label=_("State"))


class CaseTable(django_tables2.Table):
    """Cases; first those that wait for a decision."""

    serial = django_tables2.Column(verbose_name=_("No."), linkify=True, order_by=("year", "serial"))
    unit = django_tables2.Column(verbose_name=_("Unit"), accessor="unit__name", order_by="unit__sort_key")
    person = django_tables2.Column(verbose_name=_("Person"), accessor="person__name", order_by="person__sort_key")
    matter = django_tables2.Column(verbose_name=_("Matter"), accessor="matter", orderable=False)
    opened_on = django_tables2.Column(verbose_name=_("Opened"))
    state = django_tables2.Column(verbose_name=_("State"), accessor="get_state_display", order_by="state")
    next_step = django_tables2.Column(verbose_name=_("Next step"), empty_values=(), orderable=False)
    measure = django_tables2.Column(verbose_name=_("Measure"), accessor="measure__name", orderable=False)

    # Who acts in the cases of this table; read once, when the first row asks.
    _next: case_words.NextSteps | None = None

    def render_serial(self, record: AccountabilityCase) -> str:
        """Year and number, on one line."""
        return format_html('<span class="p-nowrap">{}</span>', self.value_serial(record))

    def value_serial(self, record: AccountabilityCase) -> str:
        """Year and number, for exports."""
        return f"{record.year}-{record.serial}"

    def render_opened_on(self, value: Any) -> str:
        """As a sentence."""
        return day(value)

    def render_next_step(self, record: AccountabilityCase) -> str:
        """What is waited for, and from whom."""
        if self._next is None:
            rows = getattr(self, "page", None)
            shown = [row.record for row in rows.object_list] if rows else list(self.data.data)
            self._next = case_words.NextSteps(shown, clock.today())
        return self._next.of(record)


class CasesPage(ListPage):
    """The cases that a person may see."""

    model = AccountabilityCase
    title = _("Accountability")
    table_class = CaseTable
    filterset_class = CaseFilter
    export_name = "accountability"
    empty = _("No case has been opened. A duty ten working days overdue opens one, and so does a major case.")

    def get_queryset(self) -> "QuerySet[AccountabilityCase]":
        """With what each row shows."""
        seen = AccountabilityCase.objects.visible_to(self.request.user).undecided_first()
        return seen.select_related("unit", "person", "obligation", "crime_case", "measure")

    def get_lede(self) -> str:
        """How many are undecided."""
        count = AccountabilityCase.objects.visible_to(self.request.user).undecided().count()
        if not count:
            return _t("No case waits for a decision.")
        text = ngettext("%(count)s case is not decided.", "%(count)s cases are not decided.", count)
        return text % {"count": count}


class CaseMixin:
    """Finds the case that the address names, among those the person may see."""

    request: Any
    kwargs: dict[str, Any]
    object: AccountabilityCase

    def get_object(self) -> AccountabilityCase:
        """By year and number. Raises DoesNotExist."""
        seen = AccountabilityCase.objects.visible_to(self.request.user).select_related(
            "unit", "person", "tenure__post", "obligation", "crime_case", "group__unit", "measure"
        )
        return seen.get(year=self.kwargs["year"], serial=self.kwargs["serial"])

    def about(self, verb: Text) -> str:
        """The title of what is done in the case: the verb, the unit and the person."""
        return titled(verb, listed((self.object.unit.name, self.object.person.name)))

    def about_matter(self, verb: Text) -> str:
        """The same for the person concerned, who knows the own name: the verb, the number and the matter."""
        return titled(verb, listed((case_words.number_of(self.object), self.object.matter)))

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The cases."""
        return [(_t("Accountability"), reverse("responsibility:cases"))]

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}


def facts_of(user: User, case: AccountabilityCase) -> dict[str, Any]:
    """What the aside of a case shows: what it is about and how late, who decides, who answers, earlier cases of the person."""
    duty = case.obligation
    bench = deciding.decider_of(case)
    decided = case.state in (CaseState.DECIDED, CaseState.OBJECTED) and not case.is_final(clock.today())
    others = AccountabilityCase.objects.filter(person=case.person).exclude(pk=case.pk)
    return {
        "case": case,
        "number": case_words.number_of(case),
        "reads_crime_case": case.crime_case is not None
        and CrimeCase.objects.visible_to(user).filter(pk=case.crime_case.pk).exists(),
        "state": state_of(duty, clock.today(), load_calendar()) if duty is not None else None,
        "decides": bench if case.state in UNDECIDED else None,
        "answers": deciding.answerer_of(case) if decided else None,
        "earlier": others.filter(opened_on__lte=case.opened_on).count(),
    }


class CasePage(CaseMixin, ObjectPage):
    """The file of a case: where it stands, what was said, the proof of notice, and what the reader may do."""

    template_name = "responsibility/case.html"

    def get_title(self) -> str:
        """Unit and matter."""
        return titled(self.object.unit.name, self.object.matter)

    def get_lede(self) -> str:
        """Against whom, in which office."""
        return case_words.against(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds steps, entries, proof and verbs."""
        case, user, today = self.object, self.request.user, clock.today()
        entries = list(case.entries.select_related("author", "measure", "group"))
        duty = case.obligation
        proof = list(notices.proof(case)) + (list(notices.proof(duty)) if duty is not None else [])
        return super().get_context_data(
            **facts_of(user, case),
            **turn_of(user, case, entries),
            entries=entries,
            steps=case_words.steps(case, entries, today),
            proof=[notice for notice in proof if notice.recipient_id == case.person.user_id],
            files=documents.for_object("case", case),
            final=case.is_final(today),
            undecided=case.state in UNDECIDED,
            **kwargs,
        )


def turn_of(user: User, case: AccountabilityCase, entries: list[CaseEntry]) -> dict[str, bool]:
    """What a reader may do in a case now, and what is waited for."""
    today, undecided = clock.today(), case.state in UNDECIDED
    explained = any(entry.kind == EntryKind.EXPLANATION for entry in entries)
    heard = has_been_heard(explained, case.explain_until, today)
    mine, proposes = policies.is_person_concerned(user, case), policies.may_propose(user, case)
    decision = max((entry.level for entry in entries if entry.kind == EntryKind.DECISION), default=0)
    objected = any(entry.kind == EntryKind.OBJECTION and entry.level == decision for entry in entries)
    open_to = case.state in (CaseState.DECIDED, *UNDECIDED) and not case.may_not_be_objected_to(today)
    objection = case.state == CaseState.OBJECTED
    return {
        "may_explain": mine and undecided,
        "explain_time_is_over": today > case.explain_until,
        "may_attach": policies.may_attach_to_case(user, case),
        "may_object": mine and bool(decision) and open_to and not objected,
        "may_propose": undecided and heard and proposes,
        "may_decide": undecided and heard and policies.may_decide_at_all(user, case),
        "may_refer": proposes and (objection or (undecided and heard)) and may_be_referred(case),
        "waits_for_hearing": undecided and not heard and not mine,
        "may_answer": objection and policies.may_answer_objection(user, case),
    }
