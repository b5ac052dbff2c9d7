"""Who works in which unit from when to when, and the staging table of their import."""

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.roles import Role
from portal.organisation.models import Days, Person, Unit, within_reach
from portal.web.i18n import localized
from portal.web.imports.staged import StagedRow


class EmploymentQuerySet(models.QuerySet["Employment"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: Any) -> Self:
        """Those in the parts of the tree where `user` leads, coordinates or administers; not each other's colleagues."""
        return self.filter(scopes.q(user, "unit__path", [role for role in Role if role != Role.STAFF]))

    def on(self, day: date) -> Self:
        """Those that hold on a day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class Employment(models.Model):
    """A person on the staff of a unit from a day to a day: at one unit at a time. It makes the person its staff.

    A post is held by one person and is told apart from this: many are clerks of one unit.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="employments", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="employments", db_index=False)
    title_en = models.CharField(_("position in English"), max_length=120, blank=True)
    title_zh = models.CharField(_("position in Chinese"), max_length=120, blank=True)
    starts_on = models.DateField(_("there since"))
    # The last day; open-ended while null.
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        ordering = ("person", "-starts_on")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="employment_days_in_order"
            ),
            within_reach("employment_days_within_reach"),
            # Its index also finds the employments of a person.
            ExclusionConstraint(
                name="one_employment_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (Days(F("starts_on"), F("ends_on")), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes: ClassVar = [
            # The unit's question: who works here?
            models.Index(fields=("unit", "starts_on"), name="employment_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.unit}"

    @property
    def title(self) -> str:
        """The position in the active language."""
        return localized(self, "title")


class PersonRow(StagedRow):
    """A row of an import of persons, read: who, and at which unit from when or until when."""

    employee_no = models.CharField(max_length=40)
    name_en = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=300)
    initials = models.CharField(max_length=60)
    phone = models.CharField(max_length=40)
    email = models.CharField(max_length=254)
    rank_id = models.BigIntegerField(null=True)
    official_type_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    title_en = models.CharField(max_length=120)
    title_zh = models.CharField(max_length=120)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
