"""Accounts of a part of the tree: closed, which ends sessions at once, and opened again."""

import uuid
from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.organisation.errors import AccountAsItIs, ReasonMissing
from portal.organisation.services import accounts
from portal.web.errors import NotAllowed
from tests.queries import count_queries
from tests.world import PASSWORD, World


def close(world: World, name: str = "leader", by: str = "system_admin", reason: str = "Left the service.") -> Any:
    data = {"reason": reason, "idempotency_key": str(uuid.uuid4())}
    return world.client(by).post(f"/accounts/{name}/close/", data)


def signs_in(name: str) -> bool:
    browser = Client()
    browser.post("/sign-in/", {"login": name, "password": PASSWORD})
    return browser.get("/").status_code == 302 and "/sign-in/" not in browser.get("/")["Location"]


def test_a_closed_account_is_signed_out_at_once_and_no_longer_gets_in(world: World) -> None:
    assert signs_in("leader")
    there = world.client("leader")
    assert there.get("/my/").status_code == 200
    assert close(world).status_code == 302
    assert there.get("/my/").status_code == 302
    assert not signs_in("leader")
    assert Entry.objects.get(action="account.closed").data["reason"] == "Left the service."


def test_an_account_opened_again_gets_in_with_the_same_password(world: World) -> None:
    close(world)
    data = {"reason": "Came back.", "idempotency_key": str(uuid.uuid4())}
    world.client("system_admin").post("/accounts/leader/open/", data)
    assert signs_in("leader")


def test_closed_twice_is_said_and_logged_once(world: World) -> None:
    close(world)
    assert close(world).status_code == 409
    assert Entry.objects.filter(action="account.closed").count() == 1
    with pytest.raises(AccountAsItIs):
        accounts.set_active(world.user("coordinator"), world.users["leader"].pk, active=False, reason="again")


def test_a_reason_is_asked_for(world: World) -> None:
    assert close(world, reason=" ").status_code == 422
    with pytest.raises(ReasonMissing):
        accounts.set_active(world.user("coordinator"), world.users["leader"].pk, active=False, reason=" ")
    assert User.objects.get(username="leader").is_active


def test_nobody_closes_his_own_account_or_that_of_somebody_higher_up(world: World) -> None:
    from portal.accounts import services
    from portal.accounts.roles import Role

    assert close(world, "system_admin").status_code == 403
    services.grant(None, user=world.users["staff"], role=Role.COORDINATOR, path=str(world.unit("T").path), reason="t")
    for above in ("leader", "head", "coordinator"):
        with pytest.raises(NotAllowed):
            accounts.set_active(world.user("staff"), world.users[above].pk, active=False, reason="r")
    accounts.set_active(world.user("staff"), world.users["village_leader"].pk, active=False, reason="r")


def test_the_list_shows_how_accounts_stand_with_as_many_queries_for_many(world: World) -> None:
    close(world)
    client = world.client("system_admin")
    page = client.get("/accounts/?state=closed").content.decode()
    assert "/accounts/leader/open/" in page
    assert "/accounts/liaison/" not in page
    few = count_queries(client, "/accounts/")
    for n in range(20):
        user = User.objects.create_user(f"more{n}", None)
        world.users["staff"].grants.get().__class__.objects.create(
            user=user, role="staff", path=str(world.unit("B").path), reason="t"
        )
    assert count_queries(client, "/accounts/") == few
