"""The measures a standard may name: what each is called, what it gives where nothing was due, and how it is asked.

Each is one query for any number of units; the figures of other apps come from their own `measures`. `rows` names what a unit's
figure was counted from.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import measures as cases
from portal.obligations.choices import FORMAL, State
from portal.obligations.measures import kept_by_their_day
from portal.obligations.models import Obligation, Step
from portal.web.lookups import array_of
from portal.workdays.calendar import load as load_calendar
from responsibility.assessment.figures import WHOLE, ZERO, Figure, Load, Measure, Row, Rows, Window, rate
from responsibility.assessment.targets import Targets
from responsibility.models import AccountabilityCase, CaseState, EntryKind
from systems import measures as systems


def _percent(found: Mapping[int, float]) -> dict[int, Figure]:
    return {unit: Figure(Decimal(str(round(value, 4)))) for unit, value in found.items()}


def _counts(rows: Iterable[tuple[int, int]]) -> dict[int, Figure]:
    return {unit: Figure(Decimal(count)) for unit, count in rows}


# --- Duties -------------------------------------------------------------------------------------------------------------


def _in_time(kind: str) -> Load:
    return lambda window: rate(kept_by_their_day(window.unit_ids, window.year, kind, window.until))


def _duties(kind: str) -> Rows:
    """The duties of a kind that were due, with what became of each."""

    def rows(window: Window) -> list[Row]:
        due = Obligation.objects.of_year(window.year).filter(
            unit__any=array_of(window.unit_ids),
            kind=kind,
            due_on__lte=window.until,
            state__in=(State.OPEN, State.DISCHARGED),
        )
        return [_duty_row(duty, window.until) for duty in due.order_by("due_on", "pk")]

    return rows


def _url(duty: Obligation) -> str:
    return reverse("obligations:duty", args=(duty.pk,))


def _duty_row(duty: Obligation, until: date) -> Row:
    done = duty.closed_on is not None and duty.closed_on <= until
    outcome = _("due %(due)s, done %(done)s") if done else _("due %(due)s, not done")
    return Row(str(duty.label), str(outcome) % {"due": duty.due_on, "done": duty.closed_on}, _url(duty))


def _days_late(window: Window) -> dict[int, Figure]:
    """Working days between the due day of a unit's letter and its signature, or the day asked of; 0 in time."""
    late = Obligation.objects.of_year(window.year).filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=F("due_on")),
        unit__any=array_of(window.unit_ids), kind="letter", due_on__lt=window.until, state__in=(State.OPEN, State.DISCHARGED),
    )  # fmt: skip
    days = cache(load_calendar().late)
    found: dict[int, int] = {}
    for unit_id, due_on, closed_on in late.order_by().values_list("unit_id", "due_on", "closed_on"):
        end = min(closed_on or window.until, window.until)
        found[unit_id] = max(found.get(unit_id, 0), days(due_on, end))
    return _counts(found.items())


def _formal_steps(window: Window) -> dict[int, Figure]:
    """Duties of the year that reached a supervision notice or more; each duty counts once."""
    reached = _steps(window).order_by().values_list("obligation__unit_id")
    return _counts(reached.annotate(n=Count("obligation", distinct=True)))


def _steps(window: Window) -> "QuerySet[Step]":
    above_notice = [str(action) for action in FORMAL if action != "overdue_notice"]
    return Step.objects.filter(
        obligation__unit__any=array_of(window.unit_ids), obligation__year=window.year, action__in=above_notice,
        taken_on__lte=window.until,
    )  # fmt: skip


def _step_rows(window: Window) -> list[Row]:
    steps = _steps(window).select_related("obligation").order_by("taken_on", "pk")
    return [
        Row(str(step.obligation.label), f"{step.get_action_display()}, {step.taken_on}", _url(step.obligation))
        for step in steps
    ]


# --- Accountability ------------------------------------------------------------------------------------------------------


