"""Getting in with a real browser: a first sign-in with a one-time password, a passkey, the end of a session."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from portal.accounts import invitations
from portal.accounts.models import User
from portal.accounts.sessions import KEY
from portal.notices.models import OutboundMessage
from tests.accounts.one_time import code
from tests.browser.conftest import DESKTOP, PHONE, SignIn, TestClock
from tests.browser.test_access import faults
from tests.world import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "a password of my own choice"


@pytest.fixture
def demanded(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def fill_sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/sign-in/")
    page.fill("#sign-in-form #id_login", name)
    page.fill("#sign-in-form #id_password", password)
    page.click("#sign-in-form button[type=submit]")


def check(page: Page, found: list[str]) -> None:
    """What keeps people out, at both widths; then the phone again."""
    found.extend(faults(page, page.url, "en"))
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]


def set_up_app(page: Page, password: str, found: list[str]) -> tuple[str, list[str]]:
    """From the page of the second factor to the recovery codes: the secret and the codes."""
    check(page, found)
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Confirm").click()
    secret = page.locator("#authenticator-secret").inner_text()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    assert page.evaluate("document.querySelector('.p-qr').naturalWidth > 100")
    check(page, found)
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Set it up").click()
    page.wait_for_url("**/recovery-codes/")
    check(page, found)
    return secret, page.locator(".p-codes li").all_inner_texts()


def test_a_first_sign_in_with_a_temporary_password_ends_with_a_second_factor(
    demanded: None, lived_world: World, set_clock: TestClock, browser: Browser, live_server: Any
) -> None:
    User.objects.filter(username="coordinator").update(must_change_password=True)
    context = browser.new_context(viewport=PHONE, base_url=live_server.url)  # type: ignore[arg-type]
    page, found, complaints = context.new_page(), [], []  # type: ignore[var-annotated]
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    fill_sign_in(page, "coordinator", PASSWORD)

    page.wait_for_url("**/password/change/")
    expect(page.locator("#password-rules")).to_contain_text("12 characters")
    check(page, found)
    page.get_by_label("Current Password").fill(PASSWORD)
    page.get_by_label("New Password", exact=True).fill(NEW)
    page.get_by_label("New Password (again)").fill(NEW)
    page.get_by_role("button", name="Change the password").click()

    page.goto("/")
    page.wait_for_url("**/second-factor/")
    expect(page.locator("#main")).to_contain_text("Your role asks for a second factor")
    secret, codes = set_up_app(page, NEW, found)
    assert len(codes) == 10
    page.reload()
    expect(page.locator("#main")).not_to_contain_text(codes[0])
    page.goto("/today/")
    expect(page.locator("h1")).not_to_contain_text("Second factor")

    page.locator(".p-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    fill_sign_in(page, "coordinator", NEW)
    page.wait_for_url("**/sign-in/second-factor/")
    check(page, found)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".p-errsum")).to_contain_text("The code is wrong")
    check(page, found)
    # The code that set the app up is used; the next one is good already.
    page.get_by_label("Code").fill(code(secret, later=1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/today/")

    page.goto("/sessions/")
    expect(page.locator(".p-rows")).to_contain_text("this device")
    check(page, found)
    context.close()
    assert not found, "\n".join(found)
    assert complaints == []


def test_an_invitation_leads_to_a_first_sign_in_with_a_second_factor(
    demanded: None, lived_world: World, set_clock: TestClock, browser: Browser, live_server: Any
) -> None:
    """From the letter to the first page: the password is chosen, then the code of an app is set up."""
    invited = User.objects.get(username="coordinator")
    invited.set_unusable_password()
    invited.save(update_fields=["password"])
    with transaction.atomic():
        invitations.send(invited)
    link = re.search(r"/invitation/\S+", OutboundMessage.objects.latest("pk").body)
    assert link is not None
    context = browser.new_context(viewport=PHONE, base_url=live_server.url)  # type: ignore[arg-type]
    page, found = context.new_page(), []  # type: ignore[var-annotated]

    page.goto(link.group())
    expect(page.locator("body")).to_contain_text("coordinator")
    check(page, found)
    page.get_by_label("New Password", exact=True).fill(NEW)
    page.get_by_label("New Password (again)").fill(NEW)
    page.get_by_role("button", name="Save the password").click()
    page.wait_for_url("**/invitation/accepted/")
    check(page, found)
    page.get_by_role("link", name="To the sign-in page").click()
    fill_sign_in(page, "coordinator", NEW)
    page.wait_for_url("**/second-factor/")
    _secret, codes = set_up_app(page, NEW, found)
    assert len(codes) == 10
    page.goto("/today/")
    expect(page.locator("h1")).not_to_contain_text("Second factor")

    page.goto(link.group())
    expect(page.locator("body")).to_contain_text("This invitation has been used or has expired")
    check(page, found)
    context.close()
    assert not found, "\n".join(found)


def with_device_for_keys(page: Page) -> None:
    """Give the browser a device for passkeys that always recognises its owner."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_signs_in_on_its_own(lived_world: World, set_clock: TestClock, sign_in: SignIn) -> None:
    page, found = sign_in("leader", PHONE), []  # type: ignore[var-annotated]
    with_device_for_keys(page)
    page.goto("/second-factor/passkeys/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name of the key").fill("My phone")
    page.get_by_label("Sign in with this key alone").check()
    check(page, found)
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/recovery-codes/")
    assert Authenticator.objects.filter(user__username="leader", type="webauthn").count() == 1
    page.goto("/second-factor/passkeys/")
    expect(page.locator(".p-rows")).to_contain_text("My phone")
    expect(page.locator(".p-rows")).to_contain_text("Signs in on its own")
    check(page, found)

    page.locator(".p-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/sign-in/?next=/inbox/")
    check(page, found)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/inbox/")

    page.locator(".p-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    fill_sign_in(page, "leader", PASSWORD)
    page.wait_for_url("**/sign-in/second-factor/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/my/")
    assert not found, "\n".join(found)


def test_without_a_key_the_page_says_so(lived_world: World, set_clock: TestClock, sign_in: SignIn) -> None:
    page = sign_in("leader", PHONE)
    page.locator(".p-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/sign-in/")
    with_device_for_keys(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("[data-passkey-error]")).to_be_visible()


def age(page: Page, *, idle: int = 0, since: int = 0) -> None:
    """Let time pass on the server: seconds without a request, seconds since signing in."""
    from importlib import import_module

    from django.conf import settings

    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}  # type: ignore[typeddict-item]
    session = import_module(settings.SESSION_ENGINE).SessionStore(cookies["sessionid"])
    now, kept = int(time.time()), session[KEY]
    session[KEY] = kept | {"seen": now - idle, "since": min(kept["since"], now - since)}
    session.save()


