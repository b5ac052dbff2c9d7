"""Finding decisions by words and filters: the newest that match, up to a cap, with counts of what they are.

A rare word is found by the index of words, a common one by walking from the newest decision on: the database knows how common
a pair of characters is. No more than `CAP` matches are looked at, so that neither costs more than the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import and_
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import connection
from django.db.models import BooleanField, Case, IntegerField, Q, QuerySet, Value, When

from cases.models import Punishment, PunishmentUpload, SearchEntry
from cases.models.punishments import READERS
from cases.punishments.terms import Query, Word
from portal.accounts import scopes
from portal.accounts.models import User
from portal.organisation.models import Unit
from portal.web.lookups import array_of

CAP = 300
SHARES = "cases:shares-of-pairs"
# Where the text itself is asked for a phrase: what the index keeps words of.
ASKED = (
    "title",
    "party",
    "facts",
    "content",
    "number",
    "basis",
    "remark",
    "representative",
    "handler",
    "reply",
    "kinds",
)
# From, to (not included) in yuan; None: without end.
CLASSES: Sequence[tuple[str, Decimal, Decimal | None]] = (
    ("under-30k", Decimal(0), Decimal(30_000)),
    ("30k-200k", Decimal(30_000), Decimal(200_000)),
    ("200k-3m", Decimal(200_000), Decimal(3_000_000)),
    ("3m", Decimal(3_000_000), None),
)
_WEIGHTS = (("number", 5), ("title", 3), ("party", 2), ("facts", 1))


@dataclass(frozen=True)
class Filters:
    """What the result is narrowed by; nothing: not narrowed."""

    agencies: Sequence[int] = ()
    years: Sequence[int] = ()
    classes: Sequence[str] = ()
    kinds: Sequence[str] = ()
    transferred: Sequence[str] = ()
    rules: Sequence[int] = ()
    since: date | None = None
    until: date | None = None

    def q(self) -> Q:
        """The condition on a decision."""
        parts = [Q()]
        if self.agencies:
            parts.append(Q(agency__in=self.agencies))
        if self.years:
            parts.append(_any(Q(decided_on__range=(date(y, 1, 1), date(y, 12, 31))) for y in self.years))
        if self.classes:
            parts.append(_any(_in_class(code) for code in self.classes))
        if self.kinds:
            parts.append(_any(Q(kinds__contains=kind) for kind in self.kinds))
        if self.transferred:
            parts.append(_any(Q(transferred={"yes": True, "no": False}.get(code)) for code in self.transferred))
        if self.rules:
            parts.append(Q(hits__rule__in=self.rules, hits__state="open"))
        if self.since:
            parts.append(Q(decided_on__gte=self.since))
        if self.until:
            parts.append(Q(decided_on__lte=self.until))
        return reduce(and_, parts)


def _any(parts: Iterable[Q]) -> Q:
    found = Q()
    for part in parts:
        found |= part
    return found


def _in_class(code: str) -> Q:
    if code == "unknown":
        return Q(amount=None)
    low, high = next((low, high) for name, low, high in CLASSES if name == code)
    return Q(amount__gte=low) & (Q(amount__lt=high) if high is not None else Q())


class Found(NamedTuple):
    """The ids of what matches, in order, at most CAP; whether there is more."""

    ids: list[int]
    is_capped: bool


@dataclass
class Counts:
    """How many of the decisions found are of each agency, year, class of amount, transfer, and open hit of a rule."""

    agencies: dict[int, int] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)
    transferred: dict[str, int] = field(default_factory=dict)
    rules: dict[int, int] = field(default_factory=dict)


def agencies_with_decisions(user: User) -> list[int]:
    """The agencies of which a person may read decisions; few, so that no decision is asked for its place in the tree."""
    handed_in = PunishmentUpload.objects.values("agency_id")
    return list(Unit.objects.filter(scopes.q(user, "path", READERS), pk__in=handed_in).values_list("pk", flat=True))


def find(user: User, query: Query, filters: Filters, *, by_rank: bool = False) -> Found:
    """The newest decisions that match everything typed, or the best of them first."""
    seen = agencies_with_decisions(user)
    condition = filters.q() & Q(agency__in=seen, is_current=True)
    matching: Any
    if query.words:
        matching = _with_words(query, condition)
    else:
        matching = Punishment.objects.filter(condition).order_by("-decided_on", "-pk").values_list("pk", flat=True)
    ids = list(dict.fromkeys(matching[: CAP + 1]))
    found = Found(ids[:CAP], len(ids) > CAP)
    return Found(_ranked(found.ids, query.words), found.is_capped) if by_rank and query.words else found


def matching(user: User, query: Query, filters: Filters) -> "QuerySet[Punishment]":
    """All decisions that match, the newest first, however many; read in portions."""
    condition = filters.q() & Q(agency__in=agencies_with_decisions(user), is_current=True)
    found = Punishment.objects.filter(condition)
    if query.words:
        # By the words alone: the condition is asked of the decisions themselves.
        found = Punishment.objects.filter(condition, pk__in=_with_words(query, Q()).order_by())
    return found.select_related("agency").order_by("-decided_on", "-pk")


def _shares() -> dict[str, float]:
    """In what share of the texts common pairs stand, as the database has counted; read again every ten minutes."""
    found: dict[str, float] | None = cache.get(SHARES)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats"
                " WHERE schemaname = current_schema AND tablename = %s AND attname = 'words'",
                [SearchEntry._meta.db_table],
            )
            elements, shares = cursor.fetchone() or ((), ())
        found = dict(zip(elements or (), shares or (), strict=False))
        cache.set(SHARES, found, 600)
    return found


def _with_words(query: Query, condition: Q) -> "QuerySet[SearchEntry, Any]":
    for word in query.words:
        if word.is_phrase:
            stands = _any(Q(**{f"{name}__icontains": word.text}) for name in ASKED)
            # Asked so, the database takes it for half of all rows, and not for a way to find any.
            condition &= Q(Case(When(stands, then=Value(True)), default=Value(False), output_field=BooleanField()))
    rows = SearchEntry.objects.filter(punishment__in=Punishment.objects.filter(condition))
    rows = rows.filter(words__holds=query.tsquery(_shares()))
    return rows.order_by("-decided_on", "-punishment_id").values_list("punishment_id", flat=True)


def _ranked(ids: list[int], words: Sequence[Word]) -> list[int]:
    """The best first: a word in the number or the name of the case says more than one in the facts; then the newest."""
    score: Any = Value(0)
    for word in words:
        for name, weight in _WEIGHTS:
            hit = When(**{f"{name}__icontains": word.text}, then=Value(weight))
            score = score + Case(hit, default=Value(0), output_field=IntegerField())
    rows = Punishment.objects.filter(pk__any=array_of(ids)).annotate(score=score)
    return list(rows.order_by("-score", "-decided_on", "-pk").values_list("pk", flat=True))


_COUNTS = """
    SELECT agency_id, extract(year FROM decided_on)::int, {amount}, transferred, grouping(agency_id),
        grouping(extract(year FROM decided_on)), grouping({amount}), count(*)
    FROM cases_punishment WHERE id = ANY(%s)
    GROUP BY GROUPING SETS ((agency_id), (extract(year FROM decided_on)), ({amount}), (transferred))
"""
_AMOUNT = (
    "CASE WHEN amount IS NULL THEN 'unknown' WHEN amount < 30000 THEN 'under-30k' WHEN amount < 200000 THEN '30k-200k'"
    " WHEN amount < 3000000 THEN '200k-3m' ELSE '3m' END"
)


def counts(ids: list[int]) -> Counts:
    """What the decisions found are, in two statements."""
    found = Counts()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(amount=_AMOUNT), [array_of(ids)])
        for agency, year, amount, transferred, no_agency, no_year, no_amount, count in cursor.fetchall():
            if not no_agency:
                found.agencies[agency] = count
            elif not no_year:
                found.years[year] = count
            elif not no_amount:
                found.classes[amount] = count
            else:
                found.transferred[{True: "yes", False: "no"}.get(transferred, "unknown")] = count
        cursor.execute(
            "SELECT rule_id, count(*) FROM cases_screeninghit WHERE state = 'open' AND punishment_id = ANY(%s) GROUP BY 1",
            [array_of(ids)],
        )
        found.rules = dict(cursor.fetchall())
    return found
