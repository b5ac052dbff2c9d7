"""Which persons a reader may know of, as conditions that are asked of one row at a time.

`Person.objects.visible_to` reads every tenure of a district before the first person is looked at; these ask of the few rows
that an index gives. The first is the same condition, which tests hold.
"""

from django.db.models import Exists, OuterRef, Q

from portal.accounts import scopes
from portal.accounts.models import User
from portal.network.policies import DIRECTORY
from portal.organisation.models import GroupMembership, Tenure, Unit
from portal.workdays import clock


def visible(user: User, units: Q | None = None) -> Q:
    """Persons who hold or held office in the reader's scope; with `units`, who hold it today in such a unit."""
    return _office(scopes.q(user, "post__unit__path"), scopes.q(user, "group__unit__path"), units)


def in_directory(user: User, units: Q | None = None) -> Q:
    """Those, and everybody who leads a unit, is its liaison or heads a leading group today."""
    today = clock.today()
    now = Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    posts = scopes.q(user, "post__unit__path") | (now & Q(post__kind__in=DIRECTORY))
    seats = scopes.q(user, "group__unit__path") | (now & Q(is_head=True))
    return _office(posts, seats, units)


def offices_in(user: User, units: Q | None = None) -> list[Q]:
    """The conditions of `visible`, by post and by seat, each asked as a whole: where few persons are in scope and many match,
    the plan begins with those in scope."""
    held = Tenure.objects.filter(scopes.q(user, "post__unit__path"))
    sat = GroupMembership.objects.filter(scopes.q(user, "group__unit__path"))
    if units is not None:
        today = clock.today()
        held = held.on(today).filter(post__unit__in=Unit.objects.filter(units))
        sat = sat.on(today).filter(group__unit__in=Unit.objects.filter(units))
    return [Q(pk__in=held.values("person")), Q(pk__in=sat.values("person"))]


def _office(posts: Q, seats: Q, units: Q | None) -> Q:
    # As a range of one: an equality would let the plan read every tenure into a hash before the first person is looked at.
    this = {"person__gte": OuterRef("pk"), "person__lte": OuterRef("pk")}
    held = Tenure.objects.filter(posts, **this)
    sat = GroupMembership.objects.filter(seats, **this)
    if units is not None:
        today = clock.today()
        held = held.on(today).filter(post__unit__in=Unit.objects.filter(units))
        sat = sat.on(today).filter(group__unit__in=Unit.objects.filter(units))
    return Q(Exists(held)) | Q(Exists(sat))
