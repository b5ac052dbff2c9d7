"""Confidential text at rest: AES-GCM under a key of each clue's own, which a key from outside the database encloses.

A new outer key encloses the inner ones anew; no text is touched, and both outer keys open until the last one is rewrapped, so
that rotation needs no standstill. What a text belongs to (table, row, field) is bound to it: moved, it does not open.
"""

import base64
import hashlib
import hmac
import secrets
from functools import cache
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.web.errors import PortalError

NONCE, KEY = 12, 32


class SealBroken(PortalError):
    """The text does not open: its key is gone, or it was moved or changed in the database."""

    code = "seal-broken"
    status = 500
    message = _(
        "This text cannot be opened: its key is missing, or the database was changed. Tell whoever runs the portal."
    )


class Envelope(NamedTuple):
    """An inner key as the database keeps it: enclosed, and by which outer key."""

    key_id: str
    enclosed: bytes


def _keys() -> dict[str, bytes]:
    return _keys_of(tuple(settings.CLUE_KEYS), settings.SECRET_KEY)


@cache
def _keys_of(configured: tuple[str, ...], secret: str) -> dict[str, bytes]:
    """The outer keys by name, the one that encloses new ones first. None configured: derived, for demo and tests."""
    found = {}
    for entry in configured:
        name, _sign, key = entry.partition(":")
        found[name] = base64.b64decode(key)
    return found or {"derived": _derived(secret, b"portal clues")}


def _derived(secret: str, use: bytes) -> bytes:
    return HKDF(SHA256(), KEY, salt=None, info=use).derive(secret.encode())


def current_key() -> str:
    """The name of the outer key that encloses new inner keys."""
    return next(iter(_keys()))


def new_envelope(owner: str) -> Envelope:
    """An inner key for something, enclosed."""
    return enclose(secrets.token_bytes(KEY), owner)


def enclose(inner: bytes, owner: str) -> Envelope:
    """Enclose an inner key by the outer key in use."""
    name = current_key()
    nonce = secrets.token_bytes(NONCE)
    sealed = AESGCM(_keys()[name]).encrypt(nonce, inner, f"envelope|{owner}|{name}".encode())
    return Envelope(name, nonce + sealed)


def disclose(envelope: Envelope, owner: str) -> bytes:
    """The inner key. Raises SealBroken."""
    key = _keys().get(envelope.key_id)
    if key is None:
        raise SealBroken
    enclosed = bytes(envelope.enclosed)
    try:
        about = f"envelope|{owner}|{envelope.key_id}".encode()
        return AESGCM(key).decrypt(enclosed[:NONCE], enclosed[NONCE:], about)
    except InvalidTag as error:
        raise SealBroken from error


def rewrap(envelope: Envelope, owner: str) -> Envelope:
    """The same inner key enclosed by the outer key in use. Raises SealBroken."""
    return enclose(disclose(envelope, owner), owner)


def seal(inner: bytes, content: bytes, place: str) -> bytes:
    """Seal a text under an inner key; `place` names table, row and field."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(inner).encrypt(nonce, content, place.encode())


def open_sealed(inner: bytes, sealed: bytes | memoryview, place: str) -> bytes:
    """What was sealed there. Raises SealBroken."""
    plain = bytes(sealed)
    try:
        return AESGCM(inner).decrypt(plain[:NONCE], plain[NONCE:], place.encode())
    except InvalidTag as error:
        raise SealBroken from error


def fingerprint(text: str) -> str:
    """How a receipt is kept: nobody finds the sixteen digits from it without the portal's secret."""
    return hmac.new(_derived(settings.SECRET_KEY, b"portal receipts"), text.encode(), hashlib.sha256).hexdigest()
