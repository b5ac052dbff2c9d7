"""Who decides is asked at the moment of decision: a head who is not the person concerned, else the body above."""

from datetime import date

import pytest
from django.core.cache import cache

from portal.audit.models import Entry
from portal.notices.models import Notice
from portal.obligations.choices import Action
from portal.obligations.models import Step
from portal.web.errors import NotAllowed
from portal.workdays import clock
from responsibility import deciding, policies
from responsibility.errors import CaseReferred, NotHeardYet, ReasonMissing, StillDecidedHere
from responsibility.models import AccountabilityCase, CaseState, EntryKind
from responsibility.services import accountability
from tests.responsibility.cases import HEARD, OPENED, RAISED, heads, leaves, member, of, post, silent, town_group
from tests.responsibility.conftest import Capture
from tests.world import World


def may_decide(world: World, case: AccountabilityCase) -> set[str]:
    case.refresh_from_db()
    return {name for name in world.users if policies.may_decide_case(world.user(name), case, None)}


def test_the_head_of_the_responsible_group_decides(world: World) -> None:
    case = silent(world, "V")
    with clock.frozen(HEARD):
        assert may_decide(world, case) == {"town_head"}
        assert list(policies.deciders(case, None)) == [world.users["town_head"]]


def test_where_the_head_leaves_the_group_above_decides(world: World) -> None:
    case = silent(world, "V")
    leaves(town_group(world), date(2026, 4, 20))
    with clock.frozen(HEARD):
        assert may_decide(world, case) == {"head"}
        accountability.decide(world.user("head"), case.pk, expected_version=0, measure=None, reason="Excused.")
    assert case.entries.get(kind=EntryKind.DECISION).group == world.group


def test_who_comes_to_head_the_group_does_not_decide_his_own_case(world: World) -> None:
    case = silent(world, "V")
    leaves(town_group(world), date(2026, 4, 20))
    heads(town_group(world), case.person, date(2026, 4, 21))
    with clock.frozen(HEARD):
        assert may_decide(world, case) == {"head"}
        with pytest.raises(NotAllowed):
            accountability.decide(
                world.user("village_leader"), case.pk, expected_version=0, measure=None, reason="My own."
            )


def test_a_case_opened_without_a_head_is_decided_by_who_comes(world: World) -> None:
    leaves(world.group, date(2026, 4, 1))
    case = silent(world)
    assert Notice.objects.filter(kind="case_to_refer", recipient=world.users["coordinator"]).count() == 3
    heads(world.group, world.tenures["other_leader"].person, date(2026, 4, 20))
    with clock.frozen(HEARD):
        assert may_decide(world, case) == {"other_leader"}


def test_where_nobody_is_left_in_the_tree_the_coordinator_records_the_referral(world: World) -> None:
    case = silent(world)
    leaves(world.group, date(2026, 4, 20))
    heads(world.group, case.person, date(2026, 4, 21))
    with clock.frozen(HEARD):
        assert may_decide(world, case) == set()
        accountability.refer(
            world.user("coordinator"),
            case.pk,
            expected_version=0,
            measure=of("admonishing_talk"),
            reason="So decided on 23 April.",
            basis="Letter 9",
        )
    case.refresh_from_db()
    assert (case.state, case.measure, case.closed_on) == (CaseState.REFERRED, of("admonishing_talk"), HEARD)
    entry = case.entries.get(kind=EntryKind.REFERRED)
    assert (entry.text, entry.basis, entry.author) == (
        "So decided on 23 April.",
        "Letter 9",
        world.users["coordinator"],
    )
    assert Notice.objects.filter(kind="case_referred", recipient=world.users["leader"]).count() == 1
    assert Entry.objects.filter(action="case.referred").count() == 1


def test_a_referral_without_a_measure_says_which_kind_of_nothing(world: World) -> None:
    case = silent(world)
    leaves(world.group, date(2026, 4, 20))
    with clock.frozen(HEARD):
        by = world.user("coordinator")
        accountability.refer(by, case.pk, expected_version=0, no_measure=True, reason="Excused there.")
        other = AccountabilityCase.objects.get(unit=world.unit("O"))
        accountability.refer(by, other.pk, expected_version=0, reason="Handled in another procedure.")
    case.refresh_from_db()
    other.refresh_from_db()
    assert (case.no_measure, other.no_measure) == (True, False)


