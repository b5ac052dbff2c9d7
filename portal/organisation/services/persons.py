"""Accounts of persons."""

import secrets

from django.db import IntegrityError, transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organisation import policies
from portal.organisation.errors import HasAccount, UserNameTaken
from portal.organisation.models import Person
from portal.web.errors import NotAllowed


@transaction.atomic
def create_account(by: User, *, person: Person, username: str) -> tuple[User, str]:
    """Make an account for a person: the user and a temporary password, shown once, changed at the first sign-in.

    Raises HasAccount, UserNameTaken, NotAllowed.
    """
    locked = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if not policies.may_make_account(by, locked):
        raise NotAllowed
    if locked.user_id is not None:
        raise HasAccount
    password = secrets.token_urlsafe(12)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username,
                password,
                email=locked.email,
                name_en=locked.name_en,
                name_zh=locked.name_zh,
                must_change_password=True,
            )
    except IntegrityError as error:
        raise UserNameTaken from error
    locked.user = user
    locked.save(update_fields=["user"])
    audit.record(by, "account.created", user, data={"person": locked.employee_no})
    return user, password
