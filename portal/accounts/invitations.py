"""Invitations: a letter with a link by which a person chooses the first password, once, within seven days."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from portal.accounts import mail
from portal.accounts.models import User
from portal.audit import services as audit
from portal.web.errors import WrongState
from portal.workdays import clock

LASTS = timedelta(days=7)
SALT = "portal.accounts.invitation"


class InvitationOver(WrongState):
    """The link was used, is older than seven days, or is none of ours."""

    code = "invitation-over"
    message = _("This invitation has been used or has expired. Ask whoever invited you for a new one.")


def token_of(user: User) -> str:
    """The secret of a link; it is over once the person has a password."""
    return signing.dumps([user.pk, _state(user), int(clock.now().timestamp())], salt=SALT)


def invited(token: str) -> User:
    """Whom a link lets in. Raises InvitationOver, which does not tell why."""
    try:
        pk, state, at = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise InvitationOver from error
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or not constant_time_compare(state, _state(user)):
        raise InvitationOver
    if clock.now().timestamp() - at > LASTS.total_seconds():
        raise InvitationOver
    return user


def _state(user: User) -> str:
    """Another one as soon as a password is set or the person has signed in."""
    return salted_hmac(SALT, f"{user.pk}:{user.password}:{user.last_login}").hexdigest()[:32]


@transaction.atomic
def accept(token: str, password: str) -> User:
    """Set the first password. Raises InvitationOver."""
    user = User.objects.select_for_update(of=("self",)).get(pk=invited(token).pk)
    # Whoever came first with the same link has it.
    invited(token)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    audit.record(user, "account.invitation_accepted", user)
    return user


def send(to: User) -> None:
    """Put the letter into the outbox, in the person's language. Must be called inside a transaction."""
    language = to.language or settings.LANGUAGE_CODE
    link = f"{settings.SITE_URL}{reverse('accounts:invitation', args=(token_of(to),))}"
    words = {"user": to, "link": link, "days": LASTS.days, "site_url": settings.SITE_URL}
    with translation.override(language):
        subject = render_to_string("accounts/mail/invitation_subject.txt", words)
        body = render_to_string("accounts/mail/invitation_message.txt", words).strip() + "\n"
    mail.send(to, subject=subject, body=body, language=language, secret=True)
