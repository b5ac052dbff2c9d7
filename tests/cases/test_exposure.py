"""Exposure: masked by rules and people, released by a second person, read by everybody, taken back."""

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.errors import MaskNotInText, ReasonMissing, ReleasedByDrafter, StepNotOpen
from cases.models import CrimeCase, Exposure, ExposureState
from cases.services import crime, exposures
from portal.web.errors import Conflict, NotAllowed
from tests.cases.crimes import accused, another_coordinator, exposed, filed
from tests.world import World


def effective(world: World) -> CrimeCase:
    case = filed(world, accused=[accused("王志新")])
    return crime.reach(world.user("coordinator"), case.pk, stage="effective", on=date(2026, 3, 1))


def test_rules_persons_of_the_case_and_people_mask_a_text(world: World) -> None:
    found = exposed(world, more=["翟天"], lesson="王志新未受监督。")
    assert found.public_text == "设备科科员王某收受供应商陈某所送现金八万元，电话（电话略）。翟某看见了。"
    assert found.lesson == "王某未受监督。"
    assert {mask[2] for mask in found.masks} == {"name", "phone"}


def test_what_people_take_away_is_not_masked_and_what_is_not_there_is_refused(world: World) -> None:
    assert "陈海平" in exposed(world, fewer=["陈海平"]).public_text
    with pytest.raises(MaskNotInText):
        exposed(world, Exposure.objects.get().case, more=["不在其中"])


def test_a_second_person_releases_it_once_the_judgment_is_effective(world: World) -> None:
    found = exposed(world, effective(world))
    with pytest.raises(ReleasedByDrafter):
        exposures.release(world.user("coordinator"), found.pk, expected_version=0)
    with pytest.raises(NotAllowed):
        exposures.release(world.user("auditor"), found.pk, expected_version=0)
    with pytest.raises(Conflict):
        exposures.release(world.user("head"), found.pk, expected_version=3)
    assert exposures.release(world.user("head"), found.pk, expected_version=0).state == ExposureState.RELEASED
    assert Exposure.objects.published().get() == found


def test_before_the_judgment_is_effective_head_and_coordinator_must_both(world: World) -> None:
    found = exposed(world)
    first = exposures.release(world.user("head"), found.pk, expected_version=0)
    assert first.state == ExposureState.DRAFT
    with pytest.raises(StepNotOpen):
        exposures.release(world.user("head"), found.pk, expected_version=1)
    with pytest.raises(StepNotOpen):
        exposures.mend_masks(world.user("coordinator"), found.pk, expected_version=1, text="x", more=[], fewer=[])
    second = exposures.release(another_coordinator(world), found.pk, expected_version=1)
    assert second.state == ExposureState.RELEASED


def test_a_withdrawn_one_is_gone_for_everybody(world: World) -> None:
    found = exposed(world, effective(world))
    exposures.release(world.user("head"), found.pk, expected_version=0)
    url = f"/warnings/{found.pk}/"
    page = world.client("anonymous").get(url).content.decode()
    assert "王某" in page
    assert "王志新" not in page
    with pytest.raises(ReasonMissing):
        exposures.withdraw(world.user("coordinator"), found.pk, expected_version=1, reason=" ")
    exposures.withdraw(world.user("coordinator"), found.pk, expected_version=1, reason="改判")
    assert world.client("anonymous").get(url).status_code == 404
    assert found.title not in world.client("anonymous").get("/warnings/").content.decode()
    with pytest.raises(InternalError), transaction.atomic():
        Exposure.objects.update(state=ExposureState.RELEASED)


def post(world: World, who: str, url: str, **data: Any) -> Any:
    return world.client(who).post(url, {"idempotency_key": str(uuid.uuid4()), **data})


def test_an_exposure_goes_by_page_from_the_case_to_everybody(world: World) -> None:
    case = effective(world)
    url = f"{case.get_absolute_url()}exposure/"
    assert case.means in world.client("coordinator").get(url).content.decode()
    typed = {
        "title": "受贿案",
        "text": "王志新受贿，杨五知情。",
        "sector": case.unit.sector_id,
        "rank": accused().rank.pk,
    }
    made = post(world, "coordinator", url, **typed).url
    shown = world.client("coordinator").get(made).content.decode()
    assert "<del>王志新</del><ins>王某</ins>" in shown
    assert post(world, "coordinator", f"{made}masks/", version=0, text=typed["text"], more="杨五").status_code == 302
    assert post(world, "coordinator", f"{made}release/", version=1).status_code == 403
    assert post(world, "head", f"{made}release/", version=0).status_code == 409
    key = str(uuid.uuid4())
    for _twice in range(2):
        assert post(world, "head", f"{made}release/", version=1, idempotency_key=key).status_code == 302
    page = world.client("anonymous").get("/warnings/").content.decode()
    assert "受贿案" in page


def test_the_lists_ask_as_many_questions_for_many_as_for_few(world: World) -> None:
    def asked(who: str, url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            world.client(who).get(url)
        return len(queries)

    addresses = (("coordinator", "/cases/exposures/"), ("anonymous", "/warnings/"))
    case = effective(world)

    def published() -> None:
        exposures.release(world.user("head"), exposed(world, case).pk, expected_version=0)

    published()
    [asked(*each) for each in addresses]
    few = [asked(*each) for each in addresses]
    for _time in range(6):
        published()
    assert [asked(*each) for each in addresses] == few
