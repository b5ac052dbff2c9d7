"""The pages of an accountability case: heard, proposed, decided, objected to; nobody in the own case."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.audit.models import Entry
from portal.documents import services as documents
from portal.obligations import clock as ladder_clock
from portal.web.errors import NotAllowed
from portal.workdays import clock
from responsibility.models import AccountabilityCase, CaseState, EntryKind
from responsibility.services import accountability
from tests.queries import count_queries
from tests.responsibility import cases
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
    """A verb on the case's page by somebody of the world; the status of the answer."""
    return cases.post(world.client(who), case, verb, **typed)


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
    deputy = cases.browser(cases.member(world.group, "deputy"))
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
        assert post(world, "head", case, "answer", measure="none", reason="True.") == 403
        assert cases.post(deputy, case, "answer", measure="none", reason="True.") == 302
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


def test_until_a_day_nothing_is_decided_and_after_it_one_can_still_explain(
    world: World, case: AccountabilityCase
) -> None:
    """The page says both truly, and the explanation is taken until the decision."""
    leader, url = world.client("leader"), case.get_absolute_url()
    with clock.frozen(OPENED):
        assert "nothing is decided before you are heard. You can still add to it" in text(leader, url)
    with clock.frozen(OPENED + timedelta(days=12)):
        assert "You can still explain until the decision." in text(leader, url)
        assert "You can still explain until the decision." in text(leader, f"{url}explain/")
        assert post(world, "leader", case, "explain", text="I was ill.") == 302


def text(client: Any, url: str) -> str:
    """A page as one line of words."""
    return " ".join(client.get(url).content.decode().split())


def test_files_are_attached_until_the_decision_and_for_an_objection(world: World, case: AccountabilityCase) -> None:
    """Neither the page nor the service takes one, or takes one away, in between."""
    leader = world.user("leader")
    note = documents.attach(leader, "case", case, SimpleUploadedFile("note.txt", b"a note", "text/plain"))
    with clock.frozen(OPENED + timedelta(days=12)):
        stale = AccountabilityCase.objects.get(pk=case.pk)
        post(world, "head", case, "decide", measure="ordered_correction", reason="Late.", confirmed="yes")
        with pytest.raises(NotAllowed):
            documents.attach(leader, "case", stale, SimpleUploadedFile("b.txt", b"more", "text/plain"))
        with pytest.raises(NotAllowed):
            documents.detach(leader, note.pk)
        assert post(world, "leader", case, "files") == 403
        assert post(world, "leader", case, "object", text="No.") == 302
        documents.attach(leader, "case", stale, SimpleUploadedFile("b.txt", b"more", "text/plain"))
    assert documents.for_object("case", case).count() == 2


def test_beside_the_decision_stands_what_is_decided(world: World, case: AccountabilityCase) -> None:
    """The person, the post, the duty, how late, the explanation, the proposal, earlier cases, why one may decide."""
    with clock.frozen(OPENED + timedelta(days=1)):
        post(world, "leader", case, "explain", text="I was ill.")
        post(world, "coordinator", case, "propose", measure="ordered_correction", reason="First failure.")
        page = text(world.client("head"), f"{case.get_absolute_url()}decide/")
    for words in ("Xu Zhixin", "Director", "Overdue", "I was ill.", "First failure.", "Earlier cases"):
        assert words in page, words
    assert "it is not your own case, and the person has been heard" in page
    assert "decided by the head of the leading group · proposed" in page
    places = [page.index(name) for name in ("Reminder talk", "Admonishing talk", "One-vote veto")]
    assert places == sorted(places)


def test_the_coordinator_is_offered_what_is_his_and_sees_who_decides_the_rest(
    world: World, case: AccountabilityCase
) -> None:
    """No choice that would be refused afterwards."""
    with clock.frozen(OPENED + timedelta(days=12)):
        page = text(world.client("coordinator"), f"{case.get_absolute_url()}decide/")
    assert 'value="reminder_talk"' in page
    assert 'value="none"' not in page
    assert "Ordered correction: decided by the head of the leading group" in page


def test_the_list_shows_undecided_cases_first_with_their_next_step(world: World, case: AccountabilityCase) -> None:
    """And asks no more for many than for few."""
    with clock.frozen(OPENED + timedelta(days=12)):
        other = AccountabilityCase.objects.get(unit=world.unit("V"))
        cases.decided(world, other, by="town_head")
        page = text(world.client("coordinator"), "/accountability/")
        assert "The coordinator proposes; decides: District leading group (Wei Zhixin)" in page
        assert "Objection until" in page
        assert page.index("Finance Bureau") < page.index("Dongwan Village")
        several = count_queries(world.client("coordinator"), "/accountability/?state=opened")
        for unit in ("O", "T"):
            cases.decided(world, AccountabilityCase.objects.get(unit=world.unit(unit)))
        assert count_queries(world.client("coordinator"), "/accountability/?state=opened") == several
    assert world.client("coordinator").get("/accountability/?export=csv").status_code == 200


def test_the_log_names_number_and_unit(world: World, case: AccountabilityCase) -> None:
    """Not 2026-1."""
    with clock.frozen(OPENED):
        accountability.explain(world.user("leader"), case.pk, expected_version=0, text="I was ill.")
    assert Entry.objects.get(action="case.explained").subject_label == "[2026] No. 1, Finance Bureau"
