"""Clues: sealed texts, openings that are kept, duties with a day, results."""

import base64
import os
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import InternalError, transaction

from cases import sealing
from cases.errors import ClueClosed, OfficerNotFit, OpeningOver, PurposeMissing, ResultMissing
from cases.models import Clue, ClueState, ClueText, HitState, Opening, ScreeningHit, ScreeningRule
from cases.punishments import screening as engine
from cases.sealing import SealBroken
from cases.services import clues
from cases.services.clues import texts
from cases.services.clues.receiving import Told
from portal.audit.models import Entry
from portal.notices.models import Notice
from portal.obligations.choices import State
from portal.web.errors import Conflict, NotAllowed
from portal.workdays import clock
from tests.cases.clues import SECRET, TOLD, dump, named, opened
from tests.cases.files import csv, imported, row
from tests.world import World

# --- Sealed -----------------------------------------------------------------------------------------------------------


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


# --- Opening ----------------------------------------------------------------------------------------------------------


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


# --- The duty and the result ------------------------------------------------------------------------------------------


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
