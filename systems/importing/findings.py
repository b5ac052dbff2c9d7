"""The import of findings, such as those of an audit."""

from typing import ClassVar, NamedTuple

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organisation.importing.columns import one_of, plain
from portal.organisation.models import Unit
from portal.web.imports import Column, Row, Summary
from systems import policies
from systems.importing.reading import Categories, RowImporter, Units, fail, needed
from systems.models import Finding, Gravity, RequiredSystem
from systems.services import findings

ZH = ("苗头性", "轻微", "一般", "严重")
GRAVITIES = {
    plain(word): gravity
    for gravity, zh in zip(Gravity, ZH, strict=True)
    for word in (gravity.value, zh, str(gravity.label))
}


class Planned(NamedTuple):
    """A finding as a row has it."""

    unit: Unit
    category: RequiredSystem | None
    gravity: Gravity
    text: str
    is_there: bool


class FindingsImporter(RowImporter[Planned]):
    """Findings from a sheet; one that a unit has in the same words is not recorded twice."""

    code = "findings"
    title = _("Findings")
    columns = (
        Column("unit_code", ("Unit code", "单位代码", "单位编码"), required=True),
        Column("category", ("System", "制度", "制度类别")),
        Column("gravity", ("Gravity", "严重程度"), required=True),
        Column("text", ("What was found", "发现的问题", "问题"), required=True),
    )
    nouns: ClassVar = {"findings": ngettext_lazy("%(count)s finding", "%(count)s findings", "count")}

    def begin(self, rows: list[Row], by: User | None) -> None:
        """Units, catalogue, and what was found there."""
        self.units, self.categories = Units(rows, by, policies.may_inspect), Categories()
        known = Finding.objects.filter(unit__in=list(self.units))
        self.there = set(known.values_list("unit_id", "text"))
        self.seen: set[tuple[int, str]] = set()

    def read(self, row: Row) -> Planned:
        """A finding in a unit."""
        unit, text = self.units.of(row), needed(row, "text")
        if (unit.pk, text) in self.seen:
            raise fail(_t("This finding stands in the file twice."), "text")
        self.seen.add((unit.pk, text))
        try:
            gravity = Gravity(one_of(GRAVITIES, needed(row, "gravity")))
        except ValueError as error:
            raise fail(str(error.args[0]), "gravity") from error
        return Planned(unit, self.categories.of(row), gravity, text, (unit.pk, text) in self.there)

    def count(self, plans: list[Planned], summary: Summary) -> None:
        """What is new."""
        for plan in plans:
            if plan.is_there:
                summary.unchanged += 1
            else:
                summary.new["findings"] += 1

    def write(self, by: User | None, plans: list[Planned], summary: Summary) -> None:
        """Record each, with its rectification and its notices."""
        assert by is not None, "findings are imported by an inspector"
        for plan in plans:
            if not plan.is_there:
                findings.record(by, plan.unit, gravity=plan.gravity, text=plan.text, category=plan.category)
        if summary.writes:
            audit.record(by, "findings.imported", data=summary.as_dict())
