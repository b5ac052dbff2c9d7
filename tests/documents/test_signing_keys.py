"""Whose key signs: the portal's own, a file, a token; renewed, run out, shut, unknown; and what it signed before stays valid."""

import os
import shutil
import subprocess
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, transaction

from portal.audit.models import Entry
from portal.documents.models import CertificateRole, CertificateSource, SealedDocument, SigningCertificate
from portal.documents.signing import authority, keys, verifying
from portal.documents.signing.errors import (
    CertificateNotValid,
    CertificateUnknown,
    KeyUnreadable,
    NotForSigning,
    WrongPassphrase,
)
from portal.documents.signing.verifying import Verdict
from portal.workdays import clock
from responsibility import letter_pdf
from responsibility.models import Letter
from tests.documents.signing import Office
from tests.responsibility.letters import fresh, ready, sign
from tests.world import World

SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")


@pytest.fixture
def letter(world: World) -> Letter:
    sign(world, "leader", ready(world)["B"])
    return fresh()["B"]


def content_of(document: SealedDocument) -> bytes:
    return b"".join(document.file.chunks())


def use(settings: Any, path: Path, office: Office, passphrase: str = "a long one") -> SigningCertificate:
    settings.SIGNING_PKCS12_FILE = office.file(path / f"{office.sha256}.p12", passphrase)
    settings.SIGNING_PKCS12_PASSPHRASE = passphrase
    return keys.use_configured(reason="the office's own")


@pytest.mark.django_db
def test_the_authority_is_made_once_and_its_key_is_not_readable_in_the_database() -> None:
    made = authority.seal_in_use()
    assert authority.seal_in_use() == made
    root = SigningCertificate.objects.get(role=CertificateRole.AUTHORITY)
    assert made.issuer == root
    assert "ENCRYPTED" in made.private_key
    assert "ENCRYPTED" in root.private_key
    assert Entry.objects.filter(action="signing.in_use").count() == 2


def test_a_renewed_key_signs_and_what_the_old_one_signed_stays_valid(letter: Letter) -> None:
    """Rotation: of the seal under the same authority, then of the authority too."""
    old = letter_pdf.sealed(letter, "en")
    for with_root in (False, True):
        authority.rotate(reason="yearly", with_root=with_root)
        assert verifying.judge(content_of(old)).verdict == Verdict.CURRENT
    new = letter_pdf.sealed(letter, "zh-hans")
    found = verifying.judge(content_of(new))
    assert found.genuine
    assert all(finding.good for finding in found.findings)
    assert SigningCertificate.objects.filter(role=CertificateRole.SEAL, retired_at__isnull=False).count() == 2
    assert SigningCertificate.objects.filter(role=CertificateRole.AUTHORITY).count() == 2


def test_a_document_is_valid_after_its_certificate_has_run_out(letter: Letter) -> None:
    """And the certificate that ran out signs nothing more."""
    old = letter_pdf.sealed(letter, "en")
    with clock.frozen(clock.now() + timedelta(days=authority.SEAL_DAYS + 30)):
        assert verifying.judge(content_of(old)).verdict == Verdict.CURRENT
        with pytest.raises(CertificateNotValid, match="valid from 20"):
            letter_pdf.sealed(letter, "zh-hans")


@pytest.mark.django_db
def test_certificates_are_kept() -> None:
    held = authority.seal_in_use()
    for change in (held.delete, lambda: SigningCertificate.objects.filter(pk=held.pk).update(pem="x")):
        with pytest.raises(InternalError), transaction.atomic():
            change()


@pytest.mark.django_db
def test_a_new_passphrase_encloses_the_keys_anew_and_a_wrong_one_opens_nothing(settings: Any) -> None:
    authority.seal_in_use()
    old = "" if not settings.SIGNING_PASSPHRASES else settings.SIGNING_PASSPHRASES[0]
    assert not old
    settings.SIGNING_PASSPHRASES = ["second"]
    with pytest.raises(WrongPassphrase):
        authority.private_key(authority.seal_in_use())
    derived = authority._passphrases((), settings.SECRET_KEY)[0].decode()
    settings.SIGNING_PASSPHRASES = ["second", derived]
    assert authority.enclose_anew() == 2
    settings.SIGNING_PASSPHRASES = ["second"]
    assert authority.private_key(authority.seal_in_use())


def test_the_offices_own_file_signs_once_it_is_made_known(settings: Any, tmp_path: Path, letter: Letter) -> None:
    before = letter_pdf.sealed(letter, "en")
    office = Office("Procuratorate of the district")
    held = use(settings, tmp_path, office)
    assert (held.source, held.sha256) == (CertificateSource.PKCS12, office.sha256)
    made = letter_pdf.sealed(letter, "zh-hans")
    assert [finding.good for finding in verifying.judge(content_of(made)).findings] == [True, True]
    assert verifying.judge(content_of(before)).genuine
    assert keys.use_configured(reason="again") == held


