from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_ltree.fields import PathField

# No way round it from a session: the tests, which empty their tables, drop the trigger in their own database.
NO_TRUNCATE = "RAISE EXCEPTION 'The log is append-only.';"
# The head only goes on, by as many numbers as entries.
HEAD_GOES_ON = """
    IF NEW.seq <= OLD.seq OR NEW.count - OLD.count <> NEW.seq - OLD.seq THEN
        RAISE EXCEPTION 'The head of the log only goes on.';
    END IF;
    RETURN NEW;
"""


def _never_emptied(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name, operation=pgtrigger.Truncate, when=pgtrigger.Before, level=pgtrigger.Statement, func=NO_TRUNCATE
    )


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
        constraints: ClassVar = [models.CheckConstraint(condition=Q(seq__gte=1), name="entry_numbers_begin_at_one")]
        triggers: ClassVar = [
            pgtrigger.Protect(name="entry_is_kept", operation=pgtrigger.Update | pgtrigger.Delete),
            _never_emptied("entries_are_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class Head(models.Model):
    """Where the log stands: the one row that shows entries cut off at its end, or an emptied log.

    `mac` is the HMAC of the other three under a key that the database does not know; empty once the row was found changed
    by somebody without it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    count = models.BigIntegerField()
    algorithm = models.CharField(max_length=20)
    mac = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="head_is_one")]
        triggers: ClassVar = [
            pgtrigger.Protect(name="head_is_kept", operation=pgtrigger.Delete),
            _never_emptied("head_is_not_emptied"),
            pgtrigger.Trigger(
                name="head_goes_on", operation=pgtrigger.Update, when=pgtrigger.Before, func=HEAD_GOES_ON
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


class Verification(models.Model):
    """A time the log was gone through, and what was found. Kept as it was."""

    at = models.DateTimeField(_("time"))
    # Nobody: by the portal itself, once a day.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # How far it went: entries looked at, and the head at the end of them.
    count = models.BigIntegerField(_("entries"))
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    # Empty when nothing was found; else what sort of flaw (see `verification`), at which entry.
    flaw = models.CharField(max_length=20, blank=True)
    flaw_seq = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(flaw="", flaw_seq__isnull=True) | (~Q(flaw="") & Q(flaw_seq__isnull=False)),
                name="verification_names_its_flaw",
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="verification_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.flaw or 'whole'}"
