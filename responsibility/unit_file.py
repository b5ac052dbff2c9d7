"""Letters, reports and accountability in a unit's file."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.organisation.models import Unit
from portal.organisation.sections import Event, Section, Sheet
from portal.web.i18n import pick, titled
from portal.workdays import clock
from responsibility.models import AccountabilityCase, Letter, LetterState, Programme, Report, ReportState, Side
from responsibility.report_parts import TARGET_STATES, TargetState

SHOWN = 12


def _day(moment: Any) -> Any:
    return moment.astimezone(clock.zone()).date() if moment else None


# --- Letters ------------------------------------------------------------------------------------------------------------


def _letters(unit: Unit, user: User, year: int | None) -> Any:
    seen = Letter.objects.visible_to(user).filter(unit=unit).select_related("unit", "group", "tenure__person")
    return (seen if year is None else seen.for_year(year)).order_by("-year", "-serial")


def _letters_shown(unit: Unit, user: User, year: int | None) -> dict[str, Any]:
    """The unit's letters, the newest first."""
    return {"letters": _letters(unit, user, year)[:SHOWN]}


def _letter_sheets(unit: Unit, user: User, year: int | None) -> Iterator[Sheet]:
    """The letters, and the targets of those in force."""
    found = list(_letters(unit, user, year))
    rows: list[tuple[Any, ...]] = [
        (
            letter.year,
            letter.number,
            str(letter.get_state_display()),
            letter.tenure.person.name if letter.tenure else "",
            _day(letter.issued_at),
            _day(letter.signed_at),
        )
        for letter in found
    ]
    headings = (_("Year"), _("Number"), _("State"), _("Top leader"), _("Issued"), _("Signed"))
    yield Sheet(_("Letters of responsibility"), headings, rows)


def _letter_events(unit: Unit, user: User) -> Iterator[Event]:
    for letter in _letters(unit, user, None).prefetch_related("signatures"):
        url = letter.get_absolute_url()
        if letter.state in {LetterState.SUPERSEDED, LetterState.WITHDRAWN}:
            url = f"{url}?no={letter.serial}"
        yield Event(_day(letter.issued_at), titled(_t("Letter issued"), letter.number), "", url, "file-text")
        for signature in letter.signatures.all():
            who = _t("by the head of the leading group") if signature.side == Side.GROUP else _t("by the top leader")
            told = _t("%(name)s, %(who)s.") % {"name": signature.typed_name, "who": who}
            yield Event(
                _day(signature.signed_at), titled(_t("Letter signed"), letter.number), told, url, "writing-sign"
            )


# --- Reports ------------------------------------------------------------------------------------------------------------


def _reports(unit: Unit, user: User, year: int | None) -> Any:
    seen = Report.objects.visible_to(user).filter(unit=unit).select_related("period", "unit", "obligation")
    return (seen if year is None else seen.filter(period__year=year)).order_by("-period__due_on", "-pk")


def _reports_shown(unit: Unit, user: User, year: int | None) -> dict[str, Any]:
    """The unit's reports, the newest first."""
    return {"reports": _reports(unit, user, year)[:SHOWN]}


def _report_sheets(unit: Unit, user: User, year: int | None) -> Iterator[Sheet]:
    found = list(_reports(unit, user, year))
    rows: list[tuple[Any, ...]] = [
        (
            report.period.year,
            report.period.title,
            str(report.get_state_display()),
            report.obligation.due_on,
            _day(report.submitted_at),
            _day(report.accepted_at),
        )
        for report in found
    ]
    headings = (_("Year"), _("Report"), _("State"), _("Due on"), _("Handed in"), _("Accepted"))
    yield Sheet(_("Reports"), headings, rows)


def _report_events(unit: Unit, user: User) -> Iterator[Event]:
    found = _reports(unit, user, None).prefetch_related("submissions")
    for report in found:
        title, url = report.period.title, report.get_absolute_url()
        for submission in report.submissions.all():
            yield Event(_day(submission.submitted_at), titled(_t("Handed in"), title), "", url, "report")
        if report.accepted_at is not None:
            yield Event(_day(report.accepted_at), titled(_t("Accepted"), title), "", url, "check")


# --- Targets ------------------------------------------------------------------------------------------------------------

HANDED_IN = {ReportState.SUBMITTED, ReportState.ACCEPTED}
STATES = {state.code: state for state in TARGET_STATES}


class Reached(NamedTuple):
    """What was handed in on a target."""

    report: Report
    name: str
    goal: str
    figure: str
    state: TargetState | None


def _reached(unit: Unit, user: User, year: int | None) -> Iterator[Reached]:
    """Each target of the letter in force, as each report of its year that was handed in has it; the newest report first."""
    letters: dict[int, Letter] = {}
    for letter in Letter.objects.visible_to(user).filter(unit=unit).in_force_first():
        letters.setdefault(letter.year, letter)
    for report in _reports(unit, user, year).filter(state__in=HANDED_IN):
        held = letters.get(report.period.year)
        for target in held.targets if held else ():
            said = report.targets.get(target["code"]) or {}
            state = STATES.get(said.get("state", ""))
            yield Reached(
                report, str(pick(target["name"])), str(pick(target["goal_text"])), said.get("figure", ""), state
            )


