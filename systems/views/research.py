"""Research reports: read, written, published."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.web.dates import full_day
from portal.web.forms import VersionForm
from portal.web.views import ObjectPage, VerbView
from systems import policies_programme as policies
from systems.forms.investigations import ResearchForm
from systems.models.experience import Proposal
from systems.models.investigations import (
    Investigation,
)
from systems.models.research import ReportState, ResearchReport
from systems.services import investigations
from systems.views.investigations import CRUMBS


class ReportMixin:
    """Finds the report that the address names, among those that the person may see."""

    request: Any
    kwargs: dict[str, Any]
    object: Any

    def get_object(self) -> ResearchReport:
        """By year and number. Raises DoesNotExist."""
        seen = ResearchReport.objects.visible_to(self.request.user).select_related("author")
        return seen.get(year=self.kwargs["year"], serial=self.kwargs["serial"])

    def get_crumbs(self) -> Any:
        """The investigations."""
        return CRUMBS


class ResearchPage(ReportMixin, ObjectPage):
    """A research report with what it was written from and what was proposed out of it."""

    template_name = "systems/investigation_report.html"
    object: ResearchReport

    def allowed(self, user: User) -> bool:
        """Whoever sees content."""
        return policies.may_read(user)

    def get_title(self) -> str:
        """Its title."""
        return self.object.title

    def get_lede(self) -> str:
        """Published when, by whom."""
        if self.object.state == ReportState.DRAFT:
            return _t("Draft. Only its author and the coordinator read it.")
        words = {"name": self.object.author.name, "day": full_day(self.object.published_on)}
        return _t("%(name)s, published on %(day)s.") % words

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds its sources, the proposals and the verbs."""
        report, user = self.object, self.request.user
        return super().get_context_data(
            report=report,
            investigations=Investigation.objects.visible_to(user).filter(reports=report),
            measures=report.measures.all(),
            proposals=Proposal.objects.visible_to(user).filter(report=report),
            is_draft=report.state == ReportState.DRAFT,
            may_keep=policies.may_keep_investigations(user),
            **kwargs,
        )


class WriteReport(VerbView):
    """Begin a research report."""

    title = _("New research report")
    crumbs = CRUMBS
    form_class = ResearchForm
    purpose = "write-research"
    submit_label = _("Save the draft")
    back_url = "/investigations/"
    policy = staticmethod(policies.may_keep_investigations)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who writes: of what is seen it can be written."""
        return super().get_form_kwargs() | {"by": self.request.user}

    def perform(self, form: ResearchForm) -> ResearchReport:
        """Begin it."""
        typed = form.cleaned_data
        typed.pop("version")
        return investigations.write_report(self.request.user, **typed)


class ChangeReport(ReportMixin, WriteReport):
    """Write on at a draft."""

    title = _("Write on at the report")
    purpose = "change-research"
    object: ResearchReport

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        report = self.object
        values = {name: getattr(report, name) for name in ("title_zh", "title_en", "summary", "text", "version")}
        chosen = {
            name: list(getattr(report, name).values_list("pk", flat=True)) for name in ("investigations", "measures")
        }
        return values | chosen

    def get_back_url(self) -> str:
        """The report."""
        return self.object.get_absolute_url()

    def perform(self, form: ResearchForm) -> ResearchReport:
        """Save it."""
        typed = form.cleaned_data
        version = typed.pop("version") or 0
        return investigations.write_report(
            self.request.user, report_id=self.object.pk, expected_version=version, **typed
        )


class PublishReport(ReportMixin, VerbView):
    """Publish a report."""

    title = _("Publish the report")
    form_class = VersionForm
    purpose = "publish-research"
    submit_label = _("Publish the report")
    policy = staticmethod(policies.may_keep_investigations)
    object: ResearchReport

    def get_lede(self) -> str:
        """Which."""
        return self.object.title

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}

    def get_consequences(self) -> list[str]:
        """Who reads it; it is kept."""
        return [
            _t("Whoever sees content reads it from now on."),
            _t("It can no longer be changed. A later finding is a report of its own."),
        ]

    def perform(self, form: VersionForm) -> ResearchReport:
        """Publish it."""
        version = form.cleaned_data["version"]
        return investigations.publish(self.request.user, self.object.pk, expected_version=version)
