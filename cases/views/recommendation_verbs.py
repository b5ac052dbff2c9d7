"""What is done with a recommendation by both sides: draft, sign, acknowledge, reply, judge, visit, withdraw."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases import policies
from cases.models import CrimeCase, Recommendation
from cases.recommendation_forms import BASIS, DraftForm, EditDraftForm, JudgeForm, ReplyForm, ServiceForm, VisitForm
from cases.services import recommendations
from cases.views.base import RoomMixin
from cases.views.recommendations import ROOM, RecommendationMixin
from portal.accounts.models import User
from portal.web.forms import ReasonForm, VersionForm
from portal.web.views import Text, VerbView


class Draft(RoomMixin, VerbView):
    """Draft a recommendation; with a case in the address, out of it."""

    title = _("Draft a recommendation")
    form_class = DraftForm
    purpose = "draft-recommendation"
    submit_label = _("Keep the draft")
    room, back_url = ROOM, "/cases/recommendations/"

    @staticmethod
    def policy(user: User, _object: Any) -> bool:
        """Who works on cases."""
        return policies.may_work(user)

    def allowed(self, user: Any) -> bool:
        """Who works on cases."""
        return policies.may_work(user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who drafts: the cases that person sees."""
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        """What the case says."""
        asked = self.request.GET.get("case", "")
        case = CrimeCase.objects.visible_to(self.request.user).filter(pk=asked).first() if asked.isdecimal() else None
        if case is None:
            return {"basis": BASIS}
        said = {"case": case.pk, "unit": case.unit.code, "loophole": case.loophole_id, "facts": case.means}
        return {"basis": BASIS} | said

    def perform(self, form: DraftForm) -> Recommendation:
        """Keep it."""
        return recommendations.draft(self.request.user, **form.cleaned_data)


class RecommendationVerb(RecommendationMixin, VerbView):
    """A verb about a recommendation."""

    form_class: Any = VersionForm

    def get_lede(self) -> Text:
        """Which."""
        return f"{self.object.number} · {self.object.unit.name}"

    def get_initial(self) -> dict[str, Any]:
        """The version shown."""
        return {"version": self.object.version}


class OfficeVerb(RecommendationVerb):
    """A verb of who works on cases over the unit."""

    @staticmethod
    def policy(user: User, found: Recommendation) -> bool:
        """They."""
        return policies.may_work_at(user, str(found.unit.path))


class EditDraft(OfficeVerb):
    """Change a draft."""

    title = _("Edit the draft")
    form_class = EditDraftForm
    purpose = "edit-recommendation"

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in ("facts", "basis", "measures", "version")}

    def perform(self, form: Any) -> Recommendation:
        """Keep it."""
        typed = dict(form.cleaned_data)
        return recommendations.edit(self.request.user, self.object.pk, expected_version=typed.pop("version"), **typed)


class Sign(RecommendationVerb):
    """Sign a draft of somebody else's."""

    title = _("Sign the recommendation")
    purpose = "sign-recommendation"
    submit_label = _("Sign it")

    @staticmethod
    def policy(user: User, found: Recommendation) -> bool:
        """The head or a coordinator over the unit."""
        return policies.may_sign(user, found)

    def get_consequences(self) -> list[Text]:
        """It goes out."""
        return [
            _t("The leader of the unit is told and acknowledges it; from that day on the reply is owed."),
            _t("Its words can no longer be changed."),
        ]

    def perform(self, form: Any) -> Recommendation:
        """Sign it."""
        version = form.cleaned_data["version"]
        return recommendations.sign(self.request.user, self.object.pk, expected_version=version)


class Acknowledge(RecommendationVerb):
    """The unit acknowledges that it was served."""

    title = _("Acknowledge the recommendation")
    purpose = "acknowledge-recommendation"
    submit_label = _("Acknowledge it")

    @staticmethod
    def policy(user: User, found: Recommendation) -> bool:
        """Leader and liaison of the unit."""
        return policies.is_addressee(user, found)

    def get_consequences(self) -> list[Text]:
        """The reply is owed."""
        months = self.object.reply_months
        sentence = ngettext(
            "The reply is owed within %(months)s month from today.",
            "The reply is owed within %(months)s months from today.",
            months,
        )
        return [sentence % {"months": months}]

    def perform(self, form: Any) -> Recommendation:
        """Acknowledge it."""
        version = form.cleaned_data["version"]
        return recommendations.acknowledge(self.request.user, self.object.pk, expected_version=version)


class ServeOnPaper(OfficeVerb):
    """The office records that it was served on paper."""

    title = _("Record the service on paper")
    form_class = ServiceForm
    purpose = "serve-on-paper"
    submit_label = _("Record the service")

    def perform(self, form: Any) -> Recommendation:
        """Record it."""
        typed = dict(form.cleaned_data)
        version = typed.pop("version")
        return recommendations.serve_on_paper(self.request.user, self.object.pk, expected_version=version, **typed)


class Reply(RecommendationVerb):
    """The unit's leader replies."""

    title = _("Reply to the recommendation")
    form_class = ReplyForm
    purpose = "reply-recommendation"
    submit_label = _("Send the reply")

    @staticmethod
    def policy(user: User, found: Recommendation) -> bool:
        """The unit's leader."""
        return policies.may_reply(user, found)

    def perform(self, form: Any) -> Recommendation:
        """Send it."""
        typed = form.cleaned_data
        return recommendations.reply(
            self.request.user, self.object.pk, expected_version=typed["version"], text=typed["text"]
        )


class Judge(OfficeVerb):
    """Judge the reply."""

    title = _("Judge the reply")
    form_class = JudgeForm
    purpose = "judge-reply"
    submit_label = _("Keep the judgement")

    def perform(self, form: Any) -> Recommendation:
        """Keep it."""
        typed = dict(form.cleaned_data)
        return recommendations.judge(self.request.user, self.object.pk, expected_version=typed.pop("version"), **typed)


class Visit(OfficeVerb):
    """Write down a follow-up visit."""

    title = _("Follow-up visit")
    form_class = VisitForm
    purpose = "visit-recommendation"
    submit_label = _("Keep the visit")

    def get_initial(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def perform(self, form: Any) -> Recommendation:
        """Keep it."""
        return recommendations.visit(self.request.user, self.object.pk, text=form.cleaned_data["text"])


class Withdraw(OfficeVerb):
    """Withdraw it."""

    title = _("Withdraw the recommendation")
    form_class = ReasonForm
    purpose = "withdraw-recommendation"
    submit_label = _("Withdraw the recommendation")
    danger = True

    def perform(self, form: Any) -> Recommendation:
        """Withdraw it."""
        typed = form.cleaned_data
        return recommendations.withdraw(
            self.request.user, self.object.pk, expected_version=typed["version"], reason=typed["reason"]
        )
