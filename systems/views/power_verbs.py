"""What a unit does with its list of powers."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.web.dates import full_day
from portal.web.views import VerbView
from systems import policies
from systems.forms.common import ReasonForm
from systems.forms.powers import EndMeasureForm, PowerForm, ReviewListForm, SuperviseForm
from systems.models import MeasureKind, Power, PowerReview
from systems.services import powers
from systems.views.base import UnitVerb
from systems.views.powers import PowerMixin


class EnterPower(UnitVerb):
    """Enter a power of the unit."""

    title = _("Enter a power")
    form_class: type[forms.Form] = PowerForm
    purpose = "enter-power"
    submit_label = _("Enter it")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The unit's posts."""
        return super().get_form_kwargs() | {"by": self.request.user, "unit": self.object}

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [_t("Until a measure watches over it, it is a blank area with a day by which it is filled.")]

    def get_back_url(self) -> str:
        """The unit's powers."""
        return reverse("systems:unit-powers", args=(self.object.code,))

    def perform(self, form: Any) -> Power:
        """Enter it."""
        return powers.enter(self.request.user, self.object, form.as_draft())


class PowerVerb(PowerMixin, VerbView):
    """A verb about a power, for who keeps the unit's list."""

    @staticmethod
    def policy(user: User, power: Power) -> bool:
        """The unit's leader and liaison."""
        return policies.may_write(user, power.unit)

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The power."""
        return [*super().get_crumbs(), (self.object.matter, self.object.get_absolute_url())]

    def get_result_url(self, result: Any) -> str:
        """The power."""
        return self.object.get_absolute_url()


class ChangePower(PowerVerb):
    """Write a power anew."""

    title = _("Change the power")
    form_class = PowerForm
    purpose = "change-power"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The unit's posts."""
        return super().get_form_kwargs() | {"by": self.request.user, "unit": self.object.unit}

    def get_initial(self) -> dict[str, Any]:
        """What is there."""
        power = self.object
        names = ("area", "matter", "legal_basis", "likelihood", "impact", "version")
        risks = "\n".join(power.risks.values_list("text", flat=True))
        return {name: getattr(power, name) for name in names} | {"holder": power.holder_id, "risks": risks}

    def perform(self, form: PowerForm) -> Power:
        """Keep it."""
        version = form.cleaned_data["version"] or 0
        return powers.change(self.request.user, self.object.pk, expected_version=version, draft=form.as_draft())


class GiveUpPower(PowerVerb):
    """Say that the unit no longer has the power."""

    title = _("The unit no longer has this power")
    form_class = ReasonForm
    purpose = "give-up-power"
    submit_label = _("Take it from the list")
    danger = True

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}

    def perform(self, form: ReasonForm) -> Power:
        """Take it from the list."""
        typed = form.cleaned_data
        return powers.give_up(
            self.request.user, self.object.pk, expected_version=typed["version"], reason=typed["reason"]
        )


class Supervise(PowerVerb):
    """Say what watches over a power."""

    title = _("Enter a measure")
    form_class = SuperviseForm
    purpose = "supervise-power"
    submit_label = _("Enter it")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The unit's systems and posts."""
        return super().get_form_kwargs() | {"by": self.request.user, "unit": self.object.unit}

    def perform(self, form: SuperviseForm) -> Any:
        """Enter it."""
        typed = dict(form.cleaned_data)
        kind = MeasureKind(typed.pop("kind"))
        return powers.supervise(self.request.user, self.object.pk, kind=kind, **typed)


class EndMeasure(PowerVerb):
    """Say that a measure is applied no more."""

    title = _("End the measure")
    form_class = EndMeasureForm
    purpose = "end-power-measure"
    submit_label = _("End it")
    danger = True

    def get_lede(self) -> str:
        """Which measure."""
        return str(self.object.measures.get(pk=self.kwargs["measure"]))

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [_t("Where nothing else watches over the power, a blank area opens.")]

    def perform(self, form: EndMeasureForm) -> Any:
        """End it."""
        return powers.end_measure(
            self.request.user, self.object.pk, self.kwargs["measure"], reason=form.cleaned_data["reason"]
        )


class ReviewPowers(VerbView):
    """Record that the unit looked through its powers this year."""

    title = _("Review the list of powers")
    form_class = ReviewListForm
    purpose = "review-powers"
    submit_label = _("Record the review")

    @staticmethod
    def policy(user: User, review: PowerReview) -> bool:
        """The unit's leader."""
        return policies.may_decide(user, review.unit)

    def get_object(self) -> PowerReview:
        """Among the units whose content the person sees. Raises DoesNotExist."""
        found: PowerReview = (
            PowerReview.objects.filter(scopes.q(self.request.user)).select_related("unit").get(pk=self.kwargs["pk"])
        )
        return found

    def get_lede(self) -> str:
        """Whose list, and by when."""
        return f"{self.object.unit.name} · {full_day(self.object.obligation.due_on)}"

    def get_back_url(self) -> str:
        """The unit's powers."""
        return reverse("systems:unit-powers", args=(self.object.unit.code,))

    def get_result_url(self, result: Any) -> str:
        """The unit's powers."""
        return self.get_back_url()

    def perform(self, form: ReviewListForm) -> PowerReview:
        """Record it."""
        return powers.review(self.request.user, self.object.pk, remarks=form.cleaned_data["remarks"])