def _targets_shown(unit: Unit, user: User, year: int | None) -> dict[str, Any]:
    """The targets as the newest report has them."""
    found = list(_reached(unit, user, year))
    newest = found[0].report if found else None
    return {"report": newest, "targets": [one for one in found if one.report == newest]}


def _target_sheets(unit: Unit, user: User, year: int | None) -> Iterator[Sheet]:
    rows: list[tuple[Any, ...]] = [
        (one.report.period.title, one.name, one.goal, str(one.state.label) if one.state else "", one.figure)
        for one in _reached(unit, user, year)
    ]
    headings = (_("Report"), _("Target"), _("Goal"), _("Where it stands"), _("What was reached"))
    yield Sheet(_("Targets"), headings, rows)


# --- Accountability -----------------------------------------------------------------------------------------------------


def _cases(unit: Unit, user: User, year: int | None) -> Any:
    seen = AccountabilityCase.objects.visible_to(user).filter(unit=unit).select_related("person", "measure", "unit")
    return (seen if year is None else seen.filter(year=year)).order_by("-year", "-serial")


def _numbers(cases: Iterable[AccountabilityCase]) -> Iterator[tuple[str, AccountabilityCase]]:
    """Each case with its official number: the programme is read once."""
    programme = Programme.objects.get(pk=1)
    for case in cases:
        yield str(pick(programme.case_number(case.year, case.serial))), case


def _outcome(case: AccountabilityCase) -> str:
    if case.no_measure:
        return _t("No measure")
    return case.measure.name if case.measure else str(case.get_state_display())


def _cases_shown(unit: Unit, user: User, year: int | None) -> dict[str, Any]:
    """The cases that the reader may know of, the newest first."""
    return {"cases": [(number, case, _outcome(case)) for number, case in _numbers(_cases(unit, user, year)[:SHOWN])]}


def _case_sheets(unit: Unit, user: User, year: int | None) -> Iterator[Sheet]:
    rows: list[tuple[Any, ...]] = [
        (
            number,
            case.person.name,
            str(case.get_cause_display()),
            case.opened_on,
            case.level,
            str(case.get_state_display()),
            _outcome(case) if case.decided_on else "",
            case.decided_on,
        )
        for number, case in _numbers(_cases(unit, user, year))
    ]
    headings = (
        *(_("Number"), _("Against"), _("Cause"), _("Opened on"), _("level")),
        *(_("State"), _("Measure"), _("Decided on")),
    )
    yield Sheet(_("Accountability"), headings, rows)


def _case_events(unit: Unit, user: User) -> Iterator[Event]:
    for number, case in _numbers(_cases(unit, user, None)):
        url, person = case.get_absolute_url(), _t("Against %(name)s.") % {"name": case.person.name}
        yield Event(case.opened_on, titled(_t("Accountability case opened"), number), person, url, "gavel")
        if case.decided_on is not None:
            title = titled(_t("Accountability case decided"), number)
            yield Event(case.decided_on, title, _outcome(case), url, "gavel")


# --- Who may know of them -------------------------------------------------------------------------------------------------


LETTERS = Section(
    "letters",
    _("Letters of responsibility"),
    "responsibility/unit_letters.html",
    _letters_shown,
    lambda user, unit: _letters(unit, user, None).exists(),
    10,
    _letter_sheets,
    _letter_events,
    lambda unit, user: _letters(unit, user, None).order_by().values_list("year", flat=True).distinct(),
)
TARGETS = Section(
    "targets",
    _("Targets"),
    "responsibility/unit_targets.html",
    _targets_shown,
    lambda user, unit: _reports(unit, user, None).filter(state__in=HANDED_IN).exists(),
    15,
    _target_sheets,
)
REPORTS = Section(
    "reports",
    _("Reports"),
    "responsibility/unit_reports.html",
    _reports_shown,
    lambda user, unit: _reports(unit, user, None).exists(),
    20,
    _report_sheets,
    _report_events,
    lambda unit, user: _reports(unit, user, None).order_by().values_list("period__year", flat=True).distinct(),
)
CASES = Section(
    "accountability",
    _("Accountability"),
    "responsibility/unit_cases.html",
    _cases_shown,
    lambda user, unit: _cases(unit, user, None).exists(),
    30,
    _case_sheets,
    _case_events,
    lambda unit, user: _cases(unit, user, None).order_by().values_list("year", flat=True).distinct(),
)
# A section whose rows a reader may not see does not exist for him.
SECTIONS = (LETTERS, TARGETS, REPORTS, CASES)
