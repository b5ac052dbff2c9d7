"""Proposals from their submission to what came of them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.notices.models import Notice
from portal.obligations.models import Obligation
from portal.organisation.models import UnitType
from portal.web.errors import Conflict, NotAllowed, PortalError
from portal.workdays import clock
from systems import signals
from systems.errors_programme import (
    CarrierMissing,
    DecisionReasonMissing,
    NotForCatalogue,
    OutcomeMissing,
    OwnProposal,
    ProposalDecided,
    ProposalNotAdopted,
)
from systems.models import RequiredSystem
from systems.models.experience import Proposal, ProposalKind, ProposalState
from systems.services import proposals
from systems.services.catalogue import Demand
from tests.queries import count_queries
from tests.systems.experience import DUE, adopt, proposal
from tests.world import World


def _demand() -> Demand:
    return Demand(2027, tuple(UnitType.objects.filter(code="township")), "clean use of cars", "公车使用规范")


def _write(world: World, one: Proposal, **entry: Any) -> Proposal:
    known = {"code": "cars", "level": "local", "name_en": "Cars", "name_zh": "公车制度"}
    by = world.user("coordinator")
    return proposals.carry_out_in_catalogue(
        by, one.pk, expected_version=one.version, demand=_demand(), **entry or known
    )


def test_an_adopted_proposal_becomes_a_system_of_the_catalogue(world: World) -> None:
    """The unit that carries it out owes it until then; who proposed is told of decision and result."""
    one = adopt(world, proposal(world))
    duty = Obligation.objects.get(kind="proposal")
    assert (duty.unit.code, duty.due_on, duty.state) == ("O", DUE, "open")
    one = _write(world, one)
    duty.refresh_from_db()
    assert (one.state, duty.state) == (ProposalState.IN_EFFECT, "discharged")
    assert one.requirement is not None and one.requirement.system.code == "cars"
    told = Notice.objects.filter(recipient=world.users["leader"], kind__startswith="proposal")
    assert {notice.kind for notice in told} == {"proposal_adopted", "proposal_result"}


def test_an_adopted_change_becomes_a_new_version(world: World) -> None:
    """Of the system that it names, after the version that was shown."""
    system = RequiredSystem.objects.get(code="logistics")
    one = adopt(world, proposal(world, system=system))
    with pytest.raises(Conflict), transaction.atomic():
        _write(world, one, catalogue_number=9)
    one = _write(world, one, catalogue_number=1)
    assert one.requirement is not None and (one.requirement.system, one.requirement.number) == (system, 2)


def test_a_change_of_the_standard_is_told_upwards_and_recorded_by_hand(world: World) -> None:
    """The floor that assesses hears of it inside the transaction; the catalogue takes none of it."""
    heard: list[Proposal] = []

    def hear(sender: object, proposal: Proposal, **kwargs: object) -> None:
        heard.append(proposal)

    signals.proposal_adopted.connect(hear)
    try:
        one = adopt(world, proposal(world, kind=ProposalKind.STANDARD))
    finally:
        signals.proposal_adopted.disconnect(hear)
    assert heard == [one]
    with pytest.raises(NotForCatalogue), transaction.atomic():
        _write(world, one)
    by = world.user("coordinator")
    with pytest.raises(OutcomeMissing), transaction.atomic():
        proposals.record_result(by, one.pk, expected_version=one.version, in_effect=True, text=" ")
    one = proposals.record_result(by, one.pk, expected_version=one.version, in_effect=False, text="No majority.")
    assert (one.state, Obligation.objects.get(kind="proposal").state) == (ProposalState.DROPPED, "cancelled")


def test_nobody_decides_the_own_proposal_nor_without_a_reason(world: World) -> None:
    """Nor does the head of a town, nor who coordinates."""
    own = proposal(world, "head", "D")
    with pytest.raises(OwnProposal), transaction.atomic():
        adopt(world, own)
    one = proposal(world)
    for who in ("coordinator", "auditor", "liaison"):
        with pytest.raises(NotAllowed), transaction.atomic():
            adopt(world, one, who)
    town = proposal(world, "town_head", "T")
    with pytest.raises(OwnProposal), transaction.atomic():
        adopt(world, town, "town_head")
    head = world.user("head")
    with pytest.raises(DecisionReasonMissing), transaction.atomic():
        proposals.decline(head, one.pk, expected_version=0, text=" ")
    with clock.frozen(DUE + timedelta(days=1)), pytest.raises(CarrierMissing), transaction.atomic():
        adopt(world, one)
    assert proposals.decline(head, one.pk, expected_version=0, text="too dear").state == ProposalState.DECLINED


def test_others_propose_for_no_unit_of_theirs(world: World) -> None:
    """Staff, auditors and leaders of other units."""
    for who in ("staff", "auditor", "other_leader"):
        with pytest.raises(NotAllowed), transaction.atomic():
            proposal(world, who)
    with pytest.raises(NotAllowed), transaction.atomic():
        proposals.withdraw(world.user("liaison"), proposal(world).pk, expected_version=0, text="x")


def test_what_was_proposed_stays_as_it_was_made(world: World) -> None:
    """And a decided one is decided once, by the database too."""
    one = proposal(world)
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.filter(pk=one.pk).update(text="other")
    one = proposals.withdraw(world.user("leader"), one.pk, expected_version=0, text="mistaken")
    with pytest.raises(ProposalDecided), transaction.atomic():
        adopt(world, one)
    with pytest.raises(DatabaseError), transaction.atomic():
        Proposal.objects.filter(pk=one.pk).update(state="submitted")


# --- Any order of deeds -----------------------------------------------------------------------------------------------

NEXT = {
    ("submitted", "adopt"): "adopted",
    ("submitted", "decline"): "declined",
    ("submitted", "withdraw"): "withdrawn",
    ("adopted", "effect"): "in_effect",
    ("adopted", "drop"): "dropped",
}
DEEDS = ("adopt", "decline", "withdraw", "effect", "drop")


def _do(world: World, deed: str, one: Proposal, version: int) -> None:
    known: dict[str, Any] = {"expected_version": version, "text": "because"}
    match deed:
        case "adopt":
            proposals.adopt(world.user("head"), one.pk, unit=world.unit("O"), due_on=DUE, **known)
        case "decline":
            proposals.decline(world.user("head"), one.pk, **known)
        case "withdraw":
            proposals.withdraw(world.user("leader"), one.pk, **known)
        case _:
            proposals.record_result(world.user("coordinator"), one.pk, in_effect=deed == "effect", **known)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.booleans()), max_size=6))
def test_whatever_is_tried_in_whatever_order_a_proposal_moves_by_its_rules(
    world: World, deeds: list[tuple[str, bool]]
) -> None:
    """A deed out of turn, or on an old version, changes nothing; each that counts leaves one step, one open duty at most."""
    with transaction.atomic():
        one = proposal(world)
        before = Obligation.objects.filter(kind="proposal").count()
        state, steps = "submitted", 1
        for deed, fresh in deeds:
            one = Proposal.objects.get(pk=one.pk)
            expected = NEXT.get((state, deed)) if fresh else None
            try:
                with transaction.atomic():
                    _do(world, deed, one, one.version if fresh else one.version + 1)
            except PortalError as error:
                assert expected is None
                assert isinstance(error, ProposalDecided | ProposalNotAdopted | Conflict)
            else:
                assert expected is not None
                state, steps = expected, steps + 1
            one = Proposal.objects.get(pk=one.pk)
            assert (one.state, one.steps.count()) == (state, steps)
            opened = Obligation.objects.filter(kind="proposal").count() - before
            assert opened == int(state in ("adopted", "in_effect", "dropped"))
            duty = one.obligation
            assert duty is None or (duty.state == "open") == (state == "adopted")
        transaction.set_rollback(False)


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_a_proposal_goes_its_way_in_the_browser(world: World) -> None:
    """Proposed once however often posted, adopted by the head, written into the catalogue by the coordinator."""
    leader, head, coordinator = (world.client(name) for name in ("leader", "head", "coordinator"))
    typed = {"unit": "B", "kind": "system", "title_zh": "公车制度", "text": "x", "reason": "y"}
    typed_once = typed | {"idempotency_key": uuid4()}
    for _again in range(2):
        url = leader.post("/proposals/new/", typed_once)["Location"]
    assert Proposal.objects.count() == 1
    assert leader.post("/proposals/new/", typed | {"unit": "O"}).status_code == 422
    decision = {"unit": "Transport Bureau", "due_on": "2026-04-10", "text": "good", "version": 0}
    assert leader.post(f"{url}adopt/", decision).status_code == 403
    assert head.post(f"{url}adopt/", decision).status_code == 302
    assert head.post(f"{url}adopt/", decision).status_code == 409
    page = {
        "version": 1,
        "code": "cars",
        "level": "local",
        "name_zh": "公车制度",
        "name_en": "Cars",
        "types": [UnitType.objects.get(code="township").pk],
        "year": 2027,
        "purpose_zh": "规范",
        "purpose_en": "order",
        "review_months": 12,
    }
    assert "公车制度" in coordinator.get(f"{url}catalogue/").content.decode()
    assert coordinator.post(f"{url}catalogue/", page | {"code": "logistics"}).status_code == 400
    assert coordinator.post(f"{url}catalogue/", page).status_code == 302
    assert "公车制度" in leader.get(url).content.decode()


def test_the_list_asks_no_more_for_more_rows(world: World) -> None:
    """However many there are."""
    client = world.client("coordinator")
    proposal(world)
    few = count_queries(client, "/proposals/")
    for who, code in (("other_leader", "O"), ("town_head", "T"), ("village_leader", "V")):
        proposal(world, who, code)
    assert count_queries(client, "/proposals/") <= few
