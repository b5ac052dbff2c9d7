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
