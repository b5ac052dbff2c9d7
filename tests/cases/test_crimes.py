"""Duty-crime cases: filed by the law of the day, kept within limits, checked by a second officer."""

from datetime import date

import pytest
from django.db import InternalError, transaction

from cases.errors import (
    ArticleUsed,
    CaseNotOpen,
    CheckedByOwnOfficer,
    DaysInWrongOrder,
    NoLawThen,
    NotChecked,
    NotEffective,
    NotReached,
    NumberTaken,
    OutOfOrder,
    ReasonMissing,
    UnitNotThen,
)
from cases.models import CaseState, CrimeCase, OffenceVersion, QualityCheck
from cases.services import clues, crime
from cases.services.clues.receiving import Told
from portal.audit.models import Entry
from portal.obligations.choices import State
from portal.web.errors import Conflict
from tests.cases.crimes import GOOD, deed, duty, filed, reach, second_officer
from tests.world import World

# --- Filing -----------------------------------------------------------------------------------------------------------


def test_the_text_of_the_law_on_the_last_day_of_the_act_applies_and_stays(world: World) -> None:
    old = OffenceVersion.objects.get(offence__code="CL385")
    old.in_force_until = date(2025, 6, 29)
    old.save()
    new = old.offence.versions.create(in_force_from=date(2025, 6, 30), relatively_large=60_000, source="new")
    case = filed(world)
    assert case.charges.get().law == new
    earlier = filed(world, "2", deeds=[deed(days=(date(2024, 1, 1), date(2025, 6, 29)))])
    assert earlier.charges.get().law == old


def test_an_act_before_every_known_text_is_refused(world: World) -> None:
    with pytest.raises(NoLawThen):
        filed(world, deeds=[deed(days=(date(2010, 1, 1), date(2011, 1, 1)))])
    assert not CrimeCase.objects.exists()


def test_a_unit_that_was_gone_on_the_day_of_the_act_is_refused(world: World) -> None:
    unit = world.unit("X")
    type(unit).objects.filter(pk=unit.pk).update(dissolved_on=date(2025, 1, 1), dissolution_reason="x")
    unit.refresh_from_db()
    with pytest.raises(UnitNotThen):
        filed(world, unit=unit)


def test_days_that_are_to_come_or_turned_round_are_refused(world: World) -> None:
    for changes in (
        {"filed_on": date(2026, 3, 3)},
        {"deeds": [deed(days=(date(2025, 2, 1), date(2025, 1, 1)))]},
        {"deeds": [deed(days=(date(2025, 2, 1), date(2027, 1, 1)))]},
    ):
        with pytest.raises(DaysInWrongOrder), transaction.atomic():
            filed(world, **changes)


def test_a_number_is_given_once(world: World) -> None:
    filed(world)
    with pytest.raises(NumberTaken):
        filed(world)


def test_a_case_takes_over_the_days_of_its_clue(world: World) -> None:
    by = world.user("coordinator")
    clue = clues.receive(by, office=world.unit("D"), source="audit", told=Told("x"), received_on=date(2026, 1, 5))
    clues.name_officers(by, clue.pk, expected_version=0, users=[by], grade="a")
    clue = clues.close_clue(by, clue.pk, expected_version=1, result="filed", reasons="属实")
    case = filed(world, clue=clue, filed_on=date(2026, 3, 2))
    assert dict(case.milestones.values_list("stage", "reached_on")) == {
        "clue": date(2026, 1, 5),
        "verified": date(2026, 3, 2),
        "filed": date(2026, 3, 2),
    }
    assert case.source == "audit"


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_each_stage_with_a_limit_is_a_duty_until_the_next_is_reached(world: World) -> None:
    case = filed(world)
    assert duty(case) is None
    reach(world, case, "coercive", date(2026, 2, 10))
    first = duty(case)
    assert first is not None
    assert first.due_on == date(2026, 4, 10)
    reach(world, case, "investigated", date(2026, 2, 20))
    first.refresh_from_db()
    assert (first.state, first.closed_on) == (State.DISCHARGED, date(2026, 2, 20))
    assert duty(case) is None
    reach(world, case, "transferred", date(2026, 3, 2))
    second = duty(case)
    assert second is not None
    assert second.due_on == date(2026, 4, 2)


def test_a_limit_is_made_longer_by_each_article_once(world: World) -> None:
    case, by = filed(world), world.user("coordinator")
    reach(world, case, "coercive", date(2026, 2, 10))
    article = "刑事诉讼法第156条"
    with pytest.raises(ReasonMissing):
        crime.extend_limit(by, case.pk, article=article, reason="")
    crime.extend_limit(by, case.pk, article=article, reason="案情复杂")
    now = duty(case)
    assert now is not None
    assert now.due_on == date(2026, 5, 10)
    for wrong in (article, "刑法第1条"):
        with pytest.raises(ArticleUsed):
            crime.extend_limit(by, case.pk, article=wrong, reason="again")


