from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.documents.models import CertificateRole, SigningCertificate
from portal.documents.signing import authority, keys
from portal.documents.signing.errors import SigningFault


class Command(BaseCommand):
    """The key that signs documents: show it, make the one of the settings known, put a new one in its place."""

    help = "Show, take into use or renew the key that signs documents (docs/signatures.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and why."""
        parser.add_argument("deed", choices=("show", "use", "rotate", "enclose", "export"))
        parser.add_argument("--reason", default="", help="why the key in use is retired; it is logged")
        parser.add_argument("--with-root", action="store_true", help="renew the authority too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; a fault is a sentence."""
        try:
            getattr(self, f"_{options['deed']}")(options)
        except SigningFault as error:
            raise CommandError(f"{error.code}: {error}") from error

    def _show(self, options: dict[str, Any]) -> None:
        """All certificates, and whether the one in use can sign."""
        for held in SigningCertificate.objects.all():
            until = f"retired {held.retired_at:%Y-%m-%d}: {held.retired_reason}" if held.retired_at else "in use"
            days = f"{held.valid_from:%Y-%m-%d} to {held.valid_until:%Y-%m-%d}"
            self.stdout.write(f"{held.role} {held.source} {held.sha256} {held.subject}, valid {days}, {until}")
        held = keys.certificate_in_use()
        with keys.signer(held):
            self.stdout.write(f"Documents are signed with {held.sha256}.")

    def _use(self, options: dict[str, Any]) -> None:
        """What the settings name, from now on."""
        held = keys.use_configured(reason=self._reason(options, "settings"))
        self.stdout.write(f"Documents are signed with {held.sha256} ({held.source}, {held.subject}).")

    def _rotate(self, options: dict[str, Any]) -> None:
        """A new key of the portal's own."""
        if keys.source() != "own":
            raise CommandError(
                "The settings name a key from outside: put the new one there, then type: signing_key use"
            )
        held = authority.rotate(reason=self._reason(options, ""), with_root=options["with_root"])
        self.stdout.write(f"Documents are signed with {held.sha256} from now on.")

    def _enclose(self, options: dict[str, Any]) -> None:
        """The private keys, by the first passphrase of the settings."""
        self.stdout.write(f"{authority.enclose_anew()} keys enclosed by the first of SIGNING_PASSPHRASES.")

    def _export(self, options: dict[str, Any]) -> None:
        """The authority's certificate, for readers of PDFs that are to trust it."""
        authority.seal_in_use()
        held = authority.current(CertificateRole.AUTHORITY)
        if held is None:
            raise CommandError("The portal has no authority of its own: a key from outside signs.")
        self.stdout.write(held.pem, ending="")

    @staticmethod
    def _reason(options: dict[str, Any], default: str) -> str:
        reason: str = options["reason"].strip() or default
        if not reason:
            raise CommandError("Say why, with --reason: it is logged.")
        return reason
