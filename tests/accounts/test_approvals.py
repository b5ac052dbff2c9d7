"""A sensitive role needs two persons: proposing gives nothing, the second person is somebody else."""

import contextlib
import threading
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction

from portal.accounts import approvals, services
from portal.accounts.errors import (
    DecidedAlready,
    GrantedAlready,
    NeedsSecondPerson,
    NobodyToApprove,
    OfficesSeparated,
    OwnGrant,
    ProposedAlready,
    ProposerLeft,
)
from portal.accounts.models import Grant, User
from portal.accounts.proposals import GrantProposal, ProposalQuerySet, ProposalState
from portal.accounts.roles import SENSITIVE, Role
from portal.audit.models import Entry
from portal.notices.models import Notice
from portal.organisation.models import GroupMembership
from portal.web.errors import NotAllowed
from portal.workdays import clock
from tests.audit.test_chain import in_threads
from tests.queries import count_queries
from tests.world import PASSWORD, TODAY, World, build


def second(world: World, code: str = "D") -> User:
    """Another security administrator."""
    world.users["second"] = User.objects.create_user("second", PASSWORD, name_en="Second", name_zh="第二人")
    path = str(world.unit(code).path)
    services.grant(None, user=world.users["second"], role=Role.SECURITY_ADMIN, path=path, reason="test")
    return world.user("second")


def propose(world: World, who: str = "liaison", role: Role = Role.COORDINATOR, code: str = "D") -> GrantProposal:
    path = str(world.unit(code).path)
    by = world.user("security_admin")
    return approvals.propose(by, user=world.user(who), role=role, path=path, reason="Decision 12")


def holds(world: World, who: str = "liaison", role: Role = Role.COORDINATOR) -> bool:
    return world.user(who).standing.has(role)


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient__username", flat=True))


class TestProposing:
    def test_gives_nothing_and_asks_the_other_security_administrator(self, world: World) -> None:
        second(world)
        propose(world)
        assert not holds(world)
        assert told("role_proposed") == {"second"}
        assert Entry.objects.latest("seq").action == "role.proposed"

    def test_asks_the_head_of_the_leading_group_where_there_is_no_other(self, world: World) -> None:
        propose(world)
        assert told("role_proposed") == {"head"}

    def test_asks_every_head_over_a_part_of_the_tree(self, world: World) -> None:
        propose(world, code="V")
        assert told("role_proposed") == {"head", "town_head"}

    def test_does_not_ask_the_head_for_whom_the_role_is(self, world: World) -> None:
        propose(world, who="head", code="V")
        assert told("role_proposed") == {"town_head"}

    def test_is_refused_where_nobody_could_approve(self, world: World) -> None:
        GroupMembership.objects.all().delete()
        with pytest.raises(NobodyToApprove):
            propose(world)
        assert not GrantProposal.objects.exists()

    @pytest.mark.parametrize("role", sorted(SENSITIVE))
    def test_is_the_only_way_to_a_sensitive_role(self, world: World, role: str) -> None:
        by, path = world.user("security_admin"), str(world.unit("D").path)
        with pytest.raises(NeedsSecondPerson):
            services.grant(by, user=world.user("liaison"), role=Role(role), path=path, reason="x")
        with pytest.raises(IntegrityError, match="grant_sensitive_by_two"), transaction.atomic():
            Grant.objects.create(user=world.user("liaison"), role=role, path=path, reason="x", granted_by=by)

    def test_is_for_security_administrators_of_that_part_and_never_for_oneself(self, world: World) -> None:
        by, path = world.user("coordinator"), str(world.unit("D").path)
        with pytest.raises(NotAllowed):
            approvals.propose(by, user=world.user("liaison"), role=Role.AUDITOR, path=path, reason="x")
        with pytest.raises(OwnGrant):
            propose(world, who="security_admin")

    def test_is_refused_for_what_the_person_holds_or_may_not_hold(self, world: World) -> None:
        with pytest.raises(GrantedAlready):
            propose(world, who="coordinator")
        with pytest.raises(OfficesSeparated):
            propose(world, who="auditor", role=Role.SYSTEM_ADMIN)

    def test_twice_waits_once(self, world: World) -> None:
        propose(world)
        with pytest.raises(ProposedAlready):
            propose(world)


