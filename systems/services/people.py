"""Whom the notices of this room go to."""

from collections.abc import Iterable
from typing import Any

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.notices import services as notices
from portal.organisation.models import Tenure, Unit
from portal.web.i18n import both
from portal.workdays import clock
from systems.services.telling import SPEAK


def of_unit(unit: Unit) -> list[User]:
    """Its top leader and its liaison."""
    held = Tenure.objects.on(clock.today()).filter(post__unit=unit, post__kind__in=SPEAK)
    ids = list(held.values_list("person__user_id", flat=True))
    return list(User.objects.filter(pk__in=ids, is_active=True).order_by("pk"))


def coordinators(unit: Unit) -> list[User]:
    """Who coordinates over a unit."""
    return list(scopes.users_with(Role.COORDINATOR, str(unit.path)).order_by("pk"))


def tell(kind: str, to: Iterable[User], about: Any, unit: Unit, **words: Any) -> None:
    """Queue a notice about something of a unit, which names the unit in both languages and leads to the thing."""
    notices.queue(
        kind,
        to=dict.fromkeys(to),
        about=about,
        unit=unit,
        url=about.get_absolute_url(),
        unit_name=both(unit),
        **words,
    )
