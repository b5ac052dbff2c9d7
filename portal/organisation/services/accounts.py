"""Accounts of a part of the tree: closed, and opened again."""

from django.db import transaction
from django.db.models import Q, QuerySet

from portal.accounts import scopes, sessions
from portal.accounts.models import Grant, User
from portal.audit import services as audit
from portal.organisation import policies
from portal.organisation.errors import AccountAsItIs, ReasonMissing
from portal.organisation.models import Person
from portal.web.errors import NotAllowed


def kept_by(user: User) -> "QuerySet[User]":
    """Accounts of persons, and of roles given by hand, in the parts of the tree that a person edits."""
    persons = Person.objects.visible_to(user).filter(user__isnull=False)
    grants = Grant.objects.in_force().filter(scopes.q(user, "path", policies.EDITORS))
    return User.objects.filter(Q(pk__in=persons.values("user_id")) | Q(pk__in=grants.values("user_id")))


@transaction.atomic
def set_active(by: User, user_id: int, *, active: bool, reason: str) -> User:
    """Close an account, which ends its sessions at once, or open it again. Letters, reports and log keep the name.

    Raises NotAllowed, ReasonMissing, AccountAsItIs.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if not policies.may_keep_account(by, user):
        raise NotAllowed
    if not reason.strip():
        raise ReasonMissing
    if user.is_active == active:
        raise AccountAsItIs
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        sessions.end_all(user)
    audit.record(by, "account.opened_again" if active else "account.closed", user, data={"reason": reason})
    return user
