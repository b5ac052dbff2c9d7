from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_ltree.fields import PathField

# Tests flush their tables; only the test database has this setting.
NO_TRUNCATE = """
    IF current_setting('portal.test', true) = 'on' THEN RETURN NULL; END IF;
    RAISE EXCEPTION 'The log is append-only.';
"""


class Entry(models.Model):
    """Who did what, when, on what, from where. Each entry carries the hash of the one before; none is ever changed."""

    seq = models.BigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    actor_name = models.CharField(max_length=200, blank=True)
    action = models.CharField(_("what"), max_length=60)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    subject_label = models.CharField(_("on what"), max_length=200, blank=True)
    path = PathField(null=True)
    data = models.JSONField(default=dict)
    ip = models.CharField(_("from"), max_length=45, blank=True)
    agent = models.CharField(max_length=300, blank=True)
    algorithm = models.CharField(max_length=20)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("-seq",)
        indexes: ClassVar = [
            models.Index(fields=("subject_type", "subject_id"), name="entry_subject"),
            models.Index(fields=("action", "-seq"), name="entry_action"),
            GistIndex(fields=("path",), name="entry_path"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="entry_is_kept", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="entries_are_kept",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func=NO_TRUNCATE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"
