"""What was found as a page shows it: heading, facts, the passages in which the words stand."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db.models import Prefetch
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cases.models import Charge, CrimeCase, Punishment, Recommendation, ScreeningHit, Suspect
from cases.punishments import terms, wording
from cases.searching import CRIME, PENALTY, RECOMMENDATION, Item
from portal.web.dates import full_day
from portal.web.lookups import array_of
from portal.web.pages import Text

RECORDS: dict[str, Text] = {
    CRIME: _("Duty-crime case"),
    PENALTY: _("Administrative punishment"),
    RECOMMENDATION: _("Recommendation"),
}
# Where a passage is looked for, the most telling first; what the heading of a hit shows already is not said again.
_PASSAGES: dict[str, Sequence[str]] = {
    PENALTY: ("facts", "content", "basis", "remark", "representative", "handler", "kinds", "reply"),
    CRIME: ("means", "power"),
    RECOMMENDATION: ("facts", "measures", "basis"),
}
PASSAGES_MAX = 2


class Hit(NamedTuple):
    """A record found: its address, its heading, what is known of it, the passages, the open hits of the rules."""

    url: str
    title: list[terms.Piece]
    facts: list[Text]
    passages: list[tuple[Text, list[terms.Piece]]]
    rules: list[str]


def of(items: Sequence[Item], query: terms.Query) -> list[Hit]:
    """The hits of a page in their order: a fixed number of queries."""
    found: dict[tuple[str, int], Hit] = {}
    for record, made in ((PENALTY, _decisions), (CRIME, _crimes), (RECOMMENDATION, _recommendations)):
        ids = [item.pk for item in items if item.record == record]
        found |= {(record, pk): hit for pk, hit in (made(ids, query) if ids else ())}
    return [found[item.record, item.pk] for item in items if (item.record, item.pk) in found]


def in_order(ids: list[int]) -> list[Punishment]:
    """The decisions of these ids in this order, in one query."""
    found = {d.pk: d for d in Punishment.objects.filter(pk__any=array_of(ids)).select_related("agency")}
    return [found[pk] for pk in ids if pk in found]


def _decisions(ids: list[int], query: terms.Query) -> Iterator[tuple[int, Hit]]:
    marks: dict[int, list[str]] = {}
    for row in ScreeningHit.objects.open().filter(punishment__in=ids).select_related("rule"):
        marks.setdefault(row.punishment_id, []).append(row.rule.name)
    for decision in in_order(ids):
        facts: list[Text] = [decision.number, decision.agency.name, decision.party, full_day(decision.decided_on)]
        if decision.fine is not None:
            facts.append(_t("fine %(sum)s") % {"sum": wording.yuan(decision.fine)})
        facts += _amount(decision.amount)
        yield (
            decision.pk,
            _hit(PENALTY, decision, decision.title or decision.number, facts, query, marks.get(decision.pk, [])),
        )


def _amount(amount: Any) -> list[Text]:
    return [] if amount is None else [_t("amount involved %(sum)s") % {"sum": wording.yuan(amount)}]


def _crimes(ids: list[int], query: terms.Query) -> Iterator[tuple[int, Hit]]:
    charges = Prefetch("charges", Charge.objects.select_related("law__offence"))
    suspects = Prefetch("suspects", Suspect.objects.select_related("rank"))
    rows = CrimeCase.objects.filter(pk__in=ids).select_related("unit", "loophole").prefetch_related(charges, suspects)
    for case in rows:
        amounts = [charge.amount for charge in case.charges.all() if charge.amount is not None]
        facts: list[Text] = [RECORDS[CRIME], case.number, case.unit.name]
        facts += [charge.law.offence.name for charge in case.charges.all()]
        facts += [suspect.rank.name for suspect in case.suspects.all()[:1]]
        facts += [*_amount(sum(amounts) if amounts else None), case.get_state_display()]
        if case.loophole is not None:
            facts.append(case.loophole.name)
        yield case.pk, _hit(CRIME, case, case.title, facts, query)


def _recommendations(ids: list[int], query: terms.Query) -> Iterator[tuple[int, Hit]]:
    for found in Recommendation.objects.filter(pk__in=ids).select_related("unit", "loophole"):
        facts: list[Text] = [RECORDS[RECOMMENDATION], found.unit.name, found.get_state_display()]
        if found.loophole is not None:
            facts.append(found.loophole.name)
        yield found.pk, _hit(RECOMMENDATION, found, found.number, facts, query)


def _hit(record: str, row: Any, title: str, facts: list[Text], query: terms.Query, rules: Iterable[str] = ()) -> Hit:
    passages = list(_passages(row, _PASSAGES[record], query))
    return Hit(row.get_absolute_url(), terms.marked(title, query.words), facts, passages, list(rules))


def _passages(row: Any, names: Sequence[str], query: terms.Query) -> Iterator[tuple[Text, list[terms.Piece]]]:
    """Where the words stand; the beginning of the first text where they stand in none of them."""
    left = PASSAGES_MAX
    for name in names:
        pieces = terms.passage(str(getattr(row, name)), query.words)
        if pieces and left:
            yield row._meta.get_field(name).verbose_name, pieces
            left -= 1
    first = str(getattr(row, names[0]))
    if left == PASSAGES_MAX and first:
        text = first[: terms.PASSAGE]
        label = row._meta.get_field(names[0]).verbose_name
        yield label, [terms.Piece(text + ("……" if len(first) > len(text) else ""), marked=False)]
