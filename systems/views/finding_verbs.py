"""What is done about findings: record, attach, name the measure, hand in, verify, send back, except."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.organisation.models import Unit
from portal.organisation.views.base import PersonVerb
from portal.web.dates import due_day, full_day
from portal.web.forms import FileForm
from portal.web.i18n import localized
from portal.web.views import VerbView
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from systems import policies
from systems.forms.common import RemarksForm
from systems.forms.inspections import ExceptForm, FindingForm, MeasureForm, SubmitForm
from systems.models import Finding, Gravity, InspectionItem, Rectification
from systems.register_rules import add_months
from systems.services import findings, rectification
from systems.services.findings import DAYS
from systems.views.base import UnitVerb
from systems.views.findings import FindingMixin, may_attach
from systems.views.inspection_verbs import InspectionVerb


def _consequences() -> list[str]:
    calendar, today = load_calendar(), clock.today()
    days = {str(Gravity(gravity).label): due_day(calendar.add(today, count)) for gravity, count in DAYS.items()}
    told = "; ".join(f"{gravity}: {day}" for gravity, day in days.items())
    return [
        _t("The unit's leader and liaison are told, and put it right by a day: %(days)s.") % {"days": told},
        _t("What was found is kept as it is written."),
    ]


def _record(by: User, unit: Unit, form: Any, **about: Any) -> Finding:
    typed = form.cleaned_data
    finding = findings.record(by, unit, gravity=Gravity(typed["gravity"]), text=typed["text"], **about)
    if typed.get("file"):
        findings.attach(by, finding, typed["file"])
    return finding


class RecordFinding(UnitVerb):
    """Record a finding outside of an inspection."""

    title = _("Record a finding")
    form_class: type[forms.Form] = FindingForm
    purpose = "record-finding"
    submit_label = _("Record it")

    @staticmethod
    def policy(user: User, unit: Unit) -> bool:
        """Who inspects there."""
        return policies.may_inspect(user, unit)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the system that it is about."""
        return super().get_form_kwargs() | {"with_category": True}

    def get_consequences(self) -> list[str]:
        """What follows."""
        return _consequences()

    def perform(self, form: Any) -> Finding:
        """Record it."""
        return _record(self.request.user, self.object, form, category=form.cleaned_data.get("category"))


class RecordItemFinding(InspectionVerb):
    """Record what was found at an item of the checklist."""

    title = _("Record a finding")
    form_class = FindingForm
    purpose = "record-item-finding"
    submit_label = _("Record it")

    def item(self) -> InspectionItem:
        """The item that the address names. Raises DoesNotExist."""
        return self.object.items.select_related("requirement__system").get(position=self.kwargs["position"])

    def get_lede(self) -> str:
        """At which item."""
        return localized(self.item(), "text")

    def get_initial(self) -> dict[str, Any]:
        """What was remarked at the item."""
        return {"text": self.item().remark}

    def get_consequences(self) -> list[str]:
        """What follows."""
        return _consequences()

    def perform(self, form: FindingForm) -> Finding:
        """Record it."""
        item = self.item()
        about = {"inspection": self.object, "item": item, "category": item.requirement.system}
        return _record(self.request.user, self.object.unit, form, **about)

    def get_result_url(self, result: Any) -> str:
        """The next item without an answer, else the inspection."""
        following = self.object.items.filter(answer="").first()
        if following is None:
            return self.object.get_absolute_url()
        return reverse("systems:inspection-item", args=(self.object.year, self.object.serial, following.position))


class RectificationVerb(FindingMixin, VerbView):
    """A verb about the rectification of a finding."""

    @staticmethod
    def policy(user: User, finding: Finding) -> bool:
        """The unit, or the owner."""
        return policies.may_answer_finding(user, finding.rectification)

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.rectification.version}

    def get_result_url(self, result: Any) -> str:
        """The finding."""
        return self.object.get_absolute_url()


