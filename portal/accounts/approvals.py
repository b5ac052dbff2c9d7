"""A sensitive role needs two persons: a security administrator proposes it, a second person approves it.

Who the second person is:

1. another security administrator over that part of the tree: not the proposer, and not who would receive the role;
2. where there is no such person, the head of a leading group over that part of the tree, under the same two conditions;
3. where there is none of these either, nobody, and the proposal is refused at once with a sentence that says so: whoever runs
   the site makes a second security administrator by `manage.py create_account`, as the first grants of a site are made.

Who is asked is decided anew when the decision is made: a proposal whose proposer has lost the office since is worth nothing.
Roles that are not sensitive (staff of a unit) are given at once, and every role is taken back at once by one person.
"""

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.accounts import scopes, services, signals
from portal.accounts.errors import DecidedAlready, NobodyToApprove, OwnGrant, ProposedAlready, ProposerLeft
from portal.accounts.models import Grant, User
from portal.accounts.proposals import GrantProposal, ProposalQuerySet, ProposalState
from portal.accounts.roles import Role
from portal.audit import services as audit
from portal.web.errors import NotAllowed
from portal.workdays import clock

SEES_PROPOSALS = (Role.SECURITY_ADMIN, Role.AUDITOR, Role.HEAD)


def visible_to(user: User) -> ProposalQuerySet:
    """Proposals in the parts of the tree of security administrators, auditors and heads."""
    return GrantProposal.objects.filter(scopes.q(user, "path", SEES_PROPOSALS))


def decidable_by(user: User) -> ProposalQuerySet:
    """Waiting proposals for which a person is the second one."""
    another = (
        Grant.objects.in_force()
        .filter(role=Role.SECURITY_ADMIN, path__ancestors=OuterRef("path"), user__is_active=True)
        .exclude(user=OuterRef("proposed_by"))
        .exclude(user=OuterRef("user"))
    )
    as_head = scopes.q(user, "path", (Role.HEAD,)) & ~Exists(another)
    waiting = GrantProposal.objects.waiting().exclude(Q(proposed_by=user) | Q(user=user))
    return waiting.filter(scopes.q(user, "path", (Role.SECURITY_ADMIN,)) | as_head)


def may_decide(user: User, proposal: GrantProposal) -> bool:
    """Whether a person is the second one for a proposal."""
    return decidable_by(user).filter(pk=proposal.pk).exists()


def may_turn_down(user: User, proposal: GrantProposal) -> bool:
    """The second person declines; the proposer may take back."""
    return proposal.is_waiting and (proposal.proposed_by_id == user.pk or may_decide(user, proposal))


def approvers(path: str, *, proposer: User, receiver: User) -> QuerySet[User]:
    """Who may be the second person for a role over `path`."""
    for role in (Role.SECURITY_ADMIN, Role.HEAD):
        found = scopes.users_with(role, path).exclude(pk__in=(proposer.pk, receiver.pk))
        if found.exists():
            return found
    return User.objects.none()


@transaction.atomic
def propose(by: User, *, user: User, role: Role, path: str, reason: str) -> GrantProposal:
    """Propose a sensitive role. It gives nothing until a second person approves.

    Raises NotAllowed, OwnGrant, OfficesSeparated, GrantedAlready, ProposedAlready, NobodyToApprove.
    """
    if not by.standing.over(path, Role.SECURITY_ADMIN):
        raise NotAllowed
    if by.pk == user.pk:
        raise OwnGrant
    services.require_free(user, role, path)
    asked = list(approvers(path, proposer=by, receiver=user))
    if not asked:
        raise NobodyToApprove
    try:
        with transaction.atomic():
            made = GrantProposal.objects.create(user=user, role=role, path=path, reason=reason, proposed_by=by)
    except IntegrityError as error:
        raise ProposedAlready from error
    audit.record(by, "role.proposed", user, path=path, data={"role": role, "reason": reason})
    signals.grant_proposed.send(sender=GrantProposal, proposal=made, approvers=asked)
    return made


@transaction.atomic
def approve(by: User, proposal_id: int) -> Grant:
    """Approve a proposal as the second person; the role is held from now on.

    Raises DecidedAlready, NotAllowed, ProposerLeft, OfficesSeparated, GrantedAlready.
    """
    proposal = _waiting(by, proposal_id)
    if not may_decide(by, proposal):
        raise NotAllowed
    path, proposer = str(proposal.path), User.objects.get(pk=proposal.proposed_by_id)
    if not proposer.standing.over(path, Role.SECURITY_ADMIN):
        raise ProposerLeft
    made = services.give(
        proposer, user=proposal.user, role=Role(proposal.role), path=path, reason=proposal.reason, approved_by=by
    )
    _end(proposal, ProposalState.APPROVED, by, "")
    return made


@transaction.atomic
def turn_down(by: User, proposal_id: int, *, reason: str) -> GrantProposal:
    """Decline a proposal as the second person, or take it back as who made it. Raises DecidedAlready, NotAllowed."""
    proposal = _waiting(by, proposal_id)
    if not may_turn_down(by, proposal):
        raise NotAllowed
    taken_back = proposal.proposed_by_id == by.pk
    return _end(proposal, ProposalState.WITHDRAWN if taken_back else ProposalState.DECLINED, by, reason)


def _waiting(by: User, proposal_id: int) -> GrantProposal:
    """The proposal, locked: of two who decide at once, the second finds it decided."""
    visible_to(by).get(pk=proposal_id)
    proposal = GrantProposal.objects.locked(proposal_id)
    if not proposal.is_waiting:
        raise DecidedAlready
    return proposal


def _end(proposal: GrantProposal, state: ProposalState, by: User, remark: str) -> GrantProposal:
    proposal.state, proposal.decided_by, proposal.decided_at, proposal.remark = state, by, clock.now(), remark
    proposal.save(update_fields=["state", "decided_by", "decided_at", "remark"])
    data = {"role": proposal.role, "reason": remark or proposal.reason, "proposed_by": proposal.proposed_by.username}
    audit.record(by, f"role.proposal_{state.value}", proposal.user, path=str(proposal.path), data=data)
    signals.grant_decided.send(sender=GrantProposal, proposal=proposal)
    return proposal
