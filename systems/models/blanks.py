"""Blank areas: a required system that is not in force, or a power that nobody watches over, since when and until when."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from portal.accounts import scopes
from portal.accounts.models import User
from systems.models.catalogue import RequiredSystem
from systems.models.powers import Power


class BlankAreaQuerySet(models.QuerySet["BlankArea"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Blank areas in the units over which `user` holds any role that sees content."""
        return self.filter(scopes.q(user))

    def open(self) -> Self:
        """Those not filled."""
        return self.filter(closed_on__isnull=True)


class BlankArea(models.Model):
    """Power without a rule, or without supervision. It has a day by which it is to be filled: the duty's."""

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="blank_areas")
    category = models.ForeignKey(
        RequiredSystem, null=True, on_delete=models.PROTECT, related_name="blank_areas", db_index=False
    )
    power = models.ForeignKey(Power, null=True, on_delete=models.PROTECT, related_name="blank_areas", db_index=False)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    obligation = models.OneToOneField("obligations.Obligation", on_delete=models.PROTECT, related_name="blank_area")

    objects = BlankAreaQuerySet.as_manager()

    class Meta:
        ordering = ("opened_on", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(category__isnull=False, power__isnull=True) | Q(category__isnull=True, power__isnull=False),
                name="blank_area_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=("unit", "category"), condition=Q(closed_on__isnull=True), name="blank_category_once"
            ),
            models.UniqueConstraint(fields=("power",), condition=Q(closed_on__isnull=True), name="blank_power_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.category or self.power}"

    @property
    def what(self) -> str:
        """What is blank, in the reader's language."""
        return str(self.category or self.power)
