"""Leading groups: made at a unit, their heads and members seated and unseated by day."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from portal.accounts.roles import Role
from portal.audit.models import Entry
from portal.organisation import services
from portal.organisation.errors import (
    DayOutOfReach,
    EndsBeforeStart,
    GroupExists,
    HeldNext,
    OwnAppointment,
    SeatedAlready,
    SeatEnded,
    SeatHeld,
)
from portal.organisation.models import GroupMembership, LeadingGroup, Person
from portal.web.errors import NotAllowed
from tests.queries import count_queries
from tests.world import TODAY, World

TOMORROW = TODAY + timedelta(days=1)


def person(name: str) -> Person:
    return Person.objects.get(employee_no=name.upper())


def seat(world: World, name: str, by: str = "coordinator", **values: Any) -> GroupMembership:
    typed: dict[str, Any] = {"is_head": False, "starts_on": TODAY} | values
    return services.seat(world.user(by), group=world.group, person=person(name), **typed)


def head(world: World, on: date) -> str | None:
    found = world.group.head(on)
    return found.person.employee_no if found else None


class TestMake:
    def test_a_unit_gets_a_leading_group_and_the_log_says_so(self, world: World) -> None:
        services.make_group(world.user("coordinator"), unit=world.unit("B"), name_en="", name_zh="财政局领导小组")
        assert LeadingGroup.objects.get(unit=world.unit("B")).name_en == "财政局领导小组"
        assert Entry.objects.filter(action="group.made").count() == 1

    def test_a_second_group_is_refused(self, world: World) -> None:
        with pytest.raises(GroupExists):
            services.make_group(world.user("coordinator"), unit=world.unit("T"), name_en="x", name_zh="x")

    def test_the_head_makes_none(self, world: World) -> None:
        with pytest.raises(NotAllowed):
            services.make_group(world.user("head"), unit=world.unit("B"), name_en="x", name_zh="x")

    def test_by_page_once_however_often_it_is_posted(self, world: World) -> None:
        typed = {"name_zh": "财政局领导小组", "name_en": "", "idempotency_key": str(uuid.uuid4())}
        for _time in range(2):
            answer = world.client("coordinator").post("/units/B/group/", typed)
            assert answer["Location"] == "/groups/#group-B"
        assert world.client("coordinator").get("/units/B/").status_code == 200


class TestSeat:
    def test_a_member_has_the_role_from_the_day_on(self, world: World) -> None:
        seat(world, "leader")
        assert world.user("leader").standing.over(str(world.unit("X").path), Role.MEMBER)
        assert Entry.objects.filter(action="membership.begun").count() == 1

    def test_a_new_head_follows_the_present_one(self, world: World) -> None:
        seat(world, "leader", is_head=True, starts_on=TOMORROW)
        assert (head(world, TODAY), head(world, TOMORROW)) == ("HEAD", "LEADER")

    def test_a_head_who_began_today_is_replaced(self, world: World) -> None:
        seat(world, "leader", is_head=True)
        seat(world, "other_leader", is_head=True)
        assert head(world, TODAY) == "OTHER_LEADER"
        assert not GroupMembership.objects.filter(person=person("leader")).exists()

    def test_the_past_is_not_rewritten(self, world: World) -> None:
        with pytest.raises(SeatHeld, match="Wei Zhixin"):
            seat(world, "leader", is_head=True, starts_on=TODAY - timedelta(days=1))

    def test_a_head_to_come_is_not_undone(self, world: World) -> None:
        seat(world, "leader", is_head=True, starts_on=TOMORROW)
        with pytest.raises(SeatHeld, match="Xu Zhixin"):
            seat(world, "other_leader", is_head=True)
        assert head(world, TODAY) == "HEAD"

    def test_a_member_becomes_the_head(self, world: World) -> None:
        seat(world, "leader")
        seat(world, "leader", is_head=True, starts_on=TOMORROW)
        assert head(world, TOMORROW) == "LEADER"

    def test_nobody_sits_twice(self, world: World) -> None:
        seat(world, "leader")
        with pytest.raises(SeatedAlready):
            seat(world, "leader")
        with pytest.raises(SeatedAlready):
            seat(world, "head")

    def test_nobody_seats_himself_nor_without_the_office(self, world: World) -> None:
        Person.objects.filter(user=world.user("leader")).update(user=world.user("coordinator"))
        with pytest.raises(OwnAppointment):
            seat(world, "leader")
        with pytest.raises(NotAllowed):
            seat(world, "liaison", by="head")
        assert not GroupMembership.objects.filter(is_head=False).exists()

    def test_days_out_of_order_or_reach_are_refused(self, world: World) -> None:
        with pytest.raises(EndsBeforeStart):
            seat(world, "leader", ends_on=TODAY - timedelta(days=1))
        with pytest.raises(DayOutOfReach):
            seat(world, "leader", ends_on=date(2101, 1, 1))

    def test_by_page_once_however_often_it_is_posted(self, world: World) -> None:
        key = str(uuid.uuid4())
        typed = {"person": "许志新", "is_head": "member", "starts_on": "2026-03-02", "idempotency_key": key}
        for _time in range(2):
            assert world.client("coordinator").post("/units/D/group/seat/", typed).status_code == 302
        assert GroupMembership.objects.filter(person=person("leader")).count() == 1
        page = world.client("coordinator").get("/groups/").content.decode()
        assert "Director, Finance Bureau" in page


class TestUnseat:
    def test_a_seat_ends_on_its_last_day_and_once(self, world: World) -> None:
        by, made = world.user("coordinator"), seat(world, "leader", starts_on=TODAY - timedelta(days=9))
        services.unseat(by, made.pk, ends_on=TODAY - timedelta(days=1))
        assert not world.user("leader").standing.has(Role.MEMBER)
        with pytest.raises(SeatEnded):
            services.unseat(by, made.pk, ends_on=TODAY)

    def test_before_the_first_day_or_into_the_next_heads_time_is_refused(self, world: World) -> None:
        by, made = world.user("coordinator"), seat(world, "leader", is_head=True, starts_on=TOMORROW)
        with pytest.raises(EndsBeforeStart):
            services.unseat(by, made.pk, ends_on=TODAY)
        present = GroupMembership.objects.get(person=person("head"))
        with pytest.raises(HeldNext, match="Xu Zhixin"):
            services.unseat(by, present.pk, ends_on=TOMORROW)

    def test_by_page_once_and_only_by_who_may(self, world: World) -> None:
        made = seat(world, "leader")
        url, typed = (
            f"/units/D/group/seats/{made.pk}/end/",
            {"ends_on": "2026-03-31", "idempotency_key": str(uuid.uuid4())},
        )
        assert world.client("head").post(url, typed).status_code == 403
        for _time in range(2):
            assert world.client("coordinator").post(url, typed).status_code == 302
        made.refresh_from_db()
        assert made.ends_on == date(2026, 3, 31)


def test_the_page_of_groups_asks_the_same_number_of_questions_however_many_there_are(world: World) -> None:
    client = world.client("coordinator")
    before = count_queries(client, "/groups/")
    for code in ("B", "O", "X", "V"):
        group = LeadingGroup.objects.create(unit=world.unit(code), name_en=code, name_zh=code)
        GroupMembership.objects.create(group=group, person=person("leader"), starts_on=TODAY)
    assert count_queries(client, "/groups/") == before


def test_the_page_says_which_units_a_group_answers_for_and_offers_verbs_to_who_may(world: World) -> None:
    page = world.client("coordinator").get("/groups/").content.decode()
    assert "A leading group is responsible for the units at its place and below it." in page
    assert "/units/T/group/seat/" in page
    assert "/group/seat/" not in world.client("head").get("/groups/").content.decode()