class TestApproving:
    def test_gives_the_role_and_tells_both(self, world: World) -> None:
        by, made = second(world), propose(world)
        grant = approvals.approve(by, made.pk)
        assert holds(world)
        assert (grant.granted_by, grant.approved_by) == (world.users["security_admin"], by)
        assert (told("role_proposal_approved"), told("role_given")) == ({"security_admin"}, {"liaison"})
        actions = list(Entry.objects.order_by("-seq").values_list("action", "actor_name")[:2])
        assert actions == [("role.proposal_approved", "second"), ("role.granted", "security_admin")]

    def test_is_not_for_the_proposer_nor_for_who_receives_the_role(self, world: World) -> None:
        by = second(world)
        made = propose(world, who="second")
        for one in (by, world.user("security_admin")):
            with pytest.raises(NotAllowed):
                approvals.approve(one, made.pk)
        assert not holds(world, "second")

    def test_is_not_for_the_head_while_there_is_another_security_administrator(self, world: World) -> None:
        second(world)
        made = propose(world)
        with pytest.raises(NotAllowed):
            approvals.approve(world.user("head"), made.pk)

    def test_is_for_the_head_where_there_is_none(self, world: World) -> None:
        approvals.approve(world.user("head"), propose(world).pk)
        assert holds(world)

    def test_is_hidden_from_a_security_administrator_of_another_part(self, world: World) -> None:
        by, made = second(world, "T"), propose(world)
        with pytest.raises(GrantProposal.DoesNotExist):
            approvals.approve(by, made.pk)

    def test_is_refused_once_the_proposer_has_left_the_office(self, world: World) -> None:
        by, made = second(world), propose(world)
        Grant.objects.filter(user=world.users["security_admin"]).update(revoked_at=clock.now())
        with pytest.raises(ProposerLeft):
            approvals.approve(by, made.pk)
        assert not holds(world)

    def test_looks_again_whether_the_offices_are_separated(self, world: World) -> None:
        by, made = second(world), propose(world, role=Role.AUDITOR)
        path = str(world.unit("D").path)
        services.grant(None, user=world.user("liaison"), role=Role.SYSTEM_ADMIN, path=path, reason="x")
        with pytest.raises(OfficesSeparated):
            approvals.approve(by, made.pk)
        assert GrantProposal.objects.get().is_waiting

    def test_and_declining_happen_once(self, world: World) -> None:
        by, made = second(world), propose(world)
        approvals.approve(by, made.pk)
        with pytest.raises(DecidedAlready):
            approvals.approve(by, made.pk)
        with pytest.raises(DecidedAlready):
            approvals.turn_down(by, made.pk, reason="x")

    def test_is_by_another_for_the_database_too(self, world: World) -> None:
        made = propose(world)
        for who in (made.proposed_by, made.user):
            values = {"state": ProposalState.APPROVED, "decided_by": who, "decided_at": clock.now()}
            with pytest.raises(IntegrityError, match="approved_by_another"), transaction.atomic():
                GrantProposal.objects.filter(pk=made.pk).update(**values)

    def test_is_never_undone_in_the_database(self, world: World) -> None:
        made = propose(world)
        approvals.turn_down(made.proposed_by, made.pk, reason="x")
        with pytest.raises(InternalError), transaction.atomic():
            GrantProposal.objects.update(state=ProposalState.WAITING, decided_by=None, decided_at=None)


class TestTurningDown:
    def test_declines_with_the_reason_and_tells_the_proposer(self, world: World) -> None:
        by, made = second(world), propose(world)
        approvals.turn_down(by, made.pk, reason="Not appointed")
        assert not holds(world)
        assert told("role_proposal_declined") == {"security_admin"}
        assert Notice.objects.get(kind="role_proposal_declined").body.endswith("The reason: Not appointed")

    def test_by_the_proposer_takes_it_back_and_it_can_be_proposed_anew(self, world: World) -> None:
        made = propose(world)
        ended = approvals.turn_down(world.user("security_admin"), made.pk, reason="Wrong person")
        assert ended.state == ProposalState.WITHDRAWN
        assert propose(world).is_waiting

    def test_is_not_for_others(self, world: World) -> None:
        made = propose(world)
        with pytest.raises(NotAllowed):
            approvals.turn_down(world.user("auditor"), made.pk, reason="x")


def test_a_proposal_goes_along_when_its_unit_moves(world: World) -> None:
    from portal.organisation.models import Unit
    from portal.organisation.tree import derive_paths

    made = propose(world, code="V")
    Unit.objects.filter(code="V").update(parent=world.unit("B"))
    derive_paths()
    made.refresh_from_db()
    assert str(made.path) == str(Unit.objects.get(code="V").path)


def unlocked(self: Any, pk: int) -> GrantProposal:
    """Without the lock: the control of the test below."""
    return self.select_related("user", "proposed_by").get(pk=pk)  # type: ignore[no-any-return]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lock", [True, False])
