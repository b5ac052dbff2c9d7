"""The import of systems that are in force."""

from datetime import date
from typing import Any, ClassVar, NamedTuple

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit import services as audit
from portal.organisation.models import Unit
from portal.web.dates import full_day
from portal.web.imports import Column, Row, Summary
from portal.workdays import clock
from systems import policies
from systems.importing.reading import Categories, RowImporter, Units, day_of, fail, needed
from systems.models import RequiredSystem, Requirement, SystemState, SystemVersion, UnitSystem, VersionState
from systems.register_rules import add_months
from systems.services import blanks, force, register


def may_import_for(user: User, unit: Unit) -> bool:
    """Who writes for the unit, and who coordinates over it."""
    return policies.may_write(user, unit) or user.standing.over(str(unit.path), Role.COORDINATOR)


class Planned(NamedTuple):
    """A system as a row has it; `there` is the unit's, `current` its version in force."""

    unit: Unit
    category: RequiredSystem | None
    names: dict[str, str]
    days: tuple[date, date]
    words: dict[str, str]
    there: UnitSystem | None
    current: SystemVersion | None
    reviewed_on: date | None


class RegisterImporter(RowImporter[Planned]):
    """Systems in force from a sheet; the same sheet again changes nothing."""

    code = "register"
    title = _("Register of systems")
    columns = (
        Column("unit_code", ("Unit code", "单位代码", "单位编码"), required=True),
        Column("category", ("Required system", "必建制度", "制度类别")),
        Column("name_zh", ("Name (Chinese)", "制度名称", "Name")),
        Column("name_en", ("Name (English)", "制度英文名称")),
        Column("document_number", ("Document number", "文号")),
        Column("issuing_body", ("Issuing body", "发布机关", "制定机关")),
        Column("adopted_on", ("Decided on", "通过日期", "发布日期")),
        Column("in_force_from", ("In force from", "施行日期", "生效日期"), required=True),
        Column("reviewed_on", ("Last reviewed on", "最近评估日期", "评估日期")),
        Column("scope", ("Whom it binds", "适用范围")),
        Column("text", ("Text", "正文"), required=True),
    )
    nouns: ClassVar = {
        "systems": ngettext_lazy("%(count)s system", "%(count)s systems", "count"),
        "versions": ngettext_lazy("%(count)s new version", "%(count)s new versions", "count"),
    }

    def begin(self, rows: list[Row], by: User | None) -> None:
        """Units, catalogue, and what these units have."""
        self.units, self.categories = Units(rows, by, may_import_for), Categories()
        systems = UnitSystem.objects.live().filter(unit__in=list(self.units))
        self.there: dict[tuple[int, int | None, str], UnitSystem] = {}
        for system in systems:
            self.there[system.unit_id, system.category_id, "" if system.category_id else system.name_zh] = system
        current = SystemVersion.objects.filter(system__in=systems, state=VersionState.IN_FORCE)
        self.current = {version.system_id: version for version in current}
        self.seen: set[tuple[int, int | None, str]] = set()

    def read(self, row: Row) -> Planned:
        """A system of a unit."""
        unit, category = self.units.of(row), self.categories.of(row)
        names = {name: row.cells.get(name, "")[:200] for name in ("name_zh", "name_en")}
        if category is None and not any(names.values()):
            raise fail(_t("Name the required system, or give the system a name of its own."), "name_zh")
        if category is not None and not any(names.values()):
            names = {"name_zh": category.name_zh, "name_en": category.name_en}
        key = (unit.pk, category.pk if category else None, "" if category else names["name_zh"])
        if key in self.seen:
            raise fail(_t("This system stands in the file twice."), "category")
        self.seen.add(key)
        since = day_of(row, "in_force_from")
        if since is None:
            raise fail(_t("Fill this in."), "in_force_from")
        decided = day_of(row, "adopted_on") or since
        there = self.there.get(key)
        current = self.current.get(there.pk) if there else None
        self._require_days(decided, since, current)
        words = {name: row.cells.get(name, "") for name in ("document_number", "issuing_body", "scope")}
        words |= {"text": needed(row, "text")}
        words["issuing_body"] = words["issuing_body"] or unit.name_zh
        reviewed = day_of(row, "reviewed_on")
        if reviewed is not None and reviewed > clock.today():
            raise fail(_t("This day is still to come. Write the day on which it was reviewed."), "reviewed_on")
        return Planned(unit, category, names, (decided, since), words, there, current, reviewed)

    def _require_days(self, decided: date, since: date, current: SystemVersion | None) -> None:
        if since > clock.today():
            raise fail(_t("Only systems that are in force are imported: this day is still to come."), "in_force_from")
        if decided > since:
            raise fail(
                _t("It was decided after the day on which it comes into force. Correct one of the two days."),
                "adopted_on",
            )
        if current is not None and current.in_force_from is not None and since < current.in_force_from:
            sentence = _t("The version before it is in force since %(day)s. This one can begin on a later day only.")
            raise fail(sentence % {"day": full_day(current.in_force_from)}, "in_force_from")

    @staticmethod
    def _same(plan: Planned) -> bool:
        return plan.current is not None and plan.current.in_force_from == plan.days[1]

    def count(self, plans: list[Planned], summary: Summary) -> None:
        """New systems, new versions, and what is there already."""
        for plan in plans:
            if self._same(plan):
                summary.unchanged += 1
            elif plan.there is None:
                summary.new["systems"] += 1
            else:
                summary.new["versions"] += 1

    def write(self, by: User | None, plans: list[Planned], summary: Summary) -> None:
        """New systems in a few statements; a new version of one that is there replaces the one before it."""
        fresh = [plan for plan in plans if plan.there is None]
        self._add(by, fresh)
        for plan in plans:
            if plan.there is not None and not self._same(plan):
                self._replace(by, plan, plan.there)
        if summary.writes:
            audit.record(by, "systems.imported", data=summary.as_dict())
            blanks.refresh(sorted({plan.unit.pk for plan in plans}))

    @staticmethod
    def _add(by: User | None, plans: list[Planned]) -> None:
        now = clock.now()
        months = dict(Requirement.objects.in_force(clock.today().year).values_list("system_id", "review_months"))
        systems = UnitSystem.objects.bulk_create(
            (
                UnitSystem(
                    unit=plan.unit,
                    category=plan.category,
                    scope=plan.words["scope"][:300],
                    state=SystemState.IN_FORCE,
                    in_force_from=plan.days[1],
                    review_due_on=add_months(
                        max(plan.days[1], plan.reviewed_on or plan.days[1]),
                        months.get(plan.category.pk if plan.category else 0, force.REVIEW_MONTHS),
                    ),
                    **plan.names,
                )
                for plan in plans
            ),
            batch_size=1000,
        )
        SystemVersion.objects.bulk_create(
            (
                SystemVersion(
                    system=system,
                    number=1,
                    state=VersionState.IN_FORCE,
                    made_by=by,
                    made_at=now,
                    saved_by=by,
                    saved_at=now,
                    **_said(plan),
                )
                for system, plan in zip(systems, plans, strict=True)
            ),
            batch_size=500,
        )

    @staticmethod
    def _replace(by: User | None, plan: Planned, known: UnitSystem) -> None:
        """A draft that was under way is given up for what is in force."""
        system = UnitSystem.objects.locked(known.pk)
        for coming in system.versions.coming():  # type: ignore[attr-defined]
            coming.move_to(VersionState.DISCARDED, expected_version=coming.version)
        last = system.versions.order_by("-number").values_list("number", flat=True).first() or 0
        version = register.write_version(by, system, number=last + 1, state=VersionState.ISSUED, **_said(plan))
        force.come_into_force(version, reviewed_on=plan.reviewed_on, look=False)


def _said(plan: Planned) -> dict[str, Any]:
    """What a version says."""
    decided, since = plan.days
    return {
        "text": plan.words["text"],
        "adopted_on": decided,
        "in_force_from": since,
        "issuing_body": plan.words["issuing_body"][:200],
        "document_number": plan.words["document_number"][:80],
    }
