"""Screening rules: what each points at, what it leaves alone, and what people make of a hit."""

import uuid
from datetime import date
from typing import Any

import pytest

from cases.errors import HitDecided, ReasonMissing
from cases.models import HitState, OffenceVersion, ScreeningHit, ScreeningRule
from cases.punishments import screening as engine
from cases.services import screening
from portal.web import jobs
from portal.web.errors import Conflict, NotAllowed
from portal.web.models import Job
from tests.cases.files import csv, imported, row
from tests.world import World

BRIBE = {"案件名称": "某公司给付回扣案"}


def decision(number: str, **changes: Any) -> list[str]:
    return row(处罚决定书文号=number, **changes)


def pointed_at(world: World, code: str, *lines: Any, agency: str = "O") -> set[str]:
    imported(world, csv(*lines), agency)
    engine.apply(ScreeningRule.objects.get(code=code))
    return set(ScreeningHit.objects.filter(rule__code=code).values_list("punishment__number", flat=True))


def test_an_amount_over_the_threshold_is_pointed_at_unless_it_was_transferred(world: World) -> None:
    lines = (
        decision("甲1", **BRIBE, **{"涉案金额（元）": "30000"}),
        decision("甲2", **BRIBE, **{"涉案金额（元）": "29999"}),
        decision("甲3", **BRIBE, 是否移送司法机关="是"),
        decision("甲4", 案件名称="无关的案", **{"涉案金额（元）": "9000000"}),
    )
    assert pointed_at(world, "over-threshold", *lines) == {"甲1"}


def test_the_threshold_on_the_day_of_the_decision_counts(world: World) -> None:
    version = OffenceVersion.objects.get(offence__code="CL163")
    version.in_force_until = date(2025, 1, 31)
    version.save()
    version.offence.versions.create(in_force_from=date(2025, 2, 1), relatively_large=60_000, source="test")
    version.offence.versions.create(in_force_from=date(2010, 1, 1), in_force_until=date(2016, 4, 17), source="test")
    lines = (
        decision("甲1", **BRIBE, 处罚决定日期="2025-01-31", **{"涉案金额（元）": "40000"}),
        decision("甲2", **BRIBE, 处罚决定日期="2025-02-01", **{"涉案金额（元）": "40000"}),
    )
    assert pointed_at(world, "over-threshold", *lines) == {"甲1"}


def test_the_third_decision_within_two_years_is_pointed_at(world: World) -> None:
    days = ("2022-01-01", "2022-06-01", "2024-01-01", "2024-07-01")
    lines = [decision(f"甲{n}", 处罚决定日期=day, 立案日期="") for n, day in enumerate(days)]
    assert pointed_at(world, "repeated", *lines) == {"甲2"}


def test_a_party_of_two_agencies_within_a_year_is_pointed_at(world: World) -> None:
    imported(world, csv(decision("乙1", 处罚决定日期="2024-09-01", 立案日期="")), agency="B")
    lines = (decision("甲1"), decision("甲2", 处罚决定日期="2026-02-01", 立案日期=""))
    assert pointed_at(world, "across-agencies", *lines) == {"甲1"}


def test_a_fine_under_a_tenth_is_pointed_at(world: World) -> None:
    lines = (
        decision("甲1", **{"罚款金额（万元）": "1", "涉案金额（元）": "100001"}),
        decision("甲2", **{"罚款金额（万元）": "1", "涉案金额（元）": "100000"}),
        decision("甲3", **{"罚款金额（万元）": "", "涉案金额（元）": "100000"}),
    )
    assert pointed_at(world, "low-fine", *lines) == {"甲1"}


def test_the_same_handler_of_the_same_party_is_pointed_at(world: World) -> None:
    lines = [decision(f"甲{n}", 处罚决定日期=f"2025-0{n}-01", 立案日期="") for n in (3, 4, 5)]
    assert pointed_at(world, "same-handler", *lines, decision("甲9", 承办人="别人")) == {"甲5"}


def test_a_decision_more_than_a_year_after_filing_is_pointed_at(world: World) -> None:
    lines = (decision("甲1", 立案日期="2024-03-04"), decision("甲2", 立案日期="2024-03-05"))
    assert pointed_at(world, "late-decision", *lines) == {"甲1"}