class NameMeasure(FindingMixin, PersonVerb):
    """Name the measure and its owner."""

    title = _("Name the measure")
    form_class = MeasureForm
    purpose = "name-rectification-measure"
    object: Any

    @staticmethod
    def policy(user: User, finding: Finding) -> bool:
        """The unit's leader and liaison."""
        return policies.may_name_measure(user, finding.rectification)

    def get_unit(self) -> Unit:
        """Where the finding is."""
        unit: Unit = self.object.unit
        return unit

    def get_back_url(self) -> str:
        """The finding."""
        return str(self.object.get_absolute_url())

    def get_initial(self) -> dict[str, Any]:
        """What was named before."""
        known = self.object.rectification
        owner = known.owner.employee_no if known.owner else ""
        return {"version": known.version, "measure": known.measure, "owner": owner}

    def perform(self, form: MeasureForm) -> Rectification:
        """Keep it."""
        typed = form.cleaned_data
        return rectification.name_measure(
            self.request.user,
            self.object.rectification.pk,
            expected_version=typed["version"],
            measure=typed["measure"],
            owner=typed["owner"],
        )


class Submit(RectificationVerb):
    """Hand in what was done."""

    title = _("Hand in what was done")
    form_class = SubmitForm
    purpose = "submit-rectification"
    submit_label = _("Hand it in")

    def get_initial(self) -> dict[str, Any]:
        """What was handed in before."""
        return super().get_initial() | {"done": self.object.rectification.done}

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [
            _t("The duty is done. Somebody else than you and the owner looks at it, and verifies it or sends it back.")
        ]

    def perform(self, form: SubmitForm) -> Rectification:
        """Hand it in."""
        typed = form.cleaned_data
        return rectification.submit(
            self.request.user,
            self.object.rectification.pk,
            expected_version=typed["version"],
            done=typed["done"],
        )


class JudgeVerb(RectificationVerb):
    """A verb of who verifies."""

    form_class: Any = RemarksForm

    @staticmethod
    def policy(user: User, finding: Finding) -> bool:
        """Who inspects the unit; who owns it or handed it in is told why not by the service."""
        return policies.may_inspect(user, finding.unit) or policies.is_party(user, finding.rectification)


class Verify(JudgeVerb):
    """Verify."""

    title = _("Verify the rectification")
    purpose = "verify-rectification"
    submit_label = _("Verify it")

    def perform(self, form: RemarksForm) -> Rectification:
        """Verify it."""
        typed = form.cleaned_data
        return rectification.verify(
            self.request.user,
            self.object.rectification.pk,
            expected_version=typed["version"],
            remarks=typed["remarks"],
        )


class SendBack(JudgeVerb):
    """Send it back."""

    title = _("Send the rectification back")
    purpose = "return-rectification"
    submit_label = _("Send it back")
    danger = True

    def get_consequences(self) -> list[str]:
        """What follows."""
        until = due_day(load_calendar().add(clock.today(), rectification.AGAIN_DAYS))
        return [_t("The unit reads your remarks and does it again by %(day)s.") % {"day": until}]

    def perform(self, form: RemarksForm) -> Rectification:
        """Send it back."""
        typed = form.cleaned_data
        return rectification.send_back(
            self.request.user,
            self.object.rectification.pk,
            expected_version=typed["version"],
            remarks=typed["remarks"],
        )


class GrantException(RectificationVerb):
    """Let the finding stand for a time."""

    title = _("Grant an exception")
    form_class = ExceptForm
    purpose = "except-rectification"
    submit_label = _("Grant it")

    @staticmethod
    def policy(user: User, finding: Finding) -> bool:
        """Coordinator or head over the unit."""
        return policies.may_except(user, finding.rectification)

    def get_consequences(self) -> list[str]:
        """What follows."""
        latest = full_day(add_months(clock.today(), rectification.EXCEPTION_MONTHS))
        return [
            _t("The duty ends until then; after that the finding is owed again, within ten working days."),
            _t("It lasts until %(day)s at the latest.") % {"day": latest},
        ]

    def perform(self, form: ExceptForm) -> Rectification:
        """Grant it."""
        typed = dict(form.cleaned_data)
        return rectification.grant_exception(
            self.request.user,
            self.object.rectification.pk,
            expected_version=typed.pop("version"),
            **typed,
        )


class AttachToFinding(RectificationVerb):
    """Attach a picture or document."""

    title = _("Attach a file")
    form_class: Any = FileForm
    purpose = "attach-to-finding"
    submit_label = _("Attach")

    @staticmethod
    def policy(user: User, finding: Finding) -> bool:
        """Who found it and who puts it right."""
        return may_attach(user, finding)

    def perform(self, form: Any) -> Any:
        """Keep it."""
        return findings.attach(self.request.user, self.object, form.cleaned_data["file"])
