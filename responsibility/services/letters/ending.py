"""How letters end before their year does: withdrawn, or replaced when somebody else takes the post."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery

from portal.accounts.models import User
from portal.audit import services as audit
from portal.documents.models import EndReason
from portal.obligations import services as obligations
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.organisation.models import Tenure, Unit
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility import letter_pdf, policies
from responsibility.errors import LetterClosed, ReasonMissing, SignedAlready
from responsibility.models import LIVE, Letter, LetterState, ProgrammeYear
from responsibility.rules import successor_signing_day
from responsibility.services.letters import issuing, telling

NEW_HOLDER = "A new holder of the post / 主要负责人变更"


@transaction.atomic
def withdraw(by: User, letter_id: int, *, expected_version: int, reason: str) -> Letter:
    """Withdraw an unsigned letter with a reason; its duty ends. Raises SignedAlready, LetterClosed, ReasonMissing."""
    seen = Letter.objects.visible_to(by).get(pk=letter_id)
    duty = Obligation.objects.locked(seen.obligation_id)
    letter = Letter.objects.locked(letter_id)
    policies.require(policies.may_withdraw(by, letter))
    if letter.state == LetterState.SIGNED:
        raise SignedAlready
    if letter.state not in LIVE:
        raise LetterClosed
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    letter.move_to(LetterState.WITHDRAWN, expected_version=expected_version, reason=reason)
    if duty.state == State.OPEN:
        obligations.cancel(duty.pk, reason=reason, by=by)
    letter_pdf.end(letter, EndReason.WITHDRAWN)
    telling.withdrawn(letter, reason)
    audit.record(by, "letter.withdrawn", letter, path=str(letter.unit.path), data={"reason": reason})
    return letter


@transaction.atomic
def end_unsigned(waiting: "QuerySet[Letter]", *, reason: str, by: User | None) -> int:
    """Withdraw unsigned letters because their unit changes or is no more; their duties end. Returns how many.

    `by` is None when the clock performs what was planned. Whoever is told is told with the reason.
    """
    duties = Obligation.objects.filter(letter__in=waiting).order_by("pk").select_for_update(of=("self",), no_key=True)
    owed = {duty.pk: duty for duty in duties}
    locked = waiting.select_related("unit").order_by("pk").select_for_update(of=("self",), no_key=True)
    ending = list(locked)
    for letter in ending:
        letter.move_to(LetterState.WITHDRAWN, expected_version=letter.version, reason=reason)
        if owed[letter.obligation_id].state == State.OPEN:
            obligations.cancel(letter.obligation_id, reason=reason, by=by)
        letter_pdf.end(letter, EndReason.WITHDRAWN)
        telling.withdrawn(letter, reason)
        audit.record(by, "letter.withdrawn", letter, path=str(letter.unit.path), data={"reason": reason})
    return len(ending)


def follow_new_holders() -> int:
    """Replace the letters of posts that changed hands by the date alone; returns of how many units.

    An appointment may be entered weeks before it begins: nothing is sent on its first day.
    """
    year = clock.today().year
    held = Tenure.objects.top_leaders().on(clock.today()).filter(post__unit=OuterRef("unit"))
    live = Letter.objects.live().filter(year__gte=year, tenure__isnull=False)
    outdated = live.annotate(holder=Subquery(held.values("pk")[:1])).exclude(holder=None).exclude(tenure=F("holder"))
    units = sorted(set(outdated.values_list("unit_id", flat=True)))
    if units:
        follow_office(Letter, unit_ids=units)
    return len(units)


@transaction.atomic
def follow_office(sender: object, unit_ids: Iterable[int], **kwargs: object) -> None:
    """Give the new holder of a top post a letter that names the predecessor's; in the transaction of the change.

    A letter issued while the post was vacant names nobody: who takes the post signs that one.
    """
    wanted = Letter.objects.live().filter(year__gte=clock.today().year, unit__in=list(unit_ids), tenure__isnull=False)
    for year in sorted(set(wanted.values_list("year", flat=True))):
        issuing.take_turn(year)
    found = Unit.objects.active().filter(letters__in=wanted).with_responsible_group().distinct()
    units = {unit.pk: unit for unit in found}
    leaders = issuing.leaders_of(list(units.values()))
    # Duties before letters, each in the order of their keys: as whoever signs or withdraws one locks them.
    list(Obligation.objects.filter(letter__in=wanted).order_by("pk").select_for_update(of=("self",), no_key=True))
    letters = wanted.select_related("obligation").select_for_update(of=("self",), no_key=True).order_by("pk")
    for letter in letters:
        tenure, unit = leaders.get(letter.unit_id), units.get(letter.unit_id)
        if tenure is None or unit is None or tenure.pk == letter.tenure_id or not unit.responsible_group_id:
            continue
        _replace(letter, unit, tenure)


def _replace(letter: Letter, unit: Unit, tenure: Tenure) -> None:
    """Issue the successor's letter; an unsigned predecessor's duty ends, unless it fell due in the predecessor's time.

    The letter must be locked and the turn of its year taken.
    """
    template = issuing.published_template()
    letter.move_to(LetterState.SUPERSEDED, expected_version=letter.version, reason=NEW_HOLDER)
    duty = letter.obligation
    if duty.state == State.OPEN and duty.due_on >= tenure.starts_on:
        obligations.cancel(duty.pk, reason=NEW_HOLDER, by=None)
    opened = ProgrammeYear.objects.filter(pk=letter.year).first()
    signing_day = successor_signing_day(
        load_calendar(),
        since=max(clock.today(), tenure.starts_on),
        signing_due_on=opened.signing_due_on if opened else None,
    )
    issuing.write_letters(None, [unit], letter.year, template, signing_day=signing_day, replaces=letter)
    letter_pdf.end(letter, EndReason.REPLACED)
    audit.record(None, "letter.superseded", letter, path=str(unit.path), data={"reason": NEW_HOLDER})
