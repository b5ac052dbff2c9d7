"""Verifying a clue: name officers, take steps, ask the sender, close with a result."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from cases import policies
from cases.errors import ClueClosed, NoReceipt, OfficerNotFit, ReasonMissing, ResultMissing
from cases.models import Clue, ClueOfficer, ClueState, Result, TextKind
from cases.services.clues import texts
from cases.services.clues.telling import tell
from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations.services import duties
from portal.organisation.models import Rank
from portal.workdays import clock


def _locked(by: User, clue_id: Any) -> Clue:
    clue = Clue.objects.visible_to(by).locked(clue_id)
    if clue.state == ClueState.CLOSED:
        raise ClueClosed
    return clue


@transaction.atomic
def name_officers(
    by: User, clue_id: Any, *, expected_version: int, users: Sequence[User], grade: str, rank: Rank | None = None
) -> Clue:
    """Name who verifies a clue, how urgent it is, and the rank of whom it concerns.

    Who is not named any more can no longer open it.

    Raises ClueClosed, OfficerNotFit, NotAllowed, Conflict.
    """
    clue = _locked(by, clue_id)
    policies.require(policies.may_name_officers(by, clue))
    unfit = [user for user in users if not policies.may_be_officer(user, clue)]
    if unfit or not users:
        raise OfficerNotFit
    clue.move_to(ClueState.VERIFYING, expected_version=expected_version, grade=grade, rank=rank)
    known = set(clue.officers.values_list("user_id", flat=True))
    clue.officers.exclude(user__in=users).delete()
    fresh = [user for user in users if user.pk not in known]
    ClueOfficer.objects.bulk_create(
        ClueOfficer(clue=clue, user=user, named_by=by, named_at=clock.now()) for user in fresh
    )
    names = [user.username for user in users]
    audit.record(by, "clue.officers_named", clue, path=str(clue.office.path), data={"officers": names})
    tell(clue, "clue_assigned", fresh)
    return clue


@transaction.atomic
def add_step(by: User, clue_id: Any, *, text: str) -> Clue:
    """Write down what was done to verify it. Raises ClueClosed, ReasonMissing, NotAllowed."""
    clue = _locked(by, clue_id)
    policies.require(policies.is_officer(by, clue))
    if not text.strip():
        raise ReasonMissing
    texts.write(clue, TextKind.STEP, text, by)
    audit.record(by, "clue.step_taken", clue, path=str(clue.office.path))
    return clue


@transaction.atomic
def ask_sender(by: User, clue_id: Any, *, text: str) -> Clue:
    """Ask who sent it, who reads the question under the receipt. Raises ClueClosed, NoReceipt, ReasonMissing, NotAllowed."""
    clue = _locked(by, clue_id)
    policies.require(policies.is_officer(by, clue))
    if not clue.receipt:
        raise NoReceipt
    if not text.strip():
        raise ReasonMissing
    texts.write(clue, TextKind.QUESTION, text, by)
    audit.record(by, "clue.sender_asked", clue, path=str(clue.office.path))
    return clue


@transaction.atomic
def close_clue(by: User, clue_id: Any, *, expected_version: int, result: str, reasons: str, reply: str = "") -> Clue:
    """Close a clue with its result and reasons; the duty to verify it is done.

    Raises ClueClosed, ResultMissing, ReasonMissing, NotAllowed, Conflict.
    """
    clue = _locked(by, clue_id)
    policies.require(policies.is_officer(by, clue))
    if clue.state != ClueState.VERIFYING or result not in Result.values:
        raise ResultMissing
    if not reasons.strip():
        raise ReasonMissing
    clue.move_to(ClueState.CLOSED, expected_version=expected_version, result=result, closed_on=clock.today())
    texts.write(clue, TextKind.RESULT, reasons, by)
    texts.write(clue, TextKind.REPLY, reply, by)
    duties.discharge(clue.obligation_id)
    audit.record(by, "clue.closed", clue, path=str(clue.office.path), data={"result": result})
    return clue
