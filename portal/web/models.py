from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SubmittedForm(models.Model):
    """A form that was posted and worked: the same post again is answered with the same page."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=100)
    key = models.UUIDField()
    result_url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("user", "purpose", "key"), name="form_submitted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.key}"


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class JobQuerySet(models.QuerySet["Job"]):
    """Words that chain."""

    def of(self, user: object) -> Self:
        """The jobs that a person started; nobody else sees them."""
        return self.filter(owner_id=getattr(user, "pk", None))


class Job(models.Model):
    """Work that takes longer than a request. Its owner sees how far it is; a killed one goes on where it stopped."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs")
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    # Renewed while a worker is at it; an old one means that the worker is gone.
    seen_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # How often a worker began since the job last got any further.
    tries = models.PositiveSmallIntegerField(default=0)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes: ClassVar = [
            models.Index(fields=("id",), condition=models.Q(state__in=("queued", "running")), name="job_unfinished"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in (JobState.DONE, JobState.FAILED)

    @property
    def percent(self) -> int:
        """How far the job is."""
        return 100 * self.done // self.total if self.total else 0


class ImportRun(models.Model):
    """An uploaded file on its way into the portal: uploaded, checked, then imported.

    A file read at once is imported as a whole or not at all; of one with very many rows, those that are ready.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="imports")
    kind = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="imports/%Y/%m/")
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    # Of imports in the background: when the file was checked, and the job that is or was at it.
    checked_at = models.DateTimeField(null=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    applied_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name
