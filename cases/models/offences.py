"""The offences of the Criminal Law that concern duty, with their amounts in versions: the date of the act decides."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.audit.tracking import history
from portal.web.i18n import Bilingual


class Category(models.TextChoices):
    """The chapter of duty crime that an offence belongs to."""

    CORRUPTION = "corruption", _("Corruption")
    BRIBERY = "bribery", _("Bribery")
    DERELICTION = "dereliction", _("Dereliction of duty")
    RIGHTS = "rights_infringement", _("Infringement of rights")
    ENTERPRISE = "state_enterprise", _("State enterprises")
    NON_STATE = "non_state", _("Persons outside the state")


class Offence(Bilingual):
    """An offence of the Criminal Law, by its article."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    article = models.CharField(_("article"), max_length=20)
    category = models.CharField(_("chapter"), max_length=20, choices=Category.choices)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.name


class OffenceVersionQuerySet(models.QuerySet["OffenceVersion"]):
    """Words that chain."""

    def on(self, day: date) -> Self:
        """The versions in force on a day, one of each offence at most."""
        return self.filter(Q(in_force_until=None) | Q(in_force_until__gte=day), in_force_from__lte=day)


@pghistory.track(*history())
class OffenceVersion(models.Model):
    """The amounts of an offence as one text of the law has them, in yuan; none where the law counts no amount.

    A new text is a new version; the version in force on the day of the act decides (Criminal Law, art. 12).
    """

    offence = models.ForeignKey(Offence, on_delete=models.PROTECT, related_name="versions")
    in_force_from = models.DateField(_("in force from"))
    in_force_until = models.DateField(_("in force until"), null=True, blank=True)
    relatively_large = models.DecimalField(
        _("relatively large (yuan)"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    huge = models.DecimalField(_("huge (yuan)"), max_digits=16, decimal_places=2, null=True, blank=True)
    especially_huge = models.DecimalField(
        _("especially huge (yuan)"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=300)

    objects = OffenceVersionQuerySet.as_manager()

    class Meta:
        ordering = ("offence", "in_force_from")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("offence", "in_force_from"), name="offence_version_once"),
            models.CheckConstraint(
                condition=Q(in_force_until=None) | Q(in_force_until__gte=models.F("in_force_from")),
                name="offence_version_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offence_id} {self.in_force_from}"
