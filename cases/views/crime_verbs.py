"""What is done with a duty-crime case."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cases import crime_forms as forms_
from cases import policies
from cases.models import CrimeCase, Stage
from cases.services import crime
from cases.services.clues.receiving import office_of_public
from cases.services.crime import Accused, Deed
from cases.services.crime.base import limit_now, reached_by
from cases.views.base import RoomMixin
from cases.views.crime import ROOM, CaseMixin
from portal.accounts.models import User
from portal.web.views import Text, VerbView
from portal.workdays import clock


def deed_of(typed: dict[str, Any]) -> Deed:
    """A charge as a form gives it."""
    return Deed(typed["offence"], typed["act_from"], typed["act_until"], typed["amount"])


def accused_of(typed: dict[str, Any]) -> Accused:
    """A person as a form gives it."""
    names = ("name", "post", "rank", "sex", "birth_year", "political_status")
    return Accused(**{name: typed[name] for name in names}, is_accomplice=typed.get("is_accomplice", False))


class FileCase(RoomMixin, VerbView):
    """File a case."""

    title = _("File a case")
    form_class = forms_.FileForm
    purpose = "file-case"
    submit_label = _("File the case")
    room, back_url = ROOM, "/cases/crimes/"

    @staticmethod
    def policy(user: User, _object: Any) -> bool:
        """Who works on cases where they are handled."""
        return policies.may_work_at(user, str(office_of_public().path))

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who files: the clues of that person's office."""
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"filed_on": clock.today()}

    def perform(self, form: Any) -> CrimeCase:
        """File it."""
        typed = form.cleaned_data
        names = ("number", "title", "unit", "means", "filed_on", "source", "clue", "loophole", "power")
        return crime.file_case(
            self.request.user,
            office=office_of_public(),
            deeds=[deed_of(typed)],
            accused=[accused_of(typed)],
            **{name: typed[name] for name in names},
        )


class CaseVerb(CaseMixin, VerbView):
    """A verb about a case, for who works on cases at its office."""

    @staticmethod
    def policy(user: User, case: CrimeCase) -> bool:
        """Who works on cases there."""
        return policies.may_work_at(user, str(case.office.path))

    def get_lede(self) -> Text:
        """Which."""
        return f"{self.object.number} · {self.object.title}"

    def get_initial(self) -> dict[str, Any]:
        """The version shown, and today."""
        return {"version": self.object.version, "on": clock.today()}

    def get_result_url(self, result: Any) -> str:
        """The case."""
        return str(self.object.get_absolute_url())


class EditCase(CaseVerb):
    """Correct what is known of the case."""

    title = _("Edit the case")
    form_class = forms_.EditForm
    purpose = "edit-case"

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        case = self.object
        names = ("title", "means", "power", "recovered", "version")
        chosen = {"loophole": case.loophole_id, "listed_power": case.listed_power_id}
        return {name: getattr(case, name) for name in names} | chosen

    def get_form_kwargs(self) -> dict[str, Any]:
        """The unit whose powers are offered."""
        return super().get_form_kwargs() | {"unit": self.object.unit}

    def perform(self, form: Any) -> CrimeCase:
        """Keep it."""
        typed = dict(form.cleaned_data)
        return crime.edit_case(self.request.user, self.object.pk, expected_version=typed.pop("version"), **typed)


class AddCharge(CaseVerb):
    """Charge a further offence."""

    title = _("Add a charge")
    form_class = forms_.ChargeForm
    purpose = "add-charge"
    submit_label = _("Add the charge")

    def perform(self, form: Any) -> CrimeCase:
        """Charge it."""
        return crime.add_charge(self.request.user, self.object.pk, deed_of(form.cleaned_data))


class AddSuspect(CaseVerb):
    """Add a person concerned."""

    title = _("Add a person")
    form_class = forms_.SuspectForm
    purpose = "add-suspect"
    submit_label = _("Add the person")

    def perform(self, form: Any) -> CrimeCase:
        """Add the person."""
        return crime.add_suspect(self.request.user, self.object.pk, accused_of(form.cleaned_data))


