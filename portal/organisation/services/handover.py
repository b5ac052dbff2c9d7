"""A change of top leader: the predecessor's last day and the successor's first in one act."""

from datetime import date, timedelta

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organisation import policies
from portal.organisation.change_errors import BeforeTheHolder, HandoverToHolder, NobodyTops
from portal.organisation.models import Person, Post, PostKind, Tenure, Unit
from portal.organisation.services.guards import require_another, require_days, require_in_force
from portal.organisation.services.posts import appoint, locked_post, require_free
from portal.web.dates import full_day
from portal.web.errors import NotAllowed

ONE_DAY = timedelta(days=1)


def top_post(unit: Unit) -> Post:
    """The post of top leader. Raises NobodyTops where the unit has none."""
    post = Post.objects.filter(unit=unit, kind=PostKind.TOP_LEADER).select_related("unit__parent").first()
    if post is None:
        raise NobodyTops
    return post


def predecessor(post: Post, starts_on: date) -> Tenure | None:
    """Who holds the post on the day before, or was the last to hold it."""
    earlier = Tenure.objects.filter(post=post, starts_on__lt=starts_on)
    return earlier.select_related("person").order_by("-starts_on").first()


def check_handover(by: User, *, post: Post, person: Person, starts_on: date) -> Tenure | None:
    """Refuse what `hand_over` would refuse, without writing; returns the predecessor, None where nobody ever held it.

    Raises BeforeTheHolder, HandoverToHolder, PostHeld (naming who takes it later), OwnAppointment, UnitDissolved,
    DayOutOfReach, NotAllowed.
    """
    if not policies.may_appoint(by, post.unit):
        raise NotAllowed
    require_another(by, person)
    require_days(starts_on, None)
    require_in_force(post.unit)
    holders = Tenure.objects.filter(post=post).select_related("person")
    begun = holders.filter(ends_on__isnull=True).order_by("starts_on").last()
    if begun is not None and begun.starts_on >= starts_on:
        raise BeforeTheHolder(holder=begun.person.name, day=full_day(begun.starts_on))
    before = predecessor(post, starts_on)
    ends = before.ends_on if before else None
    if before is not None and before.person_id == person.pk and (ends is None or ends >= starts_on - ONE_DAY):
        raise HandoverToHolder(holder=before.person.name, day=full_day(before.starts_on))
    require_free(post, starts_on, None, besides=before)
    return before


@transaction.atomic
def hand_over(by: User, *, post: Post, person: Person, starts_on: date) -> Tenure:
    """Let a person take the post of top leader over from a day; whoever holds it does so until the day before.

    Open duties pass with the days that the engine gives a successor, and a new letter follows in the new name. Raises what
    `check_handover` raises.
    """
    held = locked_post(post.pk)
    before = check_handover(by, post=held, person=person, starts_on=starts_on)
    ended = before is not None and (before.ends_on is None or before.ends_on >= starts_on)
    if before is not None and ended:
        before.ends_on = starts_on - ONE_DAY
        before.save(update_fields=["ends_on"])
    made = appoint(by, post=held, person=person, starts_on=starts_on)
    if before is not None and ended:
        # After the appointment, which takes its own turns: whoever writes the log goes last everywhere.
        audit.record(by, "tenure.ended", before, path=str(held.unit.path), data={"ends_on": before.ends_on})
    return made
