"""Who holds a post: appointed by name, ended, never by himself."""

import uuid
from datetime import date, timedelta

import pytest

from portal.accounts import services as accounts
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.organisation import policies, services
from portal.organisation.errors import HeldNext, OwnAppointment
from portal.organisation.importing import UnitsImporter
from portal.organisation.models import Person, Tenure
from portal.web.errors import NotAllowed
from tests.world import PASSWORD, PEOPLE, TODAY, World, table


@pytest.fixture
def appoint_url(world: World) -> str:
    return f"/units/X/posts/{world.vacant_post.pk}/appoint/"


def typed(**values: str) -> dict[str, str]:
    return {"person": "", "starts_on": "2026-03-02", "ends_on": "", "idempotency_key": str(uuid.uuid4())} | values


class TestFindingAPerson:
    @pytest.mark.parametrize(
        "words", ["OTHER_LEADER", "other_leader", "何安澜", "He Anlan", "anlan he", "heanlan", "hal"]
    )
    def test_one_match_is_taken(self, world: World, appoint_url: str, words: str) -> None:
        assert world.client("coordinator").post(appoint_url, typed(person=words)).status_code == 302
        assert Tenure.objects.get(post=world.vacant_post).person.employee_no == "OTHER_LEADER"

    def test_several_are_offered_and_nothing_typed_is_lost(self, world: World, appoint_url: str) -> None:
        answer = world.client("coordinator").post(appoint_url, typed(person="zhixin", ends_on="2026-12-31"))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Xu Zhixin, Director, Finance Bureau (LEADER)" in page
        assert 'value="zhixin"' in page
        assert 'value="2026-12-31"' in page
        assert page.count('name="chosen"') == 3
        assert not Tenure.objects.filter(post=world.vacant_post).exists()

    def test_the_one_chosen_is_taken(self, world: World, appoint_url: str) -> None:
        answer = world.client("coordinator").post(appoint_url, typed(person="zhixin", chosen="LEADER"))
        assert answer.status_code == 302
        assert Tenure.objects.get(post=world.vacant_post).person.employee_no == "LEADER"

    def test_a_choice_that_was_not_offered_is_no_choice(self, world: World, appoint_url: str) -> None:
        answer = world.client("coordinator").post(appoint_url, typed(person="zhixin", chosen="OTHER_LEADER"))
        assert answer.status_code == 422
        assert not Tenure.objects.filter(post=world.vacant_post).exists()

    def test_nobody_of_that_name_is_a_sentence_at_the_field(self, world: World, appoint_url: str) -> None:
        page = world.client("coordinator").post(appoint_url, typed(person="Nobody")).content.decode()
        assert "nobody&#x27;s name" in page

    def test_too_many_ask_for_more_of_the_name(self, world: World, appoint_url: str) -> None:
        crowd = [("B", f"p{n}", f"Person {n}", f"人{n}", "other", False) for n in range(20)]
        rows = table(people=(*PEOPLE, *crowd))
        for number, row in enumerate(rows[1:]):
            row[9] = f"{row[9]} {number}" if row[9] else ""
            row[10] = f"{row[10]}{number}" if row[10] and row[12].startswith("P") else row[10]
        UnitsImporter().apply(None, [rows[0], *[row for row in rows[1:] if row[12].startswith("P")]])
        page = world.client("coordinator").post(appoint_url, typed(person="Person")).content.decode()
        assert "More than 12 match" in page

    def test_names_elsewhere_are_not_listed_but_a_number_is_found(self, world: World) -> None:
        user = User.objects.create_user("towncoord", PASSWORD)
        accounts.grant(None, user=user, role=Role.COORDINATOR, path=str(world.unit("T").path), reason="x")
        world.users["towncoord"] = user
        services.end_tenure(world.user("coordinator"), world.tenures["village_leader"].pk, ends_on=date(2026, 3, 1))
        url = f"/units/V/posts/{world.tenures['village_leader'].post_id}/appoint/"
        assert world.client("towncoord").post(url, typed(person="何安澜")).status_code == 422
        assert world.client("towncoord").post(url, typed(person="OTHER_LEADER")).status_code == 302

    def test_likely_persons_are_at_hand(self, world: World, appoint_url: str) -> None:
        page = world.client("coordinator").get(appoint_url).content.decode()
        assert '<option value="HEAD">Wei Zhixin, Director, District (HEAD)</option>' in page
        assert "LIAISON" not in page


class TestOwnOffice:
    def test_nobody_appoints_himself_or_names_himself_acting(self, world: World, appoint_url: str) -> None:
        path = str(world.unit("D").path)
        accounts.grant(None, user=world.user("liaison"), role=Role.SYSTEM_ADMIN, path=path, reason="x")
        by, person = world.user("liaison"), Person.objects.get(employee_no="LIAISON")
        for verb in (services.appoint, services.name_acting):
            with pytest.raises(OwnAppointment):
                verb(by, post=world.vacant_post, person=person, starts_on=TODAY)
        page = world.client("liaison").post(appoint_url, typed(person="LIAISON")).content.decode()
        assert "Nobody appoints himself." in page
        assert not Tenure.objects.filter(post=world.vacant_post).exists()

    def test_nobody_gives_himself_more_time(self, world: World) -> None:
        tenure = world.tenures["liaison"]
        path = str(world.unit("D").path)
        accounts.grant(None, user=world.user("liaison"), role=Role.COORDINATOR, path=path, reason="x")
        services.end_tenure(world.user("coordinator"), tenure.pk, ends_on=date(2026, 6, 30))
        with pytest.raises(OwnAppointment):
            services.end_tenure(world.user("liaison"), tenure.pk, ends_on=date(2026, 7, 31))

    def test_a_tenure_does_not_reach_into_the_next_one(self, world: World) -> None:
        by, tenure = world.user("coordinator"), world.tenures["leader"]
        services.end_tenure(by, tenure.pk, ends_on=TODAY)
        follower = Person.objects.get(employee_no="LIAISON")
        services.appoint(by, post=tenure.post, person=follower, starts_on=TODAY + timedelta(days=1))
        with pytest.raises(HeldNext, match="Shi Mingyuan"):
            services.end_tenure(by, tenure.pk, ends_on=TODAY + timedelta(days=1))


class TestAccounts:
    @pytest.fixture
    def town(self, world: World) -> User:
        user = User.objects.create_user("towncoord", PASSWORD)
        accounts.grant(None, user=user, role=Role.COORDINATOR, path=str(world.unit("T").path), reason="x")
        Person.objects.update(user=None)
        return User.objects.get(pk=user.pk)

    def test_accounts_are_made_for_the_own_part_of_the_tree_alone(self, world: World, town: User) -> None:
        services.create_account(town, person=Person.objects.get(employee_no="VILLAGE_LEADER"), username="v")
        with pytest.raises(NotAllowed):
            services.create_account(town, person=Person.objects.get(employee_no="LEADER"), username="l")

    def test_a_person_with_an_office_higher_up_gets_none_from_below(self, world: World, town: User) -> None:
        person = Person.objects.get(employee_no="TOWN_HEAD")
        assert policies.may_make_account(town, person)
        services.seat(world.user("coordinator"), group=world.group, person=person, is_head=False, starts_on=TODAY)
        assert not policies.may_make_account(town, person)
