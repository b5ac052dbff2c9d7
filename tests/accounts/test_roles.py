"""Who holds what: grants by hand, roles by office, and the rows that follow."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from portal.accounts import scopes, services
from portal.accounts.errors import GrantedAlready, NotByHand, OfficesSeparated, OwnGrant, RevokedAlready
from portal.accounts.models import Grant
from portal.accounts.roles import Role
from portal.organisation.models import Tenure, Unit
from portal.web.errors import NotAllowed
from portal.workdays import clock
from tests.audit.test_chain import in_threads
from tests.world import TODAY, World, build


def codes(world: World, name: str) -> set[str]:
    return set(Unit.objects.visible_to(world.user(name)).values_list("code", flat=True))


def test_a_coordinator_sees_the_tree_below_and_a_leader_the_own_unit(world: World) -> None:
    assert codes(world, "coordinator") == {"D", "B", "O", "T", "V", "X"}
    assert codes(world, "leader") == {"B"}
    assert codes(world, "town_head") == {"T", "V"}


def test_nobody_and_the_inactive_see_nothing(world: World) -> None:
    assert not Unit.objects.filter(scopes.q(AnonymousUser(), "path")).exists()
    user = world.user("coordinator")
    user.is_active = False
    assert not Unit.objects.visible_to(user).exists()


def test_the_role_of_a_top_leader_begins_and_ends_with_the_tenure(world: World) -> None:
    Tenure.objects.filter(pk=world.tenures["leader"].pk).update(ends_on=clock.today())
    assert world.user("leader").standing.has(Role.TOP_LEADER)
    with clock.frozen(clock.today() + timedelta(days=1)):
        assert not world.user("leader").standing.has(Role.TOP_LEADER)


@pytest.mark.parametrize("role", [Role.TOP_LEADER, Role.LIAISON, Role.HEAD, Role.MEMBER])
def test_a_role_of_office_is_never_granted_by_hand(world: World, role: Role) -> None:
    by, path = world.user("security_admin"), str(world.unit("D").path)
    with pytest.raises(NotByHand):
        services.grant(by, user=world.user("staff"), role=role, path=path, reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(user=world.user("staff"), role=role, path=path, reason="x")


def test_only_the_security_administrator_grants_and_never_to_himself(world: World) -> None:
    path = str(world.unit("D").path)
    with pytest.raises(NotAllowed):
        services.grant(world.user("coordinator"), user=world.user("leader"), role=Role.STAFF, path=path, reason="x")
    by = world.user("security_admin")
    with pytest.raises(OwnGrant):
        services.grant(by, user=by, role=Role.STAFF, path=path, reason="x")


def test_the_three_offices_are_three_persons(world: World) -> None:
    path = str(world.unit("D").path)
    with pytest.raises(OfficesSeparated):
        services.grant(None, user=world.user("auditor"), role=Role.SYSTEM_ADMIN, path=path, reason="x")


def test_a_role_is_granted_once_and_revoked_once(world: World) -> None:
    by, path = world.user("security_admin"), str(world.unit("B").path)
    held = services.grant(by, user=world.user("liaison"), role=Role.STAFF, path=path, reason="x")
    with pytest.raises(GrantedAlready):
        services.grant(by, user=world.user("liaison"), role=Role.STAFF, path=path, reason="x")
    services.revoke(by, held.pk, reason="left")
    with pytest.raises(RevokedAlready):
        services.revoke(by, held.pk, reason="left")


def test_the_same_form_posted_twice_grants_once(world: World) -> None:
    client, path = world.client("security_admin"), str(world.unit("D").path)
    typed = {
        "user": "liaison",
        "role": "staff",
        "path": path,
        "reason": "Appointed",
        "idempotency_key": str(uuid.uuid4()),
    }
    assert client.post("/roles/grant/", typed).status_code == 302
    assert client.post("/roles/grant/", typed).status_code == 302
    assert Grant.objects.filter(role="staff", user__username="liaison").count() == 1


def test_users_with_a_role_are_found_by_grant_and_by_office(world: World) -> None:
    path = str(world.unit("V").path)
    assert {u.username for u in scopes.users_with(Role.COORDINATOR, path)} == {"coordinator"}
    assert {u.username for u in scopes.users_with(Role.HEAD, path)} == {"head", "town_head"}
    assert {u.username for u in scopes.users_with(Role.TOP_LEADER, path)} == {"village_leader"}
    assert {u.username for u in scopes.users_with(Role.STAFF, path)} == set()


def test_a_scope_is_one_indexed_condition_on_the_path(world: World) -> None:
    text = str(Unit.objects.visible_to(world.user("coordinator")).query)
    assert "<@" in text


def test_two_of_the_three_offices_are_refused_by_the_database_too(world: World) -> None:
    path = str(world.unit("D").path)
    with pytest.raises(IntegrityError, match="three_offices"), transaction.atomic():
        Grant.objects.create(user=world.user("auditor"), role=Role.SYSTEM_ADMIN, path=path, reason="x")


def test_one_office_may_be_held_over_two_parts_of_the_tree(world: World) -> None:
    user = world.user("leader")
    for code in ("T", "B"):
        services.grant(None, user=user, role=Role.SYSTEM_ADMIN, path=str(world.unit(code).path), reason="x")
    assert user.grants.in_force().count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_offices_granted_at_once_take_turns_and_the_second_gets_the_sentence() -> None:
    with clock.frozen(TODAY):
        world = build()
    user, path = world.user("staff"), str(world.unit("D").path)
    offices, said = [Role.AUDITOR, Role.SYSTEM_ADMIN], []

    def grant() -> None:
        try:
            services.grant(None, user=user, role=offices.pop(), path=path, reason="x")
        except OfficesSeparated:
            said.append("separated")

    assert in_threads(2, grant) == []
    assert said == ["separated"]
    assert user.grants.in_force().exclude(role=Role.STAFF).count() == 1


class TestPages:
    def grant(self, world: World, **values: str) -> Any:
        typed = {"role": "staff", "path": str(world.unit("D").path), "reason": "x"} | values
        return world.client("security_admin").post("/roles/grant/", typed | {"idempotency_key": str(uuid.uuid4())})

    @pytest.mark.parametrize("words", ["leader", "Xu Zhixin", "许志新"])
    def test_a_user_is_found_by_user_name_or_name(self, world: World, words: str) -> None:
        assert self.grant(world, user=words).status_code == 302
        assert Grant.objects.latest("pk").user.username == "leader"

    def test_several_users_are_offered_with_their_offices(self, world: World) -> None:
        page = self.grant(world, user="Zhixin").content.decode()
        assert "Cao Zhixin, Director, Hekou Town (town_head)" in page
        assert self.grant(world, user="Zhixin", chosen="town_head").status_code == 302
        assert Grant.objects.latest("pk").user.username == "town_head"

    def test_selects_begin_with_choose_and_nobody_is_a_sentence(self, world: World) -> None:
        page = self.grant(world, user="nobody at all", role="").content.decode()
        assert '<option value="" selected>Choose</option>' in page
        assert "---------" not in page
        assert "No account has the name or user name" in page

    def test_roles_are_listed_by_place_and_day_in_words(self, world: World) -> None:
        page = world.client("auditor").get("/roles/").content.decode()
        assert ">Finance Bureau</td>" in page
        assert "2 March 2026" in page
        assert f">{world.unit('B').path}<" not in page

    def test_revoking_says_whose_role_ends_where_and_what_follows(self, world: World) -> None:
        held = world.users["staff"].grants.get()
        page = world.client("security_admin").get(f"/roles/{held.pk}/revoke/").content.decode()
        assert "Staff: Staff, over Finance Bureau, since 2 March 2026." in page
        assert "What was done in this role stays valid" in page

    def test_who_only_looks_on_is_offered_no_verb(self, world: World) -> None:
        assert "/revoke/" in world.client("security_admin").get("/roles/").content.decode()
        assert "/revoke/" not in world.client("auditor").get("/roles/").content.decode()
