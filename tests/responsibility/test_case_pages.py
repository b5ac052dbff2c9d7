"""The pages of an accountability case: heard, proposed, decided, objected to; nobody in the own case."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from portal.obligations import clock as ladder_clock
from portal.workdays import clock
from responsibility.models import AccountabilityCase, CaseState, EntryKind
from tests.responsibility.letters import ready
from tests.world import World

OPENED = date(2026, 4, 15)


@pytest.fixture
def case(world: World) -> AccountabilityCase:
    """Opened by the clock against the bureau's leader, who never signed."""
    ready(world)
    with clock.frozen(OPENED):
        ladder_clock.run(OPENED)
    return AccountabilityCase.objects.get(unit=world.unit("B"))


def post(world: World, who: str, case: AccountabilityCase, verb: str, **typed: str) -> int:
    """A verb on the case's page, at the version that is stored; the status of the answer."""
    case.refresh_from_db()
    form = {"version": str(case.version), "idempotency_key": str(uuid4())} | typed
    return world.client(who).post(f"{case.get_absolute_url()}{verb}/", form).status_code


def test_the_person_is_told_and_sees_the_proof(world: World, case: AccountabilityCase) -> None:
    """The case's page shows when the notice was written; others do not know of the case."""
    with clock.frozen(OPENED):
        page = world.client("leader").get(case.get_absolute_url())
        assert page.status_code == 200
        assert [notice.kind for notice in page.context["proof"]].count("case_opened") == 1
        assert world.client("other_leader").get(case.get_absolute_url()).status_code == 404
        assert world.client("liaison").get(case.get_absolute_url()).status_code == 404


def test_a_case_from_hearing_to_the_final_answer(world: World, case: AccountabilityCase) -> None:
    """Explain twice, propose, check, decide, object, answer."""
    with clock.frozen(OPENED + timedelta(days=1)):
        assert post(world, "leader", case, "explain", text="I was ill.") == 302
        assert post(world, "leader", case, "explain", text="Here is the certificate.") == 302
        assert post(world, "coordinator", case, "propose", measure="ordered_correction", reason="First.") == 302
        checked = post(world, "head", case, "decide", measure="ordered_correction", reason="Correct it.")
        assert checked == 200
        case.refresh_from_db()
        assert case.state == CaseState.PROPOSED
        decided = post(
            world, "head", case, "decide", measure="ordered_correction", reason="Correct it.", confirmed="yes"
        )
        assert decided == 302
        assert post(world, "leader", case, "object", text="The letter came late.") == 302
        assert post(world, "leader", case, "object", text="Again.") == 409
        assert post(world, "head", case, "answer", measure="none", reason="True.") == 302
    case.refresh_from_db()
    assert (case.state, case.no_measure) == (CaseState.CLOSED, True)
    said = list(case.entries.values_list("kind", flat=True))
    assert said.count(EntryKind.EXPLANATION) == 2
    assert said[-3:] == [EntryKind.DECISION, EntryKind.OBJECTION, EntryKind.ANSWER]


def test_nothing_is_decided_before_the_person_was_heard(world: World, case: AccountabilityCase) -> None:
    """Nor proposed; after the time for it has passed, it can be."""
    with clock.frozen(OPENED):
        typed = {"measure": "ordered_correction", "reason": "Late.", "confirmed": "yes"}
        assert post(world, "head", case, "decide", **typed) == 409
        assert post(world, "coordinator", case, "propose", measure="none", reason="x") == 409
    with clock.frozen(OPENED + timedelta(days=12)):
        assert post(world, "head", case, "decide", **typed) == 302


def test_who_decides_what(world: World, case: AccountabilityCase) -> None:
    """The coordinator a reminder talk alone; the person concerned, auditor and liaison nothing."""
    with clock.frozen(OPENED + timedelta(days=12)):
        typed = {"reason": "Late.", "confirmed": "yes"}
        assert post(world, "coordinator", case, "decide", measure="veto", **typed) == 422
        for name, status in (("leader", 403), ("auditor", 403), ("liaison", 404), ("other_leader", 404)):
            assert post(world, name, case, "decide", measure="reminder_talk", **typed) == status, name
        assert post(world, "coordinator", case, "decide", measure="reminder_talk", **typed) == 302


def test_an_objection_comes_in_time_or_not_at_all(world: World, case: AccountabilityCase) -> None:
    """Ten working days; then the decision is final."""
    with clock.frozen(OPENED + timedelta(days=12)):
        post(world, "head", case, "decide", measure="ordered_correction", reason="Late.", confirmed="yes")
    with clock.frozen(OPENED + timedelta(days=60)):
        assert post(world, "leader", case, "object", text="Too late.") == 409
    case.refresh_from_db()
    assert case.state == CaseState.DECIDED


def test_an_outdated_decision_is_a_conflict(world: World, case: AccountabilityCase) -> None:
    """The person explained meanwhile: who decides must read it first."""
    with clock.frozen(OPENED + timedelta(days=12)):
        seen = str(case.version)
        post(world, "leader", case, "explain", text="I was ill.")
        typed = {"measure": "ordered_correction", "reason": "Late.", "confirmed": "yes"}
        assert post(world, "head", case, "decide", version=seen, **typed) == 409
    case.refresh_from_db()
    assert case.state == CaseState.EXPLAINED
