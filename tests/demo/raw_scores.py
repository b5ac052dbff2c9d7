"""The demo's scores a second time, unit by unit and row by row, by nothing that the portal scores with.

Run within the demo by `manage.py shell`; prints {"units": …, "differ": […], "totals": …} as its last line.
"""

import json
from decimal import ROUND_HALF_UP, Decimal

from django.db import connection
from django.db.models import Q

from portal.obligations.models import Obligation
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility.models import Letter, Standard, Submission
from responsibility.services import assessment
from systems.models import Power, PowerMeasure, Requirement, UnitSystem

TODAY = clock.today()
YEAR = TODAY.year
CALENDAR = load_calendar()


def cents(number: Decimal) -> Decimal:
    """Two places, halves away from zero."""
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)


def share(kept: int, owed: int) -> Decimal:
    """Percent to four places; all where nothing was due."""
    return (Decimal(100) * kept / owed).quantize(Decimal("0.0001")) if owed else Decimal(100)


def in_time(unit: int, kind: str) -> Decimal:
    """One duty after the other."""
    owed = kept = 0
    for duty in Obligation.objects.filter(unit_id=unit, year=YEAR, kind=kind):
        if duty.state in ("waived", "cancelled") or duty.due_on > TODAY:
            continue
        owed += 1
        kept += duty.state == "discharged" and duty.closed_on <= min(duty.due_on, TODAY)
    return share(kept, owed)


def days_late(unit: int) -> int:
    """The latest of the unit's letters."""
    late = [0]
    for duty in Obligation.objects.filter(unit_id=unit, year=YEAR, kind="letter"):
        end = min(duty.closed_on or TODAY, TODAY)
        if duty.state in ("open", "discharged") and duty.due_on < TODAY and end > duty.due_on:
            late.append(CALENDAR.late(duty.due_on, end))
    return max(late)


def coverage(unit: int, unit_type: int) -> Decimal:
    """One required system after the other."""
    newest: dict[int, Requirement] = {}
    for row in Requirement.objects.filter(year__lte=YEAR).order_by("year", "number"):
        newest[row.system_id] = row
    owed = kept = 0
    for row in newest.values():
        if row.is_repealed or not row.types.filter(pk=unit_type).exists():
            continue
        owed += 1
        there = UnitSystem.objects.filter(unit_id=unit, category_id=row.system_id)
        kept += any(s.state in ("in_force", "under_revision") and s.review_due_on >= TODAY for s in there)
    return Decimal(str(round(100 * kept / owed, 4))) if owed else Decimal(100)


def powers(unit: int) -> Decimal:
    """One power after the other."""
    listed = list(Power.objects.filter(unit_id=unit, ended_on__isnull=True))
    kept = 0
    for power in listed:
        for row in PowerMeasure.objects.filter(power=power, ended_on__isnull=True).select_related("system"):
            works = row.system is None or row.system.state in ("in_force", "under_revision")
            watched = (
                row.supervising_unit_id is not None
                if row.supervisor_id is None
                else row.supervisor_id != power.holder_id
            )
            if works and watched:
                kept += 1
                break
    return Decimal(str(round(100 * kept / len(listed), 4))) if listed else Decimal(100)


