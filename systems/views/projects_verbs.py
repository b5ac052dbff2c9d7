"""The verbs of projects."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.organisation.models import Unit
from portal.web.forms import VersionForm
from portal.web.i18n import titled
from portal.web.views import VerbView
from systems import policies_programme as policies
from systems.forms.projects import MilestoneForm, OutcomeForm, ProjectForm, ReasonForm, StopForm
from systems.forms.units import UnitsForm
from systems.models.projects import Milestone, Project, ProjectState
from systems.services import projects
from systems.services.projects import ProjectPlan
from systems.views.projects import CRUMBS, ProjectMixin


class PlanProject(VerbView):
    """Plan a project."""

    title = _("Plan a project")
    lede = _("First what it is about; units and milestones are named on its page, then it is started.")
    crumbs = CRUMBS
    form_class = ProjectForm
    purpose = "plan-project"
    submit_label = _("Plan the project")
    back_url = "/projects/"
    policy = staticmethod(policies.may_keep_projects)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who asks: units are looked for in that part of the tree."""
        return super().get_form_kwargs() | {"by": self.request.user}

    def perform(self, form: ProjectForm) -> Project:
        """Plan it."""
        return projects.plan(self.request.user, form.plan())


class ProjectVerb(ProjectMixin, VerbView):
    """A verb about a project; who keeps projects may."""

    policy = staticmethod(policies.may_keep_projects)
    object: Project

    def get_crumbs(self) -> Any:
        """The project."""
        return (*CRUMBS, (self.object.name, self.object.get_absolute_url()))

    def get_lede(self) -> str:
        """Which project."""
        return self.object.name

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}

    def get_result_url(self, result: Any) -> str:
        """The project."""
        return self.object.get_absolute_url()


class ChangeProject(ProjectVerb):
    """Change what is planned."""

    title = _("Change the plan")
    form_class = ProjectForm
    purpose = "change-project"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who asks: units are looked for in that part of the tree."""
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        """As it is planned."""
        plan = {name: getattr(self.object, name) for name in ProjectPlan._fields}
        category = self.object.category
        return {**plan, "unit": self.object.unit.code, "category": category and category.code} | super().get_initial()

    def perform(self, form: ProjectForm) -> Project:
        """Save it."""
        version = form.cleaned_data["version"] or 0
        return projects.change(self.request.user, self.object.pk, form.plan(), expected_version=version)


class AddMilestone(ProjectVerb):
    """Set a milestone."""

    title = _("Set a milestone")
    form_class = MilestoneForm
    purpose = "add-milestone"
    submit_label = _("Set the milestone")

    def get_consequences(self) -> list[str]:
        """Of a project under way the units owe it at once."""
        if self.object.state == ProjectState.RUNNING:
            return [_t("Every unit that takes part owes a report by that day, and is told now.")]
        return []

    def perform(self, form: MilestoneForm) -> Milestone:
        """Set it."""
        return projects.add_milestone(self.request.user, self.object.pk, form.plan())


class RemoveMilestone(ProjectVerb):
    """Take a milestone out of a plan."""

    title = _("Remove the milestone")
    form_class = forms.Form
    purpose = "remove-milestone"
    submit_label = _("Remove the milestone")
    danger = True

    def get_lede(self) -> str:
        """Which milestone."""
        return titled(self.object, self.object.milestones.get(pk=self.kwargs["pk"]))

    def perform(self, form: forms.Form) -> Project:
        """Remove it."""
        return projects.remove_milestone(self.request.user, self.object.pk, self.kwargs["pk"])


class InvolveUnits(ProjectVerb):
    """Let units take part."""

    title = _("Units that take part")
    form_class = UnitsForm
    purpose = "involve-units"
    submit_label = _("Let them take part")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who asks."""
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        """Nothing is chosen."""
        return {}

    def get_consequences(self) -> list[str]:
        """Of a project under way they owe the milestones to come."""
        if self.object.state == ProjectState.RUNNING:
            return [_t("They owe a report at every milestone to come, and are told now.")]
        return []

    def perform(self, form: UnitsForm) -> int:
        """Add them."""
        return projects.involve(self.request.user, self.object.pk, form.units())


class ReleaseUnit(ProjectVerb):
    """Let a unit take part no more."""

    title = _("The unit takes part no more")
    form_class = ReasonForm
    purpose = "release-unit"
    submit_label = _("Release the unit")
    danger = True

    def get_unit(self) -> Unit:
        """The unit that the address names."""
        return self.object.involved.select_related("unit").get(unit__code=self.kwargs["code"]).unit

    def get_lede(self) -> str:
        """Which unit."""
        return titled(self.object, self.get_unit())

    def get_consequences(self) -> list[str]:
        """What it owes ends."""
        return [_t("What the unit still owes in this project ends with your reason; what it did stays.")]

    def perform(self, form: ReasonForm) -> Project:
        """Release it."""
        return projects.release(self.request.user, self.object.pk, self.get_unit(), reason=form.cleaned_data["reason"])


class StartProject(ProjectVerb):
    """Start a project."""

    title = _("Start the project")
    form_class = VersionForm
    purpose = "start-project"
    submit_label = _("Start the project")

    def get_consequences(self) -> list[str]:
        """Who owes what from now on."""
        units, milestones = self.object.involved.count(), self.object.milestones.count()
        text = ngettext(
            "%(units)s unit owes a report at each of %(milestones)s milestones and is told now.",
            "%(units)s units owe a report at each of %(milestones)s milestones and are told now.",
            units,
        )
        return [
            text % {"units": units, "milestones": milestones},
            _t("The clock reminds them, and tells their superiors when a report is missing."),
        ]

    def perform(self, form: VersionForm) -> Project:
        """Start it."""
        version = form.cleaned_data["version"]
        return projects.start(self.request.user, self.object.pk, expected_version=version)


class CompleteProject(ProjectVerb):
    """Close a project with what came of it."""

    title = _("Complete the project")
    form_class = OutcomeForm
    purpose = "complete-project"
    submit_label = _("Complete the project")

    def perform(self, form: OutcomeForm) -> Project:
        """Close it."""
        typed = form.cleaned_data
        return projects.complete(
            self.request.user, self.object.pk, expected_version=typed["version"], outcome=typed["outcome"]
        )


class StopProject(ProjectVerb):
    """Stop a project before its end."""

    title = _("Stop the project")
    form_class = StopForm
    purpose = "stop-project"
    submit_label = _("Stop the project")
    danger = True

    def get_consequences(self) -> list[str]:
        """Nobody owes anything for it."""
        return [_t("All open duties of the project end with your reason. This cannot be undone.")]

    def perform(self, form: StopForm) -> Project:
        """Stop it."""
        typed = form.cleaned_data
        return projects.stop(
            self.request.user, self.object.pk, expected_version=typed["version"], reason=typed["reason"]
        )
