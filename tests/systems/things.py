"""Systems, powers, inspections and findings of the small world, made by the services."""

from datetime import date, timedelta
from typing import Any

from portal.organisation.models import Post
from portal.workdays import clock
from systems.models import (
    Answer,
    Finding,
    Gravity,
    Inspection,
    JointDuty,
    JointGroup,
    MeasureKind,
    Power,
    RequiredSystem,
    Selection,
    SystemVersion,
    UnitSystem,
)
from systems.services import findings, force, inspections, joint, powers, register
from systems.services.choosing import Chosen
from systems.services.inspections import RoundDraft
from systems.services.powers import PowerDraft
from tests.world import World


def category(code: str = "gov_procurement") -> RequiredSystem:
    """A required system."""
    return RequiredSystem.objects.get(code=code)


def draft(world: World, code: str = "gov_procurement", unit: str = "B") -> UnitSystem:
    """A system in draft, from the model text."""
    return register.adopt(world.user(LEADERS[unit]), world.unit(unit), category(code))


LEADERS = {"B": "leader", "O": "other_leader", "T": "town_head", "V": "village_leader", "D": "head"}


def issue(world: World, system: UnitSystem, **given: Any) -> SystemVersion:
    """Put the coming version into force today, or as given."""
    by = world.user(LEADERS[system.unit.code])
    version = system.versions.latest("number")
    today = clock.today()
    words = {"adopted_on": today, "in_force_from": today, "issuing_body": "The bureau"} | given
    return force.issue(by, system.pk, expected_version=version.version, **words)


def in_force(world: World, code: str = "gov_procurement", unit: str = "B") -> UnitSystem:
    """A system in force."""
    system = draft(world, code, unit)
    issue(world, system)
    return UnitSystem.objects.get(pk=system.pk)


def post(world: World, unit: str = "B", kind: str = "top_leader") -> Post:
    """A post of a unit."""
    return Post.objects.get(unit=world.unit(unit), kind=kind)


def power(world: World, **given: Any) -> Power:
    """A power of the bureau that nothing watches over."""
    values = {
        "area": "finance",
        "matter": "Approve payments",
        "holder": post(world),
        "legal_basis": "Budget Law, article 57",
        "likelihood": 4,
        "impact": 4,
        "risks": ("One signature is enough",),
    } | given
    return powers.enter(world.user("leader"), world.unit("B"), PowerDraft(**values))


def supervised(world: World) -> Power:
    """A power with a measure that takes effect."""
    made = power(world, matter="Sign contracts")
    powers.supervise(
        world.user("leader"),
        made.pk,
        kind=MeasureKind.SEPARATION,
        text="Two hands",
        supervisor=post(world, kind="liaison"),
    )
    return made


def planned(world: World, unit: str = "B", codes: tuple[str, ...] = ("gov_procurement",)) -> Inspection:
    """An inspection that is planned for today."""
    categories = tuple(category(code) for code in codes)
    made = inspections.plan(
        world.user("coordinator"),
        RoundDraft("Round", Selection.NAMED, categories, str(world.unit("D").path), clock.today()),
        [Chosen(world.unit(unit), "reason")],
    )
    return made.inspections.get()


def under_way(world: World, unit: str = "B") -> Inspection:
    """An inspection under way, without answers."""
    inspection = planned(world, unit)
    return inspections.begin(world.user("coordinator"), inspection.pk, expected_version=inspection.version)


def answered(world: World) -> Inspection:
    """An inspection with all items met."""
    inspection = under_way(world)
    for item in inspection.items.all():
        inspections.answer(
            world.user("coordinator"), inspection.pk, item.position, seen="", given=Answer.MET, remark=""
        )
    return inspection


def finding(
    world: World, unit: str = "B", gravity: Gravity = Gravity.ORDINARY, code: str = "gov_procurement"
) -> Finding:
    """A finding outside of an inspection."""
    return findings.record(
        world.user("coordinator"),
        world.unit(unit),
        gravity=gravity,
        text=f"No tender was held. {Finding.objects.count()}",
        category=category(code),
    )


def group(world: World) -> JointGroup:
    """The town and its village, for the village's accounts."""
    return joint.bind(
        world.user("coordinator"),
        name_en="Accounts of Hekou",
        name_zh="河口村账乡管",
        category=category("village_accounts"),
        basis="Notice 3",
        supervisors=[(world.unit("T"), "keeps the accounts")],
        supervised=[(world.unit("V"), "hands in vouchers")],
    )


def bureau_group(world: World) -> JointGroup:
    """The two bureaus, for their accountant."""
    return joint.bind(
        world.user("coordinator"),
        name_en="Accountant of the bureau",
        name_zh="委派会计",
        category=category("accountant_appointment"),
        basis="Notice 4",
        supervisors=[(world.unit("D"), "appoints")],
        supervised=[(world.unit("B"), "is kept by")],
    )


def joint_duty(world: World, of: JointGroup) -> JointDuty:
    """Something owed together in two months."""
    return joint.set_duty(
        world.user("coordinator"), of.pk, title="Open the books", due_on=clock.today() + timedelta(days=60)
    )


DAY = date(2026, 3, 2)
