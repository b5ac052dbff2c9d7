"""Opening a reporting period, and who owes a report in it."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, connection, transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.notices import services as notices
from portal.obligations import services as obligations
from portal.obligations.models import Obligation
from portal.organisation.models import Tenure, Unit
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from portal.workdays.calendar import provisional_mark
from responsibility import policies
from responsibility.errors import DueDayPassed, NoLetters, PeriodExists
from responsibility.models import Letter, PeriodKind, Report, ReportingPeriod
from responsibility.rules import SUCCESSOR_DAYS
from responsibility.services.reports.telling import names, titles

CHUNK = 500
# Who opens a period and who issues letters while it runs take turns: else a unit could be missed by both.
PERIOD_LOCK = 7_301_006


@transaction.atomic
def open_period(
    by: User, *, year: int, kind: PeriodKind, number: int, opens_on: date, due_on: date, closes_on: date | None = None
) -> ReportingPeriod:
    """Open a period: every unit with a letter of the year owes a report, and its leader is told.

    Raises DueDayPassed, PeriodExists, NoLetters, NotAllowed. The number of statements does not grow with the units of
    a chunk.
    """
    policies.require(policies.may_open_periods(by))
    if due_on <= clock.today():
        raise DueDayPassed
    take_turn()
    try:
        with transaction.atomic():
            period = ReportingPeriod.objects.create(
                year=year, kind=kind, number=number, opens_on=opens_on, due_on=due_on, closes_on=closes_on
            )
    except IntegrityError as error:
        raise PeriodExists from error
    units = list(Unit.objects.filter(pk__in=Letter.objects.live().for_year(year).values("unit_id")).order_by("pk"))
    if not units:
        raise NoLetters
    for first in range(0, len(units), CHUNK):
        owe(period, units[first : first + CHUNK], due_on=due_on)
    audit.record(by, "period.opened", period, data={"due_on": due_on.isoformat(), "reports": len(units)})
    return period


def take_turn() -> None:
    """Wait until nobody else opens a period or asks which ones run; taken before the log's turn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PERIOD_LOCK])


@transaction.atomic
def owe_running(year: int, units: Sequence[Unit]) -> int:
    """Let units whose letter came late report in the periods of the year that still run; returns how many reports.

    They have at least as many days as a successor has. The end of issuing letters; before the log's turn.
    """
    take_turn()
    earliest = load_calendar().add(clock.today(), SUCCESSOR_DAYS)
    running = ReportingPeriod.objects.running(year, clock.today())
    return sum(owe(period, units, due_on=max(period.due_on, earliest)) for period in running)


@transaction.atomic
def pass_on(duties: Sequence[Obligation], unit: Unit, by: User | None) -> int:
    """Let a unit owe the reports that units owed which it goes on for, each period once; returns how many it owes now.

    By the same day, but never sooner than a successor must. A unit without a letter of the year has nothing to report on:
    it owes the periods that run when its letter is issued.
    """
    take_turn()
    earliest = load_calendar().add(clock.today(), SUCCESSOR_DAYS)
    days: dict[int, date] = {}
    for period_id, due_on in Report.objects.filter(obligation__in=duties).values_list("period", "obligation__due_on"):
        days[period_id] = max(due_on, earliest, days.get(period_id, earliest))
    periods = ReportingPeriod.objects.filter(pk__in=days).order_by("pk")
    with_letter = set(Letter.objects.live().filter(unit=unit).values_list("year", flat=True))
    return sum(owe(period, [unit], due_on=days[period.pk]) for period in periods if period.year in with_letter)


def owe(period: ReportingPeriod, units: Sequence[Unit], *, due_on: date) -> int:
    """Let units report in a period by a day and tell their leaders; who owes the report already is left out.

    Returns how many reports; a fixed number of statements. Must be called inside a transaction.
    """
    have = set(Report.objects.filter(period=period, unit__in=units).values_list("unit_id", flat=True))
    units = [unit for unit in units if unit.pk not in have]
    if not units:
        return 0
    en, zh = titles(period)
    drafts = [obligations.DutyDraft(unit.pk, due_on, en, zh, period.year) for unit in units]
    duties = obligations.open_many("report", drafts)
    Report.objects.bulk_create(
        Report(period=period, unit=unit, obligation=duty) for unit, duty in zip(units, duties, strict=True)
    )
    _tell_leaders(period, units, due_on)
    return len(units)


def _tell_leaders(period: ReportingPeriod, units: Sequence[Unit], due_on: date) -> None:
    en, zh = titles(period)
    codes = {unit.pk: unit for unit in units}
    mark = provisional_mark(due_on=due_on)
    told = Tenure.objects.top_leaders().on(clock.today()).filter(post__unit_id__in=codes, person__user__isnull=False)
    notices.queue_many(
        notices.Draft(
            user_id,
            "report_asked",
            {"period": {"en": en, "zh-hans": zh}, "due_on": due_on.isoformat(), "unit_name": names(codes[unit_id])}
            | mark,
            f"/reports/{period.year}/{period.slug}/{codes[unit_id].code}/",
            f"period:{period.pk}",
            unit_id,
        )
        for unit_id, user_id in told.values_list("post__unit_id", "person__user_id")
    )
