"""The annual assessment: scored from rows, checked by the units, frozen, published."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import InternalError, transaction

from portal.web.errors import Conflict, NotAllowed
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility.assessment.formula import UnknownMeasure
from responsibility.assessment_errors import (
    AnsweredAlready,
    AssessmentFixed,
    AssessmentThere,
    CheckedAlready,
    CriterionNotMarked,
    CriterionTwice,
    DayAhead,
    DraftThere,
    NoStandard,
    NotInState,
    ObjectionsOpen,
    StandardAdopted,
    StandardWeights,
    WindowOpen,
    WindowPast,
)
from responsibility.errors import ReasonMissing
from responsibility.models import Assessment, AssessmentState, Criterion, Mark, Score, SelfCheck, Standard
from responsibility.services import assessment as verbs
from tests.responsibility.assessment import AS_OF, UNTIL, adopted, opened, points, score_of, shown
from tests.responsibility.conftest import Capture
from tests.responsibility.letters import DUE, YEAR, ready
from tests.world import World

IN_WINDOW, AFTER = date(2027, 1, 10), date(2027, 1, 25)


def test_a_standard_whose_weights_do_not_add_up_is_not_adopted(world: World) -> None:
    by, row = world.user("coordinator"), Criterion.objects.get(code="signing")
    verbs.edit_criterion(by, 1, row.pk, {"points": Decimal(6)})
    with pytest.raises(StandardWeights, match="give 101"):
        verbs.adopt(by, 1)


def test_a_formula_with_an_unknown_measure_is_not_kept(world: World) -> None:
    row = Criterion.objects.get(code="signing")
    with pytest.raises(UnknownMeasure, match=r"no measure “portal\.luck”"):
        verbs.edit_criterion(world.user("coordinator"), 1, row.pk, {"formula": "portal.luck"})


def test_an_adopted_version_is_never_changed_and_the_next_is_its_copy(world: World) -> None:
    """Neither by the verbs nor past them."""
    adopted(world)
    by, row = world.user("coordinator"), Criterion.objects.get(code="signing", standard__number=1)
    with pytest.raises(StandardAdopted):
        verbs.edit_criterion(by, 1, row.pk, {"points": Decimal(6)})
    for change in (
        lambda: Criterion.objects.filter(pk=row.pk).update(points=1),
        row.delete,
        lambda: Standard.objects.filter(number=1).update(number=9),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            change()
    draft = verbs.draft_standard(by)
    assert draft.number == 2
    assert draft.criteria.count() == Standard.objects.get(number=1).criteria.count()
    with pytest.raises(DraftThere):
        verbs.draft_standard(by)
    with pytest.raises(CriterionTwice):
        verbs.add_criterion(
            by, 2, {"kind": "veto", "code": "signing", "formula": "mark", "name_en": "x", "name_zh": "x"}
        )


def test_others_change_nothing(world: World) -> None:
    for name in ("leader", "head", "auditor", "security_admin"):
        with pytest.raises(NotAllowed):
            verbs.draft_standard(world.user(name))
        with pytest.raises(NotAllowed):
            verbs.open_assessment(world.user(name), YEAR)


def test_a_year_is_opened_once_and_by_an_adopted_standard(world: World) -> None:
    ready(world)
    with pytest.raises(NoStandard):
        verbs.open_assessment(world.user("coordinator"), YEAR)
    adopted(world)
    verbs.open_assessment(world.user("coordinator"), YEAR)
    with pytest.raises(AssessmentThere):
        verbs.open_assessment(world.user("coordinator"), YEAR)


def test_the_score_is_the_sum_of_points_that_came_from_rows(world: World) -> None:
    """Signed in time: all five; unsigned until the end of the year: none, by the working days in between."""
    shown(world)
    signed, unsigned = score_of(world, "B"), score_of(world, "O")
    assert points(signed)["signing"] == Decimal("5.00")
    assert load_calendar().late(DUE, AS_OF) > 10
    assert points(unsigned)["signing"] == Decimal("0.00")
    for score in (signed, unsigned):
        assert score.total == max(Decimal(0), sum(points(score).values(), Decimal(0)))
    line = next(line for line in unsigned.lines if line["code"] == "signing")
    assert line["figures"][0]["measure"] == "responsibility.signing_days_late"
    assert Decimal(line["figures"][0]["value"]) == load_calendar().late(DUE, AS_OF)


def test_a_mark_counts_and_the_newest_one(world: World) -> None:
    """With its reason; not for what is counted, not without a reason, not for one's own unit."""
    shown(world)
    by, unit = world.user("coordinator"), world.unit("B").pk
    before = score_of(world, "B").total
    with clock.frozen(IN_WINDOW):
        verbs.give_mark(by, YEAR, unit, "innovation", Decimal(40), "One survey.")
        verbs.give_mark(by, YEAR, unit, "innovation", Decimal(80), "And its follow-up.")
        assert score_of(world, "B").total == before + Decimal("4.00")
        with pytest.raises(CriterionNotMarked):
            verbs.give_mark(by, YEAR, unit, "signing", Decimal(80), "x")
        with pytest.raises(ReasonMissing):
            verbs.give_mark(by, YEAR, unit, "innovation", Decimal(80), " ")
        with pytest.raises(NotAllowed):
            verbs.give_mark(world.user("leader"), YEAR, unit, "innovation", Decimal(100), "Mine.")


