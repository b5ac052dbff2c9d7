"""Which persons a reader may know of, as conditions that are asked of one row at a time.

`Person.objects.visible_to` reads every tenure of a district before the first person is looked at; these ask of the few rows
that an index gives. The first is the same condition, which tests hold.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.network.policies import DIRECTORY
from portal.organisation.models import (
    Employment,
    EmploymentQuerySet,
    GroupMembership,
    MembershipQuerySet,
    Tenure,
    TenureQuerySet,
    Unit,
)
from portal.organisation.policies import OVERSEERS
from portal.workdays import clock


def visible(user: User, units: Q | None = None) -> Q:
    """Persons who hold or held office, or work or worked, in the reader's scope; with `units`, who do so today in such a unit."""
    return _office(_posts(user), _seats(user), _works(user), units)


def _posts(user: User) -> Q:
    return scopes.q(user, "post__unit__path", Role)


def _seats(user: User) -> Q:
    return scopes.q(user, "group__unit__path", Role)


def _works(user: User) -> Q:
    """Colleagues on the staff are no concern of the staff's."""
    return scopes.q(user, "unit__path", OVERSEERS)


def in_directory(user: User, units: Q | None = None) -> Q:
    """Those, and everybody who leads a unit, is its liaison or heads a leading group today."""
    today = clock.today()
    now = Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    posts = _posts(user) | (now & Q(post__kind__in=DIRECTORY))
    seats = _seats(user) | (now & Q(is_head=True))
    return _office(posts, seats, _works(user), units)


def offices_in(user: User, units: Q | None = None) -> list[Q]:
    """The conditions of `visible`, by post and by seat, each asked as a whole: where few persons are in scope and many match,
    the plan begins with those in scope."""
    places = _narrowed(
        Tenure.objects.filter(_posts(user)),
        GroupMembership.objects.filter(_seats(user)),
        Employment.objects.filter(_works(user)),
        units,
    )
    return [Q(pk__in=place.values("person")) for place in places]


def _narrowed(
    held: TenureQuerySet, sat: MembershipQuerySet, works: EmploymentQuerySet, units: Q | None
) -> tuple[QuerySet[Any], ...]:
    """The places as they are, or those of today in such units."""
    if units is None:
        return held, sat, works
    today, inside = clock.today(), Unit.objects.filter(units)
    return (
        held.on(today).filter(post__unit__in=inside),
        sat.on(today).filter(group__unit__in=inside),
        works.on(today).filter(unit__in=inside),
    )


def _office(posts: Q, seats: Q, works: Q, units: Q | None) -> Q:
    # As a range of one: an equality would let the plan read every tenure into a hash before the first person is looked at.
    this = {"person__gte": OuterRef("pk"), "person__lte": OuterRef("pk")}
    places = _narrowed(
        Tenure.objects.filter(posts, **this),
        GroupMembership.objects.filter(seats, **this),
        Employment.objects.filter(works, **this),
        units,
    )
    found = Q()
    for place in places:
        found |= Q(Exists(place))
    return found
