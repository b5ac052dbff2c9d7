"""One box over everything that the room keeps: decisions on penalties, duty-crime cases, recommendations.

Decisions are millions and are found by their index (`punishments.finding`). A district has some hundred cases and recommendations
a year: these are looked through as they are, with the names of units, systems and persons concerned.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate

from cases.models import Charge, CrimeCase, Milestone, Punishment, Recommendation, Stage, Suspect
from cases.punishments import finding
from cases.punishments.finding import CAP, CLASSES, Filters
from cases.punishments.terms import Query, Word
from portal.accounts.models import User
from portal.web.lookups import array_of
from portal.workdays import clock

CRIME, PENALTY, RECOMMENDATION = "crime", "penalty", "recommendation"
_NAMES = ("number", "unit__name_en", "unit__name_zh", "loophole__name_en", "loophole__name_zh")
_CRIME_TEXTS = (*_NAMES, "title", "means", "power", "charges__law__offence__name_en", "charges__law__offence__name_zh")
_RECOMMENDATION_TEXTS = (*_NAMES, "facts", "measures", "basis")


@dataclass(frozen=True)
class Asked:
    """What the result is narrowed by. A filter that a kind of record knows nothing of leaves that kind out."""

    penalties: Filters = field(default_factory=Filters)
    records: Sequence[str] = ()
    offences: Sequence[int] = ()
    loopholes: Sequence[int] = ()
    ranks: Sequence[int] = ()

    def wants(self, record: str) -> bool:
        """Whether records of a kind can be among the result."""
        if self.records and record not in self.records:
            return False
        of_decisions = bool(self.penalties.transferred or self.penalties.rules or self.penalties.kinds)
        of_crimes = bool(self.offences or self.ranks)
        if record == PENALTY:
            return not (of_crimes or self.loopholes)
        if record == CRIME:
            return not of_decisions
        return not (of_decisions or of_crimes or self.penalties.classes)


class Item(NamedTuple):
    """A record found: its kind, its id, and the day by which it is put in order."""

    record: str
    pk: int
    day: date


@dataclass
class Counts(finding.Counts):
    """How many of what was found are of each value; agencies are the units of cases and recommendations too."""

    records: dict[str, int] = field(default_factory=dict)
    offences: dict[int, int] = field(default_factory=dict)
    loopholes: dict[int, int] = field(default_factory=dict)
    ranks: dict[int, int] = field(default_factory=dict)


class Result(NamedTuple):
    """What was found, in order; whether there are more decisions than were looked at; the counts."""

    items: list[Item]
    is_capped: bool
    counts: Counts


def search(user: User, query: Query, asked: Asked, *, by_rank: bool = False) -> Result:
    """Everything that matches and the person may read: the newest first, or the best first.

    By rank a case says more than a recommendation, and both more than a decision.
    """
    decisions = finding.Found([], is_capped=False)
    if asked.wants(PENALTY):
        decisions = finding.find(user, query, asked.penalties, by_rank=by_rank)
    counts = Counts(**vars(finding.counts(decisions.ids)))
    crimes = _crimes(user, query, asked) if asked.wants(CRIME) else []
    advice = _recommendations(user, query, asked) if asked.wants(RECOMMENDATION) else []
    _count(counts, crimes, advice)
    counts.records = {CRIME: len(crimes), RECOMMENDATION: len(advice), PENALTY: len(decisions.ids)}
    items = [*_items(CRIME, crimes), *_items(RECOMMENDATION, advice), *_decisions(decisions.ids)]
    if not by_rank:
        items.sort(key=lambda item: item.day, reverse=True)
    return Result(items, decisions.is_capped, counts)


class _Row(NamedTuple):
    """What is counted of a case or recommendation."""

    pk: int
    day: date
    unit_id: int
    loophole_id: int | None
    amount: Decimal | None = None


def _items(record: str, rows: Iterable[_Row]) -> list[Item]:
    return [Item(record, row.pk, row.day) for row in rows]


def _decisions(ids: list[int]) -> list[Item]:
    days = dict(Punishment.objects.filter(pk__any=array_of(ids)).values_list("pk", "decided_on"))
    return [Item(PENALTY, pk, days[pk]) for pk in ids if pk in days]


def _stands(word: Word, names: Sequence[str]) -> Q:
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__icontains": word.text})
    return found


def _crimes(user: User, query: Query, asked: Asked) -> list[_Row]:
    """Duty-crime cases, each by the day it was filed."""
    found: QuerySet[CrimeCase, Any] = CrimeCase.objects.visible_to(user)
    for word in query.words:
        person = Suspect.objects.filter(
            Q(name__icontains=word.text) | Q(post__icontains=word.text), case=OuterRef("pk")
        )
        found = found.filter(_stands(word, _CRIME_TEXTS) | Exists(person))
    if asked.offences:
        found = found.filter(charges__law__offence__in=asked.offences)
    if asked.ranks:
        found = found.filter(suspects__rank__in=asked.ranks)
    filed = Milestone.objects.filter(case=OuterRef("pk"), stage=Stage.FILED).values("reached_on")[:1]
    amount = Charge.objects.filter(case=OuterRef("pk")).order_by().values("case").annotate(sum=Sum("amount"))
    # Joined to charges for the words: each once.
    found = CrimeCase.objects.filter(pk__in=found.values("pk")).annotate(
        day=Coalesce(Subquery(filed), TruncDate("opened_at", tzinfo=clock.zone()), output_field=DateField()),
        amount=Subquery(amount.values("sum")),
    )
    rows = _narrowed(found, asked).values_list("pk", "day", "unit_id", "loophole_id", "amount")
    return [row for row in (_Row(*each) for each in rows) if _in_classes(row.amount, asked.penalties.classes)][:CAP]


def _recommendations(user: User, query: Query, asked: Asked) -> list[_Row]:
    """Recommendations, each by the day it was served, signed or drafted."""
    found: QuerySet[Recommendation, Any] = Recommendation.objects.visible_to(user)
    for word in query.words:
        found = found.filter(_stands(word, _RECOMMENDATION_TEXTS))
    drafted = TruncDate(Coalesce("signed_at", "drafted_at"), tzinfo=clock.zone())
    found = found.annotate(day=Coalesce("served_on", drafted, output_field=DateField()))
    rows = _narrowed(found, asked).values_list("pk", "day", "unit_id", "loophole_id")
    return [_Row(*each) for each in rows[:CAP]]


def _narrowed(found: "QuerySet[Any, Any]", asked: Asked) -> "QuerySet[Any, Any]":
    """By what both know: unit, system, year and days; the newest first."""
    filters = asked.penalties
    if filters.agencies:
        found = found.filter(unit__in=filters.agencies)
    if asked.loopholes:
        found = found.filter(loophole__in=asked.loopholes)
    if filters.years:
        found = found.filter(day__year__in=filters.years)
    if filters.since:
        found = found.filter(day__gte=filters.since)
    if filters.until:
        found = found.filter(day__lte=filters.until)
    return found.order_by("-day", "-pk")


def class_of(amount: Decimal | None) -> str:
    """The class of an amount in yuan."""
    if amount is None:
        return "unknown"
    return next(code for code, low, high in CLASSES if amount >= low and (high is None or amount < high))


def _in_classes(amount: Decimal | None, classes: Sequence[str]) -> bool:
    return not classes or class_of(amount) in classes


def _count(counts: Counts, crimes: list[_Row], advice: list[_Row]) -> None:
    """Add cases and recommendations to the counts of decisions."""
    rows, ids = [*crimes, *advice], [row.pk for row in crimes]
    counts.agencies = dict(Counter(counts.agencies) + Counter(row.unit_id for row in rows))
    counts.years = dict(Counter(counts.years) + Counter(row.day.year for row in rows))
    counts.classes = dict(Counter(counts.classes) + Counter(class_of(row.amount) for row in crimes))
    counts.loopholes = dict(Counter(row.loophole_id for row in rows if row.loophole_id is not None))
    offences = Charge.objects.filter(case__in=ids).order_by().values_list("case_id", "law__offence_id").distinct()
    counts.offences = dict(Counter(offence for _case, offence in offences))
    ranks = Suspect.objects.filter(case__in=ids).order_by().values_list("case_id", "rank_id").distinct()
    counts.ranks = dict(Counter(rank for _case, rank in ranks))
