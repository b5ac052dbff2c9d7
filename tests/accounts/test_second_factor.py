"""The second factor: who must have one, what it lets in, what is used once, how it is kept."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.notices.models import Notice
from tests.accounts.one_time import SECRET, code
from tests.world import PASSWORD, World

DEMANDED = ("coordinator", "head", "town_head", "auditor", "security_admin", "system_admin")
NOT_DEMANDED = ("leader", "liaison", "staff", "village_leader")


@pytest.fixture
def demanded(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def with_app(world: World, name: str) -> tuple[User, list[str]]:
    """A person with an app and recovery codes."""
    user = world.user(name)
    TOTP.activate(user, SECRET)
    return user, RecoveryCodes.activate(user).get_unused_codes()


def password_step(name: str) -> Client:
    client = Client()
    answer = client.post("/sign-in/", {"login": name, "password": PASSWORD})
    assert answer["Location"] == "/sign-in/second-factor/"
    return client


def is_in(client: Client) -> bool:
    return client.get("/my/").status_code == 200


def confirmed(client: Client) -> Client:
    """A session in which the person has just confirmed with the password."""
    assert client.post("/sign-in/again/", {"password": PASSWORD}).status_code == 302
    return client


@pytest.mark.parametrize("name", DEMANDED)
def test_roles_with_much_in_reach_are_led_to_the_page_of_the_second_factor(
    world: World, demanded: None, name: str
) -> None:
    assert world.client(name).get("/my/")["Location"] == "/second-factor/"
    assert "Your role asks for a second factor" in world.client(name).get("/second-factor/").content.decode()


@pytest.mark.parametrize("name", NOT_DEMANDED)
def test_others_go_on_without_one(world: World, demanded: None, name: str) -> None:
    assert is_in(world.client(name))


def test_an_operator_of_djangos_administration_must_have_one_without_any_role(world: World, demanded: None) -> None:
    User.objects.filter(username="staff").update(is_staff=True)
    assert world.client("staff").get("/admin/")["Location"] == "/second-factor/"


def test_without_one_the_way_out_and_the_preferences_stay_open(world: World, demanded: None) -> None:
    client = world.client("coordinator")
    for url in ("/second-factor/", "/sign-out/", "/password/change/", "/sessions/", "/health/live"):
        assert client.get(url).status_code == 200, url
    assert client.post("/theme/", {"theme": "dark", "next": "/sign-out/"})["Location"] == "/sign-out/"
    assert client.post("/sign-out/").status_code == 302


def test_a_temporary_password_is_changed_before_the_second_factor_is_set_up(world: World, demanded: None) -> None:
    User.objects.filter(username="coordinator").update(must_change_password=True)
    assert world.client("coordinator").get("/my/")["Location"] == "/password/change/"


def test_the_portal_may_be_run_without_the_demand(world: World) -> None:
    assert is_in(world.client("coordinator"))


def test_who_has_one_is_asked_once_in_a_session(world: World, demanded: None) -> None:
    with_app(world, "coordinator")
    client = world.client("coordinator")
    assert is_in(client)
    with CaptureQueriesContext(connection) as queries:
        assert is_in(client)
    assert not [query for query in queries if "mfa_authenticator" in query["sql"]]


def test_an_app_is_set_up_with_its_first_code_and_recovery_codes_are_shown_once(world: World, demanded: None) -> None:
    client = world.client("coordinator")
    assert client.get("/second-factor/app/")["Location"].startswith("/sign-in/again/")
    confirmed(client)
    page = client.get("/second-factor/app/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    wrong = client.post("/second-factor/app/", {"code": "000000"})
    assert "The code is wrong" in wrong.content.decode()
    assert client.post("/second-factor/app/", {"code": code(secret)})["Location"] == "/second-factor/recovery-codes/"
    first, again = (client.get("/second-factor/recovery-codes/") for _time in range(2))
    codes = first.context["unused_codes"]
    assert len(codes) == 10
    assert codes[0] in first.content.decode()
    assert codes[0] not in again.content.decode()
    assert is_in(client)


def test_the_address_in_the_picture_names_site_and_user(world: World) -> None:
    page = confirmed(world.client("coordinator")).get("/second-factor/app/")
    address = page.context["totp_url"]
    assert address.startswith("otpauth://totp/coordinator?")
    assert "issuer=" in address
    assert "testserver" not in address


def test_with_an_app_the_password_alone_does_not_let_in(world: World) -> None:
    with_app(world, "leader")
    client = password_step("leader")
    assert not is_in(client)
    client.post("/sign-in/second-factor/", {"code": "000000"})
    assert not is_in(client)
    client.post("/sign-in/second-factor/", {"code": code()})
    assert is_in(client)
    assert Entry.objects.filter(action="second_factor.failed").count() == 1


def test_a_code_is_not_taken_twice(world: World) -> None:
    with_app(world, "leader")
    used = code()
    assert password_step("leader").post("/sign-in/second-factor/", {"code": used}).status_code == 302
    thief = password_step("leader")
    answer = thief.post("/sign-in/second-factor/", {"code": used})
    assert "used already" in answer.content.decode()
    assert not is_in(thief)


def test_a_code_is_not_taken_twice_when_the_cache_has_forgotten_it(world: World) -> None:
    with_app(world, "leader")
    used = code()
    password_step("leader").post("/sign-in/second-factor/", {"code": used})
    cache.clear()
    thief = password_step("leader")
    thief.post("/sign-in/second-factor/", {"code": used})
    assert not is_in(thief)


def test_an_earlier_code_is_not_taken_after_a_later_one(world: World) -> None:
    with_app(world, "leader")
    before, after = code(), code(later=1)
    password_step("leader").post("/sign-in/second-factor/", {"code": after})
    thief = password_step("leader")
    thief.post("/sign-in/second-factor/", {"code": before})
    assert not is_in(thief)


def test_the_code_that_set_the_app_up_does_not_sign_in(world: World) -> None:
    client = confirmed(world.client("leader"))
    secret = client.get("/second-factor/app/").context["form"].secret
    used = code(secret)
    client.post("/second-factor/app/", {"code": used})
    thief = password_step("leader")
    thief.post("/sign-in/second-factor/", {"code": used})
    assert not is_in(thief)


def test_a_recovery_code_works_once(world: World) -> None:
    _user, codes = with_app(world, "leader")
    client = password_step("leader")
    client.post("/sign-in/second-factor/", {"code": codes[3]})
    assert is_in(client)
    again = password_step("leader")
    again.post("/sign-in/second-factor/", {"code": codes[3]})
    assert not is_in(again)
    assert Entry.objects.filter(action="second_factor.recovery_code_used").count() == 1


def test_five_wrong_codes_close_the_second_step(world: World) -> None:
    with_app(world, "leader")
    client = password_step("leader")
    for _try in range(5):
        client.post("/sign-in/second-factor/", {"code": "000000"})
    answer = client.post("/sign-in/second-factor/", {"code": code()})
    assert "Too many wrong attempts" in answer.content.decode()
    assert not is_in(client)


def test_secrets_lie_encrypted_and_a_changed_key_still_reads_the_old_ones(world: World, settings: Any) -> None:
    user, codes = with_app(world, "leader")
    stored = str(list(Authenticator.objects.filter(user=user).values_list("data", flat=True)))
    assert SECRET not in stored
    settings.SECOND_FACTOR_KEY = ["another key of at least thirty-two characters"]
    client = password_step("leader")
    client.post("/sign-in/second-factor/", {"code": codes[0]})
    assert is_in(client)


def test_a_lost_key_ends_in_a_sentence(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR_KEY = ["a key of at least thirty-two characters, to be lost"]
    with_app(world, "leader")
    settings.SECOND_FACTOR_KEY = []
    answer = password_step("leader").post("/sign-in/second-factor/", {"code": code()})
    assert "cannot be read" in answer.content.decode()


def test_who_must_have_one_does_not_remove_the_last(world: World, demanded: None) -> None:
    user, codes = with_app(world, "coordinator")
    client = world.client("coordinator")
    client.post("/sign-in/again/code/", {"code": codes[0]})
    assert "asks for a second factor" in client.get("/second-factor/app/remove/").content.decode()
    client.post("/second-factor/app/remove/")
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_who_has_one_confirms_with_it_and_the_password_alone_does_not_remove_it(world: World) -> None:
    user, _codes = with_app(world, "leader")
    client = world.client("leader")
    assert client.get("/second-factor/app/remove/")["Location"].startswith("/sign-in/again/code/")
    client.post("/sign-in/again/", {"password": PASSWORD})
    client.post("/second-factor/app/remove/")
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_removing_it_removes_the_recovery_codes_is_logged_and_told(world: World) -> None:
    user, codes = with_app(world, "leader")
    client = world.client("leader")
    client.post("/sign-in/again/code/", {"code": codes[0]})
    assert client.post("/second-factor/app/remove/").status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()
    assert Entry.objects.filter(action="second_factor.removed", actor_id=user.pk).count() == 2
    assert {n.kind for n in Notice.objects.filter(recipient=user)} == {"second_factor_added", "second_factor_removed"}


def test_a_new_factor_ends_the_sessions_opened_without_it(world: World) -> None:
    thief, owner = Client(), Client()
    for client in (thief, owner):
        client.post("/sign-in/", {"login": "leader", "password": PASSWORD})
    confirmed(owner)
    secret = owner.get("/second-factor/app/").context["form"].secret
    owner.post("/second-factor/app/", {"code": code(secret)})
    assert is_in(owner)
    assert not is_in(thief)


def test_nobody_reaches_the_keys_of_another(world: World) -> None:
    user, _codes = with_app(world, "leader")
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "Key", "credential": {}})
    client = confirmed(world.client("liaison"))
    for verb in ("rename", "remove"):
        assert client.post(f"/second-factor/passkeys/{key.pk}/{verb}/", {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.get(pk=key.pk).data["name"] == "Key"


@pytest.mark.parametrize(
    "credential", ["", "no json", "[]", "1", '{"id": "x"}', '{"id": "eA", "rawId": "eA", "response": 1}']
)
def test_a_passkey_that_is_none_does_not_sign_in(world: World, credential: str) -> None:
    client = Client()
    client.get("/sign-in/passkey/", headers={"accept": "application/json"})
    answer = client.post("/sign-in/passkey/", {"credential": credential}, follow=True)
    assert "The key was not used" in answer.content.decode()
    assert not is_in(client)


def test_the_side_door_of_djangos_administration_is_closed(world: World) -> None:
    User.objects.filter(username="leader").update(is_staff=True, is_superuser=True)
    with_app(world, "leader")
    client = Client()
    answer = client.post("/admin/login/", {"username": "leader", "password": PASSWORD})
    assert answer["Location"].startswith("/sign-in/")
    assert client.get("/admin/").status_code == 302


def test_an_administrator_resets_a_lost_factor_with_a_reason(world: World) -> None:
    user, _codes = with_app(world, "leader")
    call_command("reset_second_factor", "leader", reason="Phone lost, came in person")
    assert not Authenticator.objects.filter(user=user).exists()
    assert Entry.objects.get(action="second_factor.reset").data == {"reason": "Phone lost, came in person"}
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody", reason="x")
