"""What a unit does with its systems: adopt, write, attach, consult, issue, revise, give up, repeal, review."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.web.dates import full_day
from portal.web.forms import VersionForm
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from systems import policies
from systems.forms.common import ReasonForm
from systems.forms.register import (
    ConsultForm,
    DescribeForm,
    DocumentForm,
    IssueForm,
    OwnForm,
    ReviewForm,
    WriteForm,
)
from systems.models import RequiredSystem, Requirement, ReviewOutcome, SystemVersion, UnitSystem
from systems.services import force, register
from systems.views.base import LeaderVerb, SystemVerb, UnitVerb

# A consultation is usually open for so many working days.
CONSULTATION_DAYS = 10


class Adopt(UnitVerb):
    """Take the model text of the catalogue as a draft."""

    template_name = "systems/adopt.html"
    title = _("Adopt a model text")
    form_class = OwnForm
    purpose = "adopt-system"
    submit_label = _("Adopt it as a draft")

    def category(self) -> RequiredSystem:
        """The required system that the address names. Raises DoesNotExist."""
        found: RequiredSystem = RequiredSystem.objects.in_force(clock.today().year).get(code=self.kwargs["category"])
        return found

    def get_form(self, form_class: Any = None) -> Any:
        """Nothing is typed here."""
        form = super().get_form(form_class)
        form.fields.clear()
        return form

    def get_title(self) -> str:
        """What is adopted."""
        return _t("Adopt: %(system)s") % {"system": self.category().name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what the catalogue demands."""
        known = Requirement.objects.in_force(clock.today().year)
        return super().get_context_data(requirement=known.get(system=self.category()), **kwargs)

    def perform(self, form: Any) -> UnitSystem:
        """Draft it."""
        return register.adopt(self.request.user, self.object, self.category())


class DraftOwn(UnitVerb):
    """Draft a system that the catalogue does not know."""

    title = _("Draft a system of one's own")
    form_class = OwnForm
    purpose = "draft-own-system"
    submit_label = _("Begin the draft")

    def perform(self, form: OwnForm) -> UnitSystem:
        """Draft it."""
        return register.draft_own(self.request.user, self.object, **form.cleaned_data)


class VersionVerb(SystemVerb):
    """A verb about the coming version of a system."""

    def coming(self) -> SystemVersion | None:
        """The version that is being written."""
        return self.object.versions.coming().first()  # type: ignore[attr-defined, no-any-return]

    def get_initial(self) -> dict[str, Any]:
        """The version of its row that is shown."""
        coming = self.coming()
        return {"version": coming.version if coming else 0}


class Write(VersionVerb):
    """Write the text of the coming version."""

    title = _("Write the text")
    form_class = WriteForm
    purpose = "write-system"

    def get_initial(self) -> dict[str, Any]:
        """What is written already."""
        coming = self.coming()
        written = {"text": coming.text, "changes": coming.changes} if coming else {}
        return super().get_initial() | written

    def perform(self, form: WriteForm) -> SystemVersion:
        """Keep it."""
        typed = form.cleaned_data
        return register.write(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            text=typed["text"],
            changes=typed["changes"],
        )


class AttachDocument(VersionVerb):
    """Attach the document of the coming version."""

    title = _("Attach the document")
    form_class = DocumentForm
    purpose = "attach-system-document"
    submit_label = _("Attach")

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [_t("Its text becomes searchable. A document attached before is replaced.")]

    def perform(self, form: DocumentForm) -> SystemVersion:
        """Keep it."""
        return register.attach(self.request.user, self.object.pk, form.cleaned_data["document"])


class Describe(SystemVerb):
    """Name, scope and owner."""

    title = _("Name, scope and owner")
    form_class = DescribeForm
    purpose = "describe-system"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The unit's posts."""
        return super().get_form_kwargs() | {"by": self.request.user, "unit": self.object.unit}

    def get_initial(self) -> dict[str, Any]:
        """What is there."""
        system = self.object
        values = {name: getattr(system, name) for name in ("name_zh", "name_en", "scope")}
        return super().get_initial() | values | {"owner": system.owner_id}

    def perform(self, form: DescribeForm) -> UnitSystem:
        """Keep it."""
        typed = dict(form.cleaned_data)
        return register.describe(self.request.user, self.object.pk, expected_version=typed.pop("version"), **typed)


