"""The offices of today at some units, or of some persons: each in one statement.

The search shows a few of them on every page. Asked through the ORM, putting the statement together takes several times as
long as running it; so it is written out, and gives objects of the ORM that are never saved.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from portal.network.policies import DIRECTORY
from portal.organisation.models import GroupMembership, LeadingGroup, Person, Post, Tenure, Unit
from portal.workdays import clock

# As `TenureQuerySet.on`.
_TODAY = "held.starts_on <= %(today)s AND (held.ends_on IS NULL OR held.ends_on >= %(today)s)"
_AT = f"""
    SELECT held.id, held.acting, held.starts_on, post.id, post.unit_id, post.kind, post.title_en, post.title_zh,
        person.id, person.employee_no, person.name_en, person.name_zh, person.phone, person.email
    FROM organisation_post post
    JOIN organisation_tenure held ON held.post_id = post.id
    JOIN organisation_person person ON person.id = held.person_id
    WHERE post.unit_id = ANY(%(ids)s) AND post.kind = ANY(%(kinds)s) AND {_TODAY}
    ORDER BY post.title_en, held.id
"""  # noqa: S608
_UNIT = "unit.id, unit.code, unit.name_en, unit.name_zh, unit.path, unit.office_phone, unit.address"
_OF = f"""
    SELECT 1, held.id, held.person_id, held.acting, held.starts_on, post.id, post.kind, post.title_en, post.title_zh, {_UNIT}
    FROM organisation_tenure held
    JOIN organisation_post post ON post.id = held.post_id
    JOIN organisation_unit unit ON unit.id = post.unit_id
    WHERE held.person_id = ANY(%(ids)s) AND {_TODAY}
    UNION ALL
    SELECT 2, held.id, held.person_id, held.is_head, held.starts_on, team.id, '', team.name_en, team.name_zh, {_UNIT}
    FROM organisation_groupmembership held
    JOIN organisation_leadinggroup team ON team.id = held.group_id
    JOIN organisation_unit unit ON unit.id = team.unit_id
    WHERE held.person_id = ANY(%(ids)s) AND {_TODAY}
    ORDER BY 1, 2
"""  # noqa: S608


def at(unit_ids: Sequence[int]) -> Iterator[Tenure]:
    """The tenures of the posts at these units of which everybody knows who holds them, with post and person."""
    for pk, acting, starts_on, post_id, unit_id, kind, title_en, title_zh, *who in _rows(_AT, unit_ids):
        names = ("id", "employee_no", "name_en", "name_zh", "phone", "email")
        post = Post(id=post_id, unit_id=unit_id, kind=kind, title_en=title_en, title_zh=title_zh)
        person = Person(**dict(zip(names, who, strict=True)))
        yield Tenure(id=pk, post=post, person=person, starts_on=starts_on, acting=acting)


def of(person_ids: Sequence[int]) -> Iterator[Tenure | GroupMembership]:
    """The posts of these persons, then their seats in leading groups, with the unit of each."""
    for what, pk, person_id, mark, starts_on, where_id, kind, name_en, name_zh, *place in _rows(_OF, person_ids):
        names = ("id", "code", "name_en", "name_zh", "path", "office_phone", "address")
        unit = Unit(**dict(zip(names, place, strict=True)))
        if what == 1:
            post = Post(id=where_id, unit=unit, kind=kind, title_en=name_en, title_zh=name_zh)
            yield Tenure(id=pk, person_id=person_id, post=post, starts_on=starts_on, acting=mark)
        else:
            group = LeadingGroup(id=where_id, unit=unit, name_en=name_en, name_zh=name_zh)
            yield GroupMembership(id=pk, person_id=person_id, group=group, starts_on=starts_on, is_head=mark)


def _rows(statement: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    if not ids:
        return []
    kinds = [kind.value for kind in DIRECTORY]
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": list(ids), "kinds": kinds, "today": clock.today()})
        return list(cursor.fetchall())
