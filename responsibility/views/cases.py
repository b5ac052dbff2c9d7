"""Accountability cases: the list, the file, and the verbs of each side."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.documents import services as documents
from portal.notices import services as notices
from portal.obligations.presentation import state_of
from portal.web.dates import day
from portal.web.i18n import pick
from portal.web.views import ListPage, ObjectPage, VerbView
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility import policies
from responsibility.accountability_rules import has_been_heard
from responsibility.forms import DecisionForm, ExplainForm, FileForm, MeasureForm
from responsibility.models import (
    UNDECIDED,
    AccountabilityCase,
    CaseState,
    Decider,
    EntryKind,
    Measure,
    Programme,
)
from responsibility.services import accountability


def number_of(case: AccountabilityCase) -> str:
    """The case's official number."""
    return str(pick(Programme.objects.get(pk=1).case_number(case.year, case.serial)))


class CaseFilter(django_filters.FilterSet):
    """By year and state."""

    year = django_filters.NumberFilter(label=_("Year"))
    state = django_filters.ChoiceFilter(choices=CaseState.choices, label=_("State"))


class CaseTable(django_tables2.Table):
    """Cases, the newest first."""

    serial = django_tables2.Column(verbose_name=_("No."), linkify=True)
    unit = django_tables2.Column(verbose_name=_("Unit"), accessor="unit__name", order_by="unit__sort_key")
    person = django_tables2.Column(verbose_name=_("Person"), accessor="person__name", order_by="person__sort_key")
    duty = django_tables2.Column(verbose_name=_("Duty"), accessor="obligation__label", orderable=False)
    opened_on = django_tables2.Column(verbose_name=_("Opened"))
    state = django_tables2.Column(verbose_name=_("State"), accessor="get_state_display", order_by="state")
    measure = django_tables2.Column(verbose_name=_("Measure"), accessor="measure__name", orderable=False)

    def render_serial(self, record: AccountabilityCase) -> str:
        """Year and number."""
        return f"{record.year}-{record.serial}"

    def render_opened_on(self, value: Any) -> str:
        """As a sentence."""
        return day(value)


