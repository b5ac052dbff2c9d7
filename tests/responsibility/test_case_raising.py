"""A duty still not done at +20: its case rises one level, whatever was decided; fair to the person, known to all."""

from datetime import timedelta

import pytest

from portal.notices import registry
from portal.notices.models import Notice
from portal.obligations.choices import Action
from portal.obligations.models import Step
from portal.workdays import clock
from responsibility import policies
from responsibility.errors import CaseDecided, NotHeardYet, ObjectedAlready
from responsibility.models import AccountabilityCase, CaseState, EntryKind
from responsibility.services import accountability
from tests.responsibility.cases import HEARD, OPENED, RAISED, decided, leaves, member, of, run, silent, town_group
from tests.responsibility.letters import fresh, ready, sign
from tests.world import World


def told(kind: str, case: AccountabilityCase) -> set[str]:
    notices = Notice.objects.filter(kind=kind, about=f"accountabilitycase:{case.pk}")
    return set(notices.values_list("recipient__username", flat=True))


def explained(world: World, case: AccountabilityCase, who: str) -> None:
    with clock.frozen(OPENED):
        accountability.explain(world.user(who), case.pk, expected_version=case.version, text="I was ill.")
        case.refresh_from_db()


def test_an_undecided_case_goes_to_the_group_above(world: World) -> None:
    case = silent(world, "V")
    run(RAISED)
    case.refresh_from_db()
    assert (case.level, case.group, case.state, case.at_top) == (2, world.group, CaseState.OPENED, False)
    assert told("case_raised", case) == {"head", "coordinator"}
    assert told("case_raised_own", case) == {"village_leader"}


def test_a_proposed_case_tells_its_new_decider(world: World) -> None:
    case = silent(world, "V")
    with clock.frozen(HEARD):
        accountability.propose(
            world.user("coordinator"), case.pk, expected_version=0, measure=of("ordered_correction"), reason="First."
        )
    assert told("case_proposed", case) == {"town_head"}
    run(RAISED)
    case.refresh_from_db()
    assert case.state == CaseState.PROPOSED
    assert "head" in told("case_raised", case)


def test_a_decided_case_is_raised_too_and_the_upper_group_decides_a_further_measure(world: World) -> None:
    case = silent(world, "V")
    explained(world, case, "village_leader")
    decided(world, case, by="town_head")
    run(RAISED)
    case.refresh_from_db()
    assert (case.level, case.state, case.measure) == (2, CaseState.EXPLAINED, of("ordered_correction"))
    with clock.frozen(RAISED):
        assert not policies.may_decide_case(world.user("town_head"), case, None)
        accountability.decide(
            world.user("head"), case.pk, expected_version=case.version, measure=of("veto"), reason="Still not done."
        )
    case.refresh_from_db()
    assert (case.state, case.measure) == (CaseState.DECIDED, of("veto"))
    decisions = case.entries.filter(kind=EntryKind.DECISION).values_list("level", "measure__code", "group__unit__code")
    assert list(decisions) == [(1, "ordered_correction", "T"), (2, "veto", "D")]


def test_where_no_further_measure_follows_the_first_one_stands(world: World) -> None:
    case = silent(world)
    explained(world, case, "leader")
    decided(world, case)
    run(RAISED)
    case.refresh_from_db()
    with clock.frozen(RAISED):
        accountability.decide(
            world.user("head"), case.pk, expected_version=case.version, measure=None, reason="It is on its way."
        )
    case.refresh_from_db()
    assert (case.measure, case.no_measure) == (of("ordered_correction"), False)


def test_who_never_explained_is_given_the_time_again(world: World) -> None:
    case = silent(world)
    decided(world, case)
    run(RAISED)
    case.refresh_from_db()
    with clock.frozen(RAISED), pytest.raises(NotHeardYet):
        accountability.decide(
            world.user("head"), case.pk, expected_version=case.version, measure=of("veto"), reason="Late."
        )
    with clock.frozen(case.explain_until + timedelta(days=1)):
        accountability.decide(
            world.user("head"), case.pk, expected_version=case.version, measure=of("veto"), reason="Late."
        )


def test_at_the_top_of_the_tree_the_same_group_decides_further_or_the_case_is_referred(world: World) -> None:
    case = silent(world)
    explained(world, case, "leader")
    decided(world, case)
    run(RAISED)
    case.refresh_from_db()
    assert (case.level, case.at_top) == (2, True)
    with clock.frozen(RAISED):
        assert policies.may_decide_case(world.user("head"), case, None)
        page = world.client("coordinator").get(case.get_absolute_url()).content.decode()
        assert "refer/" in page
        accountability.refer(
            world.user("coordinator"), case.pk, expected_version=case.version, reason="Taken up by the city."
        )
    case.refresh_from_db()
    assert (case.state, case.measure) == (CaseState.REFERRED, of("ordered_correction"))


