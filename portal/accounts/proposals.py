"""A role that waits for a second person."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_ltree.fields import PathField

from portal.accounts.roles import SENSITIVE, Role
from portal.web.i18n import titled
from portal.workdays import clock


class ProposalState(models.TextChoices):
    """Where a proposal stands."""

    WAITING = "waiting", _("waits for a second person")
    APPROVED = "approved", _("approved")
    DECLINED = "declined", _("turned down")
    WITHDRAWN = "withdrawn", _("taken back")


ENDED = (ProposalState.APPROVED, ProposalState.DECLINED, ProposalState.WITHDRAWN)


class ProposalQuerySet(models.QuerySet["GrantProposal"]):
    """Words that chain."""

    def waiting(self) -> Self:
        """Not decided."""
        return self.filter(state=ProposalState.WAITING)

    def locked(self, pk: int) -> "GrantProposal":
        """One proposal, fresh, locked to the end of the transaction."""
        return self.select_for_update(of=("self",), no_key=True).select_related("user", "proposed_by").get(pk=pk)


class GrantProposal(models.Model):
    """A role that a security administrator proposes for somebody. It gives nothing: only the grant made of it does."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    path = PathField(_("part of the tree"))
    reason = models.CharField(_("reason"), max_length=300)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"), default=clock.now)

    state = models.CharField(_("state"), max_length=9, choices=ProposalState.choices, default=ProposalState.WAITING)
    # Who approved or declined; the proposer, where it was taken back.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    remark = models.CharField(_("reason of the decision"), max_length=300, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=sorted(SENSITIVE)), name="proposal_only_sensitive_roles"),
            models.CheckConstraint(condition=~Q(proposed_by=F("user")), name="proposal_never_for_oneself"),
            models.CheckConstraint(
                condition=Q(state=ProposalState.WAITING, decided_by__isnull=True, decided_at__isnull=True)
                | Q(state__in=ENDED, decided_by__isnull=False, decided_at__isnull=False),
                name="proposal_decided_by_somebody",
            ),
            # Two persons, and neither of them is the one who receives the role.
            models.CheckConstraint(
                condition=~Q(state=ProposalState.APPROVED)
                | (~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("user"))),
                name="proposal_approved_by_another",
            ),
            models.UniqueConstraint(
                fields=("user", "role", "path"), condition=Q(state=ProposalState.WAITING), name="proposal_waits_once"
            ),
        ]
        indexes: ClassVar = [GistIndex(fields=("path",), name="proposal_path")]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="proposal_is_decided_once",
                field="state",
                transitions=[(ProposalState.WAITING.value, state.value) for state in ENDED],
            )
        ]

    def __str__(self) -> str:
        return titled(self.user, self.get_role_display())

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("accounts:proposal", args=(self.pk,))

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided."""
        return self.state == ProposalState.WAITING
