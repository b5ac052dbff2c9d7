"""A unit that is no more: its duties, tenures and seats end, its file stays."""

from datetime import date, timedelta

import pytest

from portal.audit.models import Entry
from portal.obligations.models import Obligation
from portal.organisation import services
from portal.organisation.change_models import UnitChange
from portal.organisation.errors import ReasonMissing, UnitDissolved, UnitsBelow
from portal.organisation.models import GroupMembership, LeadingGroup, Person, Tenure
from portal.organisation.services import changes
from portal.web.errors import NotAllowed
from tests.obligations.test_clock import duty
from tests.world import TODAY, World


def dissolve(
    world: World, code: str = "B", by: str = "coordinator", on: date = TODAY, reason: str = "Merged."
) -> UnitChange:
    found = changes.Dissolve(unit_id=world.unit(code).pk, effective_on=on, reason=reason)
    return changes.decide(world.user(by), found)


def test_its_open_duties_end_with_the_reason(world: World) -> None:
    owed, elsewhere = duty(world), duty(world, "O")
    dissolve(world)
    owed.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (owed.state, owed.closed_on, elsewhere.state) == ("cancelled", TODAY, "open")
    assert Entry.objects.get(action="duty.cancelled").data["reason"] == "Merged."
    assert Entry.objects.filter(action="unit.dissolved").count() == 1


def test_tenures_and_seats_end_and_those_to_come_never_begin(world: World) -> None:
    group = LeadingGroup.objects.create(unit=world.unit("B"), name_en="g", name_zh="g")
    seat = GroupMembership.objects.create(group=group, person=Person.objects.get(employee_no="LEADER"), starts_on=TODAY)
    leader = world.tenures["leader"]
    Tenure.objects.filter(pk=leader.pk).update(ends_on=TODAY + timedelta(days=5))
    coming = Tenure.objects.create(post=leader.post, person=leader.person, starts_on=TODAY + timedelta(days=6))
    dissolve(world, on=TODAY - timedelta(days=3))
    leader.refresh_from_db()
    seat.refresh_from_db()
    assert leader.ends_on == TODAY - timedelta(days=3)
    assert seat.ends_on == TODAY
    assert not Tenure.objects.filter(pk=coming.pk).exists()


def test_it_leaves_the_list_and_keeps_its_file(world: World) -> None:
    dissolve(world)
    client = world.client("coordinator")
    assert "Finance Bureau" not in client.get("/units/").content.decode()
    page = client.get("/units/B/").content.decode()
    assert "Dissolved on 2 March 2026" in page
    assert "Merged." in page
    assert "/appoint/" not in page


def test_nobody_is_appointed_there_any_more(world: World) -> None:
    dissolve(world, "X")
    person = Person.objects.get(employee_no="LEADER")
    with pytest.raises(UnitDissolved):
        services.appoint(world.user("coordinator"), post=world.vacant_post, person=person, starts_on=TODAY)


def test_units_below_come_first(world: World) -> None:
    with pytest.raises(UnitsBelow, match="Dongwan Village"):
        dissolve(world, "T")
    dissolve(world, "V")
    dissolve(world, "T")


def test_twice_or_without_a_reason_is_refused(world: World) -> None:
    with pytest.raises(ReasonMissing):
        dissolve(world, reason=" ")
    dissolve(world)
    with pytest.raises(UnitDissolved):
        dissolve(world)


def test_only_who_edits_the_unit_above(world: World) -> None:
    owed = duty(world)
    with pytest.raises(NotAllowed):
        dissolve(world, by="head")
    assert Obligation.objects.get(pk=owed.pk).state == "open"
