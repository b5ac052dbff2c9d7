"""What was found, put right and punished before and after a measure was tried: a fixed number of queries for all trials."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _t

from systems import outcomes
from systems.measure_rules import Spans, spans
from systems.models import Finding, RectificationState
from systems.models.experience import MeasureTrial, PreventiveMeasure
from systems.outcomes import Window

Text = str | Promise


class Figure(NamedTuple):
    """A figure before and after; None where nobody knows."""

    label: Text
    before: int | None
    after: int | None


class Tried(NamedTuple):
    """A trial with its figures and the length of the two spans, 0 where they were reported from elsewhere."""

    trial: MeasureTrial
    days: int
    figures: list[Figure]


def of_measure(measure: PreventiveMeasure, trials: Sequence[MeasureTrial], today: date) -> list[Tried]:
    """Each trial with what it shows. Findings are those on the measure's systems; of a measure for none, all."""
    here = {trial.pk: spans(trial.since, trial.until, today) for trial in trials if trial.unit_id is not None}
    windows = [window for trial in trials if trial.pk in here for window in _windows(trial, here[trial.pk])]
    counted = _findings(windows, list(measure.categories.values_list("pk", flat=True)))
    others = [(outcome.label, outcome.counted(windows)) for outcome in outcomes.known()] if windows else []
    return [_tried(trial, here.get(trial.pk), counted, others) for trial in trials]


def _windows(trial: MeasureTrial, both: Spans) -> Iterable[Window]:
    assert trial.unit_id is not None
    yield Window(f"b{trial.pk}", trial.unit_id, *both.before)
    yield Window(f"a{trial.pk}", trial.unit_id, *both.after)


def _findings(windows: Sequence[Window], category_ids: Sequence[int]) -> dict[str, int]:
    """Findings (`f…`) and those of them that were put right (`r…`), for all windows in one statement."""
    if not windows:
        return {}
    asked: dict[str, Any] = {}
    for window in windows:
        inside = Q(unit=window.unit_id, found_on__range=(window.first, window.last))
        asked[f"f{window.key}"] = Count("pk", filter=inside)
        asked[f"r{window.key}"] = Count("pk", filter=inside & Q(rectification__state=RectificationState.VERIFIED))
    rows = Finding.objects.filter(unit__in={window.unit_id for window in windows})
    if category_ids:
        rows = rows.filter(category__in=category_ids)
    counted: dict[str, int] = rows.aggregate(**asked)
    return counted


def _tried(trial: MeasureTrial, both: Spans | None, counted: dict[str, int], others: list[Any]) -> Tried:
    if both is None:
        reported = [
            Figure(_t("Findings"), trial.findings_before, trial.findings_after),
            Figure(_t("Cases"), trial.cases_before, trial.cases_after),
        ]
        return Tried(trial, 0, [figure for figure in reported if figure.before is not None or figure.after is not None])
    before, after = f"b{trial.pk}", f"a{trial.pk}"
    figures = [
        Figure(_t("Findings"), counted.get(f"f{before}", 0), counted.get(f"f{after}", 0)),
        Figure(_t("Of these put right"), counted.get(f"r{before}", 0), counted.get(f"r{after}", 0)),
        *(Figure(label, found.get(before, 0), found.get(after, 0)) for label, found in others),
    ]
    return Tried(trial, both.days, figures)
