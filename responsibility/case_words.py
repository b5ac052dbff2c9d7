"""A case in words: its number, the steps of its procedure, what is waited for and from whom."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from portal.web.dates import day, due_day
from portal.web.i18n import pick
from portal.workdays import clock
from responsibility import deciding
from responsibility.accountability_rules import has_been_heard
from responsibility.deciding import NOBODY, Bench
from responsibility.models import (
    UNDECIDED,
    AccountabilityCase,
    CaseEntry,
    CaseState,
    Cause,
    Decider,
    EntryKind,
    Programme,
)


def number_of(case: AccountabilityCase) -> str:
    """The case's official number."""
    return str(pick(Programme.objects.get(pk=1).case_number(case.year, case.serial)))


def against(case: AccountabilityCase) -> str:
    """Which case it is, and against whom in which office."""
    words = {"number": number_of(case), "person": case.person.name, "post": case.tenure.post.title}
    if case.cause == Cause.MAJOR_CASE:
        return _("%(number)s. Against %(person)s, %(post)s, in office when the act was done.") % words
    return _("%(number)s. Against %(person)s, %(post)s, in office on the due day.") % words


def bench_words(bench: Bench) -> str:
    """A leading group and those of it who act."""
    group = bench.group
    return _("%(group)s (%(names)s)") % {"group": group.name, "names": bench.names} if group is not None else ""


class NextSteps:
    """What is waited for in each of some cases, and from whom: a fixed number of queries for all of them."""

    def __init__(self, cases: Sequence[AccountabilityCase], today: date) -> None:
        self.today = today
        undecided = [case.pk for case in cases if case.state in UNDECIDED]
        objected = [case.pk for case in cases if case.state == CaseState.OBJECTED]
        self.deciders = deciding.deciders(undecided) if undecided else {}
        self.answerers = deciding.answerers(objected) if objected else {}
        said = CaseEntry.objects.filter(case__in=undecided).order_by("pk")
        self.explained = (
            set(said.filter(kind=EntryKind.EXPLANATION).values_list("case", flat=True)) if undecided else set()
        )
        proposals = said.filter(kind=EntryKind.PROPOSAL).values_list("case", "measure__decider")
        self.proposed = dict(proposals) if undecided else {}
        self.body = Programme.objects.get(pk=1).referral if undecided or objected else ""

    def of(self, case: AccountabilityCase) -> str:
        """The sentence of one case; empty where nothing is waited for."""
        match case.state:
            case CaseState.DECIDED if case.object_until is not None and not case.is_final(self.today):
                return _("Objection until %(day)s") % {"day": due_day(case.object_until)}
            case CaseState.OBJECTED:
                return self._bench(self.answerers.get(case.pk, NOBODY), _("Answers the objection: %(who)s"))
            case CaseState.OPENED | CaseState.EXPLAINED | CaseState.PROPOSED:
                return self._undecided(case)
        return ""

    def _undecided(self, case: AccountabilityCase) -> str:
        if not has_been_heard(case.pk in self.explained, case.explain_until, self.today):
            return _("Explanation until %(day)s") % {"day": due_day(case.explain_until)}
        if case.state == CaseState.PROPOSED and self.proposed.get(case.pk) == Decider.COORDINATOR:
            return _("Decides: the coordinator")
        bench = self.deciders.get(case.pk, NOBODY)
        if case.state == CaseState.PROPOSED or not bench.members:
            return self._bench(bench, _("Decides: %(who)s"))
        return self._bench(bench, _("The coordinator proposes; decides: %(who)s"))

    def _bench(self, bench: Bench, sentence: str) -> str:
        if bench.members:
            return sentence % {"who": bench_words(bench)}
        return _("To be referred to %(body)s") % {"body": self.body}


def steps(case: AccountabilityCase, entries: Sequence[CaseEntry], today: date) -> list[dict[str, Any]]:
    """The procedure of a case at its present level as a row of steps: done, now, to come."""
    said = _said_at_this_level(case, entries)
    rows = _rows(case)
    last = max((place for place, (kind, _title, _until) in enumerate(rows) if kind in said), default=0)
    final = case.is_final(today)
    shown: list[dict[str, Any]] = []
    for place, (kind, title, until) in enumerate(rows):
        entry = said.get(kind)
        if not entry and (place < last or (final and place + 1 < len(rows))):
            continue  # was left out, and will not be made up for
        done = entry is not None or final
        code = "done" if done else "now" if place == last + 1 else "todo"
        at = day(entry.made_at.astimezone(clock.zone()).date()) if entry else "" if final else until
        shown.append({"code": code, "title": title, "text": at})
    return shown


def _rows(case: AccountabilityCase) -> list[tuple[EntryKind, str, str]]:
    raised = [(EntryKind.RAISED, _("Raised to level %(level)s") % {"level": case.level}, "")] if case.level > 1 else []
    if case.state == CaseState.REFERRED:
        ending = (EntryKind.REFERRED, _("Referred"), "")
    elif case.state == CaseState.CLOSED and case.object_until and case.closed_on and case.closed_on > case.object_until:
        ending = (EntryKind.CLOSED, _("Final"), "")
    else:
        ending = (EntryKind.ANSWER, _("Final"), "")
    return [
        (EntryKind.OPENED, _("Opened"), ""),
        *raised,
        (EntryKind.EXPLANATION, _("Explained"), _("until %(day)s") % {"day": due_day(case.explain_until)}),
        (EntryKind.PROPOSAL, _("Proposed"), ""),
        (EntryKind.DECISION, _("Decision"), ""),
        (EntryKind.OBJECTION, _("Objection"), _("10 working days")),
        ending,
    ]


def _said_at_this_level(case: AccountabilityCase, entries: Sequence[CaseEntry]) -> dict[str, CaseEntry]:
    """The last word of each kind that counts at the present level: explanations count for good, a proposal for one
    decision."""
    before = max((e.pk for e in entries if e.kind == EntryKind.DECISION and e.level < case.level), default=0)
    kept = (EntryKind.OPENED, EntryKind.EXPLANATION)
    bound = (EntryKind.DECISION, EntryKind.OBJECTION, EntryKind.ANSWER, EntryKind.CLOSED)
    return {
        e.kind: e
        for e in entries
        if e.kind in kept or (e.pk > before and (e.kind not in bound or e.level == case.level))
    }
