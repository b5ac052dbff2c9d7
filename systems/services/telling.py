"""Telling units and coordinators, many at once."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.notices import services as notices
from portal.organisation.models import PostKind, Tenure, Unit
from portal.web.i18n import both
from portal.workdays import clock

SPEAK = (PostKind.TOP_LEADER, PostKind.LIAISON)


def units(kind: str, about: Iterable[tuple[Unit, Any]], **words: Any) -> None:
    """Tell the leaders and liaisons of many units, each of the thing of its own. Two queries, however many units."""
    things = {unit.pk: (unit, thing) for unit, thing in about}
    held = Tenure.objects.on(clock.today()).filter(
        post__unit__in=things, post__kind__in=SPEAK, person__user__is_active=True
    )
    notices.queue_many(
        notices.Draft(
            user_id,
            kind,
            {"unit_name": both(things[unit_id][0]), **words},
            things[unit_id][1].get_absolute_url(),
            notices.reference_to(things[unit_id][1]),
            unit_id,
        )
        for unit_id, user_id in held.values_list("post__unit_id", "person__user_id").distinct()
    )


def people(kind: str, to: Iterable[User], thing: Any, *, unit: Unit | None = None, **words: Any) -> None:
    """Tell people of one thing."""
    notices.queue(kind, to=dict.fromkeys(to), about=thing, unit=unit, url=thing.get_absolute_url(), **words)


def site_coordinators() -> "QuerySet[User]":
    """Who coordinates the whole site."""
    top = Unit.objects.active().filter(parent=None).first()
    return scopes.users_with(Role.COORDINATOR, str(top.path)) if top else User.objects.none()


def site_heads() -> "QuerySet[User]":
    """Who heads the leading group at the top."""
    top = Unit.objects.active().filter(parent=None).first()
    return scopes.users_with(Role.HEAD, str(top.path)) if top else User.objects.none()
