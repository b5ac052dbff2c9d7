"""What a new day brings to systems: versions come into force, reviews come near, blank areas open, exceptions end.

Derived from the database and the date alone, so that it may run as often and as late as it likes.
"""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from portal.obligations import services as obligations
from portal.obligations.services import DutyDraft
from portal.organisation.models import Unit
from portal.web.i18n import both
from portal.workdays import clock
from systems.models import FORCE, Power, PowerReview, SystemReview, SystemVersion, UnitSystem, VersionState
from systems.register_rules import REVIEW_AHEAD_DAYS
from systems.services import blanks, force, rectification

REVIEW_DUTY, POWERS_DUTY = "system_review", "power_review"
# The list of powers is looked through from the first of October; it is owed by the last day of November.
POWERS_FROM, POWERS_DUE = (10, 1), (11, 30)
CHUNK = 500


def run() -> None:
    """Everything, each in transactions of its own."""
    steps: tuple[Callable[[], object], ...] = (
        come_into_force,
        open_reviews,
        open_power_reviews,
        rectification.end_exceptions,
        blanks.refresh,
    )
    for step in steps:
        step()


def come_into_force() -> int:
    """Versions whose day has come; returns how many."""
    due = SystemVersion.objects.filter(state=VersionState.ISSUED, in_force_from__lte=clock.today())
    count = 0
    for system_id in list(due.order_by("pk").values_list("system_id", flat=True)):
        with transaction.atomic():
            system = UnitSystem.objects.locked(system_id)
            version = system.versions.filter(state=VersionState.ISSUED, in_force_from__lte=clock.today()).first()
            if version is not None and system.unit.dissolved_on is None:
                force.come_into_force(version)
                count += 1
    return count


@transaction.atomic
def open_reviews() -> int:
    """A duty for each system whose review comes near; returns how many."""
    today = clock.today()
    owed = SystemReview.objects.filter(system=OuterRef("pk"), reviewed_on__isnull=True)
    near = (
        UnitSystem.objects.filter(
            ~Exists(owed),
            state__in=FORCE,
            review_due_on__lte=today + timedelta(days=REVIEW_AHEAD_DAYS),
            unit__dissolved_on__isnull=True,
        )
        .select_related("unit", "category")
        .order_by("pk")
    )
    systems = list(near.select_for_update(of=("self",), no_key=True))
    drafts = []
    for system in systems:
        names = both(system.category) if system.category else {"en": system.name_en, "zh-hans": system.name_zh}
        en, zh = names["en"] or names["zh-hans"], names["zh-hans"] or names["en"]
        # What was due before anybody could know of it is owed from now on, not overdue at once.
        due = max(system.review_due_on or today, today)
        drafts.append(DutyDraft(system.unit_id, due, f"Review: {en}"[:200], f"制度评估：{zh}"[:200], due.year))
    duties = obligations.open_many(REVIEW_DUTY, drafts)
    SystemReview.objects.bulk_create(
        SystemReview(system=system, due_on=duty.due_on, obligation=duty)
        for system, duty in zip(systems, duties, strict=True)
    )
    return len(duties)


@transaction.atomic
def open_power_reviews() -> int:
    """From October on, a duty for each unit with powers that has none for the year; returns how many."""
    today = clock.today()
    if (today.month, today.day) < POWERS_FROM:
        return 0
    due_on = date(today.year, *POWERS_DUE)
    if today > due_on:
        return 0
    has_powers = Power.objects.live().filter(unit=OuterRef("pk"))
    known = PowerReview.objects.filter(unit=OuterRef("pk"), year=today.year)
    units = list(Unit.objects.active().filter(Exists(has_powers), ~Exists(known)).order_by("pk"))
    label_en, label_zh = f"Review of the list of powers {today.year}", f"{today.year}年度权力清单复核"
    duties = obligations.open_many(
        POWERS_DUTY, [DutyDraft(unit.pk, due_on, label_en, label_zh, today.year) for unit in units]
    )
    PowerReview.objects.bulk_create(
        PowerReview(unit=unit, year=today.year, obligation=duty) for unit, duty in zip(units, duties, strict=True)
    )
    return len(duties)
