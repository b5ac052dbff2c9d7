"""Objections: answered one level above the decision, never by who made it; at the top of the tree by another member."""

from datetime import date

import pytest

from portal.notices.models import Notice
from portal.organisation.models import GroupMembership
from portal.web.errors import NotAllowed
from portal.workdays import clock
from responsibility import policies
from responsibility.errors import StillDecidedHere
from responsibility.models import AccountabilityCase, CaseState
from responsibility.services import accountability
from tests.responsibility.cases import HEARD, browser, decided, heads, leaves, member, silent
from tests.world import World


def objected(world: World, case: AccountabilityCase, who: str = "leader") -> None:
    with clock.frozen(HEARD):
        accountability.object_to(world.user(who), case.pk, expected_version=case.version, text="No.")
        case.refresh_from_db()


def answerers(case: AccountabilityCase) -> set[str]:
    with clock.frozen(HEARD):
        return set(policies.objection_deciders(case).values_list("username", flat=True))


def test_the_head_one_level_up_answers(world: World) -> None:
    case = silent(world, "V")
    decided(world, case, by="town_head")
    objected(world, case, "village_leader")
    assert answerers(case) == {"head"}
    assert Notice.objects.filter(kind="case_objected", recipient=world.users["head"]).count() == 1


def test_at_the_top_another_member_of_the_group_answers_and_not_its_author(world: World) -> None:
    deputy = member(world.group, "deputy")
    case = silent(world)
    decided(world, case)
    objected(world, case)
    assert answerers(case) == {"deputy"}
    with clock.frozen(HEARD):
        with pytest.raises(NotAllowed):
            accountability.answer_objection(
                world.user("head"), case.pk, expected_version=case.version, measure=None, reason="I was right."
            )
        accountability.answer_objection(
            deputy, case.pk, expected_version=case.version, measure=None, reason="It was late."
        )
    case.refresh_from_db()
    assert (case.state, case.no_measure) == (CaseState.CLOSED, True)


def test_the_person_concerned_does_not_answer_as_a_member(world: World) -> None:
    case = silent(world)
    GroupMembership.objects.create(group=world.group, person=case.person, starts_on=date(2026, 1, 1))
    decided(world, case)
    objected(world, case)
    assert answerers(case) == set()
    with clock.frozen(HEARD), pytest.raises(NotAllowed):
        accountability.answer_objection(
            world.user("leader"), case.pk, expected_version=case.version, measure=None, reason="Mine."
        )


def test_a_decision_of_the_coordinator_is_answered_by_the_head(world: World) -> None:
    case = silent(world)
    decided(world, case, by="coordinator", measure="reminder_talk")
    objected(world, case)
    assert answerers(case) == {"head"}


def test_who_decided_below_and_heads_above_since_does_not_answer(world: World) -> None:
    case = silent(world, "V")
    deputy = member(world.group, "deputy")
    decided(world, case, by="town_head")
    leaves(world.group, date(2026, 4, 23))
    heads(world.group, world.tenures["town_head"].person, HEARD)
    objected(world, case, "village_leader")
    assert answerers(case) == {deputy.username}


def test_where_nobody_may_answer_the_coordinator_records_the_referral(world: World) -> None:
    case = silent(world)
    decided(world, case)
    objected(world, case)
    assert Notice.objects.filter(kind="case_to_refer", recipient=world.users["coordinator"]).count() == 1
    with clock.frozen(HEARD):
        accountability.refer(
            world.user("coordinator"), case.pk, expected_version=case.version, no_measure=True, reason="Upheld there."
        )
    case.refresh_from_db()
    assert (case.state, case.no_measure, case.measure) == (CaseState.REFERRED, True, None)


def test_an_objection_that_somebody_may_answer_is_not_referred(world: World) -> None:
    member(world.group, "deputy")
    case = silent(world)
    decided(world, case)
    objected(world, case)
    with clock.frozen(HEARD), pytest.raises(StillDecidedHere):
        accountability.refer(world.user("coordinator"), case.pk, expected_version=case.version, reason="x")


def test_the_pages_say_who_answers(world: World) -> None:
    case = silent(world)
    decided(world, case)
    with clock.frozen(HEARD):
        alone = world.client("leader").get(f"{case.get_absolute_url()}object/").content.decode()
        assert "Nobody in this tree may answer it" in alone
        deputy = member(world.group, "deputy")
        told = world.client("leader").get(f"{case.get_absolute_url()}object/").content.decode()
        assert "District leading group (Deputy)" in told
        assert "Deputy" in world.client("leader").get(case.get_absolute_url()).content.decode()
    objected(world, case)
    with clock.frozen(HEARD):
        page = browser(deputy).get(f"{case.get_absolute_url()}answer/").content.decode()
        assert "The objection" in page
        assert world.client("head").get(f"{case.get_absolute_url()}answer/").status_code == 403


def test_before_a_decision_nobody_answers(world: World) -> None:
    case = silent(world, "V")
    with clock.frozen(HEARD):
        assert not policies.may_answer_objection(world.user("head"), case)