class CasesPage(ListPage):
    """The cases that a person may see."""

    model = AccountabilityCase
    title = _("Accountability")
    table_class = CaseTable
    filterset_class = CaseFilter
    export_name = "accountability"
    empty = _("No case has been opened. The clock opens one when a duty is ten working days overdue.")

    def get_queryset(self) -> "QuerySet[AccountabilityCase]":
        """With what each row shows."""
        return AccountabilityCase.objects.visible_to(self.request.user).select_related(
            "unit", "person", "obligation", "measure"
        )

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
            "unit", "person", "tenure__post", "obligation", "group__unit", "measure"
        )
        return seen.get(year=self.kwargs["year"], serial=self.kwargs["serial"])

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The cases."""
        return [(_t("Accountability"), reverse("responsibility:cases"))]

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}


class CasePage(CaseMixin, ObjectPage):
    """The file of a case: where it stands, what was said, the proof of notice, and what the reader may do."""

    template_name = "responsibility/case.html"

    def get_title(self) -> str:
        """Unit and duty."""
        duty = self.object.obligation
        return f"{self.object.unit.name}: {duty.label}" if duty is not None else str(self.object.unit.name)

    def get_lede(self) -> str:
        """Against whom, in which office."""
        case = self.object
        return _t("%(number)s. Against %(person)s, %(post)s, in office on the due day.") % {
            "number": number_of(case),
            "person": case.person.name,
            "post": case.tenure.post.title,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds steps, entries, proof and verbs."""
        case, user, today = self.object, self.request.user, clock.today()
        entries = list(case.entries.select_related("author", "measure"))
        explained = any(entry.kind == EntryKind.EXPLANATION for entry in entries)
        heard = has_been_heard(explained, case.explain_until, today)
        undecided = case.state in UNDECIDED
        mine = policies.is_person_concerned(user, case)
        duty = case.obligation
        proof = list(notices.proof(case)) + (list(notices.proof(duty)) if duty is not None else [])
        return super().get_context_data(
            case=case,
            number=number_of(case),
            entries=entries,
            steps=self._steps(entries),
            state=state_of(duty, today, load_calendar()) if duty is not None else None,
            proof=[notice for notice in proof if notice.recipient_id == case.person.user_id],
            may_explain=mine and undecided,
            may_object=mine and case.state == CaseState.DECIDED and not case.is_final(today),
            may_propose=undecided and heard and policies.may_propose(user, case),
            may_decide=undecided and heard and policies.may_decide_at_all(user, case),
            waits_for_hearing=undecided and not heard and not mine,
            may_answer=case.state == CaseState.OBJECTED and policies.may_answer_objection(user, case),
            files=documents.for_object("case", case),
            earlier=AccountabilityCase.objects.filter(person=case.person).exclude(pk=case.pk).count(),
            final=case.is_final(today),
            **kwargs,
        )

    def _steps(self, entries: list[Any]) -> list[dict[str, Any]]:
        """The procedure as a row of steps: done, now, to come."""
        said = {entry.kind: entry for entry in entries}
        case = self.object
        rows = (
            (EntryKind.OPENED, _("Opened"), ""),
            (EntryKind.EXPLANATION, _("Explained"), _t("until %(day)s") % {"day": day(case.explain_until)}),
            (EntryKind.PROPOSAL, _("Proposed"), ""),
            (EntryKind.DECISION, _("Decision"), ""),
            (EntryKind.OBJECTION, _("Objection"), _t("10 working days")),
            (EntryKind.ANSWER, _("Final"), ""),
        )
        last = max((place for place, (kind, _title, _until) in enumerate(rows) if kind in said), default=0)
        final = case.is_final(clock.today())
        steps: list[dict[str, Any]] = []
        for place, (kind, title, until) in enumerate(rows):
            entry = said.get(kind)
            if not entry and (place < last or (final and kind != EntryKind.ANSWER)):
                continue  # was left out, and will not be made up for
            done = entry is not None or final
            code = "done" if done else "now" if place == last + 1 else "todo"
            at = day(entry.made_at.astimezone(clock.zone()).date()) if entry else "" if final else until
            steps.append({"code": code, "title": title, "text": at})
        return steps


class Explain(CaseMixin, VerbView):
    """The person concerned explains."""

    title = _("Explain")
    lede = _("Your explanation is read before anything is decided. You can add to it until the decision.")
    form_class = ExplainForm
    purpose = "explain-case"
    submit_label = _("Give the explanation")

    @staticmethod
    def policy(user: User, case: AccountabilityCase) -> bool:
        """The person concerned."""
        return policies.is_person_concerned(user, case)

    def perform(self, form: ExplainForm) -> AccountabilityCase:
        """Record it."""
        typed = form.cleaned_data
        return accountability.explain(
            self.request.user, self.object.pk, expected_version=typed["version"], text=typed["text"]
        )


class AttachToCase(CaseMixin, VerbView):
    """The person concerned attaches a file to the explanation."""

    title = _("Attach a file")
    form_class = FileForm
    purpose = "attach-to-case"
    submit_label = _("Attach")

    @staticmethod
    def policy(user: User, case: AccountabilityCase) -> bool:
        """The person concerned, until the decision."""
        return policies.is_person_concerned(user, case) and case.state in UNDECIDED

    def perform(self, form: FileForm) -> Any:
        """Keep it."""
        return documents.attach(self.request.user, "case", self.object, form.cleaned_data["file"])

    def get_result_url(self, result: Any) -> str:
        """The case."""
        return str(self.object.get_absolute_url())


