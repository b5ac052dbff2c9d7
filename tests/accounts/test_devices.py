"""Notice of a sign-in from a device not seen before."""

import pytest
from django.core import mail
from django.test import Client

from portal.accounts.devices import label_of
from portal.accounts.records import UserDevice
from portal.notices import outbox
from portal.notices.models import Notice
from tests.world import PASSWORD, World

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1"
WECHAT = "Mozilla/5.0 (Linux; Android 14; HarmonyOS) AppleWebKit/537 Chrome/116 Mobile Safari/537 MicroMessenger/8.0"


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (WINDOWS, "Chrome, Windows"),
        (WINDOWS + " Edg/140.0", "Edge, Windows"),
        (IPHONE, "Safari, iPhone"),
        (WECHAT, "WeChat, HarmonyOS"),
        ("curl/8", "?"),
        ("", "?"),
    ],
)
def test_a_device_is_named_by_the_families_of_browser_and_system(agent: str, label: str) -> None:
    assert label_of(agent) == label


def enter(client: Client, agent: str, name: str = "leader") -> None:
    answer = client.post("/sign-in/", {"login": name, "password": PASSWORD}, headers={"user-agent": agent})
    assert answer.status_code == 302
    client.post("/sign-out/")


def told(world: World, name: str = "leader") -> list[str]:
    return [notice.body for notice in Notice.objects.filter(recipient=world.user(name), kind="new_device")]


def test_the_first_device_is_no_news_and_the_next_is_told_in_the_inbox_and_by_mail(world: World) -> None:
    enter(Client(), WINDOWS)
    assert told(world) == []
    enter(Client(), IPHONE)
    [body] = told(world)
    assert "Safari, iPhone" in body
    assert "127.0.0.1" in body
    outbox.run()
    [letter] = mail.outbox
    assert letter.to == ["leader@example.org"]
    assert "Sign-in from a new device" in letter.subject


def test_a_known_device_is_known_again_also_after_an_update_of_the_browser(world: World) -> None:
    old, known = Client(), Client()
    enter(old, WINDOWS)
    enter(known, IPHONE)
    enter(known, IPHONE.replace("18_0", "19_1"))
    assert len(told(world)) == 1
    assert UserDevice.objects.count() == 2


def test_a_forged_cookie_makes_no_known_device(world: World) -> None:
    owner, forger = Client(), Client()
    enter(owner, WINDOWS)
    forger.cookies["device"] = owner.cookies["device"].value.replace(":", "x", 1)
    enter(forger, WINDOWS)
    assert len(told(world)) == 1


def test_two_persons_at_one_browser_have_their_own_devices(world: World) -> None:
    shared = Client()
    enter(shared, WINDOWS)
    enter(shared, WINDOWS, "liaison")
    assert told(world) == told(world, "liaison") == []
    assert UserDevice.objects.values("key_hash").distinct().count() == 1
