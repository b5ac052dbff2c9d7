"""Inspections, findings and rectification: who may, in which order, once; what stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from portal.notices.models import Notice
from portal.obligations.choices import State
from portal.organisation.services import changes
from portal.web.errors import Conflict, NotAllowed
from portal.workdays import clock
from systems import errors, following
from systems.models import (
    Answer,
    Finding,
    Gravity,
    Inspection,
    InspectionState,
    Rectification,
    RectificationState,
    Selection,
)
from systems.services import catalogue, findings, inspections, rectification
from systems.services.catalogue import Demand
from systems.services.choosing import choose
from tests.queries import count_queries
from tests.systems import things
from tests.world import World


def test_a_sample_can_be_drawn_again(world: World) -> None:
    """The same seed, the same units."""
    by, path = world.user("coordinator"), str(world.unit("D").path)
    first = choose(by, Selection.SAMPLE, path=path, size=3, seed=7)
    assert [one.unit.code for one in first] == [
        one.unit.code for one in choose(by, Selection.SAMPLE, path=path, size=3, seed=7)
    ]
    assert len(first) == 3


def test_by_risk_the_most_exposed_comes_first(world: World) -> None:
    """With the figures of which the risk is made."""
    things.finding(world, gravity=Gravity.SERIOUS)
    first = choose(world.user("coordinator"), Selection.RISK, path=str(world.unit("D").path), size=2)[0]
    assert first.unit.code == "B" and "serious findings 1" in first.reason


def test_by_cycle_who_was_never_inspected_comes_first(world: World) -> None:
    """The bureau was looked at today."""
    inspection = things.answered(world)
    inspections.complete(
        world.user("coordinator"), inspection.pk, expected_version=inspection.version, summary="In order."
    )
    chosen = choose(world.user("coordinator"), Selection.CYCLE, path=str(world.unit("D").path), size=6)
    assert chosen[-1].unit.code == "B"


def test_the_checklist_stays_as_it_was_when_the_inspection_began(world: World) -> None:
    """A newer version of the catalogue changes nothing under way."""
    inspection = things.under_way(world)
    before = list(inspection.items.values_list("text_en", flat=True))
    category = things.category()
    last = category.requirements.latest("number")
    demand = Demand(
        clock.today().year,
        tuple(last.types.all()),
        "p",
        "目的",
        checklist=({"en": "Only this", "zh-hans": "只有这项"},),
    )
    catalogue.new_version(world.user("coordinator"), category.pk, expected_number=last.number, demand=demand)
    assert list(inspection.items.values_list("text_en", flat=True)) == before
    page = world.client("coordinator").get(inspection.get_absolute_url())
    assert "newer checklist" in page.content.decode()


def test_an_inspection_is_complete_with_answers_and_findings(world: World) -> None:
    """Open items, unmet ones without a finding and an empty summary are refused, each with its sentence."""
    by, inspection = world.user("coordinator"), things.under_way(world)
    version = inspection.version
    with pytest.raises(errors.ItemsOpen), transaction.atomic():
        inspections.complete(by, inspection.pk, expected_version=version, summary="x")
    items = list(inspection.items.all())
    for item in items:
        given = Answer.NOT_MET if item == items[0] else Answer.MET
        inspections.answer(by, inspection.pk, item.position, seen="", given=given, remark="")
    with pytest.raises(errors.FindingsMissing), transaction.atomic():
        inspections.complete(by, inspection.pk, expected_version=version, summary="x")
    findings.record(
        by, world.unit("B"), gravity=Gravity.MINOR, text="No plan", inspection=inspection, item=items[0],
        category=things.category(),
    )  # fmt: skip
    with pytest.raises(errors.SummaryMissing), transaction.atomic():
        inspections.complete(by, inspection.pk, expected_version=version, summary=" ")
    done = inspections.complete(by, inspection.pk, expected_version=version, summary="One gap.")
    assert done.state == InspectionState.COMPLETED
    with pytest.raises(errors.NotUnderWay), transaction.atomic():
        inspections.answer(by, inspection.pk, 1, seen="not_met", given=Answer.MET, remark="")


def test_two_who_answer_one_item_see_each_other(world: World) -> None:
    """The later one is shown the newer answer."""
    by, inspection = world.user("coordinator"), things.under_way(world)
    inspections.answer(by, inspection.pk, 1, seen="", given=Answer.MET, remark="")
    with pytest.raises(Conflict), transaction.atomic():
        inspections.answer(by, inspection.pk, 1, seen="", given=Answer.NOT_MET, remark="")


def test_a_merged_unit_is_inspected_no_more(world: World) -> None:
    """What was planned or under way is cancelled, what was owed ends or is passed on."""
    inspection = things.under_way(world)
    finding = things.finding(world)
    ended = changes.Dissolve(unit_id=world.unit("B").pk, effective_on=clock.today(), reason="Merged")
    changes.decide(world.user("coordinator"), ended)
    inspection.refresh_from_db()
    assert inspection.state == InspectionState.CANCELLED
    assert Rectification.objects.get(finding=finding).state == RectificationState.ENDED
    with pytest.raises(errors.UnitEnded), transaction.atomic():
        things.finding(world)


def test_a_finding_that_comes_back_names_the_one_before(world: World) -> None:
    """In the same unit on the same system, within two years."""
    first = things.finding(world)
    again = things.finding(world)
    assert again.recurs == first
    assert things.finding(world, code="logistics").recurs is None
    with clock.frozen(clock.today() + timedelta(days=800)):
        assert things.finding(world).recurs is None


def test_units_that_answer_jointly_are_told_and_see_it(world: World) -> None:
    """The other member reads the finding, nobody else beside the units above."""
    things.group(world)
    finding = findings.record(
        world.user("coordinator"), world.unit("V"), gravity=Gravity.EARLY_SIGN, text="Late voucher",
        category=things.category("village_accounts"),
    )  # fmt: skip
    assert Notice.objects.filter(kind="finding_shared", recipient=world.user("town_head")).exists()
    assert Finding.objects.visible_to(world.user("town_head")).filter(pk=finding.pk).exists()
    assert not Finding.objects.visible_to(world.user("leader")).filter(pk=finding.pk).exists()


def _submitted(world: World) -> Rectification:
    finding = things.finding(world)
    known = finding.rectification
    owner = world.user("liaison").person
    leader = world.user("leader")
    known = rectification.name_measure(leader, known.pk, expected_version=0, measure="Hold a tender", owner=owner)
    return rectification.submit(leader, known.pk, expected_version=known.version, done="Held on 3 March")


def test_nobody_verifies_what_he_owns_or_handed_in(world: World) -> None:
    """Neither by the service nor by the database."""
    known = _submitted(world)
    with pytest.raises((errors.OwnRectification, NotAllowed)), transaction.atomic():
        rectification.verify(world.user("leader"), known.pk, expected_version=known.version, remarks="Fine")
    with pytest.raises((errors.OwnRectification, NotAllowed)), transaction.atomic():
        rectification.verify(world.user("liaison"), known.pk, expected_version=known.version, remarks="Fine")
    with pytest.raises(IntegrityError), transaction.atomic():
        Rectification.objects.filter(pk=known.pk).update(state="verified", verified_by=known.submitted_by)


def test_a_rectification_goes_back_and_is_verified(world: World) -> None:
    """The duty is done when it is handed in; sent back, a new one of ten working days."""
    known = _submitted(world)
    assert known.obligation.state == State.OPEN or known.obligation.refresh_from_db() is None
    known.obligation.refresh_from_db()
    assert known.obligation.state == State.DISCHARGED
    by = world.user("coordinator")
    known = rectification.send_back(by, known.pk, expected_version=known.version, remarks="No proof")
    assert known.correction is not None and known.correction.state == State.OPEN
    known = rectification.submit(world.user("liaison"), known.pk, expected_version=known.version, done="Proof attached")
    known = rectification.verify(by, known.pk, expected_version=known.version, remarks="Seen")
    assert known.state == RectificationState.VERIFIED
    with pytest.raises(errors.NotSubmitted), transaction.atomic():
        rectification.verify(by, known.pk, expected_version=known.version, remarks="Again")
    with pytest.raises(errors.NotOwed), transaction.atomic():
        rectification.submit(world.user("leader"), known.pk, expected_version=known.version, done="More")


def test_an_exception_ends_and_the_finding_is_owed_again(world: World) -> None:
    """With a compensating measure, for a year at most."""
    finding, by = things.finding(world), world.user("coordinator")
    known = finding.rectification
    today = clock.today()
    words = {"compensation": "Two signatures", "reason": "The system is bought in May"}
    with pytest.raises(errors.ExceptionTooLong), transaction.atomic():
        rectification.grant_exception(by, known.pk, expected_version=0, until=today + timedelta(days=400), **words)
    until = today + timedelta(days=60)
    known = rectification.grant_exception(by, known.pk, expected_version=0, until=until, **words)
    known.obligation.refresh_from_db()
    assert known.obligation.state == State.CANCELLED
    assert rectification.end_exceptions() == 0
    with clock.frozen(until + timedelta(days=1)):
        assert rectification.end_exceptions() == 1
        assert rectification.end_exceptions() == 0
    known.refresh_from_db()
    assert known.state == RectificationState.UNDER_WAY
    assert known.correction is not None and known.correction.state == State.OPEN
    with pytest.raises(errors.MeasureMissing), transaction.atomic():
        rectification.submit(world.user("leader"), known.pk, expected_version=known.version, done="Done")


def test_nobody_inspects_the_own_unit(world: World) -> None:
    """Who coordinates and leads the unit is refused."""
    with pytest.raises(NotAllowed), transaction.atomic():
        findings.record(world.user("leader"), world.unit("B"), gravity=Gravity.MINOR, text="x")


def test_the_same_form_posted_twice_records_once(world: World) -> None:
    """The second post is answered with the first page."""
    client: Client = world.client("coordinator")
    data = {
        "idempotency_key": "7f2c1c1e-97cb-4d3a-b5cf-111111111111",
        "gravity": "minor",
        "text": "Vehicle log incomplete",
        "category": "",
    }
    first = client.post("/systems/units/B/finding/", data)
    second = client.post("/systems/units/B/finding/", data)
    assert first.status_code == 302 and second["Location"] == first["Location"]
    assert Finding.objects.count() == 1


def test_lists_cost_the_same_for_more_rows(world: World) -> None:
    """Inspections, findings, register, powers, blank areas, groups."""
    urls = ["/systems/inspections/", "/systems/findings/", "/systems/register/", "/systems/powers/", "/systems/joint/"]
    things.under_way(world)
    things.finding(world)
    things.in_force(world)
    things.supervised(world)
    things.bureau_group(world)
    client = world.client("auditor")
    before = [count_queries(client, url) for url in urls]
    for code in ("O", "T", "V"):
        things.planned(world, code)
        things.finding(world, code)
        things.in_force(world, "financial_management", code)
    for number in range(3):
        things.power(world, matter=f"Matter {number}")
    things.group(world)
    assert [count_queries(client, url) for url in urls] == before
    assert Inspection.objects.count() == 4


def test_a_unit_is_asked_what_it_must_have(world: World) -> None:
    """A village is not asked about government procurement; where nothing is left to ask the inspection does not begin."""
    inspection = things.planned(world, "V", ("gov_procurement", "village_accounts"))
    inspection = inspections.begin(world.user("coordinator"), inspection.pk, expected_version=inspection.version)
    assert {item.requirement.system.code for item in inspection.items.all()} == {"village_accounts"}
    other = things.planned(world, "X", ("gov_procurement",))
    with pytest.raises(errors.NothingToInspect), transaction.atomic():
        inspections.begin(world.user("coordinator"), other.pk, expected_version=other.version)


def test_what_was_sent_back_is_passed_on_too(world: World) -> None:
    """The unit that goes on owes what its predecessor owed, whether for the first time or again."""
    known = _submitted(world)
    by = world.user("coordinator")
    known = rectification.send_back(by, known.pk, expected_version=known.version, remarks="No proof")
    first = things.finding(world, code="logistics").rectification
    assert known.correction is not None
    assert following.pass_on([known.correction, first.obligation], world.unit("O"), by) == 2
    passed = Finding.objects.filter(unit=world.unit("O"))
    assert {finding.recurs for finding in passed} == {known.finding, first.finding}
    assert all(finding.rectification.obligation.unit == world.unit("O") for finding in passed)