class Propose(CaseMixin, VerbView):
    """The coordinator proposes a measure."""

    title = _("Propose a measure")
    form_class = MeasureForm
    purpose = "propose-measure"
    submit_label = _("Propose")

    @staticmethod
    def policy(user: User, case: AccountabilityCase) -> bool:
        """The coordinator."""
        return policies.may_propose(user, case)

    def get_form_kwargs(self) -> dict[str, Any]:
        """All measures."""
        return super().get_form_kwargs() | {"measures": list(Measure.objects.all())}

    def perform(self, form: MeasureForm) -> AccountabilityCase:
        """Propose it."""
        typed = form.cleaned_data
        return accountability.propose(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            measure=form.chosen(),
            reason=typed["reason"],
        )


class Decide(CaseMixin, VerbView):
    """Who may decide chooses a measure, looks at what the person will read, and decides."""

    template_name = "responsibility/case_decide.html"
    title = _("Decide")
    form_class = DecisionForm
    purpose = "decide-case"
    submit_label = _("Check the decision")

    @staticmethod
    def policy(user: User, case: AccountabilityCase) -> bool:
        """The head of the case's group; the coordinator for a reminder talk; never the person concerned."""
        return policies.may_decide_at_all(user, case)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Only the measures that this person decides."""
        user, case = self.request.user, self.object
        measures = [m for m in Measure.objects.all() if policies.may_decide_case(user, case, m)]
        return super().get_form_kwargs() | {"measures": measures}

    def get_initial(self) -> dict[str, Any]:
        """What was proposed."""
        proposal = self.object.entries.filter(kind=EntryKind.PROPOSAL).select_related("measure").last()
        proposed = {"measure": proposal.measure.code if proposal.measure else "none"} if proposal else {}
        return super().get_initial() | proposed

    def form_valid(self, form: DecisionForm) -> Any:
        """First show what the person will read; decide when that was confirmed."""
        if "confirmed" not in self.request.POST:
            measure = form.chosen()
            group = measure is not None and measure.decider == Decider.GROUP
            return self.render_to_response(self.get_context_data(form=form, checking=True, chosen=measure, group=group))
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the case."""
        return super().get_context_data(case=self.object, number=number_of(self.object), **kwargs)

    def perform(self, form: DecisionForm) -> AccountabilityCase:
        """Decide."""
        typed = form.cleaned_data
        return accountability.decide(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            measure=form.chosen(),
            reason=typed["reason"],
            basis=typed["basis"],
        )


class ObjectTo(CaseMixin, VerbView):
    """The person concerned objects, once."""

    title = _("Object to the decision")
    lede = _("You can object once. The leading group one level up answers.")
    form_class = ExplainForm
    purpose = "object-to-decision"
    submit_label = _("Object")

    @staticmethod
    def policy(user: User, case: AccountabilityCase) -> bool:
        """The person concerned."""
        return policies.is_person_concerned(user, case)

    def perform(self, form: ExplainForm) -> AccountabilityCase:
        """Record it."""
        typed = form.cleaned_data
        return accountability.object_to(
            self.request.user, self.object.pk, expected_version=typed["version"], text=typed["text"]
        )


class AnswerObjection(CaseMixin, VerbView):
    """The head one level up answers an objection, finally."""

    title = _("Decide the objection")
    lede = _("What you decide is final.")
    form_class = MeasureForm
    purpose = "answer-objection"
    submit_label = _("Decide the objection")

    @staticmethod
    def policy(user: User, case: AccountabilityCase) -> bool:
        """The head one level up."""
        return policies.may_answer_objection(user, case)

    def get_form_kwargs(self) -> dict[str, Any]:
        """All measures."""
        return super().get_form_kwargs() | {"measures": list(Measure.objects.all())}

    def get_initial(self) -> dict[str, Any]:
        """The measure that was objected to."""
        return super().get_initial() | {"measure": self.object.measure.code if self.object.measure else "none"}

    def perform(self, form: MeasureForm) -> AccountabilityCase:
        """Answer."""
        typed = form.cleaned_data
        return accountability.answer_objection(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            measure=form.chosen(),
            reason=typed["reason"],
        )
