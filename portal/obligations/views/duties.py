"""The duty itself, and the decisions about it."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.notices import services as notices
from portal.obligations import clock as ladder_clock
from portal.obligations import facts, policies, registry, services
from portal.obligations.choices import DecisionKind, State
from portal.obligations.forms import AskForm, DecideForm, ReasonForm, SuspendForm
from portal.obligations.models import Decision, Obligation
from portal.obligations.presentation import ladder_of, next_sentence, state_of
from portal.web.dates import day
from portal.web.views import ObjectPage, VerbView
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from portal.workdays.rules import Calendar


def duty_of(user: User, pk: int) -> Obligation:
    """A duty that the person may see. Raises DoesNotExist."""
    return (
        Obligation.objects.visible_to(user)
        .select_related("unit", "tenure__person", "tenure__post", "ladder")
        .get(pk=pk)
    )


def coming_of(duty: Obligation, calendar: Calendar) -> list[ladder_clock.Coming]:
    """What the clock will do about one duty, if nobody acts."""
    until = calendar.add(max(duty.due_on, clock.today()), 25)
    return ladder_clock.forecast(until, facts.rows(Obligation.objects.open().filter(pk=duty.pk)))


class DutyPage(ObjectPage):
    """Who owes what by when, what has happened, what will, and what can be done."""

    template_name = "obligations/duty.html"

    def get_object(self) -> Obligation:
        """If the person may see it."""
        return duty_of(self.request.user, self.kwargs["pk"])

    def get_title(self) -> str:
        """What is owed by whom."""
        return f"{self.object.label}: {self.object.unit.name}"

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The duties."""
        return [(_t("Duties"), "/duties/")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds state, ladder, decisions, notices and verbs."""
        duty, user = self.object, self.request.user
        today, calendar = clock.today(), load_calendar()
        coming = coming_of(duty, calendar)
        decisions = list(duty.decisions.select_related("asked_by", "decided_by"))
        kind = registry.get(duty.kind)
        is_open = duty.state == State.OPEN
        may_decide = is_open and policies.may_decide(user, duty)
        return super().get_context_data(
            duty=duty,
            kind=kind,
            verb_url=kind.url(duty),
            state=state_of(duty, today, calendar),
            rungs=ladder_of(list(duty.steps.select_related("rung")), coming),
            next_sentence=next_sentence(coming[0] if coming else None),
            provisional=calendar.is_provisional(duty.due_on),
            decisions=decisions,
            pending=next((d for d in decisions if d.kind == DecisionKind.EXTENSION and d.decided_on is None), None),
            notices=notices.proof(duty) if policies.may_decide(user, duty) else [],
            may_ask=is_open and today < duty.due_on and policies.may_ask_extension(user, duty),
            may_decide=may_decide,
            is_open=is_open,
            **kwargs,
        )


class DutyVerb(VerbView):
    """What the verbs of a duty share."""

    def get_object(self) -> Obligation:
        """If the person may see it."""
        return duty_of(self.request.user, self.kwargs["pk"])

    def get_lede(self) -> str:
        """Which duty."""
        return f"{self.object.label}, {self.object.unit.name}"

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The duty."""
        return [(_t("Duties"), "/duties/"), (self.object.label, self.get_back_url())]

    def get_back_url(self) -> str:
        """The duty."""
        return f"/duties/{self.object.pk}/"

    def get_result_url(self, result: Any) -> str:
        """The duty."""
        return self.get_back_url()


class AskExtension(DutyVerb):
    """Ask for more time."""

    title = _("Ask for more time")
    form_class = AskForm
    purpose = "ask-extension"
    submit_label = _("Ask")
    policy = staticmethod(policies.may_ask_extension)

    def perform(self, form: AskForm) -> Decision:
        """Ask."""
        return services.ask_extension(self.request.user, self.object.pk, **form.cleaned_data)


class DecideExtension(DutyVerb):
    """Grant or decline more time."""

    title = _("Decide the request for more time")
    form_class = DecideForm
    purpose = "decide-extension"
    submit_label = _("Decide")
    policy = staticmethod(policies.may_decide)

    def get_consequences(self) -> list[str]:
        """What was asked."""
        asked = self._asked()
        return [_t("Asked for: %(day)s. %(reason)s") % {"day": day(asked.asked_due_on), "reason": asked.reason}]

    def _asked(self) -> Decision:
        found: Decision | None = self.object.decisions.filter(kind=DecisionKind.EXTENSION).order_by("-pk").first()
        if found is None:
            raise Http404
        return found

    def perform(self, form: DecideForm) -> Decision:
        """Decide."""
        typed = form.cleaned_data
        return services.decide_extension(
            self.request.user,
            self._asked().pk,
            granted=typed["granted"] == "yes",
            reason=typed["reason"],
            due_on=typed["due_on"],
        )


class Suspend(DutyVerb):
    """Stop the clock for a duty."""

    title = _("Suspend the duty")
    form_class = SuspendForm
    purpose = "suspend-duty"
    submit_label = _("Suspend")
    policy = staticmethod(policies.may_decide)

    def perform(self, form: SuspendForm) -> Decision:
        """Suspend."""
        return services.suspend(self.request.user, self.object.pk, **form.cleaned_data)


class Resume(DutyVerb):
    """Let the clock go on."""

    title = _("Resume the duty")
    form_class = ReasonForm
    purpose = "resume-duty"
    submit_label = _("Resume")
    policy = staticmethod(policies.may_decide)

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [_t("The due day moves by the working days that the suspension lasted.")]

    def perform(self, form: ReasonForm) -> Obligation:
        """Resume."""
        return services.resume(self.request.user, self.object.pk, **form.cleaned_data)


class Waive(DutyVerb):
    """Exempt a unit from a duty."""

    title = _("Exempt the unit from the duty")
    form_class = ReasonForm
    purpose = "waive-duty"
    submit_label = _("Exempt")
    danger = True
    policy = staticmethod(policies.may_decide)

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [_t("Nothing more is performed for this duty; it counts as exempt, with your reason.")]

    def perform(self, form: ReasonForm) -> Obligation:
        """Exempt."""
        return services.waive(self.request.user, self.object.pk, **form.cleaned_data)
