"""A unit's score: each point with the rows it came from; the unit's word on it; marks; the PDF."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal.accounts.models import User
from portal.documents.signing.errors import SigningFault
from portal.documents.views import download
from portal.web import errors
from portal.web.dates import day
from portal.web.views import ObjectPage, PageMixin, VerbView
from portal.workdays import clock
from responsibility import policies, score_pdf
from responsibility.assessment.figures import Window
from responsibility.assessment.measures import known, labels
from responsibility.assessment_errors import NotInState
from responsibility.assessment_forms import AnswerForm, MarkForm, SelfCheckForm
from responsibility.models import FIXED, AssessmentState, Mark, Score, SelfCheck
from responsibility.services import assessment


def score_of(user: User, year: int, code: str) -> Score:
    """A unit's kept score that a person may see. Raises DoesNotExist."""
    seen = Score.objects.visible_to(user).select_related("assessment__standard", "unit")
    return seen.get(assessment__year=year, unit__code=code)


class _OfScore:
    """Finds the score that the address names."""

    kwargs: dict[str, Any]
    request: Any
    object: Any

    def get_object(self) -> Score:
        """By year and unit."""
        return score_of(self.request.user, self.kwargs["year"], self.kwargs["code"])

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The year."""
        return [(str(self.object.assessment), self.object.assessment.get_absolute_url())]

    def get_back_url(self) -> str:
        """The score."""
        return reverse("responsibility:score", args=(self.kwargs["year"], self.kwargs["code"]))

    def get_result_url(self, result: Any) -> str:
        """The score again."""
        return self.get_back_url()


class ScorePage(_OfScore, ObjectPage):
    """A unit's score; `?trace=MEASURE` names the rows that a figure was counted from."""

    template_name = "responsibility/score.html"

    def get_title(self) -> str:
        """Whose."""
        return f"{self.object.assessment}: {self.object.unit.name}"

    def get_lede(self) -> str:
        """Total, grade, as of."""
        return _t("%(total)s points as of %(day)s.") % {
            "total": self.object.total, "day": day(self.object.assessment.as_of)
        }  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the lines with their marks, the rows asked for, and what the person may do."""
        score, user = self.object, self.request.user
        year, measures = score.assessment, known()
        checked = SelfCheck.objects.filter(assessment=year, unit=score.unit).select_related("answered_by").first()
        running = year.state == AssessmentState.SELF_CHECK
        marks = Mark.objects.filter(assessment=year, unit=score.unit).select_related("given_by")
        asked = measures.get(self.request.GET.get("trace", ""))
        may_mark = running and policies.may_edit_programme(user) and policies.may_mark(user, score.unit)
        in_time = year.objections_until is not None and clock.today() <= year.objections_until
        return super().get_context_data(
            score=score,
            labels=labels(),
            marks=list(marks),
            checked=checked,
            asked=asked,
            rows=asked.rows(Window((score.unit_id,), year.year, year.as_of)) if asked else None,
            may_check=running and in_time and checked is None and policies.is_leader_of(user, score.unit),
            may_mark=may_mark,
            may_answer=may_mark and checked is not None and not checked.agreed and checked.answered_at is None,
            has_pdf=year.state in FIXED,
            **kwargs,
        )


class CheckScore(_OfScore, VerbView):
    """The top leader agrees to the score, or objects."""

    title = _("Check your unit's score")
    form_class = SelfCheckForm
    purpose = "check-score"
    submit_label = _("Send")

    @staticmethod
    def policy(user: User, score: Score) -> bool:
        """The unit's top leader."""
        return policies.is_leader_of(user, score.unit)

    def perform(self, form: SelfCheckForm) -> SelfCheck:
        """Keep it."""
        typed = form.cleaned_data
        return assessment.self_check(self.request.user, self.object.pk, agreed=typed["agreed"], text=typed["reason"])


class AnswerCheck(_OfScore, VerbView):
    """Answer a unit's objection."""

    title = _("Answer the objection")
    form_class = AnswerForm
    purpose = "answer-check"
    submit_label = _("Send the answer")

    @staticmethod
    def policy(user: User, score: Score) -> bool:
        """The coordinator; not of the own unit."""
        return policies.may_edit_programme(user) and policies.may_mark(user, score.unit)

    def get_lede(self) -> str:
        """What the unit says."""
        return self._check().text

    def _check(self) -> SelfCheck:
        return SelfCheck.objects.get(assessment=self.object.assessment, unit=self.object.unit)

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; 404 where the unit has not objected."""
        self._check()
        return super().get(request, *args, **kwargs)

    def perform(self, form: AnswerForm) -> SelfCheck:
        """Keep it."""
        return assessment.answer(self.request.user, self._check().pk, text=form.cleaned_data["reason"])


class GiveMark(_OfScore, VerbView):
    """Give points where nothing can be counted."""

    title = _("Give a mark")
    form_class = MarkForm
    purpose = "give-mark"
    submit_label = _("Give the mark")

    @staticmethod
    def policy(user: User, score: Score) -> bool:
        """The coordinator; not of the own unit."""
        return policies.may_edit_programme(user) and policies.may_mark(user, score.unit)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The criteria that are marked."""
        return super().get_form_kwargs() | {"standard": self.object.assessment.standard}

    def perform(self, form: MarkForm) -> Mark:
        """Keep it; the scores are computed anew."""
        typed = form.cleaned_data
        year, unit = self.object.assessment.year, self.object.unit_id
        return assessment.give_mark(self.request.user, year, unit, typed["code"], typed["value"], typed["reason"])


class ScorePdf(PageMixin, View):
    """The sealed PDF of a frozen score, in the reader's language."""

    def get(self, request: Any, year: int, code: str) -> FileResponse | HttpResponse:
        """The file."""
        score = score_of(request.user, year, code)
        language = "zh-hans" if (get_language() or "en").startswith("zh") else "en"
        try:
            document = score_pdf.sealed(score, language)
        except (SigningFault, NotInState) as error:
            return errors.out_of_order(request, error)
        return download(document.newest_file, f"{document.number}.pdf", "application/pdf")