class ReachStage(CaseVerb):
    """Enter that a stage was reached."""

    title = _("Enter a milestone")
    form_class = forms_.ReachForm
    purpose = "reach-stage"
    submit_label = _("Enter it")

    def get_form_kwargs(self) -> dict[str, Any]:
        """What was reached already is not offered."""
        return super().get_form_kwargs() | {"reached": set(reached_by(self.object))}

    def perform(self, form: Any) -> CrimeCase:
        """Enter it."""
        typed = form.cleaned_data
        return crime.reach(
            self.request.user, self.object.pk, stage=typed["stage"], on=typed["on"], remark=typed["remark"]
        )


class CorrectMilestone(CaseVerb):
    """Put right the day of a milestone."""

    title = _("Correct the day of a milestone")
    form_class = forms_.CorrectForm
    purpose = "correct-milestone"
    submit_label = _("Correct it")

    def get_lede(self) -> Text:
        """Which milestone of which case."""
        return f"{self.object.number} · {Stage(self.kwargs['stage']).label}"

    def get_initial(self) -> dict[str, Any]:
        """The day that stands there."""
        return {"on": reached_by(self.object).get(self.kwargs["stage"])}

    def perform(self, form: Any) -> CrimeCase:
        """Correct it."""
        return crime.correct_milestone(
            self.request.user, self.object.pk, stage=self.kwargs["stage"], **form.cleaned_data
        )


class ExtendLimit(CaseVerb):
    """Make the limit that runs longer."""

    title = _("Make the limit longer")
    form_class = forms_.ExtendForm
    purpose = "extend-limit"
    submit_label = _("Make it longer")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The articles that are left."""
        now = limit_now(self.object)
        used = set(self.object.extensions.filter(limit=now[0]).values_list("article", flat=True)) if now else set()
        ways = [
            (way["article"], _t("%(article)s: %(months)s months, %(days)s days") % ({"months": 0, "days": 0} | way))
            for way in (now[0].extensions if now else ())
            if way["article"] not in used
        ]
        return super().get_form_kwargs() | {"ways": ways}

    def perform(self, form: Any) -> CrimeCase:
        """Make it longer."""
        typed = form.cleaned_data
        return crime.extend_limit(self.request.user, self.object.pk, article=typed["article"], reason=typed["reason"])


class SuspendCase(CaseVerb):
    """Let the proceeding stand still."""

    title = _("Suspend the proceeding")
    form_class = forms_.SuspendForm
    purpose = "suspend-case"
    submit_label = _("Suspend it")

    def get_consequences(self) -> list[Text]:
        """The limit waits."""
        return [_t("The limit that runs stands still, and moves by as many days as the proceeding does.")]

    def perform(self, form: Any) -> CrimeCase:
        """Suspend it."""
        typed = form.cleaned_data
        return crime.suspend(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            on=typed["on"],
            reason=typed["reason"],
        )


class ResumeCase(CaseVerb):
    """Let it go on."""

    title = _("Resume the proceeding")
    form_class = forms_.ResumeForm
    purpose = "resume-case"
    submit_label = _("Resume it")

    def perform(self, form: Any) -> CrimeCase:
        """Resume it."""
        typed = form.cleaned_data
        return crime.resume(self.request.user, self.object.pk, expected_version=typed["version"], on=typed["on"])


class CheckQuality(CaseVerb):
    """A second officer judges the five points."""

    title = _("Check the quality of the case")
    form_class = forms_.CheckForm
    purpose = "check-quality"
    submit_label = _("Keep the check")

    def perform(self, form: Any) -> Any:
        """Keep it."""
        return crime.check_quality(
            self.request.user, self.object.pk, points=form.points(), remark=form.cleaned_data["remark"]
        )


class ConcludeCase(CaseVerb):
    """Conclude the case."""

    title = _("Conclude the case")
    form_class = forms_.ConcludeForm
    purpose = "conclude-case"
    submit_label = _("Conclude it")

    def perform(self, form: Any) -> CrimeCase:
        """Conclude it."""
        typed = dict(form.cleaned_data)
        return crime.conclude(self.request.user, self.object.pk, expected_version=typed.pop("version"), **typed)
