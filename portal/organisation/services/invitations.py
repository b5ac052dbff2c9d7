"""Accounts and invitations in bulk: everybody of a part of the tree who has an address and no account."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.accounts import invitations, scopes
from portal.accounts.models import User
from portal.audit import services as audit
from portal.organisation import policies
from portal.organisation.errors import NobodyToInvite
from portal.organisation.models import Employment, GroupMembership, Person, PostKind, Tenure
from portal.web import jobs
from portal.web.errors import NotAllowed
from portal.web.models import Job
from portal.workdays import clock

INVITE_JOB = "invite-persons"
CHUNK = 100
# How many persons the receipt names whose user name was taken.
NAMED = 20


class Who(StrEnum):
    """Who of a part of the tree is invited."""

    OFFICES = "offices"
    STAFF = "staff"
    # Invited before, and never signed in: they get a new link.
    AGAIN = "again"


class Invited(NamedTuple):
    """Who would be invited, how many more have no address, and how many belong to other parts of the tree too."""

    ready: int
    without_address: int


def candidates(by: User, path: str, who: Who) -> "QuerySet[Person]":
    """Persons of a part of the tree to invite, with an address or without; none who also belongs outside `by`'s part."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today())
    tenures = Tenure.objects.filter(lasting, person=OuterRef("pk"))
    seats = GroupMembership.objects.filter(lasting, person=OuterRef("pk"))
    stays = Employment.objects.filter(lasting, person=OuterRef("pk"))
    kinds = (PostKind.TOP_LEADER, PostKind.LIAISON)
    here = Q(Exists(tenures.filter(post__unit__path__descendants=path, post__kind__in=kinds)))
    here |= Q(Exists(seats.filter(group__unit__path__descendants=path)))
    staff = Q(Exists(stays.filter(unit__path__descendants=path)))
    places = {Who.OFFICES: here, Who.STAFF: staff, Who.AGAIN: here | staff}
    return Person.objects.filter(
        places[who],
        ~Exists(tenures.exclude(scopes.q(by, "post__unit__path", policies.EDITORS))),
        ~Exists(seats.exclude(scopes.q(by, "group__unit__path", policies.EDITORS))),
        ~Exists(stays.exclude(scopes.q(by, "unit__path", policies.EDITORS))),
        **(
            {"user__last_login__isnull": True, "user__is_active": True, "user__password__startswith": "!"}
            if who == Who.AGAIN
            else {"user__isnull": True}
        ),
    )


def preview(by: User, path: str, who: Who) -> Invited:
    """How many would be invited."""
    found = candidates(by, path, who)
    return Invited(found.exclude(email="").count(), found.filter(email="").count())


@transaction.atomic
def start_inviting(by: User, path: str, who: Who) -> Job:
    """Begin to make accounts and write invitations in the background. Raises NotAllowed, NobodyToInvite."""
    if not policies.may_edit_at(by, path):
        raise NotAllowed
    total = preview(by, path, who).ready
    if not total:
        raise NobodyToInvite
    params = {"path": path, "who": str(who), "next_url": "/people/"}
    return jobs.start(by, INVITE_JOB, params, total=total)


def run_inviting(job: Job) -> dict[str, Any]:
    """Invite everybody, a chunk at a time: account and letter commit together, so that a kill leaves neither alone."""
    by, path, who = job.owner, job.params["path"], Who(job.params["who"])
    taken: list[str] = []
    last = int(job.params.get("last", 0))
    while True:
        with transaction.atomic():
            found = candidates(by, path, who).exclude(email="").filter(pk__gt=last).order_by("pk")
            chunk = list(found.select_for_update(of=("self",), no_key=True).select_related("user")[:CHUNK])
            if not chunk:
                return {"taken": taken[:NAMED], "taken_count": len(taken)}
            taken += _invite(by, chunk)
            last = chunk[-1].pk
            Job.objects.filter(pk=job.pk).update(params=job.params | {"last": last})
            jobs.advance(job, len(chunk))


def _invite(by: Any, persons: Sequence[Person]) -> list[str]:
    """Make what accounts are missing and write to each; returns the employee numbers whose user name is taken."""
    names = [person.employee_no.lower() for person in persons if person.user is None]
    known = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    log, taken = [], []
    for person in persons:
        username = person.employee_no.lower()
        if person.user is None:
            if username in known:
                taken.append(person.employee_no)
                continue
            # Without a password: none opens the account until the person has chosen one.
            person.user = User.objects.create_user(
                username, None, email=person.email, name_en=person.name_en, name_zh=person.name_zh
            )
            person.save(update_fields=["user"])
        invitations.send(person.user)
        log.append(audit.Draft("account.invited", person.user, "", {"person": person.employee_no}))
    audit.record_many(by, log)
    return taken
