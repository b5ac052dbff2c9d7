"""What the tests of signatures have in common: small PDFs, keys from outside, a time-stamp authority that answers on a port."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.workdays import clock


class Office:
    """A key with its certificate, as an office or a stranger has one."""

    def __init__(self, name: str, *, days: int = 365, stamps: bool = False, signs: bool = True) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        now = min(clock.now(), datetime.now(UTC)) - timedelta(days=2)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now)
            .not_valid_after(now + timedelta(days=days))
        )
        flags = dict.fromkeys(
            (
                "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign",
                "crl_sign", "encipher_only", "decipher_only",
            ),
            False,
        )  # fmt: skip
        flags |= {} if signs else {"key_encipherment": True}
        builder = builder.add_extension(x509.KeyUsage(digital_signature=signs, **flags), critical=True)
        if stamps:
            use = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(use, critical=True)
        self.certificate = builder.sign(self.key, hashes.SHA256())

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def sha256(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    def asn1(self) -> tuple[asn1_x509.Certificate, asn1_keys.PrivateKeyInfo]:
        certificate = asn1_x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))
        plain = self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return certificate, asn1_keys.PrivateKeyInfo.load(plain)

    def file(self, path: Path, passphrase: str) -> str:
        """A PKCS#12 file with the key."""
        closed = serialization.BestAvailableEncryption(passphrase.encode())
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", self.key, self.certificate, None, closed))
        return str(path)

    def sign(self, content: bytes, field: str, name: str) -> bytes:
        """Add a signature to a PDF, as a stranger would."""
        certificate, key = self.asn1()
        signer = SimpleSigner(certificate, key, SimpleCertificateStore())
        meta = PdfSignatureMetadata(
            field_name=field, name=name, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
        )
        out = PdfSigner(meta, signer=signer, new_field_spec=SigFieldSpec(field)).sign_pdf(
            IncrementalPdfFileWriter(BytesIO(content))
        )
        return bytes(out.getbuffer())


@contextmanager
def time_stamp_authority(office: Office) -> Iterator[str]:
    """An authority that stamps what it is sent; its address."""
    certificate, key = office.asn1()
    stamper = DummyTimeStamper(certificate, key)

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            content = stamper.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
