"""Investigations: the list, one with its questions and results, a unit's questionnaire, all answers as a file."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.obligations.presentation import state_of
from portal.web import export
from portal.web.dates import day, due_day, full_day
from portal.web.i18n import titled
from portal.web.views import ListPage, ObjectPage
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from systems import policies_programme as policies
from systems.forms.investigations import initial_of
from systems.investigation_results import results, table
from systems.models.investigations import (
    Investigation,
    InvestigationState,
    Questionnaire,
    QuestionnaireState,
)
from systems.models.research import ResearchReport
from systems.project_words import progress
from systems.services.investigations.answering import given_of

CRUMBS = ((_("Investigations"), "/investigations/"),)
# So many units that have not answered are named; the rest are counted.
NAMED = 30


class InvestigationFilter(django_filters.FilterSet):
    """By words, year and state."""

    q = django_filters.CharFilter(label=_("Words"), method="words")
    year = django_filters.NumberFilter(label=_("Year"))
    state = django_filters.ChoiceFilter(choices=InvestigationState.choices, label=_("State"))

    def words(self, queryset: "QuerySet[Investigation]", name: str, value: str) -> "QuerySet[Investigation]":
        """In titles and aim."""
        return queryset.filter(Q(title_zh__icontains=value) | Q(title_en__icontains=value) | Q(aim__icontains=value))


class InvestigationTable(django_tables2.Table):
    """Investigations, the newest first."""

    title = django_tables2.Column(verbose_name=_("Investigation"), accessor="title", linkify=True, order_by="title_zh")
    answered = django_tables2.Column(verbose_name=_("Answered"), accessor="answered", order_by="answered")
    due_on = django_tables2.Column(verbose_name=_("To be answered by"))
    state = django_tables2.Column(verbose_name=_("State"), accessor="get_state_display", order_by="state")

    def render_answered(self, record: Any) -> str:
        """Of how many that the reader sees."""
        return progress(record.answered, record.asked)

    def value_answered(self, record: Any) -> str:
        """The same, for exports."""
        return progress(record.answered, record.asked)

    def render_due_on(self, value: Any) -> str:
        """As a sentence."""
        return due_day(value)

    def value_due_on(self, value: Any) -> str:
        """As spreadsheets sort it."""
        return str(value.isoformat())


class InvestigationsPage(ListPage):
    """The investigations that a person may see, and the research reports."""

    model = Investigation
    title = _("Investigations and research")
    lede = _("Questionnaires that units answer in the browser, and what was learnt from them.")
    table_class = InvestigationTable
    filterset_class = InvestigationFilter
    template_name = "systems/investigations.html"
    export_name = "investigations"
    empty = _("No investigation has been opened for the units that you see.")

    def allowed(self, user: User) -> bool:
        """Whoever sees content."""
        return policies.may_read(user)

    def get_queryset(self) -> "QuerySet[Investigation]":
        """With how many of those that the reader sees have answered."""
        user = self.request.user
        mine = Q(questionnaires__in=Questionnaire.objects.visible_to(user))
        return Investigation.objects.visible_to(user).annotate(
            asked=Count("questionnaires", filter=mine & ~Q(questionnaires__state=QuestionnaireState.ENDED)),
            answered=Count("questionnaires", filter=mine & Q(questionnaires__state=QuestionnaireState.ANSWERED)),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what waits for an answer, the newest research reports and the verbs."""
        user = self.request.user
        owed = Questionnaire.objects.visible_to(user).filter(state=QuestionnaireState.OWED)
        waiting = owed.select_related("investigation", "unit", "obligation").order_by("obligation__due_on")
        mine = [one for one in waiting[:40] if policies.may_answer(user, one)]
        return super().get_context_data(
            waiting=mine,
            reports=ResearchReport.objects.visible_to(user)[:8],
            may_keep=policies.may_keep_investigations(user),
            **kwargs,
        )


class InvestigationMixin:
    """Finds the investigation that the address names, among those that the person may see."""

    request: Any
    kwargs: dict[str, Any]
    object: Any

    def get_object(self) -> Any:
        """By year and number. Raises DoesNotExist."""
        seen = Investigation.objects.visible_to(self.request.user)
        return seen.get(year=self.kwargs["year"], serial=self.kwargs["serial"])

    def get_crumbs(self) -> Any:
        """The list."""
        return CRUMBS


