"""What proves a signature: who, in which office, when, from where, how it was known to be that person, what was shown.

The page to sign is given a token that says what it showed; it comes back with the signature, so that nobody signs what was not
on the screen, and a page kept from before the letter changed signs nothing.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import get_language

from portal.accounts.models import User
from portal.documents.models import SealedDocument
from portal.web.i18n import both, pick
from portal.workdays import clock
from responsibility.canonical import ALGORITHM, sha256_of
from responsibility.errors import NotShown
from responsibility.models import Letter, Signature

SALT = "responsibility.letter-shown"
# A page left open over night is loaded again before it signs.
SHOWN_FOR = timedelta(hours=12)


class Proof(NamedTuple):
    """What was shown before a signature, and how its giver was known. Empty where no page was used."""

    shown: dict[str, Any] = {}  # noqa: RUF012 - never written to
    authenticated: tuple[dict[str, str], ...] = ()


def shown_token(letter: Letter, user: User) -> str:
    """What goes into the page that shows a letter whole: which words, in which language, to whom, since when."""
    language = get_language() or ""
    told = {
        "letter": letter.pk,
        "user": user.pk,
        "language": language,
        "sha256": text_sha256(letter),
        "content_sha256": letter.content_sha256,
        "at": clock.now().isoformat(),
    }
    return signing.dumps(told, salt=SALT)


def read_shown(token: str, letter: Letter, user: User, parts: str = "") -> dict[str, Any]:
    """What the page showed, and which parts the browser says were scrolled to their end. Raises NotShown."""
    try:
        told = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise NotShown from error
    same = (told["letter"], told["user"], told["content_sha256"]) == (letter.pk, user.pk, letter.content_sha256)
    # By the portal's clock, which `max_age` would not ask.
    if not same or datetime.fromisoformat(told["at"]) + SHOWN_FOR < clock.now():
        raise NotShown
    known = [*(section["code"] for section in letter.content["sections"]), "signatures"]
    reached = [code for code in known if code in set(parts.split(","))]
    kept = {key: told[key] for key in ("language", "sha256", "at")}
    return kept | {"whole": True, "parts": known, "parts_reached": reached}


def shown_in_batch(count: int) -> dict[str, Any]:
    """What a head is shown before signing a batch: how many letters, listed or by group, and the text they share."""
    return {"language": get_language() or "", "at": clock.now().isoformat(), "whole": False, "letters": count}


def text_sha256(letter: Letter) -> str:
    """The fingerprint of the words in the active language alone: what the screen showed."""
    return sha256_of(_picked(letter.content))


def _picked(value: Any) -> Any:
    """The words of one language out of both."""
    value = pick(value)
    if isinstance(value, dict):
        return {key: _picked(entry) for key, entry in value.items()}
    return [_picked(entry) for entry in value] if isinstance(value, list) else value


def as_json(letter: Letter, documents: "QuerySet[SealedDocument]") -> dict[str, Any]:
    """All that proves a letter's signatures, for machines; the same facts as the page of evidence in its PDF."""
    signatures = letter.signatures.select_related("person", "tenure", "membership")
    return {
        "number": letter.content["number"],
        "title": letter.content["title"],
        "state": letter.state,
        "hash_algorithm": ALGORITHM,
        "content_sha256": letter.content_sha256,
        "content": letter.content,
        "signatures": [_signature(signature) for signature in signatures],
        "documents": [_document(document) for document in documents.order_by("pk")],
    }


def _signature(signature: Signature) -> dict[str, Any]:
    held = signature.tenure or signature.membership
    return {
        "side": signature.side,
        "person": both(signature.person),
        "office": both(signature, "office"),
        "in_office_since": held.starts_on.isoformat() if held is not None else None,
        "typed_name": signature.typed_name,
        "signed_at": signature.signed_at.isoformat(),
        "address": signature.ip,
        "browser": signature.agent,
        "authenticated": signature.authenticated,
        "shown": signature.shown,
        "content_sha256": signature.content_sha256,
    }


def _document(document: SealedDocument) -> dict[str, Any]:
    stamp = getattr(document, "stamp", None)
    return {
        "language": document.language,
        "code": document.code,
        "sha256": document.sha256,
        "sealed_at": document.issued_at.isoformat(),
        "signatures": document.signatures,
        "stamped_sha256": stamp.sha256 if stamp else "",
        "stamped_at": stamp.stamped_at.isoformat() if stamp and stamp.stamped_at else None,
    }
