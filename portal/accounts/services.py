"""The verbs of accounts: grant, revoke, prefer, confirm."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core import ratelimit
from django.db import transaction
from django.http import HttpRequest

from portal.accounts.errors import (
    GrantedAlready,
    NeedsSecondPerson,
    NotByHand,
    OfficesSeparated,
    OwnGrant,
    RevokedAlready,
)
from portal.accounts.models import Grant, Theme, User
from portal.accounts.roles import GRANTED_BY_HAND, SENSITIVE, SEPARATED, Role
from portal.audit import services as audit
from portal.web.errors import NotAllowed
from portal.workdays import clock


@transaction.atomic
def grant(by: User | None, *, user: User, role: Role, path: str, reason: str) -> Grant:
    """Give a role over a part of the tree. `by` is None only when a site is set up from the command line.

    A sensitive role is proposed instead (`approvals.propose`). Raises NotAllowed, NotByHand, NeedsSecondPerson, OwnGrant,
    OfficesSeparated, GrantedAlready.
    """
    if by is not None and not by.standing.over(path, Role.SECURITY_ADMIN):
        raise NotAllowed
    if role not in GRANTED_BY_HAND:
        raise NotByHand
    if by is not None and by.pk == user.pk:
        raise OwnGrant
    if by is not None and role in SENSITIVE:
        raise NeedsSecondPerson
    return give(by, user=user, role=role, path=path, reason=reason)


def require_free(user: User, role: Role, path: str) -> None:
    """That a person may hold a role at a path. Takes the lock of the person: two grants at once take turns.

    Raises NotByHand, OfficesSeparated, GrantedAlready. Must be called inside a transaction.
    """
    if role not in GRANTED_BY_HAND:
        raise NotByHand
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    held = user.grants.in_force()
    if role in SEPARATED and held.filter(role__in=SEPARATED - {role}).exists():
        raise OfficesSeparated
    if held.filter(role=role, path=path).exists():
        raise GrantedAlready


def give(by: User | None, *, user: User, role: Role, path: str, reason: str, approved_by: User | None = None) -> Grant:
    """The step that `grant` and `approvals.approve` share, once they know who may.

    Raises what `require_free` does. Must be called inside a transaction.
    """
    require_free(user, role, path)
    made = Grant.objects.create(user=user, role=role, path=path, reason=reason, granted_by=by, approved_by=approved_by)
    second = {"approved_by": approved_by.username} if approved_by is not None else {}
    audit.record(by, "role.granted", user, path=path, data={"role": role, "reason": reason, **second})
    return made


@transaction.atomic
def revoke(by: User, grant_id: int, *, reason: str) -> Grant:
    """End a grant. Raises NotAllowed, RevokedAlready."""
    held = Grant.objects.select_for_update(of=("self",)).get(pk=grant_id)
    if not by.standing.over(str(held.path), Role.SECURITY_ADMIN):
        raise NotAllowed
    if held.revoked_at is not None:
        raise RevokedAlready
    held.revoked_by, held.revoked_at = by, clock.now()
    held.save(update_fields=["revoked_by", "revoked_at"])
    audit.record(by, "role.revoked", held.user, path=str(held.path), data={"role": held.role, "reason": reason})
    return held


def confirm_password(request: HttpRequest, raw: str) -> bool:
    """Whether `raw` is the signed-in person's password; wrong tries are throttled as sign-in is."""
    user = request.user
    if not ratelimit.consume(request, action="login_failed", key=f"confirm:{user.pk}", dry_run=True):
        return False
    if user.check_password(raw):
        return True
    ratelimit.consume(request, action="login_failed", key=f"confirm:{user.pk}")
    return False


def authentication_of(request: HttpRequest) -> tuple[dict[str, str], ...]:
    """How the signed-in person was known when signing in, and that the password was typed again just now.

    To be called after `confirm_password`; each is `how` (password, totp, webauthn, recovery_codes, password again) and `at`.
    """
    known = [_factor(record) for record in get_authentication_records(request, request.user)]
    return (*known, {"how": "password again", "at": clock.now().isoformat()})


def _factor(record: Mapping[str, Any]) -> dict[str, str]:
    at = datetime.fromtimestamp(record["at"], UTC).isoformat() if record.get("at") else ""
    return {"how": str(record.get("type") or record.get("method") or ""), "at": at}


def set_language(user: User, language: str) -> None:
    """Keep the language a person chose."""
    User.objects.filter(pk=user.pk).update(language=language)


def set_theme(user: User, theme: Theme) -> None:
    """Keep the appearance a person chose."""
    User.objects.filter(pk=user.pk).update(theme=theme)
