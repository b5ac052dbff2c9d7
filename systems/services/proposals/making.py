"""Making a proposal, and what all its verbs share."""

from typing import NamedTuple

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations.policies import require
from portal.organisation.models import Unit
from portal.web.i18n import both
from portal.workdays import clock
from systems.models import RequiredSystem
from systems.models.experience import Proposal, ProposalKind, ProposalStep
from systems.models.research import ResearchReport
from systems.policies_programme import may_propose_for
from systems.services import telling
from systems.services.guards import require_unit
from systems.services.numbering import next_serial


class ProposalText(NamedTuple):
    """What is proposed and why; `system` is the one to be changed, None for a new one."""

    kind: ProposalKind
    title_zh: str
    text: str
    reason: str
    title_en: str = ""
    system: RequiredSystem | None = None
    report: ResearchReport | None = None


@transaction.atomic
def propose(by: User, unit: Unit, text: ProposalText) -> Proposal:
    """Make a proposal for a unit; the head of the leading group is told. Raises UnitEnded, NotAllowed."""
    require(may_propose_for(by, unit))
    require_unit(unit)
    year = clock.today().year
    values = text._asdict()
    if text.kind != ProposalKind.SYSTEM:
        values["system"] = None
    serial = next_serial(Proposal, year)
    made = Proposal.objects.create(year=year, serial=serial, unit=unit, proposed_by=by, **values)
    say(by, made, text.reason)
    words = {"title": names(made), "unit_name": both(unit)}
    telling.people("proposal_made", telling.site_heads(), made, unit=unit, **words)
    return made


def names(proposal: Proposal) -> dict[str, str]:
    """Its title in both languages, for a notice."""
    return {"en": proposal.title_en or proposal.title_zh, "zh-hans": proposal.title_zh}


def say(by: User, proposal: Proposal, text: str) -> None:
    """Keep a step of a proposal and log it."""
    ProposalStep.objects.create(
        proposal=proposal, state=proposal.state, author=by, made_at=clock.now(), text=text.strip()
    )
    audit.record(by, f"proposal.{proposal.state}", proposal, path=str(proposal.unit.path))


def seen(by: User, proposal_id: int) -> Proposal:
    """The proposal, locked, if `by` may see it. Raises DoesNotExist; must be called inside a transaction."""
    Proposal.objects.visible_to(by).get(pk=proposal_id)
    return Proposal.objects.select_related("unit", "proposed_by").locked(proposal_id)
