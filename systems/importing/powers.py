"""The import of lists of powers."""

import re
from typing import ClassVar, NamedTuple

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organisation.importing.columns import one_of, plain
from portal.organisation.models import Post, Unit
from portal.web.imports import Column, Row, Summary
from portal.workdays import clock
from systems.importing.reading import RowImporter, Units, fail, needed
from systems.importing.register import may_import_for
from systems.models import Power, PowerArea, PowerRisk
from systems.power_rules import STEPS
from systems.services import blanks

BREAKS = re.compile(r"[\n;；]+")
ZH = (
    "政府采购",
    "工程招投标",
    "选人用人",
    "财务管理",
    "资金发放",
    "审批许可",
    "执法处罚",
    "土地规划",
    "资产管理",
    "其他",
)
AREAS = {
    plain(word): area for area, zh in zip(PowerArea, ZH, strict=True) for word in (area.value, zh, str(area.label))
}


class Planned(NamedTuple):
    """A power as a row has it; `there` is what the unit has under the same matter."""

    unit: Unit
    matter: str
    values: dict[str, object]
    risks: tuple[str, ...]
    there: Power | None


class PowersImporter(RowImporter[Planned]):
    """Powers from a sheet, found again by unit and matter; the same sheet again changes nothing."""

    code = "powers"
    title = _("Powers")
    columns = (
        Column("unit_code", ("Unit code", "单位代码", "单位编码"), required=True),
        Column("area", ("Field", "领域", "权力类别"), required=True),
        Column("matter", ("Matter", "权力事项", "事项"), required=True),
        Column("holder", ("Held by", "行使岗位", "岗位"), required=True),
        Column("legal_basis", ("Legal basis", "法律依据"), required=True),
        Column("likelihood", ("Likelihood (1-5)", "可能性（1-5）", "可能性"), required=True),
        Column("impact", ("Impact (1-5)", "影响（1-5）", "影响"), required=True),
        Column("risks", ("Risk points", "风险点")),
    )
    nouns: ClassVar = {"powers": ngettext_lazy("%(count)s power", "%(count)s powers", "count")}

    def begin(self, rows: list[Row], by: User | None) -> None:
        """Units, their posts, and the powers that they have."""
        self.units = Units(rows, by, may_import_for)
        units = list(self.units)
        self.posts = {
            (post.unit_id, plain(title)): post
            for post in Post.objects.filter(unit__in=units)
            for title in (post.title_zh, post.title_en)
        }
        known = Power.objects.live().filter(unit__in=units).prefetch_related("risks")
        self.there = {(power.unit_id, power.matter): power for power in known}
        self.seen: set[tuple[int, str]] = set()

    def read(self, row: Row) -> Planned:
        """A power of a unit."""
        unit, matter = self.units.of(row), needed(row, "matter")[:200]
        if (unit.pk, matter) in self.seen:
            raise fail(_t("This power stands in the file twice."), "matter")
        self.seen.add((unit.pk, matter))
        holder = self.posts.get((unit.pk, plain(needed(row, "holder"))))
        if holder is None:
            sentence = _t("%(unit)s has no post “%(text)s”. Enter the post first.")
            raise fail(sentence % {"unit": unit.name, "text": row.cells["holder"]}, "holder")
        try:
            area = one_of(AREAS, needed(row, "area"))
        except ValueError as error:
            raise fail(str(error.args[0]), "area") from error
        values: dict[str, object] = {
            "area": area,
            "holder": holder,
            "legal_basis": needed(row, "legal_basis")[:300],
            "likelihood": _grade(row, "likelihood"),
            "impact": _grade(row, "impact"),
        }
        risks = tuple(dict.fromkeys(t.strip()[:300] for t in BREAKS.split(row.cells.get("risks", "")) if t.strip()))
        return Planned(unit, matter, values, risks, self.there.get((unit.pk, matter)))

    @staticmethod
    def _same(plan: Planned) -> bool:
        power = plan.there
        if power is None:
            return False
        risks = tuple(risk.text for risk in power.risks.all())
        return risks == plan.risks and all(getattr(power, name) == value for name, value in plan.values.items())

    def count(self, plans: list[Planned], summary: Summary) -> None:
        """New and changed powers, and those that are the same."""
        for plan in plans:
            if plan.there is None:
                summary.new["powers"] += 1
            elif self._same(plan):
                summary.unchanged += 1
            else:
                summary.changed["powers"] += 1

    def write(self, by: User | None, plans: list[Planned], summary: Summary) -> None:
        """Write them; then the blank areas of these units are looked at once."""
        for plan in plans:
            if self._same(plan):
                continue
            values = plan.values | {"reviewed_on": clock.today()}
            power = plan.there
            if power is None:
                power = Power.objects.create(unit=plan.unit, matter=plan.matter, **values)
            else:
                power.save_fields(expected_version=power.version, **values)
            power.risks.all().delete()
            PowerRisk.objects.bulk_create(PowerRisk(power=power, text=text) for text in plan.risks)
        if summary.writes:
            audit.record(by, "powers.imported", data=summary.as_dict())
            blanks.refresh(sorted({plan.unit.pk for plan in plans}))


def _grade(row: Row, column: str) -> int:
    value = needed(row, column)
    if not value.isdecimal() or int(value) not in STEPS:
        raise fail(_t("Write a figure from 1 to 5."), column)
    return int(value)
