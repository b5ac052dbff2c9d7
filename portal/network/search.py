"""Finding units and persons by one box of words.

Each meaning of the words is a branch that walks one index in its order and stops when it has enough; the branches are
united. So a common surname costs no more than a rare one, and what matches beyond `CAP` is not counted: the reader types
more of the name.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Lower, Upper

from portal.accounts.models import User
from portal.network import scope
from portal.network.rules import Words
from portal.organisation.models import Person, Unit
from portal.organisation.search_keys import GivenName, PhoneDigits, SecondWord, digits

CAP = 500
# Trigrams need three characters; a shorter word is looked for at the beginning only.
INSIDE_MIN = 3


class Found(NamedTuple):
    """The ids of what matches, in the order in which it is shown, and whether there is more than that."""

    ids: list[int]
    is_capped: bool


def _capped(ids: list[int]) -> Found:
    return Found(ids[:CAP], len(ids) > CAP)


def units(words: Words, among: "QuerySet[Unit]") -> Found:
    """Units of a queryset by either name, pinyin, initials, code or office phone; what begins with the words comes first."""
    condition = _unit_condition(words)
    if condition is None:
        return Found([], False)
    plain, squeezed = words.plain, words.squeezed
    begins = Q(name_zh__startswith=squeezed) | Q(name_en__istartswith=plain) | Q(code__iexact=squeezed)
    rank = Case(When(begins, then=Value(0)), default=Value(1), output_field=IntegerField())
    looked = among.annotate(
        code_upper=Upper("code"), name_upper=Upper("name_en"), phone_digits=PhoneDigits("office_phone"), rank=rank
    )
    return _capped(list(looked.filter(condition).order_by("rank", "path").values_list("pk", flat=True)[: CAP + 1]))


def _unit_condition(words: Words) -> Q | None:
    squeezed, lower = words.squeezed, words.squeezed.lower()
    if words.is_chinese:
        return Q(name_zh__contains=squeezed)
    found: Q | None = Q(code_upper__startswith=squeezed.upper()) if squeezed else None
    if words.is_latin and found is not None:
        found |= Q(initials__startswith=lower)
        if len(lower) >= INSIDE_MIN:
            found |= Q(name_upper__contains=words.plain.upper()) | Q(sort_key__contains=lower)
        else:
            found |= Q(sort_key__startswith=lower)
    if words.is_phone and found is not None and digits(words.plain):
        found |= Q(phone_digits__startswith=digits(words.plain))
    return found


def persons(words: Words, user: User, filters: Q | None = None) -> Found:
    """Persons whom the reader may find, by name, pinyin, initials; in the reader's scope by number and phone too.

    `filters` is a condition on the unit (`unit_q`): then the person holds office in such a unit today.
    """
    known, inside = scope.in_directory(user, filters), scope.visible(user, filters)
    branches = [
        Person.objects.annotate(key=key).filter(known if anywhere else inside, key__startswith=start)
        .order_by("key").values("pk", "sort_key")[: CAP + 1]
        for key, start, anywhere in _branches(words)
    ]  # fmt: skip
    if not branches:
        return Found([], False)
    first, *others = branches
    rows = first.union(*others).order_by("sort_key", "pk") if others else sorted(first, key=_by_pinyin)
    return _capped([row["pk"] for row in rows])


def _by_pinyin(row: Any) -> tuple[str, int]:
    return row["sort_key"], row["pk"]


def _branches(words: Words) -> Iterable[tuple[Any, str, bool]]:
    """What is looked at, how it must begin, and whether it is known outside the reader's scope too."""
    squeezed, lower = words.squeezed, words.squeezed.lower()
    if words.is_chinese:
        yield F("name_zh"), squeezed, True
        yield GivenName("name_zh"), squeezed, True
        return
    if words.is_latin:
        yield F("sort_key"), lower, True
        yield F("initials"), lower, True
        yield Lower("name_en"), words.plain.lower(), True
        yield SecondWord("name_en"), lower, True
    if squeezed:
        yield Upper("employee_no"), squeezed.upper(), False
    if words.is_phone and digits(words.plain):
        yield PhoneDigits("phone"), digits(words.plain), False


def unit_q(cleaned: dict[str, Any]) -> Q | None:
    """The condition that a filter puts on a unit; None where it puts none."""
    found: dict[str, Any] = {name: cleaned[name] for name in ("type", "sector", "level") if cleaned.get(name)}
    if cleaned.get("part"):
        found["path__descendants"] = str(cleaned["part"].path)
    return Q(**found) if found else None