def test_a_veto_leaves_the_last_grade_and_the_last_place(world: World) -> None:
    shown(world)
    with clock.frozen(IN_WINDOW):
        verbs.give_mark(
            world.user("coordinator"), YEAR, world.unit("B").pk, "refusal", Decimal(1), "Refused in writing."
        )
    score = score_of(world, "B")
    assert (score.vetoed, score.grade) == (True, "fail")
    assert score.rank == Score.objects.count()


def test_the_leader_objects_once_within_the_time_and_is_answered(world: World) -> None:
    shown(world)
    leader, by, score = world.user("leader"), world.user("coordinator"), score_of(world, "B")
    with clock.frozen(AFTER), pytest.raises(WindowPast):
        verbs.self_check(leader, score.pk, agreed=True, text="")
    with clock.frozen(IN_WINDOW):
        with pytest.raises(ReasonMissing):
            verbs.self_check(leader, score.pk, agreed=False, text=" ")
        with pytest.raises(NotAllowed):
            verbs.self_check(world.user("liaison"), score.pk, agreed=True, text="")
        with pytest.raises(Score.DoesNotExist):
            verbs.self_check(world.user("other_leader"), score.pk, agreed=True, text="")
        made = verbs.self_check(leader, score.pk, agreed=False, text="The report of July was in time.")
        with pytest.raises(CheckedAlready):
            verbs.self_check(leader, score.pk, agreed=True, text="")
        with pytest.raises(NotAllowed):
            verbs.answer(leader, made.pk, text="Yes.")
        verbs.answer(by, made.pk, text="It was handed in on 11 July.")
        with pytest.raises(AnsweredAlready):
            verbs.answer(by, made.pk, text="Again.")
    assert SelfCheck.objects.get().answer.startswith("It was")


def test_the_window_must_lie_ahead(world: World) -> None:
    opened(world)
    with clock.frozen(UNTIL), pytest.raises(WindowPast):
        verbs.start_self_check(world.user("coordinator"), YEAR, expected_version=0, as_of=AS_OF, until=UNTIL)


def test_facts_still_to_come_are_not_counted(world: World) -> None:
    opened(world)
    with pytest.raises(DayAhead):
        verbs.start_self_check(world.user("coordinator"), YEAR, expected_version=0, as_of=AS_OF, until=UNTIL)


def frozen(world: World) -> Assessment:
    shown(world)
    with clock.frozen(AFTER):
        return verbs.freeze(world.user("coordinator"), YEAR, expected_version=1)


