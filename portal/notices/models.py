"""What people were told: the notice in the portal, and the message that carried it out."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.notices import registry, wording


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Words that chain."""

    def visible_to(self, user: Any) -> Self:
        """A person's own notices."""
        return self.filter(recipient_id=user.pk)

    def unread(self) -> Self:
        """Not opened yet."""
        return self.filter(read_at__isnull=True)

    def waiting(self) -> Self:
        """Not put into a message yet."""
        return self.filter(message__isnull=True, unsendable=False)


class Notice(models.Model):
    """One thing told to one person: when it was written, sent and read is kept, as proof of notice."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    # The names that the sentences use; in both languages where they differ.
    data = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    # What it is about, as "obligation:12"; read by the page of that object.
    about = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey("organisation.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    message = models.ForeignKey(
        "OutboundMessage", null=True, on_delete=models.PROTECT, related_name="notices", db_index=False
    )
    # No e-mail will carry it: the person has no address.
    unsendable = models.BooleanField(default=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes: ClassVar = [
            # The mast's question: how many are unread?
            models.Index(fields=("recipient",), condition=Q(read_at__isnull=True), name="notice_unread"),
            # The outbox's question: who waits for a message, and what is to be in it?
            models.Index(
                fields=("recipient", "id"), condition=Q(message__isnull=True, unsendable=False), name="notice_waiting"
            ),
            # The page of an object: what was told about it?
            models.Index(fields=("about",), name="notice_about"),
            models.Index(fields=("message",), condition=Q(message__isnull=False), name="notice_message"),
        ]

    def __str__(self) -> str:
        return self.subject

    def words(self) -> wording.Words:
        """Heading and sentence, in the reader's language. Raises Unwordable."""
        return wording.words(self.kind, self.data)

    @property
    def subject(self) -> str:
        """The heading, in the reader's language; the code of the kind where it has no words."""
        return self._shown.subject

    @property
    def body(self) -> str:
        """The sentence, in the reader's language; one that says so where it has no words."""
        return self._shown.body

    @property
    def _shown(self) -> wording.Words:
        """The words for a page, which shows the other notices too."""
        try:
            return self.words()
        except wording.Unwordable:
            return wording.missing(self.kind)

    @property
    def is_formal(self) -> bool:
        """Whether it is a step of the ladder, and not just news."""
        return registry.is_formal(self.kind)


class MessageState(models.TextChoices):
    """Where an e-mail stands."""

    QUEUED = "queued", _("Waits to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class MessageQuerySet(models.QuerySet["OutboundMessage"]):
    """Words that chain."""

    def due(self) -> Self:
        """To be tried now, by the machine's own time: a demo's clock does not hold mail back."""
        from django.db.models.functions import Now

        return self.filter(state=MessageState.QUEUED, next_try_at__lte=Now())


class OutboundMessage(models.Model):
    """An e-mail to one person with everything a run had to tell; the words are kept as they were sent.

    One that failed without a body could not be put into words.
    """

    # Nobody: to an address outside the portal.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="messages"
    )
    address = models.EmailField(_("address"))
    language = models.CharField(max_length=10)
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField()
    # The body lets its reader in, as a link to a new password does: it is forgotten once sent, and sent by nobody again.
    secret = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=6, choices=MessageState.choices, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(_("last error"), max_length=500, blank=True)
    written_at = models.DateTimeField(_("written"))
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes: ClassVar = [
            models.Index(fields=("next_try_at",), condition=Q(state="queued"), name="message_due"),
            models.Index(fields=("-id",), condition=Q(state="failed"), name="message_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.subject}"
