"""The assessments of the years: preview, the course from self-check to publication, ranking, the district's workbook."""

from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
import django_tables2
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from portal.accounts.models import User
from portal.organisation.models import Unit
from portal.web.errors import PortalError
from portal.web.export import XLSX, as_workbook
from portal.web.i18n import pick
from portal.web.views import ListPage, PageMixin
from portal.workdays import clock
from responsibility import policies
from responsibility.assessment import scoring
from responsibility.assessment_forms import PreviewForm
from responsibility.models import Assessment, AssessmentState, Score, Standard
from responsibility.services import assessment
from responsibility.templatetags.letters import GRADES

# A preview shows so many units; the rest is in the workbook once it is kept.
SHOWN = 200


class AssessmentsPage(PageMixin, TemplateView):
    """The years that were assessed, and the versions of the standard."""

    template_name = "responsibility/assessments.html"
    title = _("Annual assessment")
    lede = _("Each point comes from rows that anybody concerned can open. A frozen score never moves.")

    def allowed(self, user: User) -> bool:
        """Everybody but those who keep the machinery alone."""
        return not user.standing.is_kept_from_content

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds years and versions."""
        return super().get_context_data(
            assessments=Assessment.objects.select_related("standard"),
            standards=Standard.objects.all(),
            may_edit=policies.may_edit_programme(self.request.user),
            this_year=clock.today().year,
            **kwargs,
        )


class ScoreTable(django_tables2.Table):
    """Scores in the order of their places."""

    rank = django_tables2.Column(verbose_name=_("Place"))
    unit = django_tables2.Column(verbose_name=_("Unit"), accessor="unit__name", order_by="unit__sort_key")
    total = django_tables2.Column(verbose_name=_("Points"))
    grade = django_tables2.Column(verbose_name=_("Grade"))
    commended = django_tables2.Column(verbose_name=_("Commended"), empty_values=(), orderable=False)

    def render_unit(self, value: str, record: Score) -> Any:
        """Linked to where its points are."""
        url = reverse("responsibility:score", args=(record.assessment.year, record.unit.code))
        return format_html('<a href="{}">{}</a>', url, value)

    def value_unit(self, value: str) -> str:
        """As text."""
        return value

    def render_grade(self, value: str) -> str:
        """In words."""
        return str(GRADES[value])

    def render_commended(self, record: Score) -> str:
        """Whose grade is the best one."""
        return str(_("commended")) if record.grade == "excellent" else ""


class ScoreFilter(django_filters.FilterSet):
    """By unit and grade."""

    q = django_filters.CharFilter(label=_("Unit"), method="search")
    grade = django_filters.ChoiceFilter(choices=tuple(GRADES.items()), label=_("Grade"))

    def search(self, queryset: "QuerySet[Score]", name: str, value: str) -> "QuerySet[Score]":
        """Units as people look for them."""
        return queryset.filter(unit__in=Unit.objects.search(value))


class AssessmentPage(ListPage):
    """A year's scores: one's own while they are checked, all once they are published."""

    model = Score
    table_class = ScoreTable
    filterset_class = ScoreFilter
    template_name = "responsibility/assessment.html"
    empty = _("No score is kept yet. The preview shows what units would be given today.")

    @property
    def export_name(self) -> str:  # type: ignore[override]
        """Named by the year."""
        return f"assessment-{self.kwargs['year']}"

    def allowed(self, user: User) -> bool:
        """Everybody but those who keep the machinery alone."""
        return not user.standing.is_kept_from_content

    @property
    def year(self) -> Assessment:
        """The assessment. Raises DoesNotExist."""
        return Assessment.objects.select_related("standard").get(year=self.kwargs["year"])

    def get_queryset(self) -> "QuerySet[Score]":
        """In the order of places."""
        year = self.year
        everybody = year.state == AssessmentState.PUBLISHED
        seen = Score.objects.all() if everybody else Score.objects.visible_to(self.request.user)
        return seen.filter(assessment=year).select_related("unit", "assessment").order_by("rank", "unit__path")

    def get_title(self) -> str:
        """The year."""
        return str(_t("Assessment %(year)s") % self.kwargs)

    def get_lede(self) -> str:
        """Where it stands."""
        return str(self.year.get_state_display())

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The years."""
        return [(_t("Assessment"), reverse("responsibility:assessments"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the assessment and what may be done with it."""
        year = self.year
        waiting = year.self_checks.filter(agreed=False, answered_at__isnull=True).select_related("unit")
        may_edit = policies.may_edit_programme(self.request.user)
        return super().get_context_data(
            assessment=year, may_edit=may_edit, waiting=list(waiting) if may_edit else [], **kwargs
        )


class PreviewPage(PageMixin, TemplateView):
    """What units would be given by any version, as of any day of any year; nothing is kept.

    Tried over last year before a version is adopted, beside what was given then.
    """

    template_name = "responsibility/assessment_preview.html"
    lede = _("Computed now, as of the day you choose. Nothing is kept, and no unit sees it.")

    def allowed(self, user: User) -> bool:
        """The coordinator."""
        return policies.may_edit_programme(user)

    def get_title(self) -> str:
        """The year."""
        return str(_t("Preview of the assessment %(year)s") % self.kwargs)

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The years."""
        return [(_t("Assessment"), reverse("responsibility:assessments"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the form, the places, and the difference to what is kept."""
        year = self.kwargs["year"]
        first = Standard.objects.adopted().first() or Standard.objects.first()
        today = min(clock.today(), date(year, 12, 31))
        asked = self.request.GET or {"standard": first.number if first else "", "on": today.isoformat()}
        form = PreviewForm(asked)
        found = self._found(form, year) if form.is_valid() else {}
        return super().get_context_data(**(kwargs | {"form": form, "year": year, "shown": SHOWN} | found))

    def _found(self, form: PreviewForm, year: int) -> dict[str, Any]:
        standard, kept = form.cleaned_data["standard"], Assessment.objects.filter(year=year).first()
        try:
            placed = assessment.preview(
                list(standard.criteria.all()), year, form.cleaned_data["on"], assessment.units_of(year), kept
            )
        except PortalError as error:
            form.add_error("standard", str(error))
            return {}
        units = Unit.objects.in_bulk([result.unit_id for _rank, result in placed[:SHOWN]])
        before = dict(Score.objects.filter(assessment=kept).values_list("unit_id", "total")) if kept else {}
        rows = [_row(rank, result, units[result.unit_id], before) for rank, result in placed[:SHOWN]]
        return {"rows": rows, "total": len(placed)}


def _row(rank: int, result: scoring.Result, unit: Unit, before: dict[int, Decimal]) -> dict[str, Any]:
    kept = before.get(result.unit_id)
    return {
        "rank": rank,
        "unit": unit,
        "result": result,
        "grade": GRADES[result.grade],
        "kept": kept,
        "difference": result.total - kept if kept is not None else None,
    }


class Workbook(PageMixin, View):
    """The district's workbook: places with the points of each criterion, and the figures they came from."""

    def allowed(self, user: User) -> bool:
        """The coordinator."""
        return policies.may_edit_programme(user)

    def get(self, request: Any, year: int) -> HttpResponse:
        """The file."""
        found = Assessment.objects.get(year=year)
        scores = list(found.scores.select_related("unit").order_by("rank", "unit__path"))
        sheets = ((_t("Places"), _places(scores)), (_t("Figures"), _figures(scores)))
        answer = HttpResponse(as_workbook(sheets), content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="assessment-{year}.xlsx"'
        return answer


def _places(scores: list[Score]) -> list[list[Any]]:
    codes = [line["code"] for line in scores[0].lines] if scores else []
    names = [str(pick(line["name"])) for line in scores[0].lines] if scores else []
    rows: list[list[Any]] = [[_t("Place"), _t("Code"), _t("Unit"), _t("Points"), _t("Grade"), *names]]
    for score in scores:
        points = {line["code"]: float(line["points"]) for line in score.lines}
        head = [score.rank, score.unit.code, score.unit.name, float(score.total), str(GRADES[score.grade])]
        rows.append([*head, *(points[code] for code in codes)])
    return rows


def _figures(scores: list[Score]) -> list[list[Any]]:
    rows: list[list[Any]] = [
        [_t("Code"), _t("Unit"), _t("Criterion"), _t("Measure"), _t("Value"), _t("Kept"), _t("Owed")]
    ]
    for score in scores:
        rows += [
            [score.unit.code, score.unit.name, str(pick(line["name"])), figure["measure"], float(figure["value"]),
             figure["kept"] if figure["kept"] is not None else "", figure["owed"] if figure["owed"] is not None else ""]
            for line in score.lines for figure in line["figures"]
        ]  # fmt: skip
    return rows
