"""The library of preventive measures and what its trials show."""

from datetime import date

import pytest
from django.db import transaction

from portal.web.errors import NotAllowed
from systems import outcomes
from systems.errors_programme import LessonsMissing, TrialDays, TrialPlace
from systems.measure_figures import of_measure
from systems.measure_rules import Spans, spans
from systems.models import Finding, Gravity, RequiredSystem
from systems.models.experience import MeasureState, PreventiveMeasure
from systems.services import experience
from systems.services.experience import TrialText
from tests.queries import count_queries
from tests.systems.experience import measure
from tests.world import TODAY, World


def _find(world: World, day: date, code: str = "gov_procurement") -> None:
    serial = Finding.objects.count() + 1
    category = RequiredSystem.objects.get(code=code)
    known = {"year": 2026, "serial": serial, "gravity": Gravity.MINOR, "text": "x", "found_on": day}
    Finding.objects.create(unit=world.unit("B"), category=category, **known)


def test_a_trial_compares_spans_of_the_same_length() -> None:
    """As long as it has run, at most a year."""
    assert spans(date(2026, 2, 1), None, date(2026, 2, 28)) == Spans(
        (date(2026, 1, 4), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28))
    )
    assert spans(date(2020, 1, 1), date(2024, 1, 1), TODAY).days == 365


def test_findings_on_its_systems_are_counted_before_and_after(world: World) -> None:
    """Those on other systems are not; an upper floor adds figures of its own."""
    made = measure(world, categories=[RequiredSystem.objects.get(code="gov_procurement")])
    for day in (date(2026, 1, 20), date(2026, 1, 25), date(2026, 2, 10)):
        _find(world, day)
    _find(world, date(2026, 2, 11), "financial_management")
    trial = experience.try_(world.user("coordinator"), made.pk, TrialText(date(2026, 2, 1), world.unit("B")))
    outcomes.register(outcomes.Outcome("Cases", lambda windows: {w.key: 9 for w in windows if w.key.startswith("b")}))
    try:
        (tried,) = of_measure(made, [trial], TODAY)
    finally:
        outcomes._outcomes.pop()
    figures = {str(figure.label): (figure.before, figure.after) for figure in tried.figures}
    assert list(figures.values())[:2] == [(2, 1), (0, 0)]
    assert figures["Cases"] == (9, 0)


def test_a_place_elsewhere_shows_what_was_reported(world: World) -> None:
    """What was not reported stays unknown."""
    by, made = world.user("coordinator"), measure(world)
    text = TrialText(date(2025, 1, 1), place="East District", findings_before=8, findings_after=2, cases_after=0)
    experience.try_(by, made.pk, text)
    made.refresh_from_db()
    assert made.state == MeasureState.ON_TRIAL
    (tried,) = of_measure(made, list(made.trials.all()), TODAY)
    assert [(f.before, f.after) for f in tried.figures] == [(8, 2), (None, 0)]


def test_a_trial_is_somewhere_and_has_begun(world: World) -> None:
    """In a unit or elsewhere, not both, not neither."""
    by, made = world.user("coordinator"), measure(world)
    for text, wrong in (
        (TrialText(TODAY), TrialPlace),
        (TrialText(TODAY, world.unit("B"), "elsewhere"), TrialPlace),
        (TrialText(date(2026, 3, 3), world.unit("B")), TrialDays),
        (TrialText(TODAY, world.unit("B"), until=date(2026, 3, 1)), TrialDays),
    ):
        with pytest.raises(wrong), transaction.atomic():
            experience.try_(by, made.pk, text)


def test_a_measure_is_judged_by_its_lessons(world: World) -> None:
    """Only by who keeps the library."""
    by, made = world.user("coordinator"), measure(world)
    with pytest.raises(LessonsMissing), transaction.atomic():
        experience.judge(by, made.pk, expected_version=0, state=MeasureState.PROVEN, lessons=" ")
    with pytest.raises(NotAllowed), transaction.atomic():
        experience.judge(world.user("head"), made.pk, expected_version=0, state=MeasureState.PROVEN, lessons="x")
    assert experience.judge(by, made.pk, expected_version=0, state=MeasureState.PROVEN, lessons="x").lessons == "x"


def test_the_library_is_kept_in_the_browser_and_searched(world: World) -> None:
    """Added, tried, judged; found by field."""
    client = world.client("coordinator")
    category = RequiredSystem.objects.get(code="gov_procurement")
    url = client.post("/measures/new/", {"name_zh": "双人验收", "text": "x", "categories": [category.pk]})["Location"]
    assert client.post(f"{url}trial/", {"unit": "Finance Bureau", "since": "2026-02-01"}).status_code == 302
    assert client.post(f"{url}lessons/", {"state": "proven", "lessons": "", "version": 1}).status_code == 400
    assert client.post(f"{url}lessons/", {"state": "proven", "lessons": "works", "version": 1}).status_code == 302
    assert client.post(f"{url}change/", {"name_zh": "x", "text": "x", "version": 0}).status_code == 409
    assert "Finance Bureau" in world.client("leader").get(url).content.decode()
    assert "双人验收" in client.get("/measures/?field=gov_procurement").content.decode()
    assert "双人验收" not in client.get("/measures/?field=logistics").content.decode()


def test_the_pages_ask_no_more_for_more_rows(world: World) -> None:
    """Of the list, and of a measure with more trials."""
    client, by = world.client("coordinator"), world.user("coordinator")
    made = measure(world)
    experience.try_(by, made.pk, TrialText(date(2026, 2, 1), world.unit("B")))
    few = count_queries(client, "/measures/"), count_queries(client, made.get_absolute_url())
    for code in "OVX":
        measure(world, sectors=[world.unit(code).sector])
        experience.try_(by, made.pk, TrialText(date(2026, 2, 1), world.unit(code)))
    assert PreventiveMeasure.objects.count() == 4
    assert (count_queries(client, "/measures/"), count_queries(client, made.get_absolute_url())) <= few