def test_of_two_who_approve_at_once_one_gives_the_role(lock: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read the proposal before either decides, unless the lock holds the second back."""
    both, may_decide = threading.Barrier(2, timeout=1.5), approvals.may_decide

    def meet(*args: Any) -> bool:
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait()
        return may_decide(*args)

    monkeypatch.setattr(approvals, "may_decide", meet)
    if not lock:
        monkeypatch.setattr(ProposalQuerySet, "locked", unlocked)
        monkeypatch.setattr(type(GrantProposal.objects), "locked", unlocked)
    with clock.frozen(TODAY):
        world = build()
        by = [second(world)]
        path = str(world.unit("D").path)
        third = User.objects.create_user("third", PASSWORD)
        services.grant(None, user=third, role=Role.SECURITY_ADMIN, path=path, reason="test")
        by.append(third)
        made, said = propose(world), []

        def approve() -> None:
            try:
                approvals.approve(by.pop(), made.pk)
            except DecidedAlready:
                said.append("decided")

        errors = in_threads(2, approve)
    # Without the lock the second is stopped late and by chance, because he would give what is given.
    assert ([type(error) for error in errors], said) == (([], ["decided"]) if lock else ([GrantedAlready], []))
    assert Grant.objects.filter(user=world.users["liaison"], role=Role.COORDINATOR).count() == 1


class TestPages:
    def post(self, world: World, who: str, url: str, key: str = "", **typed: str) -> Any:
        return world.client(who).post(url, typed | {"idempotency_key": key or str(uuid.uuid4())})

    def test_granting_a_sensitive_role_in_the_browser_proposes_it(self, world: World) -> None:
        path = str(world.unit("D").path)
        typed = {"user": "liaison", "role": "coordinator", "path": path, "reason": "Decision 12"}
        key = str(uuid.uuid4())
        answers = [self.post(world, "security_admin", "/roles/grant/", key, **typed) for _time in range(2)]
        made = GrantProposal.objects.get()
        assert [answer["Location"] for answer in answers] == [made.get_absolute_url()] * 2
        page = world.client("security_admin").get(made.get_absolute_url()).content.decode()
        assert "Coordinator: Shi Mingyuan, over District." in page
        assert "Take it back" in page
        assert ">Approve<" not in page

    def test_the_second_person_approves_once_however_often_it_is_posted(self, world: World) -> None:
        url, key = propose(world).get_absolute_url(), str(uuid.uuid4())
        assert ">Approve<" in world.client("head").get(url).content.decode()
        answers = [self.post(world, "head", f"{url}approve/", key).status_code for _time in range(2)]
        assert answers == [302, 302]
        assert Grant.objects.filter(user=world.users["liaison"], role=Role.COORDINATOR).count() == 1

    def test_what_was_decided_is_a_sentence_to_who_comes_later(self, world: World) -> None:
        made = propose(world)
        approvals.approve(world.user("head"), made.pk)
        for verb in ("approve", "decline"):
            answer = self.post(world, "head", f"{made.get_absolute_url()}{verb}/", reason="x")
            assert answer.status_code == 409
            assert "has been decided already" in answer.content.decode()

    def test_declining_asks_for_the_reason(self, world: World) -> None:
        made = propose(world)
        assert self.post(world, "head", f"{made.get_absolute_url()}decline/").status_code == 422
        assert self.post(world, "head", f"{made.get_absolute_url()}decline/", reason="No").status_code == 302
        assert "turned down" in world.client("head").get(made.get_absolute_url()).content.decode()

    def test_the_proposer_may_not_approve(self, world: World) -> None:
        made = propose(world)
        assert self.post(world, "security_admin", f"{made.get_absolute_url()}approve/").status_code == 403
        assert not holds(world)

    def test_the_roles_show_what_waits_and_to_whom_it_falls(self, world: World) -> None:
        second(world)
        propose(world)
        for who, decides in (("security_admin", False), ("second", True), ("auditor", False)):
            page = world.client(who).get("/roles/").content.decode()
            assert "Coordinator: Shi Mingyuan, over District." in page
            assert (">Decide<" in page) is decides

    def test_many_proposals_cost_the_list_no_more_queries(self, world: World) -> None:
        propose(world)
        few = count_queries(world.client("security_admin"), "/roles/")
        for who in ("leader", "other_leader", "village_leader", "staff"):
            propose(world, who=who)
        assert count_queries(world.client("security_admin"), "/roles/") == few
