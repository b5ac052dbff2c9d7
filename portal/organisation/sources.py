"""Roles that follow from office: a tenure makes a top leader or liaison, a membership a head or member, an employment staff."""

from collections.abc import Iterable, Iterator, Mapping

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from portal.accounts.models import User
from portal.accounts.places import Places
from portal.accounts.roles import Assignment, Role
from portal.organisation.models import Employment, GroupMembership, Person, PostKind, Tenure, Unit
from portal.organisation.wording import offices
from portal.web.i18n import is_chinese, with_note
from portal.workdays import clock

ROLE_OF_POST = {PostKind.TOP_LEADER.value: Role.TOP_LEADER, PostKind.LIAISON.value: Role.LIAISON}
ROLES_AT_A_UNIT = ROLE_OF_POST | {"staff": Role.STAFF}


# Posts, seats and employment in one statement, written out: it is asked at every request, and the ORM takes longer to put its two
# queries together than the database to answer them.
_OFFICES = """
    SELECT post.kind, unit.path, held.starts_on, held.id, post.title_en, post.title_zh, unit.name_en, unit.name_zh
    FROM organisation_tenure held
    JOIN organisation_post post ON post.id = held.post_id
    JOIN organisation_unit unit ON unit.id = post.unit_id
    WHERE held.person_id = %(person)s AND post.kind = ANY(%(kinds)s)
        AND held.starts_on <= %(today)s AND (held.ends_on IS NULL OR held.ends_on >= %(today)s)
    UNION ALL
    SELECT CASE WHEN held.is_head THEN 'head' ELSE 'member' END, unit.path, NULL, held.id, team.name_en, team.name_zh, '', ''
    FROM organisation_groupmembership held
    JOIN organisation_leadinggroup team ON team.id = held.group_id
    JOIN organisation_unit unit ON unit.id = team.unit_id
    WHERE held.person_id = %(person)s
        AND held.starts_on <= %(today)s AND (held.ends_on IS NULL OR held.ends_on >= %(today)s)
    UNION ALL
    SELECT 'staff', unit.path, NULL, held.id, held.title_en, held.title_zh, unit.name_en, unit.name_zh
    FROM organisation_employment held
    JOIN organisation_unit unit ON unit.id = held.unit_id
    WHERE held.person_id = %(person)s
        AND held.starts_on <= %(today)s AND (held.ends_on IS NULL OR held.ends_on >= %(today)s)
    ORDER BY 3 NULLS LAST, 4
"""


def offices_of(user: User) -> Iterator[Assignment]:
    """The roles a user holds by office, today: posts by their first day, then seats in leading groups and employment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM organisation_person WHERE user_id = %s", [user.pk])
        person = cursor.fetchone()
        # Who is no person of the organisation, as a coordinator may be, holds roles by hand alone.
        if person is None:
            return
        cursor.execute(_OFFICES, {"person": person[0], "kinds": list(ROLE_OF_POST), "today": clock.today()})
        rows = cursor.fetchall()
    place = 1 if is_chinese() else 0
    for kind, path, _since, _pk, *names in rows:
        first, second = names[:2], names[2:]
        office, unit = first[place] or first[1 - place], second[place] or second[1 - place]
        whole = f"{office}, {unit}" if office and unit else office or unit
        if kind in ROLES_AT_A_UNIT:
            yield Assignment(ROLES_AT_A_UNIT[kind], str(path), False, whole)
        else:
            yield Assignment(Role.HEAD if kind == "head" else Role.MEMBER, str(path), True, whole)


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
    return [
        (str(unit.path), f"{'— ' * (len(unit.path) - 1)}{with_note(unit.name, unit.code)}") for unit in found.active()
    ]


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
