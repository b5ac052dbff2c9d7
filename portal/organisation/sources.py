"""Roles that follow from office: a tenure makes a top leader or liaison, a membership a head or member, an employment staff."""

from collections.abc import Iterable, Iterator, Mapping

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from portal.accounts.models import User
from portal.accounts.places import Places
from portal.accounts.roles import Assignment, Role
from portal.organisation.models import Employment, GroupMembership, Person, PostKind, Tenure, Unit
from portal.organisation.wording import offices
from portal.web.i18n import is_chinese
from portal.workdays import clock

ROLE_OF_POST = {PostKind.TOP_LEADER.value: Role.TOP_LEADER, PostKind.LIAISON.value: Role.LIAISON}


def offices_of(user: User) -> Iterator[Assignment]:
    """The roles a user holds by office, today. Asked at every request, so only the columns that are used are read."""
    today, suffix = clock.today(), "zh" if is_chinese() else "en"
    tenures = Tenure.objects.on(today).filter(person__user=user, post__kind__in=ROLE_OF_POST)
    for kind, path, *names in tenures.order_by("starts_on", "pk").values_list(
        "post__kind", "post__unit__path", *_both("post__title", suffix), *_both("post__unit__name", suffix)
    ):
        office = f"{names[0] or names[1]}, {names[2] or names[3]}"
        yield Assignment(ROLE_OF_POST[kind], str(path), False, office)
    memberships = GroupMembership.objects.on(today).filter(person__user=user)
    for is_head, path, name, other in memberships.order_by("pk").values_list(
        "is_head", "group__unit__path", *_both("group__name", suffix)
    ):
        yield Assignment(Role.HEAD if is_head else Role.MEMBER, str(path), True, name or other)
    works = Employment.objects.on(today).filter(person__user=user)
    for path, *names in works.values_list("unit__path", *_both("title", suffix), *_both("unit__name", suffix)):
        title, unit = names[0] or names[1], names[2] or names[3]
        yield Assignment(Role.STAFF, str(path), False, f"{title}, {unit}" if title else unit)


def _both(field: str, suffix: str) -> tuple[str, str]:
    """A field in the active language, then in the other one, for where the first is empty."""
    return f"{field}_{suffix}", f"{field}_{'en' if suffix == 'zh' else 'zh'}"


def holders(role: Role, path: str) -> "QuerySet[User]":
    """Who holds a role at a path by office, today."""
    today = clock.today()
    match role:
        case Role.TOP_LEADER | Role.LIAISON:
            kind = PostKind.TOP_LEADER if role == Role.TOP_LEADER else PostKind.LIAISON
            tenures = Tenure.objects.on(today).filter(post__kind=kind, post__unit__path=path)
            return User.objects.filter(person__tenures__in=tenures)
        case Role.HEAD | Role.MEMBER:
            members = GroupMembership.objects.on(today).filter(
                is_head=role == Role.HEAD, group__unit__path__ancestors=path
            )
            return User.objects.filter(person__memberships__in=members)
        case Role.STAFF:
            works = Employment.objects.on(today).filter(unit__path=path)
            return User.objects.filter(person__employments__in=works)
        case _:
            return User.objects.none()


def places(user: User, role: Role) -> Places:
    """The units over which a user holds a role, by path, indented by depth."""
    scopes = user.standing.scopes(role)
    found = Unit.objects.none()
    for scope in scopes:
        found = found | (Unit.objects.under(scope.path) if scope.subtree else Unit.objects.filter(path=scope.path))
    return [(str(unit.path), f"{'— ' * (len(unit.path) - 1)}{unit.name} ({unit.code})") for unit in found.active()]


def names(paths: Iterable[str]) -> Mapping[str, str]:
    """The names of the units at these paths."""
    return {str(unit.path): unit.name for unit in Unit.objects.filter(path__in=list(paths))}


def offices_of_users(users: Iterable[User]) -> Mapping[int, str]:
    """Post and unit of each user who holds one today, by the user's id."""
    persons = {p.pk: p.user_id for p in Person.objects.filter(user__in=list(users))}
    held = offices(Person.objects.filter(pk__in=persons))
    return {user_id: held[pk] for pk, user_id in persons.items() if user_id is not None and pk in held}


def unit_name(field: str) -> Subquery:
    """The name of the unit at the path in `field`, in the active language."""
    first, second = ("name_zh", "name_en") if is_chinese() else ("name_en", "name_zh")
    name = Coalesce(NullIf(first, Value("")), second)
    return Subquery(Unit.objects.filter(path=OuterRef(field)).annotate(shown=name).values("shown")[:1])
