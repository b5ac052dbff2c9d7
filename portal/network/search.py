"""Finding units and persons by one box of words.

Each meaning of the words is a branch that walks one index in its order and stops when it has enough; the branches are
united. So a common surname costs no more than a rare one, and what matches beyond `CAP` is not counted: the reader types
more of the name.
"""

from collections.abc import Hashable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from portal.accounts.models import User
from portal.network import scope
from portal.network.rules import Words
from portal.organisation.models import Person, Unit
from portal.organisation.search_keys import GivenName, PhoneDigits, SecondWord, digits
from portal.workdays import clock

CAP = 100
# Trigrams need three characters; a shorter word is looked for at the beginning only.
INSIDE_MIN = 3
# So many readers' conditions are kept as text.
TEXTS_MAX = 500
Select = tuple[str, tuple[Any, ...]]
_IN_FORCE: Select = ("SELECT id FROM organisation_unit WHERE dissolved_on IS NULL", ())
_texts: dict[Hashable, list[Select]] = {}


class Found(NamedTuple):
    """The ids of what matches, in the order in which it is shown, and whether there is more than that."""

    ids: list[int]
    is_capped: bool


def _capped(ids: list[int]) -> Found:
    return Found(ids[:CAP], len(ids) > CAP)


def units(words: Words, among: "QuerySet[Unit] | None" = None) -> Found:
    """Units by either name, pinyin, initials, code or office phone; what begins with the words comes first.

    Of a queryset, which must have a condition of its own; without one, of all units in force.
    """
    meanings = list(_unit_meanings(words))
    if not meanings:
        return Found([], False)
    select, params = _IN_FORCE
    if among is not None:
        select, params = among.order_by().values_list("pk").query.sql_with_params()
    begins = f"{_unit('name_zh')} LIKE %s OR UPPER({_unit('name_en')}) LIKE %s OR UPPER({_unit('code')}) = %s"
    rank = [f"{_like(words.squeezed)}%", f"{_like(words.plain.upper())}%", words.squeezed.upper()]
    order = f"ORDER BY ({begins}) DESC, {_unit('path')} LIMIT {CAP + 1}"
    narrowed, patterns = _narrowed(select, params, meanings)
    with connection.cursor() as cursor:
        cursor.execute(f"{narrowed} {order}", [*patterns, *rank])
        return _capped([row[0] for row in cursor.fetchall()])


def _narrowed(select: str, params: tuple[Any, ...], meanings: list[tuple[str, str]]) -> tuple[str, list[Any]]:
    """The units that match, as SQL. Where all is looked for at the beginning, each index is walked in its order and no
    further than needed, so that a letter which thousands share costs no more than a rare one."""
    if any(pattern.startswith("%") for _key, pattern in meanings):
        conditions = " OR ".join(f"{key} LIKE %s" for key, _pattern in meanings)
        return f"{select} AND ({conditions})", [*params, *(pattern for _key, pattern in meanings)]
    branches = " UNION ".join(
        f"({select} AND {key} LIKE %s ORDER BY {key} LIMIT {CAP + 1})" for key, _pattern in meanings
    )
    values = [value for _key, pattern in meanings for value in (*params, pattern)]
    # Nothing of it was typed: columns, conditions of the ORM, a number.
    return f"SELECT id FROM organisation_unit WHERE id IN ({branches})", values  # noqa: S608


def _unit_meanings(words: Words) -> Iterator[tuple[str, str]]:
    """What is looked at, and the pattern that it must be like."""
    squeezed, lower = _like(words.squeezed), _like(words.squeezed.lower())
    if words.is_chinese:
        yield _unit("name_zh"), f"%{squeezed}%"
    elif squeezed:
        yield f"UPPER({_unit('code')})", f"{squeezed.upper()}%"
    if words.is_latin:
        yield _unit("initials"), f"{lower}%"
        inside = len(words.squeezed) >= INSIDE_MIN
        yield _unit("sort_key"), f"%{lower}%" if inside else f"{lower}%"
        if inside:
            yield f"UPPER({_unit('name_en')})", f"%{_like(words.plain.upper())}%"
    if words.is_phone and digits(words.plain):
        yield PhoneDigits.template % {"expressions": _unit("office_phone")}, f"{digits(words.plain)}%"


