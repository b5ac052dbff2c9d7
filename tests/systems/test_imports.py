"""Imports of register, powers and findings: every bad row is named, the same file again changes nothing."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from portal.web.imports.views import ImportHasErrors
from systems.importing import FindingsImporter, PowersImporter, RegisterImporter
from systems.models import BlankArea, Finding, Power, SystemVersion, UnitSystem, VersionState
from tests.systems import things
from tests.world import World

REGISTER = ["单位代码", "必建制度", "制度名称", "施行日期", "通过日期", "最近评估日期", "正文"]
POWERS = ["Unit code", "Field", "Matter", "Held by", "Legal basis", "Likelihood (1-5)", "Impact (1-5)", "Risk points"]
FINDINGS = ["Unit code", "System", "Gravity", "What was found"]


def reasons(preview: Any) -> dict[int, str]:
    """What is wrong, by row."""
    return {error.row: error.reason for error in preview.errors}


def test_a_register_comes_into_force_and_comes_again_unchanged(world: World) -> None:
    """In Chinese, by code or name; systems of the unit's own too."""
    by = world.user("coordinator")
    table = [
        REGISTER,
        ["B", "政府采购制度", "", "2025年3月1日", "2025-02-20", "2026-01-10", "第一条 采购公开。"],
        ["B", "", "印章管理制度", "2024-05-01", "", "", "印章由两人保管。"],
        ["V", "village_accounts", "", "2025/6/1", "", "", "收入三日内入账。"],
    ]
    preview = RegisterImporter().check(table, by)
    assert not preview.errors and preview.summary.new["systems"] == 3
    RegisterImporter().apply(by, table)
    system = UnitSystem.objects.get(unit=world.unit("B"), category__code="gov_procurement")
    assert (str(system.in_force_from), str(system.review_due_on)) == ("2025-03-01", "2027-01-10")
    assert not BlankArea.objects.open().filter(unit=world.unit("B"), category=system.category).exists()
    again = RegisterImporter().check(table, by)
    assert (again.summary.writes, again.summary.unchanged) == (0, 3)
    table[1][3] = "2026-02-01"
    RegisterImporter().apply(by, table)
    states = list(SystemVersion.objects.filter(system=system).order_by("number").values_list("state", flat=True))
    assert states == [VersionState.SUPERSEDED, VersionState.IN_FORCE]


def test_bad_rows_of_a_register_are_named(world: World) -> None:
    """A unit of others, no such system, twice, a day to come, before its predecessor, a day that is none."""
    things.in_force(world)
    table = [
        REGISTER,
        ["O", "gov_procurement", "", "2025-01-01", "", "", "x"],
        ["B", "没有的制度", "", "2025-01-01", "", "", "x"],
        ["B", "logistics", "", "2025-01-01", "", "", "x"],
        ["B", "logistics", "", "2025-01-01", "", "", "x"],
        ["B", "work_rules", "", "2027-01-01", "", "", "x"],
        ["B", "gov_procurement", "", "2025-01-01", "", "", "x"],
        ["B", "decision_making", "", "2025-13-01", "", "", "x"],
        ["B", "clean_style", "", "2025-01-01", "2025-02-01", "", "x"],
        ["B", "office_audit", "", "2025-01-01", "", "", ""],
    ]
    preview = RegisterImporter().check(table, world.user("leader"))
    assert sorted(reasons(preview)) == [2, 3, 5, 6, 7, 8, 9, 10]
    with pytest.raises(ImportHasErrors), transaction.atomic():
        RegisterImporter().apply(world.user("leader"), table)
    assert UnitSystem.objects.count() == 1


def test_powers_are_found_again_by_their_matter(world: World) -> None:
    """A new risk changes the power; posts, fields and figures that do not exist are named."""
    by = world.user("leader")
    row = ["B", "财务管理", "审批支出", "主任", "《预算法》", "4", "3", "一人决定；不公开"]
    PowersImporter().apply(by, [POWERS, row])
    assert Power.objects.get().risks.count() == 2
    assert PowersImporter().check([POWERS, row], by).summary.writes == 0
    changed = PowersImporter().check([POWERS, [*row[:5], "5", *row[6:]]], by)
    assert changed.summary.changed["powers"] == 1
    bad = [
        POWERS,
        [*row[:3], "局长", *row[4:]],
        ["B", "天文", "观星", *row[3:]],
        ["B", "财务管理", "又一项", "主任", "法", "9", "3", ""],
    ]
    assert sorted(reasons(PowersImporter().check(bad, by))) == [2, 3, 4]


def test_findings_are_recorded_once(world: World) -> None:
    """By inspectors, not in their own unit."""
    by = world.user("coordinator")
    table = [FINDINGS, ["B", "财务管理制度", "苗头性", "备用金未核对"], ["V", "", "serious", "No vouchers"]]
    FindingsImporter().apply(by, table)
    assert sorted(Finding.objects.values_list("gravity", flat=True)) == ["early_sign", "serious"]
    assert FindingsImporter().check(table, by).summary.writes == 0
    assert reasons(FindingsImporter().check([FINDINGS, ["B", "", "terrible", "x"]], by)).keys() == {2}
    assert reasons(FindingsImporter().check(table, world.user("leader"))).keys() == {2, 3}


def test_a_file_is_checked_on_its_page_and_imported(world: World) -> None:
    """From the upload to the receipt."""
    client = world.client("leader")
    content = "\n".join(
        ",".join(row) for row in ([*POWERS], ["B", "finance", "Pay", "Director", "Budget Law", "2", "2", ""])
    )
    answer = client.post("/systems/import/powers/", {"file": SimpleUploadedFile("p.csv", content.encode())})
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert "1 power" in page.content.decode()
    client.post(answer["Location"], {})
    assert Power.objects.get().matter == "Pay"
