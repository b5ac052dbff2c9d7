"""Roles that need two persons: who is asked, and what became of it."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.places import names_of
from portal.accounts.proposals import GrantProposal, ProposalState
from portal.accounts.signals import grant_decided, grant_proposed
from portal.notices import services
from portal.notices.registry import NoticeKind, register

NAMES = ("role", "name", "place", "proposer", "reason")
KINDS = (
    NoticeKind(
        "role_proposed",
        _("A role waits for your approval: %(role)s"),
        _(
            "%(proposer)s proposes %(name)s as %(role)s over %(place)s. The reason: %(reason)s You are asked as the second "
            "person: approve or decline it."
        ),
        NAMES,
    ),
    NoticeKind(
        "role_proposal_approved",
        _("The role was approved: %(role)s"),
        _("%(decider)s has approved your proposal: %(name)s is %(role)s over %(place)s from now on."),
        (*NAMES, "decider"),
    ),
    NoticeKind(
        "role_proposal_declined",
        _("The role was declined: %(role)s"),
        _("%(decider)s has declined your proposal of %(name)s as %(role)s over %(place)s. The reason: %(remark)s"),
        (*NAMES, "decider", "remark"),
    ),
    NoticeKind(
        "role_given",
        _("You hold a new role: %(role)s"),
        _("You are %(role)s over %(place)s from now on. %(proposer)s proposed it, %(decider)s approved it."),
        (*NAMES, "decider"),
    ),
)
LANGUAGES = ("en", "zh-hans")


def connect() -> None:
    """Listen to the floor below; called once, in `AppConfig.ready()`."""
    register(*KINDS)
    grant_proposed.connect(_proposed, dispatch_uid="notices.grant_proposed")
    grant_decided.connect(_decided, dispatch_uid="notices.grant_decided")


def _proposed(sender: object, proposal: GrantProposal, approvers: list[User], **kwargs: Any) -> None:
    _tell("role_proposed", approvers, proposal, url=proposal.get_absolute_url())


def _decided(sender: object, proposal: GrantProposal, **kwargs: Any) -> None:
    url = proposal.get_absolute_url()
    match proposal.state:
        case ProposalState.APPROVED:
            _tell("role_proposal_approved", [proposal.proposed_by], proposal, url=url, **_decision(proposal))
            _tell("role_given", [proposal.user], proposal, url="/", **_decision(proposal))
        case ProposalState.DECLINED:
            _tell("role_proposal_declined", [proposal.proposed_by], proposal, url=url, **_decision(proposal))


def _tell(kind: str, to: list[User], proposal: GrantProposal, *, url: str, **more: Any) -> None:
    services.queue(kind, to=to, about=proposal, url=url, **_names(proposal), **more)


def _decision(proposal: GrantProposal) -> dict[str, Any]:
    return {"decider": _in_both(lambda: proposal.decided_by.name), "remark": proposal.remark}  # type: ignore[union-attr]


def _names(proposal: GrantProposal) -> dict[str, Any]:
    path = str(proposal.path)
    return {
        "role": _in_both(lambda: str(proposal.get_role_display())),
        "name": _in_both(lambda: proposal.user.name),
        "proposer": _in_both(lambda: proposal.proposed_by.name),
        "place": _in_both(lambda: names_of([path]).get(path, path)),
        "reason": proposal.reason,
    }


def _in_both(say: Any) -> dict[str, str]:
    words = {}
    for code in LANGUAGES:
        with translation.override(code):
            words[code] = say()
    return words