def test_a_limit_stands_still_with_the_proceeding_and_moves_by_its_days(world: World) -> None:
    case, by = filed(world), world.user("coordinator")
    reach(world, case, "coercive", date(2026, 2, 10))
    old = duty(case)
    crime.suspend(by, case.pk, expected_version=0, on=date(2026, 2, 20), reason="被调查人重病")
    assert duty(case) is None
    assert old is not None
    old.refresh_from_db()
    assert old.state == State.CANCELLED
    with pytest.raises(CaseNotOpen):
        reach(world, case, "investigated", date(2026, 2, 25))
    with pytest.raises(DaysInWrongOrder):
        crime.resume(by, case.pk, expected_version=1, on=date(2026, 2, 19))
    crime.resume(by, case.pk, expected_version=1, on=date(2026, 3, 1))
    now = duty(case)
    assert now is not None
    assert now.due_on == date(2026, 4, 19)


def test_milestones_out_of_order_are_refused_with_the_stage_they_contradict(world: World) -> None:
    case = filed(world)
    reach(world, case, "investigated", date(2026, 2, 20))
    for stage, day in (
        ("coercive", date(2026, 2, 21)),
        ("indicted", date(2026, 2, 19)),
        ("investigated", date(2026, 2, 20)),
    ):
        with pytest.raises(OutOfOrder):
            reach(world, case, stage, day)
    with pytest.raises(DaysInWrongOrder):
        reach(world, case, "indicted", date(2026, 3, 3))


# --- Quality and outcome ----------------------------------------------------------------------------------------------


def test_a_second_officer_checks_and_a_fault_needs_a_remark(world: World) -> None:
    case, second = filed(world), second_officer(world)
    with pytest.raises(CheckedByOwnOfficer):
        crime.check_quality(world.user("coordinator"), case.pk, points=GOOD, remark="")
    with pytest.raises(ReasonMissing):
        crime.check_quality(second, case.pk, points=GOOD | {"evidence": False}, remark="")
    crime.check_quality(second, case.pk, points=GOOD | {"evidence": False}, remark="缺银行流水")
    assert crime.check_quality(second, case.pk, points=GOOD, remark="").passed
    with pytest.raises(InternalError), transaction.atomic():
        QualityCheck.objects.update(facts=True)


def test_a_conviction_needs_an_effective_judgment_and_a_passed_check(world: World) -> None:
    case, by = filed(world), world.user("coordinator")
    day = date(2026, 3, 1)
    with pytest.raises(NotEffective):
        crime.conclude(by, case.pk, expected_version=0, outcome="convicted", on=day)
    reach(world, case, "effective", day)
    crime.check_quality(second_officer(world), case.pk, points=GOOD | {"nature": False}, remark="定性")
    with pytest.raises(NotChecked):
        crime.conclude(by, case.pk, expected_version=0, outcome="convicted", on=day)
    crime.check_quality(second_officer(world), case.pk, points=GOOD, remark="")
    with pytest.raises(Conflict):
        crime.conclude(by, case.pk, expected_version=7, outcome="convicted", on=day)
    done = crime.conclude(by, case.pk, expected_version=0, outcome="convicted", on=day, months=42)
    assert (done.state, done.months, duty(case)) == (CaseState.CONCLUDED, 42, None)
    with pytest.raises(CaseNotOpen):
        crime.add_charge(by, case.pk, deed())


def test_a_wrong_day_is_corrected_with_a_reason_and_the_limit_follows(world: World) -> None:
    case, by = filed(world), world.user("coordinator")
    reach(world, case, "coercive", date(2026, 2, 10))
    words = {"stage": "coercive", "reason": "录入有误"}
    with pytest.raises(OutOfOrder):
        crime.correct_milestone(by, case.pk, on=date(2026, 2, 1), **words)
    with pytest.raises(DaysInWrongOrder):
        crime.correct_milestone(by, case.pk, on=date(2026, 3, 3), **words)
    with pytest.raises(ReasonMissing):
        crime.correct_milestone(by, case.pk, stage="coercive", on=date(2026, 2, 11), reason=" ")
    with pytest.raises(NotReached):
        crime.correct_milestone(by, case.pk, stage="judged", on=date(2026, 2, 11), reason="x")
    crime.correct_milestone(by, case.pk, on=date(2026, 2, 12), **words)
    case.refresh_from_db()
    assert case.obligation is not None
    assert case.obligation.due_on == date(2026, 4, 12)
    kept = Entry.objects.get(action="crime_case.milestone_corrected").data
    assert (kept["from"], kept["to"]) == ("2026-02-10", "2026-02-12")
