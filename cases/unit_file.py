"""Cases, recommendations and decisions in a unit's file, for those who may know of them."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cases.models import CrimeCase, Milestone, Punishment, Recommendation, Stage
from portal.accounts.models import User
from portal.organisation.models import Unit
from portal.organisation.sections import Event, Section, Sheet
from portal.web.i18n import titled

SHOWN = 12


def _cases(unit: Unit, user: User, year: int | None) -> Any:
    seen = CrimeCase.objects.visible_to(user).filter(unit=unit).select_related("loophole")
    if year is None:
        return seen
    filed = Milestone.objects.filter(stage=Stage.FILED, reached_on__year=year)
    return seen.filter(pk__in=filed.values("case_id"))


def _case_sheets(unit: Unit, user: User, year: int | None) -> Iterator[Sheet]:
    rows: list[tuple[Any, ...]] = [
        (case.number, case.title, str(case.get_state_display()), case.loophole.name if case.loophole else "")
        for case in _cases(unit, user, year)
    ]
    yield Sheet(_("Duty-crime cases"), (_("Case number"), _("Case"), _("State"), _("System that failed")), rows)


def _case_events(unit: Unit, user: User) -> Iterator[Event]:
    cases = {case.pk: case for case in _cases(unit, user, None)}
    for milestone in Milestone.objects.filter(case__in=cases, stage__in=(Stage.FILED, Stage.EFFECTIVE)):
        case = cases[milestone.case_id]
        title = titled(milestone.get_stage_display(), case.number)
        yield Event(milestone.reached_on, title, case.title, case.get_absolute_url(), "gavel")


def _recommendations(unit: Unit, user: User, year: int | None) -> Any:
    seen = Recommendation.objects.visible_to(user).filter(unit=unit).select_related("obligation")
    return seen if year is None else seen.filter(drafted_at__year=year)


def _recommendation_sheets(unit: Unit, user: User, year: int | None) -> Iterator[Sheet]:
    rows: list[tuple[Any, ...]] = [
        (
            found.number,
            str(found.get_state_display()),
            found.served_on,
            found.obligation.due_on if found.obligation else None,
            found.accepted_on,
        )
        for found in _recommendations(unit, user, year)
    ]
    headings = (_("Number"), _("State"), _("Served on"), _("Reply due"), _("Accepted"))
    yield Sheet(_("Recommendations"), headings, rows)


def _recommendation_events(unit: Unit, user: User) -> Iterator[Event]:
    for found in _recommendations(unit, user, None):
        url = found.get_absolute_url()
        if found.served_on is not None:
            yield Event(found.served_on, titled(_t("Recommendation served"), found.number), "", url, "file-text")
        if found.accepted_on is not None:
            yield Event(found.accepted_on, titled(_t("Reply accepted"), found.number), "", url, "circle-check")


def _decisions(unit: Unit, user: User) -> Any:
    return Punishment.objects.visible_to(user).current().filter(agency=unit)


CASES = Section(
    "crimes",
    _("Duty-crime cases"),
    "cases/unit_cases.html",
    lambda unit, user, year: {"cases": _cases(unit, user, year)[:SHOWN]},
    lambda user, unit: CrimeCase.objects.visible_to(user).filter(unit=unit).exists(),
    40,
    _case_sheets,
    _case_events,
    lambda unit, user: (
        Milestone.objects.filter(case__in=_cases(unit, user, None), stage=Stage.FILED)
        .values_list("reached_on__year", flat=True)
        .distinct()
    ),
)
RECOMMENDATIONS = Section(
    "recommendations",
    _("Recommendations"),
    "cases/unit_recommendations.html",
    lambda unit, user, year: {"recommendations": _recommendations(unit, user, year)[:SHOWN]},
    lambda user, unit: Recommendation.objects.visible_to(user).filter(unit=unit).exists(),
    45,
    _recommendation_sheets,
    _recommendation_events,
    lambda unit, user: (
        _recommendations(unit, user, None).order_by().values_list("drafted_at__year", flat=True).distinct()
    ),
)
DECISIONS = Section(
    "decisions",
    _("Decisions on penalties"),
    "cases/unit_decisions.html",
    lambda unit, user, year: {"decisions": _decisions(unit, user)[:SHOWN], "agency": unit.pk},
    lambda user, unit: _decisions(unit, user).exists(),
    60,
)
# A section whose rows a reader may not see does not exist for that reader.
SECTIONS = (CASES, RECOMMENDATIONS, DECISIONS)
