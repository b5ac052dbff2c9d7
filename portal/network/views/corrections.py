"""Corrections: propose one, the queue, the decision."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.network import policies, services
from portal.network.forms import AcceptForm, CorrectionForm, DeclineForm
from portal.network.models import Correction, State
from portal.network.views.cards import card_url, way_down
from portal.organisation.models import Person, Tenure, Unit
from portal.web.dates import moment
from portal.web.views import ListPage, ObjectPage, VerbView
from portal.workdays import clock


class Propose(VerbView):
    """Say what the network has wrong about one's unit or its people."""

    title = _("Propose a correction")
    form_class = CorrectionForm
    purpose = "propose-correction"
    submit_label = _("Propose the correction")
    object: Unit

    @staticmethod
    def policy(user: User, unit: Unit) -> bool:
        """The unit's top leader and its liaison."""
        return policies.may_propose(user, unit)

    def get_object(self) -> Unit:
        """A unit that everybody may look up."""
        return Unit.objects.active().get(code=self.kwargs["code"])

    def get_lede(self) -> str:
        """Which unit."""
        return self.object.name

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The card."""
        return [*way_down(self.object), (self.object.name, self.get_back_url())]

    def get_back_url(self) -> str:
        """The card."""
        return card_url(self.object.code)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The unit, and who holds a post there today."""
        held = Tenure.objects.on(clock.today()).filter(post__unit=self.object)
        persons = list(Person.objects.filter(pk__in=held.values("person_id")))
        return super().get_form_kwargs() | {"unit": self.object, "persons": persons}

    def get_initial(self) -> dict[str, Any]:
        """What the address names."""
        return {"what": self.request.GET.get("of", "")}

    def get_consequences(self) -> list[str]:
        """Nothing changes yet."""
        return [
            _t("The coordinator reads it and accepts it or declines it with a reason; you are told."),
            _t("Until then the network shows what it shows now. You can withdraw the proposal."),
            _t("The name and e-mail address with which a person signs in stay as they are."),
        ]

    def perform(self, form: CorrectionForm) -> Correction:
        """Propose it."""
        typed = form.cleaned_data
        return services.propose(
            self.request.user,
            unit=self.object,
            field=typed["field"],
            person=typed["person"],
            value=typed["value"],
            reason=typed["reason"],
        )


class CorrectionFilter(django_filters.FilterSet):
    """By state."""

    state = django_filters.ChoiceFilter(choices=State.choices, label=_("State"), empty_label=_("All"))


class CorrectionTable(django_tables2.Table):
    """Corrections, those that wait first."""

    what = django_tables2.Column(verbose_name=_("What"), accessor="field", linkify=True, orderable=False)
    whose = django_tables2.Column(verbose_name=_("Whose"), orderable=False)
    unit = django_tables2.Column(verbose_name=_("Unit"), accessor="unit__name", orderable=False)
    value_then = django_tables2.Column(verbose_name=_("Value then"), orderable=False)
    value_proposed = django_tables2.Column(verbose_name=_("Proposed value"), orderable=False)
    proposed_by = django_tables2.Column(verbose_name=_("Proposed by"), accessor="proposed_by__name", orderable=False)
    proposed_at = django_tables2.Column(verbose_name=_("Proposed"))
    state = django_tables2.Column(verbose_name=_("State"), orderable=False)

    def render_what(self, record: Correction) -> str:
        """The words of the field."""
        return record.get_field_display()

    def render_proposed_at(self, value: Any) -> str:
        """As people write a moment."""
        return moment(value)

    value_what, value_proposed_at = render_what, render_proposed_at


class CorrectionsPage(ListPage):
    """The coordinator's queue; for a leader or liaison what became of the unit's proposals."""

    model = Correction
    title = _("Corrections")
    crumbs = ((_("Network"), "/network/"),)
    table_class = CorrectionTable
    filterset_class = CorrectionFilter
    export_name = "corrections"

    @property
    def empty(self) -> str:  # type: ignore[override]
        """Where a correction comes from."""
        return _t(
            "No correction was proposed. The top leader or liaison of a unit proposes one on the unit's card in the network."
        )

    def get_queryset(self) -> "QuerySet[Any]":
        """Those that wait first, the oldest of them at the top."""
        waits = Case(When(state=State.PROPOSED, then=Value(0)), default=Value(1), output_field=IntegerField())
        seen = Correction.objects.visible_to(self.request.user).select_related("unit", "person", "proposed_by")
        return seen.order_by(waits, "-proposed_at", "-pk")

    def get_lede(self) -> str:
        """How many wait, and for whom."""
        user = self.request.user
        if user.standing.has(Role.COORDINATOR):
            count = Correction.objects.to_decide_by(user).count()
            return ngettext(
                "%(count)s correction waits for your decision.", "%(count)s corrections wait for your decision.", count
            ) % {"count": count}
        count = Correction.objects.visible_to(user).waiting().count()
        return ngettext(
            "%(count)s correction waits for the coordinator.", "%(count)s corrections wait for the coordinator.", count
        ) % {"count": count}