def count(sql: str, unit: int) -> int:
    """A single number."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"unit": unit, "year": YEAR, "today": TODAY})
        return int(cursor.fetchone()[0])


STEPS = """SELECT count(DISTINCT o.id) FROM obligations_step s JOIN obligations_obligation o ON o.id = s.obligation_id
    WHERE o.unit_id = %(unit)s AND o.year = %(year)s AND s.taken_on <= %(today)s
    AND s.action IN ('supervision_notice', 'open_accountability', 'raise_level')"""
CASES = """SELECT count(*) FROM responsibility_accountabilitycase c JOIN responsibility_measure m ON m.id = c.measure_id
    WHERE c.unit_id = %(unit)s AND c.year = %(year)s AND c.state IN ('decided', 'closed') AND """
REPLIES = """SELECT count(*) {kept} FROM cases_recommendation r JOIN obligations_obligation o ON o.id = r.obligation_id
    WHERE r.unit_id = %(unit)s AND o.due_on BETWEEN make_date(%(year)s, 1, 1) AND %(today)s"""
MAJORS = """SELECT count(*) FROM cases_crimecase c JOIN cases_milestone m ON m.case_id = c.id AND m.stage = 'filed'
    WHERE c.unit_id = %(unit)s AND c.major <> '' AND m.reached_on BETWEEN make_date(%(year)s, 1, 1) AND %(today)s"""
IN_TIME = " FILTER (WHERE o.state = 'discharged' AND o.closed_on <= o.due_on)"


def figures(unit: int, unit_type: int) -> dict[str, Decimal]:
    """What the targets of letters may name."""
    replies = share(count(REPLIES.format(kept=IN_TIME), unit), count(REPLIES.format(kept=""), unit))
    return {
        "responsibility.reports_in_time_rate": in_time(unit, "report"),
        "systems.coverage_rate": coverage(unit, unit_type),
        "systems.power_coverage_rate": powers(unit),
        "systems.rectified_in_time_rate": in_time(unit, "rectification"),
        "cases.recommendation_reply_rate": replies,
    }


def targets(letter: Letter, known: dict[str, Decimal]) -> Decimal:
    """Weights times attainment, one target after the other."""
    handed_in = Submission.objects.filter(
        Q(report__unit=letter.unit_id), report__period__year=YEAR, submitted_at__date__lte=TODAY
    )
    last = handed_in.order_by("submitted_at", "pk").last()
    said = last.content["targets"] if last else {}
    total = weights = Decimal(0)
    for section in letter.content["sections"]:
        for target in section.get("targets", ()):
            weights += target["weight"]
            if target["measure"] in known:
                goal = Decimal(str(target["goal"])) if target["goal"] else Decimal(100)
                total += target["weight"] * min(Decimal(100), 100 * known[target["measure"]] / goal)
            elif said.get(target["code"], {}).get("state") == "reached":
                total += target["weight"] * 100
    return (total / weights).quantize(Decimal("0.0001")) if weights else Decimal(0)


def total(letter: Letter) -> Decimal:
    """By the first version of the standard, written out by hand; nobody has given a mark."""
    unit = letter.unit_id
    known = figures(unit, letter.unit.type_id)
    share_of = {name.partition(".")[2]: value for name, value in known.items()}
    systems = (
        Decimal("0.5") * share_of["coverage_rate"] + Decimal("0.3") * share_of["power_coverage_rate"]
        + Decimal("0.2") * in_time(unit, "system_review")
    )  # fmt: skip
    answered = (share_of["rectified_in_time_rate"] + share_of["recommendation_reply_rate"]) / 2
    points = [
        Decimal(5) * max(0, 100 - 10 * days_late(unit)) / 100,
        Decimal(35) * targets(letter, known) / 100,
        Decimal(15) * Decimal("0.6") * share_of["reports_in_time_rate"] / 100,
        Decimal(15) * systems / 100,
        Decimal(10) * answered / 100,
        Decimal(-2) * count(STEPS, unit),
        Decimal(-5) * count(CASES + "m.code = 'circulated_criticism'", unit),
    ]
    return max(Decimal(0), sum((cents(each) for each in points), Decimal(0)))


def main() -> None:
    """Compare, unit by unit."""
    criteria = list(Standard.objects.get(number=1).criteria.all())
    placed = assessment.preview(criteria, YEAR, TODAY, assessment.units_of(YEAR))
    given = {result.unit_id: (result.total, result.vetoed) for _rank, result in placed}
    differ = []
    for letter in Letter.objects.live().for_year(YEAR).select_related("unit"):
        again = (total(letter), bool(count(MAJORS, letter.unit_id) or count(CASES + "m.is_veto", letter.unit_id)))
        if again != given[letter.unit_id]:
            differ.append([letter.unit.code, str(given[letter.unit_id]), str(again)])
    told = {"units": len(given), "differ": differ, "totals": len({value for value, _vetoed in given.values()})}
    print(json.dumps(told))  # noqa: T201 - its answer


main()
