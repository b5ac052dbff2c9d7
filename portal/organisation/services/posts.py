"""Who holds a post: appoint, end a tenure, name who acts."""

from datetime import date

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organisation import policies
from portal.organisation.errors import HeldNext, NotVacant, PostHeld, TenureEnded
from portal.organisation.models import Person, Post, PostKind, Tenure, TenureQuerySet
from portal.organisation.services.guards import require_another, require_days, require_in_force
from portal.organisation.signals import office_changed
from portal.organisation.tree import hold_still
from portal.organisation.wording import period
from portal.web.errors import NotAllowed
from portal.workdays import clock


@transaction.atomic
def appoint(
    by: User, *, post: Post, person: Person, starts_on: date, ends_on: date | None = None, acting: bool = False
) -> Tenure:
    """Put a person into a post.

    Raises PostHeld (naming who holds it), OwnAppointment, UnitDissolved, EndsBeforeStart, DayOutOfReach, NotAllowed.
    """
    if not (policies.may_name_acting(by, post.unit) if acting else policies.may_appoint(by, post.unit)):
        raise NotAllowed
    return _appoint(by, post, person, starts_on, ends_on, acting)


def _appoint(by: User, post: Post, person: Person, starts_on: date, ends_on: date | None, acting: bool) -> Tenure:
    require_another(by, person)
    require_days(starts_on, ends_on)
    locked = locked_post(post.pk)
    require_in_force(locked.unit)
    require_free(locked, starts_on, ends_on)
    tenure = Tenure.objects.create(post=post, person=person, starts_on=starts_on, ends_on=ends_on, acting=acting)
    # Before the log: what follows takes its own turns, and whoever writes the log goes last everywhere.
    _tell(post)
    audit.record(by, "tenure.begun", tenure, path=str(post.unit.path), data={"starts_on": starts_on, "acting": acting})
    return tenure


@transaction.atomic
def end_tenure(by: User, tenure_id: int, *, ends_on: date) -> Tenure:
    """End a tenure on its last day.

    Raises TenureEnded, HeldNext (naming who follows), OwnAppointment for more time of one's own, EndsBeforeStart,
    DayOutOfReach, NotAllowed.
    """
    post = locked_post(Tenure.objects.values_list("post_id", flat=True).get(pk=tenure_id))
    tenure = Tenure.objects.select_related("person").select_for_update(of=("self",)).get(pk=tenure_id)
    if not policies.may_appoint(by, post.unit):
        raise NotAllowed
    if tenure.ends_on is not None and tenure.ends_on < clock.today():
        raise TenureEnded
    if tenure.ends_on is not None and ends_on > tenure.ends_on:
        require_another(by, tenure.person)
    require_days(tenure.starts_on, ends_on)
    following = _meeting(post, tenure.starts_on, ends_on).exclude(pk=tenure.pk).first()
    if following is not None:
        raise HeldNext(holder=following.person.name, period=period(following.starts_on, following.ends_on))
    tenure.ends_on = ends_on
    tenure.save(update_fields=["ends_on"])
    _tell(post)
    audit.record(by, "tenure.ended", tenure, path=str(post.unit.path), data={"ends_on": ends_on})
    return tenure


@transaction.atomic
def name_acting(by: User, *, post: Post, person: Person, starts_on: date, ends_on: date | None = None) -> Tenure:
    """Name who acts in a vacant post. Raises NotVacant, and what `appoint` raises."""
    if not policies.may_name_acting(by, post.unit):
        raise NotAllowed
    if post.tenures.on(starts_on).exists():
        raise NotVacant
    return _appoint(by, post, person, starts_on, ends_on, acting=True)


def locked_post(post_id: int) -> Post:
    """The post, locked: whoever changes who holds it takes turns."""
    hold_still()
    return Post.objects.select_related("unit").select_for_update(of=("self",), no_key=True).get(pk=post_id)


def require_free(post: Post, starts_on: date, ends_on: date | None, *, besides: Tenure | None = None) -> None:
    """Nobody else, `besides` left out, holds the post on these days. Raises PostHeld, naming who does."""
    holder = _meeting(post, starts_on, ends_on).exclude(pk=besides.pk if besides else 0).first()
    if holder is not None:
        raise PostHeld(holder=holder.person.name, period=period(holder.starts_on, holder.ends_on))


def _meeting(post: Post, starts_on: date, ends_on: date | None) -> TenureQuerySet:
    """The tenures of a post that share a day with these."""
    found: TenureQuerySet = post.tenures.filter(ends_on__isnull=True) | post.tenures.filter(ends_on__gte=starts_on)
    if ends_on is not None:
        found = found.filter(starts_on__lte=ends_on)
    return found.select_related("person").order_by("starts_on")


def _tell(post: Post) -> None:
    if post.kind == PostKind.TOP_LEADER:
        office_changed.send(Post, unit_ids=[post.unit_id])
