"""Corrections of the network: what a unit's own people say is wrong, and what the coordinator made of it."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.organisation.models import Person, Unit
from portal.web.i18n import titled
from portal.web.state import VersionedQuerySet, VersionedState
from portal.workdays import clock


class Field(models.TextChoices):
    """What may be corrected: the part before the dot says of what, the part behind it is the column."""

    UNIT_NAME_ZH = "unit.name_zh", _("Unit's name in Chinese")
    UNIT_NAME_EN = "unit.name_en", _("Unit's name in English")
    UNIT_PHONE = "unit.office_phone", _("Office phone")
    UNIT_ADDRESS = "unit.address", _("Address")
    PERSON_NAME_ZH = "person.name_zh", _("Name in Chinese")
    PERSON_NAME_EN = "person.name_en", _("Name in English")
    PERSON_PHONE = "person.phone", _("Phone")
    PERSON_EMAIL = "person.email", _("E-mail")

    @property
    def is_personal(self) -> bool:
        """Whether it is a person's, and not the unit's."""
        return str(self.value).startswith("person.")

    @property
    def column(self) -> str:
        """The name of the column."""
        return str(self.value).split(".")[1]


class State(models.TextChoices):
    """Where a correction stands."""

    PROPOSED = "proposed", _("Waits for the coordinator")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CorrectionQuerySet(VersionedQuerySet["Correction"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: Any) -> Self:
        """One's own, those of the unit one leads or is liaison of, and those of the units one coordinates."""
        roles = (Role.COORDINATOR, Role.TOP_LEADER, Role.LIAISON)
        return self.filter(Q(proposed_by_id=user.pk) | scopes.q(user, "unit__path", roles))

    def waiting(self) -> Self:
        """Not decided and not withdrawn."""
        return self.filter(state=State.PROPOSED)

    def to_decide_by(self, user: User) -> Self:
        """Those that wait for a coordinator's decision."""
        return self.waiting().filter(scopes.q(user, "unit__path", (Role.COORDINATOR,))).exclude(proposed_by=user)


class Correction(VersionedState):
    """A value that a unit's top leader or liaison says is wrong. It is written when the coordinator accepts it."""

    # At whose card it was proposed, also where it is about a person.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="corrections")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    field = models.CharField(_("what"), max_length=20, choices=Field.choices)
    value_then = models.CharField(_("value then"), max_length=254, blank=True)
    value_proposed = models.CharField(_("proposed value"), max_length=254)
    reason = models.CharField(_("reason"), max_length=300)

    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"), default=clock.now)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)

    # By the coordinator, or by who withdraws it.
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=300, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(field__in=Field.values), name="correction_field_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="correction_state_known"),
            models.CheckConstraint(
                condition=Q(field__startswith="person.", person__isnull=False)
                | Q(field__startswith="unit.", person__isnull=True),
                name="correction_of_a_person_names_one",
            ),
            models.CheckConstraint(
                condition=Q(state=State.PROPOSED, decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(state=State.PROPOSED) & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="correction_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DECLINED) | ~Q(decision_reason=""), name="correction_declined_with_a_reason"
            ),
            # Whoever may call a person may be of two units: the value waits once wherever it was proposed.
            models.UniqueConstraint(
                fields=("unit", "field"),
                condition=Q(state=State.PROPOSED, person__isnull=True),
                name="unit_value_waits_once",
            ),
            models.UniqueConstraint(
                fields=("person", "field"),
                condition=Q(state=State.PROPOSED, person__isnull=False),
                name="person_value_waits_once",
            ),
        ]
        indexes: ClassVar = [
            # The coordinator's question: what waits?
            models.Index(fields=("unit",), condition=Q(state=State.PROPOSED), name="correction_waiting"),
        ]

    def __str__(self) -> str:
        return titled(self.get_field_display(), self.whose)

    @property
    def whose(self) -> str:
        """The name of the unit or person that it is about."""
        return self.person.name if self.person is not None else self.unit.name

    @property
    def target(self) -> Unit | Person:
        """The row whose value is to be corrected."""
        return self.person if self.person is not None else self.unit

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("network:correction", args=(self.pk,))