def test_what_can_be_decided_here_is_not_referred(world: World) -> None:
    case = silent(world)
    with clock.frozen(HEARD), pytest.raises(StillDecidedHere):
        accountability.refer(world.user("coordinator"), case.pk, expected_version=0, reason="Rather not.")
    case.refresh_from_db()
    assert case.state == CaseState.OPENED


def test_a_referral_too_waits_for_the_hearing_and_needs_its_reason(world: World) -> None:
    case = silent(world)
    leaves(world.group, OPENED)
    by = world.user("coordinator")
    with clock.frozen(date(2026, 4, 16)), pytest.raises(NotHeardYet):
        accountability.refer(by, case.pk, expected_version=0, reason="At once.")
    with clock.frozen(HEARD), pytest.raises(ReasonMissing):
        accountability.refer(by, case.pk, expected_version=0, reason="  ")


def test_only_the_coordinator_refers(world: World) -> None:
    case = silent(world)
    leaves(world.group, OPENED)
    with clock.frozen(HEARD):
        for name in ("leader", "auditor"):
            with pytest.raises(NotAllowed):
                accountability.refer(world.user(name), case.pk, expected_version=0, reason="x")


def test_a_referred_case_is_over(world: World) -> None:
    case = silent(world)
    leaves(world.group, OPENED)
    with clock.frozen(HEARD):
        coordinator, leader = world.user("coordinator"), world.user("leader")
        accountability.refer(coordinator, case.pk, expected_version=0, reason="Done there.")
        for attempt in (
            lambda: accountability.explain(leader, case.pk, expected_version=1, text="Late."),
            lambda: accountability.propose(coordinator, case.pk, expected_version=1, measure=None, reason="x"),
            lambda: accountability.object_to(leader, case.pk, expected_version=1, text="No."),
            lambda: accountability.refer(coordinator, case.pk, expected_version=1, reason="Again."),
        ):
            with pytest.raises(CaseReferred):
                attempt()


def test_the_page_of_the_referral_records_it_once(world: World) -> None:
    case = silent(world)
    leaves(world.group, OPENED)
    client = world.client("coordinator")
    with clock.frozen(HEARD):
        page = client.get(case.get_absolute_url()).content.decode()
        assert "refer/" in page
        assert "Nobody in this tree may decide" in page
        key = "7b1f6f7a-0c5d-4b86-8a70-111111111111"
        typed = {"measure": "other", "reason": "Told there.", "idempotency_key": key}
        assert post(client, case, "refer", **typed) == 302
        assert post(client, case, "refer", **typed) == 302
        assert post(client, case, "refer", measure="other", reason="Again.") == 409
        assert post(world.client("auditor"), case, "refer", measure="other", reason="x") == 403
    assert case.entries.filter(kind=EntryKind.REFERRED).count() == 1


def test_who_decides_ten_cases_costs_what_one_costs(world: World, connection_queries: Capture) -> None:
    case = silent(world)
    every = list(AccountabilityCase.objects.values_list("pk", flat=True))
    with clock.frozen(HEARD):
        with connection_queries() as one:
            deciding.deciders([case.pk])
            deciding.answerers([case.pk])
        with connection_queries() as several:
            deciding.deciders(every)
            deciding.answerers(every)
    assert len(every) == 4
    assert len(one) == len(several)


def test_opening_and_raising_many_cases_costs_what_few_cost(world: World, connection_queries: Capture) -> None:
    silent(world)
    steps = list(Step.objects.filter(action=Action.OPEN_ACCOUNTABILITY).select_related("obligation", "tenure__person"))
    raised = []
    for taken in (steps[:1], steps):
        with clock.frozen(RAISED), connection_queries() as seen:
            accountability.raise_cases(taken)
        raised.append(len(seen))
    assert len(steps) == 4
    assert raised[0] == raised[1]


def test_what_is_to_be_referred_waits_on_the_coordinators_morning(world: World) -> None:
    case = silent(world)
    today = world.client("coordinator")
    with clock.frozen(HEARD):
        assert "Nobody here may decide: Finance Bureau" not in today.get("/today/").content.decode()
        accountability.decide(world.user("head"), case.pk, expected_version=0, measure=None, reason="Excused.")
        accountability.object_to(world.user("leader"), case.pk, expected_version=1, text="I want it said why.")
        assert "Nobody here may decide: Finance Bureau" in today.get("/today/").content.decode()
        member(world.group, "deputy")
        cache.clear()
        assert "Nobody here may decide: Finance Bureau" not in today.get("/today/").content.decode()
        leaves(world.group, OPENED)
        cache.clear()
        assert "Nobody here may decide: Transport Bureau" in today.get("/today/").content.decode()
