"""Open duties on the pages of a change of units and of a handover."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.obligations import facts, registry, rules
from portal.obligations.models import Obligation, ObligationQuerySet
from portal.organisation.change_models import ChangeKind
from portal.organisation.touched import ENDS, MOVES, SHOWN, Choice, Group, Handover, Row, Scope
from portal.web.dates import due_day
from portal.web.i18n import titled
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from portal.workdays.rules import OutOfCalendar


def code_of(kind: str) -> str:
    """The code of the group of a kind's duties, in decisions and outcomes."""
    return f"duties:{kind}"


def touched_duties(scope: Scope, user: User) -> Iterator[Group]:
    """The open duties of the units that end, by kind; of a unit that goes on, how many stay with it."""
    if not scope.ended:
        yield from _staying(scope, user)
        return
    owed = Obligation.objects.visible_to(user).open().filter(unit_id__in=scope.ended)
    counts = dict(owed.order_by().values_list("kind").annotate(n=Count("pk")))
    for kind in registry.kinds():
        if kind.code in counts:
            choices = _choices(kind, scope)
            yield Group(
                code_of(kind.code),
                kind.title,
                counts[kind.code],
                _rows(owed.filter(kind=kind.code)),
                choices=choices,
                remark="" if choices else _("They end with your reason; what was done and decided stays as it is."),
            )


def _choices(kind: registry.Kind, scope: Scope) -> list[Choice]:
    """To end is always possible; to pass on, where the app knows how and somebody goes on."""
    if kind.pass_on is None or not scope.heirs:
        return []
    heirs = [
        Choice(
            f"{MOVES}{heir.code}", _t("%(unit)s owes them from now on, by the same day or later") % {"unit": heir.name}
        )
        for heir in scope.heirs
    ]
    return [Choice(ENDS, _("They end, and nobody owes them")), *heirs]


def _staying(scope: Scope, user: User) -> Iterator[Group]:
    owed = Obligation.objects.visible_to(user).open().filter(unit=scope.unit)
    remark = {
        ChangeKind.RENAME: _("They stay with the unit. Old documents keep the old name."),
        ChangeKind.MOVE: _("They stay with the unit; reminders and notices go to those above it from that day on."),
        ChangeKind.SPLIT: _("They stay with the unit, which goes on."),
    }
    yield Group("duties", _("Open duties"), owed.count(), _rows(owed), remark=remark.get(scope.kind, ""))


def _rows(duties: ObligationQuerySet) -> list[Row]:
    first = duties.select_related("unit").order_by("due_on", "pk")[:SHOWN]
    return [_row(duty, _t("due %(day)s") % {"day": due_day(duty.due_on)}) for duty in first]


def _row(duty: Obligation, note: str) -> Row:
    return Row(titled(duty.label, duty.unit.name), note, f"/duties/{duty.pk}/")


def outcome(code: str, count: int) -> str | None:
    """Duties that ended with a unit, and those that the unit that goes on owes because of it."""
    prefix, _colon, rest = code.partition(":")
    if prefix != "duties":
        return None
    kind, _colon, moved = rest.partition(":")
    if moved:
        text = ngettext(
            "%(title)s: %(count)s duty is owed by the unit that goes on.",
            "%(title)s: %(count)s duties are owed by the unit that goes on.",
            count,
        )
    else:
        text = ngettext(
            "%(title)s: %(count)s open duty has ended.", "%(title)s: %(count)s open duties have ended.", count
        )
    return text % {"title": registry.get(kind).title, "count": count}


def duties_of_handover(handover: Handover, user: User) -> Iterator[Group]:
    """Before it: what the successor takes over and what stays with the predecessor. After it: the same, as it is."""
    owed = list(Obligation.objects.visible_to(user).open().filter(unit=handover.unit).select_related("unit"))
    if handover.tenure is None:
        foreseen = dict(_foreseen(owed, handover))
    else:
        foreseen = {duty.pk: (duty.due_on, duty.tenure_id == handover.tenure.pk) for duty in owed}
    passing = [duty for duty in owed if foreseen[duty.pk][1]]
    staying = [duty for duty in owed if not foreseen[duty.pk][1]]
    yield Group(
        "passing",
        _("Open duties that the successor takes over"),
        len(passing),
        [_row(duty, _new_day(duty, foreseen[duty.pk][0])) for duty in passing],
        remark=_("Each leaves the successor at least ten working days."),
    )
    yield Group(
        "staying",
        _("Duties that the predecessor answers for"),
        len(staying),
        [_row(duty, _t("due %(day)s") % {"day": due_day(duty.due_on)}) for duty in staying],
        remark=_(
            "They fall due in the predecessor's time. The successor may still do them; who was in office answers."
        ),
    )


def _new_day(duty: Obligation, then: date) -> str:
    if then == duty.due_on:
        return _t("due %(day)s") % {"day": due_day(then)}
    return _t("due %(then)s instead of %(now)s") % {"then": due_day(then), "now": due_day(duty.due_on)}


# No tenure has it: stands for the one that is still to be made.
TO_COME = 0


def _foreseen(owed: Iterable[Obligation], handover: Handover) -> Iterator[tuple[int, tuple[date, bool]]]:
    """The due day of each duty after the handover, and whether the successor answers: the clock's own rules, as of that day."""
    calendar, ladders = load_calendar(), dict[int, rules.Ladder]()
    batch = facts.rows(Obligation.objects.filter(pk__in=[duty.pk for duty in owed]))
    known = facts.load(batch, calendar, ladders)
    on = max(clock.today(), handover.starts_on)
    for row in batch:
        now = known.facts[row.id]
        then = now._replace(holders=_holders(now.holders, handover.starts_on))
        try:
            due_on = rules.due_in_force(then, on, calendar)
        except OutOfCalendar:
            due_on = row.due_on
        # Until the due day has come whoever is in office answers.
        yield row.id, (due_on, rules.answerable(then.holders, due_on, on) == TO_COME)


def _holders(holders: Iterable[rules.Holder], starts_on: date) -> list[rules.Holder]:
    """Who holds the post once somebody takes it over on a day."""
    before = [
        holder
        if holder.ends_on is not None and holder.ends_on < starts_on
        else holder._replace(ends_on=starts_on - rules.ONE_DAY)
        for holder in holders
        if holder.starts_on < starts_on
    ]
    return [*before, rules.Holder(TO_COME, starts_on, None)]
