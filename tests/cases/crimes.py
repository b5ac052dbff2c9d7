"""Duty-crime cases as tests file them."""

from datetime import date
from decimal import Decimal
from typing import Any

from cases.models import CrimeCase, Exposure, Offence
from cases.services import crime, exposures
from cases.services.crime import Accused, Deed
from portal.accounts import services as accounts
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.obligations.models import Obligation
from portal.organisation.models import Rank
from systems.models import RequiredSystem
from tests.world import World

DEED_DAYS = (date(2024, 5, 1), date(2025, 6, 30))


def deed(amount: str | None = "50000", code: str = "CL385", days: tuple[date, date] = DEED_DAYS) -> Deed:
    """A charge of bribe-taking."""
    return Deed(Offence.objects.get(code=code), *days, Decimal(amount) if amount else None)


def accused(name: str = "王某某", rank: str = "section_member", **changes: Any) -> Accused:
    """A person concerned, of no high rank."""
    return Accused(name, "设备科科员", Rank.objects.get(code=rank), **changes)


def filed(world: World, number: str = "青石检贪立〔2026〕1号", **changes: Any) -> CrimeCase:
    """A case filed by the coordinator in the finance bureau."""
    values: dict[str, Any] = {
        "number": number,
        "title": "设备采购受贿案",
        "unit": world.unit("B"),
        "office": world.unit("D"),
        "means": "将一套设备拆分为三项分别报批采购。",
        "filed_on": date(2026, 2, 2),
        "loophole": RequiredSystem.objects.filter(code="gov_procurement").first(),
        "deeds": [deed()],
        "accused": [accused()],
    }
    return crime.file_case(world.user("coordinator"), **(values | changes))


def second_officer(world: World) -> User:
    """A case officer who has filed nothing."""
    found = User.objects.filter(username="officer").first()
    if found is None:
        found = User.objects.create_user("officer", None, name_en="Second Officer")
        accounts.grant(None, user=found, role=Role.CASE_OFFICER, path=str(world.unit("D").path), reason="test")
        world.users["officer"] = found
    return User.objects.get(pk=found.pk)


GOOD = dict.fromkeys(("facts", "evidence", "nature", "handling", "procedure"), True)


def another_coordinator(world: World) -> User:
    """A coordinator who has prepared nothing."""
    found = User.objects.filter(username="second_coordinator").first()
    if found is None:
        found = User.objects.create_user("second_coordinator", None, name_en="Second Coordinator")
        accounts.grant(None, user=found, role=Role.COORDINATOR, path=str(world.unit("D").path), reason="test")
        world.users["second_coordinator"] = found
    return User.objects.get(pk=found.pk)


STORY = "设备科科员王志新收受供应商陈海平所送现金八万元，电话13912345678。翟天看见了。"


def exposed(world: World, case: CrimeCase | None = None, **changes: Any) -> Exposure:
    """An exposure that the coordinator has prepared."""
    case = case or filed(world, accused=[accused("王志新")])
    values: dict[str, Any] = {
        "title": "设备采购受贿案",
        "text": STORY,
        "lesson": "采购与验收应当分设。",
        "sector": world.unit("B").sector,
        "rank": Rank.objects.get(code="section_member"),
    }
    return exposures.prepare(world.user("coordinator"), case.pk, **(values | changes))


def duty(case: CrimeCase) -> Obligation | None:
    """The limit that runs."""
    return CrimeCase.objects.select_related("obligation").get(pk=case.pk).obligation


def reach(world: World, case: CrimeCase, stage: str, on: date) -> CrimeCase:
    """A case that has reached a stage."""
    return crime.reach(world.user("coordinator"), case.pk, stage=stage, on=on)
