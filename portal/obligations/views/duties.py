"""The duty itself, and the decisions about it."""

from typing import Any, NamedTuple

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.notices import services as notices
from portal.notices.models import Notice
from portal.obligations import clock as ladder_clock
from portal.obligations import errors, facts, policies, registry, services
from portal.obligations.choices import FORMAL, DecisionKind, State
from portal.obligations.forms import AskForm, DecideForm, ReasonForm, SuspendForm
from portal.obligations.models import Decision, Obligation
from portal.obligations.presentation import ladder_of, next_sentence, state_of
from portal.web.dates import due_day
from portal.web.errors import WrongState
from portal.web.i18n import listed, titled
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
    until = calendar.add_within(max(duty.due_on, clock.today()), 25)
    return ladder_clock.forecast(until, facts.rows(Obligation.objects.open().filter(pk=duty.pk)))


class Proof(NamedTuple):
    """The notices of a duty: the newest formal one (or the newest), and the rest, newest first."""

    shown: Notice
    rest: list[Notice]
    is_newest: bool


def proof_of(duty: Obligation) -> Proof | None:
    """Every notice about a duty; None where nobody has been told anything."""
    newest_first = list(notices.proof(duty))[::-1]
    if not newest_first:
        return None
    shown = next((notice for notice in newest_first if notice.is_formal), newest_first[0])
    return Proof(shown, [notice for notice in newest_first if notice is not shown], shown is newest_first[0])


class DutyPage(ObjectPage):
    """Who owes what by when, what has happened, what will, and what can be done."""

    template_name = "obligations/duty.html"

    def get_object(self) -> Obligation:
        """If the person may see it."""
        return duty_of(self.request.user, self.kwargs["pk"])

    def get_title(self) -> str:
        """What is owed by whom."""
        return titled(self.object.label, self.object.unit.name)

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
        pending = next((d for d in decisions if d.kind == DecisionKind.EXTENSION and d.decided_on is None), None)
        owes, decides = policies.owes(user, duty), policies.may_decide(user, duty)
        return super().get_context_data(
            duty=duty,
            kind=kind,
            verb_url=kind.url(duty),
            verb=kind.verb if is_open and owes else kind.look,
            state=state_of(duty, today, calendar),
            rungs=ladder_of(list(duty.steps.select_related("rung")), coming),
            next_sentence=next_sentence(coming[0] if coming else None),
            next_is_formal=bool(coming) and coming[0].action in FORMAL,
            decisions=decisions,
            pending=pending,
            waits=pending is not None and owes,
            proof=proof_of(duty) if decides else None,
            may_ask=is_open and pending is None and today < duty.due_on and policies.may_ask_extension(user, duty),
            may_decide=is_open and decides,
            may_answer=pending is not None and is_open and policies.may_decide_request(user, pending),
            is_open=is_open,
            said=SETTLED.get(self.request.GET.get("said", ""), ""),
            **kwargs,
        )


# Why a form is not shown: the sentences that the page of the duty says in its place, by code.
SETTLED: dict[str, Any] = {
    error.code: error.message
    for error in (
        errors.AlreadyAsked,
        errors.AlreadyDecided,
        errors.AlreadySuspended,
        errors.AskedTooLate,
        errors.DutyClosed,
        errors.NothingAsked,
        errors.NotSuspended,
    )
}


class DutyVerb(VerbView):
    """What the verbs of a duty share. A form that can lead to nothing is not shown: the duty says why."""

    def settled(self) -> type[WrongState] | None:
        """Why nothing is left to do here, as the service would say; None while there is."""
        return errors.DutyClosed if self.object.state != State.OPEN else None

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, or the duty with the sentence."""
        settled = self.settled()
        if settled is not None:
            return HttpResponseRedirect(f"{self.get_back_url()}?said={settled.code}")
        return super().get(request, *args, **kwargs)

    def request_for_time(self) -> Decision | None:
        """The newest request for more time."""
        requests = self.object.decisions.filter(kind=DecisionKind.EXTENSION)
        found: Decision | None = requests.select_related("obligation__unit").order_by("-pk").first()
        return found

    def is_suspended(self) -> bool:
        """Whether a suspension is in force today."""
        today = clock.today()
        suspensions = self.object.decisions.filter(kind=DecisionKind.SUSPENSION)
        return any(d.ended_on is None or d.ended_on > today for d in suspensions)

    def get_object(self) -> Obligation:
        """If the person may see it."""
        return duty_of(self.request.user, self.kwargs["pk"])

    def get_title(self) -> str:
        """What is done to which duty of whom."""
        return titled(self.title, listed((self.object.label, self.object.unit.name)))

    def get_lede(self) -> str:
        """How the duty stands."""
        return state_of(self.object, clock.today(), load_calendar()).text

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

    def settled(self) -> type[WrongState] | None:
        """Asked already, or the due day has come."""
        asked = self.request_for_time()
        if asked is not None and asked.decided_on is None and self.object.state == State.OPEN:
            return errors.AlreadyAsked
        late = errors.AskedTooLate if clock.today() >= self.object.due_on else None
        return super().settled() or late

    def perform(self, form: AskForm) -> Decision:
        """Ask."""
        return services.ask_extension(self.request.user, self.object.pk, **form.cleaned_data)


class DecideExtension(DutyVerb):
    """Grant or decline more time."""

    title = _("Decide the request for more time")
    form_class = DecideForm
    purpose = "decide-extension"
    submit_label = _("Decide")

    @staticmethod
    def policy(user: User, duty: Obligation) -> bool:
        """The coordinator, who has not asked himself."""
        asked = (
            duty.decisions.filter(kind=DecisionKind.EXTENSION)
            .select_related("obligation__unit")
            .order_by("-pk")
            .first()
        )
        return policies.may_decide_request(user, asked) if asked is not None else policies.may_decide(user, duty)

    def settled(self) -> type[WrongState] | None:
        """Decided already."""
        decided = errors.AlreadyDecided if self._asked().decided_on is not None else None
        return super().settled() or decided

    def get_consequences(self) -> list[str]:
        """What was asked."""
        asked = self._asked()
        return [_t("Asked for: %(day)s. %(reason)s") % {"day": due_day(asked.asked_due_on), "reason": asked.reason}]

    def _asked(self) -> Decision:
        found = self.request_for_time()
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

    def settled(self) -> type[WrongState] | None:
        """Suspended already."""
        return super().settled() or (errors.AlreadySuspended if self.is_suspended() else None)

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

    def settled(self) -> type[WrongState] | None:
        """It runs."""
        return super().settled() or (None if self.is_suspended() else errors.NotSuspended)

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