def test_nothing_is_frozen_before_the_time_is_over_and_objections_are_answered(world: World) -> None:
    shown(world)
    by = world.user("coordinator")
    with clock.frozen(IN_WINDOW):
        made = verbs.self_check(world.user("leader"), score_of(world, "B").pk, agreed=False, text="No.")
        with pytest.raises(WindowOpen):
            verbs.freeze(by, YEAR, expected_version=1)
    with clock.frozen(AFTER):
        with pytest.raises(ObjectionsOpen):
            verbs.freeze(by, YEAR, expected_version=1)
        verbs.answer(by, made.pk, text="It stands.")
        with pytest.raises(Conflict):
            verbs.freeze(by, YEAR, expected_version=0)
        assert verbs.freeze(by, YEAR, expected_version=1).state == AssessmentState.FROZEN


def test_a_frozen_score_never_moves(world: World) -> None:
    """Not by a verb, not past it, not when the standard or the facts change afterwards."""
    frozen(world)
    by, score = world.user("coordinator"), score_of(world, "B")
    with pytest.raises(AssessmentFixed):
        verbs.recompute(by, YEAR, expected_version=2, as_of=AS_OF)
    with pytest.raises(AssessmentFixed):
        verbs.give_mark(by, YEAR, score.unit_id, "innovation", Decimal(99), "Late.")
    for change in (
        lambda: Score.objects.filter(pk=score.pk).update(total=100),
        score.delete,
        lambda: Score.objects.filter(assessment=score.assessment).delete(),
        lambda: Mark.objects.create(
            assessment=score.assessment,
            unit=score.unit,
            code="x",
            value=1,
            reason="x",
            given_by=by,
            given_at=clock.now(),
        ),
        lambda: Assessment.objects.update(state="self_check"),
        lambda: Assessment.objects.update(as_of=date(2026, 6, 30)),
        lambda: Assessment.objects.update(standard=Standard.objects.create(number=77)),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            change()
    draft = verbs.draft_standard(by)
    verbs.edit_criterion(by, draft.number, draft.criteria.get(code="signing").pk, {"formula": "0"})
    assert score_of(world, "B").total == score.total


def test_it_is_published_after_it_is_frozen(world: World) -> None:
    shown(world)
    by = world.user("coordinator")
    with pytest.raises(NotInState):
        verbs.publish(by, YEAR, expected_version=1)
    with clock.frozen(AFTER):
        verbs.freeze(by, YEAR, expected_version=1)
        assert verbs.publish(by, YEAR, expected_version=2).state == AssessmentState.PUBLISHED


def test_a_preview_as_of_another_day_keeps_nothing_and_sees_that_day(world: World) -> None:
    """In April nobody is ten working days late yet."""
    opened(world)
    standard = Standard.objects.get(number=1)
    units = verbs.units_of(YEAR)
    by_day = {}
    for day in (date(2026, 4, 3), AS_OF):
        placed = verbs.preview(list(standard.criteria.all()), YEAR, day, units)
        result = next(result for _rank, result in placed if result.unit_id == world.unit("O").pk)
        by_day[day] = next(line.points for line in result.lines if line.criterion.code == "signing")
    late = load_calendar().late(DUE, date(2026, 4, 3))
    assert by_day[date(2026, 4, 3)] == Decimal(5) * (100 - 10 * late) / 100
    assert by_day[AS_OF] == 0
    assert not Score.objects.exists()


def test_the_queries_do_not_grow_with_the_units(world: World, connection_queries: Capture) -> None:
    opened(world)
    criteria = list(Standard.objects.get(number=1).criteria.all())
    counts = []
    for units in (verbs.units_of(YEAR).filter(code="B"), verbs.units_of(YEAR)):
        with connection_queries() as seen:
            verbs.preview(criteria, YEAR, AS_OF, units)
        counts.append(len(seen))
    assert counts[0] == counts[1]