class Consult(VersionVerb):
    """Lay the draft before those it binds."""

    title = _("Open the consultation")
    form_class = ConsultForm
    purpose = "consult-system"
    submit_label = _("Open it")

    def get_initial(self) -> dict[str, Any]:
        """The usual time."""
        return super().get_initial() | {"until": load_calendar().add(clock.today(), CONSULTATION_DAYS)}

    def perform(self, form: ConsultForm) -> SystemVersion:
        """Open it."""
        typed = form.cleaned_data
        return register.consult(
            self.request.user, self.object.pk, expected_version=typed["version"], until=typed["until"]
        )


class Issue(VersionVerb):
    """Put the coming version into force."""

    title = _("Put into force")
    form_class = IssueForm
    purpose = "issue-system"
    submit_label = _("Issue it")

    @staticmethod
    def policy(user: User, system: UnitSystem) -> bool:
        """The unit's leader."""
        return policies.may_decide(user, system.unit)

    def get_initial(self) -> dict[str, Any]:
        """Today, by the unit."""
        today = clock.today()
        return super().get_initial() | {
            "issuing_body": self.object.unit.name,
            "adopted_on": today,
            "in_force_from": today,
        }

    def get_consequences(self) -> list[str]:
        """What follows."""
        told = [_t("What the version says is kept from now on; to change it, begin a revision.")]
        if self.object.is_in_force and self.object.in_force_from:
            told.append(
                _t("The version in force since %(day)s is replaced.") % {"day": full_day(self.object.in_force_from)}
            )
        if self.object.category:
            told.append(_t("The blank area in this system is filled, and its next review is set by the catalogue."))
        return told

    def perform(self, form: IssueForm) -> SystemVersion:
        """Issue it."""
        typed = dict(form.cleaned_data)
        return force.issue(self.request.user, self.object.pk, expected_version=typed.pop("version"), **typed)


class Revise(SystemVerb):
    """Begin a new version."""

    title = _("Begin a revision")
    form_class: Any = VersionForm
    purpose = "revise-system"
    submit_label = _("Begin it")

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [_t("A new draft is made of the text in force, which stays in force until the new one replaces it.")]

    def perform(self, form: VersionForm) -> SystemVersion:
        """Begin it."""
        return register.revise(self.request.user, self.object.pk, expected_version=form.cleaned_data["version"])


class Discard(VersionVerb):
    """Give the coming version up."""

    title = _("Give up the draft")
    form_class = ReasonForm
    purpose = "discard-system"
    submit_label = _("Give it up")
    danger = True

    def perform(self, form: ReasonForm) -> UnitSystem:
        """Give it up."""
        typed = form.cleaned_data
        return force.discard(
            self.request.user, self.object.pk, expected_version=typed["version"], reason=typed["reason"]
        )


class Repeal(LeaderVerb):
    """Repeal the system."""

    title = _("Repeal the system")
    form_class = ReasonForm
    purpose = "repeal-system"
    submit_label = _("Repeal it")
    danger = True

    def get_consequences(self) -> list[str]:
        """What follows."""
        told = [_t("It is in force no longer from today on. Its versions stay on file.")]
        if self.object.category:
            told.append(
                _t("The catalogue requires “%(system)s”: a blank area opens, with a day by which it is filled.")
                % {"system": self.object.category.name}
            )
        return told

    def perform(self, form: ReasonForm) -> UnitSystem:
        """Repeal it."""
        typed = form.cleaned_data
        return force.repeal(
            self.request.user, self.object.pk, expected_version=typed["version"], reason=typed["reason"]
        )


class Review(LeaderVerb):
    """Record that the system was looked through."""

    title = _("Record the review")
    form_class = ReviewForm
    purpose = "review-system"
    submit_label = _("Record it")

    def perform(self, form: ReviewForm) -> Any:
        """Record it."""
        typed = form.cleaned_data
        return force.review(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            outcome=ReviewOutcome(typed["outcome"]),
            remarks=typed["remarks"],
        )

    def get_result_url(self, result: Any) -> str:
        """To the revision, where the review asks for one."""
        if result.outcome == ReviewOutcome.REVISE and self.object.state == "in_force":
            return f"{self.object.get_absolute_url()}revise/"
        return self.object.get_absolute_url()
