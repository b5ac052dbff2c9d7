"""The clean-government part and its files: who reads them, who attaches, and that the list and the policy agree."""

from datetime import date

import pytest

from portal.accounts.models import User
from portal.documents import services as documents
from portal.organisation.models import GroupMembership, LeadingGroup
from portal.web.errors import NotAllowed
from portal.workdays import clock
from responsibility import policies
from responsibility.models import Part, Report
from responsibility.services import reports
from tests.responsibility.reports import BASE, CLOSES, fill, hand_in, new_person, send_back, text
from tests.world import ROLES, World

READERS = {"leader", "head", "coordinator"}
SECRET = "my-income.txt"


def seat(world: World, code: str) -> User:
    """A member of the leading group seated at a unit."""
    person, user = new_person("E9")
    group = LeadingGroup.objects.get(unit=world.unit(code))
    GroupMembership.objects.create(group=group, person=person, starts_on=date(2026, 1, 1))
    return user


def test_a_file_of_the_declaration_is_read_by_whom_the_declaration_is_read_by(world: World, report: Report) -> None:
    kept = reports.attach(world.user("leader"), report.pk, Part.CLEAN, text(SECRET))
    for name in ROLES:
        status = world.client(name).get(kept.get_absolute_url()).status_code
        assert status == (200 if name in READERS else 404), name


def test_its_name_stands_on_no_page_of_the_others(world: World, report: Report) -> None:
    client = world.client("leader")
    assert client.post(f"{BASE}clean/files/", {"file": text(SECRET)}).status_code == 302
    assert SECRET in client.get(f"{BASE}clean/").content.decode()
    assert SECRET in world.client("coordinator").get(BASE).content.decode()
    for name in ("liaison", "staff", "auditor"):
        assert SECRET not in world.client(name).get(BASE).content.decode(), name
    assert SECRET not in world.client("liaison").get(f"{BASE}work/").content.decode()
    hand_in(world, report)
    for name in ("liaison", "staff", "auditor"):
        assert SECRET not in world.client(name).get(BASE).content.decode(), name


def test_only_the_leader_attaches_and_takes_away_there(world: World, report: Report) -> None:
    kept = reports.attach(world.user("leader"), report.pk, Part.CLEAN, text(SECRET))
    with pytest.raises(NotAllowed):
        documents.attach(world.user("liaison"), reports.CLEAN_FILES, report, text())
    with pytest.raises(NotAllowed):
        documents.detach(world.user("liaison"), kept.pk)
    liaison = world.client("liaison")
    assert liaison.post(f"{BASE}clean/files/", {"file": text()}).status_code == 403
    # The address of the others' files does not reach it either.
    assert liaison.post(f"{BASE}files/{kept.pk}/remove/").status_code == 404
    assert world.client("leader").post(f"{BASE}clean/files/{kept.pk}/remove/").status_code == 302
    assert not reports.files_of(report, Part.CLEAN).exists()


def test_a_member_of_the_leaders_own_group_does_not_read_it(world: World, report: Report) -> None:
    user = seat(world, "T")
    own, village = Report.objects.get(unit=world.unit("T")), Report.objects.get(unit=world.unit("V"))
    assert not policies.may_read_clean(user, own)
    assert policies.may_read_clean(user, village)
    assert policies.may_read_clean(world.user("town_head"), own)
    assert policies.may_read_clean(world.user("head"), own)


def test_list_and_policy_share_their_condition(world: World, report: Report) -> None:
    seat(world, "T")
    for name in (*world.users, "e9"):
        user = User.objects.get(username=name)
        listed = set(Report.objects.clean_open_to(user))
        assert listed == {found for found in Report.objects.all() if policies.may_read_clean(user, found)}, name


def test_what_was_handed_in_cannot_be_taken_away(world: World, report: Report) -> None:
    kept = reports.attach(world.user("leader"), report.pk, Part.CLEAN, text(SECRET))
    send_back(world, hand_in(world, report))
    answer = world.client("leader").post(f"{BASE}clean/files/{kept.pk}/remove/")
    assert answer.status_code == 409
    assert "stays with it" in answer.content.decode()
    assert reports.files_of(report, Part.CLEAN).exists()


def test_nothing_is_attached_to_a_closed_period(world: World, report: Report) -> None:
    fill(world, report)
    with clock.frozen(date(CLOSES.year, 8, 3)):
        assert world.client("leader").post(f"{BASE}clean/files/", {"file": text()}).status_code == 409
    assert not reports.files_of(report, Part.CLEAN).exists()
