"""Receiving clues: by an officer, by the public page, out of a hit of the screening; and what a sender hears."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Max

from cases import policies, sealing
from cases.clue_rules import add_months
from cases.errors import HitDecided, NoQuestion, PublicPageClosed
from cases.models import CaseSettings, Clue, ClueState, Grade, HitState, ScreeningHit, Source, TextKind
from cases.models.clues import FOR_SENDER
from cases.punishments import screening
from cases.services.clues import texts
from cases.services.clues.telling import tell_officers, tell_received
from cases.services.clues.working import name_officers
from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations.services import duties
from portal.organisation.models import Unit
from portal.workdays import clock

DIGITS = 16
# Those who number clues take turns.
LOCK = 7_301_014


class Received(NamedTuple):
    """A clue, and the digits that its sender alone knows."""

    clue: Clue
    receipt: str = ""


class Told(NamedTuple):
    """What a clue says, in the words of who tells it."""

    content: str
    concerned: str = ""
    reporter: str = ""


@transaction.atomic
def receive(
    by: User,
    *,
    office: Unit,
    source: str,
    told: Told,
    channel: str = "",
    unit: Unit | None = None,
    received_on: date | None = None,
    grade: str = "",
    officers: Sequence[User] = (),
) -> Clue:
    """Enter a clue that came to the office. Raises NotAllowed."""
    policies.require(policies.may_work_at(by, str(office.path)))
    clue = _make(office=office, source=source, received_on=received_on or clock.today(), by=by)
    clue.channel, clue.unit, clue.grade = channel, unit, grade
    clue.save(update_fields=["channel", "unit", "grade"])
    _write(clue, told, by)
    audit.record(by, "clue.received", clue, path=str(office.path), data={"source": source})
    if officers:
        clue = name_officers(by, clue.pk, expected_version=clue.version, users=officers, grade=grade or Grade.MEDIUM)
    return clue


@transaction.atomic
def receive_from_public(told: Told, files: Sequence[Any] = ()) -> Received:
    """Take a clue from somebody without sign-in. No address is kept, only the fingerprint of the receipt.

    Raises PublicPageClosed, and what is refused of files.
    """
    office = office_of_public()
    with audit.without_origin():
        clue = _make(office=office, source=Source.PUBLIC, received_on=clock.today(), by=None)
        receipt = "".join(secrets.choice("0123456789") for _digit in range(DIGITS))
        clue.receipt = sealing.fingerprint(receipt)
        clue.save(update_fields=["receipt"])
        _write(clue, told, None)
        for file in files:
            texts.keep_file(clue, file)
        audit.record(None, "clue.received", clue, path=str(office.path), data={"source": Source.PUBLIC})
        tell_received(clue)
    return Received(clue, receipt)


@transaction.atomic
def from_hit(by: User, hit_id: int, *, expected_version: int, remark: str) -> Clue:
    """Make a clue of what a rule pointed at. Raises HitDecided, NotAllowed, Conflict."""
    hit = ScreeningHit.objects.visible_to(by).locked(hit_id)
    decision = hit.punishment
    policies.require(policies.may_work_at(by, str(decision.agency.path)))
    if hit.state != HitState.OPEN:
        raise HitDecided
    office = office_of(decision.agency)
    clue = _make(office=office, source=Source.SCREENING, received_on=clock.today(), by=by)
    clue.unit = decision.agency
    clue.save(update_fields=["unit"])
    content = (
        f"{hit.rule.name}: {screening.explain(hit)}\n{decision.number} {decision.title}\n{decision.facts}\n\n{remark}"
    )
    _write(clue, Told(content, decision.party), by)
    hit.move_to(
        HitState.CLUE, expected_version=expected_version, clue=clue, decided_by=by, decided_at=clock.now(), reason=""
    )
    audit.record(by, "clue.received", clue, path=str(office.path), data={"source": Source.SCREENING, "hit": hit.pk})
    return clue


def office_of(unit: Unit) -> Unit:
    """Who verifies a clue about a unit: the office that the site names, else the top of the tree above the unit."""
    named = CaseSettings.objects.select_related("office").filter(pk=1).first()
    if named is not None and named.office is not None:
        return named.office
    return Unit.objects.filter(path__ancestors=unit.path, parent=None).get()


def office_of_public() -> Unit:
    """Who verifies what comes by the public page. Raises PublicPageClosed."""
    kept = CaseSettings.objects.select_related("office").filter(pk=1).first()
    office = kept.office if kept is not None else None
    office = office or Unit.objects.active().filter(parent=None).order_by("path").first()
    if (kept is not None and not kept.public_page) or office is None:
        raise PublicPageClosed
    return office


def _make(*, office: Unit, source: str, received_on: date, by: User | None) -> Clue:
    """A clue with its number, its key and the duty to verify it; its texts are still to come."""
    _take_turns()
    year = received_on.year
    serial = (Clue.objects.filter(year=year).aggregate(last=Max("serial"))["last"] or 0) + 1
    kept = CaseSettings.objects.filter(pk=1).first()
    due_on = add_months(received_on, kept.verify_months if kept else 2)
    duty = duties.open_duty(
        "clue", office.pk, due_on, label_en=f"Clue {year}-{serial}", label_zh=f"线索{year}-{serial}", year=year
    )
    clue = Clue(
        year=year,
        serial=serial,
        office=office,
        source=source,
        received_on=received_on,
        received_by=by,
        obligation=duty,
    )
    envelope = sealing.new_envelope(str(clue.pk))
    clue.key_id, clue.enclosed_key = envelope
    clue.save(force_insert=True)
    return clue


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _write(clue: Clue, told: Told, by: User | None) -> None:
    texts.write(clue, TextKind.CONTENT, told.content, by)
    texts.write(clue, TextKind.CONCERNED, told.concerned, by)
    texts.write(clue, TextKind.REPORTER, told.reporter, by)


# --- The sender ---------------------------------------------------------------------------------------------------------


def by_receipt(digits: str) -> Clue | None:
    """The clue of a receipt; None for digits that were never given."""
    plain = "".join(char for char in digits if char.isdecimal())
    if len(plain) != DIGITS:
        return None
    return Clue.objects.filter(receipt=sealing.fingerprint(plain)).first()


def said_to_sender(clue: Clue) -> list[texts.Said]:
    """What the sender was asked and has answered, and the reply."""
    return texts.said(clue, *FOR_SENDER)


@transaction.atomic
def answer_question(clue_id: Any, text: str) -> Clue:
    """The sender answers, or adds something, while the clue is open. Raises NoQuestion."""
    clue = Clue.objects.locked(clue_id)
    if clue.state == ClueState.CLOSED or not clue.receipt:
        raise NoQuestion
    with audit.without_origin():
        texts.write(clue, TextKind.ANSWER, text)
        audit.record(None, "clue.sender_answered", clue, path=str(clue.office.path))
        tell_officers(clue, "clue_answered")
    return clue
