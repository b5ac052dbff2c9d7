"""The pages of clues; and whatever people do, one result."""

import uuid
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from cases.models import Clue, ClueState, ClueText, Opening, TextKind
from cases.services import clues
from cases.services.clues.receiving import Told
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.web.errors import PortalError
from tests.cases.clues import SECRET, TOLD
from tests.world import World


def post(world: World, url: str, **data: Any) -> Any:
    return world.client("coordinator").post(url, {"idempotency_key": str(uuid.uuid4()), **data})


def test_a_clue_goes_by_page_from_the_first_line_to_its_result(world: World) -> None:
    answer = post(
        world,
        "/cases/clues/enter/",
        source="report",
        received_on="2026-03-02",
        content=SECRET,
        unit="B",
        channel="来信",
    )
    url = answer.url
    by = world.users["coordinator"]
    assert SECRET not in world.client("coordinator").get(url).content.decode()
    assert post(world, f"{url}officers/", officers=str(by.pk), grade="a", version=0).status_code == 302
    read = post(world, f"{url}open/", purpose="核实").url
    page = world.client("coordinator").get(read)
    assert SECRET in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert post(world, f"{url}step/", text="查账").status_code == 302
    assert post(world, f"{url}close/", result="unfounded", reasons="账目相符", version=0).status_code == 409
    key = str(uuid.uuid4())
    for _twice in range(2):
        closed = post(world, f"{url}close/", result="unfounded", reasons="账目相符", version=1, idempotency_key=key)
        assert closed.status_code == 302
    assert ClueText.objects.filter(kind=TextKind.RESULT).count() == 1
    assert "Unfounded" in world.client("coordinator").get("/cases/clues/").content.decode()


def test_the_list_asks_as_many_questions_for_many_as_for_few(world: World, clue: Clue) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            world.client("coordinator").get("/cases/clues/")
        return len(queries)

    asked()
    few = asked()
    for _number in range(10):
        clues.receive(world.user("coordinator"), office=world.unit("D"), source="audit", told=Told("x"))
    assert asked() == few


def test_whatever_people_do_a_clue_is_closed_once_with_a_result(world: World) -> None:  # noqa: C901 - one machine
    class Verifying(RuleBasedStateMachine):
        """Verbs in any order by an officer and by somebody who is none; each is done or refused with a sentence."""

        def __init__(self) -> None:
            super().__init__()
            self.save = transaction.atomic()
            self.save.__enter__()
            self.by, self.other = world.user("coordinator"), world.user("head")
            self.clue = clues.receive_from_public(TOLD).clue
            self.texts = 0

        def tried(self, verb: Any) -> None:
            try:
                with transaction.atomic():
                    verb()
            except PortalError as error:
                assert str(error).endswith(".")
            self.clue.refresh_from_db()

        def one_of(self, named: bool) -> Any:
            return self.by if named else self.other

        @rule()
        def name(self) -> None:
            version = self.clue.version
            self.tried(
                lambda: clues.name_officers(self.by, self.clue.pk, expected_version=version, users=[self.by], grade="b")
            )

        @rule(officer=st.booleans(), text=st.sampled_from(["", "查账"]))
        def step(self, officer: bool, text: str) -> None:
            self.tried(lambda: clues.add_step(self.one_of(officer), self.clue.pk, text=text))

        @rule(officer=st.booleans(), purpose=st.sampled_from(["", "核实"]))
        def open(self, officer: bool, purpose: str) -> None:
            self.tried(lambda: clues.open_clue(self.one_of(officer), self.clue.pk, purpose=purpose))

        @rule(officer=st.booleans())
        def ask(self, officer: bool) -> None:
            self.tried(lambda: clues.ask_sender(self.one_of(officer), self.clue.pk, text="哪一年"))

        @rule()
        def answer(self) -> None:
            self.tried(lambda: clues.answer_question(self.clue.pk, "去年"))

        @rule(officer=st.booleans(), result=st.sampled_from(["", "unfounded", "filed"]))
        def close(self, officer: bool, result: str) -> None:
            version, by = self.clue.version, self.one_of(officer)
            self.tried(
                lambda: clues.close_clue(by, self.clue.pk, expected_version=version, result=result, reasons="理由")
            )

        @invariant()
        def it_is_closed_with_a_result_and_its_duty_with_it(self) -> None:
            closed = self.clue.state == ClueState.CLOSED
            duty = Obligation.objects.get(pk=self.clue.obligation_id)
            assert closed == bool(self.clue.result) == (duty.state == State.DISCHARGED)
            assert ClueText.objects.filter(clue=self.clue, kind=TextKind.RESULT).count() == int(closed)

        @invariant()
        def only_an_officer_has_opened_it_and_never_without_a_purpose(self) -> None:
            granted = Opening.objects.filter(clue=self.clue, granted=True)
            assert not granted.exclude(user=self.by).exists()
            assert not granted.filter(purpose="").exists()

        @invariant()
        def nothing_is_lost_and_nothing_comes_after_the_end(self) -> None:
            count = ClueText.objects.filter(clue=self.clue).count()
            assert count >= self.texts
            self.texts = count

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.save.__exit__(None, None, None)

    limits = settings(max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Verifying, settings=limits)