def test_a_key_that_was_not_made_known_signs_nothing_and_no_signature_is_lost(
    world: World, settings: Any, tmp_path: Path, letter: Letter
) -> None:
    """The page says so; once it is mended the task seals what waited."""
    settings.SIGNING_PKCS12_FILE = Office("Somebody").file(tmp_path / "a.p12", "x")
    settings.SIGNING_PKCS12_PASSPHRASE = "x"
    with pytest.raises(CertificateUnknown):
        letter_pdf.sealed(letter, "en")
    answer = world.client("leader").get(f"{letter.get_absolute_url()}pdf/")
    assert answer.status_code == 503
    assert "signing_key use" in answer.content.decode()
    assert not SealedDocument.objects.exists()
    assert letter.signatures.count() == 2
    settings.SIGNING_PKCS12_FILE = ""
    assert letter_pdf.seal_waiting() == 2
    assert letter_pdf.seal_waiting() == 0


@pytest.mark.django_db
def test_another_file_under_the_same_settings_is_unknown(settings: Any, tmp_path: Path) -> None:
    held = use(settings, tmp_path, Office("The office"))
    settings.SIGNING_PKCS12_FILE = Office("The office").file(tmp_path / "other.p12", "a long one")
    with pytest.raises(CertificateUnknown), keys.signer(held):
        pass


@pytest.mark.django_db
def test_a_wrong_passphrase_and_a_missing_file_are_said(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_PKCS12_FILE = Office("The office").file(tmp_path / "a.p12", "right")
    settings.SIGNING_PKCS12_PASSPHRASE = "wrong"
    with pytest.raises(WrongPassphrase):
        keys.use_configured(reason="x")
    settings.SIGNING_PKCS12_FILE = str(tmp_path / "none.p12")
    with pytest.raises(KeyUnreadable):
        keys.use_configured(reason="x")


@pytest.mark.django_db
@pytest.mark.parametrize(("office", "error"), [({"days": 1}, CertificateNotValid), ({"signs": False}, NotForSigning)])
def test_a_certificate_that_cannot_sign_is_not_taken(
    settings: Any, tmp_path: Path, office: dict[str, Any], error: type[Exception]
) -> None:
    """Run out, or made for something else: the one in use stays."""
    before = authority.seal_in_use()
    with pytest.raises(error), transaction.atomic():
        use(settings, tmp_path, Office("The office", **office))
    assert authority.current(CertificateRole.SEAL) == before


@pytest.mark.skipif(not SOFTHSM.exists() or not shutil.which("softhsm2-util"), reason="softhsm2 is not installed")
def test_a_key_in_a_token_signs(settings: Any, tmp_path: Path, letter: Letter, monkeypatch: Any) -> None:
    """PKCS#11, tried with a token in software; a wrong PIN is said."""
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    monkeypatch.setitem(os.environ, "SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    command = ["softhsm2-util", "--init-token", "--free", "--label", "office", "--pin", "1234", "--so-pin", "5678"]
    subprocess.run(command, check=True, capture_output=True)
    office = Office("Token of the office")
    put_into_token(office)
    settings.SIGNING_PKCS11_MODULE = str(SOFTHSM)
    settings.SIGNING_PKCS11_TOKEN, settings.SIGNING_PKCS11_LABEL = "office", "seal"
    settings.SIGNING_PKCS11_PIN = "9999"
    with pytest.raises(WrongPassphrase):
        keys.use_configured(reason="token")
    settings.SIGNING_PKCS11_PIN = "1234"
    assert keys.use_configured(reason="token").sha256 == office.sha256
    found = verifying.judge(content_of(letter_pdf.sealed(letter, "en")))
    assert [finding.good for finding in found.findings] == [True, True]


def put_into_token(office: Office) -> None:
    import pkcs11
    from pkcs11.util.rsa import decode_rsa_private_key
    from pkcs11.util.x509 import decode_x509_certificate

    certificate, key = office.asn1()
    with pkcs11.lib(str(SOFTHSM)).get_token(token_label="office").open(rw=True, user_pin="1234") as session:
        attributes = decode_rsa_private_key(key["private_key"].parsed.dump())
        attributes |= {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: "seal", pkcs11.Attribute.ID: b"1"}
        session.create_object(attributes)
        shown = decode_x509_certificate(certificate.dump())
        shown |= {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: "seal", pkcs11.Attribute.ID: b"1"}
        session.create_object(shown)


@pytest.mark.django_db
def test_the_command_shows_renews_and_exports(settings: Any, tmp_path: Path) -> None:
    out = StringIO()
    call_command("signing_key", "show", stdout=out)
    first = authority.seal_in_use()
    assert f"Documents are signed with {first.sha256}" in out.getvalue()
    with pytest.raises(CommandError, match="--reason"):
        call_command("signing_key", "rotate")
    call_command("signing_key", "rotate", "--reason", "yearly", stdout=out)
    assert authority.seal_in_use() != first
    exported = StringIO()
    call_command("signing_key", "export", stdout=exported)
    assert exported.getvalue().startswith("-----BEGIN CERTIFICATE-----")
    settings.SIGNING_PKCS12_FILE = str(tmp_path / "none.p12")
    with pytest.raises(CommandError, match="key-unreadable"):
        call_command("signing_key", "use")
    with pytest.raises(CommandError, match="key from outside"):
        call_command("signing_key", "rotate", "--reason", "x")
