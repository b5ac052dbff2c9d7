"""A proposed role: its page, approving, declining."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts import approvals
from portal.accounts.models import Grant, User
from portal.accounts.places import names_of
from portal.accounts.proposals import GrantProposal
from portal.accounts.roles import Role
from portal.web.dates import moment
from portal.web.views import Crumb, ObjectPage, VerbView

OPENS_ROLES = (Role.SECURITY_ADMIN, Role.AUDITOR)


def _of(user: User) -> QuerySet[GrantProposal]:
    return approvals.visible_to(user).select_related("user", "proposed_by", "decided_by")


def _crumbs(user: User) -> list[Crumb]:
    """The list, for those who may open it: a head of a leading group comes from the inbox."""
    return [(_t("Roles"), "/roles/")] if user.standing.has(*OPENS_ROLES) else []


def described(proposal: GrantProposal, places: Mapping[str, str] | None = None) -> str:
    """Which role for whom over what; `places` are names of paths that a list has read already."""
    path = str(proposal.path)
    place = (names_of([path]) if places is None else places).get(path, path)
    names = {"role": proposal.get_role_display(), "name": proposal.user.name, "place": place}
    return _t("%(role)s: %(name)s, over %(place)s.") % names


class ProposalPage(ObjectPage):
    """Who proposed which role for whom and why, and what became of it."""

    template_name = "accounts/proposal.html"
    title = _("Proposed role")

    def get_object(self) -> GrantProposal:
        """A proposal in the person's part of the tree."""
        return _of(self.request.user).get(pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[Crumb]:
        """The roles."""
        return _crumbs(self.request.user)

    def get_lede(self) -> str:
        """Which role for whom over what."""
        return described(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what the reader may do, and who is asked."""
        proposal, user = self.object, self.request.user
        asked = approvals.approvers(str(proposal.path), proposer=proposal.proposed_by, receiver=proposal.user)
        return super().get_context_data(
            may_decide=approvals.may_decide(user, proposal),
            may_take_back=proposal.is_waiting and proposal.proposed_by_id == user.pk,
            asked=asked if proposal.is_waiting else (),
            **kwargs,
        )


class _ProposalVerb(VerbView):
    """What the two verbs share."""

    object: GrantProposal

    def get_object(self) -> GrantProposal:
        """A proposal in the person's part of the tree."""
        return _of(self.request.user).get(pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[Crumb]:
        """The roles and the proposal."""
        return [*_crumbs(self.request.user), (_t("Proposed role"), self.object.get_absolute_url())]

    def get_lede(self) -> str:
        """Which role for whom over what."""
        return described(self.object)

    def get_result_url(self, result: Any) -> str:
        """The proposal, which says what became of it."""
        return self.object.get_absolute_url()


def _may_approve(user: User, proposal: GrantProposal) -> bool:
    """Once it is decided, the service says so."""
    return not proposal.is_waiting or approvals.may_decide(user, proposal)


def _may_turn_down(user: User, proposal: GrantProposal) -> bool:
    return not proposal.is_waiting or approvals.may_turn_down(user, proposal)


class ApproveProposal(_ProposalVerb):
    """Give a proposed role, as the second person."""

    title = _("Approve the role")
    purpose = "approve-role"
    form_class = forms.Form
    submit_label = _("Approve")
    policy = _may_approve

    def get_consequences(self) -> list[str]:
        """What the person may do from now on, and who stands for it."""
        names = {
            "name": self.object.user.name,
            "role": self.object.get_role_display(),
            "proposer": self.object.proposed_by.name,
            "at": moment(self.object.proposed_at),
            "reason": self.object.reason,
        }
        return [
            _t("%(proposer)s proposed it on %(at)s. The reason: %(reason)s") % names,
            _t("From this moment %(name)s acts as %(role)s there.") % names,
            _t("The log names you as the second person."),
        ]

    def perform(self, form: forms.Form) -> Grant:
        """Approve it."""
        return approvals.approve(self.request.user, self.object.pk)


class TurnDownForm(forms.Form):
    """Why a proposed role is not given."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class TurnDownProposal(_ProposalVerb):
    """Decline a proposed role, or take one's own proposal back."""

    purpose = "turn-down-role"
    form_class = TurnDownForm
    danger = True
    policy = _may_turn_down

    @property
    def _is_own(self) -> bool:
        return bool(self.object.proposed_by_id == self.request.user.pk)

    def get_title(self) -> str:
        """What it is for who opens it."""
        return _t("Take the proposal back") if self._is_own else _t("Decline the role")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The button says the same."""
        return super().get_context_data(**kwargs) | {"submit_label": self.get_title()}

    def get_consequences(self) -> list[str]:
        """Nobody loses anything."""
        return [_t("Nobody holds the role by this proposal, and nobody will. It can be proposed anew.")]

    def perform(self, form: TurnDownForm) -> GrantProposal:
        """Decline it, or take it back."""
        return approvals.turn_down(self.request.user, self.object.pk, reason=form.cleaned_data["reason"])