def _like(text: str) -> str:
    """Typed text as a part of a pattern, so that % and _ are signs like others."""
    return str(connection.ops.prep_for_like_query(text))


def _unit(name: str) -> str:
    return f'"organisation_unit"."{name}"'


def persons(words: Words, user: User, filters: Q | None = None) -> Found:
    """Persons whom the reader may find, by name, pinyin, initials; in the reader's scope by number and phone too.

    `filters` is a condition on the unit (`unit_q`): then the person holds office in such a unit today.
    """
    meanings = list(_branches(words))
    wanted = {anywhere for *_rest, anywhere in meanings}
    selects = {anywhere: _selects(user, filters, anywhere=anywhere) for anywhere in wanted}
    branches: list[str] = []
    params: list[Any] = []
    for key, start, anywhere in meanings:
        for select, own in selects[anywhere]:
            branches.append(f"({select} AND {key} LIKE %s ORDER BY {key} LIMIT {CAP + 1})")
            params += [*own, f"{_like(start)}%"]
    if not branches:
        return Found([], False)
    united = " UNION ".join(branches)
    with connection.cursor() as cursor:
        # Nothing of it was typed: columns, conditions of the ORM, a number.
        cursor.execute(f"SELECT id FROM ({united}) found (id, sort_key) ORDER BY sort_key, id LIMIT {CAP + 1}", params)  # noqa: S608
        return _capped([row[0] for row in cursor.fetchall()])


def _selects(user: User, filters: Q | None, *, anywhere: bool) -> list[Select]:
    """The persons whom a reader may find, as SQL to be narrowed further.

    Turning the conditions into text takes longer than the search. The text depends on the parts of the tree where a role is
    held and on the day, and on nothing else; what it finds is asked of the database each time.
    """
    if filters is not None:
        return _as_sql(user, filters, anywhere=anywhere)
    held = frozenset((assignment.path, assignment.subtree) for assignment in user.standing.assignments)
    key = (held, clock.today(), anywhere)
    if key not in _texts:
        if len(_texts) >= TEXTS_MAX:
            _texts.clear()
        _texts[key] = _as_sql(user, None, anywhere=anywhere)
    return _texts[key]


def _as_sql(user: User, filters: Q | None, *, anywhere: bool) -> list[Select]:
    conditions = [scope.in_directory(user, filters)] if anywhere else scope.offices_in(user, filters)
    made = []
    for condition in conditions:
        query = Person.objects.filter(condition).order_by().values_list("pk", "sort_key").query
        # A condition that nobody can meet has no text.
        with suppress(EmptyResultSet):
            made.append(query.sql_with_params())
    return made


def _branches(words: Words) -> Iterator[tuple[str, str, bool]]:
    """What is looked at, how it must begin, and whether it is known outside the reader's scope too."""
    squeezed, lower = words.squeezed, words.squeezed.lower()
    if words.is_chinese:
        yield _column("name_zh"), squeezed, True
        yield GivenName.template % {"expressions": _column("name_zh")}, squeezed, True
        return
    if words.is_latin:
        yield _column("sort_key"), lower, True
        yield _column("initials"), lower, True
        yield f"LOWER({_column('name_en')})", words.plain.lower(), True
        yield SecondWord.template % {"expressions": _column("name_en")}, lower, True
    if words.may_be_a_number:
        yield f"UPPER({_column('employee_no')})", squeezed.upper(), False
    if words.is_phone and digits(words.plain):
        yield PhoneDigits.template % {"expressions": _column("phone")}, digits(words.plain), False


def _column(name: str) -> str:
    return f'"organisation_person"."{name}"'


def unit_q(cleaned: dict[str, Any]) -> Q | None:
    """The condition that a filter puts on a unit; None where it puts none."""
    found: dict[str, Any] = {name: cleaned[name] for name in ("type", "sector", "level") if cleaned.get(name)}
    if cleaned.get("part"):
        found["path__descendants"] = str(cleaned["part"].path)
    return Q(**found) if found else None