class InvestigationPage(InvestigationMixin, ObjectPage):
    """An investigation: its questions with what was answered, who has answered and who has not."""

    template_name = "systems/investigation.html"
    object: Investigation

    def get_title(self) -> str:
        """Its title."""
        return self.object.title

    def get_lede(self) -> str:
        """Where it stands."""
        match self.object.state:
            case InvestigationState.DRAFT:
                return _t("Draft. Nobody is asked until it is opened.")
            case InvestigationState.OPEN:
                return _t("To be answered by %(day)s.") % {"day": due_day(self.object.due_on)}
        return _t("Closed on %(day)s.") % {"day": full_day(self.object.closed_on)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds questions, results, who answered, reports and verbs."""
        one, user = self.object, self.request.user
        seen = (
            Questionnaire.objects.visible_to(user)
            .filter(investigation=one)
            .select_related("unit", "obligation", "obligation__tenure", "obligation__unit")
        )
        counts = seen.aggregate(
            asked=Count("pk", filter=~Q(state=QuestionnaireState.ENDED)),
            answered=Count("pk", filter=Q(state=QuestionnaireState.ANSWERED)),
        )
        left = seen.filter(state__in=(QuestionnaireState.OWED, QuestionnaireState.PREPARED)).order_by("unit__path")
        return super().get_context_data(
            investigation=one,
            results=results(one, seen),
            counts=counts,
            left=self._with_states(left[:NAMED].select_related("investigation")),
            more=max(left.count() - NAMED, 0),
            mine=[row for row in seen.select_related("investigation")[:NAMED] if policies.may_answer(user, row)],
            reports=ResearchReport.objects.visible_to(user).filter(investigations=one),
            may_keep=policies.may_keep_investigations(user),
            **kwargs,
        )

    def _with_states(self, rows: "QuerySet[Questionnaire]") -> list[tuple[Questionnaire, Any]]:
        today, calendar = clock.today(), load_calendar()
        return [(row, state_of(row.obligation, today, calendar) if row.obligation else None) for row in rows]


class AnswersFile(InvestigationMixin, ObjectPage):
    """All answers that the reader sees, a row for each unit, as a workbook."""

    object: Investigation

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        self.object = self.get_object()
        seen = Questionnaire.objects.visible_to(request.user)
        questions = [f"{q.position}. {q.text}" for q in self.object.questions.all()]
        rows = [[_t("Code"), _t("Unit"), *questions], *table(self.object, seen)]
        answer = HttpResponse(export.as_workbook([(None, rows)]), content_type=export.XLSX)
        name = f"answers-{self.object.year}-{self.object.serial}.xlsx"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer


class QuestionnaireMixin(InvestigationMixin):
    """Finds the questionnaire of a unit that the person may see."""

    def get_object(self) -> Questionnaire:
        """By investigation and unit. Raises DoesNotExist."""
        seen = Questionnaire.objects.visible_to(self.request.user).select_related(
            "investigation", "unit", "obligation", "answered_by"
        )
        asked = {"investigation__year": self.kwargs["year"], "investigation__serial": self.kwargs["serial"]}
        return seen.get(unit__code=self.kwargs["code"], **asked)

    def get_crumbs(self) -> Any:
        """The investigation."""
        asked = self.object.investigation
        return (*CRUMBS, (asked.title, asked.get_absolute_url()))


class QuestionnairePage(QuestionnaireMixin, ObjectPage):
    """What a unit was asked and has answered."""

    template_name = "systems/investigation_questionnaire.html"
    object: Questionnaire

    def get_title(self) -> str:
        """Investigation and unit."""
        return titled(self.object.investigation, self.object.unit)

    def get_lede(self) -> str:
        """Handed in by whom, or due when."""
        one = self.object
        if one.state == QuestionnaireState.ANSWERED and one.answered_by and one.answered_at:
            words = {"name": one.answered_by.name, "day": day(one.answered_at.astimezone(clock.zone()).date())}
            return _t("Handed in by %(name)s on %(day)s.") % words
        return str(one.get_state_display())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds each question with its answer, and whether the reader may answer."""
        one, user = self.object, self.request.user
        questions = list(one.investigation.questions.all())
        given = initial_of(questions, given_of(one))
        owed = one.state == QuestionnaireState.OWED and one.investigation.state == InvestigationState.OPEN
        return super().get_context_data(
            questionnaire=one,
            state=state_of(one.obligation, clock.today(), load_calendar()) if one.obligation else None,
            answers=[(q, self._shown(q, given[f"q{q.position}"])) for q in questions],
            may_answer=owed and policies.may_answer(user, one),
            **kwargs,
        )

    def _shown(self, question: Any, value: Any) -> list[str]:
        """An answer in words."""
        if question.choices:
            places = value if isinstance(value, list) else [value] if value else []
            return [question.choices[int(place)] for place in places]
        return [str(value)] if value not in (None, "") else []
