"""Decisions on administrative penalties, as the agencies that enforce the law hand them over."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import scopes
from portal.accounts.roles import Role
from portal.organisation.models import Unit
from portal.web.models import ImportRun

# Who reads the database of punishments: it names persons, and is no page for everybody who sees content.
READERS = (Role.COORDINATOR, Role.HEAD, Role.CASE_OFFICER, Role.AUDITOR)
# The sum of the widest columns of a decision would not fit a page of the index; texts are kept as they came.
AMOUNT: dict[str, Any] = {"max_digits": 16, "decimal_places": 2, "null": True}


class PunishmentQuerySet(models.QuerySet["Punishment"]):
    """Words that chain into a sentence."""

    def visible_to(self, user: Any) -> Self:
        """The decisions of the agencies that lie where `user` reads cases."""
        agencies = Unit.objects.filter(scopes.q(user, "path", READERS))
        return self.filter(agency__in=agencies)

    def current(self) -> Self:
        """Each decision in the version that stands."""
        return self.filter(is_current=True)


class Punishment(models.Model):
    """A decision on an administrative penalty. A correction is a new version that leaves the old one as it was.

    It is known by agency and decision number. Amounts in yuan; empty: the file did not say.
    """

    agency = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="punishments", verbose_name=_("agency"), db_index=False
    )
    number = models.CharField(_("decision number"), max_length=80)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    is_current = models.BooleanField(default=True)

    title = models.TextField(_("case"), blank=True)
    party = models.TextField(_("party"))
    # Unified social credit code or number of the identity card; the name where neither is known.
    party_code = models.CharField(_("code of the party"), max_length=40, blank=True)
    party_key = models.BigIntegerField(editable=False)
    representative = models.CharField(_("legal representative"), max_length=120, blank=True)

    facts = models.TextField(_("facts"), blank=True)
    basis = models.TextField(_("legal basis"), blank=True)
    kinds = models.CharField(_("kind of penalty"), max_length=200, blank=True)
    content = models.TextField(_("penalty"), blank=True)
    fine = models.DecimalField(_("fine (yuan)"), **AMOUNT)
    confiscated = models.DecimalField(_("confiscated (yuan)"), **AMOUNT)
    amount = models.DecimalField(_("amount involved (yuan)"), **AMOUNT)

    filed_on = models.DateField(_("filed on"), null=True)
    decided_on = models.DateField(_("decided on"))
    handler = models.CharField(_("handled by"), max_length=120, blank=True)
    executed = models.BooleanField(_("executed"), null=True)
    transferred = models.BooleanField(_("transferred to justice"), null=True)
    transferred_on = models.DateField(_("transferred on"), null=True)
    reply = models.CharField(_("reply of the receiving organ"), max_length=300, blank=True)
    remark = models.TextField(_("remark"), blank=True)

    # What tells a correction from the same row once more.
    digest = models.UUIDField(editable=False)
    # A column without a constraint: a million rows of a file name one run, which is never deleted.
    run = models.ForeignKey(
        ImportRun, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False, null=True
    )
    row = models.PositiveIntegerField(default=0)

    objects = PunishmentQuerySet.as_manager()

    class Meta:
        ordering = ("-decided_on", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("agency", "number", "version"), name="punishment_version_once"),
        ]
        indexes: ClassVar = [
            # The list, newest first; also of one agency, of which there are few.
            models.Index(
                F("decided_on").desc(), F("id").desc(), condition=Q(is_current=True), name="punishment_newest"
            ),
            # Screening, and the other decisions about the same party.
            models.Index(
                fields=("party_key", "decided_on", "agency"), condition=Q(is_current=True), name="punishment_party"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("cases:punishment", args=(self.pk,))


class SearchEntry(models.Model):
    """The words of a decision in its version that stands; written after the import, in the background."""

    punishment = models.OneToOneField(Punishment, on_delete=models.CASCADE, primary_key=True, related_name="entry")
    decided_on = models.DateField()
    words = SearchVectorField()

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=("words",), name="punishment_words"),
            # A common word is found by walking from the newest decision on.
            models.Index(F("decided_on").desc(), F("punishment").desc(), name="punishment_words_newest"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ColumnMapping(models.Model):
    """How the files of an agency call their columns; kept from the last file and offered for the next."""

    agency = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="+", verbose_name=_("agency"))
    # The code of a column by the heading, plain; an empty code: left out.
    columns = models.JSONField(default=dict)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.agency}"


class PunishmentUpload(models.Model):
    """What is known of an uploaded file of decisions beside the file itself."""

    run = models.OneToOneField(ImportRun, on_delete=models.CASCADE, primary_key=True, related_name="punishments")
    agency = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    # The layout of the file as it was found: encoding, delimiter, headings by place, where the rows begin.
    layout = models.JSONField(default=dict)
    # The column code by place; empty until somebody has confirmed it.
    columns = models.JSONField(default=dict)
    # The last line of the file whose row was written.
    written_to = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.run)


class FaultyRow(models.Model):
    """A row of a file that was left out, as it stood there, with what is wrong: code of column and of reason."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveBigIntegerField()
    cells = models.JSONField()
    problems = models.CharField(max_length=400)

    class Meta:
        ordering = ("number",)
        constraints: ClassVar = [models.UniqueConstraint(fields=("run", "number"), name="faulty_row_once")]

    def __str__(self) -> str:
        return f"{self.number}"