def test_the_first_decision_can_still_be_objected_to_after_the_raising(world: World) -> None:
    deputy = member(world.group, "deputy")
    case = silent(world)
    explained(world, case, "leader")
    decided(world, case)
    run(RAISED)
    case.refresh_from_db()
    with clock.frozen(RAISED):
        leader = world.user("leader")
        accountability.object_to(leader, case.pk, expected_version=case.version, text="The letter was late.")
        case.refresh_from_db()
        with pytest.raises(CaseDecided):
            accountability.decide(
                world.user("head"), case.pk, expected_version=case.version, measure=of("veto"), reason="x"
            )
        accountability.answer_objection(
            deputy, case.pk, expected_version=case.version, measure=None, reason="True: it was."
        )
        case.refresh_from_db()
        assert (case.state, case.no_measure) == (CaseState.EXPLAINED, True)
        with pytest.raises(ObjectedAlready):
            accountability.object_to(leader, case.pk, expected_version=case.version, text="Again.")
        accountability.decide(
            world.user("head"), case.pk, expected_version=case.version, measure=of("veto"), reason="Still not done."
        )
        case.refresh_from_db()
        accountability.object_to(leader, case.pk, expected_version=case.version, text="This one too.")


def test_an_objection_that_waits_is_answered_before_the_case_goes_on(world: World) -> None:
    case = silent(world, "V")
    explained(world, case, "village_leader")
    decided(world, case, by="town_head")
    with clock.frozen(HEARD):
        accountability.object_to(world.user("village_leader"), case.pk, expected_version=case.version, text="No.")
    run(RAISED)
    case.refresh_from_db()
    assert (case.level, case.state, case.group) == (2, CaseState.OBJECTED, world.group)
    with clock.frozen(RAISED):
        accountability.answer_objection(
            world.user("head"), case.pk, expected_version=case.version, measure=of("reminder_talk"), reason="Milder."
        )
    case.refresh_from_db()
    assert (case.state, case.measure, case.closed_on) == (CaseState.EXPLAINED, of("reminder_talk"), None)


def test_a_closed_case_is_opened_again(world: World) -> None:
    deputy = member(world.group, "deputy")
    case = silent(world)
    explained(world, case, "leader")
    decided(world, case)
    with clock.frozen(HEARD):
        accountability.object_to(world.user("leader"), case.pk, expected_version=case.version, text="No.")
        case.refresh_from_db()
        accountability.answer_objection(
            deputy, case.pk, expected_version=case.version, measure=of("reminder_talk"), reason="Milder."
        )
    run(RAISED)
    case.refresh_from_db()
    assert (case.state, case.level, case.closed_on) == (CaseState.EXPLAINED, 2, None)


def test_a_referred_case_is_not_raised(world: World) -> None:
    case = silent(world)
    leaves(world.group, OPENED)
    with clock.frozen(HEARD):
        accountability.refer(world.user("coordinator"), case.pk, expected_version=0, reason="There.")
    run(RAISED)
    case.refresh_from_db()
    assert (case.state, case.level) == (CaseState.REFERRED, 1)
    assert told("case_raised_own", case) == set()


def test_nothing_is_raised_once_the_duty_is_done(world: World) -> None:
    case = silent(world)
    decided(world, case)
    with clock.frozen(HEARD):
        sign(world, "leader", fresh()["B"])
    run(RAISED)
    case.refresh_from_db()
    assert (case.state, case.level) == (CaseState.DECIDED, 1)


def test_where_nobody_is_left_above_the_coordinator_is_told_to_refer(world: World) -> None:
    case = silent(world, "V")
    leaves(town_group(world), HEARD)
    leaves(world.group, HEARD)
    run(RAISED)
    assert "coordinator" in told("case_to_refer", case)
    assert told("case_raised_own", case) == {"village_leader"}


def test_running_again_raises_nothing_again(world: World) -> None:
    case = silent(world)
    decided(world, case)
    run(RAISED)
    run(RAISED)
    run(RAISED + timedelta(days=3))
    case.refresh_from_db()
    assert case.level == 2
    assert case.entries.filter(kind=EntryKind.RAISED).count() == 1


def test_after_downtime_a_case_is_opened_and_raised_in_one_run_and_the_person_still_has_the_time(world: World) -> None:
    ready(world)
    run(RAISED)
    case = AccountabilityCase.objects.get(unit=world.unit("V"))
    assert (case.level, case.state, case.group) == (2, CaseState.OPENED, world.group)
    assert case.explain_until > RAISED


def test_a_duty_without_a_case_raises_none_and_the_notice_of_the_ladder_claims_none(world: World) -> None:
    ready(world)
    duty = fresh()["B"].obligation
    step = Step(obligation=duty, action=Action.RAISE_LEVEL, taken_on=RAISED, due_on=duty.due_on)
    assert accountability.raise_cases([step]) == []
    assert "If an accountability case was opened for it" in str(registry.get("duty_raised").body)
