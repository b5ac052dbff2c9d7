"""The register: the systems that a unit has, in versions."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, GeneratedField, Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.models import User
from portal.web.i18n import localized
from portal.web.state import VersionedQuerySet, VersionedState
from portal.web.text_search import Folded, Search, Words
from systems.models.catalogue import RequiredSystem, Requirement


class SystemState(models.TextChoices):
    """Where a unit's system stands as a whole."""

    DRAFT = "draft", _("In draft")
    CONSULTATION = "consultation", _("In consultation")
    ISSUED = "issued", _("Issued, not yet in force")
    IN_FORCE = "in_force", _("In force")
    UNDER_REVISION = "under_revision", _("Under revision")
    REPEALED = "repealed", _("Repealed")


# A version is in force in these states.
FORCE = (SystemState.IN_FORCE, SystemState.UNDER_REVISION)


class UnitSystemQuerySet(VersionedQuerySet["UnitSystem"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Systems of the units over which `user` holds any role that sees content."""
        return self.filter(scopes.q(user))

    def live(self) -> Self:
        """Those not repealed."""
        return self.exclude(state=SystemState.REPEALED)

    def in_force(self) -> Self:
        """Those of which a version is in force."""
        return self.filter(state__in=FORCE)


class UnitSystem(VersionedState):
    """A system of a unit: of a category of the catalogue, or one of its own. What it says stands in its versions."""

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="systems")
    category = models.ForeignKey(
        RequiredSystem, null=True, blank=True, on_delete=models.PROTECT, related_name="unit_systems"
    )
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    scope = models.CharField(_("whom it binds"), max_length=300, blank=True)
    # The post whose holder carries it out and looks after it.
    owner = models.ForeignKey("organisation.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    state = models.CharField(_("state"), max_length=16, choices=SystemState.choices, default=SystemState.DRAFT)
    in_force_from = models.DateField(_("in force from"), null=True)
    review_due_on = models.DateField(_("review due"), null=True)
    repealed_on = models.DateField(_("repealed on"), null=True)
    repeal_reason = models.CharField(_("why it was repealed"), max_length=400, blank=True)

    objects = UnitSystemQuerySet.as_manager()

    class Meta:
        ordering = ("unit", "category__order", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=SystemState.values), name="unit_system_state_known"),
            models.CheckConstraint(condition=~Q(name_en="", name_zh=""), name="unit_system_has_a_name"),
            models.UniqueConstraint(
                fields=("unit", "category"), condition=~Q(state="repealed"), name="category_once_in_a_unit"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*FORCE]) | Q(in_force_from__isnull=False, review_due_on__isnull=False),
                name="unit_system_in_force_has_its_days",
            ),
        ]
        indexes: ClassVar = [
            # The clock's question: which reviews come near?
            models.Index(fields=("review_due_on",), condition=Q(state__in=[*FORCE]), name="unit_system_review"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("systems:system", args=(self.pk,))

    @property
    def name(self) -> str:
        """The name in the active language."""
        return localized(self, "name")

    @property
    def is_in_force(self) -> bool:
        """Whether a version is in force."""
        return self.state in FORCE


class VersionState(models.TextChoices):
    """Where a version of a system stands."""

    DRAFT = "draft", _("Draft")
    CONSULTATION = "consultation", _("In consultation")
    ISSUED = "issued", _("Issued, not yet in force")
    IN_FORCE = "in_force", _("In force")
    SUPERSEDED = "superseded", _("Replaced")
    REPEALED = "repealed", _("Repealed")
    DISCARDED = "discarded", _("Given up")


# What a version says, whether typed or in the document that is attached.
BODY = Concat("text", Value("\n"), "document_text", output_field=models.TextField())
# A version may still be written in these states.
WRITABLE = (VersionState.DRAFT, VersionState.CONSULTATION)
# Of these a system has at most one.
COMING = (*WRITABLE, VersionState.ISSUED)
# What a version says, once it is issued, is what people are bound by.
SAID_CHANGED = """
    OLD.state NOT IN ('draft', 'consultation') AND
    (OLD.text, OLD.document_text, OLD.issuing_body, OLD.document_number, OLD.adopted_on, OLD.in_force_from)
    IS DISTINCT FROM
    (NEW.text, NEW.document_text, NEW.issuing_body, NEW.document_number, NEW.adopted_on, NEW.in_force_from)
"""


class SystemVersionQuerySet(VersionedQuerySet["SystemVersion"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: User) -> Self:
        """Versions of the systems that `user` may see."""
        return self.filter(scopes.q(user, "system__unit__path"))

    def coming(self) -> Self:
        """Those being written, or issued for a day to come."""
        return self.filter(state__in=COMING)

    def search(self, search: Search) -> Self:
        """Those whose words are looked for, in Chinese and English."""
        return self.filter(search.q("words", "folded"))


class SystemVersion(VersionedState):
    """A version of a unit's system. Its text is kept as it was once it is issued."""

    system = models.ForeignKey(UnitSystem, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=12, choices=VersionState.choices, default=VersionState.DRAFT)
    text = models.TextField(_("text"), blank=True)
    # The text of the attached document, so that it is found too.
    document = models.OneToOneField("documents.Attachment", null=True, on_delete=models.PROTECT, related_name="+")
    document_text = models.TextField(blank=True)
    body = GeneratedField(expression=BODY, output_field=models.TextField(), db_persist=True)
    words = GeneratedField(expression=Words(BODY), output_field=SearchVectorField(), db_persist=True)
    # As phrases are compared: folding thousands of texts anew at each search takes half a second.
    folded = GeneratedField(expression=Folded(BODY), output_field=models.TextField(), db_persist=True)
    adopted_from = models.ForeignKey(Requirement, null=True, on_delete=models.PROTECT, related_name="+")
    changes = models.CharField(_("what changes"), max_length=400, blank=True)

    consultation_until = models.DateField(_("consultation until"), null=True)
    issuing_body = models.CharField(_("issuing body"), max_length=200, blank=True)
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    adopted_on = models.DateField(_("decided on"), null=True)
    in_force_from = models.DateField(_("in force from"), null=True)
    ended_on = models.DateField(_("in force until"), null=True)

    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    objects = SystemVersionQuerySet.as_manager()

    class Meta:
        ordering = ("system", "-number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("system", "number"), name="system_version_once"),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="system_version_state_known"),
            models.UniqueConstraint(fields=("system",), condition=Q(state="in_force"), name="one_version_in_force"),
            models.UniqueConstraint(fields=("system",), condition=Q(state__in=[*COMING]), name="one_version_coming"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "consultation", "discarded"]) | Q(in_force_from__isnull=False),
                name="issued_version_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("in_force_from")), name="version_days_in_order"
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=("words",), name="system_version_words")]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="system_version_moves_by_the_rules",
                field="state",
                transitions=[
                    ("draft", "consultation"),
                    ("consultation", "draft"),
                    ("draft", "issued"),
                    ("consultation", "issued"),
                    ("draft", "in_force"),
                    ("consultation", "in_force"),
                    ("issued", "in_force"),
                    ("in_force", "superseded"),
                    ("in_force", "repealed"),
                    ("draft", "discarded"),
                    ("consultation", "discarded"),
                    ("issued", "discarded"),
                ],
                condition=pgtrigger.AnyChange("state"),
            ),
            pgtrigger.Protect(name="system_version_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="issued_words_are_kept",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(SAID_CHANGED),
                func="RAISE EXCEPTION 'pgtrigger: what a version says is kept once it is issued';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} v{self.number}"

    def get_absolute_url(self) -> str:
        """Its place on the page of its system."""
        return f"{self.system.get_absolute_url()}?version={self.number}"

    @property
    def is_writable(self) -> bool:
        """Whether it may still be written."""
        return self.state in WRITABLE


class ReviewOutcome(models.TextChoices):
    """What came of looking through a system anew."""

    KEEP = "keep", _("Stays as it is")
    REVISE = "revise", _("Is to be revised")


class SystemReview(models.Model):
    """A periodic review of a system: a duty of the unit, and what was found."""

    system = models.ForeignKey(UnitSystem, on_delete=models.PROTECT, related_name="reviews")
    obligation = models.OneToOneField(
        "obligations.Obligation", null=True, on_delete=models.PROTECT, related_name="system_review"
    )
    due_on = models.DateField(_("due day"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=ReviewOutcome.choices, blank=True)
    remarks = models.TextField(_("what was found"), blank=True)
    reviewed_on = models.DateField(_("reviewed on"), null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("system", "-due_on", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("system",), condition=Q(reviewed_on__isnull=True), name="one_review_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_on__isnull=True, outcome="")
                | Q(reviewed_on__isnull=False, outcome__in=ReviewOutcome.values),
                name="review_has_its_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.due_on}"