def _decided(window: Window) -> "QuerySet[AccountabilityCase]":
    """Cases of the year whose last decision, in force on the day, is a measure; a decision objected to is not final yet."""
    return AccountabilityCase.objects.filter(
        unit__any=array_of(window.unit_ids), year=window.year, measure__isnull=False,
        state__in=(CaseState.DECIDED, CaseState.CLOSED),
        entries__kind=EntryKind.DECISION, entries__made_at__date__lte=window.until,
    ).distinct()  # fmt: skip


def _cases_with(condition: Q) -> tuple[Load, Rows]:
    def load(window: Window) -> dict[int, Figure]:
        rows = _decided(window).filter(condition).order_by().values_list("unit_id")
        return _counts(rows.annotate(n=Count("pk", distinct=True)))

    def rows(window: Window) -> list[Row]:
        found = _decided(window).filter(condition).select_related("measure", "unit").order_by("serial")
        return [Row(str(case), str(case.measure), case.get_absolute_url()) for case in found]

    return load, rows


# --- The register ----------------------------------------------------------------------------------------------------------


def _none(_window: Window) -> list[Row]:
    """Counted by the app that owns the figure; its page of the unit shows the rows."""
    return []


def _replies(window: Window) -> dict[int, Figure]:
    found = cases.recommendation_reply_rate(window.unit_ids, since=window.since, until=window.until)
    return rate({unit: (rate.owed, rate.kept) for unit, rate in found.items()})


def _majors(window: Window) -> dict[int, Figure]:
    return _counts(cases.major_cases(window.unit_ids, since=window.since, until=window.until).items())


_criticisms = _cases_with(Q(measure__code="circulated_criticism"))
_vetoes = _cases_with(Q(measure__is_veto=True))
_SINGLE = (
    Measure("responsibility.signing_days_late", _("working days by which the letter was signed late"), ZERO,
            _days_late, _duties("letter")),
    Measure("responsibility.reports_in_time_rate", _("reports made in time, in percent"), WHOLE,
            _in_time("report"), _duties("report")),
    Measure("responsibility.formal_steps", _("duties that reached a supervision notice or more"), ZERO,
            _formal_steps, _step_rows),
    Measure("responsibility.criticisms", _("circulated criticisms"), ZERO, *_criticisms),
    Measure("responsibility.vetoes", _("decisions that veto the assessment"), ZERO, *_vetoes),
    Measure("systems.coverage_rate", _("required systems in force and reviewed, in percent"), WHOLE,
            lambda window: _percent(systems.coverage_rate(window.unit_ids, window.until)), _none),
    Measure("systems.power_coverage_rate", _("powers with an effective supervision, in percent"), WHOLE,
            lambda window: _percent(systems.power_coverage_rate(window.unit_ids)), _none),
    Measure("systems.reviews_in_time_rate", _("systems reviewed in time, in percent"), WHOLE,
            _in_time("system_review"), _duties("system_review")),
    Measure("systems.rectified_in_time_rate", _("findings rectified in time, in percent"), WHOLE,
            _in_time("rectification"), _duties("rectification")),
    Measure("cases.recommendation_reply_rate", _("recommendations answered in time, in percent"), WHOLE,
            _replies, _duties("recommendation_reply")),
    Measure("cases.major_cases", _("major duty-crime cases in the unit"), ZERO, _majors, _none),
)  # fmt: skip
_TARGETS = Targets({measure.code: measure for measure in _SINGLE})
REGISTER: tuple[Measure, ...] = (
    _TARGETS.measure(_("targets of the letter: weights times attainment, in percent")),
    *_SINGLE,
)


def known() -> dict[str, Measure]:
    """The measures by name."""
    return {measure.code: measure for measure in REGISTER}


def labels() -> dict[str, Any]:
    """What the figures in a score are called, by name."""
    return {"mark": _("mark"), **{measure.code: measure.label for measure in REGISTER}}
