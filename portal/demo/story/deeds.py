"""What people do in the demo's year, by the services they would use."""

from datetime import date

from portal.accounts.models import User
from portal.demo import reports
from portal.demo.story.telling import YEAR
from portal.organisation.models import Tenure, Unit
from portal.workdays import clock
from responsibility import policies
from responsibility.models import AccountabilityCase, CaseState, Letter, Measure, PeriodKind, Report, ReportState
from responsibility.services import accountability, letters
from responsibility.services import reports as reporting


def user(name: str) -> User:
    """A user, fresh: standing is read anew for each day."""
    return User.objects.get(username=name)


def leader(code: str) -> User:
    """Who holds a unit's top post today."""
    held = Tenure.objects.top_leaders().on(clock.today()).get(post__unit__code=code)
    return User.objects.get(person=held.person)


def reporting_units() -> list[str]:
    """The codes of all units that sign a letter, in the order of the tree."""
    return list(Unit.objects.exclude(parent=None).order_by("path").values_list("code", flat=True))


# --- Letters ----------------------------------------------------------------------------------------------------------


def sign_batch(by: User) -> None:
    """Sign what waits for the head of a leading group."""
    waiting = [letter.pk for letter in letters.waiting_for(by, YEAR)]
    if waiting:
        letters.sign_for_group(by, year=YEAR, letter_ids=waiting, typed_name=by.name_en)


def sign(code: str) -> None:
    """Sign a unit's letter as its top leader."""
    letter = Letter.objects.live().for_year(YEAR).get(unit__code=code)
    by = leader(code)
    letters.sign_for_unit(by, letter.pk, expected_version=letter.version, read=True, typed_name=by.name_zh)


# --- Reports ----------------------------------------------------------------------------------------------------------


def open_period(kind: PeriodKind, number: int, due_on: date, closes_on: date) -> None:
    """Open a reporting period."""
    reporting.open_period(
        user("coordinator"),
        year=YEAR,
        kind=kind,
        number=number,
        opens_on=clock.today(),
        due_on=due_on,
        closes_on=closes_on,
    )


def report_of(kind: PeriodKind, code: str) -> Report:
    """A unit's report of a period."""
    return Report.objects.get(period__year=YEAR, period__kind=kind, unit__code=code)


def hand_in(kind: PeriodKind, code: str, *, again: bool = False) -> None:
    """Write and hand in a unit's report; `again` answers the remarks."""
    report, by = report_of(kind, code), leader(code)
    letter = Letter.objects.live().for_year(YEAR).get(unit__code=code)
    for part, values in reports.parts(report.unit, letter.targets, again=again):
        report = reporting.save_part(by, report.pk, part, values, expected_version=report.version)
    reporting.submit(by, report.pk, expected_version=report.version)


def send_back(kind: PeriodKind, code: str) -> None:
    """Return a report with the remarks of the demo."""
    report = report_of(kind, code)
    if report.state == ReportState.SUBMITTED:
        reporting.return_report(
            user("coordinator"), report.pk, expected_version=report.version, remarks=reports.REMARKS
        )


def accept(kind: PeriodKind, code: str) -> None:
    """Accept a report."""
    report = report_of(kind, code)
    if report.state == ReportState.SUBMITTED:
        reporting.accept(user("coordinator"), report.pk, expected_version=report.version)


# --- Cases ------------------------------------------------------------------------------------------------------------


def _case(code: str) -> AccountabilityCase:
    return AccountabilityCase.objects.exclude(state=CaseState.CLOSED).filter(unit__code=code).latest("serial")


def _person(case: AccountabilityCase) -> User:
    return User.objects.get(person=case.person)


def _measure(code: str) -> Measure | None:
    return Measure.objects.get(code=code) if code else None


def explain(code: str, text: str) -> None:
    """Explain the delay as the person concerned."""
    case = _case(code)
    accountability.explain(_person(case), case.pk, expected_version=case.version, text=text)


def propose(code: str, measure: str, reason: str) -> None:
    """Propose a measure as the coordinator."""
    case = _case(code)
    accountability.propose(
        user("coordinator"), case.pk, expected_version=case.version, measure=_measure(measure), reason=reason
    )


def decide(code: str, measure: str, reason: str) -> None:
    """Decide a case as who decides it; without a measure: that nothing follows."""
    case, chosen = _case(code), _measure(measure)
    by = policies.deciders(case, chosen).get()
    accountability.decide(by, case.pk, expected_version=case.version, measure=chosen, reason=reason)


def object_to(code: str, text: str) -> None:
    """Object to a decision as the person concerned."""
    case = _case(code)
    accountability.object_to(_person(case), case.pk, expected_version=case.version, text=text)


def answer(code: str, measure: str, reason: str) -> None:
    """Answer an objection as who answers it: never who decided."""
    case = _case(code)
    by = policies.objection_deciders(case)[0]
    accountability.answer_objection(
        by, case.pk, expected_version=case.version, measure=_measure(measure), reason=reason
    )
