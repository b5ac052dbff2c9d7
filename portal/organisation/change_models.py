"""How units changed: renamed, moved, merged, split, dissolved. A unit's history; what was performed is kept."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.web.state import VersionedQuerySet, VersionedState


class ChangeKind(models.TextChoices):
    """What becomes of a unit."""

    RENAME = "rename", _("Renamed")
    MOVE = "move", _("Moved in the tree")
    MERGE = "merge", _("Merged")
    SPLIT = "split", _("Split")
    DISSOLVE = "dissolve", _("Dissolved")


class ChangeState(models.TextChoices):
    """Where a change stands."""

    PLANNED = "planned", _("Planned")
    PERFORMED = "performed", _("Performed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PartKind(models.TextChoices):
    """What part another unit has in a change."""

    MERGED = "merged", _("merged as well")
    SUCCESSOR = "successor", _("goes on in its place")
    MADE = "made", _("made by it")
    PARENT_BEFORE = "parent_before", _("above it before")
    PARENT_AFTER = "parent_after", _("above it since")
    CHILD = "child", _("below it until then")


class UnitChangeQuerySet(VersionedQuerySet["UnitChange"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Changes of units at which `user` holds any role, or in which such a unit has a part."""
        parts = ChangePart.objects.filter(scopes.q(user, roles=Role))
        return self.filter(scopes.q(user, roles=Role) | Q(pk__in=parts.values("change_id")))

    def about(self, unit_id: int) -> Self:
        """Changes of a unit, and those in which it has a part."""
        return self.filter(Q(unit=unit_id) | Q(pk__in=ChangePart.objects.filter(unit=unit_id).values("change_id")))

    def planned(self) -> Self:
        """Changes whose day is still to come, or that could not be performed on it."""
        return self.filter(state=ChangeState.PLANNED)

    def performed(self) -> Self:
        """Changes that took effect."""
        return self.filter(state=ChangeState.PERFORMED)

    def of_name(self, words: str) -> Self:
        """Renamings from a name that fits the words: either language, pinyin, initials."""
        plain = words.strip()
        squeezed = plain.replace(" ", "").lower()
        fits = Q(before__name_zh__icontains=plain) | Q(before__name_en__icontains=plain)
        if squeezed:
            fits |= Q(before__sort_key__icontains=squeezed) | Q(before__initials__istartswith=squeezed)
        return self.performed().filter(fits, kind=ChangeKind.RENAME)


class UnitChange(VersionedState):
    """A decision that a unit changes from a day on, and what came of it.

    `values` is what was decided, in the shape that the kind's module in `services/changes/` describes; `before` and
    `after` are the unit's own values as they were and became; `outcome` counts what followed, by group of `touched`.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=ChangeKind.choices)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="changes")
    values = models.JSONField(default=dict)
    # The first day on which it is so; for a dissolved unit its last day.
    effective_on = models.DateField(_("takes effect on"))
    reason = models.CharField(_("reason"), max_length=300)
    # What becomes of what is touched: group of `touched` to choice.
    decisions = models.JSONField(default=dict)
    # Null for units that were dissolved before the portal kept who decided.
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)

    state = models.CharField(_("state"), max_length=9, choices=ChangeState.choices, default=ChangeState.PLANNED)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    performed_at = models.DateTimeField(_("performed"), null=True)
    # Why it could not be performed on its day, in both languages; it is tried again at every tick.
    problem = models.JSONField(default=dict)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawal_reason = models.CharField(_("reason for withdrawing"), max_length=300, blank=True)

    objects = UnitChangeQuerySet.as_manager()

    class Meta:
        ordering = ("-effective_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="unit_change_kind_known"),
            models.CheckConstraint(condition=Q(state__in=ChangeState.values), name="unit_change_state_known"),
            models.CheckConstraint(
                condition=~Q(state=ChangeState.WITHDRAWN) | Q(withdrawn_at__isnull=False),
                name="unit_change_withdrawn_at_a_time",
            ),
            models.UniqueConstraint(
                fields=("unit",), condition=Q(state=ChangeState.PLANNED), name="one_planned_change_of_a_unit"
            ),
        ]
        indexes: ClassVar = [
            # The tick's question: what takes effect by today?
            models.Index(fields=("effective_on",), condition=Q(state="planned"), name="unit_change_planned"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="unit_change_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="unit_change_is_not_rewritten",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="planned"),
            ),
            pgtrigger.ReadOnly(
                name="unit_change_decision_is_kept",
                fields=["kind", "unit", "values", "effective_on", "reason", "decisions", "decided_by", "decided_at"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.effective_on}"

    def get_absolute_url(self) -> str:
        """Its record."""
        return reverse("organisation:change-record", args=(self.unit.code, self.pk))

    def heir(self, code: str) -> int | None:
        """The unit that goes on, or was made, by its code; None where no such one has a part in it."""
        heirs = self.parts.filter(part__in=(PartKind.SUCCESSOR, PartKind.MADE), unit__code=code)
        return heirs.values_list("unit_id", flat=True).first()

    def part_ids(self, *kinds: PartKind) -> list[int]:
        """The units that have one of these parts in it, in the order in which they were named."""
        return list(self.parts.filter(part__in=kinds).order_by("pk").values_list("unit_id", flat=True))

    def decision(self, group: str) -> str:
        """What was decided about a group of what is touched; empty where nothing was."""
        return str(self.decisions.get(group, ""))


class ChangePart(models.Model):
    """Another unit that has a part in a change."""

    change = models.ForeignKey(UnitChange, on_delete=models.PROTECT, related_name="parts")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="change_parts")
    part = models.CharField(max_length=13, choices=PartKind.choices)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("change", "unit", "part"), name="unit_once_in_a_part"),
            models.CheckConstraint(condition=Q(part__in=PartKind.values), name="change_part_known"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="change_part_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.change_id} {self.part} {self.unit_id}"
