"""The steps of a year's assessment: opened, shown to the units, computed anew, frozen, published."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.web.forms import VersionForm
from portal.web.views import VerbView
from portal.workdays import clock
from responsibility import policies
from responsibility.assessment_forms import OpenAssessmentForm, RecomputeForm, StartCheckForm
from responsibility.models import Assessment
from responsibility.services import assessment


def _coordinates(user: User, _object: object) -> bool:
    return policies.may_edit_programme(user)


class OpenAssessment(VerbView):
    """Open the assessment of a year."""

    title = _("Open an assessment")
    lede = _("By the version of the standard that was adopted last.")
    form_class = OpenAssessmentForm
    purpose = "open-assessment"
    submit_label = _("Open the assessment")
    policy = staticmethod(_coordinates)
    back_url = "/assessment/"

    def get_initial(self) -> dict[str, Any]:
        """This year."""
        return {"year": clock.today().year}

    def perform(self, form: OpenAssessmentForm) -> Assessment:
        """Open it."""
        return assessment.open_assessment(self.request.user, form.cleaned_data["year"])


class _Step(VerbView):
    """A step of a year's assessment."""

    policy = staticmethod(_coordinates)

    def get_object(self) -> Assessment:
        """The year's."""
        return Assessment.objects.get(year=self.kwargs["year"])

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The year."""
        return [(str(self.object), self.object.get_absolute_url())]

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown, and facts up to the end of the year or today."""
        end = min(clock.today(), date(self.object.year, 12, 31))
        return {"version": self.object.version, "as_of": self.object.as_of or end}


class StartCheck(_Step):
    """Show each unit its score."""

    title = _("Show the units their scores")
    form_class = StartCheckForm
    purpose = "start-check"
    submit_label = _("Compute and show")

    def perform(self, form: StartCheckForm) -> Assessment:
        """Compute, keep, tell."""
        typed = form.cleaned_data
        return assessment.start_self_check(
            self.request.user,
            self.object.year,
            expected_version=typed["version"],
            as_of=typed["as_of"],
            until=typed["until"],
        )


class Recompute(_Step):
    """Compute the scores anew while the units check them."""

    title = _("Compute the scores anew")
    form_class = RecomputeForm
    purpose = "recompute-scores"
    submit_label = _("Compute")

    def perform(self, form: RecomputeForm) -> Assessment:
        """Compute and keep."""
        typed = form.cleaned_data
        return assessment.recompute(
            self.request.user, self.object.year, expected_version=typed["version"], as_of=typed["as_of"]
        )


class Freeze(_Step):
    """Confirm the scores."""

    title = _("Confirm and freeze the scores")
    form_class = VersionForm
    purpose = "freeze-scores"
    submit_label = _("Freeze the scores")

    def get_consequences(self) -> list[str]:
        """What cannot be undone."""
        return [
            _t("No score of this year moves any more, whatever becomes known later."),
            _t("Each unit can have its score as a sealed PDF."),
        ]

    def perform(self, form: VersionForm) -> Assessment:
        """Freeze them."""
        return assessment.freeze(self.request.user, self.object.year, expected_version=form.cleaned_data["version"])


class Publish(_Step):
    """Publish the frozen scores."""

    title = _("Publish the assessment")
    form_class = VersionForm
    purpose = "publish-assessment"
    submit_label = _("Publish")

    def get_consequences(self) -> list[str]:
        """Who sees what."""
        return [
            _t("Everybody who works in the portal sees places, points and grades of all units."),
            _t("How a unit's points came about is seen by the unit and those above it only."),
            _t("Each leader and liaison is told."),
        ]

    def perform(self, form: VersionForm) -> Assessment:
        """Publish it."""
        return assessment.publish(self.request.user, self.object.year, expected_version=form.cleaned_data["version"])
