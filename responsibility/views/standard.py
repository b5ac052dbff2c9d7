"""The versions of the assessment's standard: read, drafted, edited without code, adopted."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.web.views import ObjectPage, VerbView
from responsibility import policies
from responsibility.assessment_forms import CriterionForm
from responsibility.models import Criterion, Standard
from responsibility.services import assessment


def _coordinates(user: User, _object: object) -> bool:
    return policies.may_edit_programme(user)


class _OfStandard:
    """Finds the version that the address names."""

    kwargs: dict[str, Any]

    def get_object(self) -> Standard:
        """By its number."""
        return Standard.objects.get(number=self.kwargs["number"])

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The assessments."""
        return [(_t("Assessment"), reverse("responsibility:assessments"))]


class StandardPage(_OfStandard, ObjectPage):
    """A version of the standard: indicators, deductions, vetoes, and the formula of each."""

    template_name = "responsibility/standard.html"

    def allowed(self, user: User) -> bool:
        """Everybody but those who keep the machinery alone: the assessed may know how."""
        return not user.standing.is_kept_from_content

    def get_title(self) -> str:
        """Which version."""
        return str(self.object)

    def get_lede(self) -> str:
        """Adopted or draft."""
        if self.object.adopted_at:
            return _t("Adopted. It is never changed; an assessment names the version it was made by.")
        return _t("Draft. The weights of the indicators must add up to 100.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the criteria and what they weigh together."""
        criteria = list(self.object.criteria.all())
        draft = self.object.adopted_at is None and policies.may_edit_programme(self.request.user)
        return super().get_context_data(
            standard=self.object, criteria=criteria, weight=assessment.weight_of(criteria), draft=draft, **kwargs
        )


class DraftStandard(VerbView):
    """Begin a new version of the standard."""

    title = _("New version of the standard")
    lede = _("A copy of the newest version, to be changed, tried over last year, and then adopted.")
    form_class = forms.Form
    purpose = "draft-standard"
    submit_label = _("Begin a new version")
    policy = staticmethod(_coordinates)
    back_url = "/assessment/"

    def perform(self, form: forms.Form) -> Standard:
        """Copy the newest."""
        return assessment.draft_standard(self.request.user)


class _EditDraft(_OfStandard, VerbView):
    """A verb on a draft; on an adopted version it is refused."""

    policy = staticmethod(_coordinates)


class AddCriterion(_EditDraft):
    """Add a criterion to a draft."""

    title = _("New criterion")
    template_name = "responsibility/criterion.html"
    form_class = CriterionForm
    purpose = "add-criterion"
    submit_label = _("Add the criterion")

    def get_initial(self) -> dict[str, Any]:
        """At the end."""
        return {"order": self.object.criteria.count() + 1}

    def perform(self, form: CriterionForm) -> Standard:
        """Save it."""
        return assessment.add_criterion(self.request.user, self.object.number, form.cleaned_data)


class EditCriterion(_EditDraft):
    """Change a criterion of a draft."""

    title = _("Criterion")
    template_name = "responsibility/criterion.html"
    form_class = CriterionForm
    purpose = "edit-criterion"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The row, of this version."""
        row = Criterion.objects.get(pk=self.kwargs["pk"], standard=self.object)
        return super().get_form_kwargs() | {"instance": row}

    def perform(self, form: CriterionForm) -> Standard:
        """Save it."""
        return assessment.edit_criterion(self.request.user, self.object.number, self.kwargs["pk"], form.cleaned_data)


class RemoveCriterion(_EditDraft):
    """Take a criterion out of a draft."""

    title = _("Remove the criterion")
    form_class = forms.Form
    purpose = "remove-criterion"
    submit_label = _("Remove the criterion")
    danger = True

    def get_lede(self) -> str:
        """Which."""
        return str(self.object.criteria.get(pk=self.kwargs["pk"]))

    def perform(self, form: forms.Form) -> Standard:
        """Remove it."""
        return assessment.remove_criterion(self.request.user, self.object.number, self.kwargs["pk"])


class AdoptStandard(_EditDraft):
    """Adopt a draft."""

    title = _("Adopt the standard")
    lede = _("Assessments opened from then on are made by it. It can never be changed again.")
    form_class = forms.Form
    purpose = "adopt-standard"
    submit_label = _("Adopt the standard")

    def perform(self, form: forms.Form) -> Standard:
        """Adopt it."""
        return assessment.adopt(self.request.user, self.object.number)
