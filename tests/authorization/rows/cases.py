"""Who reaches the pages of `cases`."""

from typing import Any

from cases.models import Punishment, PunishmentUpload, ScreeningHit, ScreeningRule
from cases.punishments import screening
from tests.authorization.table import COORDINATOR, NOBODY, OVERSEE, Case, Row, nothing
from tests.cases.files import begun, csv, imported, row

# Who reads the databases of cases; the security administrator and the units do not.
READS = OVERSEE


def upload(case: Case) -> dict[str, Any]:
    found = PunishmentUpload.objects.first() or begun(case.world, csv(row()))
    return {"pk": found.pk}


def checked(case: Case) -> dict[str, Any]:
    decision(case)
    run = Punishment.objects.get().run
    assert run is not None
    return {"pk": run.pk}


def decision(case: Case) -> dict[str, Any]:
    if not Punishment.objects.exists():
        imported(case.world, csv(row(案件名称="给付回扣案")))
    return {"pk": Punishment.objects.get().pk}


def hit(case: Case) -> dict[str, Any]:
    decision(case)
    screening.apply(ScreeningRule.objects.get(code="over-threshold"))
    return {"pk": ScreeningHit.objects.get().pk}


def rule(case: Case) -> dict[str, Any]:
    return {"code": "late-decision"}


ROWS: dict[str, Row] = {
    "cases:home": Row(nothing, READS, ok=302),
    "cases:punishments": Row(nothing, READS),
    "cases:punishment": Row(decision, READS, others=404),
    "cases:import": Row(nothing, COORDINATOR),
    "cases:import-columns": Row(upload, COORDINATOR, others=404),
    "cases:import-check": Row(checked, COORDINATOR, others=404, ok=302),
    "cases:screening": Row(nothing, READS),
    "cases:screen": Row(nothing, COORDINATOR),
    "cases:rules": Row(nothing, READS),
    "cases:edit-rule": Row(rule, COORDINATOR, elsewhere=NOBODY),
    "cases:hit": Row(hit, READS, others=404),
    "cases:dismiss-hit": Row(hit, COORDINATOR, others=404),
}
