"""What makes other cases of a duty-crime case, or a major one: joining, splitting, the coordinator's decision."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cases import crime_forms as forms_
from cases import policies
from cases.models import CrimeCase
from cases.services import crime
from cases.views.crime_verbs import CaseVerb
from portal.accounts.models import User
from portal.web.forms import ReasonForm
from portal.web.views import Text


class JoinCase(CaseVerb):
    """Join the case with another."""

    title = _("Join with another case")
    form_class = forms_.JoinForm
    purpose = "join-case"
    submit_label = _("Join them")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The other open cases of the office."""
        others = CrimeCase.objects.visible_to(self.request.user).filter(state="open", office=self.object.office_id)
        return super().get_form_kwargs() | {"others": others.exclude(pk=self.object.pk)}

    def perform(self, form: Any) -> CrimeCase:
        """Join them."""
        typed = form.cleaned_data
        return crime.join_cases(
            self.request.user,
            self.object.pk,
            typed["into"].pk,
            expected_version=typed["version"],
            reason=typed["reason"],
        )


class SplitCase(CaseVerb):
    """Handle some persons in a case of their own."""

    title = _("Split the case")
    form_class = forms_.SplitForm
    purpose = "split-case"
    submit_label = _("Split it")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The persons concerned."""
        persons = [(str(each.pk), f"{each.name}, {each.post}") for each in self.object.suspects.all()]
        return super().get_form_kwargs() | {"persons": persons}

    def perform(self, form: Any) -> CrimeCase:
        """Split it."""
        typed = form.cleaned_data
        return crime.split_case(
            self.request.user,
            self.object.pk,
            number=typed["number"],
            title=typed["title"],
            suspects=[int(pk) for pk in typed["suspects"]],
            reason=typed["reason"],
        )

    def get_result_url(self, result: CrimeCase) -> str:
        """The new case."""
        return result.get_absolute_url()


class DecideMajor(CaseVerb):
    """Decide that the case is of wide influence."""

    title = _("Make it a major case")
    form_class = ReasonForm
    purpose = "decide-major"
    submit_label = _("Make it a major case")

    @staticmethod
    def policy(user: User, case: CrimeCase) -> bool:
        """The coordinator over the office."""
        return policies.may_decide_major(user, case)

    def get_consequences(self) -> list[Text]:
        """What follows."""
        return [
            _t("The leader in office at the time of the act is held accountable."),
            _t("The present leader of the unit is told at once."),
        ]

    def perform(self, form: Any) -> CrimeCase:
        """Decide it."""
        typed = form.cleaned_data
        return crime.decide_major(
            self.request.user, self.object.pk, expected_version=typed["version"], reason=typed["reason"]
        )
