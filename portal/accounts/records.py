"""What is remembered about getting in: the devices a person signed in from, and former passwords where the site asks."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.workdays import clock


class UserDevice(models.Model):
    """A browser in which a person has signed in; it carries a signed cookie of which only the hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices")
    key_hash = models.CharField(max_length=64)
    # The family of the browser and of its system, as "Chrome, Windows".
    label = models.CharField(_("device"), max_length=80)
    address = models.CharField(_("address"), max_length=45, blank=True)
    first_seen_at = models.DateTimeField(_("first seen"), default=clock.now)
    last_seen_at = models.DateTimeField(_("last seen"), default=clock.now)

    class Meta:
        ordering = ("-last_seen_at",)
        constraints: ClassVar = [models.UniqueConstraint(fields=("user", "key_hash"), name="user_device_once")]

    def __str__(self) -> str:
        return self.label


class PasswordHistory(models.Model):
    """A former password of a person, hashed; kept only under a profile that forbids to use it again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "password history"

    def __str__(self) -> str:
        return f"{self.user} {self.set_at:%Y-%m-%d}"
