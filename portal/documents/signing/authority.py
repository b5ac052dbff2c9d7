"""The portal's own certificate authority: made once, in the first database that signs, and renewed by a command.

A root signs the certificate of the seal; both keys are kept enclosed by a passphrase from outside the database. What was made
known here once stays known for good: documents outlive the keys that signed them.
"""

import base64
from datetime import datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import connection, transaction

from portal.audit import services as audit
from portal.documents.models import CertificateRole, CertificateSource, SigningCertificate
from portal.documents.signing.errors import WrongPassphrase
from portal.workdays import clock

BITS = 3072
# A root outlives the seals that it signs by far; a seal is renewed before it ends (docs/signatures.md).
ROOT_DAYS, SEAL_DAYS = 20 * 365, 5 * 365
# The clocks of readers may be behind ours.
EARLIER = timedelta(days=1)
# Two processes that both find no certificate: one makes it, the other waits and finds it.
LOCK = 7_301_009


def current(role: CertificateRole) -> SigningCertificate | None:
    """The certificate in use, if there is one."""
    return SigningCertificate.objects.filter(role=role, retired_at__isnull=True).first()


def seal_in_use() -> SigningCertificate:
    """The certificate that signs documents; the portal's own is made now where there is none."""
    found = current(CertificateRole.SEAL)
    return found if found is not None else _ensure_seal()


@transaction.atomic
def _ensure_seal() -> SigningCertificate:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    return current(CertificateRole.SEAL) or _make_seal(current(CertificateRole.AUTHORITY) or _make_root())


@transaction.atomic
def rotate(*, reason: str, with_root: bool = False) -> SigningCertificate:
    """Put a new key of the portal's own in the place of the one that signs now; what it signed stays valid.

    `with_root` makes a new authority too. Returns the new seal's certificate.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    root = current(CertificateRole.AUTHORITY)
    retire(CertificateRole.SEAL, reason)
    if root is None or with_root:
        retire(CertificateRole.AUTHORITY, reason)
        root = _make_root()
    return _make_seal(root)


def retire(role: CertificateRole, reason: str) -> None:
    """End the use of a certificate, if there is one; it stays known. In a transaction."""
    held = SigningCertificate.objects.filter(role=role, retired_at__isnull=True).select_for_update().first()
    if held is not None:
        held.retired_at, held.retired_reason = clock.now(), reason
        held.save(update_fields=["retired_at", "retired_reason"])
        audit.record(None, "signing.retired", held, data={"sha256": held.sha256, "reason": reason})


def private_key(held: SigningCertificate) -> rsa.RSAPrivateKey:
    """The private key of a certificate of the portal's own. Raises WrongPassphrase."""
    return _opened(held.private_key, _passphrases(tuple(settings.SIGNING_PASSPHRASES), settings.SECRET_KEY))


@cache
def _opened(enclosed: str, passphrases: tuple[bytes, ...]) -> rsa.RSAPrivateKey:
    """Opening takes longer than signing: done once for each process."""
    for passphrase in passphrases:
        try:
            key = serialization.load_pem_private_key(enclosed.encode(), passphrase)
        except ValueError:
            continue
        if isinstance(key, rsa.RSAPrivateKey):
            return key
    raise WrongPassphrase


@transaction.atomic
def enclose_anew() -> int:
    """Enclose the keys in use by the first passphrase of the settings; returns how many. Raises WrongPassphrase."""
    held = SigningCertificate.objects.exclude(private_key="").filter(retired_at__isnull=True).select_for_update()
    rows = list(held)
    for row in rows:
        row.private_key = _enclosed(private_key(row))
        row.save(update_fields=["private_key"])
    return len(rows)


def _passphrases(configured: tuple[str, ...], secret: str) -> tuple[bytes, ...]:
    """The first encloses, all open. None configured: derived, for demo and tests."""
    if configured:
        return tuple(entry.encode() for entry in configured)
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"portal signing keys").derive(secret.encode())
    return (base64.b64encode(derived),)


def _enclosed(key: rsa.RSAPrivateKey) -> str:
    passphrase = _passphrases(tuple(settings.SIGNING_PASSPHRASES), settings.SECRET_KEY)[0]
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    ).decode()


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=BITS)


def _make_root() -> SigningCertificate:
    key, now = _new_key(), clock.now()
    name = _name(f"{settings.SIGNING_NAME} authority {now:%Y}")
    made = (
        _builder(name, name, key, now, ROOT_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return keep(made, role=CertificateRole.AUTHORITY, source=CertificateSource.OWN, private_key=_enclosed(key))


def _make_seal(root: SigningCertificate) -> SigningCertificate:
    issuer = x509.load_pem_x509_certificate(root.pem.encode())
    key, now = _new_key(), clock.now()
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key())  # type: ignore[arg-type]
    made = (
        _builder(_name(f"{settings.SIGNING_NAME} seal"), issuer.subject, key, now, SEAL_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(authority, critical=False)
        .sign(private_key(root), hashes.SHA256())
    )
    enclosed = _enclosed(key)
    return keep(made, role=CertificateRole.SEAL, source=CertificateSource.OWN, issuer=root, private_key=enclosed)


def keep(
    certificate: x509.Certificate,
    *,
    role: CertificateRole,
    source: CertificateSource,
    issuer: SigningCertificate | None = None,
    private_key: str = "",
) -> SigningCertificate:
    """Make a certificate known, for good, and use it; the one before must be retired."""
    made = SigningCertificate.objects.create(
        role=role,
        source=source,
        issuer=issuer,
        subject=certificate.subject.rfc4514_string()[:300],
        pem=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
        private_key=private_key,
        used_from=clock.now(),
    )
    data = {"sha256": made.sha256, "role": str(role), "source": str(source)}
    audit.record(None, "signing.in_use", made, data=data)
    return made


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(**wanted: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in names})
