"""The verbs of the organisation: appoint, end a tenure, name who acts, make an account."""

import secrets
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organisation import policies
from portal.organisation.errors import EndsBeforeStart, HasAccount, NotVacant, PostHeld, TenureEnded, UserNameTaken
from portal.organisation.models import Person, Post, PostKind, Tenure
from portal.organisation.signals import office_changed
from portal.web.dates import full_day
from portal.web.errors import NotAllowed
from portal.workdays import clock


@transaction.atomic
def appoint(
    by: User, *, post: Post, person: Person, starts_on: date, ends_on: date | None = None, acting: bool = False
) -> Tenure:
    """Put a person into a post. Raises PostHeld (naming who holds it), EndsBeforeStart, NotAllowed."""
    if not (policies.may_name_acting(by, post.unit) if acting else policies.may_appoint(by, post.unit)):
        raise NotAllowed
    return _appoint(by, post, person, starts_on, ends_on, acting)


def _appoint(
    by: User | None, post: Post, person: Person, starts_on: date, ends_on: date | None, acting: bool
) -> Tenure:
    if ends_on is not None and ends_on < starts_on:
        raise EndsBeforeStart
    Post.objects.select_for_update(of=("self",), no_key=True).get(pk=post.pk)
    overlapping = post.tenures.filter(ends_on__isnull=True) | post.tenures.filter(ends_on__gte=starts_on)
    if ends_on is not None:
        overlapping = overlapping.filter(starts_on__lte=ends_on)
    holder = overlapping.select_related("person").order_by("starts_on").first()
    if holder is not None:
        raise PostHeld(holder=holder.person.name, period=period(holder.starts_on, holder.ends_on))
    tenure = Tenure.objects.create(post=post, person=person, starts_on=starts_on, ends_on=ends_on, acting=acting)
    # Before the log: what follows takes its own turns, and whoever writes the log goes last everywhere.
    _tell(post)
    audit.record(by, "tenure.begun", tenure, path=str(post.unit.path), data={"starts_on": starts_on, "acting": acting})
    return tenure


def period(starts_on: date, ends_on: date | None) -> str:
    """The days of a tenure in words."""
    if ends_on is None:
        return _("since %(start)s") % {"start": full_day(starts_on)}
    return _("from %(start)s to %(end)s") % {"start": full_day(starts_on), "end": full_day(ends_on)}


@transaction.atomic
def end_tenure(by: User, tenure_id: int, *, ends_on: date) -> Tenure:
    """End a tenure on its last day. Raises TenureEnded, EndsBeforeStart, NotAllowed."""
    tenure = Tenure.objects.select_related("post__unit").select_for_update(of=("self",)).get(pk=tenure_id)
    if not policies.may_appoint(by, tenure.post.unit):
        raise NotAllowed
    if tenure.ends_on is not None and tenure.ends_on < clock.today():
        raise TenureEnded
    if ends_on < tenure.starts_on:
        raise EndsBeforeStart
    tenure.ends_on = ends_on
    tenure.save(update_fields=["ends_on"])
    _tell(tenure.post)
    audit.record(by, "tenure.ended", tenure, path=str(tenure.post.unit.path), data={"ends_on": ends_on})
    return tenure


@transaction.atomic
def name_acting(by: User, *, post: Post, person: Person, starts_on: date, ends_on: date | None = None) -> Tenure:
    """Name who acts in a vacant post. Raises NotVacant, PostHeld, NotAllowed."""
    if not policies.may_name_acting(by, post.unit):
        raise NotAllowed
    if post.tenures.on(starts_on).exists():
        raise NotVacant
    return _appoint(by, post, person, starts_on, ends_on, acting=True)


def _tell(post: Post) -> None:
    if post.kind == PostKind.TOP_LEADER:
        office_changed.send(Post, unit_ids=[post.unit_id])


@transaction.atomic
def create_account(by: User, *, person: Person, username: str) -> tuple[User, str]:
    """Make an account for a person: the user and a temporary password, shown once, changed at the first sign-in.

    Raises HasAccount, UserNameTaken, NotAllowed.
    """
    if not policies.may_edit_units(by):
        raise NotAllowed
    locked = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
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