def test_the_end_of_a_session_is_told_before_it_comes_and_staying_is_one_click(
    lived_world: World, set_clock: TestClock, sign_in: SignIn
) -> None:
    page = sign_in("leader", PHONE)
    found: list[str] = []
    age(page, idle=3600 - 150)
    # A page that was opened then; opening one now would be a sign of life.
    page.route("**/inbox/", lambda route: route.fulfill(body=soon(route)))
    page.goto("/inbox/")
    age(page, idle=3600 - 100)
    banner = page.locator("form[data-session]")
    expect(banner).to_be_visible()
    expect(banner).to_contain_text("In two minutes you are signed out")
    check(page, found)
    page.get_by_role("button", name="Stay signed in").click()
    expect(banner).to_be_hidden()
    assert not found, "\n".join(found)


def soon(route: Any) -> str:
    """The page as the server gives it, two minutes and a second before the end."""
    return re.sub(r'data-session="\d+"', 'data-session="121"', route.fetch().text())


def test_at_the_end_what_was_typed_stays_and_the_next_click_leads_to_the_sign_in(
    lived_world: World, set_clock: TestClock, sign_in: SignIn
) -> None:
    page = sign_in("leader")
    page.route("**/inbox/", lambda route: route.fulfill(body=soon(route)))
    page.goto("/inbox/")
    page.fill("#mast-q", "half a thought")
    age(page, idle=3601)
    banner = page.locator("form[data-session]")
    expect(banner).to_contain_text("You are signed out")
    assert page.input_value("#mast-q") == "half a thought"
    page.unroute("**/inbox/")
    page.goto("/inbox/")
    page.wait_for_url("**/sign-in/?next=*")
    page.fill("#sign-in-form #id_login", "leader")
    page.fill("#sign-in-form #id_password", PASSWORD)
    page.click("#sign-in-form button[type=submit]")
    page.wait_for_url("**/inbox/")


def test_near_the_longest_duration_the_page_asks_to_save(
    lived_world: World, set_clock: TestClock, sign_in: SignIn
) -> None:
    page = sign_in("leader", DESKTOP)
    page.route("**/inbox/", lambda route: route.fulfill(body=soon(route)))
    page.goto("/inbox/")
    age(page, since=12 * 3600 - 100)
    banner = page.locator("form[data-session]")
    expect(banner).to_contain_text("Save what you are writing")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_hidden()
