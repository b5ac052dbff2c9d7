"""Issuing a version of the Regulations, and giving one up."""

from datetime import date

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.web.dates import full_day
from portal.workdays import clock
from systems.errors_programme import AdoptedLater, InForceBeforeAdopted, InForceBeforePredecessor, NoArticles
from systems.models.regulations import Regulations, RegulationState
from systems.services.regulations.writing import writable


@transaction.atomic
def issue(
    by: User, number: int, *, expected_version: int, adopted_on: date, in_force_from: date, document_number: str
) -> Regulations:
    """Issue a draft as it was adopted; it binds from a day on, today's or one to come.

    Raises NoArticles, AdoptedLater, InForceBeforeAdopted, InForceBeforePredecessor, RegulationsIssued, NotAllowed, Conflict.
    """
    made = writable(by, number)
    if not made.articles.exists():
        raise NoArticles
    if adopted_on > clock.today():
        raise AdoptedLater
    if in_force_from < adopted_on:
        raise InForceBeforeAdopted(day=full_day(adopted_on))
    before = Regulations.objects.issued().first()
    if before is not None and before.in_force_from is not None and in_force_from <= before.in_force_from:
        raise InForceBeforePredecessor(day=full_day(before.in_force_from))
    made.move_to(
        RegulationState.ISSUED,
        expected_version=expected_version,
        adopted_on=adopted_on,
        in_force_from=in_force_from,
        document_number=document_number,
        issued_by=by,
        issued_at=clock.now(),
    )
    audit.record(by, "regulations.issued", made, data={"version": made.number, "in_force_from": in_force_from})
    return made


@transaction.atomic
def discard(by: User, number: int) -> None:
    """Give a draft up. Raises RegulationsIssued, NotAllowed."""
    made = writable(by, number)
    audit.record(by, "regulations.discarded", made, data={"version": made.number})
    made.delete()
