"""The history of an account."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.accounts import history
from portal.accounts.models import Grant, User
from portal.accounts.proposals import GrantProposal

GRANT_LABELS = {
    "user": _("user"),
    "granted_by": _("given by"),
    "approved_by": _("approved by"),
    "revoked_by": _("revoked by"),
}


def accounts_seen_by(reader: User) -> QuerySet[User]:
    """All for who supervises the whole tree; else those who hold a role by hand in the reader's part of it."""
    if history.reads_all(reader):
        return User.objects.all()
    held = Grant.objects.filter(history.seen(reader, "path"))
    return User.objects.filter(pk__in=held.values("user_id"))


def grants_seen_by(user: User, reader: User) -> QuerySet[Grant]:
    """A person's roles given by hand, past ones too, where the reader reads."""
    return Grant.objects.filter(history.seen(reader, "path"), user=user).select_related("user")


ACCOUNT = history.Part(
    User,
    _("Account"),
    lambda user, reader: accounts_seen_by(reader).filter(pk=user.pk),
    hidden=frozenset({"date_joined", "is_superuser"}),
)
GRANTS = history.Part(
    Grant, _("Role"), grants_seen_by, labels=GRANT_LABELS, hidden=frozenset({"predates_approval", "user"})
)


def register_all() -> None:
    """Called once, in `AppConfig.ready()`."""
    history.register(
        history.Subject(
            "accounts", _("Account"), User, "username", accounts_seen_by, (ACCOUNT, GRANTS), actor=lambda user: user
        )
    )
    history.name_kinds({GrantProposal._meta.label_lower: _("Proposed role")})
