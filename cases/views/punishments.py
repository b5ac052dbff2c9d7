"""The page of a decision on a penalty."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import policies
from cases.models import Punishment
from cases.punishments import wording
from cases.punishments.screening import explain
from cases.views.base import RoomMixin
from portal.web.views import ObjectPage, Text


class PunishmentPage(RoomMixin, ObjectPage):
    """A decision: its facts, what the rules say of it, its versions, the other decisions about the same party."""

    template_name = "cases/punishment.html"
    room = "cases:search"
    object: Punishment

    def get_object(self) -> Punishment:
        """One that the person may read."""
        return (
            Punishment.objects.visible_to(self.request.user).select_related("agency", "run").get(pk=self.kwargs["pk"])
        )

    def get_title(self) -> Text:
        """The case, or the number where it has no name."""
        return self.object.title or self.object.number

    def get_lede(self) -> Text:
        """Number and agency."""
        return f"{self.object.number} · {self.object.agency.name}"

    def get_crumbs(self) -> list[tuple[Text, str]]:
        """The database."""
        return [(_("Search cases"), reverse("cases:search"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds hits, versions and the party's other decisions."""
        found = self.object
        versions = Punishment.objects.filter(agency=found.agency, number=found.number).order_by("-version")
        seen = Punishment.objects.visible_to(self.request.user).current().filter(party_key=found.party_key)
        hits = found.hits.select_related("rule", "decided_by")
        return super().get_context_data(
            decision=found,
            facts=list(_facts(found)),
            hits=[(hit, explain(hit)) for hit in hits],
            versions=versions if len(versions) > 1 else (),
            others=seen.exclude(pk=found.pk).select_related("agency")[:20],
            may_work=policies.may_work_at(self.request.user, str(found.agency.path)),
            **kwargs,
        )


def _facts(decision: Punishment) -> Iterable[tuple[Text, Any]]:
    """The properties that are known, as people read them."""
    yield _("Party"), decision.party
    yield _("Code of the party"), decision.party_code
    yield _("Legal representative"), decision.representative
    yield _("Kind of penalty"), decision.kinds
    for name in ("fine", "confiscated", "amount"):
        labels = {"fine": _("Fine"), "confiscated": _("Confiscated"), "amount": _("Amount involved")}
        yield labels[name], wording.yuan(getattr(decision, name))
    yield _("Handled by"), decision.handler
    yield _("Legal basis"), decision.basis
    yield _("Reply of the receiving organ"), decision.reply
    yield _("Remark"), decision.remark
