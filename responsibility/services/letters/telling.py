"""Who is told what about letters; each function must be called inside the verb's transaction."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.notices import services as notices
from portal.organisation.models import GroupMembership, PostKind, Tenure
from portal.workdays import clock
from portal.workdays.calendar import provisional_mark
from responsibility.models import Letter, Obstacle


def heads(group_ids: Sequence[int], year: int) -> None:
    """One notice to the head of each group, however many letters wait; a group stands here once for each letter."""
    counts = Counter(group_ids)
    held = GroupMembership.objects.heads().on(clock.today()).filter(group__in=counts, person__user__isnull=False)
    notices.queue_many(
        notices.Draft(
            user_id, "letters_wait", {"count": counts[group_id], "year": year}, f"/letters/{year}/sign/", f"year:{year}"
        )
        for group_id, user_id in held.values_list("group_id", "person__user_id")
    )


def lean(letters: "QuerySet[Letter]") -> "QuerySet[Letter]":
    """Letters with those of their words alone that `leaders` tells: a content is some 8 kB, and there may be thousands."""
    return letters.defer("content").annotate(
        unit_name=F("content__unit"), unit_code=F("content__unit_code"), sign_by=F("content__sign_by")
    )


def leaders(letters: Sequence[Any]) -> None:
    """Each leader and liaison: the letter is ready to be read and signed. The letters must be `lean`."""
    by_unit = {letter.unit_id: letter for letter in letters}
    told = Tenure.objects.on(clock.today()).filter(
        post__unit__in=by_unit, post__kind__in=(PostKind.TOP_LEADER, PostKind.LIAISON), person__user__isnull=False
    )
    drafts = []
    for unit_id, user_id in told.values_list("post__unit_id", "person__user_id").distinct():
        letter = by_unit[unit_id]
        names = {"year": letter.year, "unit_name": letter.unit_name, "sign_on": letter.sign_by}
        names |= provisional_mark(sign_on=date.fromisoformat(letter.sign_by))
        url = f"/letters/{letter.year}/{letter.unit_code}/"
        drafts.append(notices.Draft(user_id, "letter_ready", names, url, f"letter:{letter.pk}", unit_id))
    notices.queue_many(drafts)


def withdrawn(letter: Letter, reason: str) -> None:
    """The leader, and the head who may have signed: there is nothing to sign any more."""
    today = clock.today()
    held = Tenure.objects.top_leaders().on(today).filter(post__unit=letter.unit_id)
    heading = GroupMembership.objects.heads().on(today).filter(group=letter.group_id)
    notices.queue(
        "letter_withdrawn",
        to=User.objects.filter(person__tenures__in=held) | User.objects.filter(person__memberships__in=heading),
        about=letter,
        unit=letter.unit,
        url=f"/letters/{letter.year}/{letter.content['unit_code']}/",
        number=letter.content["number"],
        unit_name=letter.content["unit"],
        reason=reason,
    )


def obstacle(letter: Letter, stated: Obstacle, by: User) -> None:
    """The head of the leading group and the coordinator: the leader says that the letter cannot be signed, and why."""
    heading = GroupMembership.objects.heads().on(clock.today()).filter(group=letter.group_id)
    heads = User.objects.filter(person__memberships__in=heading)
    coordinators = scopes.users_with(Role.COORDINATOR, str(letter.unit.path))
    notices.queue(
        "letter_obstacle",
        to=User.objects.filter(Q(pk__in=heads) | Q(pk__in=coordinators)).exclude(pk=by.pk),
        about=letter,
        unit=letter.unit,
        url=letter.get_absolute_url(),
        number=letter.content["number"],
        unit_name=letter.content["unit"],
        reason=stated.reason,
    )