def test_a_warning_over_the_threshold_is_pointed_at(world: World) -> None:
    lines = (decision("甲1", **BRIBE, 处罚种类="警告"), decision("甲2", **BRIBE, 处罚种类="警告、罚款"))
    assert pointed_at(world, "warning-only", *lines) == {"甲1"}


def test_a_rule_points_once_however_often_it_is_asked(world: World) -> None:
    assert pointed_at(world, "over-threshold", decision("甲1", **BRIBE)) == {"甲1"}
    assert engine.apply(ScreeningRule.objects.get(code="over-threshold")) == 0


def test_every_hit_is_explained_in_a_sentence(world: World) -> None:
    imported(world, csv(decision("乙1", 处罚决定日期="2025-02-01", 立案日期="")), agency="B")
    days = ("2024-12-01", "2025-02-01", "2025-03-01")
    lines = [
        decision(f"甲{n}", **BRIBE, 处罚决定日期=day, 立案日期="2023-01-01", 处罚种类="警告")
        for n, day in enumerate(days)
    ]
    imported(world, csv(*lines))
    for rule in ScreeningRule.objects.all():
        assert engine.apply(rule), rule.code
    for hit in ScreeningHit.objects.select_related("rule"):
        sentence = engine.explain(hit)
        assert sentence.endswith(".")
        assert "%" not in sentence


@pytest.fixture
def hit(world: World) -> ScreeningHit:
    pointed_at(world, "over-threshold", decision("甲1", **BRIBE))
    return ScreeningHit.objects.get()


def test_a_hit_is_dismissed_with_a_reason_and_once(world: World, hit: ScreeningHit) -> None:
    by = world.user("coordinator")
    with pytest.raises(ReasonMissing):
        screening.dismiss(by, hit.pk, expected_version=0, reason=" ")
    with pytest.raises(Conflict):
        screening.dismiss(by, hit.pk, expected_version=7, reason="x")
    done = screening.dismiss(by, hit.pk, expected_version=0, reason="The amount is the turnover.")
    assert done.state == HitState.DISMISSED
    with pytest.raises(HitDecided):
        screening.dismiss(by, hit.pk, expected_version=1, reason="again")


def test_an_auditor_dismisses_nothing(world: World, hit: ScreeningHit) -> None:
    with pytest.raises(NotAllowed):
        screening.dismiss(world.user("auditor"), hit.pk, expected_version=0, reason="x")
    url = f"/cases/screening/{hit.pk}/dismiss/"
    assert world.client("auditor").post(url, {"reason": "x", "version": 0}).status_code == 403
    assert ScreeningHit.objects.get().state == HitState.OPEN


def test_a_hit_is_dismissed_by_page_once_for_two_posts(world: World, hit: ScreeningHit) -> None:
    url, client = f"/cases/screening/{hit.pk}/dismiss/", world.client("coordinator")
    assert "CL163" not in client.get(url).content.decode()
    typed = {"reason": "Turnover.", "version": 0, "idempotency_key": str(uuid.uuid4())}
    assert client.post(url, typed).url == client.post(url, typed).url == hit.get_absolute_url()
    assert "Turnover." in client.get(hit.get_absolute_url()).content.decode()
    assert "Dismissed" in client.get("/cases/screening/").content.decode()


def test_all_rules_are_asked_in_the_background(world: World) -> None:
    imported(world, csv(decision("甲1", **BRIBE)))
    answer = world.client("coordinator").post("/cases/screening/run/", {"idempotency_key": str(uuid.uuid4())})
    assert answer.status_code == 302
    for job_id in jobs.unfinished():
        jobs.run(job_id)
    assert Job.objects.get().result["over-threshold"] == 1


def test_the_figures_of_a_rule_are_changed_by_the_sites_coordinator(world: World) -> None:
    rule = ScreeningRule.objects.get(code="late-decision")
    url = "/cases/screening/rules/late-decision/"
    typed = {"is_active": "on", "version": 0, "days": 200, "idempotency_key": str(uuid.uuid4())}
    assert world.client("coordinator").post(url, typed).status_code == 302
    rule.refresh_from_db()
    assert rule.figures["days"] == 200
    stale = typed | {"idempotency_key": str(uuid.uuid4())}
    assert world.client("coordinator").post(url, stale).status_code == 409
    assert world.client("auditor").post(url, typed).status_code == 403
