"""Cases that a major duty-crime case opens at once, against who led the unit when the act was done."""

from cases.models import CrimeCase
from portal.accounts.models import User
from portal.organisation.models import Tenure
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility.accountability_rules import EXPLAIN_DAYS
from responsibility.models import AccountabilityCase, CaseEntry, Cause, EntryKind
from responsibility.services.accountability import telling
from responsibility.services.accountability.by_clock import groups_above, next_serial
from responsibility.services.accountability.words import log


def follow_major_case(sender: object, case: CrimeCase, tenure: Tenure | None, by: User, **kwargs: object) -> None:
    """Open accountability in the transaction that makes a case a major one; nobody answers where nobody led the unit."""
    if tenure is not None:
        open_for_major_case(by, case, tenure)


def open_for_major_case(by: User, crime: CrimeCase, tenure: Tenure) -> AccountabilityCase:
    """Open the case, once for each duty-crime case. Must be called inside a transaction."""
    today = clock.today()
    case = AccountabilityCase.objects.create(
        year=today.year,
        serial=next_serial(today.year),
        cause=Cause.MAJOR_CASE,
        unit=crime.unit,
        person=tenure.person,
        tenure=tenure,
        crime_case=crime,
        group_id=groups_above([crime.unit_id])[crime.unit_id],
        opened_on=today,
        explain_from=today,
        explain_until=load_calendar().add(today, EXPLAIN_DAYS),
    )
    CaseEntry.objects.create(case=case, kind=EntryKind.OPENED, made_at=clock.now(), level=case.level)
    log(by, "opened", case)
    telling.opened([case])
    return case
