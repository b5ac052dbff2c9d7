"""Which browsers a person signs in from, and the sign-in from one not seen before."""

import hashlib
import secrets
from typing import Any

from allauth.account.signals import user_logged_in
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from portal.accounts import signals
from portal.accounts.models import User
from portal.accounts.records import UserDevice
from portal.audit import services as audit
from portal.workdays import clock

COOKIE, SALT = "device", "portal.accounts.devices"
COOKIE_SECONDS = 2 * 365 * 24 * 3600
# The mark of each family in what a browser calls itself; the first that is found counts, since all claim to be the later.
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("QQBrowser", "QQ Browser"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("MiuiBrowser", "Mi Browser"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("OpenHarmony", "HarmonyOS"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def label_of(agent: str) -> str:
    """The families of browser and system in a browser's name for itself, as "Chrome, Windows"; "?" for a stranger."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return ", ".join(part for part in (browser, system) if part) or "?"


def connect() -> None:
    """Listen; called once, in `AppConfig.ready()`."""
    user_logged_in.connect(_signed_in, dispatch_uid="accounts.device")


def _signed_in(sender: object, request: HttpRequest, response: HttpResponse, user: User, **kwargs: Any) -> None:
    """Know the browser again by its cookie, or give it one."""
    key = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=COOKIE_SECONDS) or secrets.token_urlsafe(24)
    remember(user, key, agent=request.headers.get("User-Agent", ""), address=audit.origin().ip)
    response.set_signed_cookie(
        COOKIE,
        key,
        salt=SALT,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


@transaction.atomic
def remember(user: User, key: str, *, agent: str, address: str) -> UserDevice:
    """Keep that the person signed in from this browser. One that is new, and not the first, is told to the person."""
    label, now = label_of(agent), clock.now()
    device, is_new = UserDevice.objects.get_or_create(
        user=user,
        key_hash=hashlib.sha256(key.encode()).hexdigest(),
        defaults={"label": label, "address": address, "first_seen_at": now, "last_seen_at": now},
    )
    if not is_new:
        UserDevice.objects.filter(pk=device.pk).update(label=label, address=address, last_seen_at=now)
    elif user.devices.exclude(pk=device.pk).exists():
        audit.record(user, "user.new_device", user, data={"device": label})
        signals.new_device.send(sender=UserDevice, user=user, device=device)
    return device
