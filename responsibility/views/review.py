"""Reviewing a report: return it with remarks, or accept it."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.web.forms import VersionForm
from portal.web.i18n import listed, pick, titled
from portal.web.views import Text, VerbView
from responsibility import policies
from responsibility.models import Report
from responsibility.report_forms import ReturnForm
from responsibility.services import reports
from responsibility.views.report import ReportMixin, crumbs_of


class ReviewMixin(ReportMixin):
    """What returning and accepting share."""

    object: Report
    title: Text = ""

    @staticmethod
    def policy(user: User, report: Report) -> bool:
        """The coordinator, never of his own unit."""
        return policies.may_review(user, report)

    def get_title(self) -> str:
        """What is done to which report."""
        return titled(self.title, listed((self.object.period.title, self.object.unit.name)))

    def get_lede(self) -> str:
        """How its duty stands."""
        return self.state(self.object).text

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The report."""
        return crumbs_of(self.object, inside=True)

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}


class ReturnReport(ReviewMixin, VerbView):
    """Send a report back with remarks."""

    title = _("Return the report with remarks")
    form_class = ReturnForm
    purpose = "return-report"
    submit_label = _("Return the report")

    def get_form_kwargs(self) -> dict[str, Any]:
        """A field for each part and each target."""
        targets = self.object.letter().targets
        names = {target["code"]: str(pick(target["name"])) for target in targets}
        return super().get_form_kwargs() | {"targets": targets, "names": names}

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [
            _t("The leader reads your remarks beside the fields they concern."),
            _t("The correction is a duty with a day of its own; in time or late is counted for both."),
        ]

    def perform(self, form: ReturnForm) -> Report:
        """Return it."""
        return reports.return_report(
            self.request.user,
            self.object.pk,
            expected_version=form.cleaned_data["version"],
            remarks=form.remarks(),
            due_on=form.cleaned_data["due_on"],
        )


class AcceptReport(ReviewMixin, VerbView):
    """Accept a report."""

    title = _("Accept the report")
    form_class = VersionForm
    purpose = "accept-report"
    submit_label = _("Accept the report")

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [_t("The report is closed."), _t("If it came late, it stays late in the assessment.")]

    def perform(self, form: VersionForm) -> Report:
        """Accept it."""
        return reports.accept(self.request.user, self.object.pk, expected_version=form.cleaned_data["version"])

    def get_result_url(self, result: Report) -> str:
        """The report with the receipt, which leads on to the next one that waits."""
        return f"{result.get_absolute_url()}?accepted=1"
