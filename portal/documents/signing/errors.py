"""What can be wrong with the key that signs documents; each sentence says what to do."""

from django.utils.translation import gettext_lazy as _

from portal.web.errors import PortalError


class SigningFault(PortalError):
    """The portal cannot sign now. The signatures that people gave are kept; the document is made once this is mended."""

    code = "signing-fault"
    status = 503
    message = _(
        "The document cannot be sealed now. Nothing is lost: it is sealed once whoever runs the portal has mended this."
    )


class WrongPassphrase(SigningFault):
    code = "wrong-passphrase"
    message = _(
        "The key that signs documents does not open with its passphrase. Nothing is lost: the document is sealed once "
        "whoever runs the portal has set the right one."
    )


class KeyUnreadable(SigningFault):
    code = "key-unreadable"
    message = _(
        "The key that signs documents cannot be read from where the settings say it is. Nothing is lost: the document is "
        "sealed once whoever runs the portal has put it there."
    )


class CertificateNotValid(SigningFault):
    code = "certificate-not-valid"
    message = _(
        "The certificate that signs documents is valid from %(first)s to %(last)s only. Nothing is lost: the document is "
        "sealed once whoever runs the portal has put a valid one in its place."
    )


class NotForSigning(SigningFault):
    code = "not-for-signing"
    message = _(
        "The certificate in the settings is not made for signing documents: its key usage lacks “digital signature”. "
        "Nothing is lost: the document is sealed once whoever runs the portal has put another in its place."
    )


class CertificateUnknown(SigningFault):
    code = "certificate-unknown"
    message = _(
        "The certificate in the settings was not made known to the portal, so nobody could verify what it signs. Whoever "
        "runs the portal types: manage.py signing_key use"
    )


class StampRefused(SigningFault):
    code = "stamp-refused"
    message = _("The time-stamp authority gave no valid stamp. The document is signed; the stamp is asked for again.")
