"""Clues: sealed texts, openings that are kept, duties with a day, results, and what a sender follows by a receipt."""

import base64
import os
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from cases import sealing
from cases.errors import ClueClosed, NoQuestion, NoReceipt, OfficerNotFit, OpeningOver, PurposeMissing, ResultMissing
from cases.models import Clue, ClueState, ClueText, HitState, Opening, ScreeningHit, ScreeningRule, TextKind
from cases.punishments import screening as engine
from cases.sealing import SealBroken
from cases.services import clues
from cases.services.clues import opening, texts
from cases.services.clues.receiving import Told
from portal.audit.models import Entry
from portal.notices.models import Notice
from portal.obligations.choices import State
from portal.obligations.models import Obligation
from portal.web.errors import Conflict, NotAllowed, PortalError
from portal.workdays import clock
from tests.cases.files import csv, imported, row
from tests.world import World

SECRET = "科长每月收受供应商回扣八千元"
TOLD = Told(SECRET, "设备科王某", "李某 139-0000")


@pytest.fixture
def clue(world: World) -> Clue:
    return clues.receive(world.user("coordinator"), office=world.unit("D"), source="report", told=TOLD)


def named(world: World, clue: Clue) -> Clue:
    by = world.user("coordinator")
    return clues.name_officers(by, clue.pk, expected_version=clue.version, users=[by], grade="a")


def opened(world: World, clue: Clue) -> list[str]:
    by = world.user("coordinator")
    made = clues.open_clue(by, clue.pk, purpose="verify")
    return [text.text for text in clues.read(by, made.pk)[1]]


