"""Who reaches the pages of `organisation`."""

from datetime import date
from typing import Any

from portal.organisation.change_models import UnitChange
from portal.organisation.models import GroupMembership
from tests.authorization.table import ALL, COORDINATOR, KEEPS_B, Case, Row, nothing


def unit(case: Case) -> dict[str, Any]:
    return {"code": "B"}


def group(case: Case) -> dict[str, Any]:
    return {"code": "T"}


def seat(case: Case) -> dict[str, Any]:
    return {"code": "T", "pk": GroupMembership.objects.get(group__unit__code="T").pk}


def vacant(case: Case) -> dict[str, Any]:
    return {"code": "X", "pk": case.world.vacant_post.pk}


def planned(case: Case) -> dict[str, Any]:
    """A change of the bureau that is still to come."""
    unit = case.world.unit("B")
    plan = {"kind": "dissolve", "effective_on": date(2099, 1, 1), "reason": "x", "state": "planned"}
    return {"code": "B", "pk": UnitChange.objects.get_or_create(unit=unit, **plan)[0].pk}


EDITORS = {"coordinator", "system_admin"}
# Groups of the town are made and seated by those who hold these offices over it.
OF_THE_TOWN = {"town_coordinator", "town_system_admin"}
ROWS: dict[str, Row] = {
    "organisation:people": Row(nothing, ALL - {"staff"}),
    "organisation:accounts": Row(nothing, {"coordinator", "system_admin"}),
    "organisation:close-account": Row(lambda case: {"username": "leader"}, {"coordinator", "system_admin"}, others=404),
    "organisation:open-account": Row(lambda case: {"username": "leader"}, {"coordinator", "system_admin"}, others=404),
    "organisation:invite": Row(nothing, {"coordinator", "system_admin"}),
    "organisation:import-persons": Row(nothing, {"coordinator", "system_admin"}),
    "organisation:import-persons-template": Row(nothing, ALL),
    "organisation:import-persons-check": Row(lambda case: {"pk": case.persons_run.pk}, COORDINATOR, others=404),
    "organisation:units": Row(nothing, ALL),
    "organisation:unit": Row(unit, KEEPS_B, others=404),
    "organisation:appoint": Row(vacant, {"coordinator", "system_admin"}, others=404),
    "organisation:name-acting": Row(vacant, {"coordinator", "system_admin", "head"}, others=404),
    "organisation:end-tenure": Row(
        lambda case: {"code": "B", "pk": case.world.tenures["leader"].pk}, {"coordinator", "system_admin"}, others=404
    ),
    "organisation:change": Row(unit, COORDINATOR, others=404),
    "organisation:change-unit": Row(lambda case: {"code": "B", "kind": "merge"}, COORDINATOR, others=404),
    "organisation:change-record": Row(planned, KEEPS_B, others=404),
    "organisation:withdraw-change": Row(planned, COORDINATOR, others=404),
    "organisation:handover": Row(unit, EDITORS, others=404),
    "organisation:handed-over": Row(
        lambda case: {"code": "B", "pk": case.world.tenures["leader"].pk}, EDITORS, others=404
    ),
    "organisation:make-group": Row(unit, {"coordinator", "system_admin"}, others=404),
    "organisation:seat": Row(group, {"coordinator", "system_admin"}, others=404, elsewhere=OF_THE_TOWN),
    "organisation:unseat": Row(seat, {"coordinator", "system_admin"}, others=404, elsewhere=OF_THE_TOWN),
    "organisation:groups": Row(nothing, ALL),
    "organisation:create-account": Row(lambda case: {"number": "LEADER"}, {"coordinator", "system_admin"}, others=404),
    "organisation:account-made": Row(lambda case: {"number": "LEADER"}, {"coordinator", "system_admin"}, others=404),
    "organisation:import": Row(nothing, {"coordinator", "system_admin"}),
    "organisation:import-template": Row(nothing, ALL),
    "organisation:import-check": Row(lambda case: {"pk": case.run.pk}, COORDINATOR, others=404),
}
