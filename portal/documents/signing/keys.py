"""Whose key signs: the portal's own, a PKCS#12 file of the office, or a key in a PKCS#11 token.

A key from outside is named by the settings and made known once by `manage.py signing_key use`: from then on its certificate can
be verified, also after it was replaced. The process that signs loads a key once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings
from django.db import transaction
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from portal.documents.models import CertificateRole, CertificateSource, SigningCertificate
from portal.documents.signing import authority
from portal.documents.signing.errors import (
    CertificateNotValid,
    CertificateUnknown,
    KeyUnreadable,
    NotForSigning,
    WrongPassphrase,
)
from portal.workdays import clock


def as_asn1(pem: str) -> asn1_x509.Certificate:
    """A certificate as pyHanko takes it."""
    _kind, _headers, content = asn1_pem.unarmor(pem.encode())
    return asn1_x509.Certificate.load(content)


def _key_as_asn1(key: Any) -> asn1_keys.PrivateKeyInfo:
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return asn1_keys.PrivateKeyInfo.load(plain)


def store_of(*pems: str) -> SimpleCertificateStore:
    """Certificates that go into a signature with the one that signs."""
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([as_asn1(pem) for pem in pems if pem])
    return store


def source() -> CertificateSource:
    """Where the settings say that the key is."""
    if settings.SIGNING_PKCS11_MODULE:
        return CertificateSource.PKCS11
    return CertificateSource.PKCS12 if settings.SIGNING_PKCS12_FILE else CertificateSource.OWN


def certificate_in_use() -> SigningCertificate:
    """The certificate that signs now; valid today. Raises CertificateUnknown, CertificateNotValid."""
    held = authority.current(CertificateRole.SEAL)
    if held is None and source() == CertificateSource.OWN:
        held = authority.seal_in_use()
    if held is None or held.source != source():
        raise CertificateUnknown
    require_valid(held.valid_from, held.valid_until)
    return held


def require_valid(first: Any, last: Any) -> None:
    """That an instant between the two is now. Raises CertificateNotValid."""
    if not first <= clock.now() <= last:
        zone = clock.zone()
        days = {"first": first.astimezone(zone).date().isoformat(), "last": last.astimezone(zone).date().isoformat()}
        raise CertificateNotValid(**days)


@contextmanager
def signer(held: SigningCertificate) -> Iterator[Signer]:
    """What signs with the key of a certificate. Raises WrongPassphrase, KeyUnreadable, CertificateUnknown."""
    match held.source:
        case CertificateSource.OWN:
            yield _own(held.pem, held.issuer.pem if held.issuer else "", held)
        case CertificateSource.PKCS12:
            found, certificate, _chain = _read_pkcs12(settings.SIGNING_PKCS12_FILE, settings.SIGNING_PKCS12_PASSPHRASE)
            _require_same(held, certificate)
            yield found
        case _:
            with _token() as session:
                found = _token_signer(session)
                _require_same(held, _as_pyca(found.signing_cert))
                yield found


class LoadedSigner(Signer):  # type: ignore[misc]
    """Signs by an RSA key that is loaded already. pyHanko's own loads and checks the key anew for each signature, twice, which
    takes ten times as long as to sign."""

    def __init__(
        self, certificate: asn1_x509.Certificate, key: rsa.RSAPrivateKey, store: SimpleCertificateStore
    ) -> None:
        self._key = key
        super().__init__(signing_cert=certificate, cert_registry=store)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The signature; of a dry run, as many bytes."""
        if dry_run:
            return bytes(self._key.key_size // 8)
        return self._key.sign(data, PKCS1v15(), get_pyca_cryptography_hash(digest_algorithm))


def _own(pem: str, issuer: str, held: SigningCertificate) -> Signer:
    return LoadedSigner(as_asn1(pem), authority.private_key(held), store_of(issuer))


def _of_key(certificate: asn1_x509.Certificate, key: Any, store: SimpleCertificateStore) -> Signer:
    if isinstance(key, rsa.RSAPrivateKey):
        return LoadedSigner(certificate, key, store)
    return SimpleSigner(certificate, _key_as_asn1(key), store)


def _require_same(held: SigningCertificate, certificate: x509.Certificate) -> None:
    if certificate.fingerprint(hashes.SHA256()).hex() != held.sha256:
        raise CertificateUnknown


@cache
def _read_pkcs12(path: str, passphrase: str) -> tuple[Signer, x509.Certificate, tuple[str, ...]]:
    """Signer, certificate and chain of a file, read once for each process. Raises KeyUnreadable, WrongPassphrase."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise KeyUnreadable from error
    try:
        loaded = pkcs12.load_pkcs12(content, passphrase.encode() or None)
    except ValueError as error:
        raise WrongPassphrase from error
    if loaded.cert is None or loaded.key is None:
        raise KeyUnreadable
    chain = tuple(_pem(other.certificate) for other in loaded.additional_certs)
    made = _of_key(as_asn1(_pem(loaded.cert.certificate)), loaded.key, store_of(*chain))
    return made, loaded.cert.certificate, chain


@contextmanager
def _token() -> Iterator[Any]:
    """A session with the token of the settings. Raises KeyUnreadable, WrongPassphrase."""
    import pkcs11
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import open_pkcs11_session

    try:
        session = open_pkcs11_session(
            settings.SIGNING_PKCS11_MODULE,
            token_criteria=TokenCriteria(label=settings.SIGNING_PKCS11_TOKEN),
            user_pin=settings.SIGNING_PKCS11_PIN,
        )
    except (pkcs11.PinIncorrect, pkcs11.PinLocked, pkcs11.PinLenRange, pkcs11.PinInvalid) as error:
        raise WrongPassphrase from error
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
        raise KeyUnreadable from error
    try:
        yield session
    finally:
        session.close()


def _token_signer(session: Any) -> Any:
    """What signs with the key and certificate of a label. Raises KeyUnreadable."""
    import pkcs11
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.pkcs11 import PKCS11Signer

    label = settings.SIGNING_PKCS11_LABEL
    made = PKCS11Signer(session, cert_label=label, key_label=label)
    try:
        made.signing_cert  # noqa: B018 - asks the token
    except (pkcs11.PKCS11Error, SigningError) as error:
        raise KeyUnreadable from error
    return made


def _as_pyca(certificate: asn1_x509.Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificate.dump())


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _configured() -> tuple[x509.Certificate, tuple[str, ...]]:
    """The certificate and chain that the settings name."""
    if source() == CertificateSource.PKCS12:
        _signer, certificate, chain = _read_pkcs12(settings.SIGNING_PKCS12_FILE, settings.SIGNING_PKCS12_PASSPHRASE)
        return certificate, chain
    with _token() as session:
        return _as_pyca(_token_signer(session).signing_cert), _chain_file()


def _chain_file() -> tuple[str, ...]:
    """The certificates above the token's, from the file of the settings."""
    if not settings.SIGNING_CHAIN_FILE:
        return ()
    try:
        content = Path(settings.SIGNING_CHAIN_FILE).read_bytes()
        return tuple(_pem(certificate) for certificate in x509.load_pem_x509_certificates(content))
    except (OSError, ValueError) as error:
        raise KeyUnreadable from error


@transaction.atomic
def use_configured(*, reason: str) -> SigningCertificate:
    """Make the certificate of the settings known and let its key sign from now on; the one before is retired.

    Raises WrongPassphrase, KeyUnreadable, NotForSigning, CertificateNotValid.
    """
    if source() == CertificateSource.OWN:
        held = authority.current(CertificateRole.SEAL)
        own = held is not None and held.source == CertificateSource.OWN
        return held if held is not None and own else authority.rotate(reason=reason)
    certificate, chain = _configured()
    require_valid(certificate.not_valid_before_utc, certificate.not_valid_after_utc)
    _require_for_signing(certificate)
    held = authority.current(CertificateRole.SEAL)
    if held is not None and held.sha256 == certificate.fingerprint(hashes.SHA256()).hex():
        return held
    authority.retire(CertificateRole.SEAL, reason)
    made = authority.keep(certificate, role=CertificateRole.SEAL, source=source())
    made.chain = "".join(chain)
    made.save(update_fields=["chain"])
    return made


def _require_for_signing(certificate: x509.Certificate) -> None:
    """Its key usage, where it has one, names digital signature or content commitment."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise NotForSigning
