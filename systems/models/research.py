"""Research reports: what investigations and measures have shown."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.obligations.policies import coordinates_all
from portal.web.i18n import localized
from portal.web.state import VersionedQuerySet, VersionedState
from systems.models.investigations import Investigation


class ReportState(models.TextChoices):
    """Where a research report stands."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class ResearchReportQuerySet(VersionedQuerySet["ResearchReport"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Published ones for whoever sees content; drafts for their authors and who coordinates the site."""
        if user.standing.is_kept_from_content:
            return self.none()
        if coordinates_all(user):
            return self
        return self.filter(Q(state=ReportState.PUBLISHED) | Q(author=user))


class ResearchReport(VersionedState):
    """What investigations and measures have shown. Once published it is kept as it is."""

    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("number"))
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    summary = models.TextField(_("in short"))
    text = models.TextField(_("text"))
    investigations = models.ManyToManyField(
        Investigation, related_name="reports", blank=True, verbose_name=_("written from the investigations")
    )
    measures = models.ManyToManyField(
        "systems.PreventiveMeasure", related_name="reports", blank=True, verbose_name=_("about the measures")
    )

    state = models.CharField(_("state"), max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    published_on = models.DateField(_("published on"), null=True)

    objects = ResearchReportQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "-serial")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("year", "serial"), name="research_report_number_once"),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="research_report_state_known"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="published_report_is_kept",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("systems:research-report", args=(self.year, self.serial))

    @property
    def number(self) -> str:
        """Year and number in words."""
        return _t("Research report %(year)s-%(serial)s") % {"year": self.year, "serial": self.serial}

    @property
    def title(self) -> str:
        """The title in the active language."""
        return localized(self, "title")
