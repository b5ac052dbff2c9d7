"""The verbs of a check at a milestone: reported by the unit, recorded by somebody else."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.web.views import VerbView
from systems import policies_programme as policies
from systems.forms.projects import CheckForm, ReportForm
from systems.models.projects import MilestoneCheck
from systems.services import projects
from systems.views.projects import CheckMixin


class CheckVerb(CheckMixin, VerbView):
    """A verb about a unit's check."""

    object: MilestoneCheck

    def get_lede(self) -> str:
        """Which milestone of which unit."""
        return str(self.object)

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}


class ReportMilestone(CheckVerb):
    """Say what the unit has done."""

    title = _("Report what was done")
    form_class = ReportForm
    purpose = "report-milestone"
    submit_label = _("Hand in the report")
    policy = staticmethod(policies.may_report)

    def get_consequences(self) -> list[str]:
        """What is looked at, and who does."""
        asked = self.object.milestone.looked_at
        told = [_t("Somebody else than you checks it. If it is not kept, you report again within ten working days.")]
        return [_t("Checked is: %(what)s") % {"what": asked}, *told] if asked else told

    def perform(self, form: ReportForm) -> MilestoneCheck:
        """Hand it in."""
        typed = form.cleaned_data
        return projects.report(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            text=typed["text"],
            file=typed["file"],
        )


class CheckMilestone(CheckVerb):
    """Record what the check found."""

    title = _("Record the check")
    form_class = CheckForm
    purpose = "check-milestone"
    submit_label = _("Record the check")
    policy = staticmethod(policies.may_check)

    def perform(self, form: CheckForm) -> MilestoneCheck:
        """Record it."""
        typed = form.cleaned_data
        return projects.check(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            kept=typed["kept"] == "yes",
            text=typed["text"],
        )