class CorrectionPage(ObjectPage):
    """One correction: what was said, what became of it, what can be done."""

    template_name = "network/correction.html"
    object: Correction

    def get_object(self) -> Correction:
        """One that the reader may see."""
        rows = Correction.objects.visible_to(self.request.user)
        return rows.select_related("unit", "person", "proposed_by", "decided_by").get(pk=self.kwargs["pk"])

    def get_title(self) -> str:
        """What, and whose."""
        return str(self.object)

    def get_lede(self) -> str:
        """Its state."""
        return self.object.get_state_display()

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The network and the queue."""
        return crumbs()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the value as it is now, and who may do what."""
        found, user = self.object, self.request.user
        waits, is_own = found.state == State.PROPOSED, found.proposed_by_id == user.pk
        now = str(getattr(found.target, found.field.split(".")[1]))
        return super().get_context_data(
            correction=found,
            changed=waits and now != found.value_then,
            now=now,
            may_decide=waits and not is_own and policies.may_decide(user, str(found.unit.path)),
            may_withdraw=waits and policies.may_withdraw(user, found),
            **kwargs,
        )


def crumbs() -> list[tuple[str, str]]:
    """The network and the queue."""
    return [(_t("Network"), reverse("network:browse")), (_t("Corrections"), reverse("network:corrections"))]


class CorrectionVerb(VerbView):
    """A verb about a correction that the reader may see; the result is seen on its page."""

    object: Correction

    def get_object(self) -> Correction:
        """By its number."""
        rows = Correction.objects.visible_to(self.request.user).select_related("unit", "person", "proposed_by")
        return rows.get(pk=self.kwargs["pk"])

    def get_lede(self) -> str:
        """What, and whose."""
        return str(self.object)

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The correction."""
        return [*crumbs(), (str(self.object), self.object.get_absolute_url())]


class Decision(CorrectionVerb):
    """A verb of the coordinator."""

    @staticmethod
    def policy(user: User, correction: Correction) -> bool:
        """The coordinator over the unit."""
        return policies.may_decide(user, str(correction.unit.path))


class Accept(Decision):
    """Accept it: the value is written."""

    title = _("Accept the correction")
    form_class = AcceptForm
    purpose = "accept-correction"
    submit_label = _("Accept and write it")

    def get_consequences(self) -> list[str]:
        """From what to what."""
        found = self.object
        then = found.value_then or _t("empty")
        return [
            _t("The network will say “%(new)s” in place of “%(old)s”.") % {"new": found.value_proposed, "old": then},
            _t("%(name)s is told. The log keeps both values.") % {"name": found.proposed_by.name},
        ]

    def perform(self, form: AcceptForm) -> Correction:
        """Accept it."""
        return services.accept(self.request.user, self.object.pk, reason=form.cleaned_data["reason"])


class Decline(Decision):
    """Decline it with a reason."""

    title = _("Decline the correction")
    form_class = DeclineForm
    purpose = "decline-correction"
    submit_label = _("Decline it")

    def get_consequences(self) -> list[str]:
        """Nothing is written."""
        return [
            _t("Nothing changes in the network. %(name)s reads your reason.") % {"name": self.object.proposed_by.name}
        ]

    def perform(self, form: DeclineForm) -> Correction:
        """Decline it."""
        return services.decline(self.request.user, self.object.pk, reason=form.cleaned_data["reason"])


class Withdraw(CorrectionVerb):
    """Take back one's own."""

    title = _("Withdraw the correction")
    form_class = Form
    purpose = "withdraw-correction"
    submit_label = _("Withdraw it")

    @staticmethod
    def policy(user: User, correction: Correction) -> bool:
        """Who proposed it."""
        return policies.may_withdraw(user, correction)

    def get_consequences(self) -> list[str]:
        """The coordinator has nothing more to decide."""
        return [_t("The coordinator has nothing more to decide. You can propose another correction.")]

    def perform(self, form: Form) -> Correction:
        """Withdraw it."""
        return services.withdraw(self.request.user, self.object.pk)
