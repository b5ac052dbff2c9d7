"""Files that people attach, and documents that the portal seals."""

import secrets
import uuid
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.web.i18n import localized


def random_name(instance: models.Model, filename: str) -> str:
    """A path that tells nothing and cannot be guessed."""
    name = uuid.uuid4().hex
    return f"attachments/{name[:2]}/{name}"


class Attachment(models.Model):
    """A private file, served only to who may read the object it belongs to."""

    purpose = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size (bytes)"))
    content_type = models.CharField(_("type"), max_length=120)
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=random_name, max_length=200)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("attached"))

    class Meta:
        ordering = ("pk",)
        indexes: ClassVar = [models.Index(fields=("purpose", "object_id"), name="attachment_object")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where it is downloaded."""
        return reverse("documents:file", args=(self.pk,))


def verification_code() -> str:
    """Twelve characters, without those that look alike."""
    alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    return "".join(secrets.choice(alphabet) for _n in range(12))


class EndReason(models.TextChoices):
    """Why a document is no longer in force, though it stays genuine."""

    REPLACED = "replaced", _("Replaced")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class SealedDocument(models.Model):
    """A PDF that the portal issued. Never changed; a newer version names the one it replaces.

    What it is about may end: that is written down once, beside it, for whoever verifies a copy.
    """

    kind = models.CharField(max_length=40)
    number = models.CharField(_("number"), max_length=80)
    title_en = models.CharField(max_length=200)
    title_zh = models.CharField(max_length=200)
    language = models.CharField(max_length=10)
    # What it is about, as "letter:12".
    about = models.CharField(max_length=60, db_index=True)
    code = models.CharField(_("verification code"), max_length=12, unique=True, default=verification_code)
    file = models.FileField(upload_to=random_name, max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    # How many signatures it was issued with; none where it is older than they are.
    signatures = models.PositiveSmallIntegerField(default=0)
    issued_at = models.DateTimeField(_("issued"))
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    # The day since which it is not in force any more, and why.
    ended_on = models.DateField(_("ended"), null=True)
    ended_reason = models.CharField(max_length=10, choices=EndReason.choices, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_reason="")
                | Q(ended_on__isnull=False, ended_reason__in=EndReason.values),
                name="sealed_end_has_its_reason",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="sealed_is_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="sealed_words_are_kept", exclude=["ended_on", "ended_reason"]),
            pgtrigger.Protect(
                name="sealed_end_is_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """The title in the active language."""
        return localized(self, "title")

    @property
    def newest_file(self) -> models.fields.files.FieldFile:
        """The file to hand out: with its time-stamp, once there is one."""
        stamp = getattr(self, "stamp", None)
        return stamp.file if stamp is not None and stamp.stamped_at is not None else self.file


class CertificateRole(models.TextChoices):
    """What a certificate is for."""

    AUTHORITY = "authority", _("Authority")
    SEAL = "seal", _("Seal")


class CertificateSource(models.TextChoices):
    """Where the private key is."""

    OWN = "own", _("The portal's own")
    PKCS12 = "pkcs12", _("PKCS#12 file")
    PKCS11 = "pkcs11", _("PKCS#11 token")


class SigningCertificate(models.Model):
    """A certificate that signs documents, or the authority above it. Known for good: what it signed outlives its use."""

    role = models.CharField(max_length=9, choices=CertificateRole.choices)
    source = models.CharField(max_length=6, choices=CertificateSource.choices)
    issuer = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="issued")
    subject = models.CharField(max_length=300)
    pem = models.TextField()
    # The certificates above it, where they came with a key from outside.
    chain = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, unique=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    # PKCS#8, enclosed by a passphrase that is not in the database; empty where the key is elsewhere.
    private_key = models.TextField(blank=True)
    used_from = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    retired_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("role",), condition=Q(retired_at__isnull=True), name="one_certificate_of_a_role_in_use"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="signing_certificate_is_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="signing_certificate_stays",
                fields=["role", "source", "issuer", "pem", "sha256", "valid_from", "valid_until", "used_from"],
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class TimeStamp(models.Model):
    """The time-stamp of an authority on a sealed document: wanted with the seal, given when the authority answers.

    The stamped file is the sealed one with an increment; both are the document.
    """

    document = models.OneToOneField(SealedDocument, on_delete=models.PROTECT, related_name="stamp")
    wanted_at = models.DateTimeField()
    stamped_at = models.DateTimeField(null=True)
    file = models.FileField(upload_to=random_name, max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    tries = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stamped_at__isnull=True, file="", sha256="")
                | Q(Q(stamped_at__isnull=False), ~Q(file=""), ~Q(sha256="")),
                name="stamp_has_its_file",
            ),
        ]
        indexes: ClassVar = [
            # The task's question: which documents still lack their stamp?
            models.Index(fields=("wanted_at",), condition=Q(stamped_at__isnull=True), name="stamp_wanted"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="stamp_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="stamp_given_is_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__stamped_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.stamped_at or self.wanted_at:%Y-%m-%d}"