def dump() -> str:
    """Every row of every table as the database gives it out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


# --- Sealed -------------------------------------------------------------------------------------------------------------


def test_a_dump_of_the_database_holds_no_text_of_a_clue(world: World, clue: Clue) -> None:
    by = world.user("coordinator")
    named(world, clue)
    clues.add_step(by, clue.pk, text="询问了供应商会计")
    clues.close_clue(by, clue.pk, expected_version=1, result="unfounded", reasons="账目相符无异常")
    written = dump()
    for text in (SECRET, "王某", "139-0000", "询问了供应商", "账目相符", SECRET.encode().hex(), "王某".encode().hex()):
        assert text not in written
    assert clue.number in written


def test_what_was_sealed_opens_with_its_own_key_and_place_alone(world: World, clue: Clue) -> None:
    other = clues.receive(world.user("coordinator"), office=world.unit("D"), source="audit", told=Told("别的"))
    key, text = texts.key_of(clue), ClueText.objects.filter(clue=clue).first()
    assert text is not None
    with pytest.raises(SealBroken):
        sealing.open_sealed(key, text.sealed, f"cases_clue|{other.pk}|content")
    with pytest.raises(SealBroken):
        sealing.open_sealed(texts.key_of(other), text.sealed, f"cases_clue|{clue.pk}|content")
    broken = bytes(text.sealed)[:-1] + b"\x00"
    with pytest.raises(SealBroken):
        sealing.open_sealed(key, broken, f"cases_clue|{clue.pk}|content")


def test_keys_are_rotated_while_people_work_and_the_old_one_can_go(world: World, settings: Any) -> None:
    old, new = (f"{name}:{base64.b64encode(os.urandom(32)).decode()}" for name in ("k1", "k2"))
    settings.CLUE_KEYS = [old]
    clue = clues.receive(world.user("coordinator"), office=world.unit("D"), source="report", told=TOLD)
    named(world, clue)
    settings.CLUE_KEYS = [new, old]
    assert opened(world, clue)[0] == SECRET
    before = list(ClueText.objects.values_list("sealed", flat=True))
    call_command("rotate_clue_keys", verbosity=0)
    assert Clue.objects.get().key_id == "k2"
    assert [bytes(s) for s in ClueText.objects.values_list("sealed", flat=True)] == [bytes(s) for s in before]
    settings.CLUE_KEYS = [new]
    assert opened(world, clue)[0] == SECRET
    settings.CLUE_KEYS = [old]
    with pytest.raises(SealBroken):
        opened(world, clue)


def test_a_text_of_a_clue_is_never_changed(clue: Clue) -> None:
    with pytest.raises(InternalError), transaction.atomic():
        ClueText.objects.update(sealed=b"")
    with pytest.raises(InternalError), transaction.atomic():
        ClueText.objects.all()[0].delete()


# --- Opening ------------------------------------------------------------------------------------------------------------


def test_an_officer_opens_it_for_a_purpose_that_is_kept(world: World, clue: Clue) -> None:
    named(world, clue)
    by = world.user("coordinator")
    with pytest.raises(PurposeMissing):
        clues.open_clue(by, clue.pk, purpose=" ")
    assert opened(world, clue) == [SECRET, "设备科王某", "李某 139-0000"]
    assert Opening.objects.get().purpose == "verify"
    assert Entry.objects.get(action="clue.opened").data == {"purpose": "verify"}


def test_an_opening_lasts_fifteen_minutes_and_is_nobody_elses(world: World, clue: Clue) -> None:
    named(world, clue)
    by = world.user("coordinator")
    made = clues.open_clue(by, clue.pk, purpose="verify")
    with pytest.raises(Opening.DoesNotExist):
        clues.read(world.user("head"), made.pk)
    with clock.frozen(clock.now() + timedelta(minutes=16)), pytest.raises(OpeningOver):
        clues.read(by, made.pk)


def test_who_is_not_named_is_refused_logged_and_its_officers_are_told(world: World, clue: Clue) -> None:
    named(world, clue)
    url = f"/cases/clues/{clue.pk}/open/"
    for answer in (world.client("head").get(url), world.client("head").post(url, {"purpose": "curious"})):
        assert answer.status_code == 403
        assert SECRET not in answer.content.decode()
    assert Opening.objects.filter(granted=False, user=world.users["head"]).count() == 2
    assert Entry.objects.filter(action="clue.opening_refused").count() == 2
    assert Notice.objects.filter(kind="clue_opening_refused", recipient=world.users["coordinator"]).count() == 2


def test_who_is_no_longer_named_can_no_longer_read_what_he_opened(world: World, clue: Clue) -> None:
    named(world, clue)
    by = world.user("coordinator")
    made = clues.open_clue(by, clue.pk, purpose="verify")
    clue.officers.all().delete()
    with pytest.raises(NotAllowed):
        clues.read(by, made.pk)


def test_openings_are_never_changed(world: World, clue: Clue) -> None:
    named(world, clue)
    opened(world, clue)
    with pytest.raises(InternalError), transaction.atomic():
        Opening.objects.update(purpose="other")


# --- The duty and the result --------------------------------------------------------------------------------------------


def test_a_clue_is_a_duty_due_in_two_months_that_its_result_discharges(world: World, clue: Clue) -> None:
    assert clue.obligation.due_on == date(2026, 5, 2)
    assert "回扣" not in clue.obligation.label_zh
    named(world, clue)
    done = clues.close_clue(world.user("coordinator"), clue.pk, expected_version=1, result="filed", reasons="属实")
    done.obligation.refresh_from_db()
    assert (done.state, done.obligation.state) == (ClueState.CLOSED, State.DISCHARGED)


def test_no_clue_is_closed_without_a_result_nor_before_officers_are_named(world: World, clue: Clue) -> None:
    by = world.user("coordinator")
    with pytest.raises(NotAllowed):
        clues.close_clue(by, clue.pk, expected_version=0, result="unfounded", reasons="x")
    named(world, clue)
    with pytest.raises(ResultMissing):
        clues.close_clue(by, clue.pk, expected_version=1, result="", reasons="x")
    with pytest.raises(Conflict):
        clues.close_clue(by, clue.pk, expected_version=0, result="unfounded", reasons="x")
    with pytest.raises(InternalError), transaction.atomic():
        Clue.objects.filter(pk=clue.pk).update(state="received")


def test_nothing_is_added_to_a_closed_clue(world: World, clue: Clue) -> None:
    named(world, clue)
    by = world.user("coordinator")
    clues.close_clue(by, clue.pk, expected_version=1, result="kept", reasons="x")
    for verb in (
        lambda: clues.add_step(by, clue.pk, text="x"),
        lambda: clues.name_officers(by, clue.pk, expected_version=2, users=[by], grade="a"),
        lambda: clues.close_clue(by, clue.pk, expected_version=2, result="kept", reasons="x"),
    ):
        with pytest.raises(ClueClosed):
            verb()


def test_officers_work_on_cases_over_the_office(world: World, clue: Clue) -> None:
    with pytest.raises(OfficerNotFit):
        clues.name_officers(
            world.user("coordinator"), clue.pk, expected_version=0, users=[world.user("leader")], grade="a"
        )


def test_a_clue_made_of_a_hit_says_what_the_rule_saw_and_settles_the_hit(world: World) -> None:
    imported(world, csv(row(案件名称="给付回扣案")))
    engine.apply(ScreeningRule.objects.get(code="over-threshold"))
    hit, by = ScreeningHit.objects.get(), world.user("coordinator")
    page = world.client("coordinator").post(
        f"/cases/screening/{hit.pk}/clue/", {"version": 0, "remark": "可疑", "idempotency_key": str(uuid.uuid4())}
    )
    clue = Clue.objects.get()
    assert page.url == clue.get_absolute_url()
    named(world, clue)
    content = opened(world, clue)[0]
    assert "青市监罚〔2025〕1号" in content
    assert "可疑" in content
    hit.refresh_from_db()
    assert (hit.state, hit.clue) == (HitState.CLUE, clue)
    assert by.pk == hit.decided_by_id


# --- The public page ----------------------------------------------------------------------------------------------------


def sent(world: World, **data: Any) -> Any:
    typed = {"content": SECRET, "idempotency_key": str(uuid.uuid4())} | data
    return world.client("anonymous").post("/report/", typed, REMOTE_ADDR="203.0.113.7")


def receipt_of(answer: Any) -> str:
    text = answer.content.decode().split('class="p-receipt-no">')[1]
    return text.split("<")[0].strip()


def test_a_sender_is_given_a_receipt_and_follows_the_clue_by_it(world: World) -> None:
    receipt = receipt_of(sent(world))
    assert len(receipt.replace(" ", "")) == 16
    clue = Clue.objects.get()
    page = world.client("anonymous").post("/report/follow/", {"receipt": receipt})
    assert "waits for its officers" in page.content.decode()
    named(world, clue)
    clues.ask_sender(world.user("coordinator"), clue.pk, text="哪一年开始的")
    page = world.client("anonymous").post("/report/follow/", {"receipt": receipt})
    assert "哪一年开始的" in page.content.decode()
    world.client("anonymous").post("/report/follow/", {"receipt": receipt, "text": "从二〇二三年起"})
    assert "从二〇二三年起" in opened(world, clue)
    assert Notice.objects.filter(kind="clue_answered").exists()
    clues.close_clue(
        world.user("coordinator"), clue.pk, expected_version=1, result="filed", reasons="属实", reply="已立案，谢谢"
    )
    page = world.client("anonymous").post("/report/follow/", {"receipt": receipt}).content.decode()
    assert "已立案，谢谢" in page
    assert "属实" not in page
    with pytest.raises(NoQuestion):
        clues.answer_question(clue.pk, "x")


def test_neither_address_nor_receipt_of_a_sender_is_kept(world: World) -> None:
    receipt = receipt_of(sent(world))
    written = dump()
    assert "203.0.113.7" not in written
    assert receipt not in written
    assert receipt.replace(" ", "") not in written


def test_the_same_post_twice_makes_one_clue(world: World) -> None:
    key = str(uuid.uuid4())
    assert sent(world, idempotency_key=key).status_code == 200
    assert sent(world, idempotency_key=key).status_code == 409
    assert Clue.objects.count() == 1


def test_an_address_that_sends_too_often_is_throttled(world: World) -> None:
    assert [sent(world).status_code for _post in range(6)] == [200] * 5 + [429]


def test_a_file_is_sealed_and_read_by_an_officer_who_opened_the_clue(world: World) -> None:
    answer = sent(world, attached=SimpleUploadedFile("账本.txt", "回扣清单".encode()))
    assert answer.status_code == 200, answer.content.decode()
    clue = Clue.objects.get()
    file = clue.files.get()
    with file.file.open("rb") as kept:
        assert "回扣清单".encode() not in kept.read()
    assert "账本".encode().hex() not in dump()
    named(world, clue)
    made = clues.open_clue(world.user("coordinator"), clue.pk, purpose="verify")
    assert opening.read_file(world.user("coordinator"), made.pk, file.pk)[2].decode() == "回扣清单"
    url = f"/cases/clues/opened/{made.pk}/files/{file.pk}/"
    assert world.client("coordinator").get(url)["Content-Disposition"].startswith("attachment")
    assert world.client("head").get(url).status_code == 404


def test_a_file_that_is_no_document_is_refused_and_nothing_is_kept(world: World) -> None:
    answer = sent(world, attached=SimpleUploadedFile("run.exe", b"MZ\x00\x00"))
    assert answer.status_code in (400, 422)
    assert not Clue.objects.exists()


def test_a_receipt_that_was_never_given_tells_nothing(world: World) -> None:
    sent(world)
    for typed in ("1234567890123456", "12", "abc"):
        page = world.client("anonymous").post("/report/follow/", {"receipt": typed})
        assert page.status_code == 422
        assert "No clue has this receipt" in page.content.decode()


def test_a_closed_public_page_is_not_there(world: World) -> None:
    url = "/cases/clues/settings/"
    typed = {"office": "", "verify_months": 3, "version": 0, "idempotency_key": str(uuid.uuid4())}
    assert world.client("coordinator").post(url, typed).status_code == 302
    assert world.client("anonymous").get("/report/").status_code == 404


def test_who_has_no_receipt_cannot_be_asked(world: World, clue: Clue) -> None:
    named(world, clue)
    with pytest.raises(NoReceipt):
        clues.ask_sender(world.user("coordinator"), clue.pk, text="?")


# --- The pages ----------------------------------------------------------------------------------------------------------


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


# --- Whatever people do -------------------------------------------------------------------------------------------------


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
