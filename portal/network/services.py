"""The verbs of corrections: propose, accept, decline, withdraw."""

from typing import Any

from django.db import transaction
from django.utils import translation

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.accounts.scopes import users_with
from portal.audit import services as audit
from portal.network import policies, rules
from portal.network.errors import (
    AlreadyDecided,
    EmptyValue,
    NotAnEmail,
    NotAPhone,
    NotOfTheUnit,
    OwnProposal,
    ProposedAlready,
    ReasonMissing,
    SameValue,
    TooLong,
    ValueChanged,
)
from portal.network.models import Correction, Field, State
from portal.notices import services as notices
from portal.organisation.models import Person, Tenure, Unit
from portal.organisation.pinyin import keys
from portal.web.errors import NotAllowed
from portal.web.i18n import both
from portal.workdays import clock


def checked(field: Field, text: str) -> str:
    """A proposed value as it is stored. Raises EmptyValue, TooLong, NotAPhone, NotAnEmail."""
    value = rules.tidy(text)
    if not value:
        raise EmptyValue
    model: Any = Person if field.is_personal else Unit
    limit = int(model._meta.get_field(field.column).max_length)
    if len(value) > limit:
        raise TooLong(limit=limit)
    if field in (Field.UNIT_PHONE, Field.PERSON_PHONE) and not rules.is_phone(value):
        raise NotAPhone
    if field == Field.PERSON_EMAIL and not rules.is_email(value):
        raise NotAnEmail
    return value


@transaction.atomic
def propose(by: User, *, unit: Unit, field: Field, value: str, reason: str, person: Person | None = None) -> Correction:
    """Propose a value for a unit, or for somebody who holds a post there today; the coordinators are told.

    Raises NotOfTheUnit, ProposedAlready, SameValue, ReasonMissing, what `checked` raises, NotAllowed.
    """
    locked = Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
    if not policies.may_propose(by, locked):
        raise NotAllowed
    if field.is_personal and (person is None or not _holds_a_post(person, locked)):
        raise NotOfTheUnit
    about = person if field.is_personal else None
    if about is not None:
        # Also somebody else's proposal at another unit waits for this lock.
        about = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=about.pk)
    proposed = checked(field, value)
    if not reason.strip():
        raise ReasonMissing
    then = str(getattr(about or locked, field.column))
    if proposed == then:
        raise SameValue
    same = Correction.objects.waiting().filter(field=field)
    if same.filter(person=about).exists() if about is not None else same.filter(unit=locked).exists():
        raise ProposedAlready
    made = Correction.objects.create(
        unit=locked, person=about, field=field, value_then=then, value_proposed=proposed, reason=reason.strip(), proposed_by=by
    )  # fmt: skip
    _record(by, "correction.proposed", made)
    deciders = users_with(Role.COORDINATOR, str(locked.path)).exclude(pk=by.pk)
    _tell("correction_proposed", made, deciders, proposer=both(by) if by.name_en and by.name_zh else by.name)
    return made


@transaction.atomic
def accept(by: User, correction_id: int, *, reason: str = "") -> Correction:
    """Accept a correction: the value is written, and who proposed it is told.

    Raises AlreadyDecided, ValueChanged (naming both values; nothing is written), OwnProposal, NotAllowed.
    """
    correction = _locked_for(by, correction_id)
    target = _locked_target(correction)
    column = Field(correction.field).column
    now = str(getattr(target, column))
    if now != correction.value_then:
        raise ValueChanged(then=correction.value_then, now=now)
    _write(target, column, correction.value_proposed)
    _decide(by, correction, State.ACCEPTED, reason)
    _record(by, "correction.accepted", correction)
    _tell("correction_accepted", correction, [correction.proposed_by])
    return correction


@transaction.atomic
def decline(by: User, correction_id: int, *, reason: str) -> Correction:
    """Decline a correction with a reason; who proposed it is told. Raises AlreadyDecided, ReasonMissing, OwnProposal,
    NotAllowed."""
    correction = _locked_for(by, correction_id)
    if not reason.strip():
        raise ReasonMissing
    _decide(by, correction, State.DECLINED, reason)
    _record(by, "correction.declined", correction)
    _tell("correction_declined", correction, [correction.proposed_by], reason=correction.decision_reason)
    return correction


@transaction.atomic
def withdraw(by: User, correction_id: int) -> Correction:
    """Take back a correction of one's own. Raises AlreadyDecided, NotAllowed."""
    correction = _locked(correction_id)
    if not policies.may_withdraw(by, correction):
        raise NotAllowed
    _require_waiting(correction)
    _decide(by, correction, State.WITHDRAWN, "")
    _record(by, "correction.withdrawn", correction)
    return correction


def _holds_a_post(person: Person, unit: Unit) -> bool:
    return Tenure.objects.on(clock.today()).filter(person=person, post__unit=unit).exists()


def _locked(correction_id: int) -> Correction:
    rows = Correction.objects.select_related("unit", "person", "proposed_by")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=correction_id)


def _locked_for(by: User, correction_id: int) -> Correction:
    """The correction, locked, for who decides on it. Raises NotAllowed, OwnProposal, AlreadyDecided."""
    correction = _locked(correction_id)
    if not policies.may_decide(by, str(correction.unit.path)):
        raise NotAllowed
    if correction.proposed_by_id == by.pk:
        raise OwnProposal
    _require_waiting(correction)
    return correction


def _require_waiting(correction: Correction) -> None:
    if correction.state != State.PROPOSED:
        raise AlreadyDecided(state=correction.get_state_display())


def _locked_target(correction: Correction) -> Unit | Person:
    """The row that is written, locked and fresh: whoever imports it at this moment is waited for."""
    if correction.person_id is not None:
        return Person.objects.select_for_update(of=("self",), no_key=True).get(pk=correction.person_id)
    return Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=correction.unit_id)


def _write(target: Unit | Person, column: str, value: str) -> None:
    """One column, and the keys of order and search that follow from a name. An account keeps its own name and address:
    a new password would otherwise be sent to where a correction says."""
    setattr(target, column, value)
    fields = [column]
    if column in ("name_zh", "name_en"):
        is_person = isinstance(target, Person)
        target.sort_key, target.initials = keys(target.name_zh, target.name_en, person=is_person)
        fields += ["sort_key", "initials"]
    target.save(update_fields=fields)


def _decide(by: User, correction: Correction, state: State, reason: str) -> None:
    correction.move_to(
        state,
        expected_version=correction.version,
        decided_by=by,
        decided_at=clock.now(),
        decision_reason=reason.strip(),
    )


def _record(by: User, action: str, correction: Correction) -> None:
    data: dict[str, Any] = {
        "field": correction.field,
        "from": correction.value_then,
        "to": correction.value_proposed,
        "reason": correction.decision_reason or correction.reason,
    }
    if correction.person is not None:
        data["person"] = correction.person.employee_no
    audit.record(by, action, correction, path=str(correction.unit.path), data=data)


def _in_both(field: Field) -> dict[str, str]:
    """What was corrected, in both languages: a notice is read in the reader's."""
    words = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            words[language] = str(field.label)
    return words


def _tell(kind: str, correction: Correction, to: Any, **data: Any) -> None:
    whose = both(correction.person) if correction.person is not None else both(correction.unit)
    notices.queue(
        kind,
        to=to,
        about=correction,
        unit=correction.unit,
        url=correction.get_absolute_url(),
        what=_in_both(Field(correction.field)),
        whose=whose,
        value=correction.value_proposed,
        **data,
    )
